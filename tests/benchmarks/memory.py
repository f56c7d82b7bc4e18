"""How much memory a large graph takes in a window, above an empty window.

    python -m tests.benchmarks.memory [gates ...]

Each figure is from a fresh process on the offscreen platform: the resident memory that Linux tells
of it (/proc/self/status), after what is free was given back (malloc_trim). Every gate but the first
hundred adds two others, so 10,000 gates have 19,800 wires; all is shown, painted whole and at
1:1, and every number has been worked out. Prints MB, the least of three; never fails by a number.
"""

from __future__ import annotations

import ctypes
import gc
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bpstudio.core.graph import Graph, Node, Wire

ROOT = Path(__file__).parents[2]
COLUMN = 100
TIMES = 3
WANTED = 150
"""MB for 10,000 gates."""


def woven(gates: int) -> Graph:
    """Columns of a hundred gates, each of which adds two of the column before."""
    chance = random.Random(0)
    nodes, wires = [], []
    for i in range(gates):
        column, row = divmod(i, COLUMN)
        at = column * 160.0, row * 90.0
        if not column:
            nodes.append(Node(f"x{i}", "input", at, {"value": chance.random()}))
            continue
        nodes.append(Node(f"x{i}", "add", at))
        for port in "xy":
            source = chance.randrange((column - 1) * COLUMN, column * COLUMN)
            wires.append(Wire(f"w{i}{port}", f"x{source}", f"x{i}", port))
    return Graph(nodes, wires)


def resident() -> float:
    """The memory of this process that is in use, MB."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def child(gates: int) -> None:
    """Open a window with a graph of so many gates, 0 for an empty one, and print its memory."""
    from PySide6.QtCore import QSettings, QStandardPaths
    from PySide6.QtWidgets import QApplication

    from bpstudio.files.bps import File
    from bpstudio.ui.window import Window

    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        # Nobody's settings and nobody's unsaved work.
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        QStandardPaths.setTestModeEnabled(True)
        window = Window()
        window.resize(1600, 1000)
        window.show()
        window.session.new()
        window.session.adopt(File(woven(gates)))
        for zoom in (window.canvas.zoom_fit, window.canvas.zoom_in, window.canvas.zoom_fit):
            zoom()
            for _ in range(40):
                app.processEvents()
            window.canvas.grab()
        for _ in range(40):
            app.processEvents()
        document = window.document
        assert document is not None
        assert len(document.trace.value) == len(document.graph.nodes) == gates
        print(resident(), flush=True)
    # Taking the window apart is not what is measured.
    os._exit(0)


def measured(gates: int) -> float:
    """MB of a fresh process with so many gates in its window."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", "--child", str(gates)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(found.stdout.split()[-1])


def main() -> None:
    """Measure the sizes named on the command line, else 10,000 gates."""
    if sys.argv[1:2] == ["--child"]:
        child(int(sys.argv[2]))
        return
    empty = min(measured(0) for _ in range(TIMES))
    print(f"an empty window: {empty:.0f} MB")
    for gates in [int(text) for text in sys.argv[1:]] or [10_000]:
        more = min(measured(gates) for _ in range(TIMES)) - empty
        wires = 2 * max(0, gates - COLUMN)
        wanted = f" (wanted: at most {WANTED})" if gates == 10_000 else ""
        print(f"{gates} gates, {wires} wires: {more:.0f} MB above it{wanted}")


if __name__ == "__main__":
    main()
