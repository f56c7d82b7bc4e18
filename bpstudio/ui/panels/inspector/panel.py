"""The inspector: everything about what is selected, as a ledger whose last row is the product.

A node: what is doubtful about it, its values, local and upstream gradients, its parameters, the
gradient check, how it comes about, its code. A wire: its four numbers. Nothing: the graph in short.
It reads the Trace; only `Fields` edits.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bpstudio.core.graph import Group, Node, Note, Wire
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.elided import Elided
from bpstudio.ui.mathview import MathView
from bpstudio.ui.panels.fields import Fields
from bpstudio.ui.panels.inspector import facts
from bpstudio.ui.panels.inspector.cautions import Cautions
from bpstudio.ui.panels.inspector.checking import CheckPart
from bpstudio.ui.panels.inspector.code import CodePart
from bpstudio.ui.panels.inspector.facts import Facts
from bpstudio.ui.panels.inspector.formulas import FormulaPart, formula_nodes
from bpstudio.ui.panels.inspector.part import label
from bpstudio.ui.panels.ledger import Ledger
from bpstudio.ui.panels.scroller import Scroller
from bpstudio.ui.session import Session

SIGHT_MS = 50
"""After this long a new part has found its height."""


class Inspector(QWidget):
    """The panel at the upper right of the window."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._session = session
        self._document: Document | None = None
        self.title = label("inspector_title", wraps=True)
        self.formula = MathView(16.0)
        self.name = Elided()
        self.name.setObjectName("quiet")
        self.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.ledger = Ledger()
        self.cautions = Cautions()
        self.cautions.chosen.connect(self._go)
        self.check = CheckPart(session)
        self.check.chosen.connect(self._go)
        self.check.larger.connect(self._enlarge)
        self.formulas = FormulaPart(session)
        self.code = CodePart(session.settings, session.say)
        self.note = label("quiet", wraps=True)
        self.fields = Fields()
        self._lay_out()
        # One refresh per turn of the event loop, however many signals ask for it.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh_in_sight)
        self._stale = False
        session.settings.changed.connect(self._later)
        session.checked.connect(self._checked)
        theme.appearance().changed.connect(self._later)
        self._retranslate()
        self.refresh()

    @property
    def verdict(self) -> Ledger:
        """The rows of the gradient check."""
        return self.check.verdict

    def show_document(self, document: Document | None) -> None:
        """Look at this document."""
        if self._document is not None:
            for signal in self._signals(self._document):
                signal.disconnect(self._later)
            self._document.selected.disconnect(self._to_top)
        self._document = document
        if document is not None:
            for signal in self._signals(document):
                signal.connect(self._later)
            document.selected.connect(self._to_top)
        self.refresh()

    def _signals(self, document: Document) -> tuple[SignalInstance, ...]:
        # Not `patched`: a trace follows every patch, and twice the work would be seen once.
        return (
            document.traced,
            document.selected,
            document.stepped,
            document.reread,
        )

    def _later(self, _: object = None) -> None:
        self._soon.start()

    def _checked(self, document: Document) -> None:
        """A check that was just made is brought into sight."""
        self._later()
        if document is self._document and self._session.check_of(document) is not None:
            QTimer.singleShot(SIGHT_MS, self, self._show_check)

    def _show_check(self) -> None:
        bar, top = self.area.verticalScrollBar(), self.check.y()
        if not self.check.isHidden() and self.check.geometry().bottom() > (
            bar.value() + self.area.viewport().height()
        ):
            # Its heading at the top, or all of it at the bottom: whichever moves less.
            low = self.check.geometry().bottom() - self.area.viewport().height()
            bar.setValue(min(top, low + 8))

    def _to_top(self, _: object = None) -> None:
        """What is selected anew is read from its title on, its cautions first."""
        self.area.verticalScrollBar().setValue(0)

    def _refresh_in_sight(self) -> None:
        """What nobody can see waits until somebody can."""
        self._stale = not self.isVisible()
        if not self._stale:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._soon.start()

    def refresh(self) -> None:
        """Show what is selected now."""
        document = self._document
        item = self._item(document)
        self._show(self._facts(document, item))
        named = isinstance(item, Node | Group) or (isinstance(item, Note) and item.frame)
        fields = item if named and isinstance(item, Node | Group | Note) else None
        self.fields.show_item(document, fields)
        checked = not isinstance(item, (Group, Note)) and not self._many
        where = item if isinstance(item, (Node, Wire)) else None
        self.check.show_item(document if checked else None, where)
        self.formulas.show_nodes(document, formula_nodes(document) if document else ())
        self.code.show_node(document, item if isinstance(item, Node) else None)

    def _item(self, document: Document | None) -> object:
        """The one thing that is selected."""
        chosen = document.selection if document is not None else frozenset()
        if document is None or len(chosen) != 1:
            return None
        return document.graph.get(next(iter(chosen)))

    @property
    def _many(self) -> bool:
        return self._document is not None and len(self._document.selection) > 1

    def _facts(self, document: Document | None, item: object) -> Facts:
        if document is None:
            return Facts()
        digits = int(self._session.settings.get("digits"))
        if isinstance(item, Node):
            return facts.of_node(document, item, digits)
        if isinstance(item, Wire):
            return facts.of_wire(document, item, digits)
        if isinstance(item, Group):
            return facts.of_group(document, item, digits)
        if isinstance(item, Note):
            return facts.of_frame(document.graph, item) if item.frame else facts.of_note(item)
        if self._many:
            return facts.of_many(document.graph, document.selection)
        return facts.of_graph(document, digits)

    def _go(self, key: str) -> None:
        """Select a place that is named here."""
        if self._document is not None:
            self._document.select([key])

    def _enlarge(self) -> None:
        from bpstudio.ui.sweepwindow import show_sweep

        if self._document is not None:
            show_sweep(self.window(), self._session, self._document)

    # --- its parts --------------------------------------------------------------------------

    def _show(self, found: Facts) -> None:
        self.title.setText(found.title)
        ink = "" if found.family is None else theme.current().family(found.family)
        self.title.setStyleSheet(f"color: {ink};" if ink else "")
        self.formula.show_formula(found.text, found.latex)
        self.formula.setVisible(bool(found.text))
        # A ledger is about one sample, also where the labels show a mean.
        self.name.setText(" · ".join(filter(None, (found.name, self._sample()))))
        self.name.setVisible(bool(found.name))
        self.ledger.show_entries(found.entries)
        self.cautions.show_doubts(found.doubts)
        self.note.setText(found.note)
        self.note.setVisible(bool(found.note))

    def _sample(self) -> str:
        """Which sample of a batch the numbers belong to."""
        document = self._document
        if document is None or document.trace.batch == 1:
            return ""
        return tr("sample {k} of {n}", k=document.reading.sample + 1, n=document.trace.batch)

    def _lay_out(self) -> None:
        # From the outside in, as the workbench says.
        self.area = Scroller(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)
        body = QWidget()
        body.setObjectName("inspector_body")
        self.area.setWidget(body)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.setSpacing(8)
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        head.addWidget(self.title)
        head.addWidget(self.name, 1)
        for part in (
            *(self.formula, self.cautions, self.ledger, self.note, self.check),
            *(self.fields, self.code, self.formulas),
        ):
            column.addWidget(part)
        column.addStretch(1)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.fields.retranslate()
            for part in (self.check, self.formulas, self.code):
                part.retranslate()
            self._later()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        named: QWidget
        for named in (self, self.area):
            named.setAccessibleName(tr("Inspector"))
