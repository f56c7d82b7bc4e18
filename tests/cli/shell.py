"""Command lines run in this process, as the tests of the command line speak them."""

from __future__ import annotations

import pytest

from bpstudio import assets
from bpstudio.cli import main

PERCEPTRON = str(assets.path("examples", "perceptron.bps"))

SIMPLE = str(assets.path("examples", "simple.bps"))


class Shell:
    """Runs command lines in this process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture
        self.errors = ""

    def run(self, *words: str, status: int = 0) -> str:
        assert main(list(words)) == status
        out, self.errors = self._capture.readouterr()
        if status != 2:
            assert self.errors == ""
        return out

    def refused(self, *words: str) -> str:
        """The one line on stderr, without the program's name."""
        assert self.run(*words, status=2) == ""
        assert self.errors.startswith("bpstudio: ")
        assert self.errors.count("\n") == 1
        return self.errors.removeprefix("bpstudio: ").strip()
