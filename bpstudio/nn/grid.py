"""Depth × activation × initial weights: how gradients stand in deep nets before they learn.

Every cell is a net of equal hidden layers without biases on standard normal inputs and random
classes (softmax, cross-entropy), drawn from several seeds; its numbers are medians over them. The
nets of one shape run together, each product and each function over all of them in one call.

Per seed, inputs, classes, and the weights layer by layer come from one generator in this order, as
normal numbers that each initializer brings to its scale: two cells of one depth differ in what
their names say and in nothing else.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from bpstudio.language import N_, tr
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array, run
from bpstudio.nn.faults import SpecError
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.spec import Choice

VARIANTS = {
    "plain": N_("plain"),
    "batch_norm": N_("with batch norm"),
    "residual": N_("with residual connections"),
}
"""What is built into the layers -> its name (marked). A residual layer adds its input from the
second on, where it is as wide as the layer."""
VERDICTS = {
    "even": N_("even"),
    "vanishes": N_("vanishes"),
    "explodes": N_("explodes"),
    "tiny": N_("tiny everywhere"),
    "overflow": N_("overflow"),
}
"""What a pair of first and last norm means -> its name (marked)."""
TINY, HUGE, UNEVEN = 1e-6, 1e3, 100.0
"""Norms below and above which nothing is learnt whatever the ratio; the ratio that is uneven."""
EPS = 1e-5
"""Of batch norm, inside the root."""
ROOM = 48e6
"""Bytes of activations that nets running together may take."""
MOST_DEPTH, MOST_WIDTH, MOST_SAMPLES, MOST_SEEDS = 200, 1000, 10_000, 100
MOST_WORK = 1e14
"""Multiplications in all: about two hours."""
COLUMNS = (
    *("depth", "activation", "variant", "initializer", "ratio", "first", "last"),
    *("lowest_ratio", "highest_ratio", "first_std", "last_std", "saturated", "verdict"),
)

Until = Callable[[], bool]


@dataclass(frozen=True)
class Grid:
    """What is compared; every combination is a cell."""

    depths: tuple[int, ...] = (5, 10, 20)
    activations: tuple[str, ...] = ("sigmoid", "tanh", "relu")
    variants: tuple[str, ...] = ("plain", "batch_norm", "residual")
    initializers: tuple[Choice, ...] = field(
        default=(Choice("gaussian", {"std": 0.01}), Choice("xavier"), Choice("he"))
    )
    width: int = 100
    samples: int = 256
    classes: int = 10
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)

    def check(self) -> None:
        """Raise SpecError for the first thing that cannot be carried out."""
        for depth in self.depths:
            _within("$.depths", depth, 1, MOST_DEPTH)
        _within("$.width", self.width, 1, MOST_WIDTH)
        _within("$.samples", self.samples, 2, MOST_SAMPLES)
        _within("$.classes", self.classes, 2, MOST_WIDTH)
        _within("$.seeds", len(self.seeds), 1, MOST_SEEDS)
        for name in ("depths", "activations", "variants", "initializers"):
            if not getattr(self, name):
                raise SpecError(f"$.{name}", tr("nothing is chosen"))
        for place, names, table in (
            ("$.activations", self.activations, ACTIVATIONS),
            ("$.variants", self.variants, VARIANTS),
            ("$.initializers", [c.kind for c in self.initializers], INITIALIZERS),
        ):
            for name in names:
                if name not in table:
                    known = ", ".join(table)
                    raise SpecError(
                        place, tr("there is no “{name}”; there are {names}", name=name, names=known)
                    )
        if self.work > MOST_WORK:
            raise SpecError("$", tr("that is too much for one table; take fewer or smaller nets"))

    @property
    def work(self) -> float:
        """Multiplications of all nets together."""
        nets = len(self.activations) * len(self.variants) * len(self.initializers)
        return 3.0 * self.width**2 * self.samples * sum(self.depths) * nets * len(self.seeds)

    def __len__(self) -> int:
        kinds = len(self.activations) * len(self.variants) * len(self.initializers)
        return len(self.depths) * kinds


def _within(place: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise SpecError(
            place,
            tr("{value} is not between {low} and {high}", value=value, low=low, high=high),
        )


@dataclass(frozen=True, eq=False)
class Cell:
    """One kind of net: medians over the seeds, per hidden layer from the first on.

    `gradients` are the norms of the weights' gradients, `backpropagated` those of the gradients
    that reach the layers' outputs, `stds` the spreads of the activations; `saturated` and `dead`
    are shares. `ratios` are first to last, net by net.
    """

    depth: int
    activation: str
    variant: str
    initializer: Choice
    gradients: Array
    backpropagated: Array
    stds: Array
    saturated: Array
    dead: Array
    ratios: Array

    @property
    def ratio(self) -> float:
        """The median over the nets of the first layer's norm over the last one's."""
        return _median(self.ratios)

    @property
    def first(self) -> float:
        return float(self.gradients[0])

    @property
    def last(self) -> float:
        return float(self.gradients[-1])

    @property
    def verdict(self) -> str:
        """One of VERDICTS."""
        return verdict(self.first, self.last)


def verdict(first: float, last: float) -> str:
    """What the norms of the first and the last hidden layer's gradient mean: one of VERDICTS.

    Sizes count before the ratio, which alone misleads: it is 1 as well where all is tiny.
    """
    if not (math.isfinite(first) and math.isfinite(last)):
        return "overflow"
    if max(first, last) > HUGE:
        return "explodes"
    if max(first, last) < TINY:
        return "tiny"
    if first * UNEVEN < last:
        return "vanishes"
    return "explodes" if first > last * UNEVEN else "even"


def name_of(choice: Choice) -> str:
    """An initializer with its numbers: "gaussian 0.01"."""
    return " ".join([choice.kind, *(f"{v:g}" for v in choice.parameters.values())])


# --- running --------------------------------------------------------------------------------------


def run_grid(
    grid: Grid,
    until: Until | None = None,
    done: Callable[[tuple[Cell, ...], float], None] | None = None,
) -> tuple[Cell, ...] | None:
    """All cells, initializers fastest; None where `until()` ended it. Raises SpecError.

    `done(cells, share)` hears of the cells that are finished and of the share of the work.
    """
    grid.check()
    cells: list[Cell] = []
    spent = 0.0
    for depth in grid.depths:
        drawn = [_draw(grid, depth, seed) for seed in grid.seeds]
        for activation in grid.activations:
            for variant in grid.variants:
                found = _row(grid, depth, activation, variant, drawn, until)
                if found is None:
                    return None
                cells += found
                spent += depth
                if done is not None:
                    rows = len(grid.activations) * len(grid.variants)
                    done(found, spent / (sum(grid.depths) * rows))
    return tuple(cells)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """What a seed gives: inputs, classes as ones and zeros, normal numbers (inputs, units)."""

    inputs: Array
    targets: Array
    normals: tuple[Array, ...]


def _draw(grid: Grid, depth: int, seed: int) -> _Drawn:
    rng, n = np.random.default_rng(seed), grid.width
    inputs = rng.standard_normal((grid.samples, n))
    classes = rng.integers(0, grid.classes, grid.samples)
    shapes = [(n, n)] * depth + [(n, grid.classes)]
    normals = tuple(rng.standard_normal(shape) for shape in shapes)
    return _Drawn(inputs, np.eye(grid.classes)[classes], normals)


class _Given:
    """Hands an initializer numbers that are drawn already, in place of a generator."""

    def __init__(self, normals: Array) -> None:
        self._normals = normals

    def standard_normal(self, shape: tuple[int, int]) -> Array:
        units_first = self._normals.T
        return units_first if units_first.shape == shape else self._normals


def _weights(choice: Choice, normals: Array) -> Array:
    """(inputs, units), of the initializer's scale."""
    entry = INITIALIZERS[choice.kind]
    inputs, units = normals.shape
    rng = cast(Any, _Given(normals))
    drawn = entry.draw(rng, units, inputs, choice.full(entry.parameters))
    return np.asarray(drawn.T)


