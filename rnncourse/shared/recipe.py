"""How the networks of the course are trained; lessons 04 and 06 say why."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from rnnlib._typing import Rng
from rnnlib.models import Model
from rnnlib.optimizers import Adam
from rnnlib.training import History, cosine_decay, fit

__all__ = ["train", "training"]

MAX_NORM = 1.0


class Source(Protocol):
    """Anything that batches can be drawn from: every task of `rnnlib.tasks`."""

    def sample(self, batch_size: int, *, rng: Rng) -> Any:
        """Return a batch."""


def training(
    model: Model,
    task: Source,
    updates: int,
    *,
    rng: Rng,
    batch_size: int = 32,
    learning_rate: float = 0.01,
    decay: bool = True,
    change: Callable[[Any], Any] = lambda batch: batch,
    model_rng: Rng | None = None,
) -> Iterator[float]:
    """Yield the loss of each update, and make the update when it is asked for.

    Each update draws a batch, backpropagates through all of its steps, clips the
    gradient to norm 1 and takes a step of Adam. The parameters are changed in place.

    Parameters
    ----------
    model : Model
    task : Source
    updates : int
    rng : numpy.random.Generator
        Draws the batches.
    batch_size : int
    learning_rate : float
    decay : bool
        Whether the learning rate falls to zero along half a cosine.
    change : callable
        Applied to each batch before the model sees it.
    model_rng : numpy.random.Generator, optional
        Serves dropout and scheduled sampling.

    Raises
    ------
    RuntimeError
        If training is interrupted, or a number is no longer finite.
    """
    optimizer, history = Adam(learning_rate), History()
    schedule = cosine_decay(updates) if decay else None
    for _ in range(updates):
        fit(
            model,
            [change(task.sample(batch_size, rng=rng))],
            optimizer,
            clip_norm=MAX_NORM,
            schedule=schedule,
            rng=model_rng,
            history=history,
            progress=False,
        )
        if history.stopped:
            raise RuntimeError(f"training has stopped: {history.stopped}")
        yield history.loss[-1]


def train(
    model: Model, task: Source, updates: int, *, rng: Rng, **options: Any
) -> None:
    """Train a model from beginning to end, with the options of `training`."""
    for _ in training(model, task, updates, rng=rng, **options):
        pass
