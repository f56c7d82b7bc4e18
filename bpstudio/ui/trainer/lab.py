"""The pages of the training panel that come after the network itself; each is made when it is
first looked at.

A page here is a thin widget in the row of tabs; what it shows, a Content, is imported and built by
the function that it is given.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpstudio.ui.trainer.engine import Frame, Look
from bpstudio.ui.trainer.views import Problem

if TYPE_CHECKING:
    from bpstudio.nn.flowlog import FlowLog
    from bpstudio.ui.trainer.flowpage import FlowContent
    from bpstudio.ui.trainer.panel import TrainingPanel


class Content(QWidget):
    """What a page shows once it is made."""

    @abstractmethod
    def begin(self, problem: Problem) -> None:
        """Another run: this is learned from now on."""

    @abstractmethod
    def shut(self) -> None:
        """End what it has at work."""


Made = TypeVar("Made", bound=Content)


class Later(QWidget, Generic[Made]):
    """A page whose content is built when it is first shown."""

    def __init__(self, panel: TrainingPanel, build: Callable[[TrainingPanel], Made]) -> None:
        super().__init__()
        self.panel = panel
        self.content: Made | None = None
        self._build = build
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def made(self) -> Made:
        """The content, made if it was not yet."""
        if self.content is None:
            self.content = self._build(self.panel)
            self._column.addWidget(self.content)
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
        if self.content is not None:
            self.content.shut()

    def showEvent(self, event: QShowEvent) -> None:
        self.made()
        super().showEvent(event)


def follow(before: QWidget, content: QWidget) -> None:
    """Let Tab come to what was made late after `before`, not after everything made earlier."""
    inside: list[QWidget] = []
    part = content.nextInFocusChain()
    while part is not None and part is not content:
        takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None
        if takes and content.isAncestorOf(part):
            inside.append(part)
        part = part.nextInFocusChain()
    for part in inside:
        QWidget.setTabOrder(before, part)
        before = part


def build_flow(panel: TrainingPanel) -> FlowContent:
    """The gradient flow of the network at hand, and deep nets compared."""
    from bpstudio.ui.trainer.flowpage import FlowContent

    return FlowContent(panel)


def build_remedies(panel: TrainingPanel) -> Content:
    """The remedies and the twin run."""
    from bpstudio.ui.trainer.remediesview import RemediesView

    return RemediesView(panel)


def build_seeds(panel: TrainingPanel) -> Content:
    """Many runs of one network side by side."""
    from bpstudio.ui.trainer.seedsview import SeedsView

    return SeedsView(panel)


class FlowPage(Later["FlowContent"]):
    """The gradient flow, recorded only while it is looked at."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__(panel, build_flow)
        self.log: FlowLog | None = None

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
            assert self.log is not None
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
