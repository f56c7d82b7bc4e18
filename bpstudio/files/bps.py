"""The .bps format: decode, validate, encode canonically, migrate.

`decode` raises BadDocument and nothing else, whatever it is given; the text names the file, the
place in it and the reason. `encode(decode(data)) == data` for canonical data, and what a later
minor version wrote is kept. Nothing in a document is run, imported or followed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET

from bpstudio.core.graph import Graph, Point
from bpstudio.files import durable, faults, later, meaning, network, records, strictjson, writing
from bpstudio.files.durable import Stamp
from bpstudio.files.faults import ROOT, BadDocument, Fault
from bpstudio.files.records import FORMAT, MINOR, MOST_BYTES, VERSION, DocumentRecord, HeadRecord
from bpstudio.language import tr

__all__ = ["MIGRATIONS", "BadDocument", "File", "View", "decode", "encode", "load", "save"]

SUFFIX = ".bps"
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Version -> the pure step from a document of that version to one of the next."""

_head = msgspec.json.Decoder(HeadRecord)
_document = msgspec.json.Decoder(DocumentRecord)


@dataclass(frozen=True, slots=True)
class View:
    """What part of the canvas was in sight; `center` in scene pixels."""

    zoom: float = 1.0
    center: Point = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class File:
    """A document: its graph and what is kept beside it.

    ext      free data of other programs, never read by this one
    minor    of the version that wrote it; higher than ours where `extra` is kept for it. A file
             is written with the lowest that its content needs, but never a lower one than it had
    extra    what this version does not read, kept for writing: see files/later.py
    version  of the format it was read from; lower than ours after a migration
    network  a network and where its training stands, datasets what it learns from, by name: plain
             JSON values of the shape that files/network.py gives
    training how the graph itself is trained, of the same kind
    """

    graph: Graph
    title: str = ""
    view: View = View()
    ext: Mapping[str, Any] = field(default_factory=dict)
    minor: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    version: int = VERSION
    network: Mapping[str, Any] | None = None
    datasets: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] | None = None


def decode(data: bytes, name: str = "document") -> File:
    """The document these bytes hold. Raises BadDocument; `name` is what its text begins with."""
    # Nothing here makes cycles, and looking for them among so many new objects costs a third.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _decoded(data)
    except Fault as fault:
        raise BadDocument(name, fault.place, fault.reason) from None
    finally:
        if collecting:
            gc.enable()


def encode(file: File) -> bytes:
    """The canonical bytes. Raises BadDocument for what a file cannot hold, such as NaN."""
    try:
        return writing.write(file).encode()
    except Fault as fault:
        raise BadDocument(file.title or "document", fault.place, fault.reason) from None
    except UnicodeEncodeError:
        reason = tr("the text holds half of a surrogate pair")
        raise BadDocument(file.title or "document", ROOT, reason) from None


def load(path: str | Path) -> tuple[File, Stamp]:
    """Read a document, and the stamp that tells later whether the file has changed since."""
    try:
        data, stamp = durable.read(path, MOST_BYTES)
    except OSError as error:
        reason = durable.reason(error)
        raise BadDocument(str(path), tr("file"), reason) from None
    return decode(data, str(path)), stamp


def save(file: File, path: str | Path) -> Stamp:
    """Write a document so that no failure loses the old one. Raises BadDocument or SaveError."""
    return durable.save(path, encode(file), check=decode)


def _decoded(data: bytes) -> File:
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise Fault(ROOT, tr("larger than {most} MiB, the most a document may be", most=most))
    data = data.removeprefix(b"\xef\xbb\xbf")
    text = _text(data)
    head = _read(_head, data, text)
    version = _version(head)
    if version < VERSION:
        data = _migrated(data, text, version)
        text = data.decode()
    minor = 0 if head.minor is UNSET else head.minor
    if minor > MINOR:
        strictjson.refuse_unsound(text)
        parted = later.split(data, meaning.params_of)
        document = _read(_document, parted.known, parted.known.decode())
        extra = parted.document
        graph = meaning.graph_of(document, parted.items, lenient=True)
        free = _free(document)
    else:
        document = _read(_document, data, text)
        graph = meaning.graph_of(document, {}, lenient=False)
        extra = {}
        free = _refuse_doubtful(document, data, text)
    read = {key: value for key, value in free.items() if minor >= network.SINCE[key]}
    if minor <= MINOR:
        network.check(read)
    elif not network.fits(read):
        read = {}
    extra = {**extra, **later.reserved(document, free.keys() - read.keys())}
    return File(
        graph,
        "" if document.title is UNSET else document.title,
        _view(document),
        {} if document.ext is UNSET else document.ext,
        minor,
        extra,
        version,
        read.get("network"),
        read.get("datasets", {}),
        read.get("training"),
    )


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = faults.position(data, error.start)
        raise Fault(place, tr("not UTF-8 text, so not a document")) from None
    if not text.strip(" \t\r\n\0"):
        raise Fault(ROOT, tr("the file is empty") if not data else tr("the file holds nothing"))
    return text


