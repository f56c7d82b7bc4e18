"""Someone in front of a simple graph, and in front of an empty one."""

from __future__ import annotations

import pytest

from bpstudio.core.graph import Graph
from tests.ui.canvas.person import before
from tests.ui.graphs import simple


@pytest.fixture
def person(qtbot):
    yield from before(qtbot, simple())


@pytest.fixture
def fresh(qtbot):
    yield from before(qtbot, Graph())
