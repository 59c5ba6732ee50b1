"""What ten seeds make of the trainings of lesson 11, with and without attention.

``python -m rnncourse.lesson_11.trials`` makes all of them anew and stores them; it
takes about ten minutes. Names after it choose some of them.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_11.nets import RECIPES, trained
from rnncourse.shared.translators import TASKS, exact
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.tasks import Reversal

__all__ = ["LENGTHS", "by_length", "ten_runs"]

LENGTHS = range(4, 13)


def by_length(model: Seq2Seq, seed: int) -> Array:
    """Return the share of new words said backwards without a mistake, by length."""
    return np.array(
        [
            exact(model, Reversal(n, n), rng=np.random.default_rng(seed + 1), count=200)
            for n in LENGTHS
        ]
    )


def _reversed(name: str, look: str, seed: int) -> Array:
    return by_length(trained(name, look, seed), seed)


def _exact(name: str, look: str, seed: int) -> float:
    """Return the share of held-out answers that are right from end to end."""
    model, task = trained(name, look, seed), TASKS[RECIPES[name].task]
    return exact(model, task, rng=np.random.default_rng(seed + 1))


MEASURES: dict[str, Callable[[str, str, int], Array | float]] = {
    **dict.fromkeys(("reversal, up to 8", "reversal, up to 12"), _reversed),
    "dates": _exact,
}
LOOKED = {
    "reversal, up to 8": ("none", "scaled", "blind"),
    "reversal, up to 12": ("none", "scaled"),
    "dates": ("none", "scaled", "blind"),
}
ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        f"{name}, {look}": partial(MEASURES[name], name, look)
        for name, looks in LOOKED.items()
        for look in looks
    },
)

if __name__ == "__main__":
    ten_runs.measure()
