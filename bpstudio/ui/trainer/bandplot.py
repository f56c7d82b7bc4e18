"""A plot with a band behind its lines: where most of many runs are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from bpstudio.ui.trainer.plot import Plot, thin


@dataclass(frozen=True, eq=False)
class Band:
    """Its two edges over the same places, and its colour."""

    xs: np.ndarray
    low: np.ndarray
    high: np.ndarray
    ink: str
    alpha: float = 0.16


class BandPlot(Plot):
    """`band` is painted over the axes and under the lines, as far as its edges are numbers."""

    band: Band | None = None

    def show_band(self, band: Band | None) -> None:
        """Show this one behind the lines."""
        self.band = band
        self.update()

    def _paint_axes(self, painter: QPainter, room: QRectF, span: tuple[float, ...]) -> None:
        super()._paint_axes(painter, room, span)
        band = self.band
        if band is None or len(band.xs) < 2:
            return
        left, right, low, high = span
        # An edge that ran away goes on at the upper end of what is shown.
        top = 10.0 ** min(high, 300.0) if self.log else high
        upper = np.where(np.isfinite(band.high), band.high, top)
        lower = np.where(np.isfinite(band.low), band.low, top)

        def across(values: np.ndarray) -> list[QPointF]:
            xs, ys = thin(band.xs, self._drawn(values), left, right, int(room.width()))
            x = room.left() + (xs - left) / max(right - left, 1e-12) * room.width()
            share = (ys - low) / max(high - low, 1e-12)
            y = np.clip(room.bottom() - share * room.height(), room.top() - 1e4, 1e5)
            return [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]

        ink = QColor(band.ink)
        ink.setAlphaF(band.alpha)
        painter.save()
        painter.setClipRect(room)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF([*across(upper), *reversed(across(lower))]))
        painter.restore()
