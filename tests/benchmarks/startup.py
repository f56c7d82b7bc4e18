"""How long a person waits for the window: from the start of the process to what is painted.

    python -m tests.benchmarks.startup [times]

Real processes on a virtual screen (offscreen where there is no Xvfb), least of several tries:
a bare Qt window, our window, our window with the perceptron drawn in it. Prints milliseconds and
ratios to the bare window, and the processor's time, which other work on the machine does not
stretch; never fails by the clock. Python keeps compiled modules, as an installed program has them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests.desktop.screen import lacking, virtual_screen

ROOT = Path(__file__).parents[2]
UNLIKE = ("QT_QPA_PLATFORM", "PYTHONDONTWRITEBYTECODE")
"""Settings of this environment that a user does not have."""
EXAMPLE = ROOT / "resources" / "examples" / "perceptron.bps"


def child(wanted: str, program: list[str]) -> None:
    """Run the program in this process and stop when what is wanted has been painted."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Watch(QObject):
        """Looks at one window and one canvas: a filter on all events would be half of the time."""

        def eventFilter(self, watched: Any, event: QEvent) -> bool:
            kind = event.type()
            if kind == QEvent.Type.Paint and type(watched).__name__ == wanted:
                # Children are painted in the same go: when the loop turns again, all is there.
                QTimer.singleShot(0, stop)
            elif kind == QEvent.Type.UpdateRequest and wanted == "GraphCanvas":
                # Sent to a window just before it and what stands in it are painted.
                document = watched.document
                if document is not None and document.graph.nodes:
                    watched.removeEventFilter(self)
                    watched.canvas.installEventFilter(self)
            return False

    def stop() -> None:
        print(time.monotonic_ns(), time.process_time_ns(), flush=True)
        os._exit(0)

    watch = Watch()
    run = QApplication.exec

    def watched_run(*_: object) -> int:
        (window,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow))
        window.installEventFilter(watch)
        return run()

    QApplication.exec = watched_run
    if program == ["bare"]:
        bare()
    else:
        from bpstudio.cli import main

        main(program)


def bare() -> None:
    """The least that any Qt program needs."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.show()
    app.exec()


def started(env: dict[str, str], wanted: str, program: list[str]) -> tuple[float, float]:
    """Milliseconds from the start of a process to what it should paint, on the wall and of CPU."""
    command = [sys.executable, "-m", "tests.benchmarks.startup", "--child", wanted, *program]
    began = time.monotonic_ns()
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    painted, busy = map(int, ended.split())
    return (painted - began) / 1e6, busy / 1e6


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    rows = {
        "a bare Qt window": ("QMainWindow", ["bare"]),
        "our window": ("Window", []),
        "the perceptron in it": ("GraphCanvas", [str(EXAMPLE)]),
    }
    with tempfile.TemporaryDirectory() as home:
        env = {k: v for k, v in os.environ.items() if k not in UNLIKE}
        env["PYTHONPYCACHEPREFIX"] = f"{home}/compiled"
        env |= {"XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home, "LC_ALL": "C.UTF-8"}
        reason = lacking()
        with nullcontext("") if reason else virtual_screen() as display:
            env |= {"QT_QPA_PLATFORM": "offscreen"} if reason else {"DISPLAY": display}
            print(f"on {display or 'the offscreen platform: ' + reason}, least of {times}")
            # In turns, so that what else the machine does falls on all; the first fill the cache.
            tries = [[started(env, *row) for row in rows.values()] for _ in range(times + 1)]
    best = [tuple(map(min, zip(*column, strict=True))) for column in zip(*tries[1:], strict=True)]
    for title, (wall, busy) in zip(rows, best, strict=True):
        print(f"{title:24}{wall:8.0f} ms {wall / best[0][0]:6.2f} x {busy:8.0f} ms of CPU")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3:])
    else:
        main()
