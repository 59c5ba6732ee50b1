"""A melody that a network writes, one note after the other, each fed back.

``python -m rnncourse.lesson_03.melody.compute`` trains the network anew, and one that
is never fed its own notes, in a few seconds, and stores both.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnncourse.shared.melodies import (
    LEARNED,
    SEEDS,
    VOCABULARY,
    Notes,
    letters_of,
    longest_copy,
)
from rnncourse.shared.wording import count, number
from rnnlib._typing import Array, Rng
from rnnlib.batches import END, PAD, START, Batch
from rnnlib.cells import GRUCell
from rnnlib.decoding import generate
from rnnlib.models import LanguageModel
from rnnlib.recurrent import Recurrent
from rnnlib.sampling import sample
from rnnlib.storage import load, save
from rnnlib.tasks import Tunes

__all__ = [
    "SEEDS",
    "Melody",
    "accuracy",
    "compute",
    "fitting",
    "stored",
    "train",
]

PLACES = {True: "weights.npz", False: "weights_unfed.npz"}
TASK = Tunes()
HIDDEN, UPDATES, BATCH_SIZE, SEED = 48, 250, 20, 1


@dataclass(frozen=True)
class Melody(Notes):
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

    ended: bool
    copied: tuple[int, int]
    source: str
    temperature: float

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


def train(*, rng: Rng, updates: int = UPDATES, fed: bool = True) -> LanguageModel:
    """Return a network that was trained to say the next note.

    With `fed` the true notes go in, one step late; without it START, at every step.
    """

    def change(batch: Batch) -> Batch:
        return batch if fed else batch._replace(inputs=batch.inputs * 0 + START)

    cell = GRUCell(len(VOCABULARY), HIDDEN, rng=rng, dtype=np.float32)
    model = LanguageModel(Recurrent(cell), rng=rng)
    recipe.train(model, TASK, updates, rng=rng, batch_size=BATCH_SIZE, change=change)
    return model


def fitting(model: LanguageModel, *, rng: Rng, fed: bool = True) -> float:
    """Return how often three drawn notes in a row occur in a learned tune.

    300 melodies of 24 notes at most are drawn, at temperature 1. With `fed` each note
    goes in at the next step, without it START does.
    """
    state, said = model.start(300), []
    start = notes = np.full(300, START)
    for _ in range(24):
        scores, state = model.step(notes if fed else start, state)
        scores[:, [PAD, START]] = -1e9
        notes = sample(scores, rng=rng)
        said.append(notes)
    known = {tune[k : k + 3] for tune in LEARNED.values() for k in range(len(tune) - 2)}
    drawn = [letters_of(TASK.symbols[n] for n in column) for column in np.array(said).T]
    ends = letters_of([TASK.symbols[END]])
    melodies = [melody.partition(ends)[0] for melody in drawn]
    parts = [melody[k : k + 3] for melody in melodies for k in range(len(melody) - 2)]
    return float(np.mean([part in known for part in parts]))


def accuracy(model: LanguageModel, split: str) -> float:
    """Return how often the most probable next note is right, in 60 tunes."""
    batch = TASK.sample(60, rng=np.random.default_rng(2), split=split)
    said = model.predict(batch.inputs, batch.input_mask)
    return float((said == batch.targets)[np.asarray(batch.mask)].mean())


@cache
def stored(*, fed: bool = True) -> Any:
    """Return a stored network: the one that hears its notes, or the other one."""
    return load(_place(fed))


def _place(fed: bool) -> Path:
    return Path(__file__).with_name(PLACES[fed])


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
    """Train both networks and store them."""
    for fed in PLACES:
        model = train(rng=np.random.default_rng(SEED), fed=fed)
        save(_place(fed), model)
        share = fitting(model, rng=np.random.default_rng(0), fed=fed)
        print(f"fed {fed}: {share:.2f} of what is drawn fits")
    for split in ("train", "held_out"):
        print(f"{split}: the next note is right in {accuracy(stored(), split):.2f}")


if __name__ == "__main__":
    main()
