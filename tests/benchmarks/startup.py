"""How long a person waits for the window: from the start of the process to what is painted.

    python -m tests.benchmarks.startup [times]

Real processes on a virtual screen (offscreen where there is no Xvfb), least of several tries:
a bare Qt window, our window, our window with the perceptron drawn in it. Prints milliseconds and
ratios to the bare window; never fails by the clock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from tests.desktop.screen import lacking, virtual_screen

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "resources" / "examples" / "perceptron.bps"


def child(wanted: str, program: list[str]) -> None:
    """Run the program in this process and stop when what is wanted has been painted."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            painted = event.type() == QEvent.Type.Paint and type(watched).__name__ == wanted
            if painted and (wanted != "GraphCanvas" or watched.document.graph.nodes):
                # Children are painted in the same go: when the loop turns again, all is there.
                QTimer.singleShot(0, stop)
            return False

    def stop() -> None:
        print(time.monotonic_ns(), flush=True)
        os._exit(0)

    watch = Watch()
    run = QApplication.exec

    def watched_run(*_: object) -> int:
        QApplication.instance().installEventFilter(watch)
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


def started(env: dict[str, str], wanted: str, program: list[str]) -> float:
    """Milliseconds from the start of a process to what it should paint."""
    command = [sys.executable, "-m", "tests.benchmarks.startup", "--child", wanted, *program]
    began = time.monotonic_ns()
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    return (int(ended) - began) / 1e6


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    rows = {
        "a bare Qt window": ("QMainWindow", ["bare"]),
        "our window": ("Window", []),
        "the perceptron in it": ("GraphCanvas", [str(EXAMPLE)]),
    }
    with tempfile.TemporaryDirectory() as home:
        env = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
        env |= {"XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home, "LC_ALL": "C.UTF-8"}
        reason = lacking()
        with nullcontext("") if reason else virtual_screen() as display:
            env |= {"QT_QPA_PLATFORM": "offscreen"} if reason else {"DISPLAY": display}
            print(f"on {display or 'the offscreen platform: ' + reason}, least of {times}")
            # In turns, so that what else the machine does falls on all; the first fill the cache.
            tries = [[started(env, *row) for row in rows.values()] for _ in range(times + 1)]
    best = [min(column) for column in zip(*tries[1:], strict=True)]
    for title, found in zip(rows, best, strict=True):
        print(f"{title:24}{found:8.0f} ms {found / best[0]:6.2f} x")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3:])
    else:
        main()
