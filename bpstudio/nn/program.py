"""Program: one network's forward and backward pass for one batch size, as straight lists of calls.

Activations stand in columns, one per sample, with a row of ones below them: `whole.dot(h)` is
W h + b, `d.dot(h.T)` the gradient of W and b, and nothing is copied. The activations of all hidden
layers lie in one block, so that the derivatives of all of them are one or two calls. Only the first
layer's products and the difference from the targets depend on the batch: `bind` makes their calls
for given arrays, once, and a step is then

    *first  *forward  head()  *backward  *last

Per hidden layer: z = W h + b, batch norm, activation, dropout, and the residual connection adds
the layer's input last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bpstudio.nn.activations import ACTIVATIONS, softmax, softmax_back
from bpstudio.nn.calls import Array, Call, call, constant, empty, filled, run
from bpstudio.nn.losses import LOSSES, Outcome
from bpstudio.nn.network import Layer, Network
from bpstudio.nn.norm import BatchNorm
from bpstudio.nn.products import outer, product

Masks = Callable[[int, int, tuple[int, int]], Array]
"""(update, layer from 0, (units, batch)) -> the factors to multiply by, in place of drawn ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """The calls of one step that depend on which batch it is."""

    first: tuple[Call, ...]
    head: Call
    last: tuple[Call, ...]
    targets: Array


def _nothing() -> None:
    """Stands where a call is not needed."""


