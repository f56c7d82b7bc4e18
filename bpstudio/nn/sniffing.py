"""How a CSV file is written: encoding, delimiter, decimal comma, header, by its first rows.

The csv module's own sniffer guesses from letters too, and takes a space or an "e" for a delimiter;
here the delimiter is the one that splits most rows into equally many cells.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bpstudio.core.numbers import read
from bpstudio.language import tr
from bpstudio.nn.faults import DataError

SNIFFED = 1_000
"""Rows that the kinds of the columns are judged by."""
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "gb18030", "latin-1")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
MISSING = frozenset(("", "?", "na", "n/a", "nan", "null", "none", "#n/a", "-"))


class CannotRead(DataError):
    """A file that is no table."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written."""

    delimiter: str = ","
    header: bool = True
    decimal: str = "."
    encoding: str = "utf-8-sig"


def sniff(data: bytes) -> Format:
    """How the first rows are written. Raises CannotRead for what is no text, and for nothing."""
    encoding = _encoding(data)
    start = data[: 256 * 1024].decode(encoding, "ignore")
    lines = [line for line in start.splitlines()[:SNIFFED] if line.strip()]
    if not lines:
        raise CannotRead(tr("The file is empty."))
    delimiter = _delimiter(lines)
    rows = _rows("\n".join(lines), delimiter)
    width = len(rows[0])
    body = [row for row in rows[1:] if len(row) == width]
    comma = delimiter != "," and (_has_decimal_commas(body) or _has_decimal_commas(rows[:1]))
    decimal = "," if comma else "."
    return Format(delimiter, _has_header(rows, body, decimal), decimal, encoding)


def _encoding(data: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return name
    if b"\0" in data[:4096]:
        raise CannotRead(tr("This is no text file."))
    for name in ENCODINGS:
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "gb18030" and not _in_pairs(data):
            continue
        return name
    return ENCODINGS[-1]


def _in_pairs(data: bytes) -> bool:
    """Whether bytes beyond ASCII come in pairs, as a Chinese character has them; the accents of a
    Western word stand alone between its letters, and most of them decode as Chinese too."""
    runs = _BEYOND_ASCII.findall(data[: 256 * 1024])
    return 2 * sum(len(run) % 2 for run in runs) <= len(runs)


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that splits most rows into as many cells as the first, two or more."""

    def score(delimiter: str) -> tuple[float, int]:
        rows = _rows("\n".join(lines[:100]), delimiter)
        width = len(rows[0]) if rows else 1
        same = sum(len(row) == width for row in rows) / max(1, len(rows))
        return (same if width > 1 else 0.0), width

    return max(DELIMITERS, key=score)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        return [row for row in rows if row] or [[""]]
    except csv.Error:
        return [[""]]


def _has_decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    cells = [cell for row in rows for cell in row if "," in cell]
    return bool(cells) and all(is_number(cell, ",") for cell in cells)


def _has_header(rows: list[list[str]], body: list[list[str]], decimal: str) -> bool:
    """Whether the first row names columns: no number in it, over numbers or other texts."""
    first = rows[0]
    if any(is_number(cell, decimal) for cell in first) or not all(c.strip() for c in first):
        return False
    if not body:
        # Words alone name columns that have no rows yet; as a row they could teach nothing.
        return True
    if any(is_number(cell, decimal) for cell in body[0]):
        return True
    return not any(first[i] in {row[i] for row in body} for i in range(len(first)))


def is_number(cell: str, decimal: str) -> bool:
    try:
        number(cell, decimal)
    except ValueError:
        return False
    return True


def number(cell: str, decimal: str = ".") -> float:
    """The finite number in a cell; raises ValueError."""
    text = cell.strip()
    if decimal == ",":
        if "." in text:
            raise ValueError(cell)
        text = text.replace(",", ".")
    found = read(text)
    if not math.isfinite(found):
        raise ValueError(cell)
    return found


def is_missing(text: str) -> bool:
    return text.strip().lower() in MISSING
