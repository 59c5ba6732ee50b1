"""Exercise 13.3: a linear probe that reads how many brackets are open."""

from functools import cache
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_13.held import states_of, texts
from rnncourse.lesson_13.nets import brackets
from rnncourse.shared.open_brackets import depths
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import linear_probe

__all__ = ["COUNTING"]

MARK, SLACK, LEFT = 0.8, 0.01, 1e-3
FROM_THE_NET = 40, 25  # steps, texts


def counting_probe(states: Array, counts: Array) -> tuple[Array, float]:
    """Return weights (H,) and a bias: states @ weights + bias comes near counts."""
    rows = states.reshape(-1, states.shape[-1])
    rows = np.column_stack([rows, np.ones(len(rows))])
    found = np.linalg.lstsq(rows, counts.reshape(-1), rcond=None)[0]
    return found[:-1], found[-1]


@cache
def _asked() -> tuple[Array, Array]:
    """Return states of the net after texts that were held out, and their depths."""
    batch = texts("held_out", seed=4)
    return states_of(brackets(), batch), depths(batch.inputs)


def _cases(rng: Rng) -> list[Case]:
    sizes = (
        *((1, 6, 1), (9, 1, 2), (4, 5, 3), (12, 2, 4), (5, 5, 5), (3, 40, 6)),
        *((11, 6, 3), (30, 4, 8)),
    )
    cases = []
    for T, B, H in sizes:
        states = np.tanh(rng.standard_normal((T, B, H)))
        wanted = 2 + 3 * states @ rng.standard_normal(H)
        counts = np.round(wanted + 0.2 * rng.standard_normal((T, B))).astype(int)
        counts[0, 0], counts[-1, -1] = counts.max() + 1, counts.min() - 1
        cases.append({"states": states, "counts": counts})
    cases[2]["counts"] += 1000  # far from zero
    cases[4]["states"][..., 1] = cases[4]["states"][..., 3]  # two units alike
    cases[5]["states"][..., 2] = 0  # a unit that is silent
    cases[6]["states"] *= 1e3
    cases[5]["states"][..., 1] *= 0.005  # a quiet unit that tells much
    cases[7]["states"] = cases[7]["states"][::-1].swapaxes(0, 1)
    cases[7]["counts"] = cases[7]["counts"][::-1].swapaxes(0, 1)
    T, B = FROM_THE_NET
    batch = texts("train", B, seed=int(rng.integers(1000)))
    cases.append(
        {"states": states_of(brackets(), batch), "counts": depths(batch.inputs)}
    )
    return [*cases]


def _fault(found: Any, case: Case) -> str:
    """Return what keeps an answer from being weights and a bias, or nothing."""
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(found, tuple | list) or len(found) != 2:
        return "It should return two things: the weights, and the bias."
    weights, bias = np.asarray(found[0]), np.asarray(found[1])
    H = case["states"].shape[-1]
    if weights.shape != (H,):
        return f"The weights should have shape ({H},); yours have {weights.shape}."
    if bias.shape != ():
        return f"The bias should be one number; yours has shape {bias.shape}."
    if not all(a.dtype.kind in "iuf" and np.isfinite(a).all() for a in (weights, bias)):
        return "Weights and bias should be finite numbers."
    return ""


def _share(weights: Any, bias: Any, states: Array, counts: Array) -> float:
    """Return which share of the variance of the counts is read."""
    off = counts - (states @ np.asarray(weights, float) + float(bias))
    return float(1 - (off**2).mean() / counts.var())


def _reads_what_can_be_read(found: Any, case: Case) -> bool | str:
    if words := _fault(found, case):
        return words
    states, counts = case["states"], case["counts"]
    best = linear_probe(states, counts.astype(float))
    mine, most = (
        _share(weights, bias, states, counts) for weights, bias in (found, best)
    )
    if mine < most - SLACK:
        return (
            f"Of the states that it was given your probe reads R² = {mine:.3f}; a "
            f"linear one can read {most:.3f}."
        )
    return _leaves_nothing(found, case)


