"""What a formula is once read: numbers, names and calls.

Arithmetic is a Call of its gate's key (`x + y` is Call("add", …)), so one tree serves every
reading. A sum of ten thousand terms is ten thousand deep: nothing here or in the readings walks by
recursion, all go through `fold`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Place = tuple[int, int]
"""Line and column, both from 1; (0, 0) where no text stands behind it."""

NOWHERE: Place = (0, 0)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Number:
    """A number; a minus in front of a literal belongs to it."""

    value: float
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """An input, a parameter, or a name that an earlier line defines."""

    name: str
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A gate's key or a helper function put to arguments."""

    function: str
    args: tuple[Expr, ...]
    at: Place = field(default=NOWHERE, compare=False, repr=False)


Expr = Number | Name | Call


@dataclass(frozen=True, slots=True)
class Definition:
    """One line of a program: the name and what it stands for."""

    name: str
    expr: Expr
    line: int = 1


def fold(
    expr: Expr, leaf: Callable[[Number | Name], T], join: Callable[[Call, tuple[T, ...]], T]
) -> T:
    """Read a tree from its leaves up: `join` gets a call and what its arguments became."""
    done: list[T] = []
    todo: list[tuple[Expr, bool]] = [(expr, False)]
    while todo:
        at, ready = todo.pop()
        if not isinstance(at, Call):
            done.append(leaf(at))
        elif not ready:
            todo.append((at, True))
            todo.extend((arg, False) for arg in reversed(at.args))
        else:
            first = len(done) - len(at.args)
            parts = tuple(done[first:])
            del done[first:]
            done.append(join(at, parts))
    return done[0]


def walk(expr: Expr) -> Iterator[Expr]:
    """Every part of the tree, in the order it is written."""
    todo = [expr]
    while todo:
        at = todo.pop()
        yield at
        if isinstance(at, Call):
            todo.extend(reversed(at.args))


def names_in(expr: Expr) -> tuple[str, ...]:
    """The names that occur, each once, in the order of the text."""
    return tuple(dict.fromkeys(part.name for part in walk(expr) if isinstance(part, Name)))


def substitute(expr: Expr, meanings: Mapping[str, Expr]) -> Expr:
    """The tree with names replaced by what they mean; others stay."""

    def leaf(at: Number | Name) -> Expr:
        return meanings.get(at.name, at) if isinstance(at, Name) else at

    return fold(expr, leaf, lambda call, parts: Call(call.function, parts, call.at))


def same(one: Expr, other: Expr) -> bool:
    """Whether two trees are equal, to any depth (== would recurse)."""
    todo = [(one, other)]
    while todo:
        a, b = todo.pop()
        if isinstance(a, Call) and isinstance(b, Call):
            if a.function != b.function or len(a.args) != len(b.args):
                return False
            todo.extend(zip(a.args, b.args, strict=True))
        elif isinstance(a, Call) or isinstance(b, Call) or a != b:
            return False
    return True
