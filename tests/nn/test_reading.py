"""Every bad specification is refused with its path and one sentence; every good one comes back."""

from __future__ import annotations

import contextlib
import copy
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.nn.faults import SpecError
from bpstudio.nn.reading import decode, of_json, to_json
from bpstudio.nn.spec import Choice, NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer
from tests.nn import nets

GOOD = {
    "format": "bpstudio.train",
    "network": {
        "sizes": [2, 4, 2, 1],
        "activation": "tanh",
        "output": "tanh",
        "batch_norm": False,
        "residual": False,
        "dropout": 0.0,
    },
    "loss": "half_squared_error",
    "optimizer": {"kind": "sgd", "learning_rate": 0.03},
    "regularization": {"l1": 0.0, "l2": 0.0, "l1_prune": False},
    "clip": {"norm": None, "value": None},
    "initializer": "xavier",
    "seed": 0,
    "dtype": "float64",
    "batch": 10,
    "shuffle": True,
    "drop_last": False,
    "epochs": 100,
    "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[-1], [1], [1], [-1]]},
}
SHORT = {"network": {"sizes": [2, 4, 2, 1]}, "data": GOOD["data"]}
W = [
    {"W": [[0.1, 0.2]] * 4, "b": [0.0] * 4},
    {"W": [[0.1, 0.2, 0.3, 0.4]] * 2, "b": [0.0] * 2},
    {"W": [[0.1, 0.2]], "b": [0.0]},
]
SPIRAL = {"dataset": "spiral", "samples": 500, "noise": 0.1, "seed": 1}


def test_the_interface_values_are_the_defaults():
    assert decode(json.dumps(SHORT)) == decode(json.dumps(GOOD))


def test_a_specification_comes_back_from_json():
    network = NetworkSpec((2, 4, 4, 3), "relu", "softmax", True, (2,), 0.25)
    spec = nets.spec((2, 4, 3), output="softmax", loss="cross_entropy")
    spec = replace(
        spec,
        network=network,
        optimizer=Choice("adam", {"beta1": 0.8}),
        schedule=Choice("step", {"every": 3.0}),
        initializer=Choice("gaussian", {"std": 0.01}),
        clip_norm=1.0,
        l1=0.1,
        l1_prune=True,
        dtype="float32",
    )
    spec.check()
    assert decode(json.dumps(to_json(spec))) == spec
    trained = Trainer(spec)
    trained.run(epochs=1)
    kept = replace(spec, weights=trained.network.weights())
    again = decode(json.dumps(to_json(kept)))
    assert Trainer(again).loss() == trained.loss()
    drawn = of_json({**SHORT, "data": {**SPIRAL, "classes": 2, "features": ["x1", "sin(x2)"]}})
    assert decode(json.dumps(to_json(drawn))) == drawn


def changed(path: str, value: object) -> dict:
    spec = copy.deepcopy(GOOD)
    at, keys = spec, path.split(".")
    for key in keys[:-1]:
        at = at[key]
    at[keys[-1]] = value
    return spec


