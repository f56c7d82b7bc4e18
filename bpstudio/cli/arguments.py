"""COMMANDS: what the command line understands."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass

from bpstudio import __version__, language
from bpstudio.cli import PROGRAM, commands, training
from bpstudio.cli.usage import Parser
from bpstudio.language import LANGUAGES, N_, tr


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the command line: `add` declares its arguments, `run` answers the exit status."""

    name: str
    title: str
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def choose_language(given: list[str]) -> None:
    """Before anything is said: the language asked for, else the system's."""
    finder = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    finder.add_argument("--lang")
    try:
        asked = finder.parse_known_args(given)[0].lang
    except argparse.ArgumentError:
        asked = None
    try:
        language.use(asked if asked in LANGUAGES else language.of_system())
    except OSError:
        # An installation without its catalogue still speaks English.
        language.use("en")


def parse(given: list[str]) -> argparse.Namespace:
    """The arguments, with the command's function as `run`. Exits on --help and wrong usage."""
    names = [command.name for command in COMMANDS]
    word = _first_word(given)
    if word in names or (word is None and {"-h", "--help", "--version"} & set(given)):
        return _main_parser().parse_args(given)
    if word is not None and not os.path.exists(word) and not os.path.splitext(word)[1]:
        _main_parser().error(_no_such_word(word, names))
    parser = Parser(prog=PROGRAM)
    _common(parser)
    commands.add_open(parser)
    parser.set_defaults(run=commands.open_files)
    return parser.parse_args(given)


def _first_word(given: list[str]) -> str | None:
    words = iter(given)
    for word in words:
        if word == "--lang":
            next(words, None)
        elif word == "--":
            return next(words, None)
        elif not word.startswith("-"):
            return word
    return None


def _no_such_word(word: str, names: list[str]) -> str:
    near = difflib.get_close_matches(word, names, 1)
    if near:
        return tr(
            "there is no command and no file “{word}”; did you mean {near}?",
            word=word,
            near=near[0],
        )
    return tr("there is no command and no file “{word}”", word=word)


def _main_parser() -> Parser:
    parser = Parser(
        prog=PROGRAM,
        usage="bpstudio [FILE ...]\n       bpstudio COMMAND ...",
        description=tr("See every value and every gradient of a computation."),
        epilog=tr(
            "Without a command the files open in a window. Exit status: 0 fine, 1 a check failed, "
            "2 wrong usage or a bad document."
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"Backprop Studio {__version__}",
        help=tr("show the program's version and exit"),
    )
    _common(parser)
    words = parser.add_subparsers(title=tr("commands"), metavar="COMMAND", required=True)
    for command in COMMANDS:
        title = tr(command.title)
        own = words.add_parser(
            command.name,
            prog=f"{PROGRAM} {command.name}",
            help=title,
            description=title,
        )
        _common(own)
        command.add(own)
        own.set_defaults(run=command.run)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    # Read by choose_language; declared so that it is checked and shown. SUPPRESS keeps a
    # subcommand's default from hiding what stands before the command.
    parser.add_argument(
        "--lang",
        choices=list(LANGUAGES),
        default=argparse.SUPPRESS,
        help=tr("the language of what is said"),
    )


COMMANDS = (
    Command("new", N_("Make a document from a formula"), commands.add_new, commands.new),
    Command(
        "run", N_("Values and gradients of every gate and wire"), commands.add_run, commands.run
    ),
    Command(
        "check",
        N_("Compare the gradients with central differences"),
        commands.add_check,
        commands.check,
    ),
    Command("validate", N_("Is this a good document?"), commands.add_file, commands.validate),
    Command(
        "export",
        N_("Write a picture or a program of the graph"),
        commands.add_export,
        commands.export,
    ),
    Command(
        "train",
        N_("Train a small network without a window"),
        training.add_train,
        training.train,
    ),
    Command("diff", N_("What changed between two documents"), commands.add_diff, commands.diff),
    Command(
        "examples",
        N_("List the shipped examples, or write one out"),
        commands.add_examples,
        commands.examples,
    ),
)
