"""Exercises of lesson 00 that predict a symbol from the one before."""

from itertools import pairwise
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.lesson_00 import ngrams
from rnncourse.shared.wording import count
from rnnlib._typing import Array, Rng

__all__ = ["BIGRAM_TABLE", "CROSS_ENTROPY"]


def bigram_table(tokens: Array, V: int) -> Array:
    """Return how probable each symbol is after each other, one row a symbol."""
    counts = np.ones((V, V))
    for current, following in pairwise(tokens):
        counts[current, following] += 1
    return counts / counts.sum(axis=1, keepdims=True)


def whole_table_sums_to_one(tokens: Array, V: int) -> Any:
    """All your entries together sum to 1.

    Each row is a question of its own: this symbol stands here, what follows? Its
    answers alone must sum to 1.
    """
    table = bigram_table(tokens, V)
    totals = np.bincount(tokens[:-1], minlength=V) + V
    return table * totals[:, None] / totals.sum()


def columns_sum_to_one(tokens: Array, V: int) -> Any:
    """Your columns sum to 1, and not your rows.

    A column collects everything that may stand before a symbol. Along which axis do
    you add up?
    """
    counts = np.ones((V, V))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return counts / counts.sum(axis=0)


def rows_divided_across(tokens: Array, V: int) -> Any:
    """Your counts are fine; the sums land in the wrong places.

    An array of V sums is laid over the table column by column, so each column is
    divided by the sum of a row. How do the sums become a column themselves?
    """
    counts = np.ones((V, V))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return counts / counts.sum(axis=1)


def rows_and_columns_swapped(tokens: Array, V: int) -> Any:
    """The numbers are right, and each stands where its mirror image should.

    Row i is for the moment when symbol i has just been read. Which symbol of a pair
    chooses the row?
    """
    return bigram_table(tokens, V).T


def repeats_lost(tokens: Array, V: int) -> Any:
    """A pair that comes three times counts only once.

    `counts[first, second] += 1` with two arrays reads all entries first, and then
    writes each of them once. A loop over the pairs counts them all.
    """
    counts = np.ones((V, V))
    counts[tokens[:-1], tokens[1:]] += 1
    return counts / counts.sum(axis=1, keepdims=True)


def what_came_before(tokens: Array, V: int) -> Any:
    """Your table looks back: its rows say what comes before a symbol.

    Row i is for the moment when symbol i has just been read. Which of the two symbols
    of a pair is then the row?
    """
    return bigram_table(tokens[::-1], V)


def impossible_pairs(tokens: Array, V: int) -> Any:
    """What you have not seen, you call impossible.

    Another text may hold it, and then the logarithm of 0 waits for you. Begin the
    count of each pair with a little more than nothing.
    """
    counts = np.zeros((V, V))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)


def not_divided(tokens: Array, V: int) -> Any:
    """These are counts, not probabilities.

    How large a share of its row is each of them?
    """
    counts = np.ones((V, V))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return counts


def has_one_row_a_symbol(table: Any, case: Case) -> bool | str:
    V = case["V"]
    if table is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(table, np.ndarray):
        return f"It should be an array of shape ({V}, {V}), and is of another kind."
    right = table.shape == (V, V)
    return right or f"It should have shape ({V}, {V}); its shape is {table.shape}."


def is_possible(table: Any, case: Case) -> bool | str:
    lowest = float(np.min(table))
    return lowest > 0 or f"Every pair should have some chance; one has {lowest:.3g}."


def sums_to_one(table: Any, case: Case) -> bool | str:
    sums = np.sum(table, axis=1)
    worst = int(np.argmax(abs(sums - 1)))
    return abs(sums[worst] - 1) < 1e-6 or (
        "Each row should sum to 1: whatever stands here, something follows. Row "
        f"{worst} sums to {sums[worst]:.3g}."
    )


def follows_the_counts(table: Any, case: Case) -> bool | str:
    tokens, V = case["tokens"], case["V"]
    counts = np.zeros((V, V))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    for i, j, k in np.ndindex(V, V, V):
        if counts[i, j] > counts[i, k] and not table[i, j] > table[i, k]:
            often, rarely = (count(int(counts[i, n]), "time") for n in (j, k))
            return (
                f"Symbol {i} is followed {often} by {j}, and {rarely} by {k}; your "
                f"table has {table[i, j]:.3f} for the first and {table[i, k]:.3f} for "
                "the second."
            )
    return True


def is_near_the_shares(table: Any, case: Case) -> bool | str:
    tokens, V = case["tokens"], case["V"]
    counts = np.zeros((V, V))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    totals = counts.sum(axis=1, keepdims=True)
    off = abs(table - counts / np.maximum(totals, 1)) * (totals > 60 * V)
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    return off[i, j] < 0.05 or (
        f"Symbol {i} comes {totals[i, 0]:.0f} times, and is followed by {j} in "
        f"{counts[i, j]:.0f} of them; with so many, the table should say about "
        f"{counts[i, j] / totals[i, 0]:.2f}, and it says {table[i, j]:.2f}."
    )


