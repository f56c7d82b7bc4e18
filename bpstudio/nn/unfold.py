"""One network, two views: a trainer's network and one sample as a gate graph, and back.

Weights are trainable inputs (`w1_2_3`: layer 1, unit 2, input 3), every layer is a group, and the
seed stands on the loss: running the graph gives the trainer's values and gradients for this sample.
Batch norm stands with fixed statistics, the running ones unless others are given: the gradients
are those of eval mode, since a single sample has no batch for them to flow through. Dropout takes
part with the masks that are given. A float32 network is written with its numbers, but the gates
compute in float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bpstudio.core.graph import Graph, Node, Patch
from bpstudio.language import tr
from bpstudio.nn.asgates import (
    LEARNS,
    LOSS_GATES,
    LayerGates,
    Outputs,
    Place,
    count_of,
    numbers_of,
    penalty,
    softmax,
    targets,
)
from bpstudio.nn.calls import Array
from bpstudio.nn.faults import DataError, NetworkError
from bpstudio.nn.network import Network
from bpstudio.nn.program import Program
from bpstudio.nn.sheet import COLUMN, ROW, Sheet
from bpstudio.nn.spec import LayerWeights
from bpstudio.nn.trainer import Trainer

MOST_GATES = 20_000
"""Beyond this, nobody can read a graph, and a window is no longer quick."""


class TooLarge(NetworkError):
    """A network of more gates than a canvas should hold."""


@dataclass(frozen=True, eq=False)
class Unfolded:
    """A gate graph and which of its nodes is which part of the network.

    places   node id -> the number of the network that it carries
    layers   the id of each layer's group
    units    per layer, the nodes that carry its units' outputs
    seeded   the node with the seed: the loss, or its sum with the penalties
    """

    graph: Graph
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    layers: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    loss: str
    seeded: str
    places: Mapping[str, Place]

    @property
    def weight_of(self) -> dict[str, tuple[int, int, int]]:
        """Node id -> (layer, unit, input), all from 0."""
        return {k: (p.layer, p.row, p.col) for k, p in self.places.items() if p.part == "W"}

    @property
    def bias_of(self) -> dict[str, tuple[int, int]]:
        """Node id -> (layer, unit), both from 0."""
        return {k: (p.layer, p.row) for k, p in self.places.items() if p.part == "b"}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The nodes of everything that training moves by a gradient."""
        return tuple(key for key, place in self.places.items() if place.part in LEARNS)


@dataclass(frozen=True, slots=True)
class Changed:
    """A number of the network that was changed on the canvas."""

    place: Place
    value: float


def unfold(
    trainer: Trainer,
    x: Array,
    target: Array,
    *,
    masks: Sequence[Array] | None = None,
    statistics: Sequence[tuple[Array, Array]] | None = None,
    penalties: bool = False,
) -> Unfolded:
    """The network as it is now, with the sample x (features,) and its target (outputs,).

    `masks`: per hidden layer, dropout's factors (units,); without them dropout takes no part.
    `statistics`: per hidden layer, batch norm's (mean, variance) in place of the running ones;
    both stay fixed. `penalties`: L1 and L2 join the loss as gates.
    Raises TooLarge, with the number of gates it would be, and DataError.
    """
    spec = trainer.spec
    network = spec.network
    _refuse_large(trainer, penalties)
    x, target = _vector(x, network.sizes[0]), _vector(target, network.sizes[-1])
    if masks is not None:
        masks = [_vector(m, n) for m, n in zip(masks, network.sizes[1:-1], strict=True)]
    weights = _with_statistics(trainer.network.weights(), statistics)
    sheet = Sheet()
    gates = LayerGates(sheet, network, numbers_of(weights), masks)
    inputs = found = gates.inputs(x, trainer.data.features)
    units = []
    for index in range(gates.depth):
        found = gates.layer(index, found)
        units.append(tuple(found))
    loss, goals, end = _loss(gates, found, target, trainer)
    if network.output == "softmax":
        units[-1] = tuple(f"y{k + 1}" for k in range(network.sizes[-1]))
    seeded = loss
    if penalties and (spec.l1 or spec.l2):
        terms = [key for key, place in gates.places.items() if place.part == "W"]
        low = max(node.at[1] for node in sheet.nodes) + 2 * ROW
        extra = penalty(sheet, gates.x - COLUMN, low, terms, spec.l1, spec.l2)
        place = (end + COLUMN, sheet.nodes[-1].at[1])
        seeded = sheet.gate("objective", "add", place, (loss, *extra), label=tr("loss + penalty"))
    groups = tuple(group.id for group in sheet.groups[: gates.depth])
    graph = sheet.graph({seeded: 1.0})
    return Unfolded(graph, tuple(inputs), goals, groups, tuple(units), loss, seeded, gates.places)


