"""A graph as a readable, runnable script: one line per gate forward, one per wire backward.

The lines come from the gate table's text, so a script computes what the canvas shows. Names of
variables pass a whitelist and everything that a person wrote goes in as a quoted string: a label
cannot become code.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bpstudio.core.edits import opened
from bpstudio.core.formula.dialects import NUMPY, NUMPY_HELPERS, TORCH, torch_ties
from bpstudio.core.formula.expr import Call, Expr, Name, walk
from bpstudio.core.formula.gatetext import locals_of, value_of
from bpstudio.core.formula.names import code_name
from bpstudio.core.formula.recover import order_of
from bpstudio.core.formula.write import PRODUCT, Dialect, held, write, write_piece
from bpstudio.core.gate import Gate
from bpstudio.core.gates.compute import inlined
from bpstudio.core.graph import Graph, GraphError, Node
from bpstudio.language import tr

_TAKEN = frozenset(
    (
        "np",
        "torch",
        "math",
        "print",
        "float",
        "name",
        "value",
        "grad",
        "row",
        "nodes",
        "seeds",
        "Largest",
    )
)


class ExportError(GraphError):
    """A graph that cannot be written in the wanted form; one sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """A node ready to be written: its variable, its gate, and what stands for each name in it."""

    node: Node
    gate: Gate
    shown: bool
    """whether it stands in the graph; the parts of own gates are written out, but not shown"""
    variable: str
    sources: tuple[str, ...]
    names: dict[str, str]

    def spelt(self, expr: Expr, dialect: Dialect) -> str:
        return write(expr, dialect, self.names)


def numpy_script(graph: Graph) -> str:
    """The forward and backward pass with NumPy; runs as it is and prints a table.

    Raises ExportError where a port has no wire or a gate is unknown.
    """
    lines = read_lines(graph)
    seeds = seeds_of(graph)
    samples = samples_of(lines)
    forward = [line for line in lines if not line.gate.is_source]
    text = [
        '"""Forward and backward pass of a graph, written by Backprop Studio.',
        "",
        "Needs Python and NumPy. grad_x is how fast the seeded outputs change with x.",
        '"""',
        "",
        *_imports(forward),
        'np.seterr(all="ignore")  # overflow and 1/0 give inf and nan instead of warnings',
        *_helpers(forward),
        "",
        "# Inputs",
        *(f"{line.variable} = {_input(line)}" for line in lines if line.gate.is_source),
        "",
        "# Forward",
        *(f"{line.variable} = {line.spelt(_forward(line), NUMPY)}" for line in forward),
        "",
        "# Backward: a wire carries upstream * local back, a node adds up what its wires carry",
        *(f"grad_{line.variable} = {_seed(seeds.get(line.node.id))}" for line in lines),
        *_backward(forward),
        "",
        *_table(lines, "{}", "grad_{}", samples, spread=True),
    ]
    return "\n".join(text) + "\n"


def torch_script(graph: Graph) -> str:
    """The same graph for PyTorch, whose autograd does the backward pass.

    Of a batch every tensor holds a number per sample, so that gradients stay apart, too. Raises
    ExportError as `numpy_script` does.
    """
    lines = read_lines(graph)
    samples = samples_of(lines)
    variables = {line.node.id: line.variable for line in lines}
    seeds = seeds_of(graph)
    inner = [line for line in lines if not line.gate.is_source]
    tied = any(line.gate.ties for line in inner)
    dialect, helper = torch_ties(str(graph.setting("ties")) if tied else "even")
    none = f"torch.zeros({samples})" if samples else "torch.tensor(0.0)"
    text = [
        '"""Forward and backward pass of a graph with PyTorch, written by Backprop Studio."""',
        "",
        "import torch",
        "",
        "torch.set_default_dtype(torch.float64)",
        *(["", "", helper, ""] if helper else []),
        "",
        f"# Inputs{', a number for each sample' if samples else ''}",
        *(
            f"{line.variable} = {_tensor(_value_of(line), samples, ', requires_grad=True')}"
            for line in lines
            if line.gate.is_source
        ),
        "",
        "# Forward",
        *(f"{line.variable} = {line.spelt(_in_torch(line), dialect)}" for line in inner),
        "",
        "# Backward: a node that no seed depends on keeps None",
        *(f"{line.variable}.retain_grad()" for line in inner),
        *(["torch.autograd.backward("] if seeds else []),
        *(f"    {part}," for part in _lists(variables, seeds, samples)),
        *([")"] if seeds else []),
        "",
        *_table(
            lines,
            "{}.detach()",
            f"{none} if {{}}.grad is None else {{}}.grad",
            samples,
            spread=False,
        ),
    ]
    return "\n".join(text) + "\n"


