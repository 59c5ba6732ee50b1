"""Names of minerals, of dinosaurs and of numbers: say which letter comes next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, NamedTuple

import numpy as np

from rnnlib._checks import check_choice, check_kind
from rnnlib._typing import Rng
from rnnlib._words import shown
from rnnlib.tasks.base import (
    END,
    PAD,
    SPECIALS,
    SPLITS,
    START,
    Batch,
    Task,
    is_held_out,
)
from rnnlib.tasks.name_lists import DINOSAURS, MINERALS
from rnnlib.tasks.numbers import english
from rnnlib.vocab import Vocabulary, pad

__all__ = ["Names", "Novelty"]

LISTS = {
    "minerals": tuple(MINERALS.split()),
    "dinosaurs": tuple(DINOSAURS.split()),
    "numbers": tuple(english(n) for n in range(1, 1000)),
}


class Novelty(NamedTuple):
    """Where names that a model has made come from, counted.

    Attributes
    ----------
    copied : int
        Those of the training list: known by heart.
    held_out : int
        Real ones that were never shown.
    new : int
        Those in neither list.
    """

    copied: int
    held_out: int
    new: int


@cache
def _symbols(of: str) -> tuple[str, ...]:
    return (*SPECIALS, *sorted(set("".join(LISTS[of]))))


@dataclass(frozen=True, repr=False)
class Names(Task[Batch]):
    """Say after each letter of a name which letter comes next, and where it ends.

    The inputs are START and then the letters; each target is the next letter, the last
    one END. Minerals and dinosaurs are facts, typed for this library, more than 400 and
    300 names in small letters; numbers are the words of 1 to 999.

    What is random: which name, equally probable. Whether a name is held out is decided
    by its letters. Chance level is the entropy of the letters, in bits: the loss of the
    best model that ignores what came before. The data is CC0.

    Parameters
    ----------
    of : {"minerals", "dinosaurs", "numbers"}

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib.tasks import read
    >>> task = Names("minerals")
    >>> batch = task.sample(4, rng=np.random.default_rng(0))
    >>> read(batch.targets, Vocabulary(task.symbols))
    ['mullite', 'cristobalite', 'andesine', 'astrophyllite']
    >>> len(task.names()), len(task.names("held_out"))
    (342, 84)
    """

    of: str
    measure: ClassVar[str] = "bits per character"

    def __post_init__(self) -> None:
        check_choice("of", self.of, tuple(LISTS))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The tokens: three special ones, and the letters in alphabetical order."""
        return _symbols(self.of)

    @property
    def chance(self) -> float:
        """The entropy of the letters, END among them, in bits."""
        counts = Counter("".join(self._all))
        p = np.array([len(self._all), *counts.values()], dtype=float)
        p /= p.sum()
        return float(-(p * np.log2(p)).sum())

    @property
    def _all(self) -> tuple[str, ...]:
        return LISTS[self.of]

    def names(self, split: str = "train") -> list[str]:
        """Return all names of one of the two sets.

        Raises
        ------
        ValueError
            If `split` is neither "train" nor "held_out".

        >>> Names("dinosaurs").names("held_out")[:3]
        ['agilisaurus', 'anchiornis', 'antarctosaurus']
        """
        wanted = check_choice("split", split, SPLITS) == "held_out"
        return [name for name in self._all if is_held_out(name) == wanted]

    def batch(self, names: Iterable[str]) -> Batch:
        """Return names as a batch, each with its END as the last target.

        Raises
        ------
        ValueError
            If there is no name, or a letter is unknown.

        >>> batch = Names("minerals").batch(["talc", "opal"])
        >>> batch.inputs.shape
        (5, 2)
        """
        encode = Vocabulary(self.symbols).encode
        texts = [
            encode([SPECIALS[START], *name, SPECIALS[END]])
            for name in _listed("names", names)
        ]
        inputs, exists = pad([text[:-1] for text in texts], fill=PAD)
        targets, _ = pad([text[1:] for text in texts], fill=PAD)
        return Batch(inputs, targets, exists, exists)

    def novelty(self, made: Iterable[str]) -> Novelty:
        """Return how many of the made names are copied, held out, and new.

        Raises
        ------
        ValueError
            If `made` is not a list of names.

        >>> Names("minerals").novelty(["quartz", "quartzite", "opalite"])
        Novelty(copied=1, held_out=0, new=2)
        """
        made = _listed("made", made)
        real = Counter(is_held_out(name) for name in made if name in self._all)
        return Novelty(real[False], real[True], len(made) - real.total())

    def _draw(self, count: int, rng: Rng) -> list[str]:
        return [self._all[n] for n in rng.integers(0, len(self._all), size=count)]

    def _is_held_out(self, item: str) -> bool:
        return is_held_out(item)

    def _assemble(self, items: list[str]) -> Batch:
        return self.batch(items)


def _listed(name: str, names: Iterable[str]) -> list[str]:
    """Return names as a list, each checked to be one."""
    found = [] if isinstance(names, str) else [*check_kind(name, names, Iterable)]
    wrong = [each for each in found if not isinstance(each, str)]
    if wrong or isinstance(names, str):
        got = names if isinstance(names, str) else wrong[0]
        raise ValueError(
            f'{name} must be a list of names, got {shown(got)}; write ["opal"]'
        )
    return found
