"""Sentences with words that only the next word explains, tagged from either side.

``python -m rnncourse.lesson_03.look_ahead.compute`` trains all three networks anew, in
a few seconds, and stores them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnncourse.shared.wording import left_out, typed, whole_percent
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.batches import SPECIALS, Batch
from rnnlib.cells import RNNCell
from rnnlib.models import Tagger
from rnnlib.recurrent import Bidirectional, Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import GrammarTags
from rnnlib.tasks.grammar import DOUBTFUL, KNOWN
from rnnlib.vocab import Vocabulary

__all__ = [
    "DIRECTIONS",
    "LONGEST",
    "LookAhead",
    "accuracy",
    "compute",
    "probabilities",
    "stored",
    "train",
    "turned_round",
]

WEIGHTS = Path(__file__).with_name("weights")
TASK = GrammarTags()
VOCABULARY = Vocabulary(TASK.symbols)
WORDS = TASK.symbols[len(SPECIALS) :]
DIRECTIONS = tuple(KNOWN)
LONGEST = 8
HIDDEN, UPDATES, SEED = 16, 400, 1


@dataclass(frozen=True)
class LookAhead:
    """A sentence, and the tags that a reader of one direction gives its words.

    Attributes
    ----------
    direction : str
        One of DIRECTIONS.
    words : tuple of str
    unknown : tuple of str
        Words that were left out because they are not in WORDS.
    beyond : int
        How many words after the first LONGEST were left out.
    says : ndarray, shape (T, 4)
        The probability of each tag, for each word.
    right : dict of str to float
        The share of doubtful words that each direction tags rightly.
    ceilings : dict of str to float
        The highest share that any reader of that direction can reach.
    """

    direction: str
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    beyond: int
    says: Array
    right: dict[str, float]
    ceilings: dict[str, float]

    @property
    def tags(self) -> list[str]:
        """The most probable tag of each word."""
        return [TASK.classes[tag] for tag in self.says.argmax(axis=-1)]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if not self.words:
            dropped = left_out(self.unknown, 0, LONGEST)
            words = ", ".join(WORDS[:12])
            return f"{dropped}Write a sentence with words like these: {words}."
        dropped = left_out(self.unknown, self.beyond, LONGEST)
        right, ceiling = self.right[self.direction], self.ceilings[self.direction]
        return (
            f"{dropped}{self._least_sure()} Of the doubtful words in "
            f"10,000 sentences it gets {whole_percent(right)} right; the ceiling of "
            f"this direction is {whole_percent(ceiling)}."
        )

    def _least_sure(self) -> str:
        place = int(self.says.max(axis=-1).argmin())
        first, second = np.argsort(-self.says[place])[:2]
        word, p = self.words[place], self.says[place]
        if p[first] > 0.9:
            return "The net is sure of every word."
        tags = (f"{TASK.classes[k]} {whole_percent(p[k])}" for k in (first, second))
        return f"The net is least sure of “{word}”: {', '.join(tags)}."


def turned_round(x: Array, exists: Array) -> Array:
    """Return sequences (T, B) backwards, with their padding still at the end.

    >>> x = np.array([[1, 4], [2, 5], [3, 0]])
    >>> turned_round(x, x > 0).T
    array([[3, 2, 1],
           [5, 4, 0]])
    """
    lengths = exists.sum(axis=0)
    t = np.arange(len(x))[:, None]
    return np.take_along_axis(x, np.where(t < lengths, lengths - 1 - t, t), axis=0)


def as_read(batch: Batch, direction: str) -> Batch:
    """Return a batch as a reader of that direction goes through it."""
    exists = np.asarray(batch.input_mask)
    if direction != "right to left":
        return batch
    inputs, targets = (
        turned_round(array, exists) for array in (batch.inputs, batch.targets)
    )
    return batch._replace(inputs=inputs, targets=targets)


def train(direction: str, *, rng: Rng, updates: int = UPDATES) -> Tagger:
    """Return a network that was trained to tag words, reading in that direction."""
    V = len(VOCABULARY)
    cells = [RNNCell(V, HIDDEN, rng=rng, dtype=np.float32) for _ in range(2)]
    layer = Bidirectional(*cells) if direction == "both" else Recurrent(cells[0])
    model = Tagger(layer, len(TASK.classes), rng=rng)
    recipe.train(
        model, TASK, updates, rng=rng, change=lambda batch: as_read(batch, direction)
    )
    return model


def accuracy(model: Tagger, direction: str, *, doubtful: bool = False) -> float:
    """Return the share of right tags in 10,000 sentences, a fifth of them held out.

    With `doubtful` it is the share of the doubtful words alone.
    """
    rng, right = np.random.default_rng(2), []
    for split, count in (("train", 8000), ("held_out", 2000)):
        batch = as_read(TASK.sample(count, rng=rng, split=split), direction)
        counts = np.asarray(batch.input_mask)
        if doubtful:
            counts = counts & np.isin(batch.inputs, VOCABULARY.encode(DOUBTFUL))
        said = model.predict(batch.inputs, batch.input_mask)
        right.append((said == batch.targets)[counts])
    return float(np.concatenate(right).mean())


@cache
def stored(direction: str) -> Any:
    """Return the stored network of that direction."""
    return load(_place(direction))


@cache
def _doubtful_right(direction: str) -> float:
    return accuracy(stored(direction), direction, doubtful=True)


def _place(direction: str) -> Path:
    return WEIGHTS / f"{direction}.npz".replace(" ", "_")


def probabilities(model: Tagger, direction: str, words: tuple[str, ...]) -> Array:
    """Return the probability (T, 4) of each tag for each word of a sentence."""
    if not words:
        return np.zeros((0, len(TASK.classes)))
    tokens = VOCABULARY.encode(words)
    backwards = slice(None, None, -1 if direction == "right to left" else 1)
    h, _, _ = model.parts["recurrent"].forward(tokens[backwards, None])
    scores = model.parts["output"].forward(h[:, 0])[0]
    return np.asarray(softmax(scores)[backwards])


def compute(*, sentence: str, direction: str) -> LookAhead:
    """Ask the stored network of one direction for the tags of a sentence.

    Parameters
    ----------
    sentence : str
        Words of WORDS. Others are left out, as are those beyond the first LONGEST.
    direction : str
        One of DIRECTIONS.
    """
    known, unknown = typed(sentence, WORDS)
    words = tuple(known[:LONGEST])
    return LookAhead(
        direction=direction,
        words=words,
        unknown=unknown,
        beyond=len(known) - len(words),
        says=probabilities(stored(direction), direction, words),
        right={each: _doubtful_right(each) for each in DIRECTIONS},
        ceilings={each: _ceiling(each) for each in DIRECTIONS},
    )


@cache
def _ceiling(direction: str) -> float:
    return TASK.ceiling(direction, doubtful=True)


def main() -> None:
    """Train all three networks and store them."""
    for direction in DIRECTIONS:
        model = train(direction, rng=np.random.default_rng(SEED))
        save(_place(direction), model)
        right = accuracy(model, direction)
        print(f"{direction}: {right:.3f}, ceiling {TASK.ceiling(direction):.3f}")


if __name__ == "__main__":
    main()
