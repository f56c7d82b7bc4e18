"""Steps: updates run batch after batch, each one straight list of calls, looked at for NaN.

A value that is no number stays in the parameters once it is there, whatever the optimizer. So many
updates may run before anybody looks; if something is found then, they are taken back and made once
more, one by one, up to the one that brought it. What comes out is the same to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bpstudio.nn.calls import Array, Call, run
from bpstudio.nn.network import Network
from bpstudio.nn.program import Bound, Program
from bpstudio.nn.search import Fault
from bpstudio.nn.updates import Update

AT_ONCE = 64
"""Updates between two looks at most."""
FEW = 4
"""Fewer updates than these are looked at one by one: copying what they change costs more."""


class Steps:
    """Updates of `network` by `update`; `dropping` draws the masks of dropout."""

    def __init__(self, network: Network, update: Update, dropping: np.random.Generator) -> None:
        self._network, self._update, self._dropping = network, update, dropping
        self._lines: dict[Bound, list[Call]] = {}
        self._before = np.empty_like(network.parameters)

    def forget(self) -> None:
        """The programs or the update are no longer the same."""
        self._lines.clear()

    def run(
        self, program: Program, batches: Sequence[Bound], look: Callable[[int], Fault | None]
    ) -> tuple[int, Fault | None]:
        """An update per batch, up to a fault that `look(updates made)` finds.

        Answers how many were made, the faulty one included.
        """
        lines = [self._lines.get(bound) or self._line(program, bound) for bound in batches]
        made = 0
        with np.errstate(all="ignore"):
            while made < len(lines):
                piece = lines[made : made + AT_ONCE]
                if len(piece) >= FEW and self._together(piece):
                    made += len(piece)
                    continue
                for line in piece:
                    run(line)
                    made += 1
                    fault = None if self._is_finite() else look(made)
                    if fault is not None:
                        return made, fault
        return made, None

    def _line(self, program: Program, bound: Bound) -> list[Call]:
        found = self._lines[bound] = [*program.calls(bound), *self._update.calls]
        return found

    def _together(self, lines: list[list[Call]]) -> bool:
        """Make all these updates, or none where they led to a value that is no number."""
        kept = self._kept()
        for line in lines:
            for one in line:
                one()
        if self._is_finite():
            return True
        self._put_back(kept)
        return False

    def _is_finite(self) -> bool:
        """False as soon as any parameter or any gradient is not finite: 0 * inf is nan."""
        return math.isfinite(self._network.parameters.dot(self._update.gradient))

    def _kept(self) -> tuple[Array, Any, Any]:
        """All that the next update depends on, copied; the parameters where they always are."""
        network = self._network
        np.copyto(self._before, network.parameters)
        drops = network.spec.dropout > 0
        state = self._dropping.bit_generator.state if drops else None
        return network.running.copy(), self._update.kept(), state

    def _put_back(self, kept: tuple[Array, Any, Any]) -> None:
        self._network.parameters[:] = self._before
        self._network.running[:] = kept[0]
        self._update.put_back(kept[1])
        if kept[2] is not None:
            self._dropping.bit_generator.state = kept[2]
