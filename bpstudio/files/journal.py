"""The recovery journal: what has been done to a document since it was last saved.

One file for each open document and process, in a folder that the caller names. It holds the whole
document, and each edit adds one line that says how the items it touched stand now. Lines that take
long are written from other threads: each has a number that says when it was true. A line carries
the checksum of its text, so that one torn by a crash ends the reading and spoils nothing before it.

The process that writes a journal holds a lock on it: what no process holds was left by one that
died, or put aside by someone who closed without saving. `recover` answers the document as of the
last whole line; it is decoded as strictly as a file is.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import msgspec

from bpstudio.core.graph import Item, Patch
from bpstudio.files import bps, durable, records, writing
from bpstudio.files.bps import BadDocument, File
from bpstudio.files.durable import Stamp
from bpstudio.files.faults import ROOT, Fault
from bpstudio.files.tale import VERSION, JournalError, Origin, document_of, read, summed, told
from bpstudio.language import tr

SUFFIX = ".journal"
KEPT_DAYS = 30
"""How long a document that was closed without saving can be taken back."""


@dataclass(frozen=True, slots=True)
class Found:
    """A journal that nobody writes any more.

    `when` is the time of its last line in seconds since 1970, `edits` how many it holds, `closed`
    whether somebody closed the document without saving.
    """

    path: Path
    origin: Origin
    when: float
    edits: int
    closed: bool


class Journal:
    """A journal being written. All methods raise JournalError where the disk refuses."""

    def __init__(self, folder: str | Path, origin: Origin) -> None:
        name = f"{time.time_ns():x}-{os.getpid():x}-{os.urandom(4).hex()}{SUFFIX}"
        self.path = Path(folder) / name
        self.written = 0
        """Bytes so far."""
        self._fd = -1
        # A large document and a network are written from another thread.
        self._writing = threading.Lock()
        self._last: dict[str, str] = {}
        self._count = 0
        head: dict[str, Any] = {"version": VERSION, "title": origin.title, "path": origin.path}
        if origin.stamp is not None:
            head["stamp"] = [origin.stamp.mtime_ns, origin.stamp.size, origin.stamp.sha256]
        with told(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._fd = os.open(self.path, flags, 0o600)
        _claim(self._fd)
        self._line({"head": head})

    def number(self) -> int:
        """The number of a line that is true now, for one that is written later."""
        self._count += 1
        return self._count

    def base(self, file: File, number: int | None = None) -> None:
        """Write the whole document."""
        try:
            text = bps.encode(file).decode()
        except BadDocument as fault:
            raise JournalError(str(fault)) from None
        self._base(text, number)

    def base_from_disk(self, file: File, stamp: Stamp, path: str, number: int) -> None:
        """The same for a document whose file has not changed since: a copy, which is faster."""
        try:
            data, now = durable.read(path, records.MOST_BYTES)
            text = data.decode() if now.sha256 == stamp.sha256 else ""
        except (OSError, UnicodeDecodeError):
            text = ""
        if text:
            self._base(text.removeprefix("\ufeff"), number)
        else:
            self.base(file, number)

    def edit(self, patch: Patch, number: int | None = None) -> None:
        """Add how the items of a patch stand after it."""
        put: list[Item] = []
        gone: list[Item] = []
        for before, after in patch.changes.values():
            if before is not None and (after is None or type(after) is not type(before)):
                gone.append(before)
            if after is not None:
                put.append(after)
        self._entries(put, gone, patch.label, number)

    def _base(self, text: str, number: int | None) -> None:
        number = self.number() if number is None else number
        self._write(f'{{"number":{number},"base":{encode_basestring(text)}}}')

    def items(self, items: list[Item]) -> None:
        """Add how these items stand now, without an edit."""
        self._entries(items, [], "")

    def network(
        self,
        network: Mapping[str, Any] | None,
        datasets: Mapping[str, Any],
        training: Mapping[str, Any] | None = None,
    ) -> None:
        """Add the network and the data that the document keeps now, and how its graph is trained,
        as far as they are new."""
        for key, value in (("network", network), ("datasets", datasets), ("training", training)):
            if key == "training" and value is None and key not in self._last:
                continue
            try:
                text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            except ValueError as error:
                raise JournalError(str(error)) from None
            if self._last.get(key) != text:
                self._write(f'{{"{key}":{text}}}')
                self._last[key] = text

    def sync(self) -> None:
        """Bring what is written through to the disk; may be called from another thread."""
        try:
            # A descriptor of our own: the journal may be closed while the disk is busy.
            fd = os.dup(self._fd)
        except OSError:
            return
        try:
            with told(self.path):
                os.fsync(fd)
        finally:
            os.close(fd)

    def keep(self) -> None:
        """Close it and let it lie: the document was closed without saving."""
        if self._fd >= 0:
            self._line({"closed": True})
            self.sync()
            self._close()

    def discard(self) -> None:
        """Close it and take it away: nothing is missed."""
        if self._fd >= 0:
            self._close()
            with told(self.path):
                self.path.unlink(missing_ok=True)

    def __del__(self) -> None:
        # One that nobody closed lies as after a crash; its lock must not outlive it.
        if self._fd >= 0:
            self._close()

    def _close(self) -> None:
        with self._writing:
            fd, self._fd = self._fd, -1
            with contextlib.suppress(OSError):
                os.close(fd)

    def _entries(
        self, put: list[Item], gone: list[Item], label: str, number: int | None = None
    ) -> None:
        number = self.number() if number is None else number
        try:
            entries = ",".join([f"[{_place(item)},{writing.entry(item)}]" for item in put])
        except Fault as fault:
            raise JournalError(fault.reason) from None
        drops = ",".join([f"[{_place(item)}]" for item in gone])
        head = f'"number":{number},"label":{encode_basestring(label)},"at":{time.time():.3f}'
        self._write(f'{{{head},"set":[{entries}],"drop":[{drops}]}}')

    def _line(self, values: Mapping[str, Any]) -> None:
        stamped = {**values, "at": round(time.time(), 3)}
        self._write(json.dumps(stamped, ensure_ascii=False, separators=(",", ":")))

    def _write(self, text: str) -> None:
        try:
            data = text.encode()
        except UnicodeEncodeError:
            raise JournalError(tr("the text holds half of a surrogate pair")) from None
        rest = memoryview(summed(data))
        with self._writing, told(self.path):
            while rest and self._fd >= 0:
                count = os.write(self._fd, rest)
                self.written += count
                rest = rest[count:]


def found(folder: str | Path) -> tuple[Found, ...]:
    """The journals that nobody writes and that hold something, the newest first.

    What holds nothing (the process died before its document was written) is taken away.
    """
    seen = []
    for path in _journals(folder):
        with _held(path) as fd:
            if fd < 0:
                continue
            try:
                tale = read(path)
            except JournalError:
                continue
            if tale.base is None and not tale.edits:
                with contextlib.suppress(OSError):
                    path.unlink()
                continue
            seen.append(Found(path, tale.origin, tale.when, tale.edits, tale.closed))
    return tuple(sorted(seen, key=lambda one: -one.when))


def recover(one: Found) -> File:
    """The document as its journal leaves it. Raises JournalError or BadDocument."""
    tale = read(one.path)
    document = document_of(tale)
    minor = document.get("minor", 0)
    known = isinstance(minor, int) and minor <= records.MINOR
    if known:
        document["minor"] = records.MINOR
    try:
        data = msgspec.json.encode(document)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        raise BadDocument(one.origin.title, ROOT, str(error)) from None
    file = bps.decode(data, one.origin.title or "document")
    return replace(file, minor=minor) if known else file


def put_aside(one: Found) -> None:
    """Offer a journal no more unasked: somebody has seen it and does not want it now."""
    with told(one.path), one.path.open("ab") as file:
        file.write(summed(json.dumps({"closed": True, "at": time.time()}).encode()))


def forget(one: Found) -> None:
    """Take a journal away for good. Raises JournalError."""
    with told(one.path):
        one.path.unlink(missing_ok=True)


def forget_old(folder: str | Path, now: float) -> None:
    """Take away what somebody closed without saving more than KEPT_DAYS ago."""
    for one in found(folder):
        if one.closed and now - one.when > KEPT_DAYS * 86_400:
            with contextlib.suppress(JournalError):
                forget(one)


# --- files and locks ------------------------------------------------------------------------


def _journals(folder: str | Path) -> list[Path]:
    try:
        return sorted(Path(folder).glob(f"*{SUFFIX}"))
    except OSError:
        return []


@contextlib.contextmanager
def _held(path: Path) -> Any:
    """A descriptor of a journal that no other process holds, -1 where one does."""
    try:
        fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError:
        yield -1
        return
    try:
        yield fd if _claim(fd) else -1
    finally:
        os.close(fd)


if sys.platform == "win32":
    import msvcrt

    def _claim(fd: int) -> bool:
        """Lock a journal for this process; False where another one has."""
        # Far behind the end: a lock on Windows keeps others from reading what it covers.
        os.lseek(fd, 1 << 40, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _claim(fd: int) -> bool:
        """Lock a journal for this process; False where another one has."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _place(item: Item) -> str:
    table, key = writing.place(item)
    return f'"{table}",{encode_basestring(key)}'
