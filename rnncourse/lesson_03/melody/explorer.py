"""The melody: a net writes it, and it is shown and played."""

from rnncourse.exploring.controls import Choice, IntSlider, LogSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_03.melody.compute import SEEDS, Melody, compute
from rnncourse.lesson_03.melody.view import MelodyView
from rnnlib.sound import samples, wav


def sound_of(data: Melody) -> bytes:
    """Return a melody as a WAV file."""
    return wav(samples(data.notes, beats_per_minute=150))


melody = Explorer(
    title="Melody",
    question="Predict first: the net draws each note, and hears what it has drawn. "
    "What will it sing at a low temperature, and what at a high one?",
    claim="One to many has one input and many outputs. Here many melodies are right "
    "and notes are drawn, so each is fed back as the next input. At a low temperature "
    "this net sings tunes it knows by heart; at a high one hardly three notes in a row "
    "are still from a tune.",
    controls={
        "temperature": LogSlider("temperature", 0.1, 10**0.5, 1),
        "length": IntSlider("notes", 8, 32, 24),
        "seed": Choice("the first note", SEEDS, "E2"),
        "draw": IntSlider("another draw", 1, 20, 1),
    },
    presets={
        "by heart": {"temperature": 0.1, "seed": "C2"},
        "a variation": {"temperature": 1.0, "seed": "G2"},
        "no tune any more": {"temperature": 10**0.5, "seed": "C2"},
    },
    compute=compute,
    view=MelodyView,
    sound=sound_of,
)
