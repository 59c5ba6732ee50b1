"""The backward pass of the four-letter net, one small move at a time."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared import hello
from rnncourse.shared.wording import percent
from rnnlib._typing import Array, Grads
from rnnlib.activations import softmax
from rnnlib.vocab import one_hot

__all__ = ["LAST", "LEFT_OUT", "STAGES", "STEPS", "Backward", "compute"]

STAGES = ("meet", "squash", "spread")
STEPS = len(hello.INPUTS)
LAST = STEPS * len(STAGES)
LEFT_OUT = ("nothing", "the next step", "the slope", "the sum")


@dataclass(frozen=True)
class Backward:
    """The backward pass after a number of moves.

    Each step t, from T down to 1, takes three moves. Meet: the gradients from the loss
    of this step and from the next step add up to dh_t. Squash: the slope of tanh turns
    it into da_t. Spread: da_t goes into the gradients of the weights, and to h_{t-1}.

    Attributes
    ----------
    moves : int
        Moves done, from 0 to LAST.
    left_out : str
        The mistake that is made, one of LEFT_OUT.
    h : ndarray, shape (T + 1, H)
        The states; h[0] is the initial state.
    dy : ndarray, shape (T, V)
        (p_t - target_t) / T, the gradient with respect to the scores.
    from_loss, from_next, dh, slope, da : ndarray, shape (T, H)
        The values at each step, including those that are still to come.
    d_start : ndarray, shape (H,)
        dL/dh_0, which the last move gives.
    grads : dict
        Those of W_xh (V, H) and W_hh (H, H), as they stand after these moves.
    changed : dict
        Of the same names: which of their entries the last move has changed.
    off : float
        Norm of the mistake in the final dW_hh, as a share of the norm of the right one.
    """

    moves: int
    left_out: str
    h: Array
    dy: Array
    from_loss: Array
    from_next: Array
    dh: Array
    slope: Array
    da: Array
    d_start: Array
    grads: Grads
    changed: dict[str, Array]
    off: float

    @property
    def step(self) -> int:
        """The step t that the last move belongs to; T before the first."""
        return STEPS - max(self.moves - 1, 0) // len(STAGES)

    @property
    def stage(self) -> str:
        """What the last move did, one of STAGES; empty before the first."""
        return STAGES[(self.moves - 1) % len(STAGES)] if self.moves else ""

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        t, left_out = self.step, self.left_out
        if self.moves == 0:
            return (
                "The forward pass is done: every state and every p is known. Nothing "
                "has gone back yet, and all gradients of the weights are zero."
            )
        if self.moves == LAST:
            return self._end()
        if self.stage == "meet":
            return self._meeting()
        if self.stage == "squash":
            if left_out == "the slope":
                return f"t = {t}: WRONG, da is dh as it came: tanh is forgotten."
            return (
                f"t = {t}: each dh is multiplied by the slope of tanh at its own "
                f"state, 1 - h², between {self.slope[t - 1].min():.3f} and "
                f"{self.slope[t - 1].max():.3f} here. That is da_{t}."
            )
        letter = hello.INPUTS[t - 1]
        put = "REPLACES (wrong)" if left_out == "the sum" else "is added to"
        return (
            f"t = {t}: h_{t - 1}ᵀ da_{t} {put} dW_hh, da_{t} {put} row {letter} of "
            f"dW_xh, and da_{t} W_hhᵀ sets out for h_{t - 1}."
        )

    def _meeting(self) -> str:
        t = self.step
        if t == STEPS:
            return (
                f"t = {t}: the last state is read only by its own loss. Nothing comes "
                f"from a next step, so dh_{t} is the loss's part alone."
            )
        if self.left_out == "the next step":
            return (
                f"t = {t}: WRONG, only this step's loss is heard. What h_{t} did to "
                "all later losses has been forgotten."
            )
        return (
            f"t = {t}: two gradients meet at h_{t}, one from the loss of this step, "
            f"one from step {t + 1} with all later losses in it. Their sum is dh_{t}."
        )

    def _end(self) -> str:
        if self.left_out == "nothing":
            return (
                "t = 0: arrived. da_1 W_hhᵀ is dL/dh_0. dW_hh has changed in "
                f"{changes()} of the {LAST} moves, for h_0 is zero and so is what the "
                "last move adds. It equals that of rnnlib's LanguageModel, to ten "
                "digits."
            )
        return (
            f"t = 0: arrived, and wrong: without {self.left_out} dW_hh is off by "
            f"{percent(self.off)} of its norm. No error message: only a comparison "
            "shows it."
        )


def compute(*, moves: int, left_out: str) -> Backward:
    """Go back through the four-letter net by a number of moves.

    Parameters
    ----------
    moves : int
        From 0 to LAST.
    left_out : str
        A mistake to make: one of LEFT_OUT.
    """
    h, dy = _forward()
    from_loss, from_next, da, d_start = _back(h, dy, left_out)
    right = _spread(h, _back(h, dy, "nothing")[2], 0, "nothing")["W_hh"]
    wrong = _spread(h, da, 0, left_out)["W_hh"] - right
    now, before = (
        _spread(h, da, STEPS - max(m, 0) // len(STAGES), left_out)
        for m in (moves, moves - 1)
    )
    return Backward(
        moves=moves,
        left_out=left_out,
        h=h,
        dy=dy,
        from_loss=from_loss,
        from_next=from_next,
        dh=from_loss + from_next,
        slope=1 - h[1:] ** 2,
        da=da,
        d_start=d_start,
        grads=now,
        changed={name: now[name] != before[name] for name in now},
        off=float(np.linalg.norm(wrong) / np.linalg.norm(right)),
    )


def changes() -> int:
    """Return how many moves of the right backward pass change dW_hh."""
    every = (compute(moves=m, left_out="nothing") for m in range(1, LAST + 1))
    return sum(bool(data.changed["W_hh"].any()) for data in every)


def _forward() -> tuple[Array, Array]:
    """Return all states, and the gradient with respect to the scores."""
    weights = hello.params()
    h = np.zeros((STEPS + 1, len(weights["W_hh"])))
    a_x = hello.inputs()[:, 0] @ weights["W_xh"] + weights["b_h"]
    for t in range(STEPS):
        h[t + 1] = np.tanh(a_x[t] + h[t] @ weights["W_hh"])
    p = softmax(h[1:] @ weights["W_hy"] + weights["b_y"])
    y = one_hot(hello.targets()[:, 0], len(hello.VOCABULARY))
    return h, (p - y) / STEPS


def _back(h: Array, dy: Array, left_out: str) -> tuple[Array, Array, Array, Array]:
    """Return what comes from the loss, from the next step, da, and dL/dh_0."""
    weights = hello.params()
    from_loss = dy @ weights["W_hy"].T
    from_next, da = np.zeros_like(from_loss), np.zeros_like(from_loss)
    d_start = np.zeros_like(h[0])
    for t in reversed(range(STEPS)):
        from_next[t] = d_start * (left_out != "the next step")
        slope = 1 if left_out == "the slope" else 1 - h[t + 1] ** 2
        da[t] = (from_loss[t] + from_next[t]) * slope
        d_start = da[t] @ weights["W_hh"].T
    return from_loss, from_next, da, d_start


def _spread(h: Array, da: Array, first: int, left_out: str) -> Grads:
    """Return the gradients of W_xh and W_hh from the steps after `first`."""
    x = hello.inputs()[:, 0]
    weights = hello.params()
    dW_xh, dW_hh = (np.zeros_like(weights[name]) for name in ("W_xh", "W_hh"))
    for t in reversed(range(first, STEPS)):
        if left_out == "the sum":
            dW_xh[...], dW_hh[...] = 0, 0
        dW_xh += np.outer(x[t], da[t])
        dW_hh += np.outer(h[t], da[t])
    return {"W_xh": dW_xh, "W_hh": dW_hh}
