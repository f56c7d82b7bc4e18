"""The widget of each kind of field. An editor shows a specification and says what was chosen."""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.nn.checking import MOST_LAYERS
from bpstudio.nn.features import FEATURES
from bpstudio.nn.spec import Spec
from bpstudio.ui.trainer.fields import Field
from bpstudio.ui.trainer.partwords import NAMES


class Editor(QWidget):
    """One field's widget. `chosen` carries the new value; a wrong entry is marked and stays.

    `entry` is what takes the keyboard.
    """

    chosen = Signal(object)

    def __init__(self, field: Field, entry: QWidget) -> None:
        super().__init__()
        self.field = field
        self.entry = entry
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.row = row

    @abstractmethod
    def show_spec(self, spec: Spec) -> None:
        """Show the specification's value."""

    def name(self) -> None:
        """Say what it is, in the chosen language."""
        self.entry.setAccessibleName(tr(self.field.title))
        self.entry.setToolTip(tr(self.field.note) if self.field.note else "")


def _keep_narrow(box: QComboBox, letters: int) -> None:
    """As wide as so many letters, not as the longest entry."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)


def _mark(field: QWidget, wrong: str) -> None:
    """Mark a field and say what is wrong there; "" for nothing. Red alone would not say why."""
    if bool(field.property("wrong")) != bool(wrong):
        field.setProperty("wrong", bool(wrong))
        field.style().unpolish(field)
        field.style().polish(field)
        field.setAccessibleDescription(wrong)
        QToolTip.showText(field.mapToGlobal(field.rect().bottomLeft()), wrong, field)


class ChoiceEditor(Editor):
    """One of a few."""

    def __init__(self, field: Field) -> None:
        self.box = QComboBox()
        super().__init__(field, self.box)
        _keep_narrow(self.box, 8)
        self.box.activated.connect(lambda _: self.chosen.emit(self.box.currentData()))
        self.row.addWidget(self.box, 1)

    def show_spec(self, spec: Spec) -> None:
        assert self.field.choices is not None
        wanted = list(self.field.choices(spec).items())
        have = [(self.box.itemData(n), self.box.itemText(n)) for n in range(self.box.count())]
        with QSignalBlocker(self.box):
            if have != wanted:
                self.box.clear()
                for value, title in wanted:
                    self.box.addItem(title, value)
            self.box.setCurrentIndex(self.box.findData(self.field.read(spec)))


class NumberEditor(Editor):
    """A typed number with a few offered; an empty one means none where that is possible."""

    def __init__(self, field: Field) -> None:
        self.box = QComboBox()
        super().__init__(field, self.box)
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        _keep_narrow(self.box, 6)
        self.box.setMaxVisibleItems(12)
        self._optional = field.key.startswith("clip")
        for value in field.presets:
            self.box.addItem(numbers.exact(value), value)
        self.box.activated.connect(lambda _: self._read())
        line = self.box.lineEdit()
        assert line is not None
        self.line = line
        self.line.editingFinished.connect(self._read)
        self._shown: float | None = math.nan
        self.row.addWidget(self.box, 1)

    def show_spec(self, spec: Spec) -> None:
        value = self.field.read(spec)
        if value == self._shown:
            return
        self._shown = value
        _mark(self.box, "")
        with QSignalBlocker(self.box):
            self.box.setEditText("" if value is None else numbers.exact(value))

    def _read(self) -> None:
        text = self.box.currentText().strip()
        try:
            value = None if self._optional and not text else numbers.read(text)
        except ValueError:
            _mark(self.box, tr("This is no number."))
            return
        _mark(self.box, "")
        if value != self._shown:
            self._shown = value
            self.chosen.emit(value)


class WholeEditor(Editor):
    """A whole number."""

    def __init__(self, field: Field) -> None:
        self.box = QSpinBox()
        super().__init__(field, self.box)
        self.box.setRange(field.low, int(field.high))
        self.box.lineEdit().setTextMargins(6, 0, 0, 0)
        self.box.setMinimumWidth(72)
        # Typing 500 is one change, not three.
        self.box.setKeyboardTracking(False)
        self.box.setAccelerated(True)
        self.box.valueChanged.connect(lambda value: self.chosen.emit(value))
        self.row.addWidget(self.box, 1)

    def show_spec(self, spec: Spec) -> None:
        value = self.field.read(spec)
        if value is not None:
            with QSignalBlocker(self.box):
                self.box.setValue(int(value))


class ShareEditor(Editor):
    """A share in percent."""

    def __init__(self, field: Field) -> None:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        super().__init__(field, self.slider)
        self.slider.setRange(0, round(field.high * 100))
        self.slider.setPageStep(10)
        self.slider.setTracking(False)
        self.slider.setMinimumWidth(60)
        self.words = QLabel()
        self.words.setMinimumWidth(34)
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slider.sliderMoved.connect(lambda value: self.words.setText(f"{value}%"))
        self.slider.valueChanged.connect(self._moved)
        self.row.addWidget(self.slider, 1)
        self.row.addWidget(self.words)

    def _moved(self, value: int) -> None:
        self.words.setText(f"{value}%")
        self.chosen.emit(value / 100)

    def show_spec(self, spec: Spec) -> None:
        value = self.field.read(spec)
        if value is not None and not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(value * 100))
            self.words.setText(f"{value:.0%}")


class FlagEditor(Editor):
    """On or off."""

    def __init__(self, field: Field) -> None:
        self.box = QCheckBox()
        super().__init__(field, self.box)
        self.box.toggled.connect(lambda on: self.chosen.emit(on))
        self.row.addWidget(self.box)
        self.row.addStretch(1)

    def show_spec(self, spec: Spec) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(self.field.read(spec)))


class SizesEditor(Editor):
    """Widths of the hidden layers, typed with commas."""

    def __init__(self, field: Field) -> None:
        self.line = QLineEdit()
        super().__init__(field, self.line)
        self.line.editingFinished.connect(self._read)
        self._shown: tuple[int, ...] | None = None
        self.row.addWidget(self.line, 1)

    def show_spec(self, spec: Spec) -> None:
        sizes = self.field.read(spec)
        if sizes != self._shown:
            self._shown = sizes
            self.line.setText(", ".join(map(str, sizes)))
            _mark(self.line, "")

    def _read(self) -> None:
        words = [w for w in re.split(r"[\s,;，；、\-–×x]+", self.line.text().strip()) if w]
        wrong = len(words) > MOST_LAYERS or not all(w.isdecimal() and len(w) < 7 for w in words)
        _mark(self.line, tr(self.field.note) if wrong else "")
        if wrong:
            return
        sizes = tuple(int(word) for word in words)
        if sizes != self._shown:
            # Refused sizes give way to those of the network, as a refused number does.
            self._shown = sizes
            self.chosen.emit(sizes)


class FeaturesEditor(Editor):
    """Which numbers of a point the network is told."""

    def __init__(self, field: Field) -> None:
        self.boxes = {name: QCheckBox(NAMES.get(name, name)) for name in FEATURES}
        super().__init__(field, next(iter(self.boxes.values())))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        for number, box in enumerate(self.boxes.values()):
            box.toggled.connect(self._read)
            grid.addWidget(box, number // 2, number % 2)
        self.row.addLayout(grid, 1)

    def name(self) -> None:
        for box in self.boxes.values():
            box.setAccessibleName(f"{tr(self.field.title)}: {box.text()}")
            box.setToolTip(tr(self.field.note))

    def show_spec(self, spec: Spec) -> None:
        chosen = self.field.read(spec) or ()
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name in chosen)
            # The last one cannot go: a network without inputs learns nothing.
            box.setEnabled(chosen != (name,))

    def _read(self) -> None:
        self.chosen.emit(tuple(name for name, box in self.boxes.items() if box.isChecked()))


_KINDS: dict[str, Callable[[Field], Editor]] = {
    "choice": ChoiceEditor,
    "number": NumberEditor,
    "whole": WholeEditor,
    "share": ShareEditor,
    "flag": FlagEditor,
    "sizes": SizesEditor,
    "features": FeaturesEditor,
}


def make(field: Field) -> Editor:
    """The editor of a field."""
    return _KINDS[field.kind](field)


class Captioned(QWidget):
    """An editor under its small title, for the quiet row."""

    def __init__(self, editor: Any) -> None:
        super().__init__()
        self.editor = editor
        self.title = QLabel()
        self.title.setObjectName("quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.title)
        column.addWidget(editor)

    def say(self, title: str) -> None:
        self.title.setText(title)
