"""The part of the inspector that shows the gradient check: verdicts, what is not ok, the V.

It is there once a check was made (Ctrl+K) and goes when a number changes.
"""

from __future__ import annotations

from contextlib import suppress
from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from bpstudio.core.graph import GraphError, Node, Wire
from bpstudio.language import tr
from bpstudio.ui.document import Document
from bpstudio.ui.panels.inspector.part import Jumps, Part, label, name_button
from bpstudio.ui.panels.ledger import Ledger
from bpstudio.ui.panels.verdicts import (
    not_ok,
    sentence_of,
    verdict_of_node,
    verdict_of_wire,
    wire_named,
    wire_of,
)
from bpstudio.ui.session import Session
from bpstudio.ui.sweepplot import SweepPlot
from bpstudio.ui.sweepwords import sentences

if TYPE_CHECKING:
    from bpstudio.core.check import Check, Sweep

MOST = 8
"""Wires that are listed; the others are counted."""


class CheckPart(Part):
    """The check as far as it concerns what is selected."""

    chosen = Signal(str)
    """The id of a wire to go to."""
    larger = Signal()
    """Somebody wants the V in a window of its own."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.settings, "check_open", parent)
        self._session = session
        self._document: Document | None = None
        self._item: Node | Wire | None = None
        self._swept: tuple[object, str] | None = None
        self.sentence = label("", wraps=True)
        self.verdict = Ledger()
        self.jumps = Jumps()
        self.jumps.chosen.connect(self.chosen)
        self.of = label("quiet", wraps=True)
        self.plot = SweepPlot()
        self.plot.larger.connect(self.larger)
        self.words = label("quiet", wraps=True)
        for part in (self.sentence, self.verdict, self.jumps, self.of, self.plot, self.words):
            self.column.addWidget(part)
        self.button = self.add_button("detach")
        self.button.clicked.connect(self.larger)
        self.retranslate()

    def show_item(self, document: Document | None, item: Node | Wire | None) -> None:
        """Show the check of this document as seen from a node, a wire or, for None, as a whole."""
        self._document, self._item = document, item
        check = self._session.check_of(document)
        self.setVisible(check is not None)
        if check is None:
            self.verdict.show_entries(())
            self._swept = None
        else:
            self.fill()

    def fill(self) -> None:
        document = self._document
        check = self._session.check_of(document)
        if document is None or check is None:
            return
        item, graph = self._item, document.graph
        if isinstance(item, Wire):
            from bpstudio.core.check import verdict_sentence

            line = check.lines.get(item.id)
            self.verdict.show_entries(verdict_of_wire(check, item.id))
            self._say(verdict_sentence(line) if line is not None else "")
            self.jumps.show_places(())
        else:
            node = item.id if item is not None else ""
            self.verdict.show_entries(verdict_of_node(check, graph, node))
            self._say("" if node else sentence_of(check))
            wires = not_ok(check, graph, node)
            self.jumps.show_places(
                [wire_named(check, graph, w) for w in wires[:MOST]], more=max(0, len(wires) - MOST)
            )
        self._show_sweep(document, check)

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def _show_sweep(self, document: Document, check: Check) -> None:
        """The V of the wire that is meant; made anew only where a number has changed."""
        wire = wire_of(check, document.graph, self._item)
        # A wire without one finite number has no V.
        defined = bool(wire) and isfinite(check.lines[wire].analytic)
        shown = defined and self.is_open
        for part in (self.of, self.plot, self.words):
            part.setVisible(shown)
        self.button.setVisible(shown)
        if not shown or self._swept == (check, wire):
            return
        self._swept = (check, wire)
        source, target = wire_ends(document, wire)
        self.of.setText(tr("{source} → {target}", source=source, target=target))
        self.of.setHidden(isinstance(self._item, Wire))
        # The curve of the wire before would be a lie while this one's is computed.
        self.plot.show_sweep(None)
        self.words.setText("")

        def take(sweep: Sweep) -> None:
            if self._swept == (check, wire):
                self.plot.show_sweep(sweep, check.h)
                self.words.setText("\n".join(sentences(sweep, check.h)))

        with suppress(GraphError):
            self._session.sweep_soon(document, wire, take)

    def retranslate(self) -> None:
        """Say the words in the chosen language."""
        self.set_title(tr("Gradient check"))
        name_button(self.button, tr("Larger, in a window of its own (Ctrl+Shift+K)"))
        self._swept = None
        self.fill()


def wire_ends(document: Document, wire: str) -> tuple[str, str]:
    """What a wire's ends are called: source, and target with its port."""
    graph = document.graph
    item = graph.wires[wire]
    return graph.nodes[item.source].name, f"{graph.nodes[item.target].name}.{item.port}"
