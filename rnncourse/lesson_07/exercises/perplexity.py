"""Exercise 07.1: perplexity."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib import metrics
from rnnlib._typing import Array, Rng

__all__ = ["PERPLEXITY"]


def perplexity(p: Array, exists: Array) -> float:
    """Return the perplexity of the letters that exist, given their probabilities."""
    loss = -np.log(p[exists]).mean()
    return float(np.exp(loss))


def _cases(rng: Rng) -> list[Case]:
    """Return probabilities (T, B) of what came, and which steps are real.

    One text is long and poorly foreseen, and has zeros in its padding.
    """
    found: list[Case] = []
    for T, B in ((1, 1), (4, 1), (3, 2), (3, 5), (9, 3)):
        lengths = rng.permutation(np.arange(B) % T + max(1, T - B + 1))
        exists = np.arange(T)[:, None] < np.maximum(lengths, 1)
        found.append({"p": rng.uniform(0.02, 0.9, (T, B)), "exists": exists})
    exists = np.arange(400)[:, None] < rng.permutation([400, 377, 391])
    p = np.where(exists, 10 ** rng.uniform(-9, -0.1, exists.shape), 0)
    return [*found[:-1], {"p": p, "exists": exists}, found[-1]]


PERPLEXITY = Exercise(
    id="07.1",
    kind="V",
    title="Among how many letters it wavers",
    reference=perplexity,
    cases=_cases,
    mistakes=(
        Mistake(
            "padding_counts",
            {"p[exists]": "p"},
            "What stands in the padding changes your number. Only steps that exist "
            "count, in the sum and in the number that it is divided by.",
        ),
        Mistake(
            "of_the_mean",
            {"-np.log(p[exists]).mean()": "-np.log(p[exists].mean())"},
            "You take the mean of the probabilities, and then a logarithm. A text has "
            "the product of its probabilities: it is the logarithms that are averaged.",
        ),
        Mistake(
            "grows_with_the_text",
            {".mean()": ".sum()"},
            "Your number grows with the length of the text. A model that wavers among "
            "two letters at each step has perplexity 2, however long it reads.",
        ),
        Mistake(
            "mixed_units",
            {"np.log(": "np.log2("},
            "Your loss is in bits, and your power is one of e. Two to the power of "
            "bits, or e to the power of nats: they are the same number.",
        ),
        Mistake(
            "loss_itself",
            {"np.exp(loss)": "loss"},
            "That is the loss. Perplexity asks: a choice among how many equally "
            "probable letters has this loss?",
        ),
        Mistake(
            "below_one",
            {"-np.log": "np.log"},
            "Your number is below one: nobody can waver among less than one letter. "
            "Where has a sign been lost?",
        ),
        Mistake(
            "mean_of_inverses",
            {
                "-np.log(p[exists]).mean()": "(1 / p[exists]).mean()",
                "np.exp(loss)": "loss",
            },
            "You average 1/p. One letter of probability 0.001 would then count as a "
            "thousand letters, whatever the others are. Average on the scale of "
            "surprise, and come back from there.",
        ),
    ),
    hints=(
        "A model gives each of four letters the probability 1/4, whatever comes. What "
        "should the answer be, for a text of one letter and for one of a hundred?",
        "Surprise is −log p, the loss is the mean surprise, and the perplexity is the "
        "number of equally probable letters that has this loss: the power that undoes "
        "the logarithm.",
        "Pick the probabilities where a step exists, with the mask as an index. Take "
        "the mean of their surprises, all in one mean, not one a column. Then undo "
        "the logarithm, with the same base, and return a plain number.",
    ),
    source=metrics.perplexity,
    point=("return exp(loss)",),
)
