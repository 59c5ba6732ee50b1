"""Exercise 01.8: the gradient of a look-up."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib import layers
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import numerical_gradients


def embedding_backward(de: Array, tokens: Array, vocab_size: int) -> Array:
    """Return dL/dW (V, E) of e = W[tokens]; de is (T, B, E), tokens are (T, B)."""
    dW = np.zeros((vocab_size, de.shape[-1]))
    np.add.at(dW, tokens, de)
    return dW


def _cases(rng: Rng) -> list[Case]:
    sizes = (
        *((1, 1, 3, 2, 2), (4, 1, 3, 2, 2), (1, 5, 4, 3, 3), (6, 3, 5, 4, 4)),
        *((6, 3, 5, 4, 4), (3, 3, 4, 12, 3), (4, 2, 1, 3, 1), (12, 2, 300, 2, 300)),
        *((9, 4, 5, 1, 5), (9, 4, 5, 1, 5)),
    )
    cases: list[Case] = [
        {
            "de": rng.standard_normal((T, B, E)),
            "tokens": _repeated(rng, T, B, used),
            "vocab_size": V,
        }
        for T, B, V, E, used in sizes
    ]
    whole = rng.integers(-9, 10, size=(9, 4, 1)).astype(float)  # some rows are equal
    return [*cases[:-1], {**cases[-2], "de": whole}, cases[-1]]


def _repeated(rng: Rng, T: int, B: int, used: int) -> Array:
    """Return tokens (T, B) below `used`; the first and the last are the largest."""
    tokens = rng.integers(used, size=(T, B))
    tokens[-1, -1] = tokens[0, 0] = used - 1
    return tokens


def _numerical(case: Case) -> Array:
    """Return the derivative of (de * W[tokens]).sum() with respect to W."""
    W = np.zeros((case["vocab_size"], case["de"].shape[-1]))
    return numerical_gradients(
        lambda W: (case["de"] * W[case["tokens"]]).sum(), {"W": W}, method="complex"
    )["W"]


EMBEDDING_BACKWARD = Exercise(
    id="01.8",
    kind="G",
    title="The gradient of a look-up",
    reference=embedding_backward,
    cases=_cases,
    mistakes=(
        Mistake(
            "the_last_one_wins",
            {"np.add.at(dW, tokens, de)": "dW[tokens] += de"},
            "A token that occurs twice keeps only the last of its gradients. In a "
            "loop: does each gradient replace the one before, or join it? Without a "
            "loop, `dW[tokens] += de` reads all rows first and then writes each of "
            "them once.",
        ),
        Mistake(
            "averaged",
            {
                "np.add.at(dW, tokens, de)": "for token in tokens.flat:\n"
                "        dW[token] = de[tokens == token].mean(axis=0)"
            },
            "Where a token occurs three times, your row is a third of what it should "
            "be. The row was used three times, and each use moves the loss. Do "
            "effects that come together make a mean?",
        ),
        Mistake(
            "mixed_up",
            {"dW, tokens,": "dW, tokens.T.reshape(tokens.shape),"},
            "Gradients arrive at the rows of other tokens. You flatten two arrays, "
            "and one of them runs through time first, the other through the batch. "
            "Which gradient belongs to `tokens[t, b]`?",
        ),
        Mistake(
            "one_row_a_feature",
            {"return dW": "return dW.T"},
            "Your rows are features and your columns are tokens. A gradient has the "
            "shape of what it belongs to: W has one row a token.",
        ),
        Mistake(
            "same_for_all",
            {"np.add.at(dW, tokens, de)": "dW += de.sum(axis=(0, 1))"},
            "Every row receives the same gradient, also that of a token that never "
            "occurs. A row that was not looked up has no part in the loss. What is "
            "its gradient?",
        ),
    ),
    hints=(
        "Each look-up copied a row of W. In the backward pass its gradient goes to "
        "that row, and to no other. What if a row was copied twice?",
        "Start from zeros of the shape of W, and go through all t and b: to which row "
        "does the gradient at t, b belong?",
        "An array of zeros like W, then a walk over all t and b. Each gradient finds "
        "its row by the token, and joins what is there already. (Without a loop: look "
        "up what `np.add.at` does where an index comes again.)",
    ),
    numerical=_numerical,
    source=layers.Embedding.backward,
    point=(
        "# e = W_xe",
        "dW_xe = weight_gradient",
        'return {"W_xe"',
    ),
)
