"""Any graph learns: the same steps as a network's trainer, and refusals by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node, Patch
from bpstudio.nn.asgates import numbers_of
from bpstudio.nn.drawn import OWN, DrawnError, DrawnTrainer, inputs_to_bind
from bpstudio.nn.faults import SpecError, TrainingError
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Choice
from bpstudio.nn.unfold import unfold
from tests.nn.nets import trainer_of

LINE = "y = w * x + b\nloss = half_squared_error(y, t)"
X = np.linspace(-1, 1, 20)
DATA = {"x": X, "t": 3 * X - 2}


def graph_of(text=LINE, trainable=("w", "b"), **values):
    graph = Graph()
    graph = graph.apply(edits.build(graph, text, values))
    return mark(graph, *trainable)


def mark(graph, *ids):
    for key in ids:
        graph = graph.apply(edits.set_param(graph, key, "trainable", True))
    return graph


def line(**given):
    bindings = {"x": "x", "t": "t"}
    return DrawnTrainer(graph_of(w=0.5, b=0.0), "loss", bindings, DATA, **given)


def test_a_line_is_found():
    trainer = line(learning_rate=0.5, batch=20)
    report = trainer.run(epochs=100)
    assert report.updates == 100
    assert report.epoch == 100
    assert trainer.values["w"] == pytest.approx(3, abs=1e-4)
    assert trainer.values["b"] == pytest.approx(-2, abs=1e-4)
    assert trainer.loss() < 1e-8


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_unfolded_network_learns_what_its_trainer_learns(optimizer):
    network = trainer_of((2, 4, 1), samples=23, batch=5, optimizer=Choice(optimizer))
    data = network.data
    unfolded = unfold(network, data.inputs[0], data.targets[0])
    columns = {"x1": data.inputs[:, 0], "x2": data.inputs[:, 1], "t1": data.targets[:, 0]}
    drawn = DrawnTrainer(
        unfolded.graph,
        unfolded.loss,
        {key: key for key in columns},
        columns,
        batch=5,
        optimizer=Choice(optimizer),
    )
    for _ in range(40):
        mine, theirs = drawn.step(), network.step()
        assert mine.loss == pytest.approx(theirs.loss, rel=1e-12)
        assert (mine.updates, mine.epoch) == (theirs.updates, theirs.epoch)
    weights = numbers_of(network.network.weights())
    for key, value in drawn.values.items():
        assert value == pytest.approx(unfolded.places[key].shown(weights), rel=1e-11, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 20), st.integers(0, 50), st.booleans())
def test_the_gradient_is_that_of_the_mean_loss(batch, seed, shuffle):
    trainer = line(batch=batch, seed=seed, shuffle=shuffle, learning_rate=0.0)
    trainer.step()
    order = np.random.default_rng([seed, 1]).permutation(20) if shuffle else np.arange(20)
    taken = order[:batch]
    off = 0.5 * X[taken] - DATA["t"][taken]
    assert trainer.gradient["w"] == pytest.approx(np.mean(off * X[taken]), rel=1e-12)
    assert trainer.gradient["b"] == pytest.approx(np.mean(off), rel=1e-12)


def test_rewind_is_the_same_start():
    trainer = line(seed=4)
    first = [trainer.step().loss for _ in range(30)]
    trainer.rewind()
    assert trainer.values == {"w": 0.5, "b": 0.0}
    assert [trainer.step().loss for _ in range(30)] == first


def test_a_state_goes_on_where_it_was():
    trainer = line(optimizer=Choice("adam"))
    trainer.run(updates=7)
    state = trainer.state()
    later = [trainer.step().loss for _ in range(9)]
    trainer.restore(state)
    assert [trainer.step().loss for _ in range(9)] == later


def test_penalties_and_clipping_move_the_gradient():
    trainer = line(l2=0.1, clip_value=0.25, batch=20, learning_rate=0.0)
    trainer.step()
    assert max(map(abs, trainer.gradient.values())) == 0.25


def test_run_stops_when_asked():
    trainer = line()
    assert trainer.run(updates=10**9, seconds=0.05).updates < 10**9
    before = trainer.updates
    assert trainer.run(until=lambda: True).updates == before
    calls = []
    assert trainer.run(until=lambda: len(calls) > 3 or calls.append(1)).updates > before
    assert len(calls) == 4


def test_the_parameters_go_back_as_one_patch():
    trainer = line()
    trainer.run(updates=5)
    patch = trainer.patch()
    assert set(patch.changes) == {"w", "b"}
    after = trainer.graph.apply(patch)
    assert after.nodes["w"].params["value"] == trainer.values["w"]
    assert after.nodes["w"].params["trainable"] is True


def test_an_edit_of_a_number_is_followed_and_its_own_patches_are_not():
    trainer = line()
    trainer.run(updates=5)
    patch = trainer.patch()
    trainer.run(updates=5)
    held = trainer.values
    graph = trainer.graph.apply(patch)
    trainer.follow(graph, patch)
    assert trainer.values == held
    edit = edits.set_value(graph, "w", 9.0)
    trainer.follow(graph.apply(edit), edit)
    assert trainer.values == {**held, "w": 9.0}


def test_a_new_parameter_is_followed():
    trainer = line()
    trainer.run(updates=3)
    held = trainer.values["w"]
    graph = trainer.graph
    patch = edits.set_param(graph, "b", "trainable", False)
    trainer.bindings["b"] = OWN
    trainer.follow(graph.apply(patch), patch)
    assert trainer.values == {"w": held}
    trainer.step()


def test_an_edit_that_cannot_be_trained_is_refused_and_changes_nothing():
    trainer = line()
    patch = edits.delete(trainer.graph, ["loss"])
    with pytest.raises(DrawnError, match="no node loss"):
        trainer.follow(trainer.graph.apply(patch), patch)
    trainer.step()


def test_an_input_may_keep_its_own_number():
    graph = graph_of("loss = half_squared_error(w * x, t)", ("w",), x=2.0, w=1.0)
    trainer = DrawnTrainer(graph, "loss", {"x": OWN, "t": "t"}, {"t": np.full(6, 8.0)}, batch=3)
    trainer.learning_rate = 0.1
    trainer.run(epochs=50)
    assert trainer.values["w"] == pytest.approx(4.0)


def test_a_loss_without_data_can_be_minimised():
    graph = graph_of("loss = square(w + -5)", ("w",), w=1.0)
    trainer = DrawnTrainer(graph, "loss", {}, {}, learning_rate=0.25)
    trainer.run(updates=60)
    assert trainer.values["w"] == pytest.approx(5.0)


def test_evaluate_answers_every_sample():
    trainer = line()
    found = trainer.evaluate(("y", "w"))
    assert np.allclose(found["y"], 0.5 * X)
    assert found["w"].tolist() == [0.5] * 20


def test_a_value_that_is_no_number_names_its_gate():
    graph = graph_of("q = log(w * x)\nloss = square(q)", ("w",), w=1.0)
    trainer = DrawnTrainer(graph, "loss", {"x": "x"}, {"x": np.array([1.0, -1.0])}, shuffle=False)
    report = trainer.run(updates=5)
    assert report.updates == 1
    assert report.fault.sentence == "The value of q became NaN at update 1."
    with pytest.raises(TrainingError, match="Rewind"):
        trainer.step()
    trainer.rewind()
    assert trainer.report().updates == 0


def test_a_learning_rate_much_too_large_stops_at_the_step_that_broke():
    trainer = line(learning_rate=1e6)
    report = trainer.run(updates=1000)
    assert 1 < report.updates < 1000
    assert report.fault is not None


REFUSED = {
    "no trainable input": (LINE, (), {"x": "x", "t": "t"}, "loss", "No input is trainable"),
    "an unbound input": (LINE, ("w", "b"), {"x": "x"}, "loss", "t has no data"),
    "an unknown column": (LINE, ("w", "b"), {"x": "q", "t": "t"}, "loss", "no column “q” for x"),
    "a bound parameter": (
        LINE,
        ("w", "b"),
        {"x": "x", "t": "t", "w": "x"},
        "loss",
        "w is trainable and bound",
    ),
    "a gate with data": (
        LINE,
        ("w", "b"),
        {"x": "x", "t": "t", "y": "x"},
        "loss",
        "y is no input",
    ),
    "an input as loss": (LINE, ("w", "b"), {"x": "x", "t": "t"}, "x", "x cannot be the loss"),
    "no such loss": (LINE, ("w", "b"), {"x": "x", "t": "t"}, "zz", "no node zz"),
    "an independent loss": (
        "y = w * x\nloss = square(x)",
        ("w",),
        {"x": "x"},
        "loss",
        "loss does not depend on any trainable",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_by_name(case):
    text, trainable, bindings, loss, sentence = REFUSED[case]
    with pytest.raises(DrawnError, match=sentence):
        DrawnTrainer(graph_of(text, trainable), loss, bindings, DATA)


def test_refuses_a_port_without_a_wire():
    graph = graph_of()
    wire = graph.into("loss")["y"]
    graph = graph.apply(edits.disconnect(graph, [wire]))
    with pytest.raises(DrawnError, match=r"loss\.y has no wire") as caught:
        DrawnTrainer(graph, "loss", {"x": "x"}, DATA)
    assert caught.value.node == "loss"


def test_refuses_a_parameter_of_several_samples():
    graph = graph_of()
    node = graph.nodes["w"]
    wide = replace(node, params={**node.params, "value": (1.0, 2.0)})
    graph = graph.apply(Patch("", {"w": (node, wide)}))
    with pytest.raises(DrawnError, match="w is trainable and holds several samples"):
        DrawnTrainer(graph, "loss", {"x": "x", "t": "t"}, DATA)


def test_refuses_columns_that_do_not_fit():
    graph = graph_of()
    with pytest.raises(DrawnError, match="“x” has 20 samples and “t” has 19"):
        DrawnTrainer(graph, "loss", {"x": "x", "t": "t"}, {"x": X, "t": X[1:]})
    with pytest.raises(DrawnError, match="Sample 3 of “x” is no number"):
        DrawnTrainer(graph, "loss", {"x": "x", "t": "t"}, {"x": np.array([0, 1, np.nan])})
    with pytest.raises(DrawnError, match="“x” is no list of numbers"):
        DrawnTrainer(graph, "loss", {"x": "x", "t": "t"}, {"x": np.zeros((2, 2))})


def test_a_wrong_setting_is_refused_with_its_place():
    with pytest.raises(SpecError, match=r"\$\.batch"):
        line(batch=0)
    with pytest.raises(SpecError, match=r"\$\.optimizer"):
        line().change(optimizer=Choice("magic"))


def test_says_which_inputs_need_data():
    assert inputs_to_bind(graph_of(), "loss") == ("x", "t")


def test_a_node_beside_the_loss_takes_no_part():
    graph = graph_of()
    extra = graph.apply(Patch("", {"zz": (None, Node("zz", "input", params={"trainable": True}))}))
    assert "zz" not in DrawnTrainer(extra, "loss", {"x": "x", "t": "t"}, DATA).values
