"""Exercise 07.9: which unit knows how deep the brackets are."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng

__all__ = ["KNOWING_UNIT"]


def knowing_unit(h: Array, depth: Array) -> tuple[int, float]:
    """Return the unit that goes most with the depth, and its correlation."""
    x = h.reshape(-1, h.shape[-1])
    x = x - x.mean(axis=0)
    y = depth.reshape(-1) - depth.mean()
    size = np.sqrt((x**2).sum(axis=0) * (y**2).sum())
    r = y @ x / np.where(size > 0, size, 1.0)
    unit = int(np.argmax(np.abs(r)))
    return unit, float(r[unit])


def _cases(rng: Rng) -> list[Case]:
    """Return states of which one unit knows, one is louder, and one is not at 0.

    With room for more, one knows the first text alone, and one each text in a way of
    its own; the one that knows hardly moves then.
    """
    found: list[Case] = []
    for T, B, H in ((4, 1, 4), (4, 6, 5), (9, 2, 6), (6, 5, 4), (8, 4, 7), (6, 4, 8)):
        depth = np.abs(np.cumsum(rng.choice([-1, 1], (T, B)), axis=0))
        depth = depth + np.arange(B) % 2 * 2
        knows, loud, level, part = rng.permutation(H)[:4]
        h = rng.standard_normal((T, B, H))
        scale = depth.std() or 1.0
        depth[0] += 1
        signal = (depth - depth.mean()) / scale
        h[..., knows] = 0.3 * (-signal + 0.15 * rng.standard_normal((T, B)))
        h[..., loud] = 6 * (0.6 * signal + rng.standard_normal((T, B)))
        h[..., level] = 5 + 0.2 * rng.standard_normal((T, B))
        h[..., part] = 0.7 * signal + 0.6 * rng.standard_normal((T, B))
        if H > 6:
            first, each = np.delete(np.arange(H), [knows, loud, level, part])[:2]
            h[:, 0, first] = signal[:, 0]
            h[..., each] = signal * (-1) ** np.arange(B) + 3 * np.arange(B)
            h[..., knows] *= 1e-4
        found.append({"h": h, "depth": depth})
    alone = found[0]["depth"]
    h = rng.standard_normal(alone.shape) - 2 * alone
    one = {"h": h[..., None], "depth": alone}
    rising = np.arange(12).reshape(6, 2)
    units = 0 * rising, rising + rng.standard_normal(rising.shape), 90 + 0.1 * rising
    dead = {"h": np.stack(units, axis=-1), "depth": rising}  # the first never moves
    return [*found, one, _nearly_alike(rng), dead]


def _nearly_alike(rng: Rng) -> Case:
    """Return two units that know nearly the same; the second knows a little more."""
    depth = np.abs(np.cumsum(rng.choice([-1, 1], (9, 4)), axis=0))
    h = depth[..., None] + rng.standard_normal((9, 4, 1))
    h = h + 1e-5 * rng.standard_normal((9, 4, 2))
    first = knowing_unit(h, depth)[0] == 0
    return {"h": h[..., ::-1] if first else h, "depth": depth}


def _is_whole(found: Any, case: Case) -> Any:
    unit, _ = found
    if np.asarray(unit).dtype.kind in "iu":
        return True
    return f"The unit should be a whole number, to pick it with; yours is {unit!r}."


KNOWING_UNIT = Exercise(
    id="07.9",
    kind="V",
    title="The unit that knows",
    reference=knowing_unit,
    cases=_cases,
    returns=("unit", "correlation"),
    claims=(Claim("the unit is a whole number.", _is_whole),),
    mistakes=(
        Mistake(
            "rising_ones_alone",
            {"np.argmax(np.abs(r))": "np.argmax(r)"},
            "You look for units that rise with the depth. One that falls with it knows "
            "as much: the next layer only has to turn the sign.",
        ),
        Mistake(
            "sign_lost",
            {"float(r[unit])": "float(np.abs(r[unit]))"},
            "The unit is right; its correlation has lost its sign. Does it rise or "
            "fall with the depth?",
        ),
        Mistake(
            "loudest_one",
            {"np.where(size > 0, size, 1.0)": "x.shape[0]"},
            "You find the unit that moves most, not the one that goes best with the "
            "depth. Divide by the size of both: what is left lies between −1 and 1.",
        ),
        Mistake(
            "means_left_in",
            {
                "x = x - x.mean(axis=0)": "x = x + 0.0",
                " - depth.mean()": "",
            },
            "A unit that never moves, and is not at zero, goes with everything in your "
            "answer. What has to be taken off both before they are compared?",
        ),
        Mistake(
            "first_text_alone",
            {
                "h.reshape(-1, h.shape[-1])": "h[:, 0]",
                "depth.reshape(-1)": "depth[:, 0]",
            },
            "You look at the first text alone. All steps of all texts are one long "
            "list of pairs: what the unit said, and how deep it was.",
        ),
        Mistake(
            "one_mean_for_all",
            {"x.mean(axis=0)": "x.mean()"},
            "You take the same mean off all units. Each has a level of its own, and "
            "what counts is how it moves around that.",
        ),
    ),
    hints=(
        "A unit knows the depth if one can read it off: each time the depth is high, "
        "it is high, or each time it is low. How would you put that in one number?",
        "The correlation: take the mean off both, multiply them step by step and add "
        "up, and divide by the sizes of both, the roots of their sums of squares. It "
        "is 1 or −1 for a perfect match.",
        "Put steps and texts into one axis, so that there is one row a step and one "
        "column a unit; the depths likewise. Take off means, of each column its own. "
        "One product gives all sums at once. Look for the largest size, and return the "
        "number with its sign.",
    ),
)
