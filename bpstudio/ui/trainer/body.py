"""The parts of the training panel and where they stand: row, settings, pages, foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
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
        self.notice, self.foot = NoticeBar(), Foot()
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
        themes.appearance().changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(0)
        self.note.setContentsMargins(12, 0, 12, 6)
        middle.addWidget(self.note)
        middle.addWidget(self.brushes)
        framed = QHBoxLayout()
        framed.setContentsMargins(12, 0, 12, 6)
        framed.addWidget(self.notice)
        middle.addLayout(framed)
        middle.addWidget(self.tabs, 1)
        middle.addWidget(self.foot)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.form)
        across.addLayout(middle, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addLayout(across, 1)
        first = self.pages["network"]
        assert isinstance(first, NetworkPage)
        for part in (self, self.row, first.curves, first.side):
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _dress(self, _: object = None) -> None:
        self.setStyleSheet(_SHEET.format(panel=themes.current().panel))

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        for number, tab in enumerate(TABS):
            self.tabs.setTabText(number, tr(tab.title))
        self.tabs.setAccessibleName(tr("Pages of the training"))
