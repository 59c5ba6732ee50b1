"""Exercise 08.8: the gradients of the peepholes."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_08.exercises.one_step import (
    logit,
    random_step,
    with_silence,
)
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import PeepholeLSTMCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["PEEPHOLE"]

NAMES = "w_ci", "w_cf", "w_co"
Four = tuple[Array, Array, Array, Array]


def peephole_gradients(
    dh: Array, dc: Array, i: Array, f: Array, o: Array, g: Array, c_prev: Array,
    c: Array, w_ci: Array, w_cf: Array, w_co: Array,
) -> Four:  # fmt: skip
    """Return dc_prev and the gradients of w_ci, w_cf and w_co."""
    da_o = dh * np.tanh(c) * o * (1 - o)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2) + da_o * w_co
    da_i = dc * g * i * (1 - i)
    da_f = dc * c_prev * f * (1 - f)
    dc_prev = dc * f + da_i * w_ci + da_f * w_cf
    dw_ci, dw_cf, dw_co = np.sum([da_i * c_prev, da_f * c_prev, da_o * c], axis=1)
    return dc_prev, dw_ci, dw_cf, dw_co


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    steps = [
        random_step(rng, B, H) for B, H in ((2, 1), (3, 2), (2, 3), (5, 4), (1, 2))
    ]
    steps += [random_step(rng, 3, 3, first=True), random_step(rng, 8, 2, loud=5.0)]
    for step in steps:
        H = step["c"].shape[1]
        peepholes = rng.standard_normal((3, H))
        cases.append({**step, **dict(zip(NAMES, peepholes, strict=True))})
    return [*cases, *_silent(rng)]


def _silent(rng: Rng) -> list[Case]:
    """Return steps to which no gradient comes by h, or by c, or in one row.

    One of the peepholes is nothing, and so is one entry of another.
    """
    cases: list[Case] = []
    for k, silent in enumerate((("dh",), ("dc",), ())):
        peepholes = rng.standard_normal((3, 4))
        peepholes[k], peepholes[k - 1, 1] = 0, 0
        step = with_silence(random_step(rng, 4, 4), *silent)
        cases.append({**step, **dict(zip(NAMES, peepholes, strict=True))})
    return cases


def _numerically(case: Case) -> Four:
    """Return the derivatives of dh . h + dc . c with respect to what is asked for."""
    seen = {"i": case["c_prev"], "f": case["c_prev"], "o": case["c"]}
    rest = {gate: logit(case[gate]) - seen[gate] * case[f"w_c{gate}"] for gate in "ifo"}

    def loss(c_prev: Array, w_ci: Array, w_cf: Array, w_co: Array) -> Any:
        i = sigmoid(rest["i"] + c_prev * w_ci)
        f = sigmoid(rest["f"] + c_prev * w_cf)
        c = f * c_prev + i * case["g"]
        h = sigmoid(rest["o"] + c * w_co) * np.tanh(c)
        return (case["dh"] * h + case["dc"] * c).sum()

    names = ("c_prev", "w_ci", "w_cf", "w_co")
    found = numerical_gradients(loss, {name: case[name] for name in names})
    return found["c_prev"], found["w_ci"], found["w_cf"], found["w_co"]


PEEPHOLE = Exercise(
    id="08.8",
    kind="G",
    title="Gradients of the peepholes",
    reference=peephole_gradients,
    returns=("dc_prev", "dw_ci", "dw_cf", "dw_co"),
    cases=_cases,
    mistakes=(
        Mistake(
            "no_way_back_through_o",
            {" + da_o * w_co": ""},
            "The output gate looks at the new cell state, so c acts on h in one more "
            "way. Your dc has the path through tanh(c), but not the one through o.",
        ),
        Mistake(
            "through_o_to_the_old_cell",
            {
                " + da_o * w_co": "",
                "da_i * w_ci + da_f": "da_o * w_co + da_i * w_ci + da_f",
            },
            "What comes back through o goes to the old cell state in your answer. "
            "Which cell state is there for o to look at, and where does that gradient "
            "join?",
        ),
        Mistake(
            "no_way_back_through_i_and_f",
            {" + da_i * w_ci + da_f * w_cf": ""},
            "The old cell state is kept, and it is also looked at by i and by f. Your "
            "dc_prev has the first of these three paths. Where do the other two begin?",
        ),
        Mistake(
            "all_look_at_the_old_cell",
            {"da_o * c]": "da_o * c_prev]"},
            "The output gate comes last: which cell state is there to look at by "
            "then? The gradient of its peephole has to use the same one.",
        ),
        Mistake(
            "mean_over_the_batch",
            {"np.sum(": "np.mean("},
            "Your three weight gradients are smaller by the size of the batch. All "
            "sequences use the same peephole, and each has a part in its gradient. Is "
            "that the mean of the parts, or their sum?",
        ),
        Mistake(
            "no_slope_at_the_gates",
            {" * o * (1 - o)": "", " * i * (1 - i)": "", " * f * (1 - f)": ""},
            "A peephole adds to the pre-activation, behind the sigmoid as seen from "
            "the gate. So what reaches it has been through the slope of that sigmoid.",
        ),
    ),
    hints=(
        "Draw all ways out of the old cell state, and all ways out of the new one. "
        "With peepholes there are more than before: count them.",
        "Start with the output gate: its pre-activation's gradient adds one more term "
        "to dc. Then i and f, whose pre-activations send something to dc_prev. Each "
        "peephole's gradient is what reaches the pre-activation times the cell state "
        "that was looked at.",
        "Mind the order: o first, since what goes back through it belongs to dc; then "
        "i and f, which need all of dc; then dc_prev, with three paths. A peephole is "
        "a weight that all sequences share: what does that say of its gradient?",
    ),
    source=(PeepholeLSTMCell.step_backward, PeepholeLSTMCell.parameter_gradients),
    point=(
        "# a_o += c * w_co",
        "dc = dc + dh",
        "# a_i += c_prev",
        "dc_prev +=",
        "seen = cache.c",
        "rows_of(da_gate * seen)",
    ),
    numerical=_numerically,
)
