"""How a window comes up: as large as it was left, painted before anything heavy, then its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QMainWindow

from bpstudio.ui import theme
from bpstudio.ui.settings import Settings

DEFAULT_SIZE = (1440, 860)
LEAST_SIZE, TIGHT_SIZE = (800, 560), (720, 400)
"""In the first the panels have air. On a smaller screen the stage must still be seen, and the
second will do; in less its buttons would lie over one another."""
LATER_MS = 300
"""After this long a document stands, and what draws its formulas may be loaded."""
UNSEEN_MS = 500
"""A window that has not been painted for so long, a minimised one, opens its files all the same."""


class Opening(QMainWindow):
    """A main window that is empty at first; `begin` fills it."""

    def __init__(self, settings: Settings | None) -> None:
        super().__init__()
        self.settings = settings or Settings(self)
        self.setMinimumSize(self._bounded(LEAST_SIZE).expandedTo(QSize(*TIGHT_SIZE)))
        self._first: list[str] | None = None

    def begin(self, paths: Iterable[str]) -> None:
        """Open these files."""
        raise NotImplementedError

    def begin_soon(self, paths: list[str]) -> None:
        """Begin as soon as the window has been painted."""
        self._first = paths
        QTimer.singleShot(UNSEEN_MS, self, self._begin_once)

    def _begin_once(self) -> None:
        if self._first is not None:
            paths, self._first = self._first, None
            self.begin(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._first is not None:
            # What stands in the window is painted in the same go, before the loop turns.
            QTimer.singleShot(0, self, self._begin_once)

    def later(self, work: Callable[[], object]) -> None:
        """Do what can wait until what is being opened has been painted."""
        # The time begins when the loop turns again, however long the opening takes.
        QTimer.singleShot(0, self, lambda: QTimer.singleShot(LATER_MS, self, work))

    def restore(self) -> None:
        """The size as it was left; a sensible one the first time."""
        if not self.restoreGeometry(self.settings.bytes("window")):
            self.resize(self._bounded(DEFAULT_SIZE))

    def remember(self) -> None:
        """Keep the size for the next time."""
        self.settings.set_bytes("window", self.saveGeometry())

    def _bounded(self, size: tuple[int, int]) -> QSize:
        """A size, but none that with the window's frame is larger than the screen."""
        return QSize(*size).boundedTo(self.screen().availableGeometry().size() - theme.FRAME)
