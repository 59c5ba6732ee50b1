"""Exercise 10.7: a network that reverses words."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.plain import what_it_is
from rnncourse.checking.randomness import (
    drawn_elsewhere,
    shared_weights,
    trained_already,
)
from rnncourse.shared.recipe import train
from rnncourse.shared.translators import exact
from rnnlib._typing import Rng
from rnnlib.cells import GRUCell
from rnnlib.models import Model
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import Reversal

__all__ = ["REVERSER"]

LENGTH, UPDATES, MARK = 4, 600, 0.85
OTHER_SIZE = 7


def reverser(vocab_size: int, rng: Rng) -> Model:
    """Return an encoder and a decoder that can learn to reverse short words."""
    encoder, decoder = (
        Recurrent(GRUCell(vocab_size, 48, rng=rng, dtype=np.float32)) for _ in range(2)
    )
    return Seq2Seq(encoder, decoder, rng=rng)


def _trained_match(answer: Answer, case: Case) -> Any:
    """Train what the answer builds; return its share of exact answers.

    It is a sentence if it builds something else, for the task or for another size.
    """
    task, rng = Reversal(max_length=6), case["rng"]
    sizes = len(task.source_vocabulary), OTHER_SIZE
    model, other = (answer(vocab_size, rng) for vocab_size in sizes)
    misfit = _misfit(model, sizes[0]) or _misfit(other, sizes[1])
    misfit = misfit or drawn_elsewhere(lambda rng: answer(sizes[0], rng))
    if misfit:
        return misfit
    train(model, task, UPDATES, rng=rng, model_rng=rng)
    words = Reversal(max_length=LENGTH, min_length=LENGTH)
    return exact(model, words, rng=rng)


def _misfit(model: Any, vocab_size: int) -> str:
    """Return a sentence if something is no untrained Seq2Seq of that size."""
    if model is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(model, Seq2Seq):
        return f"It should return a Seq2Seq; what comes is {what_it_is(model)}."
    layers = [model.parts[name] for name in ("encoder", "decoder")]
    inputs = [layer.input_size for layer in layers]
    if inputs != [vocab_size] * 2:
        return (
            f"For a vocab_size of {vocab_size} both layers should have {vocab_size} "
            f"inputs; yours have {inputs[0]} and {inputs[1]}."
        )
    if shared := shared_weights(*layers):
        return shared
    reading, writing = (layer.params.values() for layer in layers)
    twins = zip(reading, writing, strict=False)
    if all(np.array_equal(one, other) for one, other in twins):
        return (
            "Encoder and decoder begin with the same numbers: draw the weights of "
            "each, one after the other, from the rng."
        )
    return trained_already(model)


def _reaches_the_mark(match: Any, case: Case) -> Any:
    if isinstance(match, str):
        return match
    if match >= MARK:
        return True
    return (
        f"After {UPDATES} updates {match:.0%} of new words of {LENGTH} letters come "
        f"back reversed; {MARK:.0%} is the mark. What goes through the hand-over?"
    )


REVERSER = Exercise(
    id="10.7",
    kind="T",
    title="A net that reverses words",
    reference=reverser,
    cases=lambda rng: [{"rng": rng}],
    hints=(
        "A Seq2Seq is made of two layers with weights of their own. What is a layer "
        "made of, and what goes from the first one to the second?",
        "All that the decoder knows of the word goes through one state. It must hold "
        "four letters and their order: a few dozen units. Which cells have you met, "
        "and what does each of them keep?",
        "Build it from the inside: a cell of your choice, with vocab_size inputs and a "
        "few dozen units; a layer around it; a second layer with a cell of its own; "
        "then the model. float32 makes training faster.",
    ),
    observe=_trained_match,
    claims=(Claim("words of four letters come back reversed.", _reaches_the_mark),),
    seconds=60.0,
)
