"""A trainer as the plain values that a document keeps, and back, to the last bit.

`network` holds the specification (its data by the name of a dataset, or how they are drawn), the
weights of now, and all else that the next step depends on; `datasets` the tables by name. Reading
raises SpecError with the path in the document; nothing that stands there is run or followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.data import Data, Dataset
from bpstudio.nn.faults import SpecError
from bpstudio.nn.reading import of_json, to_json, weights_of_json
from bpstudio.nn.report import State
from bpstudio.nn.samples import Samples, Scale
from bpstudio.nn.spec import Spec
from bpstudio.nn.trainer import Trainer

DATA = "data"
"""What a network's own table is called where nobody gave it a name."""
LONGEST = 200
"""Characters of a name in a document."""
Values = dict[str, Any]
Made = TypeVar("Made")


def to_document(
    trainer: Trainer,
    name: str = DATA,
    about: Mapping[str, Any] | None = None,
    data: Data | Dataset | None = None,
) -> tuple[Values, dict[str, Values]]:
    """`network` and `datasets` for a document. `about` is what else is known of the data: see
    `about_samples`; what a document already said of it can be handed on as it is. `data`: how the
    trainer's data came about, where its specification holds them drawn.

    Numbers that are none cannot be kept: a network whose weights broke is kept at its start.
    """
    spec = trainer.spec if data is None else replace(trainer.spec, data=data)
    datasets: dict[str, Values] = {}
    if isinstance(spec.data, Data):
        datasets[name] = table_of(spec.data, about)
        body = to_json(replace(spec, data=Dataset("xor")))
        body["data"] = {"use": name}
    else:
        body = to_json(spec)
    if not np.isfinite(trainer.network.parameters).all():
        return {"spec": body, "updates": 0}, datasets
    network = {
        "spec": body,
        "weights": [layer.to_json() for layer in trainer.network.weights()],
        "updates": trainer.updates,
        "state": _state(trainer),
    }
    return network, datasets


def of_document(network: Mapping[str, Any], datasets: Mapping[str, Any]) -> Trainer:
    """The trainer, standing where it stood. Raises SpecError."""
    spec = spec_of(network, datasets)
    trainer = _placed(lambda: Trainer(spec), "$.network.spec", "")
    if "weights" in network:
        place = "$.network.weights"
        weights = weights_of_json(network["weights"], place)
        _placed(replace(spec, weights=weights).check, "$.network", "")
        trainer.network.set_weights(weights)
    trainer.updates = int(network.get("updates", 0))
    if network.get("state"):
        _restore(trainer, network["state"])
    return trainer


def spec_of(network: Mapping[str, Any], datasets: Mapping[str, Any]) -> Spec:
    """The specification alone, with its data."""
    body = dict(network["spec"])
    data, name = body.get("data"), ""
    if isinstance(data, dict) and "use" in data:
        name = data["use"] if isinstance(data["use"], str) else ""
        if name not in datasets:
            reason = tr("the document holds no data “{name}”", name=data["use"])
            raise SpecError("$.network.spec.data.use", reason)
        parts = ("inputs", "targets", "test_inputs", "test_targets")
        body["data"] = {key: datasets[name][key] for key in parts if key in datasets[name]}
    spec = _placed(lambda: of_json(body), "$.network.spec", name)
    features = tuple(datasets[name].get("features", ())) if name else ()
    if features and isinstance(spec.data, Data):
        return replace(spec, data=replace(spec.data, features=features))
    return spec


ABOUT = ("title", "features", "outputs", "classes", "scaling", "target_scaling", "painted")
"""What a dataset says beside its numbers."""


def table_of(data: Data, about: Mapping[str, Any] | None = None) -> Values:
    """A table for `datasets`."""
    found: Values = {"inputs": data.inputs.tolist(), "targets": data.targets.tolist()}
    if len(data.test_inputs):
        found["test_inputs"] = data.test_inputs.tolist()
        found["test_targets"] = data.test_targets.tolist()
    known = {"features": list(data.features)} if data.features else {}
    known |= about or {}
    return found | {key: _short(known[key]) for key in ABOUT if key in known}


def _short(value: Any) -> Any:
    """Names no longer than a document takes."""
    if isinstance(value, str):
        return value[:LONGEST]
    return [_short(name) for name in value] if isinstance(value, list) else value


def about_samples(samples: Samples, title: str = "") -> Values:
    """What a document keeps of where the data came from, and of all that was done to them."""
    found: Values = {
        "features": list(samples.features),
        "outputs": list(samples.outputs),
        "classes": list(samples.classes),
        "scaling": _scaling(samples.scales),
        "target_scaling": _scaling(samples.target_scales),
    }
    kept: Values = {"title": title} if title else {}
    return kept | {key: value for key, value in found.items() if value}


