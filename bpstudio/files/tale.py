"""What a journal tells: its lines, read to the values of the document that they leave.

A line is written and read here only: the checksum of its text, the text. Reading ends at the first
line that is not whole.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from bpstudio.files import durable, records
from bpstudio.files.bps import BadDocument
from bpstudio.files.durable import Stamp
from bpstudio.files.faults import ROOT
from bpstudio.language import tr

VERSION = 1
MOST_BYTES = 4 * records.MOST_BYTES
_SUM = 16
"""Characters of the checksum in front of a line."""
_GRAPH = ("gates", "wires", "groups", "kinds", "seeds", "settings")
_TABLED = ("seeds", "settings")
"""Tables that a document holds as an object; the others are lists of objects with an id."""


class JournalError(Exception):
    """A journal that cannot be written or read; one sentence."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from: title, path ("" for none), and the stamp of its file."""

    title: str
    path: str = ""
    stamp: Stamp | None = None


class _Head(msgspec.Struct):
    version: int
    title: str = ""
    path: str = ""
    stamp: tuple[int, int, str] | None = None


class _Line(msgspec.Struct):
    """One line: the head, the whole document, what an edit left, or the end."""

    at: float = 0.0
    number: int = 0
    head: _Head | None = None
    base: str | None = None
    label: str = ""
    set: list[tuple[str, str, Any]] = []
    drop: list[tuple[str, str]] = []
    network: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET
    datasets: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    training: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET
    closed: bool = False


_decoder = msgspec.json.Decoder(_Line)


@dataclass
class Tale:
    """What the whole lines of a journal tell."""

    when: float
    origin: Origin = Origin("")
    base: str | None = None
    begins: int = 0
    """The number of the base; lines of lower ones are in it."""
    lines: list[_Line] = field(default_factory=list)
    edits: int = 0
    closed: bool = False


def read(path: Path) -> Tale:
    """Everything up to the first line that is not whole. Raises JournalError."""
    with told(path):
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
        tale = Tale(path.stat().st_mtime)
    for text in data.split(b"\n"):
        line = _whole(text)
        if line is None:
            break
        _tell(tale, line, path)
    return tale


def _whole(text: bytes) -> _Line | None:
    """A line; None where it is torn or spoiled."""
    if summed(text[_SUM + 1 :]) != text + b"\n":
        return None
    try:
        return _decoder.decode(text[_SUM + 1 :])
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def _tell(tale: Tale, line: _Line, path: Path) -> None:
    tale.when = line.at or tale.when
    if line.head is not None:
        head = line.head
        if head.version != VERSION:
            raise JournalError(
                tr("{name} was written by another version of the program.", name=path.name)
            )
        tale.origin = Origin(head.title, head.path, Stamp(*head.stamp) if head.stamp else None)
    elif line.base is not None:
        tale.base, tale.begins = line.base, line.number
    elif line.closed:
        tale.closed = True
    else:
        tale.lines.append(line)
        tale.edits += bool(line.label)


def _based(tale: Tale) -> dict[str, Any]:
    """The document that the edits begin with, as its JSON values."""
    text: str | bytes | None = tale.base
    if text is None:
        # The process died while the document was being written; its file may still be the same.
        path, stamp = tale.origin.path, tale.origin.stamp
        if not path or stamp is None or stamp.changed(path):
            raise JournalError(
                tr("“{name}” cannot be recovered: its beginning is lost.", name=tale.origin.title)
            )
        with told(Path(path)):
            text = durable.read(path, records.MOST_BYTES)[0]
    try:
        document = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadDocument(tale.origin.title, ROOT, str(error)) from None
    if not isinstance(document, dict) or not isinstance(document.get("graph"), dict):
        raise BadDocument(tale.origin.title, ROOT, tr("this is not a document of Backprop Studio"))
    return document


def _apply(document: dict[str, Any], lines: list[_Line]) -> None:
    """Put what the lines say into the document's JSON values; of an item the last word holds."""
    changes: dict[str, dict[str, Any]] = {}
    for line in lines:
        for key in ("network", "datasets", "training"):
            value = getattr(line, key)
            if value is not msgspec.UNSET:
                document.pop(key, None)
                if value:
                    document[key] = value
        for table, key in line.drop:
            changes.setdefault(table, {})[key] = None
        for table, key, value in line.set:
            changes.setdefault(table, {})[key] = value
    for table, items in changes.items():
        _put(document["graph"] if table in _GRAPH else document, table, items)


def _put(owner: dict[str, Any], table: str, items: dict[str, Any]) -> None:
    if table in _TABLED:
        held = {**owner.get(table, {}), **items}
    else:
        held = {item["id"]: item for item in owner.get(table, ())} | items
    left = {key: item for key, item in held.items() if item is not None}
    owner[table] = left if table in _TABLED else list(left.values())


def document_of(tale: Tale) -> dict[str, Any]:
    """The document as a tale leaves it, as JSON values. Raises JournalError or BadDocument."""
    document = _based(tale)
    try:
        later = [line for line in tale.lines if not 0 < line.number < tale.begins]
        _apply(document, sorted(later, key=lambda line: line.number))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Only a journal that another program has written differs from a document so far.
        raise BadDocument(tale.origin.title, ROOT, str(error)) from None
    return document


def summed(data: bytes) -> bytes:
    """A line: the checksum of its text, the text."""
    return hashlib.sha256(data).hexdigest()[:_SUM].encode() + b" " + data + b"\n"


@contextlib.contextmanager
def told(path: Path) -> Any:
    """Turn the operating system's complaint into a sentence."""
    try:
        yield
    except OSError as error:
        reason = durable.reason(error)
        raise JournalError(tr("{name}: {why}.", name=path.name, why=reason)) from None
