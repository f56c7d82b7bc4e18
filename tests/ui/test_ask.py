"""Which answer Enter and Esc give to a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui import ask

GRAVE: dict[str, Callable[[QWidget], bool]] = {
    "overwriting": lambda parent: ask.about_overwriting(parent, "a.bps"),
    "many": lambda parent: ask.about_many(parent, "This text has 6,000 gates. Paste them all?"),
    "replacing": lambda parent: ask.about_replacing_part(parent, "Sum is there already."),
    "deleting": lambda parent: ask.about_deleting_part(parent, "Sum"),
}


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Answer the next question with Enter or with Esc."""

    def choose(key: str) -> None:
        def pressed(box: QMessageBox) -> int:
            (box.defaultButton() if key == "Enter" else box.escapeButton()).click()
            return 0

        monkeypatch.setattr(QMessageBox, "exec", pressed)

    return choose


@pytest.mark.parametrize("question", GRAVE.values(), ids=GRAVE)
@pytest.mark.parametrize("key", ["Enter", "Esc"])
def test_neither_enter_nor_esc_does_what_may_be_regretted(parent, answer, question, key) -> None:
    answer(key)
    assert not question(parent)


def test_enter_goes_back_to_the_disk_for_undo_brings_the_edits_back(parent, answer) -> None:
    answer("Enter")
    assert ask.about_reverting(parent, "a.bps")
    answer("Esc")
    assert not ask.about_reverting(parent, "a.bps")