def _text(rng: Rng, length: int, V: int) -> Array:
    """Return tokens in which some pairs are far more frequent than others."""
    favourite = rng.integers(V, size=V)
    tokens = list(rng.permutation(V))
    while len(tokens) < length:
        usual = rng.random() < 0.7
        tokens.append(favourite[tokens[-1]] if usual else rng.integers(V))
    return np.array(tokens)


def _text_cases(rng: Rng) -> list[Case]:
    sizes = [(5, 3), (12, 4), (40, 5), (1500, 3)]
    return [{"tokens": _text(rng, length, V), "V": V} for length, V in sizes]


BIGRAM_TABLE = Exercise(
    id="00.3",
    kind="P",
    title="A table of what follows what",
    reference=bigram_table,
    cases=_text_cases,
    bugs=(
        whole_table_sums_to_one,
        columns_sum_to_one,
        rows_divided_across,
        rows_and_columns_swapped,
        repeats_lost,
        what_came_before,
        impossible_pairs,
        not_divided,
    ),
    claims=(
        Claim("The table has one row and one column a symbol.", has_one_row_a_symbol),
        Claim("No pair is impossible.", is_possible),
        Claim("Each row sums to 1.", sums_to_one),
        Claim("What came more often is more probable.", follows_the_counts),
        Claim("After many pairs it says what was counted.", is_near_the_shares),
    ),
    hints=(
        "Make a table of counts first: which pairs of neighbours are there, and how "
        "often? Probabilities come last.",
        "Begin with ones in place of zeros. Go through the text pair by pair: the "
        "first symbol of the pair chooses the row, the second the column.",
        "counts = a V by V table of ones; for each pair of neighbours: add one at "
        "[first, second]; return each row over its own sum",
    ),
    source=ngrams.bigram_table,
)


def text_cross_entropy(table: Array, tokens: Array) -> float:
    """Return the mean of -log p over all pairs of a text, in nats a symbol."""
    p = table[tokens[:-1], tokens[1:]]
    return float(-np.log(p).mean())


def in_bits(table: Array, tokens: Array) -> Any:
    """Your numbers are right, in bits.

    That comes of the logarithm to base 2. Nats come of the natural one.
    """
    return text_cross_entropy(table, tokens) / np.log(2)


def to_base_ten(table: Array, tokens: Array) -> Any:
    """Your logarithm is that to base 10.

    Nats come of the natural logarithm. What is it called in numpy?
    """
    return text_cross_entropy(table, tokens) / np.log(10)


def weighted_again(table: Array, tokens: Array) -> Any:
    """You multiply each surprise by its probability.

    That belongs to a sum over everything that might come. Here the text has already
    chosen what comes: how often something is in it is weight enough.
    """
    p = table[tokens[:-1], tokens[1:]]
    return float(-(p * np.log(p)).mean())


def summed(table: Array, tokens: Array) -> Any:
    """You add up the surprise of the whole text.

    A longer text then looks worse, although nothing has become worse. What is the
    surprise of one symbol, on average?
    """
    return text_cross_entropy(table, tokens) * (len(tokens) - 1)


def divided_by_all_symbols(table: Array, tokens: Array) -> Any:
    """Nothing comes before the first symbol, so nobody had to predict it.

    How many predictions were made in a text of that length?
    """
    return text_cross_entropy(table, tokens) * (len(tokens) - 1) / len(tokens)


def log_of_the_mean(table: Array, tokens: Array) -> Any:
    """You take the mean first and the logarithm of it afterwards.

    One very bad prediction then hardly counts. Let each prediction have its own
    surprise, and average those.
    """
    return float(-np.log(table[tokens[:-1], tokens[1:]].mean()))


def without_the_minus(table: Array, tokens: Array) -> Any:
    """The logarithm of a probability is negative, and so is your result.

    Surprise is meant to be positive: the larger, the worse the prediction.
    """
    return -text_cross_entropy(table, tokens)


def looked_up_backwards(table: Array, tokens: Array) -> Any:
    """You look up each pair the wrong way round.

    The row is the symbol that stands there, the column the one that follows.
    """
    return text_cross_entropy(table.T, tokens)


def _table_cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for length, V in ((2, 2), (3, 4), (10, 3), (50, 5)):
        weights = rng.random((V, V)) + 0.05
        table = weights / weights.sum(axis=1, keepdims=True)
        cases.append({"table": table, "tokens": rng.integers(V, size=length)})
    return cases


CROSS_ENTROPY = Exercise(
    id="00.4",
    kind="V",
    title="How surprised the table is",
    reference=text_cross_entropy,
    cases=_table_cases,
    bugs=(
        in_bits,
        to_base_ten,
        weighted_again,
        summed,
        divided_by_all_symbols,
        log_of_the_mean,
        without_the_minus,
        looked_up_backwards,
    ),
    hints=(
        "For each pair the table has one probability: that of what really followed. "
        "Collect those first.",
        "Each probability has its surprise: minus its natural logarithm. The result is "
        "the mean over all pairs; a text of T symbols has one pair less.",
        "for each pair of neighbours: p = the entry at [first, second], surprise = "
        "minus log p; return the mean of all surprises",
    ),
    source=ngrams.cross_entropy,
)
