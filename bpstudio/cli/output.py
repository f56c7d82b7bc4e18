"""What the command line says: lines, JSON, aligned tables, and every failure as one line."""

from __future__ import annotations

import codecs
import math
import operator
import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from bpstudio.cli import PROGRAM, WRONG, CommandError
from bpstudio.language import tr

_PLAIN = {"−": "-", "→": "->", "∞": "inf", "×": "*", "“": '"', "”": '"', "…": "...", "·": "*"}


def say(text: str = "") -> None:
    """One line, or several, on stdout."""
    print(text)


def complain(text: str) -> None:
    """One line on stderr, the program's name before it."""
    from bpstudio.files.faults import one_line

    print(f"{PROGRAM}: {one_line(text)}", file=sys.stderr)


def tell(error: Exception) -> int:
    """An exception as its one line; the exit status."""
    if os.environ.get("BPSTUDIO_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, OSError) and not _is_expected(error):
        from bpstudio.files.durable import reason

        # Without a file name it was stdout that failed, and closing it would fail once more.
        if error.filename is None:
            silence()
        complain(f"{error.filename or 'stdout'}: {reason(error)}")
        return WRONG
    if not _is_expected(error):
        detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        complain(
            tr(
                "this is a fault of the program ({detail}); please report it "
                "with what BPSTUDIO_DEBUG=1 shows",
                detail=detail,
            )
        )
        return WRONG
    complain(str(error))
    return WRONG


def _is_expected(error: Exception) -> bool:
    if isinstance(error, CommandError):
        return True
    # Compared by what is already imported, so that telling of a failure imports nothing heavy.
    for room, name in (
        ("bpstudio.files.faults", "BadDocument"),
        ("bpstudio.files.durable", "SaveError"),
        ("bpstudio.core.graph", "GraphError"),
        ("bpstudio.nn.faults", "NetworkError"),
    ):
        module = sys.modules.get(room)
        if module is not None and isinstance(error, getattr(module, name)):
            return True
    return False


def say_json(value: Any) -> None:
    """A value as JSON; inf and nan as the strings "inf", "-inf", "nan"."""
    # Not Python's own json: it takes most of the time that a graph of 100,000 gates needs.
    from msgspec import json

    say(json.format(json.encode(_finite(value)), indent=1).decode())


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        return float(value)
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return value


def say_table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> None:
    """Aligned columns, the last `numbers` of them to the right."""
    columns = list(zip(head, *rows, strict=True))
    first_number = len(head) - numbers
    aligned = [_aligned(column, index >= first_number) for index, column in enumerate(columns)]
    say("\n".join(("  " + "  ".join(cells)).rstrip() for cells in zip(*aligned, strict=True)))


def _aligned(column: Sequence[str], right: bool) -> Iterator[str]:
    """The cells of a column, filled up to the same width."""
    widths = list(map(_width, column))
    spaces = map(" ".__mul__, map(max(widths).__sub__, widths))
    cells = (spaces, column) if right else (column, spaces)
    return map(operator.add, *cells)


_ODD = re.compile("[^\0-\u02ff\u2190-\u22ff]")
"""What may take no column or two; letters, arrows and the signs of mathematics take one."""


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_columns, text)) if _ODD.search(text) else len(text)


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def printable(text: str) -> str:
    """A document's own text for a terminal: no line breaks, no control sequences."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "�" for c in text)


def make_printable() -> None:
    """Let a terminal that lacks a character show a plain one: a lost minus is a wrong sign."""
    codecs.register_error("bpstudio", _plain)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="bpstudio")


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_PLAIN.get(c, "?") for c in wrong), error.end


def silence() -> None:
    """Send what is still to be written nowhere, so that closing the streams raises nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
