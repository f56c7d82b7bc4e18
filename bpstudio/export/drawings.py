"""A graph as a drawing or network for other programs: TikZ for papers, GraphML for graph tools.

Names pass through `tex_name`, which lets letters and digits through only, or XML's own escapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import atan2, degrees, nan
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bpstudio.core.formula.expr import Call, Name, Number
from bpstudio.core.formula.tex import LATEX, tex_name
from bpstudio.core.formula.write import write
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Node, Note, Point, Wire
from bpstudio.core.groups import GroupBox, around_middle, box_of_group, contents, hidden
from bpstudio.core.numbers import MINUS, show
from bpstudio.core.shape import LABEL_ROOM, LATE_TURN, STUB, input_at, node_size, output_at
from bpstudio.core.standing import frames_of, rect_of
from bpstudio.export.script import ExportError
from bpstudio.export.spots import Hop, Spots
from bpstudio.language import tr

PIXELS = 40.0
"""Scene pixels to a centimetre of the drawing."""
DOT = 3.2
"""Radius of a dot that leads a wire, scene px."""
TURN, BACK, BELOW = 20.0, 16.0, 64.0
"""At right angles, scene px: how far a wire runs out of a port before it turns; with less room than
this ahead it turns back; how far below gates of one height it goes back."""
FIGURE, ROW = 5.6, 11.5
"""Width of a figure and height of a line of LaTeX's \\scriptsize, scene px."""
COLOURS = {"value": "0F7B52", "gradient": "B3261E"}
_SIGNS = {
    "add": "+",
    "subtract": "-",
    "multiply": r"\times",
    "divide": r"\div",
    "max": r"\max",
    "min": r"\min",
}


def tikz_picture(graph: Graph, trace: Any = None, digits: int = 4) -> str:
    """A `tikzpicture`, places as on the canvas; with a trace, numbers on the wires.

    The value stands above the gradient; a node that feeds nothing has a free wire for them. A
    collapsed group is one box with the wires that cross its border.
    """
    if not graph.nodes:
        raise ExportError(tr("The graph is empty; there is nothing to export."))
    return "\n".join([*_PREAMBLE, *_Drawing(graph, trace, digits).lines(), _END]) + "\n"


_PREAMBLE = (
    r"% Needs \usepackage{tikz,amsmath}",
    r"\begin{tikzpicture}[",
    r"  gate/.style={draw, rounded corners=2pt, inner sep=0pt},",
    r"  numbers/.style={fill=white, inner sep=1pt, font=\scriptsize, align=center}]",
    *(rf"  \definecolor{{{name}}}{{HTML}}{{{rgb}}}" for name, rgb in COLOURS.items()),
)
_END = r"\end{tikzpicture}"


