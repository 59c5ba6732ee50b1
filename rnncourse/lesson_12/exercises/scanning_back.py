"""Exercise 12.3: the gradient of a linear recurrence, by the scan run backwards."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import numerical_gradients
from rnnlib.scan import scan, scan_backward

__all__ = ["SCAN_BACKWARD"]


def scanned_backward(
    dh: Array, a: Array, h: Array, h_0: Array
) -> tuple[Array, Array, Array]:
    """Return da, db and dh_0; the states h come from a scan."""
    later = np.concatenate([a[1:], np.zeros_like(a[:1])])
    db = scan(later[::-1], dh[::-1])[::-1]
    h_prev = np.concatenate([h_0[None], h[:-1]])
    return db * h_prev, db, a[0] * db[0]


def _loop(a: Array, b: Array, h_0: Array) -> Array:
    h, states = h_0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states)


def _cases(rng: Rng) -> list[Case]:
    sizes = (1, 1), (1, 3), (2, 2), (3, 1), (4, 4), (7, 2), (5, 5), (13, 4), (6, 3)
    cases = []
    for T, H in (*sizes, (11, 3), (16, 2), (20, 6)):
        a = rng.uniform(-1, 1.1, (T, H))
        if (T, H) == (7, 2):
            a[3] = 0  # all is forgotten there
        if (T, H) == (5, 5):
            a[...] = 1  # a running sum
        h_0, b = rng.standard_normal(H), rng.standard_normal((T, H))
        if (T, H) == (13, 4):
            h_0 *= 0
        cases.append(
            {
                "dh": rng.standard_normal((T, H)),
                "a": a,
                "h": _loop(a, b, h_0),
                "h_0": h_0,
            }
        )
    cases[8]["dh"][:-1] = 0  # the last step is asked alone
    cases[9]["dh"] *= 1e3
    cases[10] |= {"dh": np.asfortranarray(cases[10]["dh"])[::-1]}
    return [*cases]


def _numerically(case: Case) -> Any:
    """Return the derivatives of the sum of dh * h."""
    h_prev = np.concatenate([case["h_0"][None], case["h"][:-1]])
    b = case["h"] - case["a"] * h_prev
    found = numerical_gradients(
        lambda a, b, h_0: (case["dh"] * _loop(a, b, h_0)).sum(),
        {"a": case["a"], "b": b, "h_0": case["h_0"]},
    )
    return found["a"], found["b"], found["h_0"]


SCAN_BACKWARD = Exercise(
    id="12.3",
    kind="G",
    title="The gradient, by a scan",
    reference=scanned_backward,
    returns=("da", "db", "dh_0"),
    cases=_cases,
    mistakes=(
        Mistake(
            "not_turned_round",
            {"scan(later[::-1], dh[::-1])[::-1]": "scan(later, dh)"},
            "Your gradient runs from the first step to the last. It has to run from "
            "the last to the first: turn round what goes into the scan, and what comes "
            "out.",
        ),
        Mistake(
            "left_turned_round",
            {"dh[::-1])[::-1]": "dh[::-1])"},
            "What comes out of your scan still stands with the last step first.",
        ),
        Mistake(
            "factor_of_its_own_step",
            {
                "np.concatenate([a[1:], np.zeros_like(a[:1])])": "a",
            },
            "What comes back to step t has been through a factor: that of step t, or "
            "of the step behind it? In the forward pass, what did h_t meet next?",
        ),
        Mistake(
            "factor_of_the_step_before",
            {
                "np.concatenate([a[1:], np.zeros_like(a[:1])])": "np.concatenate("
                "[np.zeros_like(a[:1]), a[:-1]])",
            },
            "Your factors are shifted the other way: on its way back from step t + 1 "
            "to step t the gradient meets the factor of step t + 1.",
        ),
        Mistake(
            "new_state_for_old",
            {"np.concatenate([h_0[None], h[:-1]])": "h"},
            "db and dh_0 are right. In the forward pass a_t stands before a state: is "
            "it the state of step t, or of the step before it?",
        ),
        Mistake(
            "initial_state_left_out",
            {"[h_0[None], h[:-1]]": "[0 * h_0[None], h[:-1]]"},
            "All is right but the first entry of da. Before which state did a_1 stand?",
        ),
        Mistake(
            "initial_state_gets_all",
            {"a[0] * db[0]": "db[0].copy()"},
            "What comes back to the initial state has been through one factor more "
            "than what comes to the first step.",
        ),
        Mistake(
            "nothing_carried",
            {"scan(later[::-1], dh[::-1])[::-1]": "dh.copy()"},
            "Each step of yours gets what its own output says, and nothing from the "
            "steps behind it.",
        ),
        Mistake(
            "factors_from_their_own_loss",
            {"return db * h_prev": "return dh * h_prev"},
            "A factor changes its own state and through it all later ones: what comes "
            "back to it is more than what its own output says.",
        ),
        Mistake(
            "in_another_order",
            {"return db * h_prev, db,": "return db, db * h_prev,"},
            "The gradients are right, and two of them have changed places. First comes "
            "that of a.",
        ),
        Mistake(
            "factors_like_additions",
            {"return db * h_prev": "return db.copy()"},
            "da and db are the same at your place. b_t is added as it is; a_t is "
            "multiplied by something on its way.",
        ),
        Mistake(
            "initial_state_from_the_last_step",
            {"a[0] * db[0]": "a[-1] * db[-1]"},
            "Your dh_0 is made of the last step. The initial state is used once, by "
            "one step: which one?",
        ),
    ),
    hints=(
        "Two ways lead back into each state: from its own output, and from the state "
        "behind it. Write this down as an equation for one step.",
        "The equation you found has the form that a scan solves, with time turned "
        "round. What plays the part of b in it? And of a: whose factor is it, and what "
        "about the last step, behind which there is none?",
        "Three stages. Shift the factors by one step, turn both arrays round, scan, "
        "and turn back: that is db. Then da: what came back to step t, times what its "
        "factor stood before. Then the initial state, which only the first step has "
        "used.",
    ),
    numerical=_numerically,
    source=scan_backward,
    point=(
        "# db_t =",
        "a_next = np",
        "db = scan",
        "# h_t =",
        "h_prev =",
        "return _summed",
    ),
)
