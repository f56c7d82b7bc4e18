"""A hand over a simple graph."""

from __future__ import annotations

import pytest

from tests.ui.tools.hand import Hand


@pytest.fixture
def hand() -> Hand:
    return Hand()
