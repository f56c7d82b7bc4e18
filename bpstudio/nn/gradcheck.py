"""Is a network's gradient right? Central differences over every parameter, in a few batches.

A changed weight of one layer changes one row of its sums: the nets that differ in one parameter of
a layer go through the layers behind it side by side (plainpass.py). Where the two nudged nets stand
on different sides of a kink (ReLU's at 0, the absolute value's in a loss, L1's at w = 0), the
verdict says so, with the unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.faults import DataError
from bpstudio.nn.plainpass import PlainPass
from bpstudio.nn.spec import LayerWeights
from bpstudio.nn.trainer import Trainer

STEP = 1e-5
"""h for |w| ≤ 1, times |w| above: truncation (h²) and rounding (1e-16 / h) are both about 1e-11."""
NEARER = 10.0
"""How much smaller the step is with which a mismatch is looked at again."""
CLOSE = 1e-6
"""Relative difference up to which the two agree."""
CLOSE_32 = 1e-3
"""The same for a float32 network, whose own gradient has 7 digits."""
NOISE = 1e-9
"""What rounding does to a difference quotient at STEP, relative to the loss."""
MOST_NUMBERS = 4_000_000
"""Numbers in one layer's activations of all nets that are run side by side: 32 MB."""
MOST_PARAMETERS = 200_000
KINKED = ("relu", "leaky_relu")
PARTS = ("W", "b", "gamma", "beta")


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter: layer, row and column from 0 (column −1 but for weights), its part of
    LayerWeights, both gradients, their relative difference, and ok, kink, mismatch or undefined.
    `kink` says where the kink is."""

    layer: int
    part: str
    row: int
    col: int
    analytic: float
    numeric: float
    relative: float
    verdict: str
    kink: str = ""

    @property
    def name(self) -> str:
        """As unfolded nodes are called: w1_2_3, b1_2, gamma1_2."""
        stem = {"W": "w"}.get(self.part, self.part)
        last = f"_{self.col + 1}" if self.part == "W" else ""
        return f"{stem}{self.layer + 1}_{self.row + 1}{last}"


@dataclass(frozen=True, eq=False)
class NetworkCheck:
    """All parameters in the order of the network's vector; arrays of the same length.

    `crossed` numbers the kink that lies between the two nudged nets: -1 for none, else an index
    into `kinks`.
    """

    loss: float
    analytic: Array
    numeric: Array
    relative: Array
    verdicts: Array
    places: tuple[tuple[int, str, int, int], ...]
    crossed: Array
    kinks: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no parameter is a mismatch."""
        return not (self.verdicts == "mismatch").any()

    @property
    def worst(self) -> float:
        """The largest relative difference among the parameters that agree."""
        return float(self.relative[self.verdicts == "ok"].max(initial=0.0))

    @property
    def counts(self) -> dict[str, int]:
        words = ("ok", "kink", "mismatch", "undefined")
        return {word: int((self.verdicts == word).sum()) for word in words}

    def line(self, index: int) -> Line:
        crossed = int(self.crossed[index])
        return Line(
            *self.places[index],
            float(self.analytic[index]),
            float(self.numeric[index]),
            float(self.relative[index]),
            str(self.verdicts[index]),
            self.kinks[crossed] if crossed >= 0 else "",
        )

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self.line(i) for i in range(len(self.places)))

    @property
    def sentence(self) -> str:
        """The outcome in one sentence."""
        counts = self.counts
        if not self.passed:
            worst = int(np.where(self.verdicts == "mismatch", self.relative, -1.0).argmax())
            return tr(
                "{n} of {all} gradients are wrong, {name} most.",
                n=f"{counts['mismatch']:,}",
                all=f"{len(self.places):,}",
                name=self.line(worst).name,
            )
        return tr(
            "All {n} gradients agree with central differences (largest relative difference "
            "{worst}; {kinks} at a kink).",
            n=f"{len(self.places):,}",
            worst=numbers.show(self.worst, 2),
            kinks=f"{counts['kink']:,}",
        )


