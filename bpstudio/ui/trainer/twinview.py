"""A twin run before beside after: what was reached, curves, and every layer's gradient over time.

Both sides have the same axes; in each the other run is seen faintly.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from bpstudio.core import numbers
from bpstudio.language import tr, trn
from bpstudio.nn.flowlog import Span
from bpstudio.nn.grid import VERDICTS
from bpstudio.nn.twins import Side
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.heatmap import Field, HeatMap, decades_of
from bpstudio.ui.trainer.layerplot import LayerPlot, Sizes
from bpstudio.ui.trainer.plot import Line, Plot
from bpstudio.ui.trainer.stops import Stop

ROLES = ("functions", "accent")
"""Before and after, as everywhere on this page: orange and blue."""
MARKS = ("square", "disc")


class _Half:
    """The widgets of one side, in the order they stand."""

    def __init__(self) -> None:
        self.heading, self.figures = QLabel(), QLabel()
        for label in (self.heading, self.figures):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.loss, self.accuracy = Plot(), Plot()
        self.loss.set_log(True)
        self.accuracy.fixed = (0.0, 1.04)
        self.sizes, self.map = LayerPlot(), HeatMap()
        for part, tall in (
            (self.loss, 130),
            (self.accuracy, 110),
            (self.sizes, 170),
            (self.map, 150),
        ):
            part.setMinimumHeight(themes.px(tall))
        self.map.setMinimumWidth(self.sizes.minimumWidth())

    @property
    def parts(self) -> tuple[QWidget, ...]:
        return self.heading, self.figures, self.loss, self.accuracy, self.sizes, self.map


class TwinView(QWidget):
    """Shows two Sides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sides: tuple[Side, Side] | None = None
        self._span = Span(-3.0, 0.0)
        self.halves = (_Half(), _Half())
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 8, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, half in enumerate(self.halves):
            grid.setColumnStretch(column, 1)
            for row, part in enumerate(half.parts):
                grid.addWidget(part, row, column)
                grid.setRowStretch(row, 0 if row < 2 else 1)
        themes.appearance().changed.connect(self._dress)
        self.retranslate()

    def show_sides(self, sides: tuple[Side, Side] | None) -> None:
        """Show these; None: nothing yet."""
        if sides is None:
            self._span = Span(-3.0, 0.0)
        self.sides = sides
        self._show()

    def _show(self) -> None:
        look = themes.current()
        for place, half in enumerate(self.halves):
            if self.sides is None:
                half.figures.setText("")
                half.loss.show_lines(())
                half.accuracy.show_lines(())
                half.sizes.show_lines(())
                half.map.show_field(None)
                continue
            own, other = self.sides[place], self.sides[1 - place]
            half.figures.setText(figures_of(own))
            half.heading.setStyleSheet(f"color: {getattr(look, ROLES[place])}")
            half.figures.setStyleSheet(f"color: {_ink(own)}")
            ink = getattr(look, ROLES[place])
            for plot, key in ((half.loss, "losses"), (half.accuracy, "accuracies")):
                lines = [_curve(other, key, look.line, 1.2, 0.55)]
                if key == "accuracies":
                    lines.append(_curve(own, "test_accuracies", ink, 1.2, 0.6))
                lines.append(_curve(own, key, ink, 2.0, 1.0, key))
                stop = Stop(own.epoch, own.updates) if own.fault else None
                plot.show_lines(lines, stop)
                plot.setAccessibleDescription("" if stop is None else stop.words)
            half.accuracy.setVisible(bool(np.isfinite(own.accuracies).any()))
            self._show_layers(half, place, own, other)

    def _show_layers(self, half: _Half, place: int, own: Side, other: Side) -> None:
        if not len(own.norms) or not len(other.norms):
            return
        name, title = tr("weights’ gradient"), tr("Gradient norm")
        lines = [Sizes(name, other.norms[0].tolist(), ROLES[1 - place], "disc", faint=True)]
        if own.clipped is not None:
            name, title = tr("gradient before clipping"), tr("Gradient norm before clipping")
            left = own.clipped[0].tolist()
            lines.append(Sizes(tr("what clipping leaves"), left, "faint", "triangle"))
        lines.append(Sizes(name, own.norms[0].tolist(), ROLES[place], MARKS[place]))
        half.sizes.show_lines(lines)
        self._span = self._span.fit(*decades_of(own.norms, other.norms), slack=3)
        steps = np.arange(len(own.norms))
        half.map.show_field(Field(own.norms.T, steps, title, noun=tr("epoch")), self._span)

    def _dress(self, _: object = None) -> None:
        self._show()

    # --- language ---------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        for half, name in zip(self.halves, (tr("Before"), tr("After")), strict=True):
            half.heading.setText(name)
            half.heading.setObjectName("inspector_title")
            half.loss.title = tr("Loss over the epochs")
            half.accuracy.title = tr("Accuracy; thin: test data")
            half.accuracy.short = tr("Accuracy")
            half.loss.short = tr("Loss")
            half.sizes.title = tr("Gradient norms, first step")
            half.map.setAccessibleName(f"{name}: {tr('Gradient norm')}")
            for plot in (half.loss, half.accuracy, half.sizes):
                plot.setAccessibleName(f"{name}: {plot.title}")
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def _curve(side: Side, key: str, ink: str, width: float, alpha: float, name: str = "") -> Line:
    ys = getattr(side, key)
    known = np.isfinite(ys)
    # What stopped within an epoch has its last numbers from there, not from the epoch's end.
    xs = np.minimum(np.arange(len(ys)), side.epoch if side.fault else len(ys))
    return Line(xs[known].astype(float), ys[known], ink, width, alpha, name)


