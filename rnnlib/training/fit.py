"""Training: batches in, a trained model and its history out."""

import math
import time
import warnings
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from rnnlib._checks import (
    NotFiniteError,
    all_finite,
    check_flag,
    check_function,
    check_kind,
    check_number,
    check_rng,
)
from rnnlib._nesting import check_params
from rnnlib._typing import Grads, Params, Rng
from rnnlib._words import kind_of
from rnnlib.models import Loss, Model
from rnnlib.optimizers import Optimizer, clip_by_norm, global_norm
from rnnlib.training import threads
from rnnlib.training.history import EarlyStop, History
from rnnlib.training.schedules import Schedule

__all__ = ["TrainingWarning", "fit"]


class TrainingWarning(UserWarning):
    """Training has stopped early because a number was not finite."""


class SupportsSave(Protocol):
    """Saves a run now and then: a `Checkpoint`."""

    @property
    def rng(self) -> Rng:
        """The generator that batches are drawn from."""

    @property
    def every(self) -> int:
        """Updates between two saves."""

    def save(
        self, model: Model, optimizer: Optimizer, history: History, state: Any
    ) -> None:
        """Write everything that training needs to continue."""


def fit(
    model: Model,
    batches: Iterable[Any],
    optimizer: Optimizer,
    *,
    clip_norm: float | None = None,
    schedule: Schedule | None = None,
    rng: np.random.Generator | None = None,
    early_stop: EarlyStop | None = None,
    checkpoint: SupportsSave | None = None,
    history: History | None = None,
    state: Any = None,
    progress: bool = True,
    blas_threads: int | None = 1,
) -> History:
    """Train a model: one update for each batch.

    A `Chunk` that is not the first of its sequence starts from the last state of the
    chunk before, and its gradient stops there: truncated back-propagation.

    If a number is not finite, training stops, the parameters of the last finite loss
    are put back, and a warning says where that number first arose. An interrupt
    (Ctrl-C, or the stop button of a notebook) ends training after the last whole
    update. In both cases the model and the optimiser remain usable.

    Parameters
    ----------
    model : Model
        Its parameters are changed in place.
    batches : iterable of Batch, Chunk or Pairs
        Drawn one at a time, so that a generator may draw them from `rng`.
    optimizer : Optimizer
    clip_norm : float, optional
        Largest global norm of a gradient.
    schedule : function of the number of the update, optional
        Factor of the learning rate, such as `cosine_decay(600)`.
    rng : numpy.random.Generator, optional
        Serves dropout and scheduled sampling. With a checkpoint, it must be its own.
    early_stop : EarlyStop, optional
    checkpoint : Checkpoint, optional
        Where and how often to save; `resume` continues from there.
    history, state : optional
        Those of an earlier run, as `resume` returned them.
    progress : bool
        Show a bar.
    blas_threads : int or None
        Threads that a matrix product uses meanwhile. One is fastest unless batches are
        large; None leaves it as it is.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument or a batch is not as described, or there is no batch.

    References
    ----------
    Williams and Peng, "An efficient gradient-based algorithm for on-line training of
    recurrent network trajectories", 1990: truncated back-propagation.

    Examples
    --------
    >>> from rnnlib import Adam, Recurrent, RNNCell
    >>> from rnnlib.models import SequenceClassifier
    >>> from rnnlib.tasks import TemporalOrder
    >>> rng, task = np.random.default_rng(0), TemporalOrder(steps=10)
    >>> model = SequenceClassifier(Recurrent(RNNCell(6, 16, rng=rng)), 4, rng=rng)
    >>> batches = (task.sample(32, rng=rng) for _ in range(20))
    >>> history = fit(model, batches, Adam(0.01), clip_norm=1.0, progress=False)
    >>> history.updates, history.loss[-1] < history.loss[0]
    (20, True)
    """
    _check_arguments(model, batches, optimizer, early_stop, checkpoint, rng)
    history = History() if history is None else check_kind("history", history, History)
    run = _Run(model, optimizer, history, state, clip_norm, schedule, rng)
    bar = _bar(batches, progress)
    try:
        with threads.blas_threads(blas_threads):
            run.follow(bar, early_stop, checkpoint)
    except KeyboardInterrupt:
        run.finish_or_undo()
        run.history.stopped = "interrupted"
    except NotFiniteError as stop:
        run.restore()
        run.history.stopped = str(stop)
        warnings.warn(run.sentence(stop), TrainingWarning, stacklevel=2)
    finally:
        bar.close()
    if not run.history.updates and not run.history.stopped:
        raise ValueError("batches must hold at least one batch, got none")
    return run.history


