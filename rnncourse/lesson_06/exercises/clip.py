"""Exercise 06.1: clip gradients by their global norm."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Grads, Rng
from rnnlib.optimizers import clip_by_norm

__all__ = ["CLIP"]


def clip(grads: Grads, max_norm: float) -> tuple[Grads, float]:
    """Return gradients whose global norm is at most max_norm, and the norm before."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    factor = max_norm / max(norm, max_norm)
    return {name: factor * g for name, g in grads.items()}, norm


def _drawn(rng: Rng, H: int, size: float, **more: tuple[int, ...]) -> Grads:
    """Return gradients of a small network, of a global norm of `size`."""
    shapes = {"W_xh": (2, H), "W_hh": (H, H), "b_h": (H,), **more}
    drawn = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in drawn.values()]))
    return {name: g * size / norm for name, g in drawn.items()}


def _cases(rng: Rng) -> list[Case]:
    sizes = rng.uniform(4, 9, 4)
    ones = {"b_y": rng.uniform(2, 3, (1,))}
    silent = {name: 0 * g for name, g in _drawn(rng, 3, 1.0).items()}
    large = _drawn(rng, 5, 700.0 * sizes[0], W_hy=(5, 3), b_y=(3,))
    single = {n: g.astype(np.float32) for n, g in _drawn(rng, 2, sizes[0]).items()}
    return [
        {"grads": ones, "max_norm": 1.0},
        {"grads": _drawn(rng, 2, sizes[1]), "max_norm": 1.0},
        {"grads": _drawn(rng, 3, sizes[2]), "max_norm": 0.02},
        {"grads": _drawn(rng, 3, 0.1 * sizes[3]), "max_norm": 1.0},
        {"grads": silent, "max_norm": 0.5},
        {"grads": _drawn(rng, 2, rng.uniform(1.5, 1.9)), "max_norm": 2.0},
        {"grads": _drawn(rng, 2, rng.uniform(0.31, 0.4)), "max_norm": 0.3},
        {"grads": _drawn(rng, 3, 1.005), "max_norm": 1.0},
        {"grads": single, "max_norm": 2.0},
        {"grads": large, "max_norm": 20.0},
        {"grads": _drawn(rng, 2, 3e25), "max_norm": 5.0},
        {"grads": {"w": rng.permutation([3, -4, 12])}, "max_norm": 2.0},
    ]


CLIP = Exercise(
    id="06.1",
    kind="V",
    title="Clip by the global norm",
    reference=clip,
    returns=("clipped", "norm"),
    cases=_cases,
    mistakes=(
        Mistake(
            "each_array_by_itself",
            {
                "factor * g for": "g * max_norm / max(np.linalg.norm(g), max_norm) for",
            },
            "You shorten each array on its own. Then a large W_hh is cut and a small "
            "b_h is not, and together they point somewhere else. All of them are one "
            "long vector: how many factors does that need?",
        ),
        Mistake(
            "by_value",
            {"factor * g for": "np.clip(g, -max_norm, max_norm) for"},
            "You cut single entries. That is clipping by value: large entries shrink "
            "and small ones do not, so the direction turns. Here all entries keep "
            "their proportions.",
        ),
        Mistake(
            "the_norm_after",
            {"items()}, norm": "items()}, min(norm, max_norm)"},
            "Your gradients are right, but you return the norm that they have now. "
            "Whoever watches a training wants to know how large they were: the norm "
            "after clipping says max_norm, again and again.",
        ),
        Mistake(
            "small_ones_scaled_up",
            {"max(norm, max_norm)": "max(norm, 1e-300)"},
            "Long gradients are right, and short ones get longer. A gradient under "
            "the limit has nothing to fear: what should its factor be?",
        ),
        Mistake(
            "no_root",
            {"np.sqrt(": "("},
            "You have the sum of squares. For a vector (3, 4) that is 25, and its "
            "length is 5. What is missing?",
        ),
        Mistake(
            "sum_of_norms",
            {"np.sqrt(sum((g**2).sum()": "(sum(np.linalg.norm(g)"},
            "You add up the norms of the arrays. Lengths at right angles do not add "
            "up: (3, 0) and (0, 4) make 5 and not 7. What of them does add up?",
        ),
        Mistake(
            "largest_norm",
            {"np.sqrt(sum((g**2).sum()": "(max(np.linalg.norm(g)"},
            "You take the largest of the arrays' norms. The whole vector is longer "
            "than its longest part. How do the squares of the parts make its square?",
        ),
        Mistake(
            "upside_down",
            {"max_norm / max(norm, max_norm)": "max(norm, max_norm) / max_norm"},
            "Your large gradients became larger. By which number must a vector of "
            "length 8 be multiplied to have length 2?",
        ),
    ),
    hints=(
        "Think of all arrays as one long vector. How long is it? That is the number to "
        "return, and the number that decides.",
        "The square of its length is the sum of all squared entries of all arrays. If "
        "it is too long, one factor for all of them brings it down to the limit; if "
        "not, the factor is one.",
        "First one number from all arrays, then one factor from two numbers, then a "
        "dict with the same names. Try your factor on three lengths: twice the limit, "
        "half of it, and zero. For which of them would you divide by zero?",
    ),
    tolerance=5e-6,  # others add 1e-6 to the norm, which makes it that much shorter
    source=clip_by_norm,
    point=(
        "size = global_norm",
        "if size <= max_norm",
        "return dict(grads), size",
        "factor = max_norm / size",
        "gradient * factor",
    ),
)
