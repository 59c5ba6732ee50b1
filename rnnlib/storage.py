"""Saving and loading: models and checkpoints as `.npz` files, without pickle.

A file holds the parameters, and a description of the model from which it is built anew.
It is written beside its place and renamed, so that a crash leaves the old file whole.
"""

import inspect
import os
from collections.abc import Callable, Mapping
from math import inf
from typing import Any

import numpy as np

from rnnlib._checks import check_kind
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._npz import (
    StorageError,
    look_into,
    read_arrays,
    under,
    write_arrays,
)
from rnnlib._typing import Params
from rnnlib._words import plain
from rnnlib.attention import AdditiveAttention, DotAttention
from rnnlib.cells import (
    CoupledLSTMCell,
    CoupledPeepholeLSTMCell,
    GRUCell,
    LSTMCell,
    MinGRUCell,
    MinLSTMCell,
    NoForgetGateLSTMCell,
    NoInputGateLSTMCell,
    NoOutputGateLSTMCell,
    NoOutputTanhLSTMCell,
    PeepholeLSTMCell,
    RNNCell,
)
from rnnlib.fast_weights import FastWeights
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
from rnnlib.recurrent import Bidirectional, Recurrent, Scanned, Stacked
from rnnlib.self_attention import SelfAttention
from rnnlib.vocab import Vocabulary

__all__ = [
    "StorageError",
    "load",
    "look_into",
    "read_arrays",
    "save",
    "write_arrays",
]

# What a description that is wrong can make the classes raise.
FAULTS = (
    *(ValueError, KeyError, TypeError, AttributeError),
    *(RecursionError, OverflowError, MemoryError),
)


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
    header, forms = look_into(path, "model")
    try:
        expected = under("param.", forms)
        if len(expected) < len(forms):
            raise ValueError("it holds more than parameters")
        stored = sum(array.size for array in expected.values())
        model: Model = check_kind("it", build(header["model"], stored), Model)
        check_fit("it", expected, model.params)
        params = under("param.", read_arrays(path, "model")[1])
        check_fit("it", params, model.params)
    except StorageError:
        raise
    except FAULTS as error:
        raise StorageError(
            f"{plain(path)} must hold a whole model, got one that cannot be built "
            f"({error}); save it again"
        ) from error
    for name, array in model.params.items():
        array[...] = params[name]
    return model


def check_fit(name: str, found: Params, params: Params) -> None:
    """Raise unless `found` can take the place of `params`."""
    check_same_keys(name, found, params)
    check_params(found)
    for key, array in params.items():
        if found[key].dtype != array.dtype:
            raise ValueError(f"{name}[{key!r}] must have dtype {array.dtype}")


def describe(thing: Any, where: str = "model") -> dict[str, Any]:
    """Return the class of a model or layer and its config, in terms of JSON."""
    name = type(thing).__name__
    if KINDS.get(name) is not type(thing):
        raise ValueError(
            f"{where} must be of a class that rnnlib can build again, got {name}, "
            "which it does not know; keep its arrays by np.savez(path, **model.params)"
        )
    config = {key: _in_json(v, f"{where}.{key}") for key, v in thing.config().items()}
    return {"kind": name, **config}


def _in_json(value: Any, where: str) -> Any:
    if isinstance(value, list | tuple):
        return [_in_json(entry, f"{where}[{k}]") for k, entry in enumerate(value)]
    return describe(value, where) if hasattr(value, "config") else value


def build(description: Mapping[str, Any], stored: float = inf) -> Any:
    """Return a new model or layer of that description; its weights are yet to be set.

    None of its weights has more than `stored` entries.
    """
    options = {name: _built(value, stored) for name, value in description.items()}
    kind, options = _renewed(options.pop("kind"), options)
    if LARGEST_WEIGHT.get(kind, _no_weight)(options) > stored:
        raise ValueError(f"a {kind.__name__} has more weights than are stored")
    if "rng" in inspect.signature(kind).parameters:
        options["rng"] = np.random.default_rng(0)
    return kind(**options)


def _built(value: Any, stored: float) -> Any:
    if isinstance(value, dict):
        return build(value, stored)
    if isinstance(value, list):
        return [_built(entry, stored) for entry in value]
    return value


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
        *(NoInputGateLSTMCell, NoForgetGateLSTMCell),
        *(NoOutputGateLSTMCell, NoOutputTanhLSTMCell),
        *(MinGRUCell, MinLSTMCell),
        *(Recurrent, Scanned, Bidirectional, Stacked, Embedding, Dropout),
        *(DotAttention, AdditiveAttention, FastWeights, SelfAttention, Vocabulary),
        *(Classifier, SequenceClassifier, Tagger, LanguageModel),
        *(ConditionalLanguageModel, Seq2Seq),
    )
}


def _of_a_cell(options: dict[str, Any]) -> Any:
    return options["hidden_size"] * max(options["hidden_size"], options["input_size"])


def _of_a_minimal_cell(options: dict[str, Any]) -> Any:
    return options["hidden_size"] * options["input_size"]  # there is no W_hh


def _of_an_output(options: dict[str, Any]) -> Any:
    return options["layer"].output_size * (options["output_size"] or 1)


def _of_a_writer(options: dict[str, Any]) -> Any:
    writer = options.get("layer") or options["decoder"]
    condition = options.get("condition_size", 0) * writer.hidden_size
    return max(writer.output_size * writer.input_size, condition)


def _no_weight(options: dict[str, Any]) -> Any:
    return 0


# At least how many entries the largest weight of each kind has, apart from those of its
# parts: a description is measured by it before memory is asked for.
LARGEST_WEIGHT: dict[type[Any], Callable[[dict[str, Any]], Any]] = {
    **{kind: _of_a_cell for name, kind in KINDS.items() if name.endswith("Cell")},
    MinGRUCell: _of_a_minimal_cell,
    MinLSTMCell: _of_a_minimal_cell,
    FastWeights: lambda options: (
        options["input_size"] * max(options["key_size"], options["value_size"])
    ),
    SelfAttention: _of_a_cell,
    Embedding: lambda options: options["vocab_size"] * options["embedding_size"],
    AdditiveAttention: lambda options: (
        options["attention_size"] * max(options["query_size"], options["key_size"])
    ),
    Classifier: lambda options: (
        options["hidden_size"] * max(options["input_size"], options["classes"])
    ),
    SequenceClassifier: _of_an_output,
    Tagger: _of_an_output,
    LanguageModel: _of_a_writer,
    ConditionalLanguageModel: _of_a_writer,
    Seq2Seq: _of_a_writer,
}
