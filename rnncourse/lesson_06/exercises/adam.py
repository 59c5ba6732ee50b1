"""Exercise 06.3: one step of Adam."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.optimizers import Adam

__all__ = ["ADAM_STEP"]

Three = tuple[Array, Array, Array]


def adam_step(
    p: Array, g: Array, m: Array, s: Array, n: int, rate: float,
    beta_1: float, beta_2: float,
) -> Three:  # fmt: skip
    """Return the parameter and both moments after update n, the first being n = 1."""
    m = beta_1 * m + (1 - beta_1) * g
    s = beta_2 * s + (1 - beta_2) * g**2
    m_hat = m / (1 - beta_1**n)
    s_hat = s / (1 - beta_2**n)
    return p - rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s


def _cases(rng: Rng) -> list[Case]:
    cases: list[dict[str, Any]] = []
    shapes: list[tuple[int, ...]] = [(1,), (3,), (2, 3), (4, 2), (3, 5), (2, 2, 3)]
    for k, shape in enumerate(shapes):
        p, g, m = rng.standard_normal((3, *shape))
        s = rng.uniform(0.01, 0.5, shape)
        n = (1, 1, 2, 9, 1500, 3)[k]
        if n == 1:
            m, s = 0 * m, 0 * s
        case = {"p": p, "g": g, "m": m, "s": s, "n": n, "rate": 0.1}
        cases.append({**case, "beta_1": 0.9, "beta_2": 0.999})
    cases[2]["g"][0] *= 1e-7
    cases[2]["m"][0], cases[2]["s"][0] = 0, 1e-16
    cases[3] |= {"beta_1": 0.5, "beta_2": 0.8, "rate": 0.003}
    cases[1]["g"][0] = 0
    cases[4]["g"] *= 0
    cases[5]["g"] *= 1e3
    return [*cases]


ADAM_STEP = Exercise(
    id="06.3",
    kind="V",
    title="A step of Adam",
    reference=adam_step,
    returns=("p", "m", "s"),
    cases=_cases,
    mistakes=(
        Mistake(
            "no_bias_correction",
            {"m / (1 - beta_1**n)": "m", "s / (1 - beta_2**n)": "s"},
            "Your first steps have the wrong size. Both averages begin at zero, so "
            "after one update m holds a tenth of a gradient and s a thousandth of a "
            "square. What must each be divided by, so that it is an average?",
        ),
        Mistake(
            "only_m_corrected",
            {"s / (1 - beta_2**n)": "s"},
            "m is corrected for its start at zero, s is not. Your first step is about "
            "thirty times as long as the learning rate. Which of the two averages "
            "starts further from the truth?",
        ),
        Mistake(
            "only_s_corrected",
            {"m / (1 - beta_1**n)": "m"},
            "s is corrected for its start at zero, m is not: your first steps are too "
            "short. Both are averages that begin at zero.",
        ),
        Mistake(
            "corrected_moments_returned",
            {"1e-8), m, s": "1e-8), m_hat, s_hat"},
            "p is right, but you hand on the corrected moments. In the next update "
            "they would be corrected once more. Which m and s go into the next "
            "average?",
        ),
        Mistake(
            "no_root",
            {"np.sqrt(s_hat)": "s_hat"},
            "A step should not depend on the scale of the gradient. m is measured in "
            "gradients, s in their squares. What makes the two comparable?",
        ),
        Mistake(
            "epsilon_under_the_root",
            {"np.sqrt(s_hat) + 1e-8": "np.sqrt(s_hat + 1e-8)"},
            "You add epsilon under the root, where it counts like a gradient of one "
            "ten-thousandth: tiny gradients are then hardly followed. The formula "
            "adds it to the root.",
        ),
        Mistake(
            "no_epsilon",
            {" + 1e-8": ""},
            "The formula adds a small number to the root. It hardly counts, except "
            "where all gradients so far were zero: what is then divided by what?",
        ),
        Mistake(
            "counts_one_too_many",
            {
                "(1 - beta_1**n)": "(1 - beta_1 ** (n + 1))",
                "(1 - beta_2**n)": "(1 - beta_2 ** (n + 1))",
            },
            "Your corrections are those of the next update. The first update is n = 1: "
            "which share of an average has been filled after it?",
        ),
        Mistake(
            "not_squared",
            {"g**2": "g"},
            "s is to follow the size of the gradient, whatever its sign is. Yours "
            "averages the gradient itself, and may be negative under a root.",
        ),
        Mistake(
            "betas_exchanged",
            {
                "beta_1 * m + (1 - beta_1)": "beta_2 * m + (1 - beta_2)",
                "beta_2 * s + (1 - beta_2)": "beta_1 * s + (1 - beta_1)",
            },
            "The two decays are exchanged. beta_1 belongs to m, the average of the "
            "gradient, and beta_2 to s, the average of its square.",
        ),
        Mistake(
            "uphill",
            {"p - rate": "p + rate"},
            "Your step goes up. A gradient points to where the loss grows.",
        ),
        Mistake(
            "sums_not_averages",
            {"(1 - beta_1) * g": "g", "(1 - beta_2) * g**2": "g**2"},
            "Your moments are running sums, as in Momentum. Adam takes averages: the "
            "new value and the old one have weights that add up to 1.",
        ),
    ),
    hints=(
        "Take the formulas from top to bottom. There are five: two averages, two "
        "corrections, one step.",
        "An average that forgets: a share beta of the old value, and the rest of the "
        "new one. It begins at zero, so it is too small at first; at update n the "
        "weights that it has given away add up to one minus beta to the power n.",
        "Compute m, then s; then from each of them a second, corrected number, which "
        "is used in this step only. Which of the two pairs is handed on? Test by hand: "
        "at n = 1 with m = s = 0 the step is the learning rate, for any gradient.",
    ),
    source=Adam.direction,
    point=(
        "# m = beta_1",
        "# s = beta_2",
        "# m_hat",
        "m_share =",
        "s_share =",
        "np.sqrt(s",
        "room *= m_share",
        "room += m_share",
        "return np.divide",
    ),
)
