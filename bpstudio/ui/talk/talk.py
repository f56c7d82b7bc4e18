"""The talk: a document on the whole screen, its canvas above and the stage below.

It has a canvas of its own, whose gestures cannot edit; steps taken here are the document's steps,
so the window behind stands where the talk ended.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.canvas.tools.machine import Tools
from bpstudio.ui.canvas.widget import CanvasWidget
from bpstudio.ui.document import Document
from bpstudio.ui.panels.stepper import Stepper
from bpstudio.ui.session import Session
from bpstudio.ui.talk.ink import Ink
from bpstudio.ui.talk.watching import Laser, Pen, Watch

HELP_MS = 6000
"""How long the keys are told when a talk begins."""
ZOOM = 1.25
_PAGES = {
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
    Qt.Key.Key_PageUp: "back",
    Qt.Key.Key_PageDown: "forward",
    Qt.Key.Key_F5: "play",
}
"""Keys of presenters' remotes."""


class TalkCanvas(CanvasWidget):
    """A canvas that shows and never edits."""

    asked = Signal(str)
    """A command for the talk, by its name."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(None, parent)
        self.setAcceptDrops(False)
        self.ink = Ink(self, lambda at: self.camera.to_screen(at))
        self.looked.connect(self.ink.update)
        self.tools = Tools(self.stage, Watch)
        self.set_document(document)

    def run(self, command: str) -> None:
        """What a gesture or a key of the talk asks for."""
        name, *more = command.split()
        if name == "light":
            self.ink.light(float(more[0]), float(more[1]))
        elif name == "stroke":
            self.ink.begin((float(more[0]), float(more[1])))
        elif name == "line":
            self.ink.draw_to((float(more[0]), float(more[1])))
        else:
            self.asked.emit(command)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Keys that mean nothing to the editor's gestures have no name there.
        asked = _PAGES.get(Qt.Key(event.key()))
        if asked:
            self.asked.emit(asked)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.ink.resize(self.size())


class Talk(QWidget):
    """The full-screen window of one talk; it deletes itself when it is left."""

    left = Signal()

    def __init__(self, session: Session, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("talk")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._document = session, document
        self.canvas = TalkCanvas(document)
        self.canvas.set_digits(session.settings.get("digits"))
        self._label_settings()
        self.canvas.asked.connect(self.do)
        self.stepper = Stepper(session)
        self.stepper.show_document(document)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.stepper)
        self.blank = Blank(self)
        self.blank.woken.connect(lambda: self.do("blank"))
        self.help = QLabel(self)
        self.help.setObjectName("talk_help")
        self.help.setTextFormat(Qt.TextFormat.PlainText)
        self.help.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._quiet = QTimer(self, singleShot=True, interval=HELP_MS)
        self._quiet.timeout.connect(self.help.hide)
        session.settings.changed.connect(self._setting_changed)
        session.closed.connect(self._document_closed)
        theme.appearance().changed.connect(self._dress)
        self._dress()
        self._retranslate()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what keys and clicks ask for -------------------------------------------------------

    def do(self, command: str) -> None:
        """Run a command of the talk."""
        name, _, rest = command.partition(" ")
        if name == "term":
            self._go_back_through(rest)
        elif name == "gate":
            self._go_through(rest)
        else:
            self._commands()[command]()

    def _commands(self) -> dict[str, Callable[[], object]]:
        middle = self.canvas.middle
        return {
            "forward": self.stepper.forward,
            "back": self.stepper.back,
            "first": self.stepper.first,
            "last": self.stepper.last,
            "play": self.stepper.toggle,
            "leave": self.close,
            "blank": self._blank,
            "laser": lambda: self.canvas.tools.go(Laser(self.canvas.tools)),
            "pen": lambda: self.canvas.tools.go(Pen(self.canvas.tools)),
            "clear": self.canvas.ink.clear,
            "take back": self.canvas.ink.take_back,
            "dark": self.canvas.ink.dark,
            "fit": self.canvas.fit_all,
            "larger": lambda: self.canvas.zoom_at(ZOOM, middle),
            "smaller": lambda: self.canvas.zoom_at(1 / ZOOM, middle),
            "help": self._toggle_help,
        }

    def _go_back_through(self, wire: str) -> None:
        """Go to the step that puts the gradient on this wire; the stage shows its term."""
        found = self._document.graph.wires.get(wire)
        if found is not None:
            self._go_to(found.target, "backward")

    def _go_through(self, node: str) -> None:
        """Go to a gate's forward step; from there to its backward step."""
        steps = self._document.trace.steps
        try:
            ahead = steps.index_of(node) + 1
        except ValueError:
            return
        self._go_to(node, "backward" if self._document.step == ahead else "forward")

    def _go_to(self, node: str, phase: str) -> None:
        if self._document.reading.is_forward:
            return
        try:
            self._document.go(self._document.trace.steps.index_of(node, phase) + 1)
        except ValueError:
            # A source takes no step, and neither does what lacks an input.
            return

    def _blank(self) -> None:
        if self.blank.isHidden():
            # Not only when the window is resized: on the way to the full screen, under load, the
            # last event can tell a size that the window has left already.
            self.blank.resize(self.size())
            self.blank.show()
            self.blank.raise_()
            self.blank.setFocus()
        else:
            # Focus first: hidden with it, Qt would hand it on as if Tab had been pressed.
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            self.blank.hide()

    def _toggle_help(self) -> None:
        self._quiet.stop()
        self.help.setVisible(self.help.isHidden())
        self._place_help()

    # --- following --------------------------------------------------------------------------

    def _setting_changed(self, name: str) -> None:
        if name == "digits":
            self.canvas.set_digits(self._session.settings.get("digits"))
        self._label_settings()

    def _label_settings(self) -> None:
        settings = self._session.settings
        self.canvas.show_labels(values=settings.get("values"), gradients=settings.get("gradients"))
        self.canvas.show_weights(settings.get("weights"))

    def _document_closed(self, document: Document) -> None:
        if document is self._document:
            self.close()

    def _dress(self, _: object = None) -> None:
        look = theme.current()
        self.help.setStyleSheet(
            f"background: {look.panel}; color: {look.faint}; border: 1px solid {look.rule};"
            f"border-radius: {theme.px(8)}px; padding: {theme.px(8)}px {theme.px(12)}px;"
        )
        self._place_help()

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Talk: {title}", title=self._document.title))
        self.help.setText(
            tr(
                "← → step   ·   Enter play   ·   click a wire for its term   ·   L laser   ·   "
                "P pen, C clear   ·   B blank   ·   H these keys   ·   Esc leave"
            )
        )
        self._place_help()

    def _place_help(self) -> None:
        room = self.width() - 32
        self.help.setWordWrap(False)
        self.help.adjustSize()
        if self.help.width() > room > 0:
            self.help.setWordWrap(True)
            self.help.resize(room, self.help.heightForWidth(room))
        self.help.move((self.width() - self.help.width()) // 2, 16)
        self.help.raise_()

    # --- Qt ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_help()
        self._quiet.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.blank.resize(self.size())
        self._place_help()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The stage's buttons may hold the keyboard: the talk's keys work there too.
        self.canvas.keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stepper.pause()
        self.stepper.show_document(None)
        self.canvas.set_document(None)
        event.accept()
        self.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)


class Blank(QWidget):
    """A dark sheet: the class looks at the speaker. Any key or click takes it away."""

    woken = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("blank")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet("#blank { background: black; }")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        self.woken.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.woken.emit()
