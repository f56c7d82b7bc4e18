"""The engine in a thread of its own, and the window's side of it.

The thread trains in chunks of a few milliseconds and never signals. A timer pulls the newest frame
30 times a second while there is something to see. While the window paints, the thread waits at
a gate: with two threads after Python's one lock, painting would take twice as long. Where the
frames come late all the same, training goes on in slices between the window's own events.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal

from bpstudio.ui.trainer.engine import Engine, Frame, Look, Message
from bpstudio.ui.trainer.gate import SWITCH, Gate

if TYPE_CHECKING:
    from bpstudio.nn.spec import Spec

CHUNK = 0.002
SLICE = 0.008
"""Seconds of training in one go: in the thread, where a chunk may last twice as long before it
hears anything, and between the window's events."""
FRAME_MS = 32
LATE = 0.033
"""Seconds after its time that a frame counts as late: a whole frame."""
BREATH = 0.5
"""Of the time that a frame took, the window rests before the next: a slow or busy machine shows
fewer frames and still hears the hand at once, and training goes on meanwhile."""
MOST_LATE = 2
CALM = 30
"""Frames in time, after which training goes back into its thread."""
_REST = 0.25
"""Seconds that an idle thread sleeps at most."""


class _Worker(QThread):
    """Calls `turn` as long as there is work, unless it is parked."""

    def __init__(self, engine: Engine, gate: Gate) -> None:
        super().__init__()
        self.engine = engine
        self.owner = threading.Lock()
        self.wake = threading.Event()
        self.gate = gate
        self.parked = self.ended = False

    def run(self) -> None:
        pin_blas()
        # Small products never let go of Python's lock: the window would wait 5 ms for each turn.
        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        try:
            self._work()
        finally:
            sys.setswitchinterval(before)

    def _work(self) -> None:
        while not self.ended:
            if self.parked or not self.engine.busy:
                self.wake.wait(_REST)
                self.wake.clear()
                continue
            self.gate.wait()
            with self.owner:
                worked = self._turn()
            if not worked:
                self.wake.wait(CHUNK)
                self.wake.clear()

    def _turn(self) -> bool:
        try:
            return self.engine.turn(CHUNK)
        except Exception:
            # A fault of our own: told and logged like any other, and training pauses.
            self.engine.playing = False
            sys.excepthook(*sys.exc_info())
            return False

    def end(self) -> None:
        self.ended = True
        self.engine.interrupt = True
        self.gate.open()
        self.wake.set()
        self.wait()


def _others() -> float:
    """Seconds that all threads but this one have computed."""
    return time.process_time() - time.thread_time()


