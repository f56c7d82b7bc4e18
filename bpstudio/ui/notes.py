"""Notes on a canvas: written where they stand, as tall as their words, resized by a corner.

A new note and its first words are one command; a note left empty at once was never there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from bpstudio.core import edits
from bpstudio.core.graph import GraphError, Note, Patch, Point
from bpstudio.core.shape import GRID, SNAP, snapped
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.canvas import titled
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.grips import GRIP, WAYS, Grip, Handle, step, stretched

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.document import Document

FONT, PAD = 13, (12.0, 9.0)
"""As canvas/drawing.py draws a note's words."""
FIRST = (200.0, 40.0)
"""The size of a note without a word."""
_BORDER = 2
"""Width of the line round the field, screen px."""
REFUSED_MS = 4000
LEAST_SCALE = 0.3
"""Further away a note is too small to take by its corner."""


class Notes(QObject):
    """The notes of one canvas under pen and mouse."""

    def __init__(self, canvas: GraphCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._document: Document | None = None
        self.field = Field(canvas, self._take, self._closed)
        self.grip = Grip(canvas, self._resize)
        self.handles = {way: Handle(canvas, way, partial(self._reshape, way)) for way in WAYS}
        self._fresh = False
        canvas.looked.connect(self.follow)

    def show_document(self, document: Document | None) -> None:
        """Look at the notes of this document."""
        self.leave()
        if self._document is not None:
            self._document.patched.disconnect(self.follow)
            self._document.selected.disconnect(self.follow)
        self._document = document
        if document is not None:
            document.patched.connect(self.follow)
            document.selected.connect(self.follow)
        self.follow()

    def insert(self, at: Point | None = None) -> None:
        """Put a note at a place of the scene, or at the pointer, and write its words."""
        canvas = self._canvas
        canvas.tools.rest()
        here = at or canvas.pointed
        if here is None:
            here = canvas.centre
        try:
            patch = edits.add_note(canvas.stage.graph, (snapped(here[0]), snapped(here[1])), "")
            (note,) = edits.born(patch, Note)
            small = edits.resize_note(canvas.stage.graph.apply(patch), note, FIRST)
        except GraphError as error:
            canvas.stage.refuse(str(error))
            return
        canvas.stage.do(patch.then(small, patch.label), _merged(note))
        canvas.stage.select((note,))
        self.edit(note, fresh=True)

    def edit(self, note: str, *, fresh: bool = False) -> None:
        """Write a note's words; Esc leaves them as they are, a click elsewhere takes them."""
        found = self._canvas.stage.graph.notes.get(note)
        if found is None:
            return
        self._canvas.tools.rest()
        self._canvas.hush()
        self._canvas.reveal(note)
        self._fresh = fresh
        self.field.open(note, found.text)
        self.follow()

    def leave(self) -> None:
        """Close the field without taking anything."""
        self.field.leave()

    def follow(self, _: object = None) -> None:
        """The camera, the graph or the selection moved: field and corner go along."""
        canvas = self._canvas
        if self.field.is_open:
            if self.field.item not in canvas.view.notes:
                self._fresh = False
                self.field.leave()
            else:
                self.field.place(self._rect(self.field.item), canvas.camera.scale)
        chosen = canvas.stage.selection
        one = next(iter(chosen)) if len(chosen) == 1 else ""
        shown = one in canvas.view.notes and canvas.camera.scale >= LEAST_SCALE
        framed = shown and canvas.view.notes[one].frame
        self.grip.setVisible(shown and not framed and not self.field.is_open)
        self._place_handles(one if framed else "")
        if shown:
            rect = self._rect(one)
            self.grip.note = one
            self.grip.move(round(rect.right()) - GRIP, round(rect.bottom()) - GRIP)

    def stretch(self, way: tuple[int, int]) -> None:
        """Make the selected notes and frames wider (1, 0), narrower (-1, 0), taller (0, 1) or
        lower (0, -1).

        By a dot of the paper each time; several times in a row are one command.
        """
        canvas = self._canvas
        before = graph = canvas.stage.graph
        chosen = sorted(key for key in canvas.stage.selection if key in graph.notes)
        made = Patch("")
        for key in chosen:
            wide, tall = graph.notes[key].size
            size = step(wide + GRID * way[0]), step(tall + GRID * way[1])
            one = edits.resize_note(graph, key, size)
            graph, made = graph.apply(one), made.then(one, one.label)
        if not made and chosen:
            framed = graph.notes[chosen[0]].frame
            canvas.announce(
                tr("A frame cannot be smaller than this.")
                if framed
                else tr("A note cannot be smaller than this.")
            )
        elif made:
            canvas.stage.do(made, "resize " + " ".join(chosen))
            if len(chosen) == 1 and canvas.stage.graph is not before:
                canvas.reveal(chosen[0])

    def _place_handles(self, frame: str) -> None:
        """The handles of the one selected frame stand on its line; "" for none."""
        places = {}
        if frame:
            view, camera = self._canvas.view, self._canvas.camera
            seen = titled.outline(view.note_rect(frame), view.factor / camera.scale)
            rect = self._on_screen(seen)
            places = titled.handles((rect.left(), rect.top(), rect.right(), rect.bottom()))
        for way, handle in self.handles.items():
            if way in places:
                handle.note = frame
                x, y = places[way]
                handle.move(round(x) - GRIP // 2, round(y) - GRIP // 2)
            handle.setVisible(way in places)

    # --- inside -----------------------------------------------------------------------------

    def _rect(self, note: str) -> QRectF:
        """Where a note is drawn, in the canvas's pixels, as far as Qt can count."""
        return self._on_screen(self._canvas.view.note_rect(note))

    def _on_screen(self, scene: Rect) -> QRectF:
        left, top, right, bottom = self._canvas.camera.rect_to_screen(scene)
        left, top = max(-1e5, min(1e5, left)), max(-1e5, min(1e5, top))
        return QRectF(left, top, min(1e4, right - left), min(1e4, bottom - top))

    def _take(self, text: str) -> str:
        """Take a note's words; the sentence why not, or ""."""
        canvas, note, fresh = self._canvas, self.field.item, self._fresh
        graph = canvas.stage.graph
        found = graph.notes.get(note)
        if found is None or (text == found.text and not fresh):
            return ""
        if fresh and not text.strip():
            # It comes to nothing, and so does the command.
            canvas.stage.do(edits.delete(graph, [note]), _merged(note))
            return ""
        try:
            patch = written(canvas, found, text)
        except GraphError as error:
            below = self.field.geometry().bottomLeft()
            canvas.tell(str(error), bad=True, ms=REFUSED_MS, at=below)
            canvas.announce(str(error))
            return str(error)
        if fresh:
            canvas.stage.do(replace(patch, label=tr("Add a note")), _merged(note))
        else:
            canvas.stage.do(patch)
        return ""

    def _closed(self) -> None:
        """The field was left: what was new and has no word goes again."""
        fresh, self._fresh = self._fresh, False
        found = self._canvas.stage.graph.notes.get(self.field.item)
        if fresh and found is not None and not found.text:
            graph = self._canvas.stage.graph
            self._canvas.stage.do(edits.delete(graph, [found.id]), _merged(found.id))
        self._canvas.hush()
        self.follow()

    def _resize(self, note: str, way: Point | None, *, done: bool) -> None:
        """Show a note by so many screen pixels larger; None drops that."""

        def larger(found: Note, dx: float, dy: float) -> Patch:
            size = step(found.size[0] + dx), step(found.size[1] + dy)
            return edits.resize_note(self._canvas.stage.graph, note, size)

        self._show_size(note, way, larger, done)

    def _reshape(self, edges: tuple[int, int], note: str, way: Point | None, *, done: bool) -> None:
        """Show a frame with these edges so many screen pixels elsewhere; None drops that."""

        def moved(found: Note, dx: float, dy: float) -> Patch:
            rect = stretched(found, edges, (dx, dy))
            return edits.resize_frame(self._canvas.stage.graph, note, rect)

        self._show_size(note, way, moved, done)

    def _show_size(
        self, note: str, way: Point | None, make: Callable[[Note, float, float], Patch], done: bool
    ) -> None:
        """Show the edit of a size that a way on the screen makes or, when it is done, do it."""
        canvas = self._canvas
        found = canvas.stage.graph.notes.get(note)
        if found is None or way is None:
            canvas.stage.preview(None)
            return
        try:
            patch = make(found, way[0] / canvas.camera.scale, way[1] / canvas.camera.scale)
        except GraphError as error:
            canvas.stage.preview(None)
            canvas.stage.refuse(str(error))
            return
        if not done:
            canvas.stage.preview(patch)
        elif patch:
            canvas.stage.do(patch)
        else:
            canvas.stage.preview(None)


def written(canvas: GraphCanvas, note: Note, text: str) -> Patch:
    """The edit that gives a note its words and the room they need. Raises GraphError."""
    graph = canvas.stage.graph
    first = edits.set_note(graph, note.id, text)
    wide = note.size[0]
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    box = QRectF(0.0, 0.0, wide - 2 * PAD[0], 1e6)
    words = QFontMetricsF(theme.font(FONT)).boundingRect(box, int(flags), text)
    tall = step(words.height() + 2 * PAD[1] + SNAP / 2)
    if tall <= note.size[1]:
        return first
    return first.then(edits.resize_note(graph.apply(first), note.id, (wide, tall)), first.label)


def _merged(note: str) -> str:
    return f"new {note}"


class Field(QPlainTextEdit):
    """The words of one note. Ctrl+Enter and Tab take them, Esc leaves, losing focus takes."""

    def __init__(
        self, canvas: QWidget, take: Callable[[str], str], closed: Callable[[], None]
    ) -> None:
        super().__init__(canvas)
        self.item = ""
        self._canvas, self._take, self._closed = canvas, take, closed
        self._open = False
        self.setObjectName("note-field")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self._place: QRectF | None = None
        self._px = float(FONT)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self._open

    def open(self, note: str, text: str) -> None:
        """Begin writing."""
        self.leave()
        self.item, self._open = note, True
        self._dress()
        self.setPlaceholderText(tr("Words of the note"))
        self.setAccessibleName(tr("Words of the note"))
        self.setPlainText(text)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self, rect: QRectF, scale: float) -> None:
        """Cover a note, in the type drawn there but never unreadable, and with room to write."""
        self._px = max(9.0, min(64.0, FONT * scale))
        self._dress()
        x, y = (round(pad * scale) - _BORDER for pad in PAD)
        self.setViewportMargins(x, y, x, y)
        self._place = rect
        self._fit()

    def _dress(self) -> None:
        """In the note's colours and its type size: a font alone would give way to the window's
        style sheet."""
        self.setFont(theme.font(self._px))
        look = theme.current()
        sheet = (
            f"#note-field {{ background: {look.warn_tint}; color: {look.ink}; padding: 0px; "
            f"font-size: {round(self._px)}px; "
            f"border: {_BORDER}px solid {look.accent}; border-radius: 8px; }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def _fit(self, _: object = None) -> None:
        """As large as the note, and as tall as the words that are being written."""
        if self._place is None:
            return
        rect, room, margins = self._place, self._canvas.size(), self.viewportMargins()
        wide = max(120.0, rect.width())
        self.resize(round(wide), self.height())
        lines = self.document().size().height() * (QFontMetricsF(self.font()).lineSpacing() + 1)
        words = lines + margins.top() + margins.bottom() + 2 * _BORDER
        tall = min(max(64.0, rect.height(), words), room.height() - 4.0)
        left = max(2.0, min(rect.left(), room.width() - wide - 2))
        top = max(2.0, min(rect.top(), room.height() - tall - 2))
        self.setGeometry(round(left), round(top), round(wide), round(tall))

    def take(self) -> bool:
        """Hand the words over; False, and still open, where they are refused."""
        if not self._open:
            return True
        self._open = False
        if self._take(self.toPlainText()):
            self._open = True
            return False
        self._finish()
        return True

    def leave(self) -> None:
        """Close without changing anything."""
        if self._open:
            self._open = False
            self._finish()

    def _finish(self) -> None:
        if self.hasFocus():
            # Focus first: hidden with it, Qt would hand it on as if Tab had been pressed.
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self._closed()
        self.item = ""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & Qt.KeyboardModifier.AltModifier
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Return) and plain:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and command:
            self.take()
        else:
            super().keyPressEvent(event)
            # Unused arrows and the like would reach the canvas and move gates.
            event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.take()
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        reasons = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
        if event.reason() not in reasons and self._open and not self.take():
            self.leave()
