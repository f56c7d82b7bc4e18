from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from bpstudio.core import edits
from bpstudio.ui.panels import AREAS, PANELS


def test_a_click_goes_there_and_back(window, opened, qtbot) -> None:
    window.settings.set("history_open", True)
    history = window.workbench.panels["history"]
    window.workbench.sections["history"].heading.setChecked(True)
    opened.do(edits.set_value(opened.graph, "x", 1.0))
    opened.do(edits.set_value(opened.graph, "x", 2.0))
    model = history.model()
    words = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert words == ["Beginning", "Build", "Set x to 1", "Set x to 2"]
    where = history.visualRect(model.index(1, 0)).center()
    qtbot.mouseClick(history.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened.graph.nodes["x"].params["value"] == -2.0
    where = history.visualRect(model.index(3, 0)).center()
    qtbot.mouseClick(history.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened.graph.nodes["x"].params["value"] == 2.0


def test_every_panel_has_a_key_a_title_a_place_and_follows_documents(qtbot, session) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert len({panel.key for panel in PANELS}) == len(PANELS)
    for panel in PANELS:
        assert panel.title
        assert panel.area in AREAS
        widget = panel.make(session, parent)
        assert widget.parentWidget() is parent
        widget.show_document(session.new())
        widget.show_document(None)
        assert widget.accessibleName(), panel.key
