"""A training specification from JSON and back: which keys there are, and of which kind.

Every refusal is a SpecError with the path of the value and one sentence. What the values mean
together is spec.py's to judge, and `decode` asks it.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bpstudio.language import listed, tr
from bpstudio.nn.calls import Array
from bpstudio.nn.checking import NORM_PARTS
from bpstudio.nn.data import Data, Dataset
from bpstudio.nn.faults import SpecError
from bpstudio.nn.spec import Choice, LayerWeights, NetworkSpec, Spec

FORMAT = "bpstudio.train"
MOST_BYTES = 512 * 2**20


def decode(text: str | bytes) -> Spec:
    """The specification that a JSON text describes, checked; raises SpecError."""
    if len(text) > MOST_BYTES:
        raise SpecError("$", tr("longer than {most} bytes", most=f"{MOST_BYTES:,}"))
    constants: list[_Constant] = []

    def constant(word: str) -> _Constant:
        constants.append(_Constant(word))
        return constants[-1]

    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=constant)
    except json.JSONDecodeError as error:
        place = tr("line {line}, column {column}", line=error.lineno, column=error.colno)
        raise SpecError(place, tr("not valid JSON")) from None
    except (ValueError, RecursionError):  # no text, thousands of digits, thousands of brackets
        raise SpecError("$", tr("not valid JSON")) from None
    if constants:
        _refuse_constants(value)
    return of_json(value)


def of_json(value: object) -> Spec:
    """The same from values that are already decoded."""
    spec = _spec(_Object(value, "$"))
    spec.check()
    return spec


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise SpecError("$", tr("the key “{key}” is written twice in one object", key=twice))
    return found


class _Constant(str):
    """NaN or Infinity, which Python's reader takes for JSON."""


def _refuse_constants(value: Any) -> None:
    """Say where the first one stands."""
    rest: list[tuple[Any, str]] = [(value, "$")]
    while rest:
        value, place = rest.pop()
        if isinstance(value, _Constant):
            raise SpecError(place, tr("{word} is no number that JSON knows", word=value))
        inner: list[tuple[Any, str]] = []
        if isinstance(value, dict):
            inner = [(one, f"{place}.{key}") for key, one in value.items()]
        elif isinstance(value, list):
            inner = [(one, f"{place}[{index}]") for index, one in enumerate(value)]
        rest += reversed(inner)


