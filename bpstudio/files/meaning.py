"""From the records of a document to its graph: what JSON types cannot say.

Ids are unique over everything, own gates have a formula that can be one, wires end at ports that
exist and each port has one wire, params belong to their gate and lie in their range, nothing
depends on itself, groups exist and do not hold themselves, settings are known. The first fault
found is raised as a Fault with its path.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET

from bpstudio.core.gate import Gate
from bpstudio.core.gates import GATES
from bpstudio.core.graph import (
    Graph,
    GraphError,
    Group,
    Kind,
    Node,
    Note,
    Option,
    Scalar,
)
from bpstudio.core.items import COLOURS
from bpstudio.core.limits import FEWEST_SAMPLES, MOST_SAMPLES
from bpstudio.core.settings import SETTINGS
from bpstudio.files.faults import Fault, out_of_range, wrong_kind
from bpstudio.files.later import NONE, Extra
from bpstudio.files.records import (
    MOST_FORMULAS,
    DocumentRecord,
    GateRecord,
    GroupRecord,
    Item,
    KindRecord,
    NoteRecord,
    WireRecord,
)
from bpstudio.files.strictjson import join
from bpstudio.files.wiring import no_node, refuse_loops, wires_of
from bpstudio.language import listed, tr

FEWEST_INPUTS = 2

Extras = Mapping[str, Sequence[Extra]]


def graph_of(document: DocumentRecord, extras: Extras, lenient: bool) -> Graph:
    """The graph a document describes. `lenient`: a gate kind of a later version is let through."""
    record = document.graph
    notes = () if document.notes is UNSET else document.notes
    groups = () if record.groups is UNSET else record.groups
    own = () if record.kinds is UNSET else record.kinds
    _refuse_shared_ids(record.gates, record.wires, groups, notes, own)
    group_ids = _group_ids(groups)
    kinds = _kinds(own, extras.get("kinds", ()))
    gates = Graph(kinds=kinds).gates
    nodes = _nodes(record.gates, extras.get("gates", ()), group_ids, gates, lenient)
    wires = wires_of(record.wires, extras.get("wires", ()), nodes, gates)
    refuse_loops(nodes, wires)
    return Graph(
        nodes.values(),
        wires,
        _groups(groups, extras.get("groups", ()), lenient),
        _notes(notes, extras.get("notes", ()), lenient),
        {} if record.seeds is UNSET else _seeds(record.seeds, nodes),
        kinds,
        {} if record.settings is UNSET else _settings(record.settings),
    )


def _seeds(found: dict[str, Any], nodes: Mapping[str, Node]) -> dict[str, float]:
    for node in found:
        if node not in nodes:
            raise Fault(f"$.graph.seeds{join(node)}", no_node(node))
    return {node: _number(value, f"$.graph.seeds{join(node)}") for node, value in found.items()}


def _kinds(records: Sequence[KindRecord], extras: Sequence[Extra]) -> list[Kind]:
    if not records:
        return []
    from bpstudio.core.own import inner_of, refusal_of

    kinds: list[Kind] = []
    length = 0
    for index, record in enumerate(records):
        title = "" if record.title is UNSET else record.title
        kind = Kind(record.id, title, record.formula, extras[index] if extras else NONE)
        place = f"$.graph.kinds[{index}]"
        length += len(kind.formula)
        if length > MOST_FORMULAS:
            raise Fault(
                f"{place}.formula",
                tr(
                    "the formulas have more than {most} characters together",
                    most=f"{MOST_FORMULAS:,}",
                ),
            )
        if reason := refusal_of(kind.id):
            raise Fault(f"{place}.id", reason)
        try:
            inner_of(kind.formula)
        except GraphError as error:
            raise Fault(f"{place}.formula", str(error)) from None
        kinds.append(kind)
    return kinds


def _settings(found: dict[str, Any]) -> dict[str, Option]:
    for name, value in found.items():
        place = f"$.graph.settings{join(name)}"
        choice = SETTINGS.get(name)
        if choice is None:
            raise Fault(place, tr("there is no setting “{name}”", name=name))
        if value not in list(choice.values):
            raise Fault(place, tr("it takes one of {values}", values=listed(choice.values)))
    return {name: value for name, value in found.items() if value != SETTINGS[name].default}


def params_of(kind: str) -> frozenset[str] | None:
    """The names of a gate's parameters; None for a gate that the table lacks."""
    gate = GATES.get(kind)
    if gate is None:
        return None
    return frozenset(gate.params) | ({"inputs"} if gate.grows else frozenset())


def _refuse_shared_ids(
    gates: Sequence[GateRecord],
    wires: Sequence[WireRecord],
    groups: Sequence[GroupRecord],
    notes: Sequence[NoteRecord],
    kinds: Sequence[KindRecord],
) -> None:
    lists: tuple[tuple[str, Sequence[Item]], ...] = (
        ("$.graph.gates", gates),
        ("$.graph.wires", wires),
        ("$.graph.groups", groups),
        ("$.notes", notes),
        ("$.graph.kinds", kinds),
    )
    ids = {item.id for _, items in lists for item in items}
    if len(ids) == sum(len(items) for _, items in lists):
        return
    first: dict[str, str] = {}
    for place, items in lists:
        for index, item in enumerate(items):
            here = f"{place}[{index}].id"
            if item.id in first:
                other = first[item.id].removesuffix(".id")
                raise Fault(here, tr("the id “{id}” is taken by {other}", id=item.id, other=other))
            first[item.id] = here


