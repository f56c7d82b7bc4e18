"""Each catalogue has a translation for every sentence of the program, and for no other."""

from __future__ import annotations

import pytest

from bpstudio import assets, language
from tests import messages

CODES = [code for code in language.LANGUAGES if code != "en"]
KNOWN = messages.messages()


@pytest.fixture(params=CODES)
def said(request: pytest.FixtureRequest) -> dict[str, str]:
    text = assets.path("i18n", f"{request.param}.po").read_text("utf-8")
    return language.parse_catalogue(text)


def test_every_sentence_is_translated(said: dict[str, str]) -> None:
    missing = [m for m in KNOWN.values() if m.text not in said]
    assert [f"{m.files[0]}: {m.text}" for m in missing] == []


def test_nothing_is_translated_that_nobody_says(said: dict[str, str]) -> None:
    spoken = set(KNOWN) | {message.plural for message in KNOWN.values()}
    assert set(said) - spoken == set()


def test_a_translation_has_the_same_parts_in_braces(said: dict[str, str]) -> None:
    wrong = []
    for text, translation in said.items():
        message = KNOWN.get(text)
        wanted = messages.parts(text) | (messages.parts(message.plural) if message else set())
        given = messages.parts(translation)
        # A language without plural forms may put the number in where English says "one".
        if given - {"n"} != wanted - {"n"} or ("n" in given and "n" not in wanted):
            wrong.append(f"{text!r}: {translation!r}")
    assert wrong == []


def test_a_menu_entry_keeps_its_letter_and_its_dots(said: dict[str, str]) -> None:
    wrong = [
        f"{text!r}: {translation!r}"
        for text, translation in said.items()
        if text.replace("&&", "").count("&") != translation.replace("&&", "").count("&")
        or text.rstrip().endswith("…") != translation.rstrip().endswith("…")
        or text.count("\n") != translation.count("\n")
    ]
    assert wrong == []
