"""Python to read and copy: fixed-width, lightly coloured, as tall as its lines, nothing to edit."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QResizeEvent, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from bpstudio.ui import theme

SIZE = 12.0
MOST_LINES = 40
"""A gate with 64 inputs has longer code: that one scrolls."""

_COMMENT = re.compile(r"#.*")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?\b")
_KEYWORD = re.compile(r"\b(?:def|return|import|and|None)\b")
_NAME = re.compile(r"(?<=def )\w+")


class Highlighter(QSyntaxHighlighter):
    """Keywords, numbers, what is defined, comments; in the theme's own colours."""

    def highlightBlock(self, text: str) -> None:
        colours = theme.current()
        for pattern, ink, bold in (
            (_KEYWORD, colours.accent, False),
            (_NUMBER, colours.functions, False),
            (_NAME, colours.ink, True),
        ):
            for found in pattern.finditer(text):
                self.setFormat(found.start(), len(found.group()), _format(ink, bold))
        if comment := _COMMENT.search(text):
            self.setFormat(comment.start(), len(comment.group()), _format(colours.faint, False))


def _format(ink: str, bold: bool) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(ink))
    if bold:
        made.setFontWeight(600)
    return made


def to_read(view: QPlainTextEdit) -> None:
    """Make it code that is read, selected and copied, not written; Tab goes on past it."""
    view.setObjectName("code")
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    view.setFrameShape(QFrame.Shape.NoFrame)


class CodeView(QPlainTextEdit):
    """Shows code; `reflowed` tells that another number of columns fits now."""

    reflowed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        to_read(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.columns = 0
        self._paint = Highlighter(self.document())
        theme.appearance().changed.connect(self._dress)
        self._dress()

    def show_code(self, code: str) -> None:
        """Show these lines."""
        code = code.rstrip("\n")
        if code != self.toPlainText():
            self.setPlainText(code)
            self._fit()

    def sizeHint(self) -> QSize:
        lines = min(self.blockCount(), MOST_LINES)
        high = lines * self.fontMetrics().lineSpacing() + 2 * self._margin() + theme.px(10)
        # The bar for a line that nothing could break.
        if self.horizontalScrollBar().maximum():
            high += self.horizontalScrollBar().sizeHint().height()
        return QSize(theme.px(160), round(high))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = QFontMetricsF(self.font()).horizontalAdvance("x" * 10) / 10
        columns = int((self.viewport().width() - 2 * self._margin()) / max(1.0, wide))
        if columns != self.columns:
            self.columns = columns
            self.reflowed.emit(columns)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _margin(self) -> int:
        return round(self.document().documentMargin())

    def _fit(self) -> None:
        long = self.blockCount() > MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if long else policy.ScrollBarAlwaysOff
        )
        self.updateGeometry()

    def _dress(self, _: object = None) -> None:
        # A style sheet of its own: the program's sets the size of every widget's letters.
        font = theme.mono(theme.length(SIZE))
        self.setStyleSheet(f'font-family: "{font.family()}"; font-size: {theme.px(SIZE)}px;')
        self.setFont(font)
        self._paint.rehighlight()
        self._fit()
