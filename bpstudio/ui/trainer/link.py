"""A drawing that follows a network: its numbers move while the network trains, and back.

A Link stands between one Document, which holds the unfolded graph, and the training panel's run.
What training moves goes into the document outside its history, at most ten times a second; what a
hand changes on the canvas is one edit there and is put into the network. A network of another
shape ends the link, and the drawing stays.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core import edits
from bpstudio.language import tr
from bpstudio.nn import unfold as unfolding
from bpstudio.nn.asgates import LEARNS, Place
from bpstudio.nn.faults import NetworkError
from bpstudio.ui.document import Edit
from bpstudio.ui.trainer.engine import Frame
from bpstudio.ui.trainer.gate import ROUNDS
from bpstudio.ui.trainer.parts import BIAS, Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from bpstudio.core.graph import Patch
    from bpstudio.nn.calls import Array
    from bpstudio.nn.data import Data
    from bpstudio.nn.spec import LayerWeights, Spec
    from bpstudio.nn.unfold import Unfolded
    from bpstudio.ui.document import Document
    from bpstudio.ui.trainer.panel import TrainingPanel

QUICKEST = 0.1
"""Seconds between two pictures of the numbers at least."""
SHARE = 0.5
"""Of the window's time that following may take: a large network is followed more seldom."""
SLOW = 0.25
"""From this many seconds between two pictures on it is said how seldom they come."""
_PATIENCE = 0.1
"""Seconds until a busy hand is looked at again."""


