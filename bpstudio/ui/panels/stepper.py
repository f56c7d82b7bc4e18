"""The stage: one step of the run in large mathematics, in a plain sentence, and on a time line.

It moves `document.go` and reads `document.readout`; it computes nothing. Playing stops at the end,
when the document changes, and when another document is looked at.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import tr
from bpstudio.ui import icons, theme, tips
from bpstudio.ui.document import Document
from bpstudio.ui.mathview import MathView
from bpstudio.ui.panels.sentence import Sentence
from bpstudio.ui.panels.showmenu import ShowMenu, digits_text
from bpstudio.ui.panels.stagewords import words_of
from bpstudio.ui.panels.switch import Switch
from bpstudio.ui.panels.timeline import Timeline
from bpstudio.ui.session import Session
from bpstudio.ui.settings import DIGITS, SPEEDS

MATHS = 20.0
"""Pixels of the large line: projected well."""
LOW_MATHS = 15.0
"""The same in a window that is low."""
LOW = 420
"""A window is low that has less than this height, in Large mode's pixels."""
_BUTTON, _SMALL, _LOWEST = 40, 34, 30
"""Of a button, of one on a narrow stage, and on a low one."""
_LINE = 19
"""Height of the sentence on a low stage."""
_ICON = 20


class Stepper(QWidget):
    """The panel at the bottom of the window."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._document: Document | None = None
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self.line = MathView(MATHS)
        self.line.set_alignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence = Sentence()
        self.timeline = Timeline()
        self.timeline.valueChanged.connect(self._slid)
        self.narrow = False
        """Whether the switches stand in a menu, for want of room."""
        self.low = False
        """Whether everything is as low as it can be: the window is."""
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._suit)
        self._make_buttons()
        self._make_switches()
        self._lay_out()
        session.settings.changed.connect(self._setting_changed)
        theme.appearance().changed.connect(self._dress)
        self._dress()
        self._retranslate()
        self.show_document(None)

    # --- what it does -----------------------------------------------------------------------

    def show_document(self, document: Document | None) -> None:
        """Look at this document's run."""
        self.pause()
        if self._document is not None:
            self._document.stepped.disconnect(self._refresh)
            self._document.traced.disconnect(self._refresh)
            self._document.reread.disconnect(self._refresh)
        self._document = document
        if document is not None:
            document.stepped.connect(self._refresh)
            document.traced.connect(self._refresh)
            document.reread.connect(self._refresh)
        self._refresh()

    @property
    def steps(self) -> int:
        """How many steps the run has."""
        return self._document.readout.steps if self._document is not None else 0

    @property
    def playing(self) -> bool:
        """Whether steps follow one another by themselves."""
        return self._clock.isActive()

    def first(self) -> None:
        """Go to the beginning: only the inputs have their values."""
        self._go(0)

    def last(self) -> None:
        """Go to the last step: everything is computed."""
        self._go(self.steps)

    def everything(self) -> None:
        """Leave the steps; show all values and gradients."""
        self.pause()
        self._go(None)

    def forward(self) -> None:
        """One step on; from everything shown to the beginning."""
        if self._document is None:
            return
        step = self._document.step
        self._go(0 if step is None else min(self.steps, step + 1))

    def back(self) -> None:
        """One step back; from everything shown to the last step."""
        if self._document is None:
            return
        step = self._document.step
        self._go(self.steps if step is None else max(0, step - 1))

    def toggle(self) -> None:
        """Play from here, from the beginning when at the end, or pause."""
        if self.playing:
            self.pause()
            return
        if self._document is None or not self.steps:
            return
        if self._document.step is None or self._document.step >= self.steps:
            self._go(0)
        self._clock.start(round(1000 * self._session.settings.get("speed")))
        self._show_playing()

    def pause(self) -> None:
        """Stop playing where it is."""
        self._clock.stop()
        self._show_playing()

    def _go(self, step: int | None) -> None:
        if self._document is not None:
            self._document.go(step)

    def _tick(self) -> None:
        step = self._document.step if self._document is not None else None
        if step is None:
            self.pause()
            return
        self.forward()
        if step + 1 >= self.steps:
            self.pause()

    def _slid(self, step: int) -> None:
        self._go(step)

    # --- what it shows ----------------------------------------------------------------------

    def _refresh(self, _: object = None) -> None:
        document, steps = self._document, self.steps
        step = document.step if document is not None else None
        ahead = document is not None and document.reading.is_forward
        self.timeline.show_step(step, steps, one_pass=ahead)
        for button in self._buttons.values():
            button.setEnabled(steps > 0)
        self._buttons["back"].setEnabled(steps > 0 and step != 0)
        self._buttons["forward"].setEnabled(steps > 0 and step != steps)
        line, latex, sentence = words_of(document, self._digits())
        self.line.show_formula(line, latex)
        self.line.setToolTip(tips.plain(line))
        self.sentence.say(sentence)
        if step is None:
            self.pause()

    def _digits(self) -> int:
        return int(self._session.settings.get("digits"))

    # --- its parts --------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self._buttons: dict[str, QToolButton] = {}
        runs = {
            "first": self.first,
            "back": self.back,
            "play": self.toggle,
            "forward": self.forward,
            "last": self.last,
        }
        for name, run in runs.items():
            button = self._buttons[name] = QToolButton()
            button.setObjectName(f"step_{name}")
            button.setProperty("stage", True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, run=run: run())
        self.speed = QComboBox()
        self.speed.setObjectName("speed")
        self.speed.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for seconds in SPEEDS:
            self.speed.addItem("", seconds)
        self.speed.activated.connect(
            lambda row: self._session.settings.set("speed", self.speed.itemData(row))
        )

    def _make_switches(self) -> None:
        self.values = Switch()
        self.gradients = Switch()
        for switch, name in ((self.values, "values"), (self.gradients, "gradients")):
            switch.setObjectName(name)
            switch.setCheckable(True)
            switch.setChecked(self._session.settings.get(name))
            switch.toggled.connect(lambda on, name=name: self._session.settings.set(name, on))
        self.digits = Switch()
        self.digits.setObjectName("digits")
        menu = QMenu(self.digits)
        for digits in DIGITS:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setData(digits)
        menu.triggered.connect(lambda a: self._session.settings.set("digits", a.data()))
        self.digits.setMenu(menu)

        self.show_menu = ShowMenu(self._session.settings)
        self.show_menu.hide()

    def _lay_out(self) -> None:
        buttons = self._row = QHBoxLayout()
        for button in self._buttons.values():
            buttons.addWidget(button)
        buttons.addWidget(self.speed)
        buttons.addStretch(1)
        switches = self._pile = QVBoxLayout()
        for switch in (self.values, self.gradients, self.digits):
            switches.addWidget(switch)
        switches.addStretch(1)
        line = self._line = QHBoxLayout()
        line.addWidget(self.timeline, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.show_menu, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.line)
        words.addWidget(self.sentence)
        grid = self._grid = QGridLayout(self)
        grid.setVerticalSpacing(0)
        grid.addLayout(words, 0, 0, 1, 2)
        grid.addLayout(buttons, 1, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addLayout(line, 1, 1)
        grid.addLayout(switches, 0, 2, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 1)

    def _size(self) -> None:
        """Everything as large as Large mode wants it."""
        px = theme.px
        for button in self._buttons.values():
            high = px(_LOWEST if self.low else _SMALL if self.narrow else _BUTTON)
            button.setFixedSize(high, high)
            button.setIconSize(QSize(px(_ICON), px(_ICON)))
        self.sentence.setMinimumHeight(px(_LINE if self.low else 24))
        self.sentence.keep_to_one_line(self.low)
        self.line.set_size(LOW_MATHS if self.low else MATHS)
        self.timeline.set_low(self.low)
        self._row.setSpacing(px(6))
        self._pile.setSpacing(px(4))
        self._line.setSpacing(px(6))
        aside = 12 if self.narrow else 24
        above, below = (4, 2) if self.low else (8 if self.narrow else 12, 8)
        self._grid.setContentsMargins(aside, px(above), aside, px(below))
        self._grid.setHorizontalSpacing(12 if self.narrow else 32)
        self._grid.setColumnMinimumWidth(2, 0 if self.narrow else 168)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Not from inside the layout's own round: it would take itself for up to date after it.
        self._soon.start()

    def suit(self) -> None:
        """The window has another height."""
        self._soon.start()

    def _suit(self) -> None:
        """Where the stage is narrower than all its parts, or the window so low that the canvas
        would be lower than the stage, the switches stand in a menu, and the buttons and the time
        line share what that leaves."""
        large = theme.appearance().factor > 1.0
        low = large and self.window().height() < theme.px(LOW)
        narrow = low or (large and self.width() < self._whole())
        if (narrow, low) == (self.narrow, self.low):
            return
        self.narrow, self.low = narrow, low
        for switch in (self.values, self.gradients, self.digits):
            switch.setVisible(not narrow)
        self.show_menu.setVisible(narrow)
        self._size()
        self._grid.activate()

    def _whole(self) -> int:
        """The width in which nothing of the wide stage is pressed."""
        px = theme.px
        buttons = 5 * (px(_BUTTON) + px(6)) + self.speed.sizeHint().width()
        piled = (self.values, self.gradients, self.digits)
        pile = max(168, *(switch.sizeHint().width() for switch in piled))
        return buttons + self.timeline.minimumWidth() + pile + 2 * 24 + 2 * 32

    # --- words and colours ------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._refresh()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Steps"))
        self.timeline.setAccessibleName(tr("Step of the run"))
        words = {
            "first": tr("First step"),
            "back": tr("One step back"),
            "play": tr("Play or pause"),
            "forward": tr("One step forward"),
            "last": tr("Last step"),
        }
        for name, button in self._buttons.items():
            button.setToolTip(words[name])
            button.setAccessibleName(words[name])
        self.speed.setToolTip(tr("Time a step takes while it plays"))
        self.speed.setAccessibleName(tr("Time a step takes while it plays"))
        for row, seconds in enumerate(SPEEDS):
            self.speed.setItemText(
                row, tr("{seconds} s", seconds=f"{seconds:.2f}".removesuffix("0"))
            )
        self.values.setText(tr("Values"))
        self.gradients.setText(tr("Gradients"))
        for action in self.digits.menu().actions():
            action.setText(digits_text(action.data()))
        self._setting_changed("digits")
        self._setting_changed("speed")
        self._soon.start()

    def _setting_changed(self, name: str) -> None:
        settings = self._session.settings
        if name == "digits":
            digits = settings.get("digits")
            self.digits.setText(digits_text(digits))
            for action in self.digits.menu().actions():
                action.setChecked(action.data() == digits)
            self._refresh()
        elif name == "speed":
            seconds = settings.get("speed")
            self.speed.setCurrentIndex(SPEEDS.index(seconds))
            if self.playing:
                self._clock.setInterval(round(1000 * seconds))
        elif name in ("values", "gradients"):
            switch = self.values if name == "values" else self.gradients
            switch.setChecked(settings.get(name))

    def _dress(self, _: object = None) -> None:
        self._soon.start()
        self._size()
        for name in ("first", "back", "forward", "last"):
            self._buttons[name].setIcon(icons.icon(name, size=theme.px(_ICON)))
        self._show_playing()

    def _show_playing(self) -> None:
        name, colour = "pause" if self.playing else "play", theme.current().accent
        icon = QIcon()
        for dpr in (1.0, 2.0):
            icon.addPixmap(icons.pixmap(name, colour, theme.px(_ICON + 4), dpr))
        self._buttons["play"].setIcon(icon)
