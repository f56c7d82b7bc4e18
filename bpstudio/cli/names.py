"""Nodes as people call them on the command line: by label or, where there is none, by id."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bpstudio.cli import CommandError
from bpstudio.core import numbers
from bpstudio.core.graph import Graph
from bpstudio.language import listed, tr

MOST_NAMED = 12
"""How many candidates a refusal names."""


Value = float | tuple[float, ...]
"""A number, or a batch of samples."""


def pairs(texts: list[str]) -> dict[str, Value]:
    """`NAME=VALUE` texts as name -> value, `NAME=1,2,3` as a batch; the last one counts.

    Raises CommandError.
    """
    values: dict[str, Value] = {}
    for text in texts:
        # A label may hold "="; a number cannot.
        name, sign, value = text.rpartition("=")
        if not sign or not name.strip():
            raise CommandError(tr("--set {text}: write NAME=VALUE", text=text))
        samples = tuple(_number(text, part) for part in value.split(","))
        values[name.strip()] = samples if len(samples) > 1 else samples[0]
    return values


def refuse_infinite(values: Mapping[str, Value]) -> None:
    """Raise CommandError where a document could not hold these values."""
    for name, value in values.items():
        for number in value if isinstance(value, tuple) else (value,):
            if not math.isfinite(number):
                raise CommandError(
                    tr(
                        "--set {name}: a document holds finite numbers; "
                        "set infinity for one run, with run --set",
                        name=name,
                    )
                )


def _number(text: str, value: str) -> float:
    try:
        return numbers.read(value)
    except ValueError:
        raise CommandError(
            tr("--set {text}: “{value}” is no number", text=text, value=value)
        ) from None


def source(graph: Graph, name: str, file: str) -> str:
    """The id of the input or constant that is called so. Raises CommandError naming candidates."""
    found = graph.named(name) or ((name,) if name in graph.nodes else ())
    place = f"{file}: --set {name}: "
    if len(found) > 1:
        raise CommandError(
            place + tr("several gates have this label; use an id: {ids}", ids=_listed(list(found)))
        )
    sources = [n.name for n in graph.nodes.values() if _takes_value(graph, n.id)]
    if not found:
        raise CommandError(
            place + tr("there is no such input; there are {names}", names=_listed(sources))
        )
    if not _takes_value(graph, found[0]):
        raise CommandError(
            place + tr("its value is computed; values are set on {names}", names=_listed(sources))
        )
    return found[0]


def _takes_value(graph: Graph, node: str) -> bool:
    gate = graph.gate(graph.nodes[node])
    return gate is not None and gate.is_source


def _listed(names: list[str]) -> str:
    return listed(names, MOST_NAMED) or tr("none")
