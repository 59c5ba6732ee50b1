"""One step of an LSTM, as several exercises of lesson 08 need it."""

import numpy as np

from rnncourse.checking.exercise import Case
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid

__all__ = ["logit", "new_state", "preactivation", "random_step", "with_silence"]


def random_step(
    rng: Rng, B: int, H: int, *, loud: float = 1.0, first: bool = False
) -> dict[str, Array]:
    """Return dh, dc, the gates and both cell states of a random step, each (B, H).

    In a loud one the gates are wide open or shut, in a first one the cell was empty.
    """
    dh, dc, c_prev = loud * rng.standard_normal((3, B, H))
    c_prev = 0 * c_prev if first else c_prev
    a = np.clip(loud**2 * rng.standard_normal((3, B, H)), -20, 20)
    gates = dict(zip("ifo", sigmoid(a), strict=True))
    gates["g"] = np.tanh(rng.standard_normal((B, H)))
    c = gates["f"] * c_prev + gates["i"] * gates["g"]
    return {"dh": dh, "dc": dc, **gates, "c_prev": c_prev, "c": c}


def with_silence(step: dict[str, Array], *names: str) -> dict[str, Array]:
    """Return a step with no gradient in some arrays, or here and there in both.

    Gates that are shut to the last digit, or open, are among the others.
    """
    step = {name: array.copy() for name, array in step.items()}
    for name in names:
        step[name][...] = 0
    if not names:
        step["dh"][0] = step["dc"][1] = 0
        step["dh"][2, 0] = step["dc"][2, 1] = 0
    for gate, row in ("f", 0), ("i", 1), ("o", 2):
        step[gate][row % len(step[gate]), :2] = 0, 1
    step["c"] = step["f"] * step["c_prev"] + step["i"] * step["g"]
    return step


def new_state(a: Array, c_prev: Array) -> tuple[Array, Array]:
    """Return h and c of a step, from its stacked pre-activation."""
    a_i, a_f, a_o, a_g = np.split(a, 4, axis=-1)
    c = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_g)
    return sigmoid(a_o) * np.tanh(c), c


def preactivation(case: Case) -> Array:
    """Return the stacked pre-activation that leads to the gates of a case."""
    gates = (logit(case[gate]) for gate in "ifo")
    return np.concatenate([*gates, np.arctanh(case["g"])], axis=-1)


def logit(gate: Array) -> Array:
    """Return the pre-activation of a gate: the inverse of the sigmoid, if finite."""
    return np.log(np.maximum(gate, 1e-200) / np.maximum(1 - gate, 1e-200))
