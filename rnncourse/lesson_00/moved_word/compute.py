"""A word that two networks learned in some positions, asked for in others.

``python -m rnncourse.lesson_00.moved_word.compute`` trains all networks anew, in about
half a minute, and stores them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.lesson_00.moved_word.hidden_word import (
    ALPHABET,
    POSITIONS,
    STEPS,
    WORD,
    texts,
)
from rnncourse.shared import recipe
from rnncourse.shared.wording import percent
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.batches import Batch
from rnnlib.cells import RNNCell
from rnnlib.models import Classifier, Model, Tagger
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.vocab import one_hot

__all__ = [
    "ASKED",
    "EVERYWHERE",
    "TRAINED_ON",
    "MovedWord",
    "accuracies",
    "answers",
    "compute",
    "stored",
    "train",
]

WEIGHTS = Path(__file__).with_name("weights")
EVERYWHERE = range(1, POSITIONS + 1)
TRAINED_ON = {"first ten": EVERYWHERE[:10], "all": EVERYWHERE}
ASKED = ("after each letter", "only at the end")
WINDOW_UNITS, RNN_UNITS = 32, 16
UPDATES, BATCH_SIZE, LEARNING_RATE = 2000, 64, 5e-3
SEED, TESTED = 2, 300
KNOWN, GUESSED = 0.9, 0.6  # a share of right answers above, and below
BOTH = {  # what one network does, and two
    "knows the word": "know the word",
    "knows the word in part": "know the word in part",
    "guesses": "guess",
}


@dataclass(frozen=True)
class MovedWord:
    """Two trained networks, tested with the word at each position.

    Attributes
    ----------
    text : str
        One text that holds the word.
    position : int
        At which step it begins in `text`, from 1.
    trained_on : range
        At which steps it began in training.
    asked : str
        When the RNN was asked in training, one of ASKED.
    window, rnn : ndarray, shape (POSITIONS,)
        Share of right answers with the word, or its letters in another order, at each
        position.
    window_says : float
        Probability that the word is in `text`.
    rnn_says : ndarray, shape (STEPS,)
        The same after each letter of it.
    """

    text: str
    position: int
    trained_on: range
    asked: str
    window: Array
    rnn: Array
    window_says: float
    rnn_says: Array

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        never = "" if self.position in self.trained_on else "never "
        window, rnn = (right[self.position - 1] for right in (self.window, self.rnn))
        return (
            f"“{WORD}” at step {self.position}, where it {never}was in training: the "
            f"window network is right in {percent(window)} of such texts, the RNN in "
            f"{percent(rnn)}; guessing gives 50 %. {self._summary(window, rnn)}"
        )

    def _summary(self, window: float, rnn: float) -> str:
        each = _skill(window), _skill(rnn)
        if self.position not in self.trained_on and self.rnn.min() > KNOWN:
            each = each[0], "knows the word at every step"
        if each[0] == each[1]:
            return f"Both {BOTH[each[0]]} here."
        return f"The window network {each[0]} here; the RNN {each[1]}."


def _skill(right: float) -> str:
    """Return what a share of right answers says of a network."""
    knows, partly, guesses = BOTH
    return knows if right > KNOWN else partly if right > GUESSED else guesses


def answers(model: Model, tokens: Array) -> Array:
    """Return the probability that the word is in each text (T, B).

    It is (B,) from a window network; (T, B), after each letter, from an RNN.
    """
    if isinstance(model, Classifier):
        return np.asarray(softmax(model.logits(side_by_side(tokens))[0])[:, 1])
    h, _, _ = model.parts["recurrent"].forward(tokens)
    return np.asarray(softmax(model.parts["output"].forward(h)[0])[..., 1])


def side_by_side(tokens: Array) -> Array:
    """Return texts (T, B) as a window network reads them: (B, T V), all at once."""
    vectors = one_hot(tokens.T, len(ALPHABET), dtype=np.float32)
    return vectors.reshape(len(vectors), -1)


def train(asked: str, trained_on: range, *, rng: Rng, updates: int = UPDATES) -> Model:
    """Return a network that has learned to say whether the word is in a text.

    Parameters
    ----------
    asked : str
        "window" for a window network; for an RNN one of ASKED.
    trained_on : range
        Steps at which the word, or its letters in another order, began.
    """
    V = len(ALPHABET)
    model: Model
    if asked == "window":
        model = Classifier(STEPS * V, WINDOW_UNITS, 2, rng=rng, dtype=np.float32)
    else:
        cell = RNNCell(V, RNN_UNITS, rng=rng, dtype=np.float32)
        model = Tagger(Recurrent(cell), 2, rng=rng)
    recipe.train(
        model,
        _WordTask(asked, trained_on),
        updates,
        rng=rng,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
        decay=False,
    )
    return model


@dataclass(frozen=True)
class _WordTask:
    asked: str
    positions: Sequence[int]

    def sample(self, batch_size: int, *, rng: Rng) -> Batch:
        tokens, found = texts(batch_size, self.positions, rng=rng)
        targets = found.astype(int)
        if self.asked == "window":
            return Batch(side_by_side(tokens), targets[-1])
        mask = np.ones_like(found)
        mask[:-1] = self.asked == "after each letter"
        return Batch(tokens, targets, mask)


def accuracies(model: Model) -> Array:
    """Return the share of right answers at the end, for each position of the word."""
    rng = np.random.default_rng(1)
    drawn = [texts(TESTED, [position], rng=rng) for position in EVERYWHERE]
    tokens, found = (np.stack(part, axis=1) for part in zip(*drawn, strict=True))
    says = answers(model, tokens.reshape(STEPS, -1)).reshape(-1, *found.shape[1:])
    return np.asarray(((says[-1] > 0.5) == found[-1]).mean(axis=-1))


@cache
def stored(asked: str, trained_on: str) -> tuple[Model, Array]:
    """Return a stored network, and its accuracies.

    Parameters
    ----------
    asked : str
        "window", or one of ASKED for an RNN.
    trained_on : str
        A name in TRAINED_ON.
    """
    model = load(_place(asked, trained_on))
    return model, accuracies(model)


def _place(asked: str, trained_on: str) -> Path:
    return WEIGHTS / f"{asked}_{trained_on}.npz".replace(" ", "_")


def compute(*, position: int, trained: str, asked: str, text: int) -> MovedWord:
    """Ask the stored networks for the word at one position, and at all of them.

    Parameters
    ----------
    position : int
        At which step the word begins, from 1 to POSITIONS.
    trained : str
        Where the word was in training, a name in TRAINED_ON.
    asked : str
        When the RNN was asked in training, one of ASKED.
    text : int
        Which random letters are around the word.
    """
    window, rnn = stored("window", trained), stored(asked, trained)
    tokens = _text(position, text)
    return MovedWord(
        text="".join(ALPHABET[token] for token in tokens[:, 0]),
        position=position,
        trained_on=TRAINED_ON[trained],
        asked=asked,
        window=window[1],
        rnn=rnn[1],
        window_says=float(answers(window[0], tokens)[0]),
        rnn_says=answers(rnn[0], tokens)[:, 0],
    )


def _text(position: int, number: int) -> Array:
    tokens, found = texts(16, [position], rng=np.random.default_rng(number))
    return tokens[:, [int(found[-1].argmax())]]


def main() -> None:
    """Train all networks and store them."""
    for trained_on, positions in TRAINED_ON.items():
        for asked in ("window", *ASKED):
            model = train(asked, positions, rng=np.random.default_rng(SEED))
            save(_place(asked, trained_on), model)
            print(f"{asked}, {trained_on}: {accuracies(model).round(2)}")


if __name__ == "__main__":
    main()
