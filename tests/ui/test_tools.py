"""Gestures without a window: a small stage with real edits and hit tests by the shapes alone."""

from __future__ import annotations

from itertools import combinations

import pytest

from bpstudio.core import edits
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.shape import input_at, node_size, output_at
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.tools import (
    EMPTY,
    NOWHERE,
    Around,
    Hit,
    Idle,
    KeyWiring,
    Place,
    PointerEvent,
    allowed_ports,
    beside,
    make_tools,
    step_of,
    stepped,
)


class FakeStage:
    """A graph, a selection, and a record of all that a gesture asked for."""

    scale = 1.0
    sample = 0

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.selection: frozenset[str] = frozenset()
        self.done: list[str] = []
        self.previewed = self.shifted = None
        self.overlay = EMPTY
        self.said: list[str] = []
        self.refused: list[str] = []
        self.wanted: list = []
        self.opened: list[tuple[str, str]] = []
        self.panned = [0.0, 0.0]
        self.zoomed: list[float] = []
        self.commands: list[str] = []
        self.under = ""
        self.homes = ()
        self.led = ("", ())
        self.crosses = []

    def select(self, ids):
        self.selection = frozenset(i for i in ids if self.graph.get(i) is not None)

    def do(self, patch, merge=None):
        self.graph = self.graph.apply(patch)
        self.done.append(patch.label)

    def preview(self, patch):
        self.previewed = patch

    def shift(self, ids, dx, dy, *, leaving=False):
        self.shifted = (tuple(ids), dx, dy) if ids else None

    def show(self, overlay):
        self.overlay = overlay

    def say(self, sentence):
        self.said.append(sentence)

    def refuse(self, sentence):
        self.refused.append(sentence)

    def inside(self, rect):
        left, top, right, bottom = rect
        return frozenset(
            n.id
            for n in self.graph.nodes.values()
            if left <= n.at[0] <= right and top <= n.at[1] <= bottom
        )

    def around(self, ids):
        boxes = []
        for node in self.graph.nodes.values():
            (x, y), (wide, tall) = node.at, node_size(node, GATES)
            boxes.append((node.id, (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)))
        moving = [rect for key, rect in boxes if key in ids]
        standing = [rect for key, rect in boxes if key not in ids]
        return Around(geometry.union(*moving), tuple(moving), standing, (), self.homes)

    def lead(self, wire, dots):
        self.led = (wire, dots)

    def crossed(self, start, end):
        return self.crosses

    def port_at(self, node, port):
        placed = self.graph.nodes[node]
        body = node_size(placed, GATES)
        if not port:
            return output_at(placed.at, body)
        ports = edits.ports_of(placed)
        index = ports.index(port) if port in ports else len(ports)
        return input_at(placed.at, body, index, len(ports))

    def hit(self, scene, device="mouse"):
        return NOWHERE

    def wire_at(self, scene):
        return self.under

    def pan(self, dx, dy):
        self.panned[0] += dx
        self.panned[1] += dy

    def zoom(self, factor, screen):
        self.zoomed.append(factor)

    def quick_add_for(self, want):
        self.wanted.append(want)

    def edit_value(self, node):
        self.opened.append(("value", node))

    def rename(self, item):
        self.opened.append(("name", item))

    def placing(self, gate):
        self.placed = gate

    def run(self, command):
        self.commands.append(command)


def simple() -> Graph:
    """f = (x + y) * z, with room between."""
    return Graph(
        [
            Node("x", "input", (0, 0), {"value": -2.0}, "x"),
            Node("y", "input", (0, 80), {"value": 5.0}, "y"),
            Node("z", "input", (0, 160), {"value": -4.0}, "z"),
            Node("q", "add", (200, 40), {}, "q"),
            Node("f", "multiply", (400, 80), {}, "f"),
        ],
        [
            Wire("w1", "x", "q", "x"),
            Wire("w2", "y", "q", "y"),
            Wire("w3", "q", "f", "x"),
            Wire("w4", "z", "f", "y"),
        ],
    )


