"""The training panel: one run of one specification, played, changed and looked at.

The specification is the panel's state; whatever is chosen makes a changed one. Where only fields
differ that keep the weights, the run goes on with them; otherwise a new run begins, and the old one
stays as a faint curve with its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from bpstudio.language import N_, tr
from bpstudio.nn.data import DATASETS, Data, Dataset
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.spec import Spec
from bpstudio.nn.trainer import KEEPS
from bpstudio.ui.settings import Settings
from bpstudio.ui.trainer import owndata
from bpstudio.ui.trainer.body import Body
from bpstudio.ui.trainer.engine import Frame, Look
from bpstudio.ui.trainer.examples import EXAMPLES, by_key, key_of
from bpstudio.ui.trainer.fields import Field, with_sizes
from bpstudio.ui.trainer.handedits import HandEdits
from bpstudio.ui.trainer.history import Curve
from bpstudio.ui.trainer.lab import Later
from bpstudio.ui.trainer.pages import NetworkPage
from bpstudio.ui.trainer.problems import (
    check,
    differing,
    name_of,
    problem_of,
    reason_of,
    refusal_of,
)
from bpstudio.ui.trainer.runner import Runner
from bpstudio.ui.trainer.shapes import deepened, widened
from bpstudio.ui.trainer.views import Problem
from bpstudio.ui.trainer.views.plane import PlaneView

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer

FIRST = "circle"
SLOW = 1000
"""Updates per second at which an easy problem is learned while one looks on."""
PAINT = N_("Paint points of two or more classes; the network learns on.")


class TrainingPanel(QWidget):
    """What stands beside the graph or in a window of its own."""

    detach_wanted = Signal()
    """The button that moves the panel was pressed."""
    as_graph_wanted = Signal()
    """The button that opens the network as gates was pressed."""
    leaving = Signal()
    """Another problem is about to take the place of this one."""
    picked = Signal(int)
    """Another sample of the training data was chosen to be looked at."""

    def __init__(
        self, settings: Settings, parent: QWidget | None = None, runner: Runner | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.settings = settings
        self.runner = runner or Runner(self)
        self.spec: Spec = by_key()[FIRST].spec()
        self.example = FIRST
        self.problem: Problem | None = None
        self.frame: Frame | None = None
        self.own: owndata.Painted = [*owndata.START]
        self.sample = -1
        """Which sample of the training data is looked at; -1 for none."""
        self._learned_with: Spec | None = None
        """The specification of the last update that was shown."""
        self._asked_at = 0
        self._class_names: tuple[str, ...] = ()
        self.about: Mapping[str, Any] = {}
        """What else is known of the data, for a document that keeps them."""
        self._take_parts()
        self.runner.framed.connect(self.show_frame)
        self.retranslate()
        self.choose_example(FIRST)

    # --- parts ------------------------------------------------------------------------------

    def _take_parts(self) -> None:
        body = self.body = Body(self)
        self.row, self.form, self.brushes, self.foot = body.row, body.form, body.brushes, body.foot
        self.notice, self.note = body.notice, body.note
        self.tabs, self.pages = body.tabs, body.pages
        self.hand = HandEdits(self)
        self.row.asked.connect(self._do)
        self.row.example_chosen.connect(self.choose_example)
        self.row.pace_chosen.connect(self.set_pace)
        self.row.changed.connect(self.choose)
        self.form.changed.connect(self.choose)
        self.brushes.cleared.connect(lambda: self.use_points([]))
        self.notice.rewound.connect(self.rewind)
        self.tabs.currentChanged.connect(lambda _: self.runner.refresh())
        self.foot.limited.connect(self.set_limit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        # Where it is lower than its own bars, all of it scrolls: nothing is pressed flat.
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        column.addWidget(area)
        self.setMinimumWidth(420)

    @property
    def page(self) -> NetworkPage:
        """The first page: network, outputs, curves."""
        page = self.pages["network"]
        assert isinstance(page, NetworkPage)
        return page

    # --- which run --------------------------------------------------------------------------

    def choose_example(self, key: str) -> None:
        """Begin with one of EXAMPLES, with painted points, or with a table from a file."""
        if key == "own_points":
            self.use_points(self.own or [*owndata.START])
            return
        if key == "document":
            # It is there only while it is what is trained.
            return
        if key == "own_table":
            self._ask_for_table()
            self.row.show_spec(self.spec, self.example)
            return
        chosen = by_key()[key]
        self._leave_run()
        self.example, self.about = key, {}
        self.body.tell_note(tr(chosen.note))
        easy = chosen.use == "classification" and key not in ("spiral", "arms")
        self.set_pace(SLOW if easy else 0)
        self._begin(chosen.spec())

    def use_points(self, own: owndata.Painted) -> None:
        """Learn from points that one paints."""
        before = self.spec if self.example == "own_points" else None
        if before is None:
            self._leave_run()
            self.set_pace(SLOW)
        self.example, self.own = "own_points", list(own)
        self.about = {"painted": owndata.brushes_of(self.own)} if own else {}
        self.body.tell_note(tr(PAINT))
        self.row.show_spec(self.spec, self.example)
        if not own:
            self.runner.play(False)
            if isinstance(self.page.view, PlaneView):
                self.page.view.paint_points(True, [])
            return
        self._begin(owndata.of_points(self.own, before), keep=True)

    def use_table(
        self,
        data: Data,
        name: str,
        *,
        classes: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """Learn from a table: numbers, or these classes; `notes` say what was done to it."""
        self._leave_run()
        self.example, self.about = "own_table", about or {"title": name}
        self._class_names = classes
        self.body.tell_note(name, "\n".join(notes))
        self.set_pace(0)
        self._begin(owndata.of_table(data, numbers=not classes))

    def take(self, trainer: Trainer, about: Mapping[str, Any]) -> None:
        """Show a network that a document kept, paused where it stood."""
        self._keep_run()
        self.example, self.about = "document", about
        self._class_names = tuple(about.get("classes", ()))
        self.body.tell_note(str(about.get("title", "")))
        painted = owndata.painted_again(trainer.data, about.get("painted", ()))
        if painted is not None:
            self.example, self.own = "own_points", painted
            self.body.tell_note(tr(PAINT))
        self.row.show_playing(False)
        looks = self._show_problem(Problem(trainer.spec, trainer.data, self._names()))
        self.runner.post(lambda engine: engine.take(trainer, looks))

    def _ask_for_table(self) -> None:
        from bpstudio.ui.trainer.tabledialog import ask_for_table

        ask_for_table(self)

    def choose(self, field: Field, value: Any) -> None:
        """Put a value in place; the run goes on where it can."""
        try:
            self.change(field.write(self.spec, value))
        except NetworkError as refused:
            self.notice.tell(refusal_of(tr(field.title), refused))
            self._show_choices()

    def change(self, spec: Spec) -> None:
        """Another specification. Raises NetworkError and changes nothing where it cannot be."""
        changed = differing(self.spec, spec)
        if not changed:
            self._show_choices()
            return
        if set(changed) <= set(KEEPS):
            check(spec, self._data())
            self.spec = spec
            self.runner.change(**changed)
            self._clear_refusal()
            self._show_choices()
            return
        spec.check()
        run, before = self._run(), self.example
        self._follow_data(spec)
        if run is not None and self.example != before:
            self.page.curves.keep(*run)
            run = None
        try:
            self._begin(spec)
        except NetworkError:
            self.example = before
            raise
        if self.example != before:
            self.body.tell_note(tr(by_key()[self.example].note))
        if run is not None:
            self.page.curves.keep(*run)

    def _follow_data(self, spec: Spec) -> None:
        """Other data under the same network are another example: its name and note belong there."""
        now, then = self.spec.data, spec.data
        if isinstance(now, Dataset) and isinstance(then, Dataset) and now.name != then.name:
            self.example = key_of(then, spec.network.sizes[-1]) or self.example

    def widen(self, layer: int, by: int) -> None:
        """More or fewer units in a hidden layer."""
        self._reshape(widened(self.spec.network.sizes, layer, by))

    def deepen(self, by: int) -> None:
        """One hidden layer more, as wide as the last, or one less."""
        self._reshape(deepened(self.spec.network.sizes, by))

    def _reshape(self, sizes: tuple[int, ...]) -> None:
        try:
            self.change(with_sizes(self.spec, sizes))
        except NetworkError as refused:
            self.notice.tell(reason_of(refused))

    @property
    def problem_data(self) -> Data:
        """The samples of the run that is shown."""
        return self._data()

    def pick(self, index: int) -> None:
        """Look at another sample; those of the test count on from those of training."""
        self.sample = index
        if isinstance(self.page.view, PlaneView):
            self.page.view.show_picked(index)
        self.picked.emit(index)

    def _data(self) -> Data:
        assert self.problem is not None
        return self.problem.data

    def _begin(self, spec: Spec, *, keep: bool = False) -> None:
        """A new run; `keep` goes on with the weights there are."""
        problem = problem_of(spec, self.problem, self._names(), self)
        looks = self._show_problem(problem, keep=keep)
        self.runner.use(replace(spec, data=problem.data), looks, keep=keep)
        self.runner.limit(self.foot.limit.value())

    def _names(self) -> tuple[str, ...]:
        return self._class_names if self.example in ("own_table", "document") else ()

    def _show_problem(self, problem: Problem, *, keep: bool = False) -> Mapping[str, Look]:
        """Let every page begin with it; answers what they want to see of the run."""
        self.spec, data, spec = problem.spec, problem.data, problem.spec
        self.hand.clear()
        if self.problem is None or self.problem.data is not data:
            last = len(data.inputs) + len(data.test_inputs) - 1
            self.sample = min(self.sample, last) if keep else -1
        self.problem = problem
        self.page.curves.show_problem(f"{self.example} {self.about.get('title', '')}", spec.data)
        self._clear_refusal()
        for page in self.pages.values():
            page.begin(problem)
        self._show_choices()
        return self._looks()

    def _looks(self) -> Mapping[str, Look]:
        made: dict[str, Look] = {}
        for page in self.pages.values():
            made.update(page.looks())
        return made

    def _run(self) -> tuple[str, Curve, Spec] | None:
        """What was reached so far, with its name."""
        if self.frame is None or self.problem is None:
            return None
        # What was chosen after the last update has no part in it.
        spec = replace(self._learned_with or self.spec, data=self.spec.data)
        return name_of(spec, self._title()), self.frame.curve, spec

    def _leave_run(self) -> None:
        self.leaving.emit()
        self._keep_run()

    def _keep_run(self) -> None:
        """Leave what was reached so far as a faint curve."""
        run = self._run()
        if run is not None:
            self.page.curves.keep(*run)

    @property
    def title(self) -> str:
        """What is trained and in which shape."""
        return f"{self._title()} {'-'.join(map(str, self.spec.network.sizes))}"

    def _title(self) -> str:
        key, data = self.example, self.spec.data
        if isinstance(data, Dataset) and key not in by_key():
            # A document may keep a generated set.
            key = key_of(data, self.spec.network.sizes[-1])
            if not key:
                return tr(DATASETS[data.name].title)
        example = by_key().get(key)
        return tr(example.title) if example is not None else tr("Your own data")

    def _show_choices(self) -> None:
        self.row.show_spec(self.spec, self.example)
        self.form.show_spec(self.spec)
        self.brushes.setVisible(self.example == "own_points")

    # --- playing ----------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether training goes on."""
        return self.frame is not None and self.frame.playing

    def toggle(self) -> None:
        """Play or pause."""
        self.notice.pass_good_news()
        self.runner.play(not self.row.playing)
        self.row.show_playing(not self.row.playing)

    def pause(self) -> None:
        """Stop training, if it goes on."""
        if self.row.playing:
            self.toggle()

    def step(self) -> None:
        """One update, then pause."""
        self.notice.pass_good_news()
        self.runner.step()

    def rewind(self) -> None:
        """Pause at the same start; what was reached stays as a faint curve."""
        self.notice.pass_good_news()
        self._keep_run()
        self.hand.clear()
        self.row.show_playing(False)
        self.runner.rewind()

    def _do(self, key: str) -> None:
        if key == "play":
            self.toggle()
        elif key == "settings":
            self.body.show_settings(self.row.settings.isChecked())
        elif key == "detach":
            self.detach_wanted.emit()
        elif key == "as_graph":
            self.as_graph_wanted.emit()
        elif key == "rewind":
            self.rewind()
        else:
            self.notice.pass_good_news()
            getattr(self.runner, key)()

    def set_pace(self, updates: int) -> None:
        """So many updates per second; 0: as many as there can be."""
        self.row.show_pace(updates)
        self.runner.pace(updates)

    def set_limit(self, epochs: int) -> None:
        """Stop after so many epochs; 0: never."""
        self.runner.limit(epochs)

    # --- frames -----------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """Show the newest state of the run, on the page looked at."""
        if self.problem is None or frame.data is not self._data():
            # Of a run that was just left: its shapes are not these any more.
            if frame.refusal:
                self.notice.tell(frame.refusal)
            return
        if self.frame is None or frame.updates != self.frame.updates:
            self._learned_with = frame.spec if frame.updates else None
        self.frame = frame
        settled = frame.answered == self.runner.engine.asked
        if settled:
            self.row.show_playing(frame.playing)
        page = self.tabs.currentWidget()
        if isinstance(page, NetworkPage | Later) and self._fits(frame):
            page.show_frame(frame)
        self.foot.show_frame(frame)
        self._show_faults(frame)

    def _fits(self, frame: Frame) -> bool:
        assert self.problem is not None
        return frame.spec.network.sizes == self.problem.spec.network.sizes

    def _show_faults(self, frame: Frame) -> None:
        new = frame.number > self._asked_at
        if self.notice.tell_of(frame.fault, frame.refusal if new else ""):
            self._clear_refusal()

    def tell(self, sentence: str, *, good: bool = False) -> None:
        """Say something on the panel, until the next choice; good news do not warn."""
        self.notice.tell(sentence, good=good)

    def _clear_refusal(self) -> None:
        self.notice.clear()
        self._asked_at = self.frame.number if self.frame is not None else 0

    # --- points of one's own ----------------------------------------------------------------

    def painting_on(self, view: PlaneView) -> None:
        """Let a plane paint, if that is what is being learned from."""
        self.brushes.paint_on(view, self.own if self.example == "own_points" else None)
        view.painted.connect(self._painted)

    def _painted(self, points: np.ndarray) -> None:
        self.use_points([(x, y, int(label)) for x, y, label in points.tolist()])

    # --- end, language ----------------------------------------------------------------------

    def shut(self) -> None:
        """Stop everything; the next play starts it again."""
        self.runner.close()
        self.row.show_playing(False)
        for page in self.pages.values():
            if isinstance(page, Later):
                page.shut()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setWindowTitle(tr("Training"))
        self.setAccessibleName(tr("Training"))
        self.body.retranslate()
        example = by_key().get(self.example)
        if example is not None:
            self.body.tell_note(tr(example.note))

    def event(self, event: QEvent) -> bool:
        # Claimed before the window's own Undo; what is typed in a field goes back there first.
        keys = QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress
        if event.type() in keys and isinstance(event, QKeyEvent) and self.hand.heed(event):
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


__all__ = ["EXAMPLES", "TrainingPanel"]
