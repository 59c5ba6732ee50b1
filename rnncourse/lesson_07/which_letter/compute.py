"""Which symbol of a text spoke for the next one: asked in two ways."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_07.nets import BRACKETS, stored
from rnncourse.shared.open_brackets import read_text
from rnncourse.shared.wording import count, fixed, percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.diagnostics import occlusion, saliency
from rnnlib.vocab import Vocabulary

__all__ = ["LONGEST", "TARGETS", "TEXT", "WhichLetter", "compute"]

TEXT = '[a(b)ab"a"(b)ba'
SYMBOLS = BRACKETS.symbols
BEST = "the most probable"
TARGETS = (BEST, *SYMBOLS)
LONGEST = 24


@dataclass(frozen=True)
class WhichLetter:
    """A text, and what each of its symbols did for a target.

    Attributes
    ----------
    text : str
        All of it; `read` symbols were read.
    read : int
    target : str
    probabilities : ndarray, shape (7,)
        Of what comes next.
    slopes : ndarray, shape (read,)
        The length of the gradient of ln p(target) at each symbol.
    falls : ndarray, shape (read,)
        How much ln p(target) falls if the symbol is not seen.
    note : str
        What of the text was not read.
    """

    text: str
    read: int
    target: str
    probabilities: Array
    slopes: Array
    falls: Array
    note: str

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        steep, far = int(self.slopes.argmax()), int(abs(self.falls).argmax())
        p = self.probabilities[SYMBOLS.index(self.target)]
        place = (
            "there, too" if steep == far else f"at symbol {far + 1}, “{self.text[far]}”"
        )
        way = "falls" if self.falls[far] > 0 else "rises"
        return (
            f"After {count(self.read, 'symbol')} {self.target} has {percent(p)}. The "
            f"gradient is steepest at symbol {steep + 1}, “{self.text[steep]}”. Taking "
            f"a symbol away matters most {place}: ln p {way} by "
            f"{fixed(abs(self.falls[far]))}.{self.note}"
        )


@cache
def _looked(text: str, target: str) -> tuple[str, Array, Array, Array]:
    """Return the target, the probabilities, and both measures for a whole text."""
    model = stored("brackets")
    tokens = Vocabulary(SYMBOLS).encode(text)
    z, _ = model.logits(tokens[:, None])
    p = softmax(z[-1, 0].astype(float))
    wanted = int(p.argmax()) if target == BEST else SYMBOLS.index(target)
    measures = [
        np.asarray(measure(model, tokens, wanted), dtype=float)
        for measure in (saliency, occlusion)
    ]
    return SYMBOLS[wanted], p, measures[0], measures[1]


def compute(*, text: str, read: int, target: str) -> WhichLetter:
    """Ask the stored net of brackets which symbol mattered.

    Parameters
    ----------
    text : str
        Symbols of the language; others are left out, and named in the note.
    read : int
        How many of them are read.
    target : str
        The next symbol that is explained, or "the most probable".
    """
    known, note = read_text(text, LONGEST)
    read = min(read, len(known))
    return WhichLetter(known, read, *_looked(known[:read], target), note)
