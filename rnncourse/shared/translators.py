"""The trained encoders and decoders that lesson 10 looks into.

``python -m rnncourse.shared.translators`` trains all of them anew and stores them;
it takes about half a minute.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from rnncourse.shared.recipe import train
from rnnlib._typing import Rng
from rnnlib.attention import DotAttention
from rnnlib.cells import GRUCell
from rnnlib.metrics import exact_match
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Recurrent
from rnnlib.storage import load, save
from rnnlib.tasks import DateTranslation, NumberTranslation, PairTask, Reversal

__all__ = [
    "RECIPES",
    "TASKS",
    "Recipe",
    "build",
    "exact",
    "retrained",
    "stored",
    "task_of",
]

WEIGHTS = Path(__file__).with_name("weights")
TASKS: dict[str, PairTask] = {
    "reversal": Reversal(max_length=8),
    "long reversal": Reversal(max_length=12),
    "french": NumberTranslation("english", "french"),
    "dates": DateTranslation(),
}


class Recipe(NamedTuple):
    """How a stored network was made."""

    task: str
    hidden_size: int
    updates: int
    attends: bool = False


RECIPES = {
    "reversal": Recipe("reversal", 48, 800),
    "half-trained reversal": Recipe("reversal", 24, 450),
    "bottleneck 16": Recipe("long reversal", 16, 800),
    "bottleneck 32": Recipe("long reversal", 32, 800),
    "bottleneck 48": Recipe("long reversal", 48, 800),
    "bottleneck 48, longer": Recipe("long reversal", 48, 2400),
    "dates": Recipe("dates", 64, 500),
    "dates with attention": Recipe("dates", 64, 500, attends=True),
}
SEED = 0


def build(
    task: PairTask,
    hidden_size: int,
    *,
    rng: Rng,
    attends: bool = False,
    teacher_forcing: float = 1.0,
) -> Seq2Seq:
    """Return a GRU encoder and a GRU decoder for a task, not yet trained."""
    sizes = len(task.source_vocabulary), len(task.target_vocabulary)
    encoder, decoder = (
        Recurrent(GRUCell(V, hidden_size, rng=rng, dtype=np.float32)) for V in sizes
    )
    return Seq2Seq(
        encoder,
        decoder,
        rng=rng,
        attention=DotAttention(scaled=True) if attends else None,
        teacher_forcing=teacher_forcing,
    )


def exact(model: Seq2Seq, task: PairTask, *, rng: Rng, count: int = 500) -> float:
    """Return the share of held-out answers that are right from end to end."""
    pairs = task.sample(count, rng=rng, split="held_out")
    longest = len(pairs.target) + 2
    said = model.predict(pairs.source, pairs.source_mask, max_length=longest)
    return exact_match(said, pairs.target, pairs.target_mask)


def retrained(name: str, seed: int = SEED) -> tuple[Seq2Seq, float]:
    """Train a recipe anew; return the network, and its share of exact answers."""
    recipe, task = RECIPES[name], task_of(name)
    rng = np.random.default_rng(seed)
    model = build(task, recipe.hidden_size, rng=rng, attends=recipe.attends)
    train(model, task, recipe.updates, rng=rng, model_rng=rng)
    return model, exact(model, task, rng=rng)


@cache
def stored(name: str) -> Seq2Seq:
    """Return the stored network of a recipe."""
    return cast(Seq2Seq, load(_place(name)))


def task_of(name: str) -> PairTask:
    """Return the task of a recipe."""
    return TASKS[RECIPES[name].task]


def _place(name: str) -> Path:
    return WEIGHTS / f"translator_{name}.npz".replace(",", "").replace(" ", "_")


def main() -> None:
    """Train every recipe and store it."""
    for name in RECIPES:
        model, share = retrained(name)
        save(_place(name), model)
        print(f"{name}: {share:.2f} exact, held out")


if __name__ == "__main__":
    main()
