"""What the Help menu shows: the shortcut sheet and the guide, which stay open beside the work, and
what this program is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from bpstudio import __version__
from bpstudio.language import tr
from bpstudio.ui import icons, theme

if TYPE_CHECKING:
    from bpstudio.ui.guide import Guide
    from bpstudio.ui.shortcuts import ShortcutSheet


class HelpWindows:
    """Each is made when it is first asked for."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._sheet: ShortcutSheet | None = None
        self._guide: Guide | None = None

    def show_shortcuts(self, over: QWidget) -> None:
        """Show the shortcut sheet, at first over the right end of this widget."""
        from bpstudio.ui.shortcuts import ShortcutSheet

        if self._sheet is None:
            self._sheet = ShortcutSheet(self._window)
            room = over.size()
            self._sheet.resize(min(theme.px(520), room.width() - 16), min(640, room.height() - 48))
            self._sheet.move(over.mapToGlobal(QPoint(room.width() - 536, 24)))
        self._sheet.show()
        self._sheet.raise_()
        self._sheet.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_guide(self) -> None:
        """Open the user's guide."""
        from bpstudio.ui.guide import Guide

        if self._guide is None:
            self._guide = Guide(self._window)
        self._guide.show()
        self._guide.raise_()

    def show_about(self) -> None:
        """Say what this program is."""
        box = QMessageBox(self._window)
        box.setWindowTitle(tr("About Backprop Studio"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIconPixmap(icons.app_icon().pixmap(64, 64))
        box.setText(f"Backprop Studio {__version__}")
        box.setInformativeText(
            tr("Draw a computation; see every value and every gradient on its wires.")
        )
        box.addButton(tr("OK"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        box.deleteLater()
