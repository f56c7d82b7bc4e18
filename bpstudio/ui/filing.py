"""Opening, saving and closing as a person does it: with the questions that need an answer.

Whatever goes wrong ends in one sentence, and nothing that was open is touched by it. `Filing`
belongs to a window; all its methods answer whether it was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QWidget

from bpstudio.core.graph import GraphError
from bpstudio.language import tr
from bpstudio.ui import ask
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session

if TYPE_CHECKING:
    from bpstudio.files.bps import View
    from bpstudio.files.durable import Stamp
    from bpstudio.ui.picturedialog import Options

SUFFIX = ".bps"
LARGE = 200_000
"""Numbers in a document; more of them are read and written beside the window."""


class Filing:
    """The file commands of one window. `view_of` answers a document's zoom and centre."""

    def __init__(
        self, session: Session, window: QWidget, view_of: Callable[[Document], View | None]
    ) -> None:
        self._session = session
        self._window = window
        self._view_of = view_of
        # The outside change last asked about, so that one change asks once.
        self._asked: dict[Document, Stamp | None] = {}
        self._asking = False
        session.closed.connect(self._forget)
        session.patiently = self._patiently

    def _patiently(self, sentence: str, numbers: int, work: Callable[[], Any]) -> Any:
        """Do it; what is large is done beside the window, which says so."""
        if numbers < LARGE:
            return work()
        from bpstudio.ui.patience import wait_for

        return wait_for(self._window, sentence, work)

    # --- opening ----------------------------------------------------------------------------

    def ask_and_open(self) -> bool:
        """Let a person pick documents and open them."""
        return self.open(ask.files_to_open(self._window, self._folder()))

    def open(self, paths: Iterable[Path]) -> bool:
        """Open these files; each that cannot be opened is named with the reason."""
        fine = [self._opened(path, self._session.open) for path in paths]
        return bool(fine) and all(fine)

    def open_copy(self, path: Path) -> bool:
        """Open a shipped example as an untitled document."""
        return self._opened(path, self._session.open_copy)

    def _opened(self, path: Path, way: Callable[[Path], Document]) -> bool:
        from bpstudio.files.bps import BadDocument

        try:
            way(path)
        except BadDocument as fault:
            if not path.exists():
                self._session.settings.forget(path)
            self._tell(tr("This document cannot be opened"), str(fault))
        else:
            return True
        return False

    # --- saving -----------------------------------------------------------------------------

    def save(self, document: Document) -> bool:
        """Save where it came from; ask for a place where it came from nowhere."""
        if document.path is None:
            return self.save_as(document)
        changed = self._session.changed_outside(document)
        if changed and document.path.exists():
            if not ask.about_overwriting(self._window, document.path.name):
                return False
        elif not changed and not document.dirty:
            self._session.say(
                tr("{file} is saved already; nothing has changed.", file=document.path.name)
            )
            return True
        return self._save_to(document, document.path)

    def save_as(self, document: Document) -> bool:
        """Ask for a place and save there."""
        name = document.path or Path(self._folder()) / f"{_file_name(document.title)}{SUFFIX}"
        path = ask.file_to_save(self._window, str(name))
        if path is None:
            return False
        other = self._session.at(path)
        if other is not None and other is not document:
            sentence = tr("{file} is open in another tab; close it first.", file=path.name)
            self._tell(tr("Not saved"), sentence)
            return False
        return self._save_to(document, path)

    def revert(self, document: Document) -> bool:
        """Take the document from disk again; undo brings the edits back."""
        if document.path is None:
            return False
        if document.dirty and not ask.about_reverting(self._window, document.title):
            return False
        return self._reload(document)

    def _save_to(self, document: Document, path: Path) -> bool:
        from bpstudio.files.bps import BadDocument
        from bpstudio.files.durable import SaveError

        try:
            self._session.save(document, path, self._view_of(document))
        except (SaveError, BadDocument) as fault:
            self._tell(tr("Not saved"), str(fault))
        else:
            self._asked.pop(document, None)
            return True
        return False

    def export(self, document: Document) -> bool:
        """Ask for a place and write a picture or code there; the suffix says which."""
        from bpstudio.ui import exporting

        path = ask.file_to_export(self._window, self._near(document), exporting.kinds())
        return path is not None and self._export(
            path, lambda: exporting.write(document, path, self._session.settings)
        )

    def picture(self, document: Document) -> None:
        """Show the picture dialog, which asks for a place through here."""
        from bpstudio.ui.picturedialog import PictureDialog

        dialog = PictureDialog(document, self._session.settings, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.save_wanted.connect(lambda options: self._save_picture(document, options))
        dialog.open()

    def copy_picture(self, document: Document) -> None:
        """Put the picture of what is selected, or of everything, on the clipboard."""
        from bpstudio.ui import picturedialog

        options = picturedialog.Options.of(document, self._session.settings)
        drawn = any(
            key in document.graph.nodes or key in document.graph.groups
            for key in document.selection
        )
        try:
            picturedialog.copy_picture(document, replace(options, selection=drawn))
        except GraphError as fault:
            self._tell(tr("Not copied"), str(fault))

    def print(self, document: Document) -> None:
        """Show the page as it will be printed."""
        from bpstudio.ui import picturedialog, printing

        options = picturedialog.Options.of(document, self._session.settings)
        try:
            printing.preview(document, options, self._window)
        except GraphError as fault:
            self._tell(tr("Not printed"), str(fault))

    def _save_picture(self, document: Document, options: Options) -> None:
        from bpstudio.files import durable
        from bpstudio.ui import exporting, picturedialog

        path = ask.file_to_export(self._window, self._near(document), exporting.pictures())
        if path is not None:
            suffix = path.suffix.lower().removeprefix(".")
            self._export(
                path,
                lambda: durable.save(path, picturedialog.data_of(document, options, suffix)),
            )

    def _near(self, document: Document) -> str:
        near = document.path or Path(self._folder()) / _file_name(document.title)
        return str(near.with_suffix(".png"))

    def _export(self, path: Path, write: Callable[[], object]) -> bool:
        try:
            write()
        except (GraphError, OSError) as fault:
            self._tell(tr("Not exported"), str(fault))
            return False
        self._session.say(tr("Exported {file}.", file=path.name))
        return True

    # --- closing ----------------------------------------------------------------------------

    def close(self, documents: Iterable[Document]) -> bool:
        """Close these documents, asking once about all that is not saved."""
        documents = tuple(documents)
        if not self.may_close(documents):
            return False
        for document in documents:
            self._session.close(document)
        return True

    def may_close(self, documents: Iterable[Document]) -> bool:
        """Ask once about what is not saved among these; answers whether they may go."""
        dirty = [d for d in documents if d.dirty]
        if not dirty:
            return True
        answer = ask.about_unsaved(self._window, [d.title for d in dirty])
        if answer == "save":
            return all(self._shown_and_saved(document) for document in dirty)
        return answer == "discard"

    def _shown_and_saved(self, document: Document) -> bool:
        if document.path is None:
            # The question for a name needs the drawing before one's eyes.
            self._session.show(document)
        return self.save(document)

    # --- changes by other programs ----------------------------------------------------------

    def look_outside(self) -> None:
        """Ask about the current document if another program has changed its file."""
        document = self._session.current
        if self._asking or document is None or not self._session.changed_outside(document):
            return
        from bpstudio.files.durable import Stamp

        assert document.path is not None
        try:
            now: Stamp | None = Stamp.of(document.path)
        except OSError:
            now = None
        if document in self._asked and self._asked[document] == now:
            return
        self._asked[document] = now
        self._asking = True
        try:
            answer = ask.about_outside_change(
                self._window, document.path.name, gone=now is None, dirty=document.dirty
            )
        finally:
            self._asking = False
        if answer == "reload":
            self._reload(document)
        elif answer == "save_as":
            self.save_as(document)

    def _reload(self, document: Document) -> bool:
        from bpstudio.files.bps import BadDocument

        assert document.path is not None
        try:
            self._session.reload(document)
        except BadDocument as fault:
            self._tell(tr("This document cannot be opened"), str(fault))
        else:
            return True
        return False

    def _forget(self, document: Document) -> None:
        self._asked.pop(document, None)

    def _tell(self, title: str, sentence: str) -> None:
        self._session.say(sentence)
        ask.tell(self._window, title, sentence)

    def _folder(self) -> str:
        current = self._session.current
        if current is not None and current.path is not None:
            return str(current.path.parent)
        for name in self._session.settings.recent:
            if (folder := Path(name).parent).is_dir():
                return str(folder)
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = Path(QStandardPaths.writableLocation(place))
        return str(folder if folder.is_dir() else Path.home())


def _file_name(title: str) -> str:
    """A title as a file name that every system takes."""
    kept = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in title)
    return kept.strip(" .")[:80] or "graph"
