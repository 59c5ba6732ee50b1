"""A training as a film: what a language model makes of names, and its two losses.

``python -m rnncourse.lesson_07.training_film.compute`` makes all stored films anew, ten
of each list of names; it takes about four minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.lesson_07.nets import (
    DINOSAURS,
    MINERALS,
    NAME_UNITS,
    bits,
    counted,
    language_model,
    made_names,
    whole,
)
from rnncourse.shared import recipe
from rnncourse.shared.trials import SEEDS
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array
from rnnlib.storage import read_arrays, write_arrays
from rnnlib.tasks import Names

__all__ = [
    "DRAWN",
    "LISTS",
    "SHOWN",
    "UPDATES",
    "Film",
    "TrainingFilm",
    "baselines",
    "compute",
    "run",
    "stored",
]

STORED = Path(__file__).with_name("weights.npz")
LISTS: dict[str, Names] = {"minerals": MINERALS, "dinosaurs": DINOSAURS}
UPDATES = (0, 20, 50, 100, 150, 200, 300, 400, 500, 600, 800)
DRAWN, SHOWN, LONGEST = 200, 8, 25


@dataclass(frozen=True)
class Film:
    """A training, under way or done.

    Attributes
    ----------
    of : str
        The list of names.
    seed : int
    losses : ndarray, shape (N, 2)
        At each checkpoint so far, on the training and on the held-out names, in bits
        per letter.
    novelty : ndarray, shape (N, 3)
        Of 200 made names: copied, held out, new.
    names : tuple of tuple of str
        The first eight of them.
    progress : float
    """

    of: str
    seed: int
    losses: Array
    novelty: Array
    names: tuple[tuple[str, ...], ...]
    progress: float


@dataclass(frozen=True)
class TrainingFilm:
    """A film, and which picture of it is looked at.

    Attributes
    ----------
    film : Film
    at : int
        The number of the checkpoint.
    live : bool
        Whether the learner has trained it.
    """

    film: Film
    at: int
    live: bool

    @property
    def best(self) -> int:
        """The checkpoint with the lowest held-out loss so far."""
        return int(self.film.losses[: self.at + 1, 1].argmin())

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        train, held_out = self.film.losses[self.at]
        copied = int(self.film.novelty[self.at, 0])
        whose = "your film" if self.live else "stored film"
        bigram = baselines(self.film.of)[1]
        below = "below" if held_out < bigram else "above"
        return (
            f"Seed {self.film.seed}, {whose}, after {UPDATES[self.at]} updates: "
            f"{fixed(train)} bits a letter on the training names, {fixed(held_out)} on "
            f"the held-out ones, {below} the bigram's {fixed(bigram)}. Of {DRAWN} made "
            f"names {copied} are copies."
        )


@cache
def baselines(of: str) -> tuple[float, float, float]:
    """Return held-out bits per letter of the unigram, bigram and trigram model."""
    task = LISTS[of]
    found = [bits(counted(task, order), whole(task, "held_out")) for order in (1, 2, 3)]
    return found[0], found[1], found[2]


def run(of: str, seed: int) -> Iterator[Film]:
    """Train, update by update; yield the film so far."""
    task, rng = LISTS[of], np.random.default_rng(seed)
    sets = [whole(task, split) for split in ("train", "held_out")]
    model = language_model(task.symbols, NAME_UNITS, rng=rng)
    training = recipe.training(model, task, UPDATES[-1], rng=rng, decay=False)
    losses, novelty, names = [], [], []
    for done in range(UPDATES[-1] + 1):
        if done:
            next(training)
        if done in UPDATES:
            made = made_names(model, DRAWN, rng=np.random.default_rng(seed))
            losses.append([bits(model, batch) for batch in sets])
            novelty.append(task.novelty(made))
            names.append(tuple(made[:SHOWN]))
        yield Film(
            of,
            seed,
            np.array(losses),
            np.array(novelty),
            tuple(names),
            done / UPDATES[-1],
        )


@cache
def stored(of: str) -> tuple[Film, ...]:
    """Return the stored films of a list, one for each of SEEDS."""
    _, arrays = read_arrays(STORED, "training films")
    columns = (arrays[f"{of} {part}"] for part in ("losses", "novelty", "names"))
    return tuple(
        Film(of, seed, losses, novelty, _read(codes), 1.0)
        for seed, losses, novelty, codes in zip(SEEDS, *columns, strict=True)
    )


def _read(codes: Array) -> tuple[tuple[str, ...], ...]:
    """Return stored names as texts."""
    texts = [[bytes(name).decode().rstrip("\0") for name in row] for row in codes]
    return tuple(map(tuple, texts))


def _codes(film: Film) -> Array:
    """Return the names of a film as bytes, (11, 8, 25)."""
    padded = [[list(n.ljust(LONGEST, "\0").encode()) for n in r] for r in film.names]
    return np.array(padded, dtype=np.uint8)


def compute(
    *, of: str, seed: int, at: int, trained: tuple[Film, ...] = ()
) -> TrainingFilm:
    """Return a picture of a film: of the learner's last one, or else a stored one.

    Parameters
    ----------
    of : str
        "minerals" or "dinosaurs".
    seed : int
    at : int
        Which checkpoint, 0 to 10; of a film under way the last one.
    trained : tuple of Film
        By the learner.
    """
    mine = [film for film in trained if (film.of, film.seed) == (of, seed)]
    film = mine[-1] if mine else stored(of)[SEEDS.index(seed)]
    last = len(film.losses) - 1
    return TrainingFilm(film, at if film.progress == 1 else last, bool(mine))


def main() -> None:
    """Make all films, and store them."""
    arrays = {}
    for of in LISTS:
        films = [list(run(of, seed))[-1] for seed in SEEDS]
        arrays[f"{of} losses"] = np.array([f.losses for f in films], dtype=np.float32)
        arrays[f"{of} novelty"] = np.array([f.novelty for f in films], dtype=np.uint8)
        arrays[f"{of} names"] = np.array([_codes(film) for film in films])
        print(of, baselines(of))
        print(np.round(np.mean(arrays[f"{of} losses"], axis=0), 2).tolist())
        print(np.mean(arrays[f"{of} novelty"], axis=0).tolist())
    write_arrays(STORED, "training films", {}, arrays)


if __name__ == "__main__":
    main()
