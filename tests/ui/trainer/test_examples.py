"""Contracts of the tables: examples, fields, views, tabs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.schedules import SCHEDULES
from bpstudio.nn.spec import Choice, Spec
from bpstudio.nn.trainer import Trainer, draw
from bpstudio.ui.trainer.examples import EXAMPLES, USES, Example
from bpstudio.ui.trainer.fields import FIELDS, SECTIONS, Field, by_key
from bpstudio.ui.trainer.views import Problem, view_for
from bpstudio.ui.trainer.views.code import CodeView
from bpstudio.ui.trainer.views.curve import CurveView
from bpstudio.ui.trainer.views.digits import DigitsView
from bpstudio.ui.trainer.views.plane import PlaneView
from bpstudio.ui.trainer.views.table import TableView

KINDS = {
    "sine": CurveView,
    "jump": CurveView,
    "digits": DigitsView,
    "autoencoder": CodeView,
    "one_hot": CodeView,
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.key)
def test_every_example_trains_and_has_the_view_it_is_made_for(example: Example) -> None:
    spec = example.spec()
    trainer = Trainer(spec)
    before = trainer.loss()
    trainer.run(updates=300)
    assert trainer.loss() < before
    assert example.use in USES
    problem = Problem(spec, trainer.data)
    assert view_for(problem) is KINDS.get(example.key, PlaneView)


def test_the_four_classic_uses_each_have_an_example() -> None:
    assert {example.use for example in EXAMPLES} == set(USES)


def test_anything_else_is_shown_as_a_table() -> None:
    from bpstudio.nn.data import Dataset
    from bpstudio.nn.spec import NetworkSpec

    spec = Spec(NetworkSpec((4, 4, 1)), Dataset("parity", samples=16))
    assert view_for(Problem(spec, draw(spec))) is TableView


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.key)
def test_every_field_writes_what_it_reads(field: Field) -> None:
    assert field.section in SECTIONS
    for example in EXAMPLES:
        spec = example.spec()
        if field.shown(spec):
            assert field.read(field.write(spec, field.read(spec))) == field.read(spec)


@pytest.mark.parametrize("field", [f for f in FIELDS if f.choices], ids=lambda f: f.key)
def test_every_choice_offered_makes_sense(field: Field) -> None:
    assert field.choices is not None
    for example in EXAMPLES:
        spec = example.spec()
        for value in field.choices(spec):
            field.write(spec, value).check()


def test_more_classes_bring_softmax_and_fewer_take_it_back() -> None:
    spec = EXAMPLES[0].spec()
    many = by_key("classes").write(spec, 4)
    many.check()
    assert (many.network.sizes[-1], many.network.output, many.loss) == (
        4,
        "softmax",
        "cross_entropy",
    )
    two = by_key("classes").write(many, 2)
    two.check()
    assert (two.network.sizes[-1], two.network.output) == (1, "tanh")


def test_features_set_the_inputs_of_the_network() -> None:
    spec = by_key("features").write(EXAMPLES[0].spec(), ("sin(x1)", "x2", "x1*x2"))
    spec.check()
    assert spec.network.sizes[0] == 3


def test_no_more_digits_are_drawn_than_the_window_can_wait_for() -> None:
    digits = next(e for e in EXAMPLES if e.key == "digits").spec()
    assert by_key("samples").read(by_key("samples").write(digits, 90_000)) == 3000
    circle = EXAMPLES[0].spec()
    assert by_key("samples").read(by_key("samples").write(circle, 90_000)) == 90_000


def test_points_are_drawn_where_they_are_whatever_the_features() -> None:
    spec = EXAMPLES[0].spec()
    squares = by_key("features").write(spec, ("x1^2", "x2^2"))
    plain, other = Problem(spec, draw(spec)), Problem(squares, draw(squares))
    np.testing.assert_array_equal(plain.points[0], other.points[0])


def test_the_labels_of_an_autoencoders_samples_are_the_digits() -> None:
    spec = next(e for e in EXAMPLES if e.key == "autoencoder").spec()
    labels = Problem(spec, draw(spec)).labels
    assert set(labels.tolist()) == set(range(10))


def test_every_parameter_of_a_schedule_and_an_optimizer_can_be_set() -> None:
    keys = {field.key for field in FIELDS}
    for name, table in (("schedule", SCHEDULES), ("optimizer", OPTIMIZERS)):
        for entry in table.values():
            spec = replace(EXAMPLES[0].spec(), **{name: Choice(entry.key)})
            shown = {field.key for field in FIELDS if field.shown(spec)}
            for key in set(entry.parameters) - {"eps"}:
                wanted = f"schedule_{key}" if name == "schedule" else key
                assert wanted in keys & shown, (entry.key, key)
