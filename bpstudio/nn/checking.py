"""What makes a specification sensible: shapes that fit, a loss that goes with its output, numbers
in their ranges, a batch that batch norm can use. Every refusal is a SpecError with the path of the
value in a `bpstudio.train` specification and one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bpstudio.language import listed, tr
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array
from bpstudio.nn.data import DATASETS, FEATURES, Data, Dataset
from bpstudio.nn.faults import SpecError
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.ranges import check_above_zero, check_within
from bpstudio.nn.schedules import SCHEDULES

if TYPE_CHECKING:
    from bpstudio.nn.spec import Choice, LayerWeights, NetworkSpec, Spec

MOST_UNITS = 10_000
MOST_LAYERS = 1_000
MOST_PARAMETERS = 20_000_000
"""With gradient and Adam's two vectors 640 MB of float64."""
MOST_SAMPLES = 10_000_000
OUTPUTS = (*ACTIVATIONS, "softmax")
DTYPES = ("float64", "float32")
NORM_PARTS = ("gamma", "beta", "mean", "variance")


def check(spec: Spec) -> None:
    """Raise SpecError for the first thing that cannot be carried out."""
    _check_network(spec.network)
    _check_choices(spec)
    _check_numbers(spec)
    if isinstance(spec.data, Dataset):
        _check_dataset(spec.data, spec.network.sizes)
    else:
        _check_data(spec, spec.data)
    if spec.weights is not None:
        _check_weights(spec.network, spec.weights)
    if spec.dtype == "float32":
        _check_single(spec)


# --- the network ----------------------------------------------------------------------------------


def _check_network(spec: NetworkSpec) -> None:
    place = "$.network.sizes"
    if len(spec.sizes) < 2:
        raise SpecError(place, tr("a network needs at least inputs and outputs: two sizes"))
    if len(spec.sizes) - 1 > MOST_LAYERS:
        raise SpecError(place, tr("more than {most} layers", most=f"{MOST_LAYERS:,}"))
    for index, size in enumerate(spec.sizes):
        if not 1 <= size <= MOST_UNITS:
            raise SpecError(
                f"{place}[{index}]",
                tr(
                    "a layer has 1 to {most} units, not {size}",
                    most=f"{MOST_UNITS:,}",
                    size=f"{size:,}",
                ),
            )
    if spec.count > MOST_PARAMETERS:
        raise SpecError(
            place,
            tr(
                "{count} parameters are too many; the most is {most}",
                count=f"{spec.count:,}",
                most=f"{MOST_PARAMETERS:,}",
            ),
        )
    _known("$.network.activation", spec.activation, ACTIVATIONS)
    _known("$.network.output", spec.output, OUTPUTS)
    if spec.output == "softmax" and spec.sizes[-1] < 2:
        raise SpecError(
            "$.network.output",
            tr("softmax of one unit is always 1; use sigmoid, or two units or more"),
        )
    check_within("$.network.dropout", spec.dropout, 0.0, 1.0, below=True)
    if isinstance(spec.residual, tuple):
        for index, layer in enumerate(spec.residual):
            if not spec.adds_input(layer):
                raise SpecError(
                    f"$.network.residual[{index}]",
                    tr(
                        "layer {layer} is no hidden layer with as many inputs as units", layer=layer
                    ),
                )


def _known(place: str, name: str, table: Iterable[str]) -> None:
    if name not in table:
        raise SpecError(
            place, tr("there is no “{name}”; there are {names}", name=name, names=listed(table))
        )


# --- choices and numbers --------------------------------------------------------------------------


def _check_choices(spec: Spec) -> None:
    _known("$.loss", spec.loss, LOSSES)
    allowed = LOSSES[spec.loss].outputs
    if allowed and spec.network.output not in allowed:
        raise SpecError(
            "$.loss",
            tr(
                "“{loss}” goes with the outputs {outputs}, not with {found}",
                loss=spec.loss,
                outputs=listed(allowed),
                found=spec.network.output,
            ),
        )
    tables: tuple[tuple[str, Choice, Mapping[str, Any]], ...] = (
        ("$.optimizer", spec.optimizer, OPTIMIZERS),
        ("$.schedule", spec.schedule, SCHEDULES),
        ("$.initializer", spec.initializer, INITIALIZERS),
    )
    for place, choice, table in tables:
        _known(f"{place}.kind", choice.kind, table)
        names = table[choice.kind].parameters
        for name, value in choice.parameters.items():
            if name not in names:
                raise SpecError(f"{place}.{name}", _no_parameter(choice.kind, names))
            check_within(f"{place}.{name}", value, *_RANGES.get(name, (0.0,)))
    for name in ("beta1", "beta2"):
        if spec.optimizer.parameters.get(name) == 1.0:
            check_within(f"$.optimizer.{name}", 1.0, 0.0, 1.0, below=True)


