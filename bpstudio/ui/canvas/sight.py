"""What is to be painted, as the fast back-end is told it: a view as a camera sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from bpstudio.ui.canvas.marks import NO_MARKS, Marks

if TYPE_CHECKING:
    from bpstudio.ui.canvas.tools.events import Overlay
    from bpstudio.ui.canvas.viewmodel import ViewModel


@dataclass(frozen=True, slots=True)
class Sight:
    """A view, where it is seen, and the rectangle of it that is wanted.

    scale, offset   a scene point p is seen at p * scale + offset, in the widget's logical pixels
    rect            what has to be painted, in the same pixels
    overlay, marks  what a gesture draws above the graph, and what the widget marks on it
    grid            whether the paper has its dots
    """

    view: ViewModel
    scale: float
    offset: tuple[float, float]
    rect: QRectF
    overlay: Overlay | None = None
    marks: Marks = NO_MARKS
    grid: bool = True
