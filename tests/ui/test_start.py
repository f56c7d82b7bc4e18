"""What the window may cost before it stands."""

import os
import subprocess
import sys

LATE = ("networkx", "ziamath", "pyqtgraph", "PIL", "msgspec", "hypothesis")


def modules_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after the code."""
    code += "\nimport sys; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_window_imports_nothing_heavy() -> None:
    assert not modules_after("import bpstudio.ui.window") & set(LATE)


def test_a_painted_window_has_imported_nothing_but_qt() -> None:
    code = """
from PySide6.QtCore import QEventLoop
from bpstudio.ui import app, theme
from bpstudio.ui.window import Window
application = app.application(["bpstudio"])
theme.appearance().use("light")
window = Window()
window.show()
application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
"""
    assert not modules_after(code) & {"numpy", *LATE}


def test_no_import_reads_the_source_of_what_it_imports() -> None:
    code = """
import linecache
import bpstudio.ui.window
import bpstudio.core.plan
assert not [file for file in linecache.cache if "bpstudio" in file]
"""
    assert "numpy" in modules_after(code)


def test_the_first_picture_needs_neither_masked_arrays_nor_networkx_nor_formulas_drawn() -> None:
    code = """
import sys
from bpstudio import assets
from bpstudio.ui import app, theme
from bpstudio.ui.window import Window
application = app.application(["bpstudio"])
theme.appearance().use("light")
window = Window()
window.show()
window.begin_soon([str(assets.path("examples", "perceptron.bps"))])
while window.document is None:
    application.processEvents()
window.canvas.grab()
assert window.document.graph.nodes
assert not {"numpy.ma", "networkx", "ziamath", "email", "html"} & set(sys.modules)
"""
    assert "numpy" in modules_after(code)
