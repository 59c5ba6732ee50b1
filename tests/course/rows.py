"""The concepts, claims and tasks that the course promises, one a row.

`@row(n)` says of a test that it runs row n, the thing itself. `test_rows.py` prints the
table, and fails where a row has no test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["ROWS", "TESTS", "row"]

Test = TypeVar("Test", bound=Callable[..., Any])
ROWS = {
    1: "why not a plain network: length, sharing, number of parameters",
    2: "word order is in the architecture",
    3: "inputs in order, the same at each step, any length",
    4: "input, hidden and output layer; the loop, and unrolled",
    5: "h_t = f_W(h_{t-1}, x_t), in both notations",
    6: "the stacked form W [h; x]",
    7: "scores, softmax and sigmoid outputs",
    8: "weights are shared across time",
    9: "h_0: zeros, random, learned, carried over",
    10: "tanh, ReLU, sigmoid as hidden activation",
    11: "one-hot encoding, vocabulary, hello",
    12: "next-character prediction, confidence, training on letters",
    13: "both losses, and the loss of a sequence",
    14: "back-propagation through time, right to left",
    15: "truncated back-propagation",
    16: "vanishing gradients, saturation",
    17: "exploding gradients, clipping",
    18: "ReLU as a cure",
    19: "the LSTM: i, f, o, g; c_t; h_t; matrix form",
    20: "the GRU",
    21: "one direction only, and both",
    22: "inputs or outputs missing at some steps",
    23: "one to one: image classification",
    24: "one to many: music, image description",
    25: "many to one: sentiment",
    26: "many to many, same length",
    27: "many to many, different length: translation",
    28: "encoder = many to one, decoder = one to many",
    29: "several hidden layers",
    30: "hidden size regulates capacity",
    31: "parameters are frozen after training",
}
TESTS: dict[int, list[str]] = {number: [] for number in ROWS}


def row(number: int) -> Callable[[Test], Test]:
    """Say of a test which row it runs."""

    def mark(test: Test) -> Test:
        TESTS[number].append(test.__name__)
        return test

    return mark
