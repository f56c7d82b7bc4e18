"""What can be wrong with a network, its specification or its data: one clear sentence each."""

from __future__ import annotations


class NetworkError(Exception):
    """Anything this room refuses; its text is a translated sentence."""


class SpecError(NetworkError):
    """A training specification that cannot be carried out: `place: reason`.

    `place` is a path such as `$.network.sizes[1]`; `$` is the specification as a whole.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


class DataError(NetworkError):
    """Numbers handed to a network that do not fit it."""


class TrainingError(NetworkError):
    """A step that cannot be made, or a question that came too late."""
