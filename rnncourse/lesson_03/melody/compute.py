"""A melody that a network writes, one note after the other, each fed back.

``python -m rnncourse.lesson_03.melody.compute`` trains the network anew, in a few
seconds, and stores it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnncourse.shared.wording import count, number
from rnnlib._typing import Array, Rng
from rnnlib.batches import END, PAD, START
from rnnlib.cells import GRUCell
from rnnlib.decoding import generate
from rnnlib.models import LanguageModel
from rnnlib.recurrent import Recurrent
from rnnlib.sampling import sample
from rnnlib.sound import Note
from rnnlib.storage import load, save
from rnnlib.tasks import Tunes
from rnnlib.tasks.tunes import HELD_OUT, TUNES, note
from rnnlib.vocab import Vocabulary

__all__ = ["SEEDS", "Melody", "accuracy", "compute", "longest_copy", "stored", "train"]

WEIGHTS = Path(__file__).with_name("weights.npz")
TASK = Tunes()
VOCABULARY = Vocabulary(TASK.symbols)
SEEDS = ("C2", "E2", "G2", "A2", "G,2")
HIDDEN, UPDATES, BATCH_SIZE, SEED = 48, 250, 20, 1


def _letters(symbols: Iterable[str]) -> str:
    """Return notes as a text, one letter each, since a text is quick to search."""
    return "".join(chr(ord("A") + token) for token in VOCABULARY.encode(symbols))


LEARNED = {
    name: _letters(tune.replace("|", " ").split())
    for name, tune in TUNES.items()
    if name not in HELD_OUT
}


@dataclass(frozen=True)
class Melody:
    """Notes that a network has written.

    Attributes
    ----------
    symbols : tuple of str
        The notes as they are typed, the seed first.
    ended : bool
        Whether the network has said END after the last one.
    copied : (int, int)
        Beginning and end of the longest stretch that is in a learned tune.
    source : str
        The name of that tune.
    temperature : float
    """

    symbols: tuple[str, ...]
    ended: bool
    copied: tuple[int, int]
    source: str
    temperature: float

    @property
    def notes(self) -> list[Note]:
        """The notes, as `rnnlib.sound` plays them."""
        return [note(symbol) for symbol in self.symbols]

    @property
    def onsets(self) -> Array:
        """The beat at which each note begins, and that at which the last one ends."""
        return np.cumsum([0.0, *(each.beats for each in self.notes)])

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        begin, end = self.copied
        ending = "it ended by itself" if self.ended else "it was cut off"
        return (
            f"{count(len(self.symbols), 'note')}, the first given, at temperature "
            f"{number(self.temperature)}; {ending}. The longest stretch known by heart "
            f"is {count(end - begin, 'note')}, from “{self.source}”."
        )


def train(*, rng: Rng, updates: int = UPDATES) -> LanguageModel:
    """Return a network that was trained to say the next note."""
    cell = GRUCell(len(VOCABULARY), HIDDEN, rng=rng, dtype=np.float32)
    model = LanguageModel(Recurrent(cell), rng=rng)
    recipe.train(model, TASK, updates, rng=rng, batch_size=BATCH_SIZE)
    return model


def accuracy(model: LanguageModel, split: str) -> float:
    """Return how often the most probable next note is right, in 60 tunes."""
    batch = TASK.sample(60, rng=np.random.default_rng(2), split=split)
    said = model.predict(batch.inputs, batch.input_mask)
    return float((said == batch.targets)[np.asarray(batch.mask)].mean())


@cache
def stored() -> Any:
    """Return the stored network."""
    return load(WEIGHTS)


def longest_copy(symbols: Iterable[str]) -> tuple[int, int, str]:
    """Return the longest stretch that is in a learned tune: from, to, and its name.

    >>> longest_copy(["G2", "C2", "D2", "E2", "C2", "C2", "D2", "E2", "C2", "E2"])
    (1, 10, 'Frère Jacques')
    """
    best, melody = (0, 0, ""), _letters(symbols)
    for name, tune in LEARNED.items():
        for begin in range(len(melody)):
            end = begin + best[1] - best[0] + 1
            while end <= len(melody) and melody[begin:end] in tune:
                best, end = (begin, end, name), end + 1
    return best


def compute(*, seed: str, length: int, temperature: float, draw: int) -> Melody:
    """Let the stored network go on from one note.

    Parameters
    ----------
    seed : str
        A note as it is typed, one of SEEDS.
    length : int
        How many notes at most, including the seed.
    temperature : float
    draw : int
        Another number, another melody.
    """
    model, rng = stored(), np.random.default_rng(draw)
    _, state = model.step(np.array([START]), model.start(1))

    def choose(scores: Array) -> Array:
        scores = scores.copy()
        scores[:, [PAD, START]] = -1e9
        return sample(scores, rng=rng, temperature=temperature)

    first = VOCABULARY.encode([seed])
    said = generate(
        model, length - 1, prompt=first, state=state, end=END, choose=choose
    )
    tokens = [*first, *said[said != END]]
    symbols = tuple(TASK.symbols[token] for token in tokens)
    begin, end, source = longest_copy(symbols)
    return Melody(symbols, END in said, (begin, end), source, temperature)


def main() -> None:
    """Train the network and store it."""
    model = train(rng=np.random.default_rng(SEED))
    save(WEIGHTS, model)
    for split in ("train", "held_out"):
        print(f"{split}: the next note is right in {accuracy(model, split):.2f}")


if __name__ == "__main__":
    main()
