"""Whether all chance in a model comes from the generator that is given."""

from collections.abc import Callable

import numpy as np

from rnnlib._typing import Rng
from rnnlib.models import Model

__all__ = ["drawn_elsewhere"]


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
