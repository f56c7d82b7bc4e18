"""The shape of a document as msgspec reads it: which keys, which types, which limits.

Keys that may be missing default to UNSET, so that the keys that were really there can be counted
(msgspec, like every library, accepts a key that is written twice).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from bpstudio.core.limits import (
    FARTHEST,
    LEGAL_ID,
    LONGEST_FORMULA,
    LONGEST_LABEL,
    LONGEST_NOTE,
    MOST_DOTS,
    MOST_KINDS,
)

FORMAT = "bpstudio.graph"
VERSION = 1
MINOR = 5
"""The highest that this program reads in full. It writes what a document needs: see needed."""
MOST_BYTES = 64 * 2**20
MOST_GATES = 200_000
MOST_WIRES = 400_000
MOST_FORMULAS = 200_000
"""Characters of the formulas of all own gates together: reading them takes a second."""

Id = Annotated[str, Meta(pattern=rf"\A{LEGAL_ID.pattern}")]
Label = Annotated[str, Meta(max_length=LONGEST_LABEL)]
Away = Annotated[float, Meta(ge=-FARTHEST, le=FARTHEST)]
Place = tuple[Away, Away]
Extent = Annotated[float, Meta(gt=0, le=FARTHEST)]


class Record(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One JSON object of the document."""


class Item(Record):
    """One entry of a list, known by its id."""

    id: Id


class GateRecord(Item):
    kind: Label
    pos: Place | UnsetType = UNSET
    params: dict[str, Any] | UnsetType = UNSET
    label: Label | UnsetType = UNSET
    group: Id | UnsetType = UNSET


class WireRecord(Item):
    source: Id = msgspec.field(name="from")
    to: tuple[Id, Label]
    dots: Annotated[list[Place], Meta(max_length=MOST_DOTS)] | UnsetType = UNSET


class GroupRecord(Item):
    title: Label | UnsetType = UNSET
    collapsed: bool | UnsetType = UNSET
    group: Id | UnsetType = UNSET
    colour: Annotated[str, Meta(pattern=r"\A[a-z]{1,20}\Z")] | UnsetType = UNSET


class NoteRecord(Item):
    text: Annotated[str, Meta(max_length=LONGEST_NOTE)] | UnsetType = UNSET
    pos: Place | UnsetType = UNSET
    size: tuple[Extent, Extent] | UnsetType = UNSET
    frame: bool | UnsetType = UNSET
    colour: Annotated[str, Meta(pattern=r"\A[a-z]{1,20}\Z")] | UnsetType = UNSET


class KindRecord(Item):
    formula: Annotated[str, Meta(max_length=LONGEST_FORMULA)]
    title: Label | UnsetType = UNSET


class GraphRecord(Record):
    gates: Annotated[list[GateRecord], Meta(max_length=MOST_GATES)]
    wires: Annotated[list[WireRecord], Meta(max_length=MOST_WIRES)]
    groups: Annotated[list[GroupRecord], Meta(max_length=MOST_GATES)] | UnsetType = UNSET
    seeds: dict[str, Any] | UnsetType = UNSET
    kinds: Annotated[list[KindRecord], Meta(max_length=MOST_KINDS)] | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET


class ViewRecord(Record):
    zoom: Annotated[float, Meta(gt=0, le=1e6)] | UnsetType = UNSET
    center: tuple[float, float] | UnsetType = UNSET


class DocumentRecord(Record):
    format: str
    version: int
    graph: GraphRecord
    minor: int | UnsetType = UNSET
    title: Label | UnsetType = UNSET
    notes: Annotated[list[NoteRecord], Meta(max_length=MOST_GATES)] | UnsetType = UNSET
    network: msgspec.Raw | UnsetType = UNSET
    datasets: msgspec.Raw | UnsetType = UNSET
    training: msgspec.Raw | UnsetType = UNSET
    view: ViewRecord | UnsetType = UNSET
    ext: dict[str, Any] | UnsetType = UNSET


class HeadRecord(msgspec.Struct):
    """What says whether the rest may be read at all; everything else is passed over."""

    format: str | UnsetType = UNSET
    version: int | UnsetType = UNSET
    minor: int | UnsetType = UNSET


def keys_of(records: Sequence[Record]) -> int:
    """How many keys these JSON objects of one kind had."""
    if not records:
        return 0
    names = records[0].__struct_fields__
    # list.count runs in C: counted one by one, this would take as long as the decoding.
    absent = sum([getattr(record, name) for record in records].count(UNSET) for name in names)
    return len(records) * len(names) - absent
