"""The user's guide: one page of the help folder, in the language in use, in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from bpstudio import assets, language
from bpstudio.language import tr
from bpstudio.ui import theme

FOLDERS = {"en": "en", "zh_CN": "zh"}


def guide_text() -> str:
    """The guide in the language in use, as Markdown."""
    return assets.path("help", FOLDERS[language.current()], "guide.md").read_text("utf-8")


class Guide(QDialog):
    """Stays open beside the work and follows the language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(theme.room(self, 720, 760))
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(self.page)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(tr("Guide"))
        self.page.setAccessibleName(tr("Guide"))
        self.page.setMarkdown(guide_text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
