"""Exercise 08.2: a latch, the weights of one LSTM unit set by hand."""

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import product, zip_longest
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_08.exercises.one_step import new_state
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array

__all__ = ["LATCH"]

TOKENS = "SR."
SHAPES = {"W_xh": (3, 4), "W_hh": (1, 4), "b_h": (4,)}
SHORT, LONG = 6, 60

Ends = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class _Seen:
    """What a unit does; two that differ in the size of their weights are alike."""

    misfit: str
    ends: Ends = field(default_factory=dict, compare=False)
    roughly: tuple[tuple[bool, int], ...] = ()
    swapped: bool = False  # a latch, if its last two columns change places


def lstm_latch() -> tuple[Array, Array, Array]:
    """Return W_xh (3, 4), W_hh (1, 4) and b_h (4,) of a unit that S sets and R resets.

    The rows of W_xh are for S, R and the dot; the columns are i, f, o, g.
    """
    store = [12.0, -12.0, 12.0, 12.0]
    clear = [-12.0, -12.0, 12.0, 0.0]
    keep = [-12.0, 12.0, 12.0, 0.0]
    return np.array([store, clear, keep]), np.zeros((1, 4)), np.zeros(4)


def _texts() -> list[str]:
    """Return all strings of up to six tokens, and a few long ones."""
    every = [
        "".join(word) for n in range(1, SHORT + 1) for word in product(TOKENS, repeat=n)
    ]
    dots = "." * LONG
    long = [dots, f"S{dots}", f"R{dots}", f"SR{dots}", f"RS{dots}", f"SSSS{dots}"]
    mixed = [f"S{dots}R{dots}", f"R{dots}S{dots}", "S" * LONG, "R" * LONG + "S"]
    return [*every, *long, *mixed, "SR" * LONG, "S.." * LONG]


def _run(answer: Any, case: Case) -> _Seen:
    """Return h and c at the end of each string, or what is wrong with the weights."""
    found = call(answer, case)
    if not isinstance(found, tuple | list) or len(found) != len(SHAPES):
        return _Seen(f"It should return three arrays: {', '.join(SHAPES)}.")
    parts = [np.asarray(part, dtype=float) for part in found]
    yours = dict(zip(SHAPES, (part.shape for part in parts), strict=True))
    if yours != SHAPES:
        asked = ", ".join(f"{name} {shape}" for name, shape in SHAPES.items())
        wrong = [f"{n} {shape}" for n, shape in yours.items() if shape != SHAPES[n]]
        return _Seen(f"It should return {asked}; yours has {', '.join(wrong)}.")
    if not all(np.isfinite(part).all() for part in parts):
        return _Seen("Some of the weights are no finite numbers.")
    ends, others = _ends(*parts), _ends(*(p[..., [0, 1, 3, 2]] for p in parts))
    roughly = tuple((h > 0.5, round(2 * c)) for h, c in ends.values())
    return _Seen("", ends, roughly, _shows(_Seen("", others), case) is True)


def _ends(W_xh: Array, W_hh: Array, b_h: Array) -> Ends:
    """Return h and c at the end of each string."""
    ends: Ends = {}
    h = c = np.zeros((len(_texts()), 1))
    for rows, ending in _steps():
        h, c = new_state(W_xh[rows] + h @ W_hh + b_h, c)
        ends |= {text: (float(h[k, 0]), float(c[k, 0])) for k, text in ending}
    return ends


@cache
def _steps() -> list[tuple[Array, list[tuple[int, str]]]]:
    """Return of each step the row that each string reads, and the strings that end."""
    places = [*enumerate(_texts())]
    return [
        (
            np.array([TOKENS.index(token) for token in column]),
            [(k, text) for k, text in places if len(text) == t],
        )
        for t, column in enumerate(zip_longest(*_texts(), fillvalue="."), 1)
    ]


def _fits(seen: _Seen, _: Case) -> bool | str:
    return seen.misfit or True


