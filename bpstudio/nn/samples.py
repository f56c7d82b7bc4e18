"""From a table to what a network is given: columns chosen, categories as ones, scaling as asked.

Everything that is done to a user's numbers is an explicit choice whose numbers are kept in the
answer: which rows were left out and why, what a column was shifted and multiplied by, which ones
stand for which text. Scaling is measured on the training samples alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bpstudio.core.numbers import show
from bpstudio.language import listed, tr, trn
from bpstudio.nn.calls import Array
from bpstudio.nn.data import NO_NEGATIVE, Data
from bpstudio.nn.faults import DataError
from bpstudio.nn.table import CATEGORY, NUMBER, TEXT, Column, Table, too_many

SCALINGS = ("none", "standard", "zero_to_one", "minus_one_to_one")
MISSING = ("leave_out", "mean", "refuse")
"""What becomes of rows in which a chosen cell is missing; "mean" fills numbers of inputs only."""
MOST_ONES = 200
"""Texts of one input column: each becomes an input of its own."""
NAMED = 20
"""Lines that are named one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Scale:
    """(value − shift) × factor is what the network is given for a column."""

    name: str
    shift: float = 0.0
    factor: float = 1.0

    @property
    def sentence(self) -> str:
        return tr(
            "{column}: minus {shift}, times {factor}",
            column=self.name,
            shift=show(self.shift),
            factor=show(self.factor),
        )


@dataclass(frozen=True, eq=False)
class Samples:
    """`data` for a specification; `features` and `outputs` name its columns, `classes` are the
    texts that the targets tell apart (none for numbers), `scales` what was done to each input
    column and `target_scales` to each target; `notes` says in sentences all that was changed."""

    data: Data
    features: tuple[str, ...]
    outputs: tuple[str, ...]
    classes: tuple[str, ...]
    scales: tuple[Scale, ...]
    target_scales: tuple[Scale, ...]
    left_out: int
    notes: tuple[str, ...]

    def apply(self, inputs: Array) -> Array:
        """Raw inputs (samples, features) as the network is given them."""
        return _scaled(np.asarray(inputs, np.float64), self.scales)

    def undo(self, outputs: Array) -> Array:
        """The network's outputs in the units of the table."""
        shift = np.array([scale.shift for scale in self.target_scales])
        factor = np.array([scale.factor for scale in self.target_scales])
        found: Array = np.asarray(outputs) / factor + shift
        return found


def samples_of(
    table: Table,
    targets: str | Sequence[str],
    *,
    features: Sequence[str] | None = None,
    as_category: Iterable[str] = (),
    output: str = "softmax",
    missing: str = "leave_out",
    scaling: str = "none",
    target_scaling: str = "none",
    test: float = 0.0,
    seed: int = 0,
) -> Samples:
    """The samples that the chosen columns give. Raises DataError, by name.

    `features`: None for every column that can be one. `as_category`: columns of numbers that are
    classes. `output`: the network's output function, which decides how classes are written: as
    one column of 0 or −1 and 1 for two classes (but for softmax), else as one column each.
    `test`: the share of the rows, drawn with `seed`, that is kept apart.
    """
    _known(scaling, SCALINGS)
    _known(target_scaling, SCALINGS)
    _known(missing, MISSING)
    names = (targets,) if isinstance(targets, str) else tuple(targets)
    wanted = set(as_category)
    goals = [_chosen(table, name, wanted) for name in names]
    inputs = _inputs(table, names, features, wanted)
    if not goals or not inputs:
        raise DataError(tr("Choose at least one column to learn from and one to predict."))
    keep, notes = _kept(table, inputs, goals, missing)
    if int(keep.sum()) < 2:
        raise DataError(tr("The table has a single row to use; to learn, it takes two or more."))
    train, held = _split(int(keep.sum()), test, seed)
    x, columns, filled = _matrix(inputs, keep, train, missing)
    y, outputs, classes = _goals(goals, keep, output)
    scales = _scales(x[train], columns, [c.kind for c, _ in _spread(inputs)], scaling)
    plain = [NUMBER if not classes else CATEGORY] * y.shape[1]
    target_scales = _scales(y[train], outputs, plain, target_scaling)
    notes += [*filled, *_told(scales, scaling), *_told(target_scales, target_scaling)]
    x, y = _scaled(x, scales), _scaled(y, target_scales)
    data = Data(x[train], y[train], x[held], y[held], tuple(columns))
    return Samples(
        data,
        tuple(columns),
        tuple(outputs),
        classes,
        scales,
        target_scales,
        table.rows - int(keep.sum()),
        tuple(notes),
    )


