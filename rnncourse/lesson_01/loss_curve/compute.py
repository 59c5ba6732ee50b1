"""Two losses of a yes-or-no answer, by the probability p of the right one."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import number
from rnnlib._typing import Array
from rnnlib.metrics import perplexity

__all__ = ["BESIDE", "GRID", "LossCurve", "compute", "pushes"]

GRID = np.linspace(0.001, 0.999, 500)
WRONG, RIGHT = 0.1, 0.9
BESIDE = ("perplexity", "push")


@dataclass(frozen=True)
class LossCurve:
    """Both losses at one p, the probability of the right answer.

    Attributes
    ----------
    p : float
    loss, slope : float
        -log p in nats, and its derivative with respect to p, -1 / p.
    perplexity : float
        exp(loss): an even choice among this many answers has the same loss.
    squared : float
        The squared error (1 - p)^2.
    push, squared_push : float
        What each loss sends back to the score behind p = sigmoid(score), as a number
        to add to it: minus the derivative.
    beside : str
        What is shown beside the loss, one of BESIDE.
    """

    p: float
    loss: float
    slope: float
    perplexity: float
    squared: float
    push: float
    squared_push: float
    beside: str

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        said = self._unsure if self.beside == "perplexity" else self._compare
        return (
            f"p = {self.p:.3f}: loss \u2212log p = {number(self.loss, 3)} nats, slope "
            f"\u2212{number(-self.slope, 3)}. {said()}"
        )

    def _unsure(self) -> str:
        many = number(self.perplexity, 3)
        if self.perplexity < 2:
            return f"Perplexity {many}: less unsure than an even choice of two."
        return f"Perplexity {many}: as unsure as an even choice of {many}."

    def _compare(self) -> str:
        pushes = (
            f"cross-entropy pushes the score by {number(self.push, 3)}, squared error "
            f"by {number(self.squared_push, 3)}"
        )
        less = f"{number(self.push / self.squared_push)} times less"
        if self.p <= WRONG:
            return f"Sure and wrong: {pushes}, {less}."
        if self.p >= RIGHT:
            return f"Sure and right: {pushes}, {less}. Both are small, neither is zero."
        return f"In between: {pushes}, {less}."


def pushes(p: Array) -> tuple[Array, Array]:
    """Return minus dL/dscore, of cross-entropy and of squared error.

    With p = sigmoid(score) the slope of p is p (1 - p), so the derivatives are
    -1 / p * p (1 - p) = -(1 - p), and -2 (1 - p) * p (1 - p).
    """
    return 1 - p, 2 * p * (1 - p) ** 2


def compute(*, p: float, beside: str) -> LossCurve:
    """Compare both losses where the right answer has probability `p`.

    Parameters
    ----------
    p : float
        Above 0, below 1.
    beside : str
        One of BESIDE.
    """
    push, squared_push = pushes(np.array(p))
    loss = float(-np.log(p))
    return LossCurve(
        p=p,
        loss=loss,
        slope=-1 / p,
        perplexity=perplexity(loss),
        squared=(1 - p) ** 2,
        push=float(push),
        squared_push=float(squared_push),
        beside=beside,
    )
