"""One review in two orders, as a bag of words reads it and as an RNN does.

``python -m rnnlib.computations.word_order`` trains both networks anew, in some seconds,
and stores them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.cells import RNNCell
from rnnlib.computations.words import percent, typed, whole_percent
from rnnlib.models import Classifier, SequenceClassifier
from rnnlib.optimizers import Adam
from rnnlib.records import SPECIALS, Batch
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import NegationReviews
from rnnlib.tasks.reviews import BLAME, PRAISE
from rnnlib.training import fit
from rnnlib.vocab import Vocabulary, one_hot

__all__ = [
    "LONGEST",
    "ORDERS",
    "WORDS",
    "WordOrder",
    "accuracy",
    "bags",
    "compute",
    "stored",
    "train",
]

WEIGHTS = Path(__file__).with_name("weights")
TASK = NegationReviews()
VOCABULARY = Vocabulary(TASK.symbols)
WORDS = TASK.symbols[len(SPECIALS) :]
ORDERS = ("swapped", "backwards", "shuffled")
LONGEST = 10
UPDATES, BATCH_SIZE, LEARNING_RATE, HIDDEN, SEED = 1500, 64, 5e-3, 16, 1


@dataclass(frozen=True)
class WordOrder:
    """A review, the same words in another order, and what two networks say of both.

    Attributes
    ----------
    first, second : tuple of str
        The words, as they stand in each of the two.
    places : tuple of int
        For each word of `first`, where it stands in `second`.
    unknown : tuple of str
        Words that were left out, for they are not in WORDS.
    too_long : bool
        Whether words beyond LONGEST were left out.
    bag : dict of str to int
        How often each word comes, by the alphabet: the same for both.
    bag_says, rnn_says : ndarray, shape (2,)
        Probability that the first and the second are positive reviews.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    places: tuple[int, ...]
    unknown: tuple[str, ...]
    too_long: bool
    bag: dict[str, int]
    bag_says: Array
    rnn_says: Array

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if not self.first:
            return f"Write a review with words like these: {', '.join(WORDS[:12])}."
        return f"{self._left_out()}{self._said()}"

    def _left_out(self) -> str:
        if self.unknown:
            words = ", ".join(f"“{word[:12]}”" for word in self.unknown[:3])
            return f"Left out, for neither network knows it: {words}. "
        return f"Only the first {LONGEST} words count. " if self.too_long else ""

    def _said(self) -> str:
        bag, rnn = (
            whole_percent(self.bag_says[0]),
            list(map(whole_percent, self.rnn_says)),
        )
        if self.first == self.second:
            return (
                "This order is the same: choose another one. Positive? The bag of "
                f"words says {bag}, the RNN {rnn[0]}."
            )
        return (
            f"Positive? The bag of words says {bag} of both, because their bags are "
            f"the same. The RNN says {rnn[0]} of the first and {rnn[1]} of the second."
        )


def bags(tokens: Array, exists: Array) -> Array:
    """Return how often each symbol comes in each review (T, B), as (B, V)."""
    vectors = one_hot(tokens, len(VOCABULARY), dtype=np.float32)
    return np.asarray((vectors * exists[..., None]).sum(axis=0))


def as_bags(batch: Batch) -> Batch:
    """Return the same reviews and opinions, as a network without order reads them."""
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
    batches: Iterator[Batch] = (
        TASK.sample(BATCH_SIZE, rng=rng) for _ in range(updates)
    )
    model: Classifier | SequenceClassifier
    if kind == "bag":
        model = Classifier(V, HIDDEN, 2, rng=rng, dtype=np.float32)
        batches = map(as_bags, batches)
    else:
        layer = Recurrent(RNNCell(V, HIDDEN, rng=rng, dtype=np.float32))
        model = SequenceClassifier(layer, 2, rng=rng)
    fit(model, batches, Adam(LEARNING_RATE), clip_norm=1.0, progress=False)
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
    """Return the network of that kind as it was stored."""
    return load(WEIGHTS / f"order_{kind}.npz")


def compute(*, review: str, order: str) -> WordOrder:
    """Ask the stored networks about a review and about the same words in another order.

    Parameters
    ----------
    review : str
        Words of WORDS. Others are left out, and those beyond the LONGEST first.
    order : str
        One of ORDERS.
    """
    known, unknown = typed(review, WORDS)
    first = known[:LONGEST]
    order_of = _reordered(first, order)
    second = [first[place] for place in order_of]
    says = np.array([_probabilities(words) for words in (first, second)])
    return WordOrder(
        first=tuple(first),
        second=tuple(second),
        places=tuple(int(place) for place in np.argsort(order_of)),
        unknown=unknown,
        too_long=len(known) > LONGEST,
        bag=dict(sorted(Counter(first).items())),
        bag_says=says[:, 0],
        rnn_says=says[:, 1],
    )


def _reordered(words: list[str], order: str) -> list[int]:
    """Return which word of the first order stands at each place of the second."""
    places = list(range(len(words)))
    if order == "backwards":
        return places[::-1]
    if order == "shuffled":
        return list(np.random.default_rng(len(words)).permutation(places))
    judgements = [place for place in places if words[place] in PRAISE + BLAME]
    if len(judgements) > 1:
        one, other = judgements[:2]
        places[one], places[other] = other, one
    return places


def _probabilities(words: list[str]) -> tuple[float, float]:
    """Return how probable a positive review is: by the bag, by the RNN."""
    bag, rnn = stored("bag"), stored("rnn")
    if not words:
        return 0.5, 0.5
    tokens = VOCABULARY.encode(words)[:, None]
    counts = bags(tokens, np.ones_like(tokens, dtype=bool))
    h, _, _ = rnn.parts["recurrent"].forward(tokens)
    scores = bag.logits(counts)[0], rnn.parts["output"].forward(h[-1])[0]
    by_bag, by_rnn = (float(softmax(score)[0, 1]) for score in scores)
    return by_bag, by_rnn


def main() -> None:
    """Train both networks and store them."""
    for kind in ("bag", "rnn"):
        model = train(kind, rng=np.random.default_rng(SEED))
        save(WEIGHTS / f"order_{kind}.npz", model)
        print(f"{kind}: right in {percent(accuracy(model))} of new reviews")


if __name__ == "__main__":
    main()
