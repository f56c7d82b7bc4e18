"""How fast a network learns while everything of it is drawn, and how smoothly that is drawn.

    PYTHONPATH=. python tests/benchmarks/training_panel.py [seconds] [words ...]

The real panel trains at full speed, on each of its pages, by itself and docked in the real window,
with the network also standing there as a linked gate graph, at 1x and 2x, on a real display (Xvfb,
where there is one) and offscreen. Each pair of display and scale is a process of its own. Only
cases whose line begins with all of the words are measured: "offscreen", "1x", "docked", "flow", …

Printed per case: updates and frames per second, the time from the beginning of a frame to its last
painted pixel (median and 95th percentile), and how long the window did not come to its events:
median, 99th percentile and longest gap between two beats of a 2 ms timer, with what the window's
own thread computed in the longest one (the rest is waiting: for the trainer's thread or for other
programs), and how many gaps were longer than 16, 33 and 50 ms. Goals: for 2-4-2-1 20,000 updates/s
at 30 frames/s, frames of at most 25 ms; everywhere gaps of at most 50 ms. Nothing here fails by the
clock.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel

SECONDS = 3.0
WARM, WARM_LINKED = 1.0, 6.0
"""Seconds of training before anything is counted; a graph that was just opened has its formulas
drawn in a thread first."""
BEAT_MS = 2
"""A timer this short tells when the window did not come to its events."""
GAPS = (16, 33, 50)
PAGES = ("network", "flow", "remedies", "seeds")
NETS = {"circle": (2, 4, 2, 1), "spiral": (2, 8, 8, 8, 1)}
WINDOW, ALONE = (1500, 900), (1000, 760)
PLATFORMS = ("xcb", "offscreen")
SCALES = (1, 2)


@dataclass
class Clock:
    """What was measured in one run; beats are as `now` answers."""

    frames: list[tuple[float, float]] = field(default_factory=list)
    beats: list[tuple[float, float, float]] = field(default_factory=list)


def now() -> tuple[float, float, float]:
    """The clock's time, and what this thread and the whole process have computed until then."""
    return time.perf_counter(), time.thread_time(), time.process_time()


@dataclass(frozen=True)
class Case:
    """Where the panel stands ("alone", "docked", "linked"), which page, which example."""

    place: str
    page: str
    net: str

    @property
    def name(self) -> str:
        return f"{self.place:7} {self.page:9} {self.net:12}"


def cases() -> Iterator[Case]:
    """Everything that is measured on one display."""
    for place in ("alone", "docked"):
        for page in PAGES:
            for net in NETS:
                yield Case(place, page, net)
    for net in NETS:
        yield Case("linked", "network", net)
    for net in ("bumps", "digits", "autoencoder"):
        yield Case("alone", "network", net)


@contextmanager
def shown(case: Case) -> Iterator[TrainingPanel]:
    """The panel where the case wants it."""
    from bpstudio.ui.settings import Settings
    from bpstudio.ui.trainer.panel import TrainingPanel
    from bpstudio.ui.window import Window

    if case.place == "alone":
        panel = TrainingPanel(Settings())
        panel.resize(*ALONE)
        panel.show()
        yield panel
        panel.shut()
        panel.close()
        panel.deleteLater()
        return
    window = Window(Settings())
    window.resize(*WINDOW)
    window.show()
    window.new()
    window.settings.set("training_place", "docked")
    panel = window.training.show()
    yield panel
    window.training.shut()
    window.close()
    window.deleteLater()


def measure(case: Case, seconds: float) -> str:
    """One case played at full speed, in words."""
    from bpstudio.ui.trainer.fields import with_sizes

    with shown(case) as panel:
        panel.choose_example(case.net)
        if case.net in NETS:
            panel.change(with_sizes(panel.spec, NETS[case.net]))
        if case.place == "linked":
            _wait(0.5)
            window = panel.window()
            assert window.training.links.open(0) is not None
        panel.tabs.setCurrentWidget(panel.pages[case.page])
        panel.set_pace(0)
        panel.toggle()
        if case.page in ("remedies", "seeds"):
            # Their own runs are what is drawn there; long enough for all of the time.
            view = panel.pages[case.page].made()
            view.epochs.setValue(3000)
            view.run()
        _wait(WARM_LINKED if case.place == "linked" else WARM)
        return _report(panel, *_watch(panel, seconds))


