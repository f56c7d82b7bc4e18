"""What argparse says is said in the chosen language."""

from __future__ import annotations

import argparse
import re

import pytest

from bpstudio import language
from bpstudio.cli import main, usage

WRONG = [
    ["train"],
    ["train", "a", "b"],
    ["export", "a", "b", "--to"],
    ["--lang", "de", "train", "x"],
    ["run", "--json=3", "x"],
    ["run", "x", "--jsn"],
]


def complaint(words, capsys, monkeypatch, code):
    monkeypatch.setenv("LC_ALL", f"{code}.UTF-8")
    assert main(words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_usage_is_told_in_chinese(words, capsys, monkeypatch):
    english = complaint(words, capsys, monkeypatch, "en_US")
    chinese = complaint(words, capsys, monkeypatch, "zh_CN")
    language.use("en")
    assert re.search(r"[一-鿿]", chinese)
    # Nothing of argparse's own is left but names, and both end with the same command.
    for word in ("required", "unrecognized", "expected", "choice", "takes no value"):
        assert word not in chinese
    assert re.findall(r"bpstudio \w+ --help|--help", english) == re.findall(
        r"bpstudio \w+ --help|--help", chinese
    )


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"]], ids=" ".join)
def test_help_is_chinese_throughout(words, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(words) == 0
    said = capsys.readouterr().out
    language.use("en")
    for word in ("usage", "options", "arguments", "show this help", "show the program"):
        assert word not in said


def test_every_complaint_of_argparse_is_recognised():
    """argparse's own words, made by argparse itself."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--many", nargs="+")
    parser.add_argument("--whole", type=int)
    either = parser.add_mutually_exclusive_group()
    either.add_argument("-a", action="store_true")
    either.add_argument("-b", action="store_true")
    for words in (["--many"], ["--whole", "x"], ["-a", "-b"], ["--whole"], ["-a=3"]):
        with pytest.raises(argparse.ArgumentError) as found:
            parser.parse_args(words)
        assert any(pattern.fullmatch(str(found.value)) for pattern, _ in usage._COMPLAINTS), words


def test_what_nobody_foresaw_stays_as_it_is():
    assert usage.in_words("something else") == "something else"
