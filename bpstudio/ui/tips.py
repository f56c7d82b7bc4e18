"""Tool tips of words that a document brings along: shown as they are, never read as rich text."""

from __future__ import annotations


def plain(text: str) -> str:
    """A tool tip that says this, letter by letter: Qt guesses whether a text is rich."""
    return wrapped(text) if "<" in text or "&" in text else text


def wrapped(*parts: str) -> str:
    """A tool tip of paragraphs that are broken into lines where they are long, as only rich text
    is."""
    from html import escape

    return "".join(f"<p>{escape(part)}</p>" for part in parts)
