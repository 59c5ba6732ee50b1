"""Capstone 14.5: a second voice to a melody."""

from typing import Any

import numpy as np

from rnncourse.checking.capstone import Capstone
from rnncourse.lesson_14.duet.voices import (
    HIGHEST,
    LOWEST,
    SECOND_NOTES,
    THIRD,
    duets,
)
from rnncourse.lesson_14.fitting import check_equal, check_lengths
from rnncourse.lesson_14.rubric import EIGHT
from rnncourse.lesson_14.task import Parts, Task
from rnnlib._typing import Array, Rng
from rnnlib.vocab import pad

__all__ = ["DUET"]

Duet = tuple[Array, Array]


def right(answers: list[Any], truths: list[Any]) -> float:
    """Return the share of notes of the second voice that are right."""
    if any(np.shape(a) != b.shape for a, b in zip(answers, truths, strict=True)):
        raise ValueError("answers must have a note for each of the melody")
    hits = [np.asarray(a) == b for a, b in zip(answers, truths, strict=True)]
    return float(np.mean(np.concatenate(hits)))


def thirds(data: list[Duet], part: Array, known: Array) -> list[Array]:
    """Return for each melody the voice a third below."""
    return [data[i][0] - THIRD for i in part.tolist()]


def pairs(data: list[Duet], part: Array, known: Array) -> list[Array]:
    """Return for each note what is sung most often to it after the note before.

    Where such a pair is not known, it is the third below.
    """
    counts = np.zeros((HIGHEST + 1, HIGHEST + 1, len(SECOND_NOTES)))
    for first, second in (data[i] for i in known.tolist()):
        np.add.at(counts, (_before(first), first, second), 1)
    keys = np.arange(HIGHEST + 1) - THIRD
    best = np.where(counts.any(axis=2), counts.argmax(axis=2), keys)
    return [best[_before(data[i][0]), data[i][0]] for i in part.tolist()]


def _before(first: Array) -> Array:
    """Return the note before each note, 0 before the first."""
    return np.append(0, first[:-1])


RULES = {"thirds": thirds, "pairs": pairs}


def _score(name: str, data: list[Duet], part: Array, known: Array) -> float:
    truths = [data[i][1] for i in part.tolist()]
    return right(RULES[name](data, part, known), truths)


def _tunes_right(name: str, data: list[Duet], parts: Parts) -> float:
    answers = RULES[name](data, parts.test, parts.train)
    both = zip(answers, (data[i][1] for i in parts.test.tolist()), strict=True)
    return float(np.mean([np.mean(a == b) for a, b in both]))


def _changed(data: list[Duet], indices: Array, rng: Rng) -> list[Duet]:
    found = list(data)
    for i in indices.tolist():
        first, second = data[i]
        moved = second + rng.integers(1, len(SECOND_NOTES), len(second))
        found[i] = first, moved % len(SECOND_NOTES)
    return found


def _fits(batch: Any, data: list[Duet], few: Array) -> None:
    firsts, seconds = zip(*(data[i] for i in few.tolist()), strict=True)
    for name in ("mask", "input_mask"):
        check_lengths(getattr(batch, name), map(len, firsts), f"`{name}`")
    first, exists = pad([notes - LOWEST for notes in firsts], fill=0)
    check_equal(batch.inputs, first, "inputs", exists)
    check_equal(batch.targets, pad(seconds, fill=0)[0], "targets", exists)


TASK = Task(
    data=duets,
    count=len,
    given=lambda data, i: data[i][0],
    truth=lambda data, i: data[i][1],
    name=lambda data, i: f"melody {i}",
    changed=_changed,
    score=right,
    unit="of the notes",
    less=False,
    fails=lambda answer, truth, score: bool(np.any(np.asarray(answer) != truth)),
    baselines={
        "thirds": lambda data, parts: _score("thirds", data, parts.test, parts.train),
        "pairs": lambda data, parts: _score("pairs", data, parts.test, parts.train),
    },
    mistaken={
        "That is the mean over melodies. Each note counts alike, in long ones too.": (
            _tunes_right
        ),
        "It was counted on the test part itself.": lambda name, data, parts: _score(
            name, data, parts.test, parts.test
        ),
        "That is what it scores on the validation part.": lambda name, data, parts: (
            _score(name, data, parts.validation, parts.train)
        ),
        "That is what it scores on the training part.": lambda name, data, parts: (
            _score(name, data, parts.train, parts.train)
        ),
    },
    beat="thirds",
    reach=0.85,
    fits=_fits,
    least=40,
    kind=lambda data, i: data[i][0].tobytes(),
)

DUET = Capstone("14.5", "Melody duet", TASK, EIGHT)