def _read(decoder: msgspec.json.Decoder[Any], data: bytes, text: str) -> Any:
    """Decode; every way in which that can fail becomes the most exact Fault there is."""
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError as error:
        fault = faults.of_msgspec(str(error), data)
        if isinstance(error, msgspec.ValidationError) and "[...]" not in fault.place:
            raise fault from None
    except (RecursionError, ValueError):
        fault = Fault(ROOT, strictjson.too_deep())
    if len(text) <= strictjson.MOST_SCANNED:
        strictjson.scan(text)
    raise fault


def _version(head: HeadRecord) -> int:
    if head.format is UNSET:
        raise Fault(ROOT, faults.missing("format"))
    if head.format != FORMAT:
        raise Fault("$.format", tr("this is not a document of Backprop Studio"))
    if head.version is UNSET:
        raise Fault(ROOT, faults.missing("version"))
    if head.version > VERSION:
        raise Fault(
            "$.version",
            tr(
                "version {version} of the format; this program reads up to version {ours}: "
                "open it with a newer Backprop Studio",
                version=head.version,
                ours=VERSION,
            ),
        )
    if head.version < 1 and head.version not in MIGRATIONS:
        raise Fault("$.version", tr("there is no version {version}", version=head.version))
    if head.minor is not UNSET and not 0 <= head.minor < 2**31:
        raise Fault("$.minor", tr("there is no minor version {version}", version=head.minor))
    return head.version


def _migrated(data: bytes, text: str, version: int) -> bytes:
    """The bytes of the same document in our version."""
    strictjson.refuse_unsound(text)
    document = msgspec.json.decode(data, type=dict[str, Any])
    for step in range(version, VERSION):
        document = {**MIGRATIONS[step](document), "version": step + 1}
    return msgspec.json.encode(document)


def _view(document: DocumentRecord) -> View:
    if document.view is UNSET:
        return View()
    zoom, center = document.view.zoom, document.view.center
    return View(
        1.0 if zoom is UNSET else zoom,
        (0.0, 0.0) if center is UNSET else center,
    )


def _free(document: DocumentRecord) -> dict[str, Any]:
    """The values of network.SINCE's keys, decoded, where they are there."""
    raws = {key: getattr(document, key) for key in network.SINCE}
    return {key: msgspec.json.decode(raw) for key, raw in raws.items() if raw is not UNSET}


def _refuse_doubtful(document: DocumentRecord, data: bytes, text: str) -> dict[str, Any]:
    """Raise Fault for a key written twice, and for nesting too deep where anything may stand.
    Answers what `_free` does, which it has to decode for that.

    A good document's keys are each written `"key":`; when there are as many as were decoded, none
    was written twice. A string that holds the same bytes only costs the exact look.
    """
    spaced = any(mark in data for mark in (b" :", b"\t:", b"\n:", b"\r:"))
    ext = None if document.ext is UNSET else document.ext
    try:
        free = _free(document)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        strictjson.scan(text)
        raise
    keys, depth = strictjson.keys_and_depth([ext, *free.values()])
    if spaced or depth >= strictjson.DEPTH or data.count(b'":') != _keys(document) + keys:
        strictjson.refuse_unsound(text)
    return free


def _keys(document: DocumentRecord) -> int:
    """The keys outside the free data."""
    graph = document.graph
    # Of a wire, only the last key may be missing.
    found = len(graph.wires) * len(records.WireRecord.__struct_fields__)
    found -= [wire.dots for wire in graph.wires].count(UNSET)
    found += records.keys_of([document]) + records.keys_of([graph]) + records.keys_of(graph.gates)
    found += 0 if document.view is UNSET else records.keys_of([document.view])
    for rarer in (graph.groups, document.notes, graph.kinds):
        found += 0 if rarer is UNSET else records.keys_of(rarer)
    found += sum(len(g.params) for g in graph.gates if g.params is not UNSET)
    found += 0 if graph.settings is UNSET else len(graph.settings)
    return found + (0 if graph.seeds is UNSET else len(graph.seeds))
