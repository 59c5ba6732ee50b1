"""A latch: one LSTM unit that stores, keeps, and shows, over twelve steps."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import fixed, percent
from rnnlib._typing import Array
from rnnlib.activations import sigmoid

__all__ = ["GATES", "PROGRAMME", "STEPS", "WORDS", "Latch", "compute"]

STEPS = 12
GATES = ("i", "f", "o", "g")
WORDS = {"i": "input", "f": "forget", "o": "output", "g": "candidate"}
OPEN, SHUT = 6.0, -6.0


def _programme() -> dict[str, Array]:
    """Return the pre-activations that store at step 2 and show at step 11."""
    a = {
        "i": np.full(STEPS, SHUT),
        "f": np.full(STEPS, OPEN),
        "o": np.full(STEPS, SHUT),
    }
    a["i"][1] = a["o"][10] = OPEN
    offered = [0.4, 1.5, -0.9, 0.6, 0.8, -1.4, -0.5, 1.1, -1.2, 0.7, -0.8, 0.3]
    return {**a, "g": np.array(offered)}


PROGRAMME = _programme()


@dataclass(frozen=True)
class Latch:
    """What the unit does in twelve steps.

    Attributes
    ----------
    gate : str
        The letter of the gate that was set.
    step : int
        At which step, from 1.
    a : float
        To which pre-activation.
    i, f, o, g, c, h : ndarray, shape (12,)
    """

    gate: str
    step: int
    a: float
    i: Array
    f: Array
    o: Array
    g: Array
    c: Array
    h: Array

    @property
    def value(self) -> float:
        """What the gate that was set lets through; of the candidate, what it offers."""
        return float(getattr(self, self.gate)[self.step - 1])

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        shown = int(np.abs(self.h).argmax())
        return (
            f"Step {self.step}: {self.gate} = {fixed(self.value, 3)}{self._effect()} "
            f"At the end c = {fixed(self.c[-1])}; the largest |h| is "
            f"{fixed(abs(self.h[shown]))}, at step {shown + 1}."
        )

    def _effect(self) -> str:
        now = self.step - 1
        share = percent(self.value)
        before = float(self.c[now - 1]) if now else 0.0
        tanh_c = fixed(float(np.tanh(self.c[now])))
        return {
            "i": f" writes {share} of the candidate {fixed(self.g[now])}.",
            "f": f" keeps {share} of the cell state {fixed(before)}.",
            "o": f" shows {share} of tanh(c) = {tanh_c}.",
            "g": f" is offered; the input gate writes {percent(self.i[now])} of it.",
        }[self.gate]


def compute(*, gate: str, step: int, a: float) -> Latch:
    """Run the programme with one pre-activation set to another value."""
    preactivations = {name: values.copy() for name, values in PROGRAMME.items()}
    preactivations[gate][step - 1] = a
    i, f, o = (sigmoid(preactivations[name]) for name in "ifo")
    g = np.tanh(preactivations["g"])
    c, kept = np.empty(STEPS), 0.0
    for t in range(STEPS):
        kept = f[t] * kept + i[t] * g[t]
        c[t] = kept
    return Latch(gate, step, a, i, f, o, g, c, o * np.tanh(c))
