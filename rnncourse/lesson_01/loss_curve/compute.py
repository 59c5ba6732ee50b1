"""Two losses of a yes-or-no answer, by the probability p of the right one."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import number
from rnnlib._typing import Array
from rnnlib.metrics import perplexity

__all__ = ["GRID", "LossCurve", "compute", "pushes"]

GRID = np.linspace(0.001, 0.999, 500)
WRONG, RIGHT = 0.1, 0.9


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
    """

    p: float
    loss: float
    slope: float
    perplexity: float
    squared: float
    push: float
    squared_push: float

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return (
            f"p = {self.p:.3f}: loss \u2212log p = {number(self.loss, 3)} nats, "
            f"perplexity {number(self.perplexity, 3)}; slope "
            f"\u2212{number(-self.slope, 3)}. {self._compare()}"
        )

    def _compare(self) -> str:
        pushes = (
            f"cross-entropy pushes the score by {number(self.push, 3)}, "
            f"squared error by {number(self.squared_push, 3)}"
        )
        if self.p <= WRONG:
            return f"Confident and wrong: {pushes}, which hardly teaches."
        if self.p >= RIGHT:
            return f"Confident and right: {pushes}; little, but not zero."
        return f"In between: {pushes}."


def pushes(p: Array) -> tuple[Array, Array]:
    """Return minus dL/dscore, of cross-entropy and of squared error.

    With p = sigmoid(score) the slope of p is p (1 - p), so the derivatives are
    -1 / p * p (1 - p) = -(1 - p), and -2 (1 - p) * p (1 - p).
    """
    return 1 - p, 2 * p * (1 - p) ** 2


def compute(*, p: float) -> LossCurve:
    """Compare both losses where the right answer has probability `p`.

    Parameters
    ----------
    p : float
        Above 0, below 1.
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
    )
