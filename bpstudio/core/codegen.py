"""The one place where the program runs Python text that it wrote itself.

Why this is safe: a text is put together here from two things only. Expressions come from the closed
table of gates (`scalar_source`, itself read from GATES by our own parser), and every name in them
is one letter and a number counted here. Nothing that a user types or a file holds is part of it:
labels and ids are left out, values and params come in as arguments. A gate of somebody's own is
called under such a counted name, k3, and computes by itself (core/own.py); its formula is no part
of the text. The text runs without builtins, with the table's own functions and these calls as its
only globals, and every word in it is checked against these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bpstudio.core.gate import Gate
from bpstudio.core.gates.compute import SCALARS, ScalarSource, scalar_source

_WORD = re.compile(r"[A-Za-z_]\w*")
_OURS = re.compile(r"[a-zA-Z]\d*\Z")
_KEYWORDS = frozenset(("def", "return", "forward", "backward", "whole", "if", "else", "and", "or"))
_STRANGE = re.compile(r"[^\w\s.,:()=+\-*/<>!]|__")


@dataclass(frozen=True, slots=True)
class Line:
    """One gate of a straight-line program: which values, params and wires, counted from 0."""

    gate: Gate
    inputs: tuple[int, ...]
    params: tuple[int, ...]
    wires: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Straight:
    """Gates in the order they run: the k-th computes value number `outside + k`.

    `carries` lists (source value, target value, wire) in the order in which gradients are added;
    `begun` the values whose gradient may have begun elsewhere, ascending: by a seed, or by gates
    that are no part of this. The gradient of any other is the sum of what is carried to it here.
    """

    outside: int
    params: int
    wires: int
    lines: tuple[Line, ...]
    carries: tuple[tuple[int, int, int], ...]
    begun: tuple[int, ...] = ()

    @property
    def values(self) -> int:
        return self.outside + len(self.lines)


Calls = tuple[Callable[..., Any], ...]
"""What k0, k1, … stand for in a text: the `scalar` of gates of somebody's own."""


def function(text: str, name: str, calls: Calls = ()) -> Callable[..., Any]:
    """The function `name` that a generated text defines. Raises ValueError for a foreign word."""
    return _functions(text, calls)[name]


@lru_cache(maxsize=64)
def _functions(text: str, calls: Calls) -> Mapping[str, Callable[..., Any]]:
    foreign = {match[0] for match in _STRANGE.finditer(text)}
    for word in set(_WORD.findall(text)) - _KEYWORDS - SCALARS.keys():
        if not _OURS.match(word):
            foreign.add(word)
    if foreign:
        raise ValueError(f"not of the table's words: {sorted(foreign)}")
    space: dict[str, Any] = {"__builtins__": {}, **SCALARS}
    space |= {f"k{i}": call for i, call in enumerate(calls)}
    exec(compile(text, "<gates>", "exec"), space)  # noqa: S102 - see the module's docstring
    return {name: space[name] for name in ("forward", "backward", "whole") if name in space}


_sources: dict[tuple[str, tuple[str, ...], int], tuple[ScalarSource, int]] = {}
"""Per gate of the table, policy for ties (its local texts) and count of inputs."""


def _source(gate: Gate, arity: int) -> tuple[ScalarSource, int]:
    """A gate over x0, x1, …, its value z and its params p0, p1, …; and how many params."""
    from bpstudio.core.wide import numbers_of

    key = (gate.key, gate.local, arity)
    if key not in _sources:
        params = {name: f"p{i}" for i, name in enumerate(numbers_of(gate))}
        source = scalar_source(gate, [f"x{i}" for i in range(arity)], "z", params)
        _sources[key] = source, len(params)
    return _sources[key]


def gate_function(gate: Gate, arity: int) -> Callable[..., tuple[float, ...]]:
    """One gate on floats: (inputs by port, params) -> (value, local gradients by port)."""
    if gate.scalar is not None:
        return gate.scalar
    source, params = _source(gate, arity)
    heads = ", ".join([*(f"x{i}" for i in range(arity)), *(f"p{i}" for i in range(params))])
    body = f"    z = {source.value}\n    return z, {', '.join(source.local)}\n"
    return function(f"def forward({heads}):\n{body}", "forward")


