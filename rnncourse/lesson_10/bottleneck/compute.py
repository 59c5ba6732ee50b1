"""How long a word can be before it no longer fits through the state handed over."""

from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

import numpy as np

from rnncourse.shared.translators import TASKS, exact, stored
from rnncourse.shared.wording import percent
from rnnlib._typing import Array
from rnnlib.tasks import Reversal, read

__all__ = ["LENGTHS", "MOST", "SIZES", "Bottleneck", "accuracies", "compute"]

LENGTHS, SIZES = range(2, 13), (16, 32, 48)
TESTED = 200
MOST = LENGTHS[-1] + 2  # letters that are said at most


@dataclass(frozen=True)
class Bottleneck:
    """The share of words said backwards without a mistake, by length and state size.

    Attributes
    ----------
    exact : ndarray, shape (3, 11)
        For each size in SIZES and each length in LENGTHS, on words never trained on.
    length, hidden : int
        Which of them is looked at.
    word, said : str
        One such word, and the answer.
    """

    exact: Array
    length: int
    hidden: int
    word: str
    said: str

    @property
    def share(self) -> float:
        """The share at this length and size."""
        return float(self.exact[SIZES.index(self.hidden), LENGTHS.index(self.length)])

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return (
            f"H = {self.hidden}, length {self.length}: {percent(self.share)} of new "
            f"words come back without a mistake. “{self.word}” comes back as "
            f"“{self.said}”: {self._judged()}."
        )

    def _judged(self) -> str:
        wrong = sum(self.wrong)
        if not wrong:
            return "right"
        return (
            f"{wrong} of {len(self.wrong)} places {'is' if wrong == 1 else 'are'} wrong"
        )

    @property
    def wrong(self) -> list[bool]:
        """At which places the answer is wrong; a missing or extra letter counts."""
        return [a != b for a, b in zip_longest(self.said, self.word[::-1])]


@cache
def accuracies() -> Array:
    """Return the share of exact answers for each size and each length."""
    return np.array(
        [
            [
                exact(
                    stored(f"bottleneck {hidden}"),
                    Reversal(max_length=length, min_length=length),
                    rng=np.random.default_rng(length),
                    count=min(TESTED, 8**length // 10),
                )
                for length in LENGTHS
            ]
            for hidden in SIZES
        ]
    )


def compute(*, length: int, hidden: int | str, draw: int) -> Bottleneck:
    """Look at one length and size, and at one word.

    Parameters
    ----------
    length : int
        One of LENGTHS.
    hidden : int
        One of SIZES; as text, too.
    draw : int
        Which word.
    """
    task = TASKS["long reversal"]
    words = Reversal(max_length=length, min_length=length)
    pairs = words.sample(1, rng=np.random.default_rng(draw), split="held_out")
    said = stored(f"bottleneck {hidden}").predict(pairs.source, max_length=MOST)
    return Bottleneck(
        exact=accuracies(),
        length=length,
        hidden=int(hidden),
        word=read(pairs.source, task.source_vocabulary)[0],
        said=read(said, task.target_vocabulary)[0],
    )
