"""Two networks that describe scenes in words: one hears what it says, one does not.

``python -m rnncourse.lesson_03.captions`` trains both anew, in a few seconds, and
stores them.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnnlib._typing import Array, ArrayLike, Rng
from rnnlib.batches import END, START
from rnnlib.cells import GRUCell
from rnnlib.metrics import exact_match
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import ShapeScenes
from rnnlib.vocab import Vocabulary

__all__ = ["LONGEST", "TASK", "VOCABULARY", "accuracy", "describe", "stored", "train"]

PLACES = {True: "captions.npz", False: "captions_unfed.npz"}
TASK = ShapeScenes(dtype=np.float32)
VOCABULARY = Vocabulary(TASK.symbols)
SCENE, LONGEST = 24, 20
HIDDEN, UPDATES, SEED = 48, 1000, 1


class _Unfed(ConditionalLanguageModel):
    """START goes in at every step, whatever is said."""

    def forward(
        self,
        v: ArrayLike,
        tokens: ArrayLike,
        mask: ArrayLike | None = None,
        *,
        rng: Rng | None = None,
    ) -> tuple[Array, Any, Any]:
        return super().forward(v, np.full_like(tokens, START), mask, rng=rng)


def train(
    *, rng: Rng, updates: int = UPDATES, fed: bool = True
) -> ConditionalLanguageModel:
    """Return a network that was trained to describe scenes.

    With `fed` the true words go in, one step late; without it START, at every step.
    """
    cell = GRUCell(len(VOCABULARY), HIDDEN, rng=rng, dtype=np.float32)
    model = (ConditionalLanguageModel if fed else _Unfed)(
        SCENE, Recurrent(cell), rng=rng
    )
    recipe.train(model, TASK, updates, rng=rng)
    plain = ConditionalLanguageModel(**model.config(), rng=rng)
    return plain.with_params(model.params)


def describe(
    model: ConditionalLanguageModel, v: ArrayLike, *, fed: bool = True
) -> Array:
    """Return sentences (LONGEST, B) about scenes (B, 24): the most probable words."""
    said: list[Array] = []
    state = model.start(v)
    words = start = np.full(len(np.asarray(v)), START)
    for _ in range(LONGEST):
        scores, state = model.step(words if fed else start, state)
        words = np.where(words == END, END, scores.argmax(axis=-1))
        said.append(words)
    return np.array(said)


def accuracy(model: ConditionalLanguageModel, *, fed: bool = True) -> float:
    """Return the share of 500 held-out scenes that are described without a mistake."""
    batch = TASK.sample(500, rng=np.random.default_rng(2), split="held_out")
    said = describe(model, batch.inputs, fed=fed)
    return exact_match(said, batch.targets, batch.mask)


@cache
def stored(*, fed: bool = True) -> Any:
    """Return a stored network: the one that is fed its words, or the other one."""
    return load(_place(fed))


def _place(fed: bool) -> Path:
    return Path(__file__).with_name(PLACES[fed])


def main() -> None:
    """Train both networks and store them."""
    for fed in PLACES:
        model = train(rng=np.random.default_rng(SEED), fed=fed)
        save(_place(fed), model)
        print(f"without a mistake, fed {fed}: {accuracy(model, fed=fed):.3f}")


if __name__ == "__main__":
    main()
