"""The drawn graph at work: its trainer in the background, its numbers on the canvas.

While it trains, the trainable inputs of the document move outside the history. When it pauses they
stand there as one step that can be undone. What a hand changes meanwhile the trainer takes over;
where it cannot, it pauses and says why.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from bpstudio.core import edits
from bpstudio.core.graph import Change, Graph, Node, Patch
from bpstudio.language import tr, trn
from bpstudio.nn.drawn import DrawnError, DrawnTrainer, GateFault
from bpstudio.ui.trainer.engine import Engine, Frame
from bpstudio.ui.trainer.link import QUICKEST, SHARE
from bpstudio.ui.trainer.runner import Runner

if TYPE_CHECKING:
    from bpstudio.nn.data import Data
    from bpstudio.nn.report import Report
    from bpstudio.nn.spec import Spec
    from bpstudio.nn.trainer import Trainer
    from bpstudio.ui.document import Document

Numbers = dict[str, float]
_PATIENCE_MS = 100


class Face:
    """A DrawnTrainer as an Engine asks for one."""

    def __init__(self, drawn: DrawnTrainer) -> None:
        self.drawn = drawn
        self.network = self

    @property
    def spec(self) -> Spec:
        return self.drawn.spec

    @cached_property
    def data(self) -> Data:
        """The samples; what is predicted is a matter of the graph, and never a class."""
        from bpstudio.nn.data import Data

        inputs = cast("Data", self.drawn.spec.data).inputs
        return Data(inputs, np.full((len(inputs), 1), 0.5))

    @property
    def updates(self) -> int:
        return self.drawn.updates

    @property
    def epochs_done(self) -> float:
        return self.drawn.epochs_done

    def weights(self) -> tuple[()]:
        """None: the parameters stand in the graph, one by one."""
        return ()

    def run(self, **limits: Any) -> Report:
        return self.drawn.run(**limits)

    def epoch(self) -> Report:
        return self.drawn.epoch()

    def rewind(self) -> None:
        self.drawn.rewind()

    def change(self, **fields: Any) -> None:
        self.drawn.change(**fields)

    def loss(self, _which: str = "train") -> float:
        return self.drawn.loss()

    def accuracy(self, _which: str = "train") -> None:
        return None

    def sampled(self, _which: str, _most: int) -> tuple[float, None]:
        # A graph has no test data and no classes: the loss of the last batches says enough.
        return math.nan, None

    @property
    def rate(self) -> float:
        return self.drawn.rate


class DrawnRun(QObject):
    """One training of one document's graph."""

    framed = Signal(object)
    """The newest Frame."""
    refused = Signal(str, str)
    """Why an edit could not be followed, and the node that it is about."""

    def __init__(
        self,
        document: Document,
        trainer: DrawnTrainer,
        busy: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document, self.trainer = document, trainer
        self.runner = Runner(self, Engine())
        self.frame: Frame | None = None
        self._busy = busy
        self._keys = trainer.parameters
        self._base = self._shown = self._in_graph()
        self._counted = 0
        self._own = 0
        self._interval, self._drawn = QUICKEST, -1.0
        self._fault: DrawnError | None = None
        document.link(dict.fromkeys(self._keys, "value"))
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._settle)
        document.undo_stack.indexChanged.connect(self._edited)
        self.runner.framed.connect(self._framed)
        face = cast("Trainer", Face(trainer))
        looks = {"values": lambda face: face.drawn.values}
        self.runner.post(lambda engine: engine.take(face, looks))

    def close(self) -> None:
        """Pause, leave what was learned in the graph, and let go."""
        self.runner.close()
        with self.runner.held() as engine:
            if engine.trainer is not None:
                self._commit(self.trainer.values, self.trainer.updates)
        self._later.stop()
        self.document.undo_stack.indexChanged.disconnect(self._edited)
        self.runner.framed.disconnect(self._framed)

    @property
    def playing(self) -> bool:
        return self.frame is not None and self.frame.playing

    # --- from the trainer -------------------------------------------------------------------

    def _framed(self, frame: Frame) -> None:
        self.frame = frame
        self.framed.emit(frame)
        if self._fault is not None:
            fault, self._fault = self._fault, None
            self.refused.emit(str(fault), fault.node)
        if frame.answered == self.runner.engine.asked and not frame.playing:
            self._later.start(0)
        elif not self._later.isActive():
            wait = self._drawn + self._interval - time.perf_counter()
            self._later.start(max(0, round(1000 * wait)))

    def _settle(self) -> None:
        """The newest numbers on the canvas; as a step of the history once it pauses."""
        frame = self.frame
        if frame is None or frame.answered < self.runner.engine.asked:
            return
        if self._busy():
            self._later.start(_PATIENCE_MS)
            return
        begun = time.perf_counter()
        values = frame.seen["values"]
        done = self._commit(values, frame.updates) if not frame.playing else self._follow(values)
        if not done:
            self._later.start(_PATIENCE_MS)
            return
        self.document.trace  # noqa: B018
        self._drawn = now = time.perf_counter()
        self._interval = max(QUICKEST, 0.7 * self._interval, (now - begun) / SHARE)

    def _follow(self, values: Numbers) -> bool:
        if not all(map(math.isfinite, values.values())):
            return True
        if self.document.follow(self._patch(values)):
            self._shown = dict(values)
            return True
        return False

    def _commit(self, values: Numbers, updates: int) -> bool:
        """What was learned since the last step of the history, as one step."""
        if not all(map(math.isfinite, values.values())):
            # Numbers that are none cannot stand in a graph: it keeps those from before.
            values = self._base
        moved = {k: v for k, v in values.items() if self._base.get(k) != v}
        if not self._follow(self._base):
            return False
        patch = self._patch(values)
        count, self._counted = updates - self._counted, updates
        if not moved or not patch:
            return True
        label = (
            trn("Train {n} update", "Train {n} updates", count)
            if count > 0
            else tr("Rewind the training")
        )
        self._own += 1
        try:
            self.document.do(Patch(label, patch.changes))
        finally:
            self._own -= 1
        self._base = self._shown = dict(values)
        return True

    def _patch(self, values: Mapping[str, float]) -> Patch:
        changes: dict[str, Change] = {}
        nodes = self.document.committed.nodes
        for key, value in values.items():
            node = nodes.get(key)
            if node is not None and node.gate == "input" and node.params.get("value") != value:
                changes[key] = (node, _with_value(node, value))
        return Patch(tr("Train"), changes)

    def _in_graph(self) -> Numbers:
        nodes = self.document.committed.nodes
        return {
            key: float(cast("float", nodes[key].params.get("value", 1.0)))
            for key in self._keys
            if key in nodes and not isinstance(nodes[key].params.get("value"), tuple)
        }

    # --- from the canvas --------------------------------------------------------------------

    def _edited(self, _: int = 0) -> None:
        """The trainer goes on with the graph after an edit, an undo or a redo."""
        if self._own:
            return
        graph, now = self.document.committed, self._in_graph()
        by_hand = {key: v for key, v in now.items() if v != self._shown.get(key)}
        self._base = {**{k: v for k, v in self._base.items() if k in now}, **by_hand}
        self._shown = {**{k: v for k, v in self._shown.items() if k in now}, **by_hand}

        def follow(_: Engine) -> None:
            try:
                self._go_on_with(graph, by_hand)
            except DrawnError as fault:
                self._fault = fault
                self.runner.engine.playing = False
                raise

        self.runner.post(follow)

    def _go_on_with(self, graph: Graph, by_hand: Numbers) -> None:
        """In the trainer's thread: numbers that only training moved are not an edit."""
        trainer = self.trainer
        before = trainer.graph
        still: dict[str, Change] = {}
        for key in trainer.parameters:
            node, old = graph.nodes.get(key), before.nodes.get(key)
            if node is not None and old is not None and key not in by_hand:
                same = _with_value(node, cast("float", old.params.get("value", 1.0)))
                if same != node:
                    still[key] = (node, same)
        goal = graph.apply(Patch("", still))
        changes = dict(edits.replace_all(before, goal, "").changes)
        for key in by_hand:
            # Its graph is that of the start: a number put back to that is one all the same.
            if key in before.nodes and key in goal.nodes:
                changes.setdefault(key, (before.nodes[key], goal.nodes[key]))
        if changes:
            trainer.follow(goal, Patch("", changes))


def _with_value(node: Node, value: float) -> Node:
    return replace(node, params={**node.params, "value": value})


def fault_node(trainer: DrawnTrainer) -> str:
    """The gate that a run stopped at, "" where it did not."""
    return trainer.fault.node if isinstance(trainer.fault, GateFault) else ""