def _shows(seen: _Seen, _: Case) -> Any:
    """Return whether h is above a half where S came last; else say where it is not."""
    for text, (h, c) in sorted(seen.ends.items(), key=lambda item: len(item[0])):
        is_set = text.rstrip(".").endswith("S")
        if (h > 0.5) != is_set:
            side = "above" if is_set else "below"
            return (
                f"After {_in_short(text)!r} h must be {side} 0.5; it is {fixed(h, 3)}, "
                f"c is {fixed(c, 3)}."
            )
    return True


def _in_short(text: str) -> str:
    """Return a string with its many dots counted, and its end alone if it is long."""
    counted = re.sub(r"\.{9,}", lambda dots: f" {len(dots[0])} dots ", text).strip()
    return counted if len(counted) <= 40 else f"… {counted[-20:]}"


def _does_not_count(seen: _Seen, _: Case) -> Any:
    once, often = seen.ends["S"][1], seen.ends["S" * SHORT][1]
    if abs(often - once) < 0.2:
        return True
    return (
        f"A second S changes nothing: after one S c is {fixed(once, 3)}, so after "
        f"{SHORT} it must be about the same; it is {fixed(often, 3)}."
    )


LATCH = Exercise(
    id="08.2",
    kind="H",
    title="Be the cell: a latch",
    reference=lstm_latch,
    cases=lambda rng: [{}],
    observe=_run,
    mistakes=(
        Mistake(
            "never_forgets",
            {
                "store = [12.0, -12.0": "store = [12.0, 12.0",
                "clear = [-12.0, -12.0": "clear = [-12.0, 12.0",
            },
            "Your unit keeps whatever it has: R does not empty it, and a second S "
            "adds up. Which gate has to close, and at which tokens, so that the old "
            "value goes?",
        ),
        Mistake(
            "fades",
            {"keep = [-12.0, 12.0": "keep = [-12.0, 0.0"},
            "Your unit stores, and then loses a part of it at each dot. What is the "
            "forget gate at a dot? A sigmoid at 0 is one half: after ten dots a "
            "thousandth is left. How large must the pre-activation be?",
        ),
        Mistake(
            "stores_at_a_dot",
            {"keep = [-12.0, 12.0, 12.0, 0.0]": "keep = [12.0, 12.0, 12.0, 12.0]"},
            "Your unit is written to at a dot. At a dot nothing may happen: the old "
            "value stays, and nothing is added. Which gate decides whether something "
            "is written?",
        ),
        Mistake(
            "keeps_in_secret",
            {"clear, keep])": "clear, keep]) * [1, 1, -1, 1]"},
            "Your cell state is right, and h does not show it. h is the output gate "
            "times tanh(c). Which column of W_xh opens that gate, and for which "
            "tokens?",
            others=({"[-12.0, 12.0, 12.0, 0.0]": "[-12.0, 12.0, -12.0, 0.0]"},),
        ),
        Mistake(
            "in_another_order",
            {"clear, keep])": "clear, keep])[:, [0, 1, 3, 2]]"},
            "Your columns stand in PyTorch's order, i f g o. This library stacks the "
            "three gates first: the third column is the output gate, the last one the "
            "candidate.",
        ),
    ),
    claims=(
        Claim("Three arrays of the right shapes come back.", _fits),
        Claim("After S, and dots, h is above 0.5; else below.", _shows),
        Claim("The unit stores one value and does not count.", _does_not_count),
    ),
    hints=(
        "Fill in a table first: for S, for R and for a dot, which gate is open and "
        "which is shut? The candidate matters only where something is written.",
        "A gate is open with a large positive pre-activation and shut with a large "
        "negative one, at least 8 in size. Which tokens write something, and after "
        "which of them should the old value be gone?",
        "Your table becomes W_xh: one row a token, one column each for i, f, o and g. "
        "Each entry is large and positive, large and negative, or free. The output "
        "gate has the same to do at every token; W_hh and b_h are not needed.",
    ),
)
