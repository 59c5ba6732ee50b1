"""The clinic: seven training runs, each with one cause of illness."""

from collections.abc import Iterator

import numpy as np

from rnncourse.exploring.controls import Choice, IntSlider, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_06.clinic.compute import SEEDS, Own, compute, own
from rnncourse.lesson_06.clinic.runs import ILLS
from rnncourse.lesson_06.clinic.view import ClinicView


def train(*, patient: str, seed: int, healed: bool) -> Iterator[Own]:
    """Train this patient anew, other weights and other data each time."""
    return own(patient=patient, healed=healed, rng=np.random.default_rng())


clinic = Explorer(
    title="Clinic",
    question="Each patient is a real training run with one cause of illness. Look at "
    "the loss and at the three instruments, name the cause, and only then switch it "
    "off.",
    claim="The loss alone does not tell an illness. Steps that are too large show in "
    "the update ratio and leave saturated states; a loss that climbs while the "
    "gradient is cut has a wrong sign; a loss that never leaves guessing, without a "
    "saturated state, has a gradient that does not reach the weights; a loss that "
    "stops above zero may be asking what cannot be known.",
    controls={
        "patient": Choice("patient", tuple(ILLS), "A"),
        "seed": IntSlider("seed", SEEDS[0], SEEDS[-1], SEEDS[0]),
        "healed": Toggle("switch the cause off", False),
    },
    presets={f"patient {name}": {"patient": name} for name in [*ILLS][1:]},
    compute=compute,
    view=ClinicView,
    training=Training("train this one", 3, train),
)
