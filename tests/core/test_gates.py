import ast
import inspect
import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.derive import differentiate
from bpstudio.core.formula import (
    FormulaError,
    latex,
    numpy_function,
    parse,
    text,
    torch_source,
)
from bpstudio.core.formula.arrays import ARRAYS
from bpstudio.core.formula.expr import names_in
from bpstudio.core.formula.functions import HELPERS, PRIMITIVES, functions
from bpstudio.core.formula.special import normal_cdf, winner
from bpstudio.core.gate import FAMILIES, growing_ports
from bpstudio.core.gates import GATES, activations, arithmetic, losses, sources
from bpstudio.core.gates.compute import (
    SCALARS,
    local_function,
    local_text,
    quiet,
    scalar_source,
    value_function,
    value_text,
)
from bpstudio.core.shape import face
from tests.core.reference_math import EXACT, GRID, points, rounded, ulps

COMPUTED = [gate for gate in GATES.values() if not gate.is_source]
INTERFACES = {
    "input": ((), {"value", "trainable"}),
    "constant": ((), {"value"}),
    **{key: (("x", "y"), {"inputs"}) for key in ("add", "multiply", "max", "min")},
    **{key: (("x", "y"), set()) for key in ("subtract", "divide")},
    **{
        key: (("x",), set())
        for key in (
            *("negate", "reciprocal", "square", "sqrt", "abs", "exp", "log", "sin", "cos"),
            *("sigmoid", "tanh", "relu", "softplus", "gelu", "elu"),
        )
    },
    "add_constant": (("x",), {"c"}),
    "scale": (("x",), {"a"}),
    "power": (("x",), {"p"}),
    "leaky_relu": (("x",), {"slope"}),
    "half_squared_error": (("x", "y"), set()),
    "cross_entropy_logit": (("x", "y"), set()),
}

each_gate = pytest.mark.parametrize("gate", COMPUTED, ids=lambda gate: gate.key)


def compute(gate, point, params=None):
    """Value and local gradients by the NumPy functions, as floats."""
    params = {**gate.params, **(params or {})}
    arrays = tuple(np.array([x]) for x in point)
    with quiet():
        value = value_function(gate, len(point))(arrays, params)
        local = local_function(gate, len(point))(arrays, params, value)
    return float(value[0]), [float(np.broadcast_to(one, 1)[0]) for one in local]


def compute_scalar(gate, point, params=None):
    """The same by the scalar source."""
    names = [f"v{i}" for i in range(len(point))]
    params = {**gate.params, **(params or {})}
    source = scalar_source(gate, names, "v9", {k: repr(float(v)) for k, v in params.items()})
    scope = {**SCALARS, **dict(zip(names, point, strict=True)), "__builtins__": {}}
    scope["v9"] = value = eval(source.value, scope)  # noqa: S307
    return value, [eval(line, scope) for line in source.local]  # noqa: S307


def longer(gate):
    """The gate's samples, and for a gate that grows ones with up to five inputs."""
    yield from gate.samples
    if gate.grows:
        yield (1.5, -2.0, 0.25)
        yield (3.0, 2.0, -7.0, 0.5, 4.0)


def differences(gate, point):
    """Central differences of the value, one per port."""
    for i, x in enumerate(point):
        h = 1e-6 * max(1e-3, abs(x))
        up = compute(gate, (*point[:i], x + h, *point[i + 1 :]))[0]
        down = compute(gate, (*point[:i], x - h, *point[i + 1 :]))[0]
        yield (up - down) / ((x + h) - (x - h)), abs(up) * 1e-16 / h


# --- what the table says -----------------------------------------------------------------------


def test_the_table_holds_the_gates_of_the_interfaces_and_no_other():
    assert {k: (g.inputs, set(g.params)) for k, g in GATES.items()} == INTERFACES


