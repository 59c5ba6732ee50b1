"""What is open in a text of brackets and quotes, and what a model knows of it."""

import numpy as np

from rnncourse.lesson_07.nets import BRACKETS
from rnncourse.shared.open_brackets import correlations, depths, quoted
from rnnlib._typing import Array
from rnnlib.activations import log_softmax
from rnnlib.batches import Batch
from rnnlib.models import LanguageModel

__all__ = ["FEATURES", "correlations", "depths", "excess", "features", "quoted"]

FEATURES = ("depth", "quote", "position")
DEEPEST = BRACKETS.max_depth


def features(tokens: Array) -> dict[str, Array]:
    """Return what might be worth knowing at each step, (T, B), by FEATURES."""
    T, B = tokens.shape
    position = np.broadcast_to(np.arange(T)[:, None], (T, B))
    return dict(zip(FEATURES, (depths(tokens), quoted(tokens), position), strict=True))


def excess(model: LanguageModel, batch: Batch) -> Array:
    """Return how many bits a model is above the bound: in all, and by depth, (6,).

    What the language itself would say of each symbol is known, so that the chance of
    what was drawn cancels.
    """
    y, _ = model.logits(batch.inputs)
    p = BRACKETS.probabilities(batch.inputs)
    lost = (p * (np.log(np.where(p > 0, p, 1)) - log_softmax(y.astype(float)))).sum(-1)
    depth = depths(batch.inputs)
    groups = [lost, *(lost[depth == d] for d in range(DEEPEST + 1))]
    return np.array([group.mean() for group in groups]) / np.log(2)