class Program:
    """Buffers and calls for `batch` samples; without `gradients` it is forward only.

    `training` switches dropout on and makes batch norm use the batch's own statistics; `running`
    lets it move the running ones.
    """

    def __init__(
        self,
        network: Network,
        batch: int,
        *,
        loss: str = "half_squared_error",
        delta: float = 1.0,
        gradients: tuple[Layer, ...] | None = None,
        training: bool = False,
        running: bool = False,
    ) -> None:
        self.network, self.batch, self.training = network, batch, training
        self.loss, self.delta = LOSSES[loss], delta
        self._spec, self._depth = network.spec, len(network.layers)
        self._activation = ACTIVATIONS[network.spec.activation]
        self._drops = training and network.spec.dropout > 0
        self._lay_out()
        self.norms = [
            BatchNorm(
                layer,
                self._sums[index],
                training=training,
                running=running,
                gradients=gradients is not None,
            )
            if layer.gamma is not None
            else None
            for index, layer in enumerate(network.layers)
        ]
        self.forward: list[Call] = []
        self.backward: list[Call] = []
        self.gradients = gradients
        for index in range(self._depth):
            self._pass_forward(index)
        if gradients is not None:
            self._pass_backward(gradients)

    # --- buffers ----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """One block for all hidden activations; the outputs join it where the function is the
        same and the loss needs its derivative."""
        spec, batch = self._spec, self.batch
        sizes = spec.sizes
        self._joined = spec.output == spec.activation and not self.loss.direct
        hidden = [units + 1 for units in sizes[1:-1]]
        self._hidden_rows = sum(hidden)
        rows = self._hidden_rows + (sizes[-1] if self._joined else 0)
        self.dtype = self.network.parameters.dtype
        self._a = filled((rows, batch), 1.0, self.dtype)
        apart = self._activation.keeps_input
        self._z = filled((rows, batch), 1.0, self.dtype) if apart else self._a
        separate = self._drops or bool(spec.residual)
        self._h = filled((rows, batch), 1.0, self.dtype) if separate else self._a
        ends = np.cumsum([0, *hidden]).tolist()
        self._spans = [slice(a, b) for a, b in pairwise(ends)]
        if self._joined:
            self._spans.append(slice(self._hidden_rows, rows))
        # The layers' outputs with their row of ones; index 0 is the inputs, where they are copied.
        self._copies = spec.adds_input(1)
        self.inputs = filled((sizes[0] + 1, batch), 1.0, self.dtype) if self._copies else None
        self._outs = [self._h[span] for span in self._spans[: self._depth - 1]]
        self._mask = np.ones((self._hidden_rows, batch), self.dtype) if self._drops else None
        own = empty((sizes[-1], batch), self.dtype)
        self.outputs = self._a[self._spans[-1]] if self._joined else own
        self._sums = [self._z[span][:-1] for span in self._spans[: self._depth - 1]]
        # A row more, for softmax's largest sums.
        self._last = filled((sizes[-1] + 1, batch), 1.0, self.dtype)
        self._sums.append(self._z[self._spans[-1]] if self._joined else self._last[:-1])
        self.scale = constant(0.0, self._a)

    @property
    def activations(self) -> list[Array]:
        """What each layer hands on, (units, batch), the outputs last."""
        return [out[:-1] for out in self._outs] + [self.outputs]

    @property
    def mask_views(self) -> list[Array]:
        """Dropout's factors per hidden layer, to be written before a pass; none without dropout."""
        if self._mask is None:
            return []
        return [self._mask[span][:-1] for span in self._spans[: self._depth - 1]]

    def draws(self, rng: np.random.Generator) -> list[Call]:
        """The calls that draw new dropout masks."""
        if self._mask is None:
            return []
        keep = 1.0 - self._spec.dropout
        drawn = np.empty_like(self._mask)
        kept = np.empty(drawn.shape, bool)
        return [
            call(rng.random, out=drawn, dtype=self.dtype.type),
            call(np.less, drawn, constant(keep, drawn), kept),
            call(np.multiply, kept, constant(1.0 / keep, drawn), self._mask),
        ]

    # --- forward ----------------------------------------------------------------------------------

    def _pass_forward(self, index: int) -> None:
        layer, calls = self.network.layers[index], self.forward
        z = self._sums[index]
        before = self._outs[index - 1] if index else self.inputs
        if before is not None:
            calls += product(layer.whole, before, z)
        if index == self._depth - 1:
            calls += self._output_calls(z)
            return
        norm = self.norms[index]
        if norm is not None:
            calls += norm.forward()
        a = self._a[self._spans[index]][:-1]
        # The same view, not only the same memory: "in place" is told by identity.
        calls += self._activation.forward(z, a if self._z is not self._a else z)
        out = self._outs[index][:-1]
        if self._mask is not None:
            calls.append(call(np.multiply, a, self._mask[self._spans[index]][:-1], out))
        if self._spec.adds_input(index + 1):
            assert before is not None
            calls.append(call(np.add, out if self._drops else a, before[:-1], out))
        elif self._h is not self._a and not self._drops:
            calls.append(call(np.copyto, out, a))

    def _output_calls(self, z: Array) -> list[Call]:
        if self._spec.output == "softmax":
            return softmax(self._last, self.outputs)
        entry = ACTIVATIONS[self._spec.output]
        if self._joined and self._z is self._a:
            return entry.forward(z, z)
        return entry.forward(z, self.outputs)

    # --- backward ---------------------------------------------------------------------------------

    def _pass_backward(self, gradients: tuple[Layer, ...]) -> None:
        spec, calls = self._spec, self.backward
        slopes = empty(self._a.shape, self.dtype)
        if self._spans:
            calls += self._activation.derivative(self._z, self._a, slopes)
            if self._mask is not None:
                drop = slopes[: self._hidden_rows]
                calls.append(call(np.multiply, drop, self._mask, drop))
        units = spec.sizes[-1]
        self.residuals = empty((units, self.batch), self.dtype)
        terms = self.batch * self.loss.count(spec.output, units)
        self._plain_scale = self.loss.factor / terms
        self.times(1.0)
        calls += self.loss.gradient(self.residuals, self.scale, self.delta)
        delta = self._through_output(slopes)
        self.deltas: list[Array] = [delta]
        self.upstreams: list[Array] = [self.residuals]
        for index in range(self._depth - 1, 0, -1):
            delta = self._pass_layer(index, delta, gradients, slopes)
        if self.inputs is not None:
            calls += outer(delta, self.inputs.T, gradients[0].whole)
        self._first_delta, self._first_gradient = delta, gradients[0].whole

    def _through_output(self, slopes: Array) -> Array:
        """From the gradient of the outputs to that of the sums before the output function."""
        r, calls, output = self.residuals, self.backward, self._spec.output
        if self.loss.direct or output == "linear":
            return r
        if output == "softmax":
            calls += softmax_back(self.outputs, r)
            return r
        slope = slopes[self._spans[-1]] if self._joined else empty(r.shape, self.dtype)
        if not self._joined:
            calls += ACTIVATIONS[output].derivative(self._sums[-1], self.outputs, slope)
        calls.append(call(np.multiply, r, slope, slope))
        return slope

    def _pass_layer(
        self, index: int, delta: Array, gradients: tuple[Layer, ...], slopes: Array
    ) -> Array:
        """The gradients of layer `index`, and from its `delta` to that of the layer before."""
        calls, before = self.backward, self._outs[index - 1]
        calls += outer(delta, before.T, gradients[index].whole)
        up = filled(before.shape, 0.0, self.dtype)
        # The last row is the gradient of the constant 1: computed along, because leaving it out
        # would make the product copy the weights, and never used.
        calls.append(call(self.network.layers[index].whole.T.dot, delta, up))
        if self._spec.adds_input(index + 1):
            calls.append(call(np.add, up[:-1], self.upstreams[0], up[:-1]))
        slope = slopes[self._spans[index - 1]]
        calls.append(call(np.multiply, up, slope, slope))
        found: Array = slope[:-1]
        norm = self.norms[index - 1]
        if norm is not None:
            calls += norm.backward(found, gradients[index - 1])
        self.deltas.insert(0, found)
        self.upstreams.insert(0, up[:-1])
        return found

    def times(self, factor: float) -> None:
        """Let all gradients come multiplied by `factor`."""
        self.scale[()] = self._plain_scale * factor

    # --- use --------------------------------------------------------------------------------------

    def bind(
        self, rows: Array, targets: Array | None = None, columns: Array | None = None
    ) -> Bound:
        """The three calls for a batch: `rows` (batch, inputs + 1) with a last column of ones,
        `targets` (outputs, batch).

        `columns` are the rows turned over, where they lie there as well: forward reads them, and
        backward the rows, a third faster than either reads the other.
        """
        first: list[Call]
        given = rows.T if columns is None else columns
        if self.inputs is not None:
            first = [call(np.copyto, self.inputs, given)]
        else:
            first = product(self.network.layers[0].whole, given, self._sums[0])
        if targets is None or self.gradients is None:
            nothing = np.empty((0, self.batch))
            return Bound(tuple(first), _nothing, (), nothing if targets is None else targets)
        last: list[Call] = []
        if self.inputs is None:
            last = outer(self._first_delta, rows, self._first_gradient)
        head = call(np.subtract, self.outputs, targets, self.residuals)
        return Bound(tuple(first), head, tuple(last), targets)

    def calls(self, bound: Bound) -> list[Call]:
        """All calls of one pass, forward and backward, as one straight list."""
        return [*bound.first, *self.forward, bound.head, *self.backward, *bound.last]

    def run(self, bound: Bound) -> None:
        """One pass, forward and, where there are gradients, backward."""
        with np.errstate(all="ignore"):
            run(bound.first)
            run(self.forward)
            if self.backward:
                bound.head()
                run(self.backward)
                run(bound.last)

    def mean_loss(self, targets: Array) -> float:
        """The mean loss of what was computed last."""
        with np.errstate(all="ignore"):
            return self.loss.value(
                Outcome(self.outputs, self._sums[-1], targets, self._spec.output, self.delta)
            )
