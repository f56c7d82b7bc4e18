"""The clipboard, left in a state that outlives the program.

Qt frees what lies on the clipboard after Python has ended; a QMimeData made in Python would then be
freed by nobody's code and crash the exit. So at the end the plainest part of it takes its place.
"""

from __future__ import annotations

import atexit

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

_ours: QMimeData | None = None


def put(mime: QMimeData) -> None:
    """Put several forms of one thing on the clipboard."""
    global _ours
    if _ours is None:
        atexit.register(_plain)
    _ours = mime
    QGuiApplication.clipboard().setMimeData(mime)


def _plain() -> None:
    if not isinstance(QGuiApplication.instance(), QGuiApplication):
        return
    clipboard = QGuiApplication.clipboard()
    mime = clipboard.mimeData()
    # Not what another program has put there since.
    if mime is not _ours:
        return
    if mime.hasImage():
        clipboard.setImage(clipboard.image())
    elif mime.hasText():
        clipboard.setText(clipboard.text())
    else:
        clipboard.clear()
