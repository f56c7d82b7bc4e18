"""On the canvas, under real mouse and key events: groups."""

from __future__ import annotations

from bpstudio.core import edits, groups
from bpstudio.ui.canvas import arranging
from tests.ui.arranging.grouped import Key, box, grouped
from tests.ui.canvas.person import ALT, LEFT


def test_a_double_click_opens_a_box_and_undo_closes_it(folded):
    folded.double(box(folded))
    assert not folded.graph.groups["group1"].collapsed
    assert folded.labels == ["Open sum"]
    assert folded.heard[-1] == "Open sum"
    folded.undo_all()
    assert folded.graph.groups["group1"].collapsed


def test_enter_opens_and_closes_the_selected_group(folded):
    folded.click(box(folded))
    assert folded.document.selection == {"group1"}
    folded.key(Key.Key_Return)
    assert not folded.graph.groups["group1"].collapsed
    folded.key(Key.Key_Return)
    assert folded.graph.groups["group1"].collapsed
    assert folded.labels == ["Open sum", "Collapse sum"]


def test_dragging_a_box_moves_all_inside_as_one_command(folded):
    before = {key: folded.graph.nodes[key].at for key in ("y", "q")}
    trace = folded.document.trace
    folded.drag(box(folded), box(folded, 43, 82))
    for key, (x, y) in before.items():
        assert folded.graph.nodes[key].at == (x + 40, y + 80)
    assert folded.labels == ["Move 2 gates"]
    assert folded.document.trace.value_of("f") == trace.value_of("f")
    folded.undo_all()
    assert {key: folded.graph.nodes[key].at for key in before} == before


def test_escape_in_mid_drag_leaves_the_box_where_it_was(folded):
    rect = folded.canvas.view.boxes[0].rect
    folded.drag(box(folded), box(folded, 60, 60), drop=False)
    assert folded.canvas.view.boxes[0].rect != rect
    folded.key(Key.Key_Escape)
    assert folded.canvas.view.boxes[0].rect == rect
    assert folded.labels == []
    assert folded.resting


def test_wires_are_drawn_to_and_from_the_ports_of_a_box(folded):
    folded.document.do(edits.disconnect(folded.graph, ["w1", "w3"]))
    folded.drag(folded.out("x"), folded.into("q", "x"))
    assert folded.graph.wires[folded.graph.into("q")["x"]].source == "x"
    folded.drag(folded.out("q"), folded.into("f", "x"))
    assert folded.graph.wires[folded.graph.into("f")["x"]].source == "q"
    assert folded.labels[-2:] == ["Connect x to q, port x", "Connect q to f, port x"]


def test_a_wire_dropped_on_a_box_takes_its_free_input_or_says_why_not(folded):
    folded.drag(folded.out("z"), box(folded))
    assert folded.heard[-1].startswith("Every input of sum has its wire")
    folded.document.do(edits.disconnect(folded.graph, ["w1"]))
    folded.drag(folded.out("z"), box(folded))
    assert folded.graph.wires[folded.graph.into("q")["x"]].source == "z"


def test_a_wire_into_a_box_that_would_make_a_loop_is_refused(folded):
    folded.document.do(edits.disconnect(folded.graph, ["w1"]))
    folded.drag(folded.out("f"), box(folded))
    assert "loop" in folded.heard[-1]


def test_tab_and_arrows_walk_over_boxes(folded):
    folded.canvas.select_none()
    seen = []
    for _ in range(4):
        folded.canvas.select_next()
        seen += folded.document.selection
    assert sorted(seen) == ["f", "group1", "x", "z"]
    folded.document.select(["f"])
    folded.key(Key.Key_Left, ALT)
    assert folded.document.selection == {"group1"}
    assert folded.heard[-1] == "sum, group, 2 gates; Enter opens it"
    folded.key(Key.Key_Left, ALT)
    assert folded.document.selection == {"x"}


