"""All settings of a run in a narrow column: FIELDS under their sections, shown or hidden as they
mean something."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from bpstudio.language import tr
from bpstudio.nn.spec import Spec
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import editors
from bpstudio.ui.trainer.calm import calm
from bpstudio.ui.trainer.fields import FIELDS, SECTIONS, Field

WIDTH = 320
_ANY = 16_777_215
"""Qt's QWIDGETSIZE_MAX: no limit."""


class Form(QScrollArea):
    """`changed` carries a field and the value chosen for it."""

    changed = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_settings")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fill(False)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 8, 12, 16)
        column.setSpacing(6)
        self.headings: dict[str, QLabel] = {}
        self.editors: dict[str, editors.Editor] = {}
        self.titles: dict[str, QLabel] = {}
        for section in SECTIONS:
            heading = self.headings[section] = QLabel()
            heading.setObjectName("section_heading")
            heading.setContentsMargins(0, 10, 0, 2)
            column.addWidget(heading)
            form = QFormLayout()
            form.setHorizontalSpacing(10)
            form.setVerticalSpacing(6)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            column.addLayout(form)
            for field in FIELDS:
                if field.section == section:
                    self._add(form, field)
        column.addStretch(1)
        self.setWidget(body)
        calm(body)
        self.retranslate()

    def fill(self, whole: bool) -> None:
        """Take all the width there is, or stand beside something."""
        wide = themes.px(WIDTH)
        self.setMinimumWidth(wide)
        self.setMaximumWidth(_ANY if whole else wide)

    def _add(self, form: QFormLayout, field: Field) -> None:
        editor = self.editors[field.key] = editors.make(field)
        editor.chosen.connect(lambda value, field=field: self.changed.emit(field, value))
        title = self.titles[field.key] = QLabel()
        title.setObjectName("quiet")
        title.setBuddy(editor.entry)
        form.addRow(title, editor)

    def show_spec(self, spec: Spec) -> None:
        """Show these choices."""
        for field in FIELDS:
            shown = field.shown(spec)
            self.titles[field.key].setVisible(shown)
            self.editors[field.key].setVisible(shown)
            if shown:
                self.editors[field.key].show_spec(spec)
        for section, heading in self.headings.items():
            heading.setVisible(any(f.shown(spec) for f in FIELDS if f.section == section))

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("Settings of the training"))
        for section, heading in self.headings.items():
            heading.setText(tr(SECTIONS[section]))
        for field in FIELDS:
            self.titles[field.key].setText(tr(field.title))
            self.editors[field.key].name()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
