"""A network that describes scenes in words.

``python -m rnncourse.lesson_03.captions`` trains it anew, in a few seconds, and
stores it.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnnlib._typing import Rng
from rnnlib.cells import GRUCell
from rnnlib.metrics import exact_match
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import ShapeScenes
from rnnlib.vocab import Vocabulary

__all__ = ["LONGEST", "TASK", "VOCABULARY", "accuracy", "stored", "train"]

WEIGHTS = Path(__file__).with_name("captions.npz")
TASK = ShapeScenes(dtype=np.float32)
VOCABULARY = Vocabulary(TASK.symbols)
SCENE, LONGEST = 24, 20
HIDDEN, UPDATES, SEED = 48, 1000, 1


def train(*, rng: Rng, updates: int = UPDATES) -> ConditionalLanguageModel:
    """Return a network that was trained to describe scenes."""
    cell = GRUCell(len(VOCABULARY), HIDDEN, rng=rng, dtype=np.float32)
    model = ConditionalLanguageModel(SCENE, Recurrent(cell), rng=rng)
    recipe.train(model, TASK, updates, rng=rng)
    return model


def accuracy(model: ConditionalLanguageModel) -> float:
    """Return the share of 500 held-out scenes that are described without a mistake."""
    batch = TASK.sample(500, rng=np.random.default_rng(2), split="held_out")
    said = model.predict(batch.inputs, max_length=LONGEST)
    return exact_match(said, batch.targets, batch.mask)


@cache
def stored() -> Any:
    """Return the stored network."""
    return load(WEIGHTS)


def main() -> None:
    """Train the network and store it."""
    model = train(rng=np.random.default_rng(SEED))
    save(WEIGHTS, model)
    print(f"described without a mistake: {accuracy(model):.3f}")


if __name__ == "__main__":
    main()
