"""Numbers as people read them: exact ones short, rounded ones with all their digits.

A value that fits is shown as it is ("−4", "2.5"); one that does not is rounded to the asked number
of significant digits with its zeros kept ("0.3679", "−0.5000" for −0.49999), so that the length
tells the two apart. The minus is a true minus, as wide as a digit.
"""

from __future__ import annotations

import math
import re

MINUS = "\N{MINUS SIGN}"
DIGITS = 4
"""Significant digits on labels unless the user chose otherwise."""
NOT_DIGITS = 7
"""Characters of a plain number that are no significant digits, at most: in "-1.5e-308" all but the
15; "-0.000" before others are fewer."""


def show(value: float, digits: int = DIGITS) -> str:
    """The value with `digits` significant digits: "−12", "0.3679", "1.234e−7", "∞", "NaN"."""
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    # A zero's sign matters only to 1/x; on a label "−0" would be a riddle. `exact` tells it.
    exact = plain(value + 0.0)
    long = len(exact) > digits + NOT_DIGITS or _length(exact) > digits
    return (_rounded(value, digits) if long else exact).replace("-", MINUS)


def exact(value: float) -> str:
    """All digits needed to read the float back, with a true minus."""
    if not math.isfinite(value):
        return show(value)
    return plain(value).replace("-", MINUS)


def plain(value: float) -> str:
    """The shortest text that reads back as the same float, in ASCII: "-4", "0.1", "1e-7"."""
    if value == 0:
        return "-0" if math.copysign(1.0, value) < 0 else "0"
    text = repr(float(value))
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def factor(value: float, digits: int = DIGITS) -> str:
    """As `show`, but in parentheses where it begins with a minus: a factor in a product."""
    text = show(value, digits)
    return f"({text})" if text.startswith(MINUS) else text


def read(text: str) -> float:
    """The number a person typed: true minus or hyphen, decimal point, exponent, ∞, NaN refused.

    Raises ValueError for anything else; never evaluates anything.
    """
    cleaned = text.strip().replace(MINUS, "-").replace("\N{INFINITY}", "inf")
    if not re.fullmatch(r"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf)", cleaned, re.ASCII):
        raise ValueError(text)
    return float(cleaned)


def read_column(text: str) -> float | tuple[float, ...]:
    """One number, or several: "1, 2, 3" is a batch of three samples.

    Commas, semicolons and line ends part them, Chinese ones too. Raises ValueError, with the part
    that is no number.
    """
    parts = [part.strip() for part in re.split(r"[,;，；、\n\t]", text.strip())]
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    found = tuple(read(part) for part in parts)
    return found if len(found) > 1 else found[0]


def spelt(value: float | tuple[float, ...]) -> str:
    """What `read_column` reads back: all digits of a number, or of every sample of a batch."""
    return ", ".join(map(exact, value)) if isinstance(value, tuple) else exact(float(value))


def _length(text: str) -> int:
    """How many significant digits a plain number shows."""
    return len(text.partition("e")[0].lstrip("-").replace(".", "").lstrip("0"))


def _rounded(value: float, digits: int) -> str:
    """`digits` significant digits, zeros kept; a power of ten only where plain would be long."""
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if digits <= power < 6:
        # The whole part in full: "12350" for 12345.6 would claim a digit that is wrong.
        return f"{value:.0f}"
    if -4 <= power < digits:
        return f"{float(f'{mantissa}e{power}'):.{max(0, digits - 1 - power)}f}"
    return f"{mantissa}e{power}"
