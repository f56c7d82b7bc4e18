"""`bpstudio train`: a training specification carried out, as a table of epochs or as JSON."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from bpstudio.cli import FAILED, FINE, CommandError, output
from bpstudio.core import numbers
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.nn.spec import Spec
    from bpstudio.nn.trainer import Trainer

ROWS = 12
"""Epochs that the table shows, at growing distances."""


def add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="SPEC.json", help=tr("a training specification; - is stdin")
    )
    parser.add_argument("--json", action="store_true", help=tr("for programs"))


def train(given: argparse.Namespace) -> int:
    """Train; 1 where a value became no number on the way, which stderr then says."""
    from bpstudio.nn.faults import SpecError
    from bpstudio.nn.trainer import Trainer

    try:
        spec = _read(given.file)
        trainer = Trainer(spec)
    except SpecError as error:
        raise CommandError(f"{given.file}: {error}") from None
    except MemoryError:
        raise CommandError(f"{given.file}: $.network: {tr('not enough memory')}") from None
    with _one_thread():
        losses, accuracies, seconds = _epochs(trainer)
    if given.json:
        output.say_json(_as_json(trainer, losses, accuracies, seconds))
    else:
        _say(trainer, losses, accuracies, seconds)
    if trainer.fault is not None:
        output.complain(f"{given.file}: {trainer.fault.sentence}")
        return FAILED
    return FINE


def _read(path: str) -> Spec:
    from bpstudio.nn.reading import decode

    if path == "-":
        return decode(sys.stdin.buffer.read())
    with open(path, "rb") as file:
        return decode(file.read())


def _one_thread() -> Any:
    """Threads of a BLAS cost more than they give on small matrices; NumPy may be loaded already."""
    import threadpoolctl

    return threadpoolctl.threadpool_limits(1)


def _epochs(trainer: Trainer) -> tuple[list[float], list[float] | None, float]:
    """Losses and accuracies before the first and after each epoch, and the seconds of training."""
    losses, rights, seconds = [trainer.loss()], [trainer.accuracy()], 0.0
    for _ in range(trainer.spec.epochs):
        start = time.perf_counter()
        trainer.epoch()
        seconds += time.perf_counter() - start
        losses.append(trainer.loss())
        rights.append(trainer.accuracy())
        if trainer.fault is not None:
            break
    known = [right for right in rights if right is not None]
    return losses, known or None, seconds


def _as_json(
    trainer: Trainer, losses: list[float], accuracies: list[float] | None, seconds: float
) -> dict[str, Any]:
    test = len(trainer.data.test_inputs) > 0
    return {
        "format": "bpstudio.training",
        "loss": losses,
        "accuracy": accuracies,
        **({"test_loss": trainer.loss("test")} if test else {}),
        **({"test_accuracy": trainer.accuracy("test")} if test else {}),
        "weights": [layer.to_json() for layer in trainer.network.weights()],
        "updates": trainer.updates,
        "seconds": seconds,
        **({"fault": trainer.fault.sentence} if trainer.fault is not None else {}),
    }


def _say(
    trainer: Trainer, losses: list[float], accuracies: list[float] | None, seconds: float
) -> None:
    spec = trainer.spec
    sizes = "-".join(map(str, spec.network.sizes))
    output.say(
        tr(
            "{sizes}, {activation}: {parameters} parameters, {samples} samples",
            sizes=sizes,
            activation=spec.network.activation,
            parameters=trainer.network.count,
            samples=len(trainer.data.inputs),
        )
    )
    output.say()
    head = (tr("epoch"), tr("loss"), *((tr("accuracy"),) if accuracies else ()))
    rows = []
    for epoch in _shown(len(losses)):
        right = (_percent(accuracies[epoch]),) if accuracies else ()
        rows.append((str(epoch), numbers.show(losses[epoch], 5), *right))
    output.say_table(head, rows, numbers=len(head))
    output.say()
    if len(trainer.data.test_inputs):
        _say_test(trainer)
    speed = f"{trainer.updates / seconds:,.0f}" if seconds > 0 else "–"
    output.say(
        tr(
            "{updates} updates in {seconds} s: {speed} per second",
            updates=trainer.updates,
            seconds=f"{seconds:.3g}",
            speed=speed,
        )
    )


def _say_test(trainer: Trainer) -> None:
    right = trainer.accuracy("test")
    loss = numbers.show(trainer.loss("test"), 5)
    if right is None:
        output.say(tr("Test data: loss {loss}", loss=loss))
    else:
        output.say(tr("Test data: loss {loss}, accuracy {right}", loss=loss, right=_percent(right)))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _shown(count: int) -> list[int]:
    """Which of `count` rows are shown: all of a few, else 0, 1, 2, 5, 10, ... and the last."""
    if count <= ROWS:
        return list(range(count))
    found, scale = [0], 1
    while scale < count:
        found += [scale * step for step in (1, 2, 5) if scale * step < count]
        scale *= 10
    return sorted({*found, count - 1})