BAD = [
    ("network.sizes", [2, 0, 1], "$.network.sizes[1]", "1 to 10,000 units, not 0"),
    ("network.sizes", [2, 10001, 1], "$.network.sizes[1]", "1 to 10,000 units"),
    ("network.sizes", [2, 10000, 10000, 1], "$.network.sizes", "too many"),
    ("network.sizes", [2], "$.network.sizes", "two sizes"),
    ("network.sizes", [2] * 1003, "$.network.sizes", "more than 1,000 layers"),
    ("network.sizes", [2, 2.5, 1], "$.network.sizes[1]", "whole number, found 2.5"),
    ("network.sizes", [2, "4", 1], "$.network.sizes[1]", "expected a number, found text"),
    ("network.sizes", 4, "$.network.sizes", "expected a list, found a number"),
    ("network.sizes", [3, 4, 1], "$.data.inputs", "inputs are 3, the numbers of a sample 2"),
    ("network.sizes", [2, 4, 3], "$.data.targets", "outputs are 3, the targets of a sample 1"),
    ("network.sizes", None, "$.network", "“sizes” is missing"),
    ("network.activation", "tangh", "$.network.activation", "there is no “tangh”"),
    ("network.output", "soft", "$.network.output", "softmax"),
    ("network.output", "softmax", "$.network.output", "softmax of one unit is always 1"),
    ("network.dropout", 1.0, "$.network.dropout", "0 or more, but less than 1"),
    ("network.dropout", -0.1, "$.network.dropout", "−0.1 is out of range"),
    ("network.batch_norm", 1, "$.network.batch_norm", "expected true or false, found a number"),
    ("network.residual", [1], "$.network.residual[0]", "layer 1 is no hidden layer"),
    ("network.depth", 3, "$.network.depth", "there is no such key"),
    ("loss", "hinge", "$.loss", "there is no “hinge”"),
    ("loss", "cross_entropy", "$.loss", "softmax, sigmoid, not with tanh"),
    ("optimizer", "sdg", "$.optimizer.kind", "there is no “sdg”"),
    ("optimizer", {"kind": "sgd", "momentum": 1}, "$.optimizer.momentum", "it has weight_decay"),
    ("optimizer", {"kind": "adam", "beta1": 1}, "$.optimizer.beta1", "1 is out of range"),
    (
        "optimizer",
        {"kind": "adam", "beta2": 1.5},
        "$.optimizer.beta2",
        "1.5 is out of range; choose 0 to 1",
    ),
    (
        "optimizer",
        {"learning_rate": -1},
        "$.optimizer.learning_rate",
        "−1 is too small; choose 0 or more",
    ),
    ("optimizer", {"momentum": 0.9}, "$.optimizer", "“kind” is missing"),
    ("optimizer", {"kind": "sgd", "learning_rate": "x"}, "$.optimizer.learning_rate", "text"),
    ("regularization.l1", -1, "$.regularization.l1", "choose 0 or more"),
    ("regularization.l3", 0, "$.regularization.l3", "there are l1, l2"),
    ("clip.norm", 0, "$.clip.norm", "choose a number above 0"),
    ("clip.value", -1, "$.clip.value", "choose a number above 0"),
    (
        "schedule",
        {"kind": "step", "every": 0},
        "$.schedule.every",
        "0 is too small; choose 1 or more",
    ),
    ("initializer", "kaiming", "$.initializer.kind", "there is no “kaiming”"),
    ("initializer", {"kind": "he", "std": 1}, "$.initializer.std", "“he” has no parameters"),
    ("seed", -1, "$.seed", "−1 is too small; choose 0 or more"),
    ("seed", 0.5, "$.seed", "whole number"),
    ("dtype", "float16", "$.dtype", "there is no “float16”"),
    ("batch", 0, "$.batch", "choose 1 or more"),
    ("epochs", -1, "$.epochs", "0"),
    ("shuffle", "yes", "$.shuffle", "expected true or false, found text"),
    ("format", "bpstudio.graph", "$.format", "found “bpstudio.graph”"),
    ("learning_rate", 0.1, "$.learning_rate", "there is no such key"),
    ("data.inputs", [[1, 2], [3]], "$.data.inputs[1]", "numbers in this row: 1, in the first: 2"),
    ("data.inputs", [[1, 2], [3, "a"]], "$.data.inputs[1][1]", "expected a number, found text"),
    ("data.inputs", [[1, 2], [3, None]], "$.data.inputs[1][1]", "found null"),
    ("data.inputs", [[1, 2], [3, True]], "$.data.inputs[1][1]", "found true or false"),
    ("data.inputs", [[1, 2], 3], "$.data.inputs[1]", "expected a list, found a number"),
    ("data.inputs", [[1, 10**400]], "$.data.inputs[0][1]", "too large"),
    (
        "data.inputs",
        [[1, 2]],
        "$.data.targets",
        "the number of rows differs: 1 in inputs, 4 in targets",
    ),
    ("data.inputs", [], "$.data.inputs", "there are no samples"),
    ("data.inputs", None, "$.data", "“inputs” is missing"),
    ("data", None, "$", "“data” is missing"),
    ("data", {"dataset": "spirals"}, "$.data.dataset", "there is no “spirals”"),
    (
        "data",
        {**SPIRAL, "samples": 0},
        "$.data.samples",
        "0 is out of range; choose 1 to 10,000,000",
    ),
    ("data", {**SPIRAL, "noise": 2}, "$.data.noise", "2 is out of range; choose 0 to 1"),
    ("data", {**SPIRAL, "classes": 1}, "$.data.classes", "1 is out of range; choose 2 to 10"),
    ("data", {**SPIRAL, "classes": 3}, "$.data.dataset", "has 3 classes"),
    ("data", {**SPIRAL, "test": 1}, "$.data.test", "less than 1"),
    ("data", {**SPIRAL, "samples": 1, "test": 0.9}, "$.data.test", "no sample would be left"),
    ("data", {**SPIRAL, "features": ["x3"]}, "$.data.features[0]", "there is no “x3”"),
    ("data", {**SPIRAL, "features": []}, "$.data.features", "at least one"),
    ("data", {**SPIRAL, "features": ["x1"]}, "$.network.sizes[0]", "inputs are 2"),
    ("data", {**SPIRAL, "sample": 3}, "$.data.sample", "did you mean “samples”?"),
    ("data", {"dataset": "digits"}, "$.network.sizes[0]", "a sample 64"),
    ("weights", W[:2], "$.weights", "2 layers of weights for a network of 3"),
    ("weights", [W[0], W[0], W[2]], "$.weights[1].W", "expected 2 × 4 numbers, found 4 × 2"),
    ("weights", [{**W[0], "b": [1]}, *W[1:]], "$.weights[0].b", "expected 4 numbers, found 1"),
    ("weights", [{"W": W[0]["W"]}, *W[1:]], "$.weights[0]", "“b” is missing"),
    ("weights", [{**W[0], "gamma": [1] * 4}, *W[1:]], "$.weights[0].gamma", "no batch norm"),
    ("weights", [{**W[0], "variance": [-1] * 4}, *W[1:]], "$.weights[0].variance", "no batch norm"),
    ("weights", [{**W[0], "B": 1}, *W[1:]], "$.weights[0].B", "no such key"),
]


