"""What changed between two documents, in words, item by item."""

from __future__ import annotations

from collections.abc import Iterator

from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Group, Node, Note, Wire
from bpstudio.core.items import COLOUR_NAMES
from bpstudio.core.numbers import exact
from bpstudio.core.settings import SETTINGS
from bpstudio.files.bps import File
from bpstudio.files.writing import natural
from bpstudio.language import tr, trn


def differences(a: File, b: File) -> list[str]:
    """One sentence per change from `a` to `b`; none where the documents say the same."""
    found: list[str] = []
    if a.title != b.title:
        found.append(tr("The title “{old}” became “{new}”.", old=a.title, new=b.title))
    found += _nodes(a.graph, b.graph)
    found += _wires(a.graph, b.graph)
    found += _groups(a.graph, b.graph)
    found += _notes(a.graph, b.graph)
    found += _seeds(a.graph, b.graph)
    found += _kinds(a.graph, b.graph)
    found += _settings(a.graph, b.graph)
    found += _learning(a, b)
    if a.view != b.view:
        found.append(tr("The view was moved."))
    if a.ext != b.ext or a.extra != b.extra:
        found.append(tr("Data of other programs or versions differs."))
    return found


def _learning(a: File, b: File) -> Iterator[str]:
    old, new = a.network, b.network
    if new is None and old is not None:
        yield tr("Removed the network.")
    elif old is None and new is not None:
        yield tr("Added a network.")
    elif old is not None and new is not None:
        if old.get("spec") != new.get("spec"):
            yield tr("The network or its settings were changed.")
        if old.get("weights") != new.get("weights"):
            before, after = old.get("updates", 0), new.get("updates", 0)
            yield tr(
                "The network's weights differ: after {old} and after {new} updates.",
                old=before,
                new=after,
            )
    if a.training != b.training:
        yield tr("How the graph is trained was changed.")
    for name in _keys(a.datasets, b.datasets):
        if name not in a.datasets:
            yield tr("Added the data “{name}”.", name=name)
        elif name not in b.datasets:
            yield tr("Removed the data “{name}”.", name=name)
        elif a.datasets[name] != b.datasets[name]:
            yield tr("The data “{name}” differ.", name=name)


def _keys(a: object, b: object) -> list[str]:
    return sorted({*a, *b}, key=natural)  # type: ignore[misc]


def _nodes(a: Graph, b: Graph) -> Iterator[str]:
    for key in _keys(a.nodes, b.nodes):
        old, new = a.nodes.get(key), b.nodes.get(key)
        if old is None and new is not None:
            yield tr("Added {gate}.", gate=_described(b, new))
        elif new is None and old is not None:
            yield tr("Removed {gate}.", gate=_described(a, old))
        elif old is not None and new is not None and old != new:
            if old.gate != new.gate:
                now, was = _kind(b, new), _kind(a, old)
                yield tr("{name} is now {new}, not {old}.", name=_called(new), new=now, old=was)
            yield from _node(old, new)


def _node(old: Node, new: Node) -> Iterator[str]:
    name = _called(new)
    if old.label != new.label:
        yield tr("{id}: the label “{old}” became “{new}”.", id=new.id, old=old.label, new=new.label)
    for param in sorted({*old.params, *new.params}):
        before, after = _param(old, param), _param(new, param)
        if before != after:
            yield tr(
                "{name}: {param} {old} → {new}.", name=name, param=param, old=before, new=after
            )
    if old.group != new.group:
        if new.group:
            yield tr("{name} went into the group {group}.", name=name, group=new.group)
        else:
            yield tr("{name} left the group {group}.", name=name, group=old.group)
    if old.at != new.at:
        yield tr("{name} was moved.", name=name)
    if old.extra != new.extra:
        yield tr("{name}: data of a later version differs.", name=name)


def _param(node: Node, param: str) -> str:
    gate = GATES.get(node.gate)  # an own gate has no params
    default = gate.params.get(param) if gate is not None else None
    value = node.params.get(param, default)
    if value is None:
        return tr("none")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, tuple):
        return trn("{n} sample", "{n} samples", len(value))
    return exact(float(value))


def _wires(a: Graph, b: Graph) -> Iterator[str]:
    for key in _keys(a.wires, b.wires):
        old, new = a.wires.get(key), b.wires.get(key)
        if old == new:
            continue
        if old is None and new is not None:
            yield tr("Added the wire {wire}.", wire=_way(b, new))
        elif new is None and old is not None:
            yield tr("Removed the wire {wire}.", wire=_way(a, old))
        elif old is not None and new is not None:
            was, now = _way(a, old), _way(b, new)
            if was != now:
                yield tr("The wire {old} became {new}.", old=was, new=now)
            if old.dots != new.dots:
                yield _led(now, len(old.dots), len(new.dots))
            if old.extra != new.extra:
                yield tr("The wire {wire}: data of a later version differs.", wire=now)


def _led(wire: str, before: int, after: int) -> str:
    """How the drawing of a wire differs."""
    if after == 0:
        return tr("The wire {wire} is led through no dots any more.", wire=wire)
    if before == after:
        return tr("The dots of the wire {wire} were moved.", wire=wire)
    return trn(
        "The wire {wire} is led through {n} dot, not {old}.",
        "The wire {wire} is led through {n} dots, not {old}.",
        after,
        wire=wire,
        old=before,
    )


def _way(graph: Graph, wire: Wire) -> str:
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    return f"{_called(source)} → {_called(target)}.{wire.port}"


