"""`python -m bpstudio` in a process of its own: what only a whole process can show."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bpstudio import __version__, assets

PERCEPTRON = str(assets.path("examples", "perceptron.bps"))
ROOT = Path(__file__).parents[1]


def bpstudio(*words: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run the program; None takes a variable out of its environment."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LANG": "C.UTF-8"}
    for name, value in environment.items():
        settings.pop(name, None)
        if value is not None:
            settings[name] = value
    return subprocess.run(
        [sys.executable, "-m", "bpstudio", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=settings,
        timeout=240,
        check=False,
    )


def test_version_imports_nothing_heavy():
    code = (
        "import sys; from bpstudio.cli import main; status = main(['--version']);"
        "heavy = {'numpy', 'msgspec', 'networkx', 'PySide6'} & set(sys.modules);"
        "sys.exit(status or bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Backprop Studio {__version__}\n"


def test_run_imports_neither_qt_nor_networkx():
    code = (
        "import sys; from bpstudio.cli import main; status = main(['run', sys.argv[1]]);"
        "heavy = {'networkx', 'PySide6'} & set(sys.modules); sys.exit(status or bool(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, PERCEPTRON], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_threads_of_a_blas_are_pinned_before_numpy_is_imported():
    code = (
        "import os, sys; os.environ.pop('OPENBLAS_NUM_THREADS', None)\n"
        "from bpstudio.cli import main; main(['--version'])\n"
        "sys.exit(os.environ['OPENBLAS_NUM_THREADS'] != '1')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_files_are_shown_as_tables():
    done = bpstudio(PERCEPTRON, DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0.7311" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("There is no display (neither DISPLAY nor")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_a_display_that_does_not_answer_is_no_display():
    done = bpstudio(PERCEPTRON, DISPLAY=":59999", WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None)
    assert done.returncode == 0
    assert "nothing answers at :59999" in done.stdout


def test_the_window_alone_without_a_display_names_what_works():
    done = bpstudio(QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "new run check validate export train diff" in done.stderr


def test_a_reader_that_has_enough_is_no_failure():
    command = f'"{sys.executable}" -m bpstudio run "{PERCEPTRON}" | true; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_one_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bpstudio", "run", PERCEPTRON],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "bpstudio: stdout: the disk is full\n")


def test_a_terminal_without_a_true_minus_gets_a_plain_one():
    done = bpstudio("run", PERCEPTRON, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "w0 -> multiply1.x" in done.stdout
    assert "-0.1966" in done.stdout


def test_a_picture_needs_no_display(tmp_path: Path):
    out = tmp_path / "p.svg"
    done = bpstudio(
        *("export", PERCEPTRON, str(out)), DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert b"<svg" in out.read_bytes()[:500]
