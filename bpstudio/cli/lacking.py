"""What to say of a document that has nothing to show: what there is instead, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.cli import networks
from bpstudio.language import listed, tr

if TYPE_CHECKING:
    from bpstudio.files.bps import File


def gates(file: File) -> str:
    """Why there is nothing to run or to draw; "" where there are gates."""
    if file.graph.nodes:
        return ""
    if file.network is not None:
        return tr(
            "The document holds a network and no gates. “export” writes the network as a program "
            "(--to {keys}); the window trains it and turns it into gates.",
            keys=listed(networks.suffixes()),
        )
    return tr(
        "The graph has no gates yet. The window adds them; “new” makes a document from a formula."
    )


def wires(file: File) -> str:
    """Why there is nothing to check; "" where there are wires."""
    if not file.graph.nodes or file.graph.wires:
        return gates(file)
    return tr("No two gates are wired, so there is no gradient to check.")
