"""Capstone 14.4: digits, drawn as strokes of a pen."""

from typing import Any

import numpy as np

from rnncourse.checking.capstone import Capstone
from rnncourse.lesson_14.fitting import check_equal, check_mask
from rnncourse.lesson_14.rubric import EIGHT
from rnncourse.lesson_14.task import Task
from rnnlib._typing import Array, Rng

__all__ = ["SHAPES", "STROKES", "strokes"]

DIGITS, SEED = 600, 1404
SHORTEST, LONGEST = 12, 24
NEIGHBOURS, POINTS = 1, 12

Stroke = tuple[Array, int]

SHAPES: dict[int, list[tuple[float, float]]] = {
    0: [(0.5, 1), (0.1, 0.8), (0.1, 0.2), (0.5, 0), (0.9, 0.2), (0.9, 0.8), (0.5, 1)],
    1: [(0.3, 0.75), (0.55, 1), (0.55, 0)],
    2: [(0.1, 0.8), (0.5, 1), (0.9, 0.75), (0.1, 0), (0.9, 0)],
    3: [(0.1, 0.95), (0.8, 0.95), (0.4, 0.55), (0.9, 0.3), (0.5, 0), (0.1, 0.1)],
    4: [(0.6, 1), (0.1, 0.35), (0.9, 0.35), (0.65, 0.35), (0.65, 0)],
    5: [(0.85, 1), (0.2, 1), (0.15, 0.55), (0.85, 0.45), (0.8, 0.05), (0.1, 0.05)],
    6: [(0.8, 1), (0.2, 0.5), (0.15, 0.1), (0.6, 0), (0.85, 0.3), (0.2, 0.4)],
    7: [(0.1, 1), (0.9, 1), (0.4, 0)],
    8: [(0.7, 0.9), (0.2, 0.8), (0.8, 0.25), (0.5, 0), (0.2, 0.25), (0.85, 0.8)],
    9: [(0.85, 0.7), (0.4, 0.5), (0.15, 0.8), (0.6, 1), (0.85, 0.7), (0.75, 0)],
}


def strokes() -> list[Stroke]:
    """Return 600 digits: the places of the pen, (T, 2), from left and from below.

    Each is drawn by a hand of its own: slanted, stretched, moved, shaky, some fast and
    some slow, so that T is 12 to 24.

    >>> places, digit = strokes()[0]
    >>> places.shape[1], len(strokes())
    (2, 600)
    """
    rng = np.random.default_rng(SEED)
    return [_drawn(int(digit), rng) for digit in rng.integers(0, 10, DIGITS)]


def _drawn(digit: int, rng: Rng) -> Stroke:
    corners = np.array(SHAPES[digit]) + 0.07 * rng.standard_normal(
        (len(SHAPES[digit]), 2)
    )
    places = resampled(corners, int(rng.integers(SHORTEST, LONGEST + 1)))
    slant, turn = rng.normal(0, 0.25), rng.normal(0, 0.2)
    lean = np.array([[1, 0], [slant, 1]])
    rotate = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    hand = np.diag(rng.uniform(0.6, 1.4, 2)) @ lean @ rotate
    moved = (places - 0.5) @ hand + rng.uniform(-1, 1, 2)
    return moved + 0.02 * rng.standard_normal(places.shape), digit


def resampled(places: Array, count: int) -> Array:
    """Return places at even distances along the way through some others."""
    lengths = np.linalg.norm(np.diff(places, axis=0), axis=1)
    along = np.append(0, np.cumsum(lengths))
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, side) for side in places.T], axis=1)


def right(answers: list[Any], truths: list[Any]) -> float:
    """Return the share of digits that are answered right."""
    return float(np.mean([int(a) == b for a, b in zip(answers, truths, strict=True)]))


def outline(places: Array) -> Array:
    """Return twelve places along a stroke, its middle at 0, its spread 1."""
    found = resampled(places, POINTS)
    found = found - found.mean(axis=0)
    return np.asarray(found / np.sqrt((found**2).mean()))


def nearest(data: list[Stroke], part: Array, known: Array) -> list[int]:
    """Return the digit of the known stroke whose outline is nearest, for each."""
    outlines = np.array([outline(data[i][0]) for i in known.tolist()])
    found = []
    for i in part.tolist():
        away = ((outlines - outline(data[i][0])) ** 2).sum(axis=(1, 2))
        found.append(data[int(known[away.argmin()])][1])
    return found


def commonest(data: list[Stroke], part: Array, known: Array) -> list[int]:
    """Return for each the digit that is drawn most often among those known."""
    counts = np.bincount(
        np.array([data[i][1] for i in known], dtype=np.intp), minlength=10
    )
    return [int(counts.argmax())] * len(part)


RULES = {"commonest": commonest, "nearest": nearest}


def _scores(name: str, data: list[Stroke], part: Array, known: Array) -> float:
    truths = [data[i][1] for i in part.tolist()]
    return right(RULES[name](data, part, known), truths)


def _changed(data: list[Stroke], indices: Array, rng: Rng) -> list[Stroke]:
    found = list(data)
    for i in indices.tolist():
        found[i] = data[i][0], (data[i][1] + int(rng.integers(1, 10))) % 10
    return found


def _remade(data: list[Stroke], indices: Array, rng: Rng) -> list[Stroke]:
    found = _changed(data, indices, rng)
    for i in indices.tolist():
        found[i] = 3 * found[i][0] + 1, found[i][1]
    return found


def _fits(batch: Any, data: list[Stroke], few: Array) -> None:
    check_equal(batch.targets, np.array([data[i][1] for i in few]), "targets")
    lengths = [len(data[i][0]) for i in few]
    check_mask(batch.inputs, batch.input_mask, lengths)


TASK = Task(
    data=strokes,
    count=len,
    given=lambda data, i: data[i][0],
    truth=lambda data, i: data[i][1],
    name=lambda data, i: f"stroke {i}",
    changed=_changed,
    score=right,
    unit="of the digits",
    less=False,
    fails=lambda answer, truth, score: int(answer) != truth,
    baselines={
        "commonest": lambda data, parts: _scores(
            "commonest", data, parts.test, parts.train
        ),
        "nearest": lambda data, parts: _scores(
            "nearest", data, parts.test, parts.train
        ),
    },
    mistaken={
        "Each stroke is its own nearest there: it was compared with the test part.": (
            lambda name, data, parts: _scores(name, data, parts.test, parts.test)
        ),
        "That is what it scores on the validation part.": lambda name, data, parts: (
            _scores(name, data, parts.validation, parts.train)
        ),
    },
    beat="commonest",
    reach=0.8,
    compared=True,
    remade=_remade,
    fits=_fits,
    answers=10,
    least=60,
    kind=lambda data, i: data[i][0].tobytes(),
)

STROKES = Capstone("14.4", "Digits from strokes", TASK, EIGHT)
