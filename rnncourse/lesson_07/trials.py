"""What ten seeds make of the trainings of lesson 07.

``python -m rnncourse.lesson_07.trials`` makes all of them anew and stores them; it
takes about ten minutes. Names after it choose some of them.
"""

from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_07 import nets
from rnncourse.lesson_07.brackets import correlations, excess, features
from rnncourse.lesson_07.loop_finder.compute import cycle, greedy_text
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.models import LanguageModel
from rnnlib.tasks import Names

__all__ = ["SIZES", "above_the_bound", "letter_bits", "ten_runs", "told_apart"]

SIZES = (8, 16, 32, 64)
NAMES_ASKED = 84


def above_the_bound(cell: str, seed: int) -> Array:
    """Return bits above the bound by size, in all and by depth of brackets, (4, 6)."""
    held_out = nets.BRACKETS.sample(500, rng=np.random.default_rng(1), split="held_out")
    models = (nets.bracket_net(cell, hidden, seed) for hidden in SIZES)
    return np.array([excess(model, held_out) for model in models])


def letter_bits(model: LanguageModel, task: Names, names: list[str]) -> Array:
    """Return the bits per letter of each name, its END counted as one."""
    return np.array([nets.bits(model, task.batch([name])) for name in names])


def told_apart(made: Array, real: Array) -> float:
    """Return how often a made name has fewer bits per letter than a real one."""
    return float((made[:, None] < real).mean())


def _judged(updates: int, seed: int) -> float:
    """Return how often the model is less surprised by its own name than by a real one.

    The real ones are held out.
    """
    task = nets.MINERALS
    model = nets.name_net(task, updates, seed)
    made = nets.made_names(model, NAMES_ASKED, rng=np.random.default_rng(seed))
    real = task.names("held_out")
    return told_apart(*(letter_bits(model, task, n) for n in (made, real)))


def _units(seed: int) -> Array:
    """Return the strongest correlation of a unit with each feature, (3,)."""
    batch = nets.BRACKETS.sample(200, rng=np.random.default_rng(1), split="held_out")
    model = nets.bracket_net(seed=seed)
    h, _, _ = model.parts["recurrent"].forward(batch.inputs)
    found = features(batch.inputs).values()
    return np.array([abs(correlations(h, feature)).max() for feature in found])


def _loop(seed: int) -> Array:
    """Return where the loop of the greedy text begins and how long it is, (2,)."""
    return np.array(cycle(greedy_text(nets.number_net(seed), "one", 600)))


def _tunes(updates: int, seed: int) -> float:
    """Return the bits per note on the held-out tunes."""
    batch = nets.held_out("tunes, 75 updates")
    return nets.bits(nets.tune_net(updates, seed), batch)


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        "RNN": partial(above_the_bound, "RNN"),
        **{f"judge, {n} updates": partial(_judged, n) for n in (150, 800)},
        **{f"tunes, {n} updates": partial(_tunes, n) for n in (75, 400)},
        "units": _units,
        "loop": _loop,
    },
)

if __name__ == "__main__":
    ten_runs.measure()
