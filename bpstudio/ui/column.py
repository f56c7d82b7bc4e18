"""The right column: its parts under headings, one open at a time where it is low.

A low window in Large mode has no room for two of them: each would show a line or none.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from bpstudio.ui import theme
from bpstudio.ui.section import TALL, Section
from bpstudio.ui.settings import Settings

ENOUGH = 70
"""Height with which an open part is of use."""
_STRETCH = {"inspector": 7, "outline": 3, "history": 3}
_SIZES = [500, 220, 160, 0]


class Column(QSplitter):
    """Sections by their keys; which are open is remembered, for a low column on its own."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setObjectName("column")
        self._settings = settings
        self.sections: dict[str, Section] = {}
        self.low = False
        self._roomy = QByteArray()
        """How the heights stood before the column was low."""

    def add(self, key: str, make: Callable[[QWidget], QWidget]) -> Section:
        """A part under a heading of its own."""
        section = Section(make, opened=self._settings.get(f"{key}_open"), parent=self)
        section.folded.connect(lambda on: self._folded(key, on))
        self.sections[key] = section
        return section

    def complete(self) -> None:
        """All parts are there."""
        self.setChildrenCollapsible(False)
        for place, key in enumerate(self.sections):
            self.setStretchFactor(place, _STRETCH.get(key, 3))
        # Folded sections stay at the top: an empty rest takes what they leave.
        rest = QWidget(self)
        rest.setObjectName("column_rest")
        self.setSizes(_SIZES)

    def state(self) -> QByteArray:
        """The heights to remember: never those of a low column."""
        return self._roomy if self.low else self.saveState()

    def take_state(self, state: QByteArray) -> None:
        """The heights as they were left, for when there is room for them."""
        if self.low:
            self._roomy = state
        else:
            self.restoreState(state)

    def suit(self) -> None:
        """Another height or another size: all that should be open is, or one part of it."""
        if not self.isVisible():
            return  # It has no height yet.
        wanted = [key for key in self.sections if self._settings.get(f"{key}_open")]
        needed = theme.px(TALL) * len(self.sections) + theme.px(ENOUGH) * len(wanted)
        low = len(wanted) > 1 and self.height() < needed
        if low == self.low:
            return
        if low:
            self._roomy = self.saveState()
        self.low = low
        self._show()
        if not low:
            self.restoreState(self._roomy)

    def _folded(self, key: str, on: bool) -> None:
        if not self.low:
            self._settings.set(f"{key}_open", on)
            self.suit()
            return
        self._settings.set("column_low", key if on else "")
        self._show()

    def _show(self) -> None:
        one = self._settings.get("column_low")
        for key, section in self.sections.items():
            opened = key == one if self.low else self._settings.get(f"{key}_open")
            section.show_as(opened=opened, low=self.low)
        if self.low:
            self.setSizes([self.height() if key == one else 0 for key in self.sections] + [0])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.suit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.suit()
