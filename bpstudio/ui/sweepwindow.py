"""The V of the gradient check in a window of its own, large enough to project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bpstudio.core.graph import GraphError, Node, Wire
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.panels.inspector.checking import wire_ends
from bpstudio.ui.panels.inspector.part import label
from bpstudio.ui.panels.verdicts import wire_of
from bpstudio.ui.session import Session
from bpstudio.ui.sweepplot import SweepPlot
from bpstudio.ui.sweepwords import sentences

if TYPE_CHECKING:
    from bpstudio.core.check import Sweep


class SweepWindow(QDialog):
    """Stays open beside the work and follows the selection; made for one main window."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sweep_window")
        self._session = session
        self._document: Document | None = None
        self._swept: tuple[object, str] | None = None
        self.plot = SweepPlot(height=320, size=14.0)
        self.words = label("", wraps=True)
        self.words.setStyleSheet(f"font-size: {theme.px(15)}px;")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.plot, 1)
        column.addWidget(self.words)
        self.resize(theme.px(720), theme.px(520))
        session.checked.connect(self._refresh)
        session.shown.connect(self.show_document)

    def show_document(self, document: Document | None) -> None:
        """Look at this document."""
        if self._document is not None:
            self._document.selected.disconnect(self._refresh)
        self._document = document
        if document is not None:
            document.selected.connect(self._refresh)
        self._refresh()

    def _refresh(self, _: object = None) -> None:
        document = self._document
        check = self._session.check_of(document)
        wire = ""
        if document is not None and check is not None:
            wire = wire_of(check, document.graph, _chosen(document))
        self.setWindowTitle(tr("Gradient check"))
        if document is None or check is None or not wire:
            self._swept = None
            self.plot.show_sweep(None)
            self.plot.setVisible(False)
            self.words.setText(tr("Check the gradients (Ctrl+K) and select a wire or a gate."))
            return
        source, target = wire_ends(document, wire)
        self.setWindowTitle(tr("Gradient check: {source} → {target}", source=source, target=target))
        self.plot.setVisible(True)
        if self._swept == (check, wire):
            return
        self._swept = (check, wire)

        def take(sweep: Sweep) -> None:
            if self._swept == (check, wire):
                self.plot.show_sweep(sweep, check.h)
                self.words.setText(" ".join(sentences(sweep, check.h)))

        try:
            self._session.sweep_soon(document, wire, take)
        except GraphError as fault:
            self.words.setText(str(fault))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._swept = None
            self._refresh()


def _chosen(document: Document) -> Node | Wire | None:
    chosen = document.selection
    item = document.graph.get(next(iter(chosen))) if len(chosen) == 1 else None
    return item if isinstance(item, (Node, Wire)) else None


def show_sweep(window: QWidget, session: Session, document: Document) -> SweepWindow:
    """Show the V of what is selected; one window for each main window."""
    found = window.findChild(SweepWindow, "sweep_window")
    if found is None:
        found = SweepWindow(session, window)
    found.show_document(document)
    found.show()
    found.raise_()
    return found
