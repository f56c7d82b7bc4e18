"""The weights between two layers as a picture: blue and orange lines, as wide as they are strong.

Lines are what costs most to draw. Each gap between two layers therefore keeps a picture of its own,
and a running network renews them in turn, as many per frame as its time allows.
"""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from bpstudio.ui.canvas.atlas import draw_lines
from bpstudio.ui.theme import Theme
from bpstudio.ui.trainer import colours
from bpstudio.ui.trainer.places import MOST_WIRES, Wires

BUDGET = 0.005
"""Seconds per frame for renewing strips; one is renewed in any case."""
_THIN, _WIDE = 0.5, 4.5
_BUCKETS = 9
_FEW = 100
"""Lines that may all be wide."""


def widths(weights: np.ndarray, widest: float = _WIDE) -> np.ndarray:
    """Line widths of weights: even small ones are seen, large ones do not fill the picture."""
    fan = max(1.0, np.sqrt(weights.shape[-1] / 8.0))
    size = np.nan_to_num(np.abs(weights), nan=0.0, posinf=1e9)
    return np.asarray(_THIN + (widest - _THIN) * (1 - np.exp(-size * fan / 3.0)))


def strongest(weights: np.ndarray, most: int = MOST_WIRES) -> np.ndarray:
    """The numbers of the wires that are drawn, in the order of the flat array."""
    flat = np.abs(weights).ravel()
    if len(flat) <= most:
        return np.arange(len(flat))
    return np.sort(np.argpartition(flat, -most)[-most:])


class Strip:
    """One gap between two layers."""

    def __init__(self, wires: Wires, left: float, width: float, height: float) -> None:
        self.wires, self.left, self.width, self.height = wires, left, width, height
        self.shown = np.arange(0)
        self.pixmap: QPixmap | None = None

    def paint(self, painter: QPainter) -> None:
        """Put the picture in its place."""
        if self.pixmap is not None:
            place = QRectF(self.left, 0, self.width, self.height)
            painter.drawPixmap(place, self.pixmap, QRectF(self.pixmap.rect()))

    def renew(self, weights: np.ndarray, theme: Theme, dpr: float, widest: float) -> None:
        """Draw the weights (targets, sources) as they are now."""
        weights = weights[: self.wires.targets, : self.wires.sources]
        self.shown = strongest(weights)
        flat = weights.ravel()[self.shown]
        # Many lines are thin ones, or none could be told from the next.
        widest = max(1.6, widest * min(1.0, (_FEW / max(1, len(self.shown))) ** 0.5))
        wide = widths(weights, widest).ravel()[self.shown]
        pixmap = QPixmap(max(1, round(self.width * dpr)), max(1, round(self.height * dpr)))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(QColor(theme.paper))
        curves = self.wires.points[self.shown] - (self.left, 0)
        pieces = np.concatenate([curves[:, :-1], curves[:, 1:]], axis=-1)
        bucket = ((wide - _THIN) / max(1e-9, widest - _THIN) * (_BUCKETS - 1)).round()
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for level in range(_BUCKETS):
                for sign, ink in (
                    (True, colours.positive(theme)),
                    (False, colours.negative(theme)),
                ):
                    chosen = (bucket == level) & ((flat >= 0) == sign)
                    if chosen.any():
                        painter.setPen(_pen(ink, theme, level, widest))
                        draw_lines(painter, pieces[chosen].reshape(-1, 4))
        self.pixmap = pixmap


def _pen(ink: str, theme: Theme, level: int, widest: float) -> QPen:
    share = level / (_BUCKETS - 1)
    solid = 0.35 + 0.65 * share**0.5
    strong, paper = QColor(ink), QColor(theme.paper)
    mixed = QColor(
        *(
            round(solid * a + (1 - solid) * b)
            for a, b in (
                (strong.red(), paper.red()),
                (strong.green(), paper.green()),
                (strong.blue(), paper.blue()),
            )
        )
    )
    width = _THIN + share * (widest - _THIN)
    return QPen(mixed, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


class Turns:
    """Which strips are stale, and whose turn it is."""

    def __init__(self) -> None:
        self._next = 0

    def renew(
        self,
        strips: list[Strip],
        weights: list[np.ndarray],
        theme: Theme,
        dpr: float,
        widest: float,
    ) -> None:
        """Renew strips in turn, as many as BUDGET holds, but one at least."""
        start = time.perf_counter()
        for done in range(1, len(strips) + 1):
            self._next = (self._next + 1) % len(strips)
            strips[self._next].renew(weights[self._next], theme, dpr, widest)
            # The next one will take about as long as those before it.
            if (time.perf_counter() - start) * (done + 1) / done > BUDGET:
                return
