"""What the stage says: one line of mathematics and one plain sentence for what is shown now."""

from __future__ import annotations

from typing import NamedTuple

from bpstudio import language
from bpstudio.core.numbers import show
from bpstudio.core.readings import name_of
from bpstudio.language import tr, trn
from bpstudio.ui.document import Document
from bpstudio.ui.reading import MEAN, SAMPLE, SPREAD
from bpstudio.ui.readout import Readout

MOST_RESULTS = 4
"""Results named at rest."""


class Words(NamedTuple):
    """The large line as text and as LaTeX ("" where text is all there is), the sentence below."""

    line: str
    latex: str
    sentence: str


def words_of(document: Document | None, digits: int) -> Words:
    """The words for a document as it is read and stepped to."""
    if document is None:
        return Words("", "", "")
    if not len(document.trace.steps):
        return Words("", "", tr("Wire a gate's ports and its steps appear here."))
    read, step = document.readout, document.step
    if step is None:
        return Words(_results(read, digits), "", _at_rest(read))
    sample = _sample(read)
    if step == 0:
        return _beginning(read, sample)
    made = read.explain(step, digits)
    # The formula renderer has no Chinese letters: there the line stays text.
    shown = made.latex if language.current() == "en" else ""
    return Words(made.line, shown, sample + made.sentence)


def _beginning(read: Readout, sample: str) -> Words:
    if read.tangents is None:
        sentence = tr(
            "Only the inputs have their values; the forward pass begins with the next step."
        )
        return Words(tr("forward pass"), "", sample + sentence)
    source = name_of(read.trace, read.reading.source)
    rate = f"{_rate(read, read.reading.source)} = 1"
    sentence = tr(
        "{name} changes 1 to 1 with itself, the other inputs do not change with it: 0. "
        "Each step hands these rates on through one gate.",
        name=source,
    )
    return Words(rate, "", sample + sentence)


def _results(read: Readout, digits: int) -> str:
    """The outputs' values, or their derivatives in forward mode."""
    plan, figures = read.trace.plan, read.figures
    mark = "±" if figures.spread else ""
    numbers = figures.second if figures.forward else figures.value
    parts = []
    for row in plan.wiring.ends:
        node = plan.nodes[row]
        told = _rate(read, node) if figures.forward else name_of(read.trace, node)
        parts.append(f"{told} = {mark}{show(float(numbers[row]), digits)}")
    more = "" if len(parts) <= MOST_RESULTS else "   …"
    return "   ".join(parts[:MOST_RESULTS]) + more


def _rate(read: Readout, node: str) -> str:
    from bpstudio.core.forward import rate_name

    return rate_name(name_of(read.trace, node), name_of(read.trace, read.reading.source))


def _at_rest(read: Readout) -> str:
    n, of = read.trace.batch, read.reading.of
    if of == MEAN and read.tangents is None:
        return tr(
            "The mean over {n} samples. A mean gradient is the gradient of the mean: what a "
            "loss that is averaged over the batch would hand back.",
            n=n,
        )
    if of == MEAN:
        return tr("The mean over {n} samples, of values and of derivatives.", n=n)
    if of == SPREAD:
        return tr(
            "The spread over {n} samples: how far from their mean values and gradients lie "
            "(standard deviation).",
            n=n,
        )
    if read.tangents is not None:
        ahead = trn(
            "Forward mode hands on how fast everything changes with {name}: through {n} gate.",
            "Forward mode hands on how fast everything changes with {name}: through {n} gates.",
            read.steps,
            name=name_of(read.trace, read.reading.source),
        )
        return _sample(read) + ahead
    everything = trn(
        "Everything is computed. Play it, or go through its one step.",
        "Everything is computed. Play it, or go through its {n} steps one by one.",
        read.steps,
    )
    return _sample(read) + everything


def _sample(read: Readout) -> str:
    """Which sample of a batch is meant, as the sentence's beginning."""
    if read.trace.batch == 1 or read.reading.of != SAMPLE:
        return ""
    return tr("Sample {k} of {n}: ", k=read.reading.sample + 1, n=read.trace.batch)
