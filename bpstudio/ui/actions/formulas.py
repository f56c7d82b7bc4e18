"""The formula of what is selected, and the gradient check's step sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, has_graph

if TYPE_CHECKING:
    from bpstudio.core.check import Check
    from bpstudio.ui.window import Window


def _copy(window: Window, form: str) -> None:
    from bpstudio.ui.panels.inspector.formulas import copy_formula, formula_nodes

    document = window.document
    assert document is not None
    if nodes := formula_nodes(document):
        copy_formula(document, nodes, form, int(window.settings.get("digits")))
    else:
        document.say(tr("An input has no formula: select a gate, or nothing for the outputs."))


def check_gradients(window: Window) -> None:
    """Check every wire and say how it turned out."""
    _checked(window, lambda _: None)


def _sweep(window: Window) -> None:
    """The V of the selected wire, after a check where there is none yet."""
    document = window.document
    assert document is not None

    def show(_: Check) -> None:
        from bpstudio.ui.sweepwindow import show_sweep

        if window.document is document:
            show_sweep(window, window.session, document)

    check = window.session.check_of(document)
    if check is not None:
        show(check)
    else:
        _checked(window, show)


def _checked(window: Window, then: Callable[[Check], object]) -> None:
    from bpstudio.core.graph import GraphError
    from bpstudio.ui.panels.verdicts import sentence_of

    document = window.document
    assert document is not None

    def done(check: Check) -> None:
        window.session.say(sentence_of(check))
        then(check)

    try:
        window.session.check_soon(document, done)
    except GraphError as fault:
        window.session.say(str(fault))


FORMULAS = (
    Action(
        "copy_formula",
        N_("Copy &formula"),
        "copy",
        "Ctrl+Shift+C",
        "edit",
        has_graph,
        lambda w: _copy(w, "text"),
        section=5,
    ),
    Action(
        "copy_latex",
        N_("Copy formula as &LaTeX"),
        "",
        "Ctrl+Shift+L",
        "edit",
        has_graph,
        lambda w: _copy(w, "latex"),
        section=5,
    ),
    Action(
        "copy_numbers",
        N_("Copy formula &with numbers"),
        "",
        "",
        "edit",
        has_graph,
        lambda w: _copy(w, "numbers"),
        section=5,
    ),
    Action(
        "check",
        N_("&Check gradients"),
        "check",
        "Ctrl+K",
        "graph",
        has_graph,
        check_gradients,
        section=2,
    ),
    Action(
        "sweep",
        N_("Gradient check over step si&zes …"),
        "",
        "Ctrl+Shift+K",
        "graph",
        has_graph,
        _sweep,
        section=2,
    ),
)
