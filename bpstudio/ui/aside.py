"""Work that takes seconds, done in a thread beside the window; its result comes by a signal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from shiboken6 import isValid


class Errand(QObject):
    """One piece of work; it hands its result over in the window's own thread."""

    finished = Signal(object)

    def __init__(
        self, owner: QObject, work: Callable[[Errand], Any], take: Callable[[Any], Any]
    ) -> None:
        # Not the owner's child: it must not be deleted while its thread is about to call it.
        super().__init__(QCoreApplication.instance())
        self._owner = owner
        self.wanted = True
        """Set to False where nobody waits any more; long work looks at it now and then."""
        self._work, self._take = work, take
        # Queued, also where the thread that sends it is not one of Qt's.
        self.finished.connect(self._home, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._go, daemon=True).start()

    def _go(self) -> None:
        try:
            outcome: Any = self._work(self)
        except Exception as fault:  # raised again at home, where the guard hears it
            outcome = fault
        # The window may have gone meanwhile; then nobody waits for it.
        with suppress(RuntimeError):
            self.finished.emit(outcome)

    def _home(self, outcome: Any) -> None:
        self.deleteLater()
        if isinstance(outcome, Exception):
            raise outcome
        if self.wanted and isValid(self._owner):
            self._take(outcome)


def aside(owner: QObject, work: Callable[[Errand], Any], take: Callable[[Any], Any]) -> Errand:
    """Do `work` in a thread of its own, then call `take` with its result here, if still wanted.

    `work` must touch nothing that this thread changes. Nothing comes once the owner has gone.
    """
    return Errand(owner, work, take)
