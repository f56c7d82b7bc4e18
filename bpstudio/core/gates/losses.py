"""What tells how wrong a prediction x is, given the target y."""

from __future__ import annotations

from bpstudio.core.gate import Gate
from bpstudio.language import N_

GATES = (
    Gate(
        key="half_squared_error",
        symbol="½(x−y)²",
        title=N_("Half squared error"),
        short=N_("Half squares"),
        family="losses",
        inputs=("x", "y"),
        value="0.5 * (x - y) ^ 2",
        parts="0.5 * square(x - y)",
        local=("x - y", "y - x"),
        # Halved before the second factor, so that the square does not overflow first.
        stable="0.5 * (x - y) * (x - y)",
        note=N_("The gradient is the difference itself: the further off, the harder the pull."),
        samples=((3.0, -4.0), (-2.0, 5.0), (0.5, 0.25), (0.75, 1.0), (120.0, 119.0)),
    ),
    Gate(
        key="cross_entropy_logit",
        symbol="CE",
        title=N_("Cross-entropy of a logit"),
        short=N_("Cross-entropy"),
        family="losses",
        inputs=("x", "y"),
        value="softplus(x) - x * y",
        local=("sigmoid(x) - y", "-x"),
        # Two terms of which neither is negative for a target in [0, 1]: nothing cancels. Each is 0
        # for its own target even where x is infinite.
        stable="fraction(1 - y, max(x, 0)) - fraction(y, min(x, 0)) + log1p(exp(-abs(x)))",
        # sigmoid(x) - y over the denominator 1 + e with e = exp(-|x|): exact at y = 0, 0.5 and 1.
        stable_local=(
            "((1 - 2 * y) * exp(-abs(x)) - (step(x) - y) * expm1(-abs(x))) / (1 + exp(-abs(x)))",
            "-x",
        ),
        note=N_("The gradient is the predicted probability minus the target."),
        samples=((-6.0, 0.0), (-0.7, 1.0), (0.4, 0.3), (2.0, 1.0), (5.0, 0.0), (9.0, 0.9)),
        source="-(y log s + (1 - y) log(1 - s)) with s = sigmoid(x)",
    ),
)
