"""Tunes that a network writes, and what each note costs it and a counting model."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from rnncourse.lesson_07.nets import letters_only, stored
from rnncourse.shared.melodies import SEEDS, VOCABULARY, Notes, longest_copy
from rnncourse.shared.wording import count, fixed, number
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.ngrams import NGramModel
from rnnlib.sampling import sample
from rnnlib.tasks import END, SPECIALS, START
from rnnlib.tasks.tunes import HELD_OUT, TUNES

__all__ = ["NETS", "SEEDS", "Tune", "bigram", "compute"]

NETS = ("tunes, 75 updates", "tunes, 400 updates")


@dataclass(frozen=True)
class Tune(Notes):
    """Notes that a network has written.

    Attributes
    ----------
    symbols : tuple of str
        The notes as they are typed, the given one first.
    surprises : ndarray, shape (2, N)
        Of each note, in bits: of the net at temperature 1, and of the bigram model.
    ended : bool
        Whether the network has said END after the last one.
    copied : (int, int)
        Beginning and end of the longest stretch that is in a learned tune.
    source : str
        The name of that tune.
    net : str
    temperature : float
    """

    surprises: Array
    ended: bool
    copied: tuple[int, int]
    source: str
    net: str
    temperature: float

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        begin, end = self.copied
        own, pairs = self.surprises[:, 1:].mean(axis=1)
        ending = "it ended by itself" if self.ended else "cut off"
        return (
            f"{count(len(self.symbols), 'note')} at temperature "
            f"{number(self.temperature)}, {ending}: {fixed(own)} bits a note for the "
            f"net, {fixed(pairs)} for the bigram. The longest stretch from a known "
            f"tune is {count(end - begin, 'note')}, of “{self.source}”."
        )


@cache
def bigram() -> NGramModel:
    """Return the bigram model of the tunes that were learned from."""
    tunes = (t.replace("|", " ").split() for n, t in TUNES.items() if n not in HELD_OUT)
    every = [[SPECIALS[START], *tune, SPECIALS[END]] for tune in tunes]
    text = VOCABULARY.encode([symbol for tune in every for symbol in tune])
    return NGramModel(text, 2, len(VOCABULARY))


def compute(*, seed: str, net: str, length: int, temperature: float, draw: int) -> Tune:
    """Let a stored network go on from one note.

    Parameters
    ----------
    seed : str
        A note as it is typed, one of SEEDS.
    net : str
        One of NETS.
    length : int
        How many notes at most, the given one among them.
    temperature : float
    draw : int
        Another number, another tune.
    """
    text, own = _sung(seed, net, length, temperature, draw)
    ended = text[-1] == END
    steps = np.arange(len(text) - 1)
    pairs = bigram().probabilities(np.array(text[:-1])[:, None])[:, 0]
    surprises = [-np.log2(p[steps, text[1:]]) for p in (own, pairs)]
    symbols = tuple(VOCABULARY.symbols[token] for token in text[1:] if token != END)
    begin, end, source = longest_copy(symbols)
    return Tune(
        symbols,
        np.array(surprises)[:, : len(symbols)],
        ended,
        (begin, end),
        source,
        net,
        temperature,
    )


@lru_cache(64)
def _sung(
    seed: str, net: str, length: int, temperature: float, draw: int
) -> tuple[list[int], Array]:
    """Return the tokens of a tune, and what the network expected before each note."""
    model, rng = stored(net), np.random.default_rng(draw)
    text, state, expected = [START], model.start(1), []
    while len(text) <= length and text[-1] != END:
        scores, state = model.step(np.array(text[-1:]), state)
        expected.append(letters_only(scores))
        if len(text) == 1:
            text += VOCABULARY.encode([seed]).tolist()
        else:
            text += sample(expected[-1], rng=rng, temperature=temperature).tolist()
    return text, softmax(np.concatenate(expected).astype(float))
