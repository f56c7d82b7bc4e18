"""The documents that are open and the one that is looked at; how they come from disk and go there.

Panels and actions reach everything through the Session. It asks nobody anything: what a person has
to decide is decided in `filing`, which calls these methods with the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from bpstudio.core.graph import Kind, Node, Patch, Seed, Setting
from bpstudio.language import tr
from bpstudio.ui.changes import structural
from bpstudio.ui.document import Document
from bpstudio.ui.settings import Settings

if TYPE_CHECKING:
    from bpstudio.core.check import Check, Sweep
    from bpstudio.files.bps import File, View
    from bpstudio.files.durable import Stamp
    from bpstudio.ui.aside import Errand

Patience = Callable[[str, int, Callable[[], Any]], Any]
BYTES = 20
"""About as many of a file's make a number."""
AT_ONCE = 2_500
"""Wires; checking more of them takes longer than a hand may wait."""
STEPS = tuple(10.0 ** (-k / 2) for k in range(2, 29))
"""The steps of a sweep: two a decade, so that the V has a foot."""


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
        self.patiently: Patience = _at_once
        """Does work of about so many numbers; a window may show that it takes a while."""
        self.documents: tuple[Document, ...] = ()
        self.current: Document | None = None
        self._checks: dict[Document, Check] = {}
        self._samples: dict[Document, int] = {}
        # Checks under way: an edit of the numbers takes its document out again.
        self._errands: dict[Document, Errand] = {}

    def say(self, sentence: str) -> None:
        """Tell the status line and the screen reader."""
        self.said.emit(sentence)

    # --- opening and closing ----------------------------------------------------------------

    def new(self) -> Document:
        """Open an empty document."""
        return self._add(Document())

    def open(self, path: Path) -> Document:
        """Open a file or show it where it is open already. Raises BadDocument."""
        path = path.absolute()
        if (document := self.at(path)) is not None:
            self.show(document)
            return document
        file, stamp = self._load(path)
        document = Document(file, path)
        document.stamp = stamp
        self.settings.remember(path)
        return self._add(document)

    def open_copy(self, path: Path) -> Document:
        """Open a file as an untitled document, so that an example is never written over."""
        from bpstudio.files import bps

        file, _ = bps.load(path)
        return self._add(Document(file))

    def _load(self, path: Path) -> tuple[File, Stamp]:
        """A file as `bps.load` reads it; a large one beside the window."""
        from bpstudio.files import bps

        try:
            size = path.stat().st_size // BYTES
        except OSError:
            size = 0
        sentence = tr("Reading {file} …", file=path.name)
        read: tuple[File, Stamp] = self.patiently(sentence, size, lambda: bps.load(path))
        return read

    def adopt(self, file: File) -> Document:
        """Open what was made here and stands nowhere yet."""
        return self._add(Document(file))

    def restore(self, file: File, path: Path | None, stamp: Stamp | None) -> Document:
        """Open what was never saved, as it was: at home at `path`, and with changes to save."""
        document = Document(file, path)
        document.stamp = stamp if path is not None else None
        self._add(document)
        document.touch()
        return document

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
        self._forget_check(document)
        if document is self.current:
            near = self.documents[max(0, place - 1)] if self.documents else None
            self.show(near)
        self.closed.emit(document)
        document.deleteLater()

    def _add(self, document: Document) -> Document:
        blank = self.current if self.current is not None and untouched(self.current) else None
        self.documents = (*self.documents, document)
        # What listens to a document holds it; without a parent none would ever go.
        document.setParent(self)
        document.said.connect(self.said)
        document.patched.connect(lambda patch: self._stale(document, patch))
        document.reread.connect(lambda _: self._other_sample(document))
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
        from bpstudio.files import bps, durable, versions
        from bpstudio.ui import earlier

        file = document.to_file(view)

        def reads_back(written: bytes) -> None:
            if bps.decode(written, path.name).graph != file.graph:
                raise durable.SaveError(
                    tr("{file} would not read back as it is; nothing was written.", file=path.name)
                )

        path = path.absolute()
        lost = versions.keep(earlier.folder(), path, time.time())
        stamp = self.patiently(
            tr("Saving {file} …", file=path.name),
            _numbers_in(file),
            lambda: durable.save(path, bps.encode(file), reads_back),
        )
        document.saved(file, path, stamp)
        self.settings.remember(path)
        said = tr("Saved {file}.", file=path.name)
        if lost:
            said += " " + tr("Its earlier version could not be kept: {why}.", why=lost.rstrip("."))
        self.say(said)

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
        """Check every wire's gradient by central differences and keep the verdicts.

        Of a batch the sample is checked that is read. Raises BadParam for a batch that does not fit
        together.
        """
        from bpstudio.core.check import check

        found = check(document.trace.plan, sample=document.reading.sample)
        return self._keep(document, found)

    def check_soon(self, document: Document, done: Callable[[Check], object]) -> None:
        """The same, but a large graph is checked beside the work; `done` gets the check.

        It never comes where a number changes meanwhile. Raises BadParam as `check` does.
        """
        if len(document.graph.wires) <= AT_ONCE:
            done(self.check(document))
            return
        from bpstudio.ui.aside import aside
        from bpstudio.ui.checkwork import check_in_pieces

        self._forget_check(document)
        # A plan keeps desks that two runs must not share: the thread makes its own.
        graph, sample = document.graph, document.reading.sample
        self._samples[document] = sample
        self.say(tr("Checking {n} wires …", n=f"{len(graph.wires):,}"))

        def take(found: Check) -> None:
            del self._errands[document]
            done(self._keep(document, found))

        self._errands[document] = aside(
            self, lambda errand: check_in_pieces(graph, sample, errand), take
        )

    def check_of(self, document: Document | None) -> Check | None:
        """The check of a document as it stands now, None where none was made."""
        return self._checks.get(document) if document is not None else None

    def sweep_soon(self, document: Document, wire: str, done: Callable[[Sweep], object]) -> None:
        """One wire's central differences at many steps; at once in a small graph.

        Raises UnknownItem, BadParam.
        """
        from bpstudio.core.check import sweep

        sample = document.reading.sample
        if len(document.graph.wires) <= AT_ONCE:
            done(sweep(document.trace.plan, wire, STEPS, sample=sample))
            return
        from bpstudio.ui.aside import aside

        graph = document.graph
        aside(self, lambda _: sweep(graph, wire, STEPS, sample=sample), done)

    def _keep(self, document: Document, found: Check) -> Check:
        self._checks[document] = found
        self._samples[document] = document.reading.sample
        self.checked.emit(document)
        return found

    def _stale(self, document: Document, patch: Patch) -> None:
        if moves_numbers(patch):
            self._forget_check(document)

    def _other_sample(self, document: Document) -> None:
        if self._samples.get(document) != document.reading.sample:
            self._forget_check(document)

    def _forget_check(self, document: Document) -> None:
        errand = self._errands.pop(document, None)
        if errand is not None:
            errand.wanted = False
            if document in self.documents:
                self.say(tr("The graph has changed meanwhile: check it again."))
        self._samples.pop(document, None)
        if self._checks.pop(document, None) is not None:
            self.checked.emit(document)


def moves_numbers(patch: Patch) -> bool:
    """Whether a patch can change any value or gradient: places, names and notes cannot."""
    if structural(patch):
        return True
    if any(True for kind in (Seed, Kind) for _ in patch.touched(kind)):
        return True
    if any(key != "setting wires" for key in _settings(patch)):
        return True
    return any(
        isinstance(old, Node) and isinstance(new, Node) and old.params != new.params
        for old, new in patch.touched(Node)
    )


def _settings(patch: Patch) -> list[str]:
    items = (new or old for old, new in patch.touched(Setting))
    return [item.id for item in items if item is not None]


def untouched(document: Document) -> bool:
    """Whether nobody would miss this document: no file, no content, no history."""
    return document.path is None and not document.graph and document.undo_stack.count() == 0


def _at_once(_sentence: str, _numbers: int, work: Callable[[], Any]) -> Any:
    return work()


def _numbers_in(file: File) -> int:
    """About how many numbers a file's network and data hold."""
    if file.network is None and not file.datasets:
        return 0
    from bpstudio.ui.trainer.keeping import numbers_in

    return numbers_in(file.network, file.datasets)


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other
