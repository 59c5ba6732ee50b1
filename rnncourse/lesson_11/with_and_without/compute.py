"""Words said backwards, by a net that looks back at them and by one that cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_11.nets import RECIPES, build
from rnncourse.lesson_11.trials import LENGTHS, by_length, ten_runs
from rnncourse.shared.recipe import training
from rnncourse.shared.translators import TASKS
from rnncourse.shared.wording import count, in_seeds, span, whole_percent
from rnnlib._typing import Array

__all__ = ["LOOKS", "TRAINED", "Pair", "WithAndWithout", "compute", "run"]

TRAINED = {"8": "reversal, up to 8", "12": "reversal, up to 12"}
LOOKS = ("none", "scaled")


@dataclass(frozen=True)
class Pair:
    """Two nets that a learner trains, one without attention and one with it.

    Attributes
    ----------
    trained : str
        One of TRAINED: the longest word in training.
    exact : ndarray, shape (2, 9), or None
        Shares of new words that come back whole, by length, once training is over.
    losses : tuple of float
        Of the last update, in nats a letter.
    progress : float
    """

    trained: str
    exact: Array | None
    losses: tuple[float, ...]
    progress: float


@dataclass(frozen=True)
class WithAndWithout:
    """What attention is worth at each length, over ten seeds.

    Attributes
    ----------
    exact : ndarray, shape (2, 10, 9)
        Without and with attention, for each seed, and each length in LENGTHS.
    length : int
    trained : str
        The longest word in training, one of TRAINED.
    own : Pair or None
        The learner's last two, perhaps still under way.
    """

    exact: Array
    length: int
    trained: str
    own: Pair | None

    @property
    def column(self) -> int:
        """Which of LENGTHS it is."""
        return LENGTHS.index(self.length)

    @property
    def here(self) -> Array:
        """The shares (2, 10) at this length."""
        found: Array = self.exact[:, :, self.column]
        return found

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        without, with_it = self.here
        beyond = self.length > int(self.trained)
        where = ", longer than any word in training" if beyond else ""
        gap = with_it - without
        points = round(100 * gap.mean())
        sign = "−" if points < 0 else ""
        return (
            f"Length {self.length}{where}: without attention {span(without)} of new "
            f"words come back whole, with it {span(with_it)}. Attention is ahead in "
            f"{in_seeds(gap > 0)}, behind in {(gap < 0).sum()}; the gap is {sign}"
            f"{count(abs(points), 'point')} on average.{self._told()}"
        )

    def _told(self) -> str:
        """Return how far the learner's two have come; nothing without them."""
        if self.own is None:
            return ""
        if self.own.exact is None:
            losses = " and ".join(f"{loss:.2f}" for loss in self.own.losses)
            return f" Yours are under way{f', losses {losses}' if losses else ''}."
        shares = " and ".join(map(whole_percent, self.own.exact[:, self.column]))
        return f" Yours: {shares}."


def compute(
    *, length: int, trained_on: str, trained: tuple[Pair, ...] = ()
) -> WithAndWithout:
    """Return what the stored runs say of one length.

    Parameters
    ----------
    length : int
        One of LENGTHS.
    trained_on : str
        One of TRAINED.
    trained : tuple of Pair
        By the learner.
    """
    own = [pair for pair in trained if pair.trained == trained_on]
    last = own[-1] if own else None
    return WithAndWithout(_stored(trained_on), length, trained_on, last)


@cache
def _stored(trained_on: str) -> Array:
    return np.array([ten_runs(f"{TRAINED[trained_on]}, {look}") for look in LOOKS])


def run(trained_on: str, seed: int) -> Iterator[Pair]:
    """Train both in turn, update by update; yield the two so far.

    The last pair has been tested.
    """
    name = TRAINED[trained_on]
    recipe = RECIPES[name]
    task, H = TASKS[recipe.task], recipe.hidden_size
    rngs = [np.random.default_rng(seed) for _ in LOOKS]
    models = [
        build(task, H, look, rng=rng) for look, rng in zip(LOOKS, rngs, strict=True)
    ]
    runs = [
        training(model, task, recipe.updates, rng=rng, model_rng=rng)
        for model, rng in zip(models, rngs, strict=True)
    ]
    last: dict[int, float] = {}
    for done in range(1, recipe.updates + 1):
        for k, losses in enumerate(runs):
            last[k] = next(losses)
            progress = 0.98 * done / recipe.updates
            yield Pair(trained_on, None, tuple(last.values()), progress)
    exact = np.array([by_length(model, seed) for model in models])
    yield Pair(trained_on, exact, tuple(last.values()), 1.0)
