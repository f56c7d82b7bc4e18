"""FIELDS: everything about a run that can be chosen, as data.

The settings beside the network and the quiet row above it are made from this table. `write` answers
a changed specification that still makes sense: a loss that does not go with a new output is
replaced, the network's first and last sizes follow the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bpstudio.language import N_, tr
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.checking import OUTPUTS
from bpstudio.nn.data import DATASETS, FEATURES, Dataset
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.schedules import SCHEDULES
from bpstudio.nn.spec import Choice, Spec

SECTIONS = {"data": N_("Data"), "network": N_("Network"), "training": N_("Training")}
RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SCHEDULED = (
    ("every", N_("Every … epochs"), (10.0, 30.0, 100.0)),
    ("gamma", N_("Times"), (0.1, 0.5, 0.9, 0.99)),
    ("lowest", N_("Lowest part"), (0.0, 0.01, 0.1)),
    ("warmup", N_("Epochs of warm-up"), (1.0, 5.0, 20.0)),
)
"""Settings of schedules: key, title (marked), what is offered."""
MOST_PICTURES = 3_000
"""Drawn digits: more would keep the window waiting for longer than a blink."""
PENALTIES = (0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to choose.

    kind      "choice" (of `choices`), "number" (typed; `presets` are offered), "whole" (from `low`
              to `high`), "share" (0 to `high`, a slider), "flag", "sizes", "features"
    read      the value in a specification; None where a number is not set
    write     the specification with another value
    choices   value -> title, translated, for a specification
    shown     whether it means anything for this specification
    note      more about it (marked)
    """

    key: str
    section: str
    title: str
    kind: str
    read: Callable[[Spec], Any]
    write: Callable[[Spec, Any], Spec]
    choices: Callable[[Spec], Mapping[Any, str]] | None = None
    presets: tuple[float, ...] = ()
    low: int = 1
    high: float = 1.0
    shown: Callable[[Spec], bool] = lambda spec: True
    note: str = ""


# --- small helpers --------------------------------------------------------------------------


def plain(name: str) -> tuple[Callable[[Spec], Any], Callable[[Spec, Any], Spec]]:
    """Read and write a field of the specification itself."""
    return lambda spec: getattr(spec, name), lambda spec, value: replace(spec, **{name: value})


def network(name: str) -> tuple[Callable[[Spec], Any], Callable[[Spec, Any], Spec]]:
    """Read and write a field of the network."""

    def write(spec: Spec, value: Any) -> Spec:
        return replace(spec, network=replace(spec.network, **{name: value}), weights=None)

    return lambda spec: getattr(spec.network, name), write


def data(name: str) -> tuple[Callable[[Spec], Any], Callable[[Spec, Any], Spec]]:
    """Read and write a field of a generated data set."""

    def write(spec: Spec, value: Any) -> Spec:
        if not isinstance(spec.data, Dataset):
            return spec
        return replace(spec, data=replace(spec.data, **{name: value}))

    return lambda spec: getattr(spec.data, name, None), write


def generated(spec: Spec) -> bool:
    """Whether the data are made by ourselves."""
    return isinstance(spec.data, Dataset)


def planar(spec: Spec) -> bool:
    """Whether the data are generated points of a plane."""
    return isinstance(spec.data, Dataset) and DATASETS[spec.data.name].planar


def titles(table: Mapping[str, Any]) -> Callable[[Spec], Mapping[Any, str]]:
    """The choices of a table whose entries have titles."""
    return lambda spec: {key: tr(entry.title) for key, entry in table.items()}


def with_sizes(spec: Spec, sizes: tuple[int, ...]) -> Spec:
    """Another shape; what remembers the old one goes."""
    return replace(
        spec, network=replace(spec.network, sizes=sizes, residual=_residual(spec)), weights=None
    )


def _residual(spec: Spec) -> bool:
    return bool(spec.network.residual)


def _named(name: str, value: Any) -> dict[str, Any]:
    return {name: value}


