"""A unit and a direction that are held, and what each of them costs."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_13.nets import BRACKETS
from rnncourse.lesson_13.switch_off.losses import DIRECTIONS, PLACES, UNITS, stored
from rnncourse.shared.wording import fixed, number
from rnnlib._typing import Array

__all__ = ["LENGTH", "SwitchOff", "compute", "ranking"]

SYMBOLS, LENGTH = BRACKETS.symbols, BRACKETS.steps


@dataclass(frozen=True)
class SwitchOff:
    """One unit and one direction, each held at its mean.

    Attributes
    ----------
    rank : int
        Of the unit, by what it costs to hold it, from 1.
    direction : str
        One of DIRECTIONS.
    scores : ndarray, shape (24,)
        By how many bits per symbol the loss rises without each unit, sorted.
    unit_losses, direction_losses : ndarray, shape (7,)
        The same by PLACES, for the unit and for the direction.
    text : str
        The symbols that came next in a text of 40.
    unit_costs, direction_costs : ndarray, shape (40,)
        How many bits more each of them costs.
    """

    rank: int
    direction: str
    scores: Array
    unit_losses: Array
    direction_losses: Array
    text: str
    unit_costs: Array
    direction_costs: Array

    @property
    def unit(self) -> int:
        """The number of the unit, from 1."""
        return int(ranking()[self.rank - 1]) + 1

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        one, other = float(self.unit_losses[0]), float(self.direction_losses[0])
        worst = 1 + int(self.direction_losses[1:].argmax())
        return (
            f"Held at its mean, unit {self.unit}, number {self.rank} of {UNITS}, costs "
            f"{fixed(one, 3)} bits per symbol; {DIRECTIONS[self.direction]} costs "
            f"{fixed(other, 3)}, {number(other / one)} times as much, and most at "
            f"{_where(PLACES[worst])}: {fixed(self.direction_losses[worst])}."
        )


def _where(place: str) -> str:
    return "symbols in quotes" if place == "in a quote" else f"{place} outside quotes"


@cache
def ranking() -> Array:
    """Return the units, counted from 0, the one that costs most first."""
    losses = stored()["losses"]
    return np.argsort(losses[0, 0] - losses[1 : UNITS + 1, 0], kind="stable")


def compute(*, rank: int, direction: str, example: int) -> SwitchOff:
    """Hold a unit of the stored net of brackets at its mean, and a direction.

    What is held can carry nothing from one step to the next. The loss is that of 100
    texts that were held out.

    Parameters
    ----------
    rank : int
        From 1: the unit, the one that costs most first.
    direction : str
        One of DIRECTIONS: the reading direction is that of the probe's weights, the
        moving one is where the states go with the quote or the depth.
    example : int
        Which text, from 1.
    """
    found, order = stored(), ranking()
    one, other = 1 + int(order[rank - 1]), 1 + UNITS + [*DIRECTIONS].index(direction)
    rises = found["losses"] - found["losses"][0]
    costs = (found["costs"] - found["costs"][0])[..., example - 1].astype(float)
    return SwitchOff(
        rank,
        direction,
        rises[1 + order, 0],
        rises[one],
        rises[other],
        "".join(SYMBOLS[token] for token in found["next"][:, example - 1]),
        costs[one],
        costs[other],
    )
