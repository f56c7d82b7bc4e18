"""What every test may rely on: no display, English, one thread for products of matrices, and
settings that are nobody's own.

Set before Qt, NumPy or the program is imported, because they read the environment once.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

# A busy machine must not fail a law; CI tries the same examples every time.
settings.register_profile("calm", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("calm")

_home = Path(tempfile.mkdtemp(prefix="bpstudio-tests-"))

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LC_ALL"] = "C.UTF-8"
for _name in ("OPENBLAS", "OMP", "MKL"):
    # As the program trains: on nets this small more threads wait for each other and gain nothing.
    os.environ[f"{_name}_NUM_THREADS"] = "1"
for _name in ("CONFIG", "DATA", "STATE"):
    # Recent files, themes and recovery journals of whoever runs the tests stay untouched.
    os.environ[f"XDG_{_name}_HOME"] = str(_home / _name.lower())

PATIENCE_MS = 60_000
"""How long a test waits for what will come: a busy machine is late, and late is not wrong."""
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitCallback):
    _wait.__kwdefaults__["timeout"] = PATIENCE_MS

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder with the reference numbers that tests compare with."""
    return REFERENCE


def pytest_unconfigure() -> None:
    shutil.rmtree(_home, ignore_errors=True)
