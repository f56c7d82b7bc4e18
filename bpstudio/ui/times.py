"""Moments as the chosen language writes them."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale

from bpstudio import language


def time_of(seconds: float) -> str:
    """A moment, in seconds since 1970, as date and time of day."""
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale(language.current()).toString(moment, QLocale.FormatType.ShortFormat)
