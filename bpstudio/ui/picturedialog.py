"""The picture dialog: what to show and how, with the picture before one's eyes.

It can be saved (PNG, SVG, PDF, GIF), copied, printed, and dragged out of the preview into a slide
or a mail. Nothing here draws on its own: `picture` does, with the options chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QDrag, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.graph import GraphError
from bpstudio.files.parts import file_name
from bpstudio.language import tr
from bpstudio.ui import clipboard, picture
from bpstudio.ui import theme as themes
from bpstudio.ui.document import Document
from bpstudio.ui.settings import Settings
from bpstudio.ui.theme import THEMES

ENLARGED = (1.0, 2.0, 3.0, 4.0)
PREVIEW_MS = 60
"""After the last change of an option the picture is drawn anew."""
MOST_PREVIEWED = 3_000
"""Gates; a preview of more would keep the dialog waiting."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a picture shall look."""

    theme: str = "light"
    scale: float = 2.0
    transparent: bool = False
    selection: bool = False
    values: bool = True
    gradients: bool = True
    digits: int = 4

    @classmethod
    def of(cls, document: Document, settings: Settings) -> Options:
        """As the window shows the document."""
        return cls(
            theme=themes.current().name,
            values=settings.get("values"),
            gradients=settings.get("gradients"),
            digits=settings.get("digits"),
        )

    def given(self, document: Document) -> dict[str, Any]:
        """The arguments of `picture.encode` and `picture.view_of` that both take."""
        read = document.readout
        return {
            "trace": read.shown,
            "visible": read.visible(document.step),
            "readout": read,
            "digits": self.digits,
            "values": self.values,
            "gradients": self.gradients,
            "only": document.selection if self.selection else None,
        }


def data_of(document: Document, options: Options, suffix: str) -> bytes:
    """The picture as a file's bytes. Raises PictureError."""
    return picture.encode(
        document.graph,
        suffix,
        theme=options.theme,
        scale=options.scale,
        transparent=options.transparent,
        **options.given(document),
    )


def mime_of(document: Document, options: Options) -> QMimeData:
    """The picture for the clipboard or a drag: pixels, and SVG for those who can take it.

    Raises PictureError.
    """
    mime = QMimeData()
    image = QImage.fromData(data_of(document, options, "png"))
    mime.setImageData(image)
    mime.setData("image/svg+xml", data_of(document, options, "svg"))
    return mime


def mime_with_file(document: Document, options: Options, folder: Callable[[], Path]) -> QMimeData:
    """The picture for a drag: also as a PNG file in a folder, for a file manager or a mail program.
    Where the file cannot be written, without. Raises PictureError."""
    mime = mime_of(document, options)
    try:
        path = folder() / f"{file_name(document.title) or 'picture'}.png"
        path.write_bytes(data_of(document, options, "png"))
    except OSError:
        return mime
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def copy_picture(document: Document, options: Options) -> None:
    """Put the picture on the clipboard and say so. Raises PictureError."""
    clipboard.put(mime_of(document, options))
    document.say(tr("Copied the picture; paste it into a slide or a mail."))


