"""Film reviews whose opinion depends on the order of the words."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from rnnlib._checks import check_share
from rnnlib._typing import Rng
from rnnlib.tasks.base import PAD, SPECIALS, Batch, Task, is_held_out
from rnnlib.vocab import Vocabulary, pad

__all__ = ["NegationReviews"]

SUBJECTS = ("film", "plot", "acting", "music", "ending", "camera")
VERBS = ("is", "was", "seems", "feels")
DEGREES = ((), ("very",), ("really",))
PRAISE = ("good", "great", "funny", "clever", "moving", "fresh", "lovely", "warm")
BLAME = ("bad", "awful", "dull", "stupid", "boring", "stale", "ugly", "cold")
SIZES = tuple(
    map(len, (SUBJECTS, VERBS, PRAISE, BLAME, DEGREES, DEGREES, (0, 1), (0, 1)))
)


class _Review(NamedTuple):
    subject: int
    verb: int
    praise: int
    blame: int
    degree: int
    other_degree: int
    denied_first: int
    positive: int
    contrast: int

    def words(self) -> list[str]:
        """Return what the review says: one word is meant, the other is denied."""
        words = PRAISE[self.praise], BLAME[self.blame]
        meant = [*DEGREES[self.degree], words[not self.positive]]
        denied = ["not", *DEGREES[self.other_degree], words[self.positive]]
        if not self.contrast:
            opinion = denied if self.denied_first else meant
        else:
            opinion = [*denied, "but", *meant] if self.denied_first else meant + denied
        return ["the", SUBJECTS[self.subject], VERBS[self.verb], *opinion]


@dataclass(frozen=True, repr=False)
class NegationReviews(Task[Batch]):
    """Say at the end whether a review is positive, where `not` reverses one word.

    Most reviews contrast two words: "the plot was good not bad", or "not bad but good".
    Each of them has a twin with the same words and the opposite opinion, so that no bag
    of words can tell them apart. The others are plain: good, or not good. The best
    function of the bag is therefore right in `1 - contrast / 2` of the reviews, 62.5 %
    (`bag_ceiling`); the order settles all of them.

    What is random: subject, verb, both words, their degrees, the form, and the
    opinion, positive in half of the reviews, which is chance level. The bag decides
    whether a review is held out, so that two reviews of the same words are in the
    same set and the ceiling holds in each. The data is CC0.

    Parameters
    ----------
    contrast : float
        The share of reviews that contrast two words, 0 to 1.

    Examples
    --------
    >>> from rnnlib.tasks import read
    >>> task = NegationReviews()
    >>> batch = task.sample(3, rng=np.random.default_rng(0))
    >>> reviews = read(batch.inputs, Vocabulary(task.symbols))
    >>> for review, target in zip(reviews, batch.targets, strict=True):
    ...     print(review, "->", task.classes[target])
    the plot feels not very cold but very fresh -> positive
    the music seems not really moving but cold -> negative
    the camera is ugly -> negative
    """

    contrast: float = 0.75
    symbols: ClassVar[tuple[str, ...]] = (
        *(*SPECIALS, "the", *SUBJECTS, *VERBS),
        *("not", "but", "very", "really", *PRAISE, *BLAME),
    )
    classes: ClassVar[tuple[str, ...]] = ("negative", "positive")
    measure: ClassVar[str] = "accuracy"
    chance: ClassVar[float] = 0.5

    def __post_init__(self) -> None:
        check_share("contrast", self.contrast)

    @property
    def bag_ceiling(self) -> float:
        """The highest accuracy of any function of the bag of words."""
        return 1 - self.contrast / 2

    def _draw(self, count: int, rng: Rng) -> list[_Review]:
        choices = rng.integers(0, SIZES, size=(count, len(SIZES)))
        contrast = rng.random((count, 1)) < self.contrast
        return [_Review(*row) for row in np.hstack([choices, contrast]).tolist()]

    def _is_held_out(self, item: _Review) -> bool:
        return is_held_out(" ".join(sorted(item.words())))

    def _assemble(self, items: list[_Review]) -> Batch:
        encode = Vocabulary(self.symbols).encode
        inputs, exists = pad([encode(item.words()) for item in items], fill=PAD)
        targets = np.array([item.positive for item in items])
        return Batch(inputs, targets, input_mask=exists)
