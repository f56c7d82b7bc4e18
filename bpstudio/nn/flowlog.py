"""The gradient flow of a run in little: histograms per layer, sizes, and both over time.

A FlowLog is called with a trainer and answers a FlowPicture: copies, a few kilobytes, made in a
few milliseconds. Histograms of gradients count decades, log10 |g|, on one axis for all layers: what
vanishes moves to the left. Axes change only when they must, so that nothing trembles while it runs.
`record` takes one column of the history; who trains calls it at fixed counts of updates.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

import numpy as np

from bpstudio.language import N_
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array
from bpstudio.nn.flow import Figures, LayerFlow, measure
from bpstudio.nn.spec import Spec
from bpstudio.nn.trainer import Trainer
from bpstudio.nn.updates import norm_of

BINS = 48
MOST_VALUES = 4096
"""Numbers of a layer that a histogram counts; of more, every second, third, …"""
MOST_COLUMNS = 300
PERIOD = 0.1
"""Seconds between two pictures of a run that plays."""
BELOW = 2.0
"""Decades below a layer's root mean square that the axis of its gradients still shows."""
SLACK = 3
"""Decades that an axis may be too long before it is cut."""
QUANTITIES: Mapping[str, str] = {
    "weight_gradient": N_("Norm of the weights’ gradient"),
    "backpropagated": N_("Norm of the back-propagated gradient"),
    "spread": N_("Spread of the activations"),
    "update_to_data": N_("Update : data"),
    "saturated": N_("Share of saturated activations"),
}
"""What the history holds, per layer -> its title (marked)."""


