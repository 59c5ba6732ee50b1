"""An encoder reads a word, hands over one state, and a decoder says it backwards."""

from dataclasses import dataclass

import numpy as np

from rnncourse.lesson_10.words import LONGEST, names_of, read_word
from rnncourse.shared.translators import stored, task_of
from rnncourse.shared.wording import percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.batches import END, START

__all__ = ["SAID_AT_MOST", "UNITS", "HandOver", "compute"]

UNITS = 48
SAID_AT_MOST = LONGEST + 2
NAME = "reversal"


@dataclass(frozen=True)
class HandOver:
    """The states of an encoder and a decoder, and what the decoder says.

    Attributes
    ----------
    word : str
        The source, of S letters.
    said : tuple of str
        The decoder's T tokens; "END" is the last, if it comes.
    states : ndarray, shape (S + T, UNITS)
        Hidden states in the order in which they arise; row S - 1 is handed over.
    probabilities : ndarray, shape (T, V)
        Of each token of the vocabulary, at each step of the decoder.
    symbols : tuple of str
        The vocabulary.
    step : int
        How many steps are shown, up to S + T.
    note : str
        What of the typed word is not read, in words.
    """

    word: str
    said: tuple[str, ...]
    states: Array
    probabilities: Array
    symbols: tuple[str, ...]
    step: int
    note: str

    @property
    def phase(self) -> str:
        """What happens at this step: nothing yet, reading, handing over or writing."""
        if self.step == 0:
            return "start"
        if self.step < len(self.word):
            return "reading"
        return "handing over" if self.step == len(self.word) else "writing"

    @property
    def right(self) -> bool:
        """Whether the whole answer is the word backwards."""
        return self.said == (*self.word[::-1], "END")

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return self._now() + self.note

    def _now(self) -> str:
        S, step = len(self.word), self.step
        if self.phase == "start":
            return f"Nothing is read yet: the encoder's state is {UNITS} zeros."
        if self.phase == "reading":
            return (
                f"Reading {step} of {S}: “{self.word[step - 1]}” goes into the "
                "encoder's state. Nothing is said yet."
            )
        if self.phase == "handing over":
            return (
                f"The whole word is read. These {UNITS} numbers are all that the "
                "decoder will ever know of the word."
            )
        token = self.said[step - S - 1]
        sure = percent(float(self.probabilities[step - S - 1].max()))
        end = step == S + len(self.said)
        answer = "".join(letter for letter in self.said if letter != "END")
        whole = (
            f" The answer is “{answer}”: {'right' if self.right else 'wrong'}."
            if end
            else ""
        )
        return f"The decoder says {token}, with probability {sure}.{whole}"


def compute(*, word: str, step: int) -> HandOver:
    """Read a word, hand its last state over, and let the decoder speak.

    Parameters
    ----------
    word : str
        Letters from a to h; anything else is left out. Where none is left, "a".
    step : int
        How many steps to show; beyond the end it counts as the end.
    """
    word, note = read_word(word)
    task, model = task_of(NAME), stored(NAME)
    tokens = np.array(task.source_vocabulary.encode(word))[:, None]
    states, _, _ = model.parts["encoder"].forward(tokens)
    state = model.start(tokens)
    symbols = names_of(task.target_vocabulary)
    token, said = np.array([START]), list[str]()
    shown, rows = list[Array](), list[Array]()
    while len(said) < SAID_AT_MOST and token[0] != END:
        scores, state = model.step(token, state)
        token = scores.argmax(axis=-1)
        said.append(symbols[token[0]])
        shown.append(softmax(scores)[0])
        rows.append(state.recurrent.h[0])
    return HandOver(
        word=word,
        said=tuple(said),
        states=np.vstack([states[:, 0], *rows]),
        probabilities=np.array(shown),
        symbols=symbols,
        step=min(step, len(word) + len(said)),
        note=note,
    )
