"""Gestures that wire: a new wire from either end, an end taken off, a wire drawn with keys alone.

The forbidden nodes are found once, at the press, with a visited set; each move is a set look-up.
Why a place is forbidden is spelled out only where the pointer asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bpstudio.core import edits
from bpstudio.core.edits.places import group_name
from bpstudio.core.graph import Graph, GraphError, Patch, Point
from bpstudio.core.groups import hidden, ports_of_group
from bpstudio.core.shape import node_size
from bpstudio.language import tr
from bpstudio.ui.canvas.tools.events import BODY, Hit, Overlay, PointerEvent, Stage, Want
from bpstudio.ui.canvas.tools.machine import State, Tools
from bpstudio.ui.canvas.tools.moving import snapped
from bpstudio.ui.canvas.tools.placing import Spots


@dataclass(frozen=True, slots=True)
class Aim:
    """What letting go would do: `patch` or the `reason` against it, and the port it snaps to."""

    node: str
    port: str
    patch: Patch | None = None
    reason: str = ""
    hint: str = ""


class Wiring(State):
    """A wire in the making. It knows its source, or its target and port, and seeks the other."""

    def __init__(self, tools: Tools, *, source: str = "", target: str = "", port: str = "") -> None:
        super().__init__(tools)
        self.source, self.target, self.port = source, target, port
        self.follows = False
        self.hidden: frozenset[str] = frozenset()
        graph = self.stage.graph
        self.forbidden = graph.upstream(source) if source else graph.downstream(target)
        self._aims: dict[Hit, Aim | None] = {}
        self._pressed: PointerEvent | None = None

    @property
    def fixed(self) -> Point:
        """Where the end that stays is plugged."""
        if self.source:
            return self.stage.port_at(self.source, "")
        return self.stage.port_at(self.target, self.port)

    def enter(self) -> None:
        self._draw(self.fixed, None)

    def press(self, event: PointerEvent) -> None:
        if event.button == "left":
            self._pressed = event
            self.move(event)
        else:
            self.tools.rest()

    def move(self, event: PointerEvent) -> None:
        self._draw(event.scene, self._aim(event.hit))

    def release(self, event: PointerEvent) -> None:
        if self.follows and self._pressed is None:
            return
        aim = self._aim(event.hit)
        home = Hit("output", self.source) if self.source else Hit("input", self.target, self.port)
        self.tools.rest()
        if aim is None:
            if (event.hit.part, event.hit.id, event.hit.port) != (home.part, home.id, home.port):
                self.dropped(event)
        elif aim.patch is None:
            self.stage.refuse(aim.reason)
        elif aim.patch:
            self.stage.do(aim.patch)

    def key(self, event: PointerEvent) -> None:
        if event.key in ("Escape", "Delete", "Backspace"):
            self.cancel(event)

    def dropped(self, event: PointerEvent) -> None:
        """Let go over nothing: offer the gates that fit."""
        ask_for_fitting(self, event.scene, self.source, self.target, self.port)

    # --- aiming -------------------------------------------------------------------------------

    def _aim(self, hit: Hit) -> Aim | None:
        """What the wire would do at this hit; None over nothing. Remembered for the gesture."""
        plain = Hit("node" if hit.part in BODY else hit.part, hit.id, hit.port)
        if plain not in self._aims:
            self._aims[plain] = self._find(plain)
        return self._aims[plain]

    def _find(self, hit: Hit) -> Aim | None:
        if hit.part == "box":
            return self._find_in(hit.id)
        if hit.part not in ("node", "input", "output"):
            return None
        own = self.source or self.target
        if self.source:
            if hit.part == "output":
                return None if hit.id == own else Aim(hit.id, "", reason=_two_outputs())
            port = hit.port or self._best_port(hit.id)
            if not port and hit.id not in self.forbidden:
                return Aim(hit.id, "", reason=self._no_room(hit.id))
            return self._judged(hit.id, port, self.source, hit.id, port)
        if hit.part == "input":
            same = hit.id == own and hit.port == self.port
            return None if same else Aim(hit.id, hit.port, reason=_two_inputs())
        return self._judged(hit.id, "", hit.id, self.target, self.port)

    def _find_in(self, group: str) -> Aim | None:
        """The best port of a collapsed group: free ones first, top to bottom."""
        graph = self.stage.graph
        found = ports_of_group(graph, group)
        ports = [p for p in found.inputs if not p.wires] if self.source else list(found.outputs)
        fitting = [p for p in ports if p.node not in self.forbidden]
        for port in fitting or ports:
            if self.source:
                return self._judged(port.node, port.port, self.source, port.node, port.port)
            return self._judged(port.node, "", port.node, self.target, self.port)
        name = group_name(graph, group)
        inside = (found.inputs or found.outputs)[0].node
        if self.source and found.inputs:
            reason = tr(
                "Every input of {name} has its wire; drop on an input to replace one.", name=name
            )
        else:
            reason = tr("{name} takes no inputs: its value comes from outside.", name=name)
        return Aim(inside, "", reason=reason)

    def _judged(self, node: str, at: str, source: str, target: str, port: str) -> Aim:
        try:
            patch = self.edit(source, target, port)
        except GraphError as error:
            return Aim(node, at, reason=str(error))
        return Aim(node, at, patch, hint=self._replaces(target, port))

    def edit(self, source: str, target: str, port: str) -> Patch:
        """The patch that plugs the wire in there."""
        return edits.connect(self.stage.graph, source, target, port, replace=True)

    def _best_port(self, node: str) -> str:
        graph = self.stage.graph
        if node in self.forbidden:
            # Any port will do to have the loop spelled out.
            return next(iter(edits.ports_of(graph.nodes[node], graph)), "x")
        return edits.free_port(graph, self.source, node)

    def _no_room(self, node: str) -> str:
        placed = self.stage.graph.nodes[node]
        if not edits.ports_of(placed, self.stage.graph):
            error = edits.refusal(self.stage.graph, self.source, node, "x")
            return str(error) if error else ""
        return tr(
            "Every input of {name} has its wire; drop on an input to replace one.",
            name=placed.name,
        )

    def _replaces(self, target: str, port: str) -> str:
        graph = self.stage.graph
        taken = graph.into(target).get(port, "")
        if not taken or taken in self.hidden:
            return ""
        return tr(
            "Drop to replace the wire from {name}.",
            name=graph.nodes[graph.wires[taken].source].name,
        )

    def _draw(self, pointer: Point, aim: Aim | None) -> None:
        end, sentence, port = pointer, "", None
        if aim is not None:
            sentence = aim.reason or aim.hint
            if aim.patch is not None:
                port = (aim.node, aim.port)
                end = self.stage.port_at(aim.node, aim.port)
        self.stage.show(
            Overlay(
                rubber=(self.fixed, end) if self.source else (end, self.fixed),
                allowed=aim is not None and aim.patch is not None,
                refused=aim is not None and aim.patch is None,
                forbidden=self.forbidden,
                lit="inputs" if self.source else "outputs",
                aim=port,
                hidden=self.hidden,
                sentence=sentence,
                at=pointer,
                cursor="forbidden" if aim is not None and aim.patch is None else "cross",
            )
        )


class Replug(Wiring):
    """A wire's end taken off: plug it in elsewhere, or let go over nothing to take it off."""

    def __init__(self, tools: Tools, wire: str, end: Literal["source", "target"]) -> None:
        old = tools.stage.graph.wires[wire]
        if end == "target":
            super().__init__(tools, source=old.source)
        else:
            super().__init__(tools, target=old.target, port=old.port)
        self.wire, self.hidden = wire, frozenset({wire})

    def edit(self, source: str, target: str, port: str) -> Patch:
        return edits.replug(self.stage.graph, self.wire, source=source, target=target, port=port)

    def dropped(self, event: PointerEvent) -> None:
        patch = self.attempt(edits.disconnect, (self.wire,))
        if patch is not None:
            self.stage.do(patch)

    def _best_port(self, node: str) -> str:
        wire = self.stage.graph.wires[self.wire]
        # Back onto the gate it came from, the wire goes home.
        return wire.port if node == wire.target else super()._best_port(node)


