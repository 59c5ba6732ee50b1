"""Exercises of lesson 08 on the variants: peepholes and coupled gates."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.lesson_08.exercises.lstm_step_backward import random_gates
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import LSTMCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["COUPLED", "PEEPHOLE"]

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
    dw_ci, dw_cf = (da_i * c_prev).sum(axis=0), (da_f * c_prev).sum(axis=0)
    dw_co = (da_o * c).sum(axis=0)
    return dc_prev, dw_ci, dw_cf, dw_co


def no_way_back_through_o(*case: Array) -> Any:
    """The output gate looks at the new cell state, so c acts on h in one more way.

    Your dc has the way through tanh(c), but not the one through o.
    """
    *first, w_co = case
    without = [*first, 0 * w_co]
    return peephole_gradients(*without)


def no_way_back_through_i_and_f(*case: Array) -> Any:
    """The old cell state is kept, and it is also looked at by i and by f.

    Your dc_prev has the first of these three ways. Where do the other two begin?
    """
    _, *weights = peephole_gradients(*case)
    *first, w_ci, w_cf, w_co = case
    without = [*first, 0 * w_ci, 0 * w_cf, w_co]
    dc_prev, *_ = peephole_gradients(*without)
    return dc_prev, *weights


def all_look_at_the_old_cell(*case: Array) -> Any:
    """The output gate comes last: which cell state is there to look at by then?

    The gradient of its peephole has to use the same one.
    """
    dh, *_, c_prev, c, _, _, _ = case
    o = case[4]
    dc_prev, dw_ci, dw_cf, _ = peephole_gradients(*case)
    da_o = dh * np.tanh(c) * o * (1 - o)
    return dc_prev, dw_ci, dw_cf, (da_o * c_prev).sum(axis=0)


def mean_over_the_batch(*case: Array) -> Any:
    """Your three weight gradients are smaller by the size of the batch.

    All sequences use the same peephole, and each has its say. Do their gradients make
    a mean, or a sum?
    """
    dc_prev, *weights = peephole_gradients(*case)
    return dc_prev, *(weight / len(dc_prev) for weight in weights)


def no_slope_at_the_gates(*case: Array) -> Any:
    """A peephole adds to the pre-activation, behind the sigmoid as seen from the gate.

    So what reaches it has been through the slope of that sigmoid.
    """
    dh, dc, _, f, o, g, c_prev, c, w_ci, w_cf, w_co = case
    da_o = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2) + da_o * w_co
    da_i, da_f = dc * g, dc * c_prev
    dc_prev = dc * f + da_i * w_ci + da_f * w_cf
    pairs = (da_i, c_prev), (da_f, c_prev), (da_o, c)
    return dc_prev, *((da * seen).sum(axis=0) for da, seen in pairs)


def _peephole_cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for B, H in ((2, 1), (3, 2), (2, 3), (5, 4)):
        dh, dc, c_prev = rng.standard_normal((3, B, H))
        gates = random_gates(rng, (B, H))
        c = gates["f"] * c_prev + gates["i"] * gates["g"]
        w_ci, w_cf, w_co = rng.standard_normal((3, H))
        peepholes = {"w_ci": w_ci, "w_cf": w_cf, "w_co": w_co}
        cases.append(
            {"dh": dh, "dc": dc, **gates, "c_prev": c_prev, "c": c, **peepholes}
        )
    return cases


def _peephole_numerically(case: Case) -> Four:
    """Return the derivatives of dh . h + dc . c by c_prev and the peepholes."""
    seen = {"i": case["c_prev"], "f": case["c_prev"], "o": case["c"]}
    rest = {
        name: np.log(case[name] / (1 - case[name])) - seen[name] * case[f"w_c{name}"]
        for name in "ifo"
    }

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
    cases=_peephole_cases,
    bugs=(
        no_way_back_through_o,
        no_way_back_through_i_and_f,
        all_look_at_the_old_cell,
        mean_over_the_batch,
        no_slope_at_the_gates,
    ),
    hints=(
        "Draw all ways out of the old cell state, and all ways out of the new one. "
        "With peepholes there are more than before: count them.",
        "Start with the output gate: its pre-activation's gradient adds one more term "
        "to dc. Then i and f, whose pre-activations send something to dc_prev. Each "
        "peephole's gradient is what reaches the pre-activation times the cell state "
        "that was looked at.",
        "da_o first; dc gains da_o times its peephole; da_i and da_f from dc; dc_prev: "
        "the kept share of dc, plus da_i and da_f times their peepholes; each "
        "peephole: its da times the old cell (the new one for o), added up over the "
        "batch.",
    ),
    source=(LSTMCell.slopes, LSTMCell.step_backward),
    numerical=_peephole_numerically,
)


def coupled_forget_gradient(dc: Array, f: Array, g: Array, c_prev: Array) -> Array:
    """Return da_f of c = f * c_prev + (1 - f) * g, with f = sigmoid(a_f)."""
    return dc * (c_prev - g) * f * (1 - f)


def only_what_is_kept(dc: Array, f: Array, g: Array, c_prev: Array) -> Any:
    """If f grows, more is kept, and something else happens at the same time.

    Which other share depends on f when the gates are coupled?
    """
    return dc * c_prev * f * (1 - f)


def both_grow(dc: Array, f: Array, g: Array, c_prev: Array) -> Any:
    """In your formula a larger f keeps more and writes more.

    With 1 - f in front of g, how does the written part move when f grows?
    """
    return dc * (c_prev + g) * f * (1 - f)


def the_gate_and_not_its_sum(dc: Array, f: Array, g: Array, c_prev: Array) -> Any:
    """That is the gradient of f itself.

    What is asked for stands before the sigmoid. What does the way back through a
    sigmoid multiply by?
    """
    return dc * (c_prev - g)


def slope_taken_twice(dc: Array, f: Array, g: Array, c_prev: Array) -> Any:
    """Your slope of the sigmoid appears twice.

    One f makes both shares, so there is one sigmoid on the way: its slope counts once.
    """
    return dc * (c_prev - g) * (f * (1 - f)) ** 2


def _coupled_cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for shape in ((1, 1), (3, 2), (2, 4)):
        dc, a_f, a_g, c_prev = rng.standard_normal((4, *shape))
        f, g = sigmoid(a_f), np.tanh(a_g)
        cases.append({"dc": dc, "f": f, "g": g, "c_prev": c_prev})
    return cases


def _coupled_numerically(case: Case) -> Array:
    def loss(a_f: Array) -> Any:
        f = sigmoid(a_f)
        return (case["dc"] * (f * case["c_prev"] + (1 - f) * case["g"])).sum()

    places = {"a_f": np.log(case["f"] / (1 - case["f"]))}
    return numerical_gradients(loss, places)["a_f"]


COUPLED = Exercise(
    id="08.7",
    kind="G",
    title="One gate for two",
    reference=coupled_forget_gradient,
    cases=_coupled_cases,
    bugs=(only_what_is_kept, both_grow, the_gate_and_not_its_sum, slope_taken_twice),
    hints=(
        "Write the new cell state with f alone, without i. Then ask how it moves when "
        "f grows a little.",
        "f stands at two places, with opposite signs. After that one more factor is "
        "missing: the way from f back to its pre-activation.",
        "da_f: what came back, times the difference of old cell and candidate, times "
        "the slope of the sigmoid written with f.",
    ),
    numerical=_coupled_numerically,
)