def _scaling(scales: Sequence[Scale]) -> list[Values]:
    if all(scale.shift == 0 and scale.factor == 1 for scale in scales):
        return []
    return [{"name": s.name[:LONGEST], "shift": s.shift, "factor": s.factor} for s in scales]


def _placed(made: Callable[[], Made], root: str, name: str) -> Made:
    """What `made` answers; a SpecError's path becomes the path in the document."""
    try:
        return made()
    except SpecError as error:
        place = error.place if error.place.startswith("$") else f"$ ({error.place})"
        if name and place.startswith("$.data."):
            place = f"$.datasets.{name}{place.removeprefix('$.data')}"
        else:
            place = root + place[1:]
        raise SpecError(place, error.reason) from None


# --- where training stands ------------------------------------------------------------------------


def _state(trainer: Trainer) -> Values:
    state = trainer.state()
    found: Values = {"epoch": state.epoch, "position": state.position}
    if trainer.spec.shuffle:
        found["order"] = state.order.tolist()
    if state.optimizer:
        found["optimizer"] = [vector.tolist() for vector in state.optimizer]
    found["optimizer_updates"] = state.optimizer_updates
    dead = np.flatnonzero(state.alive == 0)
    if dead.size:
        found["dead"] = dead.tolist()
    found["random"] = [_words(given) for given in state.random]
    return found


def _restore(trainer: Trainer, values: Mapping[str, Any]) -> None:
    place = "$.network.state"
    now = trainer.state()
    samples, count = len(trainer.data.inputs), trainer.network.count
    order = np.arange(samples)
    if "order" in values:
        order = _whole_numbers(values["order"], samples, f"{place}.order")
        if np.unique(order).size != samples:
            raise SpecError(f"{place}.order", tr("each sample stands in the order once"))
    vectors = values.get("optimizer", [])
    if not isinstance(vectors, list) or len(vectors) != len(now.optimizer):
        reason = tr(
            "“{kind}” remembers another number of vectors", kind=trainer.spec.optimizer.kind
        )
        raise SpecError(f"{place}.optimizer", reason)
    alive = np.ones_like(now.alive)
    if "dead" in values:
        alive[_whole_numbers(values["dead"], None, f"{place}.dead", count)] = 0.0
    trainer.restore(
        State(
            now.parameters,
            now.running,
            tuple(_vector(v, count, f"{place}.optimizer[{i}]") for i, v in enumerate(vectors)),
            alive,
            _whole(values.get("optimizer_updates", 0), f"{place}.optimizer_updates"),
            trainer.updates,
            _whole(values.get("epoch", 0), f"{place}.epoch"),
            order,
            min(_whole(values.get("position", 0), f"{place}.position"), trainer.feed.batches),
            _generators(values.get("random"), now.random, f"{place}.random"),
        )
    )


def _whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SpecError(place, tr("expected a whole number, found {value}", value=value))
    return value


def _whole_numbers(values: Any, count: int | None, place: str, below: int | None = None) -> Array:
    """A list of `count` whole numbers, each from 0 to below `below` (or `count`)."""
    if not isinstance(values, list) or (count is not None and len(values) != count):
        raise SpecError(place, tr("expected {n} whole numbers", n=count or ""))
    most = count if below is None else below
    assert most is not None
    for index, value in enumerate(values):
        if _whole(value, f"{place}[{index}]") >= most:
            raise SpecError(f"{place}[{index}]", tr("the number must be below {most}", most=most))
    return np.array(values, np.int64)


def _vector(values: Any, count: int, place: str) -> Array:
    good = isinstance(values, list) and len(values) == count
    if not good or any(type(value) not in (int, float) for value in values):
        raise SpecError(place, tr("expected {n} numbers", n=f"{count:,}"))
    return np.array(values, np.float64)


def _words(state: Mapping[str, Any]) -> list[Any]:
    """A PCG64's state: 128-bit numbers as text, which JSON cannot carry exactly."""
    inner = state["state"]
    return [hex(inner["state"]), hex(inner["inc"]), state["has_uint32"], state["uinteger"]]


def _generators(values: Any, now: Any, place: str) -> tuple[Values, Values]:
    if values is None:
        first, second = now
        return first, second
    found = []
    try:
        for words, own in zip(values, now, strict=True):
            state, inc, held, integer = words
            inner = {"state": int(state, 16), "inc": int(inc, 16)}
            given: Any = {**own, "state": inner, "has_uint32": held, "uinteger": integer}
            np.random.PCG64().state = given
            found.append(given)
    except (TypeError, ValueError, OverflowError):
        raise SpecError(place, tr("this is no state of a random generator")) from None
    return found[0], found[1]
