"""The editable facts of one node: its label, its parameters, its seed.

A field takes its text on Enter or when it is left; a refusal is a sentence below it and the old
value comes back with Esc. The form only calls edits and `document.do`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from bpstudio.core import edits
from bpstudio.core.graph import GraphError, Group, Node, Note, Patch
from bpstudio.core.numbers import MINUS, plain, read, read_column, spelt
from bpstudio.language import N_, tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.reading import is_long

TITLES = {
    "value": N_("value"),
    "trainable": N_("trainable"),
    "inputs": N_("inputs"),
    "slope": N_("slope"),
}
"""Parameters with a word for a name; c, a and p are called as in the formula."""


class Field(QLineEdit):
    """A line that is taken on Enter or on leaving. `take` raises ValueError or GraphError."""

    def __init__(self, take: Callable[[str], None], refused: Callable[[str], None]) -> None:
        super().__init__()
        self._take, self._refused = take, refused
        self._known = ""
        self.editingFinished.connect(self._finish)

    def show_text(self, text: str) -> None:
        """Show the document's text unless somebody is typing."""
        if text == self._known and not self.isModified():
            return
        typing = self.hasFocus() and self.isModified()
        self._known = text
        if not typing:
            self.setText(text)
            # The sign and the first digits are what must be seen where not all of them fit.
            self.home(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._known)
            self._refused("")
            return
        super().keyPressEvent(event)

    def _finish(self) -> None:
        if not self.isModified():
            return
        text = self.text().strip()
        try:
            self._take(text)
        except (ValueError, GraphError) as fault:
            sentence = str(fault)
            if not isinstance(fault, GraphError):
                sentence = tr("“{text}” is not a number.", text=text[:40])
            self._refused(sentence)
            return
        self._refused("")
        # What was typed stands until the document's own spelling of it arrives.
        self._known = text
        self.setModified(False)


class Fields(QWidget):
    """The form for one node, group or frame; `show_item` fills it, made anew for another kind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._form = QFormLayout(self)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._document: Document | None = None
        self._item = ""
        self._shape: tuple[str, ...] = ()
        self.rows: dict[str, Field | QCheckBox] = {}
        self.fault = QLabel()
        self.fault.setObjectName("fault")
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setWordWrap(True)
        theme.appearance().changed.connect(self._size)
        self._size()

    def _size(self, _: object = None) -> None:
        self._form.setContentsMargins(0, theme.px(8), 0, 0)
        self._form.setHorizontalSpacing(theme.px(12))
        self._form.setVerticalSpacing(theme.px(8))

    def show_item(self, document: Document | None, item: Node | Group | Note | None) -> None:
        """Show the facts of this node, group or frame; nothing for None."""
        names = _names(document, item)
        self._document = document
        key = item.id if item is not None else ""
        if (key, *names) != self._shape:
            self._rebuild((key, *names), names)
        self._item = key
        self.setVisible(bool(names))
        if isinstance(item, Node) and document is not None:
            self._fill(document, item)
        elif isinstance(item, Group):
            self._field("label").show_text(item.title)
        elif isinstance(item, Note):
            self._field("label").show_text(item.text)

    def retranslate(self) -> None:
        """Make the form anew in the chosen language."""
        names = tuple(self.rows)
        self._rebuild(self._shape, names)

    def _fill(self, document: Document, node: Node) -> None:
        graph = document.graph
        gate = graph.gate(node)
        for name, row in self.rows.items():
            if name == "label":
                self._field(name).show_text(node.label)
                self._field(name).setPlaceholderText(node.id)
            elif name == "seed":
                seed = graph.seeds.get(node.id)
                self._field(name).show_text("" if seed is None else _typed(seed))
            elif gate is not None:
                value = node.params.get(name, gate.params.get(name, 0.0))
                if isinstance(row, QCheckBox):
                    blocked = row.blockSignals(True)
                    row.setChecked(bool(value))
                    row.blockSignals(blocked)
                else:
                    many = is_long(value)
                    row.setReadOnly(many)
                    row.show_text(tr("{n} samples", n=f"{len(value):,}") if many else spelt(value))

    def _field(self, name: str) -> Field:
        row = self.rows[name]
        assert isinstance(row, Field)
        return row

    def _rebuild(self, form: tuple[str, ...], names: tuple[str, ...]) -> None:
        self._form.removeWidget(self.fault)
        while self._form.rowCount():
            self._form.removeRow(0)
        self._shape = form
        self.rows = {}
        for name in names:
            title = self._title(name)
            row = self._make(name)
            row.setAccessibleName(title)
            row.setObjectName(f"field_{name}")
            label = QLabel(title)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setObjectName("quiet")
            label.setBuddy(row)
            self._form.addRow(label, row)
            self.rows[name] = row
        self.fault.setText("")
        self.fault.hide()
        self._form.addRow(self.fault)

    def _make(self, name: str) -> Field | QCheckBox:
        if name == "trainable":
            box = QCheckBox()
            box.toggled.connect(lambda on: self._set("trainable", on))
            return box
        take = {"label": self._rename, "seed": self._seed}.get(name)
        # A batch typed where one number belongs is refused by name: see edits.
        field = Field(take or (lambda text: self._set(name, read_column(text))), self._refuse)
        if name == "seed":
            field.setPlaceholderText(tr("automatic"))
        if name != "label":
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        return field

    def _title(self, name: str) -> str:
        if name == "label":
            return tr("name")
        if name == "seed":
            return tr("seed")
        return tr(TITLES[name]) if name in TITLES else name

    def _rename(self, text: str) -> None:
        self._do(lambda document: edits.rename(document.committed, self._item, text))

    def _seed(self, text: str) -> None:
        value = read(text) if text else None
        self._do(lambda document: edits.set_seed(document.committed, self._item, value))

    def _set(self, name: str, value: float | tuple[float, ...] | bool) -> None:
        self._do(lambda document: edits.set_param(document.committed, self._item, name, value))

    def _do(self, edit: Callable[[Document], Patch]) -> None:
        if self._document is not None:
            self._document.do(edit(self._document))

    def _refuse(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        if sentence and self._document is not None:
            self._document.say(sentence)


def _names(document: Document | None, item: Node | Group | Note | None) -> tuple[str, ...]:
    if item is None or document is None:
        return ()
    if isinstance(item, Group | Note):
        return ("label",)
    gate = document.graph.gate(item)
    if gate is None:
        return ("label",)
    return ("label", *gate.params, "seed")


def _typed(value: float) -> str:
    """All digits, as a person would type them."""
    return plain(value).replace("-", MINUS)
