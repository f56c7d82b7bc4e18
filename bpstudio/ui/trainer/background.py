"""A long computation in a thread of its own: watched ten times a second, cancelled at once.

The work is a function that is given a Desk. It asks `desk.until` now and then (True: end yourself)
and leaves news with `desk.tell`; it never touches a widget. Only the newest news is ever shown.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, Signal

from bpstudio.language import tr
from bpstudio.ui.trainer.gate import SWITCH, Gate
from bpstudio.ui.trainer.runner import pin_blas

PERIOD_MS = 100
"""Between two looks at what there is to show."""
BREATH = 0.0002
"""Seconds that the work sleeps when it is asked after a while: the window's turn comes at once."""
_OFTEN = 0.004


class Desk:
    """Where a thread leaves what it has, and hears that it is not wanted any more."""

    def __init__(self, gate: Gate | None = None) -> None:
        self.cancelled = False
        self._gate = gate
        self.share = 0.0
        """Of the work, 0 to 1; 0 where it cannot be told."""
        self._news: Any = None
        self._fresh = threading.Event()
        self._asked = time.perf_counter()

    def until(self) -> bool:
        """Whether to end now."""
        now = time.perf_counter()
        if now - self._asked > _OFTEN:
            # Small products hardly ever let go of Python's lock.
            time.sleep(BREATH)
            if self._gate is not None:
                self._gate.wait()
            self._asked = time.perf_counter()
        return self.cancelled

    def tell(self, share: float, news: Any = None) -> None:
        """How much is done and, where there is some, what there is to show of it (a copy)."""
        self.share = share
        if news is not None:
            self._news = news
            self._fresh.set()

    @property
    def quiet(self) -> bool:
        """Whether the last news was taken: making more before would be for nobody."""
        return not self._fresh.is_set()

    def take(self) -> Any:
        """The news that nobody has seen yet, or None."""
        if not self._fresh.is_set():
            return None
        self._fresh.clear()
        return self._news


Work = Callable[[Desk], Any]


class _Thread(QThread):
    def __init__(self, work: Work, desk: Desk) -> None:
        super().__init__()
        self._work, self._desk = work, desk
        self.result: Any = None
        self.refusal = ""

    def run(self) -> None:
        from bpstudio.nn.faults import NetworkError

        pin_blas()
        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        try:
            self.result = self._work(self._desk)
        except NetworkError as refused:
            self.refusal = str(getattr(refused, "reason", refused))
        except MemoryError:
            self.refusal = tr("There is not enough memory for this.")
        except Exception:
            # A fault of our own: told and logged like any other.
            self.refusal = tr("This could not be finished; the log says why.")
            sys.excepthook(*sys.exc_info())
        finally:
            sys.setswitchinterval(before)


class Job(QObject):
    """One work at a time. Signals come in the window's thread."""

    told = Signal(object)
    """News, at most ten times a second; the last always comes, before the end."""
    moved = Signal(float, float)
    """The share done and the seconds that are left, NaN while nobody knows."""
    ended = Signal(object)
    """The result; None where it was cancelled or refused."""
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None
        self.gate = Gate(self)
        self._desk = Desk(self.gate)
        self._since = 0.0
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.timeout.connect(self._look)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self._thread is not None

    def start(self, work: Work) -> None:
        """Begin; whatever was at work before is ended first."""
        self.close()
        self._desk = Desk(self.gate)
        self.gate.listen(True)
        self._since = time.perf_counter()
        self._thread = _Thread(work, self._desk)
        self._thread.start()
        self._timer.start()
        self.moved.emit(0.0, float("nan"))

    def cancel(self) -> None:
        """Have it end; `ended` follows with None."""
        self._desk.cancelled = True

    def close(self) -> None:
        """End it and wait, without a word."""
        self._timer.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            self._desk.cancelled = True
            self.gate.listen(False)
            thread.wait()

    def _look(self) -> None:
        thread, desk = self._thread, self._desk
        if thread is None:
            return
        self.gate.hold()
        finished = thread.isFinished()
        news = desk.take()
        if news is not None and not desk.cancelled:
            self.told.emit(news)
        if not finished:
            self.moved.emit(desk.share, self._left(desk.share))
            return
        self._timer.stop()
        self._thread = None
        self.gate.listen(False)
        thread.wait()
        if thread.refusal:
            self.refused.emit(thread.refusal)
        self.ended.emit(None if desk.cancelled or thread.refusal else thread.result)

    def _left(self, share: float) -> float:
        spent = time.perf_counter() - self._since
        if share <= 0 or spent < 0.3:
            return float("nan")
        return spent / share * (1 - share)
