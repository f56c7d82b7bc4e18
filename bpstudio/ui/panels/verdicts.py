"""What the gradient check said, as rows for the ledger and as a sentence for the status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.numbers import exact, show
from bpstudio.language import N_, listed, tr, trn
from bpstudio.ui.panels.ledger import Entry

if TYPE_CHECKING:
    from bpstudio.core.check import Check

# verdict -> (mark, word); a sign and a word, so that no colour is needed
VERDICTS = {
    "ok": ("✓", N_("agrees")),
    "kink": ("∧", N_("kink")),
    "tie": ("=", N_("tie")),
    "mismatch": ("✗", N_("does not agree")),
    "undefined": ("?", N_("cannot be told")),
}
_WORST_FIRST = ("mismatch", "undefined", "tie", "kink", "ok")
_KINDS = {"ok": "value", "mismatch": "grad", "undefined": "grad"}


def verdict_of_wire(check: Check | None, wire: str) -> tuple[Entry, ...]:
    """The check's row for one wire."""
    if check is None or wire not in check.lines:
        return ()
    found = check.lines[wire]
    text = _text(found.verdict, found.relative)
    numeric = Entry(tr("central difference"), show(found.numeric, 6), "plain", exact(found.numeric))
    return numeric, Entry(tr("verdict"), text, _KINDS.get(found.verdict, "plain"))


def verdict_of_node(check: Check | None, graph: Graph, node: str) -> tuple[Entry, ...]:
    """The worst verdict of the wires at a node, or of the whole graph for ""."""
    if check is None:
        return ()
    wires = check.lines
    if node:
        near = {*graph.into(node).values(), *graph.out_of(node)}
        wires = {key: found for key, found in check.lines.items() if key in near}
    if not wires:
        return ()
    verdict = min((found.verdict for found in wires.values()), key=_WORST_FIRST.index)
    alike = [f.relative for f in wires.values() if f.verdict == verdict]
    worst = max((r for r in alike if r == r), default=float("nan"))
    return (Entry(tr("verdict"), _text(verdict, worst), _KINDS.get(verdict, "plain")),)


def sentence_of(check: Check) -> str:
    """The whole check in one sentence."""
    counts = dict.fromkeys(_WORST_FIRST, 0)
    for found in check.lines.values():
        counts[found.verdict] += 1
    total = len(check.lines)
    if not total:
        return tr("There is no wire with a gradient to check yet.")
    if counts["ok"] == total:
        return trn(
            "The gradient of the one wire agrees with its central difference.",
            "All {n} wire gradients agree with their central differences.",
            total,
        )
    odd = listed(f"{n} × {tr(VERDICTS[key][1])}" for key, n in counts.items() if n)
    return tr("Gradient check of {n} wires: {verdicts}.", n=total, verdicts=odd)


def not_ok(check: Check, graph: Graph, node: str = "") -> list[str]:
    """The wires whose verdict is another than ok, the worst first; at one node, or all of them."""
    near = {*graph.into(node).values(), *graph.out_of(node)} if node else check.lines.keys()
    found = [key for key, line in check.lines.items() if key in near and line.verdict != "ok"]
    return sorted(found, key=lambda key: _WORST_FIRST.index(check.lines[key].verdict))


def wire_named(check: Check, graph: Graph, wire: str) -> tuple[str, str]:
    """A wire that is not ok in a few words, and its id."""
    item = graph.wires[wire]
    mark, word = VERDICTS[check.lines[wire].verdict]
    ends = f"{graph.nodes[item.source].name} → {graph.nodes[item.target].name}.{item.port}"
    return f"{mark} {ends}: {tr(word)}", wire


def wire_of(check: Check, graph: Graph, item: Node | Wire | None) -> str:
    """Whose sweep is shown: the wire itself, the worst at a node, into it first; "" for none."""
    if isinstance(item, Wire):
        return item.id if item.id in check.lines else ""
    if item is None:
        return ""
    near = [*graph.into(item.id).values(), *graph.out_of(item.id)]
    known = [key for key in near if key in check.lines]
    return min(known, key=lambda w: _WORST_FIRST.index(check.lines[w].verdict), default="")


def _text(verdict: str, relative: float) -> str:
    mark, word = VERDICTS[verdict]
    if verdict == "ok" and relative > 0:
        return f"{mark} {show(relative, 1)}"
    return f"{mark} {tr(word)}"
