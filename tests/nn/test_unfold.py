"""A network and one sample as gates: the trainer's numbers, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from bpstudio.core.graph import Node, Patch
from bpstudio.core.plan import Plan
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.asgates import LOSS_GATES, count_of
from bpstudio.nn.data import Data
from bpstudio.nn.faults import DataError
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.trainer import Trainer
from bpstudio.nn.unfold import (
    TooLarge,
    batch_statistics,
    last_masks,
    missing,
    put,
    refresh,
    show_sample,
    unfold,
    weights_from,
)
from tests.nn.nets import NETWORKS, OUTPUTS, any_trainer, trainer_of


def assert_same(unfolded, trace, trainer, gradients, loss):
    found = trace.value_of(unfolded.loss)
    assert found == pytest.approx(loss, rel=1e-12, abs=1e-12)
    for key, place in unfolded.places.items():
        if key not in unfolded.parameters:
            continue
        values = getattr(gradients[place.layer], place.part)
        wanted = values[place.row, place.col] if place.part == "W" else values[place.row]
        assert abs(trace.grad_of(key) - wanted) <= 1e-12 * (1 + abs(wanted)), key


def assert_equals_trainer(trainer, sample=0):
    x, y = trainer.data.inputs[sample], trainer.data.targets[sample]
    unfolded = unfold(trainer, x, y)
    trace = Plan.of(unfolded.graph).run()
    single = Trainer(
        replace(
            trainer.spec,
            data=Data(x[None].repeat(2, 0), y[None].repeat(2, 0)),
            weights=trainer.network.weights(),
        )
    )
    gradients = single.gradients(x[None], y[None], training=False)
    assert_same(unfolded, trace, trainer, gradients, single.loss())
    for nodes, values in zip(unfolded.units, single.activations(x[None]), strict=True):
        found = [trace.value_of(node) for node in nodes]
        assert np.allclose(found, values[:, 0], rtol=1e-12, atol=1e-12)
    return unfolded


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", [key for key in LOSSES if key != "cross_entropy"])
def test_every_activation_and_loss_gives_the_trainers_numbers(activation, loss):
    assert_equals_trainer(
        trainer_of((3, 4, 3, 2), activation=activation, output=activation, loss=loss, delta=0.3)
    )


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        (output, key)
        for output in OUTPUTS
        for key, loss in LOSSES.items()
        if output in (loss.outputs or OUTPUTS)
    ],
)
def test_every_output_and_loss_gives_the_trainers_numbers(output, loss):
    assert_equals_trainer(trainer_of((2, 3, 4), output=output, loss=loss, seed=3))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_single_output_is_named_loss(loss):
    trainer = trainer_of((2, 1), output="sigmoid", loss=loss)
    assert assert_equals_trainer(trainer).loss == "loss"


def test_every_loss_can_be_unfolded():
    assert set(LOSS_GATES) == set(LOSSES)


def test_every_activation_is_a_gate_of_the_table():
    from bpstudio.core.gates import GATES

    assert all(entry.gate in GATES for key, entry in ACTIVATIONS.items() if key != "linear")


def test_batch_norm_and_residual_give_the_trainers_numbers():
    unfolded = assert_equals_trainer(trainer_of((3, 3, 3, 2), batch_norm=True, residual=True))
    assert {"gamma1_1", "beta2_3", "r1_1"} <= unfolded.graph.nodes.keys()


def test_sums_of_more_terms_than_a_gate_has_ports_are_made_in_steps():
    unfolded = assert_equals_trainer(
        trainer_of((70, 2, 66), output="softmax", loss="cross_entropy", samples=2)
    )
    assert {"z1_1_1_1", "total_1_1", "top_1_1"} <= unfolded.graph.nodes.keys()


def test_dropout_takes_part_with_the_masks_that_are_given():
    trainer = trainer_of((3, 5, 4, 2), dropout=0.4, batch=1, shuffle=False, activation="sigmoid")
    rng = np.random.default_rng(5)
    masks = [(rng.random(n) < 0.6) / 0.6 for n in (5, 4)]
    trainer.masks = lambda step, layer, shape: masks[layer][:, None]
    unfolded = unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0], masks=masks)
    trace = Plan.of(unfolded.graph).run()
    report = trainer.step()
    assert_same(unfolded, trace, trainer, trainer.gradient_layers, report.loss)


def test_batch_norm_takes_other_statistics():
    trainer = trainer_of((2, 3, 1), batch_norm=True)
    x, y = trainer.data.inputs[0], trainer.data.targets[0]
    given = [(np.array([0.1, -0.2, 0.3]), np.array([1.5, 0.5, 2.0]))]
    unfolded = unfold(trainer, x, y, statistics=given)
    trainer.network.layers[0].mean[:], trainer.network.layers[0].variance[:] = given[0]
    other = unfold(trainer, x, y)
    assert unfolded.graph == other.graph


def test_the_numbers_of_a_batch_can_be_shown():
    trainer = trainer_of((2, 3, 3, 1), batch_norm=True, batch=6, shuffle=False, learning_rate=0.0)
    data = trainer.data
    given = batch_statistics(trainer, data.inputs)
    trainer.step()
    outputs = trainer.last[0].outputs[0]
    for sample in range(6):
        x, y = data.inputs[sample], data.targets[sample]
        unfolded = unfold(trainer, x, y, statistics=given)
        found = Plan.of(unfolded.graph).run().value_of("y1")
        assert found == pytest.approx(outputs[sample], rel=1e-12)


def test_the_masks_of_the_last_step_can_be_shown():
    trainer = trainer_of((2, 5, 4, 1), dropout=0.5, batch=6, shuffle=False, learning_rate=0.0)
    with pytest.raises(DataError, match="no step yet"):
        last_masks(trainer, 0)
    trainer.step()
    x, y = trainer.data.inputs[2], trainer.data.targets[2]
    unfolded = unfold(trainer, x, y, masks=last_masks(trainer, 2))
    found = Plan.of(unfolded.graph).run().value_of("y1")
    assert found == pytest.approx(trainer.last[0].outputs[0, 2], rel=1e-12)


def test_penalties_join_the_loss():
    trainer = trainer_of((2, 3, 2), l1=0.02, l2=0.3)
    x, y = trainer.data.inputs[1], trainer.data.targets[1]
    unfolded = unfold(trainer, x, y, penalties=True)
    trace = Plan.of(unfolded.graph).run()
    gradients = trainer.gradients(x[None], y[None], training=False)
    plain = Plan.of(unfold(trainer, x, y).graph).run()
    assert_same(unfolded, trace, trainer, gradients, plain.value_of("loss"))
    weights = np.concatenate([layer.W.ravel() for layer in trainer.network.layers])
    extra = 0.15 * np.square(weights).sum() + 0.02 * np.abs(weights).sum()
    total = trace.value_of(unfolded.seeded) - trace.value_of("loss")
    assert total == pytest.approx(extra, rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(NETWORKS)
def test_any_network_gives_the_trainers_numbers(drawn):
    trainer = any_trainer(*drawn)
    unfolded = assert_equals_trainer(trainer)
    nodes = unfolded.graph.nodes
    assert len({node.at for node in nodes.values()}) == len(nodes)
    assert len(nodes) <= count_of(trainer.spec.network) + 12 * max(trainer.spec.network.sizes)


def test_layers_are_groups_with_titles():
    trainer = trainer_of((2, 4, 1))
    unfolded = unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0])
    titles = [unfolded.graph.groups[key].title for key in unfolded.layers]
    assert titles == ["Layer 1: 4 × tanh", "Output layer 2: 1 × tanh"]
    assert unfolded.graph.nodes["w1_2_1"].group == "layer1"
    assert unfolded.weight_of["w1_2_1"] == (0, 1, 0)
    assert unfolded.bias_of["b2_1"] == (1, 0)


def test_a_document_can_hold_it():
    from bpstudio.files import bps

    trainer = trainer_of((2, 3, 2), batch_norm=True, output="softmax", loss="cross_entropy")
    graph = unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0]).graph
    assert bps.decode(bps.encode(bps.File(graph))).graph == graph


def test_refresh_moves_the_numbers_while_training():
    trainer = trainer_of((2, 3, 2), batch_norm=True, samples=8, batch=4)
    x, y = trainer.data.inputs[0], trainer.data.targets[0]
    unfolded = unfold(trainer, x, y)
    trainer.run(updates=5)
    patch = refresh(unfolded, trainer)
    assert unfolded.graph.apply(patch) == unfold(trainer, x, y).graph
    assert not refresh(unfolded, trainer, unfolded.graph.apply(patch))


def test_refresh_keeps_what_the_user_moved_and_passes_over_what_was_deleted():
    trainer = trainer_of((2, 2, 1))
    unfolded = unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0])
    node = unfolded.graph.nodes["w1_1_1"]
    moved = replace(node, at=(5.0, 5.0))
    gone = unfolded.graph.nodes["w1_1_2"]
    graph = unfolded.graph.apply(Patch("", {"w1_1_1": (node, moved), "w1_1_2": (gone, None)}))
    trainer.step()
    after = graph.apply(refresh(unfolded, trainer, graph))
    assert after.nodes["w1_1_1"].at == (5.0, 5.0)
    assert after.nodes["w1_1_1"].params["value"] == trainer.network.layers[0].W[0, 0]
    assert missing(unfolded, after) == ("w1_1_2",)


def test_a_weight_changed_on_the_canvas_changes_the_network():
    trainer = trainer_of((2, 2, 1))
    unfolded = unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0])
    node = unfolded.graph.nodes["w1_2_1"]
    patch = Patch("", {"w1_2_1": (node, replace(node, params={**node.params, "value": 7.5}))})
    changes = weights_from(unfolded, patch)
    assert put(trainer.network, changes) == 1
    assert trainer.network.layers[0].W[1, 0] == 7.5
    assert put(trainer.network, weights_from(unfolded, unfolded.graph)) == 1


def test_the_sample_is_no_weight():
    trainer = trainer_of((2, 2, 1))
    unfolded = unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0])
    node = unfolded.graph.nodes["x1"]
    patch = Patch("", {"x1": (node, replace(node, params={"value": 7.5}))})
    assert weights_from(unfolded, patch) == ()


def test_a_weight_of_several_samples_is_refused():
    trainer = trainer_of((2, 2, 1))
    unfolded = unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0])
    patch = Patch("", {"b1_1": (None, Node("b1_1", "input", params={"value": (1.0, 2.0)}))})
    with pytest.raises(DataError, match="b1_1 is a weight"):
        weights_from(unfolded, patch)


def test_another_sample_in_the_same_graph():
    trainer = trainer_of((2, 2, 1))
    data = trainer.data
    unfolded = unfold(trainer, data.inputs[0], data.targets[0])
    patch = show_sample(unfolded, data.inputs[3], data.targets[3])
    assert unfolded.graph.apply(patch) == unfold(trainer, data.inputs[3], data.targets[3]).graph


def test_a_network_too_large_says_how_many_gates_it_would_be():
    trainer = trainer_of((784, 64, 10), samples=2)
    with pytest.raises(TooLarge, match=r"about 10[0-9],\d{3} gates; the canvas takes 20,000"):
        unfold(trainer, trainer.data.inputs[0], trainer.data.targets[0])


def test_a_sample_of_another_width_is_refused():
    trainer = trainer_of((2, 2, 1))
    with pytest.raises(DataError, match="expected 2 numbers, found 3"):
        unfold(trainer, np.zeros(3), np.zeros(1))
