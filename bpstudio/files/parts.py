"""My parts: groups that people keep to use again, one document each, in a folder of theirs.

The caller says which folder. A part's file is named after its title as far as any file system can
take it; the title itself stands in the document. Saving loses nothing (files/durable.py), and a
file in the folder that cannot be read is listed with what is wrong with it, never deleted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bpstudio.core.graph import Graph, GraphError
from bpstudio.files import bps, durable
from bpstudio.files.bps import SUFFIX, BadDocument, File
from bpstudio.language import tr

LONGEST_NAME = 60
"""Characters of a file's name: with 4 bytes each still less than any file system's 255."""
MOST_PARTS = 1_000
_UNFIT = re.compile(r"[^\w \-()+]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\Z", re.IGNORECASE)


class BadPart(GraphError):
    """A part that cannot be saved, read or removed."""


class PartExists(BadPart):
    """A title that another part has; `replace` takes its place."""


@dataclass(frozen=True, slots=True)
class Part:
    """A kept part: `key` is what load_part takes, `fault` why it cannot be read, if so."""

    key: str
    title: str
    gates: int
    fault: str = ""


def parts(folder: str | Path) -> tuple[Part, ...]:
    """All parts of a folder by title; none where there is no such folder."""
    found = []
    try:
        paths = sorted(Path(folder).glob(f"*{SUFFIX}"))[:MOST_PARTS]
    except OSError:
        return ()
    for path in paths:
        try:
            file, _ = bps.load(path)
        except BadDocument as fault:
            found.append(Part(path.stem, path.stem, 0, fault.reason))
        else:
            found.append(Part(path.stem, file.title or path.stem, len(file.graph.nodes)))
    return tuple(sorted(found, key=lambda part: (part.title.casefold(), part.key)))


def save_part(folder: str | Path, title: str, graph: Graph, *, replace: bool = False) -> str:
    """Keep a graph, such as edits.clip answers, as a part; its key.

    Raises PartExists for a title in use, BadPart for one that is none or an empty graph, SaveError
    where the folder cannot be written to.
    """
    title = " ".join(title.split())
    if not file_name(title):
        raise BadPart(tr("Give the part a name with letters or digits in it."))
    if not graph.nodes:
        raise BadPart(tr("A part holds at least one gate."))
    taken = {part.key.casefold(): part for part in parts(folder)}
    same = [part for part in taken.values() if part.title == title]
    if same and not replace:
        raise PartExists(tr("There is a part “{title}” already.", title=title))
    key = same[0].key if same else _free_key(file_name(title), taken)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        bps.save(File(graph, title), Path(folder) / f"{key}{SUFFIX}")
    except BadDocument as fault:
        raise BadPart(str(fault)) from None
    except durable.SaveError:
        raise
    except OSError as error:
        raise BadPart(
            tr("The folder of your parts cannot be made: {reason}", reason=durable.reason(error))
        ) from None
    return key


def load_part(folder: str | Path, key: str) -> Graph:
    """The graph of a part. Raises BadPart."""
    try:
        return bps.load(_path(folder, key))[0].graph
    except BadDocument as fault:
        raise BadPart(
            tr("The part “{name}” cannot be read: {reason}", name=key, reason=fault.reason)
        ) from None


def delete_part(folder: str | Path, key: str) -> None:
    """Remove a part's file. Raises BadPart."""
    try:
        _path(folder, key).unlink()
    except OSError as error:
        raise BadPart(
            tr(
                "The part “{name}” cannot be removed: {reason}",
                name=key,
                reason=durable.reason(error),
            )
        ) from None


def file_name(title: str) -> str:
    """What a file of this title can be called on every system; "" where nothing is left."""
    name = _UNFIT.sub("_", title).strip(" _")[:LONGEST_NAME].strip(" _")
    return f"{name}_" if _RESERVED.match(name) else name


def _free_key(name: str, taken: dict[str, Part]) -> str:
    """The name, with a number behind it where a part of another title has it."""
    key, number = name, 2
    while key.casefold() in taken:
        key, number = f"{name} {number}", number + 1
    return key


def _path(folder: str | Path, key: str) -> Path:
    """Where a part lies. A key is one file's name and no way to anywhere else."""
    if not key or Path(key).name != key or key.startswith(".") or "\0" in key:
        raise BadPart(tr("There is no part “{name}”.", name=key))
    return Path(folder) / f"{key}{SUFFIX}"