def _known(word: str, table: tuple[str, ...]) -> None:
    if word not in table:
        raise DataError(
            tr("there is no “{name}”; there are {names}", name=word, names=listed(table))
        )


def _chosen(table: Table, name: str, as_category: set[str]) -> Column:
    column = table.column(name)
    if column.kind == TEXT:
        raise DataError(too_many(name))
    return column.as_category() if name in as_category else column


def _inputs(
    table: Table, targets: tuple[str, ...], features: Sequence[str] | None, as_category: set[str]
) -> list[Column]:
    if features is None:
        usable = [c.name for c in table.columns if c.kind != TEXT and c.name not in targets]
        return [_chosen(table, name, as_category) for name in usable]
    for name in features:
        if name in targets:
            raise DataError(
                tr("“{column}” cannot be learned from and predicted at once.", column=name)
            )
    return [_chosen(table, name, as_category) for name in features]


def _kept(
    table: Table, inputs: list[Column], goals: list[Column], missing: str
) -> tuple[Array, list[str]]:
    """Which rows are taken, and what is said about the others."""
    keep = np.ones(table.rows, bool)
    for column in (*inputs, *goals):
        fills = missing == "mean" and column.kind == NUMBER and column not in goals
        if fills and column.known.any():
            continue
        keep &= column.known
    gone = table.lines[~keep]
    if not gone.size:
        return keep, []
    lines = listed(gone.tolist(), NAMED)
    if missing == "refuse":
        raise DataError(
            trn(
                "{n} row misses a value: line {lines}",
                "{n} rows miss a value: lines {lines}",
                int(gone.size),
                lines=lines,
            )
        )
    if not keep.any():
        raise DataError(tr("No row has a value in every chosen column."))
    said = trn(
        "{n} row is left out because it misses a value: line {lines}",
        "{n} rows are left out because they miss a value: lines {lines}",
        int(gone.size),
        lines=lines,
    )
    return keep, [said]


def _split(rows: int, test: float, seed: int) -> tuple[Array, Array]:
    """The rows to learn from and those kept apart, each in the order of the file."""
    if not 0 <= test < 1:
        raise DataError(tr("The share of test data is 0 or more and below 1."))
    count = min(round(rows * test), rows - 1)
    held = np.zeros(rows, bool)
    held[np.random.default_rng(seed).permutation(rows)[:count]] = True
    return np.flatnonzero(~held), np.flatnonzero(held)


def _spread(inputs: list[Column]) -> list[tuple[Column, str]]:
    """Each network input: its column, and the text that it stands for ("" for a number)."""
    found = []
    for column in inputs:
        if column.kind == NUMBER:
            found.append((column, ""))
            continue
        if len(column.texts) > MOST_ONES:
            raise DataError(
                tr(
                    "“{column}” has {n} different texts, each of which would be an input; the "
                    "most is {most}.",
                    column=column.name,
                    n=f"{len(column.texts):,}",
                    most=MOST_ONES,
                )
            )
        found += [(column, text) for text in column.texts]
    return found