def pin_blas() -> None:
    """One thread for matrix products: more of them stall as soon as the window wants a core."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


class Runner(QObject):
    """One run at a time, told what to do and looked at from the window's thread."""

    framed = Signal(object)
    """The newest Frame, in the window's thread."""

    def __init__(self, parent: QObject | None = None, engine: Engine | None = None) -> None:
        super().__init__(parent)
        self.engine = engine or Engine()
        self.slices = False
        """Whether training goes on between the window's events."""
        self._shown: Frame | None = None
        self._late = self._calm = 0
        self._begun = self._due = math.nan
        self._rested = (math.nan, math.nan)
        self._put_off = False
        self._worker: _Worker | None = None
        self.gate = Gate(self, self._interrupt)
        self.gate.opened.connect(self._painted)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    # --- what it can be told ----------------------------------------------------------------

    def post(self, message: Message) -> None:
        """Have the engine do this between two updates."""
        self.engine.post(message)
        self._look_on()

    def _paused(self, message: Message) -> None:
        def both(engine: Engine) -> None:
            engine.play(False)
            message(engine)

        self.post(both)

    def use(self, spec: Spec, looks: Mapping[str, Look], *, keep: bool = False) -> None:
        """Begin a run of this specification, paused or playing as before."""
        made = dict(looks)
        self.post(lambda engine: engine.use(spec, made, keep=keep))

    def look(self, looks: Mapping[str, Look]) -> None:
        """Look for this from now on."""
        made = dict(looks)
        self.post(lambda engine: engine.looks.update(made))

    def play(self, on: bool = True) -> None:
        """Train on and on, or pause."""
        self.slices, self._late = False, 0
        self.post(lambda engine: engine.play(on))

    def step(self, updates: int = 1) -> None:
        """So many updates, then pause."""
        self._paused(lambda engine: engine.step(updates))

    def epoch(self) -> None:
        """The rest of the epoch, then pause."""
        self._paused(lambda engine: engine.epoch())

    def rewind(self) -> None:
        """Pause and go back to the same start."""
        self._paused(lambda engine: engine.rewind())

    def change(self, **fields: Any) -> None:
        """Change numbers or choices of the run while it goes on."""
        self.post(lambda engine: engine.change(**fields))

    def edit(self, layer: int, unit: int, source: int, value: float) -> None:
        """Put a number in place of a weight (or of a bias, source -1)."""
        self.post(lambda engine: engine.edit(layer, unit, source, value))

    @contextmanager
    def held(self) -> Iterator[Engine]:
        """The engine, every message heard, with its thread kept out: for a moment only."""
        worker = self._worker
        if worker is None:
            self.engine.turn(0.0)
            yield self.engine
            return
        self.engine.interrupt = True
        with worker.owner:
            self.engine.turn(0.0)
            yield self.engine

    def limit(self, epochs: int) -> None:
        """Stop after so many epochs; 0: never."""
        self.post(lambda engine: setattr(engine, "limit", epochs))

    def pace(self, updates: int) -> None:
        """So many updates per second; 0: as many as there can be."""
        self.post(lambda engine: setattr(engine, "pace", updates))

    # --- frames -----------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether everything that was asked is done and shown."""
        # The frame shown, not the newest: one more may come that was wished for twice.
        shown = self._shown
        return shown is not None and shown.answered == self.engine.asked and not shown.playing

    def refresh(self) -> None:
        """Show the newest state once more, as after a change of what is looked for."""
        # A message, however empty, is waited for; a mere wish might be met by an older frame.
        self.post(lambda _: None)

    def close(self) -> None:
        """Stop the thread and wait for it; a later message starts it again."""
        self._timer.stop()
        worker, self._worker = self._worker, None
        if worker is not None:
            self.gate.listen(False)
            worker.end()
        self.engine.playing = False

    def _look_on(self) -> None:
        if self._worker is None:
            self._worker = _Worker(self.engine, self.gate)
            self._worker.start()
            self.gate.listen(True)
        self.engine.wanted = True
        self._worker.wake.set()
        if not self._timer.isActive():
            self._due = math.nan
            self._timer.start(FRAME_MS)

    def _tick(self) -> None:
        worker = self._worker
        if worker is None:
            return
        if self.gate.is_long:
            # A linked graph is half painted: both in one turn would keep a hand waiting.
            self._put_off = True
            return
        self._begun = time.perf_counter()
        self.gate.hold()
        self._judge()
        if self.slices:
            self._slice(worker)
        latest = self.engine.latest
        if latest is not None and latest is not self._shown:
            self._shown = latest
            self.framed.emit(latest)
        if self.settled:
            self._timer.stop()
            return
        self.engine.wanted = True
        worker.wake.set()

    def _painted(self) -> None:
        """What was drawn is on the screen: say when the next frame is due."""
        put_off, self._put_off = self._put_off, False
        if put_off and self._timer.isActive():
            self._due = math.nan
            self._timer.start(FRAME_MS)
            self._tick()
            return
        now = time.perf_counter()
        spent, self._begun = now - self._begun, math.nan
        if self._timer.isActive() and spent == spent:
            pause = max(FRAME_MS / 1000 - spent, BREATH * spent)
            self._due, self._rested = now + pause, (now, _others())
            self._timer.start(max(1, round(1000 * pause)))

    def _interrupt(self) -> None:
        self.engine.interrupt = True

    def _judge(self) -> None:
        """Count late frames; two in a row take training out of the thread until all is calm."""
        latest = self.engine.latest
        if latest is not None and latest.playing and self._is_late():
            self._late, self._calm = self._late + 1, 0
            self.slices = self.slices or self._late >= MOST_LATE
        else:
            self._late, self._calm = 0, self._calm + 1
            self.slices = self.slices and self._calm < CALM
        if self._worker is not None:
            self._worker.parked = self.slices

    def _is_late(self) -> bool:
        """Whether this frame comes late, and because our own thread would not let it come earlier:
        on a machine that others keep busy, taking that thread's work over would help nobody."""
        since, before = self._rested
        ours = (_others() - before) > 0.5 * (self._begun - since)
        return self._begun - self._due > LATE and ours

    def _slice(self, worker: _Worker) -> None:
        self.engine.interrupt = True
        if worker.owner.acquire(timeout=SLICE):
            try:
                self.engine.wanted = True
                self.engine.turn(SLICE)
            finally:
                worker.owner.release()
