import ast
import json
import math
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from bpstudio.core import edits
from bpstudio.core.formula import gates_of, parse_program
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, GraphError, Group, Node, Note, Wire
from bpstudio.core.groups import box_of_group
from bpstudio.core.plan import Plan
from bpstudio.core.ways import through
from bpstudio.export import EXPORTERS
from bpstudio.export.documents import csv_table, dot_graph, latex_lines
from bpstudio.export.drawings import graphml, tikz_picture
from bpstudio.export.script import ExportError, numpy_script, torch_script

# How the reference names its gates -> ours.
GATE_OF = {
    "add": "add",
    "mul": "multiply",
    "max": "max",
    "sub": "subtract",
    "neg": "negate",
    "recip": "reciprocal",
    "exp": "exp",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
}
PARAM_OF = {"addc": ("add_constant", "c"), "mulc": ("scale", "a"), "pow": ("power", "p")}


SCRIPTS = [numpy_script, pytest.param(torch_script, marks=pytest.mark.peer)]


def example_ids(path):
    examples = json.loads(path.read_text("utf-8"))["examples"]
    return [e for e in examples if e["kind"] == "scalar_graph"]


def graph_of(example):
    """A worked example of the reference as a graph; ids are its names."""
    nodes = [
        Node(name, "input", params={"value": float(value)}, label=name)
        for name, value in example["inputs"].items()
    ]
    wires = []
    for op in example["ops"]:
        kind, _, number = op["op"].partition(":")
        if number:
            gate, param = PARAM_OF[kind]
            params = {param: float(number)}
        else:
            gate = GATE_OF[kind]
            params = {"inputs": float(len(op["args"]))} if GATES[gate].grows else {}
        nodes.append(Node(op["out"], gate, params=params))
        ports = GATES[gate].ports(params)
        wires += [
            Wire(f"{op['out']}.{port}", source, op["out"], port)
            for port, source in zip(ports, op["args"], strict=True)
        ]
    return Graph(nodes, wires)


ALL = """
import runpy, sys
for path in sys.argv[1:]:
    print("= script")
    runpy.run_path(path, run_name="__main__")
"""
"""Runs scripts one after the other, each in a space of its own: importing torch takes seconds."""


def run_all(scripts, folder):
    """The tables of these scripts: name -> (value, gradient)."""
    return [_table(text) for text in printed_by(scripts, folder)]


def printed_by(scripts, folder):
    """What each of these scripts prints."""
    paths = [folder / f"{number}.py" for number in range(len(scripts))]
    for path, script in zip(paths, scripts, strict=True):
        path.write_text(script, "utf-8")
    return _python("-c", ALL, *map(str, paths)).split("= script\n")[1:]


def run(script):
    """A script's table: name -> (value, gradient)."""
    return _table(_python("-c", script))


def _python(*arguments):
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def _table(printed):
    rows = [line.rsplit(maxsplit=2) for line in printed.splitlines()[1:]]
    return {name.strip(): (float(value), float(grad)) for name, value, grad in rows}


def close(got, want):
    return abs(got - want) <= 1e-12 * (1 + abs(want))


@pytest.mark.parametrize("export", SCRIPTS)
def test_a_script_computes_the_reference(export, reference, tmp_path):
    if export is torch_script:
        pytest.importorskip("torch")
    examples = example_ids(reference / "examples.json")
    assert len(examples) == 11
    tables = run_all([export(graph_of(example)) for example in examples], tmp_path)
    for example, table in zip(examples, tables, strict=True):
        assert set(table) == set(example["forward"])
        for name, (value, grad) in table.items():
            assert close(value, example["forward"][name]), (example["id"], name)
            assert close(grad, example["grad"].get(name, 0.0)), (example["id"], name)


