"""The history: every command by its name; a click goes there, back or on."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QUndoView, QWidget

from bpstudio.language import tr
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session


class History(QUndoView):
    """The panel at the lower right: the undo stack of the document looked at."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del session
        self.setObjectName("history")
        self.setFrameShape(QUndoView.Shape.NoFrame)
        self._retranslate()

    def show_document(self, document: Document | None) -> None:
        """Look at this document's history."""
        if document is None:
            # None clears the stack; the C++ slot takes a null pointer.
            self.setStack(None)  # type: ignore[arg-type]
        else:
            self.setStack(document.undo_stack)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("History"))
        self.setEmptyLabel(tr("Beginning"))
