"""A drawn graph that learns, as a person trains it: real events, a real thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.nn.drawn import DrawnTrainer
from bpstudio.ui.canvas.rows import LEARNS
from bpstudio.ui.document import Document
from bpstudio.ui.trainer import drawndata
from bpstudio.ui.trainer.drawndata import SAMPLES
from bpstudio.ui.trainer.drawnform import DrawnForm
from bpstudio.ui.trainer.drawnpanel import DrawnPanel, open_drawn
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
LINE = "f = (w * x + b - y)^2"
XS, YS = (-1.0, 0.0, 1.0, 2.0), (-1.0, 1.0, 3.0, 5.0)


def node_of(graph: Graph, name: str) -> str:
    return next(key for key, node in graph.nodes.items() if node.name == name)


@pytest.fixture
def line(window: Window) -> Document:
    """A line with its squared error, and four samples of y = 2 x + 1."""
    document = window.session.new()
    document.do(edits.build(Graph(), LINE, {"w": 0.0, "b": 0.0, "x": 1.0, "y": 1.0}))
    graph = document.committed
    document.do(edits.set_samples(graph, {node_of(graph, "x"): XS, node_of(graph, "y"): YS}))
    return document


@pytest.fixture
def panel(window: Window, line: Document, qtbot: QtBot) -> DrawnPanel:
    window.activateWindow()
    window.canvas.setFocus()
    QTest.qWait(20)
    QTest.keyClick(window, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    made = window.findChild(DrawnPanel)
    made.form.pace.setCurrentIndex(made.form.pace.findData(0))
    return made


@pytest.fixture
def marked(panel: DrawnPanel, line: Document) -> DrawnPanel:
    """With w and b marked as trainable."""
    for name in ("w", "b"):
        panel.form.inputs.learns[node_of(line.committed, name)].click()
    return panel


def settle(qtbot: QtBot, panel: DrawnPanel) -> None:
    """Wait until all is done and drawn, and then a while for what must not come."""

    def drawn() -> bool:
        run = panel.run
        shown = run is not None and run.frame is not None and run.runner.settled
        return shown and not run._later.isActive()

    qtbot.waitUntil(drawn)
    QTest.qWait(180)


def click(panel: DrawnPanel, key: str) -> None:
    QTest.mouseClick(panel.buttons[key], LEFT)


def number(document: Document, name: str) -> float:
    return document.committed.nodes[node_of(document.committed, name)].params["value"]


def test_the_samples_of_the_document_are_bound_by_name(panel: DrawnPanel, line: Document) -> None:
    assert panel.choices.source == SAMPLES
    assert {line.graph.nodes[k].name: v for k, v in panel.choices.bindings.items()} == {
        "x": "x",
        "y": "y",
        "w": "",
        "b": "",
    }
    assert panel.form.loss.currentText().startswith("f –")


def test_inputs_are_listed_from_top_to_bottom_also_after_opening(
    window: Window, panel: DrawnPanel, line: Document, tmp_path: Path
) -> None:
    def listed(form: DrawnForm) -> list[str]:
        return [form.inputs.item(row, 0).text() for row in range(form.inputs.rowCount())]

    nodes = sorted(line.committed.nodes.values(), key=lambda node: node.at[::-1])
    before = listed(panel.form)
    assert before == [node.name for node in nodes if node.gate == "input"]
    made = DrawnPanel(window, reopened(window, line, tmp_path))
    assert listed(made.form) == before
    made.close()


def test_marking_an_input_is_an_edit(panel: DrawnPanel, line: Document) -> None:
    key = node_of(line.committed, "w")
    panel.form.inputs.learns[key].click()
    assert line.committed.nodes[key].params["trainable"] is True
    assert not panel.form.inputs.takes[key].isEnabled()
    line.undo_stack.undo()
    assert not line.committed.nodes[key].params.get("trainable")
    assert not panel.form.inputs.learns[key].isChecked()


def test_what_learns_is_marked_by_form_on_its_pill(
    window: Window, panel: DrawnPanel, line: Document
) -> None:
    view = window.canvas.view
    key = node_of(line.committed, "w")

    def face() -> str:
        return view.styles[view.nodes.style[view.row[key]]].face

    assert face() == ""
    panel.form.inputs.learns[key].click()
    assert face() == LEARNS
    line.undo_stack.undo()
    assert face() == ""


def test_it_begins_at_a_pace_that_the_eye_can_follow(
    window: Window, line: Document, qtbot: QtBot
) -> None:
    window.menus.entries["train_graph"].trigger()
    panel = window.findChild(DrawnPanel)
    assert panel.form.pace.currentData() == 100


def test_training_is_one_step_of_the_history(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    steps = line.undo_stack.count()
    click(marked, "play")
    qtbot.waitUntil(lambda: marked.run.frame is not None and marked.run.frame.updates > 120)
    click(marked, "play")
    settle(qtbot, marked)
    count = marked.run.frame.updates
    assert line.undo_stack.count() == steps + 1
    assert line.undo_stack.undoText() == f"Train {count} updates"
    assert number(line, "w") == pytest.approx(2.0, abs=1e-3)
    assert number(line, "b") == pytest.approx(1.0, abs=1e-3)
    line.undo_stack.undo()
    assert (number(line, "w"), number(line, "b")) == (0.0, 0.0)
    settle(qtbot, marked)
    assert marked.run.trainer.values == dict.fromkeys(marked.run.trainer.parameters, 0.0)
    line.undo_stack.redo()
    assert number(line, "w") == pytest.approx(2.0, abs=1e-3)


def test_the_numbers_are_the_trainers(marked: DrawnPanel, line: Document, qtbot: QtBot) -> None:
    graph = line.committed
    columns = {"x": np.array(XS), "y": np.array(YS)}
    oracle = DrawnTrainer(
        graph,
        marked.choices.loss_node,
        marked.choices.bindings,
        columns,
        learning_rate=0.1,
        batch=10,
    )
    for _ in range(3):
        click(marked, "step")
        settle(qtbot, marked)
        oracle.step()
    assert number(line, "w") == oracle.values[node_of(graph, "w")]
    assert line.undo_stack.undoText() == "Train 1 update"


def test_labels_move_while_it_trains(marked: DrawnPanel, line: Document, qtbot: QtBot) -> None:
    marked.form.rate.setText("0.0001")
    click(marked, "play")
    seen = set()
    qtbot.waitUntil(lambda: seen.add(number(line, "w")) or len(seen) > 3)
    steps = line.undo_stack.count()
    click(marked, "play")
    qtbot.waitUntil(lambda: line.undo_stack.count() == steps + 1)
    settle(qtbot, marked)
    assert line.undo_stack.count() == steps + 1


def test_rewind_goes_back_to_where_it_began(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    click(marked, "step")
    settle(qtbot, marked)
    click(marked, "rewind")
    settle(qtbot, marked)
    assert number(line, "w") == 0.0
    assert line.undo_stack.undoText() == "Rewind the training"


def test_a_number_changed_by_hand_is_taken_over(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    click(marked, "step")
    settle(qtbot, marked)
    b = number(line, "b")
    line.do(edits.set_value(line.committed, node_of(line.committed, "w"), 7.0))
    settle(qtbot, marked)
    assert marked.run.trainer.values[node_of(line.committed, "w")] == 7.0
    assert number(line, "b") == b
    assert line.undo_stack.undoText() != "Train 1 update"
    click(marked, "step")
    settle(qtbot, marked)
    assert number(line, "w") != 7.0
    line.undo_stack.undo()
    assert number(line, "w") == 7.0


def test_moving_a_gate_while_it_trains_disturbs_nothing(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    click(marked, "play")
    qtbot.waitUntil(lambda: number(line, "w") != 0.0)
    key = node_of(line.committed, "w")
    at = line.committed.nodes[key].at
    line.do(edits.move(line.committed, {key: (at[0], at[1] + 64.0)}))
    before = marked.run.frame.updates
    qtbot.waitUntil(lambda: marked.run.frame.updates > before + 20)
    click(marked, "play")
    settle(qtbot, marked)
    line.undo_stack.undo()
    line.undo_stack.undo()
    assert line.committed.nodes[key].at == at
    assert number(line, "w") == 0.0


def test_without_a_trainable_input_it_says_so(panel: DrawnPanel) -> None:
    click(panel, "play")
    assert "No input is trainable" in panel.notice.words.text()
    assert panel.run is None


def test_what_was_missing_is_not_said_any_longer_once_it_is_there(
    panel: DrawnPanel, line: Document
) -> None:
    click(panel, "play")
    assert not panel.notice.isHidden()
    key = node_of(line.committed, "w")
    line.do(edits.set_param(line.committed, key, "trainable", True))
    assert panel.notice.isHidden()


def test_a_refusal_selects_the_node(marked: DrawnPanel, line: Document) -> None:
    key = node_of(line.committed, "x")
    box = marked.form.inputs.takes[key]
    box.setCurrentIndex(0)
    box.activated.emit(0)
    line.select([])
    click(marked, "step")
    assert "x holds several samples" in marked.notice.words.text()
    assert line.selection == {key}


def test_taking_the_loss_away_while_it_trains_pauses_and_says_why(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    click(marked, "play")
    qtbot.waitUntil(lambda: number(line, "w") != 0.0)
    graph = line.committed
    line.do(edits.disconnect(graph, [next(iter(graph.into(marked.choices.loss_node).values()))]))
    qtbot.waitUntil(lambda: not marked.notice.isHidden())
    assert "has no wire" in marked.notice.words.text()
    settle(qtbot, marked)
    assert not marked.run.playing


def test_numbers_that_run_away_stop_it_at_the_gate_and_stay_off_the_graph(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    marked.form.rate.setText("1e6")
    click(marked, "play")
    qtbot.waitUntil(lambda: marked.run.frame is not None and bool(marked.run.frame.fault))
    settle(qtbot, marked)
    assert "became" in marked.notice.words.text()
    assert line.selection
    assert np.isfinite(number(line, "w"))
    QTest.mouseClick(marked.notice.rewind, LEFT)
    settle(qtbot, marked)
    assert marked.notice.isHidden()
    assert number(line, "w") == 0.0


def test_a_table_gives_the_columns(
    marked: DrawnPanel, line: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "line.csv"
    path.write_text("x,y,colour\n0,1,red\n1,3,blue\n2,,red\n3,7,blue\n")
    marked.choices.read_table(path)
    qtbot.waitUntil(lambda: marked.choices.source == "table")
    assert list(marked.choices.columns.values) == ["x", "y"]
    assert "line 4" in marked.form.said.text()
    assert "colour" in marked.form.said.text()
    assert marked.form.said.text().startswith("From line.csv.\n")
    click(marked, "play")
    qtbot.waitUntil(lambda: marked.run.frame is not None and marked.run.frame.updates > 300)
    click(marked, "play")
    settle(qtbot, marked)
    assert number(line, "w") == pytest.approx(2.0, abs=1e-2)


def test_a_generated_set_is_bound_by_name_and_as_target(marked: DrawnPanel, line: Document) -> None:
    marked.choices.use_source("sine")
    assert {line.graph.nodes[k].name: v for k, v in marked.choices.bindings.items()} == {
        "x": "x",
        "y": "y",
    }


def test_closing_it_leaves_what_was_learned_as_a_step(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    click(marked, "play")
    qtbot.waitUntil(lambda: number(line, "w") != 0.0)
    marked.close()
    assert line.undo_stack.undoText().startswith("Train ")
    line.undo_stack.undo()
    assert number(line, "w") == 0.0


def test_a_long_name_of_a_file_does_not_widen_the_window(panel: DrawnPanel) -> None:
    wide = panel.minimumSizeHint().width()
    columns = drawndata.Columns({"x": np.zeros(2)}, file="measured" * 30 + ".csv")
    panel.choices.use_columns(drawndata.TABLE, columns)
    QTest.qWait(20)
    assert panel.minimumSizeHint().width() == wide


def test_no_path_of_a_table_is_kept(
    window: Window, marked: DrawnPanel, line: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "secret folder" / "line.csv"
    path.parent.mkdir()
    path.write_text("x,y\n0,1\n1,3\n")
    marked.choices.read_table(path)
    qtbot.waitUntil(lambda: marked.choices.source == "table")
    click(marked, "step")
    settle(qtbot, marked)
    again = reopened(window, line, tmp_path)
    assert again.training is not None
    kept = next(tmp_path.glob("*.bps")).read_text("utf-8")
    assert "secret" not in kept
    assert tmp_path.name not in kept


@pytest.mark.parametrize("how", ["close", "reject"])
def test_closing_it_gives_the_keys_to_the_canvas(
    window: Window, marked: DrawnPanel, line: Document, qtbot: QtBot, how: str
) -> None:
    click(marked, "step")
    settle(qtbot, marked)
    window.formula_bar.field.setFocus()
    marked.activateWindow()
    getattr(marked, how)()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.focusWidget() is window.canvas


def test_closing_the_document_closes_it(
    window: Window, marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    click(marked, "play")
    qtbot.waitUntil(lambda: number(line, "w") != 0.0)
    line.undo_stack.setClean()
    window.session.close(line)
    qtbot.waitUntil(lambda: window.findChild(DrawnPanel) is None)


# --- kept in the document ------------------------------------------------------------------------


def reopened(window: Window, document: Document, tmp_path: Path) -> Document:
    """The same document saved, closed and opened again, with its panel."""
    path = tmp_path / "kept.bps"
    window.session.save(document, path)
    window.session.close(document)
    again = window.session.open(path)
    assert again is not None
    return again


def test_a_reopened_document_trains_on_with_the_same_choices(
    window: Window, marked: DrawnPanel, line: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    form = marked.form
    form.optimizer.setCurrentIndex(form.optimizer.findData("adam"))
    form.rate.setText("0.07")
    form.batch.setValue(3)
    form.shuffle.setChecked(False)
    click(marked, "step")
    settle(qtbot, marked)
    assert line.training is not None
    again = reopened(window, line, tmp_path)
    made = open_drawn(window)
    assert made is not None
    assert made.choices.source == SAMPLES
    assert made.form.rules() == form_rules("adam", 0.07, 3, shuffle=False)
    assert made.form.keep.isChecked()
    assert not again.dirty
    learns = {again.committed.nodes[key].name: box for key, box in made.form.inputs.learns.items()}
    assert learns["w"].isChecked()
    assert not learns["x"].isChecked()


def form_rules(kind: str, rate: float, batch: int, *, shuffle: bool) -> dict[str, object]:
    from bpstudio.nn.spec import Choice

    return {
        "optimizer": Choice(kind),
        "learning_rate": rate,
        "batch": batch,
        "shuffle": shuffle,
        "epochs": 1000,
    }


def test_the_table_of_a_file_is_kept_with_what_each_input_takes(
    window: Window, marked: DrawnPanel, line: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    table = drawndata.Columns(
        {"size": np.array([1.0, 2.0, 3.0]), "price": np.array([2.0, 4.0, 6.0])}, ("price",)
    )
    marked.choices.use_columns(drawndata.TABLE, table)
    keys = {name: node_of(line.committed, name) for name in ("x", "y")}
    for name, column in (("x", "size"), ("y", "price")):
        box = marked.form.inputs.takes[keys[name]]
        box.setCurrentIndex(box.findData(column))
        box.activated.emit(box.currentIndex())
    click(marked, "step")
    settle(qtbot, marked)
    loss = marked.run.trainer.loss()
    again = reopened(window, line, tmp_path)
    made = DrawnPanel(window, again)
    assert made.choices.source == drawndata.KEPT
    assert made.choices.bindings == {keys["x"]: "size", keys["y"]: "price"}
    trainer = DrawnTrainer(
        again.committed, made.choices.loss_node, made.choices.bindings, made.choices.columns.values
    )
    assert trainer.loss() == loss
    made.close()


def test_choices_that_shall_not_be_kept_leave_the_document(
    marked: DrawnPanel, line: Document, qtbot: QtBot
) -> None:
    click(marked, "step")
    settle(qtbot, marked)
    assert line.to_file().training is not None
    marked.form.keep.click()
    assert line.to_file().training is None
    marked.form.keep.click()
    assert line.to_file().training is not None


def test_opening_the_panel_alone_changes_no_document(panel: DrawnPanel, line: Document) -> None:
    assert line.training is None
    assert line.to_file().training is None


def test_a_loss_that_is_gone_is_said_and_the_rest_restored(
    window: Window, line: Document, qtbot: QtBot
) -> None:
    line.keep_training({"loss": "gone", "batch": 2, "data": {"samples": True}}, {})
    made = DrawnPanel(window, line)
    assert "gone" in made.notice.words.text()
    assert made.form.batch.value() == 2
    made.close()


def test_the_wheel_over_the_inputs_binds_nothing_else(marked: DrawnPanel) -> None:
    assert marked.form.inputs.takes
    for takes in marked.form.inputs.takes.values():
        assert takes.focusPolicy() != Qt.FocusPolicy.WheelFocus
