"""How the nets of lesson 03 are trained; lessons 04 and 06 say why."""

from collections.abc import Callable
from typing import Any

from rnnlib._typing import Rng
from rnnlib.batches import Batch
from rnnlib.models import Model
from rnnlib.optimizers import Adam
from rnnlib.tasks import Task
from rnnlib.training import cosine_decay, fit

__all__ = ["train"]

LEARNING_RATE, LONGEST_STEP = 0.01, 1.0


def train(
    model: Model,
    task: Task[Any],
    updates: int,
    *,
    rng: Rng,
    batch_size: int = 32,
    change: Callable[[Batch], Batch] = lambda batch: batch,
) -> None:
    """Train a model on so many batches of a task.

    Parameters
    ----------
    model : Model
    task : Task
    updates : int
    rng : numpy.random.Generator
        Draws the batches.
    batch_size : int
    change : callable
        What is done to each batch before the model sees it.
    """
    fit(
        model,
        (change(task.sample(batch_size, rng=rng)) for _ in range(updates)),
        Adam(LEARNING_RATE),
        clip_norm=LONGEST_STEP,
        schedule=cosine_decay(updates),
        progress=False,
    )
