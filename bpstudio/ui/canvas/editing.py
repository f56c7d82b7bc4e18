"""Values, names and notes typed where they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF

from bpstudio.core import edits
from bpstudio.core.graph import GraphError, Group, Node, Note, Patch
from bpstudio.core.numbers import exact, read, read_column, spelt
from bpstudio.language import listed, tr
from bpstudio.ui.canvas import framing, hits, titled, walking
from bpstudio.ui.canvas.editor import NARROWEST, Editor, Take
from bpstudio.ui.canvas.tools import Rect
from bpstudio.ui.reading import is_long

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas

TITLE_ROOM = 260.0
"""How wide the field for a frame's title is at most, scene px."""
REFUSED_MS = 4000
"""How long the reason stands below a field that keeps a bad text."""
EDGE = 2.0
"""How much of what is edited stays seen around the field, screen px."""


class Editing:
    """The one field of a canvas, and where it stands while something is edited."""

    def __init__(self, canvas: GraphCanvas) -> None:
        self._canvas = canvas
        self.field = Editor(canvas)
        self._where: Callable[[], Rect] | None = None

    def value(self, node: str) -> None:
        """Type a source's number or a gate's parameter; show an own gate's formula, to change it.

        A gate with neither is renamed.
        """
        graph = self._canvas.stage.graph
        found = graph.nodes.get(node)
        if found is None:
            return
        name = walking.value_param(graph, found)
        if not name:
            self._inside(found)
            return
        value = found.params.get(name, graph.gates[found.gate].params[name])
        if is_long(value):
            self._canvas.stage.refuse(
                tr(
                    "{name} has {n} samples: more than fit here. Edit, Samples … shows them.",
                    name=found.name,
                    n=f"{len(value):,}",
                )
            )
            return

        def take(text: str) -> str:
            try:
                number = read_column(text)
            except ValueError:
                return tr("“{text}” is not a number; type one like −2.5 or 1e-3.", text=text)
            if number == value:
                return ""
            graph = self._canvas.stage.graph
            if name == "value" and isinstance(number, tuple):
                return self._try(lambda: edits.set_samples(graph, {node: number}))
            return self._try(lambda: edits.set_param(graph, node, name, number))

        title = tr("{param} of {name}", param=name, name=found.name)
        self._open(node, spelt(value), title, take, lambda: self._value_rect(node), self._tab)

    def _inside(self, node: Node) -> None:
        """What a gate without a number has to be edited: an own gate its formula, others a name."""
        from bpstudio.ui.canvas import owning

        if node.gate in self._canvas.stage.graph.kinds:
            owning.change(self._canvas, node.gate)
        else:
            self.name(node.id)

    def seed(self, node: str) -> None:
        """Type the seed of a node; an empty field takes it off."""
        found = self._canvas.stage.graph.nodes.get(node)
        if found is None:
            return
        seed = self._canvas.stage.graph.seeds.get(node)

        def take(text: str) -> str:
            try:
                number = read(text) if text.strip() else None
            except ValueError:
                return tr("“{text}” is not a number; type one like −2.5 or 1e-3.", text=text)
            if number == seed:
                return ""
            fault = self._try(lambda: edits.set_seed(self._canvas.stage.graph, node, number))
            return fault or self._say_unseeded()

        title = tr("Seed of {name}", name=found.name)
        text = "" if seed is None else exact(seed)
        self._open(node, text, title, take, lambda: self._seed_rect(node), hint=tr("automatic"))

    def _say_unseeded(self) -> str:
        """Once a seed is given, outputs without one begin with 0: a surprise worth a sentence."""
        document = self._canvas.document
        seeds = self._canvas.stage.graph.seeds
        if document is None or not seeds:
            return ""
        plan = document.trace.plan
        bare = [plan.nodes[row] for row in plan.wiring.ends if plan.nodes[row] not in seeds]
        if bare:
            names = listed(plan.graph.nodes[key].name for key in bare[:3])
            self._canvas.announce(
                tr("Without a seed of their own, outputs begin with 0 now: {names}.", names=names)
            )
        return ""

    def name(self, item: str) -> None:
        """Type the name of a gate or group, or the words of a note."""
        found = self._canvas.stage.graph.get(item)
        if isinstance(found, Node):
            text, title = found.label, tr("Name of {name}", name=found.name)
        elif isinstance(found, Group):
            text, title = found.title, tr("Title of the group")
        else:
            if isinstance(found, Note):
                self.title(item) if found.frame else self._canvas.notes.edit(item)
            return

        def take(new: str) -> str:
            if new.strip() == text:
                return ""
            return self._try(lambda: edits.rename(self._canvas.stage.graph, item, new))

        self._open(item, text, title, take, lambda: self._name_rect(item))

    def title(self, frame: str, *, fresh: bool = False) -> None:
        """Type the title of a frame. A fresh one goes again where that is left with Esc."""
        canvas = self._canvas
        text, taken = canvas.stage.graph.notes[frame].text, False
        merge = framing.merged(frame) if fresh else None

        def take(new: str) -> str:
            nonlocal taken
            if new.strip() == text:
                taken = True
                return ""
            fault = self._try(lambda: self._titled(frame, new, fresh), merge)
            taken = not fault
            return fault

        def closed() -> None:
            self._closed()
            if fresh and not taken and frame in canvas.stage.graph.notes:
                canvas.stage.do(edits.delete(canvas.stage.graph, [frame]), merge)

        words, hint = tr("Title of the frame"), tr("Title, as “forward pass”")
        where = partial(self._name_rect, frame)
        self._open(frame, text, words, take, where, hint=hint, closed=closed)

    def _titled(self, frame: str, text: str, fresh: bool) -> Patch:
        patch = edits.rename(self._canvas.stage.graph, frame, text)
        return replace(patch, label=tr("Add a frame")) if fresh else patch

    def follow(self) -> None:
        """The camera or the graph moved: the field stays on what it edits, or leaves with it."""
        if self._where is None or not self.field.is_open:
            return
        canvas = self._canvas
        if canvas.view.graph.get(self.field.item) is None:
            self.field.leave()
            return
        left, top, right, bottom = canvas.camera.rect_to_screen(self._where())
        # Beyond Qt's pixels there is nothing to see; the field waits at the edge.
        left, top = max(-1e5, min(1e5, left)), max(-1e5, min(1e5, top))
        box = QRectF(left, top, min(1e4, right - left), min(1e4, bottom - top))
        self.field.place(box.adjusted(EDGE, EDGE, -EDGE, -EDGE), 13 * canvas.camera.scale)

    def _open(
        self,
        item: str,
        text: str,
        title: str,
        take: Take,
        where: Callable[[], Rect],
        go_on: Callable[[bool], None] | None = None,
        hint: str = "",
        closed: Callable[[], None] | None = None,
    ) -> None:
        canvas = self._canvas
        canvas.tools.rest()
        canvas.hush()
        canvas.reveal(item)
        self.field.open(
            item,
            text,
            title,
            hint=hint or (item if isinstance(canvas.stage.graph.get(item), Node) else ""),
            take=take,
            refused=self._refused,
            closed=closed or self._closed,
            go_on=go_on,
        )
        self._where = where
        self.follow()

    def _try(self, make: Callable[[], Patch], merge: str | None = None) -> str:
        """Do an edit; the sentence of a refusal, or ""."""
        try:
            patch = make()
        except GraphError as error:
            return str(error)
        self._canvas.stage.do(patch, merge)
        return ""

    def _refused(self, sentence: str) -> None:
        below = self.field.geometry().bottomLeft()
        self._canvas.tell(sentence, bad=True, ms=REFUSED_MS, at=below - QPoint(18, 14))
        self._canvas.announce(sentence)

    def _closed(self) -> None:
        self._where = None
        self._canvas.hush()

    def _tab(self, forward: bool) -> None:
        """Tab goes on to the next source's value."""
        stage = self._canvas.stage
        key = walking.next_in(walking.sources(stage.graph), stage.selection, 1 if forward else -1)
        if key:
            stage.select((key,))
            self.value(key)

    def _value_rect(self, node: str) -> Rect:
        view = self._canvas.view
        if view.gates[view.graph.nodes[node].gate].is_source and view.face_of(node) == node:
            left, top, right, bottom = hits.value_rect(view, node)
            # To the right where it needs more room: on the left it would hide whose value it is.
            wide = (NARROWEST + 2 * EDGE) / self._canvas.camera.scale
            return left, top, max(right, left + wide), bottom
        return self._body(node)

    def _seed_rect(self, node: str) -> Rect:
        left, _, right, bottom = self._body(node)
        middle = (left + right) / 2
        return middle - 36.0, bottom - 2.0, middle + 36.0, bottom + 22.0

    def _name_rect(self, item: str) -> Rect:
        view = self._canvas.view
        if item in view.graph.notes:
            rect = view.note_rect(item)
            left, top, right, bottom = (
                titled.strip(rect, view.factor / self._canvas.camera.scale) or rect
            )
            return left, top, min(right, left + TITLE_ROOM), bottom
        if item in view.graph.nodes:
            left, top, right, bottom = self._body(item)
            if view.face_of(item) != item:
                return left, top, right, bottom
            gate = view.gates.get(view.graph.nodes[item].gate)
            if gate is not None and gate.is_source:
                return left, top, max(left + 40.0, right - hits.VALUE_WIDTH), bottom
            if view.stub[view.row[item]]:
                x, y = view.stub_end(view.row[item])
                return x, y - 14.0, x + 64.0, y + 14.0
            return left - 16.0, top - 26.0, right + 16.0, top - 2.0
        if (box := view.body_of(item)) is not None:
            return box
        frames = [frame.rect for frame in view.frames if frame.id == item]
        left, top, right, _ = frames[0] if frames else (0.0, 0.0, 100.0, 0.0)
        return left, top - 24.0, right, top

    def _body(self, node: str) -> Rect:
        return self._canvas.view.body_of(node) or (0.0, 0.0, 0.0, 0.0)
