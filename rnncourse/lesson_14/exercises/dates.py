"""Capstone 14.2: dates as people write them, made into those that machines sort."""

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from rnncourse.checking.capstone import Capstone, FaultError
from rnncourse.lesson_14.fitting import check_lengths
from rnncourse.lesson_14.rubric import EIGHT
from rnncourse.lesson_14.task import Parts, Task
from rnnlib._typing import Array, Rng
from rnnlib.batches import END
from rnnlib.tasks.dates import STYLES, iso, written

__all__ = ["DATES", "dates"]

DAYS, SEED = 900, 1402
FIRST, LAST = date(1950, 1, 1), date(2049, 12, 31)
PLACES = [0, 1, 2, 3, 5, 6, 8, 9]  # of the digits in 2027-05-24

Pair = tuple[str, str]


def dates() -> list[Pair]:
    """Return 1800 dates, written in one of four styles, and in ISO 8601.

    Each day comes twice, in two styles, in no order.

    >>> len(dates()), dates()[0]
    (1800, ('tuesday, 4 november 2008', '2008-11-04'))
    """
    rng = np.random.default_rng(SEED)
    range_of_days = np.arange(FIRST.toordinal(), LAST.toordinal() + 1)
    days = rng.choice(range_of_days, DAYS, replace=False).tolist()
    pairs = []
    for day in map(date.fromordinal, days):
        for style in rng.choice(STYLES, 2, replace=False):
            pairs.append((written(day, str(style)), iso(day)))
    return [pairs[i] for i in rng.permutation(len(pairs)).tolist()]


def right(answers: list[Any], truths: list[Any]) -> float:
    """Return the share of digits that are right, place by place."""
    return float(np.mean([_digits(a, b) for a, b in zip(answers, truths, strict=True)]))


def _digits(answer: str, truth: str) -> float:
    if not isinstance(answer, str):
        raise TypeError("an answer must be a text")
    shown = answer.ljust(len(truth))
    return float(np.mean([shown[n] == truth[n] for n in PLACES]))


def commonest(data: list[Pair], part: Array, known: Array) -> list[str]:
    """Return for each the date made of the commonest character at each place."""
    targets = [data[i][1] for i in known.tolist()]
    made = "".join(
        Counter(place).most_common(1)[0][0] for place in zip(*targets, strict=True)
    )
    return [made] * len(part)


def neighbours(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters that occur in a text."""
    return frozenset(map("".join, pairwise(text)))


def nearest(data: list[Pair], part: Array, known: Array) -> list[str]:
    """Return the target of the known source that shares most pairs of neighbours."""
    texts = [data[i][0] for i in (*part.tolist(), *known.tolist())]
    occur = list(map(neighbours, texts))
    columns = {pair: n for n, pair in enumerate(sorted(frozenset().union(*occur)))}
    holds = np.zeros((len(texts), len(columns)))
    for row, pairs in zip(holds, occur, strict=True):
        row[[columns[pair] for pair in pairs]] = 1
    shared = holds[: len(part)] @ holds[len(part) :].T
    return [data[int(known[n])][1] for n in shared.argmax(axis=1)]


RULES = {"commonest": commonest, "nearest": nearest}


def _scores(name: str, data: list[Pair], part: Array, known: Array) -> float:
    return right(RULES[name](data, part, known), [data[i][1] for i in part.tolist()])


def _changed(data: list[Pair], indices: Array, rng: Rng) -> list[Pair]:
    found = list(data)
    for i in indices.tolist():
        year, rest = int(data[i][1][:4]), data[i][1][4:]
        found[i] = data[i][0], f"{year + 200}{rest}"
    return found


def _fits(batch: Any, data: list[Pair], few: Array) -> None:
    """Check lengths and ends, and that a token stands for a character, one for one."""
    sources, targets = zip(*(data[i] for i in few.tolist()), strict=True)
    check_lengths(batch[1], map(len, sources), "mask of the sources")
    check_lengths(batch[3], (len(text) + 1 for text in targets), "mask of the targets")
    tokens = np.asarray(batch[2])[: len(targets[0]) + 1]
    if (tokens[-1] != END).any():
        raise FaultError(
            "A target does not end with END.", "SPECIALS[END] is its sign."
        )
    said = {*zip(tokens[:-1].T.ravel().tolist(), "".join(targets), strict=True)}
    if not len(said) == len(dict(said)) == len({sign for _, sign in said}):
        raise FaultError("The targets are not the dates, character by character.")


def _every_character(name: str, data: list[Pair], parts: Parts) -> float:
    said = RULES[name](data, parts.test, parts.train)
    truths = [data[i][1] for i in parts.test.tolist()]
    pairs = zip(said, truths, strict=True)
    return float(
        np.mean([[a == b for a, b in zip(*pair, strict=True)] for pair in pairs])
    )


TASK = Task(
    data=dates,
    count=len,
    given=lambda data, i: data[i][0],
    truth=lambda data, i: data[i][1],
    name=lambda data, i: data[i][0],
    changed=_changed,
    score=right,
    unit="of the digits",
    less=False,
    fails=lambda answer, truth, score: answer != truth,
    baselines={
        "commonest": lambda data, parts: _scores(
            "commonest", data, parts.test, parts.train
        ),
        "nearest": lambda data, parts: _scores(
            "nearest", data, parts.test, parts.train
        ),
    },
    mistaken={
        "It was compared with the test part itself.": lambda name, data, parts: _scores(
            name, data, parts.test, parts.test
        ),
        "That is what it scores on the validation part.": lambda name, data, parts: (
            _scores(name, data, parts.validation, parts.train)
        ),
        "The two hyphens are counted as well, and everybody has them right.": (
            _every_character
        ),
    },
    beat="nearest",
    least=60,
    reach=0.9,
    compared=True,
    fits=_fits,
    kind=lambda data, i: data[i][1],
)

DATES = Capstone("14.2", "Dates for machines", TASK, EIGHT)
