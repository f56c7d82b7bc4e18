"""Reads formula text into expressions, and says in one sentence what is wrong with it and where.

Nothing is ever evaluated: text becomes tokens, tokens become Number, Name and Call. Numbers are
read as floats only, so that 9**9**9 or five thousand digits cannot keep the program busy.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bpstudio.core.formula.expr import Call, Definition, Expr, Name, Number, Place, walk
from bpstudio.core.formula.functions import HELPERS, Function, functions, functions_with
from bpstudio.core.graph import NOTHING, GraphError, Kind
from bpstudio.core.limits import LONGEST_FORMULA
from bpstudio.language import listed, tr, trn

DEEPEST = 100
"""Levels of parentheses, signs and exponents inside one another."""
LONGEST_NAME = 64

_SPELLINGS = str.maketrans(
    "−–×·⋅∗÷∕（），＋－＊／＝＾．　\N{NO-BREAK SPACE}\t", "--****//(),+-*/=^.   "
)
"""Signs of the same meaning, also as Chinese keyboards write them -> ASCII."""
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TOKEN = re.compile(
    r"""\ *(?:
    (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
  | (?P<name>[^\W\d⁰¹²³⁴-⁹][^\W⁰¹²³⁴-⁹\u0300-\u036f]*(?:[\u0300-\u036f′]+[^\W⁰¹²³⁴-⁹]*)*)
  | (?P<raised>⁻?[⁰¹²³⁴-⁹]+)
  | (?P<sign>\*\*|[-+*/^(),=])
  | (?P<other>\S)
    )""",
    re.VERBOSE,
)

_BINARY = {
    "+": ("add", 1),
    "-": ("subtract", 1),
    "*": ("multiply", 2),
    "/": ("divide", 2),
    "^": ("power", 4),
    "**": ("power", 4),
}
_SIGN_BINDS = 3
"""A sign binds tighter than * and looser than ^: -x^2 is -(x^2)."""


class FormulaError(GraphError):
    """A formula that cannot be read or built; `line` and `column` count from 1."""

    def __init__(self, what: str, at: Place = (1, 1)) -> None:
        self.line, self.column = at
        self.what = what
        super().__init__(
            tr("Line {line}, column {column}: {what}", line=at[0], column=at[1], what=what)
        )


class NoFormula(FormulaError):
    """A graph that no formula describes; what is wrong stands in the graph, not in a text."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.args = (what,)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: Place


def parse(text: str, kinds: Mapping[str, Kind] = NOTHING) -> Expr:
    """The one expression in the text; it may call these own gates too. Raises FormulaError."""
    lines = _lines(text)
    if len(lines) > 1:
        raise FormulaError(tr("Only one expression is expected here."), lines[1][0].at)
    reader = _Reader(lines[0], functions_with(kinds))
    expr = reader.expression(0)
    reader.end()
    return expr


def parse_program(text: str, kinds: Mapping[str, Kind] = NOTHING) -> tuple[Definition, ...]:
    """The `name = expression` lines; a bare last expression is called f. Raises FormulaError.

    They may call the own gates `kinds` too, whose names stay free for values.
    """
    known = functions_with(kinds)
    lines = _lines(text)
    found: list[Definition] = []
    bare = False
    for number, tokens in enumerate(lines, start=1):
        name, body = _named(tokens)
        if not name and number < len(lines):
            raise FormulaError(
                tr("Only the last line may go without a name; write name = expression."),
                tokens[0].at,
            )
        bare = not name
        if any(name == earlier.name for earlier in found):
            raise FormulaError(
                tr("“{name}” is defined twice; give one of them another name.", name=name),
                tokens[0].at,
            )
        reader = _Reader(body, known)
        found.append(Definition(name, reader.expression(0), tokens[0].at[0]))
        reader.end()
    if bare:
        found[-1] = Definition(_free_name(found), found[-1].expr, found[-1].line)
    _check_order(found)
    return tuple(found)


def is_name(text: str) -> bool:
    """Whether a formula reads this as the name of a value."""
    match = _TOKEN.fullmatch(text)
    known = match is not None and match.lastgroup == "name" and match["name"] == text
    plain = unicodedata.normalize("NFC", text.translate(_SPELLINGS)) == text
    return known and plain and len(text) <= LONGEST_NAME and text not in functions()


def _lines(text: str) -> list[list[Token]]:
    """The tokens of every line that holds any, each ended by one of kind "end"."""
    if len(text) > LONGEST_FORMULA:
        raise FormulaError(
            tr(
                "The formula has {n} characters; at most {most} are read.",
                n=f"{len(text):,}",
                most=f"{LONGEST_FORMULA:,}",
            )
        )
    lines = [
        _tokens(line, number)
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)
        if line.strip()
    ]
    if not lines:
        raise FormulaError(tr("There is no formula; type for example f = (x + y) * z."))
    return lines


