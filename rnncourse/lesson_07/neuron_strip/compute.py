"""One unit of the net over a text, and how closely each unit follows a feature."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_07.brackets import FEATURES, correlations, features
from rnncourse.lesson_07.nets import BRACKET_UNITS, BRACKETS, stored
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array

__all__ = ["LENGTH", "TEXTS", "UNITS", "NeuronStrip", "compute", "measured"]

UNITS, TEXTS, LENGTH = BRACKET_UNITS, 200, BRACKETS.steps
WORDS = {
    "depth": "how many brackets are open",
    "quote": "whether a quote is open",
    "position": "the place in the text",
}


@dataclass(frozen=True)
class NeuronStrip:
    """A unit, chosen by its rank, and one text.

    Attributes
    ----------
    text : str
        Of 40 symbols.
    values : ndarray, shape (40,)
        The unit's hidden state after each of them.
    scaled, feature : ndarray, shape (40,)
        The same, and what it is compared with, as standard deviations from the mean of
        200 texts.
    by : str
        Which feature that is.
    order : ndarray, shape (32,)
        The units, the most correlated first.
    correlations : ndarray, shape (32,)
        In that order, over 200 texts.
    rank : int
        From 1.
    """

    text: str
    values: Array
    scaled: Array
    feature: Array
    by: str
    order: Array
    correlations: Array
    rank: int

    @property
    def unit(self) -> int:
        """The number of the unit, from 1."""
        return int(self.order[self.rank - 1]) + 1

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        r = self.correlations[self.rank - 1]
        low, high = fixed(self.values.min()), fixed(self.values.max())
        return (
            f"Unit {self.unit}, number {self.rank} of {UNITS} by “{self.by}”: its "
            f"correlation with {WORDS[self.by]} is {fixed(r)} over {TEXTS} texts. In "
            f"this text it goes from {low} to {high}."
        )


@cache
def measured() -> tuple[Array, Array, dict[str, Array]]:
    """Return texts (40, 200), the states (40, 200, 32), and correlations by feature.

    The text that is deepest in brackets comes first.
    """
    rng = np.random.default_rng(2)
    tokens = BRACKETS.sample(TEXTS, rng=rng, split="held_out").inputs
    h, _, _ = stored("brackets").parts["recurrent"].forward(tokens)
    order = np.argsort(-features(tokens)["depth"].mean(axis=0), kind="stable")
    tokens, h = tokens[:, order], h[:, order].astype(float)
    found = features(tokens)
    return tokens, h, {name: correlations(h, found[name]) for name in FEATURES}


def _scaled(values: Array) -> Array:
    """Return values (40, 200) as standard deviations from their mean."""
    scaled: Array = (values - values.mean()) / values.std()
    return scaled


def compute(*, by: str, rank: int, example: int) -> NeuronStrip:
    """Look at one unit of the stored net over one text.

    Parameters
    ----------
    by : str
        One of FEATURES: what the units are sorted by.
    rank : int
        From 1, the unit that follows it most closely.
    example : int
        Which text, from 1.
    """
    tokens, h, found = measured()
    order = np.argsort(-abs(found[by]), kind="stable")
    unit, column = h[..., order[rank - 1]], example - 1
    return NeuronStrip(
        "".join(BRACKETS.symbols[token] for token in tokens[:, column]),
        unit[:, column],
        _scaled(unit)[:, column],
        _scaled(features(tokens)[by])[:, column],
        by,
        order,
        found[by][order],
        rank,
    )
