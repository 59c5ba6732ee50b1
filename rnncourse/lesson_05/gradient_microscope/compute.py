"""What happens to every gradient on its path back through a plain recurrent net."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.shared.wording import fate, number, percent
from rnnlib import init
from rnnlib._typing import Array, Initialiser
from rnnlib.cells import RNNCell
from rnnlib.diagnostics import (
    gradient_norms,
    jacobian_bound,
    singular_values,
    state_jacobians,
)
from rnnlib.recurrent import Recurrent

__all__ = ["INITIALISERS", "LONGEST", "GradientMicroscope", "compute", "network"]

LONGEST, FINEST = 100, 25
SETTLES, RUNS = 100, 300  # steps before the rate is measured, and in all
INPUT_SIZE = 8
INITIALISERS: dict[str, Initialiser] = {
    "Gaussian": init.gaussian,
    "orthogonal": init.orthogonal,
    "identity": init.identity,
    "non-normal": init.non_normal,
}


@dataclass(frozen=True)
class GradientMicroscope:
    """Gradients of a network that runs for T steps, n steps back from each loss.

    Attributes
    ----------
    norms : ndarray, shape (T, T)
        Norm of dL_t/dh_k at [t - 1, k - 1]; nan where k > t.
    left : ndarray, shape (T + 1,)
        Norm of dL_T/dh_k over the norm of dL_T/dh_T, for n = T - k from 0 to T.
    back : ndarray of int, shape (N,)
        The n for which singular values are computed: from 0 to T, at most FINEST + 1.
    largest, smallest : ndarray, shape (N,)
        Singular values of dh_T/dh_k. One that is lost in rounding counts as zero.
    bound : ndarray, shape (T + 1,)
        (gamma sigma_max)^n, which `largest` cannot exceed.
    rate : float
        The factor by which a step multiplies a gradient on average, in a run of 300
        steps: the exponential of the largest Lyapunov exponent.
    """

    norms: Array
    left: Array
    back: Array
    largest: Array
    smallest: Array
    bound: Array
    rate: float

    @property
    def steps(self) -> int:
        """T, the number of steps."""
        return len(self.left) - 1

    @property
    def fate(self) -> str:
        """Vanishing, kept or exploding: what has happened after all steps back."""
        return fate(self.left[-1])

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return (
            f"After {self.steps} steps back {_amount(self.left[-1])}: {self.fate}."
            f"{self._detour()} In the long run a step multiplies it by "
            f"{number(self.rate, 3)}; the bound allows "
            f"{number(self.bound[1], 3)}."
        )

    def _detour(self) -> str:
        peak = int(self.left.argmax())
        if self.left[peak] < 1.5 * max(1, self.left[-1]):
            return ""
        times = number(self.left[peak])
        return f" On the way it was {times} times as large, {peak} steps back."


def _amount(left: float) -> str:
    if left == 0:
        return "nothing is left, each way leads through a unit that is off"
    if left >= 1.05:
        return f"the gradient is {number(left)} times as large"
    share = percent(left) if left > 5e-4 else number(left)
    return f"{share} of the gradient is left"


def network(activation: str, initialiser: str, gain: float, hidden: int) -> RNNCell:
    """Return a cell whose weights come from the same draw, whatever the gain is.

    An input of standard deviation s moves each pre-activation by about s.
    """
    cell = RNNCell(
        INPUT_SIZE, hidden, rng=np.random.default_rng(1), activation=activation
    )
    draw = INITIALISERS[initialiser]
    cell.params["W_hh"][...] = draw(
        (hidden, hidden), rng=np.random.default_rng(2), gain=gain
    )
    cell.params["W_xh"][...] = init.gaussian(
        (INPUT_SIZE, hidden), rng=np.random.default_rng(3)
    )
    return cell


def _step_jacobians(cell: RNNCell, h: Array) -> Array:
    """Return diag(phi'(a_t)) W_hh^T, (T, B, H, H).

    The same as `rnnlib.diagnostics.step_jacobians`, which does it for any cell and
    takes thirty times as long: too long for a slider.
    """
    return cell.activation.slope(h)[..., None] * cell.params["W_hh"].T


def compute(
    *,
    gain: float,
    activation: str,
    initialiser: str,
    steps: int,
    hidden: int,
    amplitude: float,
    driven: bool,
) -> GradientMicroscope:
    """Run a network and send the gradient of every step's loss back to every state.

    The loss of step t reads the state along one fixed direction u of length one,
    L_t = u . h_t, so every gradient sets out with norm 1.

    Parameters
    ----------
    gain : float
        Scale of the recurrent weights.
    activation, initialiser : str
        Names, as in `rnnlib.activations` and INITIALISERS.
    steps : int
        T, at most LONGEST.
    hidden : int
        H, the number of units.
    amplitude : float
        Standard deviation of the input.
    driven : bool
        If False there is no input at all; the state stays at zero, except with the
        sigmoid.
    """
    cell = network(activation, initialiser, gain, hidden)
    u = np.random.default_rng(5).standard_normal(hidden)
    u /= np.linalg.norm(u)

    x = driven * amplitude * noise()
    _, _, cache = Recurrent(cell).forward(x[:steps])
    products = state_jacobians(_step_jacobians(cell, cache.h))[::-1, 0]
    back = np.unique(np.linspace(0, steps, FINEST + 1).astype(int))
    values = singular_values(products[back])
    largest, smallest = values[:, 0], values[:, -1]
    dh = np.broadcast_to(u, (steps, 1, hidden))
    return GradientMicroscope(
        norms=gradient_norms(cell, cache, dh)[:, :, 0],
        left=np.hypot.reduce(u @ products, axis=-1),  # a square could underflow
        back=back,
        largest=largest,
        smallest=np.where(smallest < 1e-13 * largest, 0, smallest),
        bound=jacobian_bound(cell, steps),
        rate=rate(cell, x, u),
    )


@cache
def noise() -> Array:
    """Return the input of size one, (300, 1, INPUT_SIZE)."""
    return np.random.default_rng(4).standard_normal((RUNS, 1, INPUT_SIZE))


def rate(cell: RNNCell, x: Array, u: Array) -> float:
    """Return the factor by which a step back multiplies a gradient, once settled.

    A gradient is sent back through the whole run; its length is taken as a logarithm
    and set to one again after each step, so that it never leaves what a float can hold.
    """
    h = Recurrent(cell).forward(x)[0][:, 0]
    W, sizes = cell.params["W_hh"], []
    for slopes in reversed(cell.activation.slope(h)):
        u = W @ (slopes * u)
        sizes.append(math.sqrt(u @ u))
        if not sizes[-1]:
            return 0.0
        u /= sizes[-1]
    return float(np.exp(np.log(sizes[SETTLES:]).mean()))
