"""The hello table: hello as one-hot vectors, and what they pick."""

from rnncourse.exploring.controls import Choice, IntSlider, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.hello_table.compute import (
    FEWEST_LETTERS,
    MOST_LETTERS,
    WORD,
    compute,
)
from rnncourse.lesson_01.hello_table.view import HelloTableView

hello_table = Explorer(
    title="Hello table",
    question="Predict first: the vocabulary grows from 4 letters to 12. How many more "
    "ones does the table of hello hold then, and how many more zeros?",
    answer="No more ones; 8 more zeros for each of the 5 letters, 40.",
    claim="A one-hot vector has a single 1, at the token that it encodes, and zeros "
    "elsewhere. Multiplied by W it gives one row of W, unchanged: the product is a "
    "look-up. The vectors grow with the vocabulary, their ones do not.",
    controls={
        "position": IntSlider("step t", 1, len(WORD), 3),
        "vocab_size": IntSlider(
            "vocabulary V", FEWEST_LETTERS, MOST_LETTERS, FEWEST_LETTERS
        ),
        "letter": Choice("letter", ("h", "e", "l", "o"), "l"),
        "multiplied": Toggle("multiply the row by W", False),
    },
    presets={
        "the first letter": {"position": 1, "letter": "h"},
        "more letters": {"vocab_size": MOST_LETTERS},
        "multiplied by 1": {"multiplied": True},
        "multiplied by 0": {"letter": "o", "multiplied": True},
        "the same letter again": {"position": 4, "multiplied": True},
    },
    compute=compute,
    view=HelloTableView,
)
