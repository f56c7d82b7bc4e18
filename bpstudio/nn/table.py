"""Own data: a CSV file as a Table of columns, every doubtful cell named by its line.

Delimiter, decimal comma, header and the kind of each column are sniffed from the first rows and can
all be set. Nothing is dropped or changed silently: what could not be read stands in `problems`, and
what a network is given is chosen in samples.py. A million rows are read in pieces, with progress
and cancel.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bpstudio.language import tr, trn
from bpstudio.nn.calls import Array
from bpstudio.nn.faults import DataError
from bpstudio.nn.sniffing import (
    MISSING,
    SNIFFED,
    CannotRead,
    Format,
    is_missing,
    is_number,
    number,
    sniff,
)

CHUNK = 10_000
"""Rows read at a time; between two chunks progress is told and cancel is asked for."""
MOSTLY = 0.8
"""From this share of numbers on, a column is one of numbers and its texts are mistakes."""
MOST_BYTES = 2**30
MOST_COLUMNS = 10_000
MOST_CELLS = 200_000_000
MOST_TEXTS = 1_000
"""Different texts of one category."""
FEW_TEXTS = 20
"""So many different texts are a category in any case; of more, each must come twice or so."""
SHOWN = 1_000
"""Problems that are kept; the rest is counted."""
NUMBER, CATEGORY, TEXT = "number", "category", "text"
"""Kinds of columns. A text, such as a name or a remark, has too many values to learn from."""


class Cancelled(DataError):
    """Reading was stopped from outside."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or a row that could not be read: its line (from 1), its column ("" for a row), why."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers, NaN where one is missing or wrong; codes into `texts`, -1 where missing; of a TEXT
    column nothing but -1 is kept."""

    name: str
    kind: str
    values: Array
    texts: tuple[str, ...] = ()

    @property
    def known(self) -> Array:
        """Where there is a value."""
        if self.kind == NUMBER:
            return ~np.isnan(self.values)
        return np.asarray(self.values >= 0)

    def as_category(self) -> Column:
        """A column of numbers as one of texts, "1", "2.5", in the order of the numbers."""
        if self.kind != NUMBER:
            return self
        numbers, codes = np.unique(self.values[self.known], return_inverse=True)
        if numbers.size > MOST_TEXTS:
            raise DataError(too_many(self.name))
        found = np.full(self.values.size, -1, np.int64)
        found[self.known] = codes
        texts = tuple(f"{number:g}" for number in numbers.tolist())
        return Column(self.name, CATEGORY, found, texts)


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds. `lines` is where each row stands in the file, `problems` the first
    SHOWN of `problem_count`; rows with a wrong number of cells are left out, and counted there."""

    format: Format
    columns: tuple[Column, ...]
    lines: Array
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    left_out: int = 0

    @property
    def rows(self) -> int:
        return int(self.lines.size)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise DataError(tr("The table has no column “{name}”.", name=name))


def read_file(path: str | Path, **given: Any) -> Table:
    """The table in a file; see `read_bytes`."""
    try:
        size = Path(path).stat().st_size
        data = Path(path).read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise CannotRead(f"{path}: {error.strerror or error}") from None
    if size > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise CannotRead(tr("The file is larger than {most} MiB.", most=most))
    return read_bytes(data, **given)


def read_bytes(
    data: bytes,
    *,
    given: Format | None = None,
    kinds: Mapping[str, str] | None = None,
    progress: Callable[[float], object] | None = None,
    until: Callable[[], bool] | None = None,
) -> Table:
    """The table that a file's bytes hold. `given` is the format (sniffed otherwise), `kinds`
    column -> NUMBER or CATEGORY where the sniffed kind is wrong. `progress` hears the share done;
    `until()` true stops. Raises CannotRead, with the line, and Cancelled.
    """
    form = sniff(data) if given is None else given
    try:
        text = data.decode(form.encoding)
    except (UnicodeDecodeError, LookupError):
        raise CannotRead(tr("The file is no {encoding} text.", encoding=form.encoding)) from None
    reader = _Reader(text, form, kinds or {})
    total = max(1, text.count("\n"))
    for done in reader.read():
        if until is not None and until():
            raise Cancelled(tr("Reading was cancelled."))
        if progress is not None:
            progress(min(1.0, done / total))
    return reader.table()


