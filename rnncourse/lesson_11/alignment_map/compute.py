"""Where a decoder looks at each output, and what other temperatures make of it."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from rnncourse.lesson_11.nets import stored
from rnncourse.shared.translators import TASKS
from rnncourse.shared.wording import number, whole_percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.batches import END
from rnnlib.models.base import shifted

__all__ = ["EXAMPLES", "LOOKS", "MOST", "NETS", "PLACES", "AlignmentMap", "compute"]

NETS = {"dates": "dates", "number words": "french"}
LOOKS = ("dot", "scaled", "additive")
EXAMPLES = 20
MOST, PLACES = 11, 28  # outputs and places of the longest date


class States(NamedTuple):
    """What the encoder and the decoder have computed before anybody looks.

    `h` (S, H) are the encoder's states and `s` (T, H) those of the decoder, which is
    fed the true answer.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    h: Array
    s: Array


@dataclass(frozen=True)
class AlignmentMap:
    """All looks of a decoder at one source.

    Attributes
    ----------
    source, target, said : tuple of str
        Tokens: what is read, the true answer, and the most probable token at each
        output while the true answer is fed in.
    weights : ndarray, shape (T, S)
    temperature : float
    output : int
        The output that is spoken of, from 1; 0 before the first.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    said: tuple[str, ...]
    weights: Array
    temperature: float
    output: int

    @property
    def row(self) -> Array | None:
        """The weights (S,) of the output that is spoken of, if there is one."""
        return self.weights[self.output - 1] if self.output else None

    @property
    def right(self) -> list[bool]:
        """Which outputs so far are right."""
        pairs = zip(self.said, self.target, strict=True)
        return [a == b for a, b in pairs][: self.output]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        S, T = len(self.source), len(self.target)
        if self.row is None:
            return f"{S} places are read. Nothing is written yet."
        place = int(self.row.argmax())
        so_far = f"{sum(self.right)} of {len(self.right)} outputs so far are right"
        if self.output == T:
            so_far = f"{sum(self.right)} of {T} outputs are right"
        return (
            f"Output {self.output}, {quoted(self.said[self.output - 1])}: "
            f"{whole_percent(self.row[place])} of the look goes to "
            f"{quoted(self.source[place])}, place {place + 1} of {S}. This look is as "
            f"wide as {number(width(self.row))} places. {so_far}."
        )


def quoted(token: str) -> str:
    """Return a token as a sentence names it.

    >>> quoted("a"), quoted(" "), quoted("END")
    ('“a”', 'a space', 'END')
    """
    return {" ": "a space", "END": "END"}.get(token, f"“{token}”")


def width(weights: Array) -> float:
    """Return over how many places equal weights would be as spread out as these.

    It is the perplexity of the weights, e to the power of their entropy.

    >>> round(width(np.array([0.25, 0.25, 0.25, 0.25])), 2)
    4.0
    """
    there = weights[weights > 0].astype(float)
    return float(np.exp(-(there * np.log(there)).sum()))


@cache
def states(net: str, look: str, example: int) -> States:
    """Return what there is before the first look, for one held-out example."""
    task, model = TASKS[NETS[net]], stored(NETS[net], look)
    rng = np.random.default_rng(example)
    pairs = task.sample(1, rng=rng, split="held_out")
    fed = shifted(pairs.target, model.start_token)
    h, hand_over, _ = model.parts["encoder"].forward(pairs.source)
    s, _, _ = model.parts["decoder"].forward(fed, hand_over)
    return States(
        tuple(task.source_vocabulary.symbols[n] for n in pairs.source[:, 0]),
        tuple(task.target_vocabulary.symbols[n] for n in pairs.target[:, 0]),
        h[:, 0],
        s[:, 0],
    )


def compute(
    *, net: str, look: str, example: int, temperature: float, output: int
) -> AlignmentMap:
    """Look at one example.

    Parameters
    ----------
    net : str
        One of NETS.
    look : str
        One of LOOKS: how a key is scored.
    example : int
        Which of the held-out examples.
    temperature : float
        Scores are divided by it before the softmax; the net was trained at 1.
    output : int
        Up to which output the map is shown; past the last one is the last one.
    """
    before, model = states(net, look, example), stored(NETS[net], look)
    h, s = before.h[:, None], before.s[:, None]
    scores, _ = model.parts["attention"].scores(s, h)
    weights = softmax(scores / np.float32(temperature))
    context = np.einsum("tbs,sbh->tbh", weights, h)
    a, _ = model.parts["combine"].forward(np.concatenate([s, context], axis=-1))
    y, _ = model.parts["output"].forward(np.tanh(a))
    symbols = TASKS[NETS[net]].target_vocabulary.symbols
    names = ["END" if n == END else symbols[n] for n in range(len(symbols))]
    return AlignmentMap(
        before.source,
        (*before.target[:-1], "END"),
        tuple(names[n] for n in y[:, 0].argmax(axis=-1)),
        weights[:, 0],
        temperature,
        min(output, len(before.target)),
    )
