"""Reviews that are followed by silence: an opinion to keep, or a number of stars."""

from dataclasses import dataclass

import numpy as np

from rnnlib._typing import Rng
from rnnlib.batches import PAD, Batch
from rnnlib.tasks import NegationReviews
from rnnlib.vocab import Vocabulary

__all__ = ["KEPT", "REVIEWS", "SILENCE", "VOCABULARY", "PausedReviews"]

REVIEWS = NegationReviews()
VOCABULARY = Vocabulary(REVIEWS.symbols)
SILENCE = PAD  # a token like the others: nothing is said at this step
KEPT = ("opinion", "stars")


@dataclass(frozen=True)
class PausedReviews:
    """Read reviews, then answer at each step of the silence after them.

    Parameters
    ----------
    kept : {"opinion", "stars"}
        What is asked: of one review, whether it is positive (1) or negative (0); of one
        to four of them in a row, how many more are positive than negative, -4 to 4.
    longest : int
        Of the silence, in steps; it is drawn from 0 to this.

    Examples
    --------
    >>> batch = PausedReviews("stars", 3).sample(2, rng=np.random.default_rng(1))
    >>> batch.inputs.shape, batch.targets[-1]
    ((24, 2), array([-2.,  3.]))
    """

    kept: str = "opinion"
    longest: int = 20

    @property
    def most(self) -> int:
        """How many reviews are read in a row, at most."""
        return 1 if self.kept == "opinion" else 4

    def sample(self, batch_size: int, *, rng: Rng, split: str = "train") -> Batch:
        """Return a batch, whose answers count from the last word on."""
        counts = rng.integers(1, self.most + 1, size=batch_size)
        silences = rng.integers(0, self.longest + 1, size=batch_size)
        drawn = REVIEWS.sample(self.most * batch_size, rng=rng, split=split)
        exists, signs = np.asarray(drawn.input_mask), 2 * drawn.targets - 1
        texts, sums = [], []
        for k, count in enumerate(counts):
            own = range(self.most * k, self.most * k + count)
            texts.append(np.concatenate([drawn.inputs[exists[:, j], j] for j in own]))
            sums.append(signs[own].sum())
        lengths = np.array([len(text) for text in texts])
        T = int((lengths + silences).max())
        inputs = np.full((T, batch_size), SILENCE)
        for column, text in enumerate(texts):
            inputs[: len(text), column] = text
        steps = np.arange(T)[:, None]
        is_there = steps < lengths + silences
        asked = (steps >= lengths - 1) & is_there
        answers = np.array(sums)
        targets = answers > 0 if self.kept == "opinion" else answers
        kind = int if self.kept == "opinion" else float
        whole = np.broadcast_to(targets.astype(kind), (T, batch_size))
        return Batch(inputs, whole, asked, is_there)