# --- reading --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Growing:
    """A column while it is being read."""

    name: str
    kind: str = ""
    parts: list[Array] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)


class _Reader:
    """Reads rows in chunks, column by column."""

    def __init__(self, text: str, form: Format, kinds: Mapping[str, str]) -> None:
        self.form, self.kinds = form, kinds
        self._reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=form.delimiter, skipinitialspace=True
        )
        # float("1_000") is 1000.0 in Python, and a mistake in a table.
        self._plain = "_" not in text and form.decimal == "."
        self.columns: list[_Growing] = []
        self.lines: list[Array] = []
        self.problems: list[Problem] = []
        self.problem_count = self.left_out = self.cells = 0

    def read(self) -> Iterator[int]:
        """Read everything; yields the line reached after every chunk."""
        first = self._next(1)
        if not first:
            raise CannotRead(tr("The file is empty."))
        (line, row) = first[0]
        self.columns = [_Growing(name) for name in self._names(row)]
        held = [] if self.form.header else [(line, row)]
        while rows := [*held, *self._next(CHUNK - len(held))]:
            held = []
            self._take(rows)
            yield self._reader.line_num

    def _names(self, row: Sequence[str]) -> list[str]:
        if len(row) > MOST_COLUMNS:
            raise CannotRead(tr("more than {most} columns", most=f"{MOST_COLUMNS:,}"))
        if not self.form.header:
            return [f"c{i + 1}" for i in range(len(row))]
        names: list[str] = []
        for index, cell in enumerate(row):
            plain = cell.strip()[:200] or f"c{index + 1}"
            name, again = plain, 2
            while name in names:
                name, again = f"{plain} ({again})", again + 1
            names.append(name)
        return names

    def _next(self, most: int) -> list[tuple[int, list[str]]]:
        """The next rows with their lines; blank lines are passed over."""
        before = self._reader.line_num
        try:
            rows = list(islice(self._reader, most))
        except csv.Error as error:
            reason = str(error)
            if "field larger" in reason:
                reason = tr(
                    "a cell is longer than {most} characters; is a quotation mark missing?",
                    most=f"{csv.field_size_limit():,}",
                )
            line = self._reader.line_num
            raise CannotRead(tr("Line {line}: {reason}", line=line, reason=reason)) from None
        if self._reader.line_num - before == len(rows):
            return [(before + i, row) for i, row in enumerate(rows, 1) if row]
        found, line = [], before
        for row in rows:
            # A quoted cell may hold line breaks.
            line += 1
            if row:
                found.append((line, row))
            line += sum(cell.count("\n") for cell in row)
        return found

    def _take(self, rows: list[tuple[int, list[str]]]) -> None:
        width = len(self.columns)
        if any(len(row) != width for _, row in rows):
            rows = [kept for kept in rows if self._is_whole(*kept)]
        self.cells += width * len(rows)
        if self.cells > MOST_CELLS:
            raise CannotRead(tr("more than {most} cells", most=f"{MOST_CELLS:,}"))
        lines = [line for line, _ in rows]
        self.lines.append(np.array(lines, np.int64))
        cells = list(zip(*(row for _, row in rows), strict=True)) or [()] * width
        for column, texts in zip(self.columns, cells, strict=True):
            if not column.kind:
                column.kind = self._kind_of(column.name, texts[:SNIFFED])
            read_column = self._numbers if column.kind == NUMBER else self._codes
            column.parts.append(read_column(column, texts, lines))

    def _is_whole(self, line: int, row: list[str]) -> bool:
        width = len(self.columns)
        if len(row) == width:
            return True
        self.left_out += 1
        self._complain(
            line,
            "",
            trn(
                "Line {line} has {n} cell instead of {wanted}; it is left out.",
                "Line {line} has {n} cells instead of {wanted}; it is left out.",
                len(row),
                line=line,
                wanted=width,
            ),
        )
        return False

    def _kind_of(self, name: str, texts: Sequence[str]) -> str:
        chosen = self.kinds.get(name)
        if chosen in (NUMBER, CATEGORY):
            return chosen
        given = [text for text in texts if not is_missing(text)]
        good = sum(is_number(text, self.form.decimal) for text in given)
        return NUMBER if good >= MOSTLY * len(given) else CATEGORY

    def _numbers(self, column: _Growing, texts: Sequence[str], lines: Sequence[int]) -> Array:
        if self._plain:
            try:
                found = np.array(list(map(float, texts)))
            except ValueError:
                pass
            else:
                if np.isfinite(found).all():
                    return found
        return np.array(
            [self._cell(column, text, line) for text, line in zip(texts, lines, strict=True)]
        )

    def _cell(self, column: _Growing, text: str, line: int) -> float:
        try:
            return number(text, self.form.decimal)
        except ValueError:
            pass
        if is_missing(text):
            sentence = tr("Line {line}: “{column}” is missing.", line=line, column=column.name)
        else:
            sentence = tr(
                "Line {line}: “{text}” in “{column}” is no number.",
                line=line,
                text=text.strip()[:40],
                column=column.name,
            )
        self._complain(line, column.name, sentence)
        return math.nan

    def _codes(self, column: _Growing, texts: Sequence[str], lines: Sequence[int]) -> Array:
        codes = column.codes
        if column.kind == TEXT:
            return np.full(len(texts), -1, np.int64)
        found = np.empty(len(texts), np.int64)
        for index, text in enumerate(texts):
            plain = text.strip()
            code = codes.get(plain)
            if code is None:
                code = self._new_code(column, plain, lines[index])
            elif code < 0:
                self._complain_missing(column, lines[index])
            found[index] = code
        if len(codes) > MOST_TEXTS + len(MISSING):
            column.kind = TEXT
            codes.clear()
        return found

    def _new_code(self, column: _Growing, text: str, line: int) -> int:
        if is_missing(text):
            self._complain_missing(column, line)
            column.codes[text] = -1
            return -1
        code = sum(code >= 0 for code in column.codes.values())
        column.codes[text] = code
        return code

    def _complain_missing(self, column: _Growing, line: int) -> None:
        sentence = tr("Line {line}: “{column}” is missing.", line=line, column=column.name)
        self._complain(line, column.name, sentence)

    def _complain(self, line: int, column: str, sentence: str) -> None:
        self.problem_count += 1
        if len(self.problems) < SHOWN:
            self.problems.append(Problem(line, column, sentence))

    def table(self) -> Table:
        lines = np.concatenate(self.lines) if self.lines else np.empty(0, np.int64)
        if not lines.size:
            raise CannotRead(tr("The file has no rows of data."))
        for column in self.columns:
            if column.kind == CATEGORY and self.kinds.get(column.name) != CATEGORY:
                different = sum(code >= 0 for code in column.codes.values())
                # Names and numbers of persons: each stands for one row, nothing can be learned.
                if different > FEW_TEXTS and 2 * different > lines.size:
                    column.kind = TEXT
        columns = tuple(_sorted(column) for column in self.columns)
        problems = tuple(sorted(self.problems, key=lambda problem: problem.line))
        return Table(self.form, columns, lines, problems, self.problem_count, self.left_out)


def _sorted(growing: _Growing) -> Column:
    """The finished column; texts in their order, so that the order of the rows does not show."""
    values = np.concatenate(growing.parts)
    if growing.kind == NUMBER:
        return Column(growing.name, NUMBER, values)
    if growing.kind == TEXT:
        return Column(growing.name, TEXT, np.full(values.size, -1, np.int64))
    texts = [text for text, code in growing.codes.items() if code >= 0]
    order = sorted(range(len(texts)), key=lambda code: texts[code])
    place = np.empty(len(texts) + 1, np.int64)
    place[order] = np.arange(len(texts))
    # The code -1 reads the last entry.
    place[-1] = -1
    return Column(growing.name, CATEGORY, place[values], tuple(texts[code] for code in order))


def too_many(name: str) -> str:
    """Why a column cannot be taken as a category."""
    return tr(
        "“{column}” has too many different values: a name or a remark, not a category; "
        "choose other columns.",
        column=name,
    )
