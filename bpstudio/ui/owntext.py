"""What there is to say about an own gate: its formula, its derivatives, where it has none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bpstudio.core.gate import Edge, Gate
from bpstudio.core.graph import Graph
from bpstudio.core.own import UNSAID, gate_of_kind
from bpstudio.language import listed, tr

MOST = 3
"""Places that one caution names."""


def titled(graph: Graph, kind: str, title: str) -> Gate:
    """An own gate of a graph as it would be under another title."""
    return gate_of_kind(replace(graph.kinds[kind], title=title or "?"), str(graph.setting("ties")))


def value(gate: Gate) -> tuple[str, str]:
    """Its formula as text and as LaTeX."""
    from bpstudio.core.formula import latex

    return f"z = {gate.value}", f"z = {latex(gate.value)}"


def slopes(gate: Gate) -> list[tuple[str, str]]:
    """Per port, its derivative as text and as LaTeX; one too long to be read without LaTeX."""
    from bpstudio.core.formula import latex
    from bpstudio.core.readings import spelt_out

    found: list[tuple[str, str]] = []
    for port, local in zip(gate.inputs, gate.local, strict=True):
        if local == UNSAID:
            words = tr("dz/d{port} is too long to write out; the chain rule gives it.", port=port)
            found.append((words, ""))
        else:
            drawn = rf"\frac{{\partial z}}{{\partial {latex(port)}}} = {latex(local)}"
            found.append((f"dz/d{port} = {spelt_out(local)}", drawn))
    return found


def cautions(gate: Gate) -> list[str]:
    """Where its slope jumps and where it is infinite, a sentence each."""
    said: list[str] = []
    jumps = _places([edge for edge in gate.edges if edge.what == "kink"])
    if jumps:
        said.append(tr("There is no derivative where {where}: the slope jumps there.", where=jumps))
    endless = _places([edge for edge in gate.edges if _breaks(gate, edge)])
    if endless:
        said.append(tr("Infinite where {where}.", where=endless))
    return said


def spoken(gate: Gate) -> str:
    """All of it in a row, for a screen reader."""
    inputs = tr("Inputs: {names}", names=listed(gate.inputs))
    return ". ".join([inputs, *(text for text, _ in slopes(gate)), *cautions(gate)])


def _places(edges: list[Edge]) -> str:
    places = list(dict.fromkeys(f"{edge.text} = {edge.number:g}" for edge in edges))
    more = ["…"] if len(places) > MOST else []
    return tr(" or ").join([*places[:MOST], *more])


def _breaks(gate: Gate, edge: Edge) -> bool:
    """Whether it is really infinite there: x ^ 3 knows 0 as a place where a power may be."""
    if edge.what != "pole" or edge.text not in gate.inputs or gate.forward is None:
        return False
    at = gate.inputs.index(edge.text)
    point = tuple(
        np.array([edge.number if i == at else number]) for i, number in enumerate(gate.samples[0])
    )
    with np.errstate(all="ignore"):
        found = gate.forward(point, {})
    return not bool(np.isfinite(found).all())
