"""Numerical derivatives of the four-letter net's loss, and how wrong they are."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rnncourse.shared import hello
from rnncourse.shared.wording import number, percent
from rnnlib._typing import Array

__all__ = [
    "ENTRY",
    "FLOATS",
    "FORMULAS",
    "GRID",
    "ZOOM",
    "Differences",
    "best_eps",
    "compute",
    "losses",
]

GRID = 10.0 ** np.linspace(-12, -1, 221)
ZOOM = np.linspace(-1.5, 1.5, 301)
FORMULAS = {"central": 2, "one-sided": 1}  # order of truncation; distance, in eps
FLOATS: dict[str, type[np.floating[Any]]] = {
    "float64": np.float64,
    "float32": np.float32,
}
KEPT_DIGITS = {"float64": 16, "float32": 7}
ROUGH = {"float64": (1e-12, 1e-9), "float32": (1e-6, 1e-4)}  # here rounding counts
CLEAR = 5  # so many times the other error makes one of the two the reason
ENTRY = (2, 2)


@dataclass(frozen=True)
class Differences:
    """The derivatives dL/dW_hh, computed by moving each of the nine entries by eps.

    Attributes
    ----------
    eps : float
    formula, floats : str
        Keys of FORMULAS and FLOATS.
    errors : dict of str to ndarray, shape (221,)
        For each formula, over `GRID`: the norm of the error as a share of the norm of
        the gradient.
    error, smaller : float
        That of the chosen formula at `eps`, and at a tenth of it.
    truncation, rounding : float
        The two parts of the error at `eps`: by how much the formula would be off
        without any rounding, and what rounding adds, as shares of the norm.
    bend : ndarray, shape (301,)
        How far the loss is from its tangent as entry ENTRY of W_hh moves by `ZOOM`
        times eps, as a share of what the tangent rises over one eps.
    digits : float
        How many decimal digits the two losses that are subtracted have in common.
    """

    eps: float
    formula: str
    floats: str
    errors: dict[str, Array]
    error: float
    smaller: float
    truncation: float
    rounding: float
    bend: Array
    digits: float

    @property
    def best(self) -> float:
        """The eps at which the sum of truncation and rounding is about smallest."""
        return best_eps(self.formula, self.floats)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        off = f"eps = {number(self.eps)}: the gradient is off by {_share(self.error)}."
        if self.truncation > CLEAR * self.rounding:
            return (
                f"{off} Truncation: the curve bends between the two points. With an "
                f"eps ten times smaller it is off by {_share(self.smaller)}."
            )
        if self.rounding > CLEAR * self.truncation:
            return (
                f"{off} Rounding: the two losses agree in {self._agree()} digits, and "
                "subtracting leaves only the others."
            )
        return (
            f"{off} The bottom of the V: truncation alone makes "
            f"{_share(self.truncation)}, rounding alone {_share(self.rounding)}."
        )

    def _agree(self) -> str:
        kept = KEPT_DIGITS[self.floats]
        if self.digits > kept - 0.5:
            return f"all {kept}"
        return f"about {self.digits:.0f} of {kept}"


def _share(error: float) -> str:
    return percent(error) if error > 5e-4 else f"{number(error, 1)} of its norm"


@cache
def best_eps(formula: str, floats: str) -> float:
    """Return the eps at which truncation and rounding together are smallest.

    Truncation is A eps^n with n = 2 for central and 1 for one-sided differences, and
    rounding about B / eps: A is computed, B is the median of what is measured where
    rounding alone counts. Their sum is smallest where n A eps^n = B / eps. (Nocedal and
    Wright, "Numerical optimization", 2006, section 8.1, who take A = 1 and for B the
    rounding error u of a number: u^(1/3) and u^(1/2).)
    """
    n, (low, high) = FORMULAS[formula], ROUGH[floats]
    A = share(mean_slopes(0.01, formula) - exact()) / 0.01**n
    rough = (low < GRID) & (high > GRID)
    B = np.median(errors(formula, floats)[rough] * GRID[rough])
    return float((B / (n * A)) ** (1 / (1 + n)))


def losses(W_hh: Array) -> Array:
    """Return the loss of the net for each of many recurrent matrices (N, H, H).

    In the dtype of `W_hh`, from the first product to the last logarithm.
    """
    weights = {name: w.astype(W_hh.dtype) for name, w in hello.params().items()}
    a_x = hello.inputs()[:, 0].astype(W_hh.dtype) @ weights["W_xh"] + weights["b_h"]
    h = np.zeros((len(W_hh), 1, W_hh.shape[-1]), W_hh.dtype)
    total = np.zeros(len(W_hh), W_hh.dtype)
    for a_t, target in zip(a_x, hello.targets()[:, 0], strict=True):
        h = np.tanh(a_t + h @ W_hh)
        y = (h @ weights["W_hy"])[:, 0] + weights["b_y"]
        total += np.log(np.exp(y).sum(axis=1)) - y[:, target]
    return total / W_hh.dtype.type(len(a_x))


def moved(eps: Array, floats: str) -> Array:
    """Return the loss with each entry of W_hh moved by each eps, (N, H, H)."""
    W_hh = hello.params()["W_hh"]
    H = len(W_hh)
    step = np.eye(H * H).reshape(H, H, H, H) * eps[:, None, None, None, None]
    nearby = (W_hh + step).astype(FLOATS[floats])
    return losses(nearby.reshape(-1, H, H)).astype(float).reshape(-1, H, H)


def numerical(eps: Array, formula: str, floats: str) -> Array:
    """Return the numerical dL/dW_hh for each eps, (N, H, H)."""
    above, wide = moved(eps, floats), eps[:, None, None]
    if formula == "central":
        return (above - moved(-eps, floats)) / (2 * wide)
    return (above - moved(0 * eps, floats)) / wide


@cache
def exact() -> Array:
    """Return dL/dW_hh by the complex step, which does not subtract, (H, H)."""
    W_hh = hello.params()["W_hh"]
    H = len(W_hh)
    step = 1e-30j * np.eye(H * H).reshape(-1, H, H)
    return losses(W_hh + step).imag.reshape(H, H) / 1e-30


def mean_slopes(eps: float, formula: str) -> Array:
    """Return what a formula would give without rounding, (H, H).

    A difference over its distance is the mean of the slope on the way, and an integral
    of the exact slope subtracts nothing.
    """
    W_hh = hello.params()["W_hh"]
    H = len(W_hh)
    places, shares = np.polynomial.legendre.leggauss(12)
    low = {"central": -eps, "one-sided": 0.0}[formula]
    at = low + (eps - low) * (places + 1) / 2
    entry = np.eye(H * H).reshape(-1, 1, H, H)
    nearby = W_hh + (at[:, None, None] + 1e-30j) * entry
    slopes = losses(nearby.reshape(-1, H, H)).imag.reshape(H * H, -1) / 1e-30
    return (slopes @ (shares / 2)).reshape(H, H)


def share(off: Array) -> float:
    """Return the norm of an error as a share of that of the gradient."""
    return float(np.linalg.norm(off) / np.linalg.norm(exact()))


@cache
def errors(formula: str, floats: str) -> Array:
    """Return the relative error over GRID, (221,)."""
    wrong = numerical(GRID, formula, floats) - exact()
    return np.linalg.norm(wrong, axis=(1, 2)) / np.linalg.norm(exact())


def compute(*, eps: float, formula: str, floats: str) -> Differences:
    """Compute dL/dW_hh with one eps, and the errors with all.

    Parameters
    ----------
    eps : float
        From 1e-12 to 0.1.
    formula, floats : str
        Keys of FORMULAS and FLOATS.
    """
    W_hh = hello.params()["W_hh"]
    path = np.repeat(W_hh[None], len(ZOOM), axis=0)
    path[:, *ENTRY] += eps * ZOOM
    here = losses(W_hh[None].astype(FLOATS[floats])).astype(float)
    rise = losses(path.astype(FLOATS[floats])).astype(float) - here
    secants, closer = numerical(np.array([eps, eps / 10]), formula, floats)
    mean = mean_slopes(eps, formula)
    gap = abs(exact()[ENTRY]) * eps * FORMULAS[formula]
    return Differences(
        eps=eps,
        formula=formula,
        floats=floats,
        errors={name: errors(name, floats) for name in FORMULAS},
        error=share(secants - exact()),
        smaller=share(closer - exact()),
        truncation=share(mean - exact()),
        rounding=share(secants - mean),
        bend=rise / (eps * exact()[ENTRY]) - ZOOM,
        digits=max(0.0, float(np.log10(here.item() / gap))),
    )
