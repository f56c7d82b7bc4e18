"""The gate at which a computing thread waits while the window draws or answers a hand.

With two threads after Python's one lock, everything that the window does would take twice as long.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

SWITCH = 0.0002
"""Seconds after which a computing thread lets the window have its turn. Drawing asks for that a
hundred times per frame, whenever Qt hands control back to Python."""
REST = 0.25
"""Seconds that the gate stays shut at most, for whoever waits there."""
ROUNDS = 4
"""Turns of the event loop that new numbers need until they are painted: document, trace, panels."""
HANDS = frozenset(
    (
        *(QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease),
        *(QEvent.Type.Wheel, QEvent.Type.KeyPress, QEvent.Type.UpdateRequest),
    )
)
"""What the window answers at once."""


class Gate(QObject):
    """Shut by `hold`, and by every event of HANDS while it listens; opens by itself.

    `stop` is called at each shutting: whoever computes should come to the gate soon.
    """

    opened = Signal()
    """What was changed is painted."""

    def __init__(self, parent: QObject, stop: Callable[[], None] = lambda: None) -> None:
        super().__init__(parent)
        self._stop = stop
        self._free = threading.Event()
        self._free.set()
        self._rounds = 0
        self._long = False
        # Paint requests are posted events: they come before a timer of no time.
        self._round = QTimer(self, singleShot=True, interval=0)
        self._round.timeout.connect(self._passed)

    def wait(self) -> None:
        """For the computing thread: pass when the window is at rest."""
        self._free.wait(REST)

    def hold(self, rounds: int = 1) -> None:
        """Shut until what is changed now is painted: so many turns of the event loop."""
        self._free.clear()
        self._stop()
        self._rounds = max(self._rounds, rounds)
        self._long = self._long or rounds > 1
        self._round.start()

    @property
    def is_shut(self) -> bool:
        """Whether anything is on its way to the screen."""
        return not self._free.is_set()

    @property
    def is_long(self) -> bool:
        """Whether something that takes several turns is on its way to the screen."""
        return self._long

    def open(self) -> None:
        """Let through at once."""
        self._rounds, self._long = 0, False
        self._round.stop()
        self._free.set()

    def listen(self, on: bool) -> None:
        """Begin to watch the window's events, or cease to."""
        app = QCoreApplication.instance()
        if app is None:
            return
        if on:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
            self.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in HANDS:
            self.hold()
        return False

    def _passed(self) -> None:
        self._rounds -= 1
        if self._rounds > 0:
            self._round.start()
        else:
            self.open()
            self.opened.emit()
