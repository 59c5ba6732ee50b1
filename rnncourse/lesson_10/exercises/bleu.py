"""Exercise 10.6: BLEU of one sentence."""

from collections import Counter

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnnlib._typing import Rng
from rnnlib.metrics import bleu

__all__ = ["BLEU"]


def bleu_2(candidate: list[str], reference: list[str]) -> float:
    """Return the BLEU score of one sentence, from single words and pairs."""
    precisions = []
    for n in (1, 2):
        said, right = (
            Counter(zip(*(words[k:] for k in range(n)), strict=False))
            for words in (candidate, reference)
        )
        precisions.append((said & right).total() / max(said.total(), 1))
    penalty = min(1.0, np.exp(1 - len(reference) / len(candidate)))
    return float(penalty * np.sqrt(precisions[0] * precisions[1]))


def _precision(
    candidate: list[str], reference: list[str], n: int, *, clipped: bool = True
) -> float:
    said, right = (
        Counter(zip(*(words[k:] for k in range(n)), strict=False))
        for words in (candidate, reference)
    )
    hits = (said & right).total() if clipped else sum(said[gram] for gram in right)
    return hits / max(said.total(), 1)


def _penalty(candidate: list[str], reference: list[str]) -> float:
    return float(min(1.0, np.exp(1 - len(reference) / len(candidate))))


def not_clipped(candidate: list[str], reference: list[str]) -> float:
    """Say "cent cent cent cent": all your words are right, says your score.

    A word of the reference can be found once only, however often it is said. How often
    may each one count at most?
    """
    both = [_precision(candidate, reference, n, clipped=False) for n in (1, 2)]
    return float(_penalty(candidate, reference) * np.sqrt(both[0] * both[1]))


def no_brevity_penalty(candidate: list[str], reference: list[str]) -> float:
    """Say one word that is right, and stop: your score finds that perfect.

    Precision asks only whether what was said is right. What makes up for what was left
    out?
    """
    both = [_precision(candidate, reference, n) for n in (1, 2)]
    return float(np.sqrt(both[0] * both[1]))


def arithmetic_mean(candidate: list[str], reference: list[str]) -> float:
    """You take the ordinary mean of the two precisions.

    BLEU multiplies them and takes a root, so that a sentence with no pair right gets
    nothing at all. What does yours give it?
    """
    both = [_precision(candidate, reference, n) for n in (1, 2)]
    return _penalty(candidate, reference) * (both[0] + both[1]) / 2


def only_words(candidate: list[str], reference: list[str]) -> float:
    """Your score does not change when the words change places.

    Single words do not know their order. What does?
    """
    return _penalty(candidate, reference) * _precision(candidate, reference, 1)


def root_forgotten(candidate: list[str], reference: list[str]) -> float:
    """You multiply the two precisions, and stop there.

    Two halves would become a quarter, and four of them a sixteenth. What brings a
    product of N factors back to the size of one of them?
    """
    both = [_precision(candidate, reference, n) for n in (1, 2)]
    return _penalty(candidate, reference) * both[0] * both[1]


def long_ones_punished(candidate: list[str], reference: list[str]) -> float:
    """Your first factor has the two lengths the wrong way round.

    Which of the two sentences must be the shorter one for it to go below 1?
    """
    both = [_precision(candidate, reference, n) for n in (1, 2)]
    return float(_penalty(reference, candidate) * np.sqrt(both[0] * both[1]))


def long_ones_rewarded(candidate: list[str], reference: list[str]) -> float:
    """A long answer is rewarded for its length: your first factor goes above 1.

    An answer that is long enough should get nothing extra. Which of two numbers is the
    factor at most?
    """
    both = [_precision(candidate, reference, n) for n in (1, 2)]
    factor = np.exp(1 - len(reference) / len(candidate))
    return float(factor * np.sqrt(both[0] * both[1]))


def ratio_of_lengths(candidate: list[str], reference: list[str]) -> float:
    """Your factor for short answers is the ratio of the lengths.

    That is a sensible idea, but not BLEU's: look for the exponential in the formula.
    """
    both = [_precision(candidate, reference, n) for n in (1, 2)]
    factor = min(1.0, len(candidate) / len(reference))
    return float(factor * np.sqrt(both[0] * both[1]))


def divided_by_the_reference(candidate: list[str], reference: list[str]) -> float:
    """You divide by what the reference has.

    That is the share of the reference that was found. Precision is the share of what
    was said: of what does it have to be a part?
    """
    both = [_precision(reference, candidate, n) for n in (1, 2)]
    return float(_penalty(candidate, reference) * np.sqrt(both[0] * both[1]))


def _sentences(rng: Rng) -> list[Case]:
    words = ["cent", "vingt", "et", "un", "dix"]
    drawn = [
        {
            "candidate": [words[k] for k in rng.integers(0, 5, size=said)],
            "reference": [words[k] for k in rng.integers(0, 5, size=right)],
        }
        for said, right in ((3, 4), (6, 5), (5, 7), (8, 8), (7, 9))
    ]
    fixed = [
        {"candidate": ["vingt", "et", "un"], "reference": ["vingt", "et", "un"]},
        {"candidate": ["cent"] * 4 + ["un"], "reference": ["cent", "vingt", "un"]},
        {"candidate": ["un"], "reference": ["vingt", "et", "un"]},
        {"candidate": ["vingt", "et"], "reference": ["vingt", "et", "un", "un"]},
        {"candidate": ["vingt", "et", "un", "un"], "reference": ["vingt", "et", "un"]},
        {"candidate": ["un", "et", "vingt"], "reference": ["vingt", "et", "un"]},
    ]
    return [*fixed, *drawn]


BLEU = Exercise(
    id="10.6",
    kind="V",
    title="BLEU, by hand",
    reference=bleu_2,
    cases=_sentences,
    bugs=(
        not_clipped,
        no_brevity_penalty,
        arithmetic_mean,
        only_words,
        root_forgotten,
        long_ones_punished,
        long_ones_rewarded,
        ratio_of_lengths,
        divided_by_the_reference,
    ),
    hints=(
        "Take the sentence “vingt et”, where “vingt et un” is right. Count on paper: "
        "how many of the words are found, how many of the pairs, and is it too short?",
        "Two `Counter`s have a common part, `a & b`, which counts each thing as often "
        "as both have it. Pairs are `zip(words, words[1:])`.",
        "p1 = words found over words said; p2 = pairs found over pairs said, at least "
        "one; penalty = 1, or e to the power of 1 - r / c if the candidate's length c "
        "is below the reference's r; the score is penalty times the root of p1 p2.",
    ),
    claims=(
        Claim(
            "A sentence that is right has the score 1.",
            lambda score, case: case["candidate"] != case["reference"] or score == 1,
        ),
    ),
    source=bleu,
)
