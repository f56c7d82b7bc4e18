"""GraphCanvas: the canvas with everything it can be told to do, by a key, a menu or an action.

Each command is a public method; ACTIONS call them, and so do the keys in tools/idle.py by name
through `run`. A command that changes the graph does so with one named edit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QIcon

from bpstudio.core import edits
from bpstudio.core.graph import GraphError, Patch, Point
from bpstudio.core.shape import GRID, SNAP
from bpstudio.language import tr, trn
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import arranging, framing, routes, symbols, walking
from bpstudio.ui.canvas.editing import Editing
from bpstudio.ui.canvas.gliding import Glide
from bpstudio.ui.canvas.looking import Looking
from bpstudio.ui.canvas.menu import menu_for
from bpstudio.ui.canvas.quickadd import ICON, QuickAdd
from bpstudio.ui.canvas.strip import Strip
from bpstudio.ui.canvas.tools import (
    EMPTY,
    KeyWiring,
    Overlay,
    Place,
    PointerEvent,
    Spots,
    Want,
    placed,
    snapped,
)
from bpstudio.ui.canvas.tools.placing import add_gate, splice_into
from bpstudio.ui.notes import Notes

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from bpstudio.ui.document import Document


class GraphCanvas(Looking):
    """The canvas of one document at a time."""

    notes: Notes
    _ready = False

    def __init__(self, document: Document | None = None, parent: QWidget | None = None) -> None:
        super().__init__(None, parent)
        self.editing = Editing(self)
        self.quick = QuickAdd(self, self._icon)
        self._glide = Glide(self)
        self._carried = framing.Carried()
        self.menu: QMenu | None = None
        self.strip = Strip(self)
        self.strip.resized.connect(self.clear_top)
        self.over = (self.strip,)
        self.notes = Notes(self)
        self._ready = True
        if document is not None:
            self.set_document(document)

    def set_document(self, document: Document | None) -> None:
        super().set_document(document)
        if self._ready:
            self.strip.show_document(document)
            self.notes.show_document(document)

    # --- selecting --------------------------------------------------------------------------

    def select_all(self) -> None:
        if self.document is not None:
            nodes = arranging.faces(self, tuple(self.view.graph.nodes))
            self.document.select((*nodes, *self.view.graph.notes))
            n = len(self.view.graph.nodes)
            self.announce(trn("{n} gate selected", "{n} gates selected", n))

    def select_none(self) -> None:
        self.stage.select(())

    def select_next(self, way: int = 1) -> None:
        """Go to the next gate in the order in which values are computed; open groups, frames and
        notes come last."""
        key = walking.next_in(self._order(), self.stage.selection, way)
        self._go_to(key)

    def select_previous(self) -> None:
        self.select_next(-1)

    def walk(self, direction: str) -> None:
        """Go along a wire: left to what feeds this gate, right to what it feeds. Frames are moved
        alone instead, as with the mouse and Alt."""
        frames = tuple(framing.chosen_frames(self))
        if frames and len(frames) == len(self.stage.selection):
            x, y = walking.WAYS[direction]
            self._nudge(frames, x * SNAP, y * SNAP)
            return
        here = self._one_node()
        if here and self.view.face_of(here) == here:
            key = walking.along(self.stage.graph, here, direction)
            self._go_to(self.view.face_of(key))
        else:
            chosen = arranging.members(self)
            box = self.view.face_of(chosen[0]) if len(chosen) == 1 else ""
            self._go_to(arranging.beside_box(self, box, direction))

    def _go_to(self, key: str) -> None:
        if not key or self.document is None:
            return
        self.document.select((key,))
        self.reveal(key)
        self.announce(arranging.described(self, key))

    def _order(self) -> tuple[str, ...]:
        if self.document is None:
            return ()
        nodes = arranging.faces(self, tuple(self.document.trace.plan.nodes))
        view = self.view
        titled = [frame.id for frame in view.frames] + [note.id for note in view.titled]
        return (*nodes, *titled, *(key for key, note in view.notes.items() if not note.frame))

    def _one_node(self) -> str:
        chosen = [key for key in self.stage.selection if key in self.stage.graph.nodes]
        return chosen[0] if len(chosen) == 1 else ""

    # --- changing ---------------------------------------------------------------------------

    def delete_selection(self) -> None:
        """Delete what is selected, with the wires of the gates among it."""
        self.tools.rest()
        chosen = [key for key in self.stage.selection if self.stage.graph.get(key) is not None]
        if chosen:
            self._do(edits.delete, chosen)

    def disconnect_selection(self) -> None:
        """Take off the selected wires and all wires of the selected gates."""
        graph, wires = self.stage.graph, dict[str, None]()
        for key in self.stage.selection:
            if key in graph.wires:
                wires[key] = None
            elif key in graph.nodes:
                wires |= dict.fromkeys((*graph.into(key).values(), *graph.out_of(key)))
        if wires:
            self._do(edits.disconnect, tuple(wires))

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selection by scene pixels, frames with what stands in them; nudges in a row are
        one command."""
        if arranging.nudge_dots(self, dx, dy):
            return
        graph, chosen = self.stage.graph, self.stage.selection
        self._nudge(self._carried.of(graph, chosen), dx, dy)

    def _nudge(self, ids: tuple[str, ...], dx: float, dy: float) -> None:
        places = framing.places(self.stage.graph, ids, dx, dy)
        if places:
            merge = "nudge " + " ".join(sorted(places))
            self._do(edits.move, places, merge=merge)
            self._carried.remember(self.stage.graph, self.stage.selection, ids)
        lead = [key for key in self.stage.selection if key in places]
        if len(lead) == 1:
            # Whoever works with keys must not lose sight of it.
            self.reveal(lead[0])

    def rename_selected(self) -> None:
        """Rename what is selected, in place."""
        chosen = [k for k in self.stage.selection if k not in self.stage.graph.wires]
        if len(chosen) == 1:
            self.rename(chosen[0])

    def edit_value(self, node: str = "") -> None:
        """Type the number of a source, or a gate's parameter; change an own gate's formula.

        A gate with neither is renamed; a group collapses or opens; of a note the words are typed,
        of a frame the title.
        """
        chosen = arranging.members(self)
        alone = next(iter(self.stage.selection)) if len(self.stage.selection) == 1 else ""
        if not node and alone in self.stage.graph.notes:
            self.rename(alone)
        elif not node and len(chosen) == 1 and chosen[0] in self.stage.graph.groups:
            arranging.fold(self, chosen[0])
        else:
            self.editing.value(node or self._one_node())

    def glide(self, patch: Patch) -> None:
        """Do an edit of places; what moves is shown on its way there."""
        self.stage.do(patch)
        self._glide.begin(patch)

    def tidy(self) -> None:
        """Lay out the selected gates, or all where there are not two; they glide there."""
        chosen = [key for key in self.stage.selection if key in self.stage.graph.nodes]
        patch = edits.tidy(self.stage.graph, chosen if len(chosen) > 1 else None)
        if not patch:
            self.announce(tr("Everything stands tidily already."))
            return
        self.stage.do(patch)
        self.fit_again()
        self._glide.begin(patch)

    def rename(self, item: str) -> None:
        """Type the name of a gate or group, or the words of a note, in place."""
        self.editing.name(item)

    def _do(self, edit: Callable[..., Patch], *args: object, merge: str | None = None) -> bool:
        try:
            patch = edit(self.stage.graph, *args)
        except GraphError as error:
            self.stage.refuse(str(error))
            return False
        self.stage.do(patch, merge)
        return True

    # --- adding -----------------------------------------------------------------------------

    def quick_add(self, at: Point | None = None) -> None:
        """Ask for a gate and place it at a point of the scene: the pointer's, or the middle."""
        if self.document is not None:
            self.tools.rest()
            add_gate(self.tools.state, at if at is not None else self._here())

    def quick_add_into(self, wire: str, at: Point | None = None) -> None:
        """Ask for a gate and put it into a wire."""
        if self.document is not None and wire in self.stage.graph.wires:
            row = self.view.wire_row[wire]
            middle = tuple(routes.along(self.view, [row], 0.5)[0].tolist())
            splice_into(self.tools.state, wire, at if at is not None else middle)

    def place(self, gate: str) -> None:
        """Let a gate hang at the pointer until a click puts it down."""
        if self.document is None or gate not in self.stage.graph.gates:
            return
        self.setFocus()
        self.tools.go(Place(self.tools, gate))

    def add_at_centre(self, gate: str) -> None:
        """Place a gate in the middle of the view, or the nearest free place to it."""
        if self.document is None or gate not in self.stage.graph.gates:
            return
        at = Spots().at(self.stage.graph, gate, snapped(self.centre))
        self._add(lambda: edits.add_node(self.stage.graph, gate, at))

    def drop_gate(self, gate: str, event: PointerEvent) -> None:
        graph = self.stage.graph
        self._add(lambda: placed(graph, gate, event.scene, event.hit, event.ctrl))

    def _add(self, make: Callable[[], Patch]) -> None:
        try:
            patch = make()
        except GraphError as error:
            self.stage.refuse(str(error))
            return
        self.stage.do(patch)
        self.stage.select(edits.born(patch))
        for key in edits.born(patch):
            self.reveal(key)

    def start_wire(self) -> None:
        """Draw a wire from the selected gate with the keyboard."""
        source = arranging.source_of(self)
        if source:
            self.tools.go(KeyWiring(self.tools, source))
        elif self.document is not None:
            self.stage.refuse(tr("Select the one gate whose value the wire shall carry."))

    @property
    def pointed(self) -> Point | None:
        """The pointer's place in the scene; None while it is elsewhere."""
        if self._pointer is None:
            return None
        return self.camera.to_scene((self._pointer.x(), self._pointer.y()))

    def _here(self) -> Point:
        """The pointer's place in the scene; the middle of the view while it is elsewhere."""
        return self.centre if (at := self.pointed) is None else at

    # --- by name ----------------------------------------------------------------------------

    def run(self, command: str) -> None:
        """A command by its name, as keys know it: "walk left", "nudge up far", "select_next"."""
        name, *more = command.split()
        if name == "nudge":
            x, y = walking.WAYS[more[0]]
            far = GRID if more[1:] else SNAP
            self.nudge(x * far, y * far)
        elif name == "walk":
            self.walk(more[0])
        elif name == "fold":
            arranging.fold(self, more[0])
        else:
            _COMMANDS[name](self)

    # --- what opens on the canvas -----------------------------------------------------------

    def open_quick_add(self, want: Want) -> None:
        """Show the search for gates where `want` says."""
        x, y = self.camera.to_screen(want.scene)
        if want.rubber is not None:
            self.show_overlay(Overlay(rubber=want.rubber, allowed=True))
        self._forget_hover()
        if self.document is not None:
            # What was said last would lie over the list.
            self.document.say("")
        self.quick.open(
            QPoint(round(x), round(y)),
            want.chosen,
            keys=want.keys,
            gates=self.stage.graph.gates,
            title=want.title,
            typed=want.typed,
            closed=lambda: self.show_overlay(EMPTY),
            ports=want.ports,
        )

    def open_menu(self, at: QPoint | None) -> None:
        spot = at if at is not None else self._menu_spot()
        self.menu = self.menu_at(at)
        self.menu.popup(self.mapToGlobal(spot))

    def _menu_spot(self) -> QPoint:
        """Where a menu asked for by key opens: below what is selected, else in the middle."""
        chosen = self.stage.selection
        found = self.view.bounds(chosen) if chosen else None
        if found is None:
            return self.rect().center()
        left, _, right, bottom = self.camera.rect_to_screen(found)
        wide, tall = self.room
        return QPoint(int(max(0, min((left + right) / 2, wide))), int(max(0, min(bottom, tall))))

    def menu_at(self, at: QPoint | None) -> QMenu:
        """The menu for what is at a point, which is selected; for the selection without one."""
        scene = self._here() if at is None else self.camera.to_scene((at.x(), at.y()))
        hit = self.hit(scene) if at is not None else None
        if hit is not None and hit.id not in self.stage.selection:
            self.stage.select((hit.id,) if hit.id else ())
        return menu_for(self, hit, scene)

    def _camera_moved(self) -> None:
        if self._ready:
            self.editing.follow()

    def children_follow(self) -> None:
        if self._ready:
            self.notes.follow()

    def _leave_children(self) -> None:
        if self._ready:
            self._glide.end()
            self.editing.field.leave()
            self.quick.close_quietly()

    def _patched(self, patch: Patch) -> None:
        if self._ready:
            self._glide.end()
        super()._patched(patch)
        self.editing.follow()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks the gates; past the last one, or with nothing there, it leaves the canvas."""
        if self.document is not None and self.hasFocus():
            if self.tools.busy:
                return False
            order, chosen = self._order(), self.stage.selection
            edge = order[-1 if forward else 0] if order else ""
            if order and edge not in chosen:
                return False
        return super().focusNextPrevChild(forward)

    def _icon(self, gate: str) -> QIcon:
        face = self.stage.graph.gates[gate]
        return QIcon(symbols.pixmap(face, themes.current(), *ICON, self.devicePixelRatio()))


_COMMANDS: dict[str, Callable[[GraphCanvas], None]] = {
    "edit_value": GraphCanvas.edit_value,
    "rename_selected": GraphCanvas.rename_selected,
    "delete_selection": GraphCanvas.delete_selection,
    "select_none": GraphCanvas.select_none,
    "select_next": GraphCanvas.select_next,
    "select_previous": GraphCanvas.select_previous,
    "start_wire": GraphCanvas.start_wire,
}