class Hand:
    """Plays events: `at` is both the scene and the screen point."""

    def __init__(self, graph: Graph | None = None) -> None:
        self.stage = FakeStage(simple() if graph is None else graph)
        self.tools = make_tools(self.stage)

    def feed(self, kind, at=(0.0, 0.0), hit=NOWHERE, button="left", mods=(), **more):
        self.tools.feed(PointerEvent(kind, at, at, frozenset(mods), hit=hit, button=button, **more))

    def key(self, key, mods=()):
        self.feed("key", key=key, mods=mods, button="")

    def click(self, at, hit=NOWHERE, mods=()):
        self.feed("press", at, hit, mods=mods)
        self.feed("release", at, hit, mods=mods)

    def drag(self, start, end, first=NOWHERE, last=NOWHERE, mods=(), drop=True):
        self.feed("press", start, first, mods=mods)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.feed("move", middle, NOWHERE, mods=mods)
        self.feed("move", end, last, mods=mods)
        if drop:
            self.feed("release", end, last, mods=mods)


@pytest.fixture
def hand() -> Hand:
    return Hand()


def idle(hand: Hand) -> bool:
    return isinstance(hand.tools.state, Idle) and hand.stage.overlay == EMPTY


# --- click or drag ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "way", "moves"),
    [("mouse", 5, 0), ("mouse", 7, 1), ("touch", 9, 0), ("touch", 11, 1)],
)
def test_a_press_is_a_drag_only_beyond_the_slop(hand, device, way, moves):
    hit = Hit("node", "q")
    hand.feed("press", (200, 40), hit, device=device)
    hand.feed("move", (200 + way, 40), hit, device=device)
    hand.feed("move", (200 + way * 1.0, 40), hit, device=device)
    assert (hand.stage.shifted is not None) == bool(moves)
    hand.feed("release", (200 + way, 40), hit, device=device)
    assert idle(hand)


def test_a_click_selects_and_a_click_on_the_paper_clears(hand):
    hand.click((200, 40), Hit("node", "q"))
    assert hand.stage.selection == {"q"}
    hand.click((400, 80), Hit("node", "f"), mods=("shift",))
    assert hand.stage.selection == {"q", "f"}
    hand.click((400, 80), Hit("node", "f"), mods=("ctrl",))
    assert hand.stage.selection == {"q"}
    hand.click((900, 900))
    assert hand.stage.selection == frozenset()


def test_clicking_one_of_several_leaves_that_one(hand):
    hand.stage.select(["q", "f", "x"])
    hand.click((200, 40), Hit("node", "q"))
    assert hand.stage.selection == {"q"}


# --- moving -----------------------------------------------------------------------------------


def test_a_drag_moves_the_selection_as_one_command_on_the_grid(hand):
    hand.stage.select(["q", "f", "x"])
    hand.drag((200, 40), (231, 59), Hit("node", "q"))
    assert hand.stage.done == ["Move 3 gates"]
    assert hand.stage.graph.nodes["q"].at == (232.0, 56.0)
    assert hand.stage.graph.nodes["f"].at == (432.0, 96.0)
    assert hand.stage.shifted is None
    assert idle(hand)


def test_ctrl_moves_freely_and_shift_along_one_axis(hand):
    hand.stage.select(["q"])
    hand.feed("press", (200, 40), Hit("node", "q"))
    hand.feed("move", (213, 47), mods=("ctrl",))
    hand.feed("release", (213, 47), mods=("ctrl",))
    assert hand.stage.graph.nodes["q"].at == (213.0, 47.0)
    hand.feed("press", (213, 47), Hit("node", "q"))
    hand.feed("move", (263, 67), mods=("shift",))
    hand.feed("release", (263, 67), mods=("shift",))
    assert hand.stage.graph.nodes["q"].at == (264.0, 47.0)


def test_escape_drops_a_move_without_a_trace(hand):
    before = hand.stage.graph
    hand.drag((200, 40), (300, 90), Hit("node", "q"), drop=False)
    assert hand.stage.shifted is not None
    hand.key("Escape")
    assert hand.stage.shifted is None
    assert hand.stage.graph is before
    assert hand.stage.done == []
    assert idle(hand)
    hand.feed("release", (300, 90))
    assert hand.stage.done == []