def _matrix(
    inputs: list[Column], keep: Array, train: Array, missing: str
) -> tuple[Array, list[str], list[str]]:
    """(rows, inputs), their names, and what was filled in."""
    parts, names, notes = [], [], []
    for column, text in _spread(inputs):
        values = column.values[keep]
        if column.kind != NUMBER:
            parts.append((values == column.texts.index(text)).astype(np.float64))
            names.append(f"{column.name}={text}")
            continue
        gaps = np.isnan(values)
        if gaps.any():
            known = values[train][~gaps[train]]
            mean = float(known.mean()) if known.size else 0.0
            values = np.where(gaps, mean, values)
            notes.append(
                trn(
                    "{n} gap in {column} is filled with its mean {mean}",
                    "{n} gaps in {column} are filled with its mean {mean}",
                    int(gaps.sum()),
                    column=column.name,
                    mean=show(mean),
                )
            )
        parts.append(values)
        names.append(column.name)
    return np.stack(parts, axis=1), names, notes


def _goals(
    goals: list[Column], keep: Array, output: str
) -> tuple[Array, list[str], tuple[str, ...]]:
    """(rows, outputs), their names, and the classes that they tell apart."""
    kinds = {column.kind for column in goals}
    if kinds == {NUMBER}:
        y = np.stack([column.values[keep] for column in goals], axis=1)
        for column, values in zip(goals, y.T, strict=True):
            if np.ptp(values) == 0:
                raise DataError(_one_value(column.name))
        return y, [column.name for column in goals], ()
    if len(goals) > 1:
        raise DataError(tr("Predict one category, or one or more columns of numbers."))
    column = goals[0]
    codes = column.values[keep]
    used = np.unique(codes)
    if used.size < 2:
        raise DataError(_one_value(column.name))
    texts = tuple(column.texts[code] for code in used.tolist())
    low = 0.0 if output in NO_NEGATIVE else -1.0
    if used.size == 2 and output != "softmax":
        return np.where(codes == used[1], 1.0, low)[:, None], [f"{column.name}={texts[1]}"], texts
    if used.size > MOST_ONES:
        raise DataError(too_many(column.name))
    ones = np.where(codes[:, None] == used, 1.0, low)
    return ones, [f"{column.name}={text}" for text in texts], texts


def _one_value(name: str) -> str:
    return tr(
        "“{column}” has the same value in every row, so there is nothing to predict.", column=name
    )


def _scales(
    values: Array, names: Sequence[str], kinds: Sequence[str], scaling: str
) -> tuple[Scale, ...]:
    """What each column of numbers is to be shifted and multiplied by; ones stay as they are."""
    found = []
    for column, name, kind in zip(values.T, names, kinds, strict=True):
        if scaling == "none" or kind != NUMBER:
            found.append(Scale(name))
            continue
        with np.errstate(all="ignore"):
            low, high, mean, spread = column.min(), column.max(), column.mean(), column.std()
            wide = not math.isfinite(high - low) or not 0 < spread < math.inf
        if high == low or wide:
            # A constant has no spread to divide by, nor have numbers near the largest there are.
            found.append(Scale(name, float(mean) if math.isfinite(mean) else 0.0, 1.0))
        elif scaling == "standard":
            found.append(Scale(name, float(mean), float(1.0 / spread)))
        elif scaling == "zero_to_one":
            found.append(Scale(name, float(low), float(1.0 / (high - low))))
        else:
            found.append(Scale(name, float((low + high) / 2), float(2.0 / (high - low))))
    return tuple(found)


def _scaled(values: Array, scales: Sequence[Scale]) -> Array:
    if all(scale.shift == 0 and scale.factor == 1 for scale in scales):
        return values
    shift = np.array([scale.shift for scale in scales])
    found: Array = (values - shift) * np.array([scale.factor for scale in scales])
    return found


def _told(scales: tuple[Scale, ...], scaling: str) -> list[str]:
    if scaling == "none":
        return []
    return [s.sentence for s in scales if s.shift != 0 or s.factor != 1]