def _leaves_nothing(found: Any, case: Case) -> bool | str:
    """Return whether no other weight could read more, as with least squares."""
    rows = case["states"].reshape(-1, case["states"].shape[-1])
    counts = case["counts"].reshape(-1)
    left = counts - rows @ np.asarray(found[0], float) - float(found[1])
    off, left = float(left.mean()), left / counts.std()
    if abs(left.mean()) > LEFT:
        side = "high" if off < 0 else "low"
        return (
            f"Your readings are {abs(off):.2g} too {side} on average; with the best "
            "bias that is 0."
        )
    spread = rows.std(axis=0)
    units = (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1)
    together = abs(left @ units) / len(left)
    worst = int(together.argmax())
    return bool(together[worst] < LEFT) or (
        "It is close, and not the best: what your readings are off still goes with "
        f"unit {worst + 1} (r = {together[worst]:.1g}). With the best weights it goes "
        "with none."
    )


def _reads_new_texts(found: Any, case: Case) -> bool | str:
    states, counts = _asked()
    if case["counts"].shape != FROM_THE_NET:
        return True
    share = _share(found[0], found[1], states, counts)
    return share > MARK or (
        f"Of 100 texts of brackets that it has not seen your probe reads R² = "
        f"{share:.2f}; {MARK} is the mark."
    )


COUNTING = Exercise(
    id="13.3",
    kind="P",
    title="Read a counter",
    reference=counting_probe,
    cases=_cases,
    claims=(
        Claim("It reads what a linear probe can read.", _reads_what_can_be_read),
        Claim("It reads texts that it has not seen.", _reads_new_texts),
    ),
    mistakes=(
        Mistake(
            "no_bias",
            {"np.ones(len(rows))": "np.zeros(len(rows))"},
            "Your reading goes through zero: at a state of zeros it says that nothing "
            "is open. One number more, the same for all states, is missing.",
        ),
        Mistake(
            "unit_by_unit",
            {
                "found = np.linalg.lstsq(rows, counts.reshape(-1), rcond=None)[0]": "y "
                "= counts.reshape(-1) - counts.mean()\n    found = rows.T @ y / "
                "np.maximum((rows**2).sum(0), 1e-9)\n    found[-1] = counts.mean()"
            },
            "You fit each unit by itself and add them up. Units say the same things "
            "partly, so what they say together has to be fitted together.",
        ),
        Mistake(
            "one_unit_alone",
            {
                "return found[:-1], found[-1]": "found[:-2] = 0\n    return "
                "found[:-1], found[-1]"
            },
            "You read one unit and leave out all others.",
        ),
        Mistake(
            "last_step_alone",
            {
                "states.reshape(-1, states.shape[-1])": "states[-1]",
                "counts.reshape(-1)": "counts[-1]",
            },
            "You fit to the last step of each text alone. Every step has a state and a "
            "count: that is T times as much to learn from.",
        ),
        Mistake(
            "one_text_alone",
            {
                "states.reshape(-1, states.shape[-1])": "states[:, 0]",
                "counts.reshape(-1)": "counts[:, 0]",
            },
            "You fit to the first text alone, and the others are left out.",
        ),
        Mistake(
            "axes_mixed",
            {"counts.reshape(-1)": "counts.T.reshape(-1)"},
            "Your states stand step by step, and your counts text by text: state and "
            "count no longer belong together.",
        ),
        Mistake(
            "bias_of_the_mean",
            {"return found[:-1], found[-1]": "return found[:-1], counts.mean()"},
            "Your bias is the mean count. That would be right if the mean state were "
            "zero.",
        ),
        Mistake(
            "a_direction_alone",
            {
                "return found[:-1], found[-1]": "return found[:-1] / "
                "np.linalg.norm(found[:-1]), found[-1]"
            },
            "Your weights have length 1: they say where to look, and no longer how far "
            "the state moves for one bracket.",
        ),
        Mistake(
            "the_other_way_round",
            {"return found[:-1], found[-1]": "return -found[:-1], -found[-1]"},
            "Your probe says less where there is more: look at the sign.",
        ),
    ),
    hints=(
        "Each step of each text is one row: a state, and the number that should be "
        "read from it. How many rows are there, and how many unknown numbers?",
        "It is a least-squares problem, and numpy solves those. The bias is the "
        "weight of a unit that is always 1.",
        "Make the states a matrix with a row for each step of each text, and the "
        "counts a vector in the same order. Put a column of ones at its end. Solve; "
        "the last of the numbers that come back is the bias. Use a solver that copes "
        "with two units that are alike. Test yours: with the right answer, what is "
        "the mean of what is left over?",
    ),
    source=linear_probe,
    point=(
        "rows, said =",
        "mean, said_mean =",
        "weights = np",
        "np.concatenate([rows",
        "np.concatenate([said",
        "return Probe",
    ),
)
