"""What every view of the outputs has in common, and what it knows of the problem."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from bpstudio.nn.data import NO_NEGATIVE
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.engine import Frame, Look

if TYPE_CHECKING:
    from bpstudio.nn.data import Data, Dataset
    from bpstudio.nn.spec import Spec

BAND = 6.0
"""The plane reaches from minus this to this, as in TensorFlow Playground."""
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
"""Across and up, for views with a cursor."""


@dataclass(frozen=True)
class Problem:
    """A specification and its data, drawn once."""

    spec: Spec
    data: Data
    class_names: tuple[str, ...] = ()
    """What the classes of one's own data are called; numbers otherwise."""

    @property
    def dataset(self) -> Dataset | None:
        """The generated set, None for data of one's own."""
        from bpstudio.nn.data import Dataset

        return self.spec.data if isinstance(self.spec.data, Dataset) else None

    @cached_property
    def planar(self) -> bool:
        """Whether the samples are points of a plane."""
        from bpstudio.nn.data import DATASETS

        if self.dataset is not None:
            return bool(DATASETS[self.dataset.name].planar)
        return bool(self.data.inputs.shape[1] == 2)

    @cached_property
    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """The training and the test samples as points of the plane, before any features."""
        from bpstudio.nn.data import make

        data, sizes = self.data, self.spec.network.sizes
        if self.dataset is not None and self.dataset.features != ("x1", "x2"):
            plain = replace(self.dataset, features=("x1", "x2"))
            data = make(plain, sizes[-1], self.spec.network.output)
        return data.inputs, data.test_inputs.reshape(-1, data.inputs.shape[1])

    @cached_property
    def copies(self) -> bool:
        """Whether the network learns to say again what it hears."""
        data = self.data
        return data.inputs.shape == data.targets.shape and np.array_equal(data.inputs, data.targets)

    @cached_property
    def labels(self) -> np.ndarray:
        """The class of every training sample, -1 where there are none."""
        from bpstudio.nn.data import DATASETS, make

        data = self.data
        if self.dataset is not None and self.copies:
            generator = DATASETS[self.dataset.name]
            if generator.classes and not generator.regression:
                other = make(self.dataset, generator.classes, "softmax")
                return np.asarray(other.targets.argmax(axis=1))
        return classes_of(data.targets, data.classes)

    @cached_property
    def range(self) -> tuple[float, float]:
        """Lowest and highest target."""
        low, high = float(self.data.targets.min()), float(self.data.targets.max())
        if self.data.classes is not None and self.data.targets.shape[1] == 1:
            # Of one class alone, too: it stands at one end, not in the middle.
            return (-1.0 if low < 0 or self.spec.network.output not in NO_NEGATIVE else 0.0), 1.0
        if self.data.classes is None and low < 0 < high:
            high = max(high, -low)
            low = -high
        return (low, high) if high > low else (low - 1.0, low + 1.0)


def classes_of(targets: np.ndarray, classes: int | None) -> np.ndarray:
    """The class of each row of targets; -1 where they are numbers."""
    if classes is None or not len(targets):
        return np.full(len(targets), -1)
    if targets.shape[1] == 1:
        low = min(float(targets.min()), 0.0)
        return np.asarray((targets[:, 0] > (low + 1) / 2).astype(np.int64))
    return np.asarray(targets.argmax(axis=1))


class View(QWidget):
    """One kind of problem shown."""

    wants = Signal(object)
    """Looks that have changed: key -> Look."""
    pictures: frozenset[int] = frozenset()
    """Layers of the network that are pictures."""
    discretes = False
    """Whether "discretised output" means anything here."""
    tested = False
    """Whether test data can be shown beside the training data."""
    paints = False
    """Whether points can be painted here."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.frame: Frame | None = None
        self.discrete = self.tests = False
        self.setMinimumSize(150, 120)
        themes.appearance().changed.connect(self.redress)

    @staticmethod
    @abstractmethod
    def fits(problem: Problem) -> bool:
        """Whether this view is made for the problem."""

    @abstractmethod
    def looks(self) -> Mapping[str, Look]:
        """What it wants to see of a run; "units" or "maps" are for the network beside it."""

    def show_frame(self, frame: Frame) -> None:
        """Show this state of the run."""
        self.frame = frame
        self.update()

    def show_unit(self, unit: tuple[int, int] | None) -> None:
        """Show what this (layer, unit) makes of the inputs, where that can be shown."""

    def show_options(self, *, discrete: bool, tests: bool) -> None:
        """Two colours only; the test data too."""
        self.discrete, self.tests = discrete, tests
        self.redress()

    def redress(self, _: object = None) -> None:
        """The theme or an option changed."""
        self.update()