def _row(
    grid: Grid,
    depth: int,
    activation: str,
    variant: str,
    drawn: Sequence[_Drawn],
    until: Until | None,
) -> tuple[Cell, ...] | None:
    """The cells of all initializers; as many nets at a time as there is room for."""
    pairs = [(choice, one) for choice in grid.initializers for one in drawn]
    each = depth * grid.samples * grid.width * 8 * (1 if variant == "plain" else 2)
    size = max(1, int(ROOM // each))
    parts: list[tuple[Array, ...]] = []
    for at in range(0, len(pairs), size):
        nets = _Nets(activation, variant, pairs[at : at + size])
        if until is not None and until():
            return None
        measured = nets.measure(until)
        if measured is None:
            return None
        parts.append(measured)
    whole = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    seeds = len(drawn)
    cells = []
    for row, choice in enumerate(grid.initializers):
        own = [values[row * seeds : (row + 1) * seeds] for values in whole]
        with np.errstate(all="ignore"):
            ratios = own[0][:, 0] / own[0][:, -1]
        medians = dict(zip(_MEASURED, map(_medians, own), strict=True))
        cells.append(Cell(depth, activation, variant, choice, ratios=ratios, **medians))
    return tuple(cells)


def _medians(values: Array) -> Array:
    """Over the nets; one that overflowed counts as the largest."""
    return np.asarray(np.median(np.where(np.isnan(values), np.inf, values), axis=0))


def _median(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else math.nan


_MEASURED = ("gradients", "backpropagated", "stds", "saturated", "dead")


class _Nets:
    """Nets of one shape, side by side: arrays are (nets, samples, units)."""

    def __init__(
        self, activation: str, variant: str, pairs: Sequence[tuple[Choice, _Drawn]]
    ) -> None:
        self._entry, self._variant = ACTIVATIONS[activation], variant
        layers = range(len(pairs[0][1].normals))
        self._weights = [
            np.stack([_weights(choice, one.normals[layer]) for choice, one in pairs])
            for layer in layers
        ]
        self._inputs = np.stack([one.inputs for _, one in pairs])
        self._targets = np.stack([one.targets for _, one in pairs])
        self._depth = len(self._weights) - 1
        nets = len(pairs)
        self._found = tuple(np.zeros((nets, self._depth)) for _ in _MEASURED)

    def measure(self, until: Until | None = None) -> tuple[Array, ...] | None:
        """The arrays of _MEASURED, each (nets, depth); None where `until()` ended it."""
        with np.errstate(all="ignore"):
            for _ in (*self._forward(), *self._backward()):
                if until is not None and until():
                    return None
        return self._found

    def _forward(self) -> Iterator[None]:
        h, self._below, self._sums, self._active = self._inputs, [], [], []
        self._spreads: list[Array] = []
        for layer in range(self._depth):
            z = np.matmul(h, self._weights[layer])
            if self._variant == "batch_norm":
                z -= z.mean(axis=1, keepdims=True)
                spread = np.sqrt(np.square(z).mean(axis=1, keepdims=True) + EPS)
                z /= spread
                self._spreads.append(spread)
            keeps = self._variant == "batch_norm" or self._entry.keeps_input
            a = np.empty_like(z) if keeps else z
            run(self._entry.forward(z, a))
            self._below.append(h)
            self._sums.append(z)
            self._active.append(a)
            h = h + a if self._adds(layer) else a
            self._look(layer, a, h)
            yield
        self._below.append(h)

    def _adds(self, layer: int) -> bool:
        return self._variant == "residual" and layer > 0

    def _look(self, layer: int, a: Array, h: Array) -> None:
        _, _, stds, saturated, dead = self._found
        stds[:, layer] = h.std(axis=(1, 2))
        if self._entry.saturated is not None:
            flat = self._entry.saturated(a)
            saturated[:, layer] = flat.mean(axis=(1, 2))
            if self._entry.silent:
                dead[:, layer] = flat.all(axis=1).mean(axis=1)

    def _backward(self) -> Iterator[None]:
        gradients, upstream = self._found[:2]
        logits = np.matmul(self._below[-1], self._weights[-1])
        logits -= logits.max(axis=2, keepdims=True)
        np.exp(logits, logits)
        logits /= logits.sum(axis=2, keepdims=True)
        d = (logits - self._targets) / logits.shape[1]
        up = np.matmul(d, self._weights[-1].transpose(0, 2, 1))
        for layer in range(self._depth - 1, -1, -1):
            upstream[:, layer] = _norms(up)
            d = self._through(layer, up)
            gradients[:, layer] = _norms(np.matmul(self._below[layer].transpose(0, 2, 1), d))
            if layer:
                back = np.matmul(d, self._weights[layer].transpose(0, 2, 1))
                up = back + up if self._adds(layer) else back
            yield

    def _through(self, layer: int, up: Array) -> Array:
        """From the gradient of a layer's outputs to that of its sums."""
        z, a = self._sums[layer], self._active[layer]
        d: Array = np.empty_like(a)
        run(self._entry.derivative(z, a, d))
        d *= up
        if self._variant == "batch_norm":
            share = np.multiply(d, z).mean(axis=1, keepdims=True)
            d -= d.mean(axis=1, keepdims=True)
            d -= z * share
            d /= self._spreads[layer]
        return d


def _norms(values: Array) -> Array:
    """The Frobenius norm of each net's matrix, without underflow on the way."""
    flat = values.reshape(len(values), -1)
    top: Array = np.abs(flat).max(axis=1, keepdims=True)
    scale = np.where((top > 0) & np.isfinite(top), top, 1.0)
    found: Array = scale[:, 0] * np.sqrt(np.square(flat / scale).sum(axis=1))
    return found


# --- as text --------------------------------------------------------------------------------------


def rows(cells: Sequence[Cell]) -> list[tuple[object, ...]]:
    """One row per cell, in the order of COLUMNS."""
    return [
        (
            *(c.depth, c.activation, c.variant, name_of(c.initializer)),
            *(c.ratio, c.first, c.last, float(c.ratios.min()), float(c.ratios.max())),
            *(float(c.stds[0]), float(c.stds[-1]), float(c.saturated.mean()), c.verdict),
        )
        for c in cells
    ]


def to_csv(cells: Sequence[Cell]) -> str:
    """A table for spreadsheets, with all digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(cells))
    return out.getvalue()


def to_text(cells: Sequence[Cell]) -> str:
    """The same with three digits in columns of one width."""
    shown = [[f"{v:.3g}" if isinstance(v, float) else str(v) for v in row] for row in rows(cells)]
    table = [list(COLUMNS), *shown]
    widths = [max(len(row[k]) for row in table) for k in range(len(COLUMNS))]
    lines = ["  ".join(f"{w:>{n}}" for w, n in zip(r, widths, strict=True)) for r in table]
    return "\n".join(lines) + "\n"
