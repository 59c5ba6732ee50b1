"""The encoders and decoders of lesson 11: one recipe, and several ways to look.

``python -m rnncourse.lesson_11.nets`` trains those that the explorers open with and
stores them; it takes about a minute.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from rnncourse.shared import translators
from rnncourse.shared.recipe import train
from rnncourse.shared.translators import TASKS
from rnnlib import init
from rnnlib._products import product, weight_gradient
from rnnlib._typing import Array, Grads, Rng
from rnnlib.attention import (
    AdditiveAttention,
    Attention,
    AttentionCache,
    DotAttention,
)
from rnnlib.cells import GRUCell
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import PairTask

__all__ = [
    "LOOKS",
    "RECIPES",
    "STORED",
    "BlindAttention",
    "Recipe",
    "stored",
    "trained",
]

WEIGHTS = Path(__file__).with_name("weights")
SEED = 0


class Recipe(NamedTuple):
    """A task of `rnncourse.shared.translators`, and how long a net is trained on it."""

    task: str
    hidden_size: int
    updates: int


RECIPES = {
    "reversal, up to 8": Recipe("reversal", 32, 800),
    "reversal, up to 12": Recipe("long reversal", 32, 800),
    "french": Recipe("french", 48, 600),
    "dates": Recipe("dates", 64, 500),
}


class BlindAttention(Attention):
    """Score places, not keys: the weights depend on the query and on nothing else.

    scores[t, b, s] = queries[t, b] @ W_qs[:, s]
    """

    def __init__(self, query_size: int, places: int, *, rng: Rng) -> None:
        shape = query_size, places
        super().__init__({"W_qs": init.glorot(shape, rng=rng, dtype=np.float32)})

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an attention of the same kind."""
        query_size, places = self.params["W_qs"].shape
        return {"query_size": query_size, "places": places}

    def scores(self, queries: Array, keys: Array) -> tuple[Array, Array | None]:
        """Return the score of each place for each query."""
        return product(queries, self.params["W_qs"][:, : len(keys)]), None

    def scores_backward(
        self, dscores: Array, cache: AttentionCache
    ) -> tuple[Array, Array, Grads]:
        """Return the gradients of queries, keys and parameters; the keys have none."""
        W_qs, S = self.params["W_qs"], len(cache.keys)
        # scores = queries @ W_qs[:, :S]
        dW_qs = np.zeros_like(W_qs)
        dW_qs[:, :S] = weight_gradient(cache.queries, dscores, len(W_qs))
        dqueries = product(dscores, W_qs[:, :S].T)
        return dqueries, np.zeros_like(cache.keys), {"W_qs": dW_qs}


PLACES = 32  # more than the longest source has

LOOKS: dict[str, Callable[[int, Rng], Attention | None]] = {
    "none": lambda H, rng: None,
    "dot": lambda H, rng: DotAttention(),
    "scaled": lambda H, rng: DotAttention(scaled=True),
    "additive": lambda H, rng: AdditiveAttention(H, H, H, rng=rng, dtype=np.float32),
    "blind": lambda H, rng: BlindAttention(H, PLACES, rng=rng),
}
STORED = [(name, look) for name in ("french", "dates") for look in list(LOOKS)[1:4]]


def build(task: PairTask, hidden_size: int, look: str, *, rng: Rng) -> Seq2Seq:
    """Return a GRU encoder and a GRU decoder that looks in one of the ways."""
    sizes = len(task.source_vocabulary), len(task.target_vocabulary)
    encoder, decoder = (
        Recurrent(GRUCell(V, hidden_size, rng=rng, dtype=np.float32)) for V in sizes
    )
    attention = LOOKS[look](hidden_size, rng)
    return Seq2Seq(encoder, decoder, rng=rng, attention=attention)


def trained(name: str, look: str, seed: int) -> Seq2Seq:
    """Return the net that a seed makes of a recipe and a way to look."""
    recipe, rng = RECIPES[name], np.random.default_rng(seed)
    model = build(TASKS[recipe.task], recipe.hidden_size, look, rng=rng)
    train(model, TASKS[recipe.task], recipe.updates, rng=rng, model_rng=rng)
    return model


@cache
def stored(name: str, look: str) -> Seq2Seq:
    """Return the stored net of a recipe, "french" or "dates", and a way to look."""
    if (name, look) == ("dates", "scaled"):
        return translators.stored("dates with attention")
    return cast(Seq2Seq, load(_place(name, look)))


def _place(name: str, look: str) -> Path:
    return WEIGHTS / f"{name}_{look}.npz"


def main() -> None:
    """Train what is stored."""
    for name, look in STORED:
        if (name, look) != ("dates", "scaled"):
            save(_place(name, look), trained(name, look, SEED))


if __name__ == "__main__":
    main()
