import sys

import pytest
from PySide6.QtCore import QtMsgType

from bpstudio import language
from bpstudio.ui import app


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "backprop-studio" / "log.txt"


def fault(guard: app.Guard) -> None:
    try:
        raise RuntimeError("secret of the sea")
    except RuntimeError:
        guard.exception(*sys.exc_info())


@pytest.mark.skipif(sys.platform != "linux", reason="the log's place differs")
def test_an_unexpected_fault_is_logged_and_told_calmly_once(log, capsys) -> None:
    told: list[str] = []
    guard = app.Guard(told.append)
    fault(guard)
    fault(guard)
    assert len(told) == 1
    assert "Your work is still here" in told[0]
    assert "secret" not in told[0]
    assert "Traceback" not in told[0]
    assert log.read_text().count("RuntimeError: secret of the sea") == 2


def test_a_fault_while_telling_does_not_end_the_program(log, capsys) -> None:
    def broken(sentence: str) -> None:
        raise ValueError("no window any more")

    fault(app.Guard(broken))
    assert "no window any more" in log.read_text()


def test_a_log_that_cannot_be_written_is_no_second_fault(monkeypatch, tmp_path, capsys) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    told: list[str] = []
    fault(app.Guard(told.append))
    assert len(told) == 1


def test_qt_warnings_go_to_the_log(log, capsys) -> None:
    guard = app.Guard(lambda _: None)
    guard.qt_message(QtMsgType.QtWarningMsg, None, "something odd")
    guard.qt_message(QtMsgType.QtDebugMsg, None, "chatter")
    assert "something odd" in log.read_text()
    assert "chatter" not in log.read_text()


def test_the_handlers_come_back(qapp) -> None:
    before = sys.excepthook
    guard = app.Guard(lambda _: None)
    guard.install()
    assert sys.excepthook == guard.exception
    guard.remove()
    assert sys.excepthook is before


def test_the_languages_of_qt_and_of_the_program_go_together(qapp, monkeypatch) -> None:
    monkeypatch.setattr(language, "read_catalogue", lambda code: {})
    app.use_language("zh_CN")
    assert language.current() == "zh_CN"
    assert len(app._translators) == 1
    app.use_language("en")
    assert language.current() == "en"
    assert app._translators == []
