"""The formula bar: the selected output as text; Enter makes the graph that the text says.

A fault stands below the field in words and is underlined in it; the graph is untouched then. Lines
of a program that is pasted are shown on one line, a ⏎ between them.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QMimeData, QPointF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.graph import Graph, GraphError, Patch, Wire
from bpstudio.language import together, tr
from bpstudio.ui import theme, tips
from bpstudio.ui.changes import numbers_only
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session

BREAK = "⏎"
MOST_LINES = 6
"""Outputs; a graph with more shows the formula of the selected one."""
LONGEST_SHOWN = 2_000
"""Characters; a formula longer than this is not written out while somebody edits the graph."""
MOST_NODES = 1_000
"""Nodes; the formula of more would be longer than that."""


class FormulaField(QLineEdit):
    """The line; underlines the place of a fault."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formula_field")
        self.fault_at = -1

    def mark(self, place: int) -> None:
        """Underline the character at this place; −1 takes the mark away."""
        self.fault_at = place
        if place >= 0:
            self.setCursorPosition(min(place, len(self.text())))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_program(QGuiApplication.clipboard().mimeData())
            return
        super().keyPressEvent(event)

    def paste_program(self, mime: QMimeData) -> None:
        """Put clipboard text in, its line breaks shown as signs."""
        if mime.hasText():
            lines = [line.strip() for line in mime.text().splitlines() if line.strip()]
            self.insert(f" {BREAK} ".join(lines))

    def event(self, event: QEvent) -> bool:
        # What the field cuts is said whole to who points at it; its usual tip stands below.
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.is_cut:
            lines = self.text().split(f" {BREAK} ")
            QToolTip.showText(event.globalPos(), tips.wrapped(*lines, self.toolTip()), self)
            return True
        return super().event(event)

    @property
    def is_cut(self) -> bool:
        """Whether there is no room for all of the text."""
        room = self.contentsRect().width() - 2 * theme.px(6)
        return self.fontMetrics().horizontalAdvance(self.text()) > room

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.fault_at < 0:
            return
        place = self.cursorPosition()
        if place != min(self.fault_at, len(self.text())):
            return
        at = self.cursorRect()
        sign = self.text()[place : place + 1] or " "
        left = at.center().x()
        right = left + max(theme.px(7), self.fontMetrics().horizontalAdvance(sign))
        with QPainter(self) as painter:
            painter.setPen(QPen(QColor(theme.current().grad), theme.length(2.5)))
            painter.drawLine(QPointF(left, at.bottom() - 1), QPointF(right, at.bottom() - 1))


