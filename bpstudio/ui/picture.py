"""Pictures of a graph: PNG, SVG, PDF and a GIF of its steps, with or without a display.

    data = encode(graph, "svg", theme="dark")
    write(file_or_graph, path)

All come from the vector back-end: lines are lines and, in SVG and PDF, text is text. No file names
this machine; the same graph gives the same PNG and SVG, byte for byte (a PDF holds its date).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter

from bpstudio.core.graph import Graph, GraphError
from bpstudio.core.numbers import DIGITS
from bpstudio.core.standing import with_standing
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas.vector import Vector, page
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.readout import Readout
from bpstudio.ui.theme import THEMES

SUFFIXES = ("png", "svg", "pdf", "gif")
SCALES = (1.0, 4.0)
"""The least and the most that a PNG is enlarged."""
MOST_PIXELS = 120_000_000
"""A PNG larger than this is refused: 480 MB of memory."""
_DPI = 96
"""One scene pixel is a CSS pixel, 1/96 inch."""


class PictureError(GraphError):
    """A picture that cannot be made. The text is a sentence for the user."""


def encode(
    graph: Graph,
    suffix: str,
    *,
    trace: Any = None,
    visible: Any = None,
    readout: Readout | None = None,
    theme: str = "light",
    scale: float = 1.0,
    gradients: bool = True,
    values: bool = True,
    digits: int = DIGITS,
    margin: float = 24.0,
    transparent: bool = False,
    only: Collection[str] | None = None,
) -> bytes:
    """The graph as a picture file's bytes; `suffix` is one of SUFFIXES, with or without a dot.

    Without a `trace` the graph is run; a `readout` says besides which sample of a batch is drawn,
    and whether with gradients or in forward mode. `scale` enlarges a PNG or GIF, 1 to 4. `only`
    takes these nodes, groups and notes with the wires between them. A GIF shows every step.
    Raises PictureError.
    """
    kind = suffix.lower().removeprefix(".")
    if kind not in SUFFIXES:
        raise PictureError(tr("“{suffix}” is no picture; use png, svg, pdf or gif.", suffix=suffix))
    if theme not in THEMES:
        raise PictureError(tr("There is no theme “{theme}”; use light or dark.", theme=theme))
    _application()
    trace = _run(graph) if trace is None else trace
    view = view_of(
        graph, trace, visible, digits, readout, values=values, gradients=gradients, only=only
    )
    if kind == "gif":
        from bpstudio.ui import movie

        return movie.gif(view, readout or Readout(trace), THEMES[theme], scale, margin)
    vector = Vector(THEMES[theme], ground="" if transparent else "paper", cuts=kind == "png")
    if kind == "png":
        return _png(vector, view, scale, margin)
    return _svg(vector, view, margin) if kind == "svg" else _pdf(vector, view, margin)


def write(
    file: Any,
    path: str | Path,
    *,
    theme: str = "light",
    scale: float = 1.0,
    gradients: bool = True,
    digits: int = DIGITS,
    margin: float = 24.0,
) -> None:
    """Write a picture of a graph (or of anything that has one as `.graph`); its suffix says which.

    Plain writing: to replace a file so that nothing can be lost, save the bytes of `encode`.
    """
    graph = file if isinstance(file, Graph) else file.graph
    path = Path(path)
    data = encode(
        graph,
        path.suffix,
        theme=theme,
        scale=scale,
        gradients=gradients,
        digits=digits,
        margin=margin,
    )
    path.write_bytes(data)


def view_of(
    graph: Graph,
    trace: Any = None,
    visible: Any = None,
    digits: int = DIGITS,
    readout: Readout | None = None,
    *,
    values: bool = True,
    gradients: bool = True,
    only: Collection[str] | None = None,
) -> ViewModel:
    """A view with the numbers on it, ready to be painted; of a part where `only` names one."""
    trace = _run(graph) if trace is None else trace
    view = ViewModel(graph if only is None else part_of(graph, only))
    view.show_values, view.show_gradients = values, gradients
    view.show(trace, visible, digits, None if readout is None else readout.figures)
    return view


def part_of(graph: Graph, ids: Collection[str]) -> Graph:
    """These nodes, groups and frames with all that is in them, and notes, with the wires between.

    Raises PictureError where none of the ids is something that can be drawn alone.
    """
    wanted = set(with_standing(graph, ids))
    while more := {g.id for g in graph.groups.values() if g.group in wanted} - wanted:
        wanted |= more
    nodes = [n for n in graph.nodes.values() if n.id in wanted or n.group in wanted]
    kept = {node.id for node in nodes}
    notes = [note for note in graph.notes.values() if note.id in wanted]
    if not nodes and not notes:
        raise PictureError(tr("Nothing that can be drawn is selected; select gates or notes."))
    return Graph(
        nodes,
        [w for w in graph.wires.values() if w.source in kept and w.target in kept],
        [g for g in graph.groups.values() if g.id in wanted or any(n.group == g.id for n in nodes)],
        notes,
        kinds=graph.kinds.values(),
        settings=graph.settings,
    )


def render(
    view: ViewModel, theme: str = "light", scale: float = 1.0, margin: float = 24.0
) -> QImage:
    """A view as an image, for the clipboard and for drags."""
    return image(Vector(THEMES[theme]), view, scale, margin)


def _run(graph: Graph) -> Any:
    from bpstudio.core.plan import Plan

    return Plan.of(graph).run()


def _application() -> None:
    """Qt draws text only with an application; without a display an offscreen one."""
    if QGuiApplication.instance() is not None:
        return
    on_x = sys.platform.startswith("linux")
    if on_x and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    global _kept
    # The widgets' kind: were a window opened later, a plain QGuiApplication would be in its way.
    from PySide6.QtWidgets import QApplication

    _kept = QApplication([])


_kept: Any = None


def image(vector: Vector, view: ViewModel, scale: float, margin: float, rect: Any = None) -> QImage:
    """A view painted, all of it or the rectangle of the scene given; raises PictureError."""
    scale = min(max(scale, SCALES[0]), SCALES[1])
    rect = whole(page(view, margin)) if rect is None else rect
    width, height = round(rect.width() * scale), round(rect.height() * scale)
    if width * height > MOST_PIXELS or max(width, height) > 32_000:
        raise PictureError(
            tr(
                "A PNG of {width} × {height} pixels is too large; take a smaller scale or SVG.",
                width=width,
                height=height,
            )
        )
    made = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    made.setDotsPerMeterX(round(_DPI * scale / 0.0254))
    made.setDotsPerMeterY(round(_DPI * scale / 0.0254))
    with QPainter(made) as painter:
        painter.scale(scale, scale)
        painter.translate(-rect.topLeft())
        vector.paint(painter, view, _tuple(rect))
    return made


def _png(vector: Vector, view: ViewModel, scale: float, margin: float) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    made = image(vector, view, scale, margin)
    if vector.ground:
        made = made.convertToFormat(QImage.Format.Format_RGB32)
    made.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes, Qt for str
    buffer.close()
    return bytes(data.data())


def _svg(vector: Vector, view: ViewModel, margin: float) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    rect = whole(page(view, margin))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_DPI)
    generator.setSize(QSize(round(rect.width()), round(rect.height())))
    generator.setViewBox(QRectF(0, 0, rect.width(), rect.height()))
    generator.setTitle(tr("Computation graph"))
    generator.setDescription("Backprop Studio")
    with QPainter(generator) as painter:
        painter.translate(-rect.topLeft())
        vector.paint(painter, view, _tuple(rect))
    buffer.close()
    text = tidied(bytes(data.data()).decode(), round(rect.width()), round(rect.height()))
    return text.encode()


def _pdf(vector: Vector, view: ViewModel, margin: float) -> bytes:
    rect = whole(page(view, margin))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    points = QSizeF(rect.width() * 72 / _DPI, rect.height() * 72 / _DPI)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy(2)))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(tr("Computation graph"))
    writer.setCreator("Backprop Studio")
    with QPainter(writer) as painter:
        painter.translate(-rect.topLeft())
        vector.paint(painter, view, _tuple(rect))
    buffer.close()
    return bytes(data.data())


def tidied(svg: str, width: int, height: int) -> str:
    """Qt's SVG with its size in pixels, web names for fonts, and no empty groups."""
    svg = re.sub(
        r'<svg width="[^"]*" height="[^"]*"', f'<svg width="{width}" height="{height}"', svg
    )
    real = themes.families()[0]
    svg = re.sub(r'font-family="[^"]*"', f"font-family=\"'{real}', sans-serif\"", svg)
    svg = re.sub(r"<g [^>]*>\s*</g>\s*", "", svg)
    return re.sub(r"\n\s*\n+", "\n", svg)


def whole(rect: tuple[float, float, float, float]) -> QRectF:
    """Grown to whole pixels, so that hairlines stay sharp."""
    box = QRectF(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1])
    return QRectF(box.toAlignedRect())


def _tuple(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.left(), rect.top(), rect.right(), rect.bottom()
