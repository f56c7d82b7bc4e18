"""What is left on the clipboard does not crash the end of the program."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage
from bpstudio.ui import clipboard
app = QGuiApplication([])
mime = QMimeData()
{fill}
clipboard.put(mime)
assert QGuiApplication.clipboard().mimeData().formats()
"""
FILLS = {
    "picture": "mime.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))",
    "text": "mime.setText('a graph')",
    "data": "mime.setData('image/svg+xml', b'<svg/>')",
}


@pytest.mark.parametrize("what", FILLS)
def test_the_program_ends_well_with_something_on_the_clipboard(what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(fill=FILLS[what])],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
