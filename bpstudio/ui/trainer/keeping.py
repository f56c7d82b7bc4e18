"""The network that a document keeps: read when it is opened, written when it is saved.

One document at a time owns what the training panel shows: the one that was opened with a network,
or the one it was told to be kept in. The networks of the others wait as they were when they were
left. A network that cannot be used is said with its place and stays in its file as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.nn.spec import LayerWeights, Spec
    from bpstudio.nn.trainer import Trainer
    from bpstudio.ui.document import Document
    from bpstudio.ui.trainer.engine import Frame
    from bpstudio.ui.trainer.panel import TrainingPanel
    from bpstudio.ui.window import Window

Values = tuple[Mapping[str, Any] | None, Mapping[str, Any]]


@dataclass(frozen=True)
class Mark:
    """Where a network stood when it was read or written."""

    updates: int
    spec: Spec
    weights: tuple[LayerWeights, ...]

    def is_at(self, frame: Frame) -> bool:
        """Whether a run still stands there."""
        if frame.updates != self.updates or frame.spec is not self.spec:
            return False
        # While it plays, the updates tell; weights changed by hand are looked for in a pause.
        return frame.playing or same_weights(self.weights, frame.weights)


class Keeping(QObject):
    """What the documents of one window keep of networks."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.owner: Document | None = None
        """Whose network the panel shows."""
        self._values: dict[Document, Values] = {}
        self._marks: dict[Document, Mark] = {}
        self._refused: dict[Document, object] = {}
        self._files: dict[Document, object] = {}
        self._panel: TrainingPanel | None = None
        window.session.closed.connect(self._closed)

    def keeps(self, document: Document | None) -> bool:
        """Whether a save of this document writes a network."""
        if document is None:
            return False
        if document in self._values or document is self.owner:
            return document is self.owner or self._values[document][0] is not None
        return document.file.network is not None

    # --- reading ----------------------------------------------------------------------------

    def look_at(self, document: Document) -> None:
        """Show the network of a document in the panel, if it has one."""
        if document is self.owner or not self.keeps(document):
            return
        held = self._values.get(document)
        network, datasets = held or (document.file.network, document.file.datasets)
        if network is None or self._refused.get(document) is network:
            return
        self._leave()
        panel = self._window.training.show()
        self._show(panel, document, network, datasets)

    def _show(
        self,
        panel: TrainingPanel,
        document: Document,
        network: Mapping[str, Any],
        datasets: Mapping[str, Any],
    ) -> None:
        from bpstudio.nn.faults import NetworkError
        from bpstudio.nn.kept import of_document

        try:
            trainer = self._window.session.patiently(
                tr("Reading the network …"),
                numbers_in(network, datasets),
                lambda: of_document(network, datasets),
            )
        except NetworkError as refused:
            self._refused[document] = network
            sentence = tr(
                "The network of “{name}” cannot be used: {why}", name=document.title, why=refused
            )
            panel.tell(sentence)
            self._window.session.say(sentence)
            return
        about = _about(network, datasets)
        panel.take(trainer, about)
        self._own(document, panel, trainer)
        self._window.training.links.offer(document, trainer)

    def _own(self, document: Document, panel: TrainingPanel, trainer: Trainer) -> None:
        self.owner = document
        self._follow(panel)
        self._marks[document] = mark_of(trainer)
        self._values.pop(document, None)
        self._files[document] = document.file
        document.network = lambda: self._values_of(document)
        document.renamed.connect(self._renamed)

    def _follow(self, panel: TrainingPanel) -> None:
        if panel is not self._panel:
            self._panel = panel
            panel.runner.framed.connect(self._framed)
            panel.leaving.connect(self._leaving)

    # --- keeping ----------------------------------------------------------------------------

    def toggle(self, document: Document | None) -> None:
        """Keep the panel's network in this document (a new one for None), or no longer."""
        if document is not None and self.keeps(document):
            self._drop(document)
            return
        panel = self._window.training.panel
        if panel is None or panel.frame is None:
            return
        if document is None:
            from bpstudio.core.graph import Graph
            from bpstudio.files.bps import File

            document = self._window.session.adopt(File(Graph(), panel.title))
        self._leave()
        with panel.runner.held() as engine:
            assert engine.trainer is not None
            self._own(document, panel, engine.trainer)
        document.touch()
        self._window.session.say(
            tr(
                "“{name}” keeps the network from now on: save it to put both on disk.",
                name=document.title,
            )
        )

    def _drop(self, document: Document) -> None:
        if document is self.owner:
            self._leave()
        self._values[document] = None, {}
        document.network = lambda: self._values_of(document)
        document.touch()
        self._window.session.say(tr("“{name}” no longer keeps a network.", name=document.title))

    def _leave(self) -> None:
        """Another network comes into the panel: the owner's waits as it is now."""
        document, self.owner = self.owner, None
        if document is not None:
            self._window.training.links.withdraw(document)
            document.renamed.disconnect(self._renamed)
            self._values[document] = self._captured()[0]

    def _leaving(self) -> None:
        """Who begins something else beside another document leaves the owner's network alone."""
        if self._window.document is not self.owner:
            self._leave()

    def left(self) -> None:
        """The panel goes."""
        self._leave()
        self._panel = None

    # --- writing ----------------------------------------------------------------------------

    def _values_of(self, document: Document) -> Values:
        if document is not self.owner:
            return self._values[document]
        self._values[document], self._marks[document] = self._captured()
        return self._values[document]

    def _captured(self) -> tuple[Values, Mark]:
        """The panel's network as a document keeps it, and where that is."""
        from bpstudio.nn.kept import to_document

        panel = self._panel
        assert panel is not None
        with panel.runner.held() as engine:
            trainer = engine.trainer
            assert trainer is not None
            found = to_document(trainer, about=panel.about, data=panel.spec.data)
            return found, mark_of(trainer)

    def _renamed(self) -> None:
        """After a save, or after the document was taken from disk again."""
        document, panel = self.owner, self._panel
        if document is None or panel is None or document.file is self._files[document]:
            return
        self._files[document] = document.file
        held, network = self._values.pop(document, None), document.file.network
        if held is not None and held[0] is network:
            return
        document.renamed.disconnect(self._renamed)
        self.owner = None
        if network is not None:
            self._show(panel, document, network, document.file.datasets)

    # --- following --------------------------------------------------------------------------

    def _framed(self, frame: Frame) -> None:
        document, panel = self.owner, self._panel
        if document is None or panel is None or frame.data is not panel.problem_data:
            return
        if not document.dirty and not self._marks[document].is_at(frame):
            document.touch()

    def _closed(self, document: Document) -> None:
        if document is self.owner:
            self.owner = None
        for table in (self._values, self._marks, self._refused, self._files):
            table.pop(document, None)


def mark_of(trainer: Trainer) -> Mark:
    """Where a trainer stands."""
    return Mark(trainer.updates, trainer.spec, trainer.network.weights())


def same_weights(one: tuple[LayerWeights, ...], other: tuple[LayerWeights, ...]) -> bool:
    """Whether all weights are the same, to the bit."""
    pairs = zip(one, other, strict=True)
    return all(np.array_equal(a.W, b.W) and np.array_equal(a.b, b.b) for a, b in pairs)


def numbers_in(network: Mapping[str, Any] | None, datasets: Mapping[str, Any]) -> int:
    """About how many numbers a document's network and data hold."""
    found = 0
    for table in datasets.values():
        for rows in table.values():
            if isinstance(rows, list) and rows and isinstance(rows[0], list):
                found += len(rows) * len(rows[0])
    for layer in (network or {}).get("weights", ()):
        found += sum(map(len, layer.get("W", ())))
    return found


def _about(network: Mapping[str, Any], datasets: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the document says of the data that the network learns from."""
    data = network.get("spec", {}).get("data", {})
    name = data.get("use") if isinstance(data, dict) else None
    return datasets.get(name, {}) if isinstance(name, str) else {}
