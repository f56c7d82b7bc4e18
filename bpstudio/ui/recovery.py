"""What was not saved and can be taken back: offered once after a crash, listed for ever after.

After a start the window looks for journals that nobody writes. What a crash left is offered in one
quiet bar; what somebody closed without saving is only in the list (File, Unsaved work). Opening one
gives the document as it was, unsaved, at home where its file was; its journal goes only when a new
one holds everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from bpstudio import language
from bpstudio.language import listed, tr, trn
from bpstudio.ui import ask, journals
from bpstudio.ui.aside import aside
from bpstudio.ui.document import Document
from bpstudio.ui.journals import Journals
from bpstudio.ui.shelf import Row, ShelfDialog
from bpstudio.ui.times import time_of

if TYPE_CHECKING:
    from bpstudio.files.journal import Found
    from bpstudio.ui.window import Window


MOST_NAMED = 4


class Recovery(QObject):
    """Finds, offers and opens what was not saved; one for each window."""

    def __init__(self, window: Window, recorders: Journals) -> None:
        super().__init__(window)
        self._window, self._journals = window, recorders
        self.bar: RecoveryBar | None = None

    def look(self) -> None:
        """Look for what a crash left, beside the window, and offer it."""
        aside(self, lambda _: _look(), self._offer)

    def found(self) -> tuple[Found, ...]:
        """All that can be taken back, the newest first."""
        from bpstudio.files.journal import found

        return found(journals.folder())

    def open(self, chosen: Sequence[Found]) -> list[Document]:
        """Open these as unsaved documents; each that cannot be opened is named with the reason."""
        opened = [document for one in chosen if (document := self._opened(one)) is not None]
        if opened:
            self._window.session.say(
                trn(
                    "{names} is back as it was; it is not saved yet.",
                    "{names} are back as they were; they are not saved yet.",
                    len(opened),
                    names=quoted([document.title for document in opened]),
                )
            )
        return opened

    def forget(self, chosen: Sequence[Found]) -> None:
        """Delete these for good."""
        from bpstudio.files.journal import forget
        from bpstudio.files.tale import JournalError

        for one in chosen:
            try:
                forget(one)
            except JournalError as fault:
                ask.tell(self._window, tr("Not deleted"), str(fault))

    def put_aside(self, chosen: Sequence[Found]) -> None:
        """Offer these no more unasked; they stay in the list."""
        from bpstudio.files.journal import put_aside
        from bpstudio.files.tale import JournalError

        for one in chosen:
            try:
                put_aside(one)
            except JournalError as fault:
                self._window.session.say(str(fault))
        if chosen:
            self._window.session.say(tr("File, Unsaved work has it for 30 days."))

    def show_list(self) -> None:
        """Show everything that can be taken back."""
        ShelfDialog(Unsaved(self), self._window).open()

    def _offer(self, crashed: tuple[Found, ...]) -> None:
        if not crashed:
            return
        if self.bar is None:
            self.bar = RecoveryBar()
            self.bar.restore.clicked.connect(self._restore)
            self.bar.list.clicked.connect(self._list)
            self.bar.later.clicked.connect(self._later)
            self._window.put_bar(self.bar)
        self.bar.offer(crashed)

    def _taken(self) -> tuple[Found, ...]:
        assert self.bar is not None
        self.bar.hide()
        return self.bar.crashed

    def _restore(self) -> None:
        self.open(self._taken())

    def _list(self) -> None:
        self._taken()
        self.show_list()

    def _later(self) -> None:
        self.put_aside(self._taken())

    def _opened(self, one: Found) -> Document | None:
        from bpstudio.files.bps import BadDocument
        from bpstudio.files.journal import recover
        from bpstudio.files.tale import JournalError

        try:
            file = recover(one)
        except (JournalError, BadDocument) as fault:
            ask.tell(self._window, tr("This document cannot be recovered"), str(fault))
            return None
        session = self._window.session
        path = Path(one.origin.path) if one.origin.path else None
        title = file.title or one.origin.title
        if path is not None and session.at(path) is not None:
            # The file is open: what is recovered stands beside it under another name.
            path, title = None, tr("{name} (recovered)", name=one.origin.title)
        document = session.restore(replace(file, title=title), path, one.origin.stamp)
        self._journals.of(document).take_over(one)
        return document


class RecoveryBar(QFrame):
    """One line over the documents: what a crash left, and what may be done about it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recovery_bar")
        self.crashed: tuple[Found, ...] = ()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.restore = QPushButton()
        self.restore.setObjectName("primary")
        self.list = QPushButton()
        self.later = QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        for button in (self.restore, self.list, self.later):
            row.addWidget(button)
        self.hide()

    def offer(self, crashed: tuple[Found, ...]) -> None:
        """Show it for these, and read it aloud."""
        self.crashed = crashed
        self.retranslate()
        self.show()
        if QAccessible.isActive():
            event = QAccessibleAnnouncementEvent(self, self.words.text())
            QAccessible.updateAccessibility(event)

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.restore.setText(tr("Open it") if len(self.crashed) == 1 else tr("Open all"))
        self.list.setText(tr("Show list …"))
        self.later.setText(tr("Not now"))
        if self.crashed:
            self.words.setText(_offer_of(self.crashed))
            self.setAccessibleName(self.words.text())


def _offer_of(crashed: tuple[Found, ...]) -> str:
    return trn(
        "{names} was not saved when the program ended; last changed {when}.",
        "{names} were not saved when the program ended; last changed {when}.",
        len(crashed),
        names=quoted([title_of(one) for one in crashed]),
        when=time_of(crashed[0].when),
    )


def quoted(names: Sequence[str]) -> str:
    """Some names in a sentence; of many the first few."""
    return listed((f"“{name}”" for name in names), MOST_NAMED)


def title_of(one: Found) -> str:
    """What the document was called."""
    return one.origin.title or tr("Untitled")


class Unsaved:
    """The shelf of what was not saved."""

    numbers = frozenset({2})

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery

    def title(self) -> str:
        return tr("Unsaved work")

    def columns(self) -> Sequence[str]:
        return (tr("Document"), tr("Last changed"), tr("Edits"), tr("Why"))

    def words(self, *, empty: bool) -> str:
        if empty:
            return tr("There is nothing here: everything was saved.")
        return tr("What was not saved is kept here; what you closed without saving, for 30 days.")

    def rows(self) -> Sequence[Row]:
        numbers = QLocale(language.current())
        rows = []
        for one in self._recovery.found():
            why = tr("closed without saving") if one.closed else tr("the program ended")
            texts = (title_of(one), time_of(one.when), numbers.toString(one.edits), why)
            rows.append(Row(texts, one.origin.path, one))
        return rows

    def open(self, chosen: Sequence[Found]) -> bool:
        return bool(self._recovery.open(chosen))

    def about_deleting(self, chosen: Sequence[Found]) -> str:
        names = quoted([title_of(one) for one in chosen])
        return tr("Delete {names} for good?", names=names)

    def delete(self, chosen: Sequence[Found]) -> None:
        self._recovery.forget(chosen)


def _look() -> tuple[Found, ...]:
    import time

    from bpstudio.files import journal

    journal.forget_old(journals.folder(), time.time())
    return tuple(one for one in journal.found(journals.folder()) if not one.closed)