# --- reading the graph ------------------------------------------------------------------------


def read_lines(graph: Graph) -> list[Line]:
    """Every node in an order in which it can be computed. Raises ExportError."""
    if not graph.nodes:
        raise ExportError(tr("The graph is empty; there is nothing to export."))
    shown = graph.nodes
    _refuse_unready(graph)
    graph = opened(graph)
    order = order_of(graph, tuple(graph.nodes))
    variables: dict[str, str] = {}
    taken = {*_TAKEN, *NUMPY_HELPERS}
    for key in order:
        node = graph.nodes[key]
        name = code_name(node.name, "v", taken)
        if name.startswith("grad_"):
            name = code_name(f"v_{name}", "v", taken)
        variables[key] = name
        taken.add(name)
    return [_line(graph, graph.nodes[key], variables, key in shown) for key in order]


def samples_of(lines: Iterable[Line]) -> int:
    """How many samples the inputs have, 0 for one number each. Raises ExportError."""
    found, first = 0, ""
    for line in lines:
        value = line.node.params.get("value")
        if not isinstance(value, tuple):
            continue
        if found not in (0, len(value)):
            raise ExportError(
                tr(
                    "{first} has {one} samples and {second} has {other}; "
                    "a batch needs as many of each.",
                    first=first,
                    one=found,
                    second=line.node.name,
                    other=len(value),
                )
            )
        found, first = len(value), line.node.name
    return found


def _refuse_unready(graph: Graph) -> None:
    """Raise ExportError for an unknown gate and for a port without a wire."""
    for node in graph.nodes.values():
        gate = graph.gate(node)
        if gate is None:
            raise ExportError(
                tr(
                    "{node} is of the kind {kind}, which this version does not know; "
                    "remove it first.",
                    node=node.name,
                    kind=node.gate,
                )
            )
        into = graph.into(node.id)
        for port in gate.ports(node.params):
            if port not in into:
                raise ExportError(
                    tr(
                        "{node}.{port} has no wire; wire it or remove the gate.",
                        node=node.name,
                        port=port,
                    )
                )


def _line(graph: Graph, node: Node, variables: dict[str, str], shown: bool) -> Line:
    gate = graph.gates[node.gate]
    into = graph.into(node.id)
    ports = gate.ports(node.params)
    sources = tuple(variables[graph.wires[into[port]].source] for port in ports)
    params = {
        name: _literal(float(node.params.get(name, default)))
        for name, default in gate.params.items()
        if name != "value"
    }
    names = {**params, **dict(zip(ports, sources, strict=True)), "z": variables[node.id]}
    return Line(node, gate, shown, variables[node.id], sources, names)


def seeds_of(graph: Graph) -> dict[str, float]:
    """The graph's seeds; without any, 1 on every gate that feeds nothing."""
    if graph.seeds:
        return dict(graph.seeds)
    return {
        key: 1.0
        for key, node in graph.nodes.items()
        if not graph.gates[node.gate].is_source and not graph.out_of(key)
    }


# --- writing ----------------------------------------------------------------------------------


def _forward(line: Line) -> Expr:
    return inlined(value_of(line.gate, len(line.sources), stable=True))


def _locals(line: Line) -> tuple[Expr, ...]:
    found = locals_of(line.gate, len(line.sources), stable=True)
    return tuple(inlined(expr) for expr in found)


