"""Sums, products, quotients, powers, and the larger and smaller of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bpstudio.core.gate import Array, Gate
from bpstudio.language import N_

MOST = 64
"""The most inputs that a growing gate takes."""


def _even_shares(
    inputs: tuple[Array, ...], params: Mapping[str, Any], value: Array
) -> tuple[Array, ...]:
    """1 for the input that is the value, shared evenly where several are; nan for a nan."""
    wins = [np.equal(x, value) for x in inputs]
    ties = np.sum(wins, axis=0) if len(wins) > 2 else np.add(wins[0], wins[1], dtype=np.float64)
    # No input equals a nan: 0 / 0 makes it nan again.
    return tuple(win / ties for win in wins)


_PAIRS = ((3.0, -4.0), (-2.0, 5.0), (0.5, 0.25), (1e-8, 7.0), (120.0, -0.003), (-1.5, -2.5))
_SINGLES = ((-4.0,), (-1.25,), (-1e-4,), (0.003,), (0.7,), (2.0,), (31.0,))
_POSITIVE = ((1e-6,), (0.04,), (0.5,), (1.0,), (3.7,), (250.0,))

GATES = (
    Gate(
        key="add",
        symbol="+",
        title=N_("Add"),
        family="arithmetic",
        inputs=("x", "y"),
        value="x + y",
        local=("1", "1"),
        note=N_("Add hands its upstream gradient on to every input unchanged."),
        samples=_PAIRS,
        params={"inputs": 2.0},
        most=MOST,
    ),
    Gate(
        key="subtract",
        symbol="\N{MINUS SIGN}",
        title=N_("Subtract"),
        family="arithmetic",
        inputs=("x", "y"),
        value="x - y",
        parts="x + -y",
        local=("1", "-1"),
        note=N_(
            "Subtract hands its upstream gradient on to x unchanged and to y with its sign turned."
        ),
        samples=_PAIRS,
    ),
    Gate(
        key="multiply",
        symbol="×",
        title=N_("Multiply"),
        family="arithmetic",
        inputs=("x", "y"),
        value="x * y",
        local=("y", "x"),
        note=N_(
            "Multiply swaps: each input gets the upstream gradient times the other input's value."
        ),
        samples=_PAIRS,
        params={"inputs": 2.0},
        most=MOST,
    ),
    Gate(
        key="divide",
        symbol="÷",
        title=N_("Divide"),
        family="arithmetic",
        inputs=("x", "y"),
        value="x / y",
        parts="x * (1 / y)",
        local=("1 / y", "-x / y ^ 2"),
        stable_local=("1 / y", "-z / y"),
        note=N_(
            "A large denominator makes both gradients small; near zero they grow without bound."
        ),
        poles=(("y", 0.0),),
        samples=_PAIRS,
    ),
    Gate(
        key="negate",
        symbol="\N{MINUS SIGN}x",
        title=N_("Negate"),
        family="arithmetic",
        inputs=("x",),
        value="-x",
        local=("-1",),
        note=N_("Negate turns the sign of the gradient as it turns the sign of the value."),
        samples=_SINGLES,
    ),
    Gate(
        key="reciprocal",
        symbol="1/x",
        title=N_("Reciprocal"),
        family="arithmetic",
        inputs=("x",),
        value="1 / x",
        local=("-1 / x ^ 2",),
        stable_local=("-(z * z)",),
        note=N_("The gradient of 1/x is never positive: a larger x always makes 1/x smaller."),
        samples=_SINGLES,
        poles=(("x", 0.0),),
    ),
    Gate(
        key="square",
        symbol="x²",
        title=N_("Square"),
        family="arithmetic",
        inputs=("x",),
        value="x ^ 2",
        parts="x * x",
        local=("2 * x",),
        note=N_("The gradient of a square grows with x and is zero at x = 0."),
        samples=_SINGLES,
    ),
    Gate(
        key="sqrt",
        symbol="√x",
        title=N_("Square root"),
        family="arithmetic",
        inputs=("x",),
        value="sqrt(x)",
        local=("1 / (2 * z)",),
        # |z| because the root of -0 is -0, and the slope there is +inf from the side that exists.
        stable_local=("0.5 / abs(z)",),
        note=N_("The closer x is to zero, the steeper the root; below zero it has no value."),
        samples=_POSITIVE,
    ),
    Gate(
        key="abs",
        symbol="|x|",
        title=N_("Absolute value"),
        short=N_("Abs"),
        family="arithmetic",
        inputs=("x",),
        value="abs(x)",
        local=("sign(x)",),
        note=N_(
            "Only the sign of x decides: the gradient passes as it is or with its sign turned."
        ),
        kinks=(0.0,),
        samples=_SINGLES,
    ),
    Gate(
        key="add_constant",
        symbol="{c_signed}",
        title=N_("Add a constant"),
        short=N_("Add c"),
        family="arithmetic",
        inputs=("x",),
        value="x + c",
        local=("1",),
        note=N_("Adding a constant hands the upstream gradient on unchanged."),
        samples=_SINGLES,
        params={"c": 1.0},
    ),
    Gate(
        key="scale",
        symbol="×{a_factor}",
        title=N_("Scale"),
        family="arithmetic",
        inputs=("x",),
        value="a * x",
        local=("a",),
        note=N_("Scaling multiplies the gradient by the same factor as the value."),
        samples=_SINGLES,
        params={"a": 2.0},
    ),
    Gate(
        key="power",
        symbol="x{p_raised}",
        title=N_("Power"),
        family="arithmetic",
        inputs=("x",),
        value="x ^ p",
        local=("p * x ^ (p - 1)",),
        stable_local=("power_slope(x, p)",),
        note=N_("The exponent comes down as a factor and the power falls by one."),
        samples=_SINGLES,
        params={"p": 2.0},
        poles=(("x", 0.0),),
    ),
    Gate(
        key="max",
        symbol="max",
        title=N_("Maximum"),
        family="arithmetic",
        inputs=("x", "y"),
        value="max(x, y)",
        local=("winner(x, y)", "winner(y, x)"),
        shares={
            "first": ("first_winner(x, y, before)", "first_winner(y, x, before)"),
            "all": ("co_winner(x, y)", "co_winner(y, x)"),
        },
        note=N_("Max is a switch: the largest input gets the whole gradient, the others get none."),
        samples=_PAIRS,
        params={"inputs": 2.0},
        most=MOST,
        ties=True,
        vjp=_even_shares,
    ),
    Gate(
        key="min",
        symbol="min",
        title=N_("Minimum"),
        family="arithmetic",
        inputs=("x", "y"),
        value="min(x, y)",
        local=("winner(-x, -y)", "winner(-y, -x)"),
        shares={
            "first": ("first_winner(-x, -y, before)", "first_winner(-y, -x, before)"),
            "all": ("co_winner(-x, -y)", "co_winner(-y, -x)"),
        },
        note=N_(
            "Min is a switch: the smallest input gets the whole gradient, the others get none."
        ),
        ties=True,
        samples=_PAIRS,
        params={"inputs": 2.0},
        most=MOST,
        vjp=_even_shares,
    ),
)
