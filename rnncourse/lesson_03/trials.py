"""What ten seeds make of the trainings of lesson 03.

``python -m rnncourse.lesson_03.trials`` makes all of them anew and stores them; it
takes about ten minutes. Names after it choose some of them.
"""

from pathlib import Path

import numpy as np

from rnncourse.lesson_03 import captions
from rnncourse.lesson_03.melody import compute as melody
from rnncourse.shared.recipe import train
from rnncourse.shared.trials import Trials
from rnnlib import Recurrent, RNNCell, accuracy, tasks
from rnnlib.models import Classifier, SequenceClassifier, Tagger
from rnnlib.recurrent import Bidirectional, Stacked

__all__ = ["ten_runs"]


def _glyphs(seed: int) -> float:
    """Return the share of digits that a net without recurrence recognises."""
    rng, task = np.random.default_rng(seed), tasks.Glyphs()
    model = Classifier(64, 64, len(task.classes), rng=rng)
    train(model, task, 800, rng=rng, batch_size=64)
    new = task.sample(2000, rng=rng, split="held_out")
    return accuracy(model.predict(new.inputs), new.targets)


def _dots(seed: int) -> list[float]:
    """Return the share of right frames: one and two layers, 150 and 400 updates."""
    rng, task = np.random.default_rng(seed), tasks.MovingDot(steps=10)
    new = task.sample(500, rng=rng, split="held_out")
    nets = []
    for sizes in ([(25, 48)], [(25, 48), (48, 48)]):
        stack = Stacked([Recurrent(RNNCell(D, H, rng=rng)) for D, H in sizes])
        nets.append(Tagger(stack, len(task.classes), rng=rng))
    right = []
    for updates in (150, 250):
        for net in nets:
            train(net, task, updates, rng=rng, batch_size=64)
            right.append(accuracy(net.predict(new.inputs), new.targets, new.mask))
    return right


def _tags(seed: int) -> list[float]:
    """Return the share of right tags, read from left to right and from both sides."""
    rng, task, right = np.random.default_rng(seed), tasks.GrammarTags(), []
    for both in (False, True):
        cells = [RNNCell(len(task.symbols), 16, rng=rng) for _ in range(2)]
        layer = Bidirectional(*cells) if both else Recurrent(cells[0])
        model = Tagger(layer, len(task.classes), rng=rng)
        train(model, task, 300, rng=rng)
        new = task.sample(2000, rng=rng, split="held_out")
        said = model.predict(new.inputs, new.input_mask)
        right.append(accuracy(said, new.targets, new.mask))
    return right


def _reviews(seed: int) -> float:
    """Return the share of reviews that an RNN judges rightly."""
    rng, task = np.random.default_rng(seed), tasks.NegationReviews()
    layer = Recurrent(RNNCell(len(task.symbols), 16, rng=rng))
    reader = SequenceClassifier(layer, 2, rng=rng)
    train(reader, task, 500, rng=rng)
    new = task.sample(2000, rng=rng, split="held_out")
    return accuracy(reader.predict(new.inputs, new.input_mask), new.targets)


def _scenes(seed: int) -> list[float]:
    """Return the share of scenes without a mistake, fed with the words and without."""
    return [
        captions.accuracy(
            captions.train(rng=np.random.default_rng(seed), fed=fed), fed=fed
        )
        for fed in (True, False)
    ]


def _melodies(seed: int) -> list[float]:
    """Return what of a drawn melody fits, fed with its notes and without."""
    shares = []
    for fed in (True, False):
        model = melody.train(rng=np.random.default_rng(seed), fed=fed)
        rng = np.random.default_rng(1000 + seed)
        shares.append(melody.fitting(model, rng=rng, fed=fed))
    return shares


def _tunes(seed: int) -> list[float]:
    """Return how often the next note is right, in learned tunes and in others."""
    model = melody.train(rng=np.random.default_rng(seed))
    return [melody.accuracy(model, split) for split in ("train", "held_out")]


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        "digits": _glyphs,
        "reviews": _reviews,
        "dots": _dots,
        "tags": _tags,
        "scenes": _scenes,
        "melodies": _melodies,
        "tunes": _tunes,
    },
)

if __name__ == "__main__":
    ten_runs.measure()
