"""Graphs for tests, and a second opinion on their numbers.

The oracle shares nothing with the engine: it knows each gate by a Python function of its own,
orders by searching for a node whose inputs are ready, and adds gradients up in a dictionary.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence

from bpstudio.core.gate import growing_ports
from bpstudio.core.graph import Graph, Node, Wire

Numbers = Sequence[float]


def chain(ops: Iterable[tuple[str, str, Sequence[str]]], inputs: Mapping[str, float]) -> Graph:
    """A graph from (id, "gate" or "gate:param=number", ids of inputs); its wires are w1, w2, …"""
    nodes = [Node(key, "input", params={"value": float(v)}) for key, v in inputs.items()]
    wires: list[Wire] = []
    for key, what, sources in ops:
        gate, _, given = what.partition(":")
        name, _, number = given.partition("=")
        params = {name: float(number)} if given else {}
        if len(sources) > 2:
            params["inputs"] = float(len(sources))
        nodes.append(Node(key, gate, params=params))
        for port, source in zip(growing_ports(len(sources)), sources, strict=True):
            wires.append(Wire(f"w{len(wires) + 1}", source, key, port))
    return Graph(nodes, wires)


def xyz() -> Graph:
    """f = (x + y) z at -2, 5, -4: the classic."""
    inputs = {"x": -2.0, "y": 5.0, "z": -4.0}
    return chain([("q", "add", ["x", "y"]), ("f", "multiply", ["q", "z"])], inputs)


def perceptron() -> Graph:
    """The two-input perceptron with its sigmoid in four gates: nine gates with the additions."""
    return chain(
        [
            ("a", "multiply", ["w0", "x0"]),
            ("b", "multiply", ["w1", "x1"]),
            ("c", "add", ["a", "b"]),
            ("d", "add", ["c", "w2"]),
            ("e", "negate", ["d"]),
            ("g", "exp", ["e"]),
            ("h", "add_constant:c=1", ["g"]),
            ("f", "reciprocal", ["h"]),
        ],
        {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0},
    )


TAME = ("add", "subtract", "multiply", "tanh", "sigmoid", "sin", "cos", "relu", "max", "min")
TAME += ("negate", "abs", "softplus", "gelu", "elu", "leaky_relu", "scale", "add_constant")
TAME += ("half_squared_error",)
"""Gates that keep numbers in reach, whatever is put in."""
WILD = (*TAME, "exp", "log", "sqrt", "divide", "reciprocal", "power", "square")
PAIRS = frozenset(["add", "subtract", "multiply", "divide", "max", "min", "half_squared_error"])
GROWING = frozenset(["add", "multiply", "max", "min"])
PARAMS = {"scale": "a", "add_constant": "c", "power": "p", "leaky_relu": "slope"}


def wild(
    seed: int, gates: int, *, kinds: Sequence[str] = TAME, inputs: int = 6, reach: int = 0
) -> Graph:
    """A random graph; `reach` bounds how far back a gate's inputs lie (0: anywhere)."""
    draw = random.Random(seed)
    names = [f"x{i}" for i in range(inputs)]
    given = {name: round(draw.uniform(-2, 2), 3) for name in names}
    ops = []
    for i in range(gates):
        kind = draw.choice(kinds)
        arity = 2 if kind in PAIRS else 1
        if kind in GROWING and draw.random() < 0.2:
            arity = draw.randint(3, 5)
        near = names[-reach:] if reach else names
        what = f"{kind}:{PARAMS[kind]}={draw.choice([0.5, -1.0, 2.0])}" if kind in PARAMS else kind
        ops.append((f"n{i}", what, [draw.choice(near) for _ in range(arity)]))
        names.append(f"n{i}")
    return chain(ops, given)


def layered(seed: int, width: int, depth: int, kinds: Sequence[str] = TAME) -> Graph:
    """`depth` levels of `width` gates, each fed by the level before."""
    draw = random.Random(seed)
    before = [f"x{i}" for i in range(width)]
    given = {name: draw.uniform(-1, 1) for name in before}
    ops = []
    for level in range(depth):
        names = [f"n{level}_{i}" for i in range(width)]
        for name in names:
            kind = draw.choice(kinds)
            arity = 2 if kind in PAIRS else 1
            what = f"{kind}:{PARAMS[kind]}=0.5" if kind in PARAMS else kind
            ops.append((name, what, [draw.choice(before) for _ in range(arity)]))
        before = names
    return chain(ops, given)


# --- the oracle -------------------------------------------------------------------------------


