"""Questions and cards of lesson 10."""

from rnncourse.checking.questions import Card, Question

__all__ = ["CARDS", "DATES", "WHAT_DRIFT_COSTS"]


WHAT_DRIFT_COSTS = Question(
    id="10.8",
    title="What drift costs",
    prompt="A half-trained decoder says 500 words backwards, each time the most "
    "probable letter, reading its own letters. Some of the answers are right from end "
    "to end. Now the truth is fed in at each step, whatever it says. How many are "
    "right from end to end then?",
    options={
        "a": (
            "more: it reads no mistakes any more",
            "It reads none before its first mistake in the free run either. Take an "
            "answer that is wrong in the free run: what had been read up to the first "
            "wrong letter?",
        ),
        "b": (
            "exactly as many",
            "Yes. Up to the first mistake both have read the same, the truth. So the "
            "first mistake comes at the same step, and an answer without one is the "
            "same answer. What drift costs comes later.",
        ),
        "c": (
            "fewer: it was not trained like that",
            "It was trained with the truth fed in. And take an answer that is right in "
            "the free run: what had the decoder read there, at each step?",
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
            "Far fewer. A number has at most six words, a date about twenty "
            "characters, and what was read long before the end has to last until it "
            "is asked for.",
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
