"""The parts of the training panel and where they stand: row, settings, pages, foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.brushes import Brushes
from bpstudio.ui.trainer.foot import Foot
from bpstudio.ui.trainer.form import Form
from bpstudio.ui.trainer.lab import Later
from bpstudio.ui.trainer.noticebar import NoticeBar
from bpstudio.ui.trainer.pages import TABS, NetworkPage
from bpstudio.ui.trainer.transport import Transport

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel

TALL = 560
"""From this height on there is room for a line about the example."""
PAGE = 190
"""Height that the pages and their tabs keep in any case."""
BOTH = 720
"""From this width on there is room for the settings beside the pages."""
_SHEET = """
QWidget#training_body, QWidget#training_row, QWidget#training_output, QWidget#training_curves,
QTabWidget#training_tabs > QWidget {{ background: {panel}; }}
"""


class Body(QWidget):
    """Lays them out and dresses them; what they do, the panel connects."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__(panel)
        self.setObjectName("training_body")
        self.row, self.form, self.brushes = Transport(), Form(), Brushes()
        self.form.hide()
        self.brushes.hide()
        self.foot, self.middle = Foot(), QWidget()
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("training_tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.setTabBarAutoHide(True)
        self.pages: dict[str, NetworkPage | Later[Any]] = {}
        for tab in TABS:
            self.pages[tab.key] = page = tab.make(panel)
            self.tabs.addTab(page, tr(tab.title))
        self._lay_out()
        self.notice = NoticeBar(self.middle)
        themes.appearance().changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        self.note.setContentsMargins(12, 0, 12, 6)
        across = QHBoxLayout(self.middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.form)
        across.addWidget(self.tabs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.row, self.note, self.brushes):
            column.addWidget(part)
        column.addWidget(self.middle, 1)
        column.addWidget(self.foot)
        first = self.pages["network"]
        assert isinstance(first, NetworkPage)
        for dressed in (self, self.row, first.curves, first.side):
            dressed.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def tell_note(self, words: str, more: str = "") -> None:
        """Say what is learned from; where it is low, only to who points at the example."""
        self.note.setText(words)
        self.note.setToolTip(more)
        self.row.examples.setToolTip("\n".join(filter(None, (words, more))))
        self._fit()

    def show_settings(self, on: bool) -> None:
        """Show the settings beside the pages; in their place where one of the two would be cut."""
        self.form.setVisible(on)
        self._fit()

    def _fit(self) -> None:
        both = self.width() >= themes.length(BOTH)
        self.form.fill(not both)
        self.tabs.setVisible(both or self.form.isHidden())
        self.note.setVisible(bool(self.note.text()) and self.height() >= themes.length(TALL))
        bars = (self.row.heightForWidth(self.width()), self.foot.sizeHint().height())
        self.setMinimumHeight(sum(bars) + themes.px(PAGE))

    def heightForWidth(self, width: int) -> int:
        # Its least: pages and settings scroll by themselves, and are not to scroll in here too.
        return self.minimumHeight()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self, _: object = None) -> None:
        self.setStyleSheet(_SHEET.format(panel=themes.current().panel))
        self._fit()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        for number, tab in enumerate(TABS):
            self.tabs.setTabText(number, tr(tab.title))
        self.tabs.setAccessibleName(tr("Pages of the training"))
