"""The loss of a network of one unit over its two weights, and a descent on it."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_06.words import signed, small
from rnncourse.shared.wording import count, number
from rnnlib._typing import Array

__all__ = [
    "BIASES",
    "CLIPS",
    "H_0",
    "START",
    "STEPS",
    "TARGET",
    "UPDATES",
    "WEIGHTS",
    "Cliff",
    "compute",
    "surface",
]

STEPS, UPDATES = 30, 80
H_0, TARGET, START = 0.3, 0.5, (1.7, 0.15)
WEIGHTS, BIASES = np.linspace(0.4, 2.2, 181), np.linspace(-0.5, 0.9, 141)
CLIPS = {
    "off": "off",
    "norm": "by norm",
    "value": "by value",
    "late": "by norm, too late",
}


@dataclass(frozen=True)
class Cliff:
    """A descent of UPDATES updates from START.

    Attributes
    ----------
    path : ndarray, shape (UPDATES + 1, 2)
        w and b before the first update and after each.
    losses : ndarray, shape (UPDATES + 1,)
        At each of these places.
    norms : ndarray, shape (UPDATES,)
        Of the gradient of each update, before clipping.
    cut : ndarray of bool, shape (UPDATES,)
        Whether the step was made shorter.
    angles : ndarray, shape (UPDATES,)
        Between the gradient and the step's own direction, in degrees.
    limit : float
        Where gradients are cut.
    clip : str
        A key of CLIPS.
    """

    path: Array
    losses: Array
    norms: Array
    cut: Array
    angles: Array
    limit: float
    clip: str

    @property
    def leap(self) -> int:
        """The number of the update with the largest gradient, counted from 1."""
        return int(self.norms.argmax()) + 1

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        w, b = map(signed, self.path[self.leap])
        return (
            f"The largest gradient has norm {number(self.norms.max())}, in update "
            f"{self.leap}, which leads to w = {w}, b = {b}. {self._cuts()} Loss: "
            f"{number(self.losses[0])} at first, {small(self.losses[-1])} after "
            f"{UPDATES} updates."
        )

    def _cuts(self) -> str:
        if self.clip == "late":
            above = int((self.norms > self.limit).sum())
            return f"Clipped after the step: {count(above, 'time')}, to no effect."
        cuts = count(int(self.cut.sum()), "step")
        turned = self.angles.max()
        turn = f", turned by up to {turned:.0f}°" if turned >= 0.5 else ""
        return f"{cuts} cut{turn}."


def loss_and_gradient(w: float, b: float) -> tuple[float, float, float]:
    """Return the loss, and its derivatives with respect to w and to b.

    The unit is h_t = tanh(w h_t-1 + b) with the initial state H_0, and its state after
    STEPS steps should be TARGET. The loss is the square of the error.
    """
    h, dh_dw, dh_db = H_0, 0.0, 0.0
    for _ in range(STEPS):
        h_prev, h = h, math.tanh(w * h + b)
        slope = 1 - h * h
        dh_dw = slope * (h_prev + w * dh_dw)
        dh_db = slope * (1 + w * dh_db)
    error = h - TARGET
    return error * error, 2 * error * dh_dw, 2 * error * dh_db


@cache
def surface() -> Array:
    """Return the loss over BIASES (rows) and WEIGHTS (columns)."""
    w, b = np.meshgrid(WEIGHTS, BIASES)
    h = np.full(w.shape, H_0)
    for _ in range(STEPS):
        h = np.tanh(w * h + b)
    return np.asarray((h - TARGET) ** 2)


def compute(*, rate: float, clip: str, limit: float) -> Cliff:
    """Descend from START by plain gradient descent.

    Parameters
    ----------
    rate : float
        Learning rate.
    clip : str
        A key of CLIPS.
    limit : float
        Largest norm, or largest entry, of a gradient.
    """
    w, b = START
    loss, *gradient = loss_and_gradient(w, b)
    path, losses = [START], [loss]
    made: list[tuple[float, bool, float]] = []
    for _ in range(UPDATES):
        step = clipped(gradient[0], gradient[1], clip, limit)
        made.append((math.hypot(*gradient), [*step] != gradient, angle(gradient, step)))
        w, b = w - rate * step[0], b - rate * step[1]
        loss, *gradient = loss_and_gradient(w, b)
        path.append((w, b))
        losses.append(loss)
    norms, cut, angles = map(np.array, zip(*made, strict=True))
    return Cliff(np.array(path), np.array(losses), norms, cut, angles, limit, clip)


def clipped(dw: float, db: float, clip: str, limit: float) -> tuple[float, float]:
    """Return the gradient along which the step goes."""
    if clip == "value":
        return max(-limit, min(limit, dw)), max(-limit, min(limit, db))
    norm = math.hypot(dw, db)
    if clip != "norm" or norm <= limit:
        return dw, db
    return dw * limit / norm, db * limit / norm


def angle(one: list[float], other: tuple[float, float]) -> float:
    """Return the angle between two vectors, in degrees; 0 if one is zero."""
    cross = one[0] * other[1] - one[1] * other[0]
    along = one[0] * other[0] + one[1] * other[1]
    return abs(math.degrees(math.atan2(cross, along)))
