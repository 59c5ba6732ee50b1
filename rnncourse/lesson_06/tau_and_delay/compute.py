"""Which delay of an echo is learned when the gradient is cut every tau steps.

``python -m rnncourse.lesson_06.tau_and_delay.compute`` trains all runs anew and stores
what they learned; it takes about ten minutes. A name after it chooses one of MODES.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.shared.wording import count, in_seeds, whole_percent
from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.batches import Batch, Chunk, chunks
from rnnlib.cells import RNNCell
from rnnlib.metrics import accuracy
from rnnlib.models import Tagger
from rnnlib.optimizers import Adam
from rnnlib.recurrent import Recurrent
from rnnlib.storage import read_arrays, write_arrays
from rnnlib.tasks import Echo
from rnnlib.training import History, fit

__all__ = [
    "CHANCE",
    "DELAYS",
    "LEARNED",
    "MODES",
    "SEEDS",
    "STEPS",
    "TAUS",
    "UPDATES",
    "Run",
    "compute",
    "run",
]

STORED = Path(__file__).with_name("weights.npz")
TAUS = (2, 4, 6, 8, 12, 16, 24)
DELAYS = (1, 2, 4, 6, 8, 12)
SEEDS = range(100, 110)
HIDDEN, BATCH, STEPS = 16, 32, 48  # a multiple of each tau
UPDATES = 300
CHANCE, LEARNED = Echo.chance, 0.95
MODES = {  # by whether the state is carried, and the gradient cut
    (True, True): "carried",
    (False, True): "fresh",
    (True, False): "whole",
}


@dataclass(frozen=True)
class Run:
    """A training run, under way or done.

    Attributes
    ----------
    tau, delay : int
    mode : str
        One of MODES.
    updates : int
        How many were made.
    loss : float
        Mean over the last batch of streams.
    accuracy : float or None
        On new sequences, once training is over.
    """

    tau: int
    delay: int
    mode: str
    updates: int
    loss: float
    accuracy: float | None = None

    @property
    def progress(self) -> float:
        """How much of the training is done, from 0 to 1."""
        return 1.0 if self.accuracy is not None else 0.99 * self.updates / UPDATES


@dataclass(frozen=True)
class TauAndDelay:
    """What the stored runs learned, and how far the gradient reaches.

    Attributes
    ----------
    tau, delay, mode : int, int, str
    accuracies : ndarray, shape (7, 6, 10)
        Of the runs of this mode, by tau, delay and seed.
    reached : ndarray, shape (7,)
        Share of a chunk's answers whose gradient comes to the bit that is asked for, by
        tau, at this delay.
    missing : ndarray, shape (7,)
        Norm of what the cuts take from the gradient of an untrained network, over that
        of the whole gradient, by tau; mean over the seeds.
    trained : tuple of Run
        The learner's, the last one perhaps still under way.
    """

    tau: int
    delay: int
    mode: str
    accuracies: Array
    reached: Array
    missing: Array
    trained: tuple[Run, ...] = ()

    @property
    def here(self) -> Array:
        """The accuracies (10,) of the runs that are looked at."""
        found: Array = self.accuracies[self.row, self.column]
        return found

    @property
    def row(self) -> int:
        """Which of TAUS it is."""
        return TAUS.index(self.tau)

    @property
    def column(self) -> int:
        """Which of DELAYS it is."""
        return DELAYS.index(self.delay)

    @property
    def latest(self) -> Run | None:
        """The learner's last run of what is looked at."""
        place = self.tau, self.delay, self.mode
        return next(
            (r for r in reversed(self.trained) if (r.tau, r.delay, r.mode) == place),
            None,
        )

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return f"{self._gradient()} {self._state()} {self._learned()}"

    def _gradient(self) -> str:
        if self.mode == "whole":
            return "Nothing is cut: every gradient comes to its bit, whatever τ is."
        n = round(self.tau * self.reached[self.row])
        reached = f"{n} of {self.tau}" if n else f"none of {self.tau}"
        return f"The gradient comes to the bit from {reached} answers of a chunk."

    def _state(self) -> str:
        if self.mode == "fresh":
            return "Each chunk starts from zeros."
        return "The state is carried."

    def _learned(self) -> str:
        own, mean = self.latest, whole_percent(self.here.mean())
        stored = f"{in_seeds(self.here > LEARNED)} learned it, {mean} right on average."
        if own is None:
            return stored
        if own.accuracy is None:
            return f"Yours: {count(own.updates, 'update')}, loss {own.loss:.2f}."
        return f"Yours has {whole_percent(own.accuracy)} right. {stored}"


def pieces(task: Echo, tau: int, mode: str, rng: Rng) -> list[Chunk]:
    """Return the chunks of a batch of new streams."""
    found = chunks(task.sample(BATCH, rng=rng), STEPS if mode == "whole" else tau)
    return [each._replace(is_first=each.is_first or mode == "fresh") for each in found]


