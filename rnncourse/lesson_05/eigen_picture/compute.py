"""Powers of a 2 x 2 matrix whose eigenvalues are known."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from rnncourse.shared.wording import count, fixed, number
from rnnlib._typing import Array

__all__ = ["CIRCLE", "STEPS", "EigenPicture", "compute", "matrix"]

STEPS = 30
START = np.array([1.0, 0.0])
_TURN = np.linspace(0, 2 * np.pi, 121)
CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1)


@dataclass(frozen=True)
class EigenPicture:
    """What the powers of W do to a vector, to the unit circle and to the norm.

    Attributes
    ----------
    W : ndarray, shape (2, 2)
        The matrix; rows are multiplied by it, h = h_prev @ W.
    steps : int
        How often it is applied.
    path : ndarray, shape (steps + 1, 2)
        The vector (1, 0) after 0, 1, ... `steps` steps.
    circle : ndarray, shape (121, 2)
        The unit circle after `steps` steps.
    largest, smallest : ndarray, shape (STEPS + 1,)
        The singular values of W^n, for n from 0 to STEPS.
    radius : float
        The spectral radius, the modulus of both eigenvalues.
    """

    W: Array
    steps: int
    path: Array
    circle: Array
    largest: Array
    smallest: Array
    radius: float

    @property
    def norm(self) -> float:
        """The largest singular value of W itself."""
        return float(self.largest[1])

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        (p, q), (r, s) = ([fixed(entry) for entry in row] for row in self.W)
        now = float(self.largest[self.steps])
        return (
            f"W = [[{p}, {q}], [{r}, {s}]]: spectral radius |λ| = "
            f"{number(self.radius, 3)}, norm σₘₐₓ = {number(self.norm, 3)}. After "
            f"{count(self.steps, 'step')} ‖Wⁿ‖ is {number(now)}, between |λ|ⁿ = "
            f"{number(self.radius**self.steps)} and the "
            f"bound σₘₐₓⁿ = {number(self.norm**self.steps)}. {self._story()}"
        )

    def _story(self) -> str:
        peak = int(self.largest.argmax())
        if np.isclose(self.radius, 1):
            return "The radius is 1: it neither vanishes nor explodes in the end."
        if self.radius > 1:
            return "The radius is above 1: exploding in the end."
        if self.norm <= 1:
            return "The norm is at most 1: vanishing, step by step."
        top = number(self.largest[peak], 3)
        if peak == STEPS:
            return f"It grows to {top} by step {STEPS}; vanishing only much later."
        if self.largest[peak] > 1 + 1e-9:
            return (
                f"It grows to {top} at step {peak}, yet the radius is below 1: "
                "vanishing in the end."
            )
        return "The radius is below 1: vanishing in the end."


def matrix(angle: float, scale: float, shear: float) -> Array:
    """Return `scale` times a rotation by `angle`, seen in sheared coordinates.

    W = scale * S^-1 R S with S = [[1, shear], [0, 1]]. A change of coordinates leaves
    the eigenvalues as they are, so both have modulus `scale` whatever the shear is,
    and W^n = scale^n S^-1 R^n S. The norm, however, grows with the shear. At the
    angles 0 and pi the rotation is I or -I, and there is nothing to shear.

    >>> W = matrix(angle=1.0, scale=0.5, shear=3.0)
    >>> np.abs(np.linalg.eigvals(W)).round(9)
    array([0.5, 0.5])
    >>> float(np.linalg.norm(W, 2).round(1))
    4.6
    """
    cos, sin = np.cos(angle), np.sin(angle)
    R = np.array([[cos, sin], [-sin, cos]])
    S = np.array([[1.0, shear], [0.0, 1.0]])
    S_inverse = np.array([[1.0, -shear], [0.0, 1.0]])
    return scale * S_inverse @ R @ S


def compute(*, angle: float, scale: float, shear: float, steps: int) -> EigenPicture:
    """Return the powers of `matrix(angle, scale, shear)` up to STEPS.

    Parameters
    ----------
    angle : float
        Turn at each step, in radians.
    scale : float
        Modulus of the eigenvalues.
    shear : float
        How far the matrix is from a plain rotation.
    steps : int
        How many steps of the path are wanted, from 0 to STEPS.
    """
    W = matrix(angle, scale, shear)
    powers = np.stack([*accumulate([np.eye(2), *[W] * STEPS], np.matmul)])
    largest, smallest = np.linalg.svd(powers, compute_uv=False).T
    return EigenPicture(
        W=W,
        steps=steps,
        path=START @ powers[: steps + 1],
        circle=CIRCLE @ powers[steps],
        largest=largest,
        smallest=smallest,
        radius=scale,
    )
