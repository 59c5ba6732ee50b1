"""Exercise 11.4: the bottleneck removed."""

from itertools import product
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnnlib._typing import Rng
from rnnlib.attention import DotAttention
from rnnlib.cells import GRUCell
from rnnlib.metrics import exact_match
from rnnlib.models import Model
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.optimizers import Adam
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import Reversal
from rnnlib.training import fit
from rnnlib.training.schedules import cosine_decay

__all__ = ["LOOKS_BACK"]

LENGTH, UNITS, UPDATES, MARK = 8, 32, 400, 0.3
OTHER_SIZES = 7, 5


def looks_back(vocab_size: int, hidden_size: int, rng: Rng) -> Model:
    """Return an encoder and a decoder that may look at all of the encoder's states."""
    encoder, decoder = (
        Recurrent(GRUCell(vocab_size, hidden_size, rng=rng, dtype=np.float32))
        for _ in range(2)
    )
    return Seq2Seq(encoder, decoder, rng=rng, attention=DotAttention(scaled=True))


def _trained_gap(answer: Answer, case: Case) -> Any:
    """Train what the answer builds, and its twin that cannot look; return both shares.

    It is a sentence if it builds something else, for the task or for other sizes.
    """
    task, rng = Reversal(min_length=LENGTH, max_length=LENGTH), case["rng"]
    V = len(task.source_vocabulary)
    for sizes in ((V, UNITS), OTHER_SIZES):
        misfit = _misfit(answer(*sizes, np.random.default_rng(1)), *sizes)
        if misfit:
            return misfit
    if _drawn_elsewhere(answer, V):
        return "Draw all weights from the rng that you are given, and from no other."
    model = answer(V, UNITS, rng)
    twin = Seq2Seq(
        *(Recurrent(GRUCell(V, UNITS, rng=rng, dtype=np.float32)) for _ in range(2)),
        rng=rng,
    )
    shares = []
    for net in (model, twin):
        batches = (task.sample(32, rng=rng) for _ in range(UPDATES))
        schedule = cosine_decay(UPDATES)
        fit(net, batches, Adam(0.01), clip_norm=1.0, schedule=schedule, progress=False)
        pairs = task.sample(500, rng=rng, split="held_out")
        said = net.predict(pairs.source, max_length=LENGTH + 2)
        shares.append(exact_match(said, pairs.target, pairs.target_mask))
    return tuple(shares)


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
    reading, writing = (layer.params.values() for layer in layers)
    if any(np.shares_memory(one, other) for one, other in product(reading, writing)):
        return "Encoder and decoder should have weights of their own; yours share them."
    if model.params["output.b_y"].any():
        return (
            "Your net is trained already, for its output has biases other than 0: "
            "return it as it is built, the check trains it."
        )
    return ""


def _is_ahead(shares: Any, case: Case) -> Any:
    if isinstance(shares, str):
        return shares
    own, without = shares
    if own - without >= MARK:
        return True
    return (
        f"After {UPDATES} updates your net has {own:.0%} of new words of {LENGTH} "
        f"letters right, a twin without attention {without:.0%}; {MARK * 100:.0f} "
        "points between them is the mark. Do dot products of long vectors need a "
        "scale?"
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
        "met in this lesson, and which of them has a scale?",
        "Two layers as before, each around a cell of its own, now with hidden_size "
        "units. Then the model, with an attention in it. Nothing is trained by you; "
        "float32 makes the training of the check faster.",
    ),
    observe=_trained_gap,
    claims=(Claim("it is far ahead of a twin that cannot look.", _is_ahead),),
    seconds=90.0,
)
