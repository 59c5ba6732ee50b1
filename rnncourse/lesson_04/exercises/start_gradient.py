"""Exercises of lesson 04 about what is used several times: its gradients add up."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._products import weight_gradient
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import numerical_gradients

__all__ = ["START_GRADIENT", "TOKEN_GRADIENT"]


def start_gradient(dh: Array, h: Array, W_hh: Array) -> Array:
    """Return the gradient of one start h_0 (H,) that all sequences share."""
    from_next = np.zeros_like(dh[0])
    for t in reversed(range(len(h))):
        da = (dh[t] + from_next) * (1 - h[t] ** 2)
        from_next = da @ W_hh.T
    return np.asarray(from_next.sum(axis=0))


def only_the_last_loss(dh: Array, h: Array, W_hh: Array) -> Any:
    """Only the loss of the last step reaches your start.

    The start acts on every later state, so every later loss has its say. Where do the
    losses on the way join in?
    """
    alone = np.zeros_like(dh)
    alone[-1] = dh[-1]
    return start_gradient(alone, h, W_hh)


def only_the_first_loss(dh: Array, h: Array, W_hh: Array) -> Any:
    """Only the loss of the first step reaches your start.

    The start acts on every later state, too. By which way do the later losses come
    back to it?
    """
    return start_gradient(dh[:1], h[:1], W_hh)


def stopped_at_h_1(dh: Array, h: Array, W_hh: Array) -> Any:
    """You stop one step too early.

    What you return is the gradient of the state after the first step. Between it and
    the start there is one more tanh and one more product.
    """
    later = np.zeros_like(dh[0])
    for t in reversed(range(1, len(h))):
        later = ((dh[t] + later) * (1 - h[t] ** 2)) @ W_hh.T
    return (dh[0] + later).sum(axis=0)


def mean_over_the_batch(dh: Array, h: Array, W_hh: Array) -> Any:
    """You take the mean over the sequences.

    One start is used by all of them, as one weight is used at all steps. What happens
    to the gradients of something that is used several times?
    """
    return start_gradient(dh, h, W_hh) / dh.shape[1]


def one_start_each(dh: Array, h: Array, W_hh: Array) -> Any:
    """You have a gradient for each sequence, (B, H).

    That would be right if each had a start of its own. Here one start (H,) is shared by
    all: how many paths lead from it?
    """
    later = np.zeros_like(dh[0])
    for t in reversed(range(len(h))):
        later = ((dh[t] + later) * (1 - h[t] ** 2)) @ W_hh.T
    return later


def start_without_slopes(dh: Array, h: Array, W_hh: Array) -> Any:
    """Between two states there is a product and a tanh.

    You go back through the products alone. What does each tanh do to the gradient?
    """
    return start_gradient(dh, np.zeros_like(h), W_hh)


def start_not_transposed(dh: Array, h: Array, W_hh: Array) -> Any:
    """Follow one unit back: which weights lead from it?

    Row j of W_hh says where unit j of the old state goes. On the way back unit j
    collects from all of them: along a row, or along a column?
    """
    return start_gradient(dh, h, W_hh.T)


def first_sequence_of_all(dh: Array, h: Array, W_hh: Array) -> Any:
    """Only the first sequence of the batch has its say.

    All of them have used the same start. What happens to the gradients of something
    that is used several times?
    """
    return start_gradient(dh[:, :1], h[:, :1], W_hh)


def start_walked_forward(dh: Array, h: Array, W_hh: Array) -> Any:
    """Your walk goes from the first step to the last.

    What a step sends back is needed by the step before it. In which order must they be
    visited?
    """
    return start_gradient(dh[::-1], h[::-1], W_hh)


def _start_cases(rng: Rng) -> list[Case]:
    return [
        {
            "dh": rng.standard_normal((T, B, H)),
            "h": np.tanh(rng.standard_normal((T, B, H))),
            "W_hh": rng.standard_normal((H, H)),
        }
        for T, B, H in ((1, 1, 2), (2, 1, 3), (3, 2, 2), (4, 3, 5))
    ]


def _start_numerically(case: Case) -> Array:
    """Return the gradient by h_0 of a net whose states are those of a case."""
    dh, h, W_hh = case["dh"], case["h"], case["W_hh"]
    before = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
    rest = np.arctanh(h) - before @ W_hh

    def loss(h_0: Array) -> Any:
        state, total = np.zeros_like(h[0]) + h_0, 0.0
        for t in range(len(h)):
            state = np.tanh(rest[t] + state @ W_hh)
            total += (dh[t] * state).sum()
        return total

    return numerical_gradients(loss, {"h_0": np.zeros(h.shape[-1])})["h_0"]


START_GRADIENT = Exercise(
    id="04.4",
    kind="G",
    title="The gradient of the start",
    reference=start_gradient,
    cases=_start_cases,
    bugs=(
        only_the_last_loss,
        only_the_first_loss,
        stopped_at_h_1,
        mean_over_the_batch,
        one_start_each,
        start_without_slopes,
        start_not_transposed,
        first_sequence_of_all,
        start_walked_forward,
    ),
    hints=(
        "It is the same walk as before, only that you need no gradient of a weight. "
        "What arrives at the state before the first step?",
        "Carry one array (B, H) along: what each step sends to the state before it. "
        "After the first step of the sequence it belongs to the start; then think of "
        "how many sequences use the same start.",
        "from_next = zeros (B, H); for t from the last step to the first: add dh of "
        "this step, multiply by the slope, multiply by W_hh transposed, and keep that "
        "as from_next. At the end add up over the sequences.",
    ),
    numerical=_start_numerically,
)


def token_gradient(tokens: Array, da: Array, vocab_size: int) -> Array:
    """Return dW_xh (V, H) where each step has picked a row of W_xh by its token."""
    dW_xh = np.zeros((vocab_size, da.shape[-1]))
    for token, da_row in zip(tokens.ravel(), da.reshape(-1, da.shape[-1]), strict=True):
        dW_xh[token] += da_row
    return dW_xh


def lost_the_repeats(tokens: Array, da: Array, vocab_size: int) -> Any:
    """A token that occurs several times has kept only one of its gradients.

    With an array of indices numpy reads all rows first, adds, and then writes: of two
    additions to one row the last one wins. Look for a way that adds them one by one.
    """
    dW_xh = np.zeros((vocab_size, da.shape[-1]))
    dW_xh[tokens] += da
    return dW_xh


def lost_the_repeats_of_a_step(tokens: Array, da: Array, vocab_size: int) -> Any:
    """The steps are added up. But two sequences may read the same token at one step.

    With an array of indices numpy writes each row once, so of these two the last one
    wins. Look for a way that adds them one by one.
    """
    dW_xh = np.zeros((vocab_size, da.shape[-1]))
    for row, da_row in zip(tokens, da, strict=True):
        dW_xh[row] += da_row
    return dW_xh


def kept_the_first(tokens: Array, da: Array, vocab_size: int) -> Any:
    """A token that occurs several times has kept only its first gradient.

    Its row was used several times. What happens to the gradients of something that is
    used several times?
    """
    return lost_the_repeats(tokens[::-1, ::-1], da[::-1, ::-1], vocab_size)


def averaged(tokens: Array, da: Array, vocab_size: int) -> Any:
    """You take the mean over the occurrences of a token.

    A row that is used twice has two paths to the loss. Does the chain rule average over
    paths?
    """
    counts = np.bincount(tokens.ravel(), minlength=vocab_size)
    return token_gradient(tokens, da, vocab_size) / np.maximum(counts, 1)[:, None]


def first_sequence_only(tokens: Array, da: Array, vocab_size: int) -> Any:
    """Only the first sequence of the batch has been counted.

    Tokens have two axes, steps and sequences, and all of them have picked rows.
    """
    return token_gradient(tokens[:, :1], da[:, :1], vocab_size)


def last_step_only(tokens: Array, da: Array, vocab_size: int) -> Any:
    """What is left comes from one step alone.

    Each step has picked a row, so each step has something to add. Is the array made
    anew at each step, or is it there before the first?
    """
    return token_gradient(tokens[:1], da[:1], vocab_size)


def _token_cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for T, B, V, H in ((1, 1, 2, 2), (3, 1, 4, 2), (4, 2, 3, 5), (5, 3, 6, 4)):
        tokens = rng.integers(V, size=(T, B))
        if T > 1:
            tokens[-1] = tokens[0]
            tokens[1] = tokens[1, 0]
        da = rng.standard_normal((T, B, H))
        cases.append({"tokens": tokens, "da": da, "vocab_size": V})
    return cases


def _tokens_numerically(case: Case) -> Array:
    def loss(W_xh: Array) -> Any:
        return (case["da"] * W_xh[case["tokens"]]).sum()

    W_xh = np.zeros((case["vocab_size"], case["da"].shape[-1]))
    return numerical_gradients(loss, {"W_xh": W_xh})["W_xh"]


TOKEN_GRADIENT = Exercise(
    id="04.5",
    kind="G",
    title="Rows that are picked several times",
    reference=token_gradient,
    cases=_token_cases,
    bugs=(
        lost_the_repeats,
        lost_the_repeats_of_a_step,
        kept_the_first,
        averaged,
        first_sequence_only,
        last_step_only,
    ),
    hints=(
        "Forward, the row of the token was added to a. So da is the gradient of that "
        "row, for this one use. A row that no token has picked gets nothing.",
        "Start from zeros. Go over all steps and all sequences, and add each da to the "
        "row of its token. Try the word hello: the row of l is used twice.",
        "zeros of shape (V, H); for each step t and each sequence b: the row number "
        "tokens[t, b] grows by da[t, b]. (numpy can do it in one call: np.add.at.)",
    ),
    numerical=_tokens_numerically,
    source=weight_gradient,
)
