"""What a decoder says if its attention is moved by hand, one step at a time.

``python -m rnncourse.lesson_11.forced`` trains ten readers of dates anew, in each of
two ways to look, and stores what becomes of their answers; it takes about ten minutes.
Names after it choose some of them.
"""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnncourse.lesson_11.nets import trained
from rnncourse.shared.translators import TASKS
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.batches import END, Pairs
from rnnlib.models.base import shifted
from rnnlib.models.seq2seq import Seq2Seq

__all__ = [
    "LOOKS",
    "PARTS",
    "WAYS",
    "Looks",
    "looks",
    "pair_of",
    "probabilities",
    "ten_runs",
    "unchanged",
]

TASK, LOOKS = "dates", ("scaled", "dot", "additive")
PARTS = {"year": [0, 1, 2, 3], "month": [5, 6], "day": [8, 9]}  # of 2009-12-02
COUNT = 500


class Looks(NamedTuple):
    """All looks of a decoder, with the true targets fed in.

    `h` (S, B, H) are the encoder's states, `exists` (S, B) says which there are, `s`
    (T, B, H) are the decoder's states, and `weights` (T, B, S) what it looks at.
    """

    h: Array
    exists: Array
    s: Array
    weights: Array


def pair_of(source: str, target: str) -> Pairs:
    """Return a date, written out and as numbers, as a batch of one."""
    task = TASKS[TASK]
    x = np.array(task.source_vocabulary.encode(source))[:, None]
    y = np.array([*task.target_vocabulary.encode(target), END])[:, None]
    return Pairs(x, np.ones_like(x, dtype=bool), y, np.ones_like(y, dtype=bool))


def looks(model: Seq2Seq, pairs: Pairs) -> Looks:
    """Return where a model looks."""
    exists = np.asarray(pairs.source_mask)
    h, hand_over, _ = model.parts["encoder"].forward(pairs.source, None, exists)
    fed = shifted(pairs.target, model.start_token)
    s, _, _ = model.parts["decoder"].forward(fed, hand_over, pairs.target_mask)
    _, weights, _ = model.parts["attention"].forward(s, h, h, exists)
    return Looks(h, exists, s, weights)


def probabilities(model: Seq2Seq, found: Looks, weights: Array) -> Array:
    """Return what the decoder says, (T, B, V), if it looks with other weights."""
    context = np.einsum("tbs,sbe->tbe", weights, found.h)
    both = np.concatenate([found.s, context], axis=-1)
    combine, output = model.parts["combine"].params, model.parts["output"].params
    combined = np.tanh(both @ combine["W_sh"] + combine["b_h"])
    return softmax(combined @ output["W_hy"] + output["b_y"])


def even(found: Looks) -> Array:
    """Return weights that look at all places alike."""
    each = found.exists.T / found.exists.sum(axis=0)[:, None]
    return np.broadcast_to(each, found.weights.shape)


def without_largest(found: Looks) -> Array:
    """Return weights of which the largest is taken away, and the rest scaled up."""
    largest = found.weights.max(axis=-1, keepdims=True)
    rest = np.where(found.weights == largest, 0, found.weights)
    return rest / rest.sum(axis=-1, keepdims=True)


def nothing(found: Looks) -> Array:
    """Return weights that look nowhere: the context is zero."""
    return np.zeros_like(found.weights)


WAYS = {"without the largest": without_largest, "even": even, "nothing": nothing}


def unchanged(model: Seq2Seq, pairs: Pairs) -> Array:
    """Return what share of the characters stays the same, one row a way, (3, 3)."""
    found = looks(model, pairs)
    own = probabilities(model, found, found.weights).argmax(axis=-1)
    moved = (probabilities(model, found, way(found)) for way in WAYS.values())
    same = [p.argmax(axis=-1) == own for p in moved]
    return np.array([[each[part].mean() for part in PARTS.values()] for each in same])


def _of_seed(look: str, seed: int) -> Array:
    rng = np.random.default_rng(seed + 1)
    pairs = TASKS[TASK].sample(COUNT, rng=rng, split="held_out")
    return unchanged(trained(TASK, look, seed), pairs)


ten_runs = Trials(
    Path(__file__).with_name("forced.npz"),
    {look: partial(_of_seed, look) for look in LOOKS[:2]},
)

if __name__ == "__main__":
    ten_runs.measure()
