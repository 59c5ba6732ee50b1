"""Capstone 14.1: forecast a real series, one year ahead."""

from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.checking.capstone import Capstone
from rnncourse.lesson_14.fitting import check_order
from rnncourse.lesson_14.rubric import EIGHT
from rnncourse.lesson_14.task import Parts, Task
from rnnlib._typing import Array, Rng

__all__ = ["FIRST_YEAR", "FORECAST", "ORDER", "sunspots"]

FIRST_YEAR, ORDER = 1700, 9
FILE = Path(__file__).parent.parent / "data" / "sunspots.csv"


def sunspots() -> Array:
    """Return the yearly sunspot numbers from 1700 to 2008.

    Published by the National Geophysical Data Center (NOAA); in the public domain.

    >>> sunspots()[:4], len(sunspots())
    (array([ 5., 11., 16., 23.]), 309)
    """
    return np.loadtxt(FILE, delimiter=",", skiprows=1, usecols=1)


def error(answers: list[Any], truths: list[Any]) -> float:
    """Return the root of the mean squared error."""
    found = np.array([float(answer) for answer in answers])
    return float(np.sqrt(np.mean((found - np.array(truths)) ** 2)))


def persistence(data: Array, part: Array) -> Array:
    """Return for each year of a part the number of the year before."""
    return data[part - 1]


def autoregression(data: Array, part: Array, known: Array) -> Array:
    """Return linear forecasts from nine years, fitted to the years that are known."""

    def rows(years: Array) -> Array:
        past = [data[years - lag] for lag in range(1, ORDER + 1)]
        return np.stack([np.ones(len(years)), *past], axis=1)

    known = known[known >= ORDER]
    weights, *_ = np.linalg.lstsq(rows(known), data[known], rcond=None)
    return rows(part) @ weights


def _baseline(name: str, data: Array, part: Array, known: Array) -> float:
    if name == "persistence":
        return error([*persistence(data, part)], [*data[part]])
    return error([*autoregression(data, part, known)], [*data[part]])


def _unscaled(name: str, data: Array, parts: Parts) -> float:
    return _baseline(name, data, parts.test, parts.train) / float(
        data[parts.train].std()
    )


def _changed(data: Array, indices: Array, rng: Rng) -> Array:
    found = data.copy()
    found[indices] = 200 - found[indices] + rng.uniform(0, 20, len(indices))
    return found


def _fits(batch: Any, data: Array, few: Array) -> None:
    check_order(batch.targets, data[few], data[few] - data[few - 1])


TASK = Task(
    data=sunspots,
    count=len,
    given=lambda data, i: data[:i],
    truth=lambda data, i: float(data[i]),
    name=lambda data, i: str(FIRST_YEAR + i),
    changed=_changed,
    score=error,
    unit="sunspots",
    fails=lambda answer, truth, score: abs(float(answer) - truth) > 1.5 * score,
    baselines={
        "persistence": lambda data, parts: _baseline(
            "persistence", data, parts.test, parts.train
        ),
        "autoregression": lambda data, parts: _baseline(
            "autoregression", data, parts.test, parts.train
        ),
    },
    mistaken={
        "That is what it scores on the training part.": lambda name, data, parts: (
            _baseline(name, data, parts.train[parts.train >= ORDER], parts.train)
        ),
        "That is what it scores on the validation part.": lambda name, data, parts: (
            _baseline(name, data, parts.validation, parts.train)
        ),
        "It was fitted to the very years on which it is measured.": (
            lambda name, data, parts: _baseline(name, data, parts.test, parts.test)
        ),
        "It was fitted to all years, those of the test included.": (
            lambda name, data, parts: _baseline(
                name, data, parts.test, np.concatenate(parts)
            )
        ),
        "That is in units of the standard deviation, not in sunspots.": _unscaled,
        "That is the mean of the squares: its root is asked for.": (
            lambda name, data, parts: (
                _baseline(name, data, parts.test, parts.train) ** 2
            )
        ),
    },
    beat="persistence",
    compared=True,
    ordered=True,
    fits=_fits,
)

FORECAST = Capstone("14.1", "Forecast a real series", TASK, EIGHT)
