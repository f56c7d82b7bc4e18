"""A table from a file, as a person opens it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from bpstudio.ui import theme
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.tabledialog import TableDialog, looks_like_classes

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

IRIS = "long,wide,kind\n" + "".join(
    f"{1 + k + 0.1 * n:.1f},{3 - k:.1f},{'abc'[k]}\n" for n in range(10) for k in range(3)
)


def opened(panel: TrainingPanel, qtbot: QtBot, path: Path) -> TableDialog:
    dialog = TableDialog(panel, path)
    dialog.open()
    qtbot.waitUntil(lambda: not dialog.reading.busy)
    return dialog


@pytest.fixture
def iris(tmp_path: Path) -> Path:
    path = tmp_path / "iris.csv"
    path.write_text(IRIS, "utf-8")
    return path


def test_categories_are_learned_with_softmax(
    panel: TrainingPanel, qtbot: QtBot, iris: Path, settle
) -> None:
    dialog = opened(panel, qtbot, iris)
    assert dialog.summary.text() == "30 rows · 3 columns"
    assert dialog.target.currentText() == "kind"
    QTest.mouseClick(dialog.learn, Qt.MouseButton.LeftButton)
    settle()
    assert panel.example == "own_table"
    assert panel.frame.spec.network.output == "softmax"
    assert panel.frame.spec.network.sizes[0] == 2
    assert "iris.csv: kind from long, wide" in panel.note.text()
    assert len(panel.frame.data.test_inputs) == 8
    assert panel.problem.class_names == ("a", "b", "c")


def test_enter_learns_though_learn_was_grey_while_the_file_was_read(
    panel: TrainingPanel, qtbot: QtBot, iris: Path, settle
) -> None:
    dialog = TableDialog(panel, iris)
    dialog.open()
    assert dialog.reading.busy
    assert not dialog.learn.isEnabled()
    QTest.keyClick(dialog.rows, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Enter before there is anything to learn closes nothing"
    qtbot.waitUntil(lambda: not dialog.reading.busy)
    QTest.keyClick(dialog.rows, Qt.Key.Key_Return)
    settle()
    assert panel.example == "own_table"


@pytest.mark.parametrize("size", [1.0, 1.5, 2.0])
def test_row_numbers_stand_in_rows_high_enough_for_them(
    panel: TrainingPanel, qtbot: QtBot, iris: Path, size: float
) -> None:
    theme.appearance().use("light", size)
    header = opened(panel, qtbot, iris).rows.verticalHeader()
    assert header.sectionSize(0) >= header.sectionSizeHint(0)


def test_numbers_are_as_they_stand_until_scaling_is_chosen(
    panel: TrainingPanel, qtbot: QtBot, iris: Path
) -> None:
    dialog = opened(panel, qtbot, iris)
    assert dialog.samples is not None
    assert dialog.samples.data.inputs[:, 0].min() >= 1.0
    assert dialog.said.toPlainText() == "Every value is used as it stands in the file."
    dialog.scaling.setCurrentIndex(1)
    dialog.scaling.activated.emit(1)
    assert abs(dialog.samples.data.inputs[:, 0].mean()) < 1e-9
    assert dialog.said.toPlainText().startswith("long: minus")
    dialog.reject()


def test_bad_cells_and_rows_are_named_by_line(
    panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("x,y\n1,2\n2,oops\n3\n4,5\n5,\n6,7\n7,8\n8,9\n9,3\n", "utf-8")
    dialog = opened(panel, qtbot, path)
    said = dialog.said.toPlainText()
    assert "Line 3: “oops” in “y” is no number." in said
    assert "Line 4 has 1 cell instead of 2; it is left out." in said
    assert "2 rows are left out because they miss a value: lines 3, 6" in said
    dialog.reject()


def test_a_file_that_is_no_table_is_refused_in_one_sentence(
    panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    dialog = opened(panel, qtbot, path)
    assert dialog.fault.text() == "The file is empty."
    assert not dialog.learn.isEnabled()
    dialog.reject()


def test_a_heading_alone_is_said_to_have_no_rows(
    panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "heading.csv"
    path.write_text("size,colour,species\n", "utf-8")
    dialog = opened(panel, qtbot, path)
    assert dialog.fault.text() == "The file has no rows of data."
    assert not dialog.learn.isEnabled()
    dialog.reject()


def test_one_class_only_is_refused(panel: TrainingPanel, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("x,y\n1,a\n2,a\n3,a\n", "utf-8")
    dialog = opened(panel, qtbot, path)
    assert "same value in every row" in dialog.fault.text()
    assert not dialog.learn.isEnabled()
    dialog.reject()


def test_no_column_chosen_is_refused(panel: TrainingPanel, qtbot: QtBot, iris: Path) -> None:
    dialog = opened(panel, qtbot, iris)
    for name in ("long", "wide"):
        dialog.inputs[name].click()
    assert dialog.fault.text()
    assert not dialog.learn.isEnabled()
    dialog.inputs["long"].click()
    assert dialog.learn.isEnabled()
    dialog.reject()


def test_closing_while_it_reads_stops_reading(
    panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("x,y\n" + "1.5,2.5\n" * 400_000, "utf-8")
    dialog = TableDialog(panel, path)
    dialog.open()
    dialog.reject()
    assert not dialog.reading.busy


def test_a_cancelled_file_dialog_leaves_the_example(
    panel: TrainingPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    panel.choose_example("own_table")
    assert panel.example == "circle"
    assert panel.row.examples.currentData() == "circle"


def test_few_whole_numbers_look_like_classes() -> None:
    assert looks_like_classes(np.array([0, 1, 2, 1.0]))
    assert not looks_like_classes(np.array([0.5, 1]))
    assert not looks_like_classes(np.arange(50.0))
    assert not looks_like_classes(np.array([3.0, 3.0]))


def test_what_is_predicted_has_no_tick_as_if_it_were_learned_from(
    panel: TrainingPanel, qtbot: QtBot, iris: Path
) -> None:
    dialog = opened(panel, qtbot, iris)
    assert dialog.inputs["kind"].isHidden()
    assert dialog.rows.item(0, 2).text() == "predicted"
    dialog.target.setCurrentIndex(0)
    dialog.target.activated.emit(0)
    assert dialog.inputs["long"].isHidden()
    assert not dialog.inputs["kind"].isHidden()
    assert dialog.inputs["kind"].isChecked()
    assert dialog.rows.item(0, 2).text() == ""


def test_a_refused_table_is_not_said_to_be_used(
    panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "one.csv"
    path.write_text("x,c\n" + "".join(f"{n},same\n" for n in range(9)), "utf-8")
    dialog = opened(panel, qtbot, path)
    assert "the same value in every row" in dialog.fault.text()
    assert dialog.said.toPlainText() == ""
    refused = dialog.learn.grab().toImage()
    dialog.learn.setEnabled(True)
    assert refused != dialog.learn.grab().toImage(), "a dead button looks like a living one"


def test_large_numbers_are_advised_to_be_scaled_and_left_as_they_are(
    panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "large.csv"
    path.write_text("x,small,y\n" + "".join(f"{n},{n / 20},{3 * n + 0.5}\n" for n in range(20)))
    dialog = opened(panel, qtbot, path)
    said = dialog.said.toPlainText()
    assert "Large numbers in “x”: learning is slow unless they are scaled." in said
    assert "“y” reaches 57.5" in said
    assert dialog.samples.data.inputs[:, 0].max() > 10
    for box in (dialog.scaling, dialog.target_scaling):
        box.setCurrentIndex(1)
        box.activated.emit(1)
    said = dialog.said.toPlainText()
    assert "unless" not in said
