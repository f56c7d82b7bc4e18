"""A caption over a button that opens a list of boxes: any number are ticked, but at least one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

MOST = 3
"""Of more ticked boxes the button says how many."""
LETTERS = 20
"""Of longer names it shows fewer, so that all choices stand in one row beside a graph."""


Key = TypeVar("Key", bound=Hashable)


class Several(QWidget, Generic[Key]):
    """`titles()` answers key -> words in the chosen language; `on` are the keys ticked at first."""

    def __init__(
        self,
        titles: Callable[[], Mapping[Key, str]],
        on: tuple[Key, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._titles = titles
        self.caption = QLabel()
        self.caption.setObjectName("quiet")
        self.button = QToolButton()
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.caption.setBuddy(self.button)
        self.menu = QMenu(self)
        self.button.setMenu(self.menu)
        self.boxes: dict[Key, QCheckBox] = {}
        # Boxes within a menu, not its entries: it stays open while one ticks several.
        held = QWidget()
        inner = QVBoxLayout(held)
        inner.setContentsMargins(10, 4, 14, 4)
        inner.setSpacing(2)
        for key in titles():
            box = self.boxes[key] = QCheckBox()
            box.setChecked(key in on)
            box.toggled.connect(lambda now, box=box: self._keep_one(now, box))
            inner.addWidget(box)
        action = QWidgetAction(self.menu)
        action.setDefaultWidget(held)
        self.menu.addAction(action)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.caption)
        column.addWidget(self.button)

    @property
    def chosen(self) -> tuple[Key, ...]:
        """The keys that are ticked, in their order."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())

    def say(self, caption: str) -> None:
        """Say everything in the chosen language."""
        self.caption.setText(caption)
        for key, title in self._titles().items():
            self.boxes[key].setText(title)
        self._sum_up()

    def _keep_one(self, now: bool, box: QCheckBox) -> None:
        if not now and not self.chosen:
            with QSignalBlocker(box):
                box.setChecked(True)
        self._sum_up()

    def _sum_up(self) -> None:
        titles = self._titles()
        names = [titles[key] for key in self.chosen]
        shown = min(MOST, len(names))
        while shown > 1 and len(", ".join(names[:shown])) > LETTERS:
            shown -= 1
        more = f", … ({len(names)})" if len(names) > shown else ""
        self.button.setText(", ".join(names[:shown]) + more + "  ▾")
        self.button.setToolTip(", ".join(names))
        self.button.setAccessibleName(f"{self.caption.text()}: {', '.join(names)}")
        self.button.updateGeometry()
