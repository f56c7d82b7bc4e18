"""The earlier versions of a document's file: what each save replaced, opened as documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QStandardPaths

from bpstudio import language
from bpstudio.language import tr, trn
from bpstudio.ui import ask
from bpstudio.ui.document import Document
from bpstudio.ui.shelf import Row, ShelfDialog
from bpstudio.ui.times import time_of

if TYPE_CHECKING:
    from bpstudio.files.versions import Version
    from bpstudio.ui.window import Window


def folder() -> Path:
    """Where versions lie: with the user's data."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "versions"


def show(window: Window, document: Document) -> None:
    """Show the earlier versions of this document's file."""
    ShelfDialog(Versions(window, document), window).open()


class Versions:
    """The shelf of one file's versions."""

    numbers = frozenset({1, 2})

    def __init__(self, window: Window, document: Document) -> None:
        assert document.path is not None
        self._window = window
        self._path: Path = document.path

    def title(self) -> str:
        return tr("Earlier versions of {name}", name=self._path.stem)

    def columns(self) -> Sequence[str]:
        return (tr("Replaced"), tr("Gates"), tr("Size"))

    def words(self, *, empty: bool) -> str:
        if empty:
            return tr("There is no earlier version: each save keeps the one that it replaces.")
        return tr("Each save keeps what it replaces. A version opens beside the file, unsaved.")

    def rows(self) -> Sequence[Row]:
        from bpstudio.files.versions import gates_in, versions

        numbers = QLocale(language.current())
        return [
            Row(
                (
                    time_of(one.when),
                    numbers.toString(gates_in(one)),
                    numbers.formattedDataSize(one.size),
                ),
                "",
                one,
            )
            for one in versions(folder(), self._path)
        ]

    def open(self, chosen: Sequence[Version]) -> bool:
        from bpstudio.files.bps import BadDocument
        from bpstudio.files.versions import load

        opened = False
        for one in chosen:
            try:
                file = load(one)
            except BadDocument as fault:
                title = tr("This document cannot be opened")
                ask.tell(self._window, title, f"{self._path.name}: {fault.place}: {fault.reason}")
                continue
            title = f"{self._path.stem} ({time_of(one.when)})"
            self._window.session.adopt(replace(file, title=title))
            opened = True
        return opened

    def about_deleting(self, chosen: Sequence[Version]) -> str:
        return trn("Delete this version for good?", "Delete these versions for good?", len(chosen))

    def delete(self, chosen: Sequence[Version]) -> None:
        for one in chosen:
            try:
                one.path.unlink(missing_ok=True)
            except OSError as error:
                from bpstudio.files.durable import reason

                ask.tell(self._window, tr("Not deleted"), reason(error))
