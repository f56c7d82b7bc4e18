"""TABS: the pages of the training panel. Each looks at the same run.

A page is a widget with `begin(problem)` (a new run of this problem), `looks()` (what it wants to
see of it), `show_frame(frame)` and `retranslate()`. Adding one is an entry here and a file beside;
with a single page no tab bar is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import N_, tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.curves import Curves
from bpstudio.ui.trainer.engine import Frame, Look
from bpstudio.ui.trainer.lab import FlowPage, Later, build_remedies, build_seeds
from bpstudio.ui.trainer.network import NetworkView
from bpstudio.ui.trainer.parts import Part
from bpstudio.ui.trainer.switch import OUTPUT, Switch
from bpstudio.ui.trainer.views import Problem, View, view_for
from bpstudio.ui.trainer.views.plane import PlaneView

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel

NARROW = 560
"""Below this width the outputs stand under the network, not beside it."""
LOW, SWITCHED, TALL = 276, 340, 640
"""How high it is at least: all of it side by side, one part at a time under the network, and all
of it one below the other."""
ALL, ONE = [5000, 2600], [3000, 2000]
"""How the network shares the height with the curves, and with the one part that is switched to."""


class NetworkPage(QWidget):
    """The network, its outputs, and the curves."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self._panel = panel
        self.network = NetworkView()
        self.view: View | None = None
        self.curves = Curves()
        self.discrete, self.tests = QCheckBox(), QCheckBox()
        self.side = QWidget()
        self.side.setObjectName("training_output")
        self._column = QBoxLayout(QBoxLayout.Direction.TopToBottom, self.side)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        options = self._options = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        options.setContentsMargins(12, 4, 12, 6)
        options.setSpacing(16)
        for box in (self.discrete, self.tests):
            box.toggled.connect(self._set_options)
            options.addWidget(box)
        options.addStretch(1)
        self._column.addLayout(options)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.setChildrenCollapsible(False)
        self.switch = Switch()
        self.switch.hide()
        upper = QWidget()
        over = QVBoxLayout(upper)
        over.setContentsMargins(0, 0, 0, 0)
        over.setSpacing(0)
        over.addWidget(self.network, 1)
        over.addWidget(self.switch)
        self.across.addWidget(upper)
        self.across.addWidget(self.side)
        self.across.setStretchFactor(0, 3)
        self.across.setStretchFactor(1, 2)
        self.down = QSplitter(Qt.Orientation.Vertical)
        self.down.setChildrenCollapsible(False)
        self.down.addWidget(self.across)
        self.down.addWidget(self.curves)
        self.down.setStretchFactor(0, 5)
        self.down.setStretchFactor(1, 2)
        self.down.setSizes(ALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        # A small window scrolls rather than press everything flat.
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.down)
        self.down.setMinimumHeight(themes.px(LOW))
        themes.appearance().changed.connect(self._fit)
        column.addWidget(self.area)
        self.switch.turned.connect(self._turn)
        self.network.edited.connect(self._edit)
        self.network.widened.connect(panel.widen)
        self.network.deepened.connect(panel.deepen)
        self.network.looked.connect(self._look_at)
        self.retranslate()

    # --- a run ------------------------------------------------------------------------------

    def begin(self, problem: Problem) -> None:
        """Show this problem from now on."""
        kind = view_for(problem)
        had_keys = self.view is not None and self.view.hasFocus()
        before = self.view
        if self.view is not None:
            self._column.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
        self.view = kind(problem)
        self.view.wants.connect(self._panel.runner.look)
        self._column.insertWidget(0, self.view, 1)
        self.discrete.setVisible(kind.discretes)
        self.tests.setVisible(kind.tested)
        self.tests.setEnabled(len(problem.data.test_inputs) > 0)
        self._set_options()
        if isinstance(self.view, PlaneView):
            self._panel.painting_on(self.view)
            if isinstance(before, PlaneView) and before.bounds == self.view.bounds:
                self.view.cross = before.cross
            self.view.picked.connect(self._panel.pick)
            self.view.show_picked(self._panel.sample)
        if had_keys:
            # Who paints goes on with the keys: they must not reach the formula bar instead.
            self.view.show()
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def looks(self) -> Mapping[str, Look]:
        return self.view.looks() if self.view is not None else {}

    def show_frame(self, frame: Frame) -> None:
        self.network.show_frame(frame, self.view.pictures if self.view is not None else None)
        if self.view is not None:
            self.view.show_frame(frame)
        self.curves.show_frame(frame)
        if not self.switch.isHidden():
            self.switch.offer_accuracy(frame.data.classes is not None)
            self.switch.tell(self.curves.brief)

    # --- wishes -----------------------------------------------------------------------------

    def _edit(self, part: Part, value: float) -> None:
        self._panel.hand.give(part, value)

    def _look_at(self, unit: tuple[int, int] | None) -> None:
        if self.view is not None:
            self.view.show_unit(unit)

    def _set_options(self, _: bool = False) -> None:
        discrete, tests = self.discrete.isChecked(), self.tests.isChecked()
        self.network.show_discrete(discrete)
        if self.view is not None:
            self.view.show_options(discrete=discrete, tests=tests)

    # --- room and language ------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, _: object = None) -> None:
        narrow = self.width() < themes.length(NARROW)
        switched = narrow and self.height() < themes.length(TALL)
        least = SWITCHED if switched else TALL if narrow else LOW
        self.down.setMinimumHeight(themes.px(least))
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.across.orientation() != wanted:
            self.across.setOrientation(wanted)
            # One below the other the surface needs as much as the network to be seen at all.
            self.across.setSizes([1200, 1000] if narrow else ONE)
        if switched == self.switch.isHidden():
            self.switch.setVisible(switched)
            if narrow:
                self.across.setSizes(ONE if switched else [1200, 1000])
            self.down.setSizes(ONE if switched else ALL)
            # A low picture is a small square: its options stand beside, where there is room.
            along, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
            self._column.setDirection(across if switched else along)
            self._options.setDirection(along if switched else across)
            self._turn()

    def _turn(self) -> None:
        """Show the part that is switched to, or all of them."""
        part = "" if self.switch.isHidden() else self.switch.part
        self.side.setVisible(part in ("", OUTPUT))
        self.curves.setVisible(part != OUTPUT)
        self.curves.show_only("" if part == OUTPUT else part)
        self.switch.tell(self.curves.brief)

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.discrete.setText(tr("Discretised output"))
        self.tests.setText(tr("Show test data"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


@dataclass(frozen=True, slots=True)
class Tab:
    """One page: its key, its title (marked), and what makes it from the panel."""

    key: str
    title: str
    make: Callable[[TrainingPanel], NetworkPage | Later[Any]]


TABS: tuple[Tab, ...] = (
    Tab("network", N_("Network"), NetworkPage),
    Tab("flow", N_("Gradient flow"), FlowPage),
    Tab("remedies", N_("Remedies"), lambda panel: Later(panel, build_remedies)),
    Tab("seeds", N_("Seeds"), lambda panel: Later(panel, build_seeds)),
)
