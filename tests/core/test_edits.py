import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bpstudio.core import edits
from bpstudio.core.edits.draft import Draft
from bpstudio.core.graph import (
    BadParam,
    BadText,
    Graph,
    GraphError,
    LoopError,
    Node,
    PortTaken,
    SelfWire,
    UnknownGate,
    UnknownItem,
    UnknownPort,
    Wire,
)


def placed(*gates: str) -> Graph:
    """A graph with these gates and no wires; ids as the edits give them."""
    graph = Graph()
    for i, gate in enumerate(gates):
        graph = graph.apply(edits.add_node(graph, gate, (100.0 * i, 0.0)))
    return graph


def wired(graph: Graph, *wires: str) -> Graph:
    """`a>b.x` draws a wire from a to input x of b."""
    for wire in wires:
        source, _, end = wire.partition(">")
        target, _, port = end.partition(".")
        graph = graph.apply(edits.connect(graph, source, target, port))
    return graph


def ends(graph: Graph) -> set[str]:
    return {f"{w.source}>{w.target}.{w.port}" for w in graph.wires.values()}


def product() -> Graph:
    return wired(placed("input", "input", "multiply"), "x>multiply1.x", "y>multiply1.y")


class TestAdding:
    def test_names_inputs_x_y_z_w(self):
        assert list(placed("input", "input", "input", "input").nodes) == ["x", "y", "z", "w"]

    def test_numbers_gates_by_kind(self):
        assert list(placed("add", "add", "exp").nodes) == ["add1", "add2", "exp1"]

    def test_does_not_use_the_id_of_a_deleted_gate_again(self):
        graph = placed("add", "add")
        graph = graph.apply(edits.delete(graph, ["add2"]))
        assert edits.born(edits.add_node(graph, "add", (0, 0))) == ("add3",)

    def test_refuses_a_gate_that_no_table_has(self):
        with pytest.raises(UnknownGate, match="convolve"):
            edits.add_node(Graph(), "convolve", (0, 0))

    @pytest.mark.parametrize("at", [(float("nan"), 0), (1e8, 0), (0, float("-inf"))])
    def test_refuses_a_place_off_the_paper(self, at):
        with pytest.raises(BadParam):
            edits.add_node(Graph(), "add", at)

    def test_says_what_it_does(self):
        assert edits.add_node(Graph(), "input", (0, 0)).label == "Add x"