class _Run:
    """The state of one call of `fit`."""

    def __init__(
        self,
        model: Model,
        optimizer: Optimizer,
        history: History,
        state: Any,
        clip_norm: float | None,
        schedule: Schedule | None,
        rng: np.random.Generator | None,
    ) -> None:
        self.model, self.optimizer, self.history = model, optimizer, history
        self.state, self.rng, self.schedule = state, rng, schedule
        self.clip_norm = clip_norm
        if clip_norm is not None:
            check_number("clip_norm", clip_norm, above=0)
        if schedule is not None:
            check_function("schedule", schedule)
        history.stopped = ""
        self.params = model.params
        self.learning_rate = optimizer.learning_rate
        self.remember()
        self.best: tuple[float, Params] = (-math.inf, _copy(self.params))
        self.misses = 0

    def follow(
        self, bar: Any, early_stop: EarlyStop | None, checkpoint: SupportsSave | None
    ) -> None:
        """Make an update for each batch of a bar, until the score says stop."""
        for batch in bar:
            self.update(batch)
            bar.set_postfix_str(f"loss {self.history.loss[-1]:.3f}", refresh=False)
            done = early_stop is not None and self.is_done(early_stop)
            if checkpoint is not None and self.history.updates % checkpoint.every == 0:
                checkpoint.save(self.model, self.optimizer, self.history, self.state)
            if done:
                break

    def update(self, batch: Any) -> None:
        """Make one update."""
        start = time.perf_counter()
        with np.errstate(over="ignore", invalid="ignore"):
            loss = self.model.loss(batch, self._carried(batch), rng=self.rng)
            _check_loss(loss)
            self.remember()
            self.is_whole = False
            norm, step = self._step(loss.grads)
        self.state = loss.state if hasattr(batch, "is_first") else None
        history = self.history
        history.loss.append(float(loss.value))
        history.gradient_norm.append(norm)
        history.update_ratio.append(step / max(global_norm(self.good), 1e-300))
        history.seconds.append(time.perf_counter() - start)
        self.is_whole = True

    def _carried(self, batch: Any) -> Any:
        """Return the initial state of a batch."""
        if getattr(batch, "is_first", True):
            return None
        if self.state is None:
            raise ValueError(
                "batches must start with the first chunk of a sequence, got a later "
                "one; pass the state that resume returned"
            )
        return self.state

    def _step(self, grads: Grads) -> tuple[float, float]:
        """Move the parameters; return the norms of the gradient and of the step."""
        if self.clip_norm is None:
            norm = global_norm(grads)
        else:
            grads, norm = clip_by_norm(grads, self.clip_norm)
        if self.schedule is not None:
            factor = check_number(
                "the schedule's factor",
                self.schedule(self.history.updates),
                at_least=0,
            )
            self.optimizer.learning_rate = self.learning_rate * factor
        try:
            self.optimizer.update(self.params, grads)
        finally:
            self.optimizer.learning_rate = self.learning_rate
        check_params(self.params)
        for moment, arrays in self.optimizer.state.items():
            _check_all(f"the optimiser's {moment} of", arrays)
        moved = {name: self.params[name] - self.good[name] for name in self.good}
        return norm, global_norm(moved)

    def is_done(self, early_stop: EarlyStop) -> bool:
        """Score the model if it is time; return whether training is over."""
        updates = self.history.updates
        if updates % early_stop.every:
            return False
        score = check_number("the score", early_stop.score(self.model))
        self.history.metric.append((updates, score))
        if score > self.best[0]:
            self.best, self.misses = (score, _copy(self.params)), 0
        else:
            self.misses += 1
        if score >= early_stop.target:
            self.history.stopped = f"the score reached {score:g}"
        elif self.misses >= early_stop.patience:
            _put(self.best[1], self.params)
            self.history.stopped = f"no score was better than {self.best[0]:g}"
        return bool(self.history.stopped)

    def remember(self) -> None:
        """Keep a copy of what an update changes."""
        self.good = _copy(self.params)
        optimizer = self.optimizer
        self.moments = {name: _copy(arrays) for name, arrays in optimizer.state.items()}
        self.optimizer_updates = optimizer.updates
        self.made = self.history.updates
        self.is_whole = True

    def restore(self) -> None:
        """Put back the parameters and the optimiser of the last finite loss."""
        _put(self.good, self.params)
        self.optimizer.state = self.moments
        self.optimizer.updates = self.optimizer_updates

    def finish_or_undo(self) -> None:
        """Undo an update that was interrupted midway."""
        if self.is_whole:
            return
        self.restore()
        self.history.cut(self.made)

    def sentence(self, stop: Exception) -> str:
        """Return where a number was first not finite."""
        return (
            f"training stopped after {self.history.updates} updates: {stop}. The "
            "parameters are those of the last finite loss. If the data is finite, "
            "lower the learning rate or set clip_norm"
        )


def _check_arguments(
    model: Any,
    batches: Any,
    optimizer: Any,
    early_stop: Any,
    checkpoint: Any,
    rng: Any,
) -> None:
    check_kind("model", model, Model)
    check_kind("optimizer", optimizer, Optimizer)
    if not isinstance(batches, Iterable) or hasattr(batches, "_fields"):
        raise ValueError(
            "batches must be a list or a generator of batches, got "
            f"{kind_of(batches)}; for a single one, write [batch]"
        )
    if rng is not None:
        check_rng(rng)
    if early_stop is not None:
        check_kind("early_stop", early_stop, EarlyStop)
    if checkpoint is not None:
        check_function("checkpoint.save", getattr(checkpoint, "save", None))
        if rng is not None and rng is not checkpoint.rng:
            raise ValueError(
                "rng must be the one of the checkpoint, got a different one; a "
                "checkpoint saves one generator: draw batches and dropout from it"
            )


def _check_loss(loss: Loss) -> None:
    if not np.isfinite(loss.value):
        raise NotFiniteError(f"the loss must be finite, got {loss.value}")
    _check_all("the gradient of", loss.grads)


def _check_all(what: str, arrays: Params) -> None:
    for name, array in arrays.items():
        if not all_finite(array):
            raise NotFiniteError(f"{what} {name} must be finite, got NaN or infinity")


def _copy(params: Params) -> Params:
    return {name: array.copy() for name, array in params.items()}


def _put(kept: Params, params: Params) -> None:
    for name, array in params.items():
        array[...] = kept[name]


def _bar(batches: Iterable[Any], progress: bool) -> Any:
    from tqdm.auto import tqdm

    shown = check_flag("progress", progress)
    return tqdm(batches, disable=not shown, unit=" updates", leave=True)
