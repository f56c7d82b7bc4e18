"""What is wrong with a document, where, in one sentence: BadDocument, and how msgspec's and the
decoder's own complaints become it.

Everything that reading a document can raise ends as BadDocument; nothing else gets out.
"""

from __future__ import annotations

import re

from bpstudio.language import N_, tr

ROOT = "$"
"""The place of a fault that concerns the document as a whole."""
_LONGEST = 600
"""Characters of one message; a hostile document must not fill the terminal."""


class BadDocument(Exception):
    """A document that cannot be read: one line, `name: place: reason`.

    `place` is a path such as `$.graph.gates[2].pos[1]`, or `line 3, column 7` for broken JSON.
    """

    def __init__(self, name: str, place: str, reason: str) -> None:
        super().__init__(one_line(f"{name}: {place}: {reason}"))
        self.name, self.place, self.reason = name, one_line(place), one_line(reason)


class Fault(Exception):
    """A fault found inside a document; becomes a BadDocument once the document's name is known."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place, self.reason = place, reason


def one_line(text: str) -> str:
    """The text without line breaks, control characters or lone surrogates, cut where endless."""
    clean = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 1]}…"


def position(data: bytes, offset: int) -> str:
    """Where a byte is, as people count: `line 3, column 7`, columns in characters."""
    before = data[:offset]
    start = before.rfind(b"\n") + 1
    column = len(before[start:].decode("utf-8", "replace")) + 1
    return tr("line {line}, column {column}", line=before.count(b"\n") + 1, column=column)


_KINDS = {
    "str": N_("text"),
    "int": N_("a whole number"),
    "float": N_("a number"),
    "bool": N_("true or false"),
    "array": N_("a list"),
    "object": N_("an object"),
    "null": N_("null"),
}
_SHORT = re.compile(r"Expected `str` of length <= (\d+)")
_FEW = re.compile(r"Expected `array` of length <= (\d+)")
_EXACT = re.compile(r"Expected `array` of length (\d+)")
_RANGE = re.compile(r"Expected `\w+` (>=|<=|>|<) ([-+.\w]+)")
_TYPE = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_PLACE = re.compile(r"(.*) - at `(\$.*)`", re.DOTALL)
_BYTE = re.compile(r"JSON is malformed: (.*) \(byte (\d+)\)", re.DOTALL)


def of_msgspec(message: str, data: bytes) -> Fault:
    """A msgspec complaint as a Fault: the path or the line and column, and the reason in words."""
    if found := _BYTE.fullmatch(message):
        reason = tr("not valid JSON ({detail})", detail=found[1])
        return Fault(position(data, int(found[2])), reason)
    if "truncated" in message:
        return Fault(position(data, len(data)), tr("the file is cut off here"))
    place = ROOT
    if found := _PLACE.fullmatch(message):
        message, place = found[1], found[2]
    if found := _UNKNOWN.fullmatch(message):
        return Fault(f"{place}.{found[1]}", unknown_key())
    return Fault(place, _in_words(message))


def unknown_key() -> str:
    """Why a key that this version does not have is refused."""
    return tr("this version of the format has no such key; free data belongs under “ext”")


def missing(key: str) -> str:
    return tr("“{key}” is missing", key=key)


def out_of_range() -> str:
    return tr("the number is too large to be a number here")


def wrong_kind(expected: str, found: str) -> str:
    """`expected` and `found` are msgspec's names, several of `expected` divided by a bar."""
    names = [tr(_KINDS.get(name, name)) for name in expected.split(" | ")]
    return tr(
        "expected {expected}, found {found}",
        expected=tr(" or ").join(names),
        found=tr(_KINDS.get(found, found)),
    )


def bad_id() -> str:
    return tr("an id is 1 to 64 of the characters A-Z a-z 0-9 _ . : -")


def _in_words(message: str) -> str:
    if found := _TYPE.fullmatch(message):
        return wrong_kind(found[1], found[2])
    if found := _MISSING.fullmatch(message):
        return missing(found[1])
    if found := _SHORT.fullmatch(message):
        return tr("longer than {most} characters", most=f"{int(found[1]):,}")
    if found := _FEW.fullmatch(message):
        return tr("more than {most} of them", most=f"{int(found[1]):,}")
    if found := _EXACT.fullmatch(message):
        return tr("expected exactly {n} entries", n=found[1])
    if found := _RANGE.fullmatch(message):
        return tr("the number must be {relation} {limit}", relation=found[1], limit=found[2])
    if "matching regex" in message:
        return bad_id()
    if "out of range" in message:
        return out_of_range()
    return message
