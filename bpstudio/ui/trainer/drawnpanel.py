"""Train the graph that is drawn: what learns, on which data, towards which loss, and how fast.

Beside the work, for one document. Marking an input is an edit of the graph; everything else here
is a wish that the trainer hears at the next play.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QToolButton, QVBoxLayout

from bpstudio.core.graph import Node, Patch
from bpstudio.language import tr
from bpstudio.nn.drawn import DrawnError, DrawnTrainer
from bpstudio.nn.faults import NetworkError
from bpstudio.ui import icons, theme
from bpstudio.ui.changes import structural
from bpstudio.ui.trainer.curves import Curves
from bpstudio.ui.trainer.drawnchoices import DrawnChoices
from bpstudio.ui.trainer.drawnform import DrawnForm
from bpstudio.ui.trainer.drawnrun import DrawnRun, fault_node
from bpstudio.ui.trainer.engine import Frame
from bpstudio.ui.trainer.foot import Foot
from bpstudio.ui.trainer.host import DRAWN
from bpstudio.ui.trainer.noticebar import NoticeBar
from bpstudio.ui.trainer.transport import BUTTONS

if TYPE_CHECKING:
    from bpstudio.ui.document import Document
    from bpstudio.ui.window import Window

MOST_KEPT = 1_000_000
"""Numbers of a table that a document keeps for its graph: as text they take up to 20 MB."""


class DrawnPanel(QDialog):
    """Wishes above, the run below; closing it leaves what was learned in the graph."""

    def __init__(self, window: Window, document: Document) -> None:
        super().__init__(window)
        self.setObjectName(DRAWN)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window, self.document = window, document
        self.run: DrawnRun | None = None
        self._stale = True
        self._make_parts()
        self._lay_out()
        self.retranslate()
        document.patched.connect(self._patched)
        window.session.closed.connect(self._closed)
        self.resize(theme.room(self, 520, 760))
        self.choices.begin()

    # --- parts ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        form = self.form = DrawnForm()
        form.ruled.connect(self._changed)
        form.paced.connect(self._set_pace)
        form.inputs.pointed.connect(self._show_node)
        self.curves, self.foot = Curves(), Foot()
        self.notice = NoticeBar(self.curves)
        self.notice.rewound.connect(self.rewind)
        self.curves.setMinimumHeight(theme.px(160))
        # A graph's loss has no accuracy; how long it takes shows once there is a limit.
        self.curves.accuracy.hide()
        self.foot.progress.hide()
        self.foot.limited.connect(self._limit)
        self.choices = DrawnChoices(
            self._window, self.document, form, self.foot.limit, lambda: self.run is not None
        )
        self.choices.changed.connect(self._choices_changed)
        self.choices.refused.connect(self.notice.tell)
        self.choices.mended.connect(self.notice.clear)
        self.buttons: dict[str, QToolButton] = {}
        for key, icon, _ in BUTTONS:
            button = self.buttons[key] = QToolButton()
            button.setObjectName(f"drawn_{key}")
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(20, 20))
            button.clicked.connect(lambda _=False, key=key: getattr(self, key)())

    def _lay_out(self) -> None:
        play = QHBoxLayout()
        play.setSpacing(6)
        for button in self.buttons.values():
            play.addWidget(button)
        play.addWidget(self.foot, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.form, 2)
        column.addLayout(play)
        column.addWidget(self.curves, 1)

    def _stand_aside(self) -> None:
        """At the window's right edge: the graph stays in sight."""
        area, screen = self._window.geometry(), self.screen().availableGeometry()
        left = max(screen.left(), min(area.right(), screen.right()) - self.width() - 12)
        top = max(screen.top(), min(area.top() + 64, screen.bottom() - self.height() - 40))
        self.move(left, top)

    def _choices_changed(self) -> None:
        self._stale = True

    # --- the graph changes ------------------------------------------------------------------

    def _patched(self, patch: Patch) -> None:
        if self.document.graph is not self.document.committed:
            return
        marked = any(
            isinstance(old, Node)
            and isinstance(new, Node)
            and (old.params.get("trainable"), old.label) != (new.params.get("trainable"), new.label)
            for old, new in patch.touched(Node)
        )
        if structural(patch) or marked:
            before = self.form.loss_node
            self.choices.follow_graph()
            # A run goes on with a graph that was edited; another loss or input needs a new one.
            self._stale = self._stale or before != self.form.loss_node or marked
            # What was missing may be there now.
            self.notice.clear()

    # --- playing ----------------------------------------------------------------------------

    def play(self) -> None:
        """Train, or pause."""
        if self.run is not None and self.run.playing:
            self.run.runner.play(False)
        elif (run := self._ready()) is not None:
            run.runner.play(True)

    def step(self) -> None:
        """One update."""
        if (run := self._ready()) is not None:
            run.runner.step()

    def epoch(self) -> None:
        """The rest of the epoch."""
        if (run := self._ready()) is not None:
            run.runner.epoch()

    def rewind(self) -> None:
        """Back to the numbers that the training began with."""
        self.notice.clear()
        if self.run is not None:
            self.run.runner.rewind()

    def _ready(self) -> DrawnRun | None:
        """The run as wished for, a new one where it must be; None where that is refused."""
        if self.run is not None and not self._stale:
            return self.run
        self.stop()
        try:
            trainer = DrawnTrainer(
                self.document.committed,
                self.form.loss_node,
                self.choices.bindings,
                self.choices.columns.values,
                **self.form.rules(),
            )
        except NetworkError as refused:
            self.refuse(str(getattr(refused, "reason", refused)), getattr(refused, "node", ""))
            return None
        except ValueError:
            self.refuse(tr("“{text}” is not a number.", text=self.form.rate.text()[:40]))
            return None
        self.notice.clear()
        self.choices.keep()
        canvas = self._window.tabs.canvas_of(self.document)
        self.run = DrawnRun(self.document, trainer, lambda: bool(canvas.tools.busy), self)
        self.run.framed.connect(self._framed)
        self.run.refused.connect(self.refuse)
        self.run.runner.limit(self.foot.limit.value())
        self._set_pace()
        self._stale = False
        return self.run

    def _changed(self, *_: object) -> None:
        """Rules of the run change while it goes on."""
        if self.run is None or self._stale:
            return
        try:
            wanted = self.form.rules()
        except ValueError:
            self.refuse(tr("“{text}” is not a number.", text=self.form.rate.text()[:40]))
            return
        spec = self.run.trainer.spec
        wanted = {key: value for key, value in wanted.items() if getattr(spec, key) != value}
        if wanted:
            self.notice.clear()
            self.run.runner.change(**wanted)
            self.choices.keep()

    def _limit(self, epochs: int) -> None:
        if self.run is not None:
            self.run.runner.limit(epochs)
            self.choices.keep()

    def _set_pace(self) -> None:
        if self.run is not None:
            self.run.runner.pace(self.form.pace.currentData())
            self.choices.keep()

    def stop(self) -> None:
        """Let a run go; what it learned stays in the graph."""
        if self.run is not None:
            run, self.run = self.run, None
            self._keep_curve(run)
            run.close()
            run.deleteLater()

    def _keep_curve(self, run: DrawnRun) -> None:
        if run.frame is not None:
            self.curves.keep(tr("before"), run.frame.curve)

    def _framed(self, frame: Frame) -> None:
        self.curves.show_frame(frame)
        self.foot.show_frame(frame)
        self._show_playing(frame.playing)
        if frame.fault and self.run is not None:
            if not self.notice.knows(frame.fault):
                self.notice.tell(frame.fault, rewind=True)
                self._show_node(fault_node(self.run.trainer))
        elif frame.refusal:
            self.notice.tell(frame.refusal)
        elif self.notice.offers_rewind:
            self.notice.clear()

    def _show_playing(self, playing: bool) -> None:
        words = tr("Pause") if playing else tr("Train")
        button = self.buttons["play"]
        if button.accessibleName() != words:
            button.setIcon(icons.icon("pause" if playing else "play"))
            button.setToolTip(words)
            button.setAccessibleName(words)

    # --- refusals ---------------------------------------------------------------------------

    def refuse(self, sentence: str, node: str = "") -> None:
        """Say why not, and show the gate that it is about."""
        self.notice.tell(sentence)
        self.document.say(sentence)
        self._show_node(node)

    def _show_node(self, node: str) -> None:
        if node and node in self.document.committed.nodes:
            self.document.select([node])
            self._window.tabs.canvas_of(self.document).reveal(node)

    # --- end, language ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Enter takes a number; it must not press a button as well.
            event.accept()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._stand_aside()

    def _closed(self, document: Document) -> None:
        if document is self.document:
            self.close()

    def done(self, result: int) -> None:
        self._end()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        super().closeEvent(event)

    def _end(self) -> None:
        self.choices.reading.stop()
        self.stop()
        # Back in the window the next thing is to look at the graph, or to undo what was learned:
        # a field that had the keys before would undo its own text.
        if self.document is self._window.document:
            self._window.tabs.canvas_of(self.document).setFocus()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setWindowTitle(tr("Train this graph: {name}", name=self.document.title))
        self.choices.retranslate()
        for key, _, title in BUTTONS:
            self.buttons[key].setToolTip(tr(title))
            self.buttons[key].setAccessibleName(tr(title))
        self.buttons["play"].setAccessibleName("")
        self._show_playing(False)


def open_drawn(window: Window) -> DrawnPanel | None:
    """Show the panel of the document that is looked at; one for each document."""
    document = window.document
    if document is None:
        return None
    for child in window.findChildren(DrawnPanel):
        if child.document is document:
            child.show()
            child.raise_()
            child.activateWindow()
            return child
    made = DrawnPanel(window, document)
    made.show()
    return made


__all__ = ["DrawnError", "DrawnPanel", "open_drawn"]
