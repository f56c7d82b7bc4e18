"""Documents with a network on the command line."""

from __future__ import annotations

import json

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
