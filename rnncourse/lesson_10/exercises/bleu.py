"""Exercise 10.6: BLEU of one sentence."""

from collections import Counter

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
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


def _cases(rng: Rng) -> list[Case]:
    words = ["cent", "vingt", "et", "un", "dix"]
    fixed = [
        ("vingt et un", "vingt et un"),
        ("cent cent cent cent un", "cent vingt un"),
        ("un", "vingt et un"),
        ("un", "un"),
        ("vingt et", "vingt et un"),
        ("vingt et", "vingt et un un"),
        ("vingt et un un", "vingt et un"),
        ("un et vingt", "vingt et un"),
        ("un", "un"),
        ("un dix un dix un dix", "un dix un dix et"),
        ("vingt et", "vingt et un cent dix vingt un dix et"),
        ("Cent un", "cent un"),
        ("cent cent un", "cent centaines un"),  # a word inside a word
        ("un dix in", "un dix fin"),  # the same, beside a pair that is right
        ("en fin un", "fin enf in un en"),  # pairs that are alike without the space
    ]
    drawn = [
        [" ".join(words[k] for k in rng.integers(0, 5, size=size)) for size in sizes]
        for sizes in ((3, 4), (30, 12), (6, 5), (12, 30), (5, 7), (8, 8), (7, 9))
    ]
    return [
        {"candidate": candidate.split(), "reference": reference.split()}
        for candidate, reference in (*fixed, *drawn)
    ]


BLEU = Exercise(
    id="10.6",
    kind="V",
    title="BLEU, by hand",
    reference=bleu_2,
    cases=_cases,
    mistakes=(
        Mistake(
            "not_clipped",
            {"(said & right).total()": "sum(said[gram] for gram in right)"},
            'Say "cent cent cent cent": all your words are right, says your score. A '
            "word of the reference can be found only once, however often it is said. "
            "How often may each one count at most?",
        ),
        Mistake(
            "each_kind_once",
            {
                "(said & right).total()": "len(said & right)",
                "said.total()": "len(said)",
            },
            "You count which words there are, and not how often. As with sets, a word "
            "that is said twice counts once, above and below the line. The reference "
            "may have it twice as well.",
            others=({"(said & right).total()": "len(said & right)"},),
        ),
        Mistake(
            "no_brevity_penalty",
            {"penalty * ": ""},
            "Say one word that is right, and stop: your score finds that perfect. "
            "The shares ask only whether what was said is right. What makes up for "
            "what was left out?",
        ),
        Mistake(
            "arithmetic_mean",
            {"np.sqrt(precisions[0] * precisions[1])": "sum(precisions) / 2"},
            "You take the ordinary mean of the two shares. BLEU multiplies them "
            "and takes a root, so that a sentence with no pair right gets nothing at "
            "all. What does yours give it?",
        ),
        Mistake(
            "only_words",
            {"np.sqrt(precisions[0] * precisions[1])": "precisions[0]"},
            "Your score does not change when the words change places. Single words do "
            "not know their order. What does?",
        ),
        Mistake(
            "root_forgotten",
            {"np.sqrt(precisions[0] * precisions[1])": "precisions[0] * precisions[1]"},
            "You multiply the two shares, and stop there. Two halves would become "
            "a quarter, and four of them a sixteenth. What brings a product of N "
            "factors back to the size of one of them?",
        ),
        Mistake(
            "long_ones_punished",
            {"len(reference) / len(candidate)": "len(candidate) / len(reference)"},
            "Your first factor has the two lengths the wrong way round. Which of the "
            "two sentences must be the shorter one for it to go below 1?",
        ),
        Mistake(
            "long_ones_rewarded",
            {"min(1.0, np": "(np"},
            "A long answer is rewarded for its length: your first factor goes above "
            "1. An answer that is long enough should get nothing extra. Which of two "
            "numbers is the factor at most?",
        ),
        Mistake(
            "ratio_of_lengths",
            {
                "np.exp(1 - len(reference) / len(candidate))": "len(candidate) / "
                "len(reference)"
            },
            "Your factor for short answers is the ratio of the lengths. That is a "
            "sensible idea, but not BLEU's: look for the exponential in the formula.",
        ),
        Mistake(
            "divided_by_the_reference",
            {"max(said.total(), 1)": "max(right.total(), 1)"},
            "You divide by what the reference has. That is the share of the reference "
            "that was found. BLEU takes the share of what was said: of what does it "
            "have to be a part?",
        ),
    ),
    hints=(
        "Take the sentence “vingt et”, where “vingt et un” is right. Count on paper: "
        "how many of the words are found, how many of the pairs, and is it too short?",
        "Two `Counter`s have a common part, `a & b`, which counts each thing as often "
        "as both have it. Pairs are `zip(words, words[1:])`.",
        "The same for words and for pairs: count them in both sentences, take the "
        "common part, and ask which share of what was said it is. Then one number of "
        "the two, as the formula of this section says, and its first factor, which is "
        "below 1 if the sentence is too short. What if there is no pair?",
    ),
    claims=(
        Claim(
            "A sentence that is right has the score 1, one of a single word 0.",
            lambda score, case: (
                case["candidate"] != case["reference"]
                or score == (len(case["reference"]) > 1)
            ),
        ),
    ),
    source=bleu,
    point=(
        "for n in range",
        "_clipped_counts",
        "log_precision +=",
        "return _brevity_penalty",
    ),
)
