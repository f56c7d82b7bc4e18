"""PANELS: what stands around the canvas. Adding one is an entry here and a file beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from bpstudio.language import N_
from bpstudio.ui.panels.history import History
from bpstudio.ui.panels.inspector import Inspector
from bpstudio.ui.panels.outline import Outline
from bpstudio.ui.panels.palette import Palette
from bpstudio.ui.panels.stepper import Stepper
from bpstudio.ui.session import Session

AREAS = ("left", "right", "bottom")


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    key     what settings and code call it
    title   its name (marked for translation)
    area    one of AREAS; panels of the right column stand one below the other
    make    (session, parent) -> a QWidget with show_document(Document | None)
    """

    key: str
    title: str
    area: str
    make: Callable[[Session, QWidget], QWidget]


PANELS = (
    Panel("palette", N_("Gates"), "left", Palette),
    Panel("inspector", N_("Inspector"), "right", Inspector),
    Panel("outline", N_("Outline"), "right", Outline),
    Panel("history", N_("History"), "right", History),
    Panel("stepper", N_("Steps"), "bottom", Stepper),
)
