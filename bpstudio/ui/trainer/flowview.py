"""The gradient flow of the network that is being trained: layers as rows, sizes, ratios, and time.

It looks at a run ten times a second at most, through the FlowLog that the training thread calls;
nothing here measures anything.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import numbers
from bpstudio.language import N_, tr
from bpstudio.nn.flowlog import QUANTITIES, FlowPicture, FlowRow
from bpstudio.nn.grid import verdict
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.heatmap import GUIDE, KINDS, Field, HeatMap
from bpstudio.ui.trainer.layerplot import LayerPlot, Sizes
from bpstudio.ui.trainer.layerrows import HEAD, ROW, LayerRows

NARROW = 760
"""Below this width the three pictures at the foot stand in two lines."""
SAYS = {
    "even": N_(
        "The first hidden layer’s gradient is {first}, the last one’s {last}: of about one size."
    ),
    "vanishes": N_(
        "The gradient vanishes: {last} at the last hidden layer, {first} at the first. "
        "The first layers hardly learn."
    ),
    "explodes": N_(
        "The gradient explodes: {last} at the last hidden layer, {first} at the first. "
        "Steps are far too long."
    ),
    "tiny": N_(
        "Every gradient is tiny: {first} at the first hidden layer, {last} at the last. "
        "The ratio {ratio} looks well; whether all is learnt or nothing can be, the loss tells."
    ),
    "overflow": N_("Numbers have run away: the gradient is {first} at the first hidden layer."),
}
"""What a verdict means for the network -> a sentence (marked)."""
MISLEADS = N_(
    "The ratio alone misleads: weights that are too small make every gradient equally tiny, with a "
    "ratio near 1. So look at the sizes first."
)


class FlowView(QWidget):
    """Shows FlowPictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: FlowPicture | None = None
        self.sentence, self.misleads, self.reading = QLabel(), QLabel(), QLabel()
        for label, name in ((self.misleads, "quiet"), (self.reading, "quiet")):
            label.setObjectName(name)
        for label in (self.sentence, self.misleads, self.reading):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.rows = LayerRows()
        self.rows.read.connect(self._read)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.rows)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sizes, self.ratios, self.map = LayerPlot(), LayerPlot(), HeatMap()
        self.quantity = QComboBox()
        self.quantity.currentIndexChanged.connect(lambda _: self._show_map())
        self.beside = QCheckBox()
        self.beside.setChecked(True)
        self.beside.toggled.connect(self._show)
        self._lay_out(area)
        self.retranslate()

    def _lay_out(self, area: QScrollArea) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 2, 12, 2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.misleads)
        head.addLayout(words, 1)
        head.addWidget(self.beside, 0, Qt.AlignmentFlag.AlignTop)
        area.setMinimumHeight(themes.px(HEAD + 3.5 * ROW))
        over = QWidget()
        column = QVBoxLayout(over)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(area, 1)
        self.reading.setContentsMargins(12, 0, 12, 2)
        column.addWidget(self.reading)
        foot = QWidget()
        self._foot = QGridLayout(foot)
        self._foot.setContentsMargins(4, 4, 4, 0)
        self._foot.setSpacing(4)
        self._timed = QWidget()
        timed = QVBoxLayout(self._timed)
        timed.setContentsMargins(0, 0, 0, 0)
        timed.setSpacing(2)
        timed.addWidget(self.quantity)
        timed.addWidget(self.map, 1)
        for plot in (self.sizes, self.ratios, self.map):
            plot.setMinimumHeight(themes.px(150))
        self._narrow: bool | None = None
        self._arrange(narrow=False)
        down = QSplitter(Qt.Orientation.Vertical)
        down.setChildrenCollapsible(False)
        down.addWidget(over)
        down.addWidget(foot)
        down.setStretchFactor(0, 3)
        down.setStretchFactor(1, 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(head)
        # Where there is too little room for both halves, all of it scrolls.
        whole = QScrollArea()
        whole.setWidgetResizable(True)
        whole.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole.setWidget(down)
        outer.addWidget(whole, 1)

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for part in (self.sizes, self.ratios, self._timed):
            self._foot.removeWidget(part)
        self._foot.addWidget(self.sizes, 0, 0)
        self._foot.addWidget(self.ratios, 0, 1)
        if narrow:
            self._foot.addWidget(self._timed, 1, 0, 1, 2)
        else:
            self._foot.addWidget(self._timed, 0, 2)
        for column, stretch in enumerate((3, 3, 0 if narrow else 4)):
            self._foot.setColumnStretch(column, stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=self.width() < themes.length(NARROW))
        self._fit_reading()

    def _fit_reading(self) -> None:
        # A splitter asks words that wrap for one line only.
        tall = self.reading.heightForWidth(max(100, self.width() - 30))
        self.reading.setMinimumHeight(max(0, tall))

    # --- what is shown ----------------------------------------------------------------------

    def show_picture(self, picture: FlowPicture | None) -> None:
        """Show this state; the same one again costs nothing."""
        if picture is self.picture:
            return
        self.picture = picture
        self._show()

    def _show(self, _: object = None) -> None:
        picture, start = self.picture, self.beside.isChecked()
        self.rows.beside_start = start
        self.rows.show_picture(picture)
        if picture is None:
            self.sentence.clear()
            self.sizes.show_lines(())
            self.ratios.show_lines(())
            self.map.show_field(None)
            return
        self.sentence.setText(sentence_of(picture))
        faint = picture.start if start and picture.updates else ()
        self.sizes.show_lines(
            _lines(picture.now, faint, ((tr("activations"), "norm_activation", "value", "disc"),
                   (tr("back-propagated"), "norm_backpropagated", "grad", "square"),
                   (tr("weights’ gradient"), "norm_weight_gradient", "losses", "triangle")))
        )  # fmt: skip
        self.ratios.show_lines(
            _lines(picture.now, faint, (
                (tr("gradient : data"), "gradient_to_data", "losses", "triangle"),
                (tr("update : data"), "update_to_data", "accent", "disc")))
        )  # fmt: skip
        self._show_map()

    def _show_map(self) -> None:
        key, picture = self.quantity.currentData(), self.picture
        if picture is None or key is None:
            return
        title = tr(QUANTITIES[key])
        values = picture.history[key]
        self.map.show_field(Field(values, picture.steps, title, KINDS.get(key, "size")))

    def _read(self, words: str) -> None:
        self.reading.setText(words or self._resting())
        self._fit_reading()

    def _resting(self) -> str:
        return tr(
            "Histograms of gradients count decades: the further left, the smaller. Dotted: the "
            "first step. “!” marks layers that are mostly saturated or dead, an arrow updates far "
            "from a thousandth of the weights."
        )

    # --- language ---------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.misleads.setText(tr(MISLEADS))
        self.beside.setText(tr("Beside the first step"))
        self.reading.setText(self._resting())
        self.rows.setAccessibleName(tr("Layers"))
        self.sizes.title = tr("Norms by layer")
        self.ratios.title = tr("Ratios by layer; the update near {n}", n="1e−3")
        self.ratios.guide = (GUIDE, "1e−3")
        self.map.setAccessibleName(tr("Layers over time"))
        self.quantity.setAccessibleName(tr("What the map shows"))
        for plot in (self.sizes, self.ratios):
            plot.setAccessibleName(plot.title)
        chosen = max(0, self.quantity.currentIndex())
        self.quantity.blockSignals(True)
        self.quantity.clear()
        for key, title in QUANTITIES.items():
            self.quantity.addItem(tr(title), key)
        self.quantity.setCurrentIndex(chosen)
        self.quantity.blockSignals(False)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def _lines(
    now: tuple[FlowRow, ...], start: tuple[FlowRow, ...], wanted: tuple[tuple[str, ...], ...]
) -> list[Sizes]:
    """A line per quantity, and a faint one of the first step behind it."""
    lines = []
    for name, field, role, mark in wanted:
        for rows, faint in ((start, True), (now, False)):
            values = [getattr(row, field) for row in rows]
            if values:
                lines.append(Sizes(name, values, role, mark, faint=faint))
    return lines


def sentence_of(picture: FlowPicture) -> str:
    """What the gradients of the hidden layers say, with their sizes."""
    hidden = picture.now[:-1] or picture.now
    first, last = hidden[0].norm_weight_gradient, hidden[-1].norm_weight_gradient
    if len(hidden) < 2:
        return tr(
            "With fewer than two hidden layers nothing can vanish between them; the gradient is "
            "{first}.",
            first=numbers.show(first, 3),
        )
    key = verdict(first, last)
    ratio = first / last if last else float("nan")
    words = {"first": first, "last": last, "ratio": ratio}
    return tr(SAYS[key], **{name: numbers.show(value, 2) for name, value in words.items()})
