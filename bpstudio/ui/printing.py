"""Printing: the graph on one page, as large as fits, with a preview before.

Lines and text go to the printer as such. A wide graph takes a page on its side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from bpstudio.language import tr
from bpstudio.ui import picture, theme
from bpstudio.ui.canvas.vector import Vector, page
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.document import Document
from bpstudio.ui.theme import THEMES

if TYPE_CHECKING:
    from bpstudio.ui.picturedialog import Options

LARGEST = 2.0
"""A small graph is enlarged no more than this."""
_SCREEN_DPI = 96
_FOOT = 24.0
"""Room for the title below the graph, scene px."""


def preview(document: Document, options: Options, parent: QWidget) -> None:
    """Show the page as it will be; the dialog prints. Raises PictureError."""
    view = picture.view_of(document.graph, **options.given(document))
    printer = printer_for(view, document.title)
    dialog = QPrintPreviewDialog(printer, parent)
    # Qt keeps a bare pointer to the printer: without a reference here it would dangle.
    dialog.printer_kept = printer  # type: ignore[attr-defined]
    dialog.setObjectName("print_preview")
    dialog.setWindowTitle(tr("Print {title}", title=document.title))
    dialog.resize(theme.room(dialog, 1000, 720))
    dialog.paintRequested.connect(lambda on: paint(on, view, document.title))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def printer_for(view: ViewModel, title: str) -> QPrinter:
    """A printer whose page lies as the graph does."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    left, top, right, bottom = page(view, 0.0)
    wide = right - left > bottom - top
    way = QPageLayout.Orientation
    printer.setPageOrientation(way.Landscape if wide else way.Portrait)
    return printer


def paint(printer: QPrinter, view: ViewModel, title: str) -> None:
    """Paint the graph on the printer's page, centred, its title at the foot."""
    left, top, right, bottom = page(view, 12.0)
    with QPainter(printer) as painter:
        paper = QRectF(painter.viewport())
        dots = printer.resolution() / _SCREEN_DPI
        scale = min(
            LARGEST * dots,
            paper.width() / (right - left),
            (paper.height() - _FOOT * dots) / (bottom - top),
        )
        painter.save()
        painter.translate(
            (paper.width() - (right - left) * scale) / 2,
            (paper.height() - _FOOT * dots - (bottom - top) * scale) / 2,
        )
        painter.scale(scale, scale)
        painter.translate(-left, -top)
        # Paper is white, whatever the window looks like; its ground costs no ink.
        Vector(THEMES["light"], ground="").paint(painter, view, (left, top, right, bottom))
        painter.restore()
        painter.scale(dots, dots)
        foot = QRectF(0, paper.height() / dots - _FOOT, paper.width() / dots, _FOOT)
        painter.setFont(theme.font(10))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, title)
