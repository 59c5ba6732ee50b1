"""Two networks that read film reviews: one without order, one with it.

``python -m rnncourse.shared.review_readers`` trains both anew, in a few seconds,
and stores them.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnncourse.shared.wording import percent
from rnnlib._typing import Array, Rng
from rnnlib.batches import SPECIALS, Batch
from rnnlib.cells import RNNCell
from rnnlib.models import Classifier, SequenceClassifier
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import NegationReviews
from rnnlib.vocab import Vocabulary, one_hot

__all__ = ["VOCABULARY", "WORDS", "accuracy", "bags", "stored", "train"]

WEIGHTS = Path(__file__).with_name("weights")
TASK = NegationReviews()
VOCABULARY = Vocabulary(TASK.symbols)
WORDS = TASK.symbols[len(SPECIALS) :]
UPDATES, BATCH_SIZE, LEARNING_RATE, HIDDEN, SEED = 1500, 64, 5e-3, 16, 1


def bags(tokens: Array, exists: Array) -> Array:
    """Return how often each symbol occurs in each review (T, B), as (B, V)."""
    vectors = one_hot(tokens, len(VOCABULARY), dtype=np.float32)
    return np.asarray((vectors * exists[..., None]).sum(axis=0))


def as_bags(batch: Batch) -> Batch:
    """Return the same reviews as bags of words, with the same targets."""
    exists = np.asarray(batch.input_mask)
    return Batch(bags(batch.inputs, exists), batch.targets)


def train(
    kind: str, *, rng: Rng, updates: int = UPDATES
) -> Classifier | SequenceClassifier:
    """Return a network that was trained on negation reviews.

    Parameters
    ----------
    kind : {"bag", "rnn"}
    """
    V = len(VOCABULARY)
    model: Classifier | SequenceClassifier
    if kind == "bag":
        model = Classifier(V, HIDDEN, 2, rng=rng, dtype=np.float32)
    else:
        layer = Recurrent(RNNCell(V, HIDDEN, rng=rng, dtype=np.float32))
        model = SequenceClassifier(layer, 2, rng=rng)
    recipe.train(
        model,
        TASK,
        updates,
        rng=rng,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
        decay=False,
        change=as_bags if kind == "bag" else lambda batch: batch,
    )
    return model


def accuracy(model: Classifier | SequenceClassifier) -> float:
    """Return the share of right answers on 4000 reviews that were held out."""
    batch = TASK.sample(4000, rng=np.random.default_rng(1), split="held_out")
    if isinstance(model, Classifier):
        said = model.predict(as_bags(batch).inputs)
    else:
        said = model.predict(batch.inputs, batch.input_mask)
    return float((said == batch.targets).mean())


@cache
def stored(kind: str) -> Any:
    """Return the stored network of that kind."""
    return load(WEIGHTS / f"reviews_{kind}.npz")


def main() -> None:
    """Train both networks and store them."""
    for kind in ("bag", "rnn"):
        model = train(kind, rng=np.random.default_rng(SEED))
        save(WEIGHTS / f"reviews_{kind}.npz", model)
        print(f"{kind}: right in {percent(accuracy(model))} of new reviews")


if __name__ == "__main__":
    main()
