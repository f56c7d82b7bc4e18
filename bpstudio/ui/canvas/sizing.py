"""Large mode on the canvas: at 100 % everything is drawn 1.5 or 2 times as large as usual.

The camera's scale is in usual pixels, so 100 % is the factor itself (`natural`): gates, symbols,
names, numbers, ports and wires all grow with it, exactly as they lie at the usual size, and nothing
can cover anything. Nearer the usual scale, where a graph is seen whole, lines, rings and texts are
drawn so much larger (`enlargement`) that they keep the size they have at 100 % on the screen, as
far as there is room for them (placing.py).

A graph that fits its window only with numbers that nobody could read is not shown whole of itself
(`first_look`): what is worked on, or its beginning, is shown so large that they can be read, and
Fit the graph shows it whole. Only one that is many windows large is: a map says more than a corner.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.core.shape import CARD
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.geometry import Floats, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.surface import Surface

READABLE = 0.55
"""The least part of their size at 100 % that numbers have where all is shown of itself."""
MAP = 0.15
"""A graph that fits only at a smaller scale than this is shown as a map, without numbers."""
CLOSER = 0.75
"""What is shown instead, in parts of 100 %."""
_STEPS = 4
"""Enlargements are whole quarters: each one has its own sprites and places for its numbers."""


def natural() -> float:
    """The scale that is 100 %."""
    return themes.appearance().factor


def enlargement(scale: float, factor: float) -> float:
    """How much larger than the gates lines, rings and numbers are drawn at a scale, 1 to factor."""
    wanted = factor / max(scale, 1.0)
    return min(factor, max(1.0, math.ceil(wanted * _STEPS - 1e-6) / _STEPS))


def suit(surface: Surface) -> bool:
    """Draw as large as the camera's scale asks for; whether that is another size than before."""
    return surface.view.enlarge(enlargement(surface.camera.scale, natural()))


def is_readable(surface: Surface) -> bool:
    """Whether numbers are large enough on the screen, at the size that was chosen."""
    return surface.camera.scale * surface.view.larger >= READABLE * natural()


def first_look(surface: Surface) -> None:
    """Show the whole graph, or what is worked on where all of it would be too small to read."""
    surface.fit_all()
    if is_readable(surface) or surface.camera.scale < MAP:
        surface.refitted()
        return
    surface.camera.scale = CLOSER * natural()
    suit(surface)
    whole = surface.view.bounds()
    if whole is None:
        return
    work = surface.view.body_of(surface.view.numbers.active) or _of_selection(surface)
    work = work or geometry.hull(_first(surface.view.bodies))
    surface.camera.centre(_middle(surface, whole, work), surface.room)
    surface.refitted()


def _of_selection(surface: Surface) -> Rect | None:
    chosen = surface.stage.selection
    return surface.view.bounds(chosen) if chosen else None


def _first(bodies: Floats) -> Floats:
    """The bodies of the leftmost column."""
    return bodies[bodies[:, 0] <= np.nanmin(bodies[:, 0], initial=np.inf) + CARD[0]]


def _middle(surface: Surface, whole: Rect, work: Rect | None) -> tuple[float, float]:
    """What to look at for some work. Never past the graph's edge."""
    middle = []
    for low, high, room, at in (
        (whole[0], whole[2], surface.room[0], work and (work[0] + work[2]) / 2),
        (whole[1], whole[3], surface.room[1], work and (work[1] + work[3]) / 2),
    ):
        half, margin = room / surface.camera.scale / 2, 24.0 / surface.camera.scale
        least, most = low - margin + half, high + margin - half
        centre = (low + high) / 2 if at is None or least >= most else at
        middle.append(centre if least >= most else min(most, max(least, centre)))
    return middle[0], middle[1]
