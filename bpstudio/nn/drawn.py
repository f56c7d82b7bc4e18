"""Train the graph that was drawn: any graph, on the engine, in batches.

Inputs marked as trainable are the parameters; the other inputs that the loss depends on are bound
to columns of data; the loss is any gate. The gradient is that of the mean loss over a batch, and
the rules that move the parameters are those of networks: the same optimizers, schedules, penalties
(here on every parameter: a graph does not say which are weights), clipping, order of the data.
The face is Trainer's; what is refused is refused by the node's name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from bpstudio.core.given import MOST_NUMBERS
from bpstudio.core.graph import Graph, Node, Patch
from bpstudio.core.trace import Trace
from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.chance import ORDER, chance
from bpstudio.nn.data import Data
from bpstudio.nn.drawable import OWN, DrawnError, inputs_to_bind, ordered, parts_of, read_columns
from bpstudio.nn.evaluation import EVALUATED
from bpstudio.nn.report import Report, State
from bpstudio.nn.search import Fault
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.nn.training import Training
from bpstudio.nn.updates import Update, norm_of

__all__ = ["OWN", "DrawnError", "DrawnTrainer", "GateFault", "inputs_to_bind"]


@dataclass(frozen=True)
class GateFault(Fault):
    """The first gate, in the order of computation, whose value is no number."""

    node: str = ""
    name: str = ""

    @property
    def sentence(self) -> str:
        words = {"name": self.name, "value": self.shown, "n": f"{self.updates:,}"}
        if self.what == "gradients":
            return tr("The gradient of {name} became {value} at update {n}.", **words)
        return tr("The value of {name} became {value} at update {n}.", **words)


class _Parameters:
    """What an Update moves: here one number per trainable input."""

    def __init__(self, values: Array) -> None:
        self.parameters = values

    def is_weight(self) -> Array:
        return np.ones_like(self.parameters)


class DrawnTrainer(Training):
    """Trains a graph. `loss` is a gate's id; `bindings` says for every other input, by id, which
    of `columns` (name -> one number per sample) it takes, or OWN; `settings` are fields of Spec:
    optimizer, learning_rate, schedule, l1, l2, clip_norm, clip_value, seed, batch, shuffle,
    drop_last, epochs. Raises DrawnError, and SpecError for a setting.
    """

    def __init__(
        self,
        graph: Graph,
        loss: str,
        bindings: Mapping[str, str],
        columns: Mapping[str, Array],
        **settings: Any,
    ) -> None:
        self.loss_node, self.bindings = loss, dict(bindings)
        self.columns = read_columns(columns)
        self._plan = ordered(graph)
        self.parameters, self.bound = parts_of(self._plan, loss, self.bindings, self.columns)
        self._rows = self._bound_rows(self.bound)
        self.samples = self._rows.shape[1]
        # What a network's trainer asks of a specification, but for its network.
        inputs = self._rows.T if self.bound else np.zeros((1, 1))
        stand_in = NetworkSpec((inputs.shape[1], 1), "linear", "linear")
        self.spec = Spec(stand_in, Data(inputs, np.zeros((self.samples, 1))), **settings)
        self.spec.check()
        self._start = self._numbers(graph)
        self._values = self._start.copy()
        self._gradient = np.zeros_like(self._values)
        self._shown: dict[str, float] = {}
        self._shuffling = chance(self.spec.seed, ORDER)
        self._begin_update()
        self.rewind()

    @property
    def graph(self) -> Graph:
        """The graph as it was given, or followed last."""
        return self._plan.graph

    def _bound_rows(self, bound: tuple[str, ...]) -> Array:
        """The data as (bound inputs, samples); without any, one sample of nothing."""
        if not bound:
            return np.empty((0, 1))
        return np.array([self.columns[self.bindings[key]] for key in bound])

    def _begin_update(self) -> None:
        holder = _Parameters(self._values)
        self._update = Update(cast(Any, holder), self._gradient, self.spec)

    def _numbers(self, graph: Graph) -> Array:
        return np.array(
            [float(graph.nodes[key].params.get("value", 1.0)) for key in self.parameters]
        )

    # --- the same start, and any other ------------------------------------------------------------

    def rewind(self) -> None:
        """Back to the numbers that the graph was given with, and the same order of the data."""
        self._values[:] = self._start
        self._gradient[:] = 0.0
        self._last_loss: float | None = None
        self._begin_again()

    def state(self) -> State:
        """All that the next step depends on."""
        return State(
            self._values.copy(),
            np.empty(0),
            tuple(state.copy() for state in self._update.states),
            self._update.alive.copy(),
            self._update.updates,
            self.updates,
            self.epoch_index,
            self._order.copy(),
            self._position,
            (dict(self._shuffling.bit_generator.state), {}),
        )

    def restore(self, state: State) -> None:
        """Stand where a trainer of this graph stood."""
        self._values[:] = state.parameters
        for mine, given in zip(self._update.states, state.optimizer, strict=True):
            mine[:] = given
        self._update.alive[:] = state.alive
        self._update.updates = state.optimizer_updates
        self.updates, self.epoch_index = state.updates, state.epoch
        self._order, self._position = state.order.copy(), state.position
        self._shuffling.bit_generator.state = state.random[0]
        self.fault, self._last_loss = None, None
        self._set_rate()

    # --- steps ------------------------------------------------------------------------------------

    @property
    def batches(self) -> int:
        whole, left = divmod(self.samples, self._batch)
        return int(whole + (left > 0 and not self.spec.drop_last))

    @property
    def position(self) -> int:
        return self._position

    def report(self) -> Report:
        return Report(
            self.updates,
            self.epochs_done,
            self.loss() if self._last_loss is None else self._last_loss,
            float(self._update.rate),
            self.fault,
            lambda updates: (norm_of(self._gradient),),
        )

    @property
    def gradient(self) -> dict[str, float]:
        """Parameter -> its mean gradient in the last step, after penalties and clipping."""
        return dict(zip(self.parameters, self._gradient.tolist(), strict=True))

    @property
    def values(self) -> dict[str, float]:
        """Parameter -> its number now."""
        return dict(zip(self.parameters, self._values.tolist(), strict=True))

    def _begin_epoch(self) -> None:
        self._position = 0
        self._order = (
            self._shuffling.permutation(self.samples)
            if self.spec.shuffle
            else np.arange(self.samples)
        )
        self._batch = min(self.spec.batch, self.samples)
        self._set_rate()

    def _advance(self, most: int) -> int:
        made = 0
        while made < most and self._position < self.batches and self.fault is None:
            self._advance_one()
            made += 1
        return made

    def _advance_one(self) -> None:
        start = self._position * self._batch
        samples = self._order[start : start + self._batch]
        trace = self._run(self._rows[:, samples], len(samples))
        self._last_loss = _mean(trace, self.loss_node)
        self._take_gradient(trace, len(samples))
        self._position += 1
        self.updates += 1
        if not math.isfinite(self._last_loss) or not math.isfinite(float(self._gradient.sum())):
            self.fault = self._fault_of(trace)
            if self.fault is not None:
                return
        with np.errstate(all="ignore"):
            for one in self._update.calls:
                one()
        if not math.isfinite(float(self._values.sum())):
            self.fault = self._wrong_parameter()

    def _run(self, rows: Array, count: int) -> Trace:
        inputs: dict[str, Any] = dict(zip(self.parameters, self._values.tolist(), strict=True))
        inputs.update(zip(self.bound, rows, strict=True))
        return self._plan.run(inputs, {self.loss_node: 1.0 / count})

    def _take_gradient(self, trace: Trace, count: int) -> None:
        grad = trace.grad
        row = trace.plan.row
        rows = [row[key] for key in self.parameters]
        # Without a single column in use the trace has one sample, whatever the batch.
        factor = count / trace.batch
        np.multiply(grad[rows].sum(axis=1), factor, out=self._gradient)

    def _fault_of(self, trace: Trace) -> Fault | None:
        """The first value, else the last gradient on the way back, that is no number."""
        for what, numbers in (("values", trace.value), ("gradients", trace.grad[::-1])):
            known = trace.plan.known if what == "values" else trace.plan.known[::-1]
            wrong = ~np.isfinite(numbers).all(axis=1) & known
            if not wrong.any():
                continue
            at = int(wrong.argmax())
            node = trace.plan.nodes[at if what == "values" else len(trace.plan.nodes) - 1 - at]
            value = "nan" if np.isnan(numbers[at]).any() else "inf"
            name = self.graph.nodes[node].name
            return GateFault(0, what, self.updates, value, node, name)
        return None

    def _wrong_parameter(self) -> Fault | None:
        wrong = ~np.isfinite(self._values)
        if not wrong.any():
            return None
        at = int(wrong.argmax())
        node = self.parameters[at]
        value = "nan" if math.isnan(self._values[at]) else "inf"
        return GateFault(0, "values", self.updates, value, node, self.graph.nodes[node].name)

    # --- what may change while it runs ------------------------------------------------------------

    def change(self, **fields: Any) -> None:
        """Change settings; parameters and what the optimizer remembers stay."""
        spec = replace(self.spec, **fields)
        spec.check()
        before, self.spec = self.spec, spec
        if (before.batch, before.drop_last) != (spec.batch, spec.drop_last):
            self._begin_epoch()
        self._update.build(spec)
        self._set_rate()

    def follow(self, graph: Graph, patch: Patch) -> None:
        """Go on with the graph after an edit; raises DrawnError where it cannot, and stays.

        A parameter whose number the edit changed takes it; the numbers that this trainer put into
        the graph itself are known and passed over.
        """
        plan = self._plan.updated(graph, patch)
        parameters, bound = parts_of(plan, self.loss_node, self.bindings, self.columns)
        if bound != self.bound:
            rows = self._bound_rows(bound)
            if rows.shape[1] != self.samples:
                raise DrawnError(tr("The data would have another number of samples; train anew."))
            self._rows = rows
        self._plan, self.bound = plan, bound
        if parameters != self.parameters:
            held = self.values
            self.parameters = parameters
            self._start = self._numbers(graph)
            self._values = np.array(
                [held.get(k, v) for k, v in zip(parameters, self._start, strict=True)]
            )
            self._gradient = np.zeros_like(self._values)
            self._begin_update()
            self._set_rate()
        for key, (_, after) in patch.changes.items():
            if key not in parameters or not isinstance(after, Node):
                continue
            value = float(after.params.get("value", 1.0))
            if value != self._shown.get(key):
                self._values[parameters.index(key)] = value

    def patch(self, graph: Graph | None = None) -> Patch:
        """The parameters as they are now, as one edit of `graph` (by default the one followed)."""
        graph = self.graph if graph is None else graph
        changes = {}
        self._shown = self.values
        for key, value in self._shown.items():
            node = graph.nodes.get(key)
            if node is not None and node.gate == "input" and node.params.get("value") != value:
                changes[key] = (node, replace(node, params={**node.params, "value": value}))
        return Patch(tr("Train"), changes)

    # --- questions --------------------------------------------------------------------------------

    def loss(self) -> float:
        """The mean loss over all samples, without penalties."""
        found = self.evaluate((self.loss_node,))[self.loss_node]
        return float(found.mean())

    def evaluate(self, nodes: Iterable[str]) -> dict[str, Array]:
        """Each node's value for every sample, with the parameters of now."""
        wanted = tuple(nodes)
        size = max(1, min(EVALUATED, MOST_NUMBERS // (4 * len(self._plan.nodes) + 1)))
        parts: dict[str, list[Array]] = {key: [] for key in wanted}
        for at in range(0, self.samples, size):
            part = self._rows[:, at : at + size]
            count = min(size, self.samples - at)
            trace = self._run(part, count)
            for key in wanted:
                found = trace.value[trace.plan.row[key]]
                parts[key].append(np.broadcast_to(found, count))
        return {key: np.concatenate(found) for key, found in parts.items()}


def _mean(trace: Trace, node: str) -> float:
    return float(trace.value[trace.plan.row[node]].mean())
