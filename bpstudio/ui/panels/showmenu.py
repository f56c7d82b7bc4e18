"""What the canvas shows, as one button with a menu: values, gradients, digits.

It stands for the stage's three switches where there is no room for them.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.panels.switch import Switch
from bpstudio.ui.settings import DIGITS, EXACT, Settings


class ShowMenu(Switch):
    """The button; its menu is read from the settings when it opens."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("show_menu")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._settings = settings
        menu = QMenu(self)
        self.switches = {name: menu.addAction("") for name in ("values", "gradients")}
        for name, entry in self.switches.items():
            entry.setCheckable(True)
            entry.triggered.connect(lambda on, name=name: settings.set(name, on))
        menu.addSeparator()
        one = QActionGroup(menu)
        self.digits = {digits: menu.addAction("") for digits in DIGITS}
        for digits, entry in self.digits.items():
            entry.setCheckable(True)
            one.addAction(entry)
            entry.triggered.connect(lambda _=False, digits=digits: settings.set("digits", digits))
        menu.aboutToShow.connect(self._read)
        self.setMenu(menu)
        self._retranslate()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + theme.px(48), super().sizeHint().height())

    def _read(self) -> None:
        for name, entry in self.switches.items():
            entry.setChecked(self._settings.get(name))
        self.digits[self._settings.get("digits")].setChecked(True)

    def _retranslate(self) -> None:
        self.setText(tr("Show"))
        self.setAccessibleName(tr("What the canvas shows"))
        self.setToolTip(tr("What the canvas shows"))
        self.switches["values"].setText(tr("Values"))
        self.switches["gradients"].setText(tr("Gradients"))
        for digits, entry in self.digits.items():
            entry.setText(digits_text(digits))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()


def digits_text(digits: int) -> str:
    """The name of a choice of digits."""
    return tr("All digits") if digits == EXACT else tr("{n} digits", n=digits)