# --- data -----------------------------------------------------------------------------------


def _alike(spec: Spec) -> Mapping[Any, str]:
    """The generated sets that the same inputs can be told of."""
    if not isinstance(spec.data, Dataset):
        return {}
    now = DATASETS[spec.data.name]
    return {
        key: tr(made.title)
        for key, made in DATASETS.items()
        if (made.planar, made.inputs) == (now.planar, now.inputs) and made.inputs <= 2
    }


def _write_dataset(spec: Spec, name: str) -> Spec:
    """Other data under the same network: only the outputs follow where they have to."""
    assert isinstance(spec.data, Dataset)
    made, before = DATASETS[name], DATASETS[spec.data.name]
    other = replace(spec, data=replace(spec.data, name=name))
    assert isinstance(other.data, Dataset)
    if made.regression:
        other = replace(other, data=replace(other.data, classes=None))
        if not before.regression:
            other = write_output(with_sizes(other, (*spec.network.sizes[:-1], 1)), "linear")
        return other
    if before.regression:
        return write_output(_write_classes(other, 2), "tanh")
    classes = spec.data.classes or 2
    return _write_classes(other, classes) if classes > made.most else other


def _write_samples(spec: Spec, count: int) -> Spec:
    assert isinstance(spec.data, Dataset)
    drawn = not DATASETS[spec.data.name].planar and DATASETS[spec.data.name].inputs > 8
    return data("samples")[1](spec, min(count, MOST_PICTURES) if drawn else count)


def _write_features(spec: Spec, names: tuple[str, ...]) -> Spec:
    assert isinstance(spec.data, Dataset)
    ordered = tuple(name for name in FEATURES if name in names)
    if not ordered:
        return spec
    made = replace(spec, data=replace(spec.data, features=ordered))
    return with_sizes(made, (len(ordered), *spec.network.sizes[1:]))


def _may_have_classes(spec: Spec) -> bool:
    if not isinstance(spec.data, Dataset):
        return False
    made = DATASETS[spec.data.name]
    return made.planar and not made.classes and not made.regression


def _read_classes(spec: Spec) -> int:
    assert isinstance(spec.data, Dataset)
    return spec.data.classes or max(2, spec.network.sizes[-1])


def _write_classes(spec: Spec, count: int) -> Spec:
    assert isinstance(spec.data, Dataset)
    count = min(count, DATASETS[spec.data.name].most)
    made = replace(spec, data=replace(spec.data, classes=count))
    sizes = spec.network.sizes
    if count > 2:
        made = with_sizes(made, (*sizes[:-1], count))
        return write_output(made, "softmax")
    made = with_sizes(made, (*sizes[:-1], 1))
    return write_output(made, "tanh" if spec.network.output == "softmax" else spec.network.output)


# --- network --------------------------------------------------------------------------------


def _outputs(spec: Spec) -> Mapping[Any, str]:
    names = {key: tr(entry.title) for key, entry in ACTIVATIONS.items()}
    names["softmax"] = tr("Softmax")
    alone = spec.network.sizes[-1] < 2
    return {key: names[key] for key in OUTPUTS if not (alone and key == "softmax")}


def write_output(spec: Spec, output: str) -> Spec:
    """Another output function, with a loss that goes with it."""
    made = replace(spec, network=replace(spec.network, output=output))
    if output == "softmax":
        return replace(made, loss="cross_entropy")
    allowed = LOSSES[made.loss].outputs
    return replace(made, loss="half_squared_error") if allowed and output not in allowed else made


def _write_hidden(spec: Spec, hidden: tuple[int, ...]) -> Spec:
    sizes = spec.network.sizes
    return with_sizes(spec, (sizes[0], *hidden, sizes[-1]))


# --- training -------------------------------------------------------------------------------