def refresh(unfolded: Unfolded, trainer: Trainer, graph: Graph | None = None) -> Patch:
    """The patch that puts the network's numbers of now into `graph` (by default the unfolded one).

    Nodes that the user has since deleted or made something else are left out; what the user wired
    or moved stays.
    """
    return shown(unfolded, trainer.network.weights(), graph)


def shown(
    unfolded: Unfolded, weights: tuple[LayerWeights, ...], graph: Graph | None = None
) -> Patch:
    """The same for copied weights, as a window gets them from a training thread."""
    graph = unfolded.graph if graph is None else graph
    numbers = numbers_of(weights)
    changes = {}
    for key, place in unfolded.places.items():
        node = graph.nodes.get(key)
        if node is None or not _carries(node, place):
            continue
        value = place.shown(numbers)
        if node.params.get(place.param) != value:
            changes[key] = (node, _with_param(node, place.param, value))
    return Patch(tr("Train"), changes)


def show_sample(unfolded: Unfolded, x: Array, target: Array, graph: Graph | None = None) -> Patch:
    """The patch that puts another sample into the same graph."""
    graph = unfolded.graph if graph is None else graph
    x, target = _vector(x, len(unfolded.inputs)), _vector(target, len(unfolded.targets))
    given = zip((*unfolded.inputs, *unfolded.targets), (*x.tolist(), *target.tolist()), strict=True)
    changes = {}
    for key, value in given:
        node = graph.nodes.get(key)
        if node is not None and node.gate == "input" and node.params.get("value") != value:
            changes[key] = (node, _with_param(node, "value", value))
    return Patch(tr("Another sample"), changes)


def weights_from(unfolded: Unfolded, changed: Patch | Graph) -> tuple[Changed, ...]:
    """Which of the network's numbers a patch changes; of a graph, all that it holds.

    Raises DataError for a weight that was given several samples.
    """
    nodes = _born(changed) if isinstance(changed, Patch) else changed.nodes.values()
    found = []
    for node in nodes:
        place = unfolded.places.get(node.id)
        if place is None or place.part not in LEARNS or not _carries(node, place):
            continue
        value = node.params.get("value", 1.0)
        if isinstance(value, tuple):
            raise DataError(
                tr(
                    "{node} is a weight of the network and takes one number, not several.",
                    node=node.name,
                )
            )
        found.append(Changed(place, float(value)))
    return tuple(found)


def put(network: Network, changes: Iterable[Changed]) -> int:
    """Write changed numbers into a network; answers how many really differed."""
    count = 0
    for change in changes:
        place = change.place
        view = getattr(network.layers[place.layer], place.part)
        at = (place.row, place.col) if place.part == "W" else (place.row,)
        value = view.dtype.type(change.value)
        if view[at] != value:
            view[at] = value
            count += 1
    return count


def batch_statistics(trainer: Trainer, x: Array) -> list[tuple[Array, Array]]:
    """Each hidden layer's (mean, variance) over a batch x (samples, features), as training sees
    them: for `unfold`, where the numbers of one batch are to be shown."""
    x = np.asarray(x, np.float64)
    program = Program(trainer.network, len(x), training=True)
    rows = np.ones((len(x), x.shape[1] + 1), program.dtype)
    rows[:, :-1] = x
    program.run(program.bind(rows))
    norms = [norm for norm in program.norms if norm is not None]
    return [(norm.seen[0].copy(), norm.seen[1].copy()) for norm in norms]


