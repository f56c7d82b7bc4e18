"""A caption and small buttons of which any number may be on, but at least one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from bpstudio.ui.trainer.flowlayout import FlowLayout


class Chips(QWidget):
    """`titles()` answers key -> words in the chosen language; `on` are the keys chosen at first."""

    def __init__(
        self,
        titles: Callable[[], Mapping[Hashable, str]],
        on: tuple[Hashable, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._titles = titles
        self.caption = QLabel()
        self.caption.setObjectName("quiet")
        self.buttons: dict[Hashable, QPushButton] = {}
        inner = QWidget()
        flow = FlowLayout(inner, gap=4)
        flow.setContentsMargins(0, 0, 0, 0)
        for key in titles():
            button = self.buttons[key] = QPushButton()
            button.setCheckable(True)
            button.setChecked(key in on)
            button.toggled.connect(lambda now, button=button: self._keep_one(now, button))
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.caption)
        column.addWidget(inner)

    @property
    def chosen(self) -> tuple[Hashable, ...]:
        """The keys that are on, in their order."""
        return tuple(key for key, button in self.buttons.items() if button.isChecked())

    def say(self, caption: str) -> None:
        """Say everything in the chosen language."""
        self.caption.setText(caption)
        for key, title in self._titles().items():
            self.buttons[key].setText(title)
            self.buttons[key].setAccessibleName(f"{caption}: {title}")

    def _keep_one(self, now: bool, button: QPushButton) -> None:
        if not now and not self.chosen:
            with QSignalBlocker(button):
                button.setChecked(True)
