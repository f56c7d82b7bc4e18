"""The window's side of exports: which kinds there are, and the document as one of them.

A picture shows what the window shows: its step, its digits, its theme, with or without gradients.
"""

from __future__ import annotations

from pathlib import Path

from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.settings import Settings

ENLARGED = 2.0
"""A PNG for slides: sharp on a projector and in print."""


def pictures() -> dict[str, str]:
    """Suffix -> title of the pictures."""
    return {
        "png": tr("PNG picture"),
        "svg": tr("SVG picture"),
        "pdf": tr("PDF page"),
        "gif": tr("GIF of all steps"),
    }


def kinds() -> dict[str, str]:
    """Suffix -> title, pictures first."""
    from bpstudio.export import EXPORTERS

    found = pictures()
    for exporter in EXPORTERS.values():
        found.setdefault(exporter.suffix.removeprefix("."), tr(exporter.title))
    return found


def write(document: Document, path: Path, settings: Settings) -> None:
    """Write the document there. Raises GraphError, SaveError."""
    from bpstudio.files import durable
    from bpstudio.ui import picture

    suffix = path.suffix.lower().removeprefix(".")
    if suffix in picture.SUFFIXES:
        read = document.readout
        data = picture.encode(
            document.graph,
            suffix,
            trace=read.shown,
            visible=read.visible(document.step),
            readout=read,
            theme=theme.current().name,
            scale=ENLARGED if suffix == "png" else 1.0,
            values=settings.get("values"),
            gradients=settings.get("gradients"),
            digits=settings.get("digits"),
        )
    else:
        data = _text(document, suffix)
    durable.save(path, data)


def _text(document: Document, suffix: str) -> bytes:
    from bpstudio.export import EXPORTERS

    exporter = next(e for e in EXPORTERS.values() if e.suffix.removeprefix(".") == suffix)
    made = exporter.write(document.graph, document.trace)
    return made.encode() if isinstance(made, str) else made
