"""Exercise 12.2: all states of a linear recurrence in about log2 T passes."""

from __future__ import annotations

from math import log2
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.scan import _passes, scan

__all__ = ["SCAN"]

LONG = 64  # steps from which passes can be told from steps
PASSES, STEPS = "in passes", "step by step"


def scanned(a: Array, b: Array, h_0: Array) -> Array:
    """Return the states h (T, H) of h_t = a_t h_{t-1} + b_t, pass by pass."""
    a, h = a.copy(), b.copy()
    h[0] += a[0] * h_0
    reach = 1
    while reach < len(a):
        h[reach:] += a[reach:] * h[:-reach]
        a[reach:] *= a[:-reach]
        reach *= 2
    return h


class _Counted(np.ndarray):
    """An array that counts what is done with it, and with what comes of it."""

    count: list[int]

    def __array_finalize__(self, obj: Any) -> None:
        self.count = getattr(obj, "count", [0])

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kw: Any) -> Any:
        self.count[0] += 1
        if "out" in kw:
            kw["out"] = tuple(map(_bare, kw["out"]))
        found = getattr(ufunc, method)(*map(_bare, inputs), **kw)
        return _counting(found, self.count) if isinstance(found, np.ndarray) else found

    def __getitem__(self, key: Any) -> Any:
        self.count[0] += 1
        return super().__getitem__(key)

    def __iter__(self) -> Any:
        self.count[0] += len(self)
        return super().__iter__()

    def tolist(self) -> Any:
        self.count[0] += self.size
        return super().tolist()


def _bare(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, _Counted) else value


def _counting(array: Array, count: list[int]) -> Any:
    counted = array.view(_Counted)
    counted.count = count
    return counted


def _watched(answer: Answer, case: Case) -> tuple[Any, str]:
    """Return what comes back, and whether it was made in passes or step by step."""
    found = call(answer, case)
    T, count = len(case["a"]), [0]
    if T < LONG:
        return found, PASSES
    arrays = {k: _counting(array.copy(), count) for k, array in case.items()}
    call(answer, arrays)
    return found, PASSES if count[0] < 25 * log2(T) + 40 else STEPS


def _cases(rng: Rng) -> list[Case]:
    sizes = (
        *((1, 1), (1, 3), (2, 2), (3, 1), (4, 4), (7, 2), (8, 3), (5, 5), (13, 4)),
        *((16, 2), (6, 3), (100, 3), (33, 5), (12, 3), (200, 2), (1100, 2), (700, 4)),
    )
    cases = [
        {
            "a": rng.uniform(-1, 1.1, (T, H)),
            "b": rng.standard_normal((T, H)),
            "h_0": rng.standard_normal(H),
        }
        for T, H in sizes
    ]
    cases[5]["a"][3] = 0  # all is forgotten there
    cases[7]["a"] *= 0
    cases[8]["b"] *= 0
    cases[9]["h_0"] *= 0
    cases[10]["a"] = np.ones((6, 3))  # a running sum
    cases[11]["a"] = rng.uniform(0, 1e-3, (100, 3))  # products that underflow
    cases[12]["b"] *= 1e3
    cases[13]["a"] = np.asfortranarray(cases[13]["a"])[::-1]
    cases[14]["a"] = rng.uniform(0.9, 1.0, (200, 2))
    cases[15]["a"] = rng.uniform(0.998, 1.0, (1100, 2))  # the first is still felt
    cases[16]["a"] = rng.uniform(0.99, 1.0, (700, 4))
    return [*cases]


