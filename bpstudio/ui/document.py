"""One open document: the graph, its history, its latest trace, what is selected, stepped to, read.

Everything on the screen reads a Document and listens to its signals; only `do` and the undo stack
change the graph. A preview shows a patch without history until it is dropped or done: `graph` is
what is shown, `committed` what a save writes. A patch is checked before it is pushed, so nothing is
raised inside Qt's redo or undo. While something else moves some numbers of the graph (training),
they go on outside the history (`follow`), and an edit of something else leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ReferenceType, ref

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from bpstudio.core.graph import BadParam, Graph, Patch
from bpstudio.language import tr
from bpstudio.ui.changes import brings_samples, rebased, structural
from bpstudio.ui.reading import PLAIN, SAMPLE, Reading, fitted

if TYPE_CHECKING:
    from bpstudio.core.plan import Plan
    from bpstudio.core.trace import Trace
    from bpstudio.files.bps import File, View
    from bpstudio.files.durable import Stamp
    from bpstudio.ui.readout import Readout

NO_EDIT = Patch("")
Learning = tuple[Mapping[str, Any] | None, Mapping[str, Any]]
"""How the graph is trained, None where that is not kept, and the tables that it takes, by name."""
IDLE_MS = 400
"""How long the graph must rest before the plan is warmed up for fast dragging."""


class Edit(QUndoCommand):
    """The one undo command: a patch forwards, the same patch turned round backwards."""

    def __init__(self, document: Document, patch: Patch, merge: str | None) -> None:
        super().__init__(patch.label)
        # Now and then a command outlives its stack (why is not known): it must keep no document.
        self._document: ReferenceType[Document] = ref(document)
        self.patch, self._merge = patch, merge

    def redo(self) -> None:
        self._apply(self.patch)

    def undo(self) -> None:
        self._apply(self.patch.inverse())

    def _apply(self, patch: Patch) -> None:
        # The stack belongs to the document, so there is one as long as anybody undoes.
        if (document := self._document()) is not None:
            document._apply(patch)

    def id(self) -> int:
        return -1 if self._merge is None else hash(self._merge) & 0x3FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Edit) or self._merge is None or other._merge != self._merge:
            return False
        self.patch = self.patch.then(other.patch, other.patch.label)
        self.setText(self.patch.label)
        self.setObsolete(not self.patch)
        return True


class Document(QObject):
    """The state that the canvas and the panels share. Signals carry what changed."""

    patched = Signal(object)
    """The Patch between what was shown and what is shown now."""
    edited = Signal(object)
    """The Patch by which the committed graph has just moved on in its history."""
    followed = Signal(object)
    """The Patch of numbers that have just moved outside the history."""
    traced = Signal(object)
    """A new Trace, at most once per turn of the event loop."""
    selected = Signal(object)
    """The new selection, a frozenset of ids."""
    stepped = Signal(object)
    """The number of steps done, or None for everything."""
    reread = Signal(object)
    """The Reading that the numbers are shown in now."""
    renamed = Signal()
    """The title, the path or the unsaved mark changed."""
    said = Signal(str)
    """A sentence for the status line and the screen reader."""

    def __init__(self, file: File | None = None, path: Path | None = None) -> None:
        super().__init__()
        if file is None:
            from bpstudio.files.bps import File

            file = File(Graph())
        self._file = file
        self.path = path
        self.stamp: Stamp | None = None
        self._graph = self._shown = file.graph
        # Node id -> its parameter that has ever moved outside the history.
        self._moving: dict[str, str] = {}
        self._moved = False
        self.network: Callable[[], tuple[Mapping[str, Any] | None, Mapping[str, Any]]] | None = None
        """Answers the network and the data that a save writes; None writes those of the file."""
        self._training: Learning | None = None
        self._preview = NO_EDIT
        self._plan: Plan | None = None
        self._trace: Trace | None = None
        self._reading = PLAIN
        self._readout: Readout | None = None
        self.fault = ""
        """Why only the first samples are shown, "" where all is well."""
        # What has changed since the plan was last brought up to date.
        self._pending = NO_EDIT
        # A patch on its way into the history, its graph, and the graph after it: made once.
        self._ready: tuple[Patch, Graph, Graph] | None = None
        self.selection: frozenset[str] = frozenset()
        self.step: int | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._marked)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell_trace)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._warm)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._warm_more)

    # --- the graph --------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """What is shown: the committed graph with the preview, if any, put on."""
        return self._shown

    @property
    def committed(self) -> Graph:
        """What is saved: the graph without the preview."""
        return self._graph

    def do(self, patch: Patch, merge: str | None = None) -> None:
        """Make an edit part of the history. Edits with the same `merge` in a row become one.

        The patch is meant for the committed graph. Raises StalePatch where it does not fit,
        BadParam for batches that do not fit together, and changes nothing then.
        """
        if not patch:
            self.preview(None)
            return
        patch = rebased(patch, self._graph, self._moving)
        if not patch:
            return
        after = self._graph.apply(patch)
        if brings_samples(patch):
            from bpstudio.core.given import refuse_unequal

            refuse_unequal(after)
        self._ready = patch, self._graph, after
        self.undo_stack.push(Edit(self, patch, merge))
        self._ready = None

    def preview(self, patch: Patch | None) -> None:
        """Show the committed graph with this patch put on, outside the history; None drops it."""
        new = rebased(patch, self._graph, self._moving) if patch else NO_EDIT
        shown = self._graph.apply(new)
        change = self._preview.inverse().then(new, new.label)
        self._preview, self._shown = new, shown
        self._announce(change)

    def _apply(self, patch: Patch) -> None:
        """Called by Edit alone: the committed graph moves on, and any preview falls away."""
        patch = rebased(patch, self._graph, self._moving)
        change = self._preview.inverse().then(patch, patch.label)
        ready = self._ready
        if ready is not None and ready[0] is patch and ready[1] is self._graph:
            self._graph = self._shown = ready[2]
        else:
            self._graph = self._shown = self._graph.apply(patch)
        self._preview = NO_EDIT
        self._announce(change)
        self.edited.emit(patch)

    # --- what moves by itself ---------------------------------------------------------------

    def link(self, numbers: Mapping[str, str]) -> None:
        """Let these parameters (node id -> its name) be moved by `follow`."""
        self._moving |= numbers

    def follow(self, patch: Patch) -> bool:
        """Move linked numbers of the committed graph on, outside the history.

        Answers False, and changes nothing, while a preview is shown: a hand is at work.
        """
        if self._preview:
            return False
        if patch:
            self._graph = self._shown = self._graph.apply(patch)
            self._announce(patch)
            self.followed.emit(patch)
            # In the same turn: a picture in between would show new numbers on the inputs beside
            # old ones on their wires.
            self._soon.stop()
            self._tell_trace()
            # A drawing that nobody has saved is not missed for its numbers alone.
            if self.path is not None:
                self.touch()
        return True

    def touch(self) -> None:
        """Note that there is something to save that is no edit."""
        before, self._moved = self.dirty, True
        if not before:
            self.renamed.emit()

    def _announce(self, change: Patch) -> None:
        if not change:
            return
        self._trace = None
        self._pending = self._pending.then(change)
        if any(after is None for _, after in change.changes.values()):
            self._prune_selection()
        if structural(change) and self.step is not None:
            self.go(None)
        self.patched.emit(change)
        self._soon.start()
        self._idle.start()

    # --- the trace --------------------------------------------------------------------------

    @property
    def trace(self) -> Trace:
        """The run of the shown graph, made when first asked for after a change."""
        if self._trace is None:
            self._trace, self._readout = self._run(), None
        return self._trace

    def _run(self) -> Trace:
        plan = self._planned()
        try:
            trace, self.fault = plan.run(), ""
        except BadParam as error:
            # Only a file brings batches that do not fit together: an edit of them is refused.
            self.fault = str(error)
            values = {key: node.params.get("value") for key, node in plan.graph.nodes.items()}
            trace = plan.run({key: v[0] for key, v in values.items() if isinstance(v, tuple)})
        return trace

    def _planned(self) -> Plan:
        from bpstudio.core.plan import Plan

        if self._plan is None:
            self._plan = Plan.of(self._shown)
        elif self._pending:
            self._plan = self._plan.updated(self._shown, self._pending)
        self._pending = NO_EDIT
        return self._plan

    def _tell_trace(self) -> None:
        trace, fit = self.trace, self.reading
        if fit != self._reading:
            self._reading = fit
            self.reread.emit(fit)
        self.traced.emit(trace)

    def _marked(self, _clean: bool) -> None:
        self.renamed.emit()

    def _warm(self) -> None:
        # One piece at a time, so that a click in between is not kept waiting.
        if not self._planned().warm(1):
            # A timer of its own: it ends with a document that is closed meanwhile.
            self._next.start()

    def _warm_more(self) -> None:
        if not self._idle.isActive():
            self._warm()

    # --- how it is read ---------------------------------------------------------------------

    @property
    def readout(self) -> Readout:
        """The trace as it is read: what labels, stage and panels show."""
        trace = self.trace
        if self._readout is None:
            from bpstudio.ui.readout import Readout

            self._readout = Readout(trace, self._reading)
        return self._readout

    @property
    def reading(self) -> Reading:
        """Gradients or forward mode, and which sample; always one that the trace has."""
        return self.readout.reading

    def read(self, reading: Reading) -> None:
        """Look at the run in another way. Where the steps are others then, they are left."""
        before, fit = self.reading, fitted(reading, self.trace)
        if fit == before:
            return
        self._reading, self._readout = fit, None
        same = (fit.mode, fit.source) == (before.mode, before.source)
        if not same or fit.of != SAMPLE:
            self.go(None)
        self.reread.emit(fit)

    # --- selection and step -----------------------------------------------------------------

    def select(self, ids: Iterable[str]) -> None:
        """Select these nodes, wires, groups and notes; ids that are not there are left out."""
        chosen = frozenset(key for key in ids if self._shown.get(key) is not None)
        if chosen != self.selection:
            self.selection = chosen
            self.selected.emit(chosen)

    def go(self, step: int | None) -> None:
        """Show what is known after so many steps of the run; None shows everything.

        Steps go through one sample: a mean or a spread over all gives way to it.
        """
        if step is not None:
            if self.reading.of != SAMPLE:
                self.read(replace(self.reading, of=SAMPLE))
            step = max(0, min(step, self.readout.steps))
        if step != self.step:
            self.step = step
            self.stepped.emit(step)

    def say(self, sentence: str) -> None:
        """Tell the status line and the screen reader what happened."""
        self.said.emit(sentence)

    def _prune_selection(self) -> None:
        self.select(self.selection)

    # --- the file ---------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether there is something that the file on disk does not have."""
        return self._moved or not self.undo_stack.isClean()

    @property
    def title(self) -> str:
        """What tabs and the title bar call it."""
        if self.path is not None:
            return self.path.stem
        return self._file.title or tr("Untitled")

    @property
    def file(self) -> File:
        """The document as it was opened or last saved."""
        return self._file

    def to_file(self, view: View | None = None) -> File:
        """What a save writes. Without an edit that is the file as it was, view and all."""
        if not self.dirty and self._graph == self._file.graph:
            return self._file
        file = replace(self._file, graph=self._graph, view=view or self._file.view)
        network, datasets, training = self.learned()
        return replace(file, network=network, datasets=datasets, training=training)

    # --- what is kept of learning -----------------------------------------------------------

    @property
    def training(self) -> Mapping[str, Any] | None:
        """How the graph is trained, as the document keeps it: see files/network.py."""
        return self._file.training if self._training is None else self._training[0]

    @property
    def tables(self) -> Mapping[str, Any]:
        """The data sets that `training` may name."""
        return self._file.datasets if self._training is None else self._training[1]

    def keep_training(self, training: Mapping[str, Any] | None, tables: Mapping[str, Any]) -> None:
        """Keep with the document how its graph is trained, and the tables for it; None: no more."""
        if training == self.training and (training is None or tables == self._used(self.tables)):
            return
        self._training = training, tables
        self.touch()

    @property
    def keeps_learning(self) -> bool:
        """Whether a save may write other networks, data or training than the file has."""
        return self.network is not None or self._training is not None

    def learned(self) -> tuple[Mapping[str, Any] | None, Mapping[str, Any], Any]:
        """The network, the data sets and the training that a save writes."""
        held = self._file.network, self._file.datasets
        network, datasets = held if self.network is None else self.network()
        own = self._used(self._file.datasets)
        if network is not None:
            used = network.get("spec", {}).get("data", {}).get("use")
            own = {name: table for name, table in own.items() if name != used}
        others = {name: table for name, table in datasets.items() if name not in own}
        return network, {**self._used(self.tables), **others}, self.training

    def _used(self, tables: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the tables that the training of the file, or that of now, takes."""
        names = [
            kept.get("data", {}).get("use")
            for kept in (self._file.training, self.training)
            if kept is not None
        ]
        return {name: table for name, table in tables.items() if name in names}

    def saved(self, file: File, path: Path, stamp: Stamp) -> None:
        """Note that `file` now stands at `path`."""
        self._file, self.path, self.stamp = file, path, stamp
        self._training = None
        self._moved = False
        self.undo_stack.setClean()
        self.renamed.emit()
