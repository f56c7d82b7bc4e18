"""Work that comes before all else, done in a thread: the window lives, with a bar to look at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

SOON_MS = 300
"""Work that is done by then shows no bar."""
Made = TypeVar("Made")


class _Done(QObject):
    told = Signal()


def wait_for(parent: QWidget, sentence: str, work: Callable[[], Made]) -> Made:
    """What `work` answers, done in a thread; what it raises is raised here.

    The window is painted and takes no input meanwhile. `work` must touch nothing that Qt owns.
    """
    found: dict[str, Any] = {}
    done = _Done()

    def go() -> None:
        try:
            found["made"] = work()
        except BaseException as fault:  # raised again where it is waited for, whatever it is
            found["fault"] = fault
        done.told.emit()

    bar = QProgressDialog(sentence, "", 0, 0, parent)
    bar.setObjectName("patience")
    bar.setCancelButton(None)
    bar.setWindowModality(Qt.WindowModality.ApplicationModal)
    bar.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
    bar.setMinimumDuration(SOON_MS)
    loop = QEventLoop()
    done.told.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    # Its minimum duration counts from the first value on.
    bar.setValue(0)
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    thread.join()
    bar.close()
    bar.deleteLater()
    if "fault" in found:
        raise found["fault"]
    made: Made = found["made"]
    return made