def _nodes(
    records: Sequence[GateRecord],
    extras: Sequence[Extra],
    groups: frozenset[str],
    gates: Mapping[str, Gate],
    lenient: bool,
) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for index, record in enumerate(records):
        extra = extras[index] if extras else NONE
        gate = gates.get(record.kind)
        if gate is None and not lenient:
            raise Fault(
                f"$.graph.gates[{index}].kind",
                tr("there is no gate “{kind}”", kind=record.kind),
            )
        params = {}
        if record.params is not UNSET:
            params = _params(gate, record.params, f"$.graph.gates[{index}].params")
        group = "" if record.group is UNSET else record.group
        if group and group not in groups:
            raise Fault(f"$.graph.gates[{index}].group", _no_group(group))
        nodes[record.id] = Node(
            record.id,
            record.kind,
            (0.0, 0.0) if record.pos is UNSET else record.pos,
            params,
            "" if record.label is UNSET else record.label,
            group,
            extra,
        )
    return nodes


def _params(gate: Gate | None, found: dict[str, Any], place: str) -> dict[str, Scalar]:
    params: dict[str, Scalar] = {}
    for name, value in found.items():
        here = f"{place}{join(name)}"
        if gate is not None and name == "inputs" and gate.grows:
            params[name] = _inputs(gate, value, here)
        elif gate is None or name not in gate.params:
            raise Fault(here, _no_param(gate, name))
        elif isinstance(gate.params[name], bool):
            if not isinstance(value, bool):
                raise Fault(here, wrong_kind("bool", _kind(value)))
            params[name] = value
        elif isinstance(value, list) and gate.key == "input":
            params[name] = _samples(value, here)
        else:
            params[name] = _number(value, here)
    return params


def _samples(values: list[Any], place: str) -> tuple[float, ...]:
    """An input's batch."""
    if not FEWEST_SAMPLES <= len(values) <= MOST_SAMPLES:
        raise Fault(
            place,
            tr(
                "an input takes {fewest} to {most} samples, not {n}",
                fewest=FEWEST_SAMPLES,
                most=f"{MOST_SAMPLES:,}",
                n=f"{len(values):,}",
            ),
        )
    return tuple(_number(value, f"{place}[{index}]") for index, value in enumerate(values))


def _inputs(gate: Gate, value: Any, place: str) -> int:
    number = _number(value, place)
    if not (number.is_integer() and FEWEST_INPUTS <= number <= gate.most):
        raise Fault(
            place,
            tr(
                "a {gate} gate takes {fewest} to {most} inputs, a whole number",
                gate=gate.key,
                fewest=FEWEST_INPUTS,
                most=gate.most,
            ),
        )
    return int(number)


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Fault(place, wrong_kind("float", _kind(value)))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Fault(place, out_of_range())
    return number


def _kind(value: Any) -> str:
    """msgspec's name for the kind of a decoded value."""
    names = {bool: "bool", int: "int", float: "float", str: "str", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _group_ids(records: Sequence[GroupRecord]) -> frozenset[str]:
    """The ids of the groups, once each is known to have an outermost group."""
    parent = {g.id: "" if g.group is UNSET else g.group for g in records}
    sound: set[str] = {""}
    for index, record in enumerate(records):
        way: dict[str, None] = {}
        key = record.id
        while key not in sound:
            way[key] = None
            key = parent[key]
            if key and key not in parent:
                raise Fault(f"$.graph.groups[{index}].group", _no_group(key))
            if key in way:
                raise Fault(
                    f"$.graph.groups[{index}].group",
                    tr("the group “{id}” lies inside itself", id=key),
                )
        sound.update(way)
    return frozenset(parent)


def _groups(records: Sequence[GroupRecord], extras: Sequence[Extra], lenient: bool) -> list[Group]:
    for index, g in enumerate(records):
        if g.colour is not UNSET and g.colour not in COLOURS and not lenient:
            raise Fault(
                f"$.graph.groups[{index}].colour",
                tr("it takes one of {values}", values=listed(COLOURS)),
            )
    return [
        Group(
            g.id,
            "" if g.title is UNSET else g.title,
            False if g.collapsed is UNSET else g.collapsed,
            "" if g.group is UNSET else g.group,
            extras[index] if extras else NONE,
            "" if g.colour is UNSET else g.colour,
        )
        for index, g in enumerate(records)
    ]


def _notes(records: Sequence[NoteRecord], extras: Sequence[Extra], lenient: bool) -> list[Note]:
    for index, n in enumerate(records):
        if n.colour is UNSET or lenient:
            continue
        if n.colour not in COLOURS:
            reason = tr("it takes one of {values}", values=listed(COLOURS))
            raise Fault(f"$.notes[{index}].colour", reason)
        if n.frame is not True:
            raise Fault(f"$.notes[{index}].colour", tr("only a frame takes a colour, not a note"))
    return [
        Note(
            n.id,
            "" if n.text is UNSET else n.text,
            (0.0, 0.0) if n.pos is UNSET else n.pos,
            NOTE_SIZE if n.size is UNSET else n.size,
            extras[index] if extras else NONE,
            False if n.frame is UNSET else n.frame,
            "" if n.colour is UNSET else n.colour,
        )
        for index, n in enumerate(records)
    ]


NOTE_SIZE = Note("").size
"""What a note measures that does not say; left out of the file."""


def _no_group(group: str) -> str:
    return tr("there is no group with the id “{id}”", id=group)


def _no_param(gate: Gate | None, name: str) -> str:
    kind = "" if gate is None else gate.key
    return tr("a gate “{kind}” has no parameter “{name}”", kind=kind, name=name)