class KeyWiring(State):
    """Wire without a mouse: Tab walks the allowed ports, Enter connects, Esc leaves."""

    def __init__(self, tools: Tools, source: str) -> None:
        super().__init__(tools)
        self.source = source
        self.ports = allowed_ports(self.stage, source)
        self.at = 0

    def enter(self) -> None:
        if not self.ports:
            name = self.stage.graph.nodes[self.source].name
            self.tools.rest()
            self.stage.refuse(tr("No gate can take a wire from {name}; add one first.", name=name))
            return
        self._draw()

    def key(self, event: PointerEvent) -> None:
        if event.key in ("Tab", "Right", "Down"):
            self._go(1)
        elif event.key in ("Backtab", "Left", "Up"):
            self._go(-1)
        elif event.key == "Enter":
            patch = self.attempt(edits.connect, self.source, *self.ports[self.at], replace=True)
            self.tools.rest()
            if patch:
                self.stage.do(patch)
        elif event.key == "Escape":
            self.cancel(event)

    def press(self, event: PointerEvent) -> None:
        """The mouse takes over: the wire follows it."""
        follow = Wiring(self.tools, source=self.source)
        follow.follows = True
        self.tools.go(follow)
        self.tools.feed(event)

    def _go(self, way: int) -> None:
        self.at = (self.at + way) % len(self.ports)
        self._draw()

    def _draw(self) -> None:
        graph = self.stage.graph
        node, port = self.ports[self.at]
        place = self.stage.port_at(node, port)
        words = tr("{name}, port {port}", name=graph.nodes[node].name, port=port)
        if port in graph.into(node):
            taken = graph.wires[graph.into(node)[port]].source
            words += " · " + tr("replaces the wire from {name}", name=graph.nodes[taken].name)
        self.stage.show(
            Overlay(
                rubber=(self.stage.port_at(self.source, ""), place),
                allowed=True,
                forbidden=graph.upstream(self.source),
                lit="inputs",
                aim=(node, port),
                sentence=words,
                at=place,
            )
        )
        self.stage.say(words)