def check(
    trainer: Trainer,
    x: Array | None = None,
    y: Array | None = None,
    *,
    training: bool = True,
    h: float = STEP,
    until: Callable[[], bool] | None = None,
) -> NetworkCheck:
    """Check the gradient of mean loss and penalties on samples x (samples, features), y.

    By default the first batch's samples. `training`: batch norm by the batch's own statistics,
    else by the running ones. Dropout takes no part. Raises DataError where there are too many
    parameters, or when `until()` stopped it.
    """
    if trainer.network.count > MOST_PARAMETERS:
        raise DataError(
            tr(
                "{count} parameters are too many to check one by one; the most is {most}.",
                count=f"{trainer.network.count:,}",
                most=f"{MOST_PARAMETERS:,}",
            )
        )
    batch = min(trainer.spec.batch, len(trainer.data.inputs))
    x = trainer.data.inputs[:batch] if x is None else np.asarray(x, np.float64)
    y = trainer.data.targets[:batch] if y is None else np.asarray(y, np.float64)
    with np.errstate(all="ignore"):
        analytic = trainer.flat_gradient(x, y, training=training).astype(np.float64)
        found = _Checker(trainer, x, y, training, h, until).run(analytic)
        if found.passed:
            return found
        # Where the loss bends much within h, such as under batch norm at a weight near 0, the
        # difference is off, not the gradient: nearer by, that error is a hundredth.
        nearer = _Checker(trainer, x, y, training, h / NEARER, until).run(analytic)
        return _excused(found, nearer)


def _excused(found: NetworkCheck, nearer: NetworkCheck) -> NetworkCheck:
    """What was a mismatch and agrees with a smaller step is none."""
    better = (found.verdicts == "mismatch") & (nearer.verdicts == "ok")
    return replace(
        found,
        numeric=np.where(better, nearer.numeric, found.numeric),
        relative=np.where(better, nearer.relative, found.relative),
        verdicts=np.where(better, nearer.verdicts, found.verdicts),
    )


