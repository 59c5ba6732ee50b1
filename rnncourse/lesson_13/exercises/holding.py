"""Exercise 13.4: a run in which the state is held along a direction."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics.ablation import _Held

__all__ = ["HOLDING"]


def held_states(
    x: Array, W_xh: Array, W_hh: Array, b_h: Array, direction: Array, at: Array
) -> Array:
    """Return the states (T, H), each held along the direction where `at` lies."""
    u = direction / np.linalg.norm(direction)
    h, states = np.zeros(len(b_h)), []
    for x_t in x:
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        h = h - (h - at) @ u * u
        states.append(h)
    return np.array(states)


def _cases(rng: Rng) -> list[Case]:
    sizes = (
        *((1, 1, 1), (1, 2, 3), (2, 1, 2), (3, 4, 1), (4, 2, 3), (5, 3, 3)),
        *((4, 4, 4), (6, 3, 5), (3, 2, 4), (8, 2, 3), (12, 3, 6)),
    )
    cases: list[dict[str, Any]] = []
    for T, D, H in sizes:
        case = {
            "x": rng.standard_normal((T, D)),
            "W_xh": rng.standard_normal((D, H)),
            "W_hh": rng.standard_normal((H, H)) * 1.5 / np.sqrt(H),
            "b_h": 0.5 * rng.standard_normal(H),
            "direction": 2 * rng.standard_normal(H),
            "at": rng.uniform(-0.8, 0.8, H),
        }
        cases.append(case)
    cases[4]["direction"] = np.eye(3)[1]  # a unit
    cases[5]["x"] = np.eye(3, dtype=int)[rng.integers(0, 3, 5)]  # one-hot letters
    cases[6]["at"] = np.zeros(4)
    cases[7]["direction"] = np.array([0, 0, 2, 0, -1])  # by hand, of any length
    cases[8]["direction"] *= 1e3
    cases[10]["direction"] *= 1e-7
    cases[9]["x"] *= 1e3  # saturated
    cases[10]["W_hh"] = np.asfortranarray(cases[10]["W_hh"])
    return [*cases]


HOLDING = Exercise(
    id="13.4",
    kind="V",
    title="Hold the state along a direction",
    reference=held_states,
    whole=("x", "direction"),
    cases=_cases,
    mistakes=(
        Mistake(
            "length_of_the_direction",
            {"direction / np.linalg.norm(direction)": "direction + 0.0"},
            "A direction twice as long moves your state four times as far. What length "
            "must it have, so that a product with it says how far the state lies along "
            "it?",
        ),
        Mistake(
            "length_once",
            {"(h - at) @ u * u": "(h - at) @ u * direction"},
            "The direction stands in your formula twice, and you have brought one of "
            "the two to length 1.",
            others=({"(h - at) @ u * u": "(h - at) @ direction * u"},),
        ),
        Mistake(
            "after_the_fact",
            {
                "        h = h - (h - at) @ u * u\n        states.append(h)": "        "
                "states.append(h - (h - at) @ u * u)"
            },
            "You hold what you show, and let the net go on with what it had. It still "
            "remembers along the direction: the next step must be computed from the "
            "state that is held.",
        ),
        Mistake(
            "held_at_zero",
            {"(h - at) @ u": "h @ u"},
            "You hold the state at zero. It should be held where `at` lies, for at "
            "zero a net may find itself where it never is.",
        ),
        Mistake(
            "all_is_held",
            {"h = h - (h - at) @ u * u": "h = at + 0.0"},
            "Your state is `at` in all directions, so nothing is remembered at all. "
            "One direction is to be held.",
        ),
        Mistake(
            "the_direction_alone",
            {"h = h - (h - at) @ u * u": "h = (h - at) @ u * u"},
            "You keep what should go, and drop what should stay.",
        ),
        Mistake(
            "moved_the_other_way",
            {"h - (h - at)": "h + (h - at)"},
            "Your state goes further away from `at` along the direction: look at the "
            "sign.",
        ),
        Mistake(
            "halved",
            {"(h - at) @ u * u": "(h - at) @ u * u / 2"},
            "Your state goes half of the way to where it is to be held.",
        ),
        Mistake(
            "before_the_tanh",
            {
                "h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)": "h = x_t @ W_xh + h @ W_hh "
                "+ b_h",
                "h = h - (h - at) @ u * u": "h = np.tanh(h - (h - at) @ u * u)",
            },
            "You hold the pre-activation. It is the state, behind the tanh, that is "
            "held.",
        ),
        Mistake(
            "entry_by_entry",
            {"(h - at) @ u * u": "(h - at) * u * u"},
            "You weigh each unit by itself. How far the state lies along the direction "
            "is one number, which all units have a part in.",
        ),
        Mistake(
            "last_step_alone",
            {
                "        h = h - (h - at) @ u * u\n": "",
                "return np.array(states)": "states[-1] = h - (h - at) @ u * u\n    "
                "return np.array(states)",
            },
            "Your state runs free up to the last step. It is held after each of them.",
        ),
    ),
    hints=(
        "How far does a state lie from `at`, along a direction of length 1? That is "
        "one number, a product of two vectors.",
        "Take that number times the direction away from the state. What is left has "
        "moved along the direction only, and lies there where `at` does.",
        "The usual loop, which begins at zeros. In it one line more behind the tanh, "
        "before the state is put into the list and before it is used again. The "
        "direction gets length 1 before the loop. Test yours: the product of each "
        "state with the direction should be that of `at`, at every step; and with unit "
        "2 as the direction, which numbers are all the same?",
    ),
    source=(_Held._moved,),
    point=("off =", "parts =", "fields =", "return state"),
)
