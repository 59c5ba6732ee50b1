"""Exercises of lesson 02: one step, and a whole sequence."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib import cells, recurrent
from rnnlib._typing import Array, Rng

__all__ = ["SEQUENCE", "STEP"]


def step(x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Return the new state (B, H) of one step with tanh."""
    return np.tanh(x @ W_xh + h_prev @ W_hh + b_h)


def not_squashed(
    x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Array:
    """You return the sum itself.

    Some of your states are far outside −1 to 1. What bounds them?
    """
    return x @ W_xh + h_prev @ W_hh + b_h


def no_bias(x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Something is missing in the sum.

    If input and old state are both zero, where does your unit stand, and where should
    it?
    """
    return np.tanh(x @ W_xh + h_prev @ W_hh)


def no_input(x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Your state does not listen: another x gives the same h.

    In the equation, what stands beside the matrix that leads from the input?
    """
    return np.tanh(h_prev @ W_hh + b_h)


def no_memory(x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Your state does not remember: another h_prev gives the same h.

    That is a layer of a plain network. What makes it recurrent?
    """
    return np.tanh(x @ W_xh + b_h)


def squashed_apart(
    x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Array:
    """You squash the parts, and add them afterwards.

    Then a state can lie beyond 1. Input and memory are first added up, and the sum
    goes through tanh once.
    """
    return np.tanh(x @ W_xh) + np.tanh(h_prev @ W_hh + b_h)


def bias_behind_the_tanh(
    x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Array:
    """You add the bias to the new state, behind the tanh.

    Then a state can lie beyond 1. The bias belongs to the sum: on which side of the
    bracket does it stand?
    """
    return np.tanh(x @ W_xh + h_prev @ W_hh) + b_h


def columns_for_rows(
    x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Array:
    """W_hh is used the other way round, as for columns.

    Here a state is a row, and row j of W_hh says where unit j leads. In papers it is
    column j, which is why they write the matrix on the left.
    """
    return np.tanh(x @ W_xh + h_prev @ W_hh.T + b_h)


def added_to_the_old(
    x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Array:
    """You add the new state to the old one.

    The plain RNN replaces its state at every step; what it keeps must come through
    W_hh. (Adding is an idea of lesson 08.)
    """
    return h_prev + np.tanh(x @ W_xh + h_prev @ W_hh + b_h)


def _weights(rng: Rng, D: int, H: int) -> dict[str, Array]:
    """Return random weights of a net with D features and H units."""
    return {
        "W_xh": rng.standard_normal((D, H)),
        "W_hh": rng.standard_normal((H, H)),
        "b_h": rng.standard_normal(H),
    }


def _steps(rng: Rng) -> list[Case]:
    return [
        {
            "x": rng.standard_normal((B, D)),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            **_weights(rng, D, H),
        }
        for B, D, H in ((1, 2, 3), (1, 4, 2), (3, 1, 2), (5, 4, 3))
    ]


STEP = Exercise(
    id="02.1",
    kind="V",
    title="One step",
    reference=step,
    cases=_steps,
    bugs=(
        not_squashed,
        no_bias,
        no_input,
        no_memory,
        squashed_apart,
        bias_behind_the_tanh,
        columns_for_rows,
        added_to_the_old,
    ),
    hints=(
        "Three things are added up: what the input says, what the old state says, and "
        "the bias. What happens to the sum?",
        "With rows a vector stands left of its matrix: x is (B, D) and W_xh (D, H), so "
        "the product is (B, H). The bias (H,) is added to each row by itself.",
        "sum = the product of x and W_xh, plus the product of h_prev and W_hh, plus "
        "b_h; the new state is tanh of the sum.",
    ),
    source=cells.RNNCell.step,
)


def sequence(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Return all states (T, B, H), for x (T, B, D) and a start h_0 (B, H)."""
    h, states = h_0, []
    for x_t in x:
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        states.append(h)
    return np.stack(states)


def starts_from_zero(
    x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Array:
    """You start from zeros, whatever h_0 is.

    Zeros are only the usual start. A state may also be carried over from the text
    before, and then it is handed in as h_0.
    """
    return sequence(x, 0 * h_0, W_xh, W_hh, b_h)


def never_moves_on(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Every step of yours begins at h_0.

    The first state is right, all others are not. At the end of each round, what must
    become the old state of the next?
    """
    return np.tanh(x @ W_xh + h_0 @ W_hh + b_h)


def only_the_last(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """You return the last state alone.

    All T of them are wanted: collect each state in a list as it is computed.
    """
    return sequence(x, h_0, W_xh, W_hh, b_h)[-1]


def with_the_start(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """You return T + 1 states, with h_0 as the first.

    h_0 was given, not computed. Return one state for each input.
    """
    return np.concatenate([h_0[None], sequence(x, h_0, W_xh, W_hh, b_h)])


def backwards(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """You read the sequence from its end.

    The state after step t may know x_1 to x_t. Yours knows what comes later.
    """
    return sequence(x[::-1], h_0, W_xh, W_hh, b_h)[::-1]


def along_the_batch(
    x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Array:
    """You walk along the batch and not along time.

    Time is the first axis: x[t] holds step t of all sequences, and a loop over x gives
    one x[t] after the other.
    """
    h, states = h_0, []
    for b in range(x.shape[1]):
        h = np.tanh(x[:, b] @ W_xh + h @ W_hh + b_h)
        states.append(h)
    return np.stack(states)


def _sequences(rng: Rng) -> list[Case]:
    return [
        {
            "x": rng.standard_normal((T, B, D)),
            "h_0": np.tanh(rng.standard_normal((B, H))),
            **_weights(rng, D, H),
        }
        for T, B, D, H in ((1, 1, 2, 3), (4, 1, 3, 2), (1, 3, 2, 4), (6, 3, 4, 5))
    ]


SEQUENCE = Exercise(
    id="02.4",
    kind="V",
    title="A whole sequence",
    reference=sequence,
    cases=_sequences,
    bugs=(
        starts_from_zero,
        never_moves_on,
        only_the_last,
        with_the_start,
        backwards,
        along_the_batch,
    ),
    hints=(
        "It is the step of 02.1, again and again. What changes from one round to the "
        "next, and what stays the same?",
        "A loop over x gives x_1, x_2 and so on, each (B, D). Keep the state in one "
        "variable that starts as h_0, and put each new state into a list.",
        "state = h_0; for each x_t of x: state = the step with x_t and state; append "
        "it to the list. At the end make one array of the list, time first: np.stack.",
    ),
    source=recurrent.Recurrent.forward,
)
