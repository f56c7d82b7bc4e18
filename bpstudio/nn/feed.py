"""Feed: the training samples as batches, in the order of each epoch, with their calls bound.

The samples of up to WINDOW batches are copied in order into one buffer, whose batches are bound to
the program once and for all; a new order only refills the buffer. An order that never changes needs
no copy. A last incomplete batch has a program of its own.
"""

from __future__ import annotations

import numpy as np

from bpstudio.nn.calls import Array, empty, filled
from bpstudio.nn.program import Bound, Program

WINDOW = 512
"""Batches per filling at most: 1e6 samples need no more memory than these."""
FILLED = 512 * 1024
"""Bytes of inputs per filling, where there are more batches than one: they stay in the cache."""
FIXED = 4096
"""Batches up to which an order that never changes is bound to the samples themselves."""
TURNED = 256
"""Inputs up to which turning a filling over costs less than the products win by it; an order that
never changes is turned over once, up to STAND bytes."""
STAND = 64 * 1024 * 1024


class Feed:
    """Batches of `inputs` (samples, features) and `targets` (samples, outputs)."""

    def __init__(
        self,
        inputs: Array,
        targets: Array,
        program: Program,
        rest: Program | None,
        rng: np.random.Generator | None,
    ) -> None:
        dtype = program.dtype
        # A last column of ones makes the first layer's biases part of its product.
        self._rows = filled((len(inputs), inputs.shape[1] + 1), 1.0, dtype)
        self._rows[:, :-1] = inputs
        self._targets = np.ascontiguousarray(targets, dtype)
        self._program, self._rest, self._rng = program, rest, rng
        self.batch = program.batch
        self.whole = len(inputs) // self.batch
        self.batches = self.whole + (rest is not None)
        self.order: Array = np.arange(len(inputs))
        self.position = 0
        """The batch that comes next, from 0; `batches` when the epoch is over."""
        fits = max(1, FILLED // (self.batch * self._rows.shape[1] * dtype.itemsize))
        self._window = min(WINDOW, fits, self.whole)
        self._stands = rng is None and self.whole <= FIXED
        if self._stands:
            self._window, self._buffer = self.whole, self._rows
        else:
            self._buffer = empty((self._window * self.batch, self._rows.shape[1]), dtype)
        self._goals = empty((self._window, targets.shape[1], self.batch), dtype)
        self._turned = self._turn()
        self._bound = [
            program.bind(
                self._buffer[k * self.batch : (k + 1) * self.batch],
                self._goals[k],
                None if self._turned is None else self._turned[k],
            )
            for k in range(self._window)
        ]
        self._filled = -1
        self._bind_rest()

    def _turn(self) -> Array | None:
        """Room for the buffer's batches turned over, (batches, inputs + 1, batch)."""
        count = self._rows.shape[1]
        size = self._window * self.batch * count * self._rows.dtype.itemsize
        if size > STAND if self._stands else count > TURNED:
            return None
        return empty((self._window, count, self.batch), self._rows.dtype)

    def _bind_rest(self) -> None:
        if self._rest is None:
            return
        size = self._rest.batch
        self._rest_rows = np.empty((size, self._rows.shape[1]), self._rows.dtype)
        self._rest_goals = np.empty((self._targets.shape[1], size), self._rows.dtype)
        self._rest_bound = self._rest.bind(self._rest_rows, self._rest_goals)

    def begin(self) -> None:
        """A new epoch: a new order where there is one to be drawn."""
        self.position = 0
        if self._rng is not None:
            self.order = self._rng.permutation(len(self._rows))
            self._filled = -1

    def resume(self, order: Array, position: int) -> None:
        """Stand where a feed of the same data stood."""
        self.order, self.position, self._filled = order.copy(), position, -1

    def take(self, most: int) -> tuple[Program, list[Bound]]:
        """The next batches of the epoch that share a program, at most so many; moves on."""
        if self.position >= self.whole:
            assert self._rest is not None
            self.position += 1
            samples = self.order[self.whole * self.batch :]
            self._rest_rows[:] = self._rows[samples]
            self._rest_goals[:] = self._targets[samples].T
            return self._rest, [self._rest_bound]
        window, at = divmod(self.position, self._window)
        if window != self._filled:
            self._fill(window)
        end = min(at + most, self._window, self.whole - window * self._window)
        self.position += end - at
        return self._program, self._bound[at:end]

    def _fill(self, window: int) -> None:
        start = window * self._window * self.batch
        count = min(self._window, self.whole - window * self._window)
        samples = self.order[start : start + count * self.batch]
        if not self._stands:
            self._rows.take(samples, axis=0, out=self._buffer[: len(samples)], mode="clip")
        if self._turned is not None:
            inner = self._buffer[: len(samples)].reshape(count, self.batch, -1)
            np.copyto(self._turned[:count], inner.transpose(0, 2, 1))
        goals = self._targets.take(samples, axis=0, mode="clip")
        goals = goals.reshape(count, self.batch, self._targets.shape[1])
        np.copyto(self._goals[:count], goals.transpose(0, 2, 1))
        self._filled = window
