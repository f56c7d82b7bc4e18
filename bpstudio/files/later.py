"""What a later minor version wrote and this one does not know: kept, and written back as it was.

Such a document is split in two: the part this version knows, which is then read as strictly as any
other, and the unknown keys, each with its bytes and the key it stood behind, so that writing puts
every byte back where it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Raw

from bpstudio.core.settings import SETTINGS
from bpstudio.files import records

Object = dict[str, Raw]
Extra = Mapping[str, Any]
"""An unknown key -> Kept; a known key -> the Extra found inside its object."""
NONE: Extra = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """The JSON text of one unknown key, and the key written before it ("" for none)."""

    text: str
    after: str


@dataclass(slots=True)
class Split:
    """The known part as JSON bytes, and what was unknown: of the document, and per item."""

    known: bytes
    document: Extra = field(default_factory=dict)
    items: dict[str, list[Extra]] = field(default_factory=dict)
    """Key of a list ("gates", "wires", "groups", "notes", "kinds") -> what was unknown in each."""


KEYS: Mapping[str, tuple[str, ...]] = {
    # Those of network.SINCE are kept word for word in a version before they were known.
    "document": (
        *("format", "version", "minor", "title", "graph", "notes"),
        *("network", "datasets", "training", "view", "ext"),
    ),
    "graph": ("gates", "wires", "groups", "seeds", "kinds", "settings"),
    "gates": ("id", "kind", "pos", "params", "label", "group"),
    "wires": ("id", "from", "to", "dots"),
    "groups": ("id", "title", "collapsed", "group", "colour"),
    "notes": ("id", "pos", "text", "size", "frame", "colour"),
    "kinds": ("id", "title", "formula"),
    "view": ("zoom", "center"),
}
"""The keys of each kind of object, in the order in which they are written."""

ParamsOf = Callable[[str], frozenset[str] | None]
"""The names of a gate kind's parameters; None for a kind that this version lacks."""


def split(data: bytes, params_of: ParamsOf) -> Split:
    """Take a document of a later minor version apart. Its JSON has been scanned already."""
    extra, known = _parted(_object(Raw(data)), "document")
    items: dict[str, list[Extra]] = {}
    if "notes" in known:
        known["notes"], items["notes"] = _list_parted(known["notes"], "notes", params_of)
    if _is_object(known.get("graph")):
        unknown, graph = _parted(_object(known["graph"]), "graph")
        for name in ("gates", "wires", "groups", "kinds"):
            if name in graph:
                graph[name], items[name] = _list_parted(graph[name], name, params_of)
        if _is_object(graph.get("settings")):
            later, graph["settings"] = _settings_parted(graph["settings"])
            if later:
                unknown["settings"] = later
        known["graph"] = _raw(graph)
        if unknown:
            extra["graph"] = unknown
    if _is_object(known.get("view")):
        unknown, view = _parted(_object(known["view"]), "view")
        known["view"] = _raw(view)
        if unknown:
            extra["view"] = unknown
    return Split(msgspec.json.encode(known), extra, items)


def _list_parted(raw: Raw, name: str, params_of: ParamsOf) -> tuple[Raw, list[Extra]]:
    """The known part of each entry of a list, and what was unknown in each."""
    extras: list[Extra] = []
    kept: list[Any] = []
    try:
        entries = msgspec.json.decode(raw, type=list[Raw])
    except msgspec.ValidationError:  # no list: left for the strict reading to refuse
        return raw, []
    for entry in entries:
        if not _is_object(entry):
            extras.append(NONE)
            kept.append(entry)
            continue
        whole = _object(entry)
        extra, known = _parted(whole, name)
        if name == "gates" and "params" in known:
            _part_params(known, extra, whole, params_of)
        extras.append(extra)
        kept.append(known)
    return _raw(kept), extras


def _settings_parted(raw: Raw) -> tuple[dict[str, Any], Raw]:
    """The settings that this version lacks, or that have a value which it lacks; and the others."""
    unknown: dict[str, Any] = {}
    known: Object = {}
    before = ""
    for name, value in _object(raw).items():
        choice = SETTINGS.get(name)
        if choice is not None and msgspec.json.decode(value) in list(choice.values):
            known[name] = value
        else:
            unknown[name] = Kept(_text(value), before)
        before = name
    return unknown, _raw(known)


def _part_params(gate: Object, extra: dict[str, Any], whole: Object, params_of: ParamsOf) -> None:
    """Move what this version cannot read in a gate's params from `gate` to `extra`."""
    try:
        kind = msgspec.json.decode(gate["kind"], type=str)
    except (msgspec.ValidationError, KeyError):
        return
    names = params_of(kind)
    if names is None:
        order = ["", *whole]
        extra["params"] = Kept(_text(gate.pop("params")), order[order.index("params") - 1])
    elif _is_object(gate["params"]):
        unknown, known = _parted(_object(gate["params"]), names)
        if unknown:
            extra["params"] = unknown
            gate["params"] = _raw(known)


def _parted(raw: Object, kind: str | frozenset[str]) -> tuple[dict[str, Any], Object]:
    """The unknown and the known keys of one object."""
    names = frozenset(KEYS[kind]) if isinstance(kind, str) else kind
    unknown: dict[str, Any] = {}
    known: Object = {}
    before = ""
    for key, value in raw.items():
        if key in names:
            known[key] = value
        else:
            unknown[key] = Kept(_text(value), before)
        before = key
    return unknown, known


def _object(raw: Raw) -> Object:
    return msgspec.json.decode(raw, type=Object)


def _is_object(raw: Raw | None) -> bool:
    return raw is not None and bytes(raw).lstrip().startswith(b"{")


def _raw(value: Any) -> Raw:
    return Raw(msgspec.json.encode(value))


def _text(raw: Raw) -> str:
    return bytes(raw).decode().strip()


def reserved(document: records.DocumentRecord, keys: Collection[str]) -> dict[str, Any]:
    """What these keys hold as it stands, in the place where it is always written."""
    kept: dict[str, Any] = {}
    for key, after in (("network", "notes"), ("datasets", "network"), ("training", "datasets")):
        raw = getattr(document, key)
        if key in keys and isinstance(raw, Raw):
            kept[key] = Kept(_text(raw), after)
    return kept