class _Drawing:
    """One picture while it is written."""

    def __init__(self, graph: Graph, trace: Any, digits: int) -> None:
        self._graph, self._trace, self._digits = graph, trace, digits
        self._cover, self._boxes = hidden(graph), _boxes(graph)
        self._names = {key: f"n{i}" for i, key in enumerate((*graph.nodes, *self._boxes))}
        self._spots = Spots()

    def lines(self) -> list[str]:
        """Frames, bodies, wires, free wires."""
        bodies = self._bodies()
        ways = {
            wire.id: (wire, faces, _way(self._graph, wire, self._boxes, faces))
            for wire in self._graph.wires.values()
            if (faces := [self._cover.get(end, end) for end in (wire.source, wire.target)])
            and faces[0] != faces[1]
        }
        free = self._free()
        for key, hop in free.items():
            self._spots.run(key, [hop])
        for key, (_, _, hops) in ways.items():
            self._spots.run(key, hops)
        ends = [self._free_wire(key, hop) for key, hop in free.items()]
        # Short wires have the least choice.
        order = sorted(ways, key=lambda key: sum(hop.length for hop in ways[key][2]))
        drawn = {key: self._wire(*ways[key]) for key in order}
        dots = [
            rf"  \fill {_place(dot)} circle[radius={DOT / PIXELS:.3g}cm];"
            for wire, _, _ in ways.values()
            for dot in wire.dots
        ]
        frames = [line for note in frames_of(self._graph) for line in _frame(note)]
        return [*frames, *bodies, *(drawn[key] for key in ways), *dots, *ends]

    def _bodies(self) -> list[str]:
        graph, found = self._graph, []
        for node in graph.nodes.values():
            if node.id not in self._cover:
                size, text = node_size(node, graph.gates), _tex_face(graph.gate(node), node)
                found.append(self._body(node.id, node.at, size, text))
        for key, box in self._boxes.items():
            found.append(self._body(key, box.at, box.size, _title(graph.groups[key].title or key)))
        return found

    def _body(self, key: str, at: Point, size: Point, text: str) -> str:
        self._spots.take(around_middle(at, size))
        return _body(self._names[key], at, size, text)

    def _wire(self, wire: Wire, faces: Sequence[str], hops: Sequence[Hop]) -> str:
        said = [_place(hop.start) for hop in hops[:1]] + [_place(hop.end) for hop in hops]
        middle = [
            self._boxes[face].at[1] if face in self._boxes else self._graph.nodes[face].at[1]
            for face in faces
        ]
        if hops[0].start[1] == middle[0]:
            said[0] = f"({self._names[faces[0]]}.east)"
        if hops[-1].end[1] == middle[1]:
            said[-1] = f"({self._names[faces[1]]}.west)"
        spot, numbers = -1, ""
        if self._trace is not None and wire.id in self._trace.plan.wire_row:
            value, _, _, gradient = self._trace.wire(wire.id)
            spot, numbers = self._numbers(wire.id, hops, value, gradient)
        path = said[0]
        for k, (hop, place) in enumerate(zip(hops, said[1:], strict=True)):
            path += f"{_step(hop)}{numbers if k == spot else ''} {place}"
        return rf"  \draw[->] {path};"

    def _numbers(
        self, key: str, hops: Sequence[Hop], value: float, gradient: float
    ) -> tuple[int, str]:
        """On which hop a wire's numbers stand, and the node that writes them there."""
        texts = [_tex(number, self._digits) for number in (value, gradient)]
        wide = max(len(show(number, self._digits)) for number in (value, gradient))
        hop, share = self._spots.choose(key, hops, (wide * FIGURE / 2 + 2, ROW + 2))
        inked = r"\\".join(
            rf"\textcolor{{{name}}}{{${text}$}}" for name, text in zip(COLOURS, texts, strict=True)
        )
        return hop, f" node[numbers, pos={share:g}] {{{inked}}}"

    def _free(self) -> dict[str, Hop]:
        """The free wires of the nodes that feed nothing, by node."""
        graph, found = self._graph, {}
        for node in graph.nodes.values():
            if node.id not in self._cover and not graph.out_of(node.id):
                x, y = output_at(node.at, node_size(node, graph.gates))
                found[node.id] = Hop((x, y), (x + STUB, y))
        return found

    def _free_wire(self, key: str, hop: Hop) -> str:
        node, numbers = self._graph.nodes[key], ""
        trace = self._trace
        if trace is not None and key in trace.plan.row:
            _, numbers = self._numbers(key, [hop], trace.value_of(key), trace.grad_of(key))
        gate = self._graph.gate(node)
        label = "" if gate is None or gate.is_source else tex_name(node.label)
        name = f" node[right] {{${label}$}}" if label else ""
        return rf"  \draw ({self._names[key]}.east) --{numbers} {_place(hop.end)}{name};"


def _frame(note: Note) -> list[str]:
    """A frame with its title, beneath all that is drawn after it."""
    left, top, right, bottom = rect_of(note)
    ink = {"": "gray", "grey": "gray"}.get(note.colour, note.colour)
    corners = f"{_place((left, top))} rectangle {_place((right, bottom))}"
    lines = [rf"  \draw[{ink}, fill={ink}!6, rounded corners=3pt] {corners};"]
    if note.text:
        title = rf"\textbf{{${_title(note.text)}$}}"
        look = f"anchor=north west, text={ink}!60!black"
        lines.append(rf"  \node[{look}] at {_place((left, top))} {{{title}}};")
    return lines


