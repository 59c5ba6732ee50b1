"""Exercise 05.3: how much many steps back can stretch a gradient."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import state_jacobians

__all__ = ["STRETCHES"]


def stretches(h: Array, W_hh: Array) -> Array:
    """Return the norm of dh_T / dh_{T-n} for n = 0, 1, ... T, from states h (T, H)."""
    product = np.eye(len(W_hh))
    norms = [1.0]
    for h_t in h[::-1]:
        J = (1 - h_t**2)[:, None] * W_hh.T
        product = product @ J
        norms.append(float(np.linalg.norm(product, 2)))
    return np.array(norms)


def _cases(rng: Rng) -> list[Case]:
    sizes = ((1, 2), (2, 3), (4, 2), (6, 3), (12, 5), (5, 1), (24, 4))
    cases: list[Any] = [
        {
            "h": np.tanh(rng.standard_normal((T, H))),
            "W_hh": 1.5 / np.sqrt(H) * rng.standard_normal((H, H)),
        }
        for T, H in sizes
    ]
    cases[3]["h"][:, 0] = np.tanh(9)  # saturated
    cases[6]["W_hh"] *= 0.5  # vanishing
    cases[5]["W_hh"] = -abs(cases[5]["W_hh"])
    exploding = {
        "h": np.tanh(0.1 * rng.standard_normal((10, 3))),
        "W_hh": 2 * rng.standard_normal((3, 3)),
    }
    blocked = {**cases[2], "h": cases[2]["h"].copy()}
    blocked["h"][1] = np.sign(blocked["h"][1])  # no unit moves at all
    far = {
        "h": np.tanh(rng.standard_normal((36, 2))),
        "W_hh": 1e-3 * init.orthogonal((2, 2), rng=rng),
    }
    hand = {"h": np.full((3, 2), 0.5), "W_hh": np.array([[1, -1], [-1, 1]])}
    rest = {**cases[3], "h": np.zeros((6, 3))}
    return [*cases, far, blocked, hand, rest, exploding]


def _small_ones(found: Array, case: Case) -> bool | str:
    for n, (mine, norm) in enumerate(zip(found, stretches(**case), strict=True)):
        if norm > np.finfo(float).tiny and abs(mine / norm - 1) > 1e-6:
            return (
                f"Entry {n} is {mine:.3g}, and the norm of its product is {norm:.3g}. "
                "How little is left is the question here: a small number is not "
                "nothing."
            )
    return True


STRETCHES = Exercise(
    id="05.3",
    kind="V",
    title="Many steps back",
    reference=stretches,
    whole=("W_hh",),
    cases=_cases,
    mistakes=(
        Mistake(
            "norms_multiplied",
            {"np.linalg.norm(product, 2)": "norms[-1] * np.linalg.norm(J, 2)"},
            "You multiply the norms. What is asked for is the norm of the product. "
            "What one step stretches the next may shrink, because it stretches "
            "another direction. The product of the norms is a bound, and the subject "
            "of section 5.",
        ),
        Mistake(
            "from_the_first_step",
            {"h[::-1]": "h", "product @ J": "J @ product"},
            "You begin at the first step and go forward. Entry n is about the last n "
            "steps: the gradient sets out from the last state. Which Jacobian does it "
            "meet first?",
        ),
        Mistake(
            "on_the_wrong_side",
            {"product @ J": "J @ product"},
            "Your product is turned round: the Jacobians stand in the wrong order, or "
            "each of them is the transpose (05.2); both stretch alike. The last step "
            "stands on the left, and each earlier one is put to the right of those you "
            "have.",
        ),
        Mistake(
            "all_entries_squared",
            {"product, 2": "product", "[1.0]": "[np.linalg.norm(product)]"},
            "You take another norm: the root of the sum of all squared entries. For "
            "the identity of size H it gives more than 1. What is asked for is the "
            "most by which the matrix can stretch a vector, its largest singular "
            "value. np.linalg.norm knows it as order 2.",
            others=({"product, 2": "product"},),
        ),
        Mistake(
            "without_slopes",
            {"(1 - h_t**2)[:, None] * ": ""},
            "Your result does not depend on the states. A step back multiplies by the "
            "weights and by the slopes at the state of that step.",
        ),
        Mistake(
            "forward_in_time",
            {"h[::-1]": "h"},
            "You go from the first step to the last. Entry n is about the last n "
            "steps only, so the first Jacobian that you need is that of the last "
            "step. Entry 1 must not depend on the first states.",
        ),
        Mistake(
            "weights_not_transposed",
            {"W_hh.T": "W_hh"},
            "Your Jacobians have the weights the wrong way round. Row i is about the "
            "new unit i, and in the code W_hh[j, i] leads from j to i.",
        ),
        Mistake(
            "eigenvalue_for_norm",
            {"np.linalg.norm(product, 2)": "abs(np.linalg.eigvals(product)).max()"},
            "You take the largest eigenvalue; what is asked for is the largest "
            "singular value. An eigenvalue is about a direction that is kept. A "
            "gradient may lie in another one, and be stretched more.",
        ),
        Mistake(
            "last_entry_first",
            {"np.array(norms)": "np.array(norms[::-1])"},
            "The numbers are right, but in the opposite order. Entry 0 belongs to no "
            "step back at all, entry T to all of them.",
        ),
        Mistake(
            "without_the_end",
            {"[1.0]": "[]"},
            "There are T + 1 numbers: one for each n from 0 to T. For n = 0 nothing "
            "has been multiplied yet. What is the derivative of the last state with "
            "respect to itself, and its norm?",
        ),
    ),
    claims=(Claim("Small norms are right, too.", _small_ones),),
    hints=(
        "Keep one matrix, the derivative of the last state with respect to the "
        "state n steps earlier. What is it for n = 0, and what is done to it for one "
        "step more?",
        "Go through the states from the last to the first. Each gives a Jacobian. On "
        "which side of what you have does it belong, and what is noted after it?",
        "Before the loop: the matrix for n = 0, and its norm in a list. Each round "
        "takes one state, makes its Jacobian, and puts it to that side of the matrix "
        "where the earlier steps stand. T + 1 numbers come out.",
    ),
    source=state_jacobians,
    point=(
        "products[T] =",
        "for k in reversed",
        "np.matmul",
    ),
)