class TestWiring:
    def test_draws_a_wire(self):
        assert ends(product()) == {"x>multiply1.x", "y>multiply1.y"}

    def test_names_both_ends(self):
        graph = placed("input", "multiply")
        assert edits.connect(graph, "x", "multiply1", "y").label == "Connect x to multiply1, port y"

    def test_refuses_a_loop_and_spells_it_out(self):
        graph = wired(placed("exp", "log", "sin"), "exp1>log1.x", "log1>sin1.x")
        with pytest.raises(LoopError, match="exp1 → log1 → sin1 → exp1") as error:
            edits.connect(graph, "sin1", "exp1", "x")
        assert error.value.loop == ("exp1", "log1", "sin1", "exp1")

    def test_refuses_a_wire_to_itself(self):
        with pytest.raises(SelfWire, match="itself"):
            edits.connect(placed("add"), "add1", "add1", "x")

    def test_refuses_a_taken_port_unless_it_may_replace(self):
        graph = product()
        with pytest.raises(PortTaken, match=r"multiply1\.x already has a wire; drop to replace"):
            edits.connect(graph, "y", "multiply1", "x")
        graph = graph.apply(edits.connect(graph, "y", "multiply1", "x", replace=True))
        assert ends(graph) == {"y>multiply1.x", "y>multiply1.y"}

    def test_drawing_the_same_wire_again_changes_nothing(self):
        assert not edits.connect(product(), "x", "multiply1", "x", replace=True)

    def test_refuses_a_port_the_gate_does_not_have(self):
        with pytest.raises(UnknownPort, match="its inputs are x, y"):
            edits.connect(placed("input", "subtract"), "x", "subtract1", "q")
        with pytest.raises(UnknownPort, match="takes no inputs"):
            edits.connect(placed("add", "input"), "add1", "x", "x")

    def test_refuses_ends_that_are_not_there(self):
        with pytest.raises(UnknownItem, match="nobody"):
            edits.connect(placed("add"), "nobody", "add1", "x")

    def test_one_node_may_feed_both_inputs(self):
        graph = wired(placed("input", "multiply"), "x>multiply1.x", "x>multiply1.y")
        assert ends(graph) == {"x>multiply1.x", "x>multiply1.y"}

    def test_a_full_gate_grows_one_port_and_gives_it_back(self):
        graph = product()
        assert edits.next_port(graph, "multiply1") == "x3"
        graph = graph.apply(edits.add_node(graph, "input", (0, 0)))
        grown = wired(graph, "z>multiply1.x3")
        assert grown.nodes["multiply1"].params == {"inputs": 3}
        wire = grown.into("multiply1")["x3"]
        assert grown.apply(edits.disconnect(grown, [wire])).nodes["multiply1"].params == {}

    def test_taking_thousands_of_wires_off_looks_at_each_a_few_times(self, monkeypatch):
        nodes = [Node("x", "input"), *(Node(f"n{k}", "add") for k in range(2000))]
        graph = Graph(nodes, [Wire(f"w{k}", "x", f"n{k}", "x") for k in range(2000)])
        asked, get = [], Draft.get
        monkeypatch.setattr(Draft, "get", lambda *it: asked.append(1) or get(*it))
        assert not graph.apply(edits.disconnect(graph, graph.wires)).wires
        assert len(asked) < 10 * 2000

    def test_only_the_next_port_can_be_grown(self):
        graph = placed("input", "add")
        with pytest.raises(UnknownPort):
            edits.connect(graph, "x", "add1", "x3")

    def test_a_replug_moves_one_end(self):
        graph = wired(placed("input", "exp", "log"), "x>exp1.x")
        wire = graph.into("exp1")["x"]
        moved = graph.apply(edits.replug(graph, wire, target="log1", port="x"))
        assert ends(moved) == {"x>log1.x"}
        assert list(moved.wires) == [wire]

    def test_a_replug_may_not_make_a_loop(self):
        graph = wired(placed("exp", "log", "input"), "exp1>log1.x", "x>exp1.x")
        with pytest.raises(LoopError):
            edits.replug(graph, graph.into("exp1")["x"], source="log1")

    def test_a_splice_puts_the_gate_into_the_wire(self):
        graph = wired(placed("input", "exp", "negate"), "x>exp1.x")
        graph = graph.apply(edits.splice(graph, "negate1", graph.into("exp1")["x"]))
        assert ends(graph) == {"x>negate1.x", "negate1>exp1.x"}

    def test_refusal_is_the_error_that_connecting_would_raise(self):
        graph = product()
        assert isinstance(edits.refusal(graph, "multiply1", "multiply1", "x"), SelfWire)
        assert edits.refusal(graph, "x", "multiply1", "y") is None

    def test_the_best_port_is_the_first_free_one(self):
        graph = wired(placed("input", "input", "multiply"), "x>multiply1.x")
        assert edits.free_port(graph, "y", "multiply1") == "y"
        assert edits.free_port(product(), "x", "multiply1") == "x3"
        assert edits.free_port(product(), "multiply1", "multiply1") == ""


