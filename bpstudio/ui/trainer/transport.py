"""The quiet row over the network: what is trained, play and step, how fast, what one turns most."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from bpstudio.language import N_, tr
from bpstudio.nn.spec import Spec
from bpstudio.ui import icons
from bpstudio.ui import theme as themes
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.trainer import editors, fields
from bpstudio.ui.trainer.calm import calm
from bpstudio.ui.trainer.examples import EXAMPLES, USES

OWN = {"own_points": N_("Points you paint"), "own_table": N_("A table from a file …")}
"""Data of one's own, offered below the examples."""
KEPT = "document"
"""The example that a document brings."""
QUICK = ("learning_rate", "activation", "l2")
"""Fields that stand in the row; all of them are in the settings."""
PACES = (10, 100, 1_000, 10_000, 0)
"""Updates per second; 0: as many as there can be."""
ROOMY = 660
"""From this width on the settings' button says what it is beside its picture."""
NARROW = 560
"""Below this width the row has two lines, not four: what is turned less is in the settings."""
_LETTERS, _TITLE = 13, 235
"""Of an example's title, as many as are seen at least; its width where there is room, px."""
_LESS = ("activation", "l2")
BUTTONS = (
    ("rewind", "first", N_("Back to the same start")),
    ("play", "play", N_("Play")),
    ("step", "once", N_("One update")),
    ("epoch", "last", N_("To the end of the epoch")),
)


