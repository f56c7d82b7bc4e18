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


def refuse_training(file: File, path: str) -> None:
    """Raise CommandError where what a document says of its graph's training cannot be used."""
    from bpstudio.nn.faults import NetworkError
    from bpstudio.nn.keptdrawn import KEPT, columns_of, of_document

    assert file.training is not None
    try:
        if of_document(file.training, file.datasets).source == KEPT:
            columns_of(file.training, file.datasets)
    except NetworkError as error:
        raise CommandError(f"{path}: {error}") from None


def suffixes() -> dict[str, str]:
    """Key -> suffix of everything that a network can be written as."""
    from bpstudio.nn.programs import PROGRAMS

    return {key: program.suffix for key, program in PROGRAMS.items()}


def program(file: File, key: str, path: str) -> bytes:
    """A document's network for another program. Raises CommandError."""
    from bpstudio.nn.faults import NetworkError
    from bpstudio.nn.programs import PROGRAMS

    trainer = trainer_of(file, path)
    try:
        made = PROGRAMS[key].write(trainer)
    except NetworkError as error:
        raise CommandError(f"{path}: {error}") from None
    return made.encode() if isinstance(made, str) else made
