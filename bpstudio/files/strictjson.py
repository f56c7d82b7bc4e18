"""An exact look at JSON text, for what the fast decoder cannot say: a key written twice, nesting
too deep, half a surrogate pair, a number that is too large; each with its path.

The fast decoder reads every good document. This scan runs only when a quick count makes it
suspicious, when a document comes from a later version, or to say where a fault is. It never
recurses, so no depth of nesting can hurt it.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from bpstudio.files.faults import ROOT, Fault, out_of_range, position
from bpstudio.language import tr

DEPTH = 32
"""The deepest nesting of lists and objects in a document."""

MOST_SCANNED = 4 * 2**20
"""Characters of a bad document up to which it is scanned for the exact place: some seconds."""

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")'
    r"|(?P<mark>[{}\[\]:,])"
    r"|(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.+-]))"
    r"|(?P<word>true|false|null)(?!\w))",
    re.ASCII,
)
_CUT = re.compile(
    r'(?:"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*\\?'
    r"|-?(?:\d+\.|\d+(?:\.\d+)?[eE][-+]?)?|tr?u?|fa?l?s?|nu?l?)\Z",
    re.ASCII,
)
"""The beginning of a token at the very end of the text."""
_BLANK = re.compile(r"[ \t\r\n]*")
_ODD = re.compile(r"\\u[dD][89a-fA-F]|[eE]\+?\d{3}|\d{300}")
"""What Python's reader lets through or rounds to infinity: half a surrogate pair, 1e999."""
_HALF = re.compile(r"[\ud800-\udfff]")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class _Level:
    """One open list or object: where the next entry stands."""

    __slots__ = ("index", "key", "keys")

    def __init__(self, is_object: bool) -> None:
        self.keys: set[str] | None = set() if is_object else None
        self.index = 0
        self.key = ""


def refuse_unsound(text: str) -> None:
    """Raise Fault for the first fault in the text, which costs next to nothing where none is."""
    odd = _ODD.search(text) is not None
    if not odd and _reads_well(text):
        return
    if not odd and len(text) > MOST_SCANNED:
        raise Fault(ROOT, tr("a key is written twice, or it is nested too deep"))
    scan(text)


def _reads_well(text: str) -> bool:
    """What Python's own reader says, but for what _ODD finds."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return keys_and_depth([value])[1] <= DEPTH


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(word: str) -> float:
    raise ValueError(word)


def keys_and_depth(values: list[Any]) -> tuple[int, int]:
    """How many keys these decoded values hold, and how deep they nest; without recursion."""
    keys = depth = 0
    level = [value for value in values if isinstance(value, dict | list)]
    while level:
        depth += 1
        keys += sum(len(value) for value in level if isinstance(value, dict))
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
    return keys, depth


def scan(text: str) -> None:
    """Raise Fault for the first fault in the text; return when it is one sound JSON value."""
    levels: list[_Level] = []
    wanted = "value"
    at = 0
    while wanted != "end":
        token = _TOKEN.match(text, at)
        if token is None:
            raise _broken(text, at)
        kind = token.lastgroup or ""
        found = token[kind]
        try:
            wanted = _step(levels, wanted, found, kind)
        except _Misplaced:
            raise _broken(text, token.start(kind)) from None
        at = token.end()
    rest = _BLANK.match(text, at)
    if rest is not None and rest.end() != len(text):
        raise _broken(text, rest.end())


class _Misplaced(Exception):
    """A token that may not stand where it stands."""


def _path(levels: list[_Level]) -> str:
    # Deeper than a document may be, the path would be as long as the attack.
    parts = (
        f"[{level.index}]" if level.keys is None else join(level.key)
        for level in levels[: DEPTH + 1]
    )
    return ROOT + "".join(parts)


def join(key: str) -> str:
    """A key as one more part of a path: `.label`, or in quotes where it is not a plain word."""
    return f".{key}" if _PLAIN.match(key) else f'["{key}"]'


def _step(levels: list[_Level], wanted: str, found: str, kind: str) -> str:
    """Take one token where `wanted` is allowed; answer what is wanted next."""
    if kind == "string" and wanted in ("key", "first key"):
        _take_key(levels, _unquoted(found, levels))
        return "colon"
    if found in ("}", "]"):
        fits = levels and (levels[-1].keys is not None) == (found == "}")
        allowed = ("comma", "first key") if found == "}" else ("comma", "first value")
        if not fits or wanted not in allowed:
            raise _Misplaced
        levels.pop()
        return "comma" if levels else "end"
    if found == ":" and wanted == "colon":
        return "value"
    if found == "," and wanted == "comma":
        levels[-1].index += 1
        return "key" if levels[-1].keys is not None else "value"
    if wanted not in ("value", "first value") or found in (":", ","):
        raise _Misplaced
    if found in ("{", "["):
        if len(levels) >= DEPTH:
            raise Fault(_path(levels), too_deep())
        levels.append(_Level(found == "{"))
        return "first key" if found == "{" else "first value"
    if kind == "string":
        _unquoted(found, levels)
    if kind == "number" and not math.isfinite(float(found)):
        raise Fault(_path(levels), out_of_range())
    return "comma" if levels else "end"


def too_deep() -> str:
    return tr("nested deeper than {depth} levels", depth=DEPTH)


def _take_key(levels: list[_Level], key: str) -> None:
    level = levels[-1]
    level.key = key
    assert level.keys is not None
    if key in level.keys:
        raise Fault(_path(levels), tr("the key is written twice"))
    level.keys.add(key)


def _unquoted(found: str, levels: list[_Level]) -> str:
    if "\\" not in found:
        return found[1:-1]
    try:
        text = str(json.loads(found))
    except ValueError:
        raise _Misplaced from None
    if _HALF.search(text):
        raise Fault(_path(levels), tr("the text holds half of a surrogate pair"))
    return text


def _broken(text: str, at: int) -> Fault:
    blank = _BLANK.match(text, at)
    start = blank.end() if blank else at
    if _CUT.match(text, start):
        return Fault(_line_and_column(text, len(text)), tr("the file is cut off here"))
    found = tr("not valid JSON (at {text})", text=text[start : start + 12])
    return Fault(_line_and_column(text, start), found)


def _line_and_column(text: str, at: int) -> str:
    before = text[:at].encode("utf-8", "replace")
    return position(before, len(before))
