"""The networks of lesson 00, trained with ten seeds each.

``python -m rnncourse.lesson_00.seeds`` trains them all, in some minutes, and stores how
often each is right.
"""

from functools import cache, partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_00.moved_word.compute import (
    ASKED,
    TRAINED_ON,
    accuracies,
    train,
)
from rnncourse.shared import review_readers, seeds
from rnnlib._typing import Array

__all__ = ["found"]

PLACE = Path(__file__).with_name("seeds.npz")


def moved_word(asked: str, trained_on: str, seed: int) -> Array:
    """Return the share of right answers with the word at each step."""
    rng = np.random.default_rng(seed)
    return accuracies(train(asked, TRAINED_ON[trained_on], rng=rng))


def reviews(kind: str, seed: int) -> list[float]:
    """Return the share of right answers about reviews that were held out."""
    model = review_readers.train(kind, rng=np.random.default_rng(seed))
    return [review_readers.accuracy(model)]


RUNS = {
    **{asked: partial(moved_word, asked, "first ten") for asked in ("window", *ASKED)},
    "window at all places": partial(moved_word, "window", "all"),
    "reviews bag": partial(reviews, "bag"),
    "reviews rnn": partial(reviews, "rnn"),
}


@cache
def found() -> dict[str, Array]:
    """Return what was found, (seeds, ...), by the names in RUNS."""
    return seeds.stored(PLACE)


if __name__ == "__main__":
    seeds.measure(PLACE, RUNS)
