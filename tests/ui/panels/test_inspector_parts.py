"""The inspector's parts under real clicks and keys: cautions, check, code, formula."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from bpstudio import language
from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.ui import mathview
from bpstudio.ui.document import Document
from bpstudio.ui.panels.inspector import Inspector
from bpstudio.ui.panels.inspector import formulas as formulas_room
from bpstudio.ui.panels.inspector.part import Heading

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def inspector(window, opened) -> Inspector:
    return window.workbench.panels["inspector"]


@pytest.fixture
def build(window, inspector):
    """Opens a formula's graph; what was shown before is no longer the current document."""

    def opens(text: str, **values: float) -> Document:
        document = window.session.new()
        document.do(edits.build(document.graph, text, values))
        return document

    return opens


def choose(inspector: Inspector, document: Document, *ids: str) -> None:
    document.select(ids)
    inspector.refresh()


def click(qtbot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, LEFT)


def wire_into(document: Document, node: str, port: str = "x") -> str:
    return document.graph.into(node)[port]


# --- code -------------------------------------------------------------------------------------


def test_a_gate_shows_its_forward_and_backward(inspector, opened, qtbot) -> None:
    choose(inspector, opened, "f")
    qtbot.waitUntil(lambda: "def backward" in inspector.code.view.toPlainText())
    code = inspector.code.view.toPlainText()
    assert "def forward(x, y):" in code
    assert "dx = y * upstream" in code


def test_the_copied_code_is_the_usual_one(inspector, opened, qtbot, qapp) -> None:
    choose(inspector, opened, "f")
    click(qtbot, inspector.code.button)
    copied = qapp.clipboard().text()
    assert "\n\n\ndef backward(cache, upstream):" in copied
    compile(copied, "gate", "exec")


def test_a_narrow_column_breaks_lines_instead_of_cutting_them(inspector, build, qtbot) -> None:
    document = build("f = gelu(x)", x=1.0)
    choose(inspector, document, "f")
    view = inspector.code.view
    qtbot.waitUntil(lambda: "def backward" in view.toPlainText())
    assert max(map(len, view.toPlainText().split("\n"))) <= view.columns
    assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("chosen", [[], ["f"], ["x"]])
def test_nothing_is_wider_than_its_column_in_large_mode(inspector, opened, qtbot, chosen) -> None:
    from bpstudio.ui import theme

    appearance = theme.appearance()
    appearance.use(factor=2.0)
    try:
        opened.select(chosen)
        inspector.refresh()
        inspector.resize(390, 500)
        scroll = inspector.area
        qtbot.waitUntil(lambda: scroll.widget().width() <= scroll.viewport().width())
    finally:
        appearance.use(factor=1.0)


def test_an_input_and_a_wire_have_no_code(inspector, opened) -> None:
    choose(inspector, opened, "x")
    assert inspector.code.isHidden()
    choose(inspector, opened, wire_into(opened, "f"))
    assert inspector.code.isHidden()
    opened.select([])
    inspector.refresh()
    assert inspector.code.isHidden()


def test_the_policy_for_ties_is_in_the_code(inspector, build) -> None:
    document = build("f = max(x, y)", x=2.0, y=2.0)
    choose(inspector, document, "f")
    before = inspector.code.code()
    document.do(edits.set_setting(document.committed, "ties", "first"))
    inspector.refresh()
    assert inspector.code.code() != before


@pytest.mark.parametrize("key", ["check", "formula", "code"])
def test_every_part_remembers_whether_it_is_open(inspector, opened, window, qtbot, key) -> None:
    choose(inspector, opened, "f")
    heading = {"check": inspector.check, "formula": inspector.formulas, "code": inspector.code}[
        key
    ].heading
    heading.click()
    assert window.settings.get(f"{key}_open") is False
    heading.click()
    assert window.settings.get(f"{key}_open") is True


