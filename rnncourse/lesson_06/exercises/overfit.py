"""Exercise 06.6: learn ten sentences by heart, before anything else."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import what_it_is
from rnncourse.checking.randomness import drawn_elsewhere
from rnncourse.lesson_06.sentences import VOCABULARY, ten_sentences
from rnnlib._typing import Rng
from rnnlib.cells import RNNCell
from rnnlib.metrics import accuracy
from rnnlib.models import LanguageModel
from rnnlib.optimizers import SGD, Adam, Optimizer
from rnnlib.recurrent import Recurrent
from rnnlib.training import fit

__all__ = ["OVERFIT"]

UPDATES, MARK, KNOWN_AT_FIRST = 300, 0.98, 0.5


def memoriser(vocab_size: int, rng: Rng) -> tuple[LanguageModel, Optimizer, float]:
    """Return a model, an optimiser and a limit for the norm of the gradient."""
    cell = RNNCell(vocab_size, 64, rng=rng, dtype=np.float32)
    return LanguageModel(Recurrent(cell), rng=rng), Adam(0.01), 1.0


def _trained(answer: Answer, case: Case) -> Any:
    """Train with what the answer returns; return the share of right letters.

    Return a sentence instead if the answer returns something else.
    """
    found = answer(len(VOCABULARY), case["rng"])
    misfit = _misfit(found)
    if misfit:
        return misfit
    model, optimizer, clip_norm = found
    again = answer(len(VOCABULARY), np.random.default_rng(0))
    if model is again[0] or optimizer is again[1]:
        return "Make a new model and a new optimiser at each call; yours come again."
    elsewhere = drawn_elsewhere(lambda rng: answer(len(VOCABULARY), rng)[0])
    if elsewhere:
        return elsewhere
    batch = ten_sentences()
    known = _known(model, batch)
    if known > KNOWN_AT_FIRST:
        return (
            f"Before the first update {known:.0%} of the letters are right: return a "
            "model that is not trained yet, a new one at each call."
        )
    history = fit(
        model,
        [batch] * UPDATES,
        optimizer,
        rng=case["rng"],
        clip_norm=clip_norm,
        progress=False,
    )
    if history.stopped:
        return f"Training stopped: {history.stopped}."
    return _known(model, batch)


def _known(model: LanguageModel, batch: Any) -> float:
    """Return the share of right letters."""
    said = model.predict(batch.inputs, batch.input_mask)
    return accuracy(said, batch.targets, batch.mask)


def _misfit(found: Any) -> str:
    """Return a sentence if something is no model, optimiser and limit."""
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(found, tuple | list) or len(found) != 3:
        return "It should return three things: a model, an optimiser, a limit."
    model, optimizer, clip_norm = found
    if not isinstance(model, LanguageModel):
        return f"The first should be a LanguageModel; it is {what_it_is(model)}."
    if model.vocab_size != len(VOCABULARY):
        return (
            f"The model should know {len(VOCABULARY)} letters; it knows "
            f"{model.vocab_size}."
        )
    if not isinstance(optimizer, Optimizer):
        kind = what_it_is(optimizer)
        return f"The second should be an optimiser, such as {SGD(0.1)!r}; it is {kind}."
    number = isinstance(clip_norm, int | float | np.number)
    if clip_norm is not None and not (number and clip_norm > 0):
        return (
            f"The third should be a positive limit, or None; it is {clip_norm!r:.40}."
        )
    return ""


def _by_heart(share: Any, _: Case) -> bool | str:
    if isinstance(share, str):
        return share
    if share >= MARK:
        return True
    return (
        f"After {UPDATES} updates {share:.0%} of the letters are right; {MARK:.0%} is "
        "the mark. Are there enough units? Are the steps too small, or too large?"
    )


OVERFIT = Exercise(
    id="06.6",
    kind="T",
    title="Ten sentences by heart",
    reference=memoriser,
    cases=lambda rng: [{"rng": rng}],
    mistakes=(
        Mistake(
            "too_few_units",
            {"64": "3"},
            "Three units cannot hold where they are in ten sentences. Give the "
            "network more room.",
        ),
        Mistake(
            "steps_too_small",
            {"0.01": "0.00001"},
            "The loss falls, and so slowly that 300 updates are not enough. Look at "
            "the update ratio: about a thousandth is healthy.",
        ),
        Mistake(
            "steps_too_large",
            {"0.01": "1.0"},
            "The steps are so large that all units are saturated after a few of them. "
            "Look at the update ratio: about a thousandth is healthy.",
        ),
        Mistake(
            "clipped_to_nothing",
            {"Adam(0.01), 1.0": "SGD(0.1), 0.001"},
            "With plain SGD a limit of a thousandth makes every step tiny. How many "
            "of the 300 updates are cut? Choose the limit from the norms, as in 06.2.",
        ),
    ),
    claims=(Claim("ten sentences are known by heart.", _by_heart),),
    observe=_trained,
    hints=(
        "If a network cannot learn ten sentences by heart, something is broken, and no "
        "amount of data will mend it. Here nothing is broken: give it room, and steps "
        "of the right size.",
        "Some dozens of units are enough for a plain cell. What did section 3 say "
        "about learning rates: which optimiser depends least on the scale of the "
        "gradient?",
        "From the inside: a cell with vocab_size inputs and room for a few dozen "
        "states, a layer around it, a language model around that. Then an optimiser "
        "with a rate from a few thousandths to a few hundredths, and a limit that cuts "
        "only now and then.",
    ),
    seconds=60.0,
)
