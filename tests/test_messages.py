"""The source says its sentences so that a machine can collect them all."""

from __future__ import annotations

import ast

import pytest

from bpstudio import language
from bpstudio.core.gates import GATES
from bpstudio.export import EXPORTERS
from bpstudio.files.examples import EXAMPLES
from bpstudio.ui.actions import ACTIONS, MENUS
from bpstudio.ui.panels import PANELS
from tests import messages

CALLS = list(messages.calls())
KNOWN = messages.messages()


def test_a_sentence_is_a_literal_or_stands_in_a_table() -> None:
    """N_ and trn take literals only. tr also takes what a table holds that N_ has marked: a name,
    an attribute, table[key] or table.get(key); never a sentence put together on the spot."""
    bad = []
    for call in CALLS:
        for text, given in zip(call.texts, call.node.args, strict=False):
            held = isinstance(given, ast.Name | ast.Attribute | ast.Subscript) or (
                isinstance(given, ast.Call)
                and isinstance(given.func, ast.Attribute)
                and given.func.attr == "get"
            )
            if text is None and not (call.function == "tr" and held):
                bad.append(f"{call.place}: {ast.unparse(call.node)}")
    assert bad == []


def test_every_part_in_braces_is_given() -> None:
    """tr leaves the braces of a sentence without parts alone: a forgotten part would be seen."""
    bad = []
    for call in CALLS:
        given = {word.arg for word in call.node.keywords}
        if call.function == "N_" or None in call.texts or None in given:
            continue
        wanted = set().union(*(messages.parts(text or "") for text in call.texts))
        if wanted - given - ({"n"} if call.function == "trn" else set()):
            bad.append(f"{call.place}: {sorted(wanted - given)}")
    assert bad == []


def table_texts() -> dict[str, str]:
    """What tables show to people -> where it stands."""
    shown = {gate.title: f"GATES {key}" for key, gate in GATES.items()}
    shown |= {gate.note: f"GATES {key}" for key, gate in GATES.items()}
    shown |= {action.title: f"ACTIONS {action.id}" for action in ACTIONS}
    shown |= {title: f"MENUS {key}" for key, title in MENUS.items()}
    shown |= {panel.title: f"PANELS {panel.key}" for panel in PANELS}
    shown |= {exporter.title: f"EXPORTERS {key}" for key, exporter in EXPORTERS.items()}
    shown |= {title: f"EXAMPLES {key}" for key, title in EXAMPLES.items()}
    return shown


def test_tables_mark_what_they_show() -> None:
    own_names = set(language.LANGUAGES.values())
    unmarked = {
        text: place
        for text, place in table_texts().items()
        if text not in KNOWN and text not in own_names and not text.isdigit()
    }
    assert unmarked == {}


@pytest.mark.parametrize(
    "text", ["plain", 'with "quotes" and \\ backslash', "two\nlines", "ends\n", "tab\there", "·×−"]
)
def test_a_catalogue_reads_back_what_it_was_given(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(
        messages, "messages", lambda: {text: messages.Message(text, files=["a.py"])}
    )
    written = messages.catalogue("zh_CN", {text: text[::-1]})
    assert language.parse_catalogue(written) == {text: text[::-1]}


def test_the_glossary_outlives_a_merge() -> None:
    glossary = "# gate 门;\n# wire 连线.\n"
    made = messages.catalogue("zh_CN", {}, glossary)
    assert messages.preface(made) == glossary
