"""Exercise 00.3: a table of what follows what."""

from itertools import pairwise
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import Strange
from rnncourse.lesson_00 import ngrams
from rnncourse.shared.wording import count
from rnnlib._typing import Array, Rng


def bigram_table(tokens: Array, V: int) -> Array:
    """Return how probable each symbol is after each other, one row a symbol."""
    counts = np.ones((V, V))
    for current, following in pairwise(tokens):
        counts[current, following] += 1
    return counts / counts.sum(axis=1, keepdims=True)


def _has_one_row_a_symbol(table: Any, case: Case) -> bool | str:
    V = case["V"]
    if table is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(table, np.ndarray):
        kind = Strange(type(table).__name__)
        return f"It should be an array of shape ({V}, {V}); yours is {kind}."
    right = table.shape == (V, V)
    return right or f"It should have shape ({V}, {V}); its shape is {table.shape}."


def _is_possible(table: Any, case: Case) -> bool | str:
    if table.dtype.kind in "iu":
        return "It holds whole numbers, which cut off all decimals: make it of floats."
    lowest = float(np.min(table))
    return lowest > 0 or f"Every pair should have some chance; one has {lowest:.3g}."


def _sums_to_one(table: Any, case: Case) -> bool | str:
    sums = np.sum(table, axis=1)
    worst = int(np.argmax(abs(sums - 1)))
    digits = ".3" if abs(sums[worst] - 1) > 0.01 else ".8"
    return abs(sums[worst] - 1) < 1e-6 or (
        "Each row should sum to 1: whatever stands here, something follows. Row "
        f"{worst} sums to {sums[worst]:{digits}g}."
    )


def _follows_the_counts(table: Any, case: Case) -> bool | str:
    counts = _counts(case)
    for i, j, k in np.ndindex(*counts.shape, len(counts)):
        if counts[i, j] > counts[i, k] and not table[i, j] > table[i, k]:
            often, rarely = (count(int(counts[i, n]), "time") for n in (j, k))
            return (
                f"Symbol {i} is followed {often} by {j}, and {rarely} by {k}; your "
                f"table has {table[i, j]:.3f} for the first and {table[i, k]:.3f} for "
                "the second."
            )
    return True


def _is_near_the_shares(table: Any, case: Case) -> bool | str:
    counts = _counts(case)
    totals = counts.sum(axis=1, keepdims=True)
    often = totals > 60 * len(counts)
    off = abs(table - counts / np.maximum(totals, 1)) * often
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    return off[i, j] < 0.05 or (
        f"Symbol {i} comes {totals[i, 0]:.0f} times, and is followed by {j} in "
        f"{counts[i, j]:.0f} of them; with so many, the table should say about "
        f"{counts[i, j] / totals[i, 0]:.2f}, and it says {table[i, j]:.2f}."
    )


def _begins_at_one(table: Any, case: Case) -> bool | str:
    counts = _counts(case)
    totals = counts.sum(axis=1, keepdims=True)
    expected = (counts + 1) / (totals + len(counts))
    off = abs(table - expected)
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    return off[i, j] < 1e-6 or (
        f"Symbol {i} is followed {count(int(totals[i, 0]), 'time')}, and "
        f"{count(int(counts[i, j]), 'time')} by {j}. With each count begun at 1 that "
        f"is {expected[i, j]:.4g}; your table has {table[i, j]:.4g}."
    )


def _counts(case: Case) -> Array:
    counts = np.zeros((case["V"], case["V"]))
    np.add.at(counts, (case["tokens"][:-1], case["tokens"][1:]), 1)
    return counts


def _cases(rng: Rng) -> list[Case]:
    sizes = [(5, 3), (12, 4), (40, 5), (40, 5), (1500, 3), (2, 2), (3, 2), (900, 25)]
    full = [{"tokens": _text(rng, length, V), "V": V} for length, V in sizes]
    used = np.array([0, 2, 5, 3])  # of eight symbols
    sparse = [
        {"tokens": np.array([1]), "V": 2},
        {"tokens": used[_text(rng, 30, 4)], "V": 8},
        {"tokens": np.zeros(4, dtype=int), "V": 1},
    ]
    return [*full, *sparse]


