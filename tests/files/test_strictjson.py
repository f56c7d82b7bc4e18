"""The exact scan agrees with Python's own reader, and says what that one cannot."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.files.faults import Fault
from bpstudio.files.strictjson import DEPTH, keys_and_depth, refuse_unsound, scan

_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


def _sound(text: str) -> bool:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    def refuse(text: str) -> float:
        raise ValueError(text)

    try:
        json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    except ValueError:
        return False
    return True


def _scanned(text: str) -> bool:
    try:
        scan(text)
    except Fault:
        return False
    return True


@given(_values, st.sampled_from([None, 0, 1]))
@settings(deadline=None)
def test_accepts_what_python_writes(value: object, indent: int | None):
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    assert _scanned(text)
    refuse_unsound(text)


@given(st.text(st.sampled_from('{}[]:,"ab01.e-+ \n\\tu'), max_size=14))
@settings(deadline=None, max_examples=500)
def test_agrees_with_python_on_any_text(text: str):
    # Python reads 1e999 and half a surrogate pair; neither can be written with these characters
    # but by an exponent of three digits.
    if "e" not in text:
        assert _scanned(text) == _sound(text)
    if not _scanned(text):
        with pytest.raises(Fault):
            refuse_unsound(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a":[1,{"b":2,"b":3}]}', "$.a[1].b"),
        ('{"a b":1,"a b":1}', '$["a b"]'),
        ('{"a":[0,1e999]}', "$.a[1]"),
        ('["\\ud800"]', "$[0]"),
        ("[1,]", "line 1, column 4"),
        ('{"a":1,}', "line 1, column 8"),
        ('[1\n,"a\nb"]', "line 2, column 2"),
        ("[01]", "line 1, column 2"),
        ('["\\x"]', "line 1, column 2"),
        ("[1] 2", "line 1, column 5"),
        ("[1}", "line 1, column 3"),
        ("", "line 1, column 1"),
    ],
)
def test_says_where_the_fault_is(text: str, place: str):
    with pytest.raises(Fault) as caught:
        scan(text)
    assert caught.value.place == place


@pytest.mark.parametrize(
    "text",
    [
        '{"a":{"b":1,"b":2}}',
        "[1e999]",
        "[-1E+400]",
        "[" + "9" * 400 + ".0]",
        '["\\uD800"]',
        "[NaN]",
        "[-Infinity]",
        "[" * 33 + "]" * 33,
        "[" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_the_quick_look_misses_nothing(text: str):
    with pytest.raises(Fault):
        refuse_unsound(text)


def test_keys_and_depth_are_counted():
    assert keys_and_depth([{"a": {"b": [1, {"c": 1}]}}, {"d": 1}, 5]) == (4, 4)
    assert keys_and_depth([]) == (0, 0)


def test_depth_is_counted_exactly():
    scan("[" * DEPTH + "]" * DEPTH)
    with pytest.raises(Fault, match="deeper"):
        scan("[" * (DEPTH + 1) + "]" * (DEPTH + 1))
