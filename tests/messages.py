"""Every sentence the program can say, collected from its source; catalogues kept up to date.

    python -m tests.messages            writes resources/i18n/zh_CN.po anew

The translations that stand in the catalogue are kept, new sentences come in empty, sentences that
nobody says any more go. tests/test_messages.py holds the source to the rules that make this
possible, tests/test_translations.py the catalogues to the sentences.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from string import Formatter

from bpstudio import language

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "bpstudio"
TEXTS = {"tr": 1, "trn": 2, "N_": 1}
"""How many of the first arguments are sentences."""


@dataclass(frozen=True)
class Call:
    """One call of tr, trn or N_. `texts` holds None for what is no literal."""

    file: str
    line: int
    function: str
    texts: tuple[str | None, ...]
    node: ast.Call

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Message:
    """One sentence (with a plural form where it counts) and the files that say it."""

    text: str
    plural: str = ""
    files: list[str] = field(default_factory=list)


def calls() -> Iterator[Call]:
    """All calls in bpstudio/, in the order of files and lines."""
    for path in sorted(SOURCE.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        found = [
            _call(file, node)
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and _name(node) in TEXTS
        ]
        yield from sorted(found, key=lambda call: call.line)


def messages() -> dict[str, Message]:
    """All sentences by their English text, in the order in which they are first met."""
    found: dict[str, Message] = {}
    for call in calls():
        text = call.texts[0]
        if text is None:
            continue
        message = found.setdefault(text, Message(text))
        if call.function == "trn":
            message.plural = call.texts[1] or ""
        if call.file not in message.files:
            message.files.append(call.file)
    return found


def parts(text: str) -> set[str]:
    """The names in {braces}."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def preface(text: str) -> str:
    """The comment at the top of a catalogue: its glossary."""
    return "".join(takewhile(lambda line: line.startswith("#"), text.splitlines(keepends=True)))


def catalogue(code: str, said: dict[str, str], glossary: str = "") -> str:
    """The text of a .po with all sentences and the translations that `said` has for them."""
    blocks = [
        f'{glossary}msgid ""\nmsgstr ""\n'
        f'"Language: {code}\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    ]
    for message in messages().values():
        lines = [f"#: {' '.join(message.files)}", f"msgid {_quoted(message.text)}"]
        translation = _quoted(said.get(message.text, ""))
        if message.plural:
            lines += [f"msgid_plural {_quoted(message.plural)}", f"msgstr[0] {translation}"]
        else:
            lines.append(f"msgstr {translation}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _name(call: ast.Call) -> str:
    """The function's name, also where it is called as language.tr."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr if ast.unparse(function.value) == "language" else ""
    return function.id if isinstance(function, ast.Name) else ""


def _call(file: str, node: ast.Call) -> Call:
    name = _name(node)
    texts = tuple(
        arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None
        for arg in node.args[: TEXTS[name]]
    )
    return Call(file, node.lineno, name, texts, node)


def _quoted(text: str) -> str:
    """The text as a .po string; one line each where it has several."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = [f'"{line}"' for line in escaped.replace("\n", "\\n\n").split("\n") if line]
    return lines[0] if len(lines) == 1 else "\n".join(['""', *lines])


def main() -> int:
    for code in language.LANGUAGES:
        if code == "en":
            continue
        path = ROOT / "resources" / "i18n" / f"{code}.po"
        before = path.read_text("utf-8") if path.exists() else ""
        said = language.parse_catalogue(before) if before else {}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(catalogue(code, said, preface(before)), "utf-8")
        known = messages()
        missing = sum(text not in said for text in known)
        print(f"{path.name}: {len(known)} sentences, {missing} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