class PictureDialog(QDialog):
    """Options at the right, the picture at the left."""

    save_wanted = Signal(object)
    """These Options, to be written to a file that the window asks for."""

    def __init__(
        self, document: Document, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("picture_dialog")
        self.resize(themes.room(self, 920, 560))
        self._document = document
        self.options = Options.of(document, settings)
        self._soon = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._soon.timeout.connect(self._draw)
        self.preview = Preview(self)
        self.preview.dragged.connect(self._drag)
        self._make_options()
        self._make_buttons()
        self._lay_out()
        self._retranslate()
        self._take()
        self._draw()

    # --- parts ------------------------------------------------------------------------------

    def _make_options(self) -> None:
        self.theme = QComboBox()
        self.theme.addItems([""] * len(THEMES))
        self.theme.setCurrentIndex(list(THEMES).index(self.options.theme))
        self.scale = QComboBox()
        self.scale.addItems([f"{factor:.0f}×" for factor in ENLARGED])
        self.scale.setCurrentIndex(ENLARGED.index(self.options.scale))
        self.transparent, self.selection = QCheckBox(), QCheckBox()
        self.values, self.gradients = QCheckBox(), QCheckBox()
        self.values.setChecked(self.options.values)
        self.gradients.setChecked(self.options.gradients)
        self.selection.setEnabled(bool(self._document.selection))
        for box in (self.theme, self.scale):
            box.currentIndexChanged.connect(self._take)
        for check in (self.transparent, self.selection, self.values, self.gradients):
            check.toggled.connect(self._take)

    def _make_buttons(self) -> None:
        self.save, self.copy, self.print = QPushButton(), QPushButton(), QPushButton()
        self.leave = QPushButton()
        self.save.setObjectName("primary")
        self.save.setDefault(True)
        self.save.clicked.connect(lambda: self.save_wanted.emit(self.options))
        self.copy.clicked.connect(self._copy)
        self.print.clicked.connect(self._print)
        self.leave.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self.labels = {box: QLabel() for box in (self.theme, self.scale)}
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        for box, label in self.labels.items():
            label.setBuddy(box)
            form.addRow(label, box)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addLayout(form)
        for check in (self.selection, self.values, self.gradients, self.transparent):
            side.addWidget(check)
        self.note = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        side.addWidget(self.note)
        side.addStretch(1)
        for button in (self.save, self.copy, self.print, self.leave):
            side.addWidget(button)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 16, 16, 16)
        across.setSpacing(16)
        across.addWidget(self.preview, 1)
        column = QWidget()
        column.setFixedWidth(themes.px(248))
        side.setContentsMargins(0, 0, 0, 0)
        column.setLayout(side)
        across.addWidget(column)

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Picture of the graph"))
        self.labels[self.theme].setText(tr("&Theme"))
        self.labels[self.scale].setText(tr("&Size of a PNG"))
        for row, name in enumerate(THEMES):
            self.theme.setItemText(row, tr("Light") if name == "light" else tr("Dark"))
        self.selection.setText(tr("Only what is &selected"))
        self.values.setText(tr("&Values"))
        self.gradients.setText(tr("&Gradients"))
        self.transparent.setText(tr("T&ransparent ground"))
        self.save.setText(tr("Save …"))
        self.copy.setText(tr("Copy"))
        self.print.setText(tr("Print …"))
        self.leave.setText(tr("Close"))
        self.preview.setAccessibleName(tr("The picture; drag it into another program"))
        self.preview.setToolTip(tr("Drag the picture into a slide or a mail."))

    # --- what happens -----------------------------------------------------------------------

    def _take(self, _: object = None) -> None:
        """Read the options and draw soon."""
        self.options = replace(
            self.options,
            theme=list(THEMES)[self.theme.currentIndex()],
            scale=ENLARGED[self.scale.currentIndex()],
            transparent=self.transparent.isChecked(),
            selection=self.selection.isChecked(),
            values=self.values.isChecked(),
            gradients=self.gradients.isChecked(),
        )
        self._soon.start()

    def _draw(self) -> None:
        count = len(self._document.graph.nodes)
        if count > MOST_PREVIEWED and not self.options.selection:
            self.preview.show_picture(QImage())
            self.note.setText(
                tr("{n} gates are too many to be shown here; saving works.", n=f"{count:,}")
            )
            return
        try:
            data = data_of(self._document, replace(self.options, scale=2.0), "png")
            whole = QImage.fromData(data)
        except GraphError as fault:
            self.preview.show_picture(QImage())
            self.note.setText(str(fault))
            return
        self.preview.show_picture(whole)
        factor = self.options.scale / 2
        self.note.setText(
            tr(
                "{width} × {height} pixels as PNG; SVG and PDF keep text and lines.",
                width=round(whole.width() * factor),
                height=round(whole.height() * factor),
            )
        )

    def _copy(self) -> None:
        self._try(lambda: copy_picture(self._document, self.options))

    def _print(self) -> None:
        from bpstudio.ui.printing import preview

        self._try(lambda: preview(self._document, self.options, self))

    def _drag(self) -> None:
        def start() -> None:
            drag = QDrag(self)
            drag.setMimeData(mime_with_file(self._document, self.options, _lent))
            drag.setPixmap(self.preview.thumbnail(QSize(160, 120)))
            drag.exec(Qt.DropAction.CopyAction)

        self._try(start)

    def _try(self, run: Any) -> None:
        try:
            run()
        except GraphError as fault:
            self.note.setText(str(fault))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._soon.start()
        super().changeEvent(event)


@cache
def _held() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="bpstudio-")


def _lent() -> Path:
    """Where a picture that is dragged out lies until the program ends: who takes it may read it
    long after it was let go, and the next one of the same name. Raises OSError."""
    return Path(mkdtemp(dir=_held().name))


class Preview(QWidget):
    """A picture fitted into the room there is; a drag on it takes it along."""

    dragged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(themes.px(240), themes.px(180))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._image = QImage()
        self._pressed: QPoint | None = None

    @property
    def image(self) -> QImage:
        """What is shown; null where nothing can be."""
        return self._image

    def show_picture(self, image: QImage) -> None:
        """Show this one."""
        self._image = image
        self.update()

    def thumbnail(self, size: QSize) -> QPixmap:
        """A small one, to be seen under the pointer."""
        mode = Qt.TransformationMode.SmoothTransformation
        small = self._image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, mode)
        return QPixmap.fromImage(small)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = themes.current()
        with QPainter(self) as painter:
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QColor(look.edge))
            painter.drawRect(box)
            if self._image.isNull():
                return
            inner = box.adjusted(8, 8, -8, -8)
            # Never larger than it is: a small graph stays sharp. Drawn at twice its size.
            size = self._image.size().toSizeF() / 2
            factor = min(1.0, inner.width() / size.width(), inner.height() / size.height())
            size *= factor
            left = inner.left() + (inner.width() - size.width()) / 2
            top = inner.top() + (inner.height() - size.height()) / 2
            target = QRectF(left, top, size.width(), size.height())
            if self._image.hasAlphaChannel():
                painter.fillRect(target, Qt.BrushStyle.Dense6Pattern)
            # Scaled by area: the painter's own scaling drops hairlines.
            real = (target.size() * self.devicePixelRatioF()).toSize()
            mode = Qt.TransformationMode.SmoothTransformation
            keep = Qt.AspectRatioMode.IgnoreAspectRatio
            painter.drawImage(target, self._image.scaled(real, keep, mode))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if left else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._image.isNull():
            return
        way = (event.position().toPoint() - self._pressed).manhattanLength()
        if way >= QApplication.startDragDistance():
            self._pressed = None
            self.dragged.emit()
