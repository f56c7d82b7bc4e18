"""The one place that knows where resources/ is: beside the package in a checkout, inside it once
installed from a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """The resources folder. Raises FileNotFoundError when the installation is incomplete."""
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        if (folder / "examples").is_dir():
            return folder
    raise FileNotFoundError(f"no resources folder beside or inside {_PACKAGE}; reinstall")


def path(*parts: str) -> Path:
    """The path of one resource: `path("icons", "app.svg")`."""
    return root().joinpath(*parts)
