"""A graph run by each tier alone, and traces compared with each other and with the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bpstudio.core import tiers
from bpstudio.core.graph import Graph
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from tests.core.graphs import oracle

ARRAYS = ("value", "grad", "wire_value", "local", "upstream", "wire_grad")


def by_arrays(graph: Graph) -> Trace:
    """The array tier alone."""
    made = Plan.of(graph)
    return made._run_arrays(made._sources, made.seeds, 1)


def in_levels(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Trace:
    """The array tier alone, no strips."""
    with monkeypatch.context() as patched:
        patched.setattr(tiers, "parts", lambda wiring: [range(1, len(wiring.level_rows) - 1)])
        return by_arrays(graph)


def arrays(trace: Trace) -> dict[str, np.ndarray[Any, Any]]:
    return {name: getattr(trace, name) for name in ARRAYS}


def assert_same(one: Trace, other: Trace) -> None:
    """The same numbers to the bit."""
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def assert_near(one: Trace, other: Trace) -> None:
    for name in ARRAYS:
        a, b = getattr(one, name), getattr(other, name)
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12, err_msg=name)


def assert_right(trace: Trace, graph: Graph) -> None:
    """Agrees with the oracle to 1e-12 (1 + |reference|)."""
    values, grads, shares = oracle(graph)
    asked = ((values, trace.value_of), (grads, trace.grad_of), (shares, lambda w: trace.wire(w)[3]))
    for reference, ask in asked:
        for key, number in reference.items():
            assert abs(ask(key) - number) <= 1e-12 * (1 + abs(number)), key