class Transport(QWidget):
    """Wishes of the row; the panel fulfils them."""

    asked = Signal(str)
    """One of BUTTONS, or "settings", "detach"."""
    example_chosen = Signal(str)
    pace_chosen = Signal(int)
    changed = Signal(object, object)
    """A field and the value chosen for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_row")
        row = self._row = FlowLayout(self, gap=10)
        row.setContentsMargins(12, 8, 12, 8)
        self.examples = QComboBox()
        self.examples.setMinimumContentsLength(_LETTERS)
        self.examples.setMaxVisibleItems(24)
        # A list with a scroll bar: as a menu its arrows lie over half of an entry.
        needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.examples.view().setVerticalScrollBarPolicy(needed)
        self.examples.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.examples.activated.connect(self._choose)
        self.pace = QComboBox()
        self.pace.activated.connect(lambda _: self.pace_chosen.emit(self.pace.currentData()))
        self.quick: dict[str, editors.Captioned] = {}
        self._captions = [editors.Captioned(self.examples), editors.Captioned(self.pace)]
        row.addWidget(self._captions[0])
        row.addWidget(self._make_buttons())
        row.addWidget(self._captions[1])
        for key in QUICK:
            field = fields.by_key(key)
            editor = editors.make(field)
            editor.chosen.connect(lambda value, field=field: self.changed.emit(field, value))
            self.quick[key] = editors.Captioned(editor)
            row.addWidget(self.quick[key])
        self.settings = self._button("settings", "settings")
        self.settings.setCheckable(True)
        self.detach = self._button("detach", "detach")
        self.as_graph = self._button("as_graph", "gates")
        self.more = self._button("more", "more")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        # In a row of their own they stand together, or none of them does.
        self._tools = _together(self.settings, self.as_graph, self.more, self.detach)
        row.addWidget(self._tools)
        self._narrow = False
        self._widen_examples()
        calm(self)
        self._order_of_focus()
        self.playing = self._floating = False
        themes.appearance().changed.connect(self._dress)
        self.retranslate()

    def _order_of_focus(self) -> None:
        """As the row reads, whatever was made first."""
        order = [self.examples, *self.buttons.values()]
        order += [self.settings, self.pace] if self._narrow else [self.pace]
        order += [captioned.editor.entry for captioned in self.quick.values()]
        order += [self.as_graph, self.more, self.detach]
        if not self._narrow:
            order.insert(-3, self.settings)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _make_buttons(self) -> QWidget:
        self.buttons = {key: self._button(key, icon) for key, icon, _ in BUTTONS}
        return _together(*self.buttons.values())

    def _button(self, key: str, icon: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"training_{key}")
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(themes.px(20), themes.px(20)))
        button.setProperty("drawn", icon)
        button.clicked.connect(lambda _=False: self.asked.emit(key))
        return button

    # --- what it shows ----------------------------------------------------------------------

    def show_spec(self, spec: Spec, example: str) -> None:
        """Show these choices."""
        for captioned in self.quick.values():
            captioned.editor.show_spec(spec)
        with QSignalBlocker(self.examples):
            self._show_kept(example == KEPT)
            self.examples.setCurrentIndex(max(0, self.examples.findData(example)))

    def _show_kept(self, on: bool) -> None:
        """The network of the document is offered only while it is what is trained."""
        at = self.examples.findData(KEPT)
        if on and at < 0:
            self.examples.addItem(tr("The document’s network"), KEPT)
        elif at >= 0 and not on:
            self.examples.removeItem(at)

    def show_playing(self, playing: bool) -> None:
        """Play or pause on the button."""
        if playing != self.playing:
            self.playing = playing
            self._dress()
            self._name_play()

    def show_pace(self, pace: int) -> None:
        """Show how fast it goes."""
        with QSignalBlocker(self.pace):
            self.pace.setCurrentIndex(max(0, self.pace.findData(pace)))

    def show_floating(self, floating: bool) -> None:
        """Say where the detach button takes the panel."""
        self._floating = floating
        words = tr("Dock beside the graph") if floating else tr("Open in a window of its own")
        self.detach.setToolTip(words)
        self.detach.setAccessibleName(words)

    def _choose(self, _: int) -> None:
        self.example_chosen.emit(self.examples.currentData())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        self._fit(self.width() < themes.length(NARROW))
        roomy = self.width() >= themes.length(ROOMY)
        # Without its word all choices stand in two lines.
        self.settings.setToolButtonStyle(
            styles.ToolButtonTextBesideIcon if roomy else styles.ToolButtonIconOnly
        )

    def _fit(self, narrow: bool) -> None:
        """Two lines in a narrow panel: what nobody would miss while it learns gives way."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for key in _LESS:
            self.quick[key].setVisible(not narrow)
        self._widen_examples()
        tools = self._tools.layout()
        assert isinstance(tools, QHBoxLayout)
        if narrow:
            tools.removeWidget(self.settings)
            self._row.insert_widget(2, self.settings)
        else:
            self._row.removeWidget(self.settings)
            tools.insertWidget(0, self.settings)
        self._order_of_focus()

    def _widen_examples(self) -> None:
        self.examples.setMinimumWidth(0 if self._narrow else themes.px(_TITLE))

    # --- dress and language -----------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self._fill_examples()
        self._fill_paces()
        self._captions[0].say(tr("Example"))
        self._captions[1].say(tr("Updates per second"))
        self.examples.setAccessibleName(tr("Example"))
        self.pace.setAccessibleName(tr("Updates per second"))
        for key, captioned in self.quick.items():
            captioned.say(tr(fields.by_key(key).title))
            captioned.editor.name()
        for key, _, title in BUTTONS:
            self.buttons[key].setToolTip(tr(title))
            self.buttons[key].setAccessibleName(tr(title))
        self.settings.setText(tr("Settings"))
        self.settings.setAccessibleName(tr("Settings"))
        self.settings.setToolTip(tr("Show all settings of data, network and training"))
        self.as_graph.setToolTip(tr("Open the network as gates, with one sample (F12)"))
        self.as_graph.setAccessibleName(tr("Open as gate graph"))
        self.more.setToolTip(tr("Keep, export, check"))
        self.more.setAccessibleName(tr("More about the network"))
        self._name_play()
        self.show_floating(self._floating)

    def _name_play(self) -> None:
        words = tr("Pause") if self.playing else tr("Play")
        self.buttons["play"].setToolTip(words)
        self.buttons["play"].setAccessibleName(words)

    def _fill_examples(self) -> None:
        chosen = self.examples.currentData()
        with QSignalBlocker(self.examples):
            self.examples.clear()
            for use, title in USES.items():
                self._heading(tr(title))
                for example in EXAMPLES:
                    if example.use == use:
                        self.examples.addItem(tr(example.title), example.key)
            self._heading(tr("Your own data"))
            for key, title in OWN.items():
                self.examples.addItem(tr(title), key)
            self._show_kept(chosen == KEPT)
            self.examples.setCurrentIndex(max(1, self.examples.findData(chosen)))

    def _heading(self, title: str) -> None:
        self.examples.addItem(title)
        model = self.examples.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(self.examples.count() - 1)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(themes.font(themes.length(11), bold=True))

    def _fill_paces(self) -> None:
        chosen = self.pace.currentData()
        with QSignalBlocker(self.pace):
            self.pace.clear()
            for pace in PACES:
                title = f"{pace:,}" if pace else tr("Full speed")
                self.pace.addItem(title, pace)
            self.pace.setCurrentIndex(
                max(0, self.pace.findData(chosen if chosen is not None else 0))
            )

    def _dress(self, _: object = None) -> None:
        for button in (
            *self.buttons.values(),
            self.settings,
            self.as_graph,
            self.more,
            self.detach,
        ):
            button.setIcon(icons.icon(str(button.property("drawn"))))
            button.setIconSize(QSize(themes.px(20), themes.px(20)))
        if self.playing:
            self.buttons["play"].setIcon(icons.icon("pause"))
        self._widen_examples()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def _together(*parts: QWidget) -> QWidget:
    """These side by side as one."""
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        row.addWidget(part)
    return group
