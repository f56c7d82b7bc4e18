"""What tells the runs of one problem apart: the settings in which they differ, in few words."""

from __future__ import annotations

from collections.abc import Sequence

from bpstudio.core import numbers
from bpstudio.language import listed, tr
from bpstudio.nn.data import Dataset
from bpstudio.nn.spec import Spec
from bpstudio.ui.trainer.fields import FIELDS, Field
from bpstudio.ui.trainer.partwords import NAMES

PLAIN = ("dataset", "activation", "output", "loss", "initializer", "optimizer")
"""Fields whose choices say by themselves what they are a choice of."""


def telling(specs: Sequence[Spec], now: Spec) -> list[str]:
    """A few words for each run: its settings where not all of them, and `now`, are the same."""
    everyone = [*specs, now]
    drawn = all(isinstance(spec.data, Dataset) for spec in everyone)
    differing = [
        field
        for field in FIELDS
        if (drawn or field.section != "data")
        and any(_value(field, spec) != _value(field, now) for spec in specs)
    ]
    return [_words(spec, differing) for spec in specs]


def _value(field: Field, spec: Spec) -> object:
    """What is chosen; nothing where the field means nothing for a specification."""
    return field.read(spec) if field.shown(spec) else None


def _words(spec: Spec, differing: Sequence[Field]) -> str:
    said = [_said(field, spec) for field in differing if field.shown(spec)]
    return listed(said) or tr("same settings")


def _said(field: Field, spec: Spec) -> str:
    title, value = tr(field.title), field.read(spec)
    if field.choices is not None:
        name = str(field.choices(spec).get(value, value))
        return name if field.key in PLAIN else f"{title} {name}"
    if field.kind == "features":
        return f"{title} {listed(NAMES.get(name, name) for name in value)}"
    if field.kind == "flag":
        return title if value else tr("no {what}", what=title.lower())
    if field.kind == "sizes":
        return "-".join(map(str, spec.network.sizes))
    if value is None:
        return tr("no {what}", what=title.lower())
    if field.kind == "share":
        return f"{title} {value:.0%}"
    return f"{title} {numbers.exact(value) if isinstance(value, float) else f'{value:,}'}"