def last_masks(trainer: Trainer, column: int) -> list[Array]:
    """Dropout's factors for one sample of the last step's batch: for `unfold`."""
    if trainer.last is None:
        raise DataError(tr("There was no step yet, so there are no dropout masks."))
    return [view[:, column].copy() for view in trainer.last[0].mask_views]


def missing(unfolded: Unfolded, graph: Graph) -> tuple[str, ...]:
    """The parameters of the network that a graph no longer holds as inputs."""
    return tuple(
        key
        for key in unfolded.parameters
        if (node := graph.nodes.get(key)) is None or node.gate != "input"
    )


def stands_in(unfolded: Unfolded, graph: Graph) -> bool:
    """Whether all gates and wires of the unfolded network are in a graph, wherever they lie."""
    nodes, own = graph.nodes, unfolded.graph
    if len(nodes) < len(own.nodes):
        return False
    for key, node in own.nodes.items():
        there = nodes.get(key)
        if there is None or there.gate != node.gate:
            return False
    wires = {(wire.source, wire.target, wire.port) for wire in graph.wires.values()}
    return all((wire.source, wire.target, wire.port) in wires for wire in own.wires.values())


# --- the parts ------------------------------------------------------------------------------------


def _refuse_large(trainer: Trainer, penalties: bool) -> None:
    spec = trainer.spec
    terms = (spec.l1 > 0) + (spec.l2 > 0) if penalties else 0
    count = count_of(spec.network, penalties=terms)
    if count > MOST_GATES:
        raise TooLarge(
            tr(
                "As a gate graph this network would have about {count} gates; the canvas takes "
                "{most}. Choose fewer units or layers.",
                count=f"{count:,}",
                most=f"{MOST_GATES:,}",
            )
        )


def _vector(values: Array, size: int) -> Array:
    found = np.asarray(values, np.float64)
    if found.size != size:
        raise DataError(
            tr(
                "expected {wanted} numbers, found {found}",
                wanted=f"{size:,}",
                found=f"{found.size:,}",
            )
        )
    return found.reshape(size)


def _with_statistics(
    weights: tuple[LayerWeights, ...], statistics: Sequence[tuple[Array, Array]] | None
) -> tuple[LayerWeights, ...]:
    if statistics is None:
        return weights
    hidden = zip(weights[:-1], statistics, strict=True)
    found = [
        replace(own, mean=_vector(mean, len(own.b)), variance=_vector(variance, len(own.b)))
        for own, (mean, variance) in hidden
    ]
    return (*found, weights[-1])


def _loss(
    gates: LayerGates, found: list[str], target: Array, trainer: Trainer
) -> tuple[str, tuple[str, ...], float]:
    """The loss's gates; the loss, the targets and how far right it reaches."""
    sheet, sums, total = gates.sheet, gates.sums, ""
    x = gates.x
    if trainer.spec.network.output == "softmax":
        sheet.begin_group("softmax", tr("Softmax"))
        found, x = softmax(sheet, x, gates.heights, sums)
        total = "total"
    sheet.begin_group("loss_gates", tr("Loss"))
    x += 2 * COLUMN
    goals = targets(sheet, x, gates.heights, target)
    outputs = Outputs(sheet, x, gates.heights, sums, found, goals, trainer.spec.delta, total)
    loss = LOSS_GATES[trainer.spec.loss](outputs)
    sheet.group = ""
    return loss, tuple(goals), max(node.at[0] for node in sheet.nodes)


def _carries(node: Node, place: Place) -> bool:
    """Whether a node is still of the kind that can carry this number."""
    if place.param == "value":
        return node.gate == "input"
    return node.gate == ("add_constant" if place.param == "c" else "scale")


def _with_param(node: Node, name: str, value: float) -> Node:
    return Node(
        node.id,
        node.gate,
        node.at,
        {**node.params, name: value},
        node.label,
        node.group,
        node.extra,
    )


def _born(patch: Patch) -> Iterator[Node]:
    """The nodes of a patch as they are afterwards."""
    for _, after in patch.changes.values():
        if isinstance(after, Node):
            yield after
