"""The network as a gate graph on the canvas: opened with one sample, linked while it trains.

Links belongs to a window; it makes the documents, their Links and the chips on their canvases.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from bpstudio.language import tr
from bpstudio.nn.faults import NetworkError
from bpstudio.ui.trainer.link import Link
from bpstudio.ui.trainer.linkchip import LinkChip

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer
    from bpstudio.ui.document import Document
    from bpstudio.ui.trainer.panel import TrainingPanel
    from bpstudio.ui.window import Window


class Links(QObject):
    """The drawings that follow the network of a window's training panel."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.links: dict[Document, Link] = {}
        self.chips: dict[Document, LinkChip] = {}
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
        index = max(0, panel.sample if sample is None else sample)
        try:
            document = self._unfolded(panel, min(index, len(panel.frame.data.inputs) - 1))
        except NetworkError as refused:
            panel.tell(str(refused))
            self._window.session.say(str(refused))
            return None
        if panel is not self._listening:
            self._listening = panel
            panel.picked.connect(self._picked)
        return document

    def _unfolded(self, panel: TrainingPanel, index: int) -> Document:
        from bpstudio.files.bps import File
        from bpstudio.nn.unfold import unfold

        assert panel.frame is not None
        trainer = snapshot(panel)
        data = panel.frame.data
        made = unfold(trainer, data.inputs[index], data.targets[index], penalties=True)
        title = tr("{network} as gates", network=panel.title)
        document = self._window.session.adopt(File(made.graph, title))
        canvas = self._window.tabs.canvas_of(document)
        link = Link(document, panel, made, index, lambda: bool(canvas.tools.busy))
        self.links[document] = link
        link.ended.connect(lambda why: self._ended(document, why))
        self.chips[document] = LinkChip(canvas, link)
        panel.pick(index)
        canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        document.say(
            tr(
                "{gates} gates; the labels move while the network trains, and a weight changed "
                "here changes the network.",
                gates=f"{len(made.graph.nodes):,}",
            )
        )
        return document

    def unlink(self, document: Document | None) -> None:
        """Leave its graph as an ordinary document."""
        if (link := self.of(document)) is not None:
            link.unlink()

    def clear(self) -> None:
        """End them all: the panel goes."""
        for link in tuple(self.links.values()):
            link.unlink()
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
        if (link := self.links.get(document)) is not None:
            link.blockSignals(True)
            link.unlink()
            self.links.pop(document, None)
            self.chips.pop(document, None)


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
