"""One sample's way through a network, layer by layer and through the loss, as gates of the table.

Per unit: a product for each weight, their sum with the bias, batch norm as scale and shift,
activation, dropout's factor, the residual sum. Softmax takes the largest sum off first, as
programs do; cross-entropy behind it is log of the total minus the target's own sum, so that no
logarithm of 0 is taken. What a number of the network became is kept as its Place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bpstudio.language import tr
from bpstudio.nn.activations import ACTIVATIONS, SLOPE
from bpstudio.nn.calls import Array
from bpstudio.nn.norm import EPS
from bpstudio.nn.sheet import BELOW, BESIDE, COLUMN, ROW, Sheet
from bpstudio.nn.spec import LayerWeights, NetworkSpec

LEARNS = ("W", "b", "gamma", "beta")
"""Parts that an optimizer moves; mean and variance follow the data."""
Numbers = Sequence[Mapping[str, Any]]
"""Per layer its parts as lists: from lists, thousands of numbers are read in no time."""


def numbers_of(weights: Sequence[LayerWeights]) -> Numbers:
    """The numbers of a network as lists."""
    return [layer.to_json() for layer in weights]


@dataclass(frozen=True, slots=True)
class Place:
    """Which number of the network a node carries: layer, row and column count from 0, `part` is a
    field of LayerWeights, `param` the gate parameter that holds it."""

    layer: int
    part: str
    row: int
    col: int = 0
    param: str = "value"

    def shown(self, numbers: Numbers) -> float:
        """What the node's parameter is for these numbers of a network."""
        values = numbers[self.layer][self.part]
        if self.part == "W":
            weight: float = values[self.row][self.col]
            return weight
        number: float = values[self.row]
        if self.part == "mean":
            return -number
        return 1.0 / math.sqrt(number + EPS) if self.part == "variance" else number