def _watch(panel: TrainingPanel, seconds: float) -> tuple[Clock, float, float]:
    """Beats and frames, updates per second, and the whole process's share of the processors."""
    from PySide6.QtCore import Qt, QTimer

    clock = Clock()
    beat = QTimer(interval=BEAT_MS)
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lambda: clock.beats.append(now()))
    # The runner lets training go on when a frame is painted: that is the frame's end.
    tick = panel.runner._tick

    def timed() -> None:
        begun = time.perf_counter()
        tick()
        QTimer.singleShot(0, lambda: clock.frames.append((begun, time.perf_counter())))

    panel.runner._timer.timeout.disconnect()
    panel.runner._timer.timeout.connect(timed)
    beat.start()
    assert panel.frame is not None
    updates, start, busy = panel.frame.updates, time.perf_counter(), time.process_time()
    _wait(seconds)
    spent = time.perf_counter() - start
    rate, share = (panel.frame.updates - updates) / spent, (time.process_time() - busy) / spent
    beat.stop()
    return clock, rate, share


def _report(panel: TrainingPanel, clock: Clock, rate: float, share: float) -> str:
    import numpy as np

    said = f"{rate:9,.0f} updates/s  "
    if len(clock.frames) > 2:
        frames = np.array(clock.frames)
        took = (frames[:, 1] - frames[:, 0]) * 1e3
        per_second = (len(frames) - 1) / (frames[-1, 0] - frames[0, 0])
        said += f"{per_second:5.1f} frames/s  frame {np.median(took):5.1f} p95 "
        said += f"{np.percentile(took, 95):5.1f} ms  "
    else:
        said += f"{'':38}"
    beats = np.array(clock.beats)
    gaps, own, both = np.diff(beats, axis=0).T * 1e3
    longest = int(gaps.argmax())
    many = " ".join(f"{int((gaps > limit).sum())}>{limit}" for limit in GAPS)
    return (
        f"{said}gap {np.median(gaps):4.1f} p99 {np.percentile(gaps, 99):5.1f} longest "
        f"{gaps[longest]:5.1f} ms (own {own[longest]:5.1f})  {many}  computed p99 "
        f"{np.percentile(both, 99):5.1f} most {both.max():5.1f} own {own.max():5.1f}  "
        f"cpu {share:4.0%}" + ("  in slices" if panel.runner.slices else "")
    )


def _wait(seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    # Not the application's own loop: leaving that would tell the panel to stop.
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def on_this_display(seconds: float, head: str, words: list[str]) -> None:
    """All cases on the display that this process has."""
    from bpstudio.ui import app as apps
    from bpstudio.ui import theme

    app = apps.application(sys.argv)
    app.setQuitOnLastWindowClosed(False)
    theme.appearance().use("light")
    for case in cases():
        line = f"{head} {case.name}"
        if all(word in line.split() for word in words):
            print(f"{line} {measure(case, seconds)}", flush=True)


@contextmanager
def display(platform: str, scale: int) -> Iterator[dict[str, str]]:
    """The environment of a process on this kind of display, twice as large for 2x."""
    settings = tempfile.mkdtemp(prefix="bpstudio-bench-")
    env = {
        **os.environ,
        "QT_QPA_PLATFORM": platform,
        "QT_SCALE_FACTOR": str(scale),
        "OPENBLAS_NUM_THREADS": "1",
        "XDG_CONFIG_HOME": settings,
        "XDG_STATE_HOME": settings,
        "XDG_DATA_HOME": settings,
    }
    server = None
    if platform == "xcb":
        number = f":{200 + os.getpid() % 700}"
        size = f"{1600 * scale}x{1000 * scale}x24"
        server = subprocess.Popen(["Xvfb", number, "-screen", "0", size], stderr=subprocess.DEVNULL)
        time.sleep(1.0)
        env["DISPLAY"] = number
    try:
        yield env
    finally:
        if server is not None:
            server.terminate()
            server.wait()
        shutil.rmtree(settings, ignore_errors=True)


def main(seconds: float, words: list[str]) -> None:
    load = os.getloadavg()[0]
    print(f"{seconds:g} s each, load before {load:.1f} of {os.cpu_count()} cores", flush=True)
    for platform in PLATFORMS:
        if platform == "xcb" and shutil.which("Xvfb") is None:
            continue
        for scale in SCALES:
            head = f"{platform:9} {scale}x"
            others = [word for word in words if word not in (*PLATFORMS, "1x", "2x")]
            if all(w in head.split() for w in words if w not in others):
                with display(platform, scale) as env:
                    here = json.dumps([seconds, head, others])
                    subprocess.run([sys.executable, __file__, "--here", here], env=env, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        on_this_display(*json.loads(sys.argv[2]))
    else:
        given = sys.argv[1:]
        number = [float(given.pop(0))] if given and given[0].replace(".", "").isdigit() else []
        main(number[0] if number else SECONDS, given)