def test_a_part_folds_by_key_and_stays_folded(inspector, opened, window, qtbot) -> None:
    choose(inspector, opened, "f")
    heading = inspector.code.heading
    heading.setFocus()
    qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert not inspector.code.view.isVisible()
    assert window.settings.get("code_open") is False
    again = Inspector(window.session)
    assert not again.code.is_open
    again.deleteLater()


def test_every_part_is_reached_by_tab(inspector, opened, window, qtbot) -> None:
    window.activateWindow()
    window.session.check(opened)
    choose(inspector, opened, "f")
    qtbot.waitUntil(lambda: inspector.code.isVisible())
    reached, place = set(), inspector.area
    for _ in range(60):
        place = place.nextInFocusChain()
        if place.focusPolicy() & Qt.FocusPolicy.TabFocus and place.isVisible():
            reached.add(place)
    wanted = {
        *(part.heading for part in (inspector.check, inspector.formulas, inspector.code)),
        *(inspector.code.button, inspector.formulas.button, inspector.check.button),
        *inspector.formulas.buttons.values(),
        inspector.code.view,
    }
    assert wanted <= reached


def test_an_own_gate_shows_its_title_its_formula_and_its_code(inspector, window, qtbot) -> None:
    document = window.session.new()
    document.do(edits.define_kind(document.committed, "Swish", "x * sigmoid(x)"))
    kind = next(iter(document.graph.kinds))
    document.do(edits.add_node(document.committed, kind, (0.0, 0.0)))
    document.do(edits.add_node(document.committed, "input", (-200.0, 0.0)))
    node = next(key for key, n in document.graph.nodes.items() if n.gate == kind)
    source = next(key for key, n in document.graph.nodes.items() if n.gate == "input")
    document.do(edits.connect(document.committed, source, node, "x"))
    choose(inspector, document, node)
    assert inspector.title.text() == "Swish"
    assert "sigmoid(x)" in inspector.formula.text
    assert "def forward(x):" in inspector.code.code()
    assert len(inspector.ledger.entries()) == 5


# --- formula ----------------------------------------------------------------------------------


def test_a_formula_is_read_as_text_and_with_numbers(inspector, opened, qtbot) -> None:
    choose(inspector, opened, "f")
    part = inspector.formulas
    click(qtbot, part.buttons["text"])
    assert part.text.toPlainText() == "f = (x + y) * z"
    click(qtbot, part.buttons["numbers"])
    assert part.text.toPlainText() == "f = (x + y) × z = (−2 + 5) × (−4) = −12"


def test_the_reading_is_remembered(inspector, opened, window, qtbot) -> None:
    choose(inspector, opened, "f")
    click(qtbot, inspector.formulas.buttons["numbers"])
    assert window.settings.get("formula_reading") == "numbers"


def test_the_formula_is_drawn_line_by_line(inspector, build, qtbot) -> None:
    mathview.warm()
    document = build("q = x + y\nf = q * z", x=1.0, y=2.0, z=3.0)
    choose(inspector, document, "f")
    drawn = inspector.formulas.drawn
    qtbot.waitUntil(lambda: [v.latex for v in drawn.views[:2]] == ["q = x + y", r"f = q \cdot z"])
    assert drawn.views[0].accessibleName() == "q = x + y"


@pytest.mark.parametrize(
    ("reading", "copied"),
    [
        ("drawn", r"f = \left(x + y\right) \cdot z"),
        ("text", "f = (x + y) * z"),
        ("numbers", "f = (x + y) × z = (−2 + 5) × (−4) = −12"),
    ],
)
def test_what_is_shown_is_copied(inspector, opened, qtbot, qapp, reading, copied) -> None:
    choose(inspector, opened, "f")
    click(qtbot, inspector.formulas.buttons[reading])
    click(qtbot, inspector.formulas.button)
    assert qapp.clipboard().text() == copied


def test_a_wire_shows_the_formula_of_its_source(inspector, opened, qtbot) -> None:
    choose(inspector, opened, wire_into(opened, "f"))
    click(qtbot, inspector.formulas.buttons["text"])
    assert inspector.formulas.text.toPlainText().endswith("= x + y")


