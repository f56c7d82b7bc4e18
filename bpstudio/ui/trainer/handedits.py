"""Weights and biases that a hand changed in the network view, and how they are taken back.

While a drawing on the canvas follows the network, a change is an edit of that drawing: both views
share its history. Without one the panel keeps a history of its own, until another run begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from bpstudio.language import tr
from bpstudio.ui.trainer import partwords
from bpstudio.ui.trainer.parts import Part

if TYPE_CHECKING:
    from bpstudio.ui.trainer.link import Link
    from bpstudio.ui.trainer.panel import TrainingPanel


class HandEdit(NamedTuple):
    """A number of the network before and after a hand changed it."""

    part: Part
    before: float
    after: float


class HandEdits(QObject):
    """Gives changed numbers to the run of one panel, and takes them back."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.done: list[HandEdit] = []
        self.undone: list[HandEdit] = []
        self.links: list[Link] = []
        """Drawings that follow the network now; the last one takes the edits."""
        network = panel.page.network
        network.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        network.customContextMenuRequested.connect(self._open_menu)

    def give(self, part: Part, value: float) -> None:
        """Put a number in place of a weight or bias."""
        frame = self._panel.frame
        if frame is None:
            return
        if self.links and self.links[-1].edit(part, value):
            return
        before = partwords.value_of(frame, part)
        if frame.answered < self._panel.runner.engine.asked:
            # A change just made is not in the frame yet.
            before = next((e.after for e in reversed(self.done) if e.part == part), before)
        if value != before:
            self.done.append(HandEdit(part, before, value))
            self.undone.clear()
            self._put(part, value)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self.links[-1].can_undo if self.links else bool(self.done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self.links[-1].can_redo if self.links else bool(self.undone)

    def undo(self) -> None:
        """Take the last change back, whatever was learned since."""
        if self.links and self.can_undo:
            self.links[-1].document.undo_stack.undo()
        elif self.can_undo:
            edit = self.done.pop()
            self.undone.append(edit)
            self._put(edit.part, edit.before)
            self._say(tr("Taken back"), edit.part, edit.before)

    def redo(self) -> None:
        """Make the change that was taken back last again."""
        if self.links and self.can_redo:
            self.links[-1].document.undo_stack.redo()
        elif self.can_redo:
            edit = self.undone.pop()
            self.done.append(edit)
            self._put(edit.part, edit.after)
            self._say(tr("Made again"), edit.part, edit.after)

    def clear(self) -> None:
        """Another run begins: its numbers are others."""
        self.done.clear()
        self.undone.clear()

    def heed(self, event: QKeyEvent) -> bool:
        """Do what a key asks for, or only claim it while others may still take it."""
        for key, able, act in (
            (QKeySequence.StandardKey.Undo, self.can_undo, self.undo),
            (QKeySequence.StandardKey.Redo, self.can_redo, self.redo),
        ):
            if able and event.matches(key):
                event.accept()
                if event.type() == QKeyEvent.Type.KeyPress:
                    act()
                return True
        return False

    # --- inside -----------------------------------------------------------------------------

    def _put(self, part: Part, value: float) -> None:
        self._panel.runner.edit(part.layer - 1, part.unit, part.source, value)

    def _say(self, done: str, part: Part, value: float) -> None:
        assert self._panel.frame is not None
        words = partwords.words_of(self._panel.frame, part, value)
        self._panel.tell(f"{done}: {words}", good=True)

    def _open_menu(self, at: QPoint) -> None:
        network = self._panel.page.network
        part = network.picked
        menu = QMenu(network)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        change = menu.addAction(tr("Change this number …"))
        change.setEnabled(part is not None and part.layer > 0)
        if part is not None and part.layer:
            change.triggered.connect(lambda: network.open_field(part))
        menu.addSeparator()
        for words, standard, able, act in (
            (tr("Undo the change of a number"), QKeySequence.StandardKey.Undo, 0, self.undo),
            (tr("Redo the change of a number"), QKeySequence.StandardKey.Redo, 1, self.redo),
        ):
            entry = menu.addAction(words)
            entry.setShortcut(QKeySequence(standard))
            entry.setEnabled(self.can_redo if able else self.can_undo)
            entry.triggered.connect(act)
        menu.popup(network.mapToGlobal(at))
