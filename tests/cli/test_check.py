"""`bpstudio check` and `validate`: verdicts, samples and bad documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bpstudio.cli import main
from tests.cli.shell import PERCEPTRON, SIMPLE, Shell
from tests.files.documents import SAMPLE


def new(shell: Shell, folder: Path, *words: str) -> str:
    """Makes a document with `bpstudio new`; where it is."""
    path = str(folder / "f.bps")
    shell.run("new", *words, "-o", path)
    return path


def test_check_compares_every_wire(shell: Shell):
    found = json.loads(shell.run("check", PERCEPTRON, "--json"))
    assert len(found["wires"]) == 12
    wire = next(iter(found["wires"].values()))
    assert set(wire) >= {"analytic", "numeric", "relative", "verdict"}
    assert {wire["verdict"] for wire in found["wires"].values()} == {"ok"}
    assert "12 wires: 12 ok" in shell.run("check", PERCEPTRON)


def test_check_names_kinks_and_ties_without_failing(shell: Shell, tmp_path: Path):
    path = new(shell, tmp_path, "f = relu(x) + max(y, z)", "--set", "x=0")
    text = shell.run("check", path)
    assert "\nkink: x → relu1.x: The step crosses a kink: the slope is 0 on the left and 1" in text
    assert "\ntie: y → max1.x: The step turns a tie: the slope is 0 on the left and 1" in text
    assert "\ntie: z → max1.y: The step turns a tie" in text
    lines = json.loads(shell.run("check", path, "--json"))["wires"].values()
    kink = next(line for line in lines if line["verdict"] == "kink")
    assert (kink["left"], kink["right"]) == pytest.approx((0.0, 1.0))


def test_what_no_difference_can_tell_is_undefined_and_says_why(shell: Shell, tmp_path: Path):
    path = new(shell, tmp_path, "f = sin(x) + log(y)", "--set", "x=1e15", "--set", "y=2")
    text = shell.run("check", path)
    assert "4 wires: 3 ok, 1 undefined" in text
    assert "\nundefined: x → sin1.x: No difference can tell whether" in text
    assert "nothing to compare" not in text


def test_a_wrong_gradient_fails_the_check(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    from dataclasses import replace

    from bpstudio.core import check

    real = check.check

    def wrong(graph: Any, *given: Any, **named: Any) -> check.Check:
        found = real(graph, *given, **named)
        lines = {key: replace(line, verdict="mismatch") for key, line in found.lines.items()}
        return replace(found, lines=lines)

    monkeypatch.setattr(check, "check", wrong)
    assert "4 mismatch" in shell.run("check", SIMPLE, status=1)


def test_the_sign_of_a_zero_stands_where_it_matters(shell: Shell, tmp_path: Path):
    path = new(shell, tmp_path, "f = 1/x", "--set", "x=-0.0")
    assert "! f is infinite here: 1 / (−0) is −∞." in shell.run("run", path)
    assert "! f is infinite here: 1 / 0 is ∞." in shell.run("run", path, "--set", "x=0")


def test_a_scale_out_of_range_is_refused_not_bent(shell: Shell, tmp_path: Path):
    for scale in ("9", "0.5", "nan", "big"):
        said = shell.refused("export", SIMPLE, str(tmp_path / "f.png"), f"--scale={scale}")
        assert "a scale is a number from 1 to 4" in said
    assert list(tmp_path.iterdir()) == []


def test_a_warning_is_of_the_sample_shown_or_says_that_it_is_not(shell: Shell, tmp_path: Path):
    path = new(shell, tmp_path, "f = log(x)", "--set", "x=1,-1,2")
    assert "! f: ln(−1) has no real value." in shell.run("run", path, "--sample", "1")
    text = shell.run("run", path, "--sample", "2")
    assert "! In another sample: f: ln(−1) has no real value." in text
    assert "! f: ln" not in text


def test_check_takes_a_step(shell: Shell, tmp_path: Path):
    path = new(shell, tmp_path, "f = relu(x)", "--set", "x=-1e-6")
    assert "1 wire: 1 ok" in shell.run("check", path)
    found = json.loads(shell.run("check", path, "--step", "1e-5", "--json"))["wires"]["w1"]
    assert found["verdict"] == "kink"
    assert found["numeric"] == pytest.approx(0.45)
    for bad in ("0", "-1", "2", "nan", "h"):
        assert "a step is a number above 0" in shell.refused("check", path, f"--step={bad}")


def test_check_looks_at_every_sample_of_a_batch(shell: Shell, tmp_path: Path):
    path = new(shell, tmp_path, "f = relu(x) + y", "--set", "x=1,2,0")
    text = shell.run("check", path)
    assert "All samples of the batch" in text
    assert "3 wires: 2 ok, 1 kink" in text
    wires = json.loads(shell.run("check", path, "--json"))["wires"].values()
    assert [(wire["verdict"], wire["sample"]) for wire in wires] == [
        ("kink", 2),
        ("ok", 0),
        ("ok", 0),
    ]
    assert "3 wires: 3 ok" in shell.run("check", path, "--sample", "1")
    assert "There is no sample 3" in shell.refused("check", path, "--sample", "3")


def test_batches_of_unequal_length_are_refused_by_name(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    said = "x has 3 samples and y has 2; a batch needs as many of each."
    words = ("--set", "x=1,2,3", "--set", "y=1,2")
    assert said in shell.refused("new", "f = x * y", *words, "-o", str(path))
    assert not path.exists()
    shell.run("new", "f = x * y", "--set", "x=1,2,3", "--set", "y=1,2,3", "-o", str(path))
    path.write_bytes(path.read_bytes().replace(b"[1.0,2.0,3.0]", b"[1.0,2.0]", 1))
    assert "x has 2 samples and y has 3" in shell.refused("validate", str(path))


def test_check_says_undefined_where_a_port_is_open(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    path.write_bytes(SAMPLE)
    found = json.loads(shell.run("check", str(path), "--json"))
    assert {wire["verdict"] for wire in found["wires"].values()} == {"undefined"}
    assert {wire["analytic"] for wire in found["wires"].values()} == {"nan"}
    said = shell.run("check", str(path)).splitlines()
    assert [line for line in said if line.startswith("undefined:")] == [
        "undefined: There is nothing to compare: no finite number depends on this wire here."
    ]


def test_validate_says_what_a_good_document_holds(shell: Shell):
    assert shell.run("validate", SIMPLE) == f"{SIMPLE}: a good document, 5 gates, 4 wires\n"


@pytest.mark.parametrize("command", ["run", "check", "validate", "export", "diff", ""])
def test_a_bad_document_is_one_line_with_file_place_and_reason(
    shell: Shell, spoilt: str, command: str, tmp_path: Path
):
    more = {"export": [str(tmp_path / "o.png")], "diff": [SIMPLE]}.get(command, [])
    assert main([*filter(None, [command]), spoilt, *more]) == 2
    line = shell._capture.readouterr().err
    assert line.startswith(f"bpstudio: {spoilt}: $.graph.gates[2].params.value: the number is too")
    assert line.count("\n") == 1


def test_a_missing_file_is_one_line(shell: Shell):
    text = shell.refused("run", "no/such.bps")
    assert text == "no/such.bps: file: there is no such file or folder"
