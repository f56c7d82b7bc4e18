"""The remedies page: switches at the left, the twin run they lead to at the right.

The twin runs in the background from the same seed, on the panel's own network or on one that is ill
in a known way; what came out well can be taken into the panel.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import listed, tr
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.remedies import REMEDIES
from bpstudio.nn.spec import Spec
from bpstudio.nn.twins import Side, Twins, with_remedies
from bpstudio.ui import theme as themes
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.trainer import captions
from bpstudio.ui.trainer.background import Desk
from bpstudio.ui.trainer.cases import CASES, EXAMPLE
from bpstudio.ui.trainer.lab import Content
from bpstudio.ui.trainer.remedycards import Cards
from bpstudio.ui.trainer.runbar import RunBar
from bpstudio.ui.trainer.twinview import TwinView
from bpstudio.ui.trainer.views import Problem

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel

MINE = "mine"
EPOCHS = 20
NARROW = 720
"""Below this width the switches stand over the runs: beside them one of the two would be cut."""
LOW = 520
"""How high switches over runs are at least."""


class RemediesView(Content):
    """See the module."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self.panel = panel
        self.cases = QComboBox()
        self.cases.addItem("", MINE)
        for case in CASES:
            self.cases.addItem("", case.key)
        self.cases.currentIndexChanged.connect(lambda _: self._choose())
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.epochs = QSpinBox()
        self.epochs.setRange(1, 100_000)
        self.epochs.setValue(EPOCHS)
        self.epochs.lineEdit().setTextMargins(6, 0, 0, 0)
        self.bar = RunBar()
        self.bar.wanted.connect(self.run)
        self.bar.job.told.connect(self._show)
        self.bar.job.ended.connect(self._finish)
        self.take = QPushButton()
        self.take.clicked.connect(self.apply)
        self.cards = Cards()
        self.cards.switched.connect(self._forget)
        self.view = TwinView()
        self._captions = {"case": QLabel(), "epochs": QLabel()}
        self._prepared: Spec | None = None
        """The specification with the remedies in it, once it was made."""
        self._lay_out()
        self.cases.setCurrentIndex(1)
        self.retranslate()

    def _lay_out(self) -> None:
        choices = QWidget()
        flow = FlowLayout(choices, gap=12)
        flow.setContentsMargins(12, 6, 12, 4)
        for key, part in (("case", self.cases), ("epochs", self.epochs)):
            flow.addWidget(captions.under(self._captions[key], part))
        row = QHBoxLayout()
        row.setContentsMargins(12, 2, 12, 4)
        row.addWidget(self.bar, 1)
        row.addWidget(self.take)
        left, right = QScrollArea(), QScrollArea()
        for area, inner in ((left, self.cards), (right, self.view)):
            area.setWidgetResizable(True)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(inner)
        left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._left, self._right = left, right
        left.setMinimumHeight(themes.px(100))
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.setChildrenCollapsible(False)
        self.across.addWidget(left)
        self.across.addWidget(right)
        self.across.setStretchFactor(1, 1)
        self.across.setSizes([themes.px(290), themes.px(800)])
        self.note.setContentsMargins(12, 0, 12, 2)
        self._all = QWidget()
        column = QVBoxLayout(self._all)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(choices)
        column.addWidget(self.note)
        column.addLayout(row)
        column.addWidget(self.across, 1)
        # Where it is too low for switches and runs, all of it scrolls.
        whole = QScrollArea()
        whole.setFrameShape(QFrame.Shape.NoFrame)
        whole.setWidgetResizable(True)
        whole.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole.setWidget(self._all)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Beside the switches both runs are whole: the switches' words wrap, curves cannot.
        bar = self._right.verticalScrollBar().sizeHint().width() + 2 * self._right.frameWidth()
        whole = self.view.minimumSizeHint().width() + bar
        both = self._left.minimumWidth() + whole + self.across.handleWidth()
        narrow = self.width() < max(themes.length(NARROW), both)
        self._right.setMinimumWidth(0 if narrow else whole)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.across.orientation() != wanted:
            self.across.setOrientation(wanted)
            self._all.setMinimumHeight(themes.px(LOW if narrow else 0))
            # What is left over goes to the runs.
            self.across.setSizes([themes.px(160 if narrow else 290), themes.px(800)])

    # --- which network ----------------------------------------------------------------------

    def begin(self, problem: Problem) -> None:
        """Another run in the panel: its network may be the one treated here."""
        if self.cases.currentData() == MINE and not self.bar.job.running:
            self._choose()

    def spec(self) -> Spec:
        """The network as it is before."""
        key = self.cases.currentData()
        if key == MINE:
            return self.panel.spec
        return next(case for case in CASES if case.key == key).spec()

    def _choose(self) -> None:
        self._say_case()
        self.cards.suit(self.spec())
        self._forget()

    def _forget(self) -> None:
        """What was shown is of other switches."""
        self._prepared = None
        if self.bar.job.running:
            self.bar.job.cancel()
        self.view.show_sides(None)
        self._suit_take()

    # --- running ----------------------------------------------------------------------------

    def run(self) -> None:
        """Run both; training pauses meanwhile."""
        keys = self.cards.chosen
        if not keys:
            self.bar.refuse(tr("Switch on a remedy first."))
            return
        before, epochs = self.spec(), self.epochs.value()
        if self.cases.currentData() == MINE and self.panel.problem is not None:
            before = replace(before, data=self.panel.problem.data)
        self.panel.pause()
        self.view.show_sides(None)

        def work(desk: Desk) -> object:
            after = with_remedies(before, keys, desk.until)
            if after is None:
                return None
            twins = Twins(before, after)
            for epoch in range(epochs):
                if not twins.epoch(desk.until):
                    return None
                desk.tell((epoch + 1) / epochs, twins.sides() if desk.quiet else None)
            return twins.sides()

        self.bar.start(work)

    def _show(self, sides: tuple[Side, Side]) -> None:
        self.view.show_sides(sides)

    def _finish(self, sides: tuple[Side, Side] | None) -> None:
        if sides is not None:
            self.view.show_sides(sides)
            self._prepared = replace(sides[1].spec, data=self.spec().data)
        self._suit_take()

    def _suit_take(self) -> None:
        keys = self.cards.chosen
        unprepared = any(REMEDIES[key].prepare for key in keys) and self._prepared is None
        self.take.setEnabled(bool(keys) and not unprepared)

    def apply(self) -> None:
        """Put the network with its remedies into the panel."""
        keys = self.cards.chosen
        try:
            spec = self._prepared or with_remedies(self.spec(), keys)
            if spec is None:
                return
            if self.cases.currentData() != MINE:
                self.panel.choose_example(EXAMPLE)
            self.panel.change(spec)
        except NetworkError as refused:
            self.bar.refuse(str(getattr(refused, "reason", refused)))
            return
        names = listed(tr(REMEDIES[key].title) for key in keys)
        said = tr("In the panel now, with: {names}.", names=names)
        self.bar.state.setText(said)

    def shut(self) -> None:
        """End what is at work."""
        self.bar.close_job()

    # --- language ---------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        titles = [tr("The panel’s network"), *(tr(case.title) for case in CASES)]
        for index, title in enumerate(titles):
            self.cases.setItemText(index, title)
        self.cases.setAccessibleName(tr("Network"))
        self._captions["epochs"].setText(tr("Epochs"))
        self.epochs.setAccessibleName(tr("Epochs"))
        self.bar.say(tr("Run both"))
        self.take.setText(tr("Take into the panel"))
        self._left.setMinimumWidth(self.cards.minimumSizeHint().width() + themes.px(16))
        self._say_case()

    def _say_case(self) -> None:
        key = self.cases.currentData()
        self._captions["case"].setText(tr("Network"))
        notes = {case.key: tr(case.note) for case in CASES}
        self.note.setText(notes.get(key, tr("The network of this panel, from its own seed.")))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
