"""Graphs made from formulas, computed and compared by their shape."""

import numpy as np

from bpstudio.core.formula import Call, FormulaError, gates_of, parse_program
from bpstudio.core.gates import GATES
from bpstudio.core.gates.compute import quiet, value_function


def call(function, *args):
    return Call(function, args)


def build(formula, **values):
    return gates_of(parse_program(formula), values)


def gates(graph):
    """The nodes by id as gate keys, inputs left out."""
    return {n.id: n.gate for n in graph.nodes.values() if n.gate != "input"}


def wired(graph):
    return {(w.source, w.target, w.port) for w in graph.wires.values()}


def evaluate(graph, node):
    """A node's value by the gates' own functions, node after node."""
    values = {}
    for key in order_of(graph):
        gate, params = GATES[graph.nodes[key].gate], graph.nodes[key].params
        if gate.is_source:
            values[key] = np.float64(params["value"])
            continue
        ports = gate.ports(params)
        inputs = tuple(values[graph.wires[graph.into(key)[port]].source] for port in ports)
        with quiet():
            values[key] = value_function(gate, len(ports))(inputs, {**gate.params, **params})
    return float(values[node])


def order_of(graph):
    import networkx as nx

    wires = nx.DiGraph()
    wires.add_nodes_from(graph.nodes)
    wires.add_edges_from((w.source, w.target) for w in graph.wires.values())
    return list(nx.topological_sort(wires))


def output(graph):
    (node,) = [key for key in graph.nodes if not graph.out_of(key)]
    return node


def shape(graph):
    """The graph up to ids and the labels of inner nodes: what each input's paths look like."""
    seen = {}
    for key in order_of(graph):
        node = graph.nodes[key]
        gate = GATES[node.gate]
        if node.gate == "input":
            seen[key] = ("input", node.label)
            continue
        ports = gate.ports(node.params)
        inputs = [seen[graph.wires[graph.into(key)[port]].source] for port in ports]
        params = tuple(sorted((k, float(v)) for k, v in node.params.items()))
        # Hashes keep a shared subgraph from being spelled once per path.
        seen[key] = hash((node.gate, params, tuple(map(hash, inputs))))
    return sorted(hash(value) for value in seen.values())


def refusal(step):
    """What a step raises, None where it goes through; any other exception is a failure."""
    try:
        step()
    except FormulaError as error:
        return error
    return None