class LayerGates:
    """Writes the layers of one network on a sheet, from left to right."""

    def __init__(
        self,
        sheet: Sheet,
        spec: NetworkSpec,
        numbers: Numbers,
        masks: Sequence[Array] | None,
    ) -> None:
        self.sheet, self.spec, self.numbers, self.masks = sheet, spec, numbers, masks
        self.places: dict[str, Place] = {}
        self.x = 0.0
        self.heights: list[float] = []
        """Of the outputs of the layer written last."""
        self.sums: list[str] = []
        """Its sums before the activation."""

    @property
    def depth(self) -> int:
        return len(self.spec.sizes) - 1

    def inputs(self, x: Array, names: Sequence[str]) -> list[str]:
        """The sample."""
        self.heights = _spread(len(x), 2 * ROW)
        return [
            self.sheet.input(
                f"x{i + 1}", float(x[i]), (0.0, y), label=names[i] if i < len(names) else ""
            )
            for i, y in enumerate(self.heights)
        ]

    def layer(self, index: int, before: list[str]) -> list[str]:
        """Write layer `index`; answers the nodes of its units' outputs (of softmax: their sums)."""
        units = self.spec.sizes[index + 1]
        last = index == self.depth - 1
        kind = self.spec.output if last else self.spec.activation
        self.sheet.begin_group(f"layer{index + 1}", _title(index, units, kind, last))
        # So far that the curves from the layer before are level where they pass the pills.
        products = self.x + 2 * BESIDE + 2 * COLUMN
        rows = [_Row(index, unit, y) for unit, y in enumerate(_spread(units, self._tall(before)))]
        self.x = products + COLUMN + (COLUMN / 2 if len(before) > 62 else 0.0)
        self.sums = [self._sum(row, before, products, kind) for row in rows]
        found = list(self.sums)
        if not last and self.spec.batch_norm:
            found = self.sums = self._normed(rows, found)
        if kind not in ("linear", "softmax"):
            found = self._activated(rows, found, kind, last)
        if not last and self.masks is not None:
            found = self._masked(rows, found, self.masks[index])
        if self.spec.adds_input(index + 1):
            found = self._added(rows, found, before)
        self.heights = [row.y for row in rows]
        self.sheet.group = ""
        return found

    def _tall(self, before: list[str]) -> float:
        """Pixels that a unit takes, from one to the next."""
        return (len(before) + 1) * ROW + BELOW

    def _column(self) -> float:
        self.x += COLUMN
        return self.x

    def _parameter(self, key: str, place: Place, gate_at: tuple[float, float]) -> str:
        self.places[key] = place
        return self.sheet.parameter(key, place.shown(self.numbers), gate_at)

    def _sum(self, row: _Row, before: list[str], x: float, kind: str) -> str:
        top = row.y - len(before) * ROW / 2
        name, terms = row.name, []
        for col, source in enumerate(before):
            at = (x, top + col * ROW)
            weight = self._parameter(f"w{name}_{col + 1}", Place(row.layer, "W", row.unit, col), at)
            terms.append(self.sheet.gate(f"p{name}_{col + 1}", "multiply", at, (source, weight)))
        bias = (x + BESIDE, top + len(before) * ROW - BELOW)
        terms.append(self._parameter(f"b{name}", Place(row.layer, "b", row.unit), bias))
        return self.sheet.joined(f"z{name}", "add", (self.x, row.y), terms)

    def _normed(self, rows: list[_Row], found: list[str]) -> list[str]:
        """(z − mean) / std, with the given statistics as fixed numbers, then gamma and beta."""
        centre, normal, scaled, shifted = (self._column() for _ in range(4))
        # Room for the pills of gamma and beta.
        scaled, shifted = scaled + BESIDE, shifted + 2 * BESIDE
        self.x = shifted
        done = []
        for row, z in zip(rows, found, strict=True):
            layer, unit, y, name = row.layer, row.unit, row.y, row.name
            mean = Place(layer, "mean", unit, param="c")
            deviation = Place(layer, "variance", unit, param="a")
            self.places |= {f"c{name}": mean, f"n{name}": deviation}
            gate = self.sheet.gate
            c = gate(f"c{name}", "add_constant", (centre, y), (z,), c=mean.shown(self.numbers))
            n = gate(f"n{name}", "scale", (normal, y), (c,), a=deviation.shown(self.numbers))
            gamma = self._parameter(f"gamma{name}", Place(layer, "gamma", unit), (scaled, y))
            s = gate(f"s{name}", "multiply", (scaled, y), (n, gamma))
            beta = self._parameter(f"beta{name}", Place(layer, "beta", unit), (shifted, y))
            done.append(gate(f"v{name}", "add", (shifted, y), (s, beta)))
        return done

    def _activated(self, rows: list[_Row], found: list[str], kind: str, last: bool) -> list[str]:
        x, key = self._column(), ACTIVATIONS[kind].gate
        params = {"slope": SLOPE} if key == "leaky_relu" else {}
        done = []
        for row, z in zip(rows, found, strict=True):
            name = f"y{row.unit + 1}" if last else f"h{row.name}"
            done.append(self.sheet.gate(name, key, (x, row.y), (z,), label=name, **params))
        return done

    def _masked(self, rows: list[_Row], found: list[str], mask: Array) -> list[str]:
        x = self._column()
        return [
            self.sheet.gate(f"d{row.name}", "scale", (x, row.y), (h,), a=float(mask[row.unit]))
            for row, h in zip(rows, found, strict=True)
        ]

    def _added(self, rows: list[_Row], found: list[str], before: list[str]) -> list[str]:
        x = self._column()
        return [
            self.sheet.gate(f"r{row.name}", "add", (x, row.y), (h, skipped))
            for row, h, skipped in zip(rows, found, before, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _Row:
    """A unit and the height that it is drawn on."""

    layer: int
    unit: int
    y: float

    @property
    def name(self) -> str:
        return f"{self.layer + 1}_{self.unit + 1}"


def _spread(count: int, distance: float) -> list[float]:
    return [(i - (count - 1) / 2) * distance for i in range(count)]


def _title(index: int, units: int, kind: str, last: bool) -> str:
    title = tr("Softmax") if kind == "softmax" else tr(ACTIVATIONS[kind].title)
    if last:
        return tr(
            "Output layer {layer}: {units} × {kind}", layer=index + 1, units=units, kind=title
        )
    return tr("Layer {layer}: {units} × {kind}", layer=index + 1, units=units, kind=title)


# --- softmax and losses ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a loss is made from: sums z, outputs y, targets t, node by node, and where they are."""

    sheet: Sheet
    x: float
    heights: list[float]
    z: list[str]
    y: list[str]
    t: list[str]
    delta: float
    total: str = ""
    """Softmax's log of the total, whose node is made by `softmax`."""

    def terms(
        self, name: str, gate: str, pairs: Sequence[tuple[str, ...]], *, final: bool = False
    ) -> list[str]:
        """One gate per output; a single `final` one is the loss itself."""
        if final and len(pairs) == 1:
            place = (self.x, self.heights[0])
            return [self.sheet.gate("loss", gate, place, pairs[0], label="loss")]
        return [
            self.sheet.gate(f"{name}{k + 1}", gate, (self.x, y), sources)
            for k, (y, sources) in enumerate(zip(self.heights, pairs, strict=True))
        ]

    def later(self, columns: float = 1.0) -> Outputs:
        """The same, further right."""
        return Outputs(
            self.sheet,
            self.x + columns * COLUMN,
            *(self.heights, self.z, self.y, self.t, self.delta, self.total),
        )


def targets(sheet: Sheet, x: float, heights: Sequence[float], t: Array) -> list[str]:
    """The sample's targets, to the lower left of where the loss begins."""
    return [
        sheet.input(f"t{k + 1}", float(value), (x - BESIDE, y + BELOW))
        for k, (y, value) in enumerate(zip(heights, t, strict=True))
    ]


def softmax(sheet: Sheet, x: float, heights: list[float], z: list[str]) -> tuple[list[str], float]:
    """The outputs y, and the column that they stand in."""
    x += 1.5 * COLUMN
    top = sheet.joined("top", "max", (x, heights[0] - 2 * ROW), z)
    parts = []
    for k, (y, sum_of) in enumerate(zip(heights, z, strict=True)):
        off = sheet.gate(f"off{k + 1}", "subtract", (x + COLUMN, y), (sum_of, top))
        parts.append(sheet.gate(f"exp{k + 1}", "exp", (x + 2 * COLUMN, y), (off,)))
    total = sheet.joined("total", "add", (x + 3.5 * COLUMN, heights[0] - 2 * ROW), parts)
    x += 4.5 * COLUMN
    return [
        sheet.gate(f"y{k + 1}", "divide", (x, y), (part, total), label=f"y{k + 1}")
        for k, (y, part) in enumerate(zip(heights, parts, strict=True))
    ], x


Write = Callable[[Outputs], str]


def _half_squared_error(o: Outputs) -> str:
    return _sum_of(o, o.terms("e", "half_squared_error", _pairs(o), final=True), 1.0)


def _mse(o: Outputs) -> str:
    off = o.terms("e", "subtract", _pairs(o))
    o = o.later()
    return _sum_of(o, o.terms("q", "square", [(e,) for e in off], final=True), 1.0 / len(off))


def _mae(o: Outputs) -> str:
    off = o.terms("e", "subtract", _pairs(o))
    o = o.later()
    return _sum_of(o, o.terms("q", "abs", [(e,) for e in off], final=True), 1.0 / len(off))


def _huber(o: Outputs) -> str:
    """near (far − near / 2), near being the smaller of far and delta."""
    off = o.terms("e", "subtract", _pairs(o))
    far_at, near_at, half_at, left_at, at = (o.later(k) for k in range(1, 6))
    far = far_at.terms("far", "abs", [(e,) for e in off])
    delta = o.sheet.gate("delta", "constant", (far_at.x, o.heights[0] - 2 * ROW), (), value=o.delta)
    near = near_at.terms("near", "min", [(f, delta) for f in far])
    half = [
        o.sheet.gate(f"half{k + 1}", "scale", (half_at.x, y + BELOW), (n,), a=0.5)
        for k, (y, n) in enumerate(zip(o.heights, near, strict=True))
    ]
    left = left_at.terms("left", "subtract", list(zip(far, half, strict=True)))
    both: list[tuple[str, ...]] = list(zip(near, left, strict=True))
    return _sum_of(at, at.terms("q", "multiply", both, final=True), 1.0 / len(off))


def _cross_entropy(o: Outputs) -> str:
    pairs: list[tuple[str, ...]] = list(zip(o.z, o.t, strict=True))
    if not o.total:
        terms = o.terms("e", "cross_entropy_logit", pairs, final=True)
        return _sum_of(o, terms, 1.0 / len(pairs))
    hits = o.terms("e", "multiply", pairs)
    sheet, x, y = o.sheet, o.x, o.heights[0] - 2 * ROW
    middle = (o.heights[0] + o.heights[-1]) / 2
    log = sheet.gate("log", "log", (x, y), (o.total,))
    whole = sheet.gate("logsum", "add", (x + COLUMN, y), (log, "top"))
    hit = sheet.joined("hit", "add", (x + 1.5 * COLUMN, middle), hits)
    return sheet.gate("loss", "subtract", (x + 2.5 * COLUMN, middle), (whole, hit), label="loss")


def _pairs(o: Outputs) -> list[tuple[str, ...]]:
    return list(zip(o.y, o.t, strict=True))


def _sum_of(o: Outputs, terms: list[str], factor: float) -> str:
    """factor times the sum of the terms, as the node `loss`."""
    middle = (o.heights[0] + o.heights[-1]) / 2
    x = o.x + 1.5 * COLUMN
    if len(terms) == 1:
        return terms[0]
    if factor == 1.0:
        return o.sheet.joined("loss", "add", (x, middle), terms, label="loss")
    whole = o.sheet.joined("sum", "add", (x, middle), terms)
    return o.sheet.gate("loss", "scale", (x + COLUMN, middle), (whole,), label="loss", a=factor)


LOSS_GATES: Mapping[str, Write] = {
    "half_squared_error": _half_squared_error,
    "mse": _mse,
    "mae": _mae,
    "huber": _huber,
    "cross_entropy": _cross_entropy,
}
"""How each of LOSSES is written; a test holds the two tables together."""


def penalty(
    sheet: Sheet, x: float, y: float, weights: list[str], l1: float, l2: float
) -> list[str]:
    """The penalties' nodes: (l2 / 2) times the sum of squares, l1 times the sum of sizes."""
    found = []
    for name, gate, factor in (("l2", "square", l2 / 2), ("l1", "abs", l1)):
        if not factor:
            continue
        terms = [
            sheet.gate(f"{name}_{key}", gate, (x, y + k * ROW / 1.5), (key,))
            for k, key in enumerate(weights)
        ]
        middle = y + (len(terms) - 1) * ROW / 3
        whole = terms[0]
        if len(terms) > 1:
            whole = sheet.joined(f"{name}_sum", "add", (x + 1.5 * COLUMN, middle), terms)
        found.append(
            sheet.gate(f"{name}_penalty", "scale", (x + 2.5 * COLUMN, middle), (whole,), a=factor)
        )
        y += len(terms) * ROW / 1.5 + ROW
    return found


def count_of(spec: NetworkSpec, *, penalties: int = 0) -> int:
    """How many nodes a network takes, but for a few in the loss."""
    found = spec.sizes[0]
    hidden = 2 + 6 * spec.batch_norm + bool(spec.dropout) + bool(spec.residual)
    for index, (inputs, units) in enumerate(zip(spec.sizes, spec.sizes[1:], strict=False)):
        own = hidden if index < len(spec.sizes) - 2 else 8
        found += units * ((2 + penalties) * inputs + own + 1 + inputs // 64)
    return found