_SHARES = ("momentum", "alpha", "beta1", "beta2", "lowest")
_RANGES: dict[str, tuple[float, ...]] = dict.fromkeys(_SHARES, (0.0, 1.0)) | {"every": (1.0,)}


def _no_parameter(kind: str, names: Iterable[str]) -> str:
    known = listed(names)
    if not known:
        return tr("“{kind}” has no parameters", kind=kind)
    return tr("“{kind}” has no such parameter; it has {names}", kind=kind, names=known)


def _check_numbers(spec: Spec) -> None:
    check_within("$.optimizer.learning_rate", spec.learning_rate, 0.0)
    check_within("$.regularization.l1", spec.l1, 0.0)
    check_within("$.regularization.l2", spec.l2, 0.0)
    for name, limit in (("norm", spec.clip_norm), ("value", spec.clip_value)):
        if limit is not None:
            check_above_zero(f"$.clip.{name}", limit)
    check_above_zero("$.delta", spec.delta)
    check_within("$.seed", spec.seed, 0)
    check_within("$.batch", spec.batch, 1)
    check_within("$.epochs", spec.epochs, 0, 10**9)
    _known("$.dtype", spec.dtype, DTYPES)


# --- data and weights -----------------------------------------------------------------------------


def _check_dataset(data: Dataset, sizes: tuple[int, ...]) -> None:
    _known("$.data.dataset", data.name, DATASETS)
    made = DATASETS[data.name]
    check_within("$.data.samples", data.samples, 1, MOST_SAMPLES)
    check_within("$.data.noise", data.noise, 0.0, 1.0)
    check_within("$.data.seed", data.seed, 0)
    check_within("$.data.test", data.test, 0.0, 1.0, below=True)
    if data.classes is not None:
        check_within("$.data.classes", data.classes, 2, made.classes or made.most)
    elif not made.classes and not made.regression and sizes[-1] > made.most:
        check_within("$.network.sizes[-1]", sizes[-1], 1, made.most)
    if not data.features:
        raise SpecError("$.data.features", tr("at least one feature is needed"))
    for index, name in enumerate(data.features):
        _known(f"$.data.features[{index}]", name, FEATURES)
    if round(data.samples * data.test) >= data.samples:
        raise SpecError("$.data.test", tr("no sample would be left to learn from"))
    if data.inputs != sizes[0]:
        raise SpecError("$.network.sizes[0]", _other_width(sizes[0], data.inputs))


def _other_width(units: int, numbers: int) -> str:
    return tr(
        "the network's inputs are {units}, the numbers of a sample {numbers}",
        units=units,
        numbers=numbers,
    )


def _check_data(spec: Spec, data: Data) -> None:
    sizes = spec.network.sizes
    for place, inputs, targets in (
        ("$.data", data.inputs, data.targets),
        ("$.data.test_", data.test_inputs, data.test_targets),
    ):
        dot = "." if place == "$.data" else ""
        if place == "$.data" and len(inputs) == 0:
            raise SpecError("$.data.inputs", tr("there are no samples"))
        if len(inputs) != len(targets):
            raise SpecError(
                f"{place}{dot}targets",
                tr(
                    "the number of rows differs: {inputs} in inputs, {targets} in targets",
                    targets=len(targets),
                    inputs=len(inputs),
                ),
            )
        if not len(inputs):
            continue
        if inputs.shape[1] != sizes[0]:
            raise SpecError(f"{place}{dot}inputs", _other_width(sizes[0], inputs.shape[1]))
        if targets.shape[1] != sizes[-1]:
            reason = tr(
                "the network's outputs are {units}, the targets of a sample {numbers}",
                units=sizes[-1],
                numbers=targets.shape[1],
            )
            raise SpecError(f"{place}{dot}targets", reason)
        for name, values in (("inputs", inputs), ("targets", targets)):
            _refuse_rows(f"{place}{dot}{name}", np.isfinite(values), _not_a_number())
        check_targets(spec, targets, f"{place}{dot}targets")


