"""The canonical bytes of a document.

One gate, wire, group or note per line, sorted naturally by id, keys in a fixed order, floats as
Python's shortest repr, defaults left out: moving one gate changes one line, and what was read from
a canonical file is written back byte for byte. Written by hand rather than by a library, so that no
upgrade can change a byte.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Group, Item, Kind, Node, Note, Seed, Setting, Wire
from bpstudio.files import network
from bpstudio.files.faults import Fault
from bpstudio.files.later import KEYS, Extra, Kept
from bpstudio.files.meaning import NOTE_SIZE
from bpstudio.files.records import FORMAT, VERSION
from bpstudio.files.strictjson import join
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.files.bps import File

Pairs = list[tuple[str, str]]
"""Keys with their values' JSON text."""
_DIGITS = re.compile(r"(\d+)", re.ASCII)
_text: Callable[[str], str] = encode_basestring


def write(file: File) -> str:
    """The document's text. Raises Fault for what JSON cannot hold: NaN, an infinite number."""
    graph = file.graph
    learned = {
        "network": file.network,
        "datasets": file.datasets or None,
        "training": file.training,
    }
    held = [key for key, value in learned.items() if value is not None]
    since = network.needed(file.network, file.datasets, file.training)
    inside = file.extra.get("graph")
    later = inside.get("settings") if isinstance(inside, Mapping) else None
    inner = _with_extra(
        [
            ("gates", _lines(graph.nodes, _gate)),
            ("wires", _lines(graph.wires, _wire)),
            ("groups", _lines(graph.groups, _group)),
            ("seeds", _seeds(graph)),
            *([("kinds", _lines(graph.kinds, _kind))] if graph.kinds else []),
            *([("settings", _settings(graph, later))] if graph.settings or later else []),
        ],
        inside,
        KEYS["graph"],
    )
    view = [("zoom", _number(file.view.zoom, "$.view.zoom"))]
    view.append(("center", _pair(file.view.center, "$.view.center")))
    pairs = [
        ("format", _text(FORMAT)),
        ("version", str(VERSION)),
        ("minor", str(max(file.minor, needed(graph), since))),
        ("title", _text(file.title)),
        ("graph", "{\n" + _joined(inner, ",\n") + "\n}"),
        ("notes", _lines(graph.notes, _note)),
        *([("network", network.text_of_network(file.network))] if file.network is not None else []),
        *([("datasets", network.text_of_datasets(file.datasets))] if file.datasets else []),
        *([("training", network.text_of_training(file.training))] if file.training else []),
        ("view", _object(_with_extra(view, file.extra.get("view")))),
        ("ext", _free(file.ext)),
    ]
    extra = file.extra
    if held:
        # What another program had put there makes room for what is ours.
        taken = (*held, "network", "datasets") if set(held) - {"training"} else tuple(held)
        extra = {key: kept for key, kept in extra.items() if key not in taken}
    return "{\n" + _joined(_with_extra(pairs, extra, KEYS["document"]), ",\n") + "\n}\n"


def needed(graph: Graph) -> int:
    """The lowest minor version of the format that can hold a graph."""
    if any(note.frame or note.colour for note in graph.notes.values()):
        return 5
    batches = any(isinstance(n.params.get("value"), tuple) for n in graph.nodes.values())
    if "wires" in graph.settings or any(group.colour for group in graph.groups.values()):
        return 2
    if any(wire.dots for wire in graph.wires.values()):
        return 2
    return 1 if graph.kinds or graph.settings or batches else 0


def place(item: Item) -> tuple[str, str]:
    """In which table of a document an item stands, and under which key."""
    if isinstance(item, Seed):
        return "seeds", item.node
    if isinstance(item, Setting):
        return "settings", item.name
    return _ENTRIES[type(item)][0], item.id


def entry(item: Item) -> str:
    """One item's JSON text, as a document holds it. Raises Fault for what JSON cannot hold."""
    if isinstance(item, Seed):
        return _number(float(item.value), "$.graph.seeds", item.node)
    if isinstance(item, Setting):
        value = item.value
        return _text(value) if isinstance(value, str) else _number(value, "$.graph.settings")
    return _ENTRIES[type(item)][1](item)


def natural(key: str) -> tuple[list[str | int], str]:
    """Sorts x2 before x10; keys that differ only in leading zeros stay apart."""
    parts: list[str | int] = _DIGITS.split(key)
    for index in range(1, len(parts), 2):
        parts[index] = int(parts[index])
    return parts, key


def _lines(items: Mapping[str, Any], line: Callable[[Any], str]) -> str:
    if not items:
        return "[]"
    return "[\n" + ",\n".join([line(items[key]) for key in sorted(items, key=natural)]) + "\n]"


def _gate(node: Node) -> str:
    pairs = [("id", _text(node.id)), ("kind", _text(node.gate))]
    pairs.append(("pos", _pair(node.at, "$.graph.gates.pos", node.id)))
    unknown = node.extra.get("params") if node.extra else None
    if node.params or isinstance(unknown, Mapping):
        pairs.append(("params", _params(node, unknown)))
    if node.label:
        pairs.append(("label", _text(node.label)))
    if node.group:
        pairs.append(("group", _text(node.group)))
    return _object(_with_extra(pairs, node.extra, KEYS["gates"]) if node.extra else pairs)


