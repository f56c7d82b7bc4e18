import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.numbers import exact, factor, read, read_column, show


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-4.0, "−4"),
        (-12.0, "−12"),
        (2.5, "2.5"),
        (0.36787944117144233, "0.3679"),
        (-0.49999, "−0.5000"),
        (1.2345678e-7, "1.235e−7"),
        (12345.678, "12346"),
        (123456789.0, "1.235e8"),
        (0.0, "0"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
    ],
)
def test_shows_exact_numbers_short_and_rounded_ones_with_all_digits(value, text):
    assert show(value) == text


def test_only_the_exact_text_tells_the_sign_of_zero():
    assert exact(-0.0) == "−0"
    assert exact(0.0) == "0"


def test_more_digits_show_more():
    assert show(math.pi, 3) == "3.14"
    assert show(math.pi, 8) == "3.1415927"


def test_a_negative_factor_stands_in_parentheses():
    assert factor(-4.0) == "(−4)"
    assert factor(4.0) == "4"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_exact_reads_back_as_the_same_float(value):
    assert math.copysign(1.0, read(exact(value))) == math.copysign(1.0, value)
    assert read(exact(value)) == value


# Beyond 1e308 a rounded text may rightly read as more than the largest float.
@given(st.floats(-1e308, 1e308), st.integers(1, 15))
def test_a_shown_number_is_the_value_to_its_digits(value, digits):
    assert read(show(value, digits)) == pytest.approx(value, rel=0.51 * 10 ** (1 - digits), abs=0)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,5", "nan", "1e", "--1", "1 2", "0x10", "1_000", "١"]
)
def test_refuses_what_is_no_number(text):
    with pytest.raises(ValueError):
        read(text)


def test_reads_what_people_type():
    assert read(" −2.5 ") == -2.5
    assert read("+.5e1") == 5.0
    assert read("3.") == 3.0


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("−2.5", -2.5),
        ("1, 2,3", (1.0, 2.0, 3.0)),
        ("1，−2；3", (1.0, -2.0, 3.0)),
        ("1\n2\n", (1.0, 2.0)),
        ("4,", 4.0),
    ],
)
def test_reads_a_number_or_a_batch_of_samples(text, column):
    assert read_column(text) == column


@pytest.mark.parametrize("text", ["", "1,,2", "1, x", ",", "1 2"])
def test_what_is_no_column_is_refused(text):
    with pytest.raises(ValueError):
        read_column(text)
