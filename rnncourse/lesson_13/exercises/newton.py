"""Exercise 13.2: a fixed point by Newton's method, and its ways out."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.wording import number
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics.fixed_points import _newton_step

__all__ = ["NEWTON"]

CLOSE, NEAR = 1e-6, 1e-4


def fixed_point(W_hh: Array, b: Array, h: Array) -> tuple[Array, int]:
    """Return the fixed point of h = tanh(h @ W_hh + b) close to h, and its ways out."""
    h, eye = h.astype(float), np.eye(len(h))
    for _ in range(20):
        after = np.tanh(h @ W_hh + b)
        J = (1 - after**2)[:, None] * W_hh.T
        h = h - np.linalg.solve(J - eye, after - h)
    return h, int((abs(np.linalg.eigvals(J)) > 1).sum())


def _drawn(rng: Rng, H: int, gain: float, ways: int) -> dict[str, Any]:
    """Return weights with a fixed point of `ways` ways out, and a start close to it.

    Drawn anew until no eigenvalue is close to 1, where Newton would be slow, or in
    absolute value close to 1, where rounding would decide.
    """
    while True:
        W, point = rng.standard_normal((H, H)), rng.uniform(-0.9, 0.9, H)
        W *= gain / np.sqrt(H)
        b = np.arctanh(point) - point @ W
        found = np.linalg.eigvals((1 - point**2)[:, None] * W.T)
        clear = min(abs(found - 1).min(), 2 * abs(abs(found) - 1).min()) > 0.3
        if not clear or (abs(found) > 1).sum() != ways:
            continue
        start = point + 0.02 * rng.standard_normal(H)
        with np.errstate(all="ignore"):
            reached, _ = fixed_point(W, b, start)
        if abs(reached - point).max() < 1e-9:
            return {"W_hh": W, "b": b, "h": start}


def _cases(rng: Rng) -> list[Case]:
    kinds = (
        *((1, 0.5, 0), (1, 4.0, 1), (2, 1.0, 0), (3, 3.0, 1), (4, 3.0, 2), (2, 4.0, 2)),
        *((5, 0.7, 0), (3, 2.0, 2), (6, 3.0, 3), (12, 1.0, 0), (9, 1.8, 2)),
    )
    cases = [_drawn(rng, *kind) for kind in kinds]
    turns = np.array([[0.0, -1.6], [1.6, 0.0]])  # grows while it turns
    by_hand = {
        "W_hh": np.diag([3, -2, 0]),
        "b": np.zeros(3, int),
        "h": np.zeros(3, int),
    }
    there = {"W_hh": turns, "b": np.zeros(2), "h": np.array([0.01, -0.02])}
    far = _drawn(rng, 4, 0.4, 0)
    far["h"] = 1e3 * rng.standard_normal(4)  # the only one: all ways lead there
    over = {"W_hh": np.array([[-3.0]]), "b": np.zeros(1), "h": np.array([0.5])}
    return [*cases[:4], by_hand, there, over, far, *cases[4:]]


def _fault(found: Any, case: Case) -> str:
    """Return what keeps an answer from being a state and a whole number, or nothing."""
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(found, tuple | list) or len(found) != 2:
        return "It should return two things: the fixed point, and its ways out."
    h, ways = np.asarray(found[0]), np.asarray(found[1])
    if h.shape != case["h"].shape:
        return f"Your fixed point has shape {h.shape}; the state has {case['h'].shape}."
    if h.dtype.kind != "f" or not np.isfinite(h).all():
        return "Your fixed point should be an array of finite floats."
    if ways.shape or ways.dtype.kind not in "iu":
        return "The ways out should be an int: how many there are."
    return ""


def _stands_still(found: Any, case: Case) -> bool | str:
    if words := _fault(found, case):
        return words
    h = np.asarray(found[0], dtype=float)
    moved = float(np.linalg.norm(np.tanh(h @ case["W_hh"] + case["b"]) - h))
    return moved < CLOSE or (
        f"A step moves your point by {number(moved)}; less than 1e-6 is asked for."
    )


def _is_the_near_one(found: Any, case: Case) -> bool | str:
    h, (right, _) = np.asarray(found[0], dtype=float), fixed_point(**case)
    far = float(np.linalg.norm(h - right))
    return far < NEAR or (
        f"Your point stands still, and it is another one: it lies {number(far)} away "
        "from the one to which Newton leads from this start. Would a run of the net "
        "itself have stayed at Newton's?"
    )


def _ways_are_counted(found: Any, case: Case) -> bool | str:
    _, ways = fixed_point(**case)
    return int(found[1]) == ways or (
        f"Your point is right. You count {int(found[1])} ways out; there are {ways}."
    )


NEWTON = Exercise(
    id="13.2",
    kind="P",
    title="Where it stands still",
    reference=fixed_point,
    whole=("W_hh", "b", "h"),
    cases=_cases,
    claims=(
        Claim("A step leaves the point where it is.", _stands_still),
        Claim("It is the one close to the start.", _is_the_near_one),
        Claim("Its ways out are counted.", _ways_are_counted),
    ),
    mistakes=(
        Mistake(
            "the_net_itself",
            {"h = h - np.linalg.solve(J - eye, after - h)": "h = after"},
            "You let the net run. It comes to rest at stable points alone, and slides "
            "off all others, however close it begins. Newton asks where the step would "
            "be zero, and goes there.",
        ),
        Mistake(
            "jacobian_turned",
            {"(1 - after**2)[:, None] * W_hh.T": "(1 - after**2) * W_hh"},
            "Your Jacobian is turned over: it has the right eigenvalues, so you would "
            "not notice there, and it sends Newton the wrong way. Which axis is the "
            "new state, and which the old one, in what you solve?",
        ),
        Mistake(
            "no_slope",
            {"(1 - after**2)[:, None] * W_hh.T": "W_hh.T"},
            "The weights alone are the Jacobian of a linear net. What does the tanh do "
            "to a small deviation?",
        ),
        Mistake(
            "identity_forgotten",
            {"solve(J - eye,": "solve(J,"},
            "You look for a state that a step maps to zero. What is to become zero is "
            "the *difference* of new and old state; what is its Jacobian?",
        ),
        Mistake(
            "away_from_it",
            {"h = h - np": "h = h + np"},
            "Your step goes away from the point: look at the sign.",
        ),
        Mistake(
            "one_step_of_newton",
            {"range(20)": "range(1)"},
            "You make one step of Newton. It is exact for a straight line, and the net "
            "is bent: how close do you come, and what would one more step do?",
        ),
        Mistake(
            "real_parts",
            {"abs(np.linalg.eigvals(J)) > 1": "np.linalg.eigvals(J).real > 1"},
            "You look at real parts. That is the rule for a flow in continuous time; a "
            "map that multiplies by −2, or turns and grows, has a way out as well.",
        ),
        Mistake(
            "without_the_identity_again",
            {"eigvals(J)) > 1": "eigvals(J - eye)) > 1"},
            "You count eigenvalues of what you solved with. Small deviations are "
            "multiplied by the Jacobian of the step itself.",
        ),
        Mistake(
            "ways_of_the_weights",
            {"eigvals(J)": "eigvals(W_hh)"},
            "Your eigenvalues are those of the weights, the same at every point. What "
            "does the slope there make of them?",
        ),
        Mistake(
            "ways_in",
            {"eigvals(J)) > 1": "eigvals(J)) < 1"},
            "You count the ways in. How many directions *grow*?",
        ),
        Mistake(
            "stable_or_not",
            {"eigvals(J)) > 1).sum()": "eigvals(J)) > 1).any()"},
            "You say whether there is a way out. Asked for is how many there are: "
            "it is what tells one saddle from another.",
        ),
    ),
    hints=(
        "Call r(h) what one step moves a state. You look for r(h) = 0. Newton puts a "
        "straight line in place of r and goes to where that is zero.",
        "You need the Jacobian of r: that of a step, minus the identity. A system of "
        "linear equations then says how far to go. Look at H = 1 on paper first.",
        "A loop of a few dozen rounds, and in it: the new state; the Jacobian of the "
        "step, with a row for each new entry and a column for each old one; the "
        "solution of the system; a better state. Behind it the eigenvalues: some may "
        "be complex, so it is their absolute value that tells. Work on a copy, in "
        "floats.",
    ),
    source=_newton_step,
    point=("inverse =", "step = -np", "tried =", "better =", "step[waiting] /= 2"),
)
