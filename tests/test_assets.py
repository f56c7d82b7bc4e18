"""Resources are found in a checkout and in an installation, and their absence is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bpstudio import assets


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package folder without any resources."""
    folder = tmp_path / "site" / "bpstudio"
    folder.mkdir(parents=True)
    monkeypatch.setattr(assets, "_PACKAGE", folder)
    assets.root.cache_clear()
    yield folder
    assets.root.cache_clear()


def test_finds_the_folder_beside_the_package(package: Path):
    (package.parent / "resources" / "examples").mkdir(parents=True)
    assert assets.root() == package.parent / "resources"
    assert assets.path("examples", "x.bps") == package.parent / "resources" / "examples" / "x.bps"


def test_an_installed_package_uses_its_own_folder(package: Path):
    (package.parent / "resources" / "examples").mkdir(parents=True)
    (package / "resources" / "examples").mkdir(parents=True)
    assert assets.root() == package / "resources"


def test_an_incomplete_installation_says_so(package: Path):
    with pytest.raises(FileNotFoundError, match="reinstall"):
        assets.root()
