"""Someone in front of a simple graph, and in front of an empty one."""

from __future__ import annotations

import pytest

from bpstudio.core.graph import Graph
from tests.ui.canvas.person import (
    Person,
    simple,
)


@pytest.fixture
def person(qtbot):
    made = Person(qtbot, simple())
    yield made
    made.canvas.set_document(None)


@pytest.fixture
def fresh(qtbot):
    made = Person(qtbot, Graph())
    yield made
    made.canvas.set_document(None)
