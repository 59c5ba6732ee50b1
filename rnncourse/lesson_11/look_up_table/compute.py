"""A query that turns among five keys, and what it reads of their values."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import fixed, percent
from rnnlib._typing import Array
from rnnlib.activations import softmax

__all__ = ["DEGREES", "KEYS", "NOBODY", "VALUES", "LookUpTable", "compute"]

KEYS = np.array([20.0, 97.0, 140.0, 230.0, 310.0])  # where they point, in degrees
VALUES = np.array([2.0, 9.0, 5.0, 1.0, 7.0])
DEGREES = np.arange(361.0)
NOBODY = "none"


def fits(angles: Array, exists: Array) -> Array:
    """Return how well each key fits each angle, from -1 to 1, (..., 5)."""
    cosines = np.cos(np.deg2rad(np.asarray(angles)[..., None] - KEYS))
    return np.where(exists, cosines, -np.inf)


@dataclass(frozen=True)
class LookUpTable:
    """One soft look-up, and those of all angles.

    Attributes
    ----------
    angle, sharpness : float
        Where the query points, in degrees, and how long it is.
    exists : ndarray, shape (5,)
        Which of the keys are there.
    """

    angle: float
    sharpness: float
    exists: Array

    def weights_at(self, angles: Array) -> Array:
        """Return the weights of queries that point elsewhere, (..., 5)."""
        return softmax(self.sharpness * fits(angles, self.exists))

    @property
    def weights(self) -> Array:
        """The share of each key, (5,)."""
        return self.weights_at(np.array(self.angle))

    @property
    def best(self) -> int:
        """Which key fits best; the first of two that fit alike."""
        return int(fits(np.array(self.angle), self.exists).argmax())

    @property
    def blend(self) -> float:
        """What is read."""
        return float(self.weights @ VALUES)

    @property
    def slope(self) -> float:
        """How much the blend changes if the query turns by one degree more."""
        turned = -np.sin(np.deg2rad(self.angle - KEYS))
        gains = self.weights * (VALUES - self.blend)
        return float(np.deg2rad(self.sharpness * gains @ turned))

    @property
    def blends(self) -> Array:
        """What is read at each of DEGREES."""
        return self.weights_at(DEGREES) @ VALUES

    @property
    def hard(self) -> Array:
        """What a hard look-up reads at each of DEGREES: the value that fits best."""
        return VALUES[fits(DEGREES, self.exists).argmax(axis=-1)]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        reads = fixed(VALUES[self.best], 0)
        return (
            f"Key {self.best + 1} fits best and gets {percent(self.weights[self.best])}"
            f" of the weight. The blend is {fixed(self.blend)}, where a hard look-up "
            f"reads {reads}. Turned by one degree, the blend moves by "
            f"{fixed(self.slope, 3)}; the plain mean of all values would be "
            f"{fixed(VALUES[self.exists].mean())}."
        )


def compute(*, angle: float, sharpness: float, hidden: str) -> LookUpTable:
    """Look up a query among five keys.

    Parameters
    ----------
    angle : float
        Where the query points, in degrees.
    sharpness : float
        What the dot products are multiplied by: the length of the query.
    hidden : str
        The number of a key that is masked, or "none".
    """
    exists = np.array([str(k) != hidden for k in range(1, 6)])
    return LookUpTable(angle, sharpness, exists)
