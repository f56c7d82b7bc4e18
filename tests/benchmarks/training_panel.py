"""How fast a network learns while everything of it is drawn, and how smoothly that is drawn.

    PYTHONPATH=. python tests/benchmarks/training_panel.py [seconds]

The real panel (network with a map in every unit, surface, curves) trains at full speed. Printed per
example: updates per second, frames per second, the time from the beginning of a frame to its last
painted pixel (median and 95th percentile), and the longest time that the window did not come to its
events. Goals for circle, 2-4-2-1: 20,000 updates/s at 30 frames/s, frames of at most 25 ms, the
window never held up for more than 50 ms. Nothing here fails by the clock.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass, field

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="bpstudio-bench-")

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

from bpstudio.ui import app as apps
from bpstudio.ui import theme
from bpstudio.ui.settings import Settings

SECONDS = 4.0
BEAT_MS = 2
"""A timer this short tells when the window did not come to its events."""


@dataclass
class Clock:
    """What was measured in one run."""

    frames: list[tuple[float, float]] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)


def measure(key: str, size: tuple[int, int], seconds: float) -> str:
    """One example played at full speed, in words."""
    from bpstudio.ui.trainer.panel import TrainingPanel

    panel = TrainingPanel(Settings())
    panel.resize(*size)
    panel.show()
    panel.choose_example(key)
    panel.set_pace(0)
    panel.toggle()
    _run(1.5)
    clock = Clock()
    beat = QTimer(interval=BEAT_MS)
    beat.timeout.connect(lambda: clock.beats.append(time.perf_counter()))
    # The runner lets training go on when a frame is painted: that is the frame's end.
    begun = [0.0]
    panel.runner._timer.timeout.disconnect()
    tick = panel.runner._tick

    def timed() -> None:
        begun[0] = time.perf_counter()
        tick()
        QTimer.singleShot(0, lambda: clock.frames.append((begun[0], time.perf_counter())))

    panel.runner._timer.timeout.connect(timed)
    beat.start()
    assert panel.frame is not None
    updates, start = panel.frame.updates, time.perf_counter()
    _run(seconds)
    rate = (panel.frame.updates - updates) / (time.perf_counter() - start)
    beat.stop()
    slices = panel.runner.slices
    panel.shut()
    panel.close()
    frames = np.array(clock.frames)
    took = (frames[:, 1] - frames[:, 0]) * 1e3
    per_second = (len(frames) - 1) / (frames[-1, 0] - frames[0, 0])
    held = np.diff(clock.beats).max() * 1e3
    sizes = "-".join(map(str, panel.spec.network.sizes))
    return (
        f"{key:12} {sizes:16} {rate:9,.0f} updates/s {per_second:6.1f} frames/s   frame "
        f"{np.median(took):5.1f} ms, p95 {np.percentile(took, 95):5.1f}   held up {held:5.1f} ms"
        + ("   (in slices)" if slices else "")
    )


def _run(seconds: float) -> None:
    # Not the application's own loop: leaving that would tell the panel to stop.
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def main(seconds: float) -> None:
    app = apps.application(sys.argv)
    app.setQuitOnLastWindowClosed(False)
    theme.appearance().use("light")
    load = os.getloadavg()[0]
    print(
        f"{seconds:g} s each, panel of 1000 x 760, load before {load:.1f} of {os.cpu_count()} cores"
    )
    for key in ("circle", "spiral", "bumps", "digits", "autoencoder"):
        print(measure(key, (1000, 760), seconds), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
