"""Exercise 12.4: one step of a minGRU, there and back."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells.mingru import LinearCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["MINGRU"]

NAMES = ("h", "dx", "dh_prev", "dW_xh", "db_h")


def mingru_step(
    x: Array, h_prev: Array, W_xh: Array, b_h: Array, dh: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Return h, then dx, dh_prev, dW_xh and db_h; the blocks stand as z, n."""
    a_z, n = np.split(x @ W_xh + b_h, 2, axis=-1)
    z = sigmoid(a_z)
    h = (1 - z) * h_prev + z * n
    dz, dn = dh * (n - h_prev), dh * z
    da = np.concatenate([dz * z * (1 - z), dn], axis=-1)
    return h, da @ W_xh.T, dh * (1 - z), x.T @ da, da.sum(axis=0)


def _cases(rng: Rng) -> list[Case]:
    sizes = (1, 1, 1), (1, 3, 2), (3, 2, 1), (4, 3, 5), (4, 1, 3), (3, 3, 2), (6, 2, 3)
    cases: list[dict[str, Any]] = [
        {
            "x": rng.standard_normal((B, D)),
            "h_prev": rng.standard_normal((B, H)),
            "W_xh": rng.standard_normal((D, 2 * H)),
            "b_h": rng.standard_normal(2 * H),
            "dh": rng.standard_normal((B, H)),
        }
        for B, D, H in (*sizes, (5, 2, 4), (2, 3, 4), (4, 4, 4), (7, 2, 3), (12, 5, 6))
    ]
    cases[3]["h_prev"] *= 0  # begins here
    cases[4]["dh"][1] = 0
    cases[5]["x"] = np.eye(3)[rng.integers(0, 3, 3)]  # one-hot letters
    cases[6]["b_h"][:2] = 1000  # two units write all
    cases[7]["b_h"][:4] = -1000  # all is kept
    cases[8]["x"] *= 0  # silence
    cases[9]["h_prev"] *= 1e3
    cases[10]["W_xh"] *= 30
    return [*cases]


def _numerically(case: Case) -> Any:
    """Return h, and the derivatives of dh . h."""

    def step(x: Array, h_prev: Array, W_xh: Array, b_h: Array) -> Array:
        a_z, n = np.split(x @ W_xh + b_h, 2, axis=-1)
        return h_prev + sigmoid(a_z) * (n - h_prev)

    places = {name: np.asarray(case[name], float) for name in case if name != "dh"}
    found = numerical_gradients(lambda **a: (case["dh"] * step(**a)).sum(), places)
    return step(**places), *(found[name] for name in places)


MINGRU = Exercise(
    id="12.4",
    kind="G",
    title="One step of a minGRU, there and back",
    reference=mingru_step,
    returns=NAMES,
    cases=_cases,
    mistakes=(
        Mistake(
            "z_exchanged",
            {
                "h = (1 - z) * h_prev + z * n": "h = z * h_prev + (1 - z) * n",
                "dh * (n - h_prev), dh * z": "dh * (h_prev - n), dh * (1 - z)",
                "dh * (1 - z), x": "dh * z, x",
            },
            "Your z keeps, as in lesson 09. Here it writes, as in the paper that "
            "brought this cell. Forward and backward fit together at your place, so no "
            "gradient check would notice.",
        ),
        Mistake(
            "blocks_exchanged",
            {"a_z, n = np": "n, a_z = np"},
            "You take the blocks in the order n, z. They stand as z, n.",
            others=(
                {
                    "a_z, n = np": "n, a_z = np",
                    "[dz * z * (1 - z), dn]": "[dn, dz * z * (1 - z)]",
                },
            ),
        ),
        Mistake(
            "candidate_squashed",
            {"z = sigmoid(a_z)": "z, n = sigmoid(a_z), np.tanh(n)"},
            "Your candidate goes through tanh, as that of a GRU does. This cell leaves "
            "it as it is.",
            others=(
                {
                    "z = sigmoid(a_z)": "z, n = sigmoid(a_z), np.tanh(n)",
                    "dh * z\n": "dh * z * (1 - n**2)\n",
                },
            ),
        ),
        Mistake(
            "old_state_without_its_gate",
            {"dh * (1 - z), x": "dh.copy(), x"},
            "All of dh comes back to the old state at your place. Which share of the "
            "old state was kept?",
        ),
        Mistake(
            "old_state_gets_what_the_candidate_gets",
            {"dh * (1 - z), x": "dh * z, x"},
            "Your dh_prev is the share of the candidate. Which of the two shares "
            "stands before the old state?",
        ),
        Mistake(
            "sign_of_z",
            {"(n - h_prev)": "(h_prev - n)"},
            "Your gradient of z has the wrong sign. If z grows, what does h gain, and "
            "what does it lose?",
        ),
        Mistake(
            "z_by_what_is_written_alone",
            {"(n - h_prev)": "n"},
            "z stands twice in the mixture: it opens for the candidate, and shuts for "
            "the old state. Both belong to its gradient.",
        ),
        Mistake(
            "no_slope_at_the_gate",
            {"dz * z * (1 - z)": "dz"},
            "You stop at the gate. It came out of a sigmoid: how much does it move "
            "when its pre-activation moves a little?",
        ),
        Mistake(
            "candidate_without_its_share",
            {"dh * z\n": "dh\n"},
            "All of dh comes back to your candidate. How much of it was written?",
        ),
        Mistake(
            "slope_where_there_is_none",
            {"dh * z\n": "dh * z * (1 - n**2)\n"},
            "Your candidate has the slope of a tanh on its way back. Was there a tanh "
            "on its way out?",
        ),
        Mistake(
            "bias_by_its_mean",
            {"da.sum(axis=0)": "da.mean(axis=0)"},
            "The bias serves every sequence of the batch: are the parts added up, or "
            "averaged?",
        ),
        Mistake(
            "the_state_takes_part_in_the_gate",
            {
                "a_z, n = np.split(x @ W_xh": "a_z, n = np.split((x + h_prev.mean()) @ "
                "W_xh"
            },
            "Your gate or candidate looks at the old state. In this cell both look at "
            "the input alone: that is what makes it linear in the state.",
        ),
    ),
    hints=(
        "It is the step of lesson 09 without all that looks at the old state in the "
        "gate and in the candidate. How many blocks are left? And which share is z?",
        "On the way back only one path leads to the old state. Two lead to the sums: "
        "through z, which has a slope, and to the candidate, which has none.",
        "Forward: one product, cut in two, one sigmoid, one mixture. Backward: what dh "
        "says to z and to the candidate; z through its slope; both side by side in "
        "one array, as the blocks stand. From that array come three gradients, as in "
        "any linear layer. If z is 0 everywhere, which of the five must be zero?",
    ),
    numerical=_numerically,
    source=(LinearCell.coefficients, LinearCell.slopes),
    point=(
        "write, candidate = self._gate",
        "return self._kept(write), write",
        "write, candidate, write_by_a",
        "# h =",
        "h_by_write =",
        "np.multiply(",
        "h_by_a[..., -1",
        "return LinearSlopes",
    ),
)
