"""The composer: a tune to see, to hear, and to be surprised by."""

from rnncourse.exploring.controls import Choice, IntSlider, LogSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_07.composer.compute import NETS, SEEDS, Tune, compute
from rnncourse.lesson_07.composer.view import ComposerView
from rnnlib.sound import samples, wav


def sound_of(data: Tune) -> bytes:
    """Return a tune as a WAV file."""
    return wav(samples(data.notes, beats_per_minute=150))


composer = Explorer(
    title="Composer",
    question="Predict first: two nets have heard twenty tunes, one for 75 updates and "
    "one for 400. Which of them makes tunes that are new, and which that sound right?",
    claim="Twenty tunes are few. The net that was stopped early makes tunes of its "
    "own, and wanders; the one that went on sings the twenty by heart. On tunes that "
    "it was not shown neither of these two beats counting pairs of notes.",
    controls={
        "net": Choice("the net", NETS, NETS[0]),
        "seed": Choice("the first note", SEEDS, "E2"),
        "temperature": LogSlider("temperature", 0.1, 10**0.5, 1),
        "length": IntSlider("notes", 8, 32, 28),
        "draw": IntSlider("another draw", 1, 20, 1),
    },
    presets={
        "its own": {"temperature": 0.1 * 10**0.8},
        "by heart": {"net": NETS[1], "seed": "C2"},
        "cold": {"temperature": 0.1},
        "hot": {"temperature": 10**0.5},
    },
    compute=compute,
    view=ComposerView,
    sound=sound_of,
)