def halves(program: Straight) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Forward (outside values, params) -> (values, locals), backward (begun gradients, locals) ->
    (gradients of outside values, of own values, of wires)."""
    ahead, _, local = _forward_lines(program)
    values = [f"v{program.outside + k}" for k in range(len(program.lines))]
    start = [""] * program.values
    for value in program.begun:
        start[value] = f"a{value}"
    first = [
        "def forward(E, P):",
        *_unpack([f"v{i}" for i in range(program.outside)], "E"),
        *_unpack([f"p{i}" for i in range(program.params)], "P"),
        *ahead,
        f"    return {_tuple(values)}, {_tuple(local)}",
        "def backward(G, L):",
        *_unpack([f"a{i}" for i in program.begun], "G"),
        *_unpack([f"l{i}" for i in range(program.wires)], "L"),
    ]
    back, grads, carried = _backward_lines(
        program, start, [f"l{i}" for i in range(program.wires)], constants=local
    )
    above, own = grads[: program.outside], grads[program.outside :]
    last = f"    return {_tuple(above)}, {_tuple(own)}, {_tuple(carried)}"
    text = "\n".join((*first, *back, last, ""))
    calls = _calls(program)
    return function(text, "forward", calls), function(text, "backward", calls)


def whole(program: Straight, seeded: Sequence[int]) -> Callable[..., Any]:
    """(outside values, params, seeds) -> (values, locals, grads, wire grads), in one go."""
    ahead, values, local = _forward_lines(program)
    start = [""] * program.values
    for k, row in enumerate(seeded):
        start[row] = f"s{k}"
    back, grads, carried = _backward_lines(program, start, local, constants=local)
    text = "\n".join(
        (
            "def whole(E, P, S):",
            *_unpack(values[: program.outside], "E"),
            *_unpack([f"p{i}" for i in range(program.params)], "P"),
            *_unpack([f"s{i}" for i in range(len(seeded))], "S"),
            *ahead,
            *back,
            f"    return {_tuple(values)}, {_tuple(local)}, {_tuple(grads)}, {_tuple(carried)}",
            "",
        )
    )
    return function(text, "whole", _calls(program))


def _calls(program: Straight) -> Calls:
    """The computations of gates of somebody's own, each once, in the order they are met."""
    found = (line.gate.scalar for line in program.lines if line.gate.scalar is not None)
    return tuple(dict.fromkeys(found))


def _forward_lines(program: Straight) -> tuple[list[str], list[str], list[str]]:
    """The lines, the name of every value, and what every wire's local gradient is called."""
    lines: list[str] = []
    local = ["0.0"] * program.wires
    called = {call: f"k{i}" for i, call in enumerate(_calls(program))}
    for k, line in enumerate(program.lines, start=program.outside):
        if line.gate.scalar is not None:
            slopes = [f"l{wire}" for wire in line.wires]
            given = ", ".join(f"v{v}" for v in line.inputs)
            lines.append(
                f"    {', '.join((f'v{k}', *slopes))} = {called[line.gate.scalar]}({given})"
            )
            for wire, name in zip(line.wires, slopes, strict=True):
                local[wire] = name
            continue
        source, _ = _source(line.gate, len(line.inputs))
        names = {f"x{i}": f"v{v}" for i, v in enumerate(line.inputs)}
        names |= {f"p{i}": f"p{p}" for i, p in enumerate(line.params)}
        names["z"] = f"v{k}"
        lines.append(f"    v{k} = {_renamed(source.value, names)}")
        for wire, general in zip(line.wires, source.local, strict=True):
            text = _renamed(general, names)
            if not _is_plain(text):
                lines.append(f"    l{wire} = {text}")
                text = f"l{wire}"
            local[wire] = text
    return lines, [f"v{i}" for i in range(program.values)], local


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return _WORD.sub(lambda word: names.get(word[0], word[0]), text)


def _backward_lines(
    program: Straight, start: Sequence[str], local: Sequence[str], *, constants: Sequence[str]
) -> tuple[list[str], list[str], list[str]]:
    """The lines, and what every node's and every wire's gradient is called.

    `start` says what each gradient has begun with, "" for nothing. Terms are added left to right,
    as the array tier adds them: the same digits.
    """
    lines: list[str] = []
    terms = [[text] if text else [] for text in start]
    carried = ["0.0"] * program.wires
    named: dict[int, str] = {}

    def total(node: int) -> str:
        if node not in named:
            sums = terms[node]
            if len(sums) < 2:
                named[node] = sums[0] if sums else "0.0"
            else:
                # In blocks: one sum of thousands of terms would be too deep to compile.
                for at in range(0, len(sums), 64):
                    block = sums[at : at + 64] if at == 0 else [f"g{node}", *sums[at : at + 64]]
                    lines.append(f"    g{node} = {' + '.join(block)}")
                named[node] = f"g{node}"
        return named[node]

    for source, target, wire in program.carries:
        upstream = total(target)
        factor = _number(constants[wire])
        if factor == 1.0:
            carried[wire] = upstream
        else:
            text = f"-{upstream}" if factor == -1.0 else f"{upstream} * {local[wire]}"
            lines.append(f"    d{wire} = {text}")
            carried[wire] = f"d{wire}"
        terms[source].append(carried[wire])
    return lines, [total(i) for i in range(program.values)], carried


def _is_plain(text: str) -> bool:
    """Whether it is a name or a number, not worth a variable of its own."""
    return _OURS.match(text) is not None or _number(text) is not None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _unpack(names: Sequence[str], what: str) -> list[str]:
    return [f"    {', '.join(names)}, = {what}"] if names else []


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
