"""`bpstudio train`: a table, JSON as INTERFACES fixes it, and bad specifications in one line."""

from __future__ import annotations

import io
import json
import math

import pytest

from bpstudio.cli import main
from tests.nn.test_reading import BAD, GOOD, changed


def train(tmp_path, spec, *words):
    path = tmp_path / "spec.json"
    path.write_text(spec if isinstance(spec, str) else json.dumps(spec), "utf-8")
    return main(["train", str(path), *words])


SPIRAL = {
    "network": {"sizes": [2, 8, 1]},
    "data": {"dataset": "spiral", "samples": 100, "noise": 0.1, "seed": 1},
    "epochs": 30,
}


def test_json_is_as_the_interface_says(tmp_path, capsys):
    assert train(tmp_path, SPIRAL, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["format"] == "bpstudio.training"
    assert len(found["loss"]) == len(found["accuracy"]) == 31
    assert found["loss"][-1] < found["loss"][0]
    assert found["updates"] == 300
    assert found["seconds"] > 0
    assert [len(layer["W"]) for layer in found["weights"]] == [8, 1]
    assert [len(layer["W"][0]) for layer in found["weights"]] == [2, 8]
    assert [len(layer["b"]) for layer in found["weights"]] == [8, 1]


def test_training_goes_on_from_the_weights_it_gave(tmp_path, capsys):
    spec = {**SPIRAL, "shuffle": False, "epochs": 10}
    train(tmp_path, spec, "--json")
    half = json.loads(capsys.readouterr().out)
    train(tmp_path, {**spec, "weights": half["weights"]}, "--json")
    rest = json.loads(capsys.readouterr().out)
    train(tmp_path, {**spec, "epochs": 20}, "--json")
    whole = json.loads(capsys.readouterr().out)
    assert half["loss"] + rest["loss"][1:] == whole["loss"]
    assert rest["weights"] == whole["weights"]


def test_accuracy_is_null_for_numbers(tmp_path, capsys):
    assert train(tmp_path, {**SPIRAL, "data": {"dataset": "plane"}}, "--json") == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] is None


def test_a_table_of_epochs(tmp_path, capsys):
    data = {**SPIRAL["data"], "test": 0.25}
    assert train(tmp_path, {**SPIRAL, "data": data}) == 0
    out = capsys.readouterr().out
    assert "2-8-1, tanh: 33 parameters, 75 samples" in out
    epochs = [line.split()[0] for line in out.splitlines() if line.startswith("  ")]
    assert epochs == ["epoch", "0", "1", "2", "5", "10", "20", "30"]
    assert "Test data: loss 0." in out
    assert "240 updates in " in out


def test_no_epochs_is_a_question_about_the_start(tmp_path, capsys):
    assert train(tmp_path, {**SPIRAL, "epochs": 0}, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["loss"]), found["updates"]) == (1, 0)


def test_the_specification_may_come_from_stdin(capsys, monkeypatch):
    text = json.dumps(SPIRAL).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(["train", "-"]) == 0
    assert "updates in" in capsys.readouterr().out


@pytest.mark.parametrize(("path", "value", "place", "reason"), BAD[::5], ids=lambda v: str(v)[:20])
def test_a_bad_specification_is_one_line_on_stderr(tmp_path, capsys, path, value, place, reason):
    assert train(tmp_path, changed(path, value), "--json") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("bpstudio: ")
    assert f"spec.json: {place}: " in err
    assert reason in err


@pytest.mark.parametrize("text", ["", "[1", "[]", "\x00", '{"network": 1e999}'])
def test_no_json_is_one_line_on_stderr(tmp_path, capsys, text):
    assert train(tmp_path, text) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "spec.json: " in err


def test_a_missing_file_is_one_line_on_stderr(tmp_path, capsys):
    assert main(["train", str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_numbers_that_run_away_end_with_status_1(tmp_path, capsys):
    network = {"sizes": [2, 8, 1], "activation": "relu", "output": "linear"}
    spec = {**SPIRAL, "network": network, "optimizer": {"kind": "sgd", "learning_rate": 1e6}}
    assert train(tmp_path, spec, "--json") == 1
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["updates"] < 10
    assert found["fault"] in err
    assert not math.isfinite(float(found["loss"][-1]))


def test_the_defaults_train_the_given_four_points(tmp_path, capsys):
    assert train(tmp_path, {**GOOD, "epochs": 2000, "batch": 4}, "--json") == 0
    assert json.loads(capsys.readouterr().out)["accuracy"][-1] == 1.0


# --- long runs ------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_ctrl_c_says_where_training_stood(tmp_path, capsys, monkeypatch):
    from bpstudio.nn.trainer import Trainer

    real = Trainer.run

    def run(trainer, **limits):
        if trainer.updates >= 70:
            raise KeyboardInterrupt
        return real(trainer, **limits)

    monkeypatch.setattr(Trainer, "run", run)
    assert train(tmp_path, SPIRAL) == 130
    said = capsys.readouterr()
    assert said.err.endswith("spec.json: stopped in epoch 8 of 30\n")
    assert "70 updates" in said.out
    assert train(tmp_path, SPIRAL, "--json") == 130
    assert capsys.readouterr().out == ""


def test_a_terminal_hears_how_far_training_is(tmp_path, capsys, monkeypatch):
    from bpstudio.cli import training

    monkeypatch.setattr(training, "NEWS", 1e-4)
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert train(tmp_path, {**SPIRAL, "epochs": 3}, "--json") == 0
    told = terminal.getvalue().split("\r")
    assert any(line.startswith("epoch 2 of 3, loss 0.") for line in told)
    assert told[-1] == ""
    assert told[-2].strip() == ""


def test_looking_at_the_clock_changes_nothing(tmp_path, capsys, monkeypatch):
    from bpstudio.cli import training

    train(tmp_path, SPIRAL, "--json")
    whole = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(training, "NEWS", 0.0005)
    train(tmp_path, SPIRAL, "--json")
    sliced = json.loads(capsys.readouterr().out)
    assert (sliced["loss"], sliced["weights"]) == (whole["loss"], whole["weights"])


# --- numbers at the edge --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer": {"kind": "sgd", "learning_rate": 1e300}},
        {"optimizer": {"kind": "adamw", "weight_decay": 1e300}},
        {"clip": {"norm": 1e300}},
        {"data": {"inputs": [[1e300, 0.0]], "targets": [[1.0]]}},
        {"network": {"sizes": [2, 1]}, "weights": [{"W": [[1e300, 0.0]], "b": [0.0]}]},
    ],
    ids=str,
)
def test_float32_refuses_what_it_would_make_infinite(tmp_path, capsys, change):
    assert train(tmp_path, {**SPIRAL, **change}) in (0, 1)
    capsys.readouterr()
    assert train(tmp_path, {**SPIRAL, **change, "dtype": "float32"}) == 2
    assert "too large for float32, which ends at 3.4e+38" in capsys.readouterr().err


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.filterwarnings("error")
def test_a_schedule_that_runs_away_is_a_fault_of_training(tmp_path, capsys, dtype):
    given = {"schedule": {"kind": "exponential", "gamma": 1e30}, "dtype": dtype}
    assert train(tmp_path, {**SPIRAL, **given}) == 1
    assert "became NaN at update" in capsys.readouterr().err


def test_a_number_of_thousands_of_digits_is_no_fault_of_the_program(tmp_path, capsys):
    assert train(tmp_path, f'{{"epochs": {"9" * 5000}}}') == 2
    assert capsys.readouterr().err.endswith("spec.json: $: not valid JSON\n")
