"""Exercise 04.5: the gradient of rows of which some are picked several times."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._products import weight_gradient
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import numerical_gradients

__all__ = ["TOKEN_GRADIENT"]


def token_gradient(tokens: Array, da: Array, vocab_size: int) -> Array:
    """Return dW_xh (V, H) where each step has picked a row of W_xh by its token."""
    dW_xh = np.zeros((vocab_size, da.shape[-1]))
    for t, b in np.ndindex(tokens.shape):
        dW_xh[tokens[t, b]] += da[t, b]
    return dW_xh


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    sizes = (1, 1, 2, 2), (3, 1, 4, 2), (2, 4, 3, 5), (5, 3, 6, 4), (3, 2, 4, 1)
    for T, B, V, H in (*sizes, (9, 4, 150, 2), (8, 5, 4, 2), (4, 2, 40, 3)):
        tokens = rng.integers(V, size=(T, B))
        if T > 1:
            tokens[-1] = tokens[0]
            tokens[1] = tokens[1, 0]
        da = rng.standard_normal((T, B, H))
        if T == 8:
            da *= 30
        if T == 5:
            da[-1] = da[0]  # the same gradient for the same token, twice
        cases.append({"tokens": tokens, "da": da, "vocab_size": V})
    return cases


def _numerically(case: Case) -> Array:
    def loss(W_xh: Array) -> Any:
        return (case["da"] * W_xh[case["tokens"]]).sum()

    W_xh = np.zeros((case["vocab_size"], case["da"].shape[-1]))
    return numerical_gradients(loss, {"W_xh": W_xh})["W_xh"]


TOKEN_GRADIENT = Exercise(
    id="04.5",
    kind="G",
    title="Rows that are picked several times",
    reference=token_gradient,
    cases=_cases,
    mistakes=(
        Mistake(
            "lost_the_repeats",
            {
                "for t, b in np.ndindex(tokens.shape):\n        ": "",
                "[tokens[t, b]] += da[t, b]": "[tokens] += da",
            },
            "A token that occurs several times has kept only one of its gradients. In "
            "a loop: does each gradient replace what is there, or join it? With an "
            "array of indices, as in `dW[tokens] += da`, numpy reads all rows first "
            "and then writes each of them once.",
        ),
        Mistake(
            "lost_the_repeats_of_a_step",
            {
                "t, b in np.ndindex(tokens.shape)": "t in range(len(tokens))",
                "[tokens[t, b]] += da[t, b]": "[tokens[t]] += da[t]",
            },
            "The steps are added up. But two sequences may read the same token at one "
            "step, and of these two only one gradient is left. Must they not be added "
            "one by one, too?",
        ),
        Mistake(
            "kept_the_first",
            {"dW_xh[tokens": "if not dW_xh[tokens[t, b]].any(): dW_xh[tokens"},
            "A token that occurs several times has kept only its first gradient. Its "
            "row was used several times. What happens to the gradients of something "
            "that is used several times?",
        ),
        Mistake(
            "averaged",
            {"+= da[t, b]": "+= da[t, b] / (tokens == tokens[t, b]).sum()"},
            "You take the mean over the occurrences of a token. A row that is used "
            "twice has two paths to the loss. What did section 2 do with several "
            "paths?",
        ),
        Mistake(
            "first_sequence_only",
            {"tokens.shape": "len(tokens), 1"},
            "Only the first sequence of the batch has been counted. Tokens have two "
            "axes, steps and sequences, and all of them have picked rows.",
        ),
        Mistake(
            "last_step_only",
            {"tokens.shape": "tokens[:1].shape"},
            "What is left comes from one step alone. Each step has picked a row, so "
            "each step has something to add. Is the array made anew at each step, or "
            "is it there before the first?",
        ),
        Mistake(
            "the_row_beside",
            {"[tokens[t, b]]": "[(tokens[t, b] + 1) % vocab_size]"},
            "Your gradients stand one row too far down, or up. The rows are counted "
            "from 0, as the tokens are: which row has token 0 picked?",
            others=({"[tokens[t, b]]": "[tokens[t, b] - 1]"},),
        ),
    ),
    hints=(
        "Forward, the row of the token was added to a. So da is the gradient of that "
        "row, for this one use. A row that no token has picked gets nothing.",
        "Try it on paper with the word hello, in which l is read twice: which rows "
        "have been used, how often each, and by which steps?",
        "Every place of `tokens` tells two things: where a gradient comes from, and "
        "where it belongs. Visit all places once. What is in a row before its first "
        "gradient, and what becomes of that when another comes?",
    ),
    numerical=_numerically,
    source=weight_gradient,
)