def test_an_input_has_no_formula(inspector, opened) -> None:
    choose(inspector, opened, "x")
    assert inspector.formulas.isHidden()


def test_numbers_of_the_future_are_not_put_in(inspector, opened, qtbot) -> None:
    choose(inspector, opened, "f")
    click(qtbot, inspector.formulas.buttons["numbers"])
    opened.go(0)
    inspector.refresh()
    assert inspector.formulas.text.toPlainText() == "f = (x + y) × z"


def test_an_open_port_is_named_in_place_of_a_formula(inspector, opened) -> None:
    opened.do(edits.disconnect(opened.committed, [wire_into(opened, "f", "y")]))
    choose(inspector, opened, "f")
    assert "no wire into y" in inspector.formulas.sentence.text()


def test_the_end_of_ten_thousand_gates_has_a_sentence_and_no_formula(
    inspector, window, qtbot, qapp, monkeypatch
) -> None:
    size = 10_000
    nodes = [Node("n0", "input", (0.0, 0.0), {"value": 0.5})]
    nodes += [Node(f"n{i}", "tanh", (150.0 * i, 0.0)) for i in range(1, size)]
    wires = [Wire(f"w{i}", f"n{i - 1}", f"n{i}", "x") for i in range(1, size)]
    document = window.session.new()
    document.do(edits.replace_all(document.committed, Graph(nodes, wires), "Build"))

    def never(*_: object) -> None:
        raise AssertionError("the formula was written")

    with monkeypatch.context() as patch:
        patch.setattr(formulas_room.Formulas, "of", never)
        choose(inspector, document, f"n{size - 1}")
    assert "More than 300" in inspector.formulas.sentence.text()
    click(qtbot, inspector.formulas.button)
    assert qapp.clipboard().text().count("tanh") == size - 1


# --- the gradient check -----------------------------------------------------------------------


def test_checking_by_key_shows_the_result_of_the_graph(inspector, opened, window, qtbot) -> None:
    opened.select([])
    assert inspector.check.isHidden()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    inspector.refresh()
    assert inspector.check.isVisible()
    assert inspector.check.sentence.text().startswith("All 4 wire gradients agree")
    assert inspector.check.jumps.places == ()


def test_wires_that_are_not_ok_are_listed_and_lead_there(inspector, build, window, qtbot) -> None:
    document = build("f = relu(x) + max(y, z) + u", x=0.0, y=2.0, z=2.0, u=1.0)
    window.session.check(document)
    choose(inspector, document)
    words = [b.text() for b in inspector.check.jumps.buttons if not b.isHidden()]
    assert [w.rpartition(": ")[2] for w in words] == ["tie", "tie", "kink"]
    wanted = inspector.check.jumps.places[2]
    click(qtbot, inspector.check.jumps.buttons[2])
    assert document.selection == {wanted}
    inspector.refresh()
    assert "crosses a kink" in inspector.check.sentence.text()


def test_the_v_of_a_wire_is_drawn_and_told_in_words(inspector, build, window, qtbot) -> None:
    document = build("f = sigmoid(x)", x=1.0)
    window.session.check(document)
    choose(inspector, document, wire_into(document, "f"))
    qtbot.waitUntil(lambda: inspector.check.plot.drawn)
    said = inspector.check.words.text()
    assert "check’s h = 1e−6" in said
    assert "truncation" in said
    assert "rounding" in said
    assert inspector.check.plot.accessibleDescription() == " ".join(said.split("\n"))


def test_a_node_shows_the_v_of_its_worst_wire(inspector, build, window) -> None:
    document = build("f = x + relu(y)", x=1.0, y=0.0)
    window.session.check(document)
    relu = next(key for key, node in document.graph.nodes.items() if node.gate == "relu")
    choose(inspector, document, relu)
    assert inspector.check.of.text() == "y → relu1.x"
    assert "crosses a kink" in inspector.check.words.text()


