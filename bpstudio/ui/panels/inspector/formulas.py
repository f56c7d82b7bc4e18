"""The part of the inspector that shows how the selected output comes about, in three readings.

Drawn, as text, with numbers put in. What would be long is counted before it is written: the last of
ten thousand gates has its formula on the clipboard when somebody asks, and a sentence here.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.formula.views import Formulas, reach
from bpstudio.core.graph import GraphError
from bpstudio.language import N_, tr
from bpstudio.ui import mathview, theme
from bpstudio.ui.aside import Errand, aside
from bpstudio.ui.codeview import to_read
from bpstudio.ui.document import Document
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.mathview import MathView
from bpstudio.ui.panels.inspector.part import Part, label, name_button
from bpstudio.ui.session import Session

READINGS = {"drawn": N_("drawn"), "text": N_("text"), "numbers": N_("numbers")}
"""Reading -> what its button says (marked for translation)."""
MOST_NODES = 300
"""Nodes behind a formula that is shown."""
MOST_TEXT = 3_000
"""Characters of one."""
MOST_DRAWN, MOST_TEX = 16, 420
"""Lines that are drawn, and characters of LaTeX in one: drawing takes up to a millisecond each."""
TALLEST = 220
"""Pixels; a longer formula scrolls."""
REST_MS = 120
"""How long a formula must stay as it is before it is drawn."""


class FormulaPart(Part):
    """The formula of the selected node or wire, or of all outputs."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.settings, "formula_open", parent)
        self._session = session
        self._document: Document | None = None
        self._nodes: tuple[str, ...] = ()
        self._formulas: Formulas | None = None
        self._said_of: tuple[object, ...] = ()
        self.switch = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        self.column.addLayout(self._make_switch())
        self.drawn = Drawn()
        self.text = TextView()
        self.sentence = label("quiet", wraps=True)
        for part in (self.drawn, self.text, self.sentence):
            self.column.addWidget(part)
        self.button = self.add_button("copy")
        self.button.clicked.connect(self.copy_shown)
        self.retranslate()

    def _make_switch(self) -> FlowLayout:
        # Side by side in Large mode they would be wider than the column.
        line = FlowLayout(gap=4)
        for reading in READINGS:
            button = self.buttons[reading] = QToolButton()
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setChecked(reading == self._settings.get("formula_reading"))
            button.clicked.connect(lambda _=False, reading=reading: self._choose(reading))
            self.switch.addButton(button)
            line.addWidget(button)
        return line

    @property
    def reading(self) -> str:
        """ "drawn", "text" or "numbers"."""
        return str(self._settings.get("formula_reading"))

    def show_nodes(self, document: Document | None, nodes: tuple[str, ...]) -> None:
        """Show the formula of these nodes together; nothing where there is none."""
        self._document = document
        graph = document.graph if document is not None else None
        self._nodes = tuple(key for key in nodes if graph is not None and graph.into(key))
        self.setVisible(bool(self._nodes))
        self.fill()

    def fill(self) -> None:
        document = self._document
        if document is None or not self._nodes or not self.is_open:
            return
        said = self._read(document)
        formulas = self._formulas
        reading = self.reading
        lines: tuple[str, ...] = ()
        if formulas is not None and reading != "drawn":
            lines = self._lines(document, formulas, reading)
            if sum(map(len, lines)) > MOST_TEXT:
                lines, said = (), tr("This formula is too long to show; it can be copied.")
        tex: tuple[str, ...] = ()
        if formulas is not None and reading == "drawn":
            tex = formulas.tex_lines
            if len(tex) > MOST_DRAWN or max(map(len, tex)) > MOST_TEX:
                tex, said = (), tr("This formula is too long to draw; read it as text, or copy it.")
        self.drawn.show_lines(self._spoken(formulas) if tex else (), tex)
        self.text.show_lines(lines)
        self.sentence.setText(said)
        self.sentence.setVisible(bool(said))
        self.button.setEnabled(self._formulas is not None or bool(said))

    def _read(self, document: Document) -> str:
        """Bring the formulas up to date; a sentence where there are none to show."""
        graph = document.graph
        # Values of inputs are in no formula: dragging one leaves it as it is.
        key = (graph, self._nodes)
        if self._said_of and self._said_of[0] is graph and self._said_of[1] == self._nodes:
            return str(self._said_of[2])
        said = ""
        self._formulas = None
        if reach(graph, self._nodes, MOST_NODES) > MOST_NODES:
            said = tr(
                "More than {n} gates and inputs lead here: too long to show. It can be copied.",
                n=MOST_NODES,
            )
        else:
            try:
                self._formulas = Formulas.of(graph, self._nodes)
            except GraphError as fault:
                said = str(fault)
        self._said_of = (*key, said)
        return said

    def _lines(self, document: Document, formulas: Formulas, reading: str) -> tuple[str, ...]:
        if reading == "text":
            return tuple(formulas.text.split("\n"))
        one, visible = document.readout.one, document.readout.computed(document.step)
        row = one.plan.row

        def known(key: str) -> bool:
            return visible is None or bool(visible.values[row[key]])

        return formulas.with_numbers(one, int(self._settings.get("digits")), known)

    @staticmethod
    def _spoken(formulas: Formulas | None) -> tuple[str, ...]:
        return tuple(formulas.text.split("\n")) if formulas is not None else ()

    def _choose(self, reading: str) -> None:
        self._settings.set("formula_reading", reading)
        self._name_button()
        self.fill()

    # --- copying ----------------------------------------------------------------------------

    def copy_shown(self) -> None:
        """Copy what is shown: LaTeX where it is drawn."""
        self.copy({"drawn": "latex"}.get(self.reading, self.reading))

    def copy(self, form: str) -> None:
        """Put the formula on the clipboard: as "text", "latex" or "numbers"."""
        if self._document is not None and self._nodes:
            copy_formula(self._document, self._nodes, form, int(self._settings.get("digits")))

    def _name_button(self) -> None:
        words = {
            "drawn": tr("Copy as LaTeX"),
            "text": tr("Copy as text"),
            "numbers": tr("Copy with numbers"),
        }[self.reading]
        name_button(self.button, words)

    def retranslate(self) -> None:
        """Say the words in the chosen language."""
        self.set_title(tr("Formula"))
        for reading, button in self.buttons.items():
            button.setText(tr(READINGS[reading]))
        for shown in (self.drawn, self.text):
            shown.setAccessibleName(tr("Formula"))
        self._said_of = ()
        self._name_button()
        self.fill()


