"""Every path along which a weight, an input or the initial state reaches the loss."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import count, fixed, number
from rnnlib._typing import Array
from rnnlib.cells import RNNCell, RNNState
from rnnlib.recurrent import Recurrent

__all__ = ["LONGEST", "QUANTITIES", "Paths", "compute"]

INPUTS = np.array([1.0, -0.5, 0.8, -1.2, 0.6, 0.9, -0.7, 0.4])
TARGETS = np.array([0.0, 0.5, -0.4, 0.3, -0.5, 0.6, 0.2, -0.3])
LONGEST = len(INPUTS)
W_XH, H_0 = 0.7, 0.5
TOLD_FROM = 4  # so many steps: for fewer the paths are better counted
QUANTITIES = ("W_hh", "h_0", *(f"x_{k}" for k in range(1, LONGEST + 1)))


@dataclass(frozen=True)
class Paths:
    """A net of one unit, h_t = tanh(x_t W_xh + h_{t-1} W_hh), and the paths in it.

    The loss of step t is L_t = (h_t - target)^2 / 2, and L is their sum. A path leads
    from the chosen quantity into the state of a step k, from state to state up to a
    step t, and into L_t. With one unit there is exactly one for each such pair (k, t).

    Attributes
    ----------
    quantity : str
        One of QUANTITIES.
    h : ndarray, shape (T + 1,)
        The states; h[0] is the initial state.
    enter : ndarray, shape (T,)
        Local derivative of h_t with respect to the quantity, as it enters at step t.
    onward : ndarray, shape (T,)
        Local derivative dh_t/dh_{t-1}: the slope of tanh times W_hh.
    losses : ndarray, shape (T,)
        Local derivative dL_t/dh_t; zero where there is no loss.
    terms : ndarray, shape (T, T)
        The product along the path from step k to L_t at [t - 1, k - 1]; nan where there
        is no path.
    pairs : tuple of (k, t)
        All paths, loss by loss, and from each loss back.
    chosen : int
        Which of them is shown, from 1; 0 for all together.
    gradient : float
        dL/d(quantity), as `Recurrent.backward` returns it.
    """

    quantity: str
    h: Array
    enter: Array
    onward: Array
    losses: Array
    terms: Array
    pairs: tuple[tuple[int, int], ...]
    chosen: int
    gradient: float

    @property
    def steps(self) -> int:
        """T, the number of steps."""
        return len(self.enter)

    @property
    def total(self) -> float:
        """The sum of all terms."""
        return float(np.nansum(self.terms))

    @property
    def shown(self) -> tuple[tuple[int, int], ...]:
        """The paths that are lit: one, or all."""
        return self.pairs[self.chosen - 1 : self.chosen] if self.chosen else self.pairs

    @property
    def factors(self) -> tuple[float, ...]:
        """The local derivatives along the chosen path, from the quantity to the loss.

        Empty if no single path is chosen.
        """
        if not self.chosen:
            return ()
        k, t = self.pairs[self.chosen - 1]
        return (
            float(self.enter[k - 1]),
            *map(float, self.onward[k:t]),
            float(self.losses[t - 1]),
        )

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if not self.pairs:
            return (
                f"No path leads from {self.quantity} to the loss: with T = "
                f"{self.steps} it is never read. Its gradient is 0."
            )
        if self.chosen:
            return self._one_path()
        equal = "the same" if np.isclose(self.total, self.gradient) else "NOT the same"
        return (
            f"{self.quantity} reaches the loss along {count(len(self.pairs), 'path')}"
            f"{self._how_many()}. The products add up to {fixed(self.total, 6)}; "
            f"rnnlib's backward pass gives {fixed(self.gradient, 6)}: {equal}."
        )

    def _one_path(self) -> str:
        k, t = self.pairs[self.chosen - 1]
        term = self.terms[t - 1, k - 1]
        way = f"into h_{k}, straight into L_{t}"
        if t > k:
            way = f"into h_{k}, {count(t - k, 'step')} on to h_{t}, into L_{t}"
        return (
            f"Path {self.chosen} of {len(self.pairs)}: {self.quantity} {way}. Its "
            f"{len(self.factors)} local derivatives multiply to {number(term, 3)}; all "
            f"paths together add up to {number(self.total, 3)}."
        )

    def _how_many(self) -> str:
        T = self.steps
        if len(self.pairs) == 1:
            return f", into L_{T}"
        if self.quantity != "W_hh":
            return ", one for each loss from its own step on"
        if len({t for _, t in self.pairs}) == 1:
            return f", one for each of its {T} uses"
        if T < TOLD_FROM:
            return ""
        return f": {T} · {T + 1} / 2, one for each use k and each loss t ≥ k"


def compute(
    *, quantity: str, steps: int, weight: float, last_only: bool, path: int
) -> Paths:
    """Find all paths from a quantity to the loss, and multiply along each.

    Parameters
    ----------
    quantity : str
        One of QUANTITIES. An input after the last step is never read.
    steps : int
        T, at most LONGEST.
    weight : float
        W_hh.
    last_only : bool
        Whether only the last step has a loss.
    path : int
        Which path to show, from 1; 0 for all. Beyond the last it is the last.
    """
    h, losses, gradients = _run(steps, weight, last_only)
    slopes = 1 - h[1:] ** 2
    if quantity == "W_hh":
        uses, enter = range(1, steps + 1), slopes * h[:-1]
    elif quantity == "h_0":
        uses, enter = range(1, 2), slopes * weight
    else:
        k = int(quantity.removeprefix("x_"))
        uses, enter = range(k, min(k, steps) + 1), slopes * W_XH
    pairs = tuple(
        (use, t)
        for t in range(steps if last_only else 1, steps + 1)
        for use in reversed(uses)
        if use <= t
    )
    onward = slopes * weight
    terms = np.full((steps, steps), np.nan)
    for use, t in pairs:
        terms[t - 1, use - 1] = enter[use - 1] * onward[use:t].prod() * losses[t - 1]
    return Paths(
        quantity=quantity,
        h=h,
        enter=enter,
        onward=onward,
        losses=losses,
        terms=terms,
        pairs=pairs,
        chosen=min(path, len(pairs)),
        gradient=gradients.get(quantity, 0.0),
    )


def _run(
    steps: int, weight: float, last_only: bool
) -> tuple[Array, Array, dict[str, float]]:
    """Return the states, dL_t/dh_t, and the gradient of each quantity, from rnnlib."""
    cell = RNNCell(1, 1, rng=np.random.default_rng(0))
    cell.params["W_xh"][...], cell.params["W_hh"][...] = W_XH, weight
    layer = Recurrent(cell)
    initial = RNNState(np.full((1, 1), H_0))
    later, _, cache = layer.forward(INPUTS[:steps, None, None], initial)
    losses = later - TARGETS[:steps, None, None]
    losses[: steps - 1] *= not last_only
    dx, d_initial, grads = layer.backward(losses, cache)
    dx = np.zeros(0) if dx is None else dx.ravel()
    gradients = {
        "W_hh": grads["W_hh"].item(),
        "h_0": d_initial.h.item(),
        **{f"x_{k}": float(slope) for k, slope in enumerate(dx, 1)},
    }
    return np.array([H_0, *later.ravel()]), losses.ravel(), gradients
