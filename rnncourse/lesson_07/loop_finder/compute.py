"""What a language model writes at a low temperature, and whether it goes in circles."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_07.nets import stored
from rnncourse.shared.wording import count, number
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.decoding import generate
from rnnlib.models import LanguageModel
from rnnlib.sampling import greedy, sample

__all__ = ["LENGTH", "PROMPTS", "LoopFinder", "compute", "cycle", "greedy_text"]

LENGTH = 240
TIMES, LEAST = 3, 20
PROMPTS = ("one", "two hundred", "ninety")


@dataclass(frozen=True)
class LoopFinder:
    """A text, and the loop that it ends in.

    Attributes
    ----------
    text : str
        What the model wrote, 240 letters.
    surprises : ndarray, shape (240,)
        Of each letter, in bits, as the model saw it when it wrote.
    temperature : float
    begin, length : int
        Where the loop begins and how long it is; 0 and 0 if there is none.
    """

    text: str
    surprises: Array
    temperature: float
    begin: int
    length: int

    @property
    def numbers(self) -> list[str]:
        """The numbers that were written, but for the last, which may be cut."""
        return self.text.split(", ")[:-1]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        kinds = len(set(self.numbers))
        mean = number(float(self.surprises.mean()))
        if not self.length:
            end = f"No loop in {LENGTH} letters"
        else:
            end = f"From letter {self.begin + 1} on, a loop of {self.length} letters"
        return (
            f"Temperature {number(self.temperature)}: {end}. "
            f"{count(len(self.numbers), 'number')}, {kinds} of them different; a "
            f"letter that it wrote had {mean} bits on average."
        )


@cache
def cycle(text: str) -> tuple[int, int]:
    """Return where a text begins to repeat itself up to its end, and the period.

    It counts from three rounds and twenty letters on; (0, 0) if there is no such loop.

    >>> cycle("at first " + 6 * "abcd" + "ab"), cycle("no loop at all, reallyyyy")
    ((9, 4), (0, 0))
    """
    for period in range(1, len(text) // TIMES + 1):
        same = [a == b for a, b in zip(text, text[period:], strict=False)][::-1]
        run = same.index(False) if False in same else len(same)
        if run + period >= max(TIMES * period, LEAST):
            return len(text) - period - run, period
    return 0, 0


def greedy_text(model: LanguageModel, prompt: str, length: int) -> str:
    """Return what a model writes that always takes the most probable letter."""
    text: str = generate(model, length, prompt=prompt, choose=greedy)
    return text


@cache
def _written(prompt: str, temperature: float, draw: int) -> tuple[str, Array]:
    """Return a text, and the surprise of each of its letters."""
    rng, surprises = np.random.default_rng(draw), []

    def choose(scores: Array) -> Array:
        if temperature:
            tokens = sample(scores, rng=rng, temperature=temperature)
        else:
            tokens = greedy(scores)
        surprises.append(-np.log2(softmax(scores.astype(float))[0, tokens[0]]))
        return tokens

    text = generate(stored("numbers"), LENGTH, prompt=prompt, choose=choose)
    return text, np.array(surprises)


def compute(*, prompt: str, temperature: float, draw: int) -> LoopFinder:
    """Let the stored model write numbers, and look for a loop.

    Parameters
    ----------
    prompt : str
        How the text begins.
    temperature : float
        0 always takes the most probable letter.
    draw : int
        Another number, another text; at temperature 0 always the same one.
    """
    text, surprises = _written(prompt, temperature, draw)
    return LoopFinder(text, surprises, temperature, *cycle(text))
