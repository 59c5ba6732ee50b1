"""Running a net whose weights were set by hand on every short string of digits."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from rnnlib._typing import Array, Rng
from rnnlib.exercises.exercise import Answer, Case, Claim

__all__ = ["Net", "Rule", "answers", "claims", "run_with", "strings"]

Net = tuple[str, Array, Array, Array, Array, Array]
Rule = Callable[[Array], Array]
FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "step": lambda a: (a > 0).astype(float),
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
}
SHORT, LONG = 10, 100
ALL_SHORT = np.array(list(product((0, 1), repeat=SHORT))).T


def answers(net: Any, strings: Array) -> Array:
    """Return the answer of a net after each digit of strings (T, N): (T, N).

    With one score the answer is whether it is above 0, with several which is largest.
    """
    activation, W_xh, W_hh, b_h, W_hy, b_y = net
    h, found = np.zeros((strings.shape[1], len(W_hh))), []
    for digits in strings:
        x = digits[:, None]
        h = FUNCTIONS[activation](x @ W_xh + h @ W_hh + b_h)
        scores = h @ W_hy + b_y
        found.append(scores[:, 0] > 0 if len(b_y) == 1 else scores.argmax(axis=1))
    return np.array(found).astype(int)


def _misfit(net: Any, classes: int, units: int) -> str:
    """Return what is wrong with the form of a net, or nothing."""
    if not isinstance(net, tuple | list) or len(net) != 6:
        count = f"{len(net)} things" if isinstance(net, tuple | list) else repr(net)
        return (
            "It should return six things, the activation, W_xh, W_hh, b_h, W_hy and "
            f"b_y; yours returns {count[:60]}."
        )
    if not isinstance(net[0], str) or net[0] not in FUNCTIONS:
        return f'The activation is "step", "tanh" or "relu"; yours is {net[0]!r:.40}.'
    if np.ndim(net[2]) != 2:
        return (
            f"W_hh should be a matrix (H, H); yours has the shape {np.shape(net[2])}."
        )
    H = len(net[2])
    shapes = {
        "W_xh": (1, H),
        "W_hh": (H, H),
        "b_h": (H,),
        "W_hy": (H, classes),
        "b_y": (classes,),
    }
    for (name, shape), array in zip(shapes.items(), net[1:], strict=True):
        if np.shape(array) != shape:
            return (
                f"{name} should have the shape {shape}, since W_hh has {H} rows; yours "
                f"has {np.shape(array)}."
            )
        if not np.isfinite(np.asarray(array, dtype=float)).all():
            return f"{name} holds something that is not a finite number."
    return "" if units >= H else f"It has {H} units; it can be done with {units}."


def run_with(classes: int, units: int) -> Callable[[Answer, Case], dict[str, Any]]:
    """Return a function that runs a learner's net on short strings and on long ones."""

    def observe(answer: Answer, case: Case) -> dict[str, Any]:
        net = answer()
        try:
            misfit = _misfit(net, classes, units)
        except (TypeError, ValueError) as error:
            misfit = f"The weights cannot be used: {error}."
        if misfit:
            return {"misfit": misfit}
        net = (net[0], *(np.asarray(array, dtype=float) for array in net[1:]))
        with np.errstate(all="ignore"):
            short, long = (answers(net, s) for s in (ALL_SHORT, case["long_strings"]))
        return {"misfit": "", "short": short, "long": long}

    return observe


def claims(rule: Rule) -> tuple[Claim, ...]:
    """Return what must hold of a net that answers by `rule`."""
    return (
        Claim(
            "An activation and five arrays come back, and fit together.",
            lambda found, _: found["misfit"] or True,
        ),
        _is_right(rule),
        _stays_right(rule),
    )


def _first_fault(found: Array, strings: Array, right: Array) -> tuple[str, int, int]:
    """Return the shortest string with a wrong answer, that answer and the right one."""
    t, n = np.argwhere(found != right)[0]
    digits = "".join(map(str, strings[: t + 1, n]))
    return digits, int(found[t, n]), int(right[t, n])


def _is_right(rule: Rule) -> Claim:
    def holds(found: Any, _: Case) -> Any:
        right = rule(ALL_SHORT)
        if (found["short"] == right).all():
            return True
        digits, said, expected = _first_fault(found["short"], ALL_SHORT, right)
        share = int(100 * (found["short"] == right).mean())
        return (
            f"On the string {digits} your net says {said}; it should say {expected}: "
            f"{_ones(digits)}. No shorter string goes wrong. Over all strings of "
            f"length {SHORT}, digit by digit, {share} % of the answers are right."
        )

    return Claim(f"It is right on every string up to length {SHORT}.", holds)


def _stays_right(rule: Rule) -> Claim:
    def holds(found: Any, case: Case) -> Any:
        right = rule(case["long_strings"])
        if (found["long"] == right).all():
            return True
        digits, _, _ = _first_fault(found["long"], case["long_strings"], right)
        return (
            f"It is right on every string up to length {SHORT}, but not for ever: on a "
            f"long string it goes wrong after {len(digits)} digits. Does a state creep "
            "away from its value, a little at every step?"
        )

    return Claim(f"It stays right on strings of length {LONG}.", holds)


def strings(rng: Rng) -> list[Case]:
    """Return long strings (LONG, 40), from nearly all zeros to nearly all ones."""
    shares = np.linspace(0.05, 0.95, 40)
    return [{"long_strings": (rng.random((LONG, 40)) < shares).astype(int)}]


def _ones(digits: str) -> str:
    count = digits.count("1")
    return f"it has {count} one{'' if count == 1 else 's'}"
