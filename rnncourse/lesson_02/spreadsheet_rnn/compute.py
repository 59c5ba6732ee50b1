"""Every number of the "hello" net over five steps, while one weight is moved."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnncourse.shared import hello
from rnncourse.shared.wording import percent
from rnnlib._typing import Array, Params
from rnnlib.activations import softmax

__all__ = [
    "COMPUTED",
    "ENTRIES",
    "LETTERS",
    "REST",
    "Entry",
    "Sheet",
    "Spreadsheet",
    "compute",
    "shown",
]

LETTERS = "helo"
REST = "ello"
COMPUTED = ("a", "h", "scores", "p")


class Entry(NamedTuple):
    """One entry of one parameter. For a bias `row` is None.

    >>> str(Entry("W_hh", 0, 2)), str(Entry("b_y", None, 3))
    ('W_hh[0, 2]', 'b_y[3]')
    """

    matrix: str
    row: int | None
    column: int

    @property
    def place(self) -> tuple[int, ...]:
        """Where it is in the array."""
        return (self.column,) if self.row is None else (self.row, self.column)

    def __str__(self) -> str:
        return f"{self.matrix}[{', '.join(map(str, self.place))}]"


ENTRIES: dict[str, Entry] = {
    str(entry): entry
    for name, array in hello.params().items()
    for place in np.ndindex(array.shape)
    for entry in [Entry(name, place[0] if array.ndim == 2 else None, place[-1])]
}


class Sheet(NamedTuple):
    """All numbers of one forward pass, the batch axis dropped.

    Shapes: x (5, 4), a and h (5, 3), scores and p (5, 4).
    """

    x: Array
    a: Array
    h: Array
    scores: Array
    p: Array


@dataclass(frozen=True)
class Spreadsheet:
    """A forward pass beside the one that it is compared with.

    Attributes
    ----------
    word : str
        The five input letters.
    entry : Entry
        The weight that is moved.
    moved : float
        What is added to it.
    params : dict
        The weights as they are now.
    now, before : Sheet
        The numbers, and those of the original net on the word "hello".
    """

    word: str
    entry: Entry
    moved: float
    params: Params
    now: Sheet
    before: Sheet

    @property
    def changed(self) -> dict[str, Array]:
        """For each part of the sheet, where the shown digits differ from before."""
        return {
            name: shown(now) != shown(before)
            for name, now, before in zip(
                Sheet._fields, self.now, self.before, strict=True
            )
        }

    @property
    def changes(self) -> int:
        """How many of the computed numbers look different."""
        return sum(int(self.changed[name].sum()) for name in COMPUTED)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if not self.moved and self.word[0] == LETTERS[0]:
            best = int(self.now.p[0].argmax())
            return (
                'The net as it came. After "h" it expects '
                f'"{LETTERS[best]}" ({percent(self.now.p[0, best])}); "e" would be '
                "right. Move a weight, and all numbers that depend on it follow."
            )
        total = sum(getattr(self.now, name).size for name in COMPUTED)
        return (
            f"{self._what()}: {self.changes} of {total} computed numbers change. "
            f"{self._why()}"
        )

    def _what(self) -> str:
        letter = f'The first letter is "{self.word[0]}"'
        if not self.moved:
            return letter
        new = self.params[self.entry.matrix][self.entry.place]
        weight = f"{self.entry} is now {new:.2f}".replace("-", "−")
        return weight if self.word[0] == LETTERS[0] else f"{letter}, and {weight}"

    def _why(self) -> str:
        matrix, row = self.entry.matrix, self.entry.row
        if self.word[0] != LETTERS[0]:
            return "The state carries the first letter on, through W_hh, to every step."
        if matrix in ("W_hy", "b_y"):
            return "The states stay: scores are read from h and never go back into it."
        if matrix == "W_hh":
            return "Step 1 stays as it was: h₀ is zero, so W_hh multiplies nothing."
        if matrix == "b_h":
            return "A bias acts at every step, whatever the letter."
        letter = LETTERS[row or 0]
        if letter not in self.word:
            return f'"{letter}" never comes in.'
        first = self.word.index(letter) + 1
        return (
            f'"{letter}" first comes in at step {first}: nothing moves before, and '
            "afterwards the state carries the change along."
        )


def shown(values: Array) -> Array:
    """Return the numbers as they are written, with two decimals.

    >>> shown(np.array([0.5, -0.001, -1.237])).tolist()
    ['0.50', '0.00', '−1.24']
    """
    rounded = np.round(values, 2) + 0.0
    texts = [f"{value:.2f}".replace("-", "−") for value in rounded.ravel()]
    return np.array(texts).reshape(values.shape)


def compute(*, entry: str, moved: float, letter: str) -> Spreadsheet:
    """Run the net over `letter` and "ello", with `moved` added to one weight.

    Parameters
    ----------
    entry : str
        A key of ENTRIES, such as "W_hh[0, 2]".
    moved : float
    letter : str
        The first letter, one of "helo".
    """
    params = hello.params()
    before = _run(params, LETTERS[0] + REST)
    weight = ENTRIES[entry]
    params[weight.matrix][weight.place] += moved
    word = letter + REST
    return Spreadsheet(word, weight, moved, params, _run(params, word), before)


def _run(params: Params, word: str) -> Sheet:
    x = np.eye(len(LETTERS))[[LETTERS.index(letter) for letter in word]]
    h, states, pre_activations = np.zeros(3), [], []
    for x_t in x:
        a = x_t @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
        h = np.tanh(a)
        pre_activations.append(a)
        states.append(h)
    scores = np.array(states) @ params["W_hy"] + params["b_y"]
    return Sheet(
        x, np.array(pre_activations), np.array(states), scores, softmax(scores)
    )
