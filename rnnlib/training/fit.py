"""Training: batches in, a trained model and its history out."""

import sys
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from rnnlib._checks import (
    NotFiniteError,
    check_flag,
    check_kind,
    check_rng,
)
from rnnlib._words import kind_of
from rnnlib.models import Model
from rnnlib.optimizers import Optimizer
from rnnlib.training import threads
from rnnlib.training._run import Run, SupportsSave
from rnnlib.training.history import EarlyStop, History
from rnnlib.training.schedules import Schedule

__all__ = ["TrainingWarning", "fit"]


class TrainingWarning(UserWarning):
    """Training has stopped early because a number was not finite."""


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
    watch: int | None = None,
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

    With an `EarlyStop` the model has the parameters of the best score in the end,
    however training ends. If the batches do, the last parameters are scored as well.

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
        Draws what is dropped, and what is fed in scheduled sampling; a model that does
        neither needs none. A checkpoint has its own, which is the one to use.
    early_stop : EarlyStop, optional
    checkpoint : Checkpoint, optional
        Where and how often to save; `resume` continues from there.
    history, state : optional
        Those of an earlier run, as `resume` returned them.
    watch : int, optional
        Updates between two looks at the states, one more forward pass each: which
        share of them is saturated, and which share of the units dead, goes into the
        history. The model needs a `recurrent` layer with one cell.
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
        If an argument or a batch is not as described, there is no batch, or the model
        needs an `rng`.

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
    if rng is None and checkpoint is not None:
        rng = checkpoint.rng
    history = History() if history is None else check_kind("history", history, History)
    run = Run(model, optimizer, history, state, clip_norm, schedule, rng, watch)
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
        run.put_back_best()
    if not run.history.updates and not run.history.stopped:
        raise ValueError("batches must hold at least one batch, got none")
    return run.history


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
        if not callable(getattr(checkpoint, "save", None)):
            raise ValueError(
                f"checkpoint must be a Checkpoint, got {kind_of(checkpoint)}; "
                "write Checkpoint(path, rng)"
            )
        if rng is not None and rng is not checkpoint.rng:
            raise ValueError(
                "rng must be the one of the checkpoint, got a different one; a "
                "checkpoint saves one generator: draw batches and dropout from it"
            )


def _bar(batches: Iterable[Any], progress: bool) -> Any:
    from tqdm.auto import tqdm

    shown = check_flag("progress", progress)
    if sys.platform == "emscripten":
        tqdm.monitor_interval = 0  # a browser tab has no thread for it
    return tqdm(batches, disable=not shown, unit=" updates", leave=True)
