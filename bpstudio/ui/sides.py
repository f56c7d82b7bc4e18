"""How wide palette, right column and a docked panel are: as the window's size asks
for, until a hand sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from bpstudio.ui import theme
from bpstudio.ui.settings import Settings

if TYPE_CHECKING:
    from bpstudio.ui.workbench import Workbench

SHARE = 0.48
"""Of the window's width that a docked panel takes."""
LEAST, ROOMY = 420, 600
"""Of the width, that a docked panel has at least, and that shows all of it at once."""
LEAST_GRAPH, GRAPH = 240, 420
"""What the graph keeps beside it at least, and where there is room for both."""


class Sides:
    """The splitter across the window, and whether its widths are somebody's own."""

    def __init__(self, across: QSplitter, settings: Settings, window: QWidget) -> None:
        self._across, self._settings, self._window = across, settings, window
        # As the style sheet has it, which not every way to the first layout has read by then.
        across.setHandleWidth(1)
        self._workbench: Workbench | None = None
        self._own: tuple[int, int] | None = None
        """The widths that a hand has set, of sides that are open."""
        self._given = (0, 0)

    def take(self, workbench: Workbench) -> None:
        """The panels stand in the splitter: as wide as they were left."""
        self._workbench = workbench
        workbench.column.take_state(self._settings.bytes("column"))
        if self._across.restoreState(self._settings.bytes("across")):
            left, _, right = self._across.sizes()[:3]
            self._own = left, right
        self.widen()
        self._across.splitterMoved.connect(self._moved)

    def shows(self, key: str) -> bool:
        """Whether the palette or the right column is open, or will be."""
        if self._workbench is None:
            return bool(self._settings.get(key))
        return self._workbench.shows(key)

    def widen(self) -> None:
        """As wide as the size asks for, unless somebody has set them."""
        if self._workbench is None:
            return
        changed = self._workbench.suit(self._window.width(), docked=self._docked)
        if self._own is not None and not changed:
            return
        # Which of the two hears of a new size first is not said.
        self._workbench.palette.grow()
        docked = self._docked
        self._given = left, right = self._asked(docked)
        self._set(left, self._window.width() - left - right, right, docked)

    def suit(self) -> None:
        """The window has another width, or a panel came or went: other sides may be asked for."""
        if self._workbench is None:
            return
        changed = self._workbench.suit(self._window.width(), docked=self._docked)
        if self._own is not None and not changed:
            return
        if changed or self._given != self._asked(self._docked):
            self.widen()
        if self._docked and self._own is None:
            # Once the splitter has its new width too: what it adds, it adds in equal parts.
            QTimer.singleShot(0, self._across, self.widen)

    def dock(self, panel: QWidget) -> None:
        """Stand a panel at the right end; its width is taken from the documents alone."""
        left, centre, right = self._across.sizes()
        self._across.addWidget(panel)
        self._across.setStretchFactor(self._across.indexOf(panel), 1)
        panel.show()
        if self._own is not None:
            self._set(left, centre, right, docked=True)
        self.widen()

    @property
    def _docked(self) -> bool:
        more = (self._across.widget(at) for at in range(3, self._across.count()))
        return any(panel is not None and not panel.isHidden() for panel in more)

    def _asked(self, docked: bool) -> tuple[int, int]:
        """Where graph and docked panel would have too little room, they are as narrow as can be;
        not in Large mode, which would cut their words."""
        assert self._workbench is not None
        if self._own is not None:
            return self._workbench.taken(self._own)
        usual = self._workbench.sides(self._window.width())
        rest = self._window.width() - sum(usual)
        tight = docked and theme.appearance().factor == 1.0 and rest < ROOMY + GRAPH
        return self._workbench.taken(self._workbench.sides(0) if tight else usual)

    def _set(self, left: int, rest: int, right: int, docked: bool) -> None:
        """What the sides leave is the documents' and the docked panel's."""
        assert self._workbench is not None
        self._workbench.settle()
        panel = max(LEAST, round(self._across.width() * SHARE))
        panel = min(panel, max(LEAST, rest - LEAST_GRAPH), max(ROOMY, rest - GRAPH))
        sizes = [left, max(1, rest - panel), right, panel] if docked else [left, rest, right]
        self._across.setSizes(sizes)

    def keep(self) -> None:
        """Remember them for the next time."""
        if self._workbench is not None:
            if self._own is not None:
                left, right = self._own
                self._workbench.unfold()
                self._set(left, self._across.width() - left - right, right, docked=False)
                self._settings.set_bytes("across", self._across.saveState())
            self._settings.set_bytes("column", self._workbench.column.state())

    def _moved(self) -> None:
        """A hand has set them; a side that is folded away has no width to tell."""
        assert self._workbench is not None
        left, _, right = self._across.sizes()[:3]
        old = self._own or self._workbench.sides(self._window.width())
        wide = [
            was if side.body.isHidden() else now
            for side, was, now in zip(
                self._workbench.ends.values(), old, (left, right), strict=True
            )
        ]
        self._own = wide[0], wide[1]
