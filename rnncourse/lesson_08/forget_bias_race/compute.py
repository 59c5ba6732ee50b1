"""Three LSTMs that differ in the forget bias they start from, and one task.

What the explorer opens with was measured once and is stored in weights.npz.
``python -m rnncourse.lesson_08.forget_bias_race.compute`` measures it again, in about
a minute.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.shared.temporal_order import held_out_accuracy, reader, training
from rnncourse.shared.wording import number, whole_percent
from rnnlib._typing import Array
from rnnlib.cells import LSTMCell
from rnnlib.models import SequenceClassifier
from rnnlib.tasks import TemporalOrder

__all__ = [
    "BIASES",
    "BLOCK",
    "FIRST_MARK",
    "GUESSING",
    "NAMES",
    "SECOND_MARK",
    "SEEDS",
    "STEPS",
    "UPDATES",
    "ForgetBiasRace",
    "Race",
    "compute",
    "run",
    "stored",
]

STORED = Path(__file__).with_name("weights.npz")
BIASES = (-2.0, 0.0, 1.0)
NAMES = ("−2", "0", "+1")
STEPS, HIDDEN, UPDATES, BLOCK, SEEDS = 60, 16, 400, 10, 10
FIRST_MARK, SECOND_MARK = (48, 59), (24, 35)  # steps before the end
GUESSING = float(np.log(4))  # loss of a blind guess, in nats


@dataclass(frozen=True)
class Race:
    """A race, under way or done.

    Attributes
    ----------
    seed : int
        Of the weights and sequences, the same for all three.
    losses : ndarray, shape (3, N)
        Mean training loss of each block of BLOCK updates so far, in nats.
    reach : ndarray, shape (3, N + 1, STEPS + 1)
        Before training and after each block, the logarithm to base ten of the product
        of the forget gates over the last n steps, of the unit that keeps most.
    accuracies : ndarray, shape (3,), or None
        Accuracies on new sequences, once training is over.
    progress : float
    """

    seed: int
    losses: Array
    reach: Array
    accuracies: Array | None
    progress: float


@dataclass(frozen=True)
class ForgetBiasRace:
    """A race as it stands after some of its updates.

    Attributes
    ----------
    race : Race
    blocks : int
        How many blocks of updates are shown.
    live : bool
        Whether the learner has trained it.
    """

    race: Race
    blocks: int
    live: bool

    @property
    def updates(self) -> int:
        """How many updates are shown."""
        return BLOCK * self.blocks

    @property
    def losses(self) -> Array:
        """The losses (3, N) up to here."""
        return self.race.losses[:, : self.blocks]

    @property
    def reach(self) -> Array:
        """The product of the forget gates over the last n steps, (3, STEPS + 1)."""
        reach: Array = 10.0 ** self.race.reach[:, self.blocks].astype(float)
        return reach

    @property
    def accuracies(self) -> Array | None:
        """The accuracies, if this is the end of the race."""
        at_the_end = self.blocks == self.race.losses.shape[1]
        return self.race.accuracies if at_the_end else None

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        whose = "your race" if self.live else "stored race"
        near = self.reach[:, SECOND_MARK[0]]
        shares = ", ".join(number(share, 1) for share in near)
        return (
            f"Seed {self.race.seed}, {whose}, after {self.updates} updates: "
            f"{self._standing()} Over {SECOND_MARK[0]} steps the forget gates leave "
            f"{shares}."
        )

    def _standing(self) -> str:
        if self.accuracies is not None:
            pairs = zip(NAMES, self.accuracies, strict=True)
            right = ", ".join(f"{name}: {whole_percent(a)}" for name, a in pairs)
            return f"right by forget bias {right}; guessing has 25 %."
        if not self.blocks:
            return "nothing is learned yet."
        pairs = zip(NAMES, self.losses[:, -1], strict=True)
        losses = ", ".join(f"{name}: {loss:.2f}" for name, loss in pairs)
        return f"loss by forget bias {losses}; guessing has {GUESSING:.2f}."


def run(seed: int) -> Iterator[Race]:
    """Train the three in turn, update by update; yield the race so far.

    The last one has accuracies.
    """
    task = TemporalOrder(steps=STEPS)
    rngs = [np.random.default_rng(seed) for _ in BIASES]
    models = [
        reader(_cell(bias, rng), task, rng=rng)
        for bias, rng in zip(BIASES, rngs, strict=True)
    ]
    runs = [
        training(model, task, UPDATES, rng=rng)
        for model, rng in zip(models, rngs, strict=True)
    ]
    tokens = task.sample(8, rng=np.random.default_rng(seed)).inputs
    reach = [[_reach(model, tokens) for model in models]]
    means: list[list[float]] = []
    race = Race(seed, np.empty((3, 0)), np.array(reach).swapaxes(0, 1), None, 0.0)
    for _ in range(UPDATES // BLOCK):
        sums = [0.0] * len(BIASES)
        for _ in range(BLOCK):
            for k, losses in enumerate(runs):
                sums[k] += next(losses)
                yield race
        means.append([total / BLOCK for total in sums])
        reach.append([_reach(model, tokens) for model in models])
        done = 0.99 * len(means) * BLOCK / UPDATES
        race = Race(seed, np.array(means).T, np.array(reach).swapaxes(0, 1), None, done)
    accuracies = [
        held_out_accuracy(model, task, rng=rng)
        for model, rng in zip(models, rngs, strict=True)
    ]
    yield Race(seed, race.losses, race.reach, np.array(accuracies), 1.0)


def _cell(bias: float, rng: np.random.Generator) -> LSTMCell:
    D = len(TemporalOrder.symbols)
    return LSTMCell(D, HIDDEN, rng=rng, forget_bias=bias, dtype=np.float32)


def _reach(model: SequenceClassifier, tokens: Array) -> Array:
    """Return the logarithm of the product of the last n forget gates, (STEPS + 1,).

    It is the mean over the sequences, of the unit for which that is largest.
    """
    _, _, states = model.parts["recurrent"].forward(tokens)
    logs = np.cumsum(np.log10(states.f[::-1].astype(float)), axis=0).mean(axis=1)
    return np.concatenate([[0.0], logs.max(axis=1)])


@cache
def stored() -> tuple[Race, ...]:
    """Return the stored races, by their seeds."""
    with np.load(STORED) as file:
        columns = file["losses"], file["reach"], file["accuracies"]
        return tuple(
            Race(seed, *arrays, progress=1.0)
            for seed, arrays in enumerate(zip(*columns, strict=True))
        )


def compute(
    *, update: float, seed: int, trained: tuple[Race, ...] = ()
) -> ForgetBiasRace:
    """Return the race of a seed: the learner's last one, or else the stored one.

    Parameters
    ----------
    update : float
        After how many updates to look at it; a multiple of BLOCK. At 0 a race of the
        learner is shown as far as it has come.
    seed : int
    trained : tuple of Race
        By the learner.
    """
    mine = [race for race in trained if race.seed == seed]
    race = mine[-1] if mine else stored()[seed]
    whole = race.losses.shape[1]
    blocks = whole if mine and not update else min(round(update / BLOCK), whole)
    return ForgetBiasRace(race, blocks, live=bool(mine))


def main() -> None:
    """Run all races, and store them."""
    races = [list(run(seed))[-1] for seed in range(SEEDS)]
    np.savez_compressed(
        STORED,
        losses=np.array([race.losses for race in races], dtype=np.float32),
        reach=np.array([race.reach for race in races], dtype=np.float16),
        accuracies=np.array([race.accuracies for race in races]),
    )


if __name__ == "__main__":
    main()
