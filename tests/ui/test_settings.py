from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from bpstudio.ui.settings import MOST_RECENT, VALUES, Settings


def test_every_value_reads_as_its_default_in_an_empty_file(settings: Settings) -> None:
    assert {name: settings.get(name) for name in VALUES} == {
        name: default for name, (default, _) in VALUES.items()
    }


def test_a_value_survives_the_program(settings: Settings) -> None:
    settings.set("digits", 6)
    settings.set("gradients", False)
    settings.flush()
    again = Settings()
    assert again.get("digits") == 6
    assert again.get("gradients") is False


def test_tells_only_of_a_real_change(settings: Settings, qtbot) -> None:
    heard: list[str] = []
    settings.changed.connect(heard.append)
    settings.set("theme", "dark")
    settings.set("theme", "dark")
    assert heard == ["theme"]


def test_refuses_a_value_that_is_not_offered(settings: Settings) -> None:
    with pytest.raises(ValueError, match="purple"):
        settings.set("theme", "purple")


def test_a_spoiled_file_reads_as_defaults(settings: Settings) -> None:
    raw = QSettings(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, "backprop-studio", "window"
    )
    raw.setValue("digits", "many")
    raw.setValue("speed", "[1]")
    raw.setValue("theme", 7)
    raw.sync()
    spoiled = Settings()
    assert (spoiled.get("digits"), spoiled.get("speed"), spoiled.get("theme")) == (
        4,
        1.0,
        "system",
    )


def test_recent_files_are_newest_first_without_doubles(settings: Settings) -> None:
    for name in ("a", "b", "a"):
        settings.remember(Path(name))
    assert settings.recent == ["a", "b"]
    settings.forget("a")
    assert settings.recent == ["b"]


def test_recent_files_stay_few(settings: Settings) -> None:
    for n in range(30):
        settings.remember(str(n))
    assert len(settings.recent) == MOST_RECENT
    settings.forget()
    assert settings.recent == []
