"""A held key as one press and one release.

X11 repeats a held key as releases and presses, and Qt does not mark all of them as repeats: a knife
or a hand that is held would be put away in mid-drag. So on X11 a release counts once no press
follows it at once.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from bpstudio.ui.canvas.tools import PointerEvent

REPEAT_MS = 40
"""A repeat's press follows its release at once; nobody lets go and presses again this soon."""


class HeldKey(QObject):
    """Waits a moment with the release of a key, for the press that takes it back."""

    def __init__(self, parent: QObject, tell: Callable[[PointerEvent], None]) -> None:
        super().__init__(parent)
        self.doubts = QGuiApplication.platformName() == "xcb"
        self._tell = tell
        self._waiting: PointerEvent | None = None
        self._timer = QTimer(self, singleShot=True, interval=REPEAT_MS)
        self._timer.timeout.connect(self.settle)

    def released(self, event: PointerEvent) -> None:
        """Tell of a release, at once or when it has turned out to be one."""
        self.settle()
        if self.doubts:
            self._waiting = event
            self._timer.start()
        else:
            self._tell(event)

    def repeats(self, key: str) -> bool:
        """Whether a press of this key takes its release back."""
        if self._waiting is None or self._waiting.key.lower() != key.lower():
            self.settle()
            return False
        self._timer.stop()
        self._waiting = None
        return True

    def settle(self) -> None:
        """The release that waits is one."""
        self._timer.stop()
        event, self._waiting = self._waiting, None
        if event is not None:
            self._tell(event)
