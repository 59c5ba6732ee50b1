"""Exercise 11.4: the bottleneck removed."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.randomness import (
    shared_weights,
    trained_already,
)
from rnncourse.shared.recipe import train
from rnncourse.shared.translators import exact
from rnnlib._typing import Rng
from rnnlib.attention import DotAttention
from rnnlib.cells import GRUCell
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import Reversal

__all__ = ["LOOKS_BACK"]

LENGTH, UNITS, UPDATES, MARK = 8, 32, 400, 0.3
WITHOUT = 0.188  # the best of ten GRUs that cannot look, seeds 100 to 109
TASK, OTHER_SIZES = Reversal(min_length=LENGTH, max_length=LENGTH), (7, 5)


def looks_back(vocab_size: int, hidden_size: int, rng: Rng) -> Seq2Seq:
    """Return an encoder and a decoder that may look at all of the encoder's states."""
    encoder, decoder = (
        Recurrent(GRUCell(vocab_size, hidden_size, rng=rng, dtype=np.float32))
        for _ in range(2)
    )
    return Seq2Seq(encoder, decoder, rng=rng, attention=DotAttention(scaled=True))


def _trained_share(answer: Answer, case: Case) -> Any:
    """Train what the answer builds; return its share of exact answers.

    It is a sentence if it builds something else, for the task or for other sizes.
    """
    rng, sizes = case["rng"], (len(TASK.source_vocabulary), UNITS)
    for asked in (sizes, OTHER_SIZES):
        misfit = _misfit(answer(*asked, np.random.default_rng(1)), *asked)
        if misfit:
            return misfit
    if _drawn_elsewhere(answer, sizes[0]):
        return "Draw all weights from the rng that you are given, and from no other."
    return trained_share(answer(*sizes, rng), rng)


def trained_share(model: Seq2Seq, rng: Rng) -> float:
    """Train a network; return how many new words it has right, as a share."""
    train(model, TASK, UPDATES, rng=rng, model_rng=rng)
    return exact(model, TASK, rng=rng)


def _drawn_elsewhere(answer: Answer, vocab_size: int) -> bool:
    """Return whether the rng alone does not decide on the weights."""
    one, same, other = (
        answer(vocab_size, UNITS, np.random.default_rng(seed)).params
        for seed in (1, 1, 2)
    )
    return any(
        not np.array_equal(one[name], same[name])
        or (one[name].ndim > 1 and np.array_equal(one[name], other[name]))
        for name in one
    )


def _misfit(model: Any, vocab_size: int, hidden_size: int) -> str:
    """Return a sentence if something is no untrained Seq2Seq that looks."""
    if model is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(model, Seq2Seq):
        return f"It should return a Seq2Seq; yours returns a {type(model).__name__}."
    if "attention" not in model.parts:
        return (
            "Your decoder cannot look at the encoder's states: your Seq2Seq has no "
            "attention."
        )
    layers = [model.parts[name] for name in ("encoder", "decoder")]
    for what, sizes, asked in (
        ("inputs", [layer.input_size for layer in layers], vocab_size),
        ("units", [layer.output_size for layer in layers], hidden_size),
    ):
        if sizes != [asked] * 2:
            return (
                f"With vocab_size={vocab_size} and hidden_size={hidden_size} both "
                f"layers should have {asked} {what}; yours have {sizes[0]} and "
                f"{sizes[1]}."
            )
    return shared_weights(*layers) or trained_already(model)


def _is_ahead(share: Any, case: Case) -> Any:
    if isinstance(share, str):
        return share
    if share >= WITHOUT + MARK:
        return True
    return (
        f"After {UPDATES} updates your net has {share:.0%} of new words of {LENGTH} "
        f"letters right. The best of ten nets without attention had {WITHOUT:.0%}, and "
        f"{MARK * 100:.0f} points above it is the mark. Does the decoder look at "
        "the encoder's states?"
    )


LOOKS_BACK = Exercise(
    id="11.4",
    kind="T",
    title="The bottleneck removed",
    reference=looks_back,
    cases=lambda rng: [{"rng": rng}],
    hints=(
        "You have built a net like this in exercise 10.7. What does a decoder need on "
        "top of it, so that it can look?",
        "A Seq2Seq takes one argument more for it. Which kinds of attention have you "
        "met in this lesson?",
        "Two layers as before, each around a cell of its own, now with hidden_size "
        "units. Then the model, with an attention in it. Nothing is trained by you; "
        "float32 makes the training of the check faster; take it for all parts, or for "
        "none.",
    ),
    observe=_trained_share,
    claims=(Claim("it is far ahead of nets that cannot look.", _is_ahead),),
    seconds=60.0,
)
