"""Find in a graph: by name, gate, formula or note, or by number: "=3.5", ">100", "nan", "∂<0".

    hits = search(graph, trace, "sig")        # best first; hit.id, hit.kind, hit.reason

A number is searched among values and gradients; with a ∂ or "grad" before it, among gradients
only. "=3.5" finds what a label shows as 3.5, and so does "3.5", between the names that begin with
it and those that have it inside. "nan" and "inf" find numbers first, then names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph
from bpstudio.core.numbers import MINUS, read, show
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

EXACT, BEGINS, WORD, WITHIN, OTHER = range(5)
"""How well a text fits, best first: the whole name, its beginning, a word's, anywhere; else."""
NEAR = 1e-3
"""Numbers further apart than this part of them are not shown alike with three digits or more."""
_NUMBER = re.compile(r"(?P<grad>∂|grad(?:ient)?\b)?\s*(?P<sign><=|>=|==|!=|=|<|>|≤|≥|≠|≈)(?P<n>.+)")
_WORDS = {"nan": "nan", "inf": "inf", "infinity": "inf", "∞": "inf", "-inf": "-inf", "-∞": "-inf"}


class Hit(NamedTuple):
    """Something found: `kind` is node, group, note or frame; `rank` how well it fits, 0 the best.

    `what` says where the text was found (name, gate, formula, value, gradient, text) and `found`
    what stands there, a number for values and gradients; `reason` says both in words.
    """

    id: str
    kind: str
    rank: int
    what: str
    found: str | float

    @property
    def text(self) -> str:
        # Numbers are put in words when a list shows them: it never shows all of ten thousand.
        return self.found if isinstance(self.found, str) else show(self.found)

    @property
    def reason(self) -> str:
        return _reason(self.what, self.text)


def search(graph: Graph, trace: Trace | None, text: str) -> tuple[Hit, ...]:
    """What fits the text, best first, else in the graph's order; every thing once."""
    wanted = " ".join(text.split())
    if not wanted:
        return ()
    asked = _asked(wanted)
    found: dict[str, Hit] = {}
    if asked is not None and trace is not None:
        for hit in _numbers(trace, asked):
            found.setdefault(hit.id, hit)
    if asked is None or asked.words:
        for hit in _texts(graph, wanted.casefold()):
            if hit.id not in found or hit.rank < found[hit.id].rank:
                found[hit.id] = hit
    return tuple(sorted(found.values(), key=lambda hit: hit.rank))


def _reason(what: str, text: str) -> str:
    if what == "name":
        return tr("name {text}", text=text)
    if what == "gate":
        return tr("gate {text}", text=text)
    if what == "formula":
        return tr("formula {text}", text=text)
    if what == "value":
        return tr("value {text}", text=text)
    if what == "gradient":
        return tr("gradient {text}", text=text)
    return tr("text “{text}”", text=text)


# --- texts ----------------------------------------------------------------------------------------


def _texts(graph: Graph, wanted: str) -> Iterator[Hit]:
    kinds = {key: _of_gate(gate, wanted) for key, gate in _gates_in(graph).items()}
    for node in graph.nodes.values():
        rank = _fit(node.name.casefold(), wanted)
        if rank is None and node.label:
            rank = _fit(node.id.casefold(), wanted)
        of_gate = kinds.get(node.gate)
        if rank is not None:
            yield Hit(node.id, "node", rank, "name", node.name)
        elif of_gate is not None:
            yield Hit(node.id, "node", *of_gate)
        elif node.gate not in kinds and wanted in node.gate.casefold():
            yield Hit(node.id, "node", OTHER, "gate", node.gate)
    for group in graph.groups.values():
        rank = _fit((group.title or group.id).casefold(), wanted)
        if rank is not None:
            yield Hit(group.id, "group", rank, "name", group.title or group.id)
    for note in graph.notes.values():
        if note.frame:
            rank = _fit(" ".join(note.text.split()).casefold(), wanted)
            if rank is not None and note.text:
                yield Hit(note.id, "frame", rank, "name", " ".join(note.text.split()))
            continue
        at = note.text.casefold().find(wanted)
        if at >= 0:
            yield Hit(note.id, "note", OTHER + WITHIN, "text", _around(note.text, at))


