"""A shell that speaks English, and a document that is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bpstudio import language
from tests.cli.shell import Shell
from tests.files.documents import SAMPLE


@pytest.fixture(autouse=True)
def english() -> Any:
    yield
    language.use("en")


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def spoilt(tmp_path: Path) -> str:
    path = tmp_path / "spoilt.bps"
    path.write_bytes(SAMPLE.replace(b"-2.0", b"1e999"))
    return str(path)
