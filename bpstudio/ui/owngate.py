"""The dialog for a gate of one's own: a name, a formula, and at once what follows from them.

While one types, the inputs, the formula and its derivatives are drawn, and cautions say where there
is no derivative. A fault of unfinished text is told quietly; Enter tells it loudly and marks its
place, as the formula bar does, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import edits, shape
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, GraphError, Kind, Patch
from bpstudio.language import listed, tr, trn
from bpstudio.ui import owntext, theme
from bpstudio.ui.canvas import drawing, rows
from bpstudio.ui.document import Document
from bpstudio.ui.formulabar import FormulaField
from bpstudio.ui.mathview import MathView

Edit = Callable[[str, str], Patch]
"""(title, formula) -> the patch; raises GraphError."""
LIVE_MS = 120
"""After this long without a key the formula is read."""
MOST_SHOWN = 4
"""Derivatives that are drawn; a gate with more ports says how many follow."""
LONGEST_DRAWN = 110
"""Characters of a derivative that still fit on a line when drawn."""
WIDTH = 560


class Card(QWidget):
    """The gate's card as the canvas will show it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate: Gate | None = None
        self.setFixedSize(theme.px(120), theme.px(72))

    def show_gate(self, gate: Gate | None) -> None:
        """Show this gate; nothing for None."""
        self._gate = gate
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        gate = self._gate
        if gate is None:
            return
        face, ports = shape.face(gate, {}), len(gate.inputs)
        width, height = shape.size(gate, face, ports)
        style = rows.Style(rows.CARD, face, gate.family, width, min(height, 68.0))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(theme.length(1), theme.length(1))
            box = drawing.qrect((0.0, 0.0, width, style.height))
            box.moveCenter(self.rect().toRectF().center() / theme.length(1))
            drawing.body(painter, theme.current(), style, box, 0)
            drawing.face(painter, theme.current(), style, box)


