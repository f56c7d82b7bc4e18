"""The numbers behind the table of samples: a column for each input, a row for each sample.

Typed and pasted text is read here; what is wrong is a BadTable with one sentence, and nothing has
changed then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from bpstudio.core.graph import Graph
from bpstudio.core.limits import MOST_SAMPLES
from bpstudio.core.numbers import exact, read
from bpstudio.language import tr
from bpstudio.ui.reading import sources_of

Index = QModelIndex | QPersistentModelIndex
Column = list[float | None]


class BadTable(ValueError):
    """What is wrong with a table or with what was pasted, as one sentence."""


class SampleTable(QAbstractTableModel):
    """Columns of numbers, None for an empty cell; `refused` gets a sentence, "" when all is well.

    `keys` are the inputs' ids, `names` what people call them.
    """

    def __init__(self, graph: Graph, refused: Callable[[str], None]) -> None:
        super().__init__()
        self.keys = sources_of(graph)
        self.names = [graph.nodes[key].name for key in self.keys]
        self._refused = refused
        values = [graph.nodes[key].params.get("value", 1.0) for key in self.keys]
        self.columns: list[Column] = [
            list(value) if isinstance(value, tuple) else [float(value)] for value in values
        ]
        self._square()

    def _square(self, rows: int = 0) -> None:
        """As many rows everywhere: the longest column's."""
        rows = max(rows, *(len(column) for column in self.columns), 1)
        for column in self.columns:
            column.extend([None] * (rows - len(column)))

    # --- Qt ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or not self.columns else len(self.columns[0])

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            number = self.columns[index.column()][index.row()]
            return "" if number is None else exact(number)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.names[section] if orientation == Qt.Orientation.Horizontal else section + 1

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = str(value).strip()
        try:
            number = read(text) if text else None
        except ValueError:
            self._refused(tr("“{text}” is not a number.", text=text[:40]))
            return False
        self._refused("")
        self.columns[index.column()][index.row()] = number
        self.dataChanged.emit(index, index)
        return True

    # --- what the dialog does ---------------------------------------------------------------

    def add_row(self, after: int) -> int:
        """A new sample below this row, a copy of it; answers its row. Raises BadTable."""
        self._refuse_more(self.rowCount() + 1)
        row = max(0, min(after, self.rowCount() - 1)) + 1
        self.beginInsertRows(QModelIndex(), row, row)
        for column in self.columns:
            column.insert(row, column[row - 1])
        self.endInsertRows()
        return row

    def remove_rows(self, rows: Sequence[int]) -> None:
        """Take samples away, but not the last one."""
        for row in sorted(set(rows), reverse=True):
            if self.rowCount() > 1:
                self.beginRemoveRows(QModelIndex(), row, row)
                for column in self.columns:
                    del column[row]
                self.endRemoveRows()

    def keep_only(self, row: int) -> None:
        """No batch: this sample's numbers for all inputs."""
        self.beginResetModel()
        self.columns = [
            [column[row] if column[row] is not None else column[0]] for column in self.columns
        ]
        self.endResetModel()

    def clear_cells(self, cells: Sequence[tuple[int, int]]) -> None:
        for row, at in cells:
            self.columns[at][row] = None
        if cells:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1)
            )

    def paste(self, text: str, row: int, at: int) -> None:
        """Put in what a spreadsheet copied, from this cell on. Raises BadTable."""
        cells = cells_of(text)
        there = dict(zip(self.names, range(len(self.names)), strict=True))
        columns = list(range(at, len(self.names)))
        if cells and len(cells) > 1 and all(name in there for name in cells[0]):
            columns, cells, row = [there[name] for name in cells[0]], cells[1:], 0
        if len(cells) == 1 and len(cells[0]) > len(columns):
            # One line of numbers for one input: its samples.
            cells = [[cell] for cell in cells[0]]
        widest = max(map(len, cells), default=0)
        if widest > len(columns):
            raise BadTable(
                tr(
                    "The clipboard has {n} columns, but from {name} on there are {room}.",
                    n=widest,
                    name=self.names[at],
                    room=len(columns),
                )
            )
        self._refuse_more(row + len(cells))
        numbers = [_numbers(line, place) for place, line in enumerate(cells, 1)]
        self.beginResetModel()
        self._square(row + len(cells))
        for down, line in enumerate(numbers):
            for across, number in zip(columns, line, strict=False):
                self.columns[across][row + down] = number
        self.endResetModel()

    def columns_read(self) -> Mapping[str, float | list[float]]:
        """What each input gets: a number, or as many as it has rows filled. Raises BadTable."""
        return {
            key: _read(name, column)
            for key, name, column in zip(self.keys, self.names, self.columns, strict=True)
        }

    def _refuse_more(self, rows: int) -> None:
        if rows > MOST_SAMPLES:
            raise BadTable(
                tr(
                    "A batch holds at most {most} samples, not {n}.",
                    most=f"{MOST_SAMPLES:,}",
                    n=f"{rows:,}",
                )
            )


def _read(name: str, column: Column) -> float | list[float]:
    filled = [number for number in column if number is not None]
    if not filled or column[0] is None:
        raise BadTable(tr("{name} has no number in its first row.", name=name))
    if any(number is None for number in column[: len(filled)]):
        row = column.index(None) + 1
        raise BadTable(tr("{name} has no number in sample {row}.", name=name, row=row))
    return filled if len(filled) > 1 else filled[0]


def cells_of(text: str) -> list[list[str]]:
    """Lines of cells: parted by tabs, else by semicolons, else by commas."""
    lines = text.strip("\r\n").splitlines()
    mark = next((m for m in "\t;；,，" if any(m in line for line in lines)), "")
    return [[cell.strip() for cell in (line.split(mark) if mark else [line])] for line in lines]


def _numbers(line: Sequence[str], place: int) -> Column:
    found: Column = []
    for cell in line:
        try:
            found.append(read(cell) if cell else None)
        except ValueError:
            raise BadTable(
                tr("“{text}” in line {line} is not a number.", text=cell[:40], line=place)
            ) from None
    return found
