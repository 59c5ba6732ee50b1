"""Training runs with one cause of illness each, and their healthy twins.

A twin has the same seed: the same initial weights, and the same data. One switch is the
whole difference.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from rnnlib._typing import Array, Params, Rng
from rnnlib.batches import Batch, Chunk, chunks
from rnnlib.cells import RNNCell
from rnnlib.metrics import accuracy
from rnnlib.models import Model, SequenceClassifier, Tagger
from rnnlib.optimizers import SGD, Adam, Optimizer, clip_by_norm
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import Echo, TemporalOrder
from rnnlib.training import History, TrainingWarning, fit

__all__ = ["BLOCK", "ILLS", "UPDATES", "Chart", "Ill", "follow"]

HIDDEN, BATCH, BLOCK, UPDATES = 32, 32, 10, 400


class ClipsTooLate(SGD):
    """Steps first, and clips afterwards what is no longer needed."""

    def update(
        self, params: Params, grads: Mapping[str, Array], *, factor: float = 1.0
    ) -> None:
        """Step, then clip."""
        super().update(params, grads, factor=factor)
        clip_by_norm(grads, 1.0)


class Uphill(SGD):
    """Steps along the gradient of y - p, which is that of the loss with a minus."""

    def direction(self, gradient: Array, *moments: Array) -> Array:
        """Return the gradient with the wrong sign."""
        return -gradient


class Uncorrected(Adam):
    """Adam whose m and s are not corrected for starting at zero."""

    def direction(self, gradient: Array, *moments: Array) -> Array:
        """Return m / (sqrt(s) + epsilon)."""
        super().direction(gradient, *moments)
        m, s = moments
        return m / (np.sqrt(s) + self.epsilon)


ORDER, ECHO = TemporalOrder(steps=20), Echo(delay=6, steps=160)
SHORT_ECHO, CHUNK = Echo(delay=3, steps=24), 16


def _layer(D: int, rng: Rng) -> Recurrent:
    return Recurrent(RNNCell(D, HIDDEN, rng=rng, dtype=np.float32))


def _reader(rng: Rng) -> Model:
    return SequenceClassifier(_layer(len(ORDER.symbols), rng), 4, rng=rng)


def _echoer(rng: Rng) -> Model:
    return Tagger(_layer(2, rng), 2, rng=rng)


def _order(sick: bool, rng: Rng) -> Iterator[Batch]:
    """Yield batches that are the same in sickness and in health."""
    while True:
        yield ORDER.sample(BATCH, rng=rng)


def _streams(shuffled: bool, rng: Rng) -> Iterator[Chunk]:
    """Yield the chunks of long streams, in the order of time or shuffled."""
    while True:
        pieces = [*chunks(ECHO.sample(BATCH, rng=rng), CHUNK)]
        order = rng.permutation(len(pieces))
        for place, number in enumerate(order):
            piece = pieces[number if shuffled else place]
            yield piece._replace(is_first=place == 0)


def _padded(counted: bool, rng: Rng) -> Iterator[Batch]:
    """Yield sequences of 6 to 24 steps, padded; the padding counts, or does not."""
    while True:
        drawn = SHORT_ECHO.sample(BATCH, rng=rng)
        inputs, targets, asked = drawn.inputs, drawn.targets, np.asarray(drawn.mask)
        lengths = rng.integers(6, SHORT_ECHO.steps + 1, size=BATCH)
        exists = np.arange(SHORT_ECHO.steps)[:, None] < lengths
        batch = Batch(inputs * exists, targets * exists, asked & exists, exists)
        yield batch._replace(mask=asked, input_mask=None) if counted else batch


def _order_accuracy(model: Any, rng: Rng) -> float:
    batch = ORDER.sample(1000, rng=rng, split="held_out")
    return accuracy(model.predict(batch.inputs), batch.targets)


def _echo_accuracy(model: Any, rng: Rng, task: Echo) -> float:
    batch = task.sample(200, rng=rng, split="held_out")
    return accuracy(model.predict(batch.inputs), batch.targets, batch.mask)


@dataclass(frozen=True)
class Ill:
    """A cause of illness, and all that is the same in sickness and in health.

    Attributes
    ----------
    cause : str
        What the switch does, in words.
    optimizer : callable
        Returns one, given whether the run is sick.
    clip : pair of float or None
        The largest norm of a gradient: in the sick run, and in the healthy one.
    model : callable
        Draws an untrained one.
    batches : callable
        Yields them, given whether the run is sick.
    score : callable
        Returns the share of right answers of a model on new data.
    blank : bool
        Whether the sick run begins with zeros in all parameters.
    chance : float
        The share that guessing has.
    """

    cause: str
    optimizer: Callable[[bool], Optimizer] = lambda sick: Adam(3e-3)
    clip: tuple[float | None, float | None] = (1.0, 1.0)
    model: Callable[[Rng], Model] = _reader
    batches: Callable[[bool, Rng], Iterator[Any]] = _order
    score: Callable[[Model, Rng], float] = _order_accuracy
    blank: bool = False
    chance: float = 0.25


_ECHOES: dict[str, Any] = {"model": _echoer, "chance": 0.5}
ILLS = {
    "A": Ill(
        "all parameters are zero before training",
        optimizer=lambda sick: SGD(0.1),
        blank=True,
    ),
    "B": Ill(
        "the gradient is clipped after the step",
        optimizer=lambda sick: ClipsTooLate(0.2) if sick else SGD(0.2),
        clip=(None, 1.0),
    ),
    "C": Ill(
        "the state is carried over shuffled chunks",
        batches=_streams,
        score=partial(_echo_accuracy, task=ECHO),
        **_ECHOES,
    ),
    "D": Ill(
        "y and p are exchanged in p − y",
        optimizer=lambda sick: Uphill(0.1) if sick else SGD(0.1),
    ),
    "E": Ill(
        "the learning rate is 30 times too high",
        optimizer=lambda sick: Adam(0.09 if sick else 0.003),
    ),
    "F": Ill(
        "Adam has no bias correction",
        optimizer=lambda sick: (Uncorrected if sick else Adam)(0.01),
    ),
    "G": Ill(
        "the padding counts in the loss",
        batches=_padded,
        score=partial(_echo_accuracy, task=SHORT_ECHO),
        **_ECHOES,
    ),
}


@dataclass(frozen=True)
class Chart:
    """What the instruments show, one value for each block of ten updates.

    Attributes
    ----------
    loss, gradient_norm, update_ratio : ndarray, shape (N,)
        Means over a block; the gradient is measured before clipping.
    saturated : ndarray, shape (N,)
        Share of the states that are saturated, at the end of a block.
    score : float or None
        Share of right answers on new data, once training is over.
    """

    loss: Array
    gradient_norm: Array
    saturated: Array
    update_ratio: Array
    score: float | None = None

    @property
    def progress(self) -> float:
        """How much of the training is done, from 0 to 1."""
        done = BLOCK * len(self.loss) / UPDATES
        return 1.0 if self.score is not None else 0.99 * done


def follow(name: str, sick: bool, rng: Rng) -> Iterator[Chart]:
    """Train one of ILLS, and yield its chart so far after each block of updates."""
    ill, history = ILLS[name], History()
    model = ill.model(rng)
    if ill.blank and sick:
        for array in model.params.values():
            array[...] = 0
    optimizer, batches = ill.optimizer(sick), ill.batches(sick, rng)
    for _ in range(UPDATES // BLOCK):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TrainingWarning)
            fit(
                model,
                islice(batches, BLOCK),
                optimizer,
                clip_norm=ill.clip[not sick],
                history=history,
                watch=BLOCK,
                progress=False,
            )
        yield _chart(history)
    yield _chart(history, ill.score(model, rng))


def _chart(history: History, score: float | None = None) -> Chart:
    lists = (history.loss, history.gradient_norm, history.update_ratio)
    loss, norm, ratio = (np.reshape(x, (-1, BLOCK)).mean(axis=1) for x in lists)
    saturated = np.array([share for _, share, _ in history.saturation])
    return Chart(loss, norm, saturated, np.minimum(ratio, 10), score)
