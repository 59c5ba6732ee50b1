"""The hello table: hello as one-hot vectors, and what they pick."""

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.hello_table.compute import MOST_LETTERS, WORD, compute
from rnncourse.lesson_01.hello_table.view import HelloTableView

hello_table = Explorer(
    title="Hello table",
    question="Predict first: a row holds one 1. What is left of W when that row is "
    "multiplied by it?",
    claim="A one-hot vector has a single 1, at the token that it encodes, and zeros "
    "elsewhere. Multiplied by W it gives one row of W, unchanged: the product is a "
    "look-up. The vectors grow with the vocabulary, their ones do not.",
    controls={
        "position": IntSlider("step t", 0, len(WORD) - 1, 2),
        "vocab_size": IntSlider("vocabulary V", 4, MOST_LETTERS, 4),
        "letter": Choice("letter", ("h", "e", "l", "o"), "l"),
    },
    presets={
        "the first letter": {"position": 0, "letter": "h"},
        "the same letter again": {"position": 3, "letter": "l"},
        "multiplied by 0": {"position": 1, "letter": "o"},
        "more letters": {"position": 4, "letter": "o", "vocab_size": MOST_LETTERS},
    },
    compute=compute,
    view=HelloTableView,
)
