"""Depth × activation × initial weights: how gradients stand in deep nets before they learn.

Every cell is a net of equal hidden layers without biases on standard normal inputs and random
classes (softmax, cross-entropy), drawn from several seeds; its numbers are medians over them. The
nets of one shape run together, each product and each function over all of them in one call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bpstudio.language import N_, listed, tr
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array
from bpstudio.nn.faults import SpecError
from bpstudio.nn.gridnets import MEASURED, Drawn, Nets, Until, draw_net
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.ranges import check_within
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
ROOM = 48e6
"""Bytes of activations that nets running together may take."""
MOST_DEPTH, MOST_WIDTH, MOST_SAMPLES, MOST_SEEDS = 200, 1000, 10_000, 100
MOST_WORK = 1e14
"""Multiplications in all: about two hours."""


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
            check_within("$.depths", depth, 1, MOST_DEPTH)
        check_within("$.width", self.width, 1, MOST_WIDTH)
        check_within("$.samples", self.samples, 2, MOST_SAMPLES)
        check_within("$.classes", self.classes, 2, MOST_WIDTH)
        check_within("$.seeds", len(self.seeds), 1, MOST_SEEDS)
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
                    known = listed(table)
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
        shape = depth, grid.width, grid.samples, grid.classes
        drawn = [draw_net(seed, *shape) for seed in grid.seeds]
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


def _row(
    grid: Grid,
    depth: int,
    activation: str,
    variant: str,
    drawn: Sequence[Drawn],
    until: Until | None,
) -> tuple[Cell, ...] | None:
    """The cells of all initializers; as many nets at a time as there is room for."""
    pairs = [(choice, one) for choice in grid.initializers for one in drawn]
    each = depth * grid.samples * grid.width * 8 * (1 if variant == "plain" else 2)
    size = max(1, int(ROOM // each))
    parts: list[tuple[Array, ...]] = []
    for at in range(0, len(pairs), size):
        nets = Nets(activation, variant, pairs[at : at + size])
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
        medians = dict(zip(MEASURED, map(_medians, own), strict=True))
        cells.append(Cell(depth, activation, variant, choice, ratios=ratios, **medians))
    return tuple(cells)


def _medians(values: Array) -> Array:
    """Over the nets; one that overflowed counts as the largest."""
    return np.asarray(np.median(np.where(np.isnan(values), np.inf, values), axis=0))


def _median(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else math.nan
