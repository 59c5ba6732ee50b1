"""A state of the bracket net, moved along a direction, and what the net then writes."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from rnncourse.lesson_13.nets import BRACKETS, brackets
from rnncourse.shared.open_brackets import depths, quoted
from rnncourse.shared.wording import fixed, whole_percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.diagnostics import Probe, linear_probe
from rnnlib.models import LanguageModel
from rnnlib.vocab import Vocabulary

__all__ = [
    "CLOSING",
    "DIRECTIONS",
    "MOST",
    "SHIFTS",
    "SYMBOLS",
    "TEXTS",
    "WRITTEN",
    "Fitted",
    "Surgery",
    "closed",
    "compute",
    "fit",
    "fitted",
    "next_symbols",
    "written_on",
]

TEXTS = ("(", "([a", "[a(b", "(([b", "[([", '(a"b"[')
DIRECTIONS = ("the probe's", "between the means", "at random")
MOST, WRITTEN, FITTED, SEED = 3.0, 10, 300, 2
SHIFTS = np.linspace(-MOST, MOST, 61)
SYMBOLS = BRACKETS.symbols
CLOSING = [SYMBOLS.index(symbol) for symbol in ")]"]


class Fitted(NamedTuple):
    """What was found in the states of many texts.

    Attributes
    ----------
    probe : Probe
        Reads how many brackets are open.
    ways : dict of str to array (H,)
        How far a state is moved for one bracket more, for each of DIRECTIONS.
    states : list of array (N, H)
        By the number of open brackets, states in which no quote is open.
    """

    probe: Probe
    ways: dict[str, Array]
    states: list[Array]


@dataclass(frozen=True)
class Surgery:
    """What a net does after its state was moved.

    Attributes
    ----------
    text, way : str
    depth : int
        How many brackets are open.
    shift : float
        In brackets: for the probe's direction, that many more are read.
    before, after : ndarray, shape (7,)
        The probability of each next symbol.
    read_before, read_after : float
        What the probe reads.
    written_before, written_after : str
        What the net writes on, always the most probable symbol.
    curves : ndarray, shape (3, 61)
        For each of DIRECTIONS, over SHIFTS: the probability of a closing bracket, its
        mean over states in which `depth` brackets are open.
    """

    text: str
    way: str
    depth: int
    shift: float
    before: Array
    after: Array
    read_before: float
    read_after: float
    written_before: str
    written_after: str
    curves: Array

    @property
    def closed(self) -> tuple[int, int]:
        """How many brackets are closed at once, before anything else is written."""
        return closed(self.written_before), closed(self.written_after)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        first, second = self.closed
        own, moved = (float(p[CLOSING].sum()) for p in (self.before, self.after))
        if not self.shift:
            return (
                f"Brackets open: {self.depth}. The probe reads "
                f"{fixed(self.read_before, 1)}, a closing bracket comes with "
                f"{whole_percent(own)}, and the net first closes {first}."
            )
        sign = "+" if self.shift > 0 else ""
        return (
            f"Brackets open: {self.depth}. Moved {sign}{fixed(self.shift, 1)} "
            f"{_along(self.way)}, the probe reads {fixed(self.read_after, 1)}, not "
            f"{fixed(self.read_before, 1)}; a closing bracket comes with "
            f"{whole_percent(moved)}, not {whole_percent(own)}; the net "
            f"first closes {second}, by itself {first}."
        )


def _along(way: str) -> str:
    return "along the probe" if way == DIRECTIONS[0] else way


def closed(text: str) -> int:
    """Return how many closing brackets a text begins with."""
    return len(text) - len(text.lstrip(")]"))


def fit(model: LanguageModel) -> Fitted:
    """Return a probe, the directions and the states of a net, from 300 texts."""
    rng = np.random.default_rng(SEED)
    tokens = BRACKETS.sample(FITTED, rng=rng, split="held_out").inputs
    h, _, _ = model.parts["recurrent"].forward(tokens)
    depth, plain = depths(tokens), ~quoted(tokens)
    probe = linear_probe(h, depth.astype(float))
    states = [h[(depth == d) & plain] for d in range(BRACKETS.max_depth + 1)]
    means = (states[-1].mean(axis=0) - states[0].mean(axis=0)) / BRACKETS.max_depth
    random = rng.standard_normal(len(means))
    ways = (
        probe.weights / (probe.weights @ probe.weights),
        means,
        random * np.linalg.norm(means) / np.linalg.norm(random),
    )
    return Fitted(probe, dict(zip(DIRECTIONS, ways, strict=True)), states)


@cache
def fitted() -> Fitted:
    """Return what `fit` finds in the stored net."""
    return fit(brackets())


def next_symbols(model: LanguageModel, states: Array) -> Array:
    """Return the probabilities (..., 7) of the symbol after each state (..., H)."""
    return softmax(model.scores(states, None)[0])


@cache
def closing(depth: int) -> Array:
    """Return the curves of `Surgery` for states with `depth` open brackets."""
    found = fitted()
    states = found.states[depth][:100]
    moved = [states + shift * found.ways[way] for way in DIRECTIONS for shift in SHIFTS]
    p = next_symbols(brackets(), np.array(moved))[..., CLOSING].sum(axis=-1)
    curves: Array = p.mean(axis=-1).reshape(len(DIRECTIONS), len(SHIFTS))
    return curves


def written_on(model: LanguageModel, states: Array, steps: int = WRITTEN) -> list[str]:
    """Return what a net writes from states (N, H), the most probable each time."""
    cell, written = model.parts["recurrent"].cell, list[Array]()
    for _ in range(steps):
        if written:
            states = cell.forward(written[-1], cell.State(states))[0].h
        written.append(model.scores(states, None)[0].argmax(axis=-1))
    return ["".join(SYMBOLS[k] for k in column) for column in np.array(written).T]


@cache
def after_reading(text: str) -> tuple[Array, int]:
    """Return the state (1, H) after a text, and how many brackets are open there."""
    tokens = Vocabulary(SYMBOLS).encode(text)[:, None]
    h, _, _ = brackets().parts["recurrent"].forward(tokens)
    return h[-1], int(depths(tokens)[-1, 0])


def compute(*, text: str, way: str, shift: float) -> Surgery:
    """Move the state after a text, and compare what the net does.

    Parameters
    ----------
    text : str
        One of TEXTS.
    way : str
        One of DIRECTIONS. Along the probe's, one more bracket is read at each 1; the
        means are those of states with 4 and with 0 open brackets, a quarter of the
        way at each 1; the random direction is as long as that.
    shift : float
        How far the state is moved.
    """
    found, (state, depth) = fitted(), after_reading(text)
    moved = state + shift * found.ways[way]
    both = np.concatenate([state, moved])
    before, after = next_symbols(brackets(), both)
    read_before, read_after = map(float, found.probe.read(both))
    written_before, written_after = written_on(brackets(), both)
    return Surgery(
        text,
        way,
        depth,
        shift,
        before,
        after,
        read_before,
        read_after,
        written_before,
        written_after,
        closing(depth),
    )
