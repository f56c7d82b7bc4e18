"""Pictures and programs: which writer a file name means, and the bytes put down durably."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from bpstudio.cli import CommandError, networks
from bpstudio.language import listed, tr

if TYPE_CHECKING:
    from bpstudio.files.bps import File

PICTURES = ("png", "svg", "pdf", "gif")


def export(file: File, given: argparse.Namespace) -> None:
    """Write `given.out`. Raises CommandError where no exporter fits."""
    from bpstudio.files import durable

    key = given.to or _key_of(given.out)
    if key in PICTURES:
        data = _picture(file, key, given)
    elif key in networks.suffixes():
        data = networks.program(file, key, given.file)
    else:
        data = _text(file, key, given.file)
    durable.save(given.out, data)


def _key_of(out: str) -> str:
    """The key that a file name means: of the suffixes that fit, the longest."""
    from bpstudio.export import EXPORTERS

    suffixes = {key: f".{key}" for key in PICTURES}
    suffixes |= {key: one.suffix for key, one in EXPORTERS.items()} | networks.suffixes()
    fitting = [key for key, suffix in suffixes.items() if out.lower().endswith(suffix)]
    if not fitting:
        raise CommandError(
            tr(
                "{out}: no exporter writes a file of this suffix; --to takes one of {keys}",
                out=out,
                keys=listed(suffixes),
            )
        )
    return max(fitting, key=lambda key: len(suffixes[key]))


def _keys() -> str:
    from bpstudio.export import EXPORTERS

    return listed((*PICTURES, *EXPORTERS, *networks.suffixes()))


def _text(file: File, key: str, path: str) -> bytes:
    from bpstudio.cli import lacking
    from bpstudio.core.graph import GraphError
    from bpstudio.core.plan import Plan
    from bpstudio.export import EXPORTERS

    if key not in EXPORTERS:
        raise CommandError(
            tr("--to {key}: there is no such exporter; there are {keys}", key=key, keys=_keys())
        )
    if said := lacking.gates(file):
        raise CommandError(f"{path}: {said}")
    try:
        made = EXPORTERS[key].write(file.graph, Plan.of(file.graph).run())
    except GraphError as error:
        raise CommandError(f"{path}: $.graph: {error}") from None
    return made.encode() if isinstance(made, str) else made


def _picture(file: File, kind: str, given: argparse.Namespace) -> bytes:
    from bpstudio.cli import display, lacking

    if not file.graph.notes and (said := lacking.gates(file)):
        raise CommandError(f"{given.file}: {said}")
    if wrong := display.wrong_version():
        raise CommandError(wrong)
    # A picture needs no display; Qt would end the process if it looked for one in vain.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from bpstudio.core.graph import GraphError

    try:
        from bpstudio.ui import picture
    except ImportError as error:
        if missing := display.unusable(error):
            raise CommandError(missing) from None
        raise

    try:
        return picture.encode(
            file.graph,
            kind,
            theme=given.theme,
            scale=given.scale,
            gradients=not given.no_gradients,
        )
    except GraphError as error:
        raise CommandError(f"{given.out}: {error}") from None