def test_a_move_back_to_the_start_is_no_command(hand):
    hand.feed("press", (200, 40), Hit("node", "q"))
    hand.feed("move", (260, 40))
    hand.feed("move", (201, 41))
    hand.feed("release", (201, 41))
    assert hand.stage.done == []
    assert hand.stage.graph == simple()


def test_a_move_off_the_paper_is_refused_and_moves_nothing(hand):
    hand.feed("press", (200, 40), Hit("node", "q"))
    hand.feed("move", (9e9, 40))
    hand.feed("release", (9e9, 40))
    assert hand.stage.graph == simple()
    assert "off the paper" in hand.stage.refused[-1]


def test_a_gate_without_wires_dropped_on_a_wire_goes_into_it_in_one_command(hand):
    graph = hand.stage.graph
    hand.stage.graph = graph.apply(edits.add_node(graph, "exp", (300, 300)))
    hand.stage.under = "w3"
    hand.drag((300, 300), (324, 60), Hit("node", "exp1"), drop=False)
    assert hand.stage.overlay.splice == "w3"
    hand.feed("release", (324, 60))
    assert hand.stage.done == ["Splice exp1 into a wire"]
    assert hand.stage.graph.nodes["exp1"].at == (328.0, 64.0)
    after = hand.stage.graph
    assert after.wires[after.into("f")["x"]].source == "exp1"


@pytest.mark.parametrize("case", ["wired", "alt", "source"])
def test_only_a_lone_gate_is_spliced_and_not_with_alt(hand, case):
    graph = hand.stage.graph
    hand.stage.graph = graph.apply(edits.add_node(graph, "exp", (300, 300)))
    hand.stage.under = "w3"
    moved = {"wired": "q", "alt": "exp1", "source": "x"}[case]
    hand.drag((300, 300), (300, 60), Hit("node", moved), mods=("alt",) if case == "alt" else ())
    assert hand.stage.done == [f"Move {moved}"]
    assert {"w1", "w2", "w3", "w4"} == set(hand.stage.graph.wires)


@pytest.mark.parametrize(
    ("mods", "picked"),
    [((), {"x", "y"}), (("shift",), {"x", "y", "f"}), (("alt",), {"f"})],
)
def test_the_rubber_band_selects_adds_and_takes_away(hand, mods, picked):
    hand.stage.select(["f"] if not mods or mods == ("shift",) else ["f", "x"])
    hand.drag((-50, -50), (50, 100), mods=mods, drop=False)
    assert hand.stage.overlay.picked == picked
    assert hand.stage.overlay.band == (-50, -50, 50, 100)
    hand.feed("release", (50, 100), mods=mods)
    assert hand.stage.selection == picked
    assert idle(hand)


def test_the_middle_button_and_space_drag_the_paper(hand):
    hand.feed("press", (0, 0), button="middle")
    hand.feed("move", (30, 10), button="middle")
    hand.feed("release", (30, 10), button="middle")
    assert hand.stage.panned == [30, 10]
    hand.key("Space")
    hand.drag((0, 0), (10, 0), Hit("node", "q"))
    hand.feed("keyup", key="Space")
    assert hand.stage.panned == [40, 10]
    assert hand.stage.wanted == []
    assert idle(hand)


def test_space_without_a_drag_asks_for_a_gate(hand):
    hand.feed("key", (7, 309), key="Space", button="")
    hand.feed("keyup", (7, 309), key="Space", button="")
    (want,) = hand.stage.wanted
    assert want.keys is None
    want.chosen("exp")
    assert hand.stage.graph.nodes["exp1"].at == (8.0, 312.0)
    assert hand.stage.selection == {"exp1"}


# --- wiring -----------------------------------------------------------------------------------


