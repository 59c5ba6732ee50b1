"""Counting models of the next token: what a network has to beat."""

from typing import NamedTuple

import numpy as np

from rnnlib._checks import (
    as_array,
    check_batch,
    check_integers,
    check_mask,
    check_size,
    check_tokens,
)
from rnnlib._typing import Array, ArrayLike
from rnnlib.batches import Batch

__all__ = ["NGramModel"]


class _Seen(NamedTuple):
    counts: Array  # (V,): how often each token came after a context
    total: int
    kinds: int  # how many different tokens came


class NGramModel:
    """Predict the next token from the last `order - 1`, by counting in a text.

    How often c(w) a token followed its context is mixed with what the context shorter
    by one token says, all the way down to equal chances for all V:

        p_n(w) = (c(w) + k p_{n-1}(w)) / (c + k)

    Here c is how often the context was seen, and k after how many different tokens: the
    more often something new came after it, the less its counts are trusted. A context
    that was never seen leaves everything to the shorter one: it backs off. Order 1 is
    the unigram model, which ignores the context, order 2 the bigram model. (Witten and
    Bell, "The zero-frequency problem", 1991; the idea of backing off is Katz's, 1987.)

    Parameters
    ----------
    tokens : integer array (N,) or (N, B)
        The text to count in; with B columns, B texts.
    order : int
        n, at least 1. 0 counts nothing: all tokens are equally probable.
    vocab_size : int
        V.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> from rnnlib import Vocabulary
    >>> vocabulary = Vocabulary("hello")
    >>> bigrams = NGramModel(vocabulary.encode("hello" * 9), 2, len(vocabulary))
    >>> p = bigrams.probabilities(vocabulary.encode("l")[:, None])[0, 0]
    >>> dict(zip(vocabulary.symbols, p.round(2).tolist()))
    {'h': 0.02, 'e': 0.02, 'l': 0.49, 'o': 0.47}
    """

    def __init__(self, tokens: ArrayLike, order: int, vocab_size: int) -> None:
        self.order = check_size("order", order, minimum=0)
        self.vocab_size = check_size("vocab_size", vocab_size)
        text = check_integers("tokens", tokens, ("...",))
        columns = text[:, None] if text.ndim == 1 else text
        columns = check_tokens("tokens", columns, ("N", "B"), self.vocab_size)
        self._seen: dict[tuple[int, ...], _Seen] = {}
        for column in columns.T.tolist():
            self._count(column)
        for context, (counts, _, _) in self._seen.items():
            kinds = int(np.count_nonzero(counts))
            self._seen[context] = _Seen(counts, int(counts.sum()), kinds)

    def _count(self, text: list[int]) -> None:
        """Count each token after each of its contexts, the empty one among them."""
        for place, token in enumerate(text):
            for length in range(min(self.order, place + 1)):
                context = tuple(text[place - length : place])
                if context not in self._seen:
                    new = np.zeros(self.vocab_size, dtype=np.int64)
                    self._seen[context] = _Seen(new, 0, 0)
                self._seen[context].counts[token] += 1

    def _after(self, text: list[int]) -> Array:
        """Return the probabilities (V,) of the token after a text, or after nothing."""
        p = np.full(self.vocab_size, 1 / self.vocab_size)
        for length in range(min(len(text) + 1, self.order)):
            seen = self._seen.get(tuple(text[len(text) - length :]))
            if seen is not None:
                p = (seen.counts + seen.kinds * p) / (seen.total + seen.kinds)
        return p

    def probabilities(self, tokens: ArrayLike) -> Array:
        """Return the probabilities (T, B, V) of what follows each of tokens (T, B).

        Raises
        ------
        ValueError
            If `tokens` are not whole numbers (T, B) below V.
        """
        texts = check_tokens("tokens", tokens, ("T", "B"), self.vocab_size)
        p = np.empty((*texts.shape, self.vocab_size))
        for b, text in enumerate(texts.T.tolist()):
            for t in range(len(text)):
                p[t, b] = self._after(text[max(0, t + 2 - self.order) : t + 1])
        return p

    def loss(self, batch: Batch) -> float:
        """Return the mean of -ln p of the targets, in nats: `bits_per_character` of it.

        Parameters
        ----------
        batch : Batch
            Tokens (T, B) and the next ones, as `batchify` makes them; what a mask
            leaves out does not count.

        Raises
        ------
        ValueError
            If inputs and targets are not tokens of one shape.

        >>> from rnnlib import batchify
        >>> even = NGramModel([0, 1], 0, 8)
        >>> float(np.exp(even.loss(batchify([0, 7, 3], 1))).round(6))
        8.0
        """
        check_batch(batch, Batch)
        p = self.probabilities(batch.inputs)
        steps, targets = p.shape[:2], as_array("targets", batch.targets)
        mask = np.ones(steps, bool) if batch.mask is None else batch.mask
        counts = check_mask(mask, steps)
        if targets.shape == steps:
            targets = np.where(counts, targets, targets.dtype.type(0))
        targets = check_tokens("targets", targets, steps, self.vocab_size)
        chosen = np.take_along_axis(p, targets[..., None], axis=-1)
        return float(-np.log(chosen[..., 0]).mean(where=counts))

    def start(self, batch_size: int) -> Array:
        """Return the state before the first token: texts (B, 0) of no length."""
        return np.zeros((check_size("batch_size", batch_size), 0), dtype=np.int64)

    def step(self, tokens: ArrayLike, state: Array) -> tuple[Array, Array]:
        """Return scores ln p (B, V) of what follows tokens (B,), and the new state.

        So `generate` can let it write, as it does a network.
        """
        if not isinstance(state, np.ndarray) or state.ndim != 2:
            raise ValueError(
                f"state must be tokens (B, N), got {type(state).__name__}; begin with "
                "start(batch_size)"
            )
        last = check_tokens("tokens", tokens, state.shape[:1], self.vocab_size)
        texts = np.column_stack([state, last])[:, -max(self.order - 1, 1) :]
        p = [self._after(text) for text in texts.tolist()]
        return np.log(np.array(p)), texts

    def __repr__(self) -> str:
        return f"NGramModel(order={self.order}, vocab_size={self.vocab_size})"
