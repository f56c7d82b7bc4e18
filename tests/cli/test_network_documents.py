"""Documents with a network on the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bpstudio.cli import main
from tests.files.documents import SAMPLES

SAMPLE = SAMPLES / "v1-minor3.bps"


def test_validate_looks_at_the_network_too(tmp_path, capsys):
    assert main(["validate", str(SAMPLE)]) == 0
    capsys.readouterr()
    document = json.loads(SAMPLE.read_text())
    document["network"]["spec"]["network"]["activation"] = "magic"
    path = tmp_path / "bad.bps"
    path.write_text(json.dumps(document))
    assert main(["validate", str(path)]) == 2
    said = capsys.readouterr().err
    assert f"{path}: $.network.spec.network.activation: there is no “magic”" in said
    assert said.count("\n") == 1


def test_a_network_is_exported_as_a_script_that_runs(tmp_path):
    out = tmp_path / "out.py"
    assert main(["export", str(SAMPLE), str(out), "--to", "numpy_network"]) == 0
    done = subprocess.run([sys.executable, "-I", str(out)], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("loss ")


def test_a_network_is_exported_as_a_torch_module(tmp_path):
    out = tmp_path / "out.py"
    assert main(["export", str(SAMPLE), str(out), "--to", "torch_network"]) == 0
    assert "class Network(nn.Module):" in out.read_text()


@pytest.mark.peer
def test_a_network_is_exported_as_onnx_by_its_suffix(tmp_path):
    pytest.importorskip("onnx")
    out = tmp_path / "out.onnx"
    assert main(["export", str(SAMPLE), str(out)]) == 0
    assert b"Backprop Studio" in out.read_bytes()


def test_a_document_without_a_network_has_none_to_export(tmp_path, capsys):
    path = str(SAMPLES / "v1.bps")
    assert main(["export", path, str(tmp_path / "o.py"), "--to", "numpy_network"]) == 2
    assert f"{path}: the document holds no network" in capsys.readouterr().err


def test_validate_looks_at_how_the_graph_is_trained(tmp_path, capsys):
    sample = SAMPLES / "v1-minor4.bps"
    assert main(["validate", str(sample)]) == 0
    capsys.readouterr()
    document = json.loads(sample.read_text())
    document["training"]["optimizer"]["kind"] = "magic"
    path = tmp_path / "bad.bps"
    path.write_text(json.dumps(document))
    assert main(["validate", str(path)]) == 2
    assert f"{path}: $.training.optimizer.kind: there is no “magic”" in capsys.readouterr().err


# --- nothing to run -----------------------------------------------------------------------------


@pytest.fixture
def alone(tmp_path):
    """A document with a network and no gates."""
    path = tmp_path / "net.bps"
    path.write_bytes(SAMPLE.read_bytes())
    assert json.loads(path.read_text())["graph"]["gates"] == []
    return str(path)


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_document_with_a_network_only_says_so_in_place_of_an_empty_table(alone, capsys, command):
    assert main([command, alone]) == 0
    said = capsys.readouterr().out
    assert "holds a network and no gates" in said
    assert "numpy_network" in said
    assert "gradient" not in said.split("\n", 1)[0]
    assert "verdict" not in said


@pytest.mark.parametrize("command", ["run", "check"])
def test_programs_still_get_their_empty_tables(alone, capsys, command):
    assert main([command, alone, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["wires"] == {}


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "gif", "py", "tex", "csv"])
def test_nothing_is_drawn_or_written_of_a_graph_without_gates(alone, capsys, tmp_path, suffix):
    out = tmp_path / f"out.{suffix}"
    key = ["--to", "numpy"] if suffix == "py" else []
    assert main(["export", alone, str(out), *key]) == 2
    said = capsys.readouterr().err
    assert f"{alone}: The document holds a network and no gates" in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_validate_counts_the_network(alone, capsys):
    assert main(["validate", alone]) == 0
    assert capsys.readouterr().out.endswith(": a good document, 0 gates, 0 wires, a network\n")


def test_gates_without_wires_have_no_gradient_to_check(tmp_path, capsys):
    path = str(tmp_path / "c.bps")
    assert main(["new", "f = 3", "-o", path]) == 0
    assert main(["check", path]) == 0
    assert "no gradient to check" in capsys.readouterr().out


def test_an_empty_document_says_how_to_get_gates(tmp_path, capsys):
    document = json.loads(SAMPLE.read_text())
    path = tmp_path / "empty.bps"
    path.write_text(json.dumps({key: document[key] for key in ("format", "version", "graph")}))
    assert main(["run", str(path)]) == 0
    assert "no gates yet" in capsys.readouterr().out
