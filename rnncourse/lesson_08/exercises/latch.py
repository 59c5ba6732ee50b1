"""The exercise of lesson 08 on a latch: the weights of one LSTM unit, set by hand."""

from itertools import product
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise, call
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid

__all__ = ["LATCH"]

Weights = tuple[Array, Array, Array]
TOKENS = "SR."
SHORT, LONG = 6, 60


def lstm_latch() -> Weights:
    """Return W_xh (3, 4), W_hh (1, 4) and b_h (4,) of a unit that S sets and R resets.

    The rows of W_xh are for S, R and the dot; the columns are i, f, o, g.
    """
    W_xh = np.array(
        [[12.0, -12.0, 12.0, 12.0], [-12.0, -12.0, 12.0, 0.0], [-12.0, 12.0, 12.0, 0.0]]
    )
    return W_xh, np.zeros((1, 4)), np.zeros(4)


def never_forgets() -> Weights:
    """Your unit keeps whatever it has: R does not empty it, and a second S adds up.

    Which gate has to close, and at which tokens, so that the old value goes?
    """
    W_xh, W_hh, _ = lstm_latch()
    return W_xh * [1, 0, 1, 1], W_hh, np.array([0.0, 12.0, 0.0, 0.0])


def fades() -> Weights:
    """Your unit stores, and then loses a part of it at each dot.

    What is the forget gate at a dot? A sigmoid at 0 is one half: after ten dots a
    thousandth is left. How far to the right must the sum be?
    """
    W_xh, W_hh, b_h = lstm_latch()
    return W_xh * [[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 1, 1]], W_hh, b_h


def stores_at_a_dot() -> Weights:
    """Your unit is written to at a dot.

    At a dot nothing may happen: the old value stays, and nothing is added. Which gate
    decides whether something is written?
    """
    W_xh, W_hh, b_h = lstm_latch()
    written = np.array([[0.0] * 4, [0.0] * 4, [24.0, 0.0, 0.0, 12.0]])
    return W_xh + written, W_hh, b_h


def keeps_in_secret() -> Weights:
    """Your cell state is right, and h does not show it.

    h is the output gate times tanh(c). Which column of W_xh opens that gate, and for
    which tokens?
    """
    W_xh, W_hh, b_h = lstm_latch()
    return W_xh * [1, 1, -1, 1], W_hh, b_h


def in_another_order() -> Weights:
    """Your columns stand in PyTorch's order, i f g o.

    This library stacks the three gates first: the third column is the output gate,
    the last one the candidate.
    """
    W_xh, W_hh, b_h = lstm_latch()
    return W_xh[:, [0, 1, 3, 2]], W_hh, b_h


def _strings(rng: Rng) -> list[Case]:
    return [{}]


def _texts() -> list[str]:
    """Return all strings of up to six tokens, and a few long ones."""
    every = [
        "".join(word) for n in range(1, SHORT + 1) for word in product(TOKENS, repeat=n)
    ]
    dots = "." * LONG
    return [*every, f"S{dots}", f"SR{dots}", f"RS{dots}", f"SSSS{dots}", dots]


def _run(answer: Any, case: Case) -> dict[str, tuple[float, float]]:
    """Return h and c at the end of each string."""
    W_xh, W_hh, b_h = (np.asarray(part, dtype=float) for part in call(answer, case))
    for name, array, shape in (
        ("W_xh", W_xh, (3, 4)),
        ("W_hh", W_hh, (1, 4)),
        ("b_h", b_h, (4,)),
    ):
        if array.shape != shape:
            raise ValueError(f"{name} must have shape {shape}, got {array.shape}")
    texts = _texts()
    h, c, ends = np.zeros((len(texts), 1)), np.zeros((len(texts), 1)), {}
    for t in range(max(map(len, texts))):
        rows = [TOKENS.index(text[t]) if t < len(text) else 2 for text in texts]
        a_i, a_f, a_o, a_g = np.split(W_xh[rows] + h @ W_hh + b_h, 4, axis=-1)
        c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_g)
        h = sigmoid(a_o) * np.tanh(c)
        for k, text in enumerate(texts):
            if len(text) == t + 1:
                ends[text] = float(h[k, 0]), float(c[k, 0])
    return ends


def _is_set(text: str) -> bool:
    return text.rstrip(".").endswith("S")


def _shows(ends: dict[str, tuple[float, float]], _: Case) -> Any:
    """Return whether h is above a half where S came last; else say where it is not."""
    for text, (h, c) in sorted(ends.items(), key=lambda item: len(item[0])):
        if (h > 0.5) != _is_set(text):
            side = "above" if _is_set(text) else "below"
            shown = text if len(text) < 12 else f"{text.rstrip('.')} and {LONG} dots"
            return f"After {shown!r} h must be {side} 0.5; it is {h:.3f}, c is {c:.3f}."
    return True


def _does_not_count(ends: dict[str, tuple[float, float]], _: Case) -> Any:
    once, often = ends["S"][1], ends["S" * SHORT][1]
    if abs(often - once) < 0.2:
        return True
    return (
        f"A second S changes nothing: after one S c is {once:.3f}, so after {SHORT} it "
        f"must be about the same; it is {often:.3f}."
    )


LATCH = Exercise(
    id="08.2",
    kind="H",
    title="Be the cell: a latch",
    reference=lstm_latch,
    cases=_strings,
    observe=_run,
    bugs=(never_forgets, fades, stores_at_a_dot, keeps_in_secret, in_another_order),
    claims=(
        Claim("After S, and dots, h is above 0.5; else below.", _shows),
        Claim("The unit stores one value and does not count.", _does_not_count),
    ),
    hints=(
        "Fill in a table first: for S, for R and for a dot, which gate is open and "
        "which is shut? The candidate matters only where something is written.",
        "S: write, and drop the old value. R: write nothing, and drop the old value. A "
        "dot: write nothing, keep. The output gate may stay open. Open is a large "
        "positive pre-activation, shut a large negative one, at least 8.",
        "one row a token, columns i, f, o, g: S is open, shut, open, large; R is shut, "
        "shut, open, anything; the dot is shut, open, open, anything; W_hh and b_h can "
        "stay zero.",
    ),
)
