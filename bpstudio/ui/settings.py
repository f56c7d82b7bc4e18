"""What the user chose and the program remembers: theme, language, digits, recent files.

One ini file in the user's configuration folder. A value that a hand has spoiled reads as its
default; nothing here ever stops the program from starting.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from bpstudio.language import LANGUAGES

EXACT = 17
"""Significant digits that tell every float64 from every other one."""
DIGITS = (3, 4, 5, 6, 7, 8, EXACT)
THEMES = ("system", "light", "dark")
SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Seconds a step stays on the stage while it plays."""
SIZES = (1.0, 1.5, 2.0)
"""How much larger than usual everything is: for a projector, for the last row."""
MOST_RECENT = 10


def _truth(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


def _one_of(allowed: tuple[Any, ...], read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        parsed = read(value)
        if parsed not in allowed:
            raise ValueError(value)
        return parsed

    return parse


# name -> (default, how to read what the ini file holds)
VALUES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "theme": ("system", _one_of(THEMES, str)),
    "size": (1.0, _one_of(SIZES, float)),
    "language": ("system", _one_of(("system", *LANGUAGES), str)),
    "digits": (4, _one_of(DIGITS, int)),
    "values": (True, _truth),
    "gradients": (True, _truth),
    "weights": (False, _truth),
    "animations": (True, _truth),
    "speed": (1.0, _one_of(SPEEDS, float)),
    "palette": (True, _truth),
    "column": (True, _truth),
    "palette_crowded": ("", _one_of(("", "shown", "hidden"), str)),
    "column_crowded": ("", _one_of(("", "shown", "hidden"), str)),
    "column_low": ("inspector", _one_of(("", "inspector", "outline", "history"), str)),
    "overview": (True, _truth),
    "inspector_open": (True, _truth),
    "outline_open": (True, _truth),
    "history_open": (False, _truth),
    "check_open": (True, _truth),
    "formula_open": (True, _truth),
    "formula_reading": ("drawn", _one_of(("drawn", "text", "numbers"), str)),
    "code_open": (True, _truth),
    "training": (False, _truth),
    "training_place": ("", _one_of(("", "docked", "window"), str)),
    "training_place_crowded": ("", _one_of(("", "docked", "window"), str)),
}


class Settings(QObject):
    """Named values, each with a default; `changed(name)` tells when one is set anew."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ini = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "backprop-studio", "window"
        )

    def get(self, name: str) -> Any:
        """The value of this name; its default where the file holds none or nonsense."""
        default, read = VALUES[name]
        stored = self._ini.value(name)
        if stored is None:
            return default
        try:
            return read(stored)
        except (ValueError, TypeError):
            return default

    def set(self, name: str, value: Any) -> None:
        """Remember the value and tell those who show it. Raises ValueError for one not allowed."""
        value = VALUES[name][1](value)
        if value != self.get(name):
            self._ini.setValue(name, value)
            self.changed.emit(name)

    @property
    def recent(self) -> list[str]:
        """Paths of the files last opened or saved, the newest first."""
        stored = self._ini.value("recent") or []
        paths = [stored] if isinstance(stored, str) else list(stored)
        return [path for path in paths if isinstance(path, str) and path][:MOST_RECENT]

    def remember(self, path: str | Path) -> None:
        """Put a file at the head of the recent ones."""
        path = str(path)
        self._write_recent([path, *(old for old in self.recent if old != path)])

    def forget(self, path: str | Path | None = None) -> None:
        """Take a file off the recent ones; all of them without one."""
        self._write_recent([] if path is None else [p for p in self.recent if p != str(path)])

    def bytes(self, name: str) -> QByteArray:
        """A remembered geometry or splitter state, empty where there is none."""
        stored = self._ini.value(f"layout/{name}")
        return stored if isinstance(stored, QByteArray) else QByteArray()

    def set_bytes(self, name: str, state: QByteArray) -> None:
        """Remember a geometry or splitter state."""
        self._ini.setValue(f"layout/{name}", state)

    def flush(self) -> None:
        """Write to the file now."""
        self._ini.sync()

    def _write_recent(self, paths: list[str]) -> None:
        self._ini.setValue("recent", paths[:MOST_RECENT])
        self.changed.emit("recent")
