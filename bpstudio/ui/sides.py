"""How wide palette and right column are: as the window's size asks for, until a hand sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSplitter, QWidget

from bpstudio.ui.settings import Settings

if TYPE_CHECKING:
    from bpstudio.ui.workbench import Workbench


class Sides:
    """The splitter across the window, and whether its widths are somebody's own."""

    def __init__(self, across: QSplitter, settings: Settings, window: QWidget) -> None:
        self._across, self._settings, self._window = across, settings, window
        self._workbench: Workbench | None = None
        self._own = False

    def take(self, workbench: Workbench) -> None:
        """Stand the panels in the splitter, as wide as they were left."""
        self._workbench = workbench
        workbench.place_in(self._across)
        workbench.column.restoreState(self._settings.bytes("column"))
        self._own = self._across.restoreState(self._settings.bytes("across"))
        self.widen()
        self._across.splitterMoved.connect(self._moved)

    def widen(self, _: object = None) -> None:
        """As wide as the size asks for, unless somebody has set them."""
        if self._workbench is not None and not self._own:
            # Which of the two hears of a new size first is not said.
            self._workbench.palette.grow()
            whole = self._window.width()
            left, right = self._workbench.sides(whole)
            self._across.setSizes([left, max(1, whole - left - right), right])

    def keep(self) -> None:
        """Remember them for the next time."""
        if self._workbench is not None:
            if self._own:
                self._settings.set_bytes("across", self._across.saveState())
            self._settings.set_bytes("column", self._workbench.column.saveState())

    def _moved(self) -> None:
        self._own = True
