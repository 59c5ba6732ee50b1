"""What the net of brackets loses when its state is held along a unit or a direction.

``python -m rnncourse.lesson_13.held`` measures ten seeds, and stores the results; it
takes about five minutes.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncourse.lesson_13.nets import BRACKETS, trained_brackets
from rnncourse.shared.open_brackets import correlations, depths, quoted
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.batches import Batch
from rnnlib.diagnostics import Probe, ablated, linear_probe
from rnnlib.metrics import bits_per_character
from rnnlib.models import LanguageModel

__all__ = [
    "ANSWERS",
    "COUNTED",
    "Direction",
    "bits",
    "directions",
    "looked_at",
    "moves_with",
    "states_of",
    "ten_runs",
    "texts",
]

TEXTS, RANDOM = 100, 10
COUNTED = {"depth": depths, "quote": quoted}


class Direction(NamedTuple):
    """How something can be read from the states, and how they move with it.

    Attributes
    ----------
    probe : Probe
    moves : array (H,)
        Of length 1: the direction in which the states lie further out on average, the
        more of it there is.
    unit : int
        The one that correlates with it most, counted from 0.
    """

    probe: Probe
    moves: Array
    unit: int


def texts(split: str, count: int = TEXTS, *, seed: int = 2) -> Batch:
    """Return texts of the language, "train" or "held_out"."""
    return BRACKETS.sample(count, rng=np.random.default_rng(seed), split=split)


def states_of(model: LanguageModel, batch: Batch) -> Array:
    """Return the states after each symbol of some texts, (T, B, H)."""
    h: Array = model.parts["recurrent"].forward(batch.inputs)[0]
    return h


def bits(model: LanguageModel, batch: Batch) -> float:
    """Return the loss in bits per symbol."""
    return bits_per_character(float(model.loss(batch, gradients=False).value))


def moves_with(states: Array, counts: Array) -> Array:
    """Return the direction, of length 1, in which states (..., H) move with counts.

    It is the covariance of each unit with the counts.
    """
    off = states - states.mean(axis=tuple(range(counts.ndim)))
    covariance: Array = np.tensordot(counts - counts.mean(), off, counts.ndim)
    return covariance / np.linalg.norm(covariance)


def directions(model: LanguageModel) -> dict[str, Direction]:
    """Return the directions that belong to each of COUNTED, from 100 texts."""
    batch = texts("train")
    h, found = states_of(model, batch), {}
    for name, count in COUNTED.items():
        y = count(batch.inputs).astype(float)
        unit = int(abs(correlations(h, y)).argmax())
        found[name] = Direction(linear_probe(h, y), moves_with(h, y), unit)
    return found


# what `looked_at` returns, in this order
OF_ALL = ("bits", "best unit", "middle unit", "middle random", "worst random")
OF_ONE = ("R2", "probe", "moves", "unit", "R2 after probe", "R2 after moves", "cosine")
ANSWERS = (*OF_ALL, *(f"{name}: {what}" for name in COUNTED for what in OF_ONE))


def looked_at(model: LanguageModel) -> Array:
    """Return ANSWERS of a net.

    Its loss in bits; by how many bits the loss rises with one unit held at its mean,
    the one that matters most and the middle one, and with one of ten random directions
    held. Then for depth and quote: which share of the variance the probe reads; how
    much the loss rises along the probe's direction, along the one in which the states
    move, and with the most correlated unit held; what a new probe reads while either
    direction is held; the cosine between the two. All of it on 100 texts held out.
    """
    learned, batch = texts("train"), texts("held_out")
    H = model.parts["recurrent"].hidden_size
    at, whole = states_of(model, learned).mean(axis=(0, 1)), bits(model, batch)

    def rise(direction: Array) -> float:
        return bits(ablated(model, direction, at=at), batch) - whole

    def read(direction: Array, name: str) -> float:
        twin, count = ablated(model, direction, at=at), COUNTED[name]
        seen, new = (count(each.inputs).astype(float) for each in (learned, batch))
        probe = linear_probe(states_of(twin, learned), seen)
        return float(probe.r_squared(states_of(twin, batch), new))

    units = np.array([rise(unit) for unit in np.eye(H)])
    random = np.random.default_rng(1).standard_normal((RANDOM, H))
    others = np.array([rise(direction) for direction in random])
    found: list[Any] = [whole, units.max(), np.median(units)]
    found += [np.median(others), others.max()]
    h = states_of(model, batch)
    for name, (probe, moves, unit) in directions(model).items():
        y, u = COUNTED[name](batch.inputs).astype(float), probe.direction
        found += [probe.r_squared(h, y), rise(u), rise(moves), units[unit]]
        found += [read(u, name), read(moves, name), u @ moves]
    return np.array(found)


def _of_seed(seed: int) -> Array:
    return looked_at(trained_brackets(seed))


ten_runs = Trials(Path(__file__).with_name("held.npz"), {"brackets": _of_seed})

if __name__ == "__main__":
    ten_runs.measure()
