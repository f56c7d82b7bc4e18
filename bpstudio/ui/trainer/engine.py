"""A trainer, the messages it is sent, and what is drawn of it.

An Engine belongs to whoever calls `turn`, one thread at a time. Everybody else may only `post`
messages, set `wanted`, and read `latest`, the newest Frame: those three need no lock.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from bpstudio.ui.trainer.history import Curve, History

if TYPE_CHECKING:
    from bpstudio.nn.data import Data
    from bpstudio.nn.spec import LayerWeights, Spec
    from bpstudio.nn.trainer import Trainer
    from bpstudio.nn.unfold import Changed

Look = Callable[["Trainer"], Any]
Message = Callable[["Engine"], object]

MOST_EVALUATED = 20_000
"""Samples whose loss is taken as a whole; of more, the mean of the last batches is shown."""
JUDGED = 4096
"""Of such a set, the samples by which accuracy and test loss are judged."""
PARTS = 50
"""Of such a set, points of the curve in an epoch: its first epoch may last minutes."""
_PATIENCE = 9.0
"""Times as long as that took, training goes on before it is done again."""
_SMOOTH, _SMOOTHEST = 0.02, 0.2
"""Of the loss of the last batches, what one update is worth, and what many at once are at most:
the curve of a large set must not lag behind what is learned, nor jump with a single batch."""
_RATE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Frame:
    """What the window shows of a run at one moment: copies, safe to keep.

    answered   how many messages had been heard; compare with `Engine.asked`
    seen       key -> what a look found
    fault      why training stopped by itself, "" where it did not
    refusal    why the last message was not done, ""
    finished   whether the last epoch asked for is done
    of_batches  whether the loss is that of the last batches: there are more than MOST_EVALUATED
    judged     the sets, "train" or "test", of which JUDGED samples stand for all
    rate       the learning rate of now, by the schedule
    """

    number: int
    answered: int
    spec: Spec
    data: Data
    updates: int
    epoch: float
    playing: bool
    finished: bool
    per_second: float
    weights: tuple[LayerWeights, ...]
    loss: float
    test_loss: float
    accuracy: float
    test_accuracy: float
    curve: Curve
    seen: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    refusal: str = ""
    of_batches: bool = False
    judged: tuple[str, ...] = ()
    rate: float = math.nan


@dataclass(frozen=True, slots=True)
class _Judged:
    """What JUDGED samples of a set said, after how many updates, and when to ask them again."""

    updates: int
    due: float
    loss: float
    accuracy: float


def make_trainer(spec: Spec) -> Trainer:
    """The trainer of a specification. Raises NetworkError."""
    from bpstudio.nn.trainer import Trainer

    return Trainer(spec)


class Engine:
    """See the module. `interrupt` ends a turn after the update in hand."""

    def __init__(self, make: Callable[[Spec], Trainer] | None = None) -> None:
        self._make = make or make_trainer
        self._messages: deque[Message] = deque()
        self.trainer: Trainer | None = None
        self.latest: Frame | None = None
        self.asked = self._heard = 0
        self.wanted = self.interrupt = self.playing = False
        self.limit = 0
        """Epochs after which playing stops; 0: never."""
        self.pace = 0
        """Updates per second; 0: as many as there can be."""
        self._paced: tuple[float, int] | None = None
        self.finished = False
        self.looks: dict[str, Look] = {}
        self.history = History()
        self._number = 0
        self._fault = self._refusal = ""
        self._batch_loss, self._smoothed_at = math.nan, 0
        self._rates: deque[tuple[float, int]] = deque()
        self._judged: dict[str, _Judged] = {}

    # --- from any thread --------------------------------------------------------------------

    def post(self, message: Message) -> None:
        """Have this done between two updates. What it refuses (NetworkError) is told."""
        self._messages.append(message)
        self.asked += 1
        self.interrupt = True

    # --- from the thread that owns it -------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._messages) or self.wanted or (self.playing and self.trainer is not None)

    def turn(self, seconds: float) -> bool:
        """Hear the messages, train for so long, and make a frame if one is wanted.

        Answers whether there was anything to do yet: at a slow pace there often is not.
        """
        self.interrupt = False
        worked = bool(self._messages) or self.wanted
        self._hear()
        if self.playing and self.trainer is not None:
            before = self.trainer.updates
            self._train(seconds)
            worked = worked or self.trainer.updates != before
        if self.wanted:
            self.wanted = False
            self._publish()
        return worked

    def use(self, spec: Spec, looks: Mapping[str, Look], *, keep: bool = False) -> None:
        """Begin a new run, at its start; or with the weights as they are, where `keep`.

        Raises NetworkError and goes on with the old run then.
        """
        before, made = self.trainer, self._make(spec)
        if keep and before is not None and before.spec.network == spec.network:
            made.network.set_weights(before.network.weights())
        self.trainer, self.looks = made, dict(looks)
        self._begin()

    def rewind(self) -> None:
        """Go back to the same start."""
        if self.trainer is not None:
            self.trainer.rewind()
            self._begin()

    def step(self, updates: int = 1) -> None:
        """So many updates."""
        if self.trainer is not None and not self._fault:
            self._heed(self.trainer.run(updates=updates))
            self._record()

    def epoch(self) -> None:
        """The rest of this epoch."""
        if self.trainer is not None and not self._fault:
            self._heed(self.trainer.epoch())
            self._record()

    def play(self, on: bool) -> None:
        """Train in every turn from now on, or stop doing so."""
        self.playing = on and not self._fault
        if on and self.finished:
            # Asked again at the end: go on, without an end.
            self.limit, self.finished = 0, False
        self._rates.clear()
        self._paced = None

    def change(self, **fields: Any) -> None:
        """Change fields of the specification that keep the weights."""
        if self.trainer is not None:
            self.trainer.change(**fields)
            self._judged.clear()

    def edit(self, layer: int, unit: int, source: int, value: float) -> None:
        """Put a number in place of a weight, or of the bias where `source` is -1."""
        if self.trainer is None:
            return
        self._judged.clear()
        numbers = self.trainer.network.layers[layer]
        if source < 0:
            numbers.b[unit] = value
        else:
            numbers.W[unit, source] = value
        self._record()

    def put(self, changes: Iterable[Changed]) -> None:
        """Put numbers that were changed on a canvas into the network."""
        from bpstudio.nn.unfold import put

        if self.trainer is not None and put(self.trainer.network, changes):
            self._judged.clear()
            self._record()

    def take(self, trainer: Trainer, looks: Mapping[str, Look]) -> None:
        """Go on with a trainer from where it stands; paused."""
        self.trainer, self.looks, self.playing = trainer, dict(looks), False
        self._begin()

    # --- inside -----------------------------------------------------------------------------

    def _hear(self) -> None:
        from bpstudio.nn.faults import NetworkError

        while self._messages:
            message = self._messages.popleft()
            self._refusal = ""
            try:
                message(self)
            except NetworkError as refused:
                # The path in a specification helps those who wrote one.
                self._refusal = str(getattr(refused, "reason", refused))
            self._heard += 1

    def _begin(self) -> None:
        self.history.clear()
        self._fault, self.finished = "", False
        self._batch_loss, self._smoothed_at = math.nan, 0
        self._rates.clear()
        self._judged.clear()
        self._record()

    def _train(self, seconds: float) -> None:
        trainer = self.trainer
        assert trainer is not None
        end = time.perf_counter() + seconds
        while self.playing and not self.interrupt:
            left = end - time.perf_counter()
            if left <= 0:
                break
            stride = self._stride()
            mark = (trainer.updates // stride + 1) * stride
            most = min(mark - trainer.updates, self._allowed())
            if most <= 0:
                break
            # A long run takes a point every so many epochs, but stops at the very one asked for.
            epochs = math.ceil(self.limit - trainer.epochs_done) if self.limit else None
            report = trainer.run(updates=most, epochs=epochs, seconds=left, until=self._stopped)
            if self._heed(report):
                break
            ended = bool(self.limit) and trainer.epochs_done >= self.limit
            if ended or trainer.updates >= mark:
                self._record()
            if ended:
                self.playing, self.finished = False, True
        self._clock()

    def _allowed(self) -> int:
        """How many updates the pace leaves room for now."""
        if not self.pace:
            return 1 << 30
        assert self.trainer is not None
        now, done = time.perf_counter(), self.trainer.updates
        if self._paced is None or now - self._paced[0] > _RATE_SECONDS:
            # A fresh count every second: what a busy moment lost is not caught up in one rush.
            self._paced = (now, done)
        since, before = self._paced
        return int((now - since) * self.pace) - (done - before) + (self._paced == (now, done))

    def _stopped(self) -> bool:
        return self.interrupt

    def _heed(self, report: Any) -> bool:
        """Note what a run reports; whether it stopped at a fault."""
        loss = float(report.loss)
        since, self._smoothed_at = report.updates - self._smoothed_at, report.updates
        if math.isnan(self._batch_loss):
            self._batch_loss = loss
        else:
            share = min(_SMOOTH * max(1, since), _SMOOTHEST)
            self._batch_loss += share * (loss - self._batch_loss)
        if report.fault is not None:
            self._fault, self.playing = report.fault.sentence, False
            return True
        return False

    def _per_epoch(self) -> int:
        assert self.trainer is not None
        spec, samples = self.trainer.spec, len(self.trainer.data.inputs)
        whole = samples // spec.batch if spec.drop_last else -(-samples // spec.batch)
        return max(1, whole)

    def _stride(self) -> int:
        """Updates from one point of the curve to the next: an epoch, or a part of a long one."""
        assert self.trainer is not None
        parts = PARTS if len(self.trainer.data.inputs) > MOST_EVALUATED else 1
        return -(-self._per_epoch() // parts) * self.history.every

    def _clock(self) -> None:
        assert self.trainer is not None
        now = time.perf_counter()
        self._rates.append((now, self.trainer.updates))
        while len(self._rates) > 2 and now - self._rates[0][0] > _RATE_SECONDS:
            self._rates.popleft()

    def _per_second(self) -> float:
        if len(self._rates) < 2 or not self.playing:
            return 0.0
        (since, before), (now, updates) = self._rates[0], self._rates[-1]
        return (updates - before) / max(1e-9, now - since)

    def _record(self) -> None:
        trainer = self.trainer
        assert trainer is not None
        self.history.add(trainer.updates, trainer.epochs_done, *self._figures(stale=False))
        for look in self.looks.values():
            # A look may keep a history of its own, taken at the same counts of updates.
            if (record := getattr(look, "record", None)) is not None:
                record(trainer)

    def _figures(self, *, stale: bool = True) -> tuple[float, float, float, float]:
        """Loss and accuracy of the training and the test data, NaN where there is none, or where
        there is but one of a moment ago and that will not do."""
        trainer = self.trainer
        assert trainer is not None
        made = []
        for which, inputs in (("train", trainer.data.inputs), ("test", trainer.data.test_inputs)):
            if not len(inputs):
                made.append((math.nan, math.nan))
                continue
            if self._is_large(inputs):
                said = self._judge(trainer, which)
                loss, accuracy = said.loss, said.accuracy
                if not stale and said.updates != trainer.updates:
                    loss = accuracy = math.nan
                made.append((self._batch_loss if which == "train" else loss, accuracy))
                continue
            right = trainer.accuracy(which)
            made.append((trainer.loss(which), math.nan if right is None else right))
        (loss, accuracy), (test_loss, test_accuracy) = made
        return loss, test_loss, accuracy, test_accuracy

    def _judge(self, trainer: Trainer, which: str) -> _Judged:
        """What some samples of a large set say: of now, or while it trains of a moment ago."""
        last, now = self._judged.get(which), time.perf_counter()
        if last is not None and (
            last.updates == trainer.updates or (self.playing and now < last.due)
        ):
            return last
        with np.errstate(all="ignore"):
            loss, accuracy = trainer.sampled(which, JUDGED)
        due = time.perf_counter() + _PATIENCE * (time.perf_counter() - now)
        share = math.nan if accuracy is None else accuracy
        self._judged[which] = made = _Judged(trainer.updates, due, loss, share)
        return made

    def _is_large(self, inputs: np.ndarray) -> bool:
        """Whether evaluating these takes too long, but for once before the first update."""
        return (
            self.trainer is not None and self.trainer.updates > 0 and len(inputs) > MOST_EVALUATED
        )

    def _see(self, trainer: Trainer) -> dict[str, Any]:
        # A network about to overflow is looked at like any other.
        with np.errstate(all="ignore"):
            return {key: look(trainer) for key, look in self.looks.items()}

    def _publish(self) -> None:
        trainer = self.trainer
        if trainer is None:
            return
        with np.errstate(all="ignore"):
            loss, test_loss, accuracy, test_accuracy = self._figures()
        self._number += 1
        self.latest = Frame(
            number=self._number,
            answered=self._heard,
            spec=trainer.spec,
            data=trainer.data,
            updates=trainer.updates,
            epoch=float(trainer.epochs_done),
            playing=self.playing,
            finished=self.finished,
            per_second=self._per_second(),
            weights=trainer.network.weights(),
            loss=loss,
            test_loss=test_loss,
            accuracy=accuracy,
            test_accuracy=test_accuracy,
            curve=self.history.curve(),
            seen=self._see(trainer),
            fault=self._fault,
            refusal=self._refusal,
            of_batches=self._is_large(trainer.data.inputs),
            judged=tuple(
                which
                for which, inputs in (
                    ("train", trainer.data.inputs),
                    ("test", trainer.data.test_inputs),
                )
                if self._is_large(inputs)
            ),
            rate=trainer.rate,
        )