class OwnGateDialog(QDialog):
    """Asks for one own gate. Accepting makes one edit of the document or says why it cannot.

    kind     the own gate to change, "" for a new one
    title    what the name field holds at first
    formula  a formula that is given: shown, not to be changed
    edit     makes the patch in place of define or change
    """

    made = Signal(object)
    """The Patch that was done."""

    def __init__(
        self,
        document: Document,
        parent: QWidget | None = None,
        *,
        kind: str = "",
        title: str = "",
        formula: str = "",
        edit: Edit | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("own_gate_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document, self._kind = document, kind
        self._edit = edit or self._define_or_change
        self.wrap: Callable[[Callable[[], object]], object] = lambda do: do()
        """What is done around the edit."""
        self._make_fields(formula)
        self._make_reading()
        self._lay_out()
        self._live = QTimer(self, singleShot=True, interval=LIVE_MS)
        self._live.timeout.connect(self.read)
        old = document.committed.kinds.get(kind)
        self.name.setText(old.title or old.id if old is not None else title)
        self.formula.setText(old.formula if old is not None else formula)
        for field in (self.name, self.formula):
            field.textEdited.connect(self._typed)
        self._retranslate()
        self.read()
        first = self.formula if kind else self.name
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.selectAll()
        self.resize(theme.px(WIDTH), self.sizeHint().height())

    # --- reading ----------------------------------------------------------------------------

    def read(self) -> None:
        """Show what follows from the text now; a fault of it quietly."""
        self._live.stop()
        graph = self._document.committed
        try:
            gate = drafted(graph, self.name.text(), self.formula.text(), self._kind)
        except GraphError as error:
            self._show_gate(None)
            text = self.formula.text().strip()
            self._hint(str(error) if text else tr("Type a formula, such as log(1 + exp(x))"))
            self.formula.setAccessibleDescription(self.hint.text())
            return
        self._show_gate(gate)
        self._hint("")
        self.formula.setAccessibleDescription(owntext.spoken(gate))

    def _hint(self, words: str) -> None:
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    def _show_gate(self, gate: Gate | None) -> None:
        self.card.show_gate(gate)
        inputs = listed(gate.inputs) if gate is not None else ""
        self.ports.setText(tr("Inputs: {names}", names=inputs) if gate is not None else "")
        value = owntext.value(gate) if gate is not None else ("", "")
        self.value.show_formula(*value)
        slopes = owntext.slopes(gate)[:MOST_SHOWN] if gate is not None else []
        for at, (drawn, plain) in enumerate(self.slopes):
            text, latex = slopes[at] if at < len(slopes) else ("", "")
            short = bool(latex) and len(text) <= LONGEST_DRAWN
            drawn.show_formula(text if short else "", latex if short else "")
            drawn.setVisible(short)
            plain.setText("" if short else text)
            plain.setVisible(bool(text) and not short)
        more = len(gate.inputs) - MOST_SHOWN if gate is not None else 0
        self.more.setText(
            trn("and {n} more derivative", "and {n} more derivatives", more) if more > 0 else ""
        )
        self.more.setVisible(more > 0)
        cautions = owntext.cautions(gate) if gate is not None else []
        self.cautions.setText("\n".join(cautions))
        self.cautions.setVisible(bool(cautions))

    def _typed(self) -> None:
        self.show_fault("")
        self._live.start()

    # --- taking -----------------------------------------------------------------------------

    def accept(self) -> None:
        """Make the edit; on a fault say it, mark its place, and stay."""
        title, formula = self.name.text().strip(), self.formula.text().strip()
        if not title:
            self.show_fault(tr("Give the gate a name, such as swish."), self.name)
            return
        try:
            patch = self._edit(title, formula)
        except GraphError as error:
            column = getattr(error, "column", None)
            self.show_fault(str(error), self.name if column is None else self.formula, column or 0)
            return
        self.wrap(lambda: self._document.do(patch))
        if patch:
            self._document.say(patch.label)
        super().accept()
        self.made.emit(patch)

    def show_fault(self, sentence: str, field: QLineEdit | None = None, column: int = 0) -> None:
        """Say a fault below the fields and mark its place; "" takes both away."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        blanks = len(self.formula.text()) - len(self.formula.text().lstrip())
        self.formula.mark(blanks + column - 1 if column else -1)
        if sentence:
            self.read()
            self._hint("")
            if field is not None:
                field.setAccessibleDescription(sentence)
                field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._document.say(sentence)

    def _define_or_change(self, title: str, formula: str) -> Patch:
        graph = self._document.committed
        if self._kind:
            return edits.change_kind(graph, self._kind, title=title, formula=formula)
        return edits.define_kind(graph, title, formula)

    # --- parts ------------------------------------------------------------------------------

    def _make_fields(self, given: str) -> None:
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.formula = FormulaField()
        self.formula.setReadOnly(bool(given))
        self.fault = _words("fault")
        self.fault.hide()
        self.hint = _words("quiet")

    def _make_reading(self) -> None:
        self.card = Card()
        self.ports = _words("quiet")
        self.value = MathView(18.0)
        self.value.setMinimumHeight(theme.px(52))
        self.slopes: list[tuple[MathView, QLabel]] = []
        for _ in range(MOST_SHOWN):
            drawn, plain = MathView(16.0), _words("")
            drawn.setMinimumHeight(theme.px(52))
            self.slopes.append((drawn, plain))
        self.more = _words("quiet")
        self.cautions = _words("warning")
        self.used = _words("quiet")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._labels = QLabel(), QLabel()
        for label, field in zip(self._labels, (self.name, self.formula), strict=True):
            label.setBuddy(field)
            form.addRow(label, field)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addLayout(form, 1)
        top.addWidget(self.card, 0, Qt.AlignmentFlag.AlignTop)
        self.cancel, self.take = QPushButton(), QPushButton()
        self.take.setObjectName("primary")
        self.take.setDefault(True)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.take.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.used, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.fault)
        column.addWidget(self.hint)
        column.addWidget(self.value)
        column.addWidget(self.ports)
        for drawn, plain in self.slopes:
            column.addWidget(drawn)
            column.addWidget(plain)
        for part in (self.more, self.cautions):
            column.addWidget(part)
        column.addStretch(1)
        column.addSpacing(8)
        column.addLayout(buttons)
        self.setTabOrder(self.name, self.formula)
        self.setTabOrder(self.formula, self.cancel)
        self.setTabOrder(self.cancel, self.take)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), max(theme.px(340), super().sizeHint().height()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.read()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        given = self.formula.isReadOnly()
        if self._kind:
            title, take = tr("Change own gate"), tr("Change the gate")
        elif given:
            title, take = tr("Fuse into a new own gate"), tr("Fuse into this gate")
        else:
            title, take = tr("New own gate"), tr("Make the gate")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.take.setText(take)
        self.cancel.setText(tr("Cancel"))
        self._labels[0].setText(tr("Name"))
        self._labels[1].setText(tr("Formula"))
        self.name.setAccessibleName(tr("Name of the gate"))
        self.name.setPlaceholderText("swish")
        self.formula.setAccessibleName(tr("Formula of the gate"))
        self.formula.setPlaceholderText("x / (1 + exp(-x))")
        users = len(list(edits.users_of(self._document.committed, self._kind)))
        self.used.setText(
            trn(
                "{n} gate of this graph changes with it.",
                "{n} gates of this graph change with it.",
                users,
            )
            if self._kind and users
            else ""
        )


def drafted(graph: Graph, title: str, formula: str, kind: str = "") -> Gate:
    """The gate that a formula would make, whatever it may be called. Raises GraphError."""
    if kind:
        after = graph.apply(edits.change_kind(graph, kind, formula=formula))
        key = kind
    else:
        patch = edits.define_kind(graph, "", formula)
        after, key = graph.apply(patch), edits.born(patch, Kind)[0]
    return owntext.titled(after, key, title.strip())


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
