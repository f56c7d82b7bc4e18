"""A trainer in a document: the next step after loading is the step that would have come."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.graph import Graph
from bpstudio.files import bps
from bpstudio.nn.data import Dataset
from bpstudio.nn.faults import SpecError
from bpstudio.nn.kept import about_samples, of_document, spec_of, to_document
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.samples import samples_of
from bpstudio.nn.spec import Choice, NetworkSpec, Spec
from bpstudio.nn.table import read_bytes
from bpstudio.nn.trainer import Trainer
from tests.nn.nets import trainer_of


def through_a_file(trainer):
    network, datasets = to_document(trainer)
    data = bps.encode(bps.File(Graph(), network=network, datasets=datasets))
    file = bps.decode(data)
    assert bps.encode(file) == data
    return of_document(file.network, file.datasets)


def assert_go_on_alike(first, second, steps=25):
    for _ in range(steps):
        assert first.step() == replace(second.step(), _norms=first.report()._norms)
    assert np.array_equal(first.network.parameters, second.network.parameters)
    assert np.array_equal(first.network.running, second.network.running)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(list(OPTIMIZERS)),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["float64", "float32"]),
    st.integers(0, 30),
)
def test_training_goes_on_as_if_the_document_had_not_been_closed(
    optimizer, shuffle, batch_norm, dtype, before
):
    trainer = trainer_of(
        (2, 4, 4, 2),
        samples=10,
        batch=4,
        optimizer=Choice(optimizer),
        shuffle=shuffle,
        batch_norm=batch_norm,
        dtype=dtype,
        dropout=0.2,
        l1=0.01,
    )
    for _ in range(before):
        trainer.step()
    loaded = through_a_file(trainer)
    assert loaded.spec == trainer.spec
    assert loaded.epochs_done == trainer.epochs_done
    assert_go_on_alike(trainer, loaded)


def test_dead_weights_stay_dead():
    trainer = trainer_of((2, 3, 1), l1=0.05, l1_prune=True, learning_rate=0.3, samples=8)
    trainer.run(epochs=60)
    loaded = through_a_file(trainer)
    assert np.array_equal(loaded.state().alive, trainer.state().alive)
    assert (loaded.state().alive == 0).any()
    assert_go_on_alike(trainer, loaded)


def test_a_drawn_dataset_is_kept_by_its_seed():
    spec = Spec(NetworkSpec((2, 3, 1)), Dataset("spiral", samples=40, noise=0.1, seed=5))
    trainer = Trainer(spec)
    trainer.run(updates=3)
    network, datasets = to_document(trainer)
    assert datasets == {}
    assert network["spec"]["data"]["dataset"] == "spiral"
    assert_go_on_alike(trainer, through_a_file(trainer))


def test_names_of_features_are_kept():
    trainer = trainer_of((2, 1))
    named = replace(trainer.spec, data=replace(trainer.data, features=("age", "height")))
    assert through_a_file(Trainer(named)).data.features == ("age", "height")


def test_what_was_done_to_a_table_is_kept_and_handed_on():
    table = read_bytes(b"age,kind,y\n10,u,1\n30,v,3\n20,u,9\n")
    samples = samples_of(table, "y", scaling="standard", target_scaling="zero_to_one")
    trainer = Trainer(Spec(NetworkSpec((3, 2, 1)), samples.data))
    network, datasets = to_document(trainer, "own", about_samples(samples, "people.csv"))
    file = bps.decode(bps.encode(bps.File(Graph(), network=network, datasets=datasets)))
    loaded = of_document(file.network, file.datasets)
    assert loaded.data.features == ("age", "kind=u", "kind=v")
    kept = file.datasets["own"]
    assert kept["title"] == "people.csv"
    assert kept["scaling"][0] == {"name": "age", "shift": 20.0, "factor": samples.scales[0].factor}
    assert kept["target_scaling"] == [{"name": "y", "shift": 1.0, "factor": 0.125}]
    assert to_document(loaded, "own", kept)[1] == file.datasets


def test_names_are_cut_to_what_a_document_takes():
    table = read_bytes(b"kind,y\n" + b"u" * 500 + b",1\nv,3\n")
    samples = samples_of(table, "y")
    trainer = Trainer(Spec(NetworkSpec((2, 1)), samples.data))
    network, datasets = to_document(trainer, "own", about_samples(samples, "t" * 500))
    bps.decode(bps.encode(bps.File(Graph(), network=network, datasets=datasets)))


def test_without_a_state_weights_and_updates_are_enough():
    trainer = trainer_of((2, 3, 1))
    trainer.run(updates=7)
    network, datasets = to_document(trainer)
    del network["state"]
    loaded = of_document(network, datasets)
    assert loaded.updates == 7
    assert np.array_equal(loaded.network.parameters, trainer.network.parameters)


def test_a_network_whose_weights_broke_is_kept_at_its_start():
    trainer = trainer_of((2, 3, 1), activation="relu", output="linear", learning_rate=1e6)
    trainer.run(updates=200)
    assert trainer.fault is not None
    loaded = through_a_file(trainer)
    trainer.rewind()
    assert_go_on_alike(trainer, loaded, 1)


def put(network, path, value):
    *way, last = path
    for key in way:
        network = network[key]
    network[last] = value


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("spec", "network", "sizes"), [2], "$.network.spec.network.sizes"),
        (("spec", "loss"), "magic", "$.network.spec.loss"),
        (("spec", "data"), {"use": "nothing"}, "$.network.spec.data.use"),
        (("spec", "data"), {"use": ["data"]}, "$.network.spec.data.use"),
        (("spec", "data"), {"dataset": "magic"}, "$.network.spec.data.dataset"),
        (("weights",), [], "$.network.weights"),
        (("weights", 0, "W"), [[1.0]], "$.network.weights[0].W"),
        (("state", "order"), [0, 0, 1], "$.network.state.order"),
        (("state", "order"), [0] * 6, "$.network.state.order"),
        (("state", "order", 3), 6, "$.network.state.order[3]"),
        (("state", "order", 3), "x", "$.network.state.order[3]"),
        (("state", "optimizer"), [], "$.network.state.optimizer"),
        (("state", "optimizer", 0), [1.0], "$.network.state.optimizer[0]"),
        (("state", "optimizer", 0, 0), True, "$.network.state.optimizer[0]"),
        (("state", "random"), [1, 2], "$.network.state.random"),
        (("state", "random", 0, 0), "word", "$.network.state.random"),
        (("state", "random", 0, 0), "0x" + "f" * 80, "$.network.state.random"),
        (("state", "epoch"), -1, "$.network.state.epoch"),
        (("state", "position"), 1.5, "$.network.state.position"),
        (("state", "dead"), [10**6], "$.network.state.dead[0]"),
    ],
)
def test_hostile_values_are_refused_with_their_path(path, value, place):
    trainer = trainer_of((2, 3, 1), optimizer=Choice("momentum"))
    trainer.step()
    network, datasets = json.loads(json.dumps(to_document(trainer)))
    put(network, path, value)
    with pytest.raises(SpecError) as caught:
        of_document(network, datasets)
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([[1.0, 2.0], [3.0]], "$.datasets.data.inputs[1]"),
        ([[1.0]] * 6, "$.datasets.data.inputs"),
        ([], "$.datasets.data.inputs"),
    ],
)
def test_tables_that_do_not_fit_are_refused_with_their_path(value, place):
    network, datasets = to_document(trainer_of((2, 3, 1)))
    datasets["data"]["inputs"] = value
    with pytest.raises(SpecError) as caught:
        spec_of(network, datasets)
    assert caught.value.place == place