def test_a_drag_from_output_to_input_connects(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w2"]))
    hand.drag((52, 80), (172, 48), Hit("output", "y"), Hit("input", "q", "y"))
    assert hand.stage.done == ["Connect y to q, port y"]
    assert hand.stage.graph.wires[hand.stage.graph.into("q")["y"]].source == "y"


def test_a_drag_from_input_to_output_connects_backwards(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w2"]))
    hand.drag((172, 48), (52, 80), Hit("input", "q", "y"), Hit("output", "y"))
    assert hand.stage.done == ["Connect y to q, port y"]


def test_click_then_click_connects(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w2"]))
    hand.click((52, 80), Hit("output", "y"))
    hand.feed("move", (100, 60), button="")
    assert hand.stage.overlay.rubber == ((52.0, 80.0), (100, 60))
    hand.click((172, 48), Hit("input", "q", "y"))
    assert hand.stage.done == ["Connect y to q, port y"]
    assert idle(hand)


def test_dropping_on_a_body_takes_the_best_free_port(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w1"]))
    hand.drag((52, 0), (200, 40), Hit("output", "x"), Hit("node", "q"))
    assert hand.stage.graph.wires[hand.stage.graph.into("q")["x"]].source == "x"


def test_a_full_growing_gate_grows_a_port_under_a_dropped_wire(hand):
    hand.drag((52, 160), (200, 40), Hit("output", "z"), Hit("node", "q"))
    assert hand.stage.graph.into("q")["x3"]
    assert hand.stage.graph.nodes["q"].params["inputs"] == 3


def test_a_loop_is_refused_with_the_loop_spelled_while_dragging(hand):
    before = hand.stage.graph
    hand.drag((428, 80), (172, 32), Hit("output", "f"), Hit("input", "q", "x"), drop=False)
    overlay = hand.stage.overlay
    assert overlay.refused
    assert not overlay.allowed
    assert "loop" in overlay.sentence
    assert "q → f → q" in overlay.sentence
    assert overlay.forbidden == {"f", "q", "x", "y", "z"}
    hand.feed("release", (172, 32), Hit("input", "q", "x"))
    assert hand.stage.refused == [overlay.sentence]
    assert hand.stage.graph is before
    assert idle(hand)


def test_a_wire_to_itself_and_between_two_outputs_is_refused_in_words(hand):
    hand.drag((428, 80), (400, 80), Hit("output", "f"), Hit("node", "f"), drop=False)
    assert "itself" in hand.stage.overlay.sentence
    hand.feed("move", (228, 40), Hit("output", "q"))
    assert "outputs" in hand.stage.overlay.sentence
    hand.feed("move", (0, 160), Hit("name", "z"))
    assert "takes no inputs" in hand.stage.overlay.sentence
    hand.key("Escape")
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w1"]))
    hand.drag((172, 32), (372, 72), Hit("input", "q", "x"), Hit("input", "f", "x"), drop=False)
    assert "inputs" in hand.stage.overlay.sentence


def test_dropping_on_a_taken_port_replaces_its_wire_in_one_command(hand):
    hand.drag((52, 160), (172, 48), Hit("output", "z"), Hit("input", "q", "y"), drop=False)
    assert hand.stage.overlay.sentence == "Drop to replace the wire from y."
    hand.feed("release", (172, 48), Hit("input", "q", "y"))
    assert len(hand.stage.done) == 1
    assert hand.stage.graph.wires[hand.stage.graph.into("q")["y"]].source == "z"
    assert len(hand.stage.graph.wires) == 4


def test_a_wire_dropped_on_nothing_asks_for_gates_that_fit_and_connects_in_one_command(hand):
    hand.drag((428, 80), (500, 80), Hit("output", "f"))
    (want,) = hand.stage.wanted
    assert "input" not in want.keys
    assert "exp" in want.keys
    want.chosen("exp")
    assert hand.stage.done == ["Add exp1 and connect f"]
    assert hand.stage.graph.wires[hand.stage.graph.into("exp1")["x"]].source == "f"


def test_a_wire_dropped_on_nothing_takes_the_port_that_was_chosen(hand):
    hand.drag((428, 80), (500, 80), Hit("output", "f"))
    (want,) = hand.stage.wanted
    assert want.ports
    want.chosen("subtract", port="y")
    assert hand.stage.graph.wires[hand.stage.graph.into("subtract1")["y"]].source == "f"
    assert "x" not in hand.stage.graph.into("subtract1")


def test_gates_typed_one_after_another_cover_none(hand):
    for _ in range(4):
        hand.key("e")
        hand.stage.wanted[-1].chosen("exp")
    places = [n.at for n in hand.stage.graph.nodes.values() if n.gate == "exp"]
    assert len(places) == 4
    for one, other in combinations(places, 2):
        assert abs(one[0] - other[0]) >= 56 or abs(one[1] - other[1]) >= 48


def test_a_wire_drawn_backwards_to_nothing_offers_sources_too(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w4"]))
    hand.drag((372, 88), (300, 200), Hit("input", "f", "y"))
    (want,) = hand.stage.wanted
    assert "input" in want.keys
    want.chosen("input")
    (wire,) = [w for w in hand.stage.graph.wires.values() if w.target == "f" and w.port == "y"]
    assert hand.stage.graph.nodes[wire.source].label == "w"
    assert len(hand.stage.done) == 1


def test_going_home_with_a_loose_wire_is_nothing(hand):
    hand.drag((428, 80), (430, 90), Hit("output", "f"), Hit("output", "f"))
    assert hand.stage.wanted == []
    assert hand.stage.refused == []
    assert hand.stage.done == []


def test_the_forbidden_nodes_of_a_deep_ladder_are_found_at_once():
    nodes = [Node("x", "input")] + [Node(f"a{i}", "add", (i * 100.0, 0)) for i in range(1000)]
    wires = []
    for i in range(1000):
        before = f"a{i - 1}" if i else "x"
        wires += [
            Wire(f"w{2 * i}", before, f"a{i}", "x"),
            Wire(f"w{2 * i + 1}", before, f"a{i}", "y"),
        ]
    hand = Hand(Graph(nodes, wires))
    hand.drag((0, 0), (50, 0), Hit("output", "a999"), Hit("input", "a0", "x"), drop=False)
    assert len(hand.stage.overlay.forbidden) == 1001
    assert hand.stage.overlay.refused


# --- replugging -------------------------------------------------------------------------------


def test_a_wired_input_gives_its_wire_to_the_hand(hand):
    hand.drag((172, 48), (372, 88), Hit("input", "q", "y"), Hit("input", "f", "y"), drop=False)
    assert hand.stage.overlay.hidden == {"w2"}
    hand.feed("release", (372, 88), Hit("input", "f", "y"))
    assert len(hand.stage.done) == 1
    wires = hand.stage.graph.wires
    assert "y" not in hand.stage.graph.into("q")
    assert wires[hand.stage.graph.into("f")["y"]].source == "y"


def test_letting_a_wires_end_go_over_nothing_disconnects_without_a_menu(hand):
    hand.drag((172, 48), (120, 300), Hit("input", "q", "y"))
    assert hand.stage.wanted == []
    assert hand.stage.done == ["Take the wire from y to q off"]
    assert "w2" not in hand.stage.graph.wires


def test_a_wires_source_end_can_be_plugged_elsewhere(hand):
    hand.drag((60, 80), (52, 160), Hit("wire", "w2", end="source"), Hit("output", "z"))
    assert hand.stage.graph.wires["w2"].source == "z"
    assert hand.stage.graph.wires["w2"].port == "y"


def test_putting_an_end_back_where_it_was_changes_nothing(hand):
    hand.drag((172, 48), (172, 49), Hit("input", "q", "y"), Hit("input", "q", "y"))
    hand.feed("press", (172, 48), Hit("input", "q", "y"))
    hand.feed("move", (120, 100))
    hand.feed("release", (172, 48), Hit("input", "q", "y"))
    assert hand.stage.graph == simple()
    assert hand.stage.done == []


def test_a_replug_may_not_close_a_loop_either(hand):
    hand.drag((372, 72), (172, 32), Hit("input", "f", "x"), Hit("input", "q", "x"))
    assert hand.stage.graph == simple()
    assert "loop" in hand.stage.refused[-1]


# --- values -----------------------------------------------------------------------------------


def test_a_click_on_a_value_edits_it_and_a_drag_scrubs_it_into_one_command(hand):
    hit = Hit("value", "x")
    hand.click((30, 0), hit)
    assert hand.stage.opened == [("value", "x")]
    hand.drag((30, 0), (70, 0), hit, drop=False)
    assert hand.stage.previewed.changes["x"][1].params["value"] == -1.0
    hand.feed("release", (70, 0), hit)
    assert hand.stage.previewed is None
    assert hand.stage.graph.nodes["x"].params["value"] == -1.0
    assert hand.stage.done == ["Set x to −1"]


def test_shift_scrubs_finely_ctrl_coarsely_without_a_jump(hand):
    hit = Hit("value", "y")
    hand.feed("press", (0, 80), hit)
    hand.feed("move", (40, 80))
    hand.feed("move", (40, 80), mods=("shift",))
    assert hand.stage.previewed.changes["y"][1].params["value"] == 6.0
    hand.feed("move", (80, 80), mods=("shift",))
    assert hand.stage.previewed.changes["y"][1].params["value"] == 6.1
    hand.feed("move", (80, 80), mods=("ctrl",))
    hand.feed("move", (88, 80), mods=("ctrl",))
    assert hand.stage.previewed.changes["y"][1].params["value"] == 8.0


def test_escape_drops_a_scrub(hand):
    hand.drag((30, 0), (70, 0), Hit("value", "x"), drop=False)
    hand.key("Escape")
    assert hand.stage.previewed is None
    assert hand.stage.done == []
    assert hand.stage.graph == simple()


@pytest.mark.parametrize(
    ("value", "step"),
    [(0.0, 0.1), (4.0, 0.1), (-37.0, 1.0), (0.05, 0.001), (1e-300, 0.1), (1e300, 1e299)],
)
def test_the_step_of_a_scrub_fits_the_size_of_the_number(value, step):
    assert step_of(value) == pytest.approx(step)


def test_scrubbed_numbers_keep_few_digits():
    assert [stepped(0.0, n, 0.1) for n in (1, 3, 7)] == [0.1, 0.3, 0.7]
    assert stepped(0.30000000000000004, 0, 0.1) == 0.30000000000000004
    assert stepped(1.7e308, 1000, 1e307) == 1.7e308


# --- placing ----------------------------------------------------------------------------------


def test_a_chosen_gate_is_placed_by_a_click_and_shift_keeps_placing(hand):
    hand.tools.go(Place(hand.tools, "exp"))
    hand.feed("move", (101, 203), button="")
    assert hand.stage.overlay.ghost == ("exp", (104.0, 200.0))
    hand.click((101, 203), mods=("shift",))
    hand.click((301, 203))
    assert [n.at for n in hand.stage.graph.nodes.values() if n.gate == "exp"] == [
        (104.0, 200.0),
        (304.0, 200.0),
    ]
    assert idle(hand)


def test_a_gate_placed_on_a_wire_is_spliced_in_with_one_command(hand):
    hand.tools.go(Place(hand.tools, "exp"))
    hand.feed("move", (300, 56), Hit("wire", "w3"), button="")
    assert hand.stage.overlay.splice == "w3"
    hand.click((300, 56), Hit("wire", "w3"))
    assert len(hand.stage.done) == 1
    graph = hand.stage.graph
    assert graph.wires[graph.into("exp1")["x"]].source == "q"
    assert graph.wires[graph.into("f")["x"]].source == "exp1"


def test_escape_leaves_placing(hand):
    hand.tools.go(Place(hand.tools, "exp"))
    hand.feed("move", (100, 100), button="")
    hand.key("Escape")
    assert idle(hand)
    assert hand.stage.done == []


def test_a_double_click_asks_for_a_gate_here_or_into_the_wire(hand):
    hand.feed("double", (10, 300))
    hand.feed("double", (300, 60), Hit("wire", "w3"))
    first, second = hand.stage.wanted
    assert first.keys is None
    assert "input" not in second.keys
    second.chosen("exp")
    assert hand.stage.done == ["Splice exp1 into a wire"]


def test_a_double_click_renames_a_name_and_edits_a_gate(hand):
    hand.feed("double", (0, 0), Hit("name", "x"))
    hand.feed("double", (200, 40), Hit("node", "q"))
    assert hand.stage.opened == [("name", "x"), ("value", "q")]


def test_a_letter_opens_the_search_with_that_letter(hand):
    hand.key("s")
    assert hand.stage.wanted[0].typed == "s"
    hand.key("s", mods=("ctrl",))
    assert len(hand.stage.wanted) == 1


def test_beside_finds_a_place_that_covers_no_gate():
    graph = simple()
    for _ in range(12):
        at = beside(graph, "add", (200, 40))
        for node in graph.nodes.values():
            w, h = node_size(node, GATES)
            assert (
                abs(at[0] - node.at[0]) >= (w + 56) / 2 or abs(at[1] - node.at[1]) >= (h + 48) / 2
            )
        graph = graph.apply(edits.add_node(graph, "add", at))


# --- keys -------------------------------------------------------------------------------------


def test_a_wire_is_drawn_with_keys_alone(hand):
    graph = hand.stage.graph
    hand.stage.graph = graph.apply(edits.add_node(graph, "exp", (600, 80)))
    hand.tools.go(KeyWiring(hand.tools, "f"))
    assert hand.stage.overlay.aim == ("exp1", "x")
    assert hand.stage.said == ["exp1, port x"]
    hand.key("Enter")
    assert hand.stage.done == ["Connect f to exp1, port x"]
    assert idle(hand)


def test_keyboard_wiring_walks_the_allowed_ports_round_free_ones_first(hand):
    ports = allowed_ports(hand.stage, "x")
    assert ports == [("q", "x3"), ("f", "x3"), ("q", "y"), ("f", "x"), ("f", "y")]
    hand.tools.go(KeyWiring(hand.tools, "x"))
    seen = []
    for _ in range(len(ports)):
        seen.append(hand.stage.overlay.aim)
        hand.key("Tab")
    assert seen == ports
    assert hand.stage.overlay.aim == ports[0]
    hand.key("Backtab")
    assert hand.stage.overlay.aim == ports[-1]
    hand.key("Escape")
    assert idle(hand)


def test_keyboard_wiring_says_so_when_no_gate_can_take_the_wire(hand):
    hand.tools.go(KeyWiring(hand.tools, "f"))
    assert idle(hand)
    assert hand.stage.refused == ["No gate can take a wire from f; add one first."]


def test_keys_without_a_gesture_run_the_canvas_commands(hand):
    for key in ("Left", "Tab", "Backtab", "Delete", "F2", "Enter", "w"):
        hand.key(key)
    hand.key("Up", ("shift",))
    hand.key("Down", ("alt",))
    assert hand.stage.commands == [
        "nudge left",
        "select_next",
        "select_previous",
        "delete_selection",
        "rename_selected",
        "edit_value",
        "start_wire",
        "nudge up far",
        "walk down",
    ]


# --- wheels, and other hands --------------------------------------------------------------------


def test_a_wheel_zooms_two_fingers_pan_ctrl_and_pinch_zoom_in_any_state(hand):
    hand.feed("press", (52, 80), Hit("output", "y"))
    hand.feed("move", (90, 80))
    hand.feed("wheel", delta=(0.0, 1.0))
    hand.feed("wheel", delta=(5.0, -7.0), pixels=True)
    hand.feed("wheel", delta=(0.0, 40.0), pixels=True, mods=("ctrl",))
    hand.feed("wheel", scale=1.5)
    hand.feed("wheel", delta=(0.0, 1e9))
    assert hand.stage.zoomed == pytest.approx([1.2, 1.2, 1.5, 1.2**8])
    assert hand.stage.panned == [5.0, -7.0]
    assert hand.stage.overlay.rubber is not None


def test_a_deletion_by_another_hand_drops_the_gesture(hand):
    hand.drag((200, 40), (300, 90), Hit("node", "q"), drop=False)
    hand.stage.graph = hand.stage.graph.apply(edits.delete(hand.stage.graph, ["q"]))
    hand.tools.graph_changed()
    assert idle(hand)
    assert hand.stage.shifted is None
    hand.feed("move", (320, 90))
    hand.feed("release", (320, 90))
    assert hand.stage.done == []


def test_losing_the_focus_cancels_every_gesture(hand):
    for first in (
        Hit("node", "q"),
        Hit("output", "q"),
        Hit("input", "q", "x"),
        Hit("value", "x"),
        NOWHERE,
    ):
        hand.drag((0, 0), (50, 50), first, drop=False)
        hand.feed("cancel")
        assert idle(hand)
    assert hand.stage.done == []
