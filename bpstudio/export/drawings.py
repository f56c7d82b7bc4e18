"""A graph as a drawing or network for other programs: TikZ for papers, GraphML for graph tools.

Names pass through `tex_name`, which lets letters and digits through only, or XML's own escapes.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bpstudio.core.formula.expr import Call, Name, Number
from bpstudio.core.formula.tex import LATEX, tex_name
from bpstudio.core.formula.write import write
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Node
from bpstudio.core.numbers import MINUS, show
from bpstudio.core.shape import node_size
from bpstudio.export.script import ExportError
from bpstudio.language import tr

PIXELS = 40.0
"""Scene pixels to a centimetre of the drawing."""
_SIGNS = {"add": "+", "subtract": "-", "multiply": r"\times", "divide": r"\div"}


def tikz_picture(graph: Graph, trace: Any = None, digits: int = 4) -> str:
    """A `tikzpicture`, places as on the canvas; with a trace, numbers on the wires."""
    if not graph.nodes:
        raise ExportError(tr("The graph is empty; there is nothing to export."))
    names = {key: f"n{i}" for i, key in enumerate(graph.nodes)}
    lines = [
        r"% Needs \usepackage{tikz,amsmath}",
        r"\begin{tikzpicture}[",
        r"  gate/.style={draw, rounded corners=2pt, inner sep=0pt},",
        r"  value/.style={above, font=\scriptsize}, gradient/.style={below, font=\scriptsize}]",
    ]
    for node in graph.nodes.values():
        width, height = (side / PIXELS for side in node_size(node, graph.gates))
        x, y = node.at[0] / PIXELS, 0.0 - node.at[1] / PIXELS
        size = f"minimum width={width:.4g}cm, minimum height={height:.4g}cm"
        text = _tex_face(graph.gate(node), node)
        place = f"({names[node.id]}) at ({x:.5g}, {y:.5g})"
        lines.append(rf"  \node[gate, {size}] {place} {{${text}$}};")
    for wire in graph.wires.values():
        numbers = ""
        if trace is not None and wire.id in trace.plan.wire_row:
            value, _, _, grad = trace.wire(wire.id)
            numbers = f" node[value] {{${_tex(value, digits)}$}}"
            numbers += f" node[gradient] {{${_tex(grad, digits)}$}}"
        ends = f"({names[wire.source]}.east) to[out=0, in=180]{numbers} ({names[wire.target]}.west)"
        lines.append(rf"  \draw[->] {ends};")
    return "\n".join([*lines, r"\end{tikzpicture}"]) + "\n"


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
