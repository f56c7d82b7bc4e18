"""How a run is read: forward mode, samples, mean, spread; on labels, stage, outline, inspector."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from bpstudio.core import edits
from bpstudio.core.graph import BadParam, Graph, Node
from bpstudio.files.bps import File
from bpstudio.ui import notice
from bpstudio.ui.canvas import labels
from bpstudio.ui.document import Document
from bpstudio.ui.reading import FORWARD, MEAN, PLAIN, SAMPLE, SPREAD, Reading

AHEAD = Reading(FORWARD, "x")
EVERYWHERE = (-1e6, -1e6, 1e6, 1e6)


def batched(graph: Graph) -> Graph:
    """(x + y) × z with three samples of z: f = −12, 0, 6."""
    return graph.apply(edits.set_value(graph, "z", (-4.0, 0.0, 2.0)))


@pytest.fixture
def document(simple: Graph) -> Document:
    return Document(File(simple))


@pytest.fixture
def batch(simple: Graph) -> Document:
    return Document(File(batched(simple)))


def texts(view, role: int) -> list[str]:
    found = labels.collect(view, EVERYWHERE)
    return [t for t, r in zip(found.text, found.role.tolist(), strict=True) if r == role]


def at(document: Document, node: str) -> int:
    return document.trace.plan.row[node]


# --- the document's reading -------------------------------------------------------------------


def test_begins_with_gradients_of_the_first_sample(document) -> None:
    assert document.reading == PLAIN
    assert document.readout.figures.second[at(document, "x")] == -4


def test_forward_mode_shows_derivatives_by_its_input(document, qtbot) -> None:
    with qtbot.waitSignal(document.reread):
        document.read(AHEAD)
    figures = document.readout.figures
    assert figures.forward
    assert figures.second[at(document, "f")] == -4
    assert figures.second[at(document, "y")] == 0
    wire = document.graph.into("f")["x"]
    assert figures.wire_second[document.trace.plan.wire_row[wire]] == 1


def test_a_source_that_goes_takes_forward_mode_with_it(document, qtbot) -> None:
    document.read(AHEAD)
    with qtbot.waitSignal(document.reread) as told:
        document.do(edits.delete(document.graph, ["x"]))
    assert told.args == [PLAIN]
    document.undo_stack.undo()
    assert document.reading == PLAIN


def test_a_shorter_batch_holds_the_sample(batch, qtbot) -> None:
    batch.read(Reading(sample=2))
    with qtbot.waitSignal(batch.reread):
        batch.do(edits.set_samples(batch.graph, {"z": (1.0, 2.0)}))
    assert batch.reading.sample == 1
    batch.read(Reading(of=MEAN))
    batch.do(edits.set_value(batch.graph, "z", 1.0))
    assert batch.reading == PLAIN


def test_numbers_of_a_sample_of_the_mean_and_of_the_spread(batch) -> None:
    row, z = at(batch, "f"), np.array([-4.0, 0.0, 2.0])
    batch.read(Reading(sample=2))
    assert batch.readout.figures.value[row] == 6
    batch.read(Reading(of=MEAN))
    assert batch.readout.figures.value[row] == pytest.approx((3 * z).mean())
    assert batch.readout.figures.second[at(batch, "x")] == pytest.approx(z.mean())
    batch.read(Reading(of=SPREAD))
    assert batch.readout.figures.value[row] == pytest.approx((3 * z).std())


def test_forward_mode_takes_mean_and_spread_of_derivatives(batch) -> None:
    z = np.array([-4.0, 0.0, 2.0])
    batch.read(Reading(FORWARD, "x", of=MEAN))
    assert batch.readout.figures.second[at(batch, "f")] == pytest.approx(z.mean())
    batch.read(Reading(FORWARD, "x", of=SPREAD))
    assert batch.readout.figures.second[at(batch, "f")] == pytest.approx(z.std())


def test_stepping_leaves_the_mean_and_the_mean_leaves_the_steps(batch) -> None:
    batch.read(Reading(of=MEAN))
    batch.go(1)
    assert batch.reading.of == SAMPLE
    batch.read(Reading(of=SPREAD))
    assert batch.step is None


def test_another_mode_leaves_the_steps_but_another_sample_does_not(batch) -> None:
    batch.go(3)
    batch.read(Reading(sample=1))
    assert batch.step == 3
    batch.read(AHEAD)
    assert batch.step is None


def test_forward_mode_has_a_step_per_gate_that_depends_on_the_input(document) -> None:
    document.read(AHEAD)
    assert document.readout.steps == 2
    document.go(99)
    assert document.step == 2
    document.read(Reading(FORWARD, "z"))
    assert document.readout.steps == 1


def test_derivatives_come_with_their_steps(document) -> None:
    document.read(AHEAD)
    shown = [document.readout.visible(n).grads for n in (0, 1, 2)]
    gates = [k for k, n in document.graph.nodes.items() if n.gate != "input" and k != "f"]
    rows = [at(document, key) for key in ("x", "y", gates[0], "f")]
    assert [mask[rows].tolist() for mask in shown] == [
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]
    assert document.readout.visible(0).values.all()
    assert document.readout.visible(2).active == "f"


# --- batches that do not fit ------------------------------------------------------------------


def test_batches_of_unequal_length_are_refused_and_nothing_changes(batch) -> None:
    before = batch.graph
    with pytest.raises(BadParam, match=r"x has 2 samples and z has 3|z has 3 samples and x has 2"):
        batch.do(edits.set_value(batch.graph, "x", (1.0, 2.0)))
    assert batch.graph == before


def test_a_file_with_unequal_batches_shows_the_first_samples_and_says_why(simple) -> None:
    graph = batched(simple)
    graph = graph.apply(edits.set_value(graph, "x", (1.0, 2.0)))
    document = Document(File(graph))
    assert document.trace.batch == 1
    assert document.trace.value_of("x") == 1.0
    assert "samples" in document.fault
    document.do(edits.set_samples(graph, {"x": (1.0, 2.0, 3.0)}))
    assert document.trace.batch == 3
    assert document.fault == ""


# --- in the window ----------------------------------------------------------------------------


@pytest.fixture
def three(window, opened) -> Document:
    """The window's document, with three samples of z."""
    opened.do(edits.set_value(opened.committed, "z", (-4.0, 0.0, 2.0)))
    opened.trace  # noqa: B018
    return opened


