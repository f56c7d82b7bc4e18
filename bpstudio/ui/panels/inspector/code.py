"""The part of the inspector that shows a gate's forward and backward as a few lines of Python."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from bpstudio.core.graph import Graph, Node
from bpstudio.language import tr
from bpstudio.ui.codeview import CodeView
from bpstudio.ui.document import Document
from bpstudio.ui.panels.inspector.part import Part, name_button
from bpstudio.ui.settings import Settings

NARROWEST = 24
"""Columns; narrower code is no code any more and scrolls."""


class CodePart(Part):
    """Forward and backward of the selected gate; copied with lines of the usual length."""

    def __init__(
        self, settings: Settings, say: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(settings, "code_open", parent)
        self._say = say
        self._graph, self._node = Graph(), ""
        self._shown: tuple[object, ...] = ()
        self.view = CodeView()
        self.view.reflowed.connect(lambda _: self.fill())
        self.column.addWidget(self.view)
        self.button = self.add_button("copy")
        self.button.clicked.connect(self.copy)
        self.retranslate()

    def show_node(self, document: Document | None, node: Node | None) -> None:
        """Show this node's gate; nothing for a source, an unknown gate and None."""
        self._graph = document.graph if document is not None else Graph()
        gate = self._graph.gate(node) if node is not None else None
        there = node is not None and gate is not None and not gate.is_source
        self._node = node.id if node is not None and there else ""
        self.setVisible(bool(self._node))
        self.fill()

    def fill(self) -> None:
        if not self._node or not self.is_open or not self.view.columns:
            return
        code = self.code(max(NARROWEST, self.view.columns))
        # Two blank lines are for files; a column has no room for them.
        self.view.show_code(code.replace("\n\n\n", "\n\n"))

    def code(self, width: int = 0) -> str:
        """The code of what is shown, in lines of this width; 0 is the usual one."""
        from bpstudio.core.gatecode import WIDTH, code_of

        node = self._graph.nodes.get(self._node)
        gate = self._graph.gate(node) if node is not None else None
        if node is None or gate is None:
            return ""
        key = (gate, len(gate.ports(node.params)), tuple(node.params.items()), width, tr("Python"))
        if key != self._shown[:-1]:
            made = code_of(gate, len(gate.ports(node.params)), node.params, width or WIDTH)
            self._shown = (*key, made)
        return str(self._shown[-1])

    def copy(self) -> None:
        """Put the code on the clipboard."""
        QGuiApplication.clipboard().setText(self.code())
        self._say(tr("Copied the gate’s code."))

    def retranslate(self) -> None:
        """Say the words in the chosen language."""
        self.set_title(tr("Python"))
        name_button(self.button, tr("Copy the code"))
        self.view.setAccessibleName(tr("The gate’s code"))
        self.fill()
