"""Words in and out of explorers: what is typed, and the parts of verdicts."""

import math
from collections.abc import Collection, Sequence

from rnnlib._typing import Array

__all__ = [
    "KEPT",
    "count",
    "fate",
    "fixed",
    "in_seeds",
    "left_out",
    "number",
    "percent",
    "span",
    "typed",
    "whole_percent",
]

KEPT = "kept within a factor of ten"


def number(value: float, digits: int = 2) -> str:
    """Return `value` as one would write it: few digits, with a power of ten if needed.

    >>> number(0.0123), number(3.0), number(45678.9), number(3.2e-9)
    ('0.012', '3', '4.6e4', '3.2e-9')
    >>> number(float("inf")), number(0.0)
    ('more than 1e308', '0')
    """
    if math.isinf(value):
        return "more than 1e308"
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 < power < 4:
        return f"{float(f'{mantissa}e{exponent}'):.{max(digits, 6)}g}"
    return (
        f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{power}"
    )


def percent(share: float) -> str:
    """Return a share as a percentage.

    >>> percent(0.613), percent(0.004), percent(0.9975), percent(1.0)
    ('61 %', '0.4 %', '99.8 %', '100 %')
    """
    return f"{number(100 * share, 2 if share < 0.995 else 3)} %"


def fixed(value: float, decimals: int = 2) -> str:
    """Return `value` with `decimals` decimals and a true minus sign, for a table.

    >>> fixed(-0.126), fixed(-0.001), fixed(2, 3)
    ('−0.13', '0.00', '2.000')
    """
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−" if text.strip("-0.") else "")


def whole_percent(share: float) -> str:
    """Return a share as a percentage without decimals.

    >>> whole_percent(0.613), whole_percent(6e-6)
    ('61 %', '0 %')
    """
    return f"{100 * share:.0f} %"


def span(shares: Array) -> str:
    """Return the smallest and the largest of several shares.

    >>> import numpy as np
    >>> span(np.array([0.973, 0.981, 0.978])), span(np.array([0.999, 1.0]))
    ('97 to 98 %', '100 %')
    """
    low, high = (f"{100 * share:.0f}" for share in (shares.min(), shares.max()))
    return f"{low} %" if low == high else f"{low} to {high} %"


def in_seeds(true: Array) -> str:
    """Return in how many seeds something is so.

    >>> import numpy as np
    >>> in_seeds(np.array([True, False, True]))
    '2 of 3 seeds'
    """
    return f"{int(true.sum())} of {len(true)} seeds"


def count(n: int, thing: str) -> str:
    """Return how many things there are.

    >>> count(1, "step"), count(2, "step")
    ('1 step', '2 steps')
    """
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def fate(left: float) -> str:
    """Return what has happened to a gradient of which the factor `left` remains.

    >>> fate(1e-5), fate(0.5), fate(1e4)
    ('vanishing', 'kept within a factor of ten', 'exploding')
    """
    if left < 0.1:
        return "vanishing"
    return "exploding" if left > 10 else KEPT


def left_out(unknown: Sequence[str], beyond: int, longest: int) -> str:
    """Return a sentence about typed words that do not count, empty if all of them do.

    `unknown` are those that the network does not know; `beyond` says how many came
    after the first `longest`, which alone are read.

    >>> left_out(("zebra", "xylophonists", "zebra"), 2, 8)
    'Left out: “zebra” and “xylophonist…”, not known; 2 words after the first 8. '
    >>> left_out(("a", "b", "c", "d"), 0, 8)
    'Left out: “a” and 3 more, not known. '
    """
    words = list(dict.fromkeys(unknown))
    parts = []
    if words:
        named = [f"“{w}”" if len(w) < 12 else f"“{w[:11]}…”" for w in words]
        rest = named[1:] if len(words) < 3 else [f"{len(words) - 1} more"]
        parts.append(f"{' and '.join([named[0], *rest])}, not known")
    if beyond:
        parts.append(f"{count(beyond, 'word')} after the first {longest}")
    return f"Left out: {'; '.join(parts)}. " if parts else ""


def typed(text: str, known: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the words of a typed text that are known, and those that are not.

    >>> typed("The plot, was GREEN.", ("the", "plot", "was"))
    (['the', 'plot', 'was'], ('green',))
    """
    words = text.lower().replace(",", " ").replace(".", " ").split()
    unknown = tuple(word for word in words if word not in known)
    return [word for word in words if word in known], unknown
