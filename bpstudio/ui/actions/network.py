"""The Network menu: the network as gates, kept, exported, checked; and graphs that learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, has_graph

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def _has_network(window: Window) -> bool:
    """Needs the training panel with a network in it."""
    panel = window.training.panel
    return panel is not None and panel.frame is not None


def _no_network(window: Window) -> str:
    return tr("Open the training panel first (F7): it holds the network.")


def _linked(window: Window) -> bool:
    return window.document is not None and window.document in window.training.links.links


def _train_graph(window: Window) -> None:
    from bpstudio.ui.trainer.drawnpanel import open_drawn

    open_drawn(window)


def _export(window: Window, key: str) -> None:
    from bpstudio.ui.trainer.netexport import export

    export(window, key)


def _check(window: Window) -> None:
    from bpstudio.ui.trainer.netexport import check_gradient

    check_gradient(window)


def _program(key: str, title: str) -> Action:
    return Action(
        f"export_{key}",
        title,
        "",
        "",
        "network",
        _has_network,
        lambda w: _export(w, key),
        section=4,
        why=_no_network,
    )


NETWORK = (
    Action(
        "as_graph",
        N_("Open as &gate graph"),
        "gates",
        "F12",
        "network",
        _has_network,
        lambda w: w.training.links.open(),
        why=_no_network,
    ),
    Action(
        "relink",
        N_("&Link to the network"),
        "",
        "",
        "network",
        lambda w: w.document is not None and w.document in w.training.links.offers,
        lambda w: w.training.links.resume(w.document),
        why=lambda w: tr("This graph is not that of the network kept in this document."),
    ),
    Action(
        "unlink",
        N_("&Unlink from the network"),
        "",
        "",
        "network",
        _linked,
        lambda w: w.training.links.unlink(w.document),
        why=lambda w: tr("This graph does not follow a network."),
    ),
    Action(
        "keep_network",
        N_("&Keep in the document"),
        "",
        "",
        "network",
        _has_network,
        lambda w: w.training.keeping.toggle(w.document),
        checked=lambda w: w.document is not None and w.training.keeping.keeps(w.document),
        section=2,
        why=_no_network,
    ),
    Action(
        "train_graph",
        N_("&Train this graph …"),
        "play",
        "Shift+F12",
        "network",
        has_graph,
        _train_graph,
        section=3,
        why=lambda w: tr("Draw something first: an input that learns, and a loss."),
    ),
    _program("numpy_network", N_("Export as a &NumPy script …")),
    _program("torch_network", N_("Export as a &PyTorch module …")),
    _program("onnx", N_("Export as an &ONNX model …")),
    Action(
        "check_network",
        N_("&Check the network’s gradient"),
        "",
        "",
        "network",
        _has_network,
        _check,
        section=5,
        why=_no_network,
    ),
)