SCAN = Exercise(
    id="12.2",
    kind="V",
    title="All states in passes",
    reference=scanned,
    returns=("h", "the way"),
    cases=_cases,
    observe=_watched,
    mistakes=(
        Mistake(
            "a_loop",
            {
                "reach = 1": "for t in range(1, len(a)):\n        h[t] += a[t] "
                "* h[t - 1]\n    reach = len(a)"
            },
            "The states are right, and it takes you as many operations as there are "
            "steps, or more. Here the number of passes should grow with the logarithm "
            "of T: in each of them every step is put together with one that lies "
            "further back, all of them at once.",
        ),
        Mistake(
            "initial_state_forgotten",
            {"h[0] += a[0] * h_0": "pass"},
            "Your sequence begins from zeros. What does the initial state add to the "
            "first step? Then all later ones get it by themselves.",
        ),
        Mistake(
            "initial_state_not_faded",
            {"h[0] += a[0] * h_0": "h[0] += h_0"},
            "The initial state goes into your first step whole. What does a step do to "
            "the state before it?",
        ),
        Mistake(
            "factors_stay_as_they_are",
            {"        a[reach:] *= a[:-reach]\n": ""},
            "After the first pass a pair stands for two steps, after the next one for "
            "four. You put together what is added, and leave the factors as if they "
            "still stood for one.",
        ),
        Mistake(
            "factors_first",
            {
                "h[reach:] += a[reach:] * h[:-reach]\n        a[reach:] *= "
                "a[:-reach]": "a[reach:] *= a[:-reach]\n        h[reach:] += a[reach:] "
                "* h[:-reach]"
            },
            "You change the factors before you have used them: what is added then goes "
            "through the factors of its own steps as well.",
        ),
        Mistake(
            "one_step_further_each_time",
            {"reach *= 2": "reach += 1"},
            "Your reach grows by one a pass. After a pass each pair stands for twice "
            "as many steps as before, so where does the next one begin?",
        ),
        Mistake(
            "stops_too_early",
            {"while reach < len(a)": "while 2 * reach < len(a)"},
            "Your last pass is missing. How far must a pair reach, so that the last "
            "step knows of the first? Try T = 3.",
        ),
        Mistake(
            "powers_of_two_alone",
            {"while reach < len(a)": "while 2 * reach <= len(a)"},
            "Where T is a power of two you are right. Try T = 3: how many passes do "
            "you make, and does the last step know of the first?",
        ),
        Mistake(
            "a_sum",
            {"a[reach:] * h[:-reach]": "h[:-reach]"},
            "You add up, as if every factor were 1. What has become of an earlier part "
            "of the state by the time it arrives?",
        ),
        Mistake(
            "wrong_way_round",
            {
                "h[reach:] += a[reach:] * h[:-reach]": "h[:-reach] += a[:-reach] * "
                "h[reach:]",
                "a[reach:] *= a[:-reach]": "a[:-reach] *= a[reach:]",
            },
            "Your states know of later steps, and not of earlier ones. Who looks at "
            "whom?",
        ),
        Mistake(
            "one_pass",
            {"reach *= 2": "break"},
            "You make one pass, so each step knows of the one before it. Who knows of "
            "the step two before?",
        ),
        Mistake(
            "earlier_factor",
            {"a[reach:] * h[:-reach]": "a[:-reach] * h[:-reach]"},
            "What was added earlier goes through its own factor at your place. Which "
            "of the two steps comes behind it?",
        ),
    ),
    hints=(
        "Bring the initial state in first, so that the rest is about pairs alone. Then "
        "look at one pass: each pair is put together with its left neighbour.",
        "After a pass each pair stands for twice as many steps, so the partner of the "
        "next pass stands twice as far to the left. Who has no partner that far away "
        "is done.",
        "A loop over the reach 1, 2, 4 and so on, while it is smaller than T. In it "
        "two lines, which are those of 12.1, for all rows from the reach on at once, "
        "and their partners, which are all rows but the last few. Mind which of the "
        "two lines needs the factors as they were. Work on copies.",
    ),
    source=(scan, _passes),
    point=(
        "h[...] = b",
        "h[0] += a[0]",
        "reach, a = 1",
        "while reach",
        "later = h[reach:]",
        "add(later",
        "a = multiply(a[reach:]",
        "reach *= 2",
    ),
)
