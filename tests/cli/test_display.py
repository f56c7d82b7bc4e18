"""The window's files, and what is said where no display can be had."""

from __future__ import annotations

import importlib.metadata
import socket
import sys
from pathlib import Path

import pytest

from bpstudio.cli import display, main
from tests.cli.shell import SIMPLE


def test_the_window_gets_the_files_and_the_language_asked_for(monkeypatch: pytest.MonkeyPatch):
    from bpstudio.ui import start

    opened: list[tuple[list[str], str]] = []
    monkeypatch.setattr(start, "open_window", lambda *given: opened.append(given) or 0)
    assert main(["--window", SIMPLE, "other.bps"]) == 0
    assert main(["--window", "--lang", "en", SIMPLE]) == 0
    assert opened == [([SIMPLE, "other.bps"], ""), ([SIMPLE], "en")]


def test_without_a_display_good_files_are_shown_and_bad_ones_named(
    capsys: pytest.CaptureFixture[str], spoilt: str
):
    assert main([SIMPLE, spoilt]) == 2
    out, errors = capsys.readouterr()
    assert "−12" in out
    assert out.splitlines()[-1].startswith("There is no display (QT_QPA_PLATFORM is offscreen)")
    assert errors.count("\n") == 1


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return monkeypatch


def test_a_display_is_one_that_answers(bare: pytest.MonkeyPatch, tmp_path: Path):
    assert "neither DISPLAY nor" in display.missing()
    bare.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bare.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert "nothing answers at wayland-7" in display.missing()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert display.missing() == ""


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "127.0.0.1:{}.0", "tcp/127.0.0.1:{}"])
def test_a_display_on_another_machine_is_asked(bare: pytest.MonkeyPatch, form: str):
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        bare.setenv("DISPLAY", form.format(number))
        assert display.missing() == ""
    assert "nothing answers" in display.missing()


@pytest.mark.parametrize("wrong", ["nonsense", ":x", ":99999", "", "host:"])
def test_a_display_that_makes_no_sense_is_none(bare: pytest.MonkeyPatch, wrong: str):
    bare.setenv("DISPLAY", wrong)
    assert display.missing().startswith("There is no display")


def test_a_platform_the_user_chose_is_trusted(bare: pytest.MonkeyPatch):
    bare.setenv("QT_QPA_PLATFORM", "vnc:size=800x600")
    assert display.missing() == ""
    bare.setenv("QT_QPA_PLATFORM", "offscreen")
    assert "QT_QPA_PLATFORM is offscreen" in display.missing()


def test_missing_system_libraries_are_named_with_the_line_that_installs_them(
    bare: pytest.MonkeyPatch, tmp_path: Path
):
    broken = tmp_path / "libqxcb.so"
    broken.write_bytes(b"no library")
    bare.setenv("DISPLAY", ":0")
    bare.setattr(display, "_plugin", lambda: broken)
    assert "sudo apt-get install -y libgl1 " in display.missing_libraries()
    assert "libxcb-cursor0" in display.missing_libraries()
    lacking = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    assert "the system library libGL.so.1: sudo apt-get" in display.unusable(lacking)
    none = ModuleNotFoundError("No module named 'PySide6'", name="PySide6")
    assert "pip install 'PySide6-Essentials>=6.10" in display.unusable(none)
    assert display.unusable(ImportError("cannot import name 'x'")) == ""


def test_the_packages_are_those_of_the_notes():
    assert display.DISPLAY_PACKAGES.split()[:7] == [
        *display.OFFSCREEN_PACKAGES.split(),
        "libxcb-cursor0",
    ]
    assert len(display.DISPLAY_PACKAGES.split()) == 19


@pytest.mark.parametrize(
    ("python", "version", "refused"),
    [
        ((3, 11), "6.12.0", True),
        ((3, 11), "6.12.3", True),
        ((3, 11), "6.11.3", False),
        ((3, 12), "6.12.0", False),
    ],
)
def test_a_pyside_that_crashes_is_refused_with_the_line_that_helps(
    monkeypatch: pytest.MonkeyPatch, python: tuple[int, int], version: str, refused: bool
):
    class Version(tuple[int, ...]):
        major, minor = python

    monkeypatch.setattr(sys, "version_info", Version(python))
    monkeypatch.setattr(display, "installed", lambda name: version)
    found = display.wrong_version()
    assert bool(found) == refused
    if refused:
        assert "pip install 'PySide6-Essentials>=6.10,<6.12'" in found


def test_the_version_is_the_one_that_pip_installed():
    found = [display.installed(name) for name in ("PySide6-Essentials", "PySide6")]
    assert importlib.metadata.version("PySide6-Essentials") in found
    assert display.installed("no-such-package") == ""
