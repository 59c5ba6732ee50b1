"""The melody of lesson 03: a picture of notes, and their sound."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider, LogSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_03.melody.compute import SEEDS, Melody, compute
from rnncourse.lesson_03.melody.view import MelodyView
from rnnlib.sound import samples, wav

__all__ = ["melody"]

QUESTION = (
    "Predict first: a net hears one note and then nothing but itself. Can a whole "
    "melody come out?"
)
CLAIM = (
    "One to many has one input and many outputs, and each output is fed back as the "
    "next input. At a low temperature this net sings a tune it knows by heart; at a "
    "high one it leaves the tune, and the key."
)
CONTROLS: dict[str, Control] = {
    "length": IntSlider("notes", 8, 32, 24),
    "temperature": LogSlider("temperature", 0.1, 10**0.5, 10**-0.5),
    "seed": Choice("the first note", SEEDS, "E2"),
    "draw": IntSlider("another draw", 1, 20, 1),
}
PRESETS: dict[str, dict[str, Any]] = {
    "by heart": {"temperature": 0.1, "seed": "C2"},
    "a variation": {"temperature": 1.0, "seed": "G2"},
    "out of tune": {"temperature": 10**0.5, "seed": "C2"},
}


def sound_of(data: Melody) -> bytes:
    """Return a melody as a WAV file."""
    return wav(samples(data.notes, beats_per_minute=150))


def melody(**start: Any) -> Explorer:
    """Return the explorer that writes a melody, shows it and plays it.

    Parameters
    ----------
    **start
        Values to open with: length, temperature, seed, draw.
    """
    return Explorer(
        title="Melody",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=MelodyView(style.figure(840, 300)),
        start=start,
        sound=sound_of,
    )