@pytest.mark.parametrize("gate", GATES.values(), ids=lambda gate: gate.key)
def test_an_entry_is_complete(gate):
    assert gate.family in FAMILIES
    assert gate.title
    assert gate.note.endswith(".")
    assert len(gate.local) == len(gate.inputs)
    assert len(gate.stable_local) in (0, len(gate.inputs))
    assert all(len(sample) == len(gate.inputs) for sample in gate.samples)
    assert gate.samples
    assert 1 <= len(face(gate, gate.params)) <= 8


def test_the_palette_keeps_families_together():
    families = [gate.family for gate in GATES.values()]
    assert [family for family, _ in itertools.groupby(families)] == list(FAMILIES)


@pytest.mark.parametrize("room", [sources, arithmetic, activations, losses])
def test_titles_and_notes_are_marked_for_translation(room):
    found = 0
    for call in ast.walk(ast.parse(inspect.getsource(room))):
        if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "Gate":
            continue
        for keyword in call.keywords:
            if keyword.arg in ("title", "note"):
                assert isinstance(keyword.value, ast.Call)
                assert keyword.value.func.id == "N_"
                found += 1
    assert found == 2 * len(room.GATES)


@pytest.mark.parametrize(
    ("key", "params", "shown"),
    [
        ("scale", {"a": -1.0}, "×(−1)"),
        ("scale", {"a": 2.0}, "×2"),
        ("add_constant", {"c": 1.0}, "+1"),
        ("add_constant", {"c": -2.0}, "−2"),
        ("power", {"p": 3.0}, "x³"),
        ("power", {"p": -1.0}, "x⁻¹"),
    ],
)
def test_a_card_shows_its_parameter(key, params, shown):
    assert face(GATES[key], params) == shown


# --- formulas and numbers agree ----------------------------------------------------------------


@each_gate
def test_texts_speak_only_of_ports_and_params(gate):
    known = {*gate.inputs, *gate.params} - {"inputs"}
    assert set(names_in(parse(gate.value))) <= known
    for line in gate.local:
        assert set(names_in(parse(line))) <= known | {"z"}


@each_gate
def test_the_computed_value_is_the_shown_formula(gate):
    for point in longer(gate):
        ports = growing_ports(len(point)) if gate.grows else gate.inputs
        params = {name: v for name, v in gate.params.items() if name != "inputs"}
        shown = numpy_function(value_text(gate, len(point)), [*ports, *params])
        assert compute(gate, point)[0] == pytest.approx(
            float(shown(*point, *params.values())), rel=1e-9, abs=1e-12
        )


@each_gate
def test_the_computed_local_gradients_are_the_shown_formulas(gate):
    for point in longer(gate):
        ports = growing_ports(len(point)) if gate.grows else gate.inputs
        params = {name: v for name, v in gate.params.items() if name != "inputs"}
        value, local = compute(gate, point)
        for index, number in enumerate(local):
            line = local_text(gate, len(point), index)
            shown = numpy_function(line, [*ports, *params, "z"])
            assert number == pytest.approx(
                float(shown(*point, *params.values(), value)), rel=1e-6, abs=1e-12
            )


@each_gate
def test_local_gradients_are_central_differences(gate):
    for point in longer(gate):
        for number, (numeric, noise) in zip(
            compute(gate, point)[1], differences(gate, point), strict=True
        ):
            assert number == pytest.approx(numeric, rel=2e-6, abs=1e-9 + 20 * noise)


@each_gate
def test_local_gradients_are_the_derivative_by_our_own_rules(gate):
    for point in longer(gate):
        ports = growing_ports(len(point)) if gate.grows else gate.inputs
        params = {name: v for name, v in gate.params.items() if name != "inputs"}
        formula = parse(value_text(gate, len(point)))
        for port, number in zip(ports, compute(gate, point)[1], strict=True):
            derived = numpy_function(text(differentiate(formula, port)), [*ports, *params])
            assert number == pytest.approx(
                float(derived(*point, *params.values())), rel=1e-6, abs=1e-11
            )


