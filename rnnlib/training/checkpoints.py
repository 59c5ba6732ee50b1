"""Checkpoints: everything training needs to continue as if never interrupted."""

import os
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnnlib._checks import (
    check_array,
    check_kind,
    check_rng,
    check_size,
)
from rnnlib._npz import (
    StorageError,
    check_path,
    look_into,
    read_arrays,
    under,
    write_arrays,
)
from rnnlib._typing import Array, Params, Rng
from rnnlib._words import plain
from rnnlib.models import Model
from rnnlib.optimizers import Optimizer
from rnnlib.self_attention.table import Table, check_table
from rnnlib.storage import FAULTS, check_fit
from rnnlib.training.history import History

__all__ = ["Checkpoint", "resume"]


@dataclass(frozen=True)
class Checkpoint:
    """Where and how often `fit` saves.

    Parameters
    ----------
    path : path
        Overwritten each time: the new file is written beside the old one and then
        renamed, so that an interruption leaves the old one intact.
    rng : numpy.random.Generator
        Draws the batches and serves dropout. Its state is saved, too.
    every : int
        Updates between two saves.
    """

    path: str | os.PathLike[str]
    rng: Rng
    every: int = 100

    def __post_init__(self) -> None:
        check_path(self.path)
        check_rng(self.rng)
        check_size("every", self.every)

    def save(
        self, model: Model, optimizer: Optimizer, history: History, state: Any
    ) -> None:
        """Write parameters, optimiser, generator, history and the carried state.

        Raises
        ------
        StorageError
            If the file cannot be written. The old one is then still there.
        """
        check_kind("model", model, Model)
        check_kind("optimizer", optimizer, Optimizer)
        check_kind("history", history, History)
        arrays = {f"param.{name}": array for name, array in model.params.items()}
        for moment, inner in optimizer.state.items():
            arrays |= {f"moment.{moment}.{name}": a for name, a in inner.items()}
        arrays |= {f"state.{k}": array for k, array in enumerate(_flat(state))}
        header = {
            "optimizer": type(optimizer).__name__,
            "updates": optimizer.updates,
            "rng": _as_lists(self.rng.bit_generator.state),
            "history": asdict(history),
        }
        write_arrays(self.path, "checkpoint", header, arrays)


def resume(
    path: str | os.PathLike[str], model: Model, optimizer: Optimizer, rng: Rng
) -> tuple[History, Any]:
    """Restore everything, and return the history and the carried state.

    Pass both to `fit`, with the remaining batches, drawn from `rng`. Training then
    continues bit for bit.

    Parameters
    ----------
    path : path
        The one given to the `Checkpoint`.
    model, optimizer
        Of the same kind and sizes as those saved. They are changed in place.
    rng : numpy.random.Generator
        Of the same kind; its state is changed.

    Raises
    ------
    StorageError
        If the file cannot be read, or belongs to another model, optimiser or
        generator. Nothing has been changed then.
    """
    check_kind("model", model, Model)
    check_kind("optimizer", optimizer, Optimizer)
    twin = deepcopy(check_rng(rng).bit_generator)
    header, forms = look_into(path, "checkpoint")
    try:
        _fitting(header, forms, model, optimizer)
        header, arrays = read_arrays(path, "checkpoint")
        params, moments, state = _fitting(header, arrays, model, optimizer)
        updates = check_size("updates", header["updates"], minimum=0)
        twin.state = header["rng"]
        history = _history(header["history"])
    except StorageError:
        raise
    except FAULTS as error:
        raise StorageError(
            f"{plain(path)} must be a checkpoint of this model, optimiser and "
            f"generator, got a different one ({error})"
        ) from error
    for name, array in model.params.items():
        array[...] = params[name]
    optimizer.updates, optimizer.state = updates, moments
    rng.bit_generator.state = twin.state
    return history, state


def _fitting(
    header: dict[str, Any],
    arrays: Mapping[str, Array],
    model: Model,
    optimizer: Optimizer,
) -> tuple[Params, dict[str, Params], Any]:
    """Return parameters, moments and state, if they are those of such a model."""
    params = under("param.", arrays)
    check_fit("params", params, model.params)
    if header["optimizer"] != type(optimizer).__name__:
        raise ValueError(f"the optimiser is {header['optimizer']}")
    moments = _moments(optimizer, arrays) if header["updates"] else {}
    for moment in moments.values():
        check_fit("moments", moment, model.params)
    leaves = [*under("state.", arrays).values()]
    if len(arrays) != len(params) * (1 + len(moments)) + len(leaves):
        raise ValueError("it holds more than a checkpoint")
    return params, moments, _nested(model, leaves)


def _moments(optimizer: Optimizer, arrays: Mapping[str, Array]) -> dict[str, Params]:
    return {moment: under(f"moment.{moment}.", arrays) for moment in optimizer.moments}


def _history(fields: dict[str, Any]) -> History:
    metric = [(int(n), float(score)) for n, score in fields["metric"]]
    saturation = [
        (int(n), float(saturated), float(dead))
        for n, saturated, dead in fields["saturation"]
    ]
    return History(**{**fields, "metric": metric, "saturation": saturation})


def _as_lists(value: Any) -> Any:
    """Return the state of a generator in a form that JSON can hold."""
    if isinstance(value, dict):
        return {name: _as_lists(inner) for name, inner in value.items()}
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _flat(state: Any) -> list[Array]:
    if state is None:
        return []
    if isinstance(state, tuple):
        return [array for part in state for array in _flat(part)]
    return [np.asarray(state)]


def _nested(model: Model, leaves: list[Array]) -> Any:
    """Return arrays as the state of the model's recurrent layer."""
    if not leaves:
        return None
    form = model.parts["recurrent"].initial_state(len(leaves[0]))
    remaining = iter(leaves)

    def filled(part: Any) -> Any:
        if isinstance(part, Table):  # it has grown since it was empty
            arrays = (next(remaining, None) for _ in part)
            return check_table("state", Table._make(arrays), part)
        if not isinstance(part, tuple):
            array = next(remaining, None)
            return check_array("state", array, part.shape, dtype=part.dtype)
        entries = [filled(entry) for entry in part]
        return type(part)(*entries) if hasattr(part, "_fields") else tuple(entries)

    return filled(form)
