"""Earlier versions of a file: what each save replaced, kept in a folder of the user's.

The caller names the folder. A file's versions lie together under the digest of its path, named by
the time at which they were replaced; the newest MOST of them stay. Nothing here ever stops a save:
what cannot be kept is answered as a sentence.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from bpstudio.files import bps, durable
from bpstudio.files.bps import SUFFIX, BadDocument, File
from bpstudio.files.records import MOST_BYTES

MOST = 30
"""Versions of one file."""
MOST_KEPT = 64 * 2**20
"""Bytes of all versions of one file; the newest stays however large."""


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was until `when`, in seconds since 1970."""

    path: Path
    when: float
    size: int


def keep(folder: str | Path, path: str | Path, now: float) -> str:
    """Keep the file at `path` as it is before it is replaced. Answers why that failed, if so."""
    try:
        data, _ = durable.read(path, MOST_BYTES)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return durable.reason(error)
    place = _place(folder, path)
    kept = versions(folder, path)
    if kept and _same(kept[0], data):
        return ""
    try:
        place.mkdir(parents=True, exist_ok=True)
        durable.save(place / f"{int(now * 1000):015d}{SUFFIX}", data)
    except durable.SaveError as error:
        return str(error)
    except OSError as error:
        return durable.reason(error)
    _prune(versions(folder, path))
    return ""


def versions(folder: str | Path, path: str | Path) -> tuple[Version, ...]:
    """The kept versions of a file, the newest first."""
    found = []
    with contextlib.suppress(OSError):
        for one in _place(folder, path).glob(f"*{SUFFIX}"):
            if one.stem.isdecimal():
                found.append(Version(one, int(one.stem) / 1000, one.stat().st_size))
    return tuple(sorted(found, key=lambda version: -version.when))


def load(version: Version) -> File:
    """The document as it was. Raises BadDocument."""
    return bps.load(version.path)[0]


def gates_in(version: Version) -> int:
    """How many gates it has, 0 where it is no document."""
    try:
        return len(load(version).graph.nodes)
    except BadDocument:
        return 0


def _place(folder: str | Path, path: str | Path) -> Path:
    return Path(folder) / hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:24]


def _same(version: Version, data: bytes) -> bool:
    try:
        return version.size == len(data) and version.path.read_bytes() == data
    except OSError:
        return False


def _prune(kept: tuple[Version, ...]) -> None:
    size = 0
    for number, version in enumerate(kept):
        size += version.size
        if number and (number >= MOST or size > MOST_KEPT):
            with contextlib.suppress(OSError):
                version.path.unlink()
