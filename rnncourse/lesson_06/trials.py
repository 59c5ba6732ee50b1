"""What ten seeds make of the trainings of lesson 06.

``python -m rnncourse.lesson_06.trials`` makes all of them anew and stores them; it
takes about a minute. Names after it choose some of them.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_06.order import learn_order
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.optimizers import SGD, Optimizer

__all__ = ["ten_runs"]


def _trained(
    seed: int,
    *,
    optimizer: Callable[[], Optimizer],
    clip_norm: float | None = 1.0,
) -> Array:
    """Return the accuracy, the largest and the median norm, the clipped steps, a loss.

    The loss is the mean of the last fifty updates.
    """
    accuracy, history = learn_order(
        optimizer(), rng=np.random.default_rng(seed), clip_norm=clip_norm
    )
    norms = history.gradient_norm
    last = np.mean(history.loss[-50:])
    return np.array([accuracy, max(norms), np.median(norms), history.clipped, last])


def _with_its_own_limit(seed: int) -> Array:
    """Return the same, with the limit that a run's first fifty norms give."""
    rng = np.random.default_rng(seed)
    first = learn_order(SGD(0.1), rng=rng, updates=50).history.gradient_norm
    return _trained(
        seed, optimizer=partial(SGD, 0.1), clip_norm=float(np.quantile(first, 0.9))
    )


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        **{
            f"SGD {rate}, {words}": partial(
                _trained, optimizer=partial(SGD, rate), clip_norm=clip_norm
            )
            for rate, words, clip_norm in (
                (0.5, "not clipped", None),
                (0.5, "clipped", 1.0),
                (0.5, "cut at 10", 10.0),
                (0.1, "not clipped", None),
                (0.1, "clipped", 1.0),
                (0.02, "not clipped", None),
            )
        },
        "SGD 0.1, its own limit": _with_its_own_limit,
    },
)

if __name__ == "__main__":
    ten_runs.measure()
