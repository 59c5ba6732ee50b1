"""The training film: eleven pictures of a net that learns names."""

from collections.abc import Iterator

from rnncourse.exploring.controls import Choice, IntSlider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_07.training_film.compute import LISTS, UPDATES, Film, compute, run
from rnncourse.lesson_07.training_film.view import TrainingFilmView
from rnncourse.shared.trials import SEEDS


def train(*, of: str, seed: int, at: int) -> Iterator[Film]:
    """Make the film of a list and a seed again; which picture is shown is no matter."""
    return run(of, seed)


training_film = Explorer(
    title="Training film",
    question="Predict first: the net is trained for 800 updates on some hundreds of "
    "names. When does it make the best new ones?",
    claim="The two losses fall together at first. Then the held-out loss turns and "
    "rises, while that of the names which were shown goes on falling: from there on "
    "the net learns names by heart, and more and more of what it makes are copies.",
    controls={
        "of": Choice("names of", tuple(LISTS), "minerals"),
        "seed": IntSlider("seed", SEEDS[0], SEEDS[-1], SEEDS[0]),
        "at": Steps("checkpoint", len(UPDATES) - 1, 1, milliseconds=900),
    },
    presets={
        "nothing learned": {"at": 0},
        "the ending comes first": {"at": 2},
        "the best moment": {"at": 4},
        "by heart": {"at": 10},
        "dinosaurs": {"of": "dinosaurs", "at": 4},
    },
    compute=compute,
    view=TrainingFilmView,
    training=Training("make this film", 10, train),
)
