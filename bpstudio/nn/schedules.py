"""SCHEDULES: what the learning rate is multiplied by in each epoch, with PyTorch's names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpstudio.language import N_

if TYPE_CHECKING:
    from bpstudio.nn.spec import Spec


@dataclass(frozen=True, slots=True)
class Schedule:
    """`factor(epoch, epochs, parameters)` for epoch 0, 1, ... of `epochs`."""

    key: str
    title: str
    factor: Callable[[int, int, Mapping[str, float]], float]
    parameters: Mapping[str, float] = field(default_factory=dict)


def _constant(epoch: int, epochs: int, given: Mapping[str, float]) -> float:
    return 1.0


def _power(base: float, times: int) -> float:
    try:
        return base**times
    except OverflowError:
        return math.inf


def _step(epoch: int, epochs: int, given: Mapping[str, float]) -> float:
    return _power(given["gamma"], epoch // int(given["every"]))


def _exponential(epoch: int, epochs: int, given: Mapping[str, float]) -> float:
    return _power(given["gamma"], epoch)


def _cosine(epoch: int, epochs: int, given: Mapping[str, float]) -> float:
    low = given["lowest"]
    done = min(1.0, epoch / max(1, epochs))
    return low + (1.0 - low) * 0.5 * (1.0 + math.cos(math.pi * done))


def _warmup(epoch: int, epochs: int, given: Mapping[str, float]) -> float:
    return min(1.0, (epoch + 1) / max(1.0, given["warmup"]))


SCHEDULES: Mapping[str, Schedule] = {
    entry.key: entry
    for entry in (
        Schedule("constant", N_("Constant"), _constant),
        Schedule("step", N_("In steps"), _step, MappingProxyType({"every": 30.0, "gamma": 0.1})),
        Schedule("exponential", N_("Exponential"), _exponential, MappingProxyType({"gamma": 0.99})),
        Schedule("cosine", N_("Cosine"), _cosine, MappingProxyType({"lowest": 0.0})),
        Schedule("warmup", N_("Warm-up"), _warmup, MappingProxyType({"warmup": 5.0})),
    )
}


def factor_at(spec: Spec, epoch: int) -> float:
    """What the schedule of a specification multiplies its learning rate by in an epoch, from 0."""
    entry = SCHEDULES[spec.schedule.kind]
    return entry.factor(epoch, spec.epochs, spec.schedule.full(entry.parameters))
