"""Help, wrong usage and the language, each one line."""

from __future__ import annotations

import pytest

from bpstudio.cli import arguments
from tests.cli.shell import SIMPLE, Shell


@pytest.mark.parametrize("command", arguments.COMMANDS, ids=lambda c: c.name)
def test_every_command_has_help(shell: Shell, command: arguments.Command):
    assert command.title.split()[0] in shell.run(command.name, "--help")
    assert f"usage: bpstudio {command.name}" in shell.run(command.name, "--help")


def test_help_lists_every_command(shell: Shell):
    text = shell.run("--help")
    assert all(f"\n    {c.name} " in text for c in arguments.COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "a", "b"),
        ("run", SIMPLE, "--digits", "0"),
        ("run", SIMPLE, "--digits", "many"),
        ("export", SIMPLE),
        ("new",),
        ("--lang", "tlh", "run", SIMPLE),
        ("--unknown",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_that_points_to_help(shell: Shell, words: tuple[str, ...]):
    assert "--help)" in shell.refused(*words)


def test_a_mistyped_command_is_recognised(shell: Shell):
    assert "did you mean run?" in shell.refused("rnu", SIMPLE)


def test_the_language_may_stand_before_or_behind_the_command(shell: Shell):
    for words in (("--lang", "en", "validate", SIMPLE), ("validate", SIMPLE, "--lang=en")):
        assert "a good document" in shell.run(*words)


def test_a_command_that_is_not_there_yet_is_one_line(shell: Shell):
    for words in (("grade", "answer.bps", "tests.json"), ("grade", "a.bps", "t.json", "--json")):
        assert shell.refused(*words) == (
            "there is no command and no file “grade” (see bpstudio --help)"
        )
