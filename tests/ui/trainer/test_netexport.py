"""The network for other programs, and its gradient checked, from the menu."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.nn import onnx_model
from bpstudio.nn.faults import DataError
from bpstudio.ui import ask
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def panel(docked: TrainingPanel) -> TrainingPanel:
    return docked


def export(window: Window, key: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    window.session.said.connect(said.append)
    monkeypatch.setattr(ask, "file_to_export", lambda *_: path)
    window.menus.entries[f"export_{key}"].trigger()
    return said


def test_the_numpy_script_runs_on_its_own(
    window: Window,
    panel: TrainingPanel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    path = tmp_path / "net.py"
    said = export(window, "numpy_network", path, monkeypatch)
    assert said == ["Exported net.py."]
    subprocess.run([sys.executable, str(path)], check=True, capture_output=True, cwd=tmp_path)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1].startswith("net.py was run: its outputs and gradients are the network’s")
    # Without a document there is no canvas to say it on: it stands on the panel.
    assert panel.notice.words.text() == said[1]
    assert panel.notice.isVisible()
    assert panel.notice.property("good"), "good news are no warning"


def test_the_pytorch_module_holds_the_weights_of_now(
    window: Window, panel: TrainingPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.runner.edit(0, 0, 0, 0.123456789)
    path = tmp_path / "net.py"
    export(window, "torch_network", path, monkeypatch)
    assert "0.123456789" in path.read_text()


def test_what_cannot_be_exported_is_said(
    window: Window, panel: TrainingPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> bytes:
        raise DataError("ONNX is not installed: pip install onnx")

    monkeypatch.setattr(onnx_model, "onnx_network", refused)
    path = tmp_path / "net.onnx"
    assert export(window, "onnx", path, monkeypatch) == ["ONNX is not installed: pip install onnx"]
    assert panel.notice.words.text() == "ONNX is not installed: pip install onnx"
    assert not path.exists()


def test_a_folder_that_is_not_there_is_named(
    window: Window, panel: TrainingPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = export(window, "numpy_network", tmp_path / "no" / "net.py", monkeypatch)
    assert len(said) == 1
    assert "net.py" in said[0]


def test_the_gradient_of_the_whole_network_is_checked(
    window: Window, panel: TrainingPanel, qtbot: QtBot
) -> None:
    window.menus.entries["check_network"].trigger()
    qtbot.waitUntil(lambda: not panel.notice.isHidden())
    assert panel.notice.words.text().startswith("All 25 gradients agree")
    assert "e-" not in panel.notice.words.text()
    assert panel.notice.property("good")
    panel.tell("That went wrong.")
    assert not panel.notice.property("good")


def test_without_the_panel_the_menu_says_where_the_network_is(window: Window) -> None:
    said: list[str] = []
    window.session.said.connect(said.append)
    window.menus.entries["check_network"].trigger()
    assert said == ["Open the training panel first (F7): it holds the network."]
