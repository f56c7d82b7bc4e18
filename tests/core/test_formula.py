"""Formulas: what is read, what is refused, and where the fault stands."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.formula import (
    FormulaError,
    Name,
    Number,
    gates_of,
    inputs_of,
    latex,
    numpy_function,
    numpy_source,
    parse,
    parse_program,
    python_source,
    text,
)
from bpstudio.core.formula.expr import names_in
from bpstudio.core.formula.parser import is_name
from bpstudio.core.formula.scalars import SCALARS
from bpstudio.core.gates.compute import quiet
from tests.core.formulas import build, call, evaluate, gates, refusal

x, y, z = Name("x"), Name("y"), Name("z")


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("x + y * z", call("add", x, call("multiply", y, z))),
        ("x - y - z", call("subtract", call("subtract", x, y), z)),
        ("x / y / z", call("divide", call("divide", x, y), z)),
        ("x ^ y ^ z", call("power", x, call("power", y, z))),
        ("x ** y ** z", call("power", x, call("power", y, z))),
        ("-x^2", call("negate", call("power", x, Number(2.0)))),
        ("-3", Number(-3.0)),
        ("-3^2", call("negate", call("power", Number(3.0), Number(2.0)))),
        ("(-3)^2", call("power", Number(-3.0), Number(2.0))),
        ("2^-x", call("power", Number(2.0), call("negate", x))),
        ("x * -y", call("multiply", x, call("negate", y))),
        ("-x * y", call("multiply", call("negate", x), y)),
        ("+x", x),
        ("--x", call("negate", call("negate", x))),
        ("x − y × z · 2", call("subtract", x, call("multiply", call("multiply", y, z), Number(2)))),
        ("（x＋y）÷2", call("divide", call("add", x, y), Number(2.0))),
        ("x²", call("power", x, Number(2.0))),
        ("-x⁻¹", call("negate", call("power", x, Number(-1.0)))),
        ("ln(x)", call("log", x)),
        ("max(x, y, z)", call("max", x, y, z)),
        ("1.5e-3 + .5 + 2.", call("add", call("add", Number(1.5e-3), Number(0.5)), Number(2.0))),
        (
            "α₁ * 权重_2 * x′",
            call("multiply", call("multiply", Name("α₁"), Name("权重_2")), Name("x′")),
        ),
    ],
)
def test_reads(formula, tree):
    assert parse(formula) == tree


def test_a_program_is_lines_of_definitions():
    program = parse_program("q = x + y\r\n\n  f = q * z\n")
    assert [(d.name, d.line) for d in program] == [("q", 1), ("f", 3)]
    assert program[1].expr == call("multiply", Name("q"), z)
    assert inputs_of(program) == ("x", "y", "z")


@pytest.mark.parametrize(
    ("formula", "name"), [("x * y", "f"), ("f * y", "g"), ("f = x\nf * g", "h")]
)
def test_a_bare_last_line_gets_a_free_name(formula, name):
    assert parse_program(formula)[-1].name == name


@pytest.mark.parametrize(
    ("formula", "place", "words"),
    [
        ("", (1, 1), "no formula"),
        ("x +", (1, 4), "missing after “+”"),
        ("f = x + * y", (1, 9), "missing before “*”"),
        ("f =", (1, 4), "missing after “=”"),
        ("(x + y", (1, 1), "never closed"),
        ("exp(x", (1, 4), "never closed"),
        ("x + y)", (1, 6), "closes nothing"),
        ("()", (1, 2), "missing before “)”"),
        ("2x", (1, 2), "write 2 * x"),
        ("x y", (1, 3), "write x * y"),
        ("x, y", (1, 2), "between the arguments"),
        ("f = g = x", (1, 7), "only once"),
        ("f == x", (1, 4), "missing before “=”"),
        ("2 = x", (1, 1), "name = expression"),
        ("sigmod(x)", (1, 1), "did you mean sigmoid"),
        ("q(x)", (1, 1), "no function “q”"),
        ("mine(x, y)", (1, 1), "did you mean min?"),
        ("stp(x)", (1, 1), "to multiply, write stp"),
        ("relu(x, y)", (1, 1), "relu takes 1 argument, not 2"),
        ("divide(x)", (1, 1), "divide takes 2 arguments, not 1"),
        ("power(x)", (1, 1), "power takes 2 arguments, not 1"),
        ("max(x)", (1, 1), "max takes 2 to 64 arguments, not 1"),
        ("1 + max(" + ",".join("x" * 65) + ")", (1, 5), "not 65"),
        ("exp = x", (1, 1), "name of a function"),
        ("exp + 1", (1, 1), "is a function; write exp(…)"),
        ("x = x + 1", (1, 5), "in terms of itself"),
        ("f = q * z\nq = x + y", (1, 5), "used before it is defined"),
        ("q = x\nq = y", (2, 1), "defined twice"),
        ("x + y\nf = x", (1, 1), "Only the last line"),
        ("__import__('os')", (1, 12), "has no meaning"),
        ("__import__(os)", (1, 1), "no function “__import__”"),
        ("x.real", (1, 2), "“.” has no meaning"),
        ("x = [y for y in z]", (1, 5), "“[” has no meaning"),
        ("f = x\n  + $", (2, 5), "“$” has no meaning"),
        ("x\x00", (1, 2), "U+0000"),
        ("1e999 * x", (1, 1), "too large"),
        ("9" * 5000, (1, 1), "too large"),
        ("x" * 65, (1, 1), "longer than 64"),
        ("(" * 101 + "x" + ")" * 101, (1, 101), "More than 100 levels"),
        ("-" * 101 + "x", (1, 101), "More than 100 levels"),
        ("2^" * 101 + "x", (1, 202), "More than 100 levels"),
        ("x + " * 5001, (1, 1), "20,004 characters"),
        ("x" * 1_000_000, (1, 1), "at most 20,000"),
    ],
)
def test_says_what_is_wrong_and_where(formula, place, words):
    with pytest.raises(FormulaError) as caught:
        parse_program(formula)
    assert (caught.value.line, caught.value.column) == place
    assert words in str(caught.value)
    assert f"Line {place[0]}, column {place[1]}:" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_expression_is_one_line():
    with pytest.raises(FormulaError, match="Only one expression"):
        parse("x\ny")


def test_long_and_deep_formulas_are_read_built_and_written_without_recursion():
    chain = "+".join(["x"] * 9999)
    started = time.process_time()
    graph = build(chain)
    assert len(graph.nodes) == 9999
    assert evaluate(graph, "f") == 9999.0
    assert float(numpy_function(chain, ["x"])(1.0)) == 9999.0
    assert len(latex(chain)) > 9999
    assert len(text(parse(chain))) > 9999
    nested = "(" * 99 + "x" + ")" * 99
    assert parse(nested) == x
    # The claim is "does not hang", not a speed.
    assert time.process_time() - started < 60


def test_thousands_of_digits_are_one_float():
    assert parse("0." + "3" * 5000) == Number(1 / 3)
    assert parse("1" + "0" * 300) == Number(1e300)


def test_huge_powers_are_infinite_and_quick():
    graph = build("9**9**9")
    assert gates(graph) == {"constant1": "constant", "f": "power"}
    assert evaluate(graph, "f") == math.inf
    assert float(numpy_function("9**9**9", [])()) == math.inf
    assert eval(python_source("9**9**9"), dict(SCALARS)) == math.inf  # noqa: S307
    with quiet():
        assert eval(numpy_source("9**9**9"), {"np": np}) == math.inf  # noqa: S307


@pytest.mark.parametrize("name", ["x", "w1", "α", "x₁", "权重", "a_b", "x′", "é"])
def test_names_of_any_script(name):
    assert is_name(name)
    assert names_in(parse(f"2 * {name}")) == (name,)


@pytest.mark.parametrize(
    "name", ["", "2x", "x y", "exp", "ln", "x²", "a.b", "x+", " x", "x\n", "e\u0301"]
)
def test_what_is_no_name(name):
    assert not is_name(name)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_place(formula):
    error = refusal(lambda: parse_program(formula))
    assert error is None or (error.line >= 1 and error.column >= 1)


@given(st.text("xy+-*/^()=,. 12eE\nexpmaxα²", max_size=60))
def test_anything_that_looks_like_a_formula_is_built_or_refused(formula):
    error = refusal(lambda: gates_of(parse_program(formula)))
    assert error is None or (error.line >= 1 and error.column >= 1)