def test_refuses_a_negative_variance():
    spec = changed("network.batch_norm", True)
    spec["weights"] = [{**W[0], "variance": [1, 1, -1, 1]}, *W[1:]]
    with pytest.raises(SpecError, match=r"\$\.weights\[0\]\.variance: a variance is 0 or more"):
        decode(json.dumps(spec))


@pytest.mark.parametrize(("path", "value", "place", "reason"), BAD, ids=lambda v: str(v)[:30])
def test_refuses_with_path_and_reason(path, value, place, reason):
    with pytest.raises(SpecError) as caught:
        Trainer(decode(json.dumps(changed(path, value))))
    assert caught.value.place == place
    assert reason in caught.value.reason
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1, column 1"),
        ("{", "line 1, column 2"),
        ("[]", "$"),
        ("null", "$"),
        ('{"network": NaN}', "$.network"),
        ('{"data": {"inputs": [[1, 2], [3, -Infinity]]}}', "$.data.inputs[1][1]"),
        ('{"a": {"b": [Infinity]}, "c": NaN}', "$.a.b[0]"),
        ('{"seed": 1, "seed": 2}', "$"),
        ("[" * 100_000, "$"),
        (b"\xff{\xff}", "$"),
    ],
    ids=lambda v: str(v)[:20],
)
def test_refuses_what_is_no_object(text, place):
    with pytest.raises(SpecError) as caught:
        decode(text)
    assert caught.value.place == place


def test_cross_entropy_refuses_targets_without_meaning():
    spec = nets.spec((2, 3, 2), output="softmax", loss="cross_entropy")
    targets = spec.data.targets.copy()
    targets[7] = (0.5, 0.6)
    with pytest.raises(SpecError, match=r"\$\.data\.targets\[7\]: behind softmax"):
        Trainer(replace(spec, data=replace(spec.data, targets=targets)))
    targets[5] = (-0.5, 1.5)
    with pytest.raises(SpecError, match=r"\$\.data\.targets\[5\]: cross-entropy needs"):
        Trainer(replace(spec, data=replace(spec.data, targets=targets)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["inputs", "targets"])
def test_refuses_data_that_are_no_numbers(name, value):
    spec = nets.spec((2, 3, 2))
    wrong = getattr(spec.data, name).copy()
    wrong[3, 1] = value
    with pytest.raises(SpecError, match=rf"\$\.data\.{name}\[3\]: a value is no number"):
        Trainer(replace(spec, data=replace(spec.data, **{name: wrong})))


@pytest.mark.parametrize("batch", [1, 3, 13])
def test_batch_norm_refuses_a_batch_of_one(batch):
    spec = nets.spec((2, 3, 2), batch_norm=True, batch=batch)
    with pytest.raises(SpecError, match=r"\$\.batch: "):
        Trainer(spec)
    if batch > 1:
        Trainer(replace(spec, drop_last=True)).run(epochs=1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_no_value_anywhere_brings_anything_but_a_sentence(data):
    spec = {**copy.deepcopy(GOOD), "weights": copy.deepcopy(W), "epochs": 1}
    at = spec
    while isinstance(at, dict | list) and at:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or data.draw(st.booleans()):
            at[key] = data.draw(JSON)
            break
        at = at[key]
    with contextlib.suppress(SpecError):
        Trainer(of_json(spec))


def test_a_spec_made_in_code_is_checked_by_the_trainer():
    with pytest.raises(SpecError, match=r"\$\.network\.activation"):
        Trainer(Spec(NetworkSpec((2, 1), "step"), nets.data(2, 1, "tanh")))
