"""The gradient-flow page: the network at hand, or a table of deep nets before they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from bpstudio.language import tr
from bpstudio.nn.flowlog import FlowPicture
from bpstudio.ui.trainer.flowview import FlowView
from bpstudio.ui.trainer.lab import Content
from bpstudio.ui.trainer.views import Problem

if TYPE_CHECKING:
    from bpstudio.ui.trainer.gridview import GridView
    from bpstudio.ui.trainer.panel import TrainingPanel


class FlowContent(Content):
    """Two buttons choose which of the two is seen; the table is made when it is first wanted."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self.panel = panel
        self.view = FlowView()
        self.grid: GridView | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.here, self.deep = QPushButton(), QPushButton()
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 2)
        row.setSpacing(6)
        for number, button in enumerate((self.here, self.deep)):
            button.setCheckable(True)
            group.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        self.here.setChecked(True)
        group.idClicked.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.stack, 1)
        self.retranslate()

    def _turn(self, number: int) -> None:
        if number and self.grid is None:
            from bpstudio.ui.trainer.gridview import GridView

            self.grid = GridView(self.panel)
            self.stack.addWidget(self.grid)
        self.stack.setCurrentIndex(number)

    def begin(self, problem: Problem) -> None:
        """Another run: what was shown is of the old one."""
        self.view.show_picture(None)

    def show_picture(self, picture: FlowPicture | None) -> None:
        """The newest state of the run."""
        if picture is not None and self.stack.currentWidget() is self.view:
            self.view.show_picture(picture)

    def shut(self) -> None:
        """End the table's computation."""
        if self.grid is not None:
            self.grid.shut()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.here.setText(tr("This network"))
        self.deep.setText(tr("Deep nets compared"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
