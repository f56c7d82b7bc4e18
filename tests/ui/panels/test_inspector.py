import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

from bpstudio.core import edits
from bpstudio.ui.panels.fields import Field
from bpstudio.ui.panels.inspector import Inspector


@pytest.fixture
def inspector(window, opened) -> Inspector:
    return window.workbench.panels["inspector"]


def shown(inspector: Inspector) -> dict[str, str]:
    inspector.refresh()
    return {entry.title: entry.text for entry in inspector.ledger.entries()}


def type_into(field: Field, text: str, qtbot) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_nothing_selected_shows_the_graph(inspector, opened) -> None:
    opened.select([])
    assert shown(inspector) == {"gates": "5", "wires": "4", "f": "−12"}


def test_unwired_ports_are_named(inspector, opened) -> None:
    opened.do(edits.add_node(opened.graph, "exp", (0.0, 300.0)))
    opened.select([])
    inspector.refresh()
    assert "exp1.x" in inspector.cautions.text()


def test_a_node_shows_its_ledger_with_true_minus_signs(inspector, opened) -> None:
    opened.select(["f"] if "f" in opened.graph.nodes else ["multiply1"])
    texts = shown(inspector).values()
    assert "−12" in texts
    assert "−4" in texts
    assert not any("-" in text for text in texts)


def test_a_group_shows_how_much_is_in_it_and_what_comes_out(inspector, opened) -> None:
    graph = opened.graph
    (add,) = (node.id for node in graph.nodes.values() if node.gate == "add")
    opened.do(edits.group(graph, ["x", "y", add], "sum"))
    (group,) = opened.graph.groups
    opened.select([group])
    assert shown(inspector) == {"gates": "3", "wires": "2", graph.nodes[add].name: "3"}
    opened.go(0)
    assert shown(inspector) == {"gates": "3", "wires": "2"}
    opened.select([group, "z"])
    assert shown(inspector) == {"gates": "4", "wires": "2"}


def test_a_selection_counts_the_wires_inside_it(inspector, opened) -> None:
    opened.select(opened.graph.nodes)
    assert shown(inspector) == {"gates": "5", "wires": "4"}


def test_numbers_of_the_future_are_not_shown(inspector, opened) -> None:
    opened.select(["x"])
    whole = shown(inspector)
    opened.go(0)
    early = shown(inspector)
    assert len(early) < len(whole)


def test_a_wire_of_what_is_not_computed_shows_no_number(inspector, opened) -> None:
    wire = opened.graph.into("f")["x"]
    opened.do(
        edits.disconnect(opened.graph, opened.graph.into(opened.graph.wires[wire].source).values())
    )
    opened.select([wire])
    assert shown(inspector) == {}


def test_a_wire_shows_its_four_numbers(inspector, opened) -> None:
    wire = opened.graph.into("f")["x"]
    opened.select([wire])
    rows = shown(inspector)
    assert rows == {
        "value": "3",
        "local gradient": "−4",
        "upstream": "1",
        "upstream × local": "−4",
    }


def test_a_typed_value_changes_the_graph_and_can_be_undone(inspector, opened, qtbot) -> None:
    opened.select(["x"])
    inspector.refresh()
    type_into(inspector.fields.rows["value"], "-2.5", qtbot)
    assert opened.graph.nodes["x"].params["value"] == -2.5
    inspector.refresh()
    assert inspector.fields.rows["value"].text() == "−2.5"
    opened.undo_stack.undo()
    inspector.refresh()
    assert inspector.fields.rows["value"].text() == "−2"


def test_what_is_no_number_is_refused_below_the_field(inspector, opened, qtbot) -> None:
    before = opened.graph
    opened.select(["x"])
    inspector.refresh()
    field = inspector.fields.rows["value"]
    type_into(field, "__import__('os')", qtbot)
    assert opened.graph is before
    assert "is not a number" in inspector.fields.fault.text()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "−2"
    assert not inspector.fields.fault.isVisible()


def test_a_name_and_a_seed_can_be_set(inspector, opened, qtbot) -> None:
    opened.select(["f"])
    inspector.refresh()
    type_into(inspector.fields.rows["seed"], "2", qtbot)
    assert opened.graph.seeds == {"f": 2.0}
    type_into(inspector.fields.rows["label"], "loss", qtbot)
    assert opened.graph.nodes["f"].label == "loss"


def test_trainable_is_a_tick(inspector, opened, qtbot) -> None:
    opened.select(["x"])
    inspector.refresh()
    inspector.fields.rows["trainable"].click()
    assert opened.graph.nodes["x"].params["trainable"] is True


