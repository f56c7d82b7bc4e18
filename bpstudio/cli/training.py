"""`bpstudio train`: a training specification carried out, as a table of epochs or as JSON."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bpstudio.cli import FAILED, FINE, STOPPED, CommandError, output
from bpstudio.core import numbers
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.nn.spec import Spec
    from bpstudio.nn.trainer import Trainer

ROWS = 12
"""Epochs that the table shows, at growing distances."""
NEWS = 0.5
"""Seconds between two words about where training stands, on a terminal."""


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
    course = Course()
    with _one_thread():
        stopped = _epochs(trainer, course)
    if given.json and not stopped:
        output.say_json(_as_json(trainer, course))
    elif not given.json:
        _say(trainer, course)
    if stopped:
        place = tr(
            "stopped in epoch {epoch} of {epochs}",
            epoch=len(course.losses),
            epochs=trainer.spec.epochs,
        )
        output.complain(f"{given.file}: {place}")
        return STOPPED
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


@dataclass
class Course:
    """Losses and accuracies before the first and after each epoch, and the seconds of training."""

    losses: list[float] = field(default_factory=list)
    rights: list[float | None] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def accuracies(self) -> list[float] | None:
        return [right for right in self.rights if right is not None] or None

    def look(self, trainer: Trainer) -> None:
        self.losses.append(trainer.loss())
        self.rights.append(trainer.accuracy())


def _epochs(trainer: Trainer, course: Course) -> bool:
    """Train all epochs, or up to a fault; whether somebody stopped it before (Ctrl+C)."""
    news = _News(trainer)
    try:
        course.look(trainer)
        for _ in range(trainer.spec.epochs):
            left = trainer.updates_left
            while left > 0 and trainer.fault is None:
                before, start = trainer.updates, time.perf_counter()
                trainer.run(updates=left, seconds=NEWS)
                course.seconds += time.perf_counter() - start
                left -= trainer.updates - before
                news.tell(course)
            course.look(trainer)
            if trainer.fault is not None:
                break
    except KeyboardInterrupt:
        return True
    finally:
        news.end()
    return False


class _News:
    """Where training stands, on one line of a terminal; nothing where stderr goes elsewhere."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer, self._wide = trainer, 0
        self._heard = sys.stderr is not None and sys.stderr.isatty()
        self._begun = self._told = time.perf_counter()

    def tell(self, course: Course) -> None:
        now, trainer = time.perf_counter(), self._trainer
        if not self._heard or now - self._told < NEWS:
            return
        self._told = now
        share = max(trainer.epochs_done, 1e-9) / trainer.spec.epochs
        said = tr(
            "epoch {epoch} of {epochs}, loss {loss}, {seconds} s left",
            epoch=len(course.losses),
            epochs=trainer.spec.epochs,
            loss=numbers.show(course.losses[-1], 5),
            seconds=f"{(now - self._begun) * (1 / share - 1):.0f}",
        )
        self._write(said)

    def _write(self, said: str) -> None:
        print(f"\r{said:<{self._wide}}", end="", file=sys.stderr, flush=True)
        self._wide = len(said)

    def end(self) -> None:
        if self._wide:
            self._write("")
            print("\r", end="", file=sys.stderr, flush=True)


def _as_json(trainer: Trainer, course: Course) -> dict[str, Any]:
    test = len(trainer.data.test_inputs) > 0
    return {
        "format": "bpstudio.training",
        "loss": course.losses,
        "accuracy": course.accuracies,
        **({"test_loss": trainer.loss("test")} if test else {}),
        **({"test_accuracy": trainer.accuracy("test")} if test else {}),
        "weights": [layer.to_json() for layer in trainer.network.weights()],
        "updates": trainer.updates,
        "seconds": course.seconds,
        **({"fault": trainer.fault.sentence} if trainer.fault is not None else {}),
    }


def _say(trainer: Trainer, course: Course) -> None:
    spec, seconds = trainer.spec, course.seconds
    losses, accuracies = course.losses, course.accuracies
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
            updates=f"{trainer.updates:,}",
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