def _boxes(graph: Graph) -> dict[str, GroupBox]:
    """The collapsed groups that are seen."""
    cover = hidden(graph)
    found = {
        key: box_of_group(graph, key, inner)
        for key, inner in contents(graph).items()
        if graph.groups[key].collapsed and key not in cover
    }
    return {key: box for key, box in found.items() if box is not None}


def _body(name: str, at: Point, size: Point, text: str) -> str:
    """A gate or group as a drawn box."""
    wide, tall = (f"{side / PIXELS:.4g}cm" for side in size)
    x, y = at[0] / PIXELS, 0.0 - at[1] / PIXELS
    sides = f"minimum width={wide}, minimum height={tall}"
    return rf"  \node[gate, {sides}] ({name}) at ({x:.5g}, {y:.5g}) {{${text}$}};"


def _ends(
    graph: Graph, wire: Wire, boxes: Mapping[str, GroupBox], faces: Sequence[str]
) -> tuple[Point, Point]:
    """Where a wire begins and ends: at a gate's port, or at that of the box it is hidden in."""
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    if faces[0] in boxes:
        box = boxes[faces[0]]
        outputs = zip(box.ports.outputs, box.outputs_at, strict=True)
        start = next((at for port, at in outputs if port.node == source.id), box.at)
    else:
        start = output_at(source.at, node_size(source, graph.gates))
    if faces[1] in boxes:
        box = boxes[faces[1]]
        inputs = zip(box.ports.inputs, box.inputs_at, strict=True)
        end = next((at for port, at in inputs if wire.id in port.wires), box.at)
    else:
        gate = graph.gate(target)
        ports = gate.ports(target.params) if gate is not None else tuple(graph.into(target.id))
        index = ports.index(wire.port) if wire.port in ports else 0
        end = input_at(target.at, node_size(target, graph.gates), index, len(ports))
    return start, end


def _way(
    graph: Graph, wire: Wire, boxes: Mapping[str, GroupBox], faces: Sequence[str]
) -> list[Hop]:
    """A wire from port to port, in the shape of the document, through its dots."""
    start, end = _ends(graph, wire, boxes, faces)
    points = [start, *wire.dots, end]
    shape = str(graph.setting("wires"))
    if shape == "orthogonal":
        points = _corners(points, alone=len(graph.out_of(wire.source)) == 1)
    if shape != "curved":
        return [Hop(a, b) for a, b in pairwise(points)]
    # Level at the ports, smooth at the dots.
    ways = [0.0]
    for before, after in zip(points, points[2:], strict=False):
        ways.append(degrees(atan2(before[1] - after[1], after[0] - before[0])))
    ways.append(0.0)
    return [
        Hop(a, b, (ways[k], (ways[k + 1] + 180.0) % 360.0))
        for k, (a, b) in enumerate(pairwise(points))
    ]


def _step(hop: Hop) -> str:
    """How TikZ is told to go along a hop."""
    if hop.angles is None:
        return " --"
    return f" to[out={hop.angles[0]:.4g}, in={hop.angles[1]:.4g}]"


def _corners(points: Sequence[Point], *, alone: bool) -> list[Point]:
    """The corners of a wire at right angles: level out of a port, level into a port.

    `alone`: it has its source's output for itself.
    """
    (x0, y0), (x1, y1) = points[0], points[-1]
    if len(points) == 2:
        if y0 == y1 and x1 - x0 >= BACK:
            return [points[0], points[1]]
        if x1 - x0 >= BACK:
            gap = x1 - x0
            turn = max(BACK / 2, min(gap - LABEL_ROOM, max(gap / 2, BACK / 2)))
            turn = x0 + (max(gap - LATE_TURN, gap / 2) if alone else turn)
            return [points[0], (turn, y0), (turn, y1), points[1]]
        low = max(y0, y1) + BELOW if abs(y1 - y0) < BELOW else (y0 + y1) / 2
        right, left = x0 + TURN, x1 - TURN
        return [points[0], (right, y0), (right, low), (left, low), (left, y1), points[1]]
    first, last, near = points[1], points[-2], BACK / 2
    out = first[0] if first[0] >= x0 + near else x0 + TURN
    back = last[0] if last[0] <= x1 - near else x1 - TURN
    if (y0 - first[1]) * (points[2][1] - first[1]) > 0:
        # Above or below both neighbours: upright the wire would come back on the line it went.
        if out == first[0]:
            out = max((x0 + out) / 2, x0 + near)
        if len(points) == 3 and back == last[0]:
            back = min((back + x1) / 2, x1 - near)
    found = [points[0], (out, y0), (out, first[1]), first]
    for a, b in pairwise(points[1:-1]):
        found += [(a[0], b[1]), b]
    found += [(back, last[1]), (back, y1), points[-1]]
    return [b for a, b in pairwise([(nan, nan), *found]) if a != b]


