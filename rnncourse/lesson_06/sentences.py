"""Ten sentences that begin with ten letters: what a network should know by heart."""

import numpy as np

from rnnlib.batches import Batch, mini_batches
from rnnlib.vocab import Vocabulary

__all__ = ["SENTENCES", "VOCABULARY", "ten_sentences"]

SENTENCES = (
    "a cut keeps the way.",
    "big steps may explode.",
    "carry the state on.",
    "do not trust luck.",
    "every loss is a hint.",
    "first learn ten lines.",
    "gradients go back.",
    "half a bit is lost.",
    "it goes by heart.",
    "just look at norms.",
)
VOCABULARY = Vocabulary("".join(SENTENCES))


def ten_sentences() -> Batch:
    """Return all of them side by side: each letter is asked for after those before it.

    >>> batch = ten_sentences()
    >>> batch.inputs.shape, int(batch.mask.sum())
    ((21, 10), 185)
    """
    tokens = [VOCABULARY.encode(sentence) for sentence in SENTENCES]
    inputs, targets = [t[:-1] for t in tokens], [t[1:] for t in tokens]
    (batch,) = mini_batches(inputs, targets, 10, rng=np.random.default_rng(0))
    return batch
