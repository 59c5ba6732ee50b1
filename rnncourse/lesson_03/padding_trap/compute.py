"""A review with padding after it, read with and without a mask."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.shared.review_readers import VOCABULARY, stored
from rnncourse.shared.wording import count, whole_percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.batches import PAD

__all__ = ["FILLERS", "MOST_PADDING", "REVIEWS", "PaddingTrap", "compute"]

MOST_PADDING = 10
REVIEWS = (
    "the film is good",
    "the plot was not bad",
    "the music seems cold not warm",
    "the ending feels not dull but clever",
)
RUBBISH = ("not", "bad", "awful", "the", "not", "ugly", "very", "stale", "not", "cold")
FILLERS = {
    "<pad>": np.full(MOST_PADDING, PAD),
    "left-over words": VOCABULARY.encode(RUBBISH),
}


@dataclass(frozen=True)
class PaddingTrap:
    """What a network that was trained with a mask makes of a review and its padding.

    Attributes
    ----------
    words, padding : tuple of str
        What the array holds: the review, and after it the padding.
    masked : bool
        Whether the network is told which steps exist.
    states : ndarray, shape (T, H)
        Its state after each step, padding included.
    with_mask, without_mask : ndarray, shape (MOST_PADDING + 1,)
        The probability that it is a positive review, by the number of padded steps.
    """

    words: tuple[str, ...]
    padding: tuple[str, ...]
    masked: bool
    states: Array
    with_mask: Array
    without_mask: Array

    @property
    def says(self) -> float:
        """The resulting probability of a positive review."""
        told = self.with_mask if self.masked else self.without_mask
        return float(told[len(self.padding)])

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        alone, n = float(self.with_mask[0]), len(self.padding)
        told = f"Positive? {whole_percent(self.says)}"
        if n == 0:
            return f"{told}. There is no padding yet: with and without a mask the same."
        steps = count(n, "padded step")
        if self.masked:
            hold = "it holds" if n == 1 else "they hold"
            return (
                f"{told}, exactly as without padding: the mask lets the state pass "
                f"over {steps} unchanged, whatever {hold}."
            )
        turned = (self.says > 0.5) != (alone > 0.5)
        return (
            f"{told}; without padding it was {whole_percent(alone)}. The network has "
            f"read {steps} as {'a word' if n == 1 else 'words'}: "
            f"{'its opinion is turned over.' if turned else 'its state has moved.'}"
        )


def compute(*, review: str, padding: int, filler: str, masked: bool) -> PaddingTrap:
    """Read a review and its padding.

    Parameters
    ----------
    review : str
        One of REVIEWS.
    padding : int
        Steps after the review, up to MOST_PADDING.
    filler : str
        What the padding holds, a name in FILLERS.
    masked : bool
        Whether the network is given the mask.
    """
    states, positive = _run(review, filler)
    words = tuple(review.split())
    T = len(words)
    shown = states[: T + padding].copy()
    if masked:
        shown[T:] = shown[T - 1]
    held = FILLERS[filler][:padding]
    return PaddingTrap(
        words=words,
        padding=tuple(VOCABULARY.symbols[token] for token in held),
        masked=masked,
        states=shown,
        with_mask=np.full(MOST_PADDING + 1, positive[0]),
        without_mask=positive,
    )


@cache
def _run(review: str, filler: str) -> tuple[Array, Array]:
    """Return all states without a mask, and the answers from the last word on."""
    model, words = stored("rnn"), review.split()
    tokens = np.concatenate([VOCABULARY.encode(words), FILLERS[filler]])
    h, _, _ = model.parts["recurrent"].forward(tokens[:, None])
    scores = model.parts["output"].forward(h[len(words) - 1 :, 0])[0]
    return h[:, 0], softmax(scores)[:, 1]
