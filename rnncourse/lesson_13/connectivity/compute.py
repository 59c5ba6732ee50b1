"""Which symbols of a text reach an answer, asked in three ways, at every step."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_13.nets import BRACKETS, brackets
from rnncourse.shared.open_brackets import read_text
from rnncourse.shared.wording import count, fixed, percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.diagnostics import integrated_gradients, occlusion, saliency
from rnnlib.vocab import Vocabulary

__all__ = ["LONGEST", "MEASURES", "SYMBOLS", "TEXT", "Connectivity", "compute"]

TEXT = '[a(b)ab"a"(b)ba]b'
SYMBOLS = BRACKETS.symbols
LONGEST, POINTS = 18, 16
MEASURES = {
    "gradient": saliency,
    "integrated gradients": integrated_gradients,
    "occlusion": occlusion,
}


@dataclass(frozen=True)
class Connectivity:
    """A text, an answer of the net, and what each symbol that it has read did for it.

    Attributes
    ----------
    text : str
        All of it; `read` symbols were read.
    read : int
    target : str
        The next symbol that the net thinks most probable.
    probabilities : ndarray, shape (7,)
        Of what comes next.
    rows : dict of str to ndarray, shape (read,)
        By measure: what each symbol did for ln p of the target, in nats.
    table : ndarray, shape (read, read)
        By the measure that was chosen, a row for the answer after each symbol, divided
        by the largest absolute number of its row; nan for symbols not yet read.
    measure : str
    note : str
        What of the text was not read.
    """

    text: str
    read: int
    target: str
    probabilities: Array
    rows: dict[str, Array]
    table: Array
    measure: str
    note: str

    @property
    def strongest(self) -> dict[str, int]:
        """The place of the symbol that each measure finds strongest."""
        return {name: int(abs(row).argmax()) for name, row in self.rows.items()}

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        p = self.probabilities[SYMBOLS.index(self.target)]
        parts = [
            f"{name} “{self.text[place]}” at {place + 1} ({fixed(row[place])})"
            for (name, row), place in zip(
                self.rows.items(), self.strongest.values(), strict=True
            )
        ]
        return (
            f"After {count(self.read, 'symbol')} the net says “{self.target}” with "
            f"{percent(p)}. Strongest by {', by '.join(parts)}.{self.note}"
        )


@cache
def said(text: str) -> tuple[int, Array]:
    """Return the most probable next symbol, and the probabilities of all."""
    z, _ = brackets().logits(Vocabulary(SYMBOLS).encode(text)[:, None])
    p = softmax(z[-1, 0])
    return int(p.argmax()), p


@cache
def row(text: str, measure: str) -> Array:
    """Return what each symbol did for the most probable next one, (T,)."""
    tokens, (target, _) = Vocabulary(SYMBOLS).encode(text), said(text)
    more = {"points": POINTS} if measure == "integrated gradients" else {}
    found: Array = MEASURES[measure](brackets(), tokens, target, **more)
    return found


def compute(*, text: str, read: int, measure: str) -> Connectivity:
    """Ask the stored net of brackets which symbols its answer comes from.

    The answer is the symbol that the net thinks most probable after those that were
    read. Each symbol is measured by what it does for ln p of that answer.
    """
    known, note = read_text(text, LONGEST)
    read = min(read, len(known))
    target, p = said(known[:read])
    table = np.full((read, read), np.nan)
    for t in range(1, read + 1):
        found = row(known[:t], measure)
        table[t - 1, :t] = found / max(abs(found).max(), 1e-12)
    rows = {name: row(known[:read], name) for name in MEASURES}
    return Connectivity(known, read, SYMBOLS[target], p, rows, table, measure, note)