@each_gate
def test_scalar_source_computes_the_same_to_two_ulp(gate):
    every = [*longer(gate), *points(gate.key, len(gate.inputs))]
    if len(gate.inputs) == 1:
        every += [(math.inf,), (-math.inf,), (math.nan,)]
    for point in every:
        value, local = compute(gate, point)
        other_value, other_local = compute_scalar(gate, point)
        for got, want in zip((other_value, *other_local), (value, *local), strict=True):
            assert isinstance(got, float)
            assert (got != got and want != want) or ulps(got, want) <= 2, (point, got, want)


@pytest.mark.parametrize("key", EXACT)
@pytest.mark.parametrize("way", [compute, compute_scalar])
def test_at_most_four_ulp_from_mpmath(key, way):
    gate = GATES[key]
    checked = 0
    for point in points(key, len(gate.inputs)):
        value, local = way(gate, point)
        for got, exact in zip((value, *local), EXACT[key], strict=True):
            want = rounded(exact, point)
            if want is not None:
                assert ulps(got, want) <= 4, (point, got, want)
                checked += 1
    assert checked > len(GRID) / 2


def test_every_computed_gate_is_held_to_mpmath():
    assert set(EXACT) == {gate.key for gate in COMPUTED}


@pytest.mark.parametrize("p", [3.0, -1.0, 0.5, 0.1, -0.7, 2.5, 10.0, 0.0, 1.0])
@pytest.mark.parametrize("way", [compute, compute_scalar])
def test_powers_are_exact_to_four_ulp(p, way):
    from mpmath import mpf

    for x in GRID:
        value, local = way(GATES["power"], (x,), {"p": p})
        for got, exact in (
            (value, lambda x: x ** mpf(p)),
            (local[0], lambda x: mpf(p) * x ** (mpf(p) - 1) if p else mpf(0)),
        ):
            want = rounded(exact, (x,)) if x > 0 or (x and p.is_integer()) else None
            if want is not None:
                assert ulps(got, want) <= 4, (x, p, got, want)


# --- edges -------------------------------------------------------------------------------------


@each_gate
def test_nan_in_is_nan_out(gate):
    for index in range(len(gate.inputs)):
        point = [0.5] * len(gate.inputs)
        point[index] = math.nan
        assert math.isnan(compute(gate, tuple(point))[0])


@pytest.mark.parametrize(
    ("key", "point", "value", "local"),
    [
        ("relu", (0.0,), 0.0, [0.0]),
        ("abs", (0.0,), 0.0, [0.0]),
        ("leaky_relu", (0.0,), 0.0, [0.01]),
        ("max", (2.0, 2.0), 2.0, [0.5, 0.5]),
        ("min", (2.0, 2.0), 2.0, [0.5, 0.5]),
        ("max", (1.0, 3.0, 3.0, 3.0), 3.0, [0.0, 1 / 3, 1 / 3, 1 / 3]),
        ("min", (1.0, 3.0, 1.0), 1.0, [0.5, 0.0, 0.5]),
        ("exp", (800.0,), math.inf, [math.inf]),
        ("reciprocal", (0.0,), math.inf, [-math.inf]),
        ("reciprocal", (-0.0,), -math.inf, [-math.inf]),
        ("divide", (-1.0, 0.0), -math.inf, [math.inf, math.inf]),
        ("log", (0.0,), -math.inf, [math.inf]),
        ("sqrt", (0.0,), 0.0, [math.inf]),
        ("multiply", (0.0, 3.0, 0.0), 0.0, [0.0, 0.0, 0.0]),
        ("multiply", (0.0, 3.0, 2.0), 0.0, [6.0, 0.0, 0.0]),
        ("gelu", (-math.inf,), 0.0, [0.0]),
    ],
)
def test_the_edges_are_as_agreed(key, point, value, local):
    assert compute(GATES[key], point) == (value, local)
    assert compute_scalar(GATES[key], point) == (value, local)


