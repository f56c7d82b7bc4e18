"""Generated code: made from the table's words only, and equal to what it stands for."""

from __future__ import annotations

import itertools
import math
import struct

import pytest

from bpstudio.core import codegen
from bpstudio.core.formula.dialects import FAST_SCALAR, SCALAR
from bpstudio.core.formula.gatetext import locals_of, value_of
from bpstudio.core.formula.scalars import SCALARS
from bpstudio.core.formula.write import write
from bpstudio.core.gates import GATES
from bpstudio.core.gates.compute import inlined
from bpstudio.core.graph import Graph, Kind, Node, Wire
from bpstudio.core.plan import Plan
from tests.core.graphs import chain


@pytest.mark.parametrize(
    "text",
    [
        "def whole(E, P, S):\n    return __import__('os')\n",
        "def whole(E, P, S):\n    return open(v0)\n",
        "def whole(E, P, S):\n    return E.real\n    import os\n",
        "def whole(E, P, S):\n    return (1).__class__\n",
        "def whole(E, P, S):\n    return [v0]\n",
        'def whole(E, P, S):\n    return "v0"\n',
        "def whole(E, P, S):\n    while 1: v0\n",
    ],
)
def test_refuses_any_word_that_is_not_the_tables(text: str) -> None:
    with pytest.raises(ValueError, match="not of the table's words"):
        codegen.function(text, "whole")


def test_has_no_builtins() -> None:
    made = codegen.function("def whole(E, P, S):\n    return E\n", "whole")
    assert made.__globals__["__builtins__"] == {}


def test_nothing_a_user_wrote_reaches_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    honest = codegen.function
    monkeypatch.setattr(
        codegen,
        "function",
        lambda text, name, calls=(): (texts.append(text), honest(text, name, calls))[1],
    )
    nodes = [
        Node("evil_id", "input", params={"value": 123.456}, label="evil_label"),
        Node("evil_gate", "scale", params={"a": 654.321}, label="evil_label2", group="evil_group"),
        Node("evil_own", "evil_kind"),
    ]
    wires = [
        Wire("evil_wire", "evil_id", "evil_gate", "x"),
        Wire("evil_wire2", "evil_id", "evil_own", "evil_port"),
    ]
    kind = Kind("evil_kind", "evil_title", "evil_port * 777")
    graph = Graph(nodes, wires, seeds={"evil_gate": 9.5}, kinds=[kind])
    plan = Plan.of(graph)
    plan.warm()
    assert plan.run().grad_of("evil_id") == 654.321 * 9.5
    assert texts
    for foreign in ("evil", "123", "654", "777", "9.5"):
        assert all(foreign not in text for text in texts)


@pytest.mark.parametrize("key", [key for key, gate in GATES.items() if gate.inputs])
def test_every_gate_has_a_function_on_floats(key: str) -> None:
    gate = GATES[key]
    params = [float(gate.params[n]) for n in gate.params if n != "inputs"]
    for sample in gate.samples:
        value, *local = codegen.gate_function(gate, len(gate.inputs))(*sample, *params)
        inputs = dict(zip(gate.inputs, sample, strict=True))
        trace = Plan.of(chain([("f", key, list(inputs))], inputs)).run()
        assert value == trace.value_of("f")
        assert local == [trace.wire(f"w{i + 1}")[1] for i in range(len(inputs))]


@pytest.mark.parametrize("key", [key for key, gate in GATES.items() if gate.grows])
def test_gates_that_grow_have_one_for_every_size(key: str) -> None:
    most = GATES[key].most
    for size in (3, 7, most):
        value, *local = codegen.gate_function(GATES[key], size)(
            *[1.0 + i / 64 for i in range(size)]
        )
        assert len(local) == size
        assert value == value


EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, -1e-300, 40.0, -40.0, 708.9, 709.0, 710.0, -800.0)
EDGES += (1e308, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize("key", [key for key, gate in GATES.items() if gate.inputs])
def test_what_is_written_out_has_the_bits_of_what_is_called(key: str) -> None:
    gate = GATES[key]
    names = [*gate.inputs, *(n for n in gate.params if n != "inputs"), "z"]
    exprs = [value_of(gate, len(gate.inputs), stable=True)]
    exprs += locals_of(gate, len(gate.inputs), stable=True)
    for expr in map(inlined, exprs):
        fast, plain = (
            eval(f"lambda {', '.join(names)}: {write(expr, dialect)}", dict(SCALARS))  # noqa: S307
            for dialect in (FAST_SCALAR, SCALAR)
        )
        for point in itertools.product(EDGES, repeat=min(len(names), 3)):
            numbers = (*point, *[1.5] * (len(names) - len(point)))
            assert struct.pack("d", fast(*numbers)) == struct.pack("d", plain(*numbers)), numbers


def test_a_gradients_first_share_stands_as_it_is() -> None:
    ops = [("s", "scale:a=-1", ["x"]), ("t", "scale:a=0", ["s"])]
    graph = chain(ops, {"x": 1.0})
    plan = Plan.of(graph)
    plan.warm()
    made = plan.run()
    assert math.copysign(1.0, made.wire("w1")[3]) == -1.0
    assert math.copysign(1.0, made.grad_of("x")) == -1.0
    assert str(Plan.of(graph)._run_arrays([1.0], plan.seeds, 1).grad_of("x")) == "-0.0"


def test_a_gate_of_64_inputs_can_be_generated() -> None:
    names = [f"x{i}" for i in range(64)]
    plan = Plan.of(
        chain([("f", "multiply", names)], {n: 1.0 + i / 640 for i, n in enumerate(names)})
    )
    cold = plan.run()
    plan.warm()
    assert (plan.run().local == cold.local).all()