@dataclass(frozen=True, slots=True)
class Span:
    """The two ends of an axis, in whole decades or other round steps."""

    low: float
    high: float

    def fit(self, low: float, high: float, slack: float) -> Span:
        """The same where it suits, or one that does: wide enough, not `slack` too wide."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return self
        if self.low <= low and high <= self.high:
            tight = low - self.low <= slack and self.high - high <= slack
            return self if tight else Span(low, high)
        return Span(min(low, self.low) if low - self.low <= slack else low,
                    max(high, self.high) if self.high - high <= slack else high)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FlowRow(Figures):
    """One layer: shares of its numbers per bin, and its figures."""

    activations: Array
    backpropagated: Array
    weight_gradients: Array


@dataclass(frozen=True, eq=False)
class FlowPicture:
    """`now` are the layers in the last step (before the first: in the step that comes next),
    `start` those in the first step of the run.

    Axes: `activations` as the numbers are, the other two in decades. `history` has an array
    (layers, columns) for each of QUANTITIES, `steps` the updates of the columns.
    """

    updates: int
    now: tuple[FlowRow, ...]
    start: tuple[FlowRow, ...]
    activations: Span
    backpropagated: Span
    weight_gradients: Span
    steps: Array
    history: Mapping[str, Array]


def ahead(trainer: Trainer) -> tuple[LayerFlow, ...]:
    """The flow of the step that comes next, which is not made."""
    other = Trainer(replace(trainer.spec, data=trainer.data))
    if trainer.updates or trainer.epochs_done:
        other.restore(trainer.state())
    else:
        # Before the first step, weights may have been typed in by hand.
        other.network.set_weights(trainer.network.weights())
    other.masks = trainer.masks
    other.step()
    return measure(other)


def updates_ahead(trainer: Trainer, twin: Trainer) -> Array:
    """Update to data, layer by layer, of the step that comes next: what the optimizer really adds
    to the weights over the weights, as standard deviations. `twin` makes the step."""
    if twin is not trainer:
        twin.restore(trainer.state())
    before = [layer.W.copy() for layer in twin.network.layers]
    twin.step()
    moved = [layer.W - own for layer, own in zip(twin.network.layers, before, strict=True)]
    spreads = np.array([own.std() for own in before])
    with np.errstate(all="ignore"):
        found: Array = np.array([step.std() for step in moved]) / spreads
    return np.where(spreads > 0, found, np.nan)


def _with_updates(flow: tuple[LayerFlow, ...], updates: Array | None) -> tuple[LayerFlow, ...]:
    if updates is None:
        return flow
    pairs = zip(flow, updates.tolist(), strict=True)
    return tuple(replace(one, update_to_data=value) for one, value in pairs)


@dataclass(eq=False)
class FlowLog:
    """See the module. `wanted` and `hurry` may be set by anybody: whether a picture is made at all,
    and whether the next one must be of this very moment."""

    wanted: bool = False
    hurry: bool = False
    period: float = PERIOD
    picture: FlowPicture | None = None
    _start: tuple[LayerFlow, ...] = ()
    _spans: tuple[Span, Span, Span] | None = None
    _twin: tuple[Spec, Trainer] | None = None
    _made: tuple[float, int] = (-math.inf, -1)
    _steps: list[int] = field(default_factory=list)
    _columns: list[Array] = field(default_factory=list)
    _every: int = 1
    _heard: int = 0

    # --- over time --------------------------------------------------------------------------

    def record(self, trainer: Trainer) -> None:
        """Take a column, if a step was made since the last one; begin anew after a rewind."""
        if trainer.updates <= (self._steps[-1] if self._steps else 0):
            if trainer.updates == 0:
                self._forget()
            return
        if trainer.last is None:
            return
        self._heard += 1
        if self._heard % self._every:
            return
        if len(self._steps) == MOST_COLUMNS:
            self._steps, self._columns = self._steps[1::2], self._columns[1::2]
            self._every *= 2
        self._steps.append(trainer.updates)
        with np.errstate(all="ignore"):
            self._columns.append(column(trainer, self._next_updates(trainer)))

    def _forget(self) -> None:
        self._steps, self._columns = [], []
        self._every, self._heard = 1, 0
        self._start, self.picture, self._spans = (), None, None
        self._made = (-math.inf, -1)

    # --- a picture --------------------------------------------------------------------------

    def __call__(self, trainer: Trainer) -> FlowPicture | None:
        """The newest picture; the same one as before while it is fresh enough."""
        if not self.wanted:
            return None
        at, updates = self._made
        now = time.perf_counter()
        fresh = now - at < self.period and updates > 0 and not self.hurry
        self.hurry = False
        if self.picture is not None and (fresh or updates == trainer.updates > 0):
            return self.picture
        with np.errstate(all="ignore"):
            self.picture = self._make(trainer)
        self._made = now, trainer.updates
        return self.picture

    def _make(self, trainer: Trainer) -> FlowPicture:
        flow = ahead(trainer) if trainer.last is None else measure(trainer)
        if trainer.updates and not self._start:
            again = Trainer(replace(trainer.spec, data=trainer.data))
            self._start = _with_updates(ahead(again), self._next_updates(again))
        flow = _with_updates(flow, self._next_updates(trainer))
        if trainer.updates == 0:
            self._start = flow
        self._spans = spans = self._fit(flow, trainer.spec.network.activation)
        first: Array = np.array([_figures(one) for one in self._start]).T
        whole: Array = np.stack([first, *self._columns], axis=-1)
        return FlowPicture(
            trainer.updates,
            tuple(_row(one, spans) for one in flow),
            tuple(_row(one, spans) for one in self._start),
            *spans,
            steps=np.array([0, *self._steps]),
            history=MappingProxyType(dict(zip(QUANTITIES, whole, strict=True))),
        )

    def _fit(self, flow: tuple[LayerFlow, ...], activation: str) -> tuple[Span, Span, Span]:
        both = (*flow, *self._start)
        bounded = {"sigmoid": Span(0.0, 1.0), "tanh": Span(-1.0, 1.0)}.get(activation)
        ends = [_ends(one.activation) for one in both]
        low, high = min(e[0] for e in ends), max(e[1] for e in ends)
        size = _round_up(max(abs(low), abs(high)))
        wide = Span(-size if low < 0 else 0.0, size)
        if bounded is not None and bounded.low <= low and high <= bounded.high:
            wide = bounded
        back = _decades([one.backpropagated for one in both])
        grad = _decades([one.weight_gradient for one in both])
        if self._spans is None:
            return wide, Span(*back), Span(*grad)
        before = self._spans
        return (
            before[0].fit(wide.low, wide.high, slack=max(size, 1.0)),
            before[1].fit(*back, slack=SLACK),
            before[2].fit(*grad, slack=SLACK),
        )

    def _next_updates(self, trainer: Trainer) -> Array | None:
        """What `updates_ahead` finds, where the optimizer is not plain descent."""
        if trainer.spec.optimizer.kind == "sgd":
            return None
        if self._twin is None or self._twin[0] is not trainer.spec:
            self._twin = trainer.spec, Trainer(replace(trainer.spec, data=trainer.data))
        return updates_ahead(trainer, self._twin[1])


def column(trainer: Trainer, updates: Array | None = None) -> Array:
    """QUANTITIES of the last step, (quantities, layers); `updates` where they are known better
    than as the rate times the gradient."""
    assert trainer.last is not None
    program, _ = trainer.last
    rate = trainer.report().learning_rate
    key, last = trainer.spec.network.activation, len(trainer.network.layers) - 1
    made = []
    for index, layer in enumerate(trainer.network.layers):
        a, grad = program.activations[index], trainer.gradient_layers[index].W
        entry = ACTIVATIONS.get(trainer.spec.network.output if index == last else key)
        flat = 0.0 if entry is None or entry.saturated is None else entry.saturated(a).mean()
        spread = float(layer.W.std())
        ratio = rate * float(grad.std()) / spread if spread else math.nan
        sizes = norm_of(grad), norm_of(program.upstreams[index]), float(a.std())
        made.append((*sizes, ratio, flat))
    found = np.array(made, dtype=float).T
    if updates is not None:
        found[list(QUANTITIES).index("update_to_data")] = updates
    return found


def _figures(one: LayerFlow) -> tuple[float, ...]:
    sizes = one.norm_weight_gradient, one.norm_backpropagated, one.std
    return (*sizes, one.update_to_data, one.saturated)


def _row(one: LayerFlow, spans: tuple[Span, Span, Span]) -> FlowRow:
    across, back, grad = spans
    return FlowRow(
        **{part.name: getattr(one, part.name) for part in fields(Figures)},
        activations=_shares(_some(one.activation), across),
        backpropagated=_shares(_logs(one.backpropagated), back),
        weight_gradients=_shares(_logs(one.weight_gradient), grad),
    )


# --- counting -------------------------------------------------------------------------------------


def _some(values: Array) -> Array:
    flat = values.ravel()
    return flat[:: max(1, -(-flat.size // MOST_VALUES))]


def _logs(values: Array) -> Array:
    sizes = np.abs(_some(values)).astype(float)
    return np.asarray(np.log10(sizes, out=np.full(sizes.shape, np.nan), where=sizes > 0))


def _shares(values: Array, span: Span) -> Array:
    """Which share of the values each bin holds; what lies outside or is no number: none."""
    place = (values - span.low) * (BINS / max(span.high - span.low, 1e-300))
    # The upper end belongs to the last bin.
    place = np.where(values == span.high, BINS - 0.5, place)
    inside = (place >= 0) & (place < BINS)
    counts = np.bincount(place[inside].astype(int), minlength=BINS)
    return np.asarray(counts / max(1, len(values)))


def _ends(values: Array) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _round_up(size: float) -> float:
    """1, 2 or 5 times a power of ten, at least as large."""
    if not 0 < size < 1e300:
        return 1.0
    power = 10.0 ** math.floor(math.log10(size))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= size * 0.999999)


def _decades(many: list[Array]) -> tuple[float, float]:
    """The whole decades that hold the gradients of all layers, but for their smallest numbers."""
    lows, highs = [], []
    for values in many:
        size = norm_of(values) / math.sqrt(max(1, values.size))
        top = float(np.abs(values).max(initial=0.0))
        if size > 0 and math.isfinite(size) and math.isfinite(top):
            lows.append(math.log10(size) - BELOW)
            highs.append(math.log10(top))
    if not lows:
        return -3.0, 0.0
    return float(math.floor(min(lows))), float(math.ceil(max(highs)))