def test_saturated_gradients_are_tiny_and_not_zero():
    assert compute(GATES["sigmoid"], (40.0,))[1][0] == pytest.approx(4.248354255291589e-18)
    assert compute(GATES["sigmoid"], (700.0,))[1][0] > 0
    assert compute(GATES["tanh"], (20.0,))[1][0] == pytest.approx(1.6993417021166355e-17)
    assert compute(GATES["cross_entropy_logit"], (40.0, 1.0))[1][0] == pytest.approx(
        -4.248e-18, 1e-3
    )


def test_a_product_of_sixty_four_inputs_is_right_on_every_port():
    point = tuple(1.0 + i / 64 for i in range(64))
    value, local = compute(GATES["multiply"], point)
    assert local == pytest.approx([value / x for x in point])


def test_arrays_and_params_broadcast_over_groups_and_batches():
    x = np.linspace(-2.0, 2.0, 10).reshape(2, 5)
    slope = np.array([[0.1], [0.3]])
    gate = GATES["leaky_relu"]
    value = value_function(gate, 1)((x,), {"slope": slope})
    (local,) = local_function(gate, 1)((x,), {"slope": slope}, value)
    assert np.array_equal(value, np.where(x > 0, x, slope * x))
    assert np.array_equal(local, np.where(x > 0, 1.0, slope))


@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0, 2.0]), min_size=2, max_size=6))
def test_the_shares_of_a_maximum_add_up_to_one(values):
    shares = [float(winner(x, *(values[:i] + values[i + 1 :]))) for i, x in enumerate(values)]
    assert sum(shares) == pytest.approx(1.0)
    assert {s > 0 for s, x in zip(shares, values, strict=True) if x == max(values)} == {True}


@given(st.floats(-45, 45))
def test_the_normal_distribution_is_symmetric(x):
    total = float(normal_cdf(np.float64(x))) + float(normal_cdf(np.float64(-x)))
    assert total == pytest.approx(1.0, abs=1e-15)


# --- other readings ----------------------------------------------------------------------------


def test_every_primitive_has_an_array_reading_and_a_derivative():
    from bpstudio.core.derive import RULES

    assert set(ARRAYS) == PRIMITIVES
    assert PRIMITIVES - set(RULES) == {"normal_cdf", "gelu_slope", "power_slope"}


def test_what_has_no_rule_says_so():
    with pytest.raises(FormulaError, match="normal_cdf"):
        differentiate(parse("normal_cdf(x)"), "x")


@pytest.mark.parametrize("key", functions())
def test_every_function_has_a_latex_reading(key):
    function = functions()[key]
    call = f"{key}({', '.join(['x', '2', 'y'][: function.least])})"
    written = latex(call)
    assert "_" not in written.replace("_{", "").replace(r"\_", "")
    assert written.count("{") == written.count("}")
    assert "x" in written


@each_gate
def test_every_gate_draws_in_the_mathematics_font(gate):
    ziamath = pytest.importorskip("ziamath")
    for line in (gate.value, *gate.local):
        drawn = ziamath.Latex(latex(line)).svg()
        assert drawn.startswith("<svg")


@each_gate
@pytest.mark.peer
def test_the_torch_reading_is_the_same_function(gate):
    torch = pytest.importorskip("torch")
    params = {name: float(v) for name, v in gate.params.items() if name != "inputs"}
    source = torch_source(value_text(gate, len(gate.inputs)))
    for point in gate.samples:
        scope = {"torch": torch, **params}
        scope |= {
            port: torch.tensor(x, dtype=torch.float64)
            for port, x in zip(gate.inputs, point, strict=True)
        }
        result = eval(source, scope)  # noqa: S307
        assert float(result) == pytest.approx(compute(gate, point)[0], rel=1e-9)


def test_helpers_are_no_gates():
    assert not set(HELPERS) & set(GATES)


def test_the_cross_entropy_of_an_infinite_logit_is_its_limit():
    for x, y, value in (
        (math.inf, 1.0, 0.0),
        (-math.inf, 0.0, 0.0),
        (math.inf, 0.0, math.inf),
        (-math.inf, 1.0, math.inf),
    ):
        assert compute(GATES["cross_entropy_logit"], (x, y))[0] == value
