"""What stands around the documents: palette, right column, stage. Made from PANELS.

The window is painted before any of this is made or imported.
"""

from __future__ import annotations

from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.column import Column
from bpstudio.ui.document import Document
from bpstudio.ui.panels import PANELS, Panel
from bpstudio.ui.panels.overview import Overview
from bpstudio.ui.panels.palette import Palette
from bpstudio.ui.panels.parts import Parts
from bpstudio.ui.panels.stepper import Stepper
from bpstudio.ui.session import Session
from bpstudio.ui.side import LEFT, RIGHT, Side

SIDES = {1200: (184, 296), 1100: (156, 264), 0: (156, 252)}
"""From this width of the window on: the widths of the palette and the right column."""
MOST = {1.5: (0.15, 0.25), 2.0: (0.15, 0.28)}
"""In Large mode neither takes more of the window than this: the canvas stays the largest."""
COLUMN = 232
"""The right column is never narrower."""
LEAST = 220
"""Of the right column's width, in which nothing of it is cut in Large mode."""
CANVAS = 0.55
"""Of the window's width that is the documents' in Large mode; where both sides leave less, they are
shown one by one."""
DOCKED = 840
"""That documents and a docked panel have together there."""
_RAILS = 32
"""Of the two rails, one beside its open side."""


class Workbench:
    """The panels of one window and where they stand."""

    def __init__(self, session: Session, across: QSplitter, below: QWidget) -> None:
        """At both sides of what is in the splitter; the stage is a child of `below`."""
        self._session = session
        # From the outside in: whoever gets another parent is dressed anew, with all there is in
        # it, so that a panel filled first would be dressed at every step outwards.
        self.left, self.column = QWidget(), Column(session.settings)
        self.left.setObjectName("left")
        self.ends = {"palette": Side(self.left, LEFT), "column": Side(self.column, RIGHT)}
        self._width, self._docked = across.width(), False
        for place, (key, side) in zip((0, 2), self.ends.items(), strict=True):
            side.hide()
            side.wanted.connect(lambda on, key=key: self.want(key, on))
            across.insertWidget(place, side)
        for part, stretch in enumerate((0, 1, 0)):
            across.setStretchFactor(part, stretch)
        self.sections = self.column.sections
        self.panels: dict[str, QWidget] = {}
        for panel in PANELS:
            if panel.area == "right":
                self.panels[panel.key] = self._section(panel)
            else:
                outer = self.left if panel.area == "left" else below
                self.panels[panel.key] = panel.make(session, outer)
        palette, stepper = self.panels["palette"], self.panels["stepper"]
        assert isinstance(palette, Palette)
        assert isinstance(stepper, Stepper)
        self.palette, self.stepper = palette, stepper
        self.parts = Parts(session, self.left)
        self.overview = Overview(self.left)
        self._fill_left()
        self.column.complete()
        self.retranslate()

    def show_document(self, document: Document | None) -> None:
        """Let every panel look at this document."""
        for panel in self.panels.values():
            panel.show_document(document)  # type: ignore[attr-defined]
        self.arrange()

    def arrange(self) -> None:
        """Show the parts that the settings and the presence of a document ask for."""
        there, settings = self._session.current is not None, self._session.settings
        for key, side in self.ends.items():
            side.show_as(opened=there and self.shows(key), railed=there and self.crowded)
        self.overview.want(settings.get("overview"))
        self.stepper.setVisible(there)

    # --- the two sides ----------------------------------------------------------------------

    def suit(self, width: int, *, docked: bool) -> bool:
        """The window is as wide as this. Tells whether a side came, went or changed its look."""
        before = [(side.isHidden(), side.rail.isHidden(), side.folded) for side in self._sides]
        self._width, self._docked = width, docked
        self.column.setMinimumWidth(max(COLUMN, theme.px(LEAST)))
        self.column.suit()
        self.stepper.suit()
        self.arrange()
        after = [(side.isHidden(), side.rail.isHidden(), side.folded) for side in self._sides]
        return before != after

    @property
    def crowded(self) -> bool:
        """Whether both sides at once would leave the documents too little room."""
        return theme.appearance().factor > 1.0 and sum(self._least()) > self._spare()

    def shows(self, key: str) -> bool:
        """Whether this side is open. In a crowded window that is another choice than elsewhere:
        until somebody makes it, the right column is, where it has room beside the two rails."""
        settings = self._session.settings
        if not self.crowded:
            return bool(settings.get(key))
        if chosen := settings.get(f"{key}_crowded"):
            return bool(chosen == "shown")
        rails = theme.px(_RAILS)
        return bool(
            key == "column" and settings.get(key) and self._least()[1] + rails <= self._spare()
        )

    def want(self, key: str, on: bool) -> None:
        """Somebody opens this side or puts it away: remembered for windows as crowded as this."""
        if self.crowded:
            self._session.settings.set(f"{key}_crowded", "shown" if on else "hidden")
        else:
            self._session.settings.set(key, on)

    def sides(self, width: int) -> tuple[int, int]:
        """How wide the palette and the right column are in a window as wide as this, when open."""
        usual = next(sides for least, sides in SIDES.items() if width >= least)
        most = MOST.get(theme.appearance().factor)
        if most is None:
            return usual
        least = self._least()
        left, right = (
            max(side, low, min(theme.px(side), round(width * share)))
            for side, low, share in zip(usual, least, most, strict=True)
        )
        if left + right > self._spare():
            left, right = least
        return left, right

    def taken(self, open_widths: tuple[int, int]) -> tuple[int, int]:
        """The widths that sides as wide as this when open take as they stand, rails included."""
        left, right = (
            0
            if side.isHidden()
            else (0 if side.body.isHidden() else wide)
            + (0 if side.rail.isHidden() else side.rail.wide)
            for side, wide in zip(self._sides, open_widths, strict=True)
        )
        return left, right

    def settle(self) -> None:
        """Let the splitter hear of new least widths now: Qt would tell it a turn later."""
        for part in (self.left, *self._sides):
            if (layout := part.layout()) is not None:
                layout.activate()

    def unfold(self) -> None:
        """Open both sides, so that the splitter can tell their widths."""
        for key, side in self.ends.items():
            side.show_as(opened=bool(self._session.settings.get(key)), railed=False)

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.ends["palette"], self.ends["column"]

    def _least(self) -> tuple[int, int]:
        """The widths in which nothing of the sides is cut."""
        return self.palette.least_width, theme.px(LEAST)

    def _spare(self) -> int:
        """What of the window's width the sides may take in Large mode."""
        centre = self._width * CANVAS
        if self._docked:
            centre = max(centre, theme.px(DOCKED))
        return round(self._width - centre)

    def retranslate(self) -> None:
        """Say the headings in the chosen language."""
        for panel in PANELS:
            if panel.key in self.sections:
                self.sections[panel.key].set_title(tr(panel.title))
        self.ends["palette"].set_title(tr("Gates"), tr("Show the gates, or put them away (F8)"))
        self.ends["column"].set_title(
            tr("Inspector"), tr("Show inspector and outline, or put them away (F9)")
        )

    def _fill_left(self) -> None:
        """The palette with one's own parts and the map of a large graph below it."""
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.palette, 1)
        column.addWidget(self.parts)
        column.addWidget(self.overview)

    def _section(self, panel: Panel) -> QWidget:
        """A panel of the right column, under its heading."""
        return self.column.add(panel.key, lambda parent: panel.make(self._session, parent)).body
