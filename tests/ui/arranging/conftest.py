"""Someone in front of a graph with a group, open or folded."""

from __future__ import annotations

import pytest

from bpstudio.core import edits
from tests.ui.arranging.grouped import grouped
from tests.ui.canvas.person import before


@pytest.fixture
def person(qtbot):
    yield from before(qtbot, grouped())


@pytest.fixture
def folded(person):
    person.document.do(edits.set_collapsed(person.graph, "group1"))
    person.document.undo_stack.clear()
    return person
