"""Exercise 07.4: a language model that beats counting."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.randomness import drawn_elsewhere
from rnncourse.lesson_07.nets import MINERALS, bits, counted, whole
from rnncourse.shared import recipe
from rnnlib._typing import Rng
from rnnlib.cells import LSTMCell
from rnnlib.models import LanguageModel
from rnnlib.recurrent import Recurrent

__all__ = ["BEAT_THE_BIGRAM", "MARGIN"]

MOST, MARGIN = 1000, 0.1
UNTRAINED = 4.0  # bits a letter; no untrained model has so few


def names_model(vocab_size: int, rng: Rng) -> tuple[LanguageModel, int]:
    """Return an untrained model of names, and how many updates it is to have."""
    cell = LSTMCell(vocab_size, 48, rng=rng, dtype=np.float32)
    return LanguageModel(Recurrent(cell), rng=rng), 150


def _trained_bits(answer: Answer, case: Case) -> Any:
    """Train what the answer builds; return its bits on held-out names.

    Return a sentence instead if the answer builds something else.
    """
    rng, V = case["rng"], len(MINERALS.symbols)
    found = answer(V, rng)
    misfit = _misfit(found, V) or _misfit(answer(V + 2, rng), V + 2)
    misfit = misfit or drawn_elsewhere(lambda rng: answer(V, rng)[0])
    if misfit:
        return misfit
    model, updates = found
    before = bits(model, whole(MINERALS, "held_out"))
    if before < UNTRAINED:
        return (
            f"Before the check has trained it, your model needs {before:.1f} bits a "
            "letter; one that knows nothing needs more than 4. Return it as it is "
            "drawn: the check makes the updates."
        )
    recipe.train(model, MINERALS, int(updates), rng=rng, decay=False, model_rng=rng)
    return bits(model, whole(MINERALS, "held_out"))


def _misfit(found: Any, vocab_size: int) -> str:
    """Return a sentence if something is no model with a number of updates."""
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(found, tuple | list) or len(found) != 2:
        return "It should return two things: a LanguageModel, and a number of updates."
    model, updates = found
    if not isinstance(model, LanguageModel):
        return f"First it should return a LanguageModel, not a {type(model).__name__}."
    size = model.parts["recurrent"].input_size
    if size != vocab_size:
        return f"For a vocab_size of {vocab_size} your model has {size} inputs."
    is_whole = isinstance(updates, int | np.integer) and not isinstance(updates, bool)
    if not is_whole or not 1 <= updates <= MOST:
        return (
            f"The number of updates should be whole, from 1 to {MOST}; it is "
            f"{updates!r:.40}."
        )
    return ""


def _beats_the_bigram(found: Any, case: Case) -> Any:
    if isinstance(found, str):
        return found
    bigram = bits(counted(MINERALS, 2), whole(MINERALS, "held_out"))
    if found <= bigram - MARGIN:
        return True
    return (
        f"On minerals that it has never seen your model needs {found:.2f} bits a "
        f"letter, and counting pairs {bigram:.2f}; {bigram - MARGIN:.2f} is the mark. "
        "Has it learned too little, or too much by heart? The film tells."
    )


BEAT_THE_BIGRAM = Exercise(
    id="07.4",
    kind="T",
    title="Beat the bigram",
    reference=names_model,
    cases=lambda rng: [{"rng": rng}],
    hints=(
        "You decide on two things: how much the model can keep, and how long it "
        "learns. Both have a too little and a too much.",
        "Look at the film again: at which checkpoint is the held-out loss lowest, and "
        "how many bits better than counting is it there? A model that goes on learns "
        "names by heart.",
        "From the inside out: an LSTMCell, or another of the library's cells, "
        "with vocab_size inputs and some dozens of units, a recurrent layer around it, "
        "a language model around that. float32 is faster. Return "
        "it with the number of updates at which the film had its best moment.",
    ),
    observe=_trained_bits,
    claims=(Claim("it is better than counting pairs.", _beats_the_bigram),),
    seconds=60.0,
)
