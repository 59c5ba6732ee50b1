"""With and without: what attention is worth, by the length of a word."""

from collections.abc import Iterator

import numpy as np

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_11.trials import LENGTHS
from rnncourse.lesson_11.with_and_without.compute import TRAINED, Pair, compute, run
from rnncourse.lesson_11.with_and_without.view import WithAndWithoutView


def train(*, length: int, trained_on: str) -> Iterator[Pair]:
    """Train two new nets, with other weights and words each time."""
    return run(trained_on, int(np.random.default_rng().integers(2**31)))


with_and_without = Explorer(
    title="With and without",
    question="Predict first: a net with attention reads words of up to 8 letters and "
    "says them backwards, and a net of the same size without it does, too. At which "
    "length do they part? Who is ahead on words that are longer than any in training?",
    claim="What attention looks at grows with the word, and what is handed over does "
    "not. So the net that looks back is ahead in all ten seeds from 6 letters up to "
    "the longest word in training; trained on 8 letters, by 41 points at 8. Longer "
    "words than that neither of them reads: attention takes the bottleneck away, and "
    "does not teach what was never shown.",
    controls={
        "length": IntSlider("word length", LENGTHS[0], LENGTHS[-1], LENGTHS[0]),
        "trained_on": Choice(
            "trained on",
            tuple(TRAINED),
            "8",
            {n: f"up to {n} letters" for n in TRAINED},
        ),
    },
    presets={
        "six letters": {"length": 6},
        "as long as in training": {"length": 8},
        "longer than in training": {"length": 10},
        "trained on longer ones": {"length": 10, "trained_on": "12"},
    },
    compute=compute,
    view=WithAndWithoutView,
    training=Training("train both here", 8, train),
)
