"""What a verdict says, read and compared with numbers that were computed anew."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.exploring.engine import Explorer

__all__ = ["HERE", "Said", "Weights", "every", "plain_rnn", "softmax", "weights"]

HERE = Path(__file__).resolve().parents[2] / "rnncourse"
Weights = dict[str, Any]


class Said:
    """A verdict, with the values and the data that it is about."""

    def __init__(self, verdict: str, values: dict[str, Any], data: Any) -> None:
        self.verdict, self.values, self.data = verdict, values, data

    def reads(
        self, pattern: str, *numbers: float, factor: float = 1, margin: float = 0
    ) -> None:
        """Find the groups of a pattern; each is its number, but for its last digit.

        `factor` and `margin` are for what is measured: so many times more or less, or
        so far away.
        """
        found = re.search(pattern, self.verdict)
        assert found, (pattern, self.verdict, self.values)
        groups = [text for text in found.groups() if text is not None]
        for text, number in zip(groups, numbers, strict=True):
            shown, slack = value_of(text)
            low, high = sorted((number / factor, number * factor))
            assert low - slack - margin <= shown <= high + slack + margin, (
                text,
                number,
                self.verdict,
                self.values,
            )

    def number(self, pattern: str) -> float:
        """Return the number that a pattern finds."""
        found = re.search(pattern, self.verdict)
        assert found, (pattern, self.verdict, self.values)
        return value_of(found[1])[0]

    def claims(self, words: str, true: Any) -> None:
        """Words are said where they are true, and nowhere else."""
        assert (words in self.verdict) == bool(true), (words, self.verdict, self.values)


def value_of(text: str) -> tuple[float, float]:
    """Return a number as it is written, and half of its last place.

    >>> value_of("−0.50"), value_of("4.6e4"), value_of("1,203")
    ((-0.5, 0.00500001), (46000.0, 500.001), (1203.0, 0.500001))
    """
    plain = text.rstrip(".").replace("−", "-").replace(",", "")
    mantissa, _, power = plain.partition("e")
    places = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(power or 0) - places)
    return float(plain), 0.5 * unit * (1 + 2e-6)


def every(make: Explorer) -> list[dict[str, Any]]:
    """Return the values of every corner of the controls, of the opening and presets."""
    opening = {name: control.value for name, control in make.controls.items()}
    corners = product(*(control.corners() for control in make.controls.values()))
    return [
        *(dict(zip(make.controls, corner, strict=True)) for corner in corners),
        opening,
        *({**opening, **values} for values in make.presets.values()),
    ]


@cache
def weights(path: str) -> Weights:
    """Return stored weights by their last names, or by the direction before them."""
    stored = np.load(HERE / path)
    names = [name for name in stored.files if name.startswith("param.")]
    return {
        name.removeprefix("param.").removeprefix("recurrent."): stored[name].astype(
            float
        )
        for name in names
    }


def softmax(scores: Any) -> Any:
    """Return probabilities, unit by unit."""
    exp = [float(np.exp(score - max(scores))) for score in scores]
    return [value / sum(exp) for value in exp]


def plain_rnn(tokens: Any, net: Weights, prefix: str = "") -> list[Any]:
    """Return the states of a tanh RNN after each token, or after each row of them."""
    W_xh, W_hh, b_h = (net[f"{prefix}{name}"] for name in ("W_xh", "W_hh", "b_h"))
    h, states = np.zeros(len(b_h)), []
    for token in tokens:
        h = np.tanh(W_xh[token] + h @ W_hh + b_h)
        states.append(h)
    return states
