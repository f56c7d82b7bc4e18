import re

import pytest

from bpstudio import assets, language
from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.guide import Guide, guide_text


@pytest.fixture(autouse=True)
def in_english():
    yield
    language.use("en")


def test_the_guide_speaks_the_language_in_use(qtbot):
    guide = Guide()
    qtbot.addWidget(guide)
    assert "A first graph" in guide.page.toPlainText()
    language.use("zh_CN")
    guide.retranslate()
    assert "第一个图" in guide.page.toPlainText()


def test_both_guides_have_the_same_parts():
    def shape(folder):
        text = assets.path("help", folder, "guide.md").read_text("utf-8")
        return [re.match(r"#+", line).group() for line in text.splitlines() if line[:1] == "#"]

    assert shape("en") == shape("zh")


def test_the_keys_that_the_guide_names_are_those_of_the_actions():
    keys = {key for action in ACTIONS for key in (action.shortcut, *action.also) if key}
    said = set(re.findall(r"\*\*(F\d+|Ctrl\+\w+)\*\*", guide_text()))
    assert said
    assert said - keys == set()
