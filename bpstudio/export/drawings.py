"""A graph as a drawing or network for other programs: TikZ for papers, GraphML for graph tools.

Names pass through `tex_name`, which lets letters and digits through only, or XML's own escapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import atan2, degrees, hypot, nan
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bpstudio.core.formula.expr import Call, Name, Number
from bpstudio.core.formula.tex import LATEX, tex_name
from bpstudio.core.formula.write import write
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Node, Point, Wire
from bpstudio.core.groups import GroupBox, box_of_group, contents, hidden
from bpstudio.core.numbers import MINUS, show
from bpstudio.core.shape import LABEL_ROOM, input_at, node_size, output_at
from bpstudio.export.script import ExportError
from bpstudio.language import tr

PIXELS = 40.0
"""Scene pixels to a centimetre of the drawing."""
DOT = 3.2
"""Radius of a dot that leads a wire, scene px."""
TURN, BACK, BELOW = 20.0, 16.0, 64.0
"""At right angles, scene px: how far a wire runs out of a port before it turns; with less room than
this ahead it turns back; how far below gates of one height it goes back."""
_SIGNS = {"add": "+", "subtract": "-", "multiply": r"\times", "divide": r"\div"}


def tikz_picture(graph: Graph, trace: Any = None, digits: int = 4) -> str:
    """A `tikzpicture`, places as on the canvas; with a trace, numbers on the wires.

    A collapsed group is one box with the wires that cross its border.
    """
    if not graph.nodes:
        raise ExportError(tr("The graph is empty; there is nothing to export."))
    cover, boxes = hidden(graph), _boxes(graph)
    names = {key: f"n{i}" for i, key in enumerate((*graph.nodes, *boxes))}
    lines = [
        r"% Needs \usepackage{tikz,amsmath}",
        r"\begin{tikzpicture}[",
        r"  gate/.style={draw, rounded corners=2pt, inner sep=0pt},",
        r"  value/.style={above, font=\scriptsize}, gradient/.style={below, font=\scriptsize}]",
    ]
    for node in graph.nodes.values():
        if node.id not in cover:
            text = _tex_face(graph.gate(node), node)
            lines.append(_body(names[node.id], node.at, node_size(node, graph.gates), text))
    for key, box in boxes.items():
        lines.append(_body(names[key], box.at, box.size, _title(graph.groups[key].title or key)))
    for wire in graph.wires.values():
        faces = [cover.get(end, end) for end in (wire.source, wire.target)]
        if faces[0] == faces[1]:
            continue
        numbers = ""
        if trace is not None and wire.id in trace.plan.wire_row:
            value, _, _, grad = trace.wire(wire.id)
            numbers = f" node[value] {{${_tex(value, digits)}$}}"
            numbers += f" node[gradient] {{${_tex(grad, digits)}$}}"
        lines.append(rf"  \draw[->] {_way(graph, wire, boxes, faces, names, numbers)};")
        for dot in wire.dots:
            lines.append(rf"  \fill {_place(dot)} circle[radius={DOT / PIXELS:.3g}cm];")
    return "\n".join([*lines, r"\end{tikzpicture}"]) + "\n"


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
    graph: Graph,
    wire: Wire,
    boxes: Mapping[str, GroupBox],
    faces: Sequence[str],
    names: Mapping[str, str],
    numbers: str,
) -> str:
    """A wire's path from port to port, in the shape of the document, through its dots."""
    start, end = _ends(graph, wire, boxes, faces)
    points = [start, *wire.dots, end]
    shape = str(graph.setting("wires"))
    if shape == "orthogonal":
        points = _corners(points)
    said = [_place(point) for point in points]
    middle = [boxes[face].at[1] if face in boxes else graph.nodes[face].at[1] for face in faces]
    if start[1] == middle[0]:
        said[0] = f"({names[faces[0]]}.east)"
    if end[1] == middle[1]:
        said[-1] = f"({names[faces[1]]}.west)"
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    if shape == "orthogonal":
        # Numbers above and below a line need a level one.
        lengths = [n * (a[1] == b[1]) for n, (a, b) in zip(lengths, pairwise(points), strict=True)]
    longest = lengths.index(max(lengths))
    path = said[0]
    for hop, place in enumerate(said[1:]):
        step = _bend(points, hop) if shape == "curved" else " --"
        path += f"{step}{numbers if hop == longest else ''} {place}"
    return path


def _bend(points: Sequence[Point], hop: int) -> str:
    """A curve from one point to the next: level at the ports, smooth at the dots."""
    ways = [0.0]
    for before, after in zip(points, points[2:], strict=False):
        ways.append(degrees(atan2(before[1] - after[1], after[0] - before[0])))
    ways.append(0.0)
    into = (ways[hop + 1] + 180.0) % 360.0
    return f" to[out={ways[hop]:.4g}, in={into:.4g}]"


def _corners(points: Sequence[Point]) -> list[Point]:
    """The corners of a wire at right angles: level out of a port, level into a port."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    if len(points) == 2:
        if y0 == y1 and x1 - x0 >= BACK:
            return [points[0], points[1]]
        if x1 - x0 >= BACK:
            turn = x0 + max(BACK / 2, min(x1 - x0 - LABEL_ROOM, max((x1 - x0) / 2, BACK / 2)))
            return [points[0], (turn, y0), (turn, y1), points[1]]
        low = max(y0, y1) + BELOW if abs(y1 - y0) < BELOW else (y0 + y1) / 2
        right, left = x0 + TURN, x1 - TURN
        return [points[0], (right, y0), (right, low), (left, low), (left, y1), points[1]]
    first, last = points[1], points[-2]
    out = first[0] if first[0] >= x0 + BACK / 2 else x0 + TURN
    back = last[0] if last[0] <= x1 - BACK / 2 else x1 - TURN
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
        return tex_name(node.name)
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
