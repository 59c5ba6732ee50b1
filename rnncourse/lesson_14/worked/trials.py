"""What ten seeds make of three of the worked capstones.

``python -m rnncourse.lesson_14.worked.trials`` trains all of them anew and stores what
came out; it takes a few minutes. Names after it choose some of them.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.lesson_14.exercises.forecast import error, sunspots
from rnncourse.lesson_14.exercises.sensor import SENSOR
from rnncourse.lesson_14.exercises.strokes import STROKES
from rnncourse.lesson_14.task import Task
from rnncourse.lesson_14.worked import forecast, sensor, strokes
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array

__all__ = ["named", "ten_runs"]


def forecasts(seed: int) -> Array:
    """Return the error on training, validation and test years, and without memory."""
    data = sunspots()
    net = forecast.train(data, seed)
    parts = forecast.split(data)
    whole = [_error(net, data, part) for part in parts]
    return np.array([*whole, _error(forecast.ablate(net), data, parts[2])])


def _error(net: Any, data: Array, part: Array) -> float:
    mean, deviation = forecast.scale(data)
    scores, _ = net.logits(forecast.batch(data, part).inputs)
    return error([*(scores.ravel() * deviation + mean)], [*data[part]])


def named(worked: Any, task: Task, seed: int) -> Array:
    """Return the score on the test part, of the whole net and of the ablated one, (2,).

    `worked` is the module of a worked capstone.
    """
    data = task.data()
    net, test = worked.train(data, seed), worked.split(data)[2].tolist()
    truths = [task.truth(data, i) for i in test]
    answers = (
        [worked.predict(each, task.given(data, i)) for i in test]
        for each in (net, worked.ablate(net))
    )
    return np.array([task.score(answered, truths) for answered in answers])


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        "forecast": forecasts,
        "sensor": partial(named, sensor, SENSOR.task),
        "strokes": partial(named, strokes, STROKES.task),
    },
)

if __name__ == "__main__":
    ten_runs.measure()