def test_a_growing_gate_gets_more_inputs(inspector, opened, qtbot) -> None:
    opened.select(["f"])
    inspector.refresh()
    type_into(inspector.fields.rows["inputs"], "3", qtbot)
    assert opened.graph.nodes["f"].params["inputs"] == 3


def test_exact_digits_can_be_copied(inspector, opened, qapp) -> None:
    opened.do(edits.set_value(opened.graph, "x", 1 / 3))
    opened.select(["x"])
    inspector.refresh()
    row = next(r for r in inspector.ledger._rows if r.entry.text == "0.3333")
    assert row.number.toolTip() == "0.3333333333333333"
    row.copy()
    assert qapp.clipboard().text() == "0.3333333333333333"


def test_the_verdict_of_the_check_stands_below_the_ledger(inspector, opened, window) -> None:
    opened.select(["f"])
    window.session.check(opened)
    inspector.refresh()
    (entry,) = inspector.verdict.entries()
    assert entry.text.startswith("✓")
    opened.do(edits.set_value(opened.graph, "x", 9.0))
    inspector.refresh()
    assert inspector.verdict.entries() == ()


def test_a_kink_is_called_a_kink(inspector, window) -> None:
    document = window.session.new()
    document.do(edits.build(document.graph, "f = relu(x)", {"x": 0.0}))
    window.session.check(document)
    document.select([next(iter(document.graph.wires))])
    inspector.refresh()
    texts = [entry.text for entry in inspector.verdict.entries()]
    assert any("kink" in text for text in texts)


def test_a_half_typed_value_survives_a_change_elsewhere(inspector, opened, window, qtbot) -> None:
    window.activateWindow()
    opened.select(["x"])
    inspector.refresh()
    field = inspector.fields.rows["value"]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "7")
    opened.do(edits.set_value(opened.graph, "y", 1.0))
    inspector.refresh()
    assert field.text() == "7"


def test_looking_at_one_thing_after_another_leaves_nothing_behind(inspector, opened) -> None:
    def round_trip() -> int:
        for key in ("x", "y", "f", "z", "f", "x"):
            opened.select([key])
            inspector.refresh()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(inspector.findChildren(QWidget))

    # The first round makes what is kept for the next.
    round_trip()
    assert round_trip() == round_trip()


def test_a_hidden_inspector_catches_up_when_it_is_shown(inspector, opened, window, qtbot) -> None:
    opened.select(["x"])
    qtbot.waitUntil(lambda: inspector.title.text() == "Input")
    window.settings.set("column", False)
    opened.select(["f"])
    qtbot.wait(20)
    assert inspector.title.text() == "Input"
    window.settings.set("column", True)
    qtbot.waitUntil(lambda: inspector.title.text() == "Multiply")


def test_forward_mode_adds_its_derivative_and_names_the_gradients(inspector, opened, qtbot) -> None:
    from bpstudio.ui.reading import Reading

    opened.select(["f"])
    opened.read(Reading(mode="forward", source="x"))
    qtbot.waitUntil(lambda: "df/dx" in shown(inspector))
    assert shown(inspector)["df/dx"] == "−4"
    assert "backward pass" in inspector.note.text()
    opened.go(0)
    qtbot.waitUntil(lambda: "df/dx" not in shown(inspector))
    opened.read(Reading())
    qtbot.waitUntil(lambda: "backward pass" not in inspector.note.text())


def test_a_long_name_does_not_push_the_numbers_out_of_a_narrow_inspector(
    inspector, opened, qtbot
) -> None:
    opened.select(["z"])
    opened.do(edits.rename(opened.graph, "z", "a name that is much longer than the panel is wide"))
    inspector.setFixedWidth(230)
    inspector.refresh()
    area = inspector.area
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())
    assert inspector.name.text().startswith("a name that")
    assert inspector.name.shown().endswith("…")


def test_a_field_too_narrow_for_its_number_shows_how_it_begins(inspector, opened, qtbot) -> None:
    opened.select(["z"])
    opened.do(edits.set_value(opened.graph, "z", -0.81902102873157771))
    inspector.refresh()
    field = inspector.fields.rows["value"]
    assert field.text().startswith("-0.819") or field.text().startswith("−0.819")
    assert field.cursorPosition() == 0


def test_a_frame_tells_what_stands_in_it_and_takes_a_title(inspector, opened, qtbot) -> None:
    opened.do(edits.frame_round(opened.graph, ["x", "y"], "inputs"))
    opened.select(["frame1"])
    assert shown(inspector)["gates"] == "2"
    assert inspector.title.text() == "Frame"
    type_into(inspector.fields.rows["label"], "what goes in", qtbot)
    assert opened.graph.notes["frame1"].text == "what goes in"
