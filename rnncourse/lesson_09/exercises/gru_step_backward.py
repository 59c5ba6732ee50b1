"""Exercise 09.3: one step back through a GRU."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import GRUCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["STEP_BACKWARD", "gru_step_backward"]

SHUT = 800.0  # a pre-activation at which a gate is exactly 0 or 1
FULL = 20.0  # and one at which tanh is exactly 1


def gru_step_backward(
    dh: Array, r: Array, z: Array, n: Array, m: Array, h_prev: Array, W_hh: Array
) -> tuple[Array, Array]:
    """Return da (stacked r z n) and dh_prev; r sits after the product, z keeps."""
    # h = (1 - z) * n + z * h_prev
    dz, dn = dh * (h_prev - n), dh * (1 - z)
    # n = tanh(a_n + r * m)
    da_n = dn * (1 - n**2)
    dr, dm = da_n * m, da_n * r
    # r, z = sigmoid(a_r + h_prev @ W_hr), sigmoid(a_z + h_prev @ W_hz)
    da_r, da_z = dr * r * (1 - r), dz * z * (1 - z)
    # m = h_prev @ W_hn + b_hn
    back = np.concatenate([da_r, da_z, dm], axis=-1) @ W_hh.T
    return np.concatenate([da_r, da_z, da_n], axis=-1), back + dh * z


def _step(rng: Rng, B: int, H: int) -> dict[str, Array]:
    return {
        "dh": rng.standard_normal((B, H)),
        "r": rng.uniform(0.05, 0.95, (B, H)),
        "z": rng.uniform(0.05, 0.95, (B, H)),
        "n": np.tanh(rng.standard_normal((B, H))),
        "m": rng.standard_normal((B, H)),
        "h_prev": np.tanh(rng.standard_normal((B, H))),
        "W_hh": rng.standard_normal((H, 3 * H)),
    }


def _cases(rng: Rng) -> list[Case]:
    sizes = (1, 1), (1, 3), (3, 1), (3, 2), (4, 5), (4, 5), (3, 3), (6, 2), (8, 6)
    cases = [_step(rng, B, H) for B, H in (*sizes, (3, 4), (2, 2), (5, 3))]
    cases[4]["h_prev"] *= 0  # the first step
    cases[5]["dh"][1] = 0
    cases[8]["dh"] = 1.0 * rng.integers(-1, 2, cases[8]["dh"].shape)  # -1, 0 and 1
    cases[6]["r"], cases[6]["z"] = rng.permuted(np.arange(18) % 2.0).reshape(2, 3, 3)
    cases[7]["z"][...] = 1  # all is kept
    cases[11]["r"][...] = 0  # nothing is shown
    cases[9]["n"] = np.sign(cases[9]["n"])  # saturated
    for name in ("dh", "m"):
        cases[10][name] *= 300  # loud
    return [*cases]


def _numerically(case: Case) -> Any:
    """Return the derivatives of dh . h with respect to a and h_prev."""
    r, z, n, m, h_0 = (case[name] for name in ("r", "z", "n", "m", "h_prev"))
    with np.errstate(divide="ignore"):
        a_r, a_z = (np.clip(np.log(g / (1 - g)), -SHUT, SHUT) for g in (r, z))
        a_n = np.clip(np.arctanh(n), -FULL, FULL) - r * m

    def loss(a: Array, h_prev: Array) -> Any:
        m_r, m_z, m_n = np.split((h_prev - h_0) @ case["W_hh"], 3, axis=-1)
        b_r, b_z, b_n = np.split(a, 3, axis=-1)
        gate, keep = sigmoid(b_r + m_r), sigmoid(b_z + m_z)
        candidate = np.tanh(b_n + gate * (m + m_n))
        return (case["dh"] * ((1 - keep) * candidate + keep * h_prev)).sum()

    places = {"a": np.concatenate([a_r, a_z, a_n], axis=-1), "h_prev": h_0}
    found = numerical_gradients(loss, places)
    return found["a"], found["h_prev"]


STEP_BACKWARD = Exercise(
    id="09.3",
    kind="G",
    title="One step back through a GRU",
    reference=gru_step_backward,
    returns=("da", "dh_prev"),
    cases=_cases,
    mistakes=(
        Mistake(
            "direct_path_forgotten",
            {" + dh * z": ""},
            "Your dh_prev has come back through the gates and the candidate alone. In "
            "the last line of the forward pass the old state stands by itself, times "
            "z: this is the path that a GRU is built for.",
        ),
        Mistake(
            "slope_of_z_like_tanh",
            {"dz * z * (1 - z)": "dz * (1 - z**2)"},
            "z came out of a sigmoid, and you use the slope of tanh.",
        ),
        Mistake(
            "path_through_z_left_out",
            {"[da_r, da_z, dm]": "[da_r, 0 * da_z, dm]"},
            "da is right, and dh_prev lacks one of its paths. Each gate looks at the "
            "old state; through one of them nothing comes back.",
        ),
        Mistake(
            "path_through_r_left_out",
            {"[da_r, da_z, dm]": "[0 * da_r, da_z, dm]"},
            "da is right, and dh_prev lacks one of its paths. Each of the three blocks "
            "of W_hh has something to send back; one of yours sends nothing.",
        ),
        Mistake(
            "blocks_in_another_order",
            {"[da_r, da_z, da_n], axis": "[da_z, da_r, da_n], axis"},
            "dh_prev is right, and two thirds of da are exchanged. In which order do "
            "the blocks stand in this library?",
        ),
        Mistake(
            "direct_path_not_gated",
            {" + dh * z": " + dh"},
            "In your answer all of dh comes back to the old state. In the forward pass "
            "only a share of the old state was kept: the same share comes back.",
        ),
        Mistake(
            "candidate_goes_back_without_reset",
            {"[da_r, da_z, dm]": "[da_r, da_z, da_n]"},
            "da is right, dh_prev is not. Between the product with W_hn and the sum in "
            "the candidate stands r. Is what comes back to the product the same as "
            "what comes to the sum?",
        ),
        Mistake(
            "input_part_reset_too",
            {"[da_r, da_z, da_n]": "[da_r, da_z, dm]"},
            "dh_prev is right, and the last third of da is not. r acts on what comes "
            "from the old state. What comes from the input is not reset.",
        ),
        Mistake(
            "sign_of_z",
            {"(h_prev - n)": "(n - h_prev)"},
            "Your gradient of z has the wrong sign. If z grows, what does h gain, and "
            "what does it lose?",
        ),
        Mistake(
            "z_exchanged",
            {
                "dh * (h_prev - n), dh * (1 - z)": "dh * (n - h_prev), dh * z",
                "+ dh * z": "+ dh * (1 - z)",
            },
            "You go back through a GRU in which z writes. Forward and backward would "
            "fit together, so no gradient check would notice it. Here z keeps.",
        ),
        Mistake(
            "z_by_what_is_kept_alone",
            {"(h_prev - n)": "h_prev"},
            "z stands twice in the mixture: it opens for the old state, and shuts for "
            "the candidate. Both belong to its gradient.",
        ),
        Mistake(
            "no_slope_of_tanh",
            {" * (1 - n**2)": ""},
            "Between the sum and the candidate stands a tanh. How much does n move if "
            "the sum moves a little? It can be written with n itself.",
        ),
        Mistake(
            "no_slope_at_the_gates",
            {"dr * r * (1 - r), dz * z * (1 - z)": "dr, dz"},
            "You stop at the gates. Each came out of a sigmoid: how much does it move "
            "when its pre-activation moves a little?",
        ),
        Mistake(
            "candidate_like_a_gate",
            {"(1 - n**2)": "n * (1 - n)"},
            "The candidate came out of tanh, and you use the slope of a sigmoid.",
        ),
        Mistake(
            "reset_of_the_state",
            {"da_n * m": "da_n * h_prev"},
            "In this form r was multiplied by the product m, not by the old state. In "
            "a product each factor gets what came back times the other one.",
        ),
        Mistake(
            "past_the_tanh",
            {"da_n * m, da_n * r": "dn * m, dn * r"},
            "r and m stand inside the tanh. What comes to them has been through its "
            "slope.",
        ),
        Mistake(
            "each_with_itself",
            {"da_n * m, da_n * r": "da_n * r, da_n * m"},
            "r and m have each other's gradient. In a product each factor gets what "
            "came back times the other one.",
        ),
        Mistake(
            "candidate_gets_what_is_kept",
            {"dh * (1 - z)": "dh * z"},
            "Your candidate is given the share that is kept. How much of it was "
            "written?",
        ),
    ),
    hints=(
        "Go through the forward lines from the last to the first. How often does the "
        "old state stand in them? So many paths lead back to it.",
        "Three of its paths go through a product with W_hh, and one goes past all "
        "weights. The candidate has two parts inside its tanh: what comes from the "
        "input gets all that comes back there, the product gets a share.",
        "Four stages: what dh says to z, to n and directly to the old state; n through "
        "its slope; what this says to r and to m; both gates through their slopes. "
        "Then two stacks that differ in the last third: one is da, the other goes "
        "through W_hh. At z = 1 everywhere, what must dh_prev be?",
    ),
    numerical=_numerically,
    source=(GRUCell.slopes, GRUCell.step_backward),
    point=(
        "# h = (1 - keep)",
        "da_z, da_n = dh",
        "dh_prev = dh",
        "# n = tanh",
        "da_r, dm = da_n",
        "# a_r += h_prev",
        "dm_rzn = np.conc",
        "dh_prev += product(dm_rzn",
        "return np.concatenate([da_r, da_z, da_n]",
    ),
)
