"""The word order of lesson 00."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_00.word_order.compute import ORDERS, compute
from rnncourse.lesson_00.word_order.view import WordOrderView

__all__ = ["word_order"]

QUESTION = (
    "Predict first: which of the two networks can tell “good not bad” from “bad not "
    "good”?"
)
CLAIM = (
    "A bag of words holds which words there are and how often. The same words in "
    "another order are the same bag, so no network can answer otherwise, however long "
    "it learns. An RNN reads one word after the other, and its state depends on their "
    "order. It has learned what sentences say; to a heap of words it says something "
    "too."
)
LONG = "the film is not very good but really bad"
CONTROLS: dict[str, Control] = {
    "review": Text("review", "the plot was good not bad", (LONG, "a, very " * 9)),
    "order": Choice("other order", ORDERS, "swapped"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "good not bad": {},
    "not good but bad": {"review": LONG},
    "only one judgement": {"review": "the film is not good", "order": "backwards"},
    "a heap of words": {"order": "shuffled"},
}


def word_order(**start: Any) -> Explorer:
    """Return the explorer that shows a review in two orders to two networks.

    Parameters
    ----------
    **start
        Values to open with: review, order.
    """
    return Explorer(
        title="Word order",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=WordOrderView(style.figure(840, 370)),
        start=start,
    )
