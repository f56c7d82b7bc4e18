"""`bpstudio export`, `diff` and `examples`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import PERCEPTRON, SIMPLE, Shell

# --- export ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "starts"), [("o.png", b"\x89PNG"), ("o.svg", b"<?xml"), ("o.PDF", b"%PDF")]
)
def test_exports_pictures_by_suffix(shell: Shell, tmp_path: Path, name: str, starts: bytes):
    out = tmp_path / name
    shell.run("export", SIMPLE, str(out), "--theme", "dark", "--scale", "2")
    assert out.read_bytes().startswith(starts)


def test_exports_a_program_that_gives_the_same_numbers(shell: Shell, tmp_path: Path):
    out = tmp_path / "f.py"
    shell.run("export", SIMPLE, str(out))
    done = subprocess.run([sys.executable, str(out)], capture_output=True, text=True, check=True)
    assert "-12" in done.stdout.replace("−", "-")
    shell.run("export", SIMPLE, str(tmp_path / "torch.txt"), "--to", "torch")
    assert "import torch" in (tmp_path / "torch.txt").read_text()


def test_an_unknown_suffix_or_exporter_names_the_known_ones(shell: Shell, tmp_path: Path):
    assert "png, svg, pdf, gif, numpy" in shell.refused("export", SIMPLE, str(tmp_path / "f.exe"))
    out = str(tmp_path / "f.py")
    assert "png, svg, pdf, gif, numpy" in shell.refused("export", SIMPLE, out, "--to", "excel")
    assert list(tmp_path.iterdir()) == []


def test_an_export_into_nowhere_is_one_line(shell: Shell, tmp_path: Path):
    text = shell.refused("export", SIMPLE, str(tmp_path / "none" / "f.py"))
    assert text.endswith("f.py was not saved: there is no such file or folder.")


# --- diff, examples -------------------------------------------------------------------------------


def test_diff_says_what_changed_in_words(shell: Shell, tmp_path: Path):
    path = tmp_path / "b.bps"
    path.write_bytes(Path(SIMPLE).read_bytes().replace(b'"value":-2.0', b'"value":7.5'))
    assert shell.run("diff", SIMPLE, str(path)) == "x: value −2 → 7.5.\n"
    assert shell.run("diff", SIMPLE, SIMPLE) == "The documents are the same.\n"


def test_examples_are_listed_and_written_out(shell: Shell, tmp_path: Path):
    assert "perceptron-sigmoid  The same perceptron" in shell.run("examples")
    path = tmp_path / "p.bps"
    assert shell.run("examples", "perceptron", "-o", str(path)) == ""
    assert path.read_bytes() == Path(PERCEPTRON).read_bytes()
    assert "there are simple, " in shell.refused("examples", "none", "-o", str(path))
    assert "which example?" in shell.refused("examples", "-o", str(path))
