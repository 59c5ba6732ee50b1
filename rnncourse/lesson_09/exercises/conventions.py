"""Exercise 09.4: a GRU in the convention of another library."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.wording import number
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid

__all__ = ["CONVERTED"]

NAMES = ("W_xh", "W_hh", "b_h", "b_hn")
CLOSE = 1e-12


def converted(
    W_xh: Array, W_hh: Array, b_h: Array, b_hn: Array
) -> tuple[Array, Array, Array, Array]:
    """Return the weights for a library with the order z, r, n, in which z writes."""

    def other(array: Array) -> Array:
        r, z, n = np.split(array, 3, axis=-1)
        return np.concatenate([-z, r, n], axis=-1)

    return other(W_xh), other(W_hh), other(b_h), b_hn.copy()


def _cases(rng: Rng) -> list[Case]:
    sizes = (1, 1), (1, 3), (3, 1), (2, 2), (3, 4), (3, 4), (5, 5), (2, 6), (4, 3)
    cases = [
        {
            "W_xh": rng.standard_normal((D, 3 * H)),
            "W_hh": rng.standard_normal((H, 3 * H)),
            "b_h": rng.standard_normal(3 * H),
            "b_hn": rng.standard_normal(H),
        }
        for D, H in sizes
    ]
    cases[4]["b_h"] *= 0
    cases[5]["W_xh"] *= 30
    cases[6]["W_hh"] *= 0.1
    cases[7]["b_h"][:6] = 700  # r is 1
    return [*cases]


def _as_told(found: Any, case: Case) -> bool | str:
    if not isinstance(found, tuple | list) or len(found) != len(NAMES):
        return f"It should return four arrays: {', '.join(NAMES)}."
    for name, array in zip(NAMES, found, strict=True):
        asked, yours = case[name].shape, np.shape(array)
        if asked != yours:
            return f"{name} keeps its shape {asked}; yours has {yours}."
    return all(np.isfinite(array).all() for array in found)


def _run(case: Case, order: str, keep: Any, x: Array, h: Array) -> Array:
    """Return the states of a GRU of some order of blocks, `keep` taking its z."""
    W_xh, W_hh, b_h, b_hn = (np.asarray(case[name]) for name in NAMES)
    states = []
    for x_t in x:
        a = dict(zip(order, np.split(x_t @ W_xh + b_h, 3, axis=-1), strict=True))
        m = dict(zip(order, np.split(h @ W_hh, 3, axis=-1), strict=True))
        r, share = sigmoid(a["r"] + m["r"]), keep(sigmoid(a["z"] + m["z"]))
        h = (1 - share) * np.tanh(a["n"] + r * (m["n"] + b_hn)) + share * h
        states.append(h)
    return np.array(states)


def _computes_the_same(found: Any, case: Case) -> bool | str:
    rng = np.random.default_rng(len(case["b_h"]))
    x = rng.standard_normal((8, 5, len(case["W_xh"])))
    h_0 = np.tanh(rng.standard_normal((5, len(case["b_hn"]))))
    theirs = dict(zip(NAMES, found, strict=True))
    ours = _run(case, "rzn", lambda z: z, x, h_0)
    apart = abs(_run(theirs, "zrn", lambda z: 1 - z, x, h_0) - ours)
    if apart.max() <= CLOSE:
        return True
    first = int((apart.max(axis=(1, 2)) > CLOSE).argmax()) + 1
    return (
        f"The other library's states are not ours: after 8 steps they are up to "
        f"{number(float(apart.max()))} apart, first at step {first}."
    )


CONVERTED = Exercise(
    id="09.4",
    kind="P",
    title="Into another library's convention",
    reference=converted,
    cases=_cases,
    mistakes=(
        Mistake(
            "only_reordered",
            {"[-z, r, n]": "[z, r, n]"},
            "The blocks stand where they should, and they mean something else: there, "
            "z says how much is written. What has to happen to the pre-activation of a "
            "gate, so that a share becomes the rest?",
        ),
        Mistake(
            "only_turned",
            {"[-z, r, n]": "[r, -z, n]"},
            "The sign is right, the order is not: the other library cuts its arrays "
            "into z, r, n.",
        ),
        Mistake(
            "not_converted",
            {"[-z, r, n]": "[r, z, n]"},
            "You hand over the numbers as they are. Nothing crashes, for the shapes "
            "fit; that is what makes it dangerous.",
        ),
        Mistake(
            "one_minus_the_weights",
            {"[-z, r, n]": "[1 - z, r, n]"},
            "It is the gate that becomes one minus itself, not its weights. Look at a "
            "sigmoid: by which change of its argument does it become one minus itself?",
        ),
        Mistake(
            "both_gates_turned",
            {"[-z, r, n]": "[-z, -r, n]"},
            "You turn both gates round. The reset gate means the same in both "
            "libraries.",
        ),
        Mistake(
            "the_candidate_turned",
            {"[-z, r, n]": "[-z, r, -n]"},
            "You turn the candidate round, too. It means the same in both libraries: "
            "what is written does not change, only who says how much.",
        ),
        Mistake(
            "reset_turned",
            {"[-z, r, n]": "[z, -r, n]"},
            "You turn r round, where it is z whose meaning differs.",
        ),
        Mistake(
            "bias_left_alone",
            {"other(b_h)": "b_h.copy()"},
            "The matrices are right. A gate's pre-activation has three terms: which "
            "of them have you left as it was?",
        ),
        Mistake(
            "recurrent_weights_left_alone",
            {"other(W_hh)": "W_hh.copy()"},
            "At a first step from zero you would be right. What comes from the old "
            "state belongs to the same gates.",
        ),
        Mistake(
            "second_bias_turned",
            {"b_hn.copy()": "-b_hn"},
            "b_hn belongs to the candidate alone, which means the same in both.",
        ),
        Mistake(
            "back_to_front",
            {"[-z, r, n]": "[n, r, -z]"},
            "In your answer the candidate stands first. The other library's order is "
            "z, r, n.",
        ),
    ),
    claims=(
        Claim("Four arrays of finite numbers come back.", _as_told),
        Claim("The other library computes the same states.", _computes_the_same),
    ),
    hints=(
        "Two things differ: where a block stands, and what z means. Take them one "
        "after the other, for each of the four arrays.",
        "Where z keeps 0.9, the other library's z must write 0.1. Draw a sigmoid. At "
        "which argument is it 0.9, and at which 0.1?",
        "Write one small function for an array with three blocks: cut it, change the "
        "one block that means something else, and put the three together in their "
        "order. It does for matrices and bias alike. One of the four arrays belongs to "
        "the candidate alone. Return new arrays: what you are given stays as it is.",
    ),
)
