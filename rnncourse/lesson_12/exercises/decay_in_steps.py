"""Exercise 12.7: a decay that goes on all the time, seen in steps."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng

__all__ = ["DECAY"]


def decay_in_steps(rates: Array, dt: Array) -> tuple[Array, Array]:
    """Return a and b, both (T, H), for steps of the lengths dt (T,)."""
    faded = np.outer(dt, rates)
    slow = rates == 0
    b = -np.expm1(-faded) / np.where(slow, 1, rates)
    return np.exp(-faded), np.where(slow, dt[:, None], b)


def _cases(rng: Rng) -> list[Case]:
    sizes = (1, 1), (1, 3), (4, 1), (3, 3), (5, 2), (6, 4), (4, 3), (12, 5), (3, 6)
    cases: list[dict[str, Array]] = [
        {"rates": rng.uniform(0.05, 3, H), "dt": rng.uniform(0.1, 2, T)}
        for T, H in (*sizes, (7, 3), (11, 2), (4, 3), (14, 6))
    ]
    cases[4]["rates"][0] = 0  # never forgets
    cases[5]["dt"][2] = 0  # no time goes by
    cases[6]["rates"] *= 1e-11
    cases[7]["rates"][2] *= 1e3
    cases[8]["dt"] *= 1e3
    cases[8]["rates"][1] *= 1e-4  # one of them keeps something all the same
    cases[9]["rates"], cases[9]["dt"] = np.arange(3), np.arange(7)  # by hand
    cases[11] = {  # so slow that it takes ages, and these go by
        "rates": np.array([1e-11, 0, 1e-13]),
        "dt": rng.uniform(1, 5, 4) * [1e10, 1, 1e6, 1e8],
    }
    cases[12]["rates"] = 10.0 ** rng.permutation([-8, -6, -4, -3, -2, -1])
    cases[10]["rates"] = np.array([1.0, 2.0])
    cases[10]["rates"] *= rng.uniform(0.9, 1.1)
    return [*cases]


DECAY = Exercise(
    id="12.7",
    kind="V",
    title="A decay, seen in steps",
    reference=decay_in_steps,
    returns=("a", "b"),
    whole=("rates", "dt"),
    cases=_cases,
    mistakes=(
        Mistake(
            "euler",
            {
                "return np.exp(-faded), np.where(slow, dt[:, None], b)": "return 1 - "
                "faded, dt[:, None] + 0 * faded"
            },
            "These are the steps of Euler, as if the state did not change while the "
            "time goes by. For short steps that is nearly right. What is left exactly?",
        ),
        Mistake(
            "input_taken_by_euler",
            {"np.where(slow, dt[:, None], b)": "dt[:, None] + 0 * faded"},
            "a is right. What comes in during a step begins to fade at once, too: at "
            "the end of a long step not all of it is left.",
        ),
        Mistake(
            "grows",
            {"np.exp(-faded)": "np.exp(faded)"},
            "Your state grows. A positive rate is one of decay.",
        ),
        Mistake(
            "not_divided_by_the_rate",
            {"/ np.where(slow, 1, rates)": ""},
            "Your b is what has faded, as a share. A constant input of 1 settles where "
            "as much comes in as fades away: at which height does yours settle, and at "
            "which should it?",
            others=(
                {
                    "np.where(slow, dt[:, None], b)": "1 - np.exp(-faded)",
                },
            ),
        ),
        Mistake(
            "multiplied_by_the_rate",
            {"/ np.where(slow, 1, rates)": "* rates"},
            "Your b grows with the rate. What fades fast cannot pile up: in which "
            "direction does the rate act?",
            others=(
                {
                    "np.where(slow, dt[:, None], b)": "rates * (1 - np.exp(-faded))",
                },
            ),
        ),
        Mistake(
            "halves",
            {"np.exp(-faded)": "0.5**faded"},
            "You count in half-lives. The rate says which share fades in a moment: "
            "which function is its own slope?",
        ),
        Mistake(
            "all_steps_of_length_one",
            {"np.outer(dt, rates)": "np.outer(np.ones_like(dt), rates)"},
            "Your a is the same for long and for short steps. How much time goes by in "
            "each of them?",
        ),
        Mistake(
            "nothing_fades_divided",
            {"np.where(slow, dt[:, None], b)": "b"},
            "Where the rate is 0 your b is 0. Nothing fades there: how much has come "
            "in after the time dt?",
        ),
        Mistake(
            "digits_lost",
            {"-np.expm1(-faded)": "(1 - np.exp(-faded))"},
            "Where hardly anything fades your b has few right digits: 1 minus nearly 1 "
            "leaves little. numpy has a function for exactly this difference.",
        ),
        Mistake(
            "what_is_left",
            {"-np.expm1(-faded)": "np.exp(-faded)"},
            "Your b is made of what is left of the old state. It should be 0 for a "
            "step of no length.",
        ),
        Mistake(
            "turned",
            {"np.outer(dt, rates)": "np.outer(rates, dt).T * rates / rates.mean()"},
            "Each entry belongs to one step and one unit: its own length of time times "
            "its own rate, and nothing of the other units.",
        ),
    ),
    hints=(
        "First without input: what is left of a state after the time dt, if the rate "
        "says how fast it fades? Then think of an input of 1 that is held throughout.",
        "With a constant input the state settles where as much fades as comes in. How "
        "far away from there is it in the beginning, and how much of this distance is "
        "left after dt? From that b can be read off.",
        "Make the table of all dt times all rates. a is an exponential of it. b is the "
        "share that has faded, seen at the height where it would settle. Treat rates "
        "of 0 by themselves, without dividing; for the very slow ones look up expm1.",
    ),
)
