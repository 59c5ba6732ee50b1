"""From notes to sound: a melody as samples, and as a WAV file."""

import io
import wave
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rnnlib._checks import check_array, check_finite, check_number, check_size
from rnnlib._typing import Array, ArrayLike
from rnnlib._words import shown

__all__ = ["RATE", "Note", "frequency", "samples", "wav"]

RATE = 22_050  # samples per second
LOWEST, HIGHEST = 21, 108  # the keys of a piano
ATTACK, RELEASE, FADE = 0.015, 0.08, 1.2  # seconds
LOUDNESS = 0.8
OVERTONES = np.array([0.7, 0.2, 0.07, 0.03])  # each with its share of the loudness


class Note(NamedTuple):
    """A tone, or a rest.

    Attributes
    ----------
    pitch : int or None
        60 is middle C, 61 the next key to the right, and so on. None is a rest.
    beats : float
        How long it lasts.
    """

    pitch: int | None
    beats: float


def frequency(pitch: int) -> float:
    """Return the frequency of a tone in hertz: twice as high for each octave.

    Raises
    ------
    ValueError
        If `pitch` is not a key of the piano, 21 to 108.

    >>> frequency(69), frequency(81), round(frequency(60), 1)
    (440.0, 880.0, 261.6)
    """
    key = check_size("pitch", pitch, minimum=LOWEST)
    if key > HIGHEST:
        raise ValueError(f"pitch must be at most {HIGHEST}, got {pitch}")
    return float(440 * 2 ** ((key - 69) / 12))


def samples(notes: Iterable[Note], *, beats_per_minute: float = 120) -> Array:
    """Return a melody as numbers from -1 to 1, RATE of them per second.

    Every note swells within a few milliseconds and has died away before the next one
    begins, so none starts or ends with a click. No sample exceeds LOUDNESS.

    Raises
    ------
    ValueError
        If there are no notes, or a note has an invalid pitch or length.

    >>> melody = samples([Note(60, 1), Note(None, 1), Note(67, 2)])
    >>> len(melody) / RATE, bool(abs(melody).max() <= LOUDNESS)
    (2.0, True)
    """
    tempo = check_number("beats_per_minute", beats_per_minute, above=0)
    checked = [_checked(note) for note in notes]
    if not checked:
        raise ValueError("notes must hold at least one note, got none")
    ends = np.cumsum([0, *(beats for _, beats in checked)]) * 60 / tempo * RATE
    counts = np.diff(np.round(ends).astype(int))
    tones = zip(checked, counts, strict=True)
    return np.concatenate([_tone(hertz, n) for (hertz, _), n in tones])


def _checked(note: Note) -> tuple[float, float]:
    """Return the frequency of a note, 0 for a rest, and its length in beats."""
    if not isinstance(note, tuple) or len(note) != 2:
        raise ValueError(
            f"each note must be a pitch and its beats, got {shown(note)}; "
            "write Note(60, 1)"
        )
    pitch, beats = note
    beats = check_number("the beats of a note", beats, above=0)
    return 0.0 if pitch is None else frequency(pitch), beats


def _tone(hertz: float, count: int) -> Array:
    """Return `count` samples of a tone, given its frequency in hertz."""
    t = np.arange(count) / RATE
    tone = np.zeros_like(t)
    for times, share in enumerate(OVERTONES, start=1):
        if times * hertz < RATE / 2:
            tone += share * np.sin(2 * np.pi * times * hertz * t)
    swell = np.minimum(t / ATTACK, t[::-1] / RELEASE).clip(0, 1)
    shape = np.sin(np.pi / 2 * swell) ** 2 * np.exp(-t / FADE)
    return np.asarray(LOUDNESS * shape * tone)


def wav(sound: ArrayLike) -> bytes:
    """Return samples as a WAV file that any browser can play: one channel, 16 bits.

    Parameters
    ----------
    sound : array of floats (N,)
        From -1 to 1, as `samples` returns them.

    Raises
    ------
    ValueError
        If a sample exceeds 1 and would be clipped, or is not finite.

    >>> wav(samples([Note(60, 1)]))[:4]
    b'RIFF'
    """
    sound = check_finite("sound", check_array("sound", sound, ("N",)))
    if (loudest := abs(sound).max()) > 1:
        raise ValueError(
            f"sound must lie between -1 and 1, got {loudest}; divide it by the largest"
        )
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.round(32_767 * sound).astype("<i2").tobytes())
    return file.getvalue()