def test_where_nothing_is_finite_there_is_no_v(inspector, build, window) -> None:
    document = build("f = log(x)", x=-1.0)
    window.session.check(document)
    choose(inspector, document, wire_into(document, "f"))
    assert inspector.check.isVisible()
    assert not inspector.check.plot.isVisible()
    assert "nothing to compare" in inspector.check.sentence.text()


def test_a_changed_number_takes_the_check_away(inspector, build, window) -> None:
    document = build("f = sigmoid(x)", x=1.0)
    window.session.check(document)
    choose(inspector, document, "f")
    assert inspector.check.isVisible()
    document.do(edits.set_value(document.committed, "x", 2.0))
    inspector.refresh()
    assert not inspector.check.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_double_click_on_the_v_opens_it_large(inspector, build, window, qtbot) -> None:
    document = build("f = sigmoid(x)", x=1.0)
    window.session.check(document)
    choose(inspector, document, wire_into(document, "f"))
    qtbot.waitUntil(lambda: inspector.check.plot.drawn)
    qtbot.mouseDClick(inspector.check.plot, LEFT)
    large = window.findChild(QWidget, "sweep_window")
    assert large.isVisible()
    qtbot.waitUntil(lambda: large.plot.drawn)
    assert large.windowTitle() == "Gradient check: x → f.x"


# --- cautions ---------------------------------------------------------------------------------


def test_who_hands_a_nan_on_leads_to_who_made_it(inspector, build, qtbot) -> None:
    document = build("a = log(x)\nb = a * y\nf = b + 1", x=-1.0, y=2.0)
    choose(inspector, document, "f")
    assert inspector.cautions.text() == "f only hands on the NaN that a made."
    click(qtbot, inspector.cautions.jumps.buttons[0])
    assert document.selection == {"a"}
    inspector.refresh()
    assert "a made the first NaN: ln(−1)." in inspector.cautions.text()
    assert inspector.cautions.jumps.places == ("b", "f")


def test_a_gradient_that_is_none_leads_to_the_gate_that_spoilt_it(inspector, build, qtbot) -> None:
    document = build("r = sqrt(x)\nf = r * 0", x=0.0)
    choose(inspector, document, "x")
    assert "The gradient of x is NaN because of r." in inspector.cautions.text()
    click(qtbot, inspector.cautions.jumps.buttons[0])
    assert document.selection == {"r"}


def test_the_graph_lists_its_cautions(inspector, build, qtbot) -> None:
    document = build("f = relu(x) + log(y)", x=0.0, y=0.0)
    choose(inspector, document)
    assert set(inspector.cautions.jumps.places) == {"relu1", "log1"}


def test_a_sound_graph_says_nothing(inspector, opened) -> None:
    for chosen in ((), ("x",), ("f",), (wire_into(opened, "f"),)):
        choose(inspector, opened, *chosen)
        assert inspector.cautions.isHidden(), chosen


def test_a_click_on_a_badge_leads_to_its_sentence(inspector, build, window, qtbot) -> None:
    document = build("f = relu(x)", x=0.0)
    canvas = window.canvas
    qtbot.wait(50)
    canvas.zoom_fit()
    x, y = canvas.view.badge_at(canvas.view.row["f"])
    spot = canvas.camera.to_screen((x, y))
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(round(spot[0]), round(spot[1])))
    assert document.selection == {"f"}
    inspector.refresh()
    assert "sits on its kink" in inspector.cautions.text()


# --- language ---------------------------------------------------------------------------------


def test_the_parts_follow_the_language(inspector, opened, window, qtbot) -> None:
    choose(inspector, opened, "f")
    window.settings.set("language", "zh_CN")
    inspector.refresh()
    headings = {heading.text() for heading in inspector.findChildren(Heading)}
    assert headings == {"梯度检验", "公式", "Python"}
    assert language.current() == "zh_CN"
    assert inspector.formulas.buttons["numbers"].text() == "数值"
