"""`bpstudio run`: its table, its JSON and batches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import PERCEPTRON, SIMPLE, Shell
from tests.files.documents import SAMPLE


def test_run_prints_the_numbers_of_the_perceptron(shell: Shell):
    lines = [line.split() for line in shell.run("run", PERCEPTRON).splitlines()]
    assert ["f", "reciprocal", "0.7311", "1"] in lines
    assert ["x1", "→", "multiply2.y", "−2", "−3", "0.1966", "−0.5898"] in lines


def test_the_table_is_aligned(shell: Shell):
    lines = shell.run("run", SIMPLE).splitlines()[2:8]
    assert len({len(line) for line in lines}) == 1


def test_digits_and_exact_choose_how_numbers_are_shown(shell: Shell):
    assert " 0.73 " in shell.run("run", PERCEPTRON, "--digits", "2")
    assert " 0.7310585786300049 " in shell.run("run", PERCEPTRON, "--exact")


def test_run_json_is_as_the_interfaces_fix_it(shell: Shell):
    traced = json.loads(shell.run("run", SIMPLE, "--json"))
    assert set(traced) == {"format", "nodes", "wires", "warnings"}
    assert traced["format"] == "bpstudio.trace"
    assert traced["nodes"]["q"] == {"gate": "add", "label": "q", "value": 3.0, "grad": -4.0}
    assert traced["wires"]["w1"] == {
        "from": "x",
        "to": ["q", "x"],
        "value": -2.0,
        "local": 1.0,
        "upstream": -4.0,
        "grad": -4.0,
    }
    assert traced["warnings"] == []


def test_settings_replace_values_for_one_run(shell: Shell):
    traced = json.loads(shell.run("run", SIMPLE, "--json", "--set", "x=1", "--set", "x=2e0"))
    assert traced["nodes"]["f"]["value"] == -28.0


def test_a_comma_list_is_a_batch_of_samples(shell: Shell):
    traced = json.loads(shell.run("run", SIMPLE, "--json", "--set", "x=1,-2,4", "--set", "y=2"))
    assert traced["batch"] == 3
    f = traced["nodes"]["f"]
    assert (f["value"], f["values"], f["grads"]) == (-12.0, [-12.0, 0.0, -24.0], [1.0, 1.0, 1.0])
    assert (f["mean"], f["spread"]["grad"]) == ({"value": -12.0, "grad": 1.0}, 0.0)
    assert f["spread"]["value"] == pytest.approx(96**0.5)
    wire = next(w for w in traced["wires"].values() if w["from"] == "q")
    assert (wire["value"], wire["values"], wire["grads"]) == (3.0, [3.0, 0.0, 6.0], [-4.0] * 3)


def test_one_sample_of_a_batch_is_shown_beside_mean_and_spread(shell: Shell):
    words = ("run", SIMPLE, "--set", "x=1,-2,4", "--sample", "2", "--digits", "3")
    lines = [line.split() for line in shell.run(*words).splitlines()]
    assert "A batch of 3 samples, here sample 2; then mean ± spread over all." in shell.run(*words)
    assert ["f", "multiply", "−36", "1", "−24", "±", "9.80", "1", "±", "0"] in lines
    assert ["x", "→", "q.x", "4", "1", "−4", "−4", "1", "±", "2.45", "−4", "±", "0"] in lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sample", "3"), "There is no sample 3: they are 0 to 2."),
        (("--sample", "-1"), "There is no sample -1: they are 0 to 2."),
        (("--set", "y=1,2"), "x has 3 samples and y has 2; a batch needs as many of each."),
        (("--set", "y=1,,2"), "--set y=1,,2: “” is no number"),
    ],
)
def test_a_bad_batch_is_refused(shell: Shell, words: tuple[str, ...], said: str):
    assert said in shell.refused("run", SIMPLE, "--set", "x=1,-2,4", *words)


def test_infinite_numbers_and_open_ports_are_strings_and_warnings(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    path.write_bytes(SAMPLE)
    traced = json.loads(shell.run("run", str(path), "--json", "--set", "x=-inf"))
    assert traced["nodes"]["x"]["value"] == "-inf"
    assert traced["nodes"]["f"]["value"] == "nan"
    assert {w["kind"] for w in traced["warnings"]} >= {"unwired"}
    assert all(set(w) == {"kind", "node", "sentence"} for w in traced["warnings"])
    assert "\n! " in shell.run("run", str(path))


def test_text_of_a_document_cannot_steer_the_terminal(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    escape = b"\\u001b]0;pwned\\u0007"
    path.write_bytes(SAMPLE.replace(b"(x+y)*z", escape).replace(b'"label":"x"', b'"label":"\\n"'))
    assert not {"\x1b", "\x07"} & set(shell.run("run", str(path)))