def _place(at: Point) -> str:
    return f"({at[0] / PIXELS:.5g}, {0.0 - at[1] / PIXELS:.5g})"


def _tex_face(gate: Gate | None, node: Node) -> str:
    """What a card shows: a sign, or the gate as a function of its ports."""
    if gate is None or gate.is_source:
        return tex_name(node.name) or "{}"
    if gate.key in _SIGNS:
        return _SIGNS[gate.key]
    params = [
        Number(float(node.params.get(name, default)))
        for name, default in gate.params.items()
        if name != "inputs"
    ]
    return write(Call(gate.key, (*map(Name, gate.ports(node.params)), *params)), LATEX)


def _title(text: str) -> str:
    """A group's title as words; nothing but letters and digits reaches LaTeX."""
    words = ("".join(c for c in word if c.isalnum()) for word in text.split())
    return rf"\text{{{' '.join(filter(None, words))}}}"


def _tex(value: float, digits: int) -> str:
    text = show(value, digits).replace(MINUS, "-")
    return text.replace("∞", r"\infty").replace("NaN", r"\mathrm{NaN}")


def graphml(graph: Graph, trace: Any = None) -> str:
    """GraphML with places, labels and params; with a trace, values and gradients too."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(f"  <key {attributes}/>" for attributes in _keys()),
        '  <graph id="backprop" edgedefault="directed">',
    ]
    for node in graph.nodes.values():
        value, grad = _numbers(trace, node.id)
        data = [("gate", node.gate), ("label", node.label), ("x", node.at[0]), ("y", node.at[1])]
        data += [("value", value), ("gradient", grad)]
        lines += [f"    <node id={quoteattr(node.id)}>", *_data(data), "    </node>"]
    for wire in graph.wires.values():
        known = trace is not None and wire.id in trace.plan.wire_row
        value, local, _, grad = trace.wire(wire.id) if known else (None,) * 4
        ends = f"source={quoteattr(wire.source)} target={quoteattr(wire.target)}"
        data = [("port", wire.port), ("value", value), ("local", local), ("gradient", grad)]
        lines += [f"    <edge id={quoteattr(wire.id)} {ends}>", *_data(data), "    </edge>"]
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _keys() -> list[str]:
    words = {"gate": "string", "label": "string", "port": "string", "x": "double", "y": "double"}
    words |= {"value": "double", "local": "double", "gradient": "double"}
    return [f'id="{k}" for="all" attr.name="{k}" attr.type="{kind}"' for k, kind in words.items()]


def _data(pairs: list[tuple[str, Any]]) -> list[str]:
    found = []
    for key, value in pairs:
        if value is None or value == "":
            continue
        text = _xml_number(value) if isinstance(value, float) else escape(_printable(str(value)))
        found.append(f'      <data key="{key}">{text}</data>')
    return found


def _xml_number(value: float) -> str:
    """A double as XML Schema spells it."""
    return {"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(repr(value), repr(value))


def _printable(text: str) -> str:
    """XML has no way to write a control character."""
    return "".join(c if c.isprintable() else " " for c in text)


def _numbers(trace: Any, node: str) -> tuple[float | None, float | None]:
    if trace is None or node not in trace.plan.row:
        return None, None
    return trace.value_of(node), trace.grad_of(node)