def _text(rng: Rng, length: int, V: int) -> Array:
    """Return tokens in which some pairs are far more frequent than others."""
    favourite = rng.integers(V, size=V)
    tokens = list(rng.permutation(V))
    while len(tokens) < length:
        usual = rng.random() < 0.7
        tokens.append(favourite[tokens[-1]] if usual else rng.integers(V))
    return np.array(tokens)


BIGRAM_TABLE = Exercise(
    id="00.3",
    kind="P",
    title="A table of what follows what",
    reference=bigram_table,
    cases=_cases,
    mistakes=(
        Mistake(
            "whole_table_sums_to_one",
            {"axis=1, keepdims=True": ""},
            "All your entries together sum to 1. Each row is a question of its own: "
            "this symbol stands here, what follows? Its answers alone must sum to 1.",
        ),
        Mistake(
            "columns_sum_to_one",
            {"axis=1, keepdims=True": "axis=0"},
            "Your columns sum to 1, and not your rows. A column collects everything "
            "that may stand before a symbol. Along which axis do you add up?",
        ),
        Mistake(
            "rows_divided_across",
            {"axis=1, keepdims=True": "axis=1"},
            "Your counts are fine; the sums land in the wrong places. An array of V "
            "sums is laid over the table column by column, so each column is divided "
            "by the sum of a row. How do the sums become a column themselves?",
        ),
        Mistake(
            "rows_and_columns_swapped",
            {"counts / counts.sum(axis=1, keepdims=True)": "counts.T / counts.sum(1)"},
            "The numbers are right, and each stands where its mirror image should. "
            "Row i is for the moment when symbol i has just been read. Which symbol "
            "of a pair chooses the row?",
        ),
        Mistake(
            "repeats_lost",
            {"+= 1": "= 2"},
            "A pair that occurs three times counts only once. In a loop: does each "
            "pair replace the count, or add to it? Without a loop, `counts[first, "
            "second] += 1` with two arrays reads all entries first and then writes "
            "each of them once.",
        ),
        Mistake(
            "what_came_before",
            {"[current, following]": "[following, current]"},
            "Your table looks back: its rows say what comes before a symbol. Row i is "
            "for the moment when symbol i has just been read. Which of the two "
            "symbols of a pair is then the row?",
        ),
        Mistake(
            "impossible_pairs",
            {"np.ones": "np.zeros"},
            "You call impossible what you have not seen. Another text may hold it, "
            "and then the logarithm of 0 waits for you. Begin the count of each pair "
            "with a little more than nothing.",
        ),
        Mistake(
            "not_divided",
            {"counts / counts.sum(axis=1, keepdims=True)": "counts"},
            "These are counts, not probabilities. How large a share of its row is "
            "each of them?",
        ),
    ),
    claims=(
        Claim("The table has one row and one column a symbol.", _has_one_row_a_symbol),
        Claim("No pair is impossible.", _is_possible),
        Claim("Each row sums to 1.", _sums_to_one),
        Claim("What came more often is more probable.", _follows_the_counts),
        Claim("After many pairs it says what was counted.", _is_near_the_shares),
        Claim("Each count begins at 1.", _begins_at_one),
    ),
    hints=(
        "Make a table of counts first: which pairs of neighbours are there, and how "
        "often? Probabilities come last.",
        "Begin with ones in place of zeros. Go through the text pair by pair: the "
        "first symbol of the pair chooses the row, the second the column.",
        "Three steps: the table before anything is counted; one walk through all pairs "
        "of neighbours, which counts each of them at its place; then each row made "
        "into shares, by what all of its entries together are.",
    ),
    source=ngrams.bigram_table,
)