def _backward(forward: list[Line]) -> Iterator[str]:
    for line in reversed(forward):
        yield ""
        yield f"# {line.variable} = {line.spelt(_forward(line), NUMPY)}"
        for source, expr in zip(line.sources, _locals(line), strict=True):
            local = held(write_piece(expr, NUMPY, line.names), PRODUCT + 1)
            yield f"grad_{source} += grad_{line.variable} * {local}"


def _in_torch(line: Line) -> Expr:
    """The gate as PyTorch's own function where it has one, else its shown formula."""
    ports = line.gate.ports(line.node.params)
    params = tuple(Name(name) for name in line.gate.params if name != "inputs")
    call = Call(line.gate.key, (*(Name(port) for port in ports), *params))
    if line.gate.key in {**TORCH.functions, **TORCH.special}:
        return call
    return value_of(line.gate, len(ports))


def _lists(variables: Mapping[str, str], seeds: Mapping[str, float], samples: int) -> Iterator[str]:
    if seeds:
        yield f"[{', '.join(variables[key] for key in seeds)}]"
        yield f"[{', '.join(_tensor(value, samples) for value in seeds.values())}]"


def _tensor(value: float | tuple[float, ...], samples: int, more: str = "") -> str:
    """A number as PyTorch holds it, of a batch once for every sample."""
    if isinstance(value, tuple):
        return f"torch.tensor([{', '.join(map(_literal, value))}]{more})"
    if samples:
        return f"torch.full(({samples},), {_literal(value)}{more})"
    return f"torch.tensor({_literal(value)}{more})"


def _used(forward: list[Line]) -> set[str]:
    exprs: Iterable[Expr] = (e for line in forward for e in (_forward(line), *_locals(line)))
    found = {part.function for expr in exprs for part in walk(expr) if isinstance(part, Call)}
    # One helper calls another.
    return found | {"normal_cdf"} if "gelu_slope" in found else found


def _imports(forward: list[Line]) -> list[str]:
    helpers = [text for key, text in NUMPY_HELPERS.items() if key in _used(forward)]
    needs_math = any("math." in text for text in helpers)
    return [*(["import math", ""] if needs_math else []), "import numpy as np", ""]


def _helpers(forward: list[Line]) -> Iterator[str]:
    helpers = [key for key in NUMPY_HELPERS if key in _used(forward)]
    for key in helpers:
        yield from ("", "", NUMPY_HELPERS[key])
    yield from [""] if helpers else []


def _table(
    lines: list[Line], value: str, gradient: str, samples: int, *, spread: bool
) -> Iterator[str]:
    """Lines that print all values and gradients, of a batch every sample's.

    {} in the two texts is a variable; `spread` where it may hold one number for all samples.
    """
    yield "print(f\"{'node':<16} {'value':>25} {'gradient':>25}\")"
    yield "for name, value, grad in ("
    for line in lines:
        if line.shown:
            texts = (text.replace("{}", line.variable) for text in (value, gradient))
            yield f"    ({line.node.name!r}, {', '.join(texts)}),"
    yield "):"
    if not samples:
        yield '    print(f"{name:<16} {float(value)!r:>25} {float(grad)!r:>25}")'
        return
    if spread:
        whole = (f"np.broadcast_to({name}, {samples})" for name in ("value", "grad"))
        yield f"    value, grad = {', '.join(whole)}"
    yield "    for one, other in zip(value.tolist(), grad.tolist()):"
    yield '        print(f"{name:<16} {one!r:>25} {other!r:>25}")'


def _value_of(line: Line) -> float | tuple[float, ...]:
    value = line.node.params.get("value", line.gate.params["value"])
    return value if isinstance(value, tuple) else float(value)


def _input(line: Line) -> str:
    value = _value_of(line)
    if isinstance(value, tuple):
        return f"np.array([{', '.join(map(_literal, value))}])"
    return _number(value)


def _literal(value: float) -> str:
    return repr(value) if math.isfinite(value) else f'float("{value!r}")'


def _number(value: float) -> str:
    return f"np.float64({_literal(value)})"


def _seed(value: float | None) -> str:
    return _number(0.0) if value is None else f"{_number(value)}  # the seed"
