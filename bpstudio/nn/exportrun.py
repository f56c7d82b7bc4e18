"""Whether an exported network computes what the trainer computes: it is run, and its numbers
compared.

Scripts run in a Python of their own, which has nothing of this program; an ONNX model in ONNX's
reference evaluator. Where that cannot be done, the outcome says why.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.numpy_script import SHOWN

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer

LONGEST = 120.0
"""Seconds that a script may take: to import torch alone takes some."""
NEAR = {"float64": 1e-9, "float32": 1e-3}
"""The largest relative difference of the same computation in another order."""
SMALL = 1e-6
"""Numbers below this part of the largest one are compared with that part."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`same`: None where it could not be run; `worst` is the largest relative difference."""

    file: str
    same: bool | None
    worst: float = np.nan
    gradients: bool = True
    reason: str = ""

    @property
    def sentence(self) -> str:
        """What came out, in one sentence."""
        worst = numbers.show(self.worst, 2)
        if self.same is None:
            return tr(
                "{file} could not be run here: {reason}.",
                file=self.file,
                reason=self.reason.rstrip("."),
            )
        if not self.same:
            return tr(
                "{file} was run and gives other numbers than the network "
                "(largest relative difference {worst}).",
                file=self.file,
                worst=worst,
            )
        if self.gradients:
            return tr(
                "{file} was run: its outputs and gradients are the network’s "
                "(largest relative difference {worst}).",
                file=self.file,
                worst=worst,
            )
        return tr(
            "{file} was run: its outputs are the network’s (largest relative difference {worst}).",
            file=self.file,
            worst=worst,
        )


def run(
    path: Path, key: str, trainer: Trainer, until: Callable[[], bool] | None = None
) -> Outcome | None:
    """Run what was exported with `key` (of PROGRAMS) and compare; None when `until()` stopped it.

    The trainer is a copy that nobody else uses: penalties are taken out of it, since the exported
    loss is without them.
    """
    trainer.change(l1=0.0, l2=0.0)
    x, t = trainer.data.inputs[:SHOWN], trainer.data.targets[:SHOWN]
    with np.errstate(all="ignore"):
        outputs = np.asarray(trainer.evaluate(x), np.float64)
        norms = [
            float(np.linalg.norm(layer.W)) for layer in trainer.gradients(x, t, training=False)
        ]
    if key == "onnx":
        return _compare(path.name, "float32", _onnx_outputs(path, x), outputs, gradients=False)
    printed = _printed(path, until)
    if not isinstance(printed, list):
        return printed
    found = [float(word) for line in printed if line[0] == "output" for word in line[1:]]
    found += [float(line[-1]) for line in printed if line[0] == "layer"]
    wanted = np.concatenate([outputs.ravel(), norms])
    return _compare(path.name, trainer.spec.dtype, np.array(found), wanted, gradients=True)


def _compare(name: str, dtype: str, found: Array, wanted: Array, *, gradients: bool) -> Outcome:
    found, wanted = found.ravel(), wanted.ravel()
    if found.shape != wanted.shape:
        return Outcome(name, False, np.inf, gradients)
    same = (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    scale = np.maximum(np.abs(wanted), SMALL * np.abs(wanted).max(initial=0.0))
    with np.errstate(all="ignore"):
        worst = float(np.where(same, 0.0, np.abs(found - wanted) / scale).max(initial=0.0))
    return Outcome(name, bool(worst <= NEAR[dtype]), worst, gradients)


def _printed(path: Path, until: Callable[[], bool] | None) -> list[list[str]] | Outcome | None:
    """The words of the lines that a script prints."""
    if getattr(sys, "frozen", False) or not sys.executable:
        return Outcome(path.name, None, reason=tr("there is no Python beside this program"))
    process = subprocess.Popen(
        [sys.executable, "-I", str(path.resolve())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    end = time.monotonic() + LONGEST
    while True:
        try:
            out, err = process.communicate(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            stopped = until is not None and until()
            if stopped or time.monotonic() > end:
                process.kill()
                process.communicate()
                if stopped:
                    return None
                return Outcome(path.name, None, reason=tr("it took too long"))
    if process.returncode:
        lines = err.strip().splitlines()
        return Outcome(path.name, None, reason=lines[-1] if lines else str(process.returncode))
    return [words for line in out.splitlines() if (words := line.split())]


def _onnx_outputs(path: Path, x: Array) -> Array:
    from onnx.reference import ReferenceEvaluator

    (found,) = ReferenceEvaluator(path.read_bytes()).run(None, {"x": x.astype(np.float32)})
    return np.asarray(found, np.float64)
