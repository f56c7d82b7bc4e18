"""EXPORTERS: a graph written for other programs, by key and by file suffix.

Text leaves here escaped for its target: names pass a whitelist, strings are quoted by the target's
own rules. Pictures are drawn by ui/picture.py, the one thing here that would need Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bpstudio.core.graph import Graph
from bpstudio.language import N_


@dataclass(frozen=True, slots=True)
class Exporter:
    """One target: `write` makes the file's text from a graph and its trace (None: not run yet)."""

    key: str
    title: str
    suffix: str
    write: Callable[[Graph, Any], str | bytes]


def _numpy(graph: Graph, trace: Any = None) -> str:
    from bpstudio.export.script import numpy_script

    return numpy_script(graph)


def _torch(graph: Graph, trace: Any = None) -> str:
    from bpstudio.export.script import torch_script

    return torch_script(graph)


def _latex(graph: Graph, trace: Any = None) -> str:
    from bpstudio.export.documents import latex_lines

    return latex_lines(graph)


def _dot(graph: Graph, trace: Any = None) -> str:
    from bpstudio.export.documents import dot_graph

    return dot_graph(graph, trace)


def _csv(graph: Graph, trace: Any = None) -> str:
    from bpstudio.export.documents import csv_table

    return csv_table(graph, trace)


def _tikz(graph: Graph, trace: Any = None) -> str:
    from bpstudio.export.drawings import tikz_picture

    return tikz_picture(graph, trace)


def _graphml(graph: Graph, trace: Any = None) -> str:
    from bpstudio.export.drawings import graphml

    return graphml(graph, trace)


EXPORTERS: Mapping[str, Exporter] = {
    exporter.key: exporter
    for exporter in (
        Exporter("numpy", N_("NumPy script"), ".py", _numpy),
        Exporter("torch", N_("PyTorch script"), ".py", _torch),
        Exporter("latex", N_("LaTeX formulas"), ".tex", _latex),
        Exporter("tikz", N_("TikZ drawing"), ".tikz", _tikz),
        Exporter("dot", N_("Graphviz graph"), ".dot", _dot),
        Exporter("graphml", N_("GraphML network"), ".graphml", _graphml),
        Exporter("csv", N_("Table of values and gradients"), ".csv", _csv),
    )
}
