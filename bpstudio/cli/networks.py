"""A document's network on the command line: looked at, or written as a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.cli import CommandError
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.files.bps import File
    from bpstudio.nn.trainer import Trainer


def trainer_of(file: File, path: str) -> Trainer:
    """The network of a document, standing where it stood. Raises CommandError."""
    from bpstudio.nn.faults import NetworkError
    from bpstudio.nn.kept import of_document

    if file.network is None:
        raise CommandError(tr("{path}: the document holds no network", path=path))
    try:
        return of_document(file.network, file.datasets)
    except NetworkError as error:
        raise CommandError(f"{path}: {error}") from None