def _groups(a: Graph, b: Graph) -> Iterator[str]:
    for key in _keys(a.groups, b.groups):
        old, new = a.groups.get(key), b.groups.get(key)
        if old is None and new is not None:
            yield tr("Added the group {name}.", name=new.title or key)
        elif new is None and old is not None:
            yield tr("Removed the group {name}.", name=old.title or key)
        elif old is not None and new is not None and old != new:
            yield from _group(old, new)


def _group(old: Group, new: Group) -> Iterator[str]:
    name = new.title or new.id
    if old.title != new.title:
        yield tr(
            "The group {id}: the title “{old}” became “{new}”.",
            id=new.id,
            old=old.title,
            new=new.title,
        )
    if old.colour != new.colour:
        yield tr(
            "The group {name}: the colour “{old}” became “{new}”.",
            name=name,
            old=_colour(old),
            new=_colour(new),
        )
    if old.collapsed != new.collapsed:
        shut = tr("The group {name} was collapsed.", name=name)
        yield shut if new.collapsed else tr("The group {name} was opened.", name=name)
    if old.group != new.group:
        if new.group:
            yield tr("The group {name} went into the group {group}.", name=name, group=new.group)
        else:
            yield tr("The group {name} left the group {group}.", name=name, group=old.group)
    if old.extra != new.extra:
        yield tr("The group {name}: data of a later version differs.", name=name)


def _colour(item: Group | Note) -> str:
    # A later version may have colours that this one has no name for.
    return tr(COLOUR_NAMES.get(item.colour, item.colour))


def _notes(a: Graph, b: Graph) -> Iterator[str]:
    for key in _keys(a.notes, b.notes):
        old, new = a.notes.get(key), b.notes.get(key)
        if any(note is not None and note.frame for note in (old, new)):
            yield from _frame(key, old, new)
        elif old is None and new is not None:
            yield tr("Added the note {id}: “{text}”.", id=key, text=_short(new.text))
        elif new is None and old is not None:
            yield tr("Removed the note {id}: “{text}”.", id=key, text=_short(old.text))
        elif old is not None and new is not None and old != new:
            if old.text != new.text:
                yield tr("The note {id} now says “{text}”.", id=key, text=_short(new.text))
            if old.at != new.at:
                yield tr("The note {id} was moved.", id=key)
            if old.size != new.size:
                yield tr("The note {id} was resized.", id=key)
            if old.extra != new.extra:
                yield tr("The note {id}: data of a later version differs.", id=key)


def _frame(key: str, old: Note | None, new: Note | None) -> Iterator[str]:
    if old is None or new is None or old.frame != new.frame:
        if old is not None:
            yield tr("Removed the frame {name}.", name=_short(old.text) or key)
        if new is not None:
            yield tr("Added the frame {name}.", name=_short(new.text) or key)
        return
    name = _short(new.text) or key
    if old.text != new.text:
        yield tr(
            "The frame {id}: the title “{old}” became “{new}”.", id=key, old=old.text, new=new.text
        )
    if old.colour != new.colour:
        yield tr(
            "The frame {name}: the colour “{old}” became “{new}”.",
            name=name,
            old=_colour(old),
            new=_colour(new),
        )
    if old.at != new.at:
        yield tr("The frame {name} was moved.", name=name)
    if old.size != new.size:
        yield tr("The frame {name} was resized.", name=name)
    if old.extra != new.extra:
        yield tr("The frame {name}: data of a later version differs.", name=name)


def _seeds(a: Graph, b: Graph) -> Iterator[str]:
    for key in _keys(a.seeds, b.seeds):
        old, new = a.seeds.get(key), b.seeds.get(key)
        if old == new:
            continue
        name = _called((b if key in b.nodes else a).nodes[key])
        if new is None:
            yield tr("{name} lost its seed.", name=name)
        else:
            yield tr("The seed of {name} is now {value}.", name=name, value=exact(new))


def _kinds(a: Graph, b: Graph) -> Iterator[str]:
    for key in _keys(a.kinds, b.kinds):
        old, new = a.kinds.get(key), b.kinds.get(key)
        if old is None and new is not None:
            what = _short(new.formula)
            yield tr("Added the own gate {name}: {formula}.", name=new.title or key, formula=what)
        elif new is None and old is not None:
            yield tr("Removed the own gate {name}.", name=old.title or key)
        elif old is not None and new is not None and old != new:
            name = new.title or key
            if old.title != new.title:
                was = old.title or key
                yield tr("The own gate {old} is called {new} now.", old=was, new=name)
            if old.formula != new.formula:
                what = _short(new.formula)
                yield tr("The own gate {name} is now {formula}.", name=name, formula=what)
            if old.extra != new.extra:
                yield tr("The own gate {name}: data of a later version differs.", name=name)


def _settings(a: Graph, b: Graph) -> Iterator[str]:
    for name, choice in SETTINGS.items():
        old, new = str(a.setting(name)), str(b.setting(name))
        if old != new:
            yield tr(
                "{setting}: “{old}” became “{new}”.",
                setting=tr(choice.title),
                old=tr(choice.values[old]),
                new=tr(choice.values[new]),
            )


def _kind(graph: Graph, node: Node) -> str:
    gate = graph.gate(node)
    return tr(gate.title) if gate is not None else node.gate


def _called(node: Node) -> str:
    return f"{node.label} ({node.id})" if node.label and node.label != node.id else node.id


def _described(graph: Graph, node: Node) -> str:
    value = f" = {_param(node, 'value')}" if "value" in node.params else ""
    return f"{_called(node)}: {_kind(graph, node)}{value}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
