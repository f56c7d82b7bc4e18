"""Real windows: a virtual screen for all tests, a fresh bpstudio for each that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.screen import Desk, lacking, virtual_screen


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The DISPLAY of a screen of our own; skips with the reason where there can be none."""
    if reason := lacking():
        pytest.skip(reason)
    with virtual_screen() as name:
        yield name


@pytest.fixture
def bpstudio(display: str, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Starts bpstudio with arguments and answers when its window stands."""
    started: list[Desk] = []

    def start(*arguments: str, theme: str = "light") -> Desk:
        started.append(Desk(display, tmp_path, *arguments, theme=theme))
        return started[-1]

    yield start
    for desk in started:
        desk.kill()
