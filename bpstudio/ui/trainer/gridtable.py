"""The cells of a grid as a table: kinds of layers down, depths and initial weights across.

A cell says the ratio of first to last, both sizes, and in a word what that means; its colour says
the word again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QTableView, QWidget

from bpstudio.core import numbers
from bpstudio.language import tr, trn
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.grid import VARIANTS, VERDICTS, Cell, Grid
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.spec import Choice
from bpstudio.ui import theme as themes

TINTS = {
    "even": ("value_tint", "value"),
    "vanishes": ("tint", "accent"),
    "explodes": ("grad_tint", "grad"),
    "tiny": ("warn_tint", "warn"),
    "overflow": ("grad_tint", "grad"),
}
"""A verdict -> its ground and its ink."""
WIDE, TALL = 124.0, 56.0
Index = QModelIndex | QPersistentModelIndex


def title_of(choice: Choice) -> str:
    """Initial weights by name, Gaussian ones as N(0, std²)."""
    if choice.kind == "gaussian":
        std = choice.full(INITIALIZERS["gaussian"].parameters)["std"]
        return f"N(0, {numbers.show(std)}²)" if std != 1 else "N(0, 1)"
    return tr(INITIALIZERS[choice.kind].title)


def kind_of(activation: str, variant: str) -> str:
    """A row by name."""
    title = tr(ACTIVATIONS[activation].title)
    return title if variant == "plain" else f"{title} {tr(VARIANTS[variant])}"


def layers_of(depth: int) -> str:
    """A depth in words."""
    return trn("{n} layer", "{n} layers", depth)


def words_of(cell: Cell) -> str:
    """All of a cell in one sentence."""
    return tr(
        "{kind}, {layers}, {weights}: first {first}, last {last}, ratio {ratio} "
        "({low} to {high} over the seeds): {verdict}. Activations spread {a} at the first layer, "
        "{b} at the last.",
        kind=kind_of(cell.activation, cell.variant),
        layers=layers_of(cell.depth),
        weights=title_of(cell.initializer),
        first=numbers.show(cell.first, 3),
        last=numbers.show(cell.last, 3),
        ratio=numbers.show(cell.ratio, 3),
        low=numbers.show(float(cell.ratios.min()), 2),
        high=numbers.show(float(cell.ratios.max()), 2),
        verdict=tr(VERDICTS[cell.verdict]),
        a=numbers.show(float(cell.stds[0]), 2),
        b=numbers.show(float(cell.stds[-1]), 2),
    )


class GridModel(QAbstractTableModel):
    """Cells come in as they are finished."""

    def __init__(self) -> None:
        super().__init__()
        self.grid: Grid | None = None
        self._cells: dict[tuple[int, int], Cell] = {}

    def begin(self, grid: Grid) -> None:
        """An empty table for this grid."""
        self.beginResetModel()
        self.grid, self._cells = grid, {}
        self.endResetModel()

    def add(self, cells: Iterable[Cell]) -> None:
        """Put these in their places."""
        assert self.grid is not None
        grid = self.grid
        for cell in cells:
            row = grid.activations.index(cell.activation) * len(grid.variants)
            row += grid.variants.index(cell.variant)
            column = grid.depths.index(cell.depth) * len(grid.initializers)
            column += grid.initializers.index(cell.initializer)
            self._cells[row, column] = cell
            at = self.index(row, column)
            self.dataChanged.emit(at, at)

    def cell(self, index: Index) -> Cell | None:
        """What is there, if it is finished."""
        return self._cells.get((index.row(), index.column()))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All that are finished, row by row."""
        return tuple(cell for _, cell in sorted(self._cells.items(), key=lambda item: item[0]))

    def rowCount(self, parent: Index | None = None) -> int:
        if self.grid is None:
            return 0
        return len(self.grid.activations) * len(self.grid.variants)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if self.grid is None else len(self.grid.depths) * len(self.grid.initializers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index)
        if cell is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return numbers.show(cell.ratio, 2)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return words_of(cell)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        grid = self.grid
        if role != Qt.ItemDataRole.DisplayRole or grid is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            activation, variant = divmod(section, len(grid.variants))
            title = tr(ACTIVATIONS[grid.activations[activation]].title)
            built = grid.variants[variant]
            return title if built == "plain" else f"{title}\n{tr(VARIANTS[built])}"
        depth, initializer = divmod(section, len(grid.initializers))
        return f"{layers_of(grid.depths[depth])}\n{title_of(grid.initializers[initializer])}"


class _Cells(QStyledItemDelegate):
    """Ratio, sizes and verdict on the verdict's ground."""

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(themes.px(WIDE), themes.px(TALL))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model = index.model()
        assert isinstance(model, GridModel)
        look, n, cell = themes.current(), themes.length, model.cell(index)
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        if cell is None:
            painter.fillRect(box, look.color("paper"))
        else:
            ground, ink = TINTS[cell.verdict]
            painter.fillRect(box, look.color(ground))
            inner = box.adjusted(n(6), n(3), -n(6), -n(2))
            left = Qt.AlignmentFlag.AlignLeft
            painter.setPen(look.color("ink"))
            painter.setFont(themes.font(n(14), bold=True))
            painter.drawText(inner, left | Qt.AlignmentFlag.AlignTop, numbers.show(cell.ratio, 2))
            painter.setFont(themes.font(n(11)))
            sizes = f"{numbers.show(cell.first, 2)} … {numbers.show(cell.last, 2)}"
            painter.drawText(inner.adjusted(0, n(19), n(4), 0), left, sizes)
            painter.setPen(look.color(ink))
            painter.drawText(inner, left | Qt.AlignmentFlag.AlignBottom, tr(VERDICTS[cell.verdict]))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(look.color("accent"), n(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
        painter.restore()


class GridTable(QTableView):
    """Arrow keys move from cell to cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = GridModel()
        self.setModel(self.cells)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(themes.px(120))
        self._size()
        themes.appearance().changed.connect(self._size)

    def _size(self, _: object = None) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setDefaultSectionSize(themes.px(WIDE))
        down.setDefaultSectionSize(themes.px(TALL))
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        panel = themes.current().panel
        sheet = f"QTableCornerButton::section {{ background: {panel}; border: none; }}"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)
        self.viewport().update()
