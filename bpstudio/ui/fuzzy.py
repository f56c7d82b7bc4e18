"""How far a text is from what somebody typed: the whole, its start, a word, inside, in order.

Pure text; the chooser, the command list and the search all rank with it.
"""

from __future__ import annotations

from collections.abc import Iterable


def cost(typed: str, names: Iterable[str]) -> float:
    """How far the nearest of these names is from what was typed, from 1; 0 where none matches.

    Several words must all be found, in any order.
    """
    wanted = typed.lower().split()
    known = [name.lower() for name in names if name]
    if not wanted:
        return 1.0
    whole = _one(" ".join(wanted), known)
    if whole or len(wanted) == 1:
        return whole
    each = [_one(word, known) for word in wanted]
    return 1.0 + max(each) if all(each) else 0.0


def _one(wanted: str, names: list[str]) -> float:
    if wanted in names:
        return 1.0
    starts = [len(name) for name in names if name.startswith(wanted)]
    if starts:
        return 2.0 + min(0.9, 0.01 * min(starts))
    if any(word.startswith(wanted) for name in names for word in name.split()):
        return 3.0
    if any(wanted in name for name in names):
        return 4.0
    tight = wanted.replace(" ", "")
    gaps = [gap for name in names if (gap := gaps_of(tight, name)) is not None]
    # Letters strewn over a whole sentence are no match.
    near = [gap for gap in gaps if gap <= 3 * len(tight)]
    return 6.0 + 0.1 * min(near) if near else 0.0


def gaps_of(letters: str, name: str) -> int | None:
    """How many letters of the name lie between the letters typed in order; None if not all do."""
    first = at = -1
    for letter in letters:
        at = name.find(letter, at + 1)
        if at < 0:
            return None
        first = at if first < 0 else first
    return at - first + 1 - len(letters)
