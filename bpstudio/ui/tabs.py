"""Documents as tabs, one canvas each; with a single document there is no tab bar to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.canvas.canvas import GraphCanvas
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session

if TYPE_CHECKING:
    from bpstudio.files.bps import View


LEAST_TAB = 128
"""Width to which a tab shrinks at most, Large mode multiplied: a dozen letters of its name."""


class Bar(QTabBar):
    """Shrinks no name so far that it could not be told from the others; then the bar scrolls."""

    def minimumTabSizeHint(self, index: int) -> QSize:
        whole, least = self.tabSizeHint(index), super().minimumTabSizeHint(index)
        return least.expandedTo(QSize(min(whole.width(), theme.px(LEAST_TAB)), 0))


class Tabs(QTabWidget):
    """Follows the session: a tab for each open document, the current one in front."""

    close_wanted = Signal(object)
    """The Document whose tab somebody wants to close."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setTabBar(Bar())
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setTabBarAutoHide(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self._session = session
        self._canvases: dict[Document, GraphCanvas] = {}
        for document in session.documents:
            self._open(document)
        session.opened.connect(self._open)
        session.closed.connect(self._close)
        session.shown.connect(self._show)
        session.settings.changed.connect(self._setting_changed)
        self.tabCloseRequested.connect(lambda place: self._want_closed(place))
        self.currentChanged.connect(self._turned)
        self.tabBar().installEventFilter(self)

    def canvas_of(self, document: Document) -> GraphCanvas:
        """The canvas that shows this document."""
        return self._canvases[document]

    def view_of(self, document: Document) -> View | None:
        """A document's zoom and centre, as its file keeps them."""
        return self._canvases[document].file_view()

    def document_at(self, place: int) -> Document | None:
        """The document of a tab."""
        widget = self.widget(place)
        return next((d for d, c in self._canvases.items() if c is widget), None)

    def turn(self, by: int) -> None:
        """Go so many tabs on, as they stand; round at the ends."""
        if self.count():
            self.setCurrentIndex((self.currentIndex() + by) % self.count())

    def _open(self, document: Document) -> None:
        canvas = GraphCanvas()
        self._canvases[document] = canvas
        canvas.set_document(document)
        self._dress(canvas)
        document.renamed.connect(lambda: self._rename(document))
        self.addTab(canvas, "")
        self._rename(document)

    def _close(self, document: Document) -> None:
        canvas = self._canvases.pop(document)
        self.removeTab(self.indexOf(canvas))
        canvas.set_document(None)
        canvas.deleteLater()

    def _show(self, document: Document | None) -> None:
        if document is not None:
            self.setCurrentWidget(self._canvases[document])

    def _turned(self, place: int) -> None:
        document = self.document_at(place)
        if document is not None:
            self._session.show(document)

    def _rename(self, document: Document) -> None:
        if document not in self._canvases:
            return
        place = self.indexOf(self._canvases[document])
        title = document.title.replace("&", "&&")
        self.setTabText(place, f"{title} •" if document.dirty else title)
        tip = str(document.path) if document.path is not None else tr("Not saved yet")
        self.setTabToolTip(place, tip)

    def _want_closed(self, place: int) -> None:
        document = self.document_at(place)
        if document is not None:
            self.close_wanted.emit(document)

    def _setting_changed(self, name: str) -> None:
        if name in ("digits", "values", "gradients", "weights"):
            for canvas in self._canvases.values():
                self._dress(canvas)

    def _dress(self, canvas: GraphCanvas) -> None:
        """Tell a canvas what the settings say about labels."""
        settings, document = self._session.settings, canvas.document
        canvas.view.show_values = settings.get("values")
        canvas.view.show_gradients = settings.get("gradients")
        canvas.show_weights(settings.get("weights"))
        if document is not None:
            read = document.readout
            visible = read.visible(document.step)
            canvas.view.show(read.shown, visible, settings.get("digits"), read.figures)
        canvas.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        released = event.type() == QEvent.Type.MouseButtonRelease
        if (
            released
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.MiddleButton
        ):
            self._want_closed(self.tabBar().tabAt(event.position().toPoint()))
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            for document in self._canvases:
                self._rename(document)
        super().changeEvent(event)