class _Object:
    """A JSON object whose keys are taken one by one; what is left over is unknown."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise SpecError(place, _wrong(tr("an object"), value))
        self.values: dict[str, Any] = dict(value)
        self.place = place
        self.asked: list[str] = []

    def take(self, key: str, read: Callable[[Any, str], Any], default: Any = None) -> Any:
        """The value of a key, read; the default where the key is missing or the value null."""
        self.asked.append(key)
        value = self.values.pop(key, None)
        return default if value is None else read(value, f"{self.place}.{key}")

    def need(self, key: str, read: Callable[[Any, str], Any]) -> Any:
        if self.values.get(key) is None:
            raise SpecError(self.place, tr("“{key}” is missing", key=key))
        return self.take(key, read)

    def end(self) -> None:
        for key in self.values:
            near = difflib.get_close_matches(key, self.asked, 1)
            reason = (
                tr("there is no such key; did you mean “{near}”?", near=near[0])
                if near
                else tr("there is no such key; there are {names}", names=listed(self.asked))
            )
            raise SpecError(f"{self.place}.{key}", reason)


def _wrong(expected: str, value: object) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, tr("true or false")),
        ((int, float), tr("a number")),
        (str, tr("text")),
        (list, tr("a list")),
        (dict, tr("an object")),
    )
    found = next((name for kind, name in kinds if isinstance(value, kind)), tr("null"))
    return tr("expected {expected}, found {found}", expected=expected, found=found)


# --- single values --------------------------------------------------------------------------------


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SpecError(place, _wrong(tr("a number"), value))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise SpecError(place, tr("the number is too large to be a number here"))
    return number


def _whole(value: Any, place: str) -> int:
    number = _number(value, place)
    if not number.is_integer():
        raise SpecError(place, tr("expected a whole number, found {value}", value=value))
    return int(value)


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise SpecError(place, _wrong(tr("true or false"), value))
    return value


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise SpecError(place, _wrong(tr("text"), value))
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise SpecError(place, _wrong(tr("a list"), value))
    return value


def _wholes(value: Any, place: str) -> tuple[int, ...]:
    return tuple(_whole(v, f"{place}[{i}]") for i, v in enumerate(_list(value, place)))


def _texts(value: Any, place: str) -> tuple[str, ...]:
    return tuple(_text(v, f"{place}[{i}]") for i, v in enumerate(_list(value, place)))


def _residual(value: Any, place: str) -> bool | tuple[int, ...]:
    return _wholes(value, place) if isinstance(value, list) else _flag(value, place)


# --- arrays ---------------------------------------------------------------------------------------


def _vector(value: Any, place: str) -> Array:
    rows = _list(value, place)
    if any(type(v) is not float and type(v) is not int for v in rows):
        for index, entry in enumerate(rows):
            _number(entry, f"{place}[{index}]")
    try:
        numbers = np.array(rows, dtype=np.float64)
    except OverflowError:
        for index, entry in enumerate(rows):
            _number(entry, f"{place}[{index}]")
        raise
    return numbers.reshape(len(rows))


def _matrix(value: Any, place: str) -> Array:
    """Rows of equally many numbers."""
    rows = _list(value, place)
    if not rows:
        return np.empty((0, 0))
    width = len(_list(rows[0], f"{place}[0]"))
    for index, row in enumerate(rows):
        if not isinstance(row, list):
            raise SpecError(f"{place}[{index}]", _wrong(tr("a list"), row))
        if len(row) != width:
            said = tr(
                "numbers in this row: {found}, in the first: {wanted}",
                found=len(row),
                wanted=width,
            )
            raise SpecError(f"{place}[{index}]", said)
    flat = [entry for row in rows for entry in row]
    if {type(entry) for entry in flat} - {int, float}:
        for index, row in enumerate(rows):
            _vector(row, f"{place}[{index}]")
    try:
        return np.array(flat, dtype=np.float64).reshape(len(rows), width)
    except OverflowError:
        for index, row in enumerate(rows):
            _vector(row, f"{place}[{index}]")
        raise


# --- the parts of a specification -----------------------------------------------------------------


def _spec(o: _Object) -> Spec:
    kind = o.take("format", _text, FORMAT)
    if kind != FORMAT:
        raise SpecError(
            "$.format", tr("expected “{format}”, found “{found}”", format=FORMAT, found=kind)
        )
    network = o.need("network", _network)
    optimizer = o.take("optimizer", _choice, Choice("sgd", {}))
    rate = optimizer.parameters.get("learning_rate", 0.03)
    rest = {k: v for k, v in optimizer.parameters.items() if k != "learning_rate"}
    l1, l2, prune = o.take("regularization", _regularization, (0.0, 0.0, False))
    norm, value = o.take("clip", _clip, (None, None))
    spec = Spec(
        network=network,
        data=o.need("data", _data),
        loss=o.take("loss", _text, "half_squared_error"),
        delta=o.take("delta", _number, 1.0),
        optimizer=Choice(optimizer.kind, rest),
        learning_rate=rate,
        schedule=o.take("schedule", _choice, Choice("constant", {})),
        l1=l1,
        l2=l2,
        l1_prune=prune,
        clip_norm=norm,
        clip_value=value,
        initializer=o.take("initializer", _choice, Choice("xavier", {})),
        seed=o.take("seed", _whole, 0),
        dtype=o.take("dtype", _text, "float64"),
        batch=o.take("batch", _whole, 10),
        shuffle=o.take("shuffle", _flag, True),
        drop_last=o.take("drop_last", _flag, False),
        epochs=o.take("epochs", _whole, 100),
        weights=o.take("weights", weights_of_json),
    )
    o.end()
    return spec


def _network(value: Any, place: str) -> NetworkSpec:
    o = _Object(value, place)
    spec = NetworkSpec(
        sizes=o.need("sizes", _wholes),
        activation=o.take("activation", _text, "tanh"),
        output=o.take("output", _text, "tanh"),
        batch_norm=o.take("batch_norm", _flag, False),
        residual=o.take("residual", _residual, False),
        dropout=o.take("dropout", _number, 0.0),
    )
    o.end()
    return spec


def _choice(value: Any, place: str) -> Choice:
    """A name, or {"kind": name, parameter: number, ...}."""
    if isinstance(value, str):
        return Choice(value, {})
    o = _Object(value, place)
    kind = o.take("kind", _text) if "learning_rate" in o.values else o.need("kind", _text)
    numbers = {key: _number(entry, f"{place}.{key}") for key, entry in o.values.items()}
    return Choice(kind or "sgd", numbers)


def _regularization(value: Any, place: str) -> tuple[float, float, bool]:
    o = _Object(value, place)
    found = o.take("l1", _number, 0.0), o.take("l2", _number, 0.0), o.take("l1_prune", _flag, False)
    o.end()
    return found


def _clip(value: Any, place: str) -> tuple[float | None, float | None]:
    o = _Object(value, place)
    found = o.take("norm", _number), o.take("value", _number)
    o.end()
    return found


def _data(value: Any, place: str) -> Data | Dataset:
    o = _Object(value, place)
    found: Data | Dataset
    if "dataset" in o.values:
        found = Dataset(
            o.need("dataset", _text),
            o.take("samples", _whole, 500),
            o.take("noise", _number, 0.0),
            o.take("seed", _whole, 0),
            o.take("classes", _whole),
            o.take("features", _texts, ("x1", "x2")),
            o.take("test", _number, 0.0),
        )
    else:
        none = np.empty((0, 0))
        found = Data(
            o.need("inputs", _matrix),
            o.need("targets", _matrix),
            o.take("test_inputs", _matrix, none),
            o.take("test_targets", _matrix, none),
        )
    o.end()
    return found


def weights_of_json(value: Any, place: str = "$.weights") -> tuple[LayerWeights, ...]:
    """A list of {"W": [[...]], "b": [...]}, with gamma, beta, mean, variance under batch norm."""
    return tuple(
        _layer(entry, f"{place}[{index}]") for index, entry in enumerate(_list(value, place))
    )


def _layer(value: Any, place: str) -> LayerWeights:
    o = _Object(value, place)
    parts = {"W": o.need("W", _matrix), "b": o.need("b", _vector)}
    parts |= {name: o.take(name, _vector) for name in NORM_PARTS}
    o.end()
    return LayerWeights(**parts)


# --- and back -------------------------------------------------------------------------------------


def to_json(spec: Spec) -> dict[str, Any]:
    """The specification in full; decoding it gives an equal one."""
    network = spec.network
    residual = network.residual if isinstance(network.residual, bool) else list(network.residual)
    return {
        "format": FORMAT,
        "network": {
            "sizes": list(network.sizes),
            "activation": network.activation,
            "output": network.output,
            "batch_norm": network.batch_norm,
            "residual": residual,
            "dropout": network.dropout,
        },
        "loss": spec.loss,
        "delta": spec.delta,
        "optimizer": {"kind": spec.optimizer.kind, "learning_rate": spec.learning_rate}
        | dict(spec.optimizer.parameters),
        "schedule": _choice_as_json(spec.schedule),
        "regularization": {"l1": spec.l1, "l2": spec.l2, "l1_prune": spec.l1_prune},
        "clip": {"norm": spec.clip_norm, "value": spec.clip_value},
        "initializer": _choice_as_json(spec.initializer),
        **{
            name: getattr(spec, name)
            for name in ("seed", "dtype", "batch", "shuffle", "drop_last", "epochs")
        },
        "data": _data_as_json(spec.data),
        **({"weights": [w.to_json() for w in spec.weights]} if spec.weights is not None else {}),
    }


def _choice_as_json(choice: Choice) -> str | dict[str, Any]:
    return {"kind": choice.kind, **choice.parameters} if choice.parameters else choice.kind


def _data_as_json(data: Data | Dataset) -> Mapping[str, Any]:
    if isinstance(data, Dataset):
        found = {
            "dataset": data.name,
            "samples": data.samples,
            "noise": data.noise,
            "seed": data.seed,
            "features": list(data.features),
            "test": data.test,
        }
        return found | ({} if data.classes is None else {"classes": data.classes})
    found = {"inputs": data.inputs.tolist(), "targets": data.targets.tolist()}
    if len(data.test_inputs):
        found |= {
            "test_inputs": data.test_inputs.tolist(),
            "test_targets": data.test_targets.tolist(),
        }
    return found