def _losses(spec: Spec) -> Mapping[Any, str]:
    output = spec.network.output
    fitting = {k: e for k, e in LOSSES.items() if not e.outputs or output in e.outputs}
    return {key: tr(entry.title) for key, entry in fitting.items()}


def _choice(name: str) -> tuple[Callable[[Spec], Any], Callable[[Spec, Any], Spec]]:
    def write(spec: Spec, kind: str) -> Spec:
        return replace(spec, **_named(name, Choice(kind)))

    return lambda spec: getattr(spec, name).kind, write


def _parameter(
    name: str, key: str, table: Mapping[str, Any]
) -> tuple[Callable[[Spec], Any], Callable[[Spec, Any], Spec]]:
    def read(spec: Spec) -> float:
        choice = getattr(spec, name)
        return float(choice.full(table[choice.kind].parameters)[key])

    def write(spec: Spec, value: float) -> Spec:
        choice = getattr(spec, name)
        changed = Choice(choice.kind, {**choice.parameters, key: value})
        return replace(spec, **_named(name, changed))

    return read, write


def _has(name: str, key: str, table: Mapping[str, Any]) -> Callable[[Spec], bool]:
    return lambda spec: key in table[getattr(spec, name).kind].parameters


def _dtypes(spec: Spec) -> Mapping[Any, str]:
    return {"float64": tr("64 bits"), "float32": tr("32 bits")}