def _params(node: Node, unknown: Any) -> str:
    gate = GATES.get(node.gate)  # an own gate has no params
    # In the table's order, so that the order in which an editor set them changes no byte.
    order = [] if gate is None else [name for name in gate.params if name in node.params]
    pairs = []
    for name in (*order, *(other for other in sorted(node.params) if other not in order)):
        place, value = f"$.graph.gates.params{join(name)}", node.params[name]
        if isinstance(value, tuple | list):
            pairs.append((name, f"[{','.join([_number(v, place, node.id) for v in value])}]"))
            continue
        text = _number(value, place, node.id)
        pairs.append((name, text.removesuffix(".0") if name == "inputs" else text))
    return _object(_with_extra(pairs, unknown))


def _wire(wire: Wire) -> str:
    to = f"[{_text(wire.target)},{_text(wire.port)}]"
    if not wire.extra and not wire.dots:  # wires are the many: no list of pairs for each
        return f'{{"id":{_text(wire.id)},"from":{_text(wire.source)},"to":{to}}}'
    pairs = [("id", _text(wire.id)), ("from", _text(wire.source)), ("to", to)]
    if wire.dots:
        dots = [_pair(dot, "$.graph.wires.dots", wire.id) for dot in wire.dots]
        pairs.append(("dots", f"[{','.join(dots)}]"))
    return _object(_with_extra(pairs, wire.extra, KEYS["wires"]))


def _group(group: Group) -> str:
    pairs = [("id", _text(group.id))]
    if group.title:
        pairs.append(("title", _text(group.title)))
    if group.collapsed:
        pairs.append(("collapsed", "true"))
    if group.group:
        pairs.append(("group", _text(group.group)))
    if group.colour:
        pairs.append(("colour", _text(group.colour)))
    return _object(_with_extra(pairs, group.extra, KEYS["groups"]))


def _kind(kind: Kind) -> str:
    pairs = [("id", _text(kind.id))]
    if kind.title:
        pairs.append(("title", _text(kind.title)))
    pairs.append(("formula", _text(kind.formula)))
    return _object(_with_extra(pairs, kind.extra, KEYS["kinds"]))


def _settings(graph: Graph, later: Any) -> str:
    pairs = []
    for name, value in sorted(graph.settings.items()):
        text = _text(value) if isinstance(value, str) else _number(value, "$.graph.settings", name)
        pairs.append((name, text))
    return _object(_with_extra(pairs, later))


def _note(note: Note) -> str:
    pairs = [("id", _text(note.id)), ("pos", _pair(note.at, "$.notes.pos", note.id))]
    if note.text:
        pairs.append(("text", _text(note.text)))
    if note.size != NOTE_SIZE:
        pairs.append(("size", _pair(note.size, "$.notes.size", note.id)))
    if note.frame:
        pairs.append(("frame", "true"))
    if note.colour:
        pairs.append(("colour", _text(note.colour)))
    return _object(_with_extra(pairs, note.extra, KEYS["notes"]))


def _seeds(graph: Graph) -> str:
    place = "$.graph.seeds"
    seeds = sorted(graph.seeds.items(), key=lambda pair: natural(pair[0]))
    return _object([(node, _number(float(v), place + join(node), node)) for node, v in seeds])


def _number(value: float | bool, place: str, owner: str = "") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not math.isfinite(value):
        name = f" ({owner})" if owner else ""
        raise Fault(f"{place}{name}", tr("{value} cannot be stored in a file", value=value))
    return repr(float(value))


def _pair(value: tuple[float, float], place: str, owner: str = "") -> str:
    return f"[{_number(value[0], place, owner)},{_number(value[1], place, owner)}]"


def _object(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + _joined(pairs, ",") + "}"


def _joined(pairs: Iterable[tuple[str, str]], between: str) -> str:
    return between.join([f"{_text(key)}:{value}" for key, value in pairs])


def _with_extra(pairs: Pairs, extra: Extra | None, order: Sequence[str] = ()) -> Pairs:
    """The pairs with what a later version wrote put back behind the key it stood behind.

    `order` is that of the known keys: where the key was left out, the ones before it count.
    """
    for key, kept in (extra or {}).items():
        if not isinstance(kept, Kept):
            continue  # the inner extra of a known key, which that key's own writer puts back
        before = {"", kept.after}
        if kept.after in order:
            before.update(order[: order.index(kept.after)])
        at = max((i for i, (name, _) in enumerate(pairs, 1) if name in before), default=0)
        pairs.insert(at, (key, kept.text))
    return pairs


def _free(ext: Mapping[str, Any]) -> str:
    try:
        return json.dumps(
            ext, ensure_ascii=False, allow_nan=False, check_circular=True, separators=(",", ":")
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise Fault(
            "$.ext", tr("this cannot be stored in a file ({detail})", detail=error)
        ) from None


_ENTRIES: Mapping[type, tuple[str, Callable[[Any], str]]] = {
    Node: ("gates", _gate),
    Wire: ("wires", _wire),
    Group: ("groups", _group),
    Note: ("notes", _note),
    Kind: ("kinds", _kind),
}
