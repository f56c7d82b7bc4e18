"""Reading a table's file in a thread of its own, with progress and cancel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from bpstudio.nn.faults import DataError
from bpstudio.nn.sniffing import CannotRead, Format
from bpstudio.nn.table import Table, read_file

LOOK_MS = 50
"""How often the window asks how far it is."""


class _Worker(QThread):
    def __init__(self, path: Path, given: Format | None, kinds: dict[str, str]) -> None:
        super().__init__()
        self._path, self._given, self._kinds = path, given, kinds
        self.share = 0.0
        self.stopped = False
        self.table: Table | None = None
        self.fault = ""

    def run(self) -> None:
        try:
            self.table = read_file(
                self._path,
                given=self._given,
                kinds=self._kinds,
                progress=self._told,
                until=lambda: self.stopped,
            )
        except DataError as error:
            self.fault = str(error)
        except (MemoryError, RecursionError) as error:
            self.fault = str(CannotRead(type(error).__name__))

    def _told(self, share: float) -> None:
        self.share = share


class Reading(QObject):
    """`read` begins anew; then `moved(share)` now and then, and `done(Table)` or `failed(why)`."""

    moved = Signal(float)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: _Worker | None = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return self._worker is not None

    def read(
        self, path: Path, given: Format | None = None, kinds: dict[str, str] | None = None
    ) -> None:
        """Read this file, in this format (sniffed without one), with these kinds of columns."""
        self.stop()
        self._worker = _Worker(path, given, dict(kinds or {}))
        self._worker.start()
        self._timer.start()

    def stop(self) -> None:
        """Stop reading; nothing more is told."""
        self._timer.stop()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stopped = True
            worker.wait()

    def _look(self) -> None:
        worker = self._worker
        if worker is None:
            return
        self.moved.emit(worker.share)
        if not worker.isFinished():
            return
        self._timer.stop()
        self._worker = None
        if worker.table is not None:
            self.done.emit(worker.table)
        else:
            self.failed.emit(worker.fault)
