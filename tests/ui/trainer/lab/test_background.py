"""Long computations in the background: news, result, refusal, cancelling."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.nn.grid import Grid
from bpstudio.ui.trainer import background
from bpstudio.ui.trainer.background import Desk, Job

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_job_tells_its_news_and_its_result(qtbot: QtBot) -> None:
    job, told = Job(), []
    job.told.connect(told.append)

    def work(desk: Desk) -> str:
        for n in range(5):
            desk.tell((n + 1) / 5, n)
        return "done"

    with qtbot.waitSignal(job.ended) as ended:
        job.start(work)
    assert ended.args == ["done"]
    assert told[-1] == 4
    assert not job.running


def test_a_cancelled_job_ends_at_once_with_nothing(qtbot: QtBot) -> None:
    job = Job()

    def work(desk: Desk) -> str:
        while not desk.until():
            pass
        return "too late"

    with qtbot.waitSignal(job.ended) as ended:
        job.start(work)
        job.cancel()
    assert ended.args == [None]


def test_a_refusal_in_the_background_is_told(qtbot: QtBot) -> None:
    job, refused = Job(), []
    job.refused.connect(refused.append)
    with qtbot.waitSignal(job.ended) as ended:
        job.start(lambda desk: Grid(depths=(0,)).check())
    assert ended.args == [None]
    assert refused == ["0 is out of range; choose 1 to 200"]


def test_a_fault_in_the_background_is_logged_and_told(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[type] = []
    monkeypatch.setattr(background.sys, "excepthook", lambda kind, *_: seen.append(kind))
    job, refused = Job(), []
    job.refused.connect(refused.append)
    with qtbot.waitSignal(job.ended):
        job.start(lambda desk: 1 // 0)
    assert seen == [ZeroDivisionError]
    assert len(refused) == 1


def test_closing_a_job_waits_for_its_thread() -> None:
    job = Job()

    def work(desk: Desk) -> None:
        while not desk.until():
            pass

    job.start(work)
    job.close()
    assert not job.running
