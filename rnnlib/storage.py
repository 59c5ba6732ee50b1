"""Saving and loading: models and checkpoints as `.npz` files, without pickle.

A file holds the parameters, and a description of the model from which it is built anew.
It is written beside its place and renamed, so that a crash leaves the old file whole.
"""

import inspect
import json
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnlib._checks import check_kind
from rnnlib._files import replacing
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._typing import Array, Params
from rnnlib._words import shown
from rnnlib.attention import AdditiveAttention, DotAttention
from rnnlib.cells import (
    CoupledLSTMCell,
    CoupledPeepholeLSTMCell,
    GRUCell,
    LSTMCell,
    PeepholeLSTMCell,
    RNNCell,
)
from rnnlib.layers import Dropout, Embedding
from rnnlib.models import (
    Classifier,
    LanguageModel,
    Model,
    SequenceClassifier,
    Tagger,
)
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Bidirectional, Recurrent, Stacked
from rnnlib.vocab import Vocabulary

__all__ = ["StorageError", "load", "read_arrays", "save", "write_arrays"]

FORMAT, READS = 2, (1, 2)  # what is written, and what can be read


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
    text = json.dumps({"rnnlib": FORMAT, "kind": kind, **header})
    named: dict[str, Any] = {"header": np.array(text), **arrays}
    try:
        with replacing(check_path(path)) as file:
            np.savez(file, allow_pickle=False, **named)
    except OSError as error:
        raise StorageError(
            f"{path} must be a place where a file can be written, got the answer "
            f"{error.strerror!r}; nothing was changed"
        ) from error


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
    if version not in READS:
        raise StorageError(
            f"{path} must be of format {FORMAT}, got {shown(version)}; "
            "it needs another version of rnnlib"
        )
    if found != kind:
        raise StorageError(f"{path} must hold a {kind}, got a {found}")
    return header, arrays


def under(prefix: str, arrays: Mapping[str, Array]) -> Params:
    """Return the arrays that start with `prefix`, with the prefix removed."""
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
    """Return of what class a model or layer is, and its config, in terms of JSON."""
    name = type(thing).__name__
    if KINDS.get(name) is not type(thing):
        raise ValueError(f"model must be made of {', '.join(KINDS)}, got {name}")
    return {"kind": name, **{key: _plain(v) for key, v in thing.config().items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return describe(value) if hasattr(value, "config") else value


def build(description: Mapping[str, Any]) -> Any:
    """Return a new model or layer of that description; its weights are to be set."""
    options = {name: _built(value) for name, value in description.items()}
    kind, options = _renewed(options.pop("kind"), options)
    if "rng" in inspect.signature(kind).parameters:
        options["rng"] = np.random.default_rng(0)
    return kind(**options)


def _built(value: Any) -> Any:
    if isinstance(value, dict):
        return build(value)
    return [_built(entry) for entry in value] if isinstance(value, list) else value


def _renewed(name: str, options: dict[str, Any]) -> tuple[type[Any], dict[str, Any]]:
    """Return the class of that name and its options, in an older file, too.

    In format 1 a conditional language model was a `Generator`, and the variants of the
    LSTM were options of the one class.
    """
    if name == "LSTMCell":
        peephole, coupled = (options.pop(key, False) for key in ("peephole", "coupled"))
        name = f"{'Coupled' * coupled}{'Peephole' * peephole}LSTMCell"
    return KINDS[{"Generator": "ConditionalLanguageModel"}.get(name, name)], options


KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(RNNCell, LSTMCell, GRUCell),
        *(PeepholeLSTMCell, CoupledLSTMCell, CoupledPeepholeLSTMCell),
        *(Recurrent, Bidirectional, Stacked, Embedding, Dropout),
        *(DotAttention, AdditiveAttention, Vocabulary),
        *(Classifier, SequenceClassifier, Tagger, LanguageModel),
        *(ConditionalLanguageModel, Seq2Seq),
    )
}


def _check_sizes(description: Any, params: Mapping[str, Array]) -> None:
    """Raise if a size matches no stored array, before memory is asked for it."""
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
        raise ValueError(f"path must be the name of a file, got {shown(path)}")
    return str(os.fspath(path))