class TestChanging:
    def test_sets_a_value(self):
        graph = placed("input")
        patch = edits.set_value(graph, "x", -2)
        assert patch.label == "Set x to −2"
        assert graph.apply(patch).nodes["x"].params["value"] == -2.0

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), True])
    def test_refuses_a_value_that_is_no_finite_number(self, value):
        with pytest.raises(BadParam):
            edits.set_value(placed("input"), "x", value)

    def test_refuses_a_value_for_a_gate_that_computes_its_own(self):
        with pytest.raises(BadParam, match="computes its value"):
            edits.set_value(placed("add"), "add1", 1.0)

    def test_refuses_a_parameter_the_gate_does_not_have(self):
        with pytest.raises(BadParam, match="no parameter “slope”"):
            edits.set_param(placed("add"), "add1", "slope", 1.0)

    @pytest.mark.parametrize("count", [1, 65, 2.5])
    def test_refuses_a_count_of_inputs_out_of_range(self, count):
        with pytest.raises(BadParam, match="from 2 to 64"):
            edits.set_param(placed("add"), "add1", "inputs", count)

    def test_refuses_to_cut_a_wired_port_off(self):
        graph = placed("input", "add")
        graph = graph.apply(edits.set_param(graph, "add1", "inputs", 3))
        graph = wired(graph, "x>add1.x3")
        with pytest.raises(BadParam, match="still has a wire at input x3"):
            edits.set_param(graph, "add1", "inputs", 2)

    def test_renames_and_refuses_what_is_no_name(self):
        graph = placed("add")
        assert graph.apply(edits.rename(graph, "add1", " q ")).nodes["add1"].name == "q"
        for bad in ("a\nb", "x" * 201, "\x00"):
            with pytest.raises(BadText):
                edits.rename(graph, "add1", bad)

    def test_deleting_a_gate_takes_its_wires_and_seed_along(self):
        graph = product()
        graph = graph.apply(edits.set_seed(graph, "multiply1", 2.0))
        after = graph.apply(edits.delete(graph, ["multiply1"]))
        assert list(after.nodes) == ["x", "y"]
        assert not after.wires
        assert not after.seeds

    def test_deleting_a_group_deletes_what_is_in_it(self):
        graph = product()
        graph = graph.apply(edits.group(graph, ["x", "multiply1"], "half"))
        assert list(graph.apply(edits.delete(graph, ["group1"])).nodes) == ["y"]
        flat = graph.apply(edits.ungroup(graph, "group1"))
        assert not flat.groups
        assert ends(flat) == ends(graph)


class TestBuilding:
    def test_builds_the_simple_example(self):
        graph = Graph().apply(edits.build(Graph(), "f = (x + y) * z", {"x": -2.0}))
        assert {n.name: n.gate for n in graph.nodes.values()} == {
            "x": "input",
            "y": "input",
            "z": "input",
            "add1": "add",
            "f": "multiply",
        }
        assert graph.nodes["x"].params["value"] == -2.0

    def test_building_again_keeps_the_values_of_inputs_with_the_same_name(self):
        graph = Graph().apply(edits.build(Graph(), "f = x * y", {"x": 7.0}))
        graph = graph.apply(edits.build(graph, "f = exp(x)"))
        assert graph.nodes["x"].params["value"] == 7.0
        assert "y" not in graph.nodes

    def test_building_takes_a_renamed_input_as_the_one_it_is(self):
        graph = placed("input")
        graph = graph.apply(edits.rename(graph, "x", "w"))
        graph = graph.apply(edits.set_value(graph, "x", 3.0))
        graph = graph.apply(edits.build(graph, "f = w * x"))
        assert {n.name for n in graph.nodes.values()} == {"w", "x", "f"}
        assert graph.nodes["x"].label == "w"
        assert graph.nodes["x"].params["value"] == 3.0

    def test_building_beside_shares_inputs_and_leaves_the_rest(self):
        graph = Graph().apply(edits.build(Graph(), "f = x * y"))
        after = graph.apply(edits.build(graph, "g = exp(x)", beside=True))
        assert set(graph.nodes) < set(after.nodes)
        assert [n.name for n in after.nodes.values()].count("x") == 1
        assert ends(graph) < ends(after)

    def test_what_is_built_beside_has_a_name_of_its_own(self):
        graph = Graph().apply(edits.build(Graph(), "f = x * y"))
        after = graph.apply(edits.build(graph, "f = x + y", beside=True))
        names = [n.name for n in after.nodes.values()]
        assert sorted(names) == ["f", "f2", "x", "y"]
        assert after.nodes["f"] == graph.nodes["f"]

    def test_a_broken_formula_changes_nothing(self):
        with pytest.raises(GraphError):
            edits.build(Graph(), "f = (x + ")


GATE_CHOICES = ("input", "constant", "add", "multiply", "max", "exp", "subtract", "scale")