class FormulaBar(QWidget):
    """Name, field, buttons, and a line for faults."""

    built = Signal()
    """A graph was built from the field."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formula_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._document: Document | None = None
        self._name = "f"
        self.name = QLabel("f =")
        self.name.setObjectName("formula_name")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.field = FormulaField()
        self.name.setBuddy(self.field)
        self.fault = QLabel()
        self.fault.setObjectName("fault")
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setWordWrap(True)
        self.fault.hide()
        self.field.textEdited.connect(lambda _: self.show_fault(""))
        self.field.installEventFilter(self)
        self.buttons = QHBoxLayout()
        line = self._line = QHBoxLayout()
        line.addWidget(self.name)
        line.addWidget(self.field, 1)
        line.addLayout(self.buttons)
        column = self._column = QVBoxLayout(self)
        column.addLayout(line)
        column.addWidget(self.fault)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh)
        theme.appearance().changed.connect(self._size)
        self._size()
        self._wires: Mapping[str, Wire] | None = None
        self._ends: list[str] = []
        self._retranslate()

    def _size(self, _: object = None) -> None:
        """Room as Large mode has it."""
        px = theme.px
        self.buttons.setSpacing(px(8))
        self._line.setSpacing(px(8))
        self._column.setContentsMargins(px(16), px(8), px(16), px(8))
        self._column.setSpacing(px(4))

    def add_button(self, name: str) -> QPushButton:
        """A button at the right end of the bar."""
        button = QPushButton()
        button.setObjectName(name)
        self.buttons.addWidget(button)
        return button

    def show_document(self, document: Document | None) -> None:
        """Look at this document."""
        if self._document is not None:
            self._document.patched.disconnect(self._patched)
            self._document.selected.disconnect(self._later)
        self._document = document
        self.field.setModified(False)
        if document is not None:
            document.patched.connect(self._patched)
            document.selected.connect(self._later)
        self._refresh()

    def submit(self, *, beside: bool = False) -> bool:
        """Build what the field says; on a fault show it and change nothing."""
        from bpstudio.core import edits
        from bpstudio.core.formula import parse_program
        from bpstudio.core.formula.typed import other_names

        text = self.field.text().strip()
        if not text:
            return False
        program = "\n".join(line.strip() for line in text.split(BREAK))
        shift = 0
        if "=" not in program and self._name:
            # A bare expression is the output that the bar names.
            shift = len(self._name) + 3
            program = f"{self._name} = {program}"
        document = self._document or self._session.new()
        try:
            patch = edits.build(document.committed, program, beside=beside)
            document.do(patch)
        except GraphError as fault:
            self.show_fault(_told(fault, shift), self._place(fault, shift))
            return False
        self.show_fault("")
        self.field.setModified(False)
        self._later()
        self.built.emit()
        lost = other_names(parse_program(program, document.committed.kinds))
        if lost:
            self._session.say(together(lost))
        return True

    def show_fault(self, sentence: str, place: int = -1) -> None:
        """Show a fault below the field and its place in it; "" takes both away."""
        if not sentence and self.fault.text():
            # What was said at the foot of the canvas is over, too.
            self._session.say("")
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self.field.mark(place if sentence else -1)
        self.field.setAccessibleDescription(sentence)
        if sentence:
            self._session.say(sentence)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.submit(beside=shift)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.field.setModified(False)
                self.show_fault("")
                self._refresh()
                self.field.selectAll()
                return True
        return False

    def _place(self, fault: GraphError, shift: int) -> int:
        """Where in the field a fault's line and column are; −1 where it names none."""
        column: int | None = getattr(fault, "column", None)
        if column is None:
            return -1
        line: int = getattr(fault, "line", 1) or 1
        parts = self.field.text().split(BREAK)
        line = min(line, len(parts))
        start = sum(len(part) + 1 for part in parts[: line - 1])
        blanks = len(parts[line - 1]) - len(parts[line - 1].lstrip())
        return max(0, start + blanks + column - 1 - shift)

    # --- following the document -------------------------------------------------------------

    def _patched(self, patch: Patch) -> None:
        # A formula names its inputs: ten times a second while a network trains, only they move.
        if not numbers_only(patch):
            self._later()

    def _later(self, _: object = None) -> None:
        self._soon.start()

    def _refresh(self) -> None:
        if self.field.isModified():
            return
        document = self._document
        name, text = self._formula(document.graph, document.selection) if document else ("f", "")
        self._name = name
        self.name.setText(f"{name} =" if name else "")
        if text != self.field.text():
            with QSignalBlocker(self.field):
                self.field.setText(text)
                self.field.setCursorPosition(0)
            self.show_fault("")

    def _outputs(self, graph: Graph) -> list[str]:
        """The gates that feed nothing; looked for anew only where a wire has changed."""
        if self._wires is not graph.wires:
            fed = {wire.target for wire in graph.wires.values()}
            fed -= {wire.source for wire in graph.wires.values()}
            self._ends = [key for key in graph.nodes if key in fed]
            self._wires = graph.wires
        return self._ends

    def _formula(self, graph: Graph, chosen: frozenset[str]) -> tuple[str, str]:
        """Name and text of the selected or only output; a whole program where there are several.

        Inner gates are not shown: Enter would throw away what comes after them.
        """
        outputs = self._outputs(graph)
        picked = [key for key in outputs if key in chosen] if len(outputs) > MOST_LINES else []
        outputs = picked or outputs
        if not 0 < len(outputs) <= MOST_LINES:
            return "f", ""
        from bpstudio.core.formula import program_of, text_of, text_of_program
        from bpstudio.core.formula.expr import names_in
        from bpstudio.core.formula.views import reach

        if reach(graph, outputs, MOST_NODES) > MOST_NODES:
            return "f", ""
        try:
            program = program_of(graph, outputs)
            text = text_of(graph, outputs[0]) if len(program) == 1 else text_of_program(program)
        except GraphError:
            # A port without a wire: there is no formula yet.
            return "f", ""
        if len(text) > LONGEST_SHOWN:
            return "f", ""
        if len(program) == 1:
            name = _identifier(graph.nodes[outputs[0]].name) or "f"
            # An input may be called like the output; the program tells the two apart.
            return (program[0].name if name in names_in(program[0].expr) else name), text
        return "", f" {BREAK} ".join(text.split("\n"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Formula bar"))
        self.field.setAccessibleName(tr("Formula"))
        self.field.setPlaceholderText(
            tr("Type a formula, for example (x + y) * z, and press Enter")
        )
        self.field.setToolTip(tr("Enter builds the graph; Shift+Enter adds it beside"))


def _told(fault: GraphError, shift: int) -> str:
    """The fault's sentence; its column is the one in the field, not behind the name put before."""
    from bpstudio.core.formula import FormulaError

    if shift and isinstance(fault, FormulaError) and fault.line == 1:
        return str(FormulaError(fault.what, (1, max(1, fault.column - shift))))
    return str(fault)


def _identifier(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else ""
