"""What a class of the window leaves to those made from it is kept by every one of them.

Qt's metaclass is no ABCMeta, so Python itself would let an unfinished widget be made; mypy says so,
and this test does where a class is only ever made through a table.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from bpstudio import ui
from bpstudio.ui.trainer.editors import Editor
from bpstudio.ui.trainer.lab import Content
from bpstudio.ui.trainer.views.view import View


def kinds_of(kind: type) -> Iterator[type]:
    for made in kind.__subclasses__():
        yield made
        yield from kinds_of(made)


def open_promises(kind: type) -> list[str]:
    return [
        name for name in dir(kind) if getattr(getattr(kind, name), "__isabstractmethod__", False)
    ]


@pytest.fixture(scope="module", autouse=True)
def everything() -> None:
    for module in pkgutil.walk_packages(ui.__path__, "bpstudio.ui."):
        importlib.import_module(module.name)


@pytest.mark.parametrize("kind", [Editor, Content, View], ids=lambda kind: kind.__name__)
def test_no_widget_leaves_open_what_its_kind_promises(kind: type):
    assert open_promises(kind)
    made = [found for found in kinds_of(kind) if found.__module__.startswith("bpstudio.")]
    assert len(made) > 2
    assert {found.__name__: open_promises(found) for found in made} == {
        found.__name__: [] for found in made
    }