class Link(QObject):
    """Follows until `unlink`. `busy` answers whether a gesture is under way on the canvas."""

    changed = Signal()
    """Another sample, another pace: what the chip says."""
    ended = Signal(str)
    """It is over; the sentence says why, "" where somebody wished it."""

    def __init__(
        self,
        document: Document,
        panel: TrainingPanel,
        unfolded: Unfolded,
        sample: int,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(document)
        assert panel.frame is not None
        self.document, self.panel = document, panel
        self.unfolded, self.sample = unfolded, sample
        self.by_hand = False
        """Whether the sample's numbers were changed on the canvas."""
        self.interval = QUICKEST
        """Seconds from one picture of the numbers to the next."""
        self._busy = busy
        self._spec: Spec = panel.frame.spec
        self._data: Data = panel.frame.data
        self._weights: tuple[LayerWeights, ...] = panel.frame.weights
        self._given: dict[Place, float] = {}
        """What the canvas gave the network and no drawn frame shows yet."""
        self._asked = 0
        self._frame: Frame | None = None
        self._drawn = -1.0
        self._yielded = False
        self._alive = True
        document.link(
            {key: place.param for key, place in unfolded.places.items()}
            | dict.fromkeys((*unfolded.inputs, *unfolded.targets), "value")
        )
        self._there = self._present()
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._draw)
        panel.runner.framed.connect(self._framed)
        document.undo_stack.indexChanged.connect(self._edited)
        self._by_panel: list[Patch] = []
        panel.hand.links.append(self)

    @property
    def samples(self) -> int:
        """How many there are to choose from: those of training, then those of the test."""
        return samples_of(self._data)

    @property
    def trained(self) -> int:
        """How many of them are training samples."""
        return len(self._data.inputs)

    @property
    def as_in_tests(self) -> str:
        """What the gates leave out of a training step, in words; "" where they leave out nothing.

        One sample has no batch, so batch norm stands with its running statistics, and dropout
        with no mask: as the network is tested and used.
        """
        network = self._spec.network
        if network.batch_norm and network.dropout:
            return tr("as in a test: batch norm with running statistics, no dropout")
        if network.batch_norm:
            return tr("as in a test: batch norm with running statistics")
        return tr("as in a test: no dropout") if network.dropout else ""

    @property
    def is_slow(self) -> bool:
        """Whether the numbers come so seldom that it has to be said."""
        return self.interval >= SLOW

    # --- from the network -------------------------------------------------------------------

    def _framed(self, frame: Frame) -> None:
        if frame.answered < self._asked or frame.data is not self.panel.problem_data:
            return
        if frame.spec.network.sizes != self._spec.network.sizes or not self._alike(frame.spec):
            self.unlink(tr("The network is another one now; the graph stays as it is, on its own."))
            return
        if frame.data is not self._data:
            self._data = frame.data
            self.show_sample(min(self.sample, self.samples - 1))
        self._frame = frame
        if frame.answered == self.panel.runner.engine.asked and not frame.playing:
            # The last one for now: nobody has to wait for what stands still.
            self._later.start(0)
        elif not self._later.isActive():
            wait = self._drawn + self.interval - time.perf_counter()
            self._later.start(max(0, round(1000 * wait)))

    def _alike(self, spec: Spec) -> bool:
        """Whether the gates that stand there are still those of the network."""
        mine, its = self._spec, spec
        if mine is its:
            return True
        same = all(
            getattr(mine, name) == getattr(its, name)
            for name in ("network", "loss", "delta", "l1", "l2")
        )
        if same:
            self._spec = its
        return same

    def _draw(self) -> None:
        """Put the newest numbers on the canvas, unless a hand is at work there."""
        frame = self._frame
        if frame is None or not self._alive:
            return
        if frame.answered < self._asked:
            return
        if self._busy():
            self._later.start(round(1000 * _PATIENCE))
            return
        gate = self.panel.runner.gate
        self._yielded = gate.is_shut and not self._yielded
        if self._yielded:
            # The panel made a frame in this turn: painting both at once would take too long.
            self._later.start(0)
            return
        begun = time.perf_counter()
        gate.hold(ROUNDS)
        if all(np.isfinite(part).all() for layer in frame.weights for part in (layer.W, layer.b)):
            patch = unfolding.shown(self.unfolded, frame.weights, self.document.committed)
            if not self.document.follow(patch):
                self._later.start(round(1000 * _PATIENCE))
                return
            self._weights = frame.weights
            self._given.clear()
        self._frame = None
        self._drawn = time.perf_counter()
        # All that the window does with new numbers counts: run, panels, painting come next.
        QTimer.singleShot(0, self, lambda: QTimer.singleShot(0, self, lambda: self._pace(begun)))

    def _pace(self, begun: float) -> None:
        """A network whose picture takes long is drawn more seldom."""
        cost = time.perf_counter() - begun
        before = self.is_slow, round(self.interval, 1)
        self.interval = max(QUICKEST, 0.7 * self.interval, cost / SHARE)
        if (self.is_slow, round(self.interval, 1)) != before:
            self.changed.emit()

    # --- from the canvas --------------------------------------------------------------------

    def _edited(self, _: int = 0) -> None:
        """What a hand, an undo or a redo changed goes into the network."""
        if not self._alive:
            return
        graph, before = self.document.committed, self._there
        self._there = self._present()
        try:
            found = unfolding.weights_from(self.unfolded, graph)
        except NetworkError as refused:
            self.document.say(str(refused))
            return
        names = {place: key for key, place in self.unfolded.places.items()}
        changes = tuple(
            change
            for change in found
            # One that comes back, by undo, takes the network's number of now.
            if names[change.place] in before and change.value != self._number(change)
        )
        if changes:
            self._given |= {change.place: change.value for change in changes}
            runner = self.panel.runner
            runner.post(lambda engine: engine.put(changes))
            self._asked = runner.engine.asked
        elif before != self._there:
            self.panel.runner.refresh()
        self._look_at_sample()

    def edit(self, part: Part, value: float) -> bool:
        """Make a change of the network view an edit of the drawing; False where it has no gate."""
        kind, column = ("b", 0) if part.source == BIAS else ("W", part.source)
        graph = self.document.committed
        for key, place in self.unfolded.places.items():
            spot = place.layer + 1, place.part, place.row, place.col if kind == "W" else 0
            if spot == (part.layer, kind, part.unit, column) and key in graph.nodes:
                before = self.document.undo_stack.index()
                self.document.do(edits.set_value(graph, key, value))
                if self.document.undo_stack.index() > before:
                    self._by_panel.append(self._patch_at(before))
                return True
        return False

    @property
    def can_undo(self) -> bool:
        """Whether the drawing's last edit was made in the network view."""
        return self._is_mine(self.document.undo_stack.index() - 1)

    @property
    def can_redo(self) -> bool:
        """Whether the edit that was taken back last was made in the network view."""
        return self._is_mine(self.document.undo_stack.index())

    def _is_mine(self, index: int) -> bool:
        inside = 0 <= index < self.document.undo_stack.count()
        return inside and any(self._patch_at(index) is patch for patch in self._by_panel)

    def _patch_at(self, index: int) -> Patch:
        command = self.document.undo_stack.command(index)
        assert isinstance(command, Edit)
        return command.patch

    def _number(self, change: unfolding.Changed) -> float:
        place = change.place
        if place in self._given:
            return self._given[place]
        part = getattr(self._weights[place.layer], place.part)
        return float(part[place.row, place.col] if place.part == "W" else part[place.row])

    def _present(self) -> frozenset[str]:
        nodes = self.document.committed.nodes
        return frozenset(
            key for key, p in self.unfolded.places.items() if p.part in LEARNS and key in nodes
        )

    # --- the sample -------------------------------------------------------------------------

    def show_sample(self, index: int) -> None:
        """Put another sample into the graph, of the training data or, behind them, of the test."""
        index = max(0, min(index, self.samples - 1))
        x, target = sample_of(self._data, index)
        patch = unfolding.show_sample(self.unfolded, x, target, self.document.committed)
        if self.document.follow(patch):
            self.sample, self.by_hand = index, False
            self.panel.pick(index)
        self.changed.emit()

    def _look_at_sample(self) -> None:
        x, target = sample_of(self._data, self.sample)
        patch = unfolding.show_sample(self.unfolded, x, target, self.document.committed)
        if bool(patch) != self.by_hand:
            self.by_hand = bool(patch)
            self.changed.emit()

    # --- the end ----------------------------------------------------------------------------

    def unlink(self, why: str = "") -> None:
        """Leave the graph as an ordinary document."""
        if not self._alive:
            return
        self._alive = False
        self._later.stop()
        self.panel.hand.links.remove(self)
        self.panel.runner.framed.disconnect(self._framed)
        self.document.undo_stack.indexChanged.disconnect(self._edited)
        self.ended.emit(why)
        self.deleteLater()


def samples_of(data: Data) -> int:
    """How many samples there are, those of the test included."""
    return len(data.inputs) + len(data.test_inputs)


def sample_of(data: Data, index: int) -> tuple[Array, Array]:
    """What goes in and what shall come out: the test samples count on from those of training."""
    trained = len(data.inputs)
    if index < trained:
        return data.inputs[index], data.targets[index]
    return data.test_inputs[index - trained], data.test_targets[index - trained]
