"""Generated code: made from the table's words only, and equal to what it stands for."""

from __future__ import annotations

import pytest

from bpstudio.core import codegen
from bpstudio.core.gates import GATES
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


def test_a_gate_of_64_inputs_can_be_generated() -> None:
    names = [f"x{i}" for i in range(64)]
    plan = Plan.of(
        chain([("f", "multiply", names)], {n: 1.0 + i / 640 for i, n in enumerate(names)})
    )
    cold = plan.run()
    plan.warm()
    assert (plan.run().local == cold.local).all()
