"""What may come next, what is drawn, and how surprised three models are by it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.lesson_07.nets import RECIPES, counted, letters_only, stored
from rnncourse.shared.wording import fixed, percent
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.sampling import probabilities, sample
from rnnlib.tasks import END, SPECIALS, START
from rnnlib.vocab import Vocabulary

__all__ = ["ALL", "LONGEST", "MODELS", "NETS", "NextLetter", "compute", "read_prefix"]

NETS = tuple(name for name in RECIPES if name.startswith(("minerals", "dinosaurs")))
MODELS = ("net", "bigram", "trigram")
LONGEST, LONGEST_PREFIX = 20, 10
ALL = 27  # letters and END
STRANGE = 8


@dataclass(frozen=True)
class NextLetter:
    """A prefix, what may follow it, and a name that was drawn.

    Attributes
    ----------
    letters : tuple of str
        What may come: a to z, and "." for END.
    probabilities : ndarray, shape (27,)
        Of the next letter, at this temperature, before anything is cut off.
    left : ndarray, shape (27,)
        What top-k and top-p leave of it.
    prefix : str
    drawn : str
        What was drawn after it, "." for END.
    surprises : ndarray, shape (3, N)
        Of each letter of prefix and drawn, in bits: of the net at temperature 1, of
        the bigram and of the trigram model.
    note : str
        What of the prefix was not read.
    """

    letters: tuple[str, ...]
    probabilities: Array
    left: Array
    prefix: str
    drawn: str
    surprises: Array
    note: str

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        best = int(self.probabilities.argmax())
        means = self.surprises[:, len(self.prefix) :].mean(axis=1)
        name = "the end" if self.letters[best] == "." else f"“{self.letters[best]}”"
        after = f"After “{self.prefix}”" if self.prefix else "At the start"
        return (
            f"{after} {name} leads with {percent(self.probabilities[best])}; "
            f"{int((self.left > 0).sum())} of {ALL} may be drawn. Drawn: "
            f"“{self.drawn}”, at {fixed(means[0])} bits a letter; bigram "
            f"{fixed(means[1])}, trigram {fixed(means[2])}.{self.note}"
        )


def read_prefix(text: str) -> tuple[str, str]:
    """Return what is read of a typed text, and a sentence about what is not.

    >>> read_prefix("Quar"), read_prefix("7 Zebras & a xylophone")
    (('quar', ''), ('zebrasaxyl', ' Not read: “7 &” and all after 10 letters.'))
    """
    signs = text.lower()
    known = "".join(sign for sign in signs if "a" <= sign <= "z")
    strange = "".join(dict.fromkeys(s for s in signs if not "a" <= s <= "z"))
    missed = []
    if strange.strip():
        missed.append(f"“{strange[:STRANGE]}{'…' * (len(strange) > STRANGE)}”")
    if len(known) > LONGEST_PREFIX:
        missed.append(f"all after {LONGEST_PREFIX} letters")
    note = f" Not read: {' and '.join(missed)}." if missed else ""
    return known[:LONGEST_PREFIX], note


def compute(
    *, prefix: str, net: str, temperature: float, top_k: int, top_p: float, draw: int
) -> NextLetter:
    """Let a stored net go on from a prefix.

    Parameters
    ----------
    prefix : str
        Letters; what the net does not know is left out, and named in the note.
    net : str
        One of NETS.
    temperature : float
    top_k : int
        How many letters may be drawn at most; 27 are all.
    top_p : float
        The share of probability that they have to have.
    draw : int
        Another number, another name.
    """
    model, task = stored(net), RECIPES[net].task
    read, note = read_prefix(prefix)
    vocabulary = Vocabulary(task.symbols)
    tokens = [START, *(vocabulary.encode(read) if read else ())]
    rng = np.random.default_rng(draw)
    scores, state = model.logits(np.array(tokens)[:, None], model.start(1))
    expected = [letters_only(each) for each in scores]
    at_first = expected[-1]
    cut: dict[str, Any] = {
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
    }
    drawn: list[int] = []
    while len(read) + len(drawn) < LONGEST and END not in drawn:
        drawn.append(int(sample(expected[-1], rng=rng, **cut)[0]))
        scores, state = model.step(np.array([drawn[-1]]), state)
        expected.append(letters_only(scores))
    text = np.array([*tokens, *drawn])
    shares = [softmax(np.concatenate(expected[:-1]).astype(float))]
    shares += [counted(task, n).probabilities(text[:-1, None])[:, 0] for n in (2, 3)]
    steps = np.arange(len(text) - 1)
    surprises = np.array([-np.log2(p[steps, text[1:]]) for p in shares])
    names = {SPECIALS[END]: "."}
    written = [names.get(task.symbols[t], task.symbols[t]) for t in drawn]
    order = [*range(len(SPECIALS), len(vocabulary)), END]
    return NextLetter(
        tuple(names.get(task.symbols[n], task.symbols[n]) for n in order),
        probabilities(at_first, temperature=temperature)[0][order],
        probabilities(at_first, **cut)[0][order],
        read,
        "".join(written),
        surprises,
        note,
    )