def strip(window):
    return window.canvas.strip


def settle(document: Document) -> None:
    """What waits for the next turn of the event loop happens now."""
    document._tell_trace()


def test_the_key_begins_forward_mode_with_the_selected_input(window, opened, qtbot) -> None:
    window.canvas.setFocus()
    opened.select(["y"])
    qtbot.keyClick(window.canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert opened.reading == Reading(FORWARD, "y")
    assert strip(window).isVisible()
    assert strip(window).title.text() == "Forward mode: d/d"
    assert strip(window).source.currentText() == "y"
    assert "3 passes" in strip(window).note.text()
    opened.select(["x"])
    qtbot.keyClick(window.canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert opened.reading.source == "x"
    qtbot.keyClick(window.canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert opened.reading == PLAIN
    assert not strip(window).isVisible()


def test_forward_mode_needs_an_input(window, qtbot) -> None:
    document = window.session.new()
    document.do(edits.add_node(document.committed, "add", (0.0, 0.0)))
    with qtbot.waitSignal(document.said) as told:
        window.menus.entries["forward_mode"].trigger()
    assert "needs an input" in told.args[0]
    assert document.reading == PLAIN


def test_the_chooser_takes_another_input_by_key_and_the_cross_leaves(window, opened, qtbot) -> None:
    opened.read(AHEAD)
    bar = strip(window)
    bar.source.setFocus()
    qtbot.keyClick(bar.source, Qt.Key.Key_Down)
    assert opened.reading.source == bar.source.currentData() != "x"
    qtbot.mouseClick(bar.leave, Qt.MouseButton.LeftButton)
    assert opened.reading == PLAIN


def test_labels_mark_derivatives_and_the_sum_at_a_fan_out_goes(window, opened) -> None:
    assert texts(window.canvas.view, labels.GRAD)
    opened.read(AHEAD)
    rates = texts(window.canvas.view, labels.RATE)
    assert rates
    assert all(text.startswith(labels.RATE_MARK) for text in rates)
    assert not texts(window.canvas.view, labels.GRAD)
    assert not texts(window.canvas.view, labels.SUM)


def test_the_stage_steps_through_forward_mode_both_ways(window, opened, qtbot) -> None:
    opened.read(AHEAD)
    stage = window.stepper
    assert stage.line.text == "df/dx = −4"
    qtbot.mouseClick(stage._buttons["forward"], Qt.MouseButton.LeftButton)
    assert opened.step == 0
    assert stage.line.text == "dx/dx = 1"
    stage.last()
    assert stage.line.text.startswith("df/dx = ")
    assert stage.line.text.endswith("= −4")
    assert "changes by −4 times as much" in stage.sentence.text()
    assert stage.timeline.captions() == ("forward mode · step 2 of 2", "")
    assert window.canvas.view.numbers.phase == "tangent"
    assert window.canvas.view.numbers.wire_active.sum() == 2
    stage.back()
    assert opened.step == 1
    assert labels.RATE_MARK + "−4" not in texts(window.canvas.view, labels.RATE)


def test_a_batch_shows_the_chosen_sample_everywhere(window, three, qtbot) -> None:
    settle(three)
    bar = strip(window)
    assert bar.isVisible()
    assert bar.number.text() == "1 of 3"
    bar.number.setFocus()
    qtbot.keyClick(bar.number, Qt.Key.Key_Up)
    qtbot.keyClick(bar.number, Qt.Key.Key_Up)
    assert three.reading.sample == 2
    assert "6" in texts(window.canvas.view, labels.VALUE)
    assert "2" in texts(window.canvas.view, labels.PILL_VALUE)
    assert window.stepper.line.text == "f = 6"
    assert window.stepper.sentence.text().startswith("Sample 3 of 3")
    three.go(2)
    assert window.stepper.line.text.endswith("= 6")
    window.workbench.panels["inspector"].refresh()
    assert "sample 3 of 3" in window.workbench.panels["inspector"].name.text()


def test_mean_and_spread_by_their_buttons(window, three, qtbot) -> None:
    settle(three)
    bar = strip(window)
    qtbot.mouseClick(bar.buttons[MEAN], Qt.MouseButton.LeftButton)
    assert three.reading.of == MEAN
    assert "−2" in texts(window.canvas.view, labels.VALUE)
    assert "−0.6667" in texts(window.canvas.view, labels.PILL_VALUE)
    assert "gradient of the mean" in window.stepper.sentence.text()
    qtbot.mouseClick(bar.buttons[SPREAD], Qt.MouseButton.LeftButton)
    assert all(t.startswith("±") for t in texts(window.canvas.view, labels.VALUE))
    assert window.stepper.line.text.startswith("f = ±")
    qtbot.mouseClick(bar.buttons[SAMPLE], Qt.MouseButton.LeftButton)
    assert three.reading == PLAIN


def test_keys_go_round_the_samples(window, three, qtbot) -> None:
    settle(three)
    window.canvas.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(window.canvas, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier)
        seen.append(three.reading.sample)
    qtbot.keyClick(window.canvas, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
    assert [*seen, three.reading.sample] == [1, 2, 0, 2]


def test_without_a_batch_the_keys_say_how_to_get_one(window, opened, qtbot) -> None:
    with qtbot.waitSignal(opened.said) as told:
        window.menus.entries["read_mean"].trigger()
    assert "Samples" in told.args[0]


def test_the_outline_shows_what_the_labels_show(window, three) -> None:
    outline = window.workbench.panels["outline"]
    model = outline.model()
    row = model.row["f"]
    three.read(Reading(FORWARD, "x", of=MEAN))
    assert model.headerData(2, Qt.Orientation.Horizontal) == "d/dx"
    assert model.data(model.index(row, 1)) == "−2"
    assert model.data(model.index(row, 2)) == "−0.6667"


def test_a_renamed_input_is_renamed_in_the_strip(window, opened) -> None:
    opened.read(AHEAD)
    opened.do(edits.rename(opened.committed, "x", "speed"))
    settle(opened)
    assert strip(window).source.currentText() == "speed"
    assert strip(window).rate_mark.text() == "below: ∂ = d/dspeed"


def test_batches_that_do_not_fit_are_told_on_the_strip(window, simple) -> None:
    graph = batched(simple)
    document = window.session.new()
    document.do(edits.replace_all(document.committed, graph, "Build"))
    document.undo_stack.clear()
    document._graph = document._shown = graph.apply(edits.set_value(graph, "x", (1.0, 2.0)))
    document._plan = document._trace = None
    settle(document)
    assert strip(window).fault.isVisible()
    assert "samples" in strip(window).fault.text()


def test_letters_typed_in_the_strip_stay_there(window, three, qtbot) -> None:
    settle(three)
    bar = strip(window)
    before = three.graph
    qtbot.keyClicks(bar.buttons[MEAN], "w")
    qtbot.keyClick(bar.buttons[MEAN], Qt.Key.Key_Delete)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton)
    assert three.graph == before
    assert not window.canvas.tools.busy
    qtbot.keyClick(bar.buttons[MEAN], Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()


def test_the_graph_is_fitted_below_the_strip(window, three) -> None:
    tall = Graph()
    for i in range(12):
        tall = tall.apply(edits.add_node(tall, "input", (0.0, 80.0 * i)))
    three.do(edits.merge(three.committed, tall, "Add", (-900.0, -300.0)))
    settle(three)
    window.canvas.fit_all()
    assert not window.canvas._is_under(window.canvas.strip)
    assert window.canvas.is_fitted


# --- said once --------------------------------------------------------------------------------


def test_a_sentence_is_announced_once(window, opened, monkeypatch, qtbot) -> None:
    heard: list[str] = []

    class Reader(QAccessible):
        @staticmethod
        def isActive() -> bool:
            return True

        @staticmethod
        def updateAccessibility(event) -> None:
            heard.append(event.message())

    monkeypatch.setattr(notice.QtGui, "QAccessible", Reader)
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["5 gates selected"]


def test_the_canvas_announces_nothing_by_itself() -> None:
    from bpstudio.ui.canvas import surface

    assert not hasattr(surface, "QAccessible")


def test_the_canvas_asks_for_no_sentence_of_a_caution(window, opened, monkeypatch) -> None:
    from types import SimpleNamespace

    class Wordless(SimpleNamespace):
        @property
        def sentence(self) -> str:
            raise AssertionError("a drag must not make sentences")

    monkeypatch.setattr(
        type(opened.trace), "warnings", property(lambda _: (Wordless(kind="tie", node="f"),))
    )
    # The inspector does say them, a few at a time, where somebody looks at it.
    window.settings.set("column", False)
    window.canvas._show_numbers(opened.trace)
    assert window.canvas.view.numbers.badges == {"f": "T"}


# --- seeds ------------------------------------------------------------------------------------


def editor(window):
    return window.canvas.editing.field


def test_a_seed_is_typed_on_the_selected_node_and_shown_below_it(window, opened, qtbot) -> None:
    window.canvas.setFocus()
    opened.select(["f"])
    qtbot.keyClick(window.canvas, Qt.Key.Key_F4)
    assert editor(window).is_open
    assert editor(window).placeholderText() == "automatic"
    qtbot.keyClicks(editor(window), "-2")
    qtbot.keyClick(editor(window), Qt.Key.Key_Return)
    assert opened.committed.seeds == {"f": -2.0}
    assert texts(window.canvas.view, labels.SEED) == ["seed −2"]
    assert opened.trace.grad_of("x") == 8
    qtbot.keyClick(window.canvas, Qt.Key.Key_F4)
    editor(window).clear()
    qtbot.keyClick(editor(window), Qt.Key.Key_Return)
    assert not opened.committed.seeds
    assert texts(window.canvas.view, labels.SEED) == []


def test_a_seed_that_is_no_number_is_refused(window, opened, qtbot) -> None:
    window.canvas.editing.seed("f")
    qtbot.keyClicks(editor(window), "much")
    qtbot.keyClick(editor(window), Qt.Key.Key_Return)
    assert editor(window).is_open
    assert not opened.committed.seeds


def test_outputs_left_without_a_seed_are_named(window, opened, qtbot) -> None:
    opened.do(edits.merge(opened.committed, opened.committed, "Copy", (0.0, 300.0)))
    ends = [opened.trace.plan.nodes[row] for row in opened.trace.plan.wiring.ends]
    said: list[str] = []
    opened.said.connect(said.append)
    window.canvas.editing.seed(ends[0])
    qtbot.keyClicks(editor(window), "1")
    qtbot.keyClick(editor(window), Qt.Key.Key_Return)
    assert "outputs begin with 0" in said[-1]
    assert opened.graph.nodes[ends[1]].name in said[-1]


def test_a_seed_needs_a_gate(window, opened, qtbot) -> None:
    opened.select([next(iter(opened.graph.wires))])
    with qtbot.waitSignal(opened.said) as told:
        window.menus.entries["seed"].trigger()
    assert "Select the gate" in told.args[0]


# --- batches typed and dragged in place ---------------------------------------------------------


def test_a_batch_is_typed_in_place(window, opened, qtbot) -> None:
    window.canvas.edit_value("x")
    editor(window).clear()
    qtbot.keyClicks(editor(window), "1, 2, 3")
    qtbot.keyClick(editor(window), Qt.Key.Key_Return)
    assert opened.committed.nodes["x"].params["value"] == (1.0, 2.0, 3.0)
    window.canvas.edit_value("x")
    assert editor(window).text() == "1, 2, 3"
    editor(window).leave()
    window.canvas.edit_value("y")
    editor(window).clear()
    qtbot.keyClicks(editor(window), "1, 2")
    qtbot.keyClick(editor(window), Qt.Key.Key_Return)
    assert editor(window).is_open
    assert opened.committed.nodes["y"].params["value"] == 5.0


def test_a_long_batch_is_left_to_the_table(window, opened) -> None:
    opened.do(edits.set_value(opened.committed, "x", tuple(float(i) for i in range(200))))
    window.canvas.edit_value("x")
    assert not editor(window).is_open
    opened.select(["x"])
    inspector = window.workbench.panels["inspector"]
    inspector.refresh()
    assert inspector.fields.rows["value"].text() == "200 samples"
    assert inspector.fields.rows["value"].isReadOnly()


@pytest.mark.parametrize(("of", "expected"), [(SAMPLE, (-4.0, 0.4, 2.0)), (MEAN, (-3.6, 0.4, 2.4))])
def test_dragging_changes_the_sample_shown_or_moves_all(window, three, of, expected) -> None:
    from bpstudio.ui.canvas.tools.events import Hit, PointerEvent
    from bpstudio.ui.canvas.tools.values import Scrub

    three.read(Reading(sample=1, of=of))
    stage = window.canvas.stage
    origin = PointerEvent("press", (0.0, 0.0), (0.0, 0.0), hit=Hit("value", "z"))
    scrub = Scrub(window.canvas.tools, origin)
    window.canvas.tools.go(scrub)
    window.canvas.tools.feed(PointerEvent("move", (0.0, 0.0), (16.0, 0.0), hit=Hit("value", "z")))
    window.canvas.tools.feed(
        PointerEvent("release", (0.0, 0.0), (16.0, 0.0), hit=Hit("value", "z"))
    )
    assert stage.graph.nodes["z"].params["value"] == pytest.approx(expected)


def test_a_pasted_batch_of_another_length_is_refused(window, three) -> None:
    other = Graph([Node("k", "input", (0.0, 0.0), {"value": (1.0, 2.0)}, "k")])
    said: list[str] = []
    three.said.connect(said.append)
    before = three.committed
    window.canvas.stage.do(edits.merge(three.committed, other, "Paste", (0.0, 0.0)))
    assert three.committed == before
    assert "samples" in said[-1]