def _ink(side: Side) -> str:
    look = themes.current()
    return look.grad if side.fault else look.ink


def figures_of(side: Side) -> str:
    """What a side has reached and how its gradients stood, in words."""
    n = len(side.losses) - 1
    known = {
        "loss": numbers.show(float(side.losses[-1]), 3),
        "share": f"{side.accuracies[-1]:.0%}",
        "tested": f"{side.test_accuracies[-1]:.0%}",
    }
    if side.fault:
        words = tr("Stopped in epoch {n}, loss {loss}.", n=n, **known)
    elif not math.isfinite(side.accuracies[-1]):
        words = trn("Loss {loss} after {n} epoch.", "Loss {loss} after {n} epochs.", n, **known)
    elif math.isfinite(side.test_accuracies[-1]):
        words = trn(
            "Loss {loss}, accuracy {share} (test {tested}) after {n} epoch.",
            "Loss {loss}, accuracy {share} (test {tested}) after {n} epochs.",
            n,
            **known,
        )
    else:
        words = trn(
            "Loss {loss}, accuracy {share} after {n} epoch.",
            "Loss {loss}, accuracy {share} after {n} epochs.",
            n,
            **known,
        )
    return "\n".join(filter(None, (words, _sizes_of(side), side.fault)))


def _sizes_of(side: Side) -> str:
    """How the hidden layers' gradients stood in the first step; clipping mends no scale, so they
    are judged as they were before it."""
    if not len(side.norms):
        return ""
    known = {**_ends(side.norms[0]), "verdict": tr(VERDICTS[side.verdict])}
    if side.clipped is None:
        return tr("Gradient in the first step: first {first}, last {last}: {verdict}.", **known)
    words = tr(
        "Gradient in the first step, before clipping: first {first}, last {last}: {verdict}.",
        **known,
    )
    ends = _ends(side.clipped[0])
    if ends == _ends(side.norms[0]):
        return words + " " + tr("It was short enough: nothing was clipped.")
    return words + " " + tr("Clipping leaves of it: first {first}, last {last}.", **ends)


def _ends(norms: np.ndarray) -> dict[str, str]:
    """The first and the last hidden layer's."""
    hidden = norms[:-1] if len(norms) > 1 else norms
    return {
        "first": numbers.show(float(hidden[0]), 2),
        "last": numbers.show(float(hidden[-1]), 2),
    }
