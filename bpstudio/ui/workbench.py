"""What stands around the documents: palette, right column, stage. Made from PANELS.

The window is painted before any of this is made or imported.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.panels import PANELS, Panel
from bpstudio.ui.panels.overview import Overview
from bpstudio.ui.panels.palette import Palette
from bpstudio.ui.panels.parts import Parts
from bpstudio.ui.panels.stepper import Stepper
from bpstudio.ui.section import Section
from bpstudio.ui.session import Session

SIDES = {1200: (184, 296), 1100: (156, 264), 0: (156, 252)}
"""From this width of the window on: the widths of the palette and the right column."""
MOST = {1.5: (0.15, 0.25), 2.0: (0.15, 0.28)}
"""In Large mode neither takes more of the window than this: the canvas stays the largest."""
_STRETCH = {"inspector": 7, "outline": 3, "history": 3}


class Workbench:
    """The panels of one window and where they stand."""

    def __init__(self, session: Session, across: QSplitter, below: QWidget) -> None:
        """At both sides of what is in the splitter; the stage is a child of `below`."""
        self._session = session
        # From the outside in: whoever gets another parent is dressed anew, with all there is in
        # it, so that a panel filled first would be dressed at every step outwards.
        self.left, self.column = QWidget(), QSplitter(Qt.Orientation.Vertical)
        for side, name, place in ((self.left, "left", 0), (self.column, "column", 2)):
            side.setObjectName(name)
            side.hide()
            across.insertWidget(place, side)
        for part, stretch in enumerate((0, 1, 0)):
            across.setStretchFactor(part, stretch)
        self.sections: dict[str, Section] = {}
        self.panels: dict[str, QWidget] = {}
        for panel in PANELS:
            if panel.area == "right":
                self.panels[panel.key] = self._section(panel).body
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
        self._fill_column()
        self.retranslate()

    def show_document(self, document: Document | None) -> None:
        """Let every panel look at this document."""
        for panel in self.panels.values():
            panel.show_document(document)  # type: ignore[attr-defined]
        self.arrange()

    def arrange(self) -> None:
        """Show the parts that the settings and the presence of a document ask for."""
        there, settings = self._session.current is not None, self._session.settings
        self.left.setVisible(there and settings.get("palette"))
        self.overview.want(settings.get("overview"))
        self.column.setVisible(there and settings.get("column"))
        self.stepper.setVisible(there)

    def sides(self, width: int) -> tuple[int, int]:
        """How wide the palette and the right column are in a window as wide as this."""
        usual = next(sides for least, sides in SIDES.items() if width >= least)
        most = MOST.get(theme.appearance().factor)
        if most is None:
            return usual
        left, right = (
            max(side, min(theme.px(side), round(width * share)))
            for side, share in zip(usual, most, strict=True)
        )
        return max(left, self.palette.least_width), right

    def retranslate(self) -> None:
        """Say the headings in the chosen language."""
        for panel in PANELS:
            if panel.key in self.sections:
                self.sections[panel.key].set_title(tr(panel.title))

    def _fill_left(self) -> None:
        """The palette with one's own parts and the map of a large graph below it."""
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.palette, 1)
        column.addWidget(self.parts)
        column.addWidget(self.overview)

    def _section(self, panel: Panel) -> Section:
        """A panel of the right column under its heading."""
        settings, key = self._session.settings, f"{panel.key}_open"
        section = Section(
            lambda parent: panel.make(self._session, parent),
            opened=settings.get(key),
            parent=self.column,
        )
        section.folded.connect(lambda on: settings.set(key, on))
        self.sections[panel.key] = section
        return section

    def _fill_column(self) -> None:
        self.column.setMinimumWidth(232)
        self.column.setChildrenCollapsible(False)
        for place, key in enumerate(self.sections):
            self.column.setStretchFactor(place, _STRETCH.get(key, 3))
        # Folded sections stay at the top: an empty rest takes what they leave.
        rest = QWidget(self.column)
        rest.setObjectName("column_rest")
        self.column.setSizes([500, 220, 160, 0])