def _tokens(line: str, number: int) -> list[Token]:
    line = line.translate(_SPELLINGS)
    found: list[Token] = []
    for match in _TOKEN.finditer(line):
        kind = str(match.lastgroup)
        token = Token(kind, match[kind], (number, match.start(kind) + 1))
        if kind == "other":
            raise FormulaError(
                tr("“{sign}” has no meaning in a formula; remove it.", sign=_visible(token.text)),
                token.at,
            )
        if kind == "name":
            if len(token.text) > LONGEST_NAME:
                raise FormulaError(
                    tr(
                        "The name “{name}…” is longer than {most} characters.",
                        name=token.text[:20],
                        most=LONGEST_NAME,
                    ),
                    token.at,
                )
            token = Token(kind, unicodedata.normalize("NFC", token.text), token.at)
        found.append(token)
    found.append(Token("end", "", (number, len(line.rstrip()) + 1)))
    return found


def _visible(sign: str) -> str:
    """A character that can be shown: control characters by their number."""
    return sign if sign.isprintable() else f"U+{ord(sign):04X}"


def _named(tokens: list[Token]) -> tuple[str, list[Token]]:
    """The name that a line defines ("" for none) and the tokens of its expression."""
    if len(tokens) < 2 or tokens[1].text != "=":
        return "", tokens
    name = tokens[0]
    if name.kind != "name":
        raise FormulaError(tr("A line defines a name: write name = expression."), name.at)
    if name.text in functions():
        raise FormulaError(
            tr("“{name}” is the name of a function; choose another name.", name=name.text), name.at
        )
    return name.text, tokens[2:]


def _free_name(found: list[Definition]) -> str:
    """What to call the expression without a name: f, or the next letter that nothing uses."""
    taken = {d.name for d in found}
    for definition in found:
        taken.update(part.name for part in walk(definition.expr) if isinstance(part, Name))
    letters = [c for c in "fghpqrstuv" if c not in taken]
    return letters[0] if letters else next(f"f{n}" for n in range(1, 10**6) if f"f{n}" not in taken)


def _check_order(program: list[Definition]) -> None:
    """Refuse names that are used on or before the line that defines them."""
    later = {definition.name for definition in program}
    for definition in program:
        for part in walk(definition.expr):
            if isinstance(part, Name) and part.name in later:
                if part.name == definition.name:
                    what = tr(
                        "“{name}” is defined in terms of itself; give the new value another name.",
                        name=part.name,
                    )
                else:
                    what = tr(
                        "“{name}” is used before it is defined; move its line up.", name=part.name
                    )
                raise FormulaError(what, part.at)
        later.discard(definition.name)


