"""A name that looks like markup is shown as it was written."""

import pytest
from PySide6.QtGui import QTextDocument, QTextDocumentFragment

from bpstudio.ui import tips


@pytest.mark.parametrize(
    "text", ["x", "a < b", "<b>bold</b>", "<img src='x.png'>", "&lt;b&gt;", "f = (x + y) * z"]
)
def test_a_tool_tip_says_the_text_letter_by_letter(text):
    tip = tips.plain(text)
    if tip == text:
        assert "<" not in text
        return
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == text
    page = QTextDocument()
    page.setHtml(tip)
    assert "img" not in page.toHtml().split("<body", 1)[1].replace("&lt;img", "")
