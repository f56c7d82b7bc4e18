"""What is trained, ready to be shown: a specification with its data, drawn where they are not yet.

Pictures and very many samples take longer to draw than a frame may last: a thread does it while the
window goes on being painted.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache, partial
from typing import Any

from PySide6.QtWidgets import QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.nn.checking import check_batches, check_targets
from bpstudio.nn.data import DATASETS, Data, Dataset
from bpstudio.nn.faults import NetworkError, SpecError
from bpstudio.nn.spec import Spec
from bpstudio.nn.trainer import draw
from bpstudio.ui.patience import wait_for
from bpstudio.ui.trainer.views import Problem

MOST_KEPT = 20_000
"""Samples of a set that is kept, in case one comes back to it."""
QUICK = 20_000
"""Numbers that are drawn within a frame: 300 digits, 10,000 points of a plane."""


@lru_cache(maxsize=8)
def drawn(data: Dataset, outputs: int, output: str) -> Data:
    """The samples of a generated set; the last few sets are kept."""
    from bpstudio.nn.data import make

    return make(data, outputs, output)


def problem_of(
    spec: Spec, before: Problem | None, names: tuple[str, ...], window: QWidget
) -> Problem:
    """A specification with its data, those of `before` where they are the same; `names` are what
    the classes of one's own data are called. Raises NetworkError."""
    spec.check()
    data = spec.data
    if isinstance(data, Dataset) and before is not None and before.spec.data is data:
        data = before.data if _same_outputs(before.spec, spec) else data
    work = partial(_made, spec, data, names)
    if isinstance(data, Dataset) and data.samples * DATASETS[data.name].inputs > QUICK:
        return wait_for(window, tr("Drawing the data …"), work)
    return work()


def _made(spec: Spec, data: Data | Dataset, names: tuple[str, ...]) -> Problem:
    if isinstance(data, Dataset):
        network = spec.network
        kept = data.samples <= MOST_KEPT
        data = drawn(data, network.sizes[-1], network.output) if kept else draw(spec)
    check(spec, data)
    made = Problem(spec, data, names)
    # An autoencoder's classes are drawn once more: here, and not when they are first shown.
    made.labels  # noqa: B018
    return made


def _same_outputs(one: Spec, other: Spec) -> bool:
    before, now = one.network, other.network
    return before.output == now.output and before.sizes[-1] == now.sizes[-1]


def differing(before: Spec, after: Spec) -> dict[str, Any]:
    """The fields of a specification that another one has otherwise, as they are there."""
    pairs = ((f.name, getattr(before, f.name), getattr(after, f.name)) for f in fields(Spec))
    return {name: new for name, old, new in pairs if old is not new and old != new}


def check(spec: Spec, data: Data) -> None:
    """Raise SpecError for what a trainer of these data would refuse."""
    replace(spec, data=data).check()
    check_batches(spec, len(data.inputs))
    check_targets(spec, data.targets, "$.data.targets")


def name_of(spec: Spec, title: str) -> str:
    """A run's name: what is trained, its shape, and what one changes most."""
    shape = "-".join(map(str, spec.network.sizes))
    activation, rate = spec.network.activation, numbers.exact(spec.learning_rate)
    return f"{title} {shape} {activation} {rate}"


def reason_of(refused: NetworkError) -> str:
    """Why, without the path in a specification that nobody wrote."""
    return refused.reason if isinstance(refused, SpecError) else str(refused)


def refusal_of(title: str, refused: NetworkError) -> str:
    """What could not be chosen and why; a reason that names it already does so once."""
    reason = reason_of(refused)
    if reason.lower().startswith(title.lower()):
        return reason[:1].upper() + reason[1:]
    return f"{title}: {reason}"
