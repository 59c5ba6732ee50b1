"""One run of training: its updates, its scores, and what is put back in the end."""

import math
import time
from typing import Any, Protocol

import numpy as np

from rnnlib._checks import (
    NotFiniteError,
    check_function,
    check_kind,
    check_number,
    check_size,
)
from rnnlib._nesting import check_params
from rnnlib._norms import all_finite
from rnnlib._typing import Grads, Params, Rng
from rnnlib.diagnostics import run_saturation
from rnnlib.models import Loss, Model
from rnnlib.optimizers import Optimizer, clip_by_norm, global_norm
from rnnlib.recurrent import Recurrent
from rnnlib.training.history import EarlyStop, History
from rnnlib.training.schedules import Schedule

__all__ = ["Run", "SupportsSave"]

OF_TRAINING = "If the data is finite, lower the learning rate or set clip_norm"
OF_SCORE = "Look at the score of early_stop, and at the data that it reads"
OF_SCHEDULE = "Look at the schedule"


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


class Run:
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
        watch: int | None = None,
    ) -> None:
        self.model, self.optimizer, self.history = model, optimizer, history
        self.state, self.rng, self.schedule = state, rng, schedule
        self.clip_norm, self.watch = clip_norm, watch
        if watch is not None:
            check_size("watch", watch)
            layer = model.parts.get("recurrent")
            fix = "only that has states of a single cell to watch"
            check_kind("the model's recurrent layer", layer, Recurrent, fix)
        if clip_norm is not None:
            check_number("clip_norm", clip_norm, above=0)
        if schedule is not None:
            check_function("schedule", schedule)
        history.stopped = ""
        self.params = model.params
        self.remember()
        self.best: tuple[float, Params] = (-math.inf, self.good)
        self.misses, self.scored_at = 0, history.updates
        self.advice = OF_TRAINING

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
                return
        if early_stop is not None and self.history.updates > self.scored_at:
            self.score(early_stop)

    def update(self, batch: Any) -> None:
        """Make one update."""
        start = time.perf_counter()
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            initial_state = self._carried(batch)
            loss = self.model.loss(batch, initial_state, rng=self.rng)
            _check_loss(loss)
            self.remember()
            self.is_whole = False
            norm, step = self._step(loss.grads)
        self.state = loss.state if hasattr(batch, "is_first") else None
        history = self.history
        history.loss.append(float(loss.value))
        history.gradient_norm.append(norm)
        history.kept.append(min(1.0, (self.clip_norm or math.inf) / max(norm, 1e-300)))
        history.update_ratio.append(step / max(global_norm(self.good), 1e-300))
        history.seconds.append(time.perf_counter() - start)
        if self.watch is not None and history.updates % self.watch == 0:
            shares = self._look(batch, initial_state)
            history.saturation.append((history.updates, *shares))
        self.is_whole = True

    def _look(self, batch: Any, state: Any) -> tuple[float, float]:
        """Return the saturated and the dead share of the states on a batch."""
        layer = self.model.parts["recurrent"]
        _, _, cache = layer.forward(batch.inputs, state, batch.input_mask)
        return run_saturation(layer.cell, cache)

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
        check_number("the norm of the gradient", norm)
        self.optimizer.update(self.params, grads, factor=self._factor())
        check_params(self.params)
        for moment, arrays in self.optimizer.state.items():
            _check_all(f"the optimiser's {moment} of", arrays)
        moved = {name: self.params[name] - self.good[name] for name in self.good}
        return norm, global_norm(moved)

    def _factor(self) -> float:
        """Return the factor of the learning rate."""
        if self.schedule is None:
            return 1.0
        self.advice = OF_SCHEDULE
        factor = self.schedule(self.history.updates)
        factor = check_number("the schedule's factor", factor, at_least=0)
        self.advice = OF_TRAINING
        return factor

    def is_done(self, early_stop: EarlyStop) -> bool:
        """Score the model if it is time; return whether training is over."""
        if self.history.updates % early_stop.every:
            return False
        score = self.score(early_stop)
        if score >= early_stop.target:
            self.history.stopped = f"the score reached {score:g}"
        elif self.misses >= early_stop.patience:
            self.history.stopped = f"no score was better than {self.best[0]:g}"
        return bool(self.history.stopped)

    def score(self, early_stop: EarlyStop) -> float:
        """Score the model, and keep its parameters if they are the best so far."""
        self.remember()
        self.advice = OF_SCORE
        score = check_number("the score", early_stop.score(self.model))
        self.advice = OF_TRAINING
        self.scored_at = self.history.updates
        self.history.metric.append((self.scored_at, score))
        if score > self.best[0]:
            self.best, self.misses = (score, self.good), 0
        else:
            self.misses += 1
        return score

    def put_back_best(self) -> None:
        """Put back the parameters of the best score, if there was one."""
        if self.best[0] > -math.inf:
            _put(self.best[1], self.params)

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
        """Return the warning, which says where a number was first not finite."""
        kept = "best score" if self.best[0] > -math.inf else "last finite loss"
        made = self.history.updates
        return (
            f"training stopped after {made} update{'s' * (made != 1)}: {stop}. The "
            f"parameters are those of the {kept}. {self.advice}"
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
