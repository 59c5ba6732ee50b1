"""Exercise 00.4: how surprised a table is by a text."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_00 import ngrams
from rnnlib._typing import Array, Rng


def text_cross_entropy(table: Array, tokens: Array) -> float:
    """Return the mean of -log p over all pairs of a text, in nats a symbol."""
    p = table[tokens[:-1], tokens[1:]]
    return float(-np.log(p).mean())


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for length, V in ((2, 2), (3, 4), (10, 3), (10, 3), (50, 5), (4, 1), (90, 25)):
        weights = (rng.random((V, V)) + 0.05) ** (4 if V == 5 else 1)
        table = weights / weights.sum(axis=1, keepdims=True)
        cases.append({"table": table, "tokens": rng.integers(V, size=length)})
    return [*cases, _extremes(rng)]


def _extremes(rng: Rng) -> Case:
    """Return a long text in which 0 seldom comes, and 6 is certain to come after it."""
    weights = rng.random((7, 7)) + 0.05
    weights[0], weights[1:, 0] = np.maximum(np.eye(7)[6], 1e-6), 1e-6
    tokens = rng.integers(1, 7, size=1200)
    tokens[10:13] = 1, 0, 6
    return {"table": weights / weights.sum(axis=1, keepdims=True), "tokens": tokens}


CROSS_ENTROPY = Exercise(
    id="00.4",
    kind="V",
    title="How surprised the table is",
    reference=text_cross_entropy,
    cases=_cases,
    mistakes=(
        Mistake(
            "in_bits",
            {"np.log": "np.log2"},
            "Your numbers are right, in bits. That comes from the logarithm to base "
            "2. Nats come from the natural one.",
        ),
        Mistake(
            "to_base_ten",
            {"np.log": "np.log10"},
            "You take the logarithm to base 10. Nats come from the natural logarithm. "
            "What is it called in numpy?",
        ),
        Mistake(
            "weighted_again",
            {"np.log(p)": "(p * np.log(p))"},
            "You multiply each surprise by its probability. That belongs to a sum "
            "over everything that might come. Here the text has already chosen what "
            "comes: how often something is in it is weight enough.",
        ),
        Mistake(
            "summed",
            {"mean()": "sum()"},
            "You add up the surprise of the whole text. A longer text then looks "
            "worse, although nothing has become worse. What is the surprise of one "
            "symbol, on average?",
        ),
        Mistake(
            "over_the_whole_row",
            {"mean()": "mean() / len(table)"},
            "You average over the V symbols that might have come, too. Each pair has "
            "one surprise, that of the symbol that came: how many pairs are there?",
        ),
        Mistake(
            "divided_by_all_symbols",
            {"mean()": "sum() / len(tokens)"},
            "Nothing comes before the first symbol, so nobody had to predict it. How "
            "many predictions were made in a text of that length?",
        ),
        Mistake(
            "log_of_the_mean",
            {"np.log(p).mean()": "np.log(p.mean())"},
            "You take the mean first and its logarithm afterwards. One very bad "
            "prediction then hardly counts. Let each prediction have its own "
            "surprise, and average those.",
        ),
        Mistake(
            "without_the_minus",
            {"-np.log(p)": "np.log(p)"},
            "The logarithm of a probability is negative, and so is your result. "
            "Surprise is meant to be positive: the larger, the worse the prediction.",
        ),
        Mistake(
            "looked_up_backwards",
            {"tokens[:-1], tokens[1:]": "tokens[1:], tokens[:-1]"},
            "You look up each pair the wrong way round. The row is the symbol that "
            "stands there, the column the one that follows.",
        ),
    ),
    hints=(
        "For each pair the table has one probability: that of what really followed. "
        "Collect those first.",
        "Each probability has its surprise: minus its natural logarithm. The result is "
        "the mean over all pairs; a text of T symbols has one pair less.",
        "Two steps: each pair of neighbours looks up its probability, where the first "
        "symbol chooses the row and the second the column; then each of these becomes "
        "a surprise, and all of them one number.",
    ),
    source=ngrams.cross_entropy,
)
