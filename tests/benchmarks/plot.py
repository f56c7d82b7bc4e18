"""A plot on two log axes as SVG text: enough for a benchmark's report, and no library for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640.0, 400.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 110.0, 40.0, 52.0
"""Room around the axes, in px; the curves' names stand to the right."""
COLOURS = ("#0b62a8", "#c2410c", "#15803d", "#7c3aed")


@dataclass(frozen=True)
class Line:
    """A curve: its name and its points, both numbers above 0."""

    name: str
    points: Sequence[tuple[float, float]]


def plot(title: str, across: str, up: str, lines: Sequence[Line]) -> str:
    """The SVG; axes begin and end at powers of ten."""
    x_axis = _Axis.of([x for line in lines for x, _ in line.points], LEFT, WIDTH - RIGHT)
    y_axis = _Axis.of([y for line in lines for _, y in line.points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#ffffff"/>',
        _text(LEFT, 24, title, "start", 'font-size="15" font-weight="bold"'),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across, "middle"),
        _text(16, (TOP + HEIGHT - BOTTOM) / 2, up, "middle", _turned(16)),
    ]
    for power in x_axis.powers:
        x = x_axis.at(10.0**power)
        parts.append(_rule(x, TOP, x, HEIGHT - BOTTOM))
        parts.append(_text(x, HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle"))
    for power in y_axis.powers:
        y = y_axis.at(10.0**power)
        parts.append(_rule(LEFT, y, WIDTH - RIGHT, y))
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**power:,g}", "end"))
    for line, colour in zip(lines, COLOURS, strict=False):
        parts += _curve(line, colour, x_axis, y_axis)
    return "\n".join((*parts, "</svg>", ""))


@dataclass(frozen=True)
class _Axis:
    """From 10^low at px `start` to 10^high at px `stop`."""

    low: int
    high: int
    start: float
    stop: float

    @classmethod
    def of(cls, numbers: Sequence[float], start: float, stop: float) -> _Axis:
        low, high = math.floor(math.log10(min(numbers))), math.ceil(math.log10(max(numbers)))
        return cls(low, max(high, low + 1), start, stop)

    @property
    def powers(self) -> range:
        return range(self.low, self.high + 1)

    def at(self, number: float) -> float:
        share = (math.log10(number) - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)


def _curve(line: Line, colour: str, x_axis: _Axis, y_axis: _Axis) -> list[str]:
    points = [(x_axis.at(x), y_axis.at(y)) for x, y in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points),
        _text(last_x + 10, last_y + 4, line.name, "start", f'fill="{colour}"'),
    ]


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#d4d4d8"/>'


def _turned(x: float) -> str:
    return f'transform="rotate(-90 {x:g} {(TOP + HEIGHT - BOTTOM) / 2:g})"'


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(text)}</text>'
