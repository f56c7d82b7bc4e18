"""Undo never lies: any edits in any order, undone and redone, give the same bytes.

BPSTUDIO_LONG=1 makes 10,000 edits of it instead of what a minute has room for.
"""

from __future__ import annotations

import gc
import hashlib
import os
import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bpstudio.core import edits
from bpstudio.core.graph import BadParam, Graph, Node, Patch, Wire
from bpstudio.core.plan import Plan
from bpstudio.files import bps
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.document import Document
from tests.ui.anyedit import EDITS, patch_of

LONG = "BPSTUDIO_LONG" in os.environ
MOST = 120
"""Gates from which on a random document is thinned out, so that edits stay quick."""


def written(document: Document) -> bytes:
    return bps.encode(bps.File(document.committed))


class History:
    """A Document and, beside it, what it was written as after each command."""

    def __init__(self) -> None:
        self.document = Document()
        self.states = [written(self.document)]

    def do(self, patch: Patch, merge: str | None = None) -> None:
        document, stack = self.document, self.document.undo_stack
        before, at = document.committed, stack.index()
        try:
            document.do(patch, merge)
        except BadParam:
            # Batches of two lengths: refused, and nothing has changed.
            document.preview(None)
            assert document.committed is before
            return
        now = stack.index()
        if not patch:
            assert (document.committed, now) == (before, at)
            return
        del self.states[min(at, now) + 1 :]
        if now == at + 1:
            self.states.append(written(document))
        elif now == at:
            # Merged into the command before.
            self.states[at] = written(document)
        # Else merged with it to nothing, which took that command away.
        assert len(self.states) == stack.count() + 1

    def go(self, at: int) -> None:
        self.document.undo_stack.setIndex(at)
        self.check()

    def check(self) -> None:
        document = self.document
        assert written(document) == self.states[document.undo_stack.index()]
        assert document.graph == document.committed


class Undo(RuleBasedStateMachine):
    """Edits, previews, undo and redo as people mix them."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History()

    @property
    def document(self) -> Document:
        return self.history.document

    @rule(data=st.data(), merge=st.sampled_from([None, None, None, "a", "b"]))
    def edit(self, data: st.DataObject, merge: str | None) -> None:
        patch = patch_of(self.document.committed, lambda n: data.draw(st.integers(0, n - 1)))
        if patch is not None:
            self.history.do(patch, merge)

    @rule(data=st.data(), keep=st.booleans())
    def preview(self, data: st.DataObject, keep: bool) -> None:
        patch = patch_of(self.document.committed, lambda n: data.draw(st.integers(0, n - 1)))
        self.document.preview(patch)
        if keep and patch is not None:
            self.history.do(patch)
        else:
            self.document.preview(None)

    @precondition(lambda self: self.document.undo_stack.canUndo())
    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()

    @precondition(lambda self: self.document.undo_stack.canRedo())
    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()

    @invariant()
    def is_what_it_was(self) -> None:
        self.history.check()

    def teardown(self) -> None:
        for at in range(self.document.undo_stack.index(), -1, -1):
            self.history.go(at)
        for at in range(self.document.undo_stack.count() + 1):
            self.history.go(at)
        follows(self.document)


@pytest.mark.usefixtures("qapp")
class TestUndo(Undo.TestCase):
    settings = settings(
        max_examples=150 if LONG else 40,
        stateful_step_count=100 if LONG else 40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def follows(document: Document) -> None:
    """What followed every patch agrees with what is made anew from the graph."""
    graph = document.graph
    fresh, kept = Plan.of(graph), document.trace.plan
    assert fresh.nodes == kept.nodes or sorted(fresh.nodes) == sorted(kept.nodes)
    assert bps.decode(written(document)).graph == graph


@pytest.mark.parametrize("seed", range(1))
def test_thousands_of_random_edits_undone_and_redone_byte_for_byte(qapp, seed) -> None:
    chance = random.Random(seed)
    document, view = Document(), ViewModel(Graph())
    document.patched.connect(lambda patch: view.patched(document.graph, patch))
    digests = [hashlib.sha256(written(document)).digest()]
    stack, wanted = document.undo_stack, 10_000 if LONG else 2_000
    met: set[str] = set()
    while stack.count() < wanted:
        # A copied frame brings all in it: frames in frames would double with every copy.
        full = [t for t in (document.graph.nodes, document.graph.notes) if len(t) > MOST]
        if full:
            doomed = chance.sample(sorted(full[0]), len(full[0]) - MOST // 2)
            patch: Patch | None = edits.delete(document.committed, doomed)
        else:
            patch = patch_of(document.committed, chance.randrange)
        if not patch:
            continue
        try:
            document.do(patch)
        except BadParam:
            continue
        met.add(patch.label.split()[0])
        digests.append(hashlib.sha256(written(document)).digest())
        assert len(digests) == stack.count() + 1
    for at in range(wanted, -1, -1):
        stack.setIndex(at)
        assert hashlib.sha256(written(document)).digest() == digests[at], at
    for at in range(wanted + 1):
        stack.setIndex(at)
        assert hashlib.sha256(written(document)).digest() == digests[at], at
    assert len(met) >= len(EDITS) / 3
    follows(document)
    anew = ViewModel(document.graph)
    assert sorted(view.nodes.ids) == sorted(anew.nodes.ids)
    assert sorted(view.wires.ids) == sorted(anew.wires.ids)


def big(n: int = 10_000) -> Graph:
    """A grid of gates, each fed by its neighbour."""
    nodes = [Node("n0", "input", (0.0, 0.0), {"value": 1.0})]
    nodes += [Node(f"n{i}", "tanh", (i % 100 * 120.0, i // 100 * 80.0)) for i in range(1, n)]
    return Graph(nodes, [Wire(f"w{i}", f"n{i - 1}", f"n{i}", "x") for i in range(1, n)])


@pytest.mark.parametrize("what", ["move", "value", "rename", "wire"])
def test_a_command_takes_memory_for_what_it_changes_only(qapp, what) -> None:
    document, graph = Document(), big()
    document.do(edits.replace_all(Graph(), graph, "Build"))
    times = 20

    def edit(i: int) -> Patch:
        now = document.committed
        if what == "move":
            return edits.move(now, {f"n{50 * i}": (5.0 * i + 3, 9.0)})
        if what == "value":
            return edits.set_value(now, "n0", 2.0 + i)
        if what == "rename":
            return edits.rename(now, f"n{50 * i}", f"name {i}")
        return edits.disconnect(now, [f"w{50 * i + 1}"])

    def held() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        # The first edit makes columns of the graph that all later ones share.
        document.do(edit(100))
        before = held()
        for i in range(times):
            document.do(edit(i))
        each = (held() - before) / times
    finally:
        tracemalloc.stop()
    assert document.undo_stack.count() == times + 2
    assert each < 10_000, f"{each:.0f} bytes a command"