def test_a_wire_can_be_drawn_from_a_box_with_keys(folded):
    folded.document.do(edits.disconnect(folded.graph, ["w3"]))
    folded.document.select(["group1"])
    folded.key(Key.Key_W)
    folded.key(Key.Key_Return)
    assert folded.graph.wires[folded.graph.into("f")["x"]].source == "q"


def test_a_rubber_band_catches_a_box(folded):
    left, top, right, bottom = folded.canvas.view.boxes[0].rect
    folded.drag(folded.at(left + 10, bottom + 20), folded.at(right + 20, top + 10))
    assert folded.document.selection == {"group1"}
    folded.key(Key.Key_Delete)
    assert set(folded.graph.nodes) == {"x", "z", "f"}


def test_grouping_asks_for_the_title(person):
    person.document.select(["z", "f"])
    arranging.group(person.canvas)
    person.type("product")
    person.key(Key.Key_Return)
    (made,) = [g for g in person.graph.groups.values() if g.title == "product"]
    assert set(groups.inside(person.graph, made.id)) == {"z", "f"}
    assert person.labels[0] == "Group 2 gates"


def test_a_group_in_a_group_counts_with_all_its_gates(folded):
    folded.document.select(["group1", "f"])
    arranging.group(folded.canvas)
    assert folded.labels[-1] == "Group 3 gates"


def test_ungrouping_leaves_the_gates_selected(folded):
    folded.document.select(["group1"])
    arranging.ungroup(folded.canvas)
    assert folded.graph.groups == {}
    assert folded.document.selection == {"y", "q"}
    assert folded.labels == ["Ungroup sum"]


def test_a_gate_dropped_in_a_frame_goes_into_the_group_as_one_command(person):
    person.drag(person.node("z", -20), person.at(100, 40))
    assert person.graph.nodes["z"].group == "group1"
    assert person.labels == ["Put 1 gate into sum"] or len(person.labels) == 1
    person.undo_all()
    assert person.graph == grouped()


def test_alt_keeps_a_gate_out_of_the_frame_it_is_dropped_in(person):
    person.drag(person.node("z", -20), person.at(100, 40), ALT)
    assert person.graph.nodes["z"].group == ""
    assert person.graph.nodes["z"].at != (0, 160)


def test_a_gate_dragged_out_of_its_frame_leaves_the_group(person):
    person.press(person.node("q", -10))
    person.move(person.node("q", -10, 150), LEFT)
    assert "out of sum" in person.canvas.overlay.sentence
    (frame,) = person.canvas.view.frames
    assert frame.rect[3] < 120
    person.release(person.node("q", -10, 150))
    assert person.graph.nodes["q"].group == ""
    assert len(person.labels) == 1


def test_a_gate_moved_inside_its_frame_stays_in_the_group(person):
    person.drag(person.node("q", -10), person.node("q", -34))
    assert person.graph.nodes["q"].group == "group1"
    assert person.labels == ["Move q"]


def test_colours_and_titles_are_commands_of_their_own(folded):
    folded.document.select(["group1"])
    arranging.colour(folded.canvas, "green")
    assert folded.graph.groups["group1"].colour == "green"
    assert folded.labels == ["Colour sum"]


def test_taking_out_puts_gates_into_the_group_around(person):
    person.document.do(edits.group(person.graph, ["group1", "z"], "outer"))
    outer = person.graph.groups["group1"].group
    person.document.select(["q"])
    arranging.take_out(person.canvas)
    assert person.graph.nodes["q"].group == outer
    arranging.take_out(person.canvas)
    assert person.graph.nodes["q"].group == ""
    arranging.take_out(person.canvas)
    assert person.heard[-1] == "Nothing that is selected lies in a group."


def test_a_value_inside_a_box_is_edited_on_the_box(folded):
    folded.canvas.edit_value("y")
    assert folded.canvas.editing.field.is_open
    folded.canvas.editing.field.leave()
