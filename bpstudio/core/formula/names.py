"""Names of people's choosing turned into names that ids and program text may hold."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Container

from bpstudio.core.limits import LEGAL_ID

_BUILTIN = frozenset(dir(builtins))
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def legal_id(name: str) -> str:
    """An id like the name: itself, its spelling in ASCII (α₁ -> alpha1), or "" where none is."""
    if LEGAL_ID.match(name):
        return name
    spelt = ascii_word(name)
    return spelt if LEGAL_ID.match(spelt) else ""


def ascii_word(name: str) -> str:
    """The name as a word of ASCII letters, digits and _, Greek letters spelt out; else ""."""
    spelt = "".join(_spelt(c) for c in unicodedata.normalize("NFKC", name))
    return spelt if _WORD.match(spelt) else ""


def code_name(name: str, fallback: str, taken: Container[str]) -> str:
    """A legal variable name: like `name` where that can be, else `fallback`; never one taken.

    Nor is it a builtin's, so that a node called abs does not take abs() away from the code.
    """
    stem = ascii_word(re.sub(r"[ .:-]+", "_", name))
    if not stem or keyword.iskeyword(stem) or keyword.issoftkeyword(stem) or "__" in stem:
        stem = fallback
    found, n = stem, 1
    while found in taken or found in _BUILTIN:
        n += 1
        found = f"{stem}_{n}"
    return found


def _spelt(sign: str) -> str:
    if sign.isascii():
        return sign
    words = unicodedata.name(sign, "").split()
    if len(words) == 4 and words[0] == "GREEK" and words[2] == "LETTER":
        letter = words[3].lower().replace("lamda", "lambda")
        return letter if words[1] == "SMALL" else letter.capitalize()
    return {"′": "_prime"}.get(sign, sign)
