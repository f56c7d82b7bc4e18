"""The documents that are open and the one that is looked at; how they come from disk and go there.

Panels and actions reach everything through the Session. It asks nobody anything: what a person has
to decide is decided in `filing`, which calls these methods with the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bpstudio.core.graph import Kind, Node, Patch, Seed, Setting
from bpstudio.language import tr
from bpstudio.ui.changes import structural
from bpstudio.ui.document import Document
from bpstudio.ui.settings import Settings

if TYPE_CHECKING:
    from bpstudio.core.check import Check
    from bpstudio.files.bps import View


class Session(QObject):
    """Open documents in order, the current one (or None), and the settings."""

    opened = Signal(object)
    """A Document was opened."""
    closed = Signal(object)
    """A Document was closed."""
    shown = Signal(object)
    """The Document now looked at, or None."""
    said = Signal(str)
    """A sentence of the current document or the program, for the status line."""
    checked = Signal(object)
    """A Document whose gradient check was made or has become stale."""

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings or Settings(self)
        self.documents: tuple[Document, ...] = ()
        self.current: Document | None = None
        self._checks: dict[Document, Check] = {}

    def say(self, sentence: str) -> None:
        """Tell the status line and the screen reader."""
        self.said.emit(sentence)

    # --- opening and closing ----------------------------------------------------------------

    def new(self) -> Document:
        """Open an empty document."""
        return self._add(Document())

    def open(self, path: Path) -> Document:
        """Open a file or show it where it is open already. Raises BadDocument."""
        from bpstudio.files import bps

        path = path.absolute()
        if (document := self.at(path)) is not None:
            self.show(document)
            return document
        file, stamp = bps.load(path)
        document = Document(file, path)
        document.stamp = stamp
        self.settings.remember(path)
        return self._add(document)

    def open_copy(self, path: Path) -> Document:
        """Open a file as an untitled document, so that an example is never written over."""
        from bpstudio.files import bps

        file, _ = bps.load(path)
        return self._add(Document(file))

    def at(self, path: Path) -> Document | None:
        """The open document that stands at this path."""
        for document in self.documents:
            if document.path is not None and _same_file(document.path, path):
                return document
        return None

    def show(self, document: Document | None) -> None:
        """Look at this document."""
        if document is not self.current:
            self.current = document
            self.shown.emit(document)

    def close(self, document: Document) -> None:
        """Let a document go, saved or not; its neighbour is looked at next."""
        place = self.documents.index(document)
        self.documents = tuple(d for d in self.documents if d is not document)
        self._checks.pop(document, None)
        if document is self.current:
            near = self.documents[max(0, place - 1)] if self.documents else None
            self.show(near)
        self.closed.emit(document)
        document.deleteLater()

    def _add(self, document: Document) -> Document:
        blank = self.current if self.current is not None and untouched(self.current) else None
        self.documents = (*self.documents, document)
        document.said.connect(self.said)
        document.patched.connect(lambda patch: self._stale(document, patch))
        self.opened.emit(document)
        self.show(document)
        # A blank sheet that nobody has drawn on makes room for what is opened after it.
        if blank is not None and document.graph:
            self.close(blank)
        return document

    # --- saving -----------------------------------------------------------------------------

    @property
    def dirty(self) -> tuple[Document, ...]:
        """The open documents with edits that are not on disk."""
        return tuple(d for d in self.documents if d.dirty)

    def save(self, document: Document, path: Path, view: View | None = None) -> None:
        """Write the document there, read back before it counts. Raises SaveError, BadDocument."""
        from bpstudio.files import bps, durable

        file = document.to_file(view)

        def reads_back(written: bytes) -> None:
            if bps.decode(written, path.name).graph != file.graph:
                raise durable.SaveError(
                    tr("{file} would not read back as it is; nothing was written.", file=path.name)
                )

        path = path.absolute()
        stamp = durable.save(path, bps.encode(file), reads_back)
        document.saved(file, path, stamp)
        self.settings.remember(path)
        self.say(tr("Saved {file}.", file=path.name))

    def reload(self, document: Document) -> None:
        """Take the document from disk again; undo brings back what was there before.

        Raises BadDocument; nothing is changed then.
        """
        from bpstudio.core import edits
        from bpstudio.files import bps

        assert document.path is not None
        file, stamp = bps.load(document.path)
        label = tr("Reload {file}", file=document.path.name)
        document.do(edits.replace_all(document.committed, file.graph, label))
        document.saved(file, document.path, stamp)

    def changed_outside(self, document: Document) -> bool:
        """Whether the file on disk is no longer the one this document was read from."""
        if document.path is None or document.stamp is None:
            return False
        return document.stamp.changed(document.path)

    # --- the gradient check -----------------------------------------------------------------

    def check(self, document: Document) -> Check:
        """Check every wire's gradient by central differences and keep the verdicts."""
        from bpstudio.core.check import check

        made = self._checks[document] = check(document.graph)
        self.checked.emit(document)
        return made

    def check_of(self, document: Document | None) -> Check | None:
        """The check of a document as it stands now, None where none was made."""
        return self._checks.get(document) if document is not None else None

    def _stale(self, document: Document, patch: Patch) -> None:
        if document in self._checks and moves_numbers(patch):
            del self._checks[document]
            self.checked.emit(document)


def moves_numbers(patch: Patch) -> bool:
    """Whether a patch can change any value or gradient: places, names and notes cannot."""
    if structural(patch):
        return True
    if any(True for kind in (Seed, Kind, Setting) for _ in patch.touched(kind)):
        return True
    return any(
        isinstance(old, Node) and isinstance(new, Node) and old.params != new.params
        for old, new in patch.touched(Node)
    )


def untouched(document: Document) -> bool:
    """Whether nobody would miss this document: no file, no content, no history."""
    return document.path is None and not document.graph and document.undo_stack.count() == 0


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other
