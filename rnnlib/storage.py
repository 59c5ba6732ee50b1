"""Saving and loading: models and checkpoints as `.npz` files, without pickle.

A file holds the parameters, and a description of the model from which it is built anew.
It is written beside its place and renamed, so that a crash leaves the old file whole.
"""

import inspect
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from rnnlib._checks import check_kind, check_params, check_same_keys
from rnnlib._typing import Array, Params
from rnnlib.attention import AdditiveAttention, DotAttention
from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.models import (
    Classifier,
    LanguageModel,
    Model,
    SequenceClassifier,
    Tagger,
)
from rnnlib.models.conditional import Generator
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Bidirectional, Recurrent, Stacked

__all__ = ["StorageError", "load", "read_arrays", "save", "write_arrays"]

FORMAT = 1


class StorageError(ValueError):
    """A file that is not what it should be; nothing has been changed."""


def save(path: str | os.PathLike[str], model: Model) -> None:
    """Write a model to a file, all of it or nothing.

    Parameters
    ----------
    path : path
        Taken as it is; by custom it ends in `.npz`.
    model : Model

    Raises
    ------
    ValueError
        If `model` is of an unknown kind, or a parameter is not finite.
    StorageError
        If the file cannot be written. What was there before is still there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from rnnlib.models import Classifier
    >>> model = Classifier(4, 8, 3, rng=np.random.default_rng(0))
    >>> with TemporaryDirectory() as folder:
    ...     save(f"{folder}/model.npz", model)
    ...     twin = load(f"{folder}/model.npz")
    >>> bool((twin.params["output.W_hy"] == model.params["output.W_hy"]).all())
    True
    """
    description = describe(check_kind("model", model, Model))
    check_params(model.params)
    arrays = {f"param.{name}": array for name, array in model.params.items()}
    write_arrays(path, "model", {"model": description}, arrays)


def load(path: str | os.PathLike[str]) -> Model:
    """Return the model that `save` wrote.

    Raises
    ------
    StorageError
        If the file is missing, truncated, of another program, changed, or written by a
        newer version.
    """
    header, arrays = read_arrays(path, "model")
    try:
        params = under("param.", arrays)
        if len(params) < len(arrays):
            raise ValueError("it holds more than parameters")
        _check_sizes(header["model"], params)
        model: Model = check_kind("it", build(header["model"]), Model)
        check_fit("it", params, model.params)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StorageError(
            f"{path} must hold a whole model, got one that cannot be built "
            f"({error}); save it again"
        ) from error
    for name, array in model.params.items():
        array[...] = params[name]
    return model


def write_arrays(
    path: str | os.PathLike[str],
    kind: str,
    header: Mapping[str, Any],
    arrays: Mapping[str, Array],
) -> None:
    """Write arrays and a header that JSON can hold; beside the place, then renamed.

    Raises
    ------
    StorageError
        If the file cannot be written. What was there before is still there.
    """
    folder, name = os.path.split(check_path(path))
    beside = os.path.join(folder, f".{name}.{os.getpid()}")
    text = json.dumps({"rnnlib": FORMAT, "kind": kind, **header})
    try:
        with open(beside, "wb") as file:
            named: dict[str, Any] = {"header": np.array(text), **arrays}
            np.savez(file, allow_pickle=False, **named)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise StorageError(
            f"{path} must be a place where a file can be written, got the answer "
            f"{error.strerror!r}; nothing was changed"
        ) from error
    finally:
        with suppress(OSError):
            os.unlink(beside)