def network(rng: Rng) -> Tagger:
    """Return an untrained network, with small random recurrent weights."""
    cell = RNNCell(2, HIDDEN, rng=rng, recurrent_init=init.uniform, dtype=np.float32)
    return Tagger(Recurrent(cell), 2, rng=rng)


def run(tau: int, delay: int, mode: str, *, rng: Rng) -> Iterator[Run]:
    """Train a new network; yield the run so far after each batch of streams."""
    task, history, optimizer = Echo(delay=delay, steps=STEPS), History(), Adam(0.01)
    model = network(rng)
    while (done := history.updates) < UPDATES:
        batches = pieces(task, tau, mode, rng)[: UPDATES - done]
        fit(model, batches, optimizer, clip_norm=1.0, history=history, progress=False)
        loss = float(np.mean(history.loss[done:]))
        yield Run(tau, delay, mode, history.updates, loss)
    new = task.sample(200, rng=rng, split="held_out")
    right = accuracy(model.predict(new.inputs), new.targets, new.mask)
    yield Run(tau, delay, mode, history.updates, loss, right)


def measure(tau: int, delay: int, mode: str, seed: int) -> float:
    """Return the accuracy of a run from beginning to end."""
    *_, last = run(tau, delay, mode, rng=np.random.default_rng(seed))
    assert last.accuracy is not None
    return last.accuracy


def missing_share(delay: int, seed: int) -> Array:
    """Return, by tau, the share (7,) of an untrained net's gradient that is cut off.

    It is the gradient of the mean loss over whole streams, for the recurrent weights.
    """
    rng = np.random.default_rng(seed)
    model, batch = network(rng), Echo(delay=delay, steps=STEPS).sample(256, rng=rng)
    whole, *cut = (_gradient(model, batch, tau) for tau in (STEPS, *TAUS))
    return np.array([np.linalg.norm(whole - g) / np.linalg.norm(whole) for g in cut])


def _gradient(model: Tagger, batch: Batch, tau: int) -> Array:
    """Return dW_hh of the mean loss, cut every tau steps, the state carried."""
    state, total, asked = None, np.zeros((HIDDEN, HIDDEN)), np.asarray(batch.mask)
    for chunk in chunks(batch, tau):
        answers = np.asarray(chunk.mask).sum()
        if answers:
            loss = model.loss(Batch(*chunk[:4]), state)
            total += loss.grads["recurrent.W_hh"] * answers / asked.sum()
            state = loss.state
        else:
            _, state = model.logits(chunk.inputs, state)
    return total


@cache
def stored() -> dict[str, Array]:
    """Return what was measured: accuracies by mode (7, 6, 10), and `missing` (7, 6)."""
    return read_arrays(STORED, "truncated BPTT")[1]


def compute(
    *, tau: int, delay: int, carry: bool, cut: bool, trained: tuple[Run, ...] = ()
) -> TauAndDelay:
    """Return what is known about an echo of `delay` steps and chunks of `tau`.

    Parameters
    ----------
    tau : int
        Steps of a chunk, one of TAUS.
    delay : int
        One of DELAYS.
    carry : bool
        Whether a chunk starts from the last state of the one before.
    cut : bool
        Whether the gradient stops at the beginning of its chunk. Where the state is not
        carried, it does.
    trained : tuple of Run
        By the learner.
    """
    mode = MODES[carry, cut or not carry]
    whole = mode == "whole"
    reached = np.maximum(0, np.array(TAUS) - delay) / TAUS
    missing = stored()["missing"][:, DELAYS.index(delay)]
    return TauAndDelay(
        tau=tau,
        delay=delay,
        mode=mode,
        accuracies=stored()[mode],
        reached=np.ones(len(TAUS)) if whole else reached,
        missing=0 * missing if whole else missing,
        trained=trained,
    )


def main() -> None:
    """Measure what the command line names, or all, and store it."""
    found = stored() if STORED.exists() else {}
    for mode in sys.argv[1:] or MODES.values():
        taus = TAUS[:1] if mode == "whole" else TAUS
        right = np.array(
            [[[measure(t, d, mode, s) for s in SEEDS] for d in DELAYS] for t in taus]
        )
        found[mode] = np.broadcast_to(right, (len(TAUS), len(DELAYS), len(SEEDS)))
        print(mode, right.mean(axis=-1).round(2).tolist())
    if "missing" not in found:
        shares = [[missing_share(delay, seed) for seed in SEEDS] for delay in DELAYS]
        found["missing"] = np.mean(shares, axis=1).T
    write_arrays(STORED, "truncated BPTT", {}, found)


if __name__ == "__main__":
    main()
