"""Makes resources/examples/*.bps: `python -m tests.make_examples`.

The graphs are those of tests/reference (where each comes from stands in SOURCES), laid out by
core.layout. Run it again after the layout has changed, and look at the pictures before committing.
"""

from __future__ import annotations

from dataclasses import replace

from bpstudio import assets
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.layout import tidy
from bpstudio.files import bps
from bpstudio.files.bps import File
from bpstudio.files.examples import EXAMPLES

SOURCES = {
    "simple": "cs231n_xyz",
    "product": "cs231n_mul",
    "fan-out": "colah_e",
    "patterns": "cs231n_patterns",
    "perceptron": "cs231n_sigmoid_decomposed",
    "perceptron-sigmoid": "cs231n_sigmoid_gate",
    "neuron": "zero2hero_neuron",
    "loss": "zero2hero_L",
    "micrograd": "micrograd_readme",
}
"""Example -> the id of its reference, by which the tests know its published numbers."""

LINES = {
    "simple": """
        x = -2 ; y = 5 ; z = -4
        q: add x y
        f: multiply q z""",
    "product": """
        x = 4 ; y = -3
        f: multiply x y""",
    "fan-out": """
        a = 2 ; b = 1
        c: add a b
        d: add_constant 1 b
        e: multiply c d""",
    "patterns": """
        x = 3 ; y = -4 ; z = 2 ; w = -1
        -multiply1: multiply x y
        -max1: max z w
        -add1: add multiply1 max1
        f: scale 2 add1""",
    "perceptron": """
        w0 = 2 ; x0 = -1 ; w1 = -3 ; x1 = -2 ; w2 = -3
        -multiply1: multiply w0 x0
        -multiply2: multiply w1 x1
        -add1: add multiply1 multiply2
        -add2: add add1 w2
        -scale1: scale -1 add2
        -exp1: exp scale1
        -add_constant1: add_constant 1 exp1
        f: reciprocal add_constant1""",
    "perceptron-sigmoid": """
        w0 = 2 ; x0 = -1 ; w1 = -3 ; x1 = -2 ; w2 = -3
        -multiply1: multiply w0 x0
        -multiply2: multiply w1 x1
        dot: add multiply1 multiply2 w2
        f: sigmoid dot""",
    "neuron": """
        x1 = 2 ; w1 = -3 ; x2 = 0 ; w2 = 1 ; b = 6.881373587019543
        -multiply1: multiply x1 w1
        -multiply2: multiply x2 w2
        -add1: add multiply1 multiply2
        n: add add1 b
        o: tanh n""",
    "loss": """
        a = 2 ; b = -3 ; c = 10 ; f = -2
        e: multiply a b
        d: add e c
        L: multiply d f""",
    "micrograd": """
        a = -4 ; b = 2
        -add1: add a b
        -multiply1: multiply a b
        -power1: power 3 b
        -add2: add multiply1 power1
        -add_constant1: add_constant 1 add1
        c: add add1 add_constant1
        -add_constant2: add_constant 1 c
        -negate1: negate a
        -add3: add add_constant2 negate1
        -add4: add c add3
        -scale1: scale 2 add2
        -add5: add b a
        -relu1: relu add5
        -add6: add scale1 relu1
        d: add add2 add6
        -scale2: scale 3 d
        -subtract1: subtract b a
        -relu2: relu subtract1
        -add7: add scale2 relu2
        -add8: add d add7
        e: subtract add4 add8
        -power2: power 2 e
        -scale3: scale 0.5 power2
        -reciprocal1: reciprocal power2
        -scale4: scale 10 reciprocal1
        g: add scale3 scale4""",
}
"""`name = number` is an input; `name: gate [param] from...` a gate; "-" leaves out the label."""

PARAM = {"add_constant": "c", "scale": "a", "power": "p"}
PORTS = ("x", "y", "x3")


def graph_of(lines: str) -> Graph:
    """The graph that some LINES describe, not yet laid out."""
    nodes: list[Node] = []
    wires: list[Wire] = []
    for line in lines.strip().splitlines():
        if ":" not in line:
            for part in line.split(";"):
                name, number = (word.strip() for word in part.split("="))
                nodes.append(Node(name, "input", params={"value": float(number)}, label=name))
            continue
        name, words = line.strip().split(":")
        gate, *sources = words.split()
        params: dict[str, float | bool] = {}
        if gate in PARAM:
            params[PARAM[gate]] = float(sources.pop(0))
        if len(sources) > 2:
            params["inputs"] = len(sources)
        key = name.removeprefix("-")
        nodes.append(Node(key, gate, params=params, label="" if name != key else key))
        for port, source in zip(PORTS, sources, strict=False):
            wires.append(Wire(f"w{len(wires) + 1}", source, key, port))
    # An input may be called w1 as in the literature; a wire then takes the next number.
    taken = {node.id for node in nodes}
    if taken & {wire.id for wire in wires}:
        wires = [replace(wire, id=f"wire{n}") for n, wire in enumerate(wires, 1)]
    return Graph(nodes, wires)


def document(name: str) -> File:
    """One example, laid out."""
    graph = graph_of(LINES[name])
    places = tidy(graph)
    nodes = [replace(node, at=places[key]) for key, node in graph.nodes.items()]
    # The view as it was never looked at: the window then fits the graph to its size.
    return File(Graph(nodes, graph.wires.values()), EXAMPLES[name])


def main() -> None:
    folder = assets.root() / "examples"
    for name in EXAMPLES:
        bps.save(document(name), folder / f"{name}.bps")
        print(name)


if __name__ == "__main__":
    main()
