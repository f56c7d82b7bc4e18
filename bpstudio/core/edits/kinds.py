"""Edits of a graph's own gates and of its settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as changed

from bpstudio.core.edits.draft import Draft, plain_text, stem
from bpstudio.core.formula.expr import Call, walk
from bpstudio.core.formula.names import ascii_word
from bpstudio.core.formula.parser import FormulaError, parse
from bpstudio.core.graph import (
    BadKind,
    BadParam,
    Graph,
    Kind,
    Node,
    Option,
    Patch,
    Setting,
    UnknownItem,
)
from bpstudio.core.limits import LONGEST_LABEL, MOST_KINDS
from bpstudio.core.own import ports_of_formula, refusal_of
from bpstudio.core.settings import SETTINGS
from bpstudio.language import listed, tr

NAMED = 3
"""Users of a kind that a refusal names."""


def set_setting(graph: Graph, name: str, value: Option) -> Patch:
    """Set what holds for the whole graph: a name and a value of SETTINGS."""
    choice = SETTINGS.get(name)
    if choice is None:
        raise BadParam(tr("There is no setting “{name}”.", name=name))
    if value not in choice.values:
        raise BadParam(
            tr(
                "“{name}” cannot be {value}; it takes one of {values}.",
                name=name,
                value=value,
                values=listed(choice.values),
            )
        )
    draft = Draft(graph)
    if value == choice.default:
        draft.drop(Setting(name, value).id)
    else:
        draft.put(Setting(name, value))
    title, words = tr(choice.title), tr(choice.values[str(value)])
    return draft.patch(tr("{setting}: {value}", setting=title, value=words))


def define_kind(graph: Graph, title: str, formula: str) -> Patch:
    """Make a gate of one's own from a formula. `born(patch, Kind)` tells its id.

    Raises BadKind for a name that is taken, FormulaError for a formula that none can be made of.
    """
    title = plain_text(title.strip(), LONGEST_LABEL)
    if len(graph.kinds) >= MOST_KINDS:
        raise BadKind(tr("A graph holds at most {most} gates of its own.", most=f"{MOST_KINDS:,}"))
    _refuse_title(graph, title, "")
    _refuse_formula(graph, title, formula)
    word = ascii_word(title)
    if word and (reason := refusal_of(word)):
        raise BadKind(reason)
    key = word if word and graph.unused(word) else graph.fresh(stem(word) if word else "gate")
    draft = Draft(graph)
    draft.put(Kind(key, title, formula.strip()))
    return draft.patch(tr("Define the gate {title}", title=title or key))


def change_kind(
    graph: Graph, kind: str, *, title: str | None = None, formula: str | None = None
) -> Patch:
    """Change an own gate's title or formula; its nodes keep their wires.

    A port that is called otherwise hands its wires to the next new one. Raises BadKind where a
    wire would be left without a port.
    """
    old = kind_of(graph, kind)
    draft = Draft(graph)
    new = old
    if title is not None:
        new = changed(new, title=plain_text(title.strip(), LONGEST_LABEL))
        _refuse_title(graph, new.title, kind)
    if formula is not None:
        _refuse_formula(graph, new.title or kind, formula)
        new = changed(new, formula=formula.strip())
        moved = _moved_ports(old.formula, new.formula)
        for node in users_of(graph, kind):
            _replug(draft, graph, node, moved)
    draft.put(new)
    return draft.patch(tr("Change the gate {title}", title=new.title or kind))


def remove_kind(graph: Graph, kind: str) -> Patch:
    """Forget an own gate that no node is."""
    old = kind_of(graph, kind)
    users = [node.name for node in users_of(graph, kind)]
    if users:
        names = listed(users, NAMED)
        raise BadKind(
            tr(
                "{title} is still in use by {nodes}; delete or expand these first.",
                title=old.title or kind,
                nodes=names,
            )
        )
    draft = Draft(graph)
    draft.drop(kind)
    return draft.patch(tr("Remove the gate {title}", title=old.title or kind))


def kind_of(graph: Graph, kind: str) -> Kind:
    """The own gate with this id; raises UnknownItem."""
    found = graph.kinds.get(kind)
    if found is None:
        raise UnknownItem(tr("There is no own gate “{id}” in this graph.", id=kind))
    return found


def users_of(graph: Graph, kind: str) -> Iterable[Node]:
    """The nodes that are this own gate."""
    return [node for node in graph.nodes.values() if node.gate == kind]


def _refuse_title(graph: Graph, title: str, besides: str) -> None:
    for other in graph.kinds.values():
        if title and other.title == title and other.id != besides:
            raise BadKind(
                tr("There is an own gate “{title}” already; choose another name.", title=title)
            )
    word = ascii_word(title)
    if word and (reason := refusal_of(word)):
        raise BadKind(reason)


def _refuse_formula(graph: Graph, title: str, formula: str) -> None:
    """Raise what is wrong with a formula; calls of own gates get a sentence of their own."""
    try:
        ports_of_formula(formula.strip())
    except FormulaError as error:
        itself = Kind(" ", title, "x + 1")
        try:
            read = parse(formula.strip(), {**graph.kinds, " ": itself})
        except (FormulaError, BadKind):
            raise error from None
        for part in walk(read):
            if isinstance(part, Call) and part.function == " ":
                raise FormulaError(
                    tr("“{name}” cannot be made of itself.", name=title), part.at
                ) from None
            if isinstance(part, Call) and part.function in graph.kinds:
                other = graph.kinds[part.function]
                raise FormulaError(
                    tr(
                        "An own gate is made of the table's gates only; "
                        "write out the formula of “{name}”.",
                        name=other.title or other.id,
                    ),
                    part.at,
                ) from None
        raise


def _moved_ports(old: str, new: str) -> dict[str, str]:
    """Where each old port's wire goes: the port of its name, else the next new one, else ""."""
    before, after = ports_of_formula(old), ports_of_formula(new)
    free = iter([port for port in after if port not in before])
    return {port: port if port in after else next(free, "") for port in before}


def _replug(draft: Draft, graph: Graph, node: Node, moved: dict[str, str]) -> None:
    for port, key in graph.into(node.id).items():
        if not moved.get(port, port):
            raise BadKind(
                tr(
                    "{node} has a wire at {port}, which the new formula lacks; take it off first.",
                    node=node.name,
                    port=port,
                )
            )
        wire = graph.wires[key]
        draft.put(changed(wire, port=moved.get(port, port)))
