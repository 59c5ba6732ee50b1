"""What a decoder learns when it is fed the truth, or its own output.

``python -m rnncourse.lesson_10.teacher_forcing.compute`` trains all runs anew and
stores their curves; it takes about half a minute.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.shared.recipe import training
from rnncourse.shared.translators import build, exact
from rnncourse.shared.wording import number, percent
from rnnlib._typing import Array
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.storage import read_arrays, write_arrays
from rnnlib.tasks import Reversal

__all__ = ["RATIOS", "SLICE", "UPDATES", "TeacherForcing", "compute", "curves"]

RESULTS = Path(__file__).with_name("weights.npz")
RATIOS = (0.0, 0.25, 0.5, 0.75, 1.0)
TASK, HIDDEN, UPDATES, SLICE = Reversal(max_length=6), 32, 800, 40
SEED = 0


@dataclass(frozen=True)
class TeacherForcing:
    """Five training runs, each with a different share of true inputs.

    Attributes
    ----------
    updates : ndarray, shape (20,)
    loss : ndarray, shape (5, 20)
        Cross-entropy of held-out answers when the truth is fed in, in nats per token.
    match : ndarray, shape (5, 20)
        Share of held-out answers that are right from end to end, running freely.
    ratio : float
        The one of RATIOS that is looked at.
    at : int
        How many slices of 40 updates are shown, from 1 to 20.
    """

    updates: Array
    loss: Array
    match: Array
    ratio: float
    at: int

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        row, last = RATIOS.index(self.ratio), self.at - 1
        fed = {0.0: "its own tokens alone", 1.0: "the true tokens alone"}.get(
            self.ratio, f"{percent(self.ratio)} true tokens"
        )
        best = percent(self.match[-1, last])
        against = "" if self.ratio == 1 else f" With the truth alone: {best}."
        return (
            f"Fed with {fed}, after {int(self.updates[last])} updates: "
            f"{number(self.loss[row, last])} nats a token with the truth fed in, and "
            f"{percent(self.match[row, last])} exact when it runs freely."
            f"{against}"
        )


def curves(ratio: float, seed: int = SEED) -> tuple[Array, Array, Array]:
    """Train with one share of true tokens; return updates, losses and matches."""
    rng = np.random.default_rng(seed)
    model = build(TASK, HIDDEN, rng=rng, teacher_forcing=ratio)
    run = training(model, TASK, UPDATES, rng=rng, model_rng=rng)
    rows = [
        (done, _loss(model), exact(model, TASK, rng=np.random.default_rng(seed + 1)))
        for done, _ in enumerate(run, 1)
        if done % SLICE == 0
    ]
    updates, loss, match = np.array(rows, dtype=np.float32).T
    return updates, loss, match


def _loss(model: Seq2Seq) -> float:
    """Return the loss on held-out pairs with the truth fed in."""
    pairs = TASK.sample(500, rng=np.random.default_rng(SEED + 1), split="held_out")
    return float(model.loss(pairs, gradients=False).value)


@cache
def _stored() -> dict[str, Array]:
    return read_arrays(RESULTS, "teacher forcing")[1]


def compute(*, ratio: float, done: int) -> TeacherForcing:
    """Look at one training, up to a point of it.

    Parameters
    ----------
    ratio : float
        Share of true tokens; the nearest of RATIOS is taken.
    done : int
        How many updates of it are shown, a multiple of 40.
    """
    runs = _stored()
    nearest = min(RATIOS, key=lambda known: abs(known - ratio))
    return TeacherForcing(**runs, ratio=nearest, at=done // SLICE)


def main() -> None:
    """Train with every share and store the curves."""
    runs = [curves(ratio) for ratio in RATIOS]
    updates, losses, matches = zip(*runs, strict=True)
    arrays = {
        "updates": updates[0],
        "loss": np.stack(losses),
        "match": np.stack(matches),
    }
    write_arrays(RESULTS, "teacher forcing", {}, arrays)
    for ratio, loss, match in zip(RATIOS, losses, matches, strict=True):
        print(f"{ratio:4}: {loss[-1]:.3f} nats, {match[-1]:.2f} exact")


if __name__ == "__main__":
    main()
