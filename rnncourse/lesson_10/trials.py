"""What ten seeds make of the trainings of lesson 10.

``python -m rnncourse.lesson_10.trials`` makes all of them anew and stores them; it
takes about ten minutes. Names after it choose some of them.
"""

from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_10.teacher_forcing.compute import RATIOS, curves
from rnncourse.shared.recipe import train
from rnncourse.shared.translators import RECIPES, TASKS, build, exact, retrained
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.metrics import exact_match
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.tasks import PairTask, Reversal, Sorting, read

__all__ = ["ten_runs"]

LONGEST = Reversal(max_length=12, min_length=12)


def _trained(task: PairTask, units: int, updates: int, seed: int) -> Seq2Seq:
    rng = np.random.default_rng(seed)
    model = build(task, units, rng=rng)
    train(model, task, updates, rng=rng, model_rng=rng)
    return model


def _exact(task: PairTask, units: int, updates: int, seed: int) -> float:
    """Return the share of held-out answers that are right from end to end."""
    model = _trained(task, units, updates, seed)
    return exact(model, task, rng=np.random.default_rng(seed + 1))


def _exact_if(words: str, task: PairTask, units: int, updates: int, seed: int) -> float:
    """Return the share that is right of the held-out targets that hold `words`."""
    model = _trained(task, units, updates, seed)
    pairs = task.sample(500, rng=np.random.default_rng(seed + 1), split="held_out")
    targets = read(pairs.target, task.target_vocabulary)
    chosen = np.array([words in text for text in targets])
    said = model.predict(pairs.source, pairs.source_mask, max_length=10)
    return exact_match(
        said[:, chosen], pairs.target[:, chosen], pairs.target_mask[:, chosen]
    )


def _twelve_letters(name: str, seed: int) -> float:
    """Return the share of words of twelve letters that are right."""
    return exact(retrained(name, seed)[0], LONGEST, rng=np.random.default_rng(seed + 1))


def _whole(name: str, seed: int) -> float:
    """Return the share of all held-out answers of a recipe that are right."""
    return retrained(name, seed)[1]


def _forced(seed: int) -> Array:
    """Return the last loss and the last exact match for each of RATIOS, (2, 5)."""
    ends = [[row[-1] for row in curves(ratio, seed)[1:]] for ratio in RATIOS]
    return np.transpose(ends)


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        "French": partial(_exact, TASKS["french"], 48, 600),
        "French, quatre vingt": partial(
            _exact_if, "quatre vingt", TASKS["french"], 48, 600
        ),
        "sorting": partial(_exact, Sorting(max_length=5), 32, 400),
        "teacher forcing": _forced,
        **{
            f"12 letters, {RECIPES[name].updates} updates": partial(
                _twelve_letters, name
            )
            for name in ("bottleneck 48", "bottleneck 48, longer")
        },
        **{name: partial(_whole, name) for name in ("dates", "dates with attention")},
    },
)

if __name__ == "__main__":
    ten_runs.measure()
