"""What is dropped on the window: documents open, a graph's text is pasted, the rest is answered
with a sentence that says what to do with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDropEvent

from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.ui.window import Window

SUFFIX = ".bps"
PICTURES = frozenset(
    (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".svg", ".pdf", ".ico")
)
TABLES = frozenset((".csv", ".tsv", ".xls", ".xlsx", ".ods", ".npy", ".npz", ".parquet"))


def takes(mime: QMimeData) -> bool:
    """Whether there is something to say about what is dragged here."""
    from bpstudio.files.clip import MIME

    return mime.hasUrls() or mime.hasText() or mime.hasImage() or mime.hasFormat(MIME)


def copies(event: QDropEvent) -> None:
    """Accept as a copy whatever is proposed: told that its text or file was moved, an editor or a
    file manager would take away its own."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def take(window: Window, mime: QMimeData, at: QPoint) -> None:
    """Take what was let go over the window at a point of it."""
    if mime.hasImage() and not mime.hasUrls() and not mime.hasText():
        window.session.say(tr("A picture holds no gates; open the .bps document that it shows."))
        return
    if not mime.hasUrls():
        _paste(window, mime, at)
        return
    urls = mime.urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    ours = [path for path in paths if path.suffix.lower() == SUFFIX]
    others = [path for path in paths if path.suffix.lower() != SUFFIX]
    if ours:
        # The drag's source waits until this returns: questions come after.
        QTimer.singleShot(0, window, lambda: window.filing.open(ours))
    if others:
        window.session.say(answer(others[0]))
    elif not ours:
        window.session.say(tr("Only files on this computer can be opened by dropping them."))


def answer(path: Path) -> str:
    """What to do with a file that is no document of ours."""
    name, suffix = path.name, path.suffix.lower()
    if path.is_dir():
        return tr("{file} is a folder; drop the documents that lie in it.", file=name)
    if suffix in PICTURES:
        return tr("{file} is a picture; open the .bps document that it shows.", file=name)
    if suffix in TABLES:
        return tr(
            "{file} is a table: paste its columns under Edit, Samples … (Ctrl+B), or take it as "
            "data in the training panel (F7).",
            file=name,
        )
    return tr("{file} is no graph; documents of this program end in .bps.", file=name)


def _paste(window: Window, mime: QMimeData, at: QPoint) -> None:
    from bpstudio.files.clip import is_graph
    from bpstudio.ui import clips

    held = QMimeData()
    # The drag's data is gone once this returns; a question about many gates comes after.
    held.setText(clips.text_in(mime))
    held.setData(clips.PART, mime.data(clips.PART))

    def paste() -> None:
        if window.document is None:
            if not (is_graph(held.text()) or clips.is_program(held.text())):
                window.session.say(tr("This text is no graph."))
                return
            window.new()
        canvas = window.canvas
        there = canvas.mapFrom(window, at)
        inside = canvas.rect().contains(there) and canvas.isVisible()
        scene = canvas.camera.to_scene((there.x(), there.y())) if inside else None
        clips.paste_mime(canvas, held, scene)
        canvas.setFocus()

    QTimer.singleShot(0, window, paste)