FIELDS: tuple[Field, ...] = (
    Field("dataset", "data", N_("Data set"), "choice", data("name")[0], _write_dataset,
          choices=_alike, shown=lambda spec: len(_alike(spec)) > 1,
          note=N_("Other data for the network as it is")),
    Field("samples", "data", N_("Samples"), "whole", data("samples")[0], _write_samples,
          high=100_000, shown=generated),
    Field("noise", "data", N_("Noise"), "share", *data("noise"), high=0.5, shown=generated),
    Field("test", "data", N_("Test data"), "share", *data("test"), high=0.9, shown=generated,
          note=N_("The share of the samples that training never sees")),
    Field("classes", "data", N_("Classes"), "whole", _read_classes, _write_classes, low=2, high=9,
          shown=_may_have_classes),
    Field("features", "data", N_("Features"), "features",
          lambda spec: getattr(spec.data, "features", None), _write_features, shown=planar,
          note=N_("What the network is told of each point")),
    Field("data_seed", "data", N_("Seed of the data"), "whole", *data("seed"), low=0,
          high=999_999, shown=generated),
    Field("hidden", "network", N_("Hidden layers"), "sizes",
          lambda spec: spec.network.sizes[1:-1], _write_hidden,
          note=N_("Units of each hidden layer, such as 8, 8, 8")),
    Field("activation", "network", N_("Activation"), "choice", *network("activation"),
          choices=titles(ACTIVATIONS)),
    Field("output", "network", N_("Output"), "choice", lambda spec: spec.network.output,
          write_output, choices=_outputs),
    Field("initializer", "network", N_("Initial weights"), "choice", *_choice("initializer"),
          choices=titles(INITIALIZERS)),
    Field("std", "network", N_("Their spread"), "number",
          *_parameter("initializer", "std", INITIALIZERS), presets=(0.01, 0.1, 0.5, 1.0, 2.0),
          shown=_has("initializer", "std", INITIALIZERS)),
    Field("batch_norm", "network", N_("Batch norm"), "flag", *network("batch_norm")),
    Field("residual", "network", N_("Residual"), "flag", lambda spec: bool(spec.network.residual),
          network("residual")[1],
          note=N_("A layer as wide as the one before adds what it was given to what it makes")),
    Field("dropout", "network", N_("Dropout"), "share", *network("dropout"), high=0.9),
    Field("seed", "network", N_("Seed"), "whole", *plain("seed"), low=0, high=999_999,
          note=N_("The same seed gives the same start")),
    Field("loss", "training", N_("Loss"), "choice", *plain("loss"), choices=_losses),
    Field("delta", "training", N_("Huber’s δ"), "number", *plain("delta"), presets=(0.1, 0.5, 1.0),
          shown=lambda spec: spec.loss == "huber",
          note=N_("Errors up to here count by their square, larger ones by their size")),
    Field("optimizer", "training", N_("Optimizer"), "choice", *_choice("optimizer"),
          choices=titles(OPTIMIZERS)),
    Field("momentum", "training", N_("Momentum"), "number",
          *_parameter("optimizer", "momentum", OPTIMIZERS), presets=(0.5, 0.9, 0.99),
          shown=_has("optimizer", "momentum", OPTIMIZERS)),
    Field("alpha", "training", N_("Memory α"), "number",
          *_parameter("optimizer", "alpha", OPTIMIZERS), presets=(0.9, 0.99, 0.999),
          shown=_has("optimizer", "alpha", OPTIMIZERS)),
    Field("beta1", "training", N_("Memory β₁"), "number",
          *_parameter("optimizer", "beta1", OPTIMIZERS), presets=(0.0, 0.5, 0.9),
          shown=_has("optimizer", "beta1", OPTIMIZERS)),
    Field("beta2", "training", N_("Memory β₂"), "number",
          *_parameter("optimizer", "beta2", OPTIMIZERS), presets=(0.9, 0.99, 0.999),
          shown=_has("optimizer", "beta2", OPTIMIZERS)),
    Field("learning_rate", "training", N_("Learning rate"), "number", *plain("learning_rate"),
          presets=RATES),
    Field("schedule", "training", N_("Schedule"), "choice", *_choice("schedule"),
          choices=titles(SCHEDULES)),
    *(
        Field(f"schedule_{key}", "training", title, "number",
              *_parameter("schedule", key, SCHEDULES), presets=presets,
              shown=_has("schedule", key, SCHEDULES))
        for key, title, presets in SCHEDULED
    ),
    Field("epochs", "training", N_("Over epochs"), "whole", *plain("epochs"), high=10_000_000,
          shown=lambda spec: spec.schedule.kind == "cosine",
          note=N_("After so many epochs the rate has come down to its lowest")),
    Field("batch", "training", N_("Batch size"), "whole", *plain("batch"), high=100_000),
    Field("shuffle", "training", N_("Shuffle"), "flag", *plain("shuffle"),
          note=N_("Every epoch takes the samples in another order")),
    Field("drop_last", "training", N_("Whole batches"), "flag", *plain("drop_last"),
          note=N_("Leave out the samples that do not fill a batch (drop_last)")),
    Field("l1", "training", N_("L1"), "number", *plain("l1"), presets=PENALTIES),
    Field("l2", "training", N_("L2"), "number", *plain("l2"), presets=PENALTIES),
    Field("l1_prune", "training", N_("L1 prunes"), "flag", *plain("l1_prune"),
          shown=lambda spec: spec.l1 > 0,
          note=N_("A weight that L1 alone carries across zero becomes 0 and stays 0, "
                  "as in TensorFlow Playground")),
    Field("weight_decay", "training", N_("Weight decay"), "number",
          *_parameter("optimizer", "weight_decay", OPTIMIZERS), presets=PENALTIES,
          shown=_has("optimizer", "weight_decay", OPTIMIZERS)),
    Field("clip_norm", "training", N_("Clip norm"), "number", *plain("clip_norm"),
          presets=(0.1, 0.5, 1.0, 5.0),
          note=N_("The longest gradient that is taken as it is; empty: no limit")),
    Field("clip_value", "training", N_("Clip value"), "number", *plain("clip_value"),
          presets=(0.1, 0.5, 1.0, 5.0),
          note=N_("The largest entry of a gradient; empty: no limit")),
    Field("dtype", "training", N_("Precision"), "choice", *plain("dtype"), choices=_dtypes),
)  # fmt: skip


def by_key(key: str) -> Field:
    """The field of this key."""
    return next(field for field in FIELDS if field.key == key)
