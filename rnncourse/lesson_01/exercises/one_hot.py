"""Exercise 01.2: a batch of one-hot vectors."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib import vocab
from rnnlib._typing import Array, Rng


def one_hot_batch(tokens: Array, vocab_size: int) -> Array:
    """Return the one-hot vectors (T, B, V) of tokens (T, B)."""
    x = np.zeros((*tokens.shape, vocab_size))
    for t, b in np.ndindex(tokens.shape):
        x[t, b, tokens[t, b]] = 1
    return x


def _cases(rng: Rng) -> list[Case]:
    sizes = (
        *((1, 1, 3), (4, 1, 5), (1, 3, 4), (6, 3, 5), (6, 3, 5), (9, 5, 7), (3, 3, 4)),
        *((4, 2, 1), (12, 1, 300)),
    )
    cases: list[dict[str, Any]] = [
        {"tokens": _tokens(rng, T, B, V), "vocab_size": V} for T, B, V in sizes
    ]
    cases[3]["tokens"] = np.asfortranarray(cases[3]["tokens"])
    return [*cases]


def _tokens(rng: Rng, T: int, B: int, V: int) -> Array:
    """Return tokens (T, B) that are not the same at all steps."""
    tokens = rng.integers(V, size=(T, B))
    tokens[-1] = (tokens[0] + 1) % V
    return tokens


ONE_HOT = Exercise(
    id="01.2",
    kind="V",
    title="A batch of one-hot vectors",
    reference=one_hot_batch,
    cases=_cases,
    mistakes=(
        Mistake(
            "batch_first",
            {"return x": "return x.swapaxes(0, 1)"},
            "Your axes are (B, T, V), the sequence first. In this course time comes "
            "first: `x[t]` is step t of all sequences. In which order do the sizes "
            "stand in tokens?",
        ),
        Mistake(
            "one_too_early",
            {"tokens[t, b]]": "tokens[t, b] - 1]"},
            "Your 1 stands one place before its token. Token 0 is the first column, "
            "not the one before it. Is there a minus 1 somewhere?",
        ),
        Mistake(
            "every_token_in_every_row",
            {"x[t, b, tokens[t, b]]": "x[:, :, tokens]"},
            "Each of your rows has a 1 for every token that occurs. `x[:, :, tokens] "
            "= 1` takes all t and all b for each token. Which index belongs to step t "
            "of text b alone? (With lists, `[row] * B` is one and the same row B "
            "times.)",
        ),
        Mistake(
            "every_token_of_the_step",
            {"x[t, b, ": "x[t, :, "},
            "All texts of a step share your ones. `x[t, token] = 1` fills a whole row "
            "of V, or that of another text. A 1 needs three indices: the step, the "
            "text, and the token. (With lists, `[row] * B` is one and the same row B "
            "times.)",
        ),
        Mistake(
            "the_token_itself",
            {"= 1": "= tokens[t, b]"},
            "You write the token in place of a 1. The place says which symbol it is; "
            "the entry there is 1, also for token 0.",
        ),
        Mistake(
            "of_the_next_step",
            {"tokens[t, b]]": "tokens[(t + 1) % len(tokens), b]]"},
            "Your row t encodes the token of step t + 1. That is the target. A "
            "one-hot vector has its 1 at the token that it encodes, and row t of the "
            "input encodes token t.",
        ),
        Mistake(
            "all_so_far",
            {"x[t, b, ": "x[t:, b, "},
            "Your vectors keep the ones of earlier steps. Each step starts from zeros "
            "again: where does yours take its row from?",
        ),
        Mistake(
            "a_bag",
            {"return x": "return x.sum(axis=0)"},
            "You count how often each token occurs, and the order is gone. Each step "
            "needs a row of its own, so the result keeps the axis of time.",
        ),
    ),
    hints=(
        "Start from an array of zeros. Which three sizes does it have, in this order?",
        "`tokens.shape` is (T, B). Put one more size behind it, and then write a "
        "single 1 for each pair of t and b.",
        "An array of zeros with all three sizes, then two loops around one line, which "
        "sets one entry to 1: t and b say where the row is, the token where in it. "
        "(There is a way without a loop: look at the rows of an identity matrix.)",
    ),
    source=vocab.one_hot,
    point=(
        "vectors = np.zeros",
        "put_along_axis",
    ),
)
