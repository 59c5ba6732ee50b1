"""The nets that lesson 13 opens, and how they are trained; the stored ones.

They compute in float64: Newton's method needs its digits. ``python -m
rnncourse.lesson_13.trials`` trains and stores them.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import numpy as np

from rnncourse.lesson_13.tasks import KEPT, REVIEWS, PausedReviews
from rnncourse.shared.recipe import train
from rnnlib.cells import GRUCell, RNNCell
from rnnlib.models import LanguageModel, Tagger
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import BracketLanguage, FlipFlop
from rnnlib.vocab import Vocabulary

__all__ = [
    "BITS",
    "BRACKETS",
    "FLIP_FLOPS",
    "RECIPES",
    "brackets",
    "flip_flop",
    "make",
    "reviews",
    "store",
    "trained_brackets",
    "trained_flip_flop",
    "trained_reviews",
]

FOLDER = Path(__file__).with_name("weights")
SEED = 0
BITS = (1, 2, 3)
FLIP_FLOPS = {K: FlipFlop(bits=K, steps=25) for K in BITS}
BRACKETS = BracketLanguage(40)
FLIP_FLOP_UNITS, BRACKET_UNITS = 16, 24
UPDATES = {"flip-flop": 400, "brackets": 600, "opinion": 300, "stars": 600}
REVIEW_UNITS = {"opinion": 16, "stars": 24}


def trained_flip_flop(bits: int, seed: int = SEED) -> Tagger:
    """Return a tanh RNN of 16 units that was trained to hold `bits` bits."""
    rng = np.random.default_rng(seed)
    layer = Recurrent(RNNCell(bits, FLIP_FLOP_UNITS, rng=rng))
    model = Tagger(layer, 2**bits, rng=rng)
    train(model, FLIP_FLOPS[bits], UPDATES["flip-flop"], rng=rng)
    return model


def trained_brackets(seed: int = SEED) -> LanguageModel:
    """Return a GRU of 24 units that was trained on the bracket language."""
    rng = np.random.default_rng(seed)
    V, vocabulary = len(BRACKETS.symbols), Vocabulary(BRACKETS.symbols)
    layer = Recurrent(GRUCell(V, BRACKET_UNITS, rng=rng))
    model = LanguageModel(layer, rng=rng, vocabulary=vocabulary)
    train(model, BRACKETS, UPDATES["brackets"], rng=rng)
    return model


def trained_reviews(kept: str = "opinion", seed: int = SEED) -> Tagger:
    """Return a GRU that was trained to read reviews, and to keep what they say.

    Parameters
    ----------
    kept : {"opinion", "stars"}
        16 units for the opinion, two classes; 24 for the stars, one number.
    """
    rng = np.random.default_rng(seed)
    layer = Recurrent(GRUCell(len(REVIEWS.symbols), REVIEW_UNITS[kept], rng=rng))
    if kept == "opinion":
        model = Tagger(layer, 2, rng=rng)
    else:
        model = Tagger(layer, None, rng=rng, loss="mean_squared_error")
    train(model, PausedReviews(kept), UPDATES[kept], rng=rng)
    return model


RECIPES: Mapping[str, Callable[..., Any]] = {
    **{f"flip_flop_{K}": partial(trained_flip_flop, K) for K in BITS},
    "brackets": trained_brackets,
    **{f"reviews_{kept}": partial(trained_reviews, kept) for kept in KEPT},
}


def make(name: str, seed: int = SEED) -> Any:
    """Return what a seed makes of one of RECIPES."""
    return RECIPES[name](seed=seed)


def store(name: str) -> None:
    """Train one of RECIPES anew, and store it."""
    save(FOLDER / f"{name}.npz", make(name))
    _stored.cache_clear()


def flip_flop(bits: int) -> Tagger:
    """Return the stored net that holds 1, 2 or 3 bits: a tanh RNN of 16 units."""
    return cast(Tagger, _stored(f"flip_flop_{bits}"))


def brackets() -> LanguageModel:
    """Return the stored language model of the brackets: a GRU of 24 units."""
    return cast(LanguageModel, _stored("brackets"))


def reviews(kept: str = "opinion") -> Tagger:
    """Return the stored reader of reviews, which answers at each step of the silence.

    Parameters
    ----------
    kept : {"opinion", "stars"}
        A GRU of 16 units that says whether a review is positive (class 1), or one of 24
        units that says how many more of up to four reviews are positive than negative.
    """
    return cast(Tagger, _stored(f"reviews_{kept}"))


@cache
def _stored(name: str) -> Any:
    return load(FOLDER / f"{name}.npz")
