"""A fault of the program and an interrupt leave no traceback."""

from __future__ import annotations

import pytest

from bpstudio.cli import commands
from tests.cli.shell import SIMPLE, Shell


def test_a_fault_of_the_program_is_one_line_that_says_how_to_report_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
):
    def fail(path: str) -> None:
        raise KeyError("inner\nname")

    monkeypatch.setattr(commands, "_load", fail)
    assert "BPSTUDIO_DEBUG=1" in shell.refused("run", SIMPLE)
    monkeypatch.setenv("BPSTUDIO_DEBUG", "1")
    shell.run("run", SIMPLE, status=2)
    assert "Traceback" in shell.errors


def test_an_interrupt_is_silent(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    def interrupt(path: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_load", interrupt)
    assert shell.run("run", SIMPLE, status=130) == ""
