"""argparse in the chosen language: help, and complaints in one line.

argparse asks gettext for its phrases, which knows compiled catalogues only. What it complains of is
recognised here and said in our own words; a phrase that nobody foresaw stays as it is.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from bpstudio.cli import WRONG, output
from bpstudio.language import N_, tr

_COMPLAINTS = tuple(
    (re.compile(pattern, re.DOTALL), said)
    for pattern, said in (
        (
            r"the following arguments are required: (?P<names>.*)",
            N_("the following arguments are required: {names}"),
        ),
        (r"unrecognized arguments: (?P<names>.*)", N_("unrecognized arguments: {names}")),
        (
            r"argument (?P<name>.*?): invalid choice: '?(?P<value>.*?)'? "
            r"\(choose from (?P<names>.*)\)",
            N_("argument {name}: invalid choice: {value} (choose from {names})"),
        ),
        (
            r"argument (?P<name>.*?): invalid \w+ value: '?(?P<value>.*?)'?",
            N_("argument {name}: {value} is no such value"),
        ),
        (
            r"argument (?P<name>.*?): expected one argument",
            N_("argument {name}: expected one argument"),
        ),
        (
            r"argument (?P<name>.*?): expected at least one argument",
            N_("argument {name}: expected at least one argument"),
        ),
        (
            r"argument (?P<name>.*?): ignored explicit argument '?(?P<value>.*?)'?",
            N_("argument {name} takes no value; found {value}"),
        ),
        (
            r"argument (?P<name>.*?): not allowed with argument (?P<other>.*)",
            N_("argument {name}: not allowed with argument {other}"),
        ),
        (
            r"one of the arguments (?P<names>.*) is required",
            N_("one of the arguments {names} is required"),
        ),
    )
)


def in_words(message: str) -> str:
    """What argparse complains of, in the chosen language."""
    for pattern, said in _COMPLAINTS:
        if found := pattern.fullmatch(message):
            parts = found.groupdict()
            if "names" in parts:
                parts["names"] = parts["names"].replace("'", "")
            return tr(said, **parts)
    return message


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, tr("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Speaks the chosen language and complains in one line."""

    def __init__(self, **words: Any) -> None:
        # An option of one's own: argparse says its help in English.
        super().__init__(**words, allow_abbrev=False, add_help=False, formatter_class=_Formatter)
        self._positionals.title, self._optionals.title = tr("arguments"), tr("options")
        self.add_argument("-h", "--help", action="help", help=tr("show this help message and exit"))

    def error(self, message: str) -> NoReturn:
        advice = tr("see {command} --help", command=self.prog)
        output.complain(f"{in_words(message)} ({advice})")
        sys.exit(WRONG)
