"""Texts of random letters, in which a word may be hidden."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from rnnlib._typing import Array, Rng

__all__ = ["ALPHABET", "POSITIONS", "STEPS", "WORD", "ends_of_word", "texts"]

ALPHABET, WORD = "abcdost", "cat"
STEPS = 23
POSITIONS = STEPS - len(WORD) + 1
_TOKENS = np.array([ALPHABET.index(letter) for letter in WORD])
_DECOYS = np.array([p for p in permutations(_TOKENS) if tuple(p) != tuple(_TOKENS)])


def texts(count: int, positions: Sequence[int], *, rng: Rng) -> tuple[Array, Array]:
    """Return random texts, and after which of their letters the word has been read.

    Half of the texts contain the word, once, at one of the positions. The others have
    its letters there in another order, so that the letters alone tell nothing.

    Parameters
    ----------
    count : int
        B, how many.
    positions : sequence of int
        At which steps the word may begin, each from 1 to POSITIONS.

    Returns
    -------
    tokens : integer array (T, B)
    found : bool array (T, B)
        True from the last letter of the word on; the last row says whether it is there.

    >>> tokens, found = texts(2, [5], rng=np.random.default_rng(0))
    >>> ["".join(ALPHABET[token] for token in text) for text in tokens.T]
    ['abodactbocdssaaadcaadbs', 'astocatsatasbtdccaaoooc']
    >>> found.sum(axis=0)
    array([ 0, 17])
    """
    starts = rng.choice(np.asarray(positions), count) - 1
    holds = rng.random(count) < 0.5
    planted = np.where(
        holds[:, None], _TOKENS, _DECOYS[rng.integers(len(_DECOYS), size=count)]
    )
    places, columns = starts[:, None] + np.arange(len(WORD)), np.arange(count)[:, None]
    tokens = rng.integers(len(ALPHABET), size=(STEPS, count))
    while True:
        tokens[places, columns] = planted
        ends = ends_of_word(tokens)
        wrong = ends.sum(axis=0) != holds
        if not wrong.any():
            return tokens, np.logical_or.accumulate(ends, axis=0)
        tokens[:, wrong] = rng.integers(len(ALPHABET), size=(STEPS, wrong.sum()))


def ends_of_word(tokens: Array) -> Array:
    """Return at which letters of texts (T, B) the word ends, as bool (T, B)."""
    ends = np.zeros(tokens.shape, dtype=bool)
    shifted = (tokens[i : len(tokens) - len(WORD) + 1 + i] for i in range(len(WORD)))
    matches = (part == token for part, token in zip(shifted, _TOKENS, strict=True))
    ends[len(WORD) - 1 :] = np.logical_and.reduce(list(matches))
    return ends
