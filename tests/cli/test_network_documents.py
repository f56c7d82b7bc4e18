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
