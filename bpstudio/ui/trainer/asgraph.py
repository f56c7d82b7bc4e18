"""The network as a gate graph on the canvas: opened with one sample, linked while it trains.

Links belongs to a window; it makes the documents, their Links and the chips on their canvases.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from bpstudio.language import tr
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.unfold import Unfolded, stands_in, unfold
from bpstudio.ui.trainer.link import Link, sample_of, samples_of
from bpstudio.ui.trainer.linkchip import LinkChip, OfferChip

if TYPE_CHECKING:
    from bpstudio.core.graph import Graph
    from bpstudio.nn.data import Data
    from bpstudio.nn.trainer import Trainer
    from bpstudio.ui.document import Document
    from bpstudio.ui.trainer.panel import TrainingPanel
    from bpstudio.ui.window import Window

SOON_MS = 50
"""After this long a network that was just opened is looked for again."""


class Links(QObject):
    """The drawings that follow the network of a window's training panel."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.links: dict[Document, Link] = {}
        self.chips: dict[Document, LinkChip] = {}
        self.offers: dict[Document, OfferChip] = {}
        """Documents whose graph is of the network that they keep, and that follow it not yet."""
        self._listening: TrainingPanel | None = None
        window.session.closed.connect(self._closed)

    def of(self, document: Document | None) -> Link | None:
        """The link of a document, None where it follows nothing."""
        return self.links.get(document) if document is not None else None

    def open(self, sample: int | None = None) -> Document | None:
        """Open the network with one sample of its data; the panel says why where it cannot be."""
        panel = self._window.training.panel
        if panel is None or panel.frame is None:
            return None
        data = panel.frame.data
        index = max(0, panel.sample if sample is None else sample)
        try:
            document = self._unfolded(panel, min(index, samples_of(data) - 1))
        except NetworkError as refused:
            panel.tell(str(refused))
            self._window.session.say(str(refused))
            return None
        return document

    # --- a graph that was saved with its network --------------------------------------------

    def offer(self, document: Document, trainer: Trainer) -> None:
        """Offer to link a document's graph, if it is that of the network which it keeps."""
        graph = document.committed
        self.withdraw(document)
        if document in self.links or len(graph.nodes) <= trainer.network.count:
            return
        try:
            made = _drawn(trainer, 0)
        except NetworkError:
            return
        if stands_in(made, graph):
            canvas = self._window.tabs.canvas_of(document)
            chip = self.offers[document] = OfferChip(canvas)
            chip.taken.connect(lambda: self.resume(document))
            chip.left.connect(lambda: self.withdraw(document))

    def withdraw(self, document: Document) -> None:
        """Offer it no more."""
        chip = self.offers.pop(document, None)
        if chip is not None:
            chip.go()

    def resume(self, document: Document | None) -> None:
        """Let a graph that was saved with its network follow it again."""
        panel = self._window.training.panel
        if document is None or document not in self.offers or panel is None:
            return
        frame = panel.frame
        if frame is None or frame.data is not panel.problem_data:
            # The network was opened this moment, and has shown itself to nobody yet.
            QTimer.singleShot(SOON_MS, self, lambda: self.resume(document))
            return
        self.withdraw(document)
        trainer = snapshot(panel)
        made = _drawn(trainer, 0)
        if not stands_in(made, document.committed):
            document.say(tr("The graph was changed: it is not that of the network any more."))
            return
        index = _sample_in(document.committed, made, panel.problem_data)
        self._link(document, panel, made, index)
        panel.runner.refresh()

    # --- inside -----------------------------------------------------------------------------

    def _unfolded(self, panel: TrainingPanel, index: int) -> Document:
        from bpstudio.files.bps import File

        assert panel.frame is not None
        made = unfold(snapshot(panel), *sample_of(panel.frame.data, index), penalties=True)
        title = tr("{network} as gates", network=panel.title)
        document = self._window.session.adopt(File(made.graph, title))
        self._link(document, panel, made, index)
        document.say(
            tr(
                "{gates} gates; the labels move while the network trains, and a weight changed "
                "here changes the network.",
                gates=f"{len(made.graph.nodes):,}",
            )
        )
        if panel.isWindow():
            # The panel's own window may lie over the canvas: what was asked for must be seen.
            self._window.raise_()
            self._window.activateWindow()
        return document

    def _link(self, document: Document, panel: TrainingPanel, made: Unfolded, index: int) -> None:
        canvas = self._window.tabs.canvas_of(document)
        link = Link(document, panel, made, index, lambda: bool(canvas.tools.busy))
        self.links[document] = link
        link.ended.connect(lambda why: self._ended(document, why))
        self.chips[document] = LinkChip(canvas, link)
        panel.pick(index)
        canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        if panel is not self._listening:
            self._listening = panel
            panel.picked.connect(self._picked)

    def unlink(self, document: Document | None) -> None:
        """Leave its graph as an ordinary document."""
        if (link := self.of(document)) is not None:
            link.unlink()

    def clear(self) -> None:
        """End them all: the panel goes."""
        for link in tuple(self.links.values()):
            link.unlink()
        for document in tuple(self.offers):
            self.withdraw(document)
        self._listening = None

    def _picked(self, index: int) -> None:
        """A point of the plane was clicked: the drawing that is looked at shows it."""
        link = self.of(self._window.document)
        if link is not None and link.sample != index:
            link.show_sample(index)

    def _ended(self, document: Document, why: str) -> None:
        self.links.pop(document, None)
        self.chips.pop(document, None)
        self._window.session.say(
            why or tr("The graph is an ordinary document now; the network goes on without it.")
        )

    def _closed(self, document: Document) -> None:
        self.withdraw(document)
        if (link := self.links.get(document)) is not None:
            link.blockSignals(True)
            link.unlink()
            self.links.pop(document, None)
            self.chips.pop(document, None)


def _drawn(trainer: Trainer, index: int) -> Unfolded:
    """A network with one sample of its data, as this window draws it. Raises NetworkError."""
    return unfold(trainer, *sample_of(trainer.data, index), penalties=True)


def _sample_in(graph: Graph, made: Unfolded, data: Data) -> int:
    """The sample that a graph holds; the first where it is none of them."""
    numbers = [graph.nodes[key].params.get("value", 1.0) for key in (*made.inputs, *made.targets)]
    if any(isinstance(number, tuple) for number in numbers):
        return 0
    for first, (inputs, targets) in (
        (0, (data.inputs, data.targets)),
        (len(data.inputs), (data.test_inputs, data.test_targets)),
    ):
        if len(inputs):
            found = (np.hstack([inputs, targets]) == np.array(numbers)).all(axis=1)
            if found.any():
                return first + int(found.argmax())
    return 0


def snapshot(panel: TrainingPanel) -> Trainer:
    """A trainer of one's own with the network as it is now and one batch of its data."""
    from bpstudio.nn.data import Data
    from bpstudio.nn.trainer import Trainer

    with panel.runner.held() as engine:
        running = engine.trainer
        assert running is not None
        weights, spec, data = running.network.weights(), running.spec, running.data
    few = slice(0, max(2, spec.batch))
    part = Data(data.inputs[few], data.targets[few], features=data.features)
    made = Trainer(replace(spec, data=part))
    # Not through the specification: weights that are no numbers are looked at all the same.
    made.network.set_weights(weights)
    return made
