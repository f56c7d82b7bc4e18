"""Keeps the recovery journal of every open document that has something to lose.

An edit is in the journal before the next event is handled, and on the disk within two seconds; what
training moves follows in that rhythm, a network kept in the document every few seconds. Saving ends
a journal; closing without saving lets it lie, so that even that can be taken back. Where the disk
refuses, one sentence says so and the work goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer

from bpstudio.core.graph import Patch
from bpstudio.language import tr
from bpstudio.ui.aside import aside
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session

if TYPE_CHECKING:
    from bpstudio.files.journal import Found, Journal

SYNC_MS = 1_500
"""After an edit; the disk itself takes its time on top."""
NETWORK_MS = 10_000
LARGE = 1_000
"""Items; a larger document or edit is written beside the window."""
MOST_BYTES = 8_000_000
"""A journal that has grown so large, and far beyond its document, is begun anew."""


def folder() -> Path:
    """Where journals lie: with the user's data, never in a temporary place."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "recovery"


class Recorder(QObject):
    """Writes one document's journal while that document has something to lose."""

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._journal: Journal | None = None
        # Nodes whose numbers have moved outside the history.
        self._moved: set[str] = set()
        self._refused = False
        # Bytes of the journal once it held the whole document, 0 before.
        self._base = 0
        self._soon = QTimer(self, singleShot=True, interval=SYNC_MS)
        self._soon.timeout.connect(self.settle)
        self._learning = QTimer(self, interval=NETWORK_MS)
        self._learning.timeout.connect(self._take_network)
        document.edited.connect(self._edited)
        document.followed.connect(self._followed)
        document.renamed.connect(self._renamed)

    @property
    def journal(self) -> Journal | None:
        """The journal being written; None where there is nothing to lose."""
        return self._journal

    def settle(self) -> None:
        """Write what has moved, then bring it all to the disk beside the window."""
        self._soon.stop()
        journal = self._journal
        if journal is None or not self._done(self._write_moved):
            return
        aside(self, lambda _: _refusal(journal.sync), self._synced)
        if journal.written > max(MOST_BYTES, 4 * self._base) and self._base:
            self._begin()

    def end(self) -> None:
        """The document goes, saved or given up."""
        self._soon.stop()
        self._learning.stop()
        journal, dirty = self._journal, self._document.dirty
        if journal is None:
            return
        if dirty:
            self._done(self._write_moved)
            self._done(self._write_network)
        self._journal = None
        self._done(journal.keep if dirty else journal.discard)

    def take_over(self, one: Found) -> None:
        """Hold from now on what the journal `one` held, and take that away."""
        from bpstudio.files.journal import forget

        if self._journal is not None and self._done(self._journal.sync):
            self._done(lambda: forget(one))

    # --- what happens to the document -------------------------------------------------------

    def _edited(self, patch: Patch) -> None:
        if self._journal is None:
            self._begin(from_disk=True)
        journal = self._journal
        if journal is None:
            return
        # Also the first: until a large document is written, only its file has the rest.
        if len(patch.changes) <= LARGE:
            self._done(lambda: journal.edit(patch))
        else:
            number = journal.number()
            aside(self, lambda _: _refusal(lambda: journal.edit(patch, number)), self._synced)
        self._soon.start()

    def _followed(self, patch: Patch) -> None:
        if self._journal is not None:
            self._moved.update(patch.changes)
            if not self._soon.isActive():
                self._soon.start()

    def _renamed(self) -> None:
        if self._document.dirty and self._journal is None:
            self._begin()
            self._soon.start()
        elif not self._document.dirty and self._journal is not None:
            journal, self._journal = self._journal, None
            self._learning.stop()
            self._moved.clear()
            self._done(journal.discard)

    # --- writing ----------------------------------------------------------------------------

    def _begin(self, *, from_disk: bool = False) -> None:
        """Start a journal with the document as it is now; one that was written before goes.

        `from_disk` says that until the edit just made the document was what its file holds.
        """
        if self._refused or not self._done(lambda: self._open(from_disk)):
            return
        assert self._journal is not None
        self._learning.start()

    def _open(self, from_disk: bool) -> None:
        from bpstudio.files.journal import Journal
        from bpstudio.files.tale import Origin

        document, before = self._document, self._journal
        path, stamp = str(document.path) if document.path is not None else "", document.stamp
        journal = Journal(folder(), Origin(document.title, path, stamp))
        number = journal.number()
        file = replace(document.file, graph=document.committed)
        self._moved.clear()
        self._base = 0

        def written() -> None:
            if from_disk and path and stamp is not None:
                journal.base_from_disk(file, stamp, path, number)
            else:
                journal.base(file, number)
            if before is not None:
                before.discard()

        self._journal = journal
        if len(file.graph.nodes) <= LARGE:
            written()
            self._base = journal.written
        else:
            aside(self, lambda _: _refusal(written), self._based)

    def _write_moved(self) -> None:
        if self._journal is not None and self._moved:
            graph = self._document.committed
            items = [item for key in self._moved if (item := graph.get(key)) is not None]
            self._moved.clear()
            self._journal.items(items)

    def _write_network(self) -> None:
        if self._journal is not None and self._document.keeps_learning:
            self._journal.network(*self._document.learned())

    def _take_network(self) -> None:
        journal = self._journal
        if journal is None or not self._document.keeps_learning:
            return
        values = self._document.learned()
        aside(self, lambda _: _refusal(lambda: journal.network(*values)), self._synced)
        self._soon.start()

    def _based(self, why: str) -> None:
        self._synced(why)
        if self._journal is not None:
            self._base = self._journal.written

    def _synced(self, why: str) -> None:
        if why:
            self._refuse(why)

    def _done(self, work: Callable[[], object]) -> bool:
        """Do it; answers False, and says so once, where the disk refuses."""
        why = _refusal(work)
        if why:
            self._refuse(why)
        return not why

    def _refuse(self, why: str) -> None:
        self._journal = None
        self._learning.stop()
        if not self._refused:
            self._refused = True
            self._document.say(
                tr(
                    "Unsaved work on “{name}” cannot be kept safe ({why}): save it often.",
                    name=self._document.title,
                    why=why.rstrip("."),
                )
            )


class Journals(QObject):
    """A Recorder for each document of a session."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._recorders: dict[Document, Recorder] = {}
        session.opened.connect(self._opened)
        session.closed.connect(self._closed)

    def of(self, document: Document) -> Recorder:
        """The one that writes this document's journal."""
        return self._recorders[document]

    def end(self) -> None:
        """The window goes, and every document with it, saved or given up."""
        for document in tuple(self._recorders):
            self._closed(document)

    def _opened(self, document: Document) -> None:
        self._recorders[document] = Recorder(document, self)

    def _closed(self, document: Document) -> None:
        recorder = self._recorders.pop(document, None)
        if recorder is not None:
            recorder.end()
            recorder.deleteLater()


def _refusal(work: Callable[[], object]) -> str:
    """Do it; answers why it could not be done, "" where it was."""
    from bpstudio.files.tale import JournalError

    try:
        work()
    except JournalError as error:
        return str(error)
    return ""