def test_a_script_of_every_gate_computes_what_the_gates_compute():
    from tests.core.test_gates import compute

    nodes, wires, expected = [], [], {}
    for gate in GATES.values():
        if gate.is_source:
            continue
        point = gate.samples[len(gate.samples) // 2]
        value, local = compute(gate, point)
        expected[gate.key] = (value, 1.0)
        nodes.append(Node(gate.key, gate.key))
        for port, x, grad in zip(gate.inputs, point, local, strict=True):
            source = f"{gate.key}.{port}"
            nodes.append(Node(source, "input", params={"value": x}))
            wires.append(Wire(f"w-{source}", source, gate.key, port))
            expected[source] = (x, grad)
    table = run(numpy_script(Graph(nodes, wires)))
    assert table.keys() == expected.keys()
    for name, pair in expected.items():
        assert table[name] == pytest.approx(pair, rel=1e-13, abs=1e-300), name


def test_a_script_carries_infinities_ties_and_seeds():
    graph = gates_of(
        parse_program("a = max(x, y, x)\nb = 1 / 0\nc = 9**9**9 * x"), {"x": 1.0, "y": 1.0}
    )
    table = run(numpy_script(graph))
    assert table["b"][0] == table["c"][0] == math.inf
    assert table["a"] == (1.0, 1.0)
    assert table["y"][1] == pytest.approx(1 / 3)
    seeded = Graph(graph.nodes.values(), graph.wires.values(), seeds={"a": -2.0})
    table = run(numpy_script(seeded))
    assert table["y"][1] == pytest.approx(-2 / 3)
    assert table["b"][1] == 0.0


def test_names_of_people_become_safe_variables():
    labels = [
        "import os",
        "α",
        "lambda",
        "np",
        "a'\n\"b",
        "权重",
        "x",
        "x",
        "grad_x",
        "__doc__",
        "\\",
    ]
    nodes = [
        Node(f"i{n}", "input", params={"value": float(n)}, label=label)
        for n, label in enumerate(labels)
    ]
    nodes.append(Node("s", "add", params={"inputs": float(len(labels))}))
    ports = GATES["add"].ports({"inputs": len(labels)})
    wires = [Wire(f"w{n}", f"i{n}", "s", port) for n, port in enumerate(ports)]
    tree = ast.parse(numpy_script(Graph(nodes, wires)))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert all(name.isascii() for name in names)
    assert "alpha" in names
    assert not {"lambda", "os", "__doc__"} & names
    strings = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert set(labels) <= strings
    assert "import os" in run(
        numpy_script(Graph([nodes[0], Node("n", "negate")], [Wire("w", "i0", "n", "x")]))
    )


@pytest.mark.parametrize("key", ["numpy", "torch"])
def test_a_script_refuses_what_is_not_whole(key):
    write = EXPORTERS[key].write
    half = Graph(
        [Node("x", "input"), Node("m", "multiply", label="mul")], [Wire("w1", "x", "m", "x")]
    )
    with pytest.raises(ExportError, match=r"mul\.y has no wire"):
        write(half, None)
    with pytest.raises(ExportError, match="of the kind convolve"):
        write(Graph([Node("c", "convolve")]), None)
    with pytest.raises(ExportError, match="empty"):
        write(Graph(), None)


def test_a_torch_script_is_python():
    formula = (
        "f = softplus(max(x, 0.5)) * gelu(y) - leaky_relu(y, 0.2)^3\ng = cross_entropy_logit(x, 1)"
    )
    script = torch_script(gates_of(parse_program(formula)))
    ast.parse(script)
    assert "torch.autograd.backward(\n    [f, g],\n" in script


def test_inputs_alone_make_a_script():
    graph = Graph([Node("x", "input", params={"value": 2.0}, label="x")])
    assert run(numpy_script(graph)) == {"x": (2.0, 0.0)}
    ast.parse(torch_script(graph))


def test_latex_is_the_program_of_all_outputs():
    graph = gates_of(parse_program("q = x_1 + α\nf = q / 2e5\ng = -q"))
    assert latex_lines(graph) == (
        "% Needs \\usepackage{amsmath}\n\\begin{align*}\n"
        "  q &= x_{1} + \\alpha \\\\\n"
        "  f &= \\frac{q}{200000} \\\\\n"
        "  g &= -q\n\\end{align*}\n"
    )


def test_latex_refuses_a_graph_without_gates():
    with pytest.raises(GraphError, match="No gate is wired"):
        latex_lines(Graph([Node("x", "input")]))


def test_no_label_reaches_latex_as_a_command():
    nodes = [
        Node("x", "input", label="\\input{/etc/passwd}", params={"value": 1.0}),
        Node("n", "negate", label="\\write18{rm}"),
    ]
    written = latex_lines(Graph(nodes, [Wire("w1", "x", "n", "x")]))
    assert "input{" not in written
    assert "write" not in written


def test_dot_strings_are_closed():
    nodes = [
        Node("x", "input", label='a"]; evil [label="', params={"value": 1.0}),
        Node("n", "negate", label="b\\"),
    ]
    written = dot_graph(Graph(nodes, [Wire("w1", "x", "n", "x")]))
    assert '"x" [label="a\\"]; evil [label=\\""];' in written
    assert '"n" [label="b\\\\: −x"];' in written


def test_a_table_holds_every_number_and_no_spreadsheet_formula():
    graph = gates_of(parse_program("q = x + y\nf = q * z"), {"x": -2.0, "y": 5.0, "z": -4.0})
    rows = [line.split(",") for line in csv_table(graph).splitlines()]
    assert rows[0] == "kind id name gate value local upstream gradient".split()  # noqa: SIM905
    found = {row[1]: row[4:] for row in rows[1:]}
    assert found["f"] == ["-12.0", "", "", "1.0"]
    assert found["x"] == ["-2.0", "", "", "-4.0"]
    assert found["w1"] == ["-2.0", "1.0", "-4.0", "-4.0"]
    evil = Graph([Node("x", "input", label="=HYPERLINK()", params={"value": 1.0})])
    assert "'=HYPERLINK()" in csv_table(evil)


def own(formula, values, policy="even"):
    """f = Mine(...) / 2 with an own gate of this formula."""
    graph = Graph()
    graph = graph.apply(edits.define_kind(graph, "Mine", formula))
    ports = ", ".join(graph.gates["Mine"].inputs)
    graph = graph.apply(edits.build(graph, f"f = Mine({ports}) / 2 + Mine({ports})", values))
    return graph.apply(edits.set_setting(graph, "ties", policy))


@pytest.mark.parametrize("export", SCRIPTS)
def test_own_gates_are_written_out(export):
    if export is torch_script:
        pytest.importorskip("torch")
    graph = own("sigmoid(x) * log(1 + exp(y)) - x / y", {"x": 0.7, "y": -1.3})
    trace = Plan.of(graph).run()
    table = run(export(graph))
    assert set(table) == {graph.nodes[key].name for key in graph.nodes}
    for node in graph.nodes.values():
        assert close(table[node.name][0], trace.value_of(node.id))
        assert close(table[node.name][1], trace.grad_of(node.id))


def tie(policy):
    graph = Graph().apply(edits.build(Graph(), "f = max(x, y, w)\ng = min(x, y)"))
    return graph.apply(edits.set_setting(graph, "ties", policy))


POLICIES = ("even", "first", "all")


@pytest.mark.parametrize("export", SCRIPTS)
def test_a_script_follows_the_policy_for_ties(export, tmp_path):
    if export is torch_script:
        pytest.importorskip("torch")
    graphs = [
        *(tie(policy) for policy in POLICIES),
        *(own("max(x, y)", {"x": 1.0, "y": 1.0}, policy) for policy in POLICIES),
        *(own("min(x, y) * 3", {"x": -1.0, "y": -1.0}, policy) for policy in POLICIES),
    ]
    for graph, table in zip(graphs, run_all([*map(export, graphs)], tmp_path), strict=True):
        trace = Plan.of(graph).run()
        for node in graph.nodes.values():
            wanted = trace.value_of(node.id), trace.grad_of(node.id)
            assert table[node.name] == wanted, (graph.setting("ties"), node.name)


def test_policies_differ_where_they_are_compared():
    for key in "xy":
        assert len({Plan.of(tie(policy)).run().grad_of(key) for policy in POLICIES}) > 1


def test_a_torch_script_defines_its_own_max_only_where_a_policy_needs_one():
    assert "class Largest" not in torch_script(tie("even"))
    assert "policy for ties: the first gets it all" in torch_script(tie("first"))
    plain = Graph().apply(edits.build(Graph(), "f = x * y"))
    assert "Largest" not in torch_script(plain.apply(edits.set_setting(plain, "ties", "first")))


BATCHES = (
    "f = gelu(x) * max(x, y, 0.5) + x^3",
    "f = min(x, y, x * x) / softplus(y)\ng = relu(x) + x",
    "f = sigmoid(y) + 2",
)


def batch_of(formula, policy):
    """A formula over four samples of x, with ties among them."""
    graph = Graph().apply(edits.build(Graph(), f"h = x * 3\n{formula}", {"y": 0.5}))
    graph = graph.apply(edits.set_param(graph, "x", "value", [0.5, -1.5, 2.0, 1.0]))
    return graph.apply(edits.set_setting(graph, "ties", policy))


@pytest.mark.parametrize("export", SCRIPTS)
def test_a_script_runs_a_batch(export, tmp_path):
    if export is torch_script:
        pytest.importorskip("torch")
    graphs = [batch_of(formula, policy) for formula in BATCHES for policy in POLICIES]
    for graph, text in zip(graphs, printed_by([*map(export, graphs)], tmp_path), strict=True):
        trace = Plan.of(graph).run()
        rows = [line.split() for line in text.splitlines()[1:]]
        for node in graph.nodes.values():
            found = [float(n) for name, *pair in rows if name == node.name for n in pair]
            row = trace.plan.row[node.id]
            numbers = [np.broadcast_to(a[row], 4) for a in (trace.value, trace.grad)]
            wanted = np.stack(numbers, axis=1).ravel().tolist()
            assert all(map(close, found, wanted)), (node.name, found, wanted)
            assert len(found) == 8


@pytest.mark.parametrize("export", [numpy_script, torch_script])
def test_an_uneven_batch_is_refused_by_name(export):
    graph = Graph().apply(edits.build(Graph(), "f = x * y"))
    graph = graph.apply(edits.set_param(graph, "x", "value", [0.5, -1.5, 2.0]))
    uneven = graph.apply(edits.set_param(graph, "y", "value", [1.0, 2.0]))
    with pytest.raises(ExportError, match="x has 3 samples and y has 2"):
        export(uneven)


def test_a_drawing_holds_every_gate_and_no_foreign_command():
    nodes = [
        Node("x", "input", label="\\input{/etc/passwd}", params={"value": 1.0}),
        Node("n", "power", (200.0, 0.0), label="$%#", params={"p": 3.0}),
        Node("apart", "input", (0.0, 200.0), label="$%#", params={"value": 1.0}),
    ]
    graph = Graph(nodes, [Wire("w1", "x", "n", "x")])
    written = tikz_picture(graph, Plan.of(graph).run())
    assert "{$x^{3}$}" in written
    both = r"\textcolor{value}{$1$}\\\textcolor{gradient}{$3$}"
    assert rf"(n0.east) to[out=0, in=180] node[numbers, pos=0.5] {{{both}}} (n1.west)" in written
    assert r"(n1.east) -- node[numbers, pos=0.5]" in written, "the result has a free wire"
    assert "\\input" not in written
    assert "#" not in written
    assert "$$" not in written, "a name without a letter is no display"
    with pytest.raises(ExportError, match="empty"):
        tikz_picture(Graph())


LED = ((150.0, 90.0), (220.0, -40.0))


def drawn(shape: str, dots: tuple[tuple[float, float], ...] = (), ahead: float = 300.0) -> Graph:
    nodes = [Node("x", "exp"), Node("n", "multiply", (ahead, 60.0))]
    graph = Graph(nodes, [Wire("w1", "x", "n", "y", dots=dots)])
    return graph.apply(edits.set_setting(graph, "wires", shape))


def drawn_path(graph: Graph) -> str:
    (line,) = [line for line in tikz_picture(graph).splitlines() if "draw[->]" in line]
    return line


def points_of(path: str) -> list[tuple[float, float]]:
    """The places that a path names, back in scene pixels."""
    found = re.findall(r"\((-?[\d.e+-]+), (-?[\d.e+-]+)\)", path)
    return [(float(x) * 40.0, -float(y) * 40.0) for x, y in found]


def test_dots_lead_the_wires_of_a_drawing_and_are_drawn():
    graph = drawn("curved", LED)
    path = drawn_path(graph)
    assert points_of(path)[:2] == [pytest.approx(at, abs=0.01) for at in LED]
    assert tikz_picture(graph).count("circle[radius=0.08cm]") == 2
    outs = [float(n) for n in re.findall(r"out=([\d.-]+)", path)]
    ins = [float(n) for n in re.findall(r"in=([\d.-]+)", path)]
    assert outs[0] == 0
    assert ins[-1] == 180
    for one, other in zip(outs[1:], ins[:-1], strict=True):
        assert (one - other) % 360 == pytest.approx(180, abs=0.1)


def test_a_collapsed_group_is_one_box_in_a_drawing():
    nodes = [
        Node("x", "input", params={"value": 1.0}),
        Node("a", "exp", (200.0, 0.0), group="in"),
        Node("b", "multiply", (320.0, 40.0), group="in"),
        Node("end", "tanh", (600.0, 40.0)),
    ]
    wires = [Wire("w1", "x", "a", "x"), Wire("w2", "a", "b", "x"), Wire("w3", "b", "end", "x")]
    groups = [Group("out", "Both of #1", True), Group("in", "Inner", group="out")]
    graph = Graph(nodes, wires, groups)
    written = tikz_picture(graph, Plan.of(graph).run())
    assert written.count(r"\node[gate") == 3
    assert written.count(r"\draw[->]") == 2
    assert r"{$\text{Both of 1}$}" in written
    assert "Inner" not in written
    box = box_of_group(graph, "out")
    assert box is not None
    path = next(line for line in written.splitlines() if "draw[->] (n0" in line)
    assert points_of(path)[-1] == pytest.approx(box.inputs_at[0], abs=0.01)
    opened = graph.apply(edits.set_collapsed(graph, "out", False))
    assert tikz_picture(opened).count(r"\node[gate") == 4


def test_straight_wires_are_straight_in_a_drawing_and_end_at_their_ports():
    path = drawn_path(drawn("straight", LED))
    assert "to[" not in path
    assert path.count(" -- ") == 3
    assert points_of(path)[-1] == pytest.approx((300 - 28, 68), abs=0.01)


@pytest.mark.parametrize("ahead", [300.0, 90.0, -200.0])
@pytest.mark.parametrize("dots", [(), LED[:1], LED])
def test_wires_at_right_angles_turn_where_the_canvas_turns_them(dots, ahead):
    graph = drawn("orthogonal", dots, ahead)
    start, end = (28.0, 0.0), (ahead - 28, 68.0)
    drawn_ways = through("orthogonal", np.array([[start, *dots, end]]), np.array([True]))[0]
    turned = bends_of([drawn_ways[0, 0], *drawn_ways[:, 3]])
    path = drawn_path(graph)
    found = points_of(path)
    steps = [start, *found]
    assert all(
        a[0] == pytest.approx(b[0]) or a[1] == pytest.approx(b[1], abs=0.01)
        for a, b in pairwise(steps)
    )
    for at in [at for at in turned if at not in dots]:
        assert any(np.allclose(at, other, atol=0.02) for other in found), (at, found)
    for at in bends_of(steps):
        assert any(np.allclose(at, other, atol=0.02) for other in [*turned, *dots]), (at, turned)


def bends_of(corners: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Where a line through these corners turns; one may lie in the middle of a straight piece."""
    apart = [corners[0], *(b for a, b in pairwise(corners) if not np.allclose(a, b, atol=0.02))]
    ways = [np.sign(np.round(np.subtract(b, a), 1)) for a, b in pairwise(apart)]
    turns = [not np.array_equal(one, other) for one, other in pairwise(ways)]
    return [tuple(at) for at, turn in zip(apart[1:-1], turns, strict=True) if turn]


def test_a_network_is_xml_that_others_read():
    networkx = pytest.importorskip("networkx")
    nodes = [
        Node("x", "input", label='a<b>&"\x07', params={"value": 0.0}),
        Node("n", "log", label="ln"),
    ]
    graph = Graph(nodes, [Wire("w1", "x", "n", "x")])
    read = networkx.parse_graphml(graphml(graph, Plan.of(graph).run()))
    assert dict(read.nodes["x"])["label"] == 'a<b>&" '
    assert read.nodes["n"]["value"] == -math.inf
    assert read.edges["x", "n"]["port"] == "x"
    assert "value" not in networkx.parse_graphml(graphml(graph)).nodes["n"]


@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=lambda e: e.key)
def test_an_exporter_is_complete(exporter):
    assert EXPORTERS[exporter.key] is exporter
    assert exporter.title
    assert exporter.suffix.startswith(".")
    graph = gates_of(parse_program("f = sigmoid(w * x + b)"))
    assert exporter.write(graph, None)


def test_a_frame_is_drawn_beneath_the_gates_with_its_title_as_plain_words():
    nodes = [Node("x", "input", (40.0, 40.0), {"value": 2.0}, "x")]
    title = r"forward \input{/etc/passwd}"
    notes = [Note("frame1", title, (0.0, 0.0), (200.0, 120.0), frame=True, colour="blue")]
    notes += [Note("n1", "words on the paper"), Note("frame2", "", size=(9.0, 9.0), frame=True)]
    written = tikz_picture(Graph(nodes, notes=notes))
    assert r"\draw[blue, fill=blue!6, rounded corners=3pt] (0, 0) rectangle (5, -3);" in written
    assert written.index("rectangle") < written.index(r"\node[gate")
    assert r"\textbf{$\text{forward inputetcpasswd}$}" in written
    assert written.count("rectangle") == 2
    assert "words" not in written
