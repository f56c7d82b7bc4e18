"""The inspector: everything about what is selected, as a ledger whose last row is the product.

A node: its formula, values, local and upstream gradients, warnings, verdict, parameters. A wire:
its four numbers. Nothing: the graph in short. It reads the Trace; only `Fields` edits.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Group, Node, Note, Wire
from bpstudio.core.numbers import exact, show
from bpstudio.language import tr, trn
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.mathview import MathView
from bpstudio.ui.panels.fields import Fields
from bpstudio.ui.panels.ledger import Entry, Ledger
from bpstudio.ui.panels.verdicts import verdict_of_node, verdict_of_wire
from bpstudio.ui.session import Session


class Inspector(QWidget):
    """The panel at the upper right of the window."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._session = session
        self._document: Document | None = None
        self.title = _label("inspector_title")
        self.formula = MathView(16.0)
        self.name = _label("quiet")
        self.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.ledger = Ledger()
        self.warnings = _label("warning")
        self.verdict = Ledger()
        self.note = _label("quiet")
        self.fields = Fields()
        for label in (self.warnings, self.note):
            label.setWordWrap(True)
        self._lay_out()
        # One refresh per turn of the event loop, however many signals ask for it.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        session.settings.changed.connect(self._later)
        session.checked.connect(self._later)
        theme.appearance().changed.connect(self._later)
        self._retranslate()
        self.refresh()

    def show_document(self, document: Document | None) -> None:
        """Look at this document."""
        if self._document is not None:
            for signal in self._signals(self._document):
                signal.disconnect(self._later)
        self._document = document
        if document is not None:
            for signal in self._signals(document):
                signal.connect(self._later)
        self.refresh()

    def _signals(self, document: Document) -> tuple:
        return (
            document.patched,
            document.traced,
            document.selected,
            document.stepped,
            document.reread,
        )

    def _later(self, _: object = None) -> None:
        self._soon.start()

    def refresh(self) -> None:
        """Show what is selected now."""
        document = self._document
        if document is None:
            self._show("", "", "", "", (), "", "")
            self.verdict.show_entries(())
            self.fields.show_item(None, None)
            return
        chosen = document.selection
        item = document.graph.get(next(iter(chosen))) if len(chosen) == 1 else None
        if isinstance(item, Node):
            self._show_node(document, item)
        elif isinstance(item, Wire):
            self._show_wire(document, item)
        elif isinstance(item, (Group, Note)):
            title = tr("Group") if isinstance(item, Group) else tr("Note")
            self._show(title, "", "", item.id, (), "", "")
            self.verdict.show_entries(())
        elif chosen:
            self._show_many(document.graph, chosen)
        else:
            self._show_graph(document)
        self.fields.show_item(document, item if isinstance(item, (Node, Group)) else None)

    # --- what there is to show --------------------------------------------------------------

    def _show_node(self, document: Document, node: Node) -> None:
        from bpstudio.core.explain import ledger

        gate = GATES.get(node.gate)
        trace = document.readout.one
        entries: tuple[Entry, ...] = ()
        warnings = ""
        if node.id in trace.plan.row:
            rows = [
                Entry(row.title, row.text, row.kind, row.exact)
                for row in ledger(trace, node.id, self._digits())
            ]
            entries = tuple(row for row in rows if self._known(document, node.id, row.kind))
            warnings = "\n".join(w.sentence for w in trace.warnings if w.node == node.id)
        title = tr(gate.title) if gate is not None else node.gate
        text, latex = self._formula(node)
        note = tr(gate.note) if gate is not None else tr("This version does not know this gate.")
        self._show(title, text, latex, node.name, entries, warnings, note)
        family = gate.family if gate is not None else ""
        self.title.setStyleSheet(f"color: {theme.current().family(family)};")
        self.verdict.show_entries(
            verdict_of_node(self._session.check_of(document), document.graph, node.id)
        )

    def _known(self, document: Document, node: str, kind: str) -> bool:
        """Whether the step shown has got so far that this row may be read."""
        visible = document.readout.computed(document.step)
        if visible is None:
            return True
        row = document.trace.plan.row[node]
        if kind in ("grad", "strong"):
            return bool(visible.grads[row])
        return bool(visible.values[row])

    def _formula(self, node: Node) -> tuple[str, str]:
        gate = GATES.get(node.gate)
        if gate is None or gate.is_source:
            return "", ""
        from bpstudio.core.formula import latex

        return f"z = {gate.value}", f"z = {latex(gate.value)}"

    def _show_wire(self, document: Document, wire: Wire) -> None:
        graph, trace, digits = document.graph, document.readout.one, self._digits()
        ends = f"{graph.nodes[wire.source].name} → {graph.nodes[wire.target].name}.{wire.port}"
        entries: list[Entry] = []
        if wire.id in trace.plan.wire_row:
            value, local, upstream, grad = trace.wire(wire.id)
            row = trace.plan.wire_row[wire.id]
            visible = document.readout.computed(document.step)
            if visible is None or visible.wire_values[row]:
                entries.append(Entry(tr("value"), show(value, digits), "value", exact(value)))
                entries.append(
                    Entry(tr("local gradient"), show(local, digits), "local", exact(local))
                )
            if visible is None or visible.wire_grads[row]:
                entries += [
                    Entry(tr("upstream"), show(upstream, digits), "grad", exact(upstream)),
                    Entry(
                        tr("upstream × local"),
                        show(grad, digits),
                        "strong",
                        exact(grad),
                    ),
                ]
        note = tr("A wire carries its value forward; what it carries back is upstream × local.")
        self._show(tr("Wire"), ends, "", wire.id, tuple(entries), "", note)
        self.verdict.show_entries(verdict_of_wire(self._session.check_of(document), wire.id))

    def _show_many(self, graph: Graph, chosen: frozenset[str]) -> None:
        gates = sum(1 for key in chosen if key in graph.nodes)
        wires = sum(1 for key in chosen if key in graph.wires)
        entries = (Entry(tr("gates"), str(gates)), Entry(tr("wires"), str(wires)))
        self._show(tr("Selection"), "", "", "", entries, "", "")
        self.verdict.show_entries(())

    def _show_graph(self, document: Document) -> None:
        graph, trace = document.graph, document.readout.one
        ends = [n for n in graph.nodes.values() if graph.into(n.id) and not graph.out_of(n.id)]
        entries = [
            Entry(tr("gates"), str(len(graph.nodes))),
            Entry(tr("wires"), str(len(graph.wires))),
        ]
        done = document.step is None
        for node in ends[:6]:
            value = trace.value_of(node.id)
            if done and trace.plan.known[trace.plan.row[node.id]]:
                text, all_digits = show(value, self._digits()), exact(value)
                entries.append(Entry(node.name, text, "value", all_digits))
        missing = [f"{graph.nodes[n].name}.{port}" for n, port in trace.plan.missing]
        warnings = ""
        if missing:
            warnings = trn(
                "{ports} has no wire yet.",
                "{n} ports have no wire yet: {ports}.",
                len(missing),
                ports=", ".join(missing[:6]) + (" …" if len(missing) > 6 else ""),
            )
        note = "" if graph else tr("Drag a gate from the left, or type a formula above.")
        self._show(tr("Graph"), "", "", document.title, tuple(entries), warnings, note)
        self.verdict.show_entries(
            verdict_of_node(self._session.check_of(document), document.graph, "")
        )

    # --- its parts --------------------------------------------------------------------------

    def _show(
        self,
        title: str,
        text: str,
        latex: str,
        name: str,
        entries: tuple[Entry, ...],
        warnings: str,
        note: str,
    ) -> None:
        self.title.setText(title)
        self.title.setStyleSheet("")
        self.formula.show_formula(text, latex)
        self.formula.setVisible(bool(text))
        # A ledger is about one sample, also where the labels show a mean.
        self.name.setText(" · ".join(filter(None, (name, self._sample()))))
        self.name.setVisible(bool(name))
        self.ledger.show_entries(entries)
        self.warnings.setText(warnings)
        self.warnings.setVisible(bool(warnings))
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _sample(self) -> str:
        """Which sample of a batch the numbers belong to."""
        document = self._document
        if document is None or document.trace.batch == 1:
            return ""
        return tr("sample {k} of {n}", k=document.reading.sample + 1, n=document.trace.batch)

    def _digits(self) -> int:
        return int(self._session.settings.get("digits"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.name, 1)
        body = QWidget()
        body.setObjectName("inspector_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (
            self.formula,
            self.ledger,
            self.warnings,
            self.verdict,
            self.fields,
            self.note,
        ):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.fields.retranslate()
            self._later()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Inspector"))


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
