"""The V of the gradient check: error against step size, both axes logarithmic.

pyqtgraph draws it and takes a quarter of a second to load, so it is loaded when the first plot can
be seen, after what stands around it has been painted. The logarithms are taken here: a 0 has none
and stands on the floor of the plot, labelled 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from bpstudio.core.numbers import MINUS, show
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.sweepwords import Shape, crossings, error_at, sentences

if TYPE_CHECKING:
    from bpstudio.core.check import Sweep

LEAST = -17.0
"""The floor where there is an error of exactly 0: below the smallest relative error of a float."""
AXES = 4.6
"""What the axes take of the height, in sizes of their letters."""
BELOW, ABOVE = 3.9, 2.0
"""Room below the curve, for the words about its foot and its legs, and above it, in the same."""


class SweepPlot(QWidget):
    """Shows one Sweep and the step that the check used."""

    larger = Signal()
    """Somebody double-clicked it."""

    def __init__(
        self, height: int = 224, size: float = 11.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._height, self._size = height, size
        self._plot: Any = None
        self._sweep: Sweep | None = None
        self._h = 1e-6
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._draw)
        theme.appearance().changed.connect(self._later)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(self._height))

    def show_sweep(self, sweep: Sweep | None, h: float = 1e-6) -> None:
        """Show this sweep; None takes the curve away."""
        self._sweep, self._h = sweep, h
        words = " ".join(sentences(sweep, h)) if sweep is not None else ""
        self.setAccessibleName(tr("Error of the central difference over its step size h"))
        self.setAccessibleDescription(words)
        self._later()

    @property
    def drawn(self) -> bool:
        """Whether the curve stands."""
        return self._plot is not None and bool(self._plot.listDataItems())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.larger.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.show_sweep(self._sweep, self._h)
        super().changeEvent(event)

    def _later(self, _: object = None) -> None:
        self._soon.start()

    # --- drawing ----------------------------------------------------------------------------

    def _draw(self) -> None:
        if not self.isVisible():
            return
        if self._sweep is None:
            if self._plot is not None:
                self._plot.clear()
            return
        if self._plot is None:
            self._make()
        plot, colours = self._plot, theme.current()
        plot.clear()
        plot.setBackground(colours.panel)
        curve = Curve.of(self._sweep, max(6.0, self.height() / theme.length(self._size) - AXES))
        self._set_axes(curve)
        if curve is None:
            return
        self._mark_check(curve)
        self._draw_curve(curve)
        self._mark_best(curve)
        self._name_legs(curve)

    def _make(self) -> None:
        import pyqtgraph

        plot = self._plot = pyqtgraph.PlotWidget(self, enableMenu=False)
        # pyqtgraph makes this menu all the same, and without a parent it outlives the plot.
        unused = plot.getPlotItem().getMenu()
        unused.setParent(plot, unused.windowFlags())
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.hideButtons()
        plot.setMouseEnabled(False, False)
        plot.setAntialiasing(True)
        # The wheel scrolls the inspector, and a double click belongs to this widget.
        plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.getPlotItem().getViewBox().setDefaultPadding(0.0)
        self._column.addWidget(plot)

    def _set_axes(self, curve: Curve | None) -> None:
        colours, font = theme.current(), theme.font(theme.length(self._size))
        plot = self._plot
        for name in ("left", "bottom"):
            axis = plot.getAxis(name)
            axis.setPen(QPen(QColor(colours.rule), 1))
            axis.setTextPen(QColor(colours.faint))
            axis.setTickFont(font)
            axis.setStyle(
                tickLength=theme.px(4), tickTextOffset=theme.px(4), hideOverlappingLabels=False
            )
            axis.label.setFont(font)
            axis.setGrid(70)
        style = {"color": colours.faint, "font-size": f"{theme.px(self._size)}px"}
        plot.setLabel("bottom", tr("step size h"), **style)
        plot.setLabel("left", tr("relative error"), **style)
        if curve is None:
            return
        left, right, low, high = curve.span
        plot.setXRange(left, right, padding=0)
        plot.setYRange(low, high, padding=0)
        wide = self.width() > theme.length(420)
        plot.getAxis("bottom").setTicks([_ticks(left, right, 2 if wide else 4)])
        rows = max(2.0, self.height() / theme.length(44))
        marks = _ticks(curve.floor, high, max(2, 2 * math.ceil((high - low) / rows / 2)))
        if curve.zeros.any():
            marks = [(LEAST, "0"), *(m for m in marks if m[0] > LEAST + 1)]
        plot.getAxis("left").setTicks([marks])

    def _draw_curve(self, curve: Curve) -> None:
        import pyqtgraph

        colours, k = theme.current(), theme.appearance().factor
        brush = [QColor(colours.panel if zero else colours.accent) for zero in curve.zeros]
        for at in np.flatnonzero(curve.crossed):
            brush[at] = QColor(colours.warn)
        pens = [_line(colours.warn if c else colours.accent, 1.2 * k) for c in curve.crossed]
        self._plot.addItem(
            pyqtgraph.PlotDataItem(
                curve.x,
                curve.y,
                pen=_line(colours.accent, 2 * k),
                symbol=["t1" if c else "o" for c in curve.crossed],
                symbolSize=6 * k,
                symbolBrush=brush,
                symbolPen=pens,
            )
        )

    def _mark_check(self, curve: Curve) -> None:
        import pyqtgraph

        colours = theme.current()
        pen = QPen(QColor(colours.line), 1.2)
        pen.setCosmetic(True)
        pen.setDashPattern([4, 4])
        at = math.log10(self._h)
        self._plot.addItem(pyqtgraph.InfiniteLine(at, angle=90, pen=pen))
        words = tr("check: {h}", h=show(self._h, 2))
        # On the side of the line where there is more room.
        side = 0.0 if at < sum(curve.span[:2]) / 2 else 1.0
        self._word(words, colours.faint, at, curve.span[3], (side, 0.0))

    def _mark_best(self, curve: Curve) -> None:
        import pyqtgraph

        sweep, colours, k = self._sweep, theme.current(), theme.appearance().factor
        assert sweep is not None
        least = error_at(sweep, sweep.best)
        if Shape.of(sweep).crossed or least == 0:
            return
        x, y = math.log10(sweep.best), _height(least)
        ring = pyqtgraph.ScatterPlotItem(
            [x], [y], size=13 * k, pen=_line(colours.value, 2 * k), brush=None
        )
        self._plot.addItem(ring)
        left, right, _, _ = curve.span
        # Its words stay on the plot: at an end they stand to the side.
        share = (x - left) / (right - left)
        across = 1.0 if share > 0.8 else 0.0 if share < 0.2 else 0.5
        self._word(tr("best: {h}", h=show(sweep.best, 2)), colours.value, x, y, (across, -0.3))

    def _name_legs(self, curve: Curve) -> None:
        assert self._sweep is not None
        shape, colours = Shape.of(self._sweep), theme.current()
        left, right, low, _ = curve.span
        if shape.rounding:
            self._word(tr("← rounding"), colours.ink, left, low, (0.0, 1.0))
        if shape.truncation:
            self._word(tr("truncation →"), colours.ink, right, low, (1.0, 1.0))
        if shape.crossed:
            words = tr("tie") if shape.tie else tr("kink")
            self._word(f"▲ {words}", colours.warn, right, low, (1.0, 1.0))

    def _word(self, text: str, ink: str, x: float, y: float, anchor: tuple[float, float]) -> None:
        import pyqtgraph

        # A patch below, so that no grid line runs through a letter.
        ground = QColor(theme.current().panel)
        ground.setAlphaF(0.85)
        item = pyqtgraph.TextItem(text, color=QColor(ink), anchor=anchor, fill=ground)
        item.setFont(theme.font(theme.length(self._size)))
        self._plot.addItem(item, ignoreBounds=True)
        item.setPos(x, y)


class Curve:
    """A sweep's points as they are drawn: logarithms, zeros on the floor; `lines` of words fit."""

    def __init__(self, sweep: Sweep, lines: float) -> None:
        order = np.argsort(sweep.h)
        error = sweep.error[order]
        keep = np.isfinite(error)
        self.x = np.log10(sweep.h[order][keep])
        self.zeros = error[keep] == 0
        self.y = np.array([_height(e) for e in error[keep].tolist()])
        self.crossed = crossings(sweep)[order][keep]
        low, high = float(self.y.min()), float(self.y.max())
        self.floor = math.floor(low)
        top = max(math.ceil(high + 0.3), self.floor + 3)
        line = (top - self.floor) / max(2.0, lines - BELOW - ABOVE)
        self.span = (
            float(self.x.min()) - 0.4,
            float(self.x.max()) + 0.4,
            self.floor - BELOW * line,
            top + ABOVE * line,
        )

    @classmethod
    def of(cls, sweep: Sweep, lines: float) -> Curve | None:
        """None where there is no finite difference at all."""
        return cls(sweep, lines) if np.isfinite(sweep.error).any() else None


def _height(error: float) -> float:
    return max(LEAST, math.log10(error)) if error > 0 else LEAST


def _ticks(low: float, high: float, every: int) -> list[tuple[float, str]]:
    """Powers of ten between two exponents, one in so many."""
    powers = range(math.ceil(low), math.floor(high) + 1)
    kept = [p for p in powers if p % every == 0]
    return [(float(p), "1" if p == 0 else f"1e{p}".replace("-", MINUS)) for p in kept]


def _line(ink: str, width: float) -> QPen:
    """A line as wide on the screen as it says, whatever the axes are."""
    pen = QPen(QColor(ink), width)
    pen.setCosmetic(True)
    return pen