def read_arrays(
    path: str | os.PathLike[str], kind: str
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the header and the arrays that `write_arrays` wrote.

    Raises
    ------
    StorageError
        If the file is not one that `write_arrays` wrote, of that kind.
    """
    place = check_path(path)
    if not os.path.isfile(place):
        found = "a folder" if os.path.isdir(place) else "none there"
        raise StorageError(f"{path} must be a file, got {found}")
    try:
        with open(place, "rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        header = json.loads(str(arrays.pop("header")))
        version, found = header["rnnlib"], header.get("kind")
    except Exception as error:  # a foreign file can make numpy raise anything
        raise StorageError(
            f"{path} must be a whole file that rnnlib wrote, got one that cannot be "
            "read; it may be truncated, or of another program"
        ) from error
    if version != FORMAT:
        raise StorageError(
            f"{path} must be of format {FORMAT}, got {version!r}; "
            "it needs another version of rnnlib"
        )
    if found != kind:
        raise StorageError(f"{path} must hold a {kind}, got a {found}")
    return header, arrays


def under(prefix: str, arrays: Mapping[str, Array]) -> Params:
    """Return the arrays whose names begin so, without that."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def check_fit(name: str, found: Params, params: Params) -> None:
    """Raise unless `found` can take the place of `params`."""
    check_same_keys(name, found, params)
    check_params(found)
    for key, array in params.items():
        if found[key].dtype != array.dtype:
            raise ValueError(f"{name}[{key!r}] must have dtype {array.dtype}")


def describe(thing: Any) -> dict[str, Any]:
    """Return of what kind a model or layer is, and with which options it was made."""
    if type(thing) not in OPTIONS:
        raise ValueError(
            f"model must be made of {', '.join(KINDS)}, got {type(thing).__name__}"
        )
    return {"kind": type(thing).__name__, **OPTIONS[type(thing)](thing)}


def build(description: Mapping[str, Any]) -> Any:
    """Return a new model or layer of that description; its weights are to be set."""
    options = {name: _built(value) for name, value in description.items()}
    kind = KINDS[options.pop("kind")]
    if "rng" in inspect.signature(kind).parameters:
        options["rng"] = np.random.default_rng(0)
    return kind(**options)


def _built(value: Any) -> Any:
    if isinstance(value, dict):
        return build(value)
    return [_built(entry) for entry in value] if isinstance(value, list) else value


def _sizes(cell: Any) -> dict[str, Any]:
    return {
        "input_size": cell.input_size,
        "hidden_size": cell.hidden_size,
        "dtype": cell.dtype.name,
    }


def _scored(model: Any) -> dict[str, Any]:
    return {
        "layer": describe(model.parts["recurrent"]),
        "output_size": model.parts["output"].output_size,
        "loss": model.loss_name,
        "dropout": model.dropout.rate,
    }


OPTIONS: dict[type[Any], Callable[[Any], dict[str, Any]]] = {
    RNNCell: lambda cell: {**_sizes(cell), "activation": cell.activation.name},
    LSTMCell: lambda cell: {
        **_sizes(cell),
        "peephole": cell.peephole,
        "coupled": cell.coupled,
    },
    GRUCell: lambda cell: {
        **_sizes(cell),
        "reset": "after" if cell.reset_after else "before",
        "z_writes": cell.z_writes,
    },
    Recurrent: lambda layer: {
        "cell": describe(layer.cell),
        "learn_initial_state": bool(layer.start),
    },
    Bidirectional: lambda layer: {
        "left_to_right": describe(layer.layers[0].cell),
        "right_to_left": describe(layer.layers[1].cell),
        "learn_initial_state": bool(layer.layers[0].start),
    },
    Stacked: lambda layer: {"layers": [describe(inner) for inner in layer.layers]},
    DotAttention: lambda attention: {"scaled": attention.scaled},
    AdditiveAttention: lambda attention: {
        "query_size": attention.params["W_qa"].shape[0],
        "key_size": attention.params["W_ka"].shape[0],
        "attention_size": attention.params["v_a"].shape[0],
        "dtype": attention.params["v_a"].dtype.name,
    },
    Classifier: lambda model: {
        "input_size": model.parts["hidden"].input_size,
        "hidden_size": model.parts["hidden"].output_size,
        "classes": model.parts["output"].output_size,
        "dtype": model.parts["output"].dtype.name,
    },
    SequenceClassifier: lambda model: {**_scored(model), "pool": model.pool},
    Tagger: _scored,
    LanguageModel: lambda model: {
        "layer": describe(model.parts["recurrent"]),
        "dropout": model.dropout.rate,
    },
    Generator: lambda model: {
        "condition_size": model.parts["condition"].input_size,
        "layer": describe(model.parts["recurrent"]),
        "start": model.start_token,
        "end": model.end_token,
        "dropout": model.dropout.rate,
    },
    Seq2Seq: lambda model: {
        "encoder": describe(model.parts["encoder"]),
        "decoder": describe(model.parts["decoder"]),
        "teacher_forcing": model.teacher_forcing,
        "start": model.start_token,
        "end": model.end_token,
        **(
            {"attention": describe(model.parts["attention"])}
            if "attention" in model.parts
            else {}
        ),
    },
}
KINDS = {kind.__name__: kind for kind in OPTIONS}


def _check_sizes(description: Any, params: Mapping[str, Array]) -> None:
    """Raise if a size is of no array, before memory is asked for it."""
    largest = max(
        (size for array in params.values() for size in array.shape), default=0
    )
    for value in _leaves(description):
        if isinstance(value, int) and value > largest:
            raise ValueError(f"no array is of size {value}")


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for part in inner for leaf in _leaves(part)]
    return [value]


def check_path(path: Any) -> str:
    """Return `path` if it can be the name of a file."""
    if not isinstance(path, str | os.PathLike):
        raise ValueError(f"path must be the name of a file, got {path!r}")
    return str(os.fspath(path))
