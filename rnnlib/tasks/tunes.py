"""Traditional tunes, typed as notes; say which note comes next."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from rnnlib._typing import Rng
from rnnlib._words import shown
from rnnlib.sound import Note
from rnnlib.tasks.base import END, PAD, SPECIALS, START, Batch, Task
from rnnlib.vocab import Vocabulary, pad

__all__ = ["TUNES", "Tunes", "note"]

# A letter is a pitch: C is middle C, c an octave above, G, the G below it. A
# number is how many eighths a note lasts, if not one; bars are ignored.
TUNES = {
    "Frère Jacques": """
        C2 D2 E2 C2 | C2 D2 E2 C2 | E2 F2 G4 | E2 F2 G4 | G A G F E2 C2 |
        G A G F E2 C2 | C2 G,2 C4 | C2 G,2 C4""",
    "Ah! vous dirai-je, maman": """
        C2 C2 G2 G2 | A2 A2 G4 | F2 F2 E2 E2 | D2 D2 C4 | G2 G2 F2 F2 | E2 E2 D4 |
        G2 G2 F2 F2 | E2 E2 D4 | C2 C2 G2 G2 | A2 A2 G4 | F2 F2 E2 E2 | D2 D2 C4""",
    "Mary had a little lamb": """
        E2 D2 C2 D2 | E2 E2 E4 | D2 D2 D4 | E2 G2 G4 | E2 D2 C2 D2 | E2 E2 E2 E2 |
        D2 D2 E2 D2 | C8""",
    "London Bridge": """
        G3 A G2 F2 | E2 F2 G4 | D2 E2 F4 | E2 F2 G4 | G3 A G2 F2 | E2 F2 G4 |
        D4 G4 | E2 C6""",
    "Au clair de la lune": """
        C2 C2 C2 D2 | E4 D4 | C2 E2 D2 D2 | C8 | D2 D2 D2 D2 | A,4 A,4 |
        D2 C2 B,2 A,2 | G,8 | C2 C2 C2 D2 | E4 D4 | C2 E2 D2 D2 | C8""",
    "Sur le pont d'Avignon": """
        C2 C2 C4 | D2 D2 D4 | E2 F2 G2 C2 | B,2 C2 D2 G,2 | C2 C2 C4 | D2 D2 D4 |
        E2 F2 G2 C2 | D2 B,2 C4""",
    "Hot cross buns": """
        E4 D4 | C8 | E4 D4 | C8 | C2 C2 C2 C2 | D2 D2 D2 D2 | E4 D4 | C8""",
    "Yankee Doodle": """
        C2 C2 D2 E2 | C2 E2 D2 G,2 | C2 C2 D2 E2 | C4 B,4 | C2 C2 D2 E2 |
        F2 E2 D2 C2 | B,2 G,2 A,2 B,2 | C4 C4""",
    "Old MacDonald": """
        C2 C2 C2 G,2 | A,2 A,2 G,4 | E2 E2 D2 D2 | C6 G,2 | C2 C2 C2 G,2 |
        A,2 A,2 G,4 | E2 E2 D2 D2 | C8""",
    "When the saints": """
        C2 E2 F2 | G8 | C2 E2 F2 | G8 | C2 E2 F2 | G4 E4 | C4 E4 | D8 | E2 E2 D2 |
        C6 C2 | E4 G4 | G2 F6 | E2 F2 | G4 E4 | C4 D4 | C8""",
    "Skip to my Lou": """
        E4 C4 | E2 E E G4 | D4 B,4 | D2 D D F4 | E4 C4 | E2 E E G4 | D2 E F E2 D2 |
        C4 C4""",
    "Alle meine Entchen": """
        C2 D2 E2 F2 | G4 G4 | A2 A2 A2 A2 | G8 | A2 A2 A2 A2 | G8 | F2 F2 F2 F2 |
        E4 E4 | D2 D2 D2 D2 | C8""",
    "Hänschen klein": """
        G2 E2 E4 | F2 D2 D4 | C2 D2 E2 F2 | G2 G2 G4 | G2 E2 E4 | F2 D2 D4 |
        C2 E2 G2 G2 | C8 | D2 D2 D2 D2 | D2 E2 F4 | E2 E2 E2 E2 | E2 F2 G4 |
        G2 E2 E4 | F2 D2 D4 | C2 E2 G2 G2 | C8""",
    "Summ, summ, summ": """
        G4 F4 | E8 | D2 E2 F2 D2 | C8 | E2 F2 G2 E2 | D2 E2 F2 D2 | E2 F2 G2 E2 |
        D2 E2 F2 D2 | G4 F4 | E8 | D2 E2 F2 D2 | C8""",
    "This old man": """
        G2 E2 G4 | G2 E2 G4 | A2 G2 F2 E2 | D2 E2 F2 E F | G2 C C C2 C2 |
        C D E F G4 | G2 D2 D2 F2 | E2 D2 C4""",
    "The farmer in the dell": """
        G, | C2 C C2 C | C5 D | E2 E E2 E | E5 G | G2 A G2 E | C2 D E2 E | D2 D |
        C6""",
    "Pop goes the weasel": """
        G, | C2 C D2 D | E G E C2 G, | C2 C D2 D | E3 C2 G, | C2 C D2 D | E G E C3 |
        A3 D2 F | E3 C3""",
    "Go tell Aunt Rhody": """
        E4 E2 D2 | C4 C4 | D4 D4 | F2 E2 D2 C2 | G4 G2 F2 | E4 E4 | D2 C2 D2 E2 |
        C8""",
    "Auld lang syne": """
        G,2 | C3 C C2 E2 | D3 C D2 E2 | C3 C E2 G2 | A6 A2 | G3 E E2 C2 |
        D3 C D2 E2 | C3 A, A,2 G,2 | C6 A2 | G3 E E2 C2 | D3 C D2 A2 | G3 E E2 G2 |
        A6 A2 | G3 E E2 C2 | D3 C D2 E2 | C3 A, A,2 G,2 | C6""",
    "Michael, row the boat": """
        C2 E2 | G3 E G2 A2 | G8 | E2 G2 | A8 | G8 | E2 G2 | G3 E F2 E2 | D8 |
        C2 D2 | E4 D4 | C8""",
    "Three blind mice": """
        E3 D3 | C6 | E3 D3 | C6 | G3 F2 F | E6 | G3 F2 F | E5 G | c2 c B A B |
        c2 G G2 G | c2 c B A B | c2 G G2 G | c2 c B A B | c2 G G2 F | E3 D3 | C6""",
    "The drunken sailor": """
        A2 A A A2 A A | A2 D2 F2 A2 | G2 G G G2 G G | G2 C2 E2 G2 | A2 A A A2 A A |
        A2 B2 c2 d2 | c2 A2 G2 E2 | D4 D4""",
    "Tempus adest floridum": """
        C2 C2 C2 D2 | C2 C2 G,4 | A,2 G,2 A,2 B,2 | C4 C4 | C2 C2 C2 D2 | C2 C2 G,4 |
        A,2 G,2 A,2 B,2 | C4 C4 | G2 F2 E2 D2 | E2 D2 C4 | A,2 G,2 A,2 B,2 | C4 C4 |
        G,2 G,2 A,2 B,2 | C2 C2 D4 | G2 F2 E2 D2 | C4 F4 | C8""",
}
HELD_OUT = ("Mary had a little lamb", "Hot cross buns", "Alle meine Entchen")
KEYS = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69, "B": 71}
_TYPED = {name: tune.replace("|", " ").split() for name, tune in TUNES.items()}


def note(symbol: str) -> Note:
    """Return the pitch and the beats of a typed note; a beat is a quarter note.

    Raises
    ------
    ValueError
        If `symbol` is not a letter, optionally with a comma and a number.

    >>> note("C2"), note("c"), note("G,3")
    (Note(pitch=60, beats=1.0), Note(pitch=72, beats=0.5), Note(pitch=55, beats=1.5))
    """
    text = symbol if isinstance(symbol, str) else ""
    parts = re.fullmatch("([A-Ga-g])(,?)([1-8]?)", text)
    if parts is None:
        raise ValueError(
            f"symbol must be a letter and a number of eighths, got {shown(symbol)}; "
            'write "C2"'
        )
    letter, lower, eighths = parts.groups()
    octave = 12 * (letter.islower() - bool(lower))
    return Note(KEYS[letter.upper()] + octave, int(eighths or 1) / 2)


@dataclass(frozen=True, repr=False)
class Tunes(Task[Batch]):
    """Say after each note of a tune which note comes next, and how long it lasts.

    All twenty-three traditional tunes are in C. A symbol is a note and its length in
    eighths: C2 is middle C for a quarter, c the C above it for an eighth, G, the G
    below. The inputs are START and then the notes; each target is the next note, the
    last one END.

    What is random: which tune. Three are held out; all their notes also occur in the
    others. Chance level is the share of the most frequent note. The tunes are
    traditional and free of rights; the typing is CC0.

    Examples
    --------
    >>> import numpy as np
    >>> task = Tunes()
    >>> batch = task.sample(2, rng=np.random.default_rng(0))
    >>> batch.inputs.shape
    (33, 2)
    >>> [task.symbols[token] for token in batch.targets[:6, 0]]
    ['C2', 'E2', 'G3', 'E', 'G2', 'A2']
    """

    symbols: ClassVar[tuple[str, ...]] = (
        *SPECIALS,
        *sorted({symbol for tune in _TYPED.values() for symbol in tune}, key=note),
    )
    measure: ClassVar[str] = "accuracy"

    @property
    def chance(self) -> float:
        """The share of the most frequent note."""
        counts = Counter(symbol for tune in _TYPED.values() for symbol in tune)
        return max(counts.values()) / (counts.total() + len(_TYPED))

    def _draw(self, count: int, rng: Rng) -> list[str]:
        names = list(_TYPED)
        return [names[n] for n in rng.integers(0, len(names), size=count)]

    def _is_held_out(self, item: str) -> bool:
        return item in HELD_OUT

    def _assemble(self, items: list[str]) -> Batch:
        encode = Vocabulary(self.symbols).encode
        tunes = [
            encode([SPECIALS[START], *_TYPED[name], SPECIALS[END]]) for name in items
        ]
        inputs, exists = pad([tune[:-1] for tune in tunes], fill=PAD)
        targets, _ = pad([tune[1:] for tune in tunes], fill=PAD)
        return Batch(inputs, targets, exists, exists)
