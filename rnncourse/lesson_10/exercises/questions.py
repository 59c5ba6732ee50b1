"""Questions and cards of lesson 10."""

from rnncourse.checking.questions import Card, Question

__all__ = ["CARDS", "DATES", "TWO_LOSSES"]


TWO_LOSSES = Question(
    id="10.8",
    title="Good loss, bad answer",
    prompt="A decoder was trained with the truth fed in. Its loss is low, and still "
    "many of its answers are wrong. How can that be?",
    options={
        "a": (
            "The loss was computed wrongly.",
            "It may be quite right: it answers another question. What was the decoder "
            "fed when the loss was measured, and what is it fed in use?",
        ),
        "b": (
            "In use it reads its own mistakes, which it never saw in training.",
            "Yes. One wrong token leads to where it has never been, and all tokens "
            "must be right for an exact match. So measure the free run.",
        ),
        "c": (
            "The encoder is switched off in use.",
            "No: encoder and decoder both run, in training and in use. Look at what "
            "the decoder reads at each step.",
        ),
    },
    right="b",
)


DATES = Question(
    id="10.9",
    title="Dates through a bottleneck",
    prompt="A date of about 20 characters goes through one state of 64 numbers. After "
    "500 updates, how many of 100 new dates come out right?",
    options={
        "a": (
            "next to none",
            "Yes. The date itself would fit into 64 numbers easily. What is hard is to "
            "learn, in so few updates, to put it there and to read it out again.",
        ),
        "b": (
            "about half",
            "Far fewer. All ten characters have to be right, and each has to be found "
            "in the state that the whole date went into.",
        ),
        "c": (
            "nearly all, as with the French numbers",
            "Far fewer. A number has at most six words, a date twenty characters, and "
            "what is asked for first may stand last.",
        ),
    },
    right="a",
)


CARDS = (
    Card(
        id="B10",
        claim="Sequence to sequence is many to many followed by one to many.",
        truth=False,
        statement="The encoder is many to one: it reads everything and hands over one "
        "state. The decoder is one to many: from that state it writes everything.",
    ),
    Card(
        id="B11",
        claim="The encoder is trained by the decoder's loss: it has none of its own.",
        truth=True,
        statement="The two are trained together: the gradient goes back through the "
        "hand-over into the encoder. Both run in training and in use. What differs is "
        "what the decoder reads: the truth in training, its own words in use.",
    ),
)
