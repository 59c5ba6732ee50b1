"""Running a net whose weights were set by hand on every short string of digits."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim
from rnncourse.lesson_02.digit_nets import misfit, run
from rnnlib._typing import Array, Rng

__all__ = ["Net", "claims", "run_with", "strings"]

Net = tuple[str, Array, Array, Array, Array, Array]
Rule = Callable[[Array], Array]
SHORT, LONG = 10, 100
LONG_ONES = f"every string up to length {SHORT}, and long ones"
ALL_SHORT = np.array(list(product((0, 1), repeat=SHORT))).T


def run_with(classes: int, units: int) -> Callable[[Answer, Case], dict[str, Any]]:
    """Return a function that runs a learner's net on short strings and on long ones."""

    def observe(answer: Answer, case: Case) -> dict[str, Any]:
        net = answer()
        wrong = misfit(net) or _too_large(net, classes, units)
        if wrong:
            return {"misfit": wrong}
        net = (net[0], *(np.asarray(array, dtype=float) for array in net[1:]))
        with np.errstate(all="ignore"):
            short, long = (
                run(net, strings)[1] for strings in (ALL_SHORT, case[LONG_ONES])
            )
        return {"misfit": "", "short": short, "long": long}

    return observe


def _too_large(net: Any, classes: int, units: int) -> str:
    H, V = np.shape(net[4])
    if classes != V:
        return f"W_hy should have the shape (H, {classes}); yours has {(H, V)}."
    return "" if units >= H else f"It has {H} units; it can be done with {units}."


def claims(rule: Rule) -> tuple[Claim, ...]:
    """Return what must hold of a net that answers by `rule`."""

    def is_right(found: Any, _: Case) -> Any:
        right = rule(ALL_SHORT)
        if (found["short"] == right).all():
            return True
        digits, said, expected = _first_fault(found["short"], ALL_SHORT, right)
        share = int(100 * (found["short"] == right).mean())
        ones = digits.count("1")
        return (
            f"On the string {digits} your net says {said}; it should say {expected}: "
            f"it has {ones} one{'' if ones == 1 else 's'}. No shorter string goes "
            f"wrong. Over all strings of length {SHORT}, digit by digit, {share} % of "
            "the answers are right."
        )

    def stays_right(found: Any, case: Case) -> Any:
        right = rule(case[LONG_ONES])
        if (found["long"] == right).all():
            return True
        digits, _, _ = _first_fault(found["long"], case[LONG_ONES], right)
        return (
            f"It is right on every string up to length {SHORT}, but not for ever: on a "
            f"long string it goes wrong after {len(digits)} digits. Does a state creep "
            "away from its value, a little at every step?"
        )

    return (
        Claim(
            "An activation and five arrays come back, and fit together.",
            lambda found, _: found["misfit"] or True,
        ),
        Claim(f"It is right on every string up to length {SHORT}.", is_right),
        Claim(f"It stays right on strings of length {LONG}.", stays_right),
    )


def _first_fault(found: Array, strings: Array, right: Array) -> tuple[str, int, int]:
    """Return the shortest string with a wrong answer, that answer and the right one."""
    t, n = np.argwhere(found != right)[0]
    digits = "".join(map(str, strings[: t + 1, n]))
    return digits, int(found[t, n]), int(right[t, n])


def strings(rng: Rng) -> list[Case]:
    """Return long strings (LONG, 40), from nearly all zeros to nearly all ones."""
    shares = np.linspace(0.05, 0.95, 40)
    return [{LONG_ONES: (rng.random((LONG, 40)) < shares).astype(int)}]
