"""One step of the "hello" net, computed as each of four notations writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnncourse.shared import hello
from rnncourse.shared.wording import number
from rnnlib._typing import Array, Params

__all__ = ["NOTATIONS", "WORD", "Notation", "NotationSwitch", "Step", "compute", "run"]

WORD = "hello"


class Step(NamedTuple):
    """One step: what goes in, the parts of the sum, and what comes out.

    Each is a column (n, 1) or a row (1, n), depending on the notation.
    """

    x: Array
    h_prev: Array
    parts: tuple[Array, ...]
    a: Array
    h: Array
    scores: Array


class Notation(NamedTuple):
    """A way of writing the step.

    Attributes
    ----------
    says : str
        Where its matrices stand, in words.
    state : str
        Its name for the state h_t, with t to be filled in.
    weights : function
        The library's parameters, under the names and in the shapes of this notation.
    step : function
        One step with these weights, from x_t and h_{t-1}, flat arrays (D,) and (H,).
    """

    says: str
    state: str
    weights: Callable[[Params], Params]
    step: Callable[[Params, Array, Array], Step]


def _papers_weights(params: Params) -> Params:
    return {
        "W_xh": params["W_xh"].T,
        "W_hh": params["W_hh"].T,
        "b_h": params["b_h"][:, None],
        "W_hy": params["W_hy"].T,
        "b_y": params["b_y"][:, None],
    }


def _papers_step(weights: Params, x_t: Array, h_prev: Array) -> Step:
    W_xh, W_hh, b_h, W_hy, b_y = weights.values()
    x, h_prev = x_t[:, None], h_prev[:, None]
    parts = W_xh @ x, W_hh @ h_prev, b_h
    a = W_xh @ x + W_hh @ h_prev + b_h
    h = np.tanh(a)
    return Step(x, h_prev, parts, a, h, W_hy @ h + b_y)


def _rows_weights(params: Params) -> Params:
    return dict(params)


def _rows_step(weights: Params, x_t: Array, h_prev: Array) -> Step:
    W_xh, W_hh, b_h, W_hy, b_y = weights.values()
    x, h_prev = x_t[None, :], h_prev[None, :]
    parts = x @ W_xh, h_prev @ W_hh, b_h[None, :]
    a = x @ W_xh + h_prev @ W_hh + b_h
    h = np.tanh(a)
    return Step(x, h_prev, parts, a, h, h @ W_hy + b_y)


def _ng_weights(params: Params) -> Params:
    return {
        "W_aa": params["W_hh"].T,
        "W_ax": params["W_xh"].T,
        "b_a": params["b_h"][:, None],
        "W_ya": params["W_hy"].T,
        "b_y": params["b_y"][:, None],
    }


def _ng_step(weights: Params, x_t: Array, a_prev: Array) -> Step:
    W_aa, W_ax, b_a, W_ya, b_y = weights.values()
    x, a_prev = x_t[:, None], a_prev[:, None]
    parts = W_aa @ a_prev, W_ax @ x, b_a
    z = W_aa @ a_prev + W_ax @ x + b_a
    a = np.tanh(z)
    return Step(x, a_prev, parts, z, a, W_ya @ a + b_y)


def _torch_weights(params: Params) -> Params:
    return {
        "weight_ih_l0": params["W_xh"].T,
        "weight_hh_l0": params["W_hh"].T,
        "bias_ih_l0": params["b_h"],
        "bias_hh_l0": np.zeros_like(params["b_h"]),
        "weight": params["W_hy"].T,
        "bias": params["b_y"],
    }


def _torch_step(weights: Params, x_t: Array, h_prev: Array) -> Step:
    W_ih, W_hh, b_ih, b_hh, weight, bias = weights.values()
    x, h_prev = x_t[None, :], h_prev[None, :]
    parts = x @ W_ih.T, b_ih[None, :], h_prev @ W_hh.T, b_hh[None, :]
    a = x @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh
    h = np.tanh(a)
    return Step(x, h_prev, parts, a, h, h @ weight.T + bias)


NOTATIONS = {
    "papers": Notation(
        "columns; a matrix stands left of its vector, W_xh is (H, D)",
        "h_{t}",
        _papers_weights,
        _papers_step,
    ),
    "rows": Notation(
        "rows; a matrix stands right of its vector, W_xh is (D, H)",
        "h_{t}",
        _rows_weights,
        _rows_step,
    ),
    "Ng": Notation(
        "columns; the state is called a, and W_ax leads to a from x",
        "a⟨{t}⟩",
        _ng_weights,
        _ng_step,
    ),
    "PyTorch": Notation(
        "rows, matrices stored as for columns and transposed, and two biases",
        "h_{t}",
        _torch_weights,
        _torch_step,
    ),
}


@dataclass(frozen=True)
class NotationSwitch:
    """A step of the net on the word "hello", in one of the notations.

    Attributes
    ----------
    notation : str
        A key of NOTATIONS.
    t : int
        The step, from 1 to 5.
    weights : dict
        Under the names and in the shapes of this notation.
    step : Step
    gap : float
        The largest difference between the states of two notations, up to this step.
    """

    notation: str
    t: int
    weights: Params
    step: Step
    gap: float

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        notation = NOTATIONS[self.notation]
        state = notation.state.format(t=self.t)
        h = ", ".join(f"{value:.2f}" for value in self.step.h.ravel())
        title = self.notation[0].upper() + self.notation[1:]
        said = f"{title}: {notation.says}. {state} = ({h}).".replace("-", "−")
        return f"{said}{self._compared()}"

    def _compared(self) -> str:
        """Compare with the first notation, where another one is shown."""
        first, *_ = NOTATIONS
        if self.notation == first:
            return ""
        same = "digit by digit" if self.gap < 1e-14 else f"but for {number(self.gap)}"
        return f" The same numbers as in the notation of {first}, {same}."


def compute(*, notation: str, t: int) -> NotationSwitch:
    """Run all four notations up to step `t`, each in its own way.

    Parameters
    ----------
    notation : str
        A key of NOTATIONS.
    t : int
        The step to show, from 1 to 5.
    """
    params = hello.params()
    runs = {name: run(each, params, t) for name, each in NOTATIONS.items()}
    states = np.array([[step.h.ravel() for step in steps] for steps in runs.values()])
    return NotationSwitch(
        notation=notation,
        t=t,
        weights=NOTATIONS[notation].weights(params),
        step=runs[notation][-1],
        gap=float(np.ptp(states, axis=0).max()),
    )


def run(notation: Notation, params: Params, steps: int) -> list[Step]:
    """Return the first steps on the word "hello"."""
    weights = notation.weights(params)
    h, done = np.zeros(len(params["b_h"])), []
    for letter in WORD[:steps]:
        x_t = np.eye(len(params["W_xh"]))[hello.VOCABULARY.encode(letter)[0]]
        done.append(notation.step(weights, x_t, h))
        h = done[-1].h.ravel()
    return done
