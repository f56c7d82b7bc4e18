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

from bpstudio.files.faults import ROOT, Fault, out_of_range, position
from bpstudio.language import tr

DEPTH = 32
"""The deepest nesting of lists and objects in a document."""

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
_HALF = re.compile(r"[\ud800-\udfff]")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class _Level:
    """One open list or object: where the next entry stands."""

    __slots__ = ("index", "key", "keys")

    def __init__(self, is_object: bool) -> None:
        self.keys: set[str] | None = set() if is_object else None
        self.index = 0
        self.key = ""


def scan(text: str) -> None:
    """Raise Fault for the first fault in the text; return when it is one sound JSON value."""
    levels: list[_Level] = []
    wanted = "value"
    at = 0
    while wanted != "end":
        token = _TOKEN.match(text, at)
        if token is None:
            raise _broken(text, at)
        kind, start = token.lastgroup, token.start(token.lastgroup or 0)
        found = token[kind or 0]
        wanted = _step(levels, wanted, found, kind, _Place(text, start, levels))
        at = token.end()
    rest = _BLANK.match(text, at)
    if rest is not None and rest.end() != len(text):
        raise _broken(text, rest.end())


class _Place:
    """Where the scan stands; made into words only when a fault is found."""

    __slots__ = ("levels", "start", "text")

    def __init__(self, text: str, start: int, levels: list[_Level]) -> None:
        self.text, self.start, self.levels = text, start, levels

    def path(self) -> str:
        parts = [ROOT]
        # Deeper than a document may be, the path would be as long as the attack.
        for level in self.levels[: DEPTH + 1]:
            if level.keys is None:
                parts.append(f"[{level.index}]")
            else:
                parts.append(join(level.key))
        return "".join(parts)

    def broken(self) -> Fault:
        return _broken(self.text, self.start)


def join(key: str) -> str:
    """A key as one more part of a path: `.label`, or in quotes where it is not a plain word."""
    return f".{key}" if _PLAIN.match(key) else f'["{key}"]'


def _step(levels: list[_Level], wanted: str, found: str, kind: str | None, place: _Place) -> str:
    """Take one token where `wanted` is allowed; answer what is wanted next."""
    if kind == "string" and wanted in ("key", "first key"):
        _take_key(levels[-1], _unquoted(found, place), place)
        return "colon"
    if found in ("}", "]"):
        fits = levels and (levels[-1].keys is not None) == (found == "}")
        allowed = ("comma", "first key") if found == "}" else ("comma", "first value")
        if not fits or wanted not in allowed:
            raise place.broken()
        levels.pop()
        return "comma" if levels else "end"
    if found == ":" and wanted == "colon":
        return "value"
    if found == "," and wanted == "comma":
        levels[-1].index += 1
        return "key" if levels[-1].keys is not None else "value"
    if wanted not in ("value", "first value") or found in (":", ","):
        raise place.broken()
    if found in ("{", "["):
        if len(levels) >= DEPTH:
            raise Fault(place.path(), too_deep())
        levels.append(_Level(found == "{"))
        return "first key" if found == "{" else "first value"
    if kind == "string":
        _unquoted(found, place)
    if kind == "number" and not math.isfinite(float(found)):
        raise Fault(place.path(), out_of_range())
    return "comma" if levels else "end"


def too_deep() -> str:
    return tr("nested deeper than {depth} levels", depth=DEPTH)


def _take_key(level: _Level, key: str, place: _Place) -> None:
    level.key = key
    assert level.keys is not None
    if key in level.keys:
        raise Fault(place.path(), tr("the key is written twice"))
    level.keys.add(key)


def _unquoted(found: str, place: _Place) -> str:
    try:
        text = str(json.loads(found))
    except ValueError:
        raise place.broken() from None
    if _HALF.search(text):
        raise Fault(place.path(), tr("the text holds half of a surrogate pair"))
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