class _Checker:
    """One check at work."""

    def __init__(
        self,
        trainer: Trainer,
        x: Array,
        y: Array,
        training: bool,
        h: float,
        until: Callable[[], bool] | None,
    ) -> None:
        self.spec, self.plain = trainer.spec, PlainPass(trainer, x, y, training)
        self.net, self.weights = self.plain.net, self.plain.weights
        self.close = CLOSE if trainer.spec.dtype == "float64" else CLOSE_32
        self.h, self.until = h, until
        self.kinks: dict[tuple[int, int], int] = {}

    # --- nudged nets ------------------------------------------------------------------------------

    def run(self, analytic: Array) -> NetworkCheck:
        places = tuple(_places(self.weights))
        numeric, crossed = np.empty(len(places)), np.full(len(places), -1)
        at = 0
        for index, layer in enumerate(self.weights):
            for part in PARTS:
                values = getattr(layer, part)
                if values is None:
                    continue
                for rows, cols in self._pieces(index, values):
                    if self.until is not None and self.until():
                        raise DataError(tr("The check was stopped."))
                    end = at + rows.size
                    numeric[at:end], crossed[at:end] = self._piece(index, part, rows, cols)
                    at = end
        order = _vector_order(self.weights)
        base = float(self.plain.loss(self.plain.before[-1], self.plain.sums[-1])[0])
        relative, verdicts = self._judge(analytic[order], numeric, crossed, base)
        names = tuple(self._kink_name(*kink) for kink in self.kinks)
        return NetworkCheck(
            base, analytic[order], numeric, relative, verdicts, places, crossed, names
        )

    def _pieces(self, index: int, values: Array) -> Iterator[tuple[Array, Array]]:
        """Rows and columns of parameters that are nudged side by side."""
        widest = max(self.net.sizes[index + 1 :])
        most = max(1, MOST_NUMBERS // (2 * widest * self.plain.t.shape[2]))
        shape = values.shape if values.ndim == 2 else (values.size, 1)
        rows, cols = (grid.ravel() for grid in np.indices(shape))
        for start in range(0, rows.size, most):
            yield rows[start : start + most], cols[start : start + most]

    def _piece(self, index: int, part: str, rows: Array, cols: Array) -> tuple[Array, Array]:
        """Numeric gradients, and the kink that each nudge crossed."""
        layer, count = self.weights[index], rows.size
        values = getattr(layer, part)
        p = values[rows, cols] if part == "W" else values[rows]
        h = self.h * np.maximum(1.0, np.abs(p))
        # What is really added to p differs from h in the last bits.
        steps = np.concatenate([(p + h) - p, (p - h) - p])
        nets, twice = np.arange(2 * count), np.concatenate([rows, rows])
        before, norms = self.plain.before[index], None
        z = np.repeat(self.plain.sums[index], 2 * count, axis=1)
        if part == "W":
            z[twice, nets] += steps[:, None] * before[np.concatenate([cols, cols]), 0]
        elif part == "b":
            z[twice, nets] += steps[:, None]
        else:
            assert layer.gamma is not None
            assert layer.beta is not None
            gamma = np.repeat(layer.gamma[:, None, None], 2 * count, axis=1)
            beta = np.repeat(layer.beta[:, None, None], 2 * count, axis=1)
            (gamma if part == "gamma" else beta)[twice, nets, 0] += steps
            norms = gamma, beta
        loss, crossed = self._onward(index, z, norms, count)
        if part == "W":
            loss = loss + self._penalty(p, steps, count)
            if self.spec.l1:
                zero = np.sign(p + steps[:count]) != np.sign(p + steps[count:])
                crossed = np.where(zero, self._kink(-2, 0), crossed)
        return (loss[:count] - loss[count:]) / (steps[:count] - steps[count:]), crossed

    def _penalty(self, p: Array, steps: Array, count: int) -> Array:
        """What the penalties of the nudged weight are more than before: the rest cancels."""
        old, new = np.concatenate([p, p]), np.concatenate([p, p]) + steps
        found: Array = 0.5 * self.spec.l2 * (new * new - old * old)
        found += self.spec.l1 * (np.abs(new) - np.abs(old))
        return found

    def _onward(
        self, index: int, z: Array, norms: tuple[Array, Array] | None, count: int
    ) -> tuple[Array, Array]:
        """The loss of each net whose layer `index` has these sums, and the first kink crossed."""
        crossed = np.full(count, -1)
        before = self.plain.before[index]
        last = len(self.weights) - 1
        for at in range(index, last + 1):
            if at > index:
                z, norms = self.plain.sums_of(at, before), None
            before, given = self.plain.after(at, z, before, norms)
            kind = self.net.output if at == last else self.net.activation
            if kind in KINKED:
                self._cross(crossed, at, given, count)
        if self.spec.loss == "mae":
            self._cross(crossed, -1, before - self.plain.t, count)
        return self.plain.loss(before, z), crossed

    def _cross(self, crossed: Array, layer: int, z: Array, count: int) -> None:
        """Note the kinks between the nets with +h and those with −h."""
        sides = np.sign(z)
        # A sum that is 0 in all nets does not move: only one that is 0 now and then is a kink.
        apart = (sides[:, :count] != sides[:, count:]).any(axis=2)
        found = apart.any(axis=0) & (crossed < 0)
        for net in np.flatnonzero(found).tolist():
            crossed[net] = self._kink(layer, int(apart[:, net].argmax()))

    def _kink(self, layer: int, unit: int) -> int:
        return self.kinks.setdefault((layer, unit), len(self.kinks))

    def _kink_name(self, layer: int, unit: int) -> str:
        if layer == -2:
            return tr("the L1 penalty at 0")
        if layer == -1:
            return tr("the absolute value of output {unit}'s difference", unit=unit + 1)
        kind = self.net.output if layer == len(self.weights) - 1 else self.net.activation
        return tr(
            "{kind} of unit {unit} in layer {layer}", kind=kind, unit=unit + 1, layer=layer + 1
        )

    def _judge(
        self, analytic: Array, numeric: Array, crossed: Array, base: float
    ) -> tuple[Array, Array]:
        off, size = np.abs(analytic - numeric), np.maximum(np.abs(analytic), np.abs(numeric))
        relative = np.where(off == 0, 0.0, off / np.where(size == 0, 1.0, size))
        noise = NOISE * max(1.0, abs(base)) * (self.close / CLOSE)
        good = (relative <= self.close) | (off <= noise)
        # What rounding explains is no difference worth a number.
        relative = np.where(off <= noise, np.minimum(relative, off), relative)
        verdicts = np.where(good, "ok", np.where(crossed >= 0, "kink", "mismatch")).astype("U9")
        finite = np.isfinite(analytic) & np.isfinite(numeric) & math.isfinite(base)
        verdicts[~finite] = "undefined"
        return relative, verdicts


def _places(weights: list[LayerWeights]) -> Iterator[tuple[int, str, int, int]]:
    """(layer, part, row, column) of every parameter, part after part."""
    for index, layer in enumerate(weights):
        units, inputs = layer.W.shape
        yield from ((index, "W", row, col) for row in range(units) for col in range(inputs))
        for part in PARTS[1:]:
            if getattr(layer, part) is not None:
                yield from ((index, part, row, -1) for row in range(units))


def _vector_order(weights: list[LayerWeights]) -> Array:
    """Where each of `_places` stands in the network's vector."""
    parts, at = [], 0
    for layer in weights:
        units, inputs = layer.W.shape
        whole = at + np.arange(units * (inputs + 1)).reshape(units, inputs + 1)
        parts += [whole[:, :-1].ravel(), whole[:, -1]]
        at += whole.size
        if layer.gamma is not None:
            parts.append(np.arange(at, at + 2 * units))
            at += 2 * units
    return np.concatenate(parts)
