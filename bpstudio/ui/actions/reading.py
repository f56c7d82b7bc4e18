"""What the numbers are read as: forward mode, the samples of a batch, seeds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpstudio.core.graph import Node
from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, has_graph, has_one
from bpstudio.ui.reading import FORWARD, MEAN, REVERSE, SAMPLE, SPREAD, sources_of

if TYPE_CHECKING:
    from bpstudio.ui.document import Document
    from bpstudio.ui.window import Window


def _forward_mode(window: Window) -> None:
    """On with the selected input, else with the first; with another one selected, on with that."""
    document = window.document
    assert document is not None
    there, read = sources_of(document.graph), document.reading
    chosen = [key for key in there if key in document.selection]
    if read.is_forward and chosen[:1] in ([], [read.source]):
        document.read(replace(read, mode=REVERSE, source=""))
        document.say(tr("Reverse mode: the second numbers are gradients."))
    elif there:
        source = (chosen or there)[0]
        document.read(replace(read, mode=FORWARD, source=source))
        name = document.graph.nodes[source].name
        document.say(tr("Forward mode: the second numbers are d/d{name}.", name=name))
    else:
        document.say(tr("Forward mode needs an input to differentiate by; add one."))


def _is_forward(window: Window) -> bool:
    return window.document is not None and window.document.reading.is_forward


def _batch(window: Window) -> Document | None:
    """The document if it has a batch; else a sentence says how it gets one."""
    document = window.document
    if document is None or document.trace.batch > 1:
        return document
    document.say(tr("There is one sample only; Edit, Samples … gives the inputs several."))
    return None


def _go_to_sample(window: Window, way: int) -> None:
    if document := _batch(window):
        n = document.trace.batch
        sample = (document.reading.sample + way) % n
        document.read(replace(document.reading, sample=sample, of=SAMPLE))
        document.say(tr("Sample {k} of {n}", k=sample + 1, n=n))


def _over_samples(window: Window, of: str) -> None:
    """The mean or the spread; when it is shown already, back to one sample."""
    if document := _batch(window):
        read = document.reading
        document.read(replace(read, of=SAMPLE if read.of == of else of))


def _shows(window: Window, of: str) -> bool:
    return window.document is not None and window.document.reading.of == of


def _seed(window: Window) -> None:
    document = window.document
    assert document is not None
    chosen = [key for key in document.selection if isinstance(document.graph.get(key), Node)]
    if chosen:
        window.canvas.editing.seed(chosen[0])
    else:
        document.say(tr("Select the gate that the seed shall be put on."))


def _samples(window: Window) -> None:
    from bpstudio.ui.samples import show_samples

    assert window.document is not None
    show_samples(window, window.document)


READING = (
    Action("seed", N_("&Seed …"), "", "F4", "edit", has_one, _seed, section=3),
    Action("samples", N_("Sa&mples …"), "", "Ctrl+B", "edit", has_graph, _samples, section=3),
    Action(
        "forward_mode",
        N_("For&ward mode"),
        "",
        "Ctrl+M",
        "step",
        has_graph,
        _forward_mode,
        checked=_is_forward,
        section=3,
    ),
    Action(
        "sample_next",
        N_("&Next sample"),
        "",
        "Shift+PgDown",
        "step",
        has_graph,
        lambda w: _go_to_sample(w, 1),
        section=4,
    ),
    Action(
        "sample_previous",
        N_("P&revious sample"),
        "",
        "Shift+PgUp",
        "step",
        has_graph,
        lambda w: _go_to_sample(w, -1),
        section=4,
    ),
    Action(
        "read_mean",
        N_("&Mean of the batch"),
        "",
        "",
        "step",
        has_graph,
        lambda w: _over_samples(w, MEAN),
        checked=lambda w: _shows(w, MEAN),
        section=4,
    ),
    Action(
        "read_spread",
        N_("&Spread in the batch"),
        "",
        "",
        "step",
        has_graph,
        lambda w: _over_samples(w, SPREAD),
        checked=lambda w: _shows(w, SPREAD),
        section=4,
    ),
)
