"""How much room a node takes and where its ports sit, in scene pixels.

The canvas draws by these, layout leaves room by these, picture exports place by these. Nothing here
measures a font: widths grow with the count of characters, so that every machine agrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor

from bpstudio.core.gate import Gate
from bpstudio.core.graph import Node, Point

GRID = 24.0
"""Distance of the dots on the paper; snapping uses a third of it."""
SNAP = 8.0
CARD = (56.0, 48.0)
"""A gate's card with one or two ports: whole snap steps, so centres and edges fall on the grid."""
PILL = (104.0, 32.0)
"""An input's or constant's pill, with a name of up to two characters beside a number of seven."""
PILL_NAME = 2
LETTER = 9.0
"""What each further character of the name takes."""
BOX = (104.0, 48.0)
"""A collapsed group's box with a title of up to 8 characters."""
BOX_TITLE = 24
"""Characters of its title that it shows at most."""
PORT_GAP = 16.0
FRAME_TITLE = 28.0
"""Height of the strip at the top of a frame that holds its title."""
LABEL_ROOM = 64.0
"""Free length of wire that a value and a gradient label need between two nodes."""
LATE_TURN = 16.0
"""How far before its target a wire at right angles turns that has its gate's output for itself: its
numbers hang on the long level piece, away from those of the gate's other inputs."""
STUB = 72.0
"""Length of the free wire drawn out of a node that feeds nothing, to carry its labels."""


def snapped(length: float) -> float:
    """The nearest snap step; halves always upwards, so that neighbours keep their distance."""
    return floor(length / SNAP + 0.5) * SNAP


def size(gate: Gate | None, face: str, ports: int, label: str = "") -> Point:
    """Width and height of a node's body. `face` is the text of its symbol, parameters put in."""
    if gate is not None and gate.is_source:
        return PILL[0] + SNAP * ceil(LETTER / SNAP * max(0, len(label) - PILL_NAME)), PILL[1]
    width = CARD[0] + SNAP * max(0, len(face) - 4)
    return width, max(CARD[1], PORT_GAP * (ports + 1))


def input_at(node: Point, body: Point, index: int, ports: int) -> Point:
    """Where input port number `index` of `ports` sits on the left edge."""
    return node[0] - body[0] / 2, node[1] + (index - (ports - 1) / 2) * PORT_GAP


def output_at(node: Point, body: Point) -> Point:
    """Where the output port sits, in the middle of the right edge."""
    return node[0] + body[0] / 2, node[1]


def outputs_at(node: Point, body: Point, index: int, ports: int) -> Point:
    """Where output port number `index` of a collapsed group's `ports` sits on the right edge."""
    return node[0] + body[0] / 2, node[1] + (index - (ports - 1) / 2) * PORT_GAP


def group_size(title: str, inputs: int, outputs: int) -> Point:
    """Width and height of a collapsed group's box."""
    width = BOX[0] + SNAP * max(0, min(len(title), BOX_TITLE) - 8)
    return width, max(BOX[1], PORT_GAP * (max(inputs, outputs) + 1))


def node_size(node: Node, gates: Mapping[str, Gate]) -> Point:
    """Width and height of a placed node; an unknown gate has a card wide enough for its key."""
    gate = gates.get(node.gate)
    if gate is None:
        return size(None, node.gate, 2)
    return size(gate, face(gate, node.params), len(gate.ports(node.params)), node.label or node.id)


def face(gate: Gate, params: Mapping[str, float | bool]) -> str:
    """What the card shows: the symbol with the parameters put in, "×(−1)", "+1", "x³"."""
    if "{" not in gate.symbol:
        return gate.symbol
    from bpstudio.core.numbers import MINUS, show

    texts: dict[str, str] = {}
    for name, default in gate.params.items():
        text = show(float(params.get(name, default)), 3)
        texts[name] = text
        texts[f"{name}_factor"] = f"({text})" if text.startswith(MINUS) else text
        texts[f"{name}_signed"] = text if text.startswith(MINUS) else f"+{text}"
        texts[f"{name}_raised"] = text.translate(_RAISED)
    return gate.symbol.format(**texts)


_RAISED = str.maketrans("0123456789.\N{MINUS SIGN}", "⁰¹²³⁴⁵⁶⁷⁸⁹˙⁻")
