"""The canvas's surface: shows a document's graph on its paper and follows what happens to it.

Only what a signal names is painted again: of a patch its rectangle, of a drag the old and the new
place of what moves, of a pan nothing but the strips that come into view.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from bpstudio.core.graph import Graph, Patch, Point
from bpstudio.core.numbers import DIGITS
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import regions, sizing
from bpstudio.ui.canvas.bubble import Bubble
from bpstudio.ui.canvas.camera import FIT_LARGEST, FIT_SMALLEST, LARGEST
from bpstudio.ui.canvas.marks import Marks
from bpstudio.ui.canvas.paper import Paper
from bpstudio.ui.canvas.renderer import is_written
from bpstudio.ui.canvas.stage import CanvasStage
from bpstudio.ui.canvas.tools import NOWHERE, Overlay, Rect, make_tools
from bpstudio.ui.canvas.viewmodel import ViewModel

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.document import Document

FRAME_MS = 16
"""About 60 pictures a second for the dot that travels along the active wires."""
ROUND_S = 1.2
"""Seconds that the dot takes from one end to the other."""
ROUNDS = 8
"""After so many a step that is only looked at stands still, and costs nothing."""
CURSORS = {
    "hand": Qt.CursorShape.OpenHandCursor,
    "grab": Qt.CursorShape.ClosedHandCursor,
    "move": Qt.CursorShape.SizeAllCursor,
    "scrub": Qt.CursorShape.SizeHorCursor,
    "cross": Qt.CursorShape.CrossCursor,
    "forbidden": Qt.CursorShape.ForbiddenCursor,
    "": Qt.CursorShape.ArrowCursor,
}


class Surface(Paper):
    """Paper, graph and overlay of one document; None shows bare paper."""

    looked = Signal()
    """Another part of the paper is shown, or at another size."""
    placing = Signal(str)
    """The gate that hangs at the pointer, "" when none does any more."""

    def __init__(self, document: Document | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(0, 0)
        self.document: Document | None = None
        self.reduced_motion = not themes.appearance().moving
        self.bubble = Bubble(self)
        self.stage = CanvasStage(cast("GraphCanvas", self))
        self._own = 0
        self._digits, self._labels = DIGITS, (True, True)
        self._rest: Point = (0.0, 0.0)
        self._pointer: QPointF | None = None
        self._hovered = NOWHERE
        self._look_due = False
        # Where fitting all of the graph left the camera; a resize fits again while it is there.
        self._fitted: tuple[float, tuple[int, int]] | None = None
        self._whole = True
        self._natural = sizing.natural()
        self._phase, self._since = 0.0, 0.0
        self._flow = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._flow.timeout.connect(self._travel)
        self.tools = make_tools(self.stage)
        themes.appearance().changed.connect(self._dress)
        self.retranslate()
        if document is not None:
            self.set_document(document)

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(
            tr(
                "The graph. Tab walks its gates, arrows move them, W draws a wire, Enter edits a "
                "value; the outline lists everything."
            )
        )
        self.update()

    # --- following the document -------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        """Show another document, or none; each is found again where it was left."""
        if document is self.document:
            return
        self.tools.rest()
        self._leave_children()
        old, self.document = self.document, document
        if old is not None:
            for signal, slot in self._slots(old):
                signal.disconnect(slot)
        weighted = self.view.weighted
        self.view = ViewModel(document.graph if document is not None else Graph())
        self.view.weighted = weighted
        sizing.suit(self)
        self.set_digits(self._digits)
        self.show_labels(values=self._labels[0], gradients=self._labels[1])
        if document is not None:
            for signal, slot in self._slots(document):
                signal.connect(slot)
            self.view.select(document.selection)
            self._show_numbers(document.trace)
            self._look_due = True
            self._look_if_due()
        self._animate()
        self.update()

    def _slots(self, document: Document) -> tuple[tuple[Any, Any], ...]:
        return (
            (document.patched, self._patched),
            (document.traced, self._show_numbers),
            (document.selected, self._selected),
            (document.stepped, self._stepped),
            (document.reread, self._reread),
        )

    def _look_if_due(self) -> None:
        """The first look, once there is a size: where the file was left, else all of it."""
        if not self._look_due or self.document is None or not self.isVisible():
            return
        self._look_due = False
        view = self.document.file.view
        if view == type(view)():
            sizing.first_look(self)
            return
        self.camera.scale = min(LARGEST, max(FIT_SMALLEST, view.zoom * sizing.natural()))
        self.camera.centre(view.center, self.room)
        self._rescaled()

    def _patched(self, patch: Patch) -> None:
        assert self.document is not None
        if not self._own:
            self.tools.graph_changed()
        bare = not self.view.graph
        dirty = self.view.patched(self.document.graph, patch)
        if bare != (not self.document.graph):
            self.update()
        self.update_scene(dirty)
        self._forget_hover()

    def _show_numbers(self, trace: Trace) -> None:
        """Put the numbers on, and repaint only where one changed."""
        if self.document is None:
            return
        before = regions.numbers_now(self.view)
        read = self.document.readout
        self.view.show(read.shown, read.visible(self.document.step), figures=read.figures)
        written = is_written(self.view, self.camera.scale)
        self.update_scene(regions.numbers_changed(self.view, before, written=written))

    def set_digits(self, digits: int) -> None:
        """How many significant digits the labels show."""
        self.view.digits = self._digits = digits
        self.update()

    def show_labels(self, *, values: bool = True, gradients: bool = True) -> None:
        """Whether values and gradients are written on the wires."""
        self._labels = values, gradients
        self.view.show_values, self.view.show_gradients = values, gradients
        self.update()

    def show_weights(self, on: bool) -> None:
        """Whether a wire is the wider the larger its gradient is."""
        self.view.weighted = on
        self.update()

    def _selected(self, ids: frozenset[str]) -> None:
        self.update_scene(self.view.select(ids))

    def _reread(self, _: object) -> None:
        """Other numbers, with other marks: nothing stays as it is."""
        assert self.document is not None
        self._show_numbers(self.document.trace)
        self.update()

    def _stepped(self, step: int | None) -> None:
        assert self.document is not None
        self._show_numbers(self.document.trace)
        self._animate()

    @contextmanager
    def by_own_hand(self) -> Iterator[None]:
        """While a gesture itself changes the document, it must not be dropped for it."""
        self._own += 1
        try:
            yield
        finally:
            self._own -= 1

    # --- looking ----------------------------------------------------------------------------

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by screen pixels; parts of pixels add up."""
        x, y = self._rest[0] + dx, self._rest[1] + dy
        if not (math.isfinite(x) and math.isfinite(y)):
            return
        whole = round(x), round(y)
        self._rest = x - whole[0], y - whole[1]
        if self.camera.pan(*whole):
            self._scrolled(*whole)

    def _scrolled(self, dx: int, dy: int) -> None:
        """Reuse what is painted; only the strips that come into view are painted anew."""
        self._forget_hover()
        self._underlay = None
        small = abs(dx) < self.width() and abs(dy) < self.height()
        whole_pixels = float(self.devicePixelRatio()).is_integer()
        if small and whole_pixels and not self._fixed_paint():
            self._moved = True
            self.scroll(dx, dy, self.rect())
        else:
            self.update()
        self._camera_moved()
        self.looked.emit()

    def zoom_at(self, factor: float, screen: Point) -> None:
        """Zoom with what is at the screen point staying there."""
        if self.camera.zoom(factor, screen):
            self._rescaled()

    def fit(self, rect: Rect | None) -> None:
        """Show the whole rectangle; without one, the middle of the paper at its natural size."""
        if rect is None:
            self.camera.scale = sizing.natural()
            self.camera.centre((0.0, 0.0), self.room)
        else:
            self.camera.fit(rect, self.room, FIT_LARGEST * sizing.natural())
        self._rescaled()

    def fit_all(self) -> None:
        """Show the whole graph, and keep showing it whole while only the widget's size changes."""
        self.fit(self.view.bounds())
        if sizing.natural() > 1.0:
            # Numbers may be of another size at this scale, and the graph with them.
            self.fit(self.view.bounds())
        self._fitted, self._whole = (self.camera.scale, self.camera.offset), True

    def refitted(self) -> None:
        """The camera looks where it was best to: as good as fitted until something moves it."""
        self._rescaled()
        self._fitted, self._whole = (self.camera.scale, self.camera.offset), False

    def fit_again(self) -> None:
        """The widget or the graph is another: show all where that is what was asked for, else all
        or what is worked on."""
        self.fit_all() if self._whole and self.is_fitted else sizing.first_look(self)

    @property
    def is_fitted(self) -> bool:
        """Whether nothing has moved the paper since it was fitted."""
        return self._fitted == (self.camera.scale, self.camera.offset)

    def _rescaled(self) -> None:
        sizing.suit(self)
        self._forget_hover()
        self.update()
        self._camera_moved()
        self.looked.emit()

    def _forget_hover(self) -> None:
        """For what is said about a place that is another now."""

    def _camera_moved(self) -> None:
        """For what stands on the canvas and has to go with it."""

    def children_follow(self) -> None:
        """For what stands on what a gesture moves."""

    def _leave_children(self) -> None:
        """For what must close before another document is shown."""

    # --- what is said and marked -----------------------------------------------------------

    def _marks(self) -> Marks:
        return Marks(
            hover=self._hovered.id if not self.tools.busy else "",
            focus=self._focused(),
            phase=self._phase if self._flow.isActive() else None,
        )

    def _focused(self) -> str:
        """The one selected thing, ringed while the keyboard is what one works with."""
        chosen = self.stage.selection
        return next(iter(chosen)) if self._ring and len(chosen) == 1 else ""

    def _hint(self) -> str:
        if self.document is None:
            return tr("No document is open.")
        return tr("Drag a gate here, press Space, or type a formula above.")

    def _dress(self, _: object) -> None:
        look, fitted = themes.appearance(), self.is_fitted
        self.bubble.clear_words()
        times, self._natural = look.factor / self._natural, look.factor
        self.camera.natural = look.factor
        if times != 1.0 and fitted:
            sizing.first_look(self)
        elif times != 1.0:
            self.zoom_at(times, self.middle)
        self.reduced_motion = not look.moving
        self._animate()
        self.update()

    def show_overlay(self, overlay: Overlay) -> None:
        """Draw another preview; only the old one's and the new one's places are repainted."""
        old, self.overlay = self.overlay, overlay
        # The words are a widget of their own, kept inside this one: see Bubble.
        self._drawn = replace(overlay, sentence="") if overlay.sentence else overlay
        if overlay == old:
            return
        self._overlaid(old, overlay)
        if overlay.sentence:
            x, y = self.camera.to_screen(overlay.at)
            self._tell_at(QPoint(round(x), round(y)), overlay.sentence, overlay.refused)
        elif not self.bubble.lasting:
            self.bubble.clear_words()
        self.setCursor(CURSORS[overlay.cursor])

    def tell(
        self, sentence: str, *, bad: bool = False, ms: int = 0, at: QPoint | None = None
    ) -> None:
        """Say something at the pointer, or elsewhere."""
        if at is None:
            at = self._pointer.toPoint() if self._pointer is not None else self.rect().center()
        self._tell_at(at, sentence, bad, ms)

    def hush(self) -> None:
        """Take back what is said on the canvas."""
        self._forget_hover()
        self.bubble.clear_words()

    def _tell_at(self, at: QPoint, sentence: str, bad: bool, ms: int = 0) -> None:
        self.bubble.tell(sentence, at, themes.current(), bad=bad, ms=ms)

    def announce(self, sentence: str) -> None:
        """Tell the status line, which also tells the screen reader."""
        if self.document is not None and sentence:
            self.document.say(sentence)

    # --- flow -------------------------------------------------------------------------------

    def _animate(self) -> None:
        """Let the dot travel while a step is shown; stand still otherwise."""
        moving = (
            self.document is not None
            and self.document.step is not None
            and not self.reduced_motion
            and self.isVisible()
            and bool(self.view.numbers.wire_active.any())
        )
        self._phase, self._since = 0.0, monotonic()
        if moving != self._flow.isActive():
            self._flow.start() if moving else self._flow.stop()

    def _travel(self) -> None:
        # By the clock: a picture that comes late moves the dot on, it does not slow it down.
        rounds = (monotonic() - self._since) / ROUND_S
        self._phase = rounds % 1.0
        if rounds >= ROUNDS or self.window().isMinimized():
            self._flow.stop()
        self.update_scene(regions.active_region(self.view))
