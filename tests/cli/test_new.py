"""`bpstudio new`: formulas and settings become a document or are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bpstudio.cli import main
from bpstudio.files import bps
from tests.cli.shell import SIMPLE, Shell
from tests.files.documents import SAMPLE


def test_new_makes_a_document_that_runs(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    settings = ("--set", "x=-2", "--set", "y=5", "--set", "z=−4")
    assert shell.run("new", "f = (x + y) * z", *settings, "-o", path) == ""
    traced = json.loads(shell.run("run", path, "--json"))
    assert traced["nodes"]["f"]["value"] == -12.0
    file, _ = bps.load(path)
    assert file.title == "f = (x + y) * z"
    assert len({node.at for node in file.graph.nodes.values()}) == 5


def test_new_without_a_file_writes_to_stdout(capfdbinary: pytest.CaptureFixture[bytes]):
    assert main(["new", "q = x + y\nf = q * x"]) == 0
    data = capfdbinary.readouterr().out
    assert bps.encode(bps.decode(data)) == data
    assert b'"title":"q = x + y ; f = q * x"' in data


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("f = (x +", "formula: line 1, column 9: "),
        ("q = x\nf = q +* 2", "formula: line 2, column 8: "),
        ("__import__('os')", "formula: line 1, column "),
        ("x = x + 1", "formula: line 1, column "),
        ("f = 1/0", "formula: line 1, column 6: Nothing can be divided by the number 0."),
        ("", "formula: line 1, column 1: "),
    ],
)
def test_a_bad_formula_is_refused_and_nothing_is_written(
    shell: Shell, tmp_path: Path, formula: str, says: str
):
    path = tmp_path / "f.bps"
    path.write_bytes(b"old")
    assert shell.refused("new", formula, "-o", str(path)).startswith(says)
    assert path.read_bytes() == b"old"


def test_a_tower_of_powers_neither_hangs_nor_fails(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    shell.run("new", "f = 9**9**9 * x", "-o", path)
    assert json.loads(shell.run("run", path, "--json"))["nodes"]["f"]["value"] == "inf"


def test_a_name_without_a_gate_is_told_beside_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "f.bps"
    assert main(["new", "f = x", "-o", str(path)]) == 0
    out, said = capsys.readouterr()
    assert out == ""
    assert said.startswith("bpstudio: formula: “f” is only another name of x,")
    assert said.count("\n") == 1
    assert list(bps.decode(path.read_bytes()).graph.nodes) == ["x"]


@pytest.mark.parametrize("value", ["inf", "1,-inf", "1e999"])
def test_infinity_is_for_one_run_not_for_a_document(shell: Shell, value: str):
    refused = shell.refused("new", "f = x + 1", "--set", f"x={value}")
    assert refused.startswith("--set x: a document holds finite numbers")
    assert json.loads(shell.run("run", SIMPLE, "--set", "x=inf", "--json"))["nodes"]["x"]


@pytest.mark.parametrize("value", ["x", "x=", "=3", "x=abc", "x=__import__('os')", "x=nan", "x=1e"])
def test_a_bad_setting_is_refused(shell: Shell, value: str):
    assert shell.refused("run", SIMPLE, "--set", value).startswith(f"--set {value}: ")


def test_a_setting_names_an_input_that_is_there(shell: Shell, tmp_path: Path):
    text = shell.refused("run", SIMPLE, "--set", "v=1")
    assert text == f"{SIMPLE}: --set v: there is no such input; there are x, y, z"
    text = shell.refused("run", SIMPLE, "--set", "q=1")
    assert text == f"{SIMPLE}: --set q: its value is computed; values are set on x, y, z"
    assert "formula: --set v" in shell.refused("new", "f = x", "--set", "v=1")
    path = tmp_path / "two.bps"
    path.write_bytes(SAMPLE.replace(b'"kind":"add","pos"', b'"kind":"constant","label":"x","pos"'))
    path.write_bytes(path.read_bytes().replace(b'{"id":"w1","from":"x","to":["q","x"]},\n', b""))
    assert "use an id: q, x" in shell.refused("run", str(path), "--set", "x=1")
