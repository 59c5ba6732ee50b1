"""The word order: two networks read a review in two orders."""

from rnncourse.exploring.controls import Choice, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_00.word_order.compute import ORDERS, compute
from rnncourse.lesson_00.word_order.view import WordOrderView

LONG = "the film is not very good but really bad"

word_order = Explorer(
    title="Word order",
    question="Predict first: which of the two networks can tell “good not bad” from "
    "“bad not good”?",
    claim="A bag of words holds which words there are and how often. The same words in "
    "another order are the same bag, so no network can answer otherwise, however long "
    "it learns. An RNN reads one word after the other, and its state depends on their "
    "order. It has learned what sentences say; to a heap of words it says something "
    "too.",
    controls={
        "review": Text("review", "the plot was good not bad", (LONG, "a, very " * 11)),
        "order": Choice("other order", ORDERS, "as typed"),
    },
    presets={
        "good not bad": {"order": "swapped"},
        "not good but bad": {"review": LONG, "order": "swapped"},
        "only one judgement": {"review": "the film is not good", "order": "backwards"},
        "a heap of words": {"order": "shuffled"},
    },
    compute=compute,
    view=WordOrderView,
)