def copy_formula(document: Document, nodes: tuple[str, ...], form: str, digits: int) -> None:
    """Put the nodes' formula on the clipboard, however long it is, and say so."""
    try:
        formulas = Formulas.of(document.graph, nodes)
    except GraphError as fault:
        document.say(str(fault))
        return
    if form == "latex":
        text = formulas.latex
    elif form == "text":
        text = formulas.text
    else:
        text = "\n".join(formulas.with_numbers(document.readout.one, digits))
    QGuiApplication.clipboard().setText(text)
    said = {
        "latex": N_("Copied the formula as LaTeX."),
        "text": N_("Copied the formula."),
        "numbers": N_("Copied the formula with its numbers."),
    }[form]
    document.say(tr(said))


def formula_nodes(document: Document) -> tuple[str, ...]:
    """Whose formula is meant: the selected nodes and sources of wires; without one all outputs."""
    graph = document.graph
    chosen = document.selection
    # In the plan's order, and without looking at all nodes for the sake of one.
    row = document.trace.plan.row
    found = sorted((key for key in chosen if key in graph.nodes), key=row.__getitem__)
    found += [graph.wires[key].source for key in sorted(chosen) if key in graph.wires]
    if not chosen:
        found = [key for key in graph.nodes if graph.into(key) and not graph.out_of(key)]
    return tuple(dict.fromkeys(key for key in found if graph.into(key)))


class Drawn(QScrollArea):
    """Lines of mathematics below each other; drawing takes a tenth of a second, in a thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.views: list[MathView] = []
        self._waiting: list[tuple[MathView, str, str]] = []
        self._errand: Errand | None = None
        self._soon = QTimer(self, singleShot=True, interval=REST_MS)
        self._soon.timeout.connect(self._draw)
        body = QWidget()
        body.setObjectName("inspector_body")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.setWidget(body)

    def show_lines(self, texts: tuple[str, ...], tex: tuple[str, ...]) -> None:
        """Show these; the texts stand there until they are drawn, and are read aloud."""
        while len(self.views) < len(tex):
            view = MathView(15.0, least=0.8)
            view.resized.connect(self.updateGeometry)
            self.views.append(view)
            self._column.addWidget(view)
        lines = list(zip(self.views, texts, tex, strict=False))
        waiting = [line for line in lines if line[0].latex != line[2]]
        if waiting != self._waiting:
            self._waiting = waiting
            if self._errand is not None:
                self._errand.wanted = False
            for view, text, _ in waiting:
                view.show_formula(text)
            self._soon.start()
        for view, _, _ in lines:
            view.show()
        for view in self.views[len(tex) :]:
            view.hide()
        self.setVisible(bool(tex))
        self.updateGeometry()

    def _draw(self) -> None:
        waiting = list(self._waiting)
        if not mathview.is_warm():
            # Nothing is drawn yet: the text stands, and `warm` draws what has its LaTeX.
            self._take(waiting)
            return
        sizes = [(line, view.size_drawn) for view, _, line in waiting]

        def work(errand: Errand) -> list[tuple[MathView, str, str]]:
            for line, size in sizes:
                if errand.wanted:
                    mathview.prepare(line, size)
            return waiting

        self._errand = aside(self, work, self._take)

    def _take(self, drawn: list[tuple[MathView, str, str]]) -> None:
        self._waiting = []
        for view, text, line in drawn:
            view.show_formula(text, line)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        shown = [view for view in self.views if not view.isHidden()]
        high = sum(v.sizeHint().height() for v in shown) + 4 * max(0, len(shown) - 1)
        if any(v.minimumSizeHint().width() > self.viewport().width() for v in shown):
            high += self.horizontalScrollBar().sizeHint().height()
        return QSize(theme.px(160), min(high + 4, theme.px(TALLEST)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class TextView(QPlainTextEdit):
    """Lines of a formula as text: wrapped, to select and copy; a long one scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        to_read(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(
            lambda _: self.updateGeometry()
        )

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show these."""
        text = "\n".join(lines)
        if text != self.toPlainText():
            self.setPlainText(text)
        self.setVisible(bool(lines))
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # narrower lines are more lines

    def sizeHint(self) -> QSize:
        # A plain text document measures its height in lines.
        lines = max(1, round(self.document().size().height()))
        high = lines * self.fontMetrics().lineSpacing() + 2 * round(
            self.document().documentMargin()
        )
        return QSize(theme.px(160), min(high + theme.px(16), theme.px(TALLEST)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
