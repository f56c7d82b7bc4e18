"""SETTINGS: what can be set for a graph as a whole, each from a closed list of values.

A graph keeps only what differs from the default, so that a document that sets nothing says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bpstudio.language import N_


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting: its title, its default, and value -> what it means (marked for translation)."""

    title: str
    default: str
    values: Mapping[str, str]


SETTINGS: Mapping[str, Choice] = {
    "ties": Choice(
        N_("Ties of max and min"),
        "even",
        {
            "even": N_("split the gradient evenly"),
            "first": N_("the first gets it all"),
            "all": N_("each gets all of it"),
        },
    ),
    # Part of the document and not of the window: a handout is to look as its author drew it.
    "wires": Choice(
        N_("Shape of the wires"),
        "curved",
        {
            "curved": N_("curved"),
            "orthogonal": N_("at right angles"),
            "straight": N_("straight"),
        },
    ),
}
