"""Things that take new places glide there: a picture of the change, which is done already.

The edit is made at once, as one command; only what is drawn comes after it. Any other change, or a
gesture, ends the glide where the graph is.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from bpstudio.core.graph import Node, Patch
from bpstudio.ui.canvas.geometry import Floats

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas

GLIDE_S = 0.18
FRAME_MS = 16
MOST = 4000
"""With more gates on the move they are where they go at once."""


class Glide(QObject):
    """One canvas's glides, one at a time."""

    def __init__(self, canvas: GraphCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._rows = np.empty(0, dtype=np.intp)
        self._from: Floats = np.empty((0, 2))
        self._since = 0.0
        self._clock = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._move)

    @property
    def running(self) -> bool:
        """Whether anything is on its way."""
        return self._clock.isActive()

    def begin(self, before: Patch) -> None:
        """Start where a patch, which has just been done, found things."""
        self.end()
        moved = [
            (old.id, old.at)
            for old, new in before.touched(Node)
            if isinstance(old, Node) and isinstance(new, Node) and old.at != new.at
        ]
        view = self._canvas.view
        still = self._canvas.reduced_motion or not self._canvas.isVisible()
        if not moved or len(moved) > MOST or still:
            return
        self._rows = np.array([view.row[key] for key, _ in moved], dtype=np.intp)
        self._from = np.array([at for _, at in moved], dtype=float)
        self._since = monotonic()
        self._clock.start()
        self._move()

    def end(self) -> None:
        """Be where the graph is."""
        if self.running:
            self._clock.stop()
            self._canvas.view.glided(self._rows, None)
            self._canvas.update()

    def _move(self) -> None:
        part = (monotonic() - self._since) / GLIDE_S
        if part >= 1.0 or self._canvas.tools.busy:
            self.end()
            return
        eased = 1 - (1 - part) ** 3
        view = self._canvas.view
        goal = view.nodes.at[self._rows]
        view.glided(self._rows, self._from + (goal - self._from) * eased)
        self._canvas.update()
