"""One review in two orders, as a bag of words reads it and as an RNN does."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from rnncourse.shared.review_readers import (
    VOCABULARY,
    WORDS,
    bags,
    stored,
)
from rnncourse.shared.wording import left_out, typed, whole_percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.tasks.reviews import BLAME, PRAISE

__all__ = [
    "LONGEST",
    "ORDERS",
    "WORDS",
    "WordOrder",
    "compute",
]

ORDERS = ("as typed", "swapped", "backwards", "shuffled")
LONGEST = 10


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
        Words that were left out because they are not in WORDS.
    beyond : int
        How many words after the first LONGEST were left out.
    bag : dict of str to int
        How often each word occurs, in alphabetical order: the same for both.
    bag_says, rnn_says : ndarray, shape (2,)
        Probability that the first and the second are positive reviews.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    places: tuple[int, ...]
    unknown: tuple[str, ...]
    beyond: int
    bag: dict[str, int]
    bag_says: Array
    rnn_says: Array

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if not self.first:
            dropped = left_out(self.unknown, 0, LONGEST)
            words = ", ".join(WORDS[:12])
            return f"{dropped}Write a review with words like these: {words}."
        return f"{left_out(self.unknown, self.beyond, LONGEST)}{self._said()}"

    def _said(self) -> str:
        bag, rnn = (
            whole_percent(self.bag_says[0]),
            list(map(whole_percent, self.rnn_says)),
        )
        if self.first == self.second:
            return (
                "Both orders are the same: choose another one. Positive? The bag of "
                f"words says {bag}, the RNN {rnn[0]}."
            )
        return (
            f"Positive? The bag of words says {bag} of both, because their bags are "
            f"the same. The RNN says {rnn[0]} of the first and {rnn[1]} of the second."
        )


def compute(*, review: str, order: str) -> WordOrder:
    """Ask the stored networks about a review and about the same words in another order.

    Parameters
    ----------
    review : str
        Words of WORDS. Others are left out, as are those beyond the first LONGEST.
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
        beyond=len(known) - len(first),
        bag=dict(sorted(Counter(first).items())),
        bag_says=says[:, 0],
        rnn_says=says[:, 1],
    )


def _reordered(words: list[str], order: str) -> list[int]:
    """Return which word of the first order stands at each place of the second."""
    places = list(range(len(words)))
    if order == "as typed":
        return places
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
