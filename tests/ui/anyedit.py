"""Any edit that there is, with arguments picked blindly: for laws that hold of all of them.

`pick(n)` answers a number from 0 to n - 1; hypothesis draws it, or a random generator does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bpstudio.core import edits
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, GraphError, Patch
from bpstudio.core.items import COLOURS
from bpstudio.core.settings import SETTINGS
from bpstudio.core.standing import with_standing
from bpstudio.files import clip

Pick = Callable[[int], int]
PORTS = ("x", "y", "z", "w", "a", "b", "u", "t", "nonsense")
NUMBERS = (0.0, -0.0, 1.0, -2.5, 1e300, 5e-324, 0.1, 3.0, -1.0, float("nan"), float("inf"))
WORDS = ("", "x", "y", "f", "sum of all", "门", "a\tb", "x" * 201, "z&z", "<b>", "f(x)")
FORMULAS = ("u * sigmoid(u)", "a + b", "tanh(a) * b + c", "log(", "u", "a / 0", "max(a, b)")
PROGRAMS = ("f = (x + y) * z", "g = 1 / (1 + exp(-(w*x + b)))", "h = x", "h = (", "a\nb = a")


def one(pick: Pick, things: Iterable[Any], default: Any = "nothing") -> Any:
    some = list(things)
    return some[pick(len(some))] if some else default


def some(pick: Pick, things: Iterable[Any], most: int = 4) -> list[Any]:
    held = list(things)
    return [held[pick(len(held))] for _ in range(pick(most) + 1)] if held else []


def place(pick: Pick) -> tuple[float, float]:
    far = (4.0, 33.3, 1e6, 1e9)[min(3, pick(40) // 12)]
    return (pick(200) - 100) * far, (pick(200) - 100) * far


def _anything(g: Graph) -> Sequence[str]:
    return [*g.nodes, *g.wires, *g.groups, *g.notes]


EDITS: dict[str, Callable[[Graph, Pick], Patch]] = {
    "add": lambda g, p: edits.add_node(g, one(p, [*GATES, *g.kinds, "convolve"]), place(p)),
    "add labelled": lambda g, p: edits.add_node(g, "input", place(p), label=one(p, WORDS)),
    "connect": lambda g, p: edits.connect(
        g, one(p, g.nodes), one(p, g.nodes), one(p, PORTS), replace=bool(p(2))
    ),
    "connect well": lambda g, p: edits.connect(
        g,
        source := one(p, g.nodes),
        target := one(p, g.nodes),
        edits.free_port(g, source, target) if source in g.nodes else "x",
    ),
    "disconnect": lambda g, p: edits.disconnect(g, some(p, g.wires)),
    "replug": lambda g, p: edits.replug(
        g,
        one(p, g.wires),
        source=one(p, g.nodes) if p(2) else None,
        target=one(p, g.nodes) if p(2) else None,
        port=one(p, PORTS) if p(2) else None,
    ),
    "splice": lambda g, p: edits.splice(g, one(p, g.nodes), one(p, g.wires)),
    "move": lambda g, p: edits.move(g, {key: place(p) for key in some(p, [*g.nodes, *g.notes])}),
    "nudge": lambda g, p: edits.nudge(g, some(p, _anything(g)), *place(p)),
    "delete": lambda g, p: edits.delete(g, some(p, _anything(g), 3)),
    "heal": lambda g, p: edits.delete(g, some(p, _anything(g), 3), heal=True),
    "cut": lambda g, p: edits.cut(g, some(p, g.wires)),
    "group": lambda g, p: edits.group(g, some(p, [*g.nodes, *g.groups], 5), one(p, WORDS)),
    "ungroup": lambda g, p: edits.ungroup(g, one(p, g.groups)),
    "put into": lambda g, p: edits.put_into(
        g, some(p, [*g.nodes, *g.groups]), one(p, ["", *g.groups])
    ),
    "collapse": lambda g, p: edits.set_collapsed(g, one(p, g.groups), bool(p(2))),
    "colour": lambda g, p: edits.set_colour(
        g, one(p, [*g.groups, *g.notes]), one(p, ["", *COLOURS, "pink"])
    ),
    "rename": lambda g, p: edits.rename(g, one(p, _anything(g)), one(p, WORDS)),
    "value": lambda g, p: edits.set_value(g, one(p, g.nodes), one(p, NUMBERS)),
    "batch": lambda g, p: edits.set_value(
        g, one(p, g.nodes), tuple(float(p(9)) for _ in range(p(2) + 2))
    ),
    "samples": lambda g, p: edits.set_samples(
        g, {key: [float(p(9)) for _ in range(3)] for key in some(p, g.nodes)}
    ),
    "param": lambda g, p: edits.set_param(
        g, one(p, g.nodes), one(p, ["a", "c", "p", "inputs", "trainable", "n"]), one(p, NUMBERS)
    ),
    "seed": lambda g, p: edits.set_seed(g, one(p, g.nodes), one(p, [None, *NUMBERS])),
    "note": lambda g, p: edits.add_note(g, place(p), one(p, WORDS)),
    "words": lambda g, p: edits.set_note(g, one(p, g.notes), one(p, WORDS)),
    "resize": lambda g, p: edits.resize_note(g, one(p, g.notes), place(p)),
    "frame": lambda g, p: edits.add_frame(g, (*place(p), *place(p)), one(p, WORDS)),
    "frame round": lambda g, p: edits.frame_round(g, some(p, _anything(g)), one(p, WORDS)),
    "reframe": lambda g, p: edits.resize_frame(g, one(p, g.notes), (*place(p), *place(p))),
    "carry": lambda g, p: edits.move(
        g, {key: place(p) for key in with_standing(g, some(p, g.notes))}
    ),
    "dot": lambda g, p: edits.add_dot(g, one(p, g.wires), place(p)),
    "move dot": lambda g, p: edits.move_dot(g, one(p, g.wires), p(3), place(p)),
    "remove dot": lambda g, p: edits.remove_dot(g, one(p, g.wires), p(3)),
    "clear dots": lambda g, p: edits.clear_dots(g, some(p, g.wires)),
    "tidy": lambda g, p: edits.tidy(g, some(p, g.nodes) if p(2) else None),
    "align": lambda g, p: edits.align(g, some(p, _anything(g)), one(p, ["left", "top", "middle"])),
    "distribute": lambda g, p: edits.distribute(g, some(p, _anything(g), 6), "across"),
    "straighten": lambda g, p: edits.straighten(g, some(p, _anything(g))),
    "expand": lambda g, p: edits.expand(g, one(p, g.nodes)),
    "fuse": lambda g, p: edits.fuse(g, some(p, [*g.nodes, *g.groups], 4), one(p, WORDS)),
    "paste": lambda g, p: edits.paste(
        g,
        clip.graph_of(clip.text_of(edits.clip(g, some(p, _anything(g), 6)))),
        place(p) if p(2) else None,
    ),
    "duplicate": lambda g, p: edits.duplicate(g, some(p, _anything(g), 6)),
    "define": lambda g, p: edits.define_kind(g, one(p, WORDS), one(p, FORMULAS)),
    "change kind": lambda g, p: edits.change_kind(
        g, one(p, g.kinds), title=one(p, WORDS), formula=one(p, FORMULAS)
    ),
    "forget kind": lambda g, p: edits.remove_kind(g, one(p, g.kinds)),
    "setting": lambda g, p: edits.set_setting(
        g, name := one(p, SETTINGS), one(p, [*SETTINGS[name].values, "nonsense"])
    ),
    "formula": lambda g, p: edits.build(g, one(p, PROGRAMS), beside=bool(p(4))),
}


def patch_of(graph: Graph, pick: Pick) -> Patch | None:
    """A patch of any edit, or None where it was refused with a sentence."""
    name = one(pick, EDITS)
    try:
        patch = EDITS[name](graph, pick)
    except GraphError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert len(refusal.split()) > 2, name
        return None
    assert patch.label.strip() or not patch, name
    return patch
