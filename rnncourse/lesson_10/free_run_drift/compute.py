"""One token is changed: what a decoder says if it reads it, and if it does not."""

from dataclasses import dataclass

import numpy as np

from rnncourse.lesson_10.words import names_of, read_word
from rnncourse.shared.translators import stored, task_of
from rnncourse.shared.wording import count, percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.batches import END, PAD, START

__all__ = ["FreeRunDrift", "compute"]

NAME = "half-trained reversal"


@dataclass(frozen=True)
class FreeRunDrift:
    """The probability of the right token, step by step, under two regimes.

    Attributes
    ----------
    word : str
    target : tuple of str
        The right answer, T tokens, END the last.
    flipped : int
        The step whose answer is replaced before it is fed back, from 1; 0 for none.
    letter : str
        What it is replaced by.
    replaced : str
        What it would have said there; empty if it had come to its END before.
    forced, free : ndarray, shape (T,)
        Probability of the right token when the true tokens are fed in, and when the
        decoder reads what it has said itself, but for the flipped one. It is 0 after an
        END: nothing is said any more.
    said : tuple of str
        What it says in the free run, and nothing after its END; at the flipped step,
        what is put in its place.
    note : str
        What of the typed word is not read, in words.
    """

    word: str
    target: tuple[str, ...]
    flipped: int
    letter: str
    replaced: str
    forced: Array
    free: Array
    said: tuple[str, ...]
    note: str

    @property
    def wrong(self) -> int:
        """How many tokens of the free run are wrong, of those after the flip."""
        pairs = zip(self.said, self.target, strict=True)
        return sum(a != b for a, b in [*pairs][self.flipped :])

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        later = count(len(self.target) - self.flipped, "token")
        after = " after it" if self.flipped else ""
        return (
            f"{self._flip()} Running freely: {self.wrong} of {later}{after} wrong. The "
            f"right answer has probability {percent(float(self.forced.prod()))}, the "
            f"product of the blue ones.{self.note}"
        )

    def _flip(self) -> str:
        """Return what was done to the token that is flipped."""
        step, letter = self.flipped, self.letter
        if not step:
            return "Nothing is flipped."
        if not self.replaced:
            return f"It says END before step {step}, so nothing is flipped."
        if letter == self.replaced:
            return f"Step {step} says “{letter}” anyway, so nothing is changed."
        right = ", the right letter" if letter == self.target[step - 1] else ""
        return f"Step {step} is flipped to “{letter}”{right}."


def compute(*, word: str, flipped: int, letter: str) -> FreeRunDrift:
    """Run the decoder twice: on true tokens, and on its own with one of them changed.

    Parameters
    ----------
    word : str
        Letters from a to h.
    flipped : int
        The step whose answer is changed, from 1; 0 for none, and one that is beyond the
        last letter changes the last one.
    letter : str
        What is put there.
    """
    word, note = read_word(word)
    task, model = task_of(NAME), stored(NAME)
    vocabulary = task.target_vocabulary
    flipped = min(flipped, len(word))
    source = np.array(task.source_vocabulary.encode(word))[:, None]
    target = [*vocabulary.encode(word[::-1]), END]

    forced, free = model.start(source), model.start(source)
    true = own = START
    replaced, shares, said = PAD, [], []
    for step, wanted in enumerate(target, 1):
        scores, forced = model.step(np.array([true]), forced)
        shares.append([softmax(scores)[0, wanted], 0.0])
        true = wanted
        if own != END:
            own_scores, free = model.step(np.array([own]), free)
            shares[-1][1] = softmax(own_scores)[0, wanted]
            own = int(own_scores.argmax())
            if step == flipped:
                replaced, own = own, int(vocabulary.encode(letter)[0])
            said.append(own)
    said += [PAD] * (len(target) - len(said))
    names = ("", *names_of(vocabulary)[1:])  # PAD stands where nothing is said
    both = np.array(shares)
    return FreeRunDrift(
        word=word,
        target=tuple(names[token] for token in target),
        flipped=flipped,
        letter=letter,
        replaced=names[replaced],
        forced=both[:, 0],
        free=both[:, 1],
        said=tuple(names[token] for token in said),
        note=note,
    )
