"""Predicting the next letter by counting: tables of letter pairs, and their limits."""

import numpy as np

from rnnlib._typing import Array
from rnnlib.tasks.numbers import english

__all__ = ["bigram_table", "contexts", "contexts_seen", "cross_entropy", "number_words"]


def number_words(first: int = 1, last: int = 999) -> str:
    """Return the English words of numbers, one after the other.

    >>> number_words(8, 11)
    'eight nine ten eleven'
    """
    return " ".join(english(n) for n in range(first, last + 1))


def contexts(vocab_size: int, n: int) -> int:
    """Return how many rows a table of n-grams has: what may come before a symbol.

    >>> contexts(27, 2), contexts(27, 5)
    (27, 531441)
    """
    return int(vocab_size ** (n - 1))


def contexts_seen(text: str, n: int) -> int:
    """Return how many different contexts of n-grams occur in a text.

    >>> contexts_seen("banana", 3)
    3
    """
    return len({text[i : i + n - 1] for i in range(len(text) - n + 1)})


def bigram_table(tokens: Array, vocab_size: int) -> Array:
    """Return how probable each symbol is after each other, (V, V).

    Row i is for what follows symbol i. One is added to every count (Laplace), so that
    no pair is impossible just because it is missing from the text.

    >>> bigram_table(np.array([0, 1, 0, 1, 0]), 2)
    array([[0.25, 0.75],
           [0.75, 0.25]])
    """
    counts = np.ones((vocab_size, vocab_size))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def cross_entropy(table: Array, tokens: Array) -> float:
    """Return how surprised a table is by a text: mean -log p, in nats per symbol.

    >>> round(cross_entropy(np.full((4, 4), 0.25), np.array([0, 3, 2])), 4)
    1.3863
    """
    return float(-np.log(table[tokens[:-1], tokens[1:]]).mean())