class Editing(RuleBasedStateMachine):
    """Any edits in any order: undone one by one they give every graph back, redone too."""

    def __init__(self):
        super().__init__()
        self.graphs = [Graph()]
        self.patches = []

    @property
    def graph(self):
        return self.graphs[-1]

    def do(self, make):
        try:
            patch = make()
        except GraphError:
            return
        self.patches.append(patch)
        self.graphs.append(self.graph.apply(patch))

    def pick(self, data, table):
        return data.draw(st.sampled_from(sorted(table)))

    @rule(gate=st.sampled_from(GATE_CHOICES), x=st.integers(-9, 9))
    def add(self, gate, x):
        self.do(lambda: edits.add_node(self.graph, gate, (x, -x)))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), port=st.sampled_from(("x", "y", "x3", "x4")), replace=st.booleans())
    def connect(self, data, port, replace):
        a, b = self.pick(data, self.graph.nodes), self.pick(data, self.graph.nodes)
        self.do(lambda: edits.connect(self.graph, a, b, port, replace=replace))

    @precondition(lambda self: self.graph.wires)
    @rule(data=st.data(), port=st.sampled_from(("x", "y", "x3")))
    def replug(self, data, port):
        wire, node = self.pick(data, self.graph.wires), self.pick(data, self.graph.nodes)
        self.do(lambda: edits.replug(self.graph, wire, target=node, port=port))

    @precondition(lambda self: self.graph.wires)
    @rule(data=st.data())
    def splice(self, data):
        wire, node = self.pick(data, self.graph.wires), self.pick(data, self.graph.nodes)
        self.do(lambda: edits.splice(self.graph, node, wire))

    @precondition(lambda self: self.graph.wires)
    @rule(data=st.data())
    def disconnect(self, data):
        wire = self.pick(data, self.graph.wires)
        self.do(lambda: edits.disconnect(self.graph, [wire]))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def delete(self, data):
        table = {**self.graph.nodes, **self.graph.wires, **self.graph.groups}
        keys = data.draw(st.sets(st.sampled_from(sorted(table)), min_size=1, max_size=3))
        self.do(lambda: edits.delete(self.graph, sorted(keys)))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), seed=st.sampled_from((None, 1.0, -2.5)))
    def change(self, data, seed):
        node = self.pick(data, self.graph.nodes)
        self.do(lambda: edits.set_seed(self.graph, node, seed))
        self.do(lambda: edits.set_value(self.graph, node, 0.5))
        self.do(lambda: edits.rename(self.graph, node, "name"))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def group(self, data):
        table = {**self.graph.nodes, **self.graph.groups}
        keys = data.draw(st.sets(st.sampled_from(sorted(table)), min_size=1, max_size=3))
        self.do(lambda: edits.group(self.graph, sorted(keys), "box"))

    @invariant()
    def is_a_sound_graph(self):
        for wire in self.graph.wires.values():
            assert wire.source in self.graph.nodes
            assert wire.port in edits.ports_of(self.graph.nodes[wire.target])
            assert self.graph.into(wire.target)[wire.port] == wire.id
            assert wire.id in self.graph.out_of(wire.source)
            assert not self.graph.path(wire.target, wire.source)
        assert len(self.graph.wires) == len({(w.target, w.port) for w in self.graph.wires.values()})
        assert set(self.graph.seeds) <= set(self.graph.nodes)
        for item in (*self.graph.nodes.values(), *self.graph.groups.values()):
            assert not item.group or item.group in self.graph.groups

    def teardown(self):
        graph = self.graph
        for patch, before in zip(reversed(self.patches), reversed(self.graphs[:-1]), strict=True):
            graph = graph.apply(patch.inverse())
            assert graph == before
        for patch, after in zip(self.patches, self.graphs[1:], strict=True):
            graph = graph.apply(patch)
            assert graph == after


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_samples_of_several_inputs_are_one_edit() -> None:
    graph = wired(placed("input", "input", "multiply"), "x>multiply1.x", "y>multiply1.y")
    patch = edits.set_samples(graph, {"x": (1, 2, 3), "y": [4, 5, 6]})
    assert patch.label == "Set the inputs to 3 samples"
    after = graph.apply(patch)
    assert after.nodes["x"].params["value"] == (1.0, 2.0, 3.0)
    assert after.apply(patch.inverse()) == graph
    single = edits.set_samples(after, {"x": 1.0, "y": 4.0})
    assert single.label == "Set the inputs to single numbers"
    assert not edits.set_samples(after, {"x": (1.0, 2.0, 3.0)})


def test_samples_of_unequal_number_are_refused_by_name() -> None:
    graph = placed("input", "input")
    with pytest.raises(BadParam, match="x has 3 samples and y has 2"):
        edits.set_samples(graph, {"x": (1, 2, 3), "y": (4, 5)})
    three = graph.apply(edits.set_value(graph, "x", (1.0, 2.0, 3.0)))
    with pytest.raises(BadParam, match="x has 3 samples and y has 2"):
        edits.set_samples(three, {"y": (4, 5)})
