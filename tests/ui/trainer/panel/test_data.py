"""The panel as a person uses it, with real events and a real thread: other data, and large sets."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from bpstudio.nn.spec import Choice
from bpstudio.ui.trainer import fields
from bpstudio.ui.trainer.examples import by_key
from bpstudio.ui.trainer.fields import with_sizes
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.panel.acts import Reach, Wait, click

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_runs_of_another_problem_are_not_drawn_beside_this_one(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.runner.step()
    settle()
    panel.choose_example("sine")
    settle()
    assert panel.page.curves.runs == []
    assert panel.page.curves.figures["kept"].text() == ""
    panel.choose_example("circle")
    settle()
    assert [run.name for run in panel.page.curves.runs] == ["Circle 2-4-2-1 tanh 0.03"]


def test_the_way_out_of_a_batch_of_one_is_in_the_settings(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.choose(fields.by_key("batch_norm"), True)
    panel.choose(fields.by_key("batch"), 249)
    assert "drop_last" in panel.notice.words.text()
    panel.choose(fields.by_key("drop_last"), True)
    panel.choose(fields.by_key("batch"), 249)
    settle()
    assert panel.notice.isHidden()
    assert panel.frame.spec.batch == 249


def test_other_data_leave_the_network_as_it_is(panel: TrainingPanel, settle: Wait) -> None:
    panel.change(with_sizes(panel.spec, (2, 5, 3, 1)))
    panel.choose(fields.by_key("learning_rate"), 0.1)
    panel.runner.step(500)
    settle()
    field = fields.by_key("dataset")
    assert set(field.choices(panel.spec)) >= {"circle", "xor", "gauss", "spiral", "moons", "plane"}
    panel.choose(field, "spiral")
    settle()
    assert panel.frame.spec.network.sizes == (2, 5, 3, 1)
    assert panel.frame.spec.learning_rate == 0.1
    assert panel.frame.spec.network.output == "tanh"
    assert (panel.example, panel.row.examples.currentText()) == ("spiral", "Spiral")
    assert panel.note.text().startswith("The hard one")
    assert panel.page.curves.runs == []
    panel.choose(field, "circle")
    settle()
    assert [run.name for run in panel.page.curves.runs] == ["Circle 2-5-3-1 tanh 0.1"]


@pytest.mark.parametrize("start", ["circle", "clouds", "bumps", "sine"])
def test_every_data_set_offered_can_be_trained(
    panel: TrainingPanel, settle: Wait, start: str
) -> None:
    field = fields.by_key("dataset")
    for name in field.choices(by_key()[start].spec()):
        panel.choose_example(start)
        panel.choose(field, name)
        panel.runner.step()
        settle()
        assert panel.notice.isHidden(), panel.notice.words.text()
        assert panel.frame.spec.data is not None
        assert panel.spec.data.name == name
        assert panel.frame.updates == 1


def test_pictures_are_drawn_while_the_window_goes_on(
    panel: TrainingPanel, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bpstudio.ui.trainer import problems

    beats, threads = [], []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: beats.append(1))
    timer.start()
    made = problems.Problem

    def slow(*given: object) -> object:
        threads.append(threading.current_thread())
        # Until the window has gone on; in the window's own thread it cannot.
        end = time.monotonic() + (0 if threads[-1] is threading.main_thread() else 60)
        while len(beats) <= 5 and time.monotonic() < end:
            time.sleep(0.01)
        return made(*given)

    monkeypatch.setattr(problems, "Problem", slow)
    panel.choose_example("digits")
    assert threads[0] is not threading.main_thread()
    assert len(beats) > 5
    assert panel.problem.labels.max() == 9
    panel.choose_example("xor")
    assert threads[1] is threading.main_thread()
    settle()


def test_a_set_too_large_to_be_evaluated_says_what_its_loss_is(
    panel: TrainingPanel, reach: Reach, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bpstudio.ui.trainer import engine

    words = panel.page.curves.figures["loss"]
    panel.step()
    settle()
    assert "batches" not in words.text()
    monkeypatch.setattr(engine, "MOST_EVALUATED", 100)
    panel.step()
    settle()
    assert "last batches" in words.text()
    assert "20,000 samples" in words.toolTip()
    assert "last batches" in panel.page.curves.loss.title
    panel.rewind()
    settle()
    assert "last batches" not in words.text()


def test_accuracy_and_test_loss_of_a_large_set_are_shown_from_a_sample_said_in_words(
    panel: TrainingPanel, reach: Reach, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bpstudio.ui.trainer import curves, engine

    for module in (engine, curves):
        monkeypatch.setattr(module, "JUDGED", 60)
    monkeypatch.setattr(engine, "MOST_EVALUATED", 100)
    click(panel, "play")
    reach(300)
    click(panel, "play")
    settle()
    frame, figures = panel.frame, panel.page.curves.figures
    assert frame.judged == ("train", "test")
    rows = np.linspace(0, len(frame.data.test_inputs) - 1, 60).round().astype(int)
    with panel.runner.held() as running:
        trainer = running.trainer
        said = trainer.evaluate(frame.data.test_inputs[rows])
    right = np.sign(said) == np.sign(frame.data.test_targets[rows])
    assert frame.test_accuracy == pytest.approx(right.mean())
    assert "(of 60 samples)" in figures["accuracy"].text()
    assert "(of 60 samples)" in figures["test_loss"].text()
    assert "evenly spread" in figures["test_loss"].toolTip()
    assert "(of 60 samples)" in panel.page.curves.accuracy.title
    known = np.isfinite(frame.curve.test_accuracy)
    assert known.sum() > 1
    panel.rewind()
    settle()
    assert "(of 60" not in figures["accuracy"].text()


def test_the_foot_shows_the_learning_rate_of_now_under_a_schedule(
    panel: TrainingPanel, settle: Wait
) -> None:
    assert "learning rate" not in panel.foot.state.text()
    schedule = Choice("step", {"every": 1.0, "gamma": 0.5})
    panel.change(replace(panel.spec, schedule=schedule, learning_rate=0.4))
    settle()
    assert panel.foot.state.text().endswith("learning rate now 0.4")
    click(panel, "epoch")
    click(panel, "step")
    settle()
    assert panel.foot.state.text().endswith("learning rate now 0.2")
    assert panel.row.quick["learning_rate"].editor.line.text() == "0.4"
