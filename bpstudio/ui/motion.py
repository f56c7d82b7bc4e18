"""Whether the system asks programs to move less: people whom movement makes unwell set that there.

Qt has no word for it yet, so each system is asked in its own way, once.
"""

from __future__ import annotations

import sys
from configparser import ConfigParser, Error
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication, QStyle

_SPI_GETCLIENTAREAANIMATION = 0x1042
_GTK = ("gtk-4.0/settings.ini", "gtk-3.0/settings.ini")


@cache
def reduced_by_system() -> bool:
    """Whether the user has turned animations off for all programs."""
    if sys.platform == "win32":
        return _windows()
    return _style() or _gtk(Path(_config()))


def _windows() -> bool:
    import ctypes

    library: Any = getattr(ctypes, "windll", None)
    shown = ctypes.c_int(1)
    if library is not None:
        library.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(shown), 0)
    return not shown.value


def _style() -> bool:
    """KDE hands its setting on to Qt's styles."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return isinstance(QApplication.instance(), QApplication) and (
        QApplication.style().styleHint(hint) == 0
    )


def _config() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)


def _gtk(folder: Path) -> bool:
    """GNOME, Xfce and others keep it in GTK's settings."""
    for name in _GTK:
        ini = ConfigParser(interpolation=None, strict=False)
        try:
            ini.read(folder / name, encoding="utf-8")
            value = ini.get("Settings", "gtk-enable-animations", fallback="")
        except (Error, OSError, UnicodeDecodeError):
            continue
        if value:
            return value.strip().lower() in ("0", "false")
    return False
