"""The exercise last valid state of lesson 03."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnnlib._typing import Array, Rng
from rnnlib.recurrent import Recurrent

__all__ = [
    "GARBAGE",
    "LAST_VALID_STATE",
    "garbage_times_zero",
    "last_valid_state",
    "mean_of_all",
    "one_step_early",
    "one_step_late",
    "only_the_input",
    "padding_was_read",
    "set_to_zero",
    "stopped_with_the_shortest",
    "without_tanh",
]


def last_valid_state(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """Return the state (B, H) after the last step that exists in each sequence."""
    h = np.zeros((x.shape[1], len(W_hh)))
    for x_t, exists in zip(x, mask, strict=True):
        new = np.tanh(np.where(exists[:, None], x_t, 0) @ W_xh + h @ W_hh)
        h = np.where(exists[:, None], new, h)
    return h


def padding_was_read(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """You return the state after the last step of the array, padding included.

    Short sequences have gone on reading what is not there. What must h be after a step
    that does not exist?
    """
    return last_valid_state(x, np.ones_like(mask), W_xh, W_hh)


def set_to_zero(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """Your mask sets the state of a missing step to zero.

    So a short sequence is forgotten as soon as its padding begins. A step that does
    not exist should leave the state as if nothing had happened.
    """
    h = np.zeros((x.shape[1], len(W_hh)))
    for x_t, exists in zip(x, mask, strict=True):
        new = np.tanh(np.where(exists[:, None], x_t, 0) @ W_xh + h @ W_hh)
        h = np.where(exists[:, None], new, 0)
    return h


def only_the_input(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """You set the masked inputs to zero, and the recurrence goes on all the same.

    An input of zero is an input: h still goes through W_hh and tanh. A step that does
    not exist must not touch h at all.
    """
    clean = np.where(mask[..., None], x, 0)
    return last_valid_state(clean, np.ones_like(mask), W_xh, W_hh)


def garbage_times_zero(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """You multiply by the mask, and where the padding holds NaN, NaN comes out.

    Zero times NaN is NaN. To leave something out, choose between two values, in place
    of weighing them with 1 and 0: np.where does.
    """
    h = np.zeros((x.shape[1], len(W_hh)))
    for x_t, exists in zip(x, mask[..., None].astype(float), strict=True):
        h = exists * np.tanh(x_t @ W_xh + h @ W_hh) + (1 - exists) * h
    return h


def one_step_early(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """You stop one step before the end: your answer has not heard the last input.

    If a sequence has n steps, the last one stands at index n - 1, and the state that
    you want is the one after it.
    """
    lengths = mask.sum(axis=0)
    early = mask & (np.arange(len(mask))[:, None] < lengths - 1)
    return last_valid_state(x, early, W_xh, W_hh)


def one_step_late(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """You go one step too far: your answer has read one step of padding.

    A sequence of n steps has its states at the indices 0 to n - 1. What stands at n?
    """
    late = np.arange(len(mask))[:, None] <= mask.sum(axis=0)
    return last_valid_state(x, late, W_xh, W_hh)


def without_tanh(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """Your states are the sums themselves, not between -1 and 1.

    What does each unit do with the sum of what comes in, before it is a state?
    """
    h = np.zeros((x.shape[1], len(W_hh)))
    for x_t, exists in zip(x, mask, strict=True):
        h = np.where(exists[:, None], x_t @ W_xh + h @ W_hh, h)
    return h


def mean_of_all(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """You return a mean over the steps.

    That can be a good summary, and it is another one. Here the state after the last
    step that exists is asked for, and no other.
    """
    states = [last_valid_state(x[:t], mask[:t], W_xh, W_hh) for t in _up_to(x)]
    return np.mean(states, axis=0)


def stopped_with_the_shortest(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """You stop all sequences where the shortest one ends.

    The others go on. Each sequence of the batch has its own column of the mask.
    """
    n = mask.sum(axis=0).min()
    return last_valid_state(x[:n], mask[:n], W_xh, W_hh)


def _up_to(x: Array) -> range:
    return range(1, len(x) + 1)


def _padded(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for T, B, D, H in ((1, 1, 2, 3), (3, 1, 2, 3), (4, 3, 2, 5), (6, 4, 3, 2)):
        lengths = rng.integers(1, T + 1, size=B)
        lengths[0] = max(T - 1, 1)
        mask = np.arange(T)[:, None] < lengths
        cases.append(
            {
                "x": rng.standard_normal((T, B, D)) * np.where(mask, 1, 99)[..., None],
                "mask": mask,
                "W_xh": rng.standard_normal((D, H)),
                "W_hh": rng.standard_normal((H, H)),
            }
        )
    return cases


LAST_VALID_STATE = Exercise(
    id="03.1",
    kind="V",
    title="The last state that counts",
    reference=last_valid_state,
    cases=_padded,
    bugs=(
        padding_was_read,
        set_to_zero,
        only_the_input,
        one_step_early,
        one_step_late,
        without_tanh,
        mean_of_all,
        stopped_with_the_shortest,
    ),
    hints=(
        "Go through the steps as always. At each of them, decide sequence by sequence: "
        "does this step exist? What is the state after it if it does, and if not?",
        "`mask[t]` has shape (B,) and the states have (B, H): `mask[t][:, None]` fits. "
        "`np.where(condition, one, other)` takes from one or other, entry by entry.",
        "h = zeros (B, H). For each t: the inputs that do not exist become zero; a new "
        "state is computed as always; h takes the new state where the step exists, and "
        "keeps its own value where it does not.",
    ),
    source=Recurrent.forward,
)


def _with_garbage(answer: Answer, case: Case) -> tuple[Array, Array]:
    """Return the states with two kinds of garbage in the padding."""
    x, mask, *weights = case.values()
    rubbish = np.where(mask[..., None], x, 1e6), np.where(mask[..., None], x, np.nan)
    one, other = (np.asarray(answer(each, mask, *weights)) for each in rubbish)
    return one, other


def _is_untouched(observed: Any, case: Case) -> str:
    """Return what garbage has changed, in words."""
    one, other = observed
    if not np.isfinite(other).all():
        return "With NaN in the padding, NaN comes out."
    if not np.array_equal(one, other):
        return "A million in the padding gives another state than NaN in the padding."
    expected = last_valid_state(*case.values())
    if one.shape != expected.shape or not np.allclose(one, expected):
        return "Garbage changes nothing, but these are not the last valid states: 03.1."
    return ""


GARBAGE = Exercise(
    id="03.2",
    kind="P",
    title="Garbage changes nothing",
    reference=last_valid_state,
    cases=_padded,
    bugs=(padding_was_read, garbage_times_zero),
    hints=(
        "The check calls the same function twice, once with a million in the padding "
        "and once with NaN. Which line of yours lets them in?",
        "Zero times NaN is NaN: whoever weighs the new state with 0 and the old one "
        "with 1 lets it in. Choose between them, and what is not chosen has no say.",
        "After the tanh: np.where takes the new state where the step exists, and the "
        "old one elsewhere. A state that was made of garbage is then never used.",
    ),
    observe=_with_garbage,
    claims=(Claim("What the padding holds changes no state.", _is_untouched),),
)
