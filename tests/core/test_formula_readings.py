"""A formula as code, as LaTeX and with numbers put in."""

import numpy as np
import pytest

from bpstudio.core.formula import (
    FormulaError,
    latex,
    numpy_function,
    numpy_source,
    parse,
    python_source,
    text,
    torch_source,
    with_numbers,
)
from bpstudio.core.formula.expr import substitute
from bpstudio.core.formula.names import ascii_word, code_name
from bpstudio.core.formula.scalars import SCALARS
from bpstudio.core.gates.compute import quiet


def test_a_function_of_arrays_follows_the_order_of_names():
    f = numpy_function("q = x + y\nq * z", ["z", "x", "y"])
    assert np.array_equal(f(np.array([1.0, 2.0]), 3.0, np.array([1.0, -1.0])), [4.0, 4.0])


def test_a_function_of_arrays_makes_inf_and_nan_in_silence():
    f = numpy_function("log(x) + 1 / x + exp(x)", ["x"])
    assert np.array_equal(f(np.array([-1.0, 1e4])), [np.nan, np.inf], equal_nan=True)


def test_a_function_of_arrays_needs_all_names():
    with pytest.raises(FormulaError, match="Line 1, column 5: “y” has no value"):
        numpy_function("x + y", ["x"])


def test_nested_gates_do_not_multiply():
    deep = "sigmoid(" * 90 + "x" + ")" * 90
    assert 0.6 < float(numpy_function(deep, ["x"])(0.0)) < 0.7


def test_code_is_written_for_python_numpy_and_torch():
    formula = "q = α * x ^ 2 / y\nf = max(q, 1) + log(q)"
    assert python_source(formula) == (
        "q = divide(alpha * (x * x), y)\nf = maximum(q, 1.0) + log(q)"
    )
    assert numpy_source(formula) == "q = alpha * x ** 2.0 / y\nf = np.maximum(q, 1.0) + np.log(q)"
    assert torch_source(formula) == (
        "q = alpha * x ** 2.0 / y\nf = torch.clamp(q, min=1.0) + torch.log(q)"
    )


def test_python_source_computes_what_the_formula_says():
    formula = "1 / (1 + exp(-(a * b - c))) ^ 3 + max(a, b, c) / sqrt(b)"
    values = {"a": 0.3, "b": 2.0, "c": -1.0}
    direct = float(numpy_function(formula, list(values))(*values.values()))
    scope = {**SCALARS, **values, "__builtins__": {}}
    assert eval(python_source(formula), scope) == pytest.approx(direct, rel=1e-14)  # noqa: S307
    with quiet():
        scope = {"np": np, **{k: np.float64(v) for k, v in values.items()}}
        assert eval(numpy_source(formula), scope) == pytest.approx(direct, rel=1e-14)  # noqa: S307


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("x", "x"),
        ("α₁", "alpha1"),
        ("lambda", "v"),
        ("λ", "v"),
        ("__class__", "v"),
        ("权", "v"),
        ("x y", "x_y"),
        ("add.x", "add_x"),
        ("abs", "abs_2"),
        ("os;", "v"),
        ("taken", "taken_2"),
    ],
)
def test_names_in_code_pass_a_whitelist(name, spelt):
    assert code_name(name, "v", {"taken"}) == spelt
    assert ascii_word("x\n") == ""


@pytest.mark.parametrize(
    ("formula", "values", "written"),
    [
        ("q * z", {"q": 3.0, "z": -4.0}, "3 × (−4)"),
        ("x - y", {"x": 1.0, "y": -2.5}, "1 − (−2.5)"),
        ("x ^ 2", {"x": -4.0}, "(−4)²"),
        ("-1 / x ^ 2", {"x": 1.3678794411714423}, "−1 / 1.368²"),
        ("exp(x) * y", {"x": -1.0}, "exp(−1) × y"),
        ("-x", {"x": -1.0}, "−(−1)"),
        ("-x", {"x": 1.0}, "−1"),
    ],
)
def test_writes_the_numbers_in(formula, values, written):
    assert with_numbers(formula, values) == written


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("(x + y) * z", r"\left(x + y\right) \cdot z"),
        ("1 / (1 + exp(-x))", r"\frac{1}{1 + e^{-x}}"),
        ("w1 * x₁ + α", r"w_{1} \cdot x_{1} + \alpha"),
        ("sqrt(x) ^ 2 - (y - 1)", r"\sqrt{x}^{2} - \left(y - 1\right)"),
        ("abs(rate) / 2e-7", r"\frac{\left|\mathit{rate}\right|}{2 \cdot 10^{-7}}"),
        ("sigmoid(x) * -3", r"\sigma\left(x\right) \cdot \left(-3\right)"),
        ("q = x\nf = q ^ 2", r"q = x \\ f = q^{2}"),
    ],
)
def test_writes_latex(formula, written):
    assert latex(formula) == written


def test_substitutes_expressions_for_names():
    assert text(substitute(parse("x * y"), {"x": parse("a + b")})) == "(a + b) * y"


def test_every_promised_reading_is_there_and_nothing_else_is():
    import bpstudio.core.formula as formula

    assert [name for name in formula.__all__ if getattr(formula, name, None) is None] == []
    with pytest.raises(AttributeError):
        formula.no_such_reading  # noqa: B018
