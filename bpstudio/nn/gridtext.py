"""A grid's cells as a table: for spreadsheets, and to be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from bpstudio.nn.grid import Cell, name_of

COLUMNS = (
    *("depth", "activation", "variant", "initializer", "ratio", "first", "last"),
    *("lowest_ratio", "highest_ratio", "first_std", "last_std", "saturated", "verdict"),
)


def rows(cells: Sequence[Cell]) -> list[tuple[object, ...]]:
    """One row per cell, in the order of COLUMNS."""
    return [
        (
            *(c.depth, c.activation, c.variant, name_of(c.initializer)),
            *(c.ratio, c.first, c.last, float(c.ratios.min()), float(c.ratios.max())),
            *(float(c.stds[0]), float(c.stds[-1]), float(c.saturated.mean()), c.verdict),
        )
        for c in cells
    ]


def to_csv(cells: Sequence[Cell]) -> str:
    """A table for spreadsheets, with all digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(cells))
    return out.getvalue()


def to_text(cells: Sequence[Cell]) -> str:
    """The same with three digits in columns of one width."""
    shown = [[f"{v:.3g}" if isinstance(v, float) else str(v) for v in row] for row in rows(cells)]
    table = [list(COLUMNS), *shown]
    widths = [max(len(row[k]) for row in table) for k in range(len(COLUMNS))]
    lines = ["  ".join(f"{w:>{n}}" for w, n in zip(r, widths, strict=True)) for r in table]
    return "\n".join(lines) + "\n"