def _not_a_number() -> str:
    return tr("a value is no number, or infinite")


def check_targets(spec: Spec, targets: Array, place: str) -> None:
    """Refuse targets that cross-entropy has no meaning for."""
    if spec.loss != "cross_entropy":
        return
    inside = (targets >= 0) & (targets <= 1)
    _refuse_rows(place, inside, tr("cross-entropy needs targets from 0 to 1"))
    if spec.network.output == "softmax":
        whole = np.abs(targets.sum(axis=1) - 1.0) <= 1e-6
        _refuse_rows(place, whole, tr("behind softmax the targets of a sample add up to 1"))


def _refuse_rows(place: str, good: Array, reason: str) -> None:
    """Refuse the first row of which not every entry is good."""
    rows = good.reshape(len(good), -1).all(axis=1)
    if not rows.all():
        raise SpecError(f"{place}[{int(rows.argmin())}]", reason)


def check_batches(spec: Spec, samples: int) -> None:
    """Batch norm cannot use a batch of one sample: its variance is 0."""
    if not spec.network.batch_norm:
        return
    batch = min(spec.batch, samples)
    if batch == 1:
        reason = tr(
            "batch norm needs two samples or more in a batch, for one has no variance; choose a "
            "larger batch"
        )
        raise SpecError("$.batch", reason)
    if samples % batch == 1 and not spec.drop_last:
        raise SpecError(
            "$.batch",
            tr(
                "the last batch of {samples} samples would hold a single one, which batch norm "
                "cannot use; choose another batch size, or drop_last",
                samples=f"{samples:,}",
            ),
        )


def _check_weights(network: NetworkSpec, weights: tuple[LayerWeights, ...]) -> None:
    layers = len(network.sizes) - 1
    if len(weights) != layers:
        reason = tr(
            "{found} layers of weights for a network of {layers}", found=len(weights), layers=layers
        )
        raise SpecError("$.weights", reason)
    for index, layer in enumerate(weights):
        inputs, units = network.sizes[index], network.sizes[index + 1]
        wanted = {"W": (units, inputs), **dict.fromkeys(("b", *NORM_PARTS), (units,))}
        for name, shape in wanted.items():
            values = getattr(layer, name)
            place = f"$.weights[{index}].{name}"
            if values is None:
                continue
            if name in NORM_PARTS and not (network.batch_norm and index < layers - 1):
                raise SpecError(place, tr("this layer has no batch norm"))
            if values.shape != shape:
                said = tr(
                    "expected {wanted} numbers, found {found}",
                    wanted=_by(shape),
                    found=_by(values.shape),
                )
                raise SpecError(place, said)
            if not np.isfinite(values).all():
                raise SpecError(place, _not_a_number())
            if name == "variance" and not (values >= 0).all():
                raise SpecError(place, tr("a variance is 0 or more"))


def _by(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


# --- float32 --------------------------------------------------------------------------------------


def _check_single(spec: Spec) -> None:
    """Refuse numbers that float32 would make infinite."""
    most = float(np.finfo(np.float32).max)
    for place, values in _all_numbers(spec):
        if values is not None and (np.abs(values) > most).any():
            raise SpecError(
                place,
                tr("a number is too large for float32, which ends at {most}", most=f"{most:.1e}"),
            )


def _all_numbers(spec: Spec) -> Iterator[tuple[str, Any]]:
    yield "$.optimizer.learning_rate", spec.learning_rate
    yield "$.regularization.l1", spec.l1
    yield "$.regularization.l2", spec.l2
    yield "$.clip.norm", spec.clip_norm
    yield "$.clip.value", spec.clip_value
    yield "$.delta", spec.delta
    for place, choice in (("$.optimizer", spec.optimizer), ("$.initializer", spec.initializer)):
        for name, value in choice.parameters.items():
            yield f"{place}.{name}", value
    if isinstance(spec.data, Data):
        for name in ("inputs", "targets", "test_inputs", "test_targets"):
            yield f"$.data.{name}", getattr(spec.data, name)
    for index, layer in enumerate(spec.weights or ()):
        for name in ("W", "b", *NORM_PARTS):
            yield f"$.weights[{index}].{name}", getattr(layer, name)
