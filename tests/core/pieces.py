"""Random small graphs with groups, dots, notes and own kinds; and what a reader sees of them."""

from __future__ import annotations

from itertools import combinations

from hypothesis import strategies as st

from bpstudio.core import edits, groups
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Group, Kind, Node, Note, Wire
from bpstudio.core.groups import body
from bpstudio.core.shape import input_at, node_size, output_at
from bpstudio.core.standing import rect_of

SWISH = Kind("swish", "Swish", "u * sigmoid(u)")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """One to ten nodes, some in two nested groups, some wires led through dots."""
    nodes, wires = [], []
    for n in range(draw(st.integers(1, 10))):
        gate = draw(st.sampled_from(["input", "add", "exp", "max", "swish"])) if n else "input"
        params = {"inputs": draw(st.integers(2, 4))} if gate == "max" else {}
        at = (float(draw(st.integers(-20, 20))) * 16, float(draw(st.integers(-20, 20))) * 8)
        group = draw(st.sampled_from(["", "", "g1", "g2"]))
        label = draw(st.sampled_from(["", "", "a", "b"]))
        nodes.append(Node(f"n{n}", gate, at, params, label, group))
        ports = ("u",) if gate == "swish" else GATES[gate].ports(params)
        for port in ports:
            source = draw(st.integers(-1, n - 1))
            if source >= 0:
                dots = tuple(draw(st.lists(st.tuples(*[st.floats(-99, 99)] * 2), max_size=2)))
                wires.append(Wire(f"w{len(wires)}", f"n{source}", f"n{n}", port, dots=dots))
    groups = [Group("g1", "One", draw(st.booleans())), Group("g2", "Two", group="g1")]
    seeds = {"n0": 2.0} if draw(st.booleans()) else {}
    notes = [Note("note1", "hello")]
    if draw(st.booleans()):
        size = (float(draw(st.integers(12, 80))) * 8, float(draw(st.integers(8, 60))) * 8)
        notes.append(Note("frame1", "in it", (-240.0, -160.0), size, frame=True, colour="red"))
    return Graph(nodes, wires, groups, notes, seeds, [SWISH])


def perceptron() -> Graph:
    text = "1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"
    graph = Graph()
    return graph.apply(edits.build(graph, text))


def level_wires(graph: Graph) -> set[str]:
    """The wires without dots whose two ends are at one height."""
    found = set()
    for wire in graph.wires.values():
        source, target = graph.nodes[wire.source], graph.nodes[wire.target]
        ports = graph.gates[target.gate].ports(target.params)
        start = output_at(source.at, node_size(source, graph.gates))
        size = node_size(target, graph.gates)
        end = input_at(target.at, size, ports.index(wire.port), len(ports))
        if abs(start[1] - end[1]) < 0.5 and not wire.dots:
            found.add(wire.id)
    return found


def overlaps(graph: Graph) -> set[tuple[str, str]]:
    found = set()
    for one, two in combinations(sorted(graph.nodes), 2):
        a, b = body(graph.nodes[one], graph), body(graph.nodes[two], graph)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
            found.add((one, two))
    return found


def overlaps_seen(graph: Graph) -> set[tuple[str, str]]:
    """Which of the gates, boxes and notes that one sees lie on which others, counted by hand."""
    hidden = groups.hidden(graph)
    rects = {n.id: body(n, graph) for n in graph.nodes.values() if n.id not in hidden}
    rects |= {key: box.rect for key, box in groups.boxes(graph).items()}
    rects |= {n.id: rect_of(n) for n in graph.notes.values() if not n.frame}
    return {
        (a, b)
        for a, b in combinations(sorted(rects), 2)
        if all(
            rects[a][i] < rects[b][i + 2] - 1e-6 and rects[b][i] < rects[a][i + 2] - 1e-6
            for i in (0, 1)
        )
    }
