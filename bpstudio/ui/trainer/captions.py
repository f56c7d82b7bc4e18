"""A quiet caption over what it names."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


def under(caption: QLabel, part: QWidget) -> QWidget:
    """The part below its caption, whose letter leads to it."""
    caption.setObjectName("quiet")
    caption.setBuddy(part)
    held = QWidget()
    column = QVBoxLayout(held)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(caption)
    column.addWidget(part)
    return held
