"""What tests of the core share as fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bpstudio.core import tiers


@pytest.fixture
def never_small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every graph takes the way of large ones: strips and levels of arrays."""
    monkeypatch.setattr(tiers, "SMALL", -1)
    return
