"""Exercise 10.7: a network that reverses words."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnnlib._typing import Rng
from rnnlib.cells import GRUCell
from rnnlib.metrics import exact_match
from rnnlib.models import Model
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.optimizers import Adam
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import Reversal
from rnnlib.training import fit
from rnnlib.training.schedules import cosine_decay

__all__ = ["REVERSER"]

LENGTH, UPDATES, MARK = 4, 600, 0.85


def reverser(vocab_size: int, rng: Rng) -> Model:
    """Return an encoder and a decoder that can learn to reverse short words."""
    encoder, decoder = (
        Recurrent(GRUCell(vocab_size, 48, rng=rng, dtype=np.float32)) for _ in range(2)
    )
    return Seq2Seq(encoder, decoder, rng=rng)


def _trained_match(answer: Answer, case: Case) -> Any:
    """Train what the answer builds; return its share of exact answers."""
    task, rng = Reversal(max_length=6), case["rng"]
    model = answer(len(task.source_vocabulary), rng)
    if not isinstance(model, Seq2Seq):
        return f"a {type(model).__name__}"
    batches = (task.sample(32, rng=rng) for _ in range(UPDATES))
    schedule = cosine_decay(UPDATES)
    fit(model, batches, Adam(0.01), clip_norm=1.0, schedule=schedule, progress=False)
    words = Reversal(max_length=LENGTH, min_length=LENGTH)
    pairs = words.sample(500, rng=rng, split="held_out")
    said = model.predict(pairs.source, max_length=LENGTH + 2)
    return exact_match(said, pairs.target, pairs.target_mask)


def _reaches_the_mark(match: Any, case: Case) -> Any:
    if isinstance(match, str):
        return f"It should return a Seq2Seq; yours returns {match}."
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
        "A Seq2Seq is made of two layers with weights of their own, and of what you "
        "have learned about which cell remembers.",
        "Gated cells keep letters longer than the plain RNN. The state must hold four "
        "letters and their order: a few dozen units.",
        "make an encoder and a decoder, each a Recurrent of its own GRU cell with "
        "vocab_size inputs and about 48 units, in float32 for speed; return the "
        "Seq2Seq of both.",
    ),
    observe=_trained_match,
    claims=(Claim("words of four letters come back reversed.", _reaches_the_mark),),
    seconds=60.0,
)