def _tied(best: Callable[..., float]) -> Callable[..., tuple[float, list[float]]]:
    def value_and_locals(x: Numbers, p: float) -> tuple[float, list[float]]:
        top = best(x)
        count = sum(v == top for v in x)
        return top, [1 / count if v == top else 0.0 for v in x]

    return value_and_locals


def _product(x: Numbers, p: float) -> tuple[float, list[float]]:
    return math.prod(x), [math.prod([*x[:i], *x[i + 1 :]]) for i in range(len(x))]


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def _gelu(x: float) -> tuple[float, list[float]]:
    inner = 0.5 * math.erfc(-x / math.sqrt(2))
    return x * inner, [inner + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)]


_RULES: dict[str, Callable[[Numbers, float], tuple[float, list[float]]]] = {
    "add": lambda x, p: (math.fsum(x), [1.0] * len(x)),
    "subtract": lambda x, p: (x[0] - x[1], [1.0, -1.0]),
    "multiply": _product,
    "divide": lambda x, p: (x[0] / x[1], [1 / x[1], -x[0] / x[1] ** 2]),
    "max": _tied(max),
    "min": _tied(min),
    "negate": lambda x, p: (-x[0], [-1.0]),
    "reciprocal": lambda x, p: (1 / x[0], [-1 / x[0] ** 2]),
    "square": lambda x, p: (x[0] ** 2, [2 * x[0]]),
    "sqrt": lambda x, p: (math.sqrt(x[0]), [0.5 / math.sqrt(x[0])]),
    "abs": lambda x, p: (abs(x[0]), [float((x[0] > 0) - (x[0] < 0))]),
    "exp": lambda x, p: (math.exp(x[0]), [math.exp(x[0])]),
    "log": lambda x, p: (math.log(x[0]), [1 / x[0]]),
    "sin": lambda x, p: (math.sin(x[0]), [math.cos(x[0])]),
    "cos": lambda x, p: (math.cos(x[0]), [-math.sin(x[0])]),
    "sigmoid": lambda x, p: (_sigmoid(x[0]), [_sigmoid(x[0]) * _sigmoid(-x[0])]),
    "tanh": lambda x, p: (math.tanh(x[0]), [1 / math.cosh(x[0]) ** 2]),
    "relu": lambda x, p: (max(x[0], 0.0), [float(x[0] > 0)]),
    "softplus": lambda x, p: (
        max(x[0], 0) + math.log1p(math.exp(-abs(x[0]))),
        [_sigmoid(x[0])],
    ),
    "gelu": lambda x, p: _gelu(x[0]),
    "elu": lambda x, p: (
        x[0] if x[0] > 0 else math.expm1(x[0]),
        [1.0 if x[0] > 0 else math.exp(x[0])],
    ),
    "leaky_relu": lambda x, p: (x[0] if x[0] > 0 else p * x[0], [1.0 if x[0] > 0 else p]),
    "add_constant": lambda x, p: (x[0] + p, [1.0]),
    "scale": lambda x, p: (p * x[0], [p]),
    "power": lambda x, p: (x[0] ** p, [p * x[0] ** (p - 1)]),
    "half_squared_error": lambda x, p: (
        0.5 * (x[0] - x[1]) ** 2,
        [x[0] - x[1], x[1] - x[0]],
    ),
}


def oracle(graph: Graph) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Values and gradients of nodes, gradients of wires; raises where a number leaves the reals."""
    values = {n.id: float(n.params["value"]) for n in graph.nodes.values() if n.gate == "input"}
    local: dict[str, float] = {}
    order: list[Node] = []
    waiting = [n for n in graph.nodes.values() if n.gate != "input"]
    while waiting:
        ready = [
            n
            for n in waiting
            if all(graph.wires[w].source in values for w in graph.into(n.id).values())
        ]
        for node in ready:
            ports = growing_ports(len(graph.into(node.id)))
            wires = [graph.into(node.id)[port] for port in ports]
            param = float(node.params.get(PARAMS.get(node.gate, ""), 0.0))
            value, slopes = _RULES[node.gate]([values[graph.wires[w].source] for w in wires], param)
            values[node.id] = value
            local.update(zip(wires, slopes, strict=True))
        order += ready
        waiting = [n for n in waiting if n.id not in values]
    grads = dict.fromkeys(graph.nodes, 0.0)
    for node in order:
        if not graph.out_of(node.id):
            grads[node.id] = 1.0
    shares: dict[str, float] = {}
    for node in reversed(order):
        for wire in graph.into(node.id).values():
            shares[wire] = grads[node.id] * local[wire]
            grads[graph.wires[wire].source] += shares[wire]
    return values, grads, shares
