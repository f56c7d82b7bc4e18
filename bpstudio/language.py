"""Every sentence a user sees passes through here, with or without Qt.

`tr` looks up the English sentence in the chosen language's catalogue (a gettext .po file, read as
text so that nothing generated has to be shipped) and puts the named parts in. `N_` only marks a
sentence that a table holds, to be translated where it is shown. A test collects every literal given
to these functions and fails when a catalogue lacks one.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable
from functools import cache
from typing import Any

from bpstudio import assets

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

_catalogue: dict[str, str] = {}
_current = "en"


def N_(text: str) -> str:
    """Mark a sentence for translation without translating it yet."""
    return text


def tr(text: str, /, **parts: object) -> str:
    """The sentence in the chosen language, its `{named}` parts put in."""
    sentence = _catalogue.get(text, text)
    return sentence.format(**parts) if parts else sentence


def trn(one: str, many: str, n: int, /, **parts: object) -> str:
    """The sentence for `n` things; `{n}` is put in, its thousands apart.

    A catalogue translates the plural form."""
    sentence = _catalogue.get(many) or (one if n == 1 else many)
    return sentence.format(n=format(n, ","), **parts)


def together(sentences: Iterable[str]) -> str:
    """Whole sentences behind one another; Chinese ones stand without a space between them."""
    said = ""
    for sentence in sentences:
        said += sentence if not said or said.endswith("。") else f" {sentence}"
    return said


def listed(names: Iterable[Any], most: int | None = None) -> str:
    """Names as a sentence lists them; only the first `most`, and "…" for the others."""
    every = list(names)
    shown = every if most is None else every[:most]
    more = ["…"] if len(shown) < len(every) else []
    return tr(", ").join([*map(str, shown), *more])


def use(code: str) -> None:
    """Choose the language by its code in LANGUAGES; raises KeyError for any other."""
    global _catalogue, _current
    if code not in LANGUAGES:
        raise KeyError(code)
    _catalogue = {} if code == "en" else read_catalogue(code)
    _current = code


def current() -> str:
    """The code of the language in use."""
    return _current


def of_system() -> str:
    """The code in LANGUAGES that suits the user's environment; English where none does."""
    names = [os.environ.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((n for n in names if n), "") or (locale.getlocale()[0] or "")
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"


@cache
def read_catalogue(code: str) -> dict[str, str]:
    """English sentence -> translation, from resources/i18n/CODE.po. Fuzzy and empty ones left out.

    For a plural entry both English forms lead to the one translation (Chinese has a single form).
    """
    return parse_catalogue(assets.path("i18n", f"{code}.po").read_text("utf-8"))


def parse_catalogue(text: str) -> dict[str, str]:
    """The entries of a .po text: msgid (and msgid_plural) -> msgstr (msgstr[0])."""
    entries: dict[str, str] = {}
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields: dict[str, list[str]] = {}
        name, fuzzy = "", False
        for line in block.splitlines():
            if line.startswith("#"):
                fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            if not line.startswith('"'):
                name, _, line = line.partition(" ")
            fields.setdefault(name, []).append(_read(line.strip()))
        said = "".join(fields.get("msgstr", fields.get("msgstr[0]", [])))
        if fuzzy or not said:
            continue
        for key in ("msgid", "msgid_plural"):
            if source := "".join(fields.get(key, [])):
                entries[source] = said
    return entries


def _read(text: str) -> str:
    """A .po string: a C string, whose few escapes Python reads the same way."""
    if "\\" not in text and len(text) > 1:
        return text[1:-1]
    import ast

    return str(ast.literal_eval(text)) if text else ""
