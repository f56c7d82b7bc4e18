"""Gate code: runnable, as lecture notes write it, and equal to the engine for every gate."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any
from unicodedata import east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio import language
from bpstudio.core.gate import Gate
from bpstudio.core.gatecode import WIDTH, code_of
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.plan import Plan

PARAMS: dict[str, list[dict[str, float]]] = {
    "add_constant": [{"c": -0.25}],
    "scale": [{"a": -3.0}],
    "power": [{"p": 3.0}, {"p": -2.0}],
    "leaky_relu": [{"slope": 0.2}],
}
COMPUTING = [key for key, gate in GATES.items() if not gate.is_source]


def engine(gate: Gate, inputs: tuple[float, ...], params: dict[str, Any]) -> tuple[float, ...]:
    """(value, gradient by port) with an upstream gradient of 1.5."""
    given = {**params, "inputs": float(len(inputs))} if gate.grows else params
    ports = gate.ports(given)
    nodes = [Node(f"s{i}", "input", params={"value": v}) for i, v in enumerate(inputs)]
    wires = [Wire(f"w{i}", f"s{i}", "f", port) for i, port in enumerate(ports)]
    trace = Plan.of(
        Graph([*nodes, Node("f", gate.key, params=given)], wires, seeds={"f": 1.5})
    ).run()
    return trace.value_of("f"), *(trace.wire(f"w{i}")[3] for i in range(len(inputs)))


def executed(code: str, inputs: tuple[float, ...]) -> tuple[float, ...]:
    """What the code itself computes, run in a space of its own."""
    space: dict[str, Any] = {}
    exec(compile(code, "<gate>", "exec"), space)  # noqa: S102 - the point of the test
    value, cache = space["forward"](*inputs)
    grads = space["backward"](cache, 1.5)
    return value, *(grads if isinstance(grads, tuple) else (grads,))


def assert_equal_numbers(
    gate: Gate, inputs: tuple[float, ...], params: Mapping[str, float]
) -> None:
    code = code_of(gate, len(inputs), params)
    for mine, theirs in zip(
        executed(code, inputs), engine(gate, inputs, dict(params)), strict=True
    ):
        assert abs(mine - theirs) <= 1e-12 * (1 + abs(theirs)), (code, inputs)


@pytest.mark.parametrize("key", COMPUTING)
def test_the_code_gives_the_engines_numbers(key: str) -> None:
    gate = GATES[key]
    for params in PARAMS.get(key, [{}]):
        for sample in gate.samples:
            assert_equal_numbers(gate, sample, params)


@pytest.mark.parametrize("key", [key for key in COMPUTING if GATES[key].grows])
@pytest.mark.parametrize("size", [3, 9, 64])
def test_the_code_of_a_gate_that_grew_gives_the_engines_numbers(key: str, size: int) -> None:
    assert_equal_numbers(GATES[key], tuple(0.9 + 0.01 * (i % 7) for i in range(size)), {})


special = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-100, -1e-100, 30.0, -30.0])
ordinary = st.floats(-30, 30).map(lambda x: x if abs(x) > 1e-100 else 0.0)
"""Nothing whose square is 0: the shown formulas divide by squares, the engine does not."""


@pytest.mark.parametrize("key", COMPUTING)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_at_any_point_the_code_gives_the_engines_numbers_or_python_refuses(
    key: str, data: st.DataObject
) -> None:
    gate = GATES[key]
    ports = data.draw(st.integers(2, 5)) if gate.grows else len(gate.inputs)
    points = st.tuples(*[special | ordinary] * ports)
    inputs = data.draw(points)
    theirs = engine(gate, inputs, {})
    try:
        mine = executed(code_of(gate, ports, {}), inputs)
    except (ZeroDivisionError, ValueError, OverflowError):
        # Python's own arithmetic has no 1 / 0 and no log(-1): there the engine has inf or nan.
        assert not all(map(math.isfinite, theirs))
        return
    for one, other in zip(mine, theirs, strict=True):
        assert one == other or abs(one - other) <= 1e-12 * (1 + abs(other)), inputs


@pytest.mark.parametrize("key", ["max", "min"])
def test_a_tie_is_shared_as_the_engine_shares_it(key: str) -> None:
    assert_equal_numbers(GATES[key], (2.0, 2.0), {})
    assert_equal_numbers(GATES[key], (2.0, 1.0, 2.0), {})


@pytest.mark.parametrize("key", list(GATES))
def test_the_code_is_python_within_79_columns(key: str) -> None:
    for size in (2, 5, 64) if GATES[key].grows else (len(GATES[key].inputs),):
        code = code_of(GATES[key], size, {})
        ast.parse(code)
        assert max(map(len, code.split("\n"))) <= WIDTH
        assert code.endswith("\n")
        assert not any(line.endswith(" ") for line in code.split("\n"))


def test_multiply_reads_as_in_lecture_notes() -> None:
    assert code_of(GATES["multiply"], 2, {}) == (
        "def forward(x, y):\n"
        "    z = x * y\n"
        "    cache = x, y\n"
        "    return z, cache\n"
        "\n\n"
        "def backward(cache, upstream):\n"
        "    x, y = cache\n"
        "    dx = y * upstream\n"
        "    dy = x * upstream\n"
        "    return dx, dy\n"
    )


def test_add_caches_nothing() -> None:
    code = code_of(GATES["add"], 2, {})
    assert "return z, None" in code
    assert "dx = upstream\n    dy = upstream\n" in code
    assert "import" not in code


def test_exp_keeps_its_value_and_imports_math() -> None:
    code = code_of(GATES["exp"], 1, {})
    assert code.startswith("import math\n\n\ndef forward(x):\n    z = math.exp(x)\n    cache = z\n")
    assert "dx = z * upstream" in code


def test_params_stand_at_the_top_by_name() -> None:
    assert code_of(GATES["scale"], 1, {"a": -0.5}).startswith("a = -0.5\n\n\ndef forward(x):")
    assert "z = a * x" in code_of(GATES["scale"], 1, {})
    infinite = code_of(GATES["scale"], 1, {"a": math.inf})
    assert infinite.startswith('a = float("inf")')
    assert executed(infinite, (2.0,)) == (math.inf, math.inf)


def test_a_comment_names_the_engines_own_form() -> None:
    code = code_of(GATES["sigmoid"], 1, {})
    assert "z = 1 / (1 + math.exp(-x))" in code
    assert "# Backprop Studio computes exp(min(x, 0)) / (1 + exp(-abs(x))): the same," in code
    assert "#" not in code_of(GATES["square"], 1, {})
    # Of two ports only the one whose gradient differs says so.
    assert code_of(GATES["divide"], 2, {}).count("# Backprop Studio computes") == 1


def test_a_source_has_nothing_to_compute() -> None:
    assert code_of(GATES["input"], 0, {"value": 3.0}) == (
        "# Nothing to compute: its number comes from outside.\n"
    )


def own(value: str, local: tuple[str, ...], inputs: tuple[str, ...]) -> Gate:
    return Gate("mine", "m", "Mine", "functions", inputs, value, local, "", ())


def test_an_own_gate_has_code_too_whatever_its_ports_are_called() -> None:
    gate = own("sigmoid(π) * class", ("1", "sigmoid(π)"), ("π", "class"))
    code = code_of(gate, 2, {})
    assert "def forward(pi, v):" in code
    value, _, slope = executed(code, (0.3, 2.0))
    assert value == pytest.approx(2.0 / (1 + math.exp(-0.3)))
    assert slope == pytest.approx(1.5 / (1 + math.exp(-0.3)))


def test_ports_never_take_a_name_of_the_code() -> None:
    names = ("cache", "upstream", "math", "z", "dx", "x")
    gate = own("cache * upstream * math * z * dx * exp(x)", tuple(names), names)
    value, *slopes = executed(code_of(gate, 6, {}), (1.0, 2.0, 3.0, 4.0, 5.0, 0.0))
    assert value == 120.0
    # The local gradients are made up: each is its own port, z too.
    assert slopes == [1.5, 3.0, 4.5, 6.0, 7.5, 0.0]


def test_a_derivative_that_is_not_spelt_out_is_said_to_be() -> None:
    assert code_of(own("x * x", ("slope",), ("x",)), 1, {}).startswith(
        "# Its derivative is too long"
    )


def test_towers_of_powers_do_not_run_for_years() -> None:
    code = code_of(own("x * 9 ^ 9 ^ 9", ("9 ^ 9 ^ 9",), ("x",)), 1, {})
    with pytest.raises(OverflowError):
        executed(code, (1.0,))


@pytest.mark.parametrize("key", ["sigmoid", "max", "gelu", "cross_entropy_logit"])
def test_narrow_code_is_the_same_code(key: str) -> None:
    gate = GATES[key]
    wide = code_of(gate, len(gate.inputs), gate.params)
    narrow = code_of(gate, len(gate.inputs), gate.params, 34)
    assert max(map(len, narrow.split("\n"))) <= 34
    strip = lambda code: [ast.dump(node) for node in ast.parse(code).body]  # noqa: E731
    assert strip(narrow) == strip(wide)


def test_a_chinese_comment_is_broken_between_characters() -> None:
    language.use("zh_CN")
    try:
        code = code_of(GATES["sigmoid"], 1, {}, 34)
    finally:
        language.use("en")
    wide = [sum(1 + (east_asian_width(c) in "WF") for c in line) for line in code.split("\n")]
    assert max(wide) <= 36  # a sign that may begin no line stays on the one before
    assert "结果相同" in code.replace("\n    # ", "")
