import pytest

from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.shortcuts import ShortcutSheet, plain_title, sheet


def test_every_key_of_the_table_is_in_the_sheet() -> None:
    shown = [row for _, rows in sheet() for row in rows]
    for action in ACTIONS:
        if action.shortcut:
            assert any(what == plain_title(action.title) for what, _ in shown), action.id


def test_is_searched_by_words_and_by_keys(qtbot) -> None:
    dialog = ShortcutSheet()
    qtbot.addWidget(dialog)
    everything = dialog.rows()
    dialog.search.setText("step forward")
    assert [what for what, _ in dialog.rows()] == ["One step forward"]
    dialog.search.setText("ctrl+s")
    assert ("Save", "Ctrl+S") in dialog.rows()
    dialog.search.setText("")
    assert dialog.rows() == everything


@pytest.mark.parametrize(
    ("title", "plain"),
    [("&Save", "Save"), ("打开(&O) …", "打开"), ("打开(&O)…", "打开"), ("&Open …", "Open")],
)
def test_mnemonics_are_taken_out(title, plain) -> None:
    assert plain_title(title) == plain
