"""What each command of the command line does; heavy imports stand inside."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.cli import FAILED, FINE, CommandError, output
from bpstudio.language import listed, tr, trn

if TYPE_CHECKING:
    from bpstudio.cli.names import Value
    from bpstudio.files.bps import File

Parser = argparse.ArgumentParser
Given = argparse.Namespace


# --- open -----------------------------------------------------------------------------------------


def add_open(parser: Parser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help=tr("documents to open"))
    parser.add_argument(
        "--window",
        action="store_true",
        help=tr("open the window even where no display can be seen"),
    )


def open_files(given: Given) -> int:
    """The window; where there is none to be had, the tables and how to get it."""
    from bpstudio.cli import display

    if given.window and display.missing():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    missing = "" if given.window else display.missing()
    missing = missing or display.wrong_version() or display.missing_libraries()
    if not missing:
        try:
            from bpstudio.ui.start import open_window
        except ImportError as error:
            missing = display.unusable(error)
            if not missing:
                raise
        else:
            return open_window(list(given.files), getattr(given, "lang", ""))
    if not given.files:
        raise CommandError(tr("{missing} {commands}", missing=missing, commands=_without_window()))
    status = FINE
    for index, path in enumerate(given.files):
        if index:
            output.say()
        try:
            _show(path, _load(path), {}, None)
        except Exception as error:
            status = output.tell(error)
    output.say()
    output.say(missing)
    return status


def _without_window() -> str:
    return tr("These commands need no window: {names}.", names=_WINDOWLESS)


_WINDOWLESS = "new run check validate export train diff examples"


# --- new ------------------------------------------------------------------------------------------


def add_new(parser: Parser) -> None:
    parser.add_argument("formula", help=tr("lines such as “f = (x + y) * z”"))
    _add_set(parser)
    parser.add_argument("--title", default="", help=tr("the document's title"))
    parser.add_argument("-o", "--output", metavar="FILE", help=tr("where to write it"))


def new(given: Given) -> int:
    from bpstudio.cli import names
    from bpstudio.core.edits import build, set_value
    from bpstudio.core.formula import FormulaError, parse_program
    from bpstudio.core.formula.typed import other_names
    from bpstudio.core.given import refuse_unequal
    from bpstudio.core.graph import BadParam, Graph
    from bpstudio.files.bps import File

    values = names.pairs(given.set)
    names.refuse_infinite(values)
    numbers = {name: v if isinstance(v, float) else v[0] for name, v in values.items()}
    try:
        graph = Graph().apply(build(Graph(), given.formula, numbers))
    except FormulaError as error:
        place = tr("line {line}, column {column}", line=error.line, column=error.column)
        raise CommandError(f"formula: {place}: {error.what}") from None
    for name, value in values.items():
        node = names.source(graph, name, "formula")
        if not isinstance(value, float):
            graph = graph.apply(set_value(graph, node, value))
    try:
        refuse_unequal(graph)
    except BadParam as error:
        raise CommandError(f"--set: {error}") from None
    title = given.title or " ; ".join(given.formula.split("\n")).strip()
    _write(File(graph, title[:200]), given.output)
    for sentence in other_names(parse_program(given.formula)):
        output.complain(f"formula: {sentence}")
    return FINE


# --- run, check, validate -------------------------------------------------------------------------


def add_file(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", help=tr("a document"))


def add_run(parser: Parser) -> None:
    add_file(parser)
    _add_set(parser)
    parser.add_argument("--json", action="store_true", help=tr("for programs"))
    parser.add_argument("--digits", type=_digits, help=tr("significant digits of the table (4)"))
    parser.add_argument("--exact", action="store_true", help=tr("all digits"))
    parser.add_argument(
        "--sample",
        type=int,
        default=0,
        metavar="K",
        help=tr("the sample of a batch that the table shows, counted from 0 (0)"),
    )


def run(given: Given) -> int:
    from bpstudio.cli import names

    _show(given.file, _load(given.file), names.pairs(given.set), given)
    return FINE


def _show(path: str, file: File, values: Mapping[str, Value], given: Given | None) -> None:
    """Run a document and say what came out."""
    from bpstudio.cli import lacking, names, tables
    from bpstudio.core.graph import GraphError
    from bpstudio.core.plan import Plan

    inputs = {names.source(file.graph, name, path): value for name, value in values.items()}
    sample = given.sample if given is not None else 0
    try:
        trace = Plan.of(file.graph).run(inputs)
        trace.sample(sample)
    except GraphError as error:
        raise CommandError(f"{path}: $.graph: {error}") from None
    if given is not None and given.json:
        output.say_json(tables.trace_as_json(trace))
        return
    output.say(output.printable(file.title or Path(path).name))
    if said := lacking.gates(file):
        output.say(said)
        return
    digits = None if given is not None and given.exact else (given and given.digits) or 4
    tables.say_trace(trace, digits, sample)


def add_check(parser: Parser) -> None:
    add_file(parser)
    parser.add_argument("--json", action="store_true", help=tr("for programs"))
    parser.add_argument(
        "--step",
        type=_step,
        metavar="H",
        help=tr("the step of the differences (1e-6), times |v| where the value v is above 1"),
    )
    parser.add_argument(
        "--sample",
        type=int,
        metavar="K",
        help=tr("only this sample of a batch, counted from 0 (all of them)"),
    )


def check(given: Given) -> int:
    from bpstudio.cli import lacking, tables
    from bpstudio.core import check as checks
    from bpstudio.core.graph import GraphError

    file = _load(given.file)
    step = given.step or checks.STEP
    try:
        if given.sample is None:
            found = checks.check_all_samples(file.graph, step)
        else:
            found = checks.check(file.graph, step, sample=given.sample)
    except GraphError as error:
        raise CommandError(f"{given.file}: $.graph: {error}") from None
    if given.json:
        output.say_json(tables.check_as_json(found, file.graph))
    else:
        output.say(output.printable(file.title or Path(given.file).name))
        if said := lacking.wires(file):
            output.say(said)
        else:
            tables.say_check(found, file.graph)
    return FINE if found.passed else FAILED


def validate(given: Given) -> int:
    from bpstudio.core.given import refuse_unequal
    from bpstudio.core.graph import BadParam

    file = _load(given.file)
    graph = file.graph
    try:
        refuse_unequal(graph)
    except BadParam as error:
        raise CommandError(f"{given.file}: $.graph: {error}") from None
    if file.network is not None:
        from bpstudio.cli.networks import trainer_of

        trainer_of(file, given.file)
    if file.training is not None:
        from bpstudio.cli.networks import refuse_training

        refuse_training(file, given.file)
    gates = trn("{n} gate", "{n} gates", len(graph.nodes))
    wires = trn("{n} wire", "{n} wires", len(graph.wires))
    found = {"file": given.file, "gates": gates, "wires": wires}
    if file.network is None:
        output.say(tr("{file}: a good document, {gates}, {wires}", **found))
    else:
        output.say(tr("{file}: a good document, {gates}, {wires}, a network", **found))
    return FINE


# --- export, diff, examples -----------------------------------------------------------------------


def add_export(parser: Parser) -> None:
    add_file(parser)
    parser.add_argument("out", metavar="OUT", help=tr("the file to write"))
    parser.add_argument(
        "--to", metavar="KEY", help=tr("the exporter, where the suffix leaves it open")
    )
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--scale", type=_scale, default=1.0, help=tr("enlarge a PNG, 1 to 4"))
    parser.add_argument(
        "--no-gradients", action="store_true", help=tr("a picture with values only")
    )


def export(given: Given) -> int:
    from bpstudio.cli import exporting

    exporting.export(_load(given.file), given)
    return FINE


def add_diff(parser: Parser) -> None:
    parser.add_argument("a", metavar="A", help=tr("the document before"))
    parser.add_argument("b", metavar="B", help=tr("the document after"))


def diff(given: Given) -> int:
    from bpstudio.files.difference import differences

    found = differences(_load(given.a), _load(given.b))
    for sentence in found or [tr("The documents are the same.")]:
        output.say(output.printable(sentence))
    return FINE


def add_examples(parser: Parser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help=tr("the example to write out"))
    parser.add_argument("-o", "--output", metavar="FILE", help=tr("where to write it"))


def examples(given: Given) -> int:
    from bpstudio.files import durable
    from bpstudio.files.examples import EXAMPLES, path

    if given.name is None:
        if given.output:
            raise CommandError(tr("examples: which example? {names}", names=listed(EXAMPLES)))
        width = max(map(len, EXAMPLES))
        for name, title in EXAMPLES.items():
            output.say(f"{name:{width}}  {tr(title)}")
        return FINE
    if given.name not in EXAMPLES:
        raise CommandError(
            tr(
                "there is no example “{name}”; there are {names}",
                name=given.name,
                names=listed(EXAMPLES),
            )
        )
    data = path(given.name).read_bytes()
    if given.output in (None, "-"):
        sys.stdout.buffer.write(data)
    else:
        durable.save(given.output, data)
    return FINE


# --- what they share ------------------------------------------------------------------------------


def _add_set(parser: Parser) -> None:
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=tr("the value of an input, by its label or id; NAME=1,2,3 is a batch of samples"),
    )


def _digits(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 17:
        raise argparse.ArgumentTypeError(tr("digits are 1 to 17"))
    return number


def _scale(text: str) -> float:
    from bpstudio.core import numbers

    with suppress(ValueError):
        if 1 <= (scale := numbers.read(text)) <= 4:
            return scale
    raise argparse.ArgumentTypeError(tr("a scale is a number from 1 to 4"))


def _step(text: str) -> float:
    from bpstudio.core import numbers

    with suppress(ValueError):
        if 0 < (step := numbers.read(text)) <= 1:
            return step
    raise argparse.ArgumentTypeError(tr("a step is a number above 0 and at most 1"))


def _load(path: str) -> File:
    from bpstudio.files import bps

    return bps.load(path)[0]


def _write(file: File, target: str | None) -> None:
    from bpstudio.files import bps

    if target in (None, "-"):
        sys.stdout.buffer.write(bps.encode(file))
    else:
        bps.save(file, target)