def _gates_in(graph: Graph) -> dict[str, Gate]:
    gates = {key: graph.gate(key) for key in {node.gate for node in graph.nodes.values()}}
    return {key: gate for key, gate in gates.items() if gate is not None}


def _of_gate(gate: Gate, wanted: str) -> tuple[int, str, str] | None:
    """How well a kind of gate fits: its key or title, its symbol, its formula."""
    title = tr(gate.title)
    for name in (gate.key, title, gate.title):
        rank = _fit(name.casefold(), wanted)
        if rank is not None:
            # Behind every name that fits as well: people look for their own words first.
            return OTHER + rank, "gate", title
    if gate.symbol.casefold() == wanted:
        return OTHER, "gate", f"{title} {gate.symbol}"
    if "".join(wanted.split()) in "".join(gate.value.casefold().split()):
        return 2 * OTHER, "formula", gate.value
    return None


def _fit(name: str, wanted: str) -> int | None:
    at = name.find(wanted)
    if at < 0:
        return None
    if not at:
        return EXACT if len(name) == len(wanted) else BEGINS
    return WITHIN if name[at - 1].isalnum() else WORD


def _around(text: str, at: int) -> str:
    """A line of a note around the place."""
    start = max(0, at - 12)
    line = " ".join(text[start : start + 40].split())
    return ("…" if start else "") + line + ("…" if len(text) > start + 40 else "")


# --- numbers --------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """A question about numbers; `words`: it might be a name too; `rank`: how well a value fits."""

    test: Callable[[Floats], Mask]
    gradients_only: bool
    words: bool
    rank: int = EXACT


def _asked(wanted: str) -> _Asked | None:
    """The question a text asks about numbers; None where it asks none."""
    plain = wanted.casefold().replace(MINUS, "-")
    if plain in _WORDS:
        return _Asked(_test("=", float(_WORDS[plain])), False, True)
    match = _NUMBER.fullmatch(plain)
    if match is None:
        try:
            return _Asked(_test("=", read(plain)), False, True, WORD)
        except ValueError:
            return None
    word = match["n"].strip()
    try:
        number = float(_WORDS[word]) if word in _WORDS else read(word)
    except ValueError:
        return None
    return _Asked(_test(match["sign"], number), match["grad"] is not None, False)


def _test(sign: str, number: float) -> Callable[[Floats], Mask]:
    if sign in ("=", "==", "≈"):
        return lambda numbers: _alike(numbers, number)
    if sign in ("!=", "≠"):
        return lambda numbers: ~_alike(numbers, number)
    compare = {"<": np.less, ">": np.greater, "<=": np.less_equal, "≤": np.less_equal}
    return lambda numbers: compare.get(sign, np.greater_equal)(numbers, number)


def _alike(numbers: Floats, number: float) -> Mask:
    """Which numbers are this one, or look like it on a label."""
    if number != number:
        return np.isnan(numbers)
    same: Mask = numbers == number
    if not np.isfinite(number):
        return same
    shown = show(number)
    for row in np.flatnonzero(~same & (abs(numbers - number) <= NEAR * abs(number))):
        same[row] = show(float(numbers[row])) == shown
    return same


def _numbers(trace: Trace, asked: _Asked) -> Iterator[Hit]:
    plan = trace.plan
    known = np.asarray(plan.known)
    for what, column in (("value", trace.value), ("gradient", trace.grad)):
        if what == "value" and asked.gradients_only:
            continue
        numbers = column[:, 0]
        # A number that is not known stands as NaN in the trace and is none that one looks for.
        for row in np.flatnonzero(asked.test(numbers) & known).tolist():
            rank = asked.rank + (EXACT if what == "value" else BEGINS)
            yield Hit(plan.nodes[row], "node", rank, what, float(numbers[row]))
