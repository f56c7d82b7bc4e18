"""The pages of the training panel that come after the network itself; each is made when it is
first looked at.

A page here is a thin widget in the row of tabs; what it shows is imported and built by its `build`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpstudio.ui.trainer.engine import Frame, Look
from bpstudio.ui.trainer.views import Problem

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel


class Later(QWidget):
    """A page whose content is made when it is first shown."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self.panel = panel
        self.content: Any = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    def build(self) -> QWidget:
        """What the page shows."""
        raise NotImplementedError

    def made(self) -> Any:
        """The content, made if it was not yet."""
        if self.content is None:
            self.content = self.build()
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self.content)
            if self.panel.problem is not None:
                self.content.begin(self.panel.problem)
            follow(self.panel.tabs.tabBar(), self.content)
        return self.content

    def begin(self, problem: Problem) -> None:
        """Another run."""
        if self.content is not None:
            self.content.begin(problem)

    def looks(self) -> Mapping[str, Look]:
        """What it wants to see of a run."""
        return {}

    def show_frame(self, frame: Frame) -> None:
        """The newest state of the run; called while the page is looked at."""

    def shut(self) -> None:
        """End what it has at work."""
        if self.content is not None and hasattr(self.content, "shut"):
            self.content.shut()

    def showEvent(self, event: QShowEvent) -> None:
        self.made()
        super().showEvent(event)


def follow(before: QWidget, content: QWidget) -> None:
    """Let Tab come to what was made late after `before`, not after everything made earlier."""
    inside, part = [], content.nextInFocusChain()
    while part is not content:
        takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None
        if takes and content.isAncestorOf(part):
            inside.append(part)
        part = part.nextInFocusChain()
    for part in inside:
        QWidget.setTabOrder(before, part)
        before = part


class FlowPage(Later):
    """The gradient flow of the network at hand, and deep nets compared."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__(panel)
        self.log: Any = None

    def build(self) -> QWidget:
        from bpstudio.ui.trainer.flowpage import FlowContent

        return FlowContent(self.panel)

    def looks(self) -> Mapping[str, Look]:
        from bpstudio.nn.flowlog import FlowLog

        # A log of its own for each run; it records whether the page is looked at or not.
        self.log = FlowLog(wanted=self.isVisible())
        return {"flow": self.log}

    def show_frame(self, frame: Frame) -> None:
        picture = frame.seen.get("flow")
        self.made().show_picture(picture)
        if picture is not None and not frame.playing and picture.updates != frame.updates:
            # The last picture of a run that played is not the run's last state.
            self.log.hurry = True
            self.panel.runner.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.log is not None:
            self.log.wanted = True
            self.panel.runner.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        if self.log is not None:
            self.log.wanted = False
        super().hideEvent(event)


class RemediesPage(Later):
    """The remedies and the twin run."""

    def build(self) -> QWidget:
        from bpstudio.ui.trainer.remediesview import RemediesView

        return RemediesView(self.panel)


class SeedsPage(Later):
    """Many runs of one network side by side."""

    def build(self) -> QWidget:
        from bpstudio.ui.trainer.seedsview import SeedsView

        return SeedsView(self.panel)
