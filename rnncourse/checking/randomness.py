"""Whether a model is new: drawn from the generator given, and not trained yet."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from rnnlib._typing import Rng
from rnnlib.models import Model

__all__ = ["drawn_elsewhere", "shared_weights", "trained_already"]


def drawn_elsewhere(make: Callable[[Rng], Model]) -> str:
    """Return a sentence if the rng alone does not decide on the weights, or none."""
    one, same, other = (make(np.random.default_rng(seed)).params for seed in (1, 1, 2))
    if any(not np.array_equal(one[name], same[name]) for name in one):
        return "Two nets from the same rng differ: draw all weights from that rng."
    fixed = [
        name
        for name in one
        if one[name].ndim > 1 and np.array_equal(one[name], other[name])
    ]
    if fixed:
        return (
            f"Whatever the rng, {' and '.join(fixed[:2])} of your net are the same: "
            "draw all weights from that rng."
        )
    return ""


def shared_weights(encoder: Any, decoder: Any) -> str:
    """Return a sentence if two layers compute with the same arrays, or none."""
    pairs = product(encoder.params.values(), decoder.params.values())
    if any(np.shares_memory(one, other) for one, other in pairs):
        return "Encoder and decoder should have weights of their own; yours share them."
    return ""


def trained_already(model: Model) -> str:
    """Return a sentence if the output of a model has learned something, or none."""
    if model.params["output.b_y"].any():
        return (
            "Your net is trained already, for its output has biases other than 0: "
            "return it as it is built, the check trains it."
        )
    return ""