class _Reader:
    """One line's tokens, read from left to right by binding strength."""

    def __init__(self, tokens: list[Token], functions: Mapping[str, Function]) -> None:
        self.tokens = tokens
        self.functions = functions
        self.next = 0
        self.depth = 0

    def expression(self, least: int) -> Expr:
        """An operand and all that binds to it at least as strongly as `least`."""
        left = self.operand()
        while True:
            token = self.tokens[self.next]
            if token.kind == "raised":
                self.next += 1
                exponent = Number(self.number(token.text.translate(_RAISED), token), token.at)
                left = Call("power", (left, exponent), token.at)
                continue
            function, binds = _BINARY.get(token.text, ("", 0))
            if not function or binds < max(least, 1):
                return left
            self.next += 1
            # ^ takes its own kind to its right, the others to their left.
            right = self.nested(binds if function == "power" else binds + 1, token)
            left = Call(function, (left, right), token.at)

    def nested(self, least: int, opener: Token) -> Expr:
        """An expression one level deeper."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(
                tr(
                    "More than {most} levels inside one another; give a part a name of its own.",
                    most=DEEPEST,
                ),
                opener.at,
            )
        expr = self.expression(least)
        self.depth -= 1
        return expr

    def operand(self) -> Expr:
        token = self.tokens[self.next]
        self.next += 1
        if token.kind == "number":
            return Number(self.number(token.text, token), token.at)
        if token.kind == "name":
            return self.name_or_call(token)
        if token.text in ("-", "+"):
            first = self.next
            inner = self.nested(_SIGN_BINDS, token)
            if token.text == "+":
                return inner
            # -3 is one number, -(3) a sign before one: what is written stays what it was.
            if isinstance(inner, Number) and self.tokens[first].kind == "number":
                return Number(-inner.value, token.at)
            return Call("negate", (inner,), token.at)
        if token.text == "(":
            inner = self.nested(0, token)
            self.close(token)
            return inner
        raise FormulaError(self.missing(token), token.at)

    def number(self, text: str, token: Token) -> float:
        value = float(text)
        if math.isinf(value):
            shown = token.text if len(token.text) <= 24 else f"{token.text[:20]}…"
            raise FormulaError(
                tr("The number {number} is too large; at most 1.8e308 can be kept.", number=shown),
                token.at,
            )
        return value

    def name_or_call(self, token: Token) -> Expr:
        known = self.functions.get(token.text)
        if self.tokens[self.next].text != "(":
            if token.text in functions():
                raise FormulaError(
                    tr(
                        "“{name}” is a function; write {name}(…) or choose another name.",
                        name=token.text,
                    ),
                    token.at,
                )
            return Name(token.text, token.at)
        if known is None:
            raise FormulaError(_unknown(token.text, self.functions), token.at)
        opener = self.tokens[self.next]
        self.next += 1
        args: list[Expr] = []
        if self.tokens[self.next].text != ")":
            args.append(self.nested(0, opener))
            while self.tokens[self.next].text == ",":
                self.next += 1
                args.append(self.nested(0, opener))
        self.close(opener)
        _check_count(known, token, len(args))
        return Call(known.key, tuple(args), token.at)

    def close(self, opener: Token) -> None:
        token = self.tokens[self.next]
        if token.kind == "end":
            raise FormulaError(tr("This parenthesis is never closed; add “)”."), opener.at)
        if token.text != ")":
            raise FormulaError(self.unexpected(token), token.at)
        self.next += 1

    def end(self) -> None:
        token = self.tokens[self.next]
        if token.kind != "end":
            raise FormulaError(self.unexpected(token), token.at)

    def missing(self, token: Token) -> str:
        """What to say when a value should stand here and does not."""
        before = self.tokens[self.next - 2].text if self.next > 1 else ""
        if token.kind != "end":
            return tr("A value is missing before “{sign}”.", sign=token.text)
        if before:
            return tr("A value is missing after “{sign}”.", sign=before)
        return tr("An expression is missing after “=”.")

    def unexpected(self, token: Token) -> str:
        """What to say when a value has ended and something else than a sign follows."""
        before = self.tokens[self.next - 1].text
        if token.text == ")":
            return tr("This “)” closes nothing; remove it or add “(” before it.")
        if token.text == "=":
            return tr("“=” may stand only once, after the name that the line defines.")
        if token.text == ",":
            return tr("“,” may stand only between the arguments of a function.")
        return tr(
            "A sign is missing between “{before}” and “{after}”; write {before} * {after}.",
            before=before,
            after=token.text,
        )


def _unknown(name: str, known: Mapping[str, Function]) -> str:
    # Nobody is led to a helper, which has no gate.
    named = [key for key in known if key not in HELPERS]
    close = difflib.get_close_matches(name.lower(), named, n=3, cutoff=0.6)
    if close:
        return tr(
            "There is no function “{name}”; did you mean {names}?",
            name=name,
            names=listed(close),
        )
    return tr(
        "There is no function “{name}”; to multiply, write {name} * (…).",
        name=name,
    )


def _check_count(function: Function, token: Token, count: int) -> None:
    if function.least <= count <= function.most:
        return
    if function.least == function.most:
        what = trn(
            "{name} takes {n} argument, not {count}.",
            "{name} takes {n} arguments, not {count}.",
            function.most,
            name=token.text,
            count=count,
        )
    else:
        what = tr(
            "{name} takes {least} to {most} arguments, not {count}.",
            name=token.text,
            least=function.least,
            most=function.most,
            count=count,
        )
    raise FormulaError(what, token.at)
