"""What the palette and My parts ask for, done on the canvas that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def connect(window: Window) -> None:
    """Listen to both; without a document there is nothing to do it on."""
    palette, parts = window.workbench.palette, window.workbench.parts
    palette.place.connect(lambda gate: _place(window, gate))
    palette.add.connect(lambda gate: _add(window, gate))
    for wish in ("define", "change", "remove"):
        signal = getattr(palette, wish)
        signal.connect(lambda *kind, wish=wish: _own(window, wish, *kind))
    parts.insert.connect(lambda part: _insert(window, part))
    parts.remove.connect(lambda part: _remove(window, part))


def _place(window: Window, gate: str) -> None:
    if window.document is not None:
        window.canvas.place(gate)
        window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)


def _add(window: Window, gate: str) -> None:
    if window.document is not None:
        window.canvas.add_at_centre(gate)


def _own(window: Window, wish: str, *kind: str) -> None:
    from bpstudio.ui.canvas import owning

    if window.document is not None:
        getattr(owning, wish)(window.canvas, *kind)


def _insert(window: Window, part: str) -> None:
    from bpstudio.ui import myparts

    if window.document is not None:
        myparts.insert(window.canvas, part)


def _remove(window: Window, part: str) -> None:
    from bpstudio.ui import myparts

    myparts.delete(window, part)
