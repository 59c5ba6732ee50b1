"""The language models of lesson 07: how they are trained, and the stored ones.

``python -m rnncourse.lesson_07.nets`` trains all of them anew and stores them; it takes
about a minute. Names after it choose some of them.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnnlib._typing import Array, Rng
from rnnlib.batches import Batch, batchify, chunks
from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.decoding import generate
from rnnlib.metrics import bits_per_character
from rnnlib.models import LanguageModel
from rnnlib.ngrams import NGramModel
from rnnlib.optimizers import Adam
from rnnlib.recurrent import Recurrent
from rnnlib.sampling import sample
from rnnlib.storage import load, save
from rnnlib.tasks import END, PAD, START, BracketLanguage, Names, Tunes
from rnnlib.training import fit
from rnnlib.vocab import Vocabulary

__all__ = [
    "BRACKETS",
    "CELLS",
    "MINERALS",
    "RECIPES",
    "TUNES",
    "bits",
    "bracket_net",
    "counted",
    "language_model",
    "made_names",
    "name_net",
    "number_net",
    "numbers_text",
    "stored",
    "whole",
]

FOLDER = Path(__file__).with_name("weights")
SEED = 0
BRACKETS, MINERALS, DINOSAURS = (
    BracketLanguage(40),
    Names("minerals"),
    Names("dinosaurs"),
)
TUNES = Tunes()
CELLS = {"RNN": RNNCell, "GRU": GRUCell, "LSTM": LSTMCell}
NAME_UNITS, BRACKET_UNITS, NUMBER_UNITS, TUNE_UNITS = 48, 32, 32, 48
BRACKET_UPDATES = 500


def language_model(
    symbols: tuple[str, ...], hidden: int, *, rng: Rng, cell: str = "LSTM"
) -> LanguageModel:
    """Return an untrained language model over some symbols."""
    made = CELLS[cell](len(symbols), hidden, rng=rng, dtype=np.float32)
    vocabulary = Vocabulary(symbols)
    return LanguageModel(Recurrent(made), rng=rng, vocabulary=vocabulary)


def bits(model: Any, batch: Batch) -> float:
    """Return the loss of a model, or of a counting one, in bits per symbol."""
    if isinstance(model, NGramModel):
        return bits_per_character(model.loss(batch))
    return bits_per_character(float(model.loss(batch, gradients=False).value))


def whole(task: Names, split: str = "train") -> Batch:
    """Return all names of a set, in one batch."""
    return task.batch(task.names(split))


@cache
def counted(task: Names, order: int) -> NGramModel:
    """Return what counting in the training names gives."""
    batch = whole(task)
    lengths = np.asarray(batch.mask).sum(axis=0)
    names = zip(batch.targets.T, lengths, strict=True)
    text = np.concatenate([[START, *name[:length]] for name, length in names])
    return NGramModel(text, order, len(task.symbols))


def made_names(
    model: Any, count: int, *, rng: Rng, temperature: float = 1.0, longest: int = 25
) -> list[str]:
    """Return names that a model has made, each up to its END."""
    prompt = np.full((1, count), START)

    def choose(scores: Array) -> Array:
        return sample(letters_only(scores), rng=rng, temperature=temperature)

    tokens = generate(model, longest, prompt=prompt, end=END, choose=choose)
    symbols = model.vocabulary.symbols
    return [
        "".join(symbols[token] for token in column if token != END)
        for column in tokens.T
    ]


def letters_only(scores: Array) -> Array:
    """Return scores by which neither PAD nor START can come."""
    scores = scores.copy()
    scores[..., [PAD, START]] = -np.inf
    return scores


def name_net(task: Names, updates: int, seed: int = SEED) -> LanguageModel:
    """Return a model that was trained on names."""
    rng = np.random.default_rng(seed)
    model = language_model(task.symbols, NAME_UNITS, rng=rng)
    recipe.train(model, task, updates, rng=rng, decay=False)
    return model


def bracket_net(
    cell: str = "LSTM", hidden: int = BRACKET_UNITS, seed: int = SEED
) -> LanguageModel:
    """Return a model that was trained on the bracket language."""
    rng = np.random.default_rng(seed)
    model = language_model(BRACKETS.symbols, hidden, rng=rng, cell=cell)
    recipe.train(model, BRACKETS, BRACKET_UPDATES, rng=rng)
    return model


def tune_net(updates: int, seed: int = SEED) -> LanguageModel:
    """Return a model that was trained on tunes."""
    rng = np.random.default_rng(seed)
    model = language_model(TUNES.symbols, TUNE_UNITS, rng=rng)
    recipe.train(model, TUNES, updates, rng=rng, decay=False, batch_size=20)
    return model


def numbers_text(count: int, *, rng: Rng) -> str:
    """Return the words of numbers that are drawn at random, one after the other."""
    words = Names("numbers").names()
    return "".join(f"{words[n]}, " for n in rng.integers(0, len(words), size=count))


def number_net(seed: int = SEED) -> LanguageModel:
    """Return a model that has read a long text of numbers, its state carried on."""
    rng = np.random.default_rng(seed)
    text = numbers_text(12000, rng=rng)
    symbols = tuple(sorted(set(text)))
    model = language_model(symbols, NUMBER_UNITS, rng=rng)
    tokens = Vocabulary(symbols).encode(text)
    pieces: Iterator[Any] = chunks(batchify(tokens, 32), 32)
    fit(model, pieces, Adam(0.01), clip_norm=1.0, progress=False)
    return model


@dataclass(frozen=True)
class Recipe:
    """How a stored model is made, and what it is asked in the end."""

    train: Callable[[], LanguageModel]
    task: Any


RECIPES = {
    "minerals, 50 updates": Recipe(lambda: name_net(MINERALS, 50), MINERALS),
    "minerals, 150 updates": Recipe(lambda: name_net(MINERALS, 150), MINERALS),
    "minerals, 800 updates": Recipe(lambda: name_net(MINERALS, 800), MINERALS),
    "dinosaurs, 150 updates": Recipe(lambda: name_net(DINOSAURS, 150), DINOSAURS),
    "brackets": Recipe(bracket_net, BRACKETS),
    "numbers": Recipe(number_net, None),
    "tunes, 75 updates": Recipe(lambda: tune_net(75), TUNES),
    "tunes, 400 updates": Recipe(lambda: tune_net(400), TUNES),
}


def held_out(name: str) -> Batch:
    """Return what the model of a recipe is asked in the end, never seen in training."""
    task, rng = RECIPES[name].task, np.random.default_rng(1)
    if task is None:
        text = numbers_text(400, rng=rng)
        return batchify(stored(name).vocabulary.encode(text), 8)
    if isinstance(task, Names):
        return whole(task, "held_out")
    batch: Batch = task.sample(200, rng=rng, split="held_out")
    return batch


@cache
def stored(name: str) -> Any:
    """Return a stored model."""
    return load(_place(name))


def _place(name: str) -> Path:
    return FOLDER / f"{name.replace(', ', '_').replace(' ', '_')}.npz"


def main() -> None:
    """Train the models that are named, or all of them, and store them."""
    for name in sys.argv[1:] or RECIPES:
        save(_place(name), RECIPES[name].train())
        stored.cache_clear()
        print(f"{name}: {bits(stored(name), held_out(name)):.3f} bits per symbol")


if __name__ == "__main__":
    main()
