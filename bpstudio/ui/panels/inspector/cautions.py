"""What is doubtful at the place that is selected, in sentences, and the way to where it began.

A gate that made a NaN or an infinity names those that hand it on; one that only hands it on names
the gate that made it. Both are lists to go along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bpstudio.language import listed, tr, trn
from bpstudio.ui.document import Document
from bpstudio.ui.panels.inspector.part import Jumps, grows_down, label

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

MOST = 6
"""Cautions, or places to go to, that are listed; the others are counted."""
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Sentences, then a line over a list of (words, id), and how many more there are."""

    sentences: tuple[str, ...] = ()
    title: str = ""
    places: tuple[Place, ...] = ()
    more: int = 0


def of_node(document: Document, node: str) -> Doubts:
    """Of one node: what it made, what it hands on, and where that leads."""
    trace = document.readout.shown
    sentences = tuple(w.sentence for w in trace.warnings if w.node == node)
    one = document.readout.one
    if _sound(one, node):
        return Doubts(sentences)
    from bpstudio.core.origins import heirs, inherited

    found = inherited(one, node)
    sentences += tuple(item.sentence for item in found)
    if found:
        origins = tuple(dict.fromkeys(item.origin for item in found))
        return Doubts(sentences, tr("Where it began:"), _named(one, origins))
    passed = heirs(one, node)
    if not passed:
        return Doubts(sentences)
    shown = passed[:MOST]
    return Doubts(sentences, tr("They hand it on:"), _named(one, shown), len(passed) - len(shown))


def of_wire(document: Document, wire: str) -> Doubts:
    """Of a wire that carries no number, forward or back: where that began."""
    one = document.readout.one
    if wire not in one.plan.wire_row:
        return Doubts()
    value, _, _, gradient = one.wire(wire)
    ends = document.graph.wires[wire]
    if not _finite(value):
        return _from(document, ends.source)
    return Doubts() if _finite(gradient) else _from(document, ends.source)


def _from(document: Document, node: str) -> Doubts:
    found = of_node(document, node)
    return Doubts(found.sentences, found.title, found.places, found.more)


def of_graph(document: Document) -> Doubts:
    """Of the whole graph: its first cautions, each leading to its gate."""
    graph, trace = document.graph, document.readout.shown
    missing = [f"{graph.nodes[n].name}.{port}" for n, port in trace.plan.missing]
    sentences: tuple[str, ...] = (document.fault,) if document.fault else ()
    if missing:
        said = trn(
            "{ports} has no wire yet.",
            "{n} ports have no wire yet: {ports}.",
            len(missing),
            ports=listed(missing, MOST),
        )
        sentences = (*sentences, said)
    others = [w for w in trace.warnings if w.kind != "unwired"]
    shown = [(w.sentence, w.node) for w in others[:MOST]]
    title = tr("Cautions:") if shown else ""
    return Doubts(sentences, title, tuple(shown), len(others) - len(shown))


def _named(trace: Trace, nodes: tuple[str, ...]) -> tuple[Place, ...]:
    return tuple((f"→ {trace.plan.graph.nodes[key].name}", key) for key in nodes)


def _finite(value: float) -> bool:
    return value - value == 0


def _sound(trace: Trace, node: str) -> bool:
    """Whether the node's numbers, and those that it hands back, are numbers."""
    row = trace.plan.row.get(node)
    if row is None or not trace.plan.known[row]:
        return True
    back = (trace.wire(wire)[3] for wire in trace.plan.graph.into(node).values())
    return all(map(_finite, (trace.value_of(node), trace.grad_of(node), *back)))


class Cautions(QWidget):
    """Shows Doubts."""

    chosen = Signal(str)
    """The id of a place to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cautions")
        grows_down(self)
        self.sentences: QLabel = label("warning", wraps=True)
        self.title = label("quiet", wraps=True)
        self.jumps = Jumps()
        self.jumps.chosen.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        for part in (self.sentences, self.title, self.jumps):
            column.addWidget(part)
        self.show_doubts(Doubts())

    def show_doubts(self, doubts: Doubts) -> None:
        """Show these; nothing where there are none."""
        self.sentences.setText("\n".join(doubts.sentences))
        self.sentences.setVisible(bool(doubts.sentences))
        self.title.setText(doubts.title)
        self.title.setVisible(bool(doubts.title))
        self.jumps.show_places(doubts.places, doubts.more)
        self.setVisible(bool(doubts.sentences or doubts.places))

    def text(self) -> str:
        """All sentences, as they are read aloud."""
        return self.sentences.text()