def allowed_ports(stage: Stage, source: str) -> list[tuple[str, str]]:
    """The ports that may take a wire from `source`, each nearest first: those that are free, those
    that a full gate would grow, those that are taken."""
    graph = stage.graph
    forbidden = graph.upstream(source)
    covered = hidden(graph)
    x0, y0 = stage.port_at(source, "")
    found: list[tuple[int, float, str, str]] = []
    for key, node in graph.nodes.items():
        if key in forbidden:
            continue
        wired = graph.into(key)
        far = (node.at[0] - x0) ** 2 + (node.at[1] - y0) ** 2
        grown = edits.next_port(graph, key)
        ports = [*edits.ports_of(node, graph), grown]
        for index, port in enumerate(p for p in ports if p):
            same = port in wired and graph.wires[wired[port]].source == source
            if not same and not _inside(graph, covered, key, wired.get(port, "")):
                rank = 2 if port in wired else int(port == grown)
                found.append((rank, far + index * 1e-3, key, port))
    return [(key, port) for _, _, key, port in sorted(found)]


def _inside(graph: Graph, covered: Mapping[str, str], node: str, wire: str) -> bool:
    """Whether a wired port is one that a collapsed group hides."""
    if node not in covered or not wire:
        return False
    return covered.get(graph.wires[wire].source) == covered[node]


def ask_for_fitting(
    state: State, scene: Point, source: str, target: str = "", port: str = ""
) -> None:
    """Offer the gates that fit a loose wire end; the chosen one is added and wired at once."""
    stage = state.stage
    name = stage.graph.nodes[source or target].name

    def chosen(gate: str, value: float | None = None, *, port: str = port) -> None:
        patch = state.attempt(add_connected, gate, scene, source, target, port, value)
        if patch is not None:
            stage.do(patch)
            stage.select(edits.born(patch))

    keys = frozenset(k for k, gate in stage.graph.gates.items() if target or not gate.is_source)
    home = stage.port_at(source, "") if source else stage.port_at(target, port)
    stage.quick_add_for(
        Want(
            scene,
            chosen,
            keys,
            tr("Connect {name} to a new gate", name=name)
            if source
            else tr("Feed {name}, port {port}, from a new gate", name=name, port=port),
            rubber=(home, scene) if source else (scene, home),
            ports=bool(source),
        )
    )


def add_connected(
    graph: Graph,
    gate: str,
    at: Point,
    source: str,
    target: str,
    port: str,
    value: float | None = None,
) -> Patch:
    """One patch that adds a gate beside `at`, where the wire's loose end is, and plugs it in; what
    is there already it does not cover.

    `port` is that of `target`, or with a source the new gate's, "" for its first.
    """
    params = None if value is None else {"value": value}
    first = edits.add_node(graph, gate, at)
    (node,) = edits.born(first)
    width = node_size(graph.apply(first).nodes[node], graph.gates)[0]
    centre = snapped((at[0] + (width / 2 if source else -width / 2), at[1]))
    first = edits.add_node(graph, gate, Spots().at(graph, gate, centre), params=params)
    grown = graph.apply(first)
    name = grown.nodes[node].name
    if source:
        free = port or edits.free_port(grown, source, node)
        second = edits.connect(grown, source, node, free)
    else:
        second = edits.connect(grown, node, target, port, replace=True)
    other = graph.nodes[source or target].name
    return first.then(second, tr("Add {name} and connect {other}", name=name, other=other))


def _two_outputs() -> str:
    return tr("Both ends are outputs; a wire goes from an output to an input.")


def _two_inputs() -> str:
    return tr("Both ends are inputs; a wire goes from an output to an input.")
