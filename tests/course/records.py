"""Filled records of the capstones: right ones, for tests to break in one place."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np

from rnncourse import capstone, explorers
from rnncourse.checking.capstone import Record, Verdict
from rnncourse.lesson_14.exercises import forecast
from rnncourse.lesson_14.worked import forecast as worked_forecast
from rnnlib.optimizers import Adam
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
    data = forecast.sunspots()
    return forecast.error([*forecast.autoregression(data, part, known)], [*data[part]])


@cache
def forecast_record() -> Record:
    """Return a whole record of capstone 14.1, with nets of a short training."""
    work, data = capstone("14.1"), forecast.sunspots()
    years, _, test = split = worked_forecast.split(data)
    train = partial(worked_forecast.train, updates=60)

    def error(net: Any) -> float:
        answers = [worked_forecast.predict(net, data[:i]) for i in test]
        return float(np.sqrt(np.mean((np.array(answers) - data[test]) ** 2)))

    work.split, work.batch = worked_forecast.split, worked_forecast.batch
    work.baselines = {
        "persistence": float(np.sqrt(np.mean((data[test - 1] - data[test]) ** 2))),
        "autoregression": linear(split[0], test),
    }
    work.build, work.ten = worked_forecast.build, years[::20][:10]
    work.overfitted = worked_forecast.build(np.random.default_rng(0))
    same = worked_forecast.batch(data, work.ten)
    fit(work.overfitted, (same for _ in range(60)), Adam(0.03), progress=False)
    work.train, work.predict = train, worked_forecast.predict
    work.nets = {seed: train(data, seed) for seed in SEEDS}
    work.scores = {seed: error(net) for seed, net in work.nets.items()}
    work.ablate = worked_forecast.ablate
    work.ablated_scores = {
        seed: error(worked_forecast.ablate(net)) for seed, net in work.nets.items()
    }
    work.preset = (
        explorers.eigen_picture,
        "turns for ever",
        "A pair of complex eigenvalues turns the state: that is a rhythm.",
    )
    work.fails = 288
    work.limits = (
        f"Off by {np.mean([*work.scores.values()]):.1f} sunspots. In 1988 all of "
        "them fail, for the rise was steep. Nothing is shown for more than one year "
        "ahead, nor for the times before there was a telescope."
    )
    return work
