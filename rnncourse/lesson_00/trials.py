"""What ten seeds make of the trainings of lesson 00.

``python -m rnncourse.lesson_00.trials`` makes all of them anew and stores them; it
takes about ten minutes. Names after it choose some of them.
"""

from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_00.moved_word.compute import (
    ASKED,
    TRAINED_ON,
    accuracies,
    train,
)
from rnncourse.shared import review_readers
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array

__all__ = ["ten_runs"]


def _moved_word(asked: str, trained_on: str, seed: int) -> Array:
    """Return the share of right answers with the word at each step."""
    rng = np.random.default_rng(seed)
    return accuracies(train(asked, TRAINED_ON[trained_on], rng=rng))


def _reviews(kind: str, seed: int) -> float:
    """Return the share of right answers about reviews that were held out."""
    model = review_readers.train(kind, rng=np.random.default_rng(seed))
    return review_readers.accuracy(model)


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        **{
            name: partial(_moved_word, name, "first ten") for name in ("window", *ASKED)
        },
        "window, all places": partial(_moved_word, "window", "all"),
        "reviews, bag": partial(_reviews, "bag"),
        "reviews, RNN": partial(_reviews, "rnn"),
    },
)

if __name__ == "__main__":
    ten_runs.measure()
