"""What groups may be painted: each colour as lines and text on paper, and as a pale ground.

Text in every one of them has a contrast of 4.5:1 or more (a test computes it).
"""

from __future__ import annotations

from PySide6.QtGui import QColor

from bpstudio.core.items import COLOUR_NAMES, COLOURS
from bpstudio.ui.theme import Theme

__all__ = ["COLOUR_NAMES", "ink", "wash"]

_LIGHT = ("#B3261E", "#9A4A00", "#7A5C00", "#1E7038", "#2557C7", "#6B3FC4", "#5A6470")
_DARK = ("#FF9A91", "#F5AE6B", "#E8CC5E", "#6FD596", "#8FB0FF", "#C0A8FF", "#A7B0BB")
FILL = 0.09
"""How much of a group's colour lies on the paper inside its frame."""


def ink(theme: Theme, colour: str) -> str:
    """A group's colour as lines and text; the quiet grey of frames where it has none."""
    if colour not in COLOURS:
        return theme.faint
    return (_DARK if theme.dark else _LIGHT)[COLOURS.index(colour)]


def wash(theme: Theme, colour: str) -> QColor | None:
    """The pale ground inside a group; None where it has no colour."""
    if colour not in COLOURS:
        return None
    made = QColor(ink(theme, colour))
    made.setAlphaF(FILL)
    return made
