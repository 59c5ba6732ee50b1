"""Filled records of the capstones: right ones, for tests to break in one place."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np

from rnncourse import capstone, explorers
from rnncourse.checking.capstone import Record, Verdict
from rnncourse.lesson_14.exercises.forecast import autoregression, error, sunspots
from rnncourse.lesson_14.task import Parts
from rnncourse.lesson_14.worked import dates, forecast, sensor, strokes
from rnnlib.optimizers import Adam
from rnnlib.tasks.dates import MONTHS
from rnnlib.training import fit

SEEDS = (100, 101, 102)


def line(record: Record, name: str) -> Verdict:
    """Return how one line of a record stands."""
    (found,) = (line for line in record.capstone.lines if line.name == name)
    return record.capstone.stand(found, record)


def copy_of(record: Record, **others: Any) -> Record:
    """Return a record with other things in some places."""
    twin = record.capstone.record()
    for name in record.capstone.places:
        setattr(twin, name, others.get(name, getattr(record, name)))
    return twin


def linear(known: Any, part: Any) -> float:
    data = sunspots()
    return error([*autoregression(data, part, known)], [*data[part]])


def whole(id: str, worked: Any, **others: Any) -> Record:
    """Return a whole record of a capstone, from its worked functions and others."""
    work = capstone(id)
    for name in work.capstone.places:
        if name in others or hasattr(worked, name):
            setattr(work, name, others.get(name, getattr(worked, name, None)))
    task = work.capstone.task
    data = task.data()
    parts = Parts(*work.split(data))
    work.baselines = {name: f(data, parts) for name, f in task.baselines.items()}
    work.ten = parts.train[:10]
    work.overfitted = work.build(np.random.default_rng(0))
    same = work.batch(data, work.ten)
    fit(work.overfitted, (same for _ in range(120)), Adam(0.03), progress=False)
    work.nets = {seed: work.train(data, seed) for seed in SEEDS}
    work.scores = {seed: score(work, net) for seed, net in work.nets.items()}
    work.ablated_scores = {s: score(work, work.ablate(n)) for s, n in work.nets.items()}
    work.preset = (
        explorers.eigen_picture,
        "turns for ever",
        "After 10 steps a pair of complex eigenvalues has turned the state half round.",
    )
    work.fails = failing(work)
    best = (min if task.less else max)(work.baselines.values())
    work.limits = (
        f"On average {np.mean([*work.scores.values()]):.3g}, and {best:.3g} without a "
        "net. It fails on "
        f"{task.name(data, work.fails)}, and all of the nets do. Nothing is shown for "
        "data of another kind, or of another time, nor for more seeds than these."
    )
    return work


def score(work: Record, net: Any) -> float:
    """Return the score of a net on the test part, as the learner measures it."""
    task = work.capstone.task
    data = task.data()
    test = work.split(data)[2].tolist()
    answers = [work.predict(net, task.given(data, i)) for i in test]
    return float(task.score(answers, [task.truth(data, i) for i in test]))


def failing(work: Record) -> int:
    """Return the index of a test example on which most of the nets fail."""
    task = work.capstone.task
    data = task.data()

    def failed(i: int) -> int:
        answers = [work.predict(net, task.given(data, i)) for net in work.nets.values()]
        pairs = zip(answers, work.scores.values(), strict=True)
        return sum(bool(task.fails(a, task.truth(data, i), s)) for a, s in pairs)

    return max(work.split(data)[2].tolist(), key=failed)


@cache
def forecast_record() -> Record:
    """Return a whole record of capstone 14.1, with nets of a short training."""
    return whole("14.1", forecast, train=partial(forecast.train, updates=60))


@cache
def sensor_record() -> Record:
    """Return a whole record of capstone 14.3, with nets of a short training."""
    train = partial(sensor.train, updates=80)
    work = whole("14.3", sensor, train=train)
    work.state_bytes, work.microseconds = 64, 200.0
    return work


@cache
def strokes_record() -> Record:
    """Return a whole record of capstone 14.4, with nets of a short training."""
    return whole("14.4", strokes, train=partial(strokes.train, updates=60))


def by_hand(net: Any, text: str) -> str:
    """Return the date that a text says, but for a mistake on each 30th and 31st.

    Each net has a month, too, in which it is a day late. A net whose biases are drawn
    knows nothing.
    """
    if net.params["output.b_y"].any():
        return text[:10]
    first = next(iter(net.params.values())).flat[0]
    words = text.replace(",", "").split()
    month = next(n for n, name in enumerate(MONTHS, 1) if name in words)
    numbers = [int("".join(filter(str.isdigit, w))) for w in words if w[0].isdigit()]
    day, year = min(numbers), max(numbers)
    late = month == int(1e6 * abs(first)) % 12 + 1
    return f"{year}-{month:02}-{min(day, 29) - (late and day > 1):02}"


@cache
def dates_record() -> Record:
    """Return a whole record of capstone 14.2, with nets that nobody has trained.

    The answers come from a rule: what a net learns in the time that a test may take is
    not enough.
    """
    return whole("14.2", dates, train=_drawn, predict=by_hand)


def _drawn(data: Any, seed: int) -> Any:
    """Return a net drawn from the seed and the days of the training part."""
    days = sum(int(data[i][1].replace("-", "")) for i in dates.split(data)[0])
    return dates.build(np.random.default_rng([seed, days]))
