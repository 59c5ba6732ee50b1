"""Generated melodies, each with a second voice, and both as sound.

A note is the number of a white key, counted from the C below middle C: 7 is middle C,
8 the D above it. The second voice keeps to three customs. It goes a third below; after
a leap upwards it goes a sixth below, until the first voice has leapt downwards; and it
ends an octave below.
"""

import numpy as np

from rnnlib._typing import Array, ArrayLike, Rng
from rnnlib.sound import Note, samples, wav

__all__ = ["FIRST_NOTES", "SECOND_NOTES", "duets", "note", "second_voice", "sound"]

Duet = tuple[Array, Array]

DUETS, SEED = 400, 1405
SHORTEST, LONGEST = 8, 16
LOWEST, HIGHEST, LEAP = 7, 17, 3
THIRD, SIXTH, OCTAVE = 2, 5, 7
FIRST_NOTES, SECOND_NOTES = range(LOWEST, HIGHEST + 1), range(HIGHEST - 1)
STEPS = np.array([-4, -3, -2, -1, 0, 1, 2, 3, 4])
ODDS = np.array([1, 2, 3, 6, 2, 6, 3, 2, 1]) / 26
WHITE = 0, 2, 4, 5, 7, 9, 11
TEMPO = 150


def duets() -> list[Duet]:
    """Return 400 melodies of 8 to 16 notes, each with its second voice.

    >>> first, second = duets()[0]
    >>> first.shape == second.shape, int(first[-1] - second[-1])
    (True, 7)
    """
    rng = np.random.default_rng(SEED)
    firsts = [_melody(rng) for _ in range(DUETS)]
    return [(first, second_voice(first)) for first in firsts]


def _melody(rng: Rng) -> Array:
    """Return a walk over the white keys: mostly steps, now and then a leap."""
    notes = [int(rng.integers(LOWEST, HIGHEST + 1))]
    while len(notes) < SHORTEST or (len(notes) < LONGEST and rng.random() < 0.8):
        moved = notes[-1] + int(rng.choice(STEPS, p=ODDS))
        if LOWEST <= moved <= HIGHEST:
            notes.append(moved)
    return np.array(notes)


def second_voice(first: Array) -> Array:
    """Return the second voice of a melody.

    >>> second_voice(np.array([9, 10, 13, 12, 9, 8, 7]))
    array([7, 8, 8, 7, 7, 6, 0])
    """
    below, second = THIRD, []
    for t, key in enumerate(first.tolist()):
        move = key - first[t - 1] if t else 0
        if abs(move) >= LEAP:
            below = SIXTH if move > 0 else THIRD
        second.append(key - below)
    second[-1] = int(first[-1]) - OCTAVE
    return np.array(second)


def note(key: int, beats: float = 1.0) -> Note:
    """Return a white key as a note.

    >>> note(7), note(0, 2), note(14)
    (Note(pitch=60, beats=1.0), Note(pitch=48, beats=2), Note(pitch=72, beats=1.0))
    """
    octave, place = divmod(int(key), len(WHITE))
    return Note(48 + 12 * octave + WHITE[place], beats)


def sound(*voices: ArrayLike) -> bytes:
    """Return voices that are sung together, as a WAV file; the last note is longer.

    >>> sound([7, 9, 11], [5, 7, 4])[:4]
    b'RIFF'
    """
    lines = [np.asarray(voice).tolist() for voice in voices]
    if len({len(line) for line in lines}) != 1 or not lines[0]:
        sizes = ", ".join(str(len(line)) for line in lines)
        raise ValueError(f"voices must have equally many notes, got {sizes}")
    sung = [
        samples([*map(note, line[:-1]), note(line[-1], 2.0)], beats_per_minute=TEMPO)
        for line in lines
    ]
    return wav(np.mean(sung, axis=0))
