"""The state after the last step that exists, in a padded batch."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.recurrent import Recurrent

__all__ = ["LAST_VALID_STATE", "PADDING_WAS_READ"]


def last_valid_state(x: Array, mask: Array, W_xh: Array, W_hh: Array) -> Array:
    """Return the state (B, H) after the last step that exists in each sequence."""
    h = np.zeros((x.shape[1], len(W_hh)))
    for x_t, exists in zip(x, mask[..., None], strict=True):
        new = np.tanh(np.where(exists, x_t, 0) @ W_xh + h @ W_hh)
        h = np.where(exists, new, h)
    return h


def _padded(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    sizes = (1, 1, 2, 3), (3, 1, 2, 3), (4, 3, 2, 5), (6, 4, 3, 2), (2, 5, 2, 1)
    for T, B, D, H in (*sizes, (11, 6, 3, 4)):
        lengths = rng.integers(1, T + 1, size=B)
        lengths[0] = max(T - 1, 1)
        lengths[1:2] = T
        if T == 4:
            lengths[:] = 3, 1, 4  # sorted and put back: two different orders
        mask = np.arange(T)[:, None] < lengths
        cases.append(
            {
                "x": rng.standard_normal((T, B, D)) * np.where(mask, 1, 99)[..., None],
                "mask": mask,
                "W_xh": rng.standard_normal((D, H)),
                "W_hh": rng.standard_normal((H, H)),
            }
        )
    x, W_xh = cases[3]["x"], cases[3]["W_xh"]  # what exists may be large, too
    cases[3] = {**cases[3], "x": 1e4 * x, "W_xh": 1e-4 * W_xh}
    cases[-1]["x"][2:4, 3] = 0  # silence, which is no padding
    cases[-1]["mask"][:4, 3] = True
    cases[-1]["mask"][:, 5] = False  # no step at all
    whole = {"x": rng.integers(2, size=cases[2]["x"].shape)}
    nothing = {"mask": np.zeros((3, 1), dtype=bool)}  # all of it padding
    return [*cases, {**cases[1], **nothing}, {**cases[2], **whole}]


PADDING_WAS_READ = Mistake(
    "padding_was_read",
    {"np.where(exists, new, h)": "new", "np.where(exists, x_t, 0)": "x_t"},
    "You return the state after the last step of the array, padding included. Short "
    "sequences have gone on reading what is not there. What must h be after a step "
    "that does not exist?",
)
LAST_VALID_STATE = Exercise(
    id="03.1",
    kind="V",
    title="The last state that counts",
    reference=last_valid_state,
    whole=("x",),
    cases=_padded,
    mistakes=(
        PADDING_WAS_READ,
        Mistake(
            "set_to_zero",
            {"new, h)": "new, 0)"},
            "Your mask sets the state of a missing step to zero. So a short sequence "
            "is forgotten as soon as its padding begins. A step that does not exist "
            "should leave the state as if nothing had happened.",
        ),
        Mistake(
            "only_the_input",
            {"np.where(exists, new, h)": "new"},
            "You set the masked inputs to zero, and the recurrence goes on all the "
            "same. An input of zero is an input: h still goes through W_hh and tanh. "
            "A step that does not exist must not touch h at all.",
        ),
        Mistake(
            "one_step_early",
            {"mask[..., None], strict=True": "mask[1:, :, None], strict=False"},
            "You stop one step before the end: your answer has not heard the last "
            "input. If a sequence has n steps, the last one stands at index n - 1, "
            "and the state that you want is the one after it.",
        ),
        Mistake(
            "one_step_late",
            {"mask[..., None]": "(mask | np.roll(mask, 1, axis=0))[..., None]"},
            "You go one step too far: your answer has read one step of padding. A "
            "sequence of n steps has its states at the indices 0 to n - 1. What "
            "stands at n?",
        ),
        Mistake(
            "without_tanh",
            {"np.tanh": ""},
            "Your states are the sums themselves, not between -1 and 1. What does "
            "each unit do with the sum of what comes in, before it is a state?",
        ),
        Mistake(
            "mean_of_all",
            {
                "h = np.zeros": "total = h = np.zeros",
                "new, h)": "new, h); total = total + h",
                "return h": "return total / len(x)",
            },
            "You return a mean over the steps. That can be a good summary, but it is "
            "a different one. Here the state after the last step that exists is asked "
            "for, and no other.",
        ),
        Mistake(
            "stopped_with_the_shortest",
            {"exists, new": "exists.all(), new"},
            "You stop all sequences where the shortest one ends. The others go on. "
            "Each sequence of the batch has its own column of the mask.",
        ),
    ),
    hints=(
        "Go through the steps as always. At each of them, decide sequence by sequence: "
        "does this step exist? What is the state after it if it does, and if not?",
        "`mask[t]` has shape (B,) and the states have (B, H): `mask[t][:, None]` fits. "
        "`np.where(condition, one, other)` takes from one or other, entry by entry.",
        "Each round has two halves: a new state is computed as always, for all "
        "sequences; then each sequence either takes it or keeps the state that it had. "
        "What the padding holds must have no part in what is kept.",
    ),
    source=(Recurrent.forward, Recurrent._run),
    point=(
        "for step in steps_of",
        "cell.step(step)",
        "if cache.mask is not None:",
        "carry_over(step)",
    ),
)
