"""The strip in the corner of the canvas: what its numbers are, where that is not plain.

It shows in forward mode (which input, how many passes, how to leave it), for a batch (which
sample, or the mean or the spread over all) and where batches do not fit together. It only calls
`Document.read`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.graph import Node, Patch
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.reading import MEAN, PLAIN, REVERSE, SAMPLE, SPREAD, Reading, sources_of

if TYPE_CHECKING:
    from bpstudio.core.plan import Plan
    from bpstudio.ui.document import Document

MARGIN = 12
"""From the canvas's corner, and from its right edge where it is narrow, px."""
WIDEST = 400


class Strip(QFrame):
    """A child of the canvas; hidden while the canvas shows plain gradients of a single sample."""

    resized = Signal()
    """It takes another part of the canvas now."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("reading_strip")
        self._canvas = canvas
        # What is pressed here is not pressed on the paper below.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._document: Document | None = None
        self._shown = False
        self._state: tuple[object, ...] = ()
        self._make_forward()
        self._make_batch()
        self.note, self.fault = QLabel(), QLabel()
        self.note.setObjectName("quiet")
        self.fault.setObjectName("warning")
        column = self._column = QVBoxLayout(self)
        for row in (self.ahead, self.batch):
            column.addWidget(row)
        for label in (self.note, self.fault):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        canvas.installEventFilter(self)
        themes.appearance().changed.connect(self._dress)
        self._dress()
        self.retranslate()
        self.hide()

    # --- following the document -------------------------------------------------------------

    def show_document(self, document: Document | None) -> None:
        """Follow this document."""
        if self._document is not None:
            for signal, slot in self._slots(self._document):
                signal.disconnect(slot)
        self._document = document
        if document is not None:
            for signal, slot in self._slots(document):
                signal.connect(slot)
        self._fill_sources()
        self.refresh()

    def _slots(
        self, document: Document
    ) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
        return (
            (document.patched, self._patched),
            (document.traced, self.refresh),
            (document.reread, self.refresh),
        )

    def _patched(self, patch: Patch) -> None:
        for old, new in patch.touched(Node):
            before = old.name if isinstance(old, Node) else ""
            if before != (new.name if isinstance(new, Node) else ""):
                self._fill_sources()
                return

    @property
    def inset(self) -> int:
        """How much of the canvas's height it takes."""
        return self.geometry().bottom() if self._shown else 0

    def refresh(self, _: object = None) -> None:
        """Show how the document is read now."""
        before = self.inset
        self._show()
        if self.inset != before:
            self.resized.emit()

    def _show(self) -> None:
        document = self._document
        read = PLAIN if document is None else document.reading
        batch = 1 if document is None else document.trace.batch
        fault = "" if document is None else document.fault
        name = document.graph.nodes[read.source].name if document and read.is_forward else ""
        plan = document.trace.plan if document and read.is_forward else None
        # A drag makes thirty traces a second, and seldom is anything else here.
        state = (read, batch, fault, name, plan and plan.wiring, plan and plan.seeds.rows)
        if state == self._state:
            return
        self._state = state
        self._shown = read.is_forward or batch > 1 or bool(fault)
        self.ahead.setVisible(read.is_forward)
        self.note.setVisible(read.is_forward)
        self.batch.setVisible(batch > 1)
        self.fault.setVisible(bool(fault))
        self.fault.setText(fault)
        if plan is not None:
            self._show_source(plan, read, name)
        for part in (self.number, *self.buttons.values()):
            part.blockSignals(True)
        self.number.setRange(1, batch)
        self.number.setValue(read.sample + 1)
        self.number.setSuffix(tr(" of {n}", n=batch))
        self.buttons[read.of].setChecked(True)
        for part in (self.number, *self.buttons.values()):
            part.blockSignals(False)
        self.setVisible(self._shown)
        if self._shown:
            self._place()

    def _show_source(self, plan: Plan, read: Reading, name: str) -> None:
        from bpstudio.core.forward import passes

        if not self.source.count():
            self._fill_sources()
        blocked = self.source.blockSignals(True)
        self.source.setCurrentIndex(self.source.findData(read.source))
        self.source.blockSignals(blocked)
        self.note.setText(passes(plan).sentence)
        self.value_mark.setText(tr("above: value"))
        self.rate_mark.setText(tr("below: ∂ = d/d{name}", name=name))

    def _fill_sources(self) -> None:
        document = self._document
        blocked = self.source.blockSignals(True)
        self.source.clear()
        # Ten thousand inputs are listed only where somebody may choose among them.
        if document is not None and document.reading.is_forward:
            for key in sources_of(document.graph):
                self.source.addItem(document.graph.nodes[key].name, key)
            self.source.setCurrentIndex(self.source.findData(document.reading.source))
        self.source.blockSignals(blocked)

    # --- what it does -----------------------------------------------------------------------

    def _read(self, **changes: object) -> None:
        if self._document is not None:
            self._document.read(replace(self._document.reading, **changes))  # type: ignore[arg-type]

    def _chosen(self, row: int) -> None:
        self._read(source=self.source.itemData(row))

    def _numbered(self, number: int) -> None:
        self._read(sample=number - 1, of=SAMPLE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        # No letter typed here may reach the canvas and begin something there.
        event.accept()

    # --- its parts --------------------------------------------------------------------------

    def _make_forward(self) -> None:
        self.title = QLabel()
        self.source = QComboBox()
        self.source.setObjectName("forward_source")
        self.source.currentIndexChanged.connect(self._chosen)
        self.leave = QToolButton()
        self.leave.setObjectName("forward_close")
        self.leave.setAutoRaise(True)
        self.leave.setText("×")
        self.leave.clicked.connect(lambda: self._read(mode=REVERSE, source=""))
        self.value_mark, self.rate_mark = QLabel(), QLabel()
        for label in (self.title, self.value_mark, self.rate_mark):
            label.setTextFormat(Qt.TextFormat.PlainText)
        first = _row(self.title, self.source)
        first.addStretch(1)
        first.addWidget(self.leave)
        legend = _row(self.value_mark, self.rate_mark)
        legend.setSpacing(16)
        legend.addStretch(1)
        self.ahead = QWidget()
        column = QVBoxLayout(self.ahead)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(legend)

    def _make_batch(self) -> None:
        self.group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for of in (SAMPLE, MEAN, SPREAD):
            button = self.buttons[of] = QToolButton()
            button.setObjectName(f"read_{of}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _=False, of=of: self._read(of=of))
            self.group.addButton(button)
        self.number = QSpinBox()
        self.number.setObjectName("sample_number")
        self.number.setKeyboardTracking(False)
        self.number.setWrapping(True)
        self.number.valueChanged.connect(self._numbered)
        row = _row(self.buttons[SAMPLE], self.number, self.buttons[MEAN], self.buttons[SPREAD])
        row.addStretch(1)
        self.batch = QWidget()
        self.batch.setLayout(row)

    def _place(self) -> None:
        room = self._canvas.width() - 2 * MARGIN
        # Words wrap at a width that is fixed first: a layout alone would take the narrowest.
        wide = max(120, min(themes.px(WIDEST), room))
        for label in (self.note, self.fault):
            label.setFixedWidth(
                min(wide - themes.px(20), label.fontMetrics().horizontalAdvance(label.text()))
            )
        self.setMaximumWidth(max(120, room))
        self.adjustSize()
        self.move(MARGIN, MARGIN)

    # --- words and colours ------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("What the numbers are"))
        self.title.setText(tr("Forward mode: d/d"))
        self.source.setAccessibleName(tr("Input to differentiate by"))
        self.leave.setToolTip(tr("Back to gradients"))
        self.leave.setAccessibleName(tr("Back to gradients"))
        self.number.setAccessibleName(tr("Chosen sample"))
        words = {
            SAMPLE: (tr("Sample"), tr("The numbers of one sample of the batch")),
            MEAN: (
                tr("Mean"),
                tr(
                    "The mean over all samples. The mean of the gradients is what the mean of "
                    "the samples' losses would give."
                ),
            ),
            SPREAD: (
                tr("± Spread"),
                tr("How far the samples lie from their mean: the standard deviation"),
            ),
        }
        for of, (word, tip) in words.items():
            self.buttons[of].setText(word)
            self.buttons[of].setToolTip(tip)
            self.buttons[of].setAccessibleName(word)
            self.buttons[of].setAccessibleDescription(tip)
        self._state = ()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _dress(self, _: object = None) -> None:
        look, px = themes.current(), themes.px
        self._column.setContentsMargins(px(10), px(6), px(8), px(6))
        self._column.setSpacing(px(4))
        self.source.setMaximumWidth(px(140))
        if self._shown:
            # Once the new fonts are known everywhere inside.
            QTimer.singleShot(0, self, self._grown)
        self.setStyleSheet(
            f"QFrame#reading_strip {{ background: {look.panel}; border: 1px solid {look.rule};"
            " border-radius: 8px; }"
        )
        self.title.setStyleSheet(f"color: {look.tangent}; font-weight: 600;")
        self.value_mark.setStyleSheet(f"color: {look.value};")
        self.rate_mark.setStyleSheet(f"color: {look.tangent};")

    def _grown(self) -> None:
        self._place()
        self.resized.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        row.addWidget(part)
    return row
