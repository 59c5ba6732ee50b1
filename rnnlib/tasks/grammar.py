"""Sentences to be tagged, in which some tags depend on the word before or after."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, NamedTuple

import numpy as np

from rnnlib._checks import check_choice, check_flag
from rnnlib._typing import Array, Rng
from rnnlib.tasks.base import PAD, SPECIALS, Batch, Task, is_held_out
from rnnlib.vocab import Vocabulary, pad

__all__ = ["DOUBTFUL", "KNOWN", "GrammarTags"]

NEXT_TELLS, LAST_TELLS = "adjective or noun", "noun or verb"
WORDS = {
    "article": ("the",),
    "adjective": ("small", "old", "quiet"),
    "noun": ("dog", "bird", "child", "moon"),
    "verb": ("falls", "waits", "sleeps", "shines"),
    "verb with object": ("sees", "finds", "likes", "follows"),
    NEXT_TELLS: (
        *("light", "cold", "dark", "orange", "green", "sweet", "square", "wild"),
    ),
    LAST_TELLS: ("walks", "plays", "turns", "calls"),
}
DOUBTFUL = WORDS[NEXT_TELLS] + WORDS[LAST_TELLS]
ARTICLE, ADJECTIVE, NOUN, VERB = range(4)

# A form gives each word its tag and the list that it is drawn from.
Form = tuple[tuple[int, str], ...]
PHRASES: dict[Form, float] = {
    ((NOUN, "noun"),): 0.05,
    ((NOUN, NEXT_TELLS),): 0.3,
    ((NOUN, LAST_TELLS),): 0.3,
    ((ADJECTIVE, "adjective"), (NOUN, "noun")): 0.05,
    ((ADJECTIVE, NEXT_TELLS), (NOUN, "noun")): 0.25,
    ((ADJECTIVE, NEXT_TELLS), (NOUN, NEXT_TELLS)): 0.05,
}
# What a reader knows about the kinds of words when tagging the one at `place`.
Known = Callable[[tuple[str, ...], int], Hashable]
KNOWN: dict[str, Known] = {
    "left to right": lambda kinds, place: kinds[: place + 1],
    "right to left": lambda kinds, place: kinds[place:],
    "both": lambda kinds, place: (kinds, place),
}


class _Sentence(NamedTuple):
    words: list[str]
    tags: list[int]


@dataclass(frozen=True, repr=False)
class GrammarTags(Task[Batch]):
    """Say for each word whether it is an article, an adjective, a noun or a verb.

    Some words can be two things. In "the light falls" and "the light bird falls" the
    word *after* "light" tells what it is. In "the dog plays" and "the dog likes the
    plays" the word *before* "plays" tells what it is. A reader of one direction has to
    guess some of them: `ceiling` is the accuracy of the best guesses. Both directions
    together settle every word.

    What is random: the phrases, whether the verb has an object, and each word. The
    sentence decides whether it is held out. Chance level is reached by calling every
    word a noun. The data is CC0.

    Examples
    --------
    >>> from rnnlib.tasks import read
    >>> task = GrammarTags()
    >>> batch = task.sample(3, rng=np.random.default_rng(0))
    >>> read(batch.inputs, Vocabulary(task.symbols))[0]
    'the calls follows the sweet child'
    >>> [task.classes[tag] for tag in batch.targets[:5, 0]]
    ['article', 'noun', 'verb', 'article', 'adjective']
    """

    symbols: ClassVar[tuple[str, ...]] = (
        *SPECIALS,
        *(word for words in WORDS.values() for word in words),
    )
    classes: ClassVar[tuple[str, ...]] = ("article", "adjective", "noun", "verb")
    measure: ClassVar[str] = "accuracy"

    @property
    def chance(self) -> float:
        """The share of nouns."""
        return _best_accuracy(lambda kinds, place: None, False)

    def ceiling(self, direction: str, *, doubtful: bool = False) -> float:
        """Return the highest accuracy that reading in one direction, or both, allows.

        It is exact: in every form of sentence each word is given its most probable tag,
        given what has been read.

        Parameters
        ----------
        direction : {"left to right", "right to left", "both"}
        doubtful : bool
            Whether only words count that can be two things.

        Raises
        ------
        ValueError
            If there is no such direction.

        >>> [round(GrammarTags().ceiling(direction), 3) for direction in KNOWN]
        [0.901, 0.967, 1.0]
        """
        check_choice("direction", direction, tuple(KNOWN))
        check_flag("doubtful", doubtful)
        return _best_accuracy(KNOWN[direction], doubtful)

    def _draw(self, count: int, rng: Rng) -> list[_Sentence]:
        forms = list(_forms())
        chosen = rng.choice(len(forms), size=count, p=list(_forms().values()))
        which = rng.random((count, max(map(len, forms))))
        return [
            _spelled(forms[form], row) for form, row in zip(chosen, which, strict=True)
        ]

    def _is_held_out(self, item: _Sentence) -> bool:
        return is_held_out(" ".join(item.words))

    def _assemble(self, items: list[_Sentence]) -> Batch:
        encode = Vocabulary(self.symbols).encode
        inputs, exists = pad([encode(item.words) for item in items], fill=PAD)
        targets, _ = pad([item.tags for item in items])
        return Batch(inputs, targets, exists, exists)


def _spelled(form: Form, which: Array) -> _Sentence:
    """Return a sentence of that form; `which` holds a number below 1 for each word."""
    words = [
        WORDS[kind][int(u * len(WORDS[kind]))]
        for (_, kind), u in zip(form, which, strict=False)
    ]
    return _Sentence(words, [tag for tag, _ in form])


@cache
def _forms() -> dict[Form, float]:
    """Return all forms of sentences, each with its probability."""
    the, forms = (ARTICLE, "article"), {}
    for subject, p in PHRASES.items():
        for kind in ("verb", LAST_TELLS):
            forms[the, *subject, (VERB, kind)] = p / 4
        for other, q in PHRASES.items():
            rest = (VERB, "verb with object"), the, *other
            forms[the, *subject, *rest] = p * q / 2
    return forms


def _best_accuracy(known: Known, doubtful: bool) -> float:
    """Return the accuracy of the best guess, given what is known about each word.

    `known(kinds, place)` selects that from the kinds of all words of a sentence.
    """
    shares: dict[Hashable, Array] = defaultdict(lambda: np.zeros(4))
    for form, p in _forms().items():
        tags, kinds = zip(*form, strict=True)
        for place, tag in enumerate(tags):
            if not doubtful or kinds[place] in (NEXT_TELLS, LAST_TELLS):
                shares[known(kinds, place)][tag] += p
    table = np.array(list(shares.values()))
    return min(1.0, float(table.max(axis=1).sum() / table.sum()))
