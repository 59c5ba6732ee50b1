"""Capstone 14.3: a sensor that sends one value at a time."""

import sys
import time
from typing import Any

import numpy as np

from rnncourse.checking.capstone import Capstone, FaultError, Line, Record
from rnncourse.lesson_14.fitting import check_equal, check_now
from rnncourse.lesson_14.look import number
from rnncourse.lesson_14.rubric import EIGHT
from rnncourse.lesson_14.task import Task, ask, nets_of, settled
from rnnlib._typing import Array, Rng

__all__ = ["RECORDINGS", "SENSOR", "STEPS", "recordings"]

RECORDINGS, STEPS = 600, 60
CLICK, NOISE, CLICKS = 1.0, 0.25, 0.05
SEED = 1403
SLACK = 30  # times as long, or as short, as the check measures, a step may take

Recording = tuple[Array, Array]


def recordings() -> list[Recording]:
    """Return 600 recordings: 60 values each, and whether the machine was on.

    A click up switches it on, a click down off; all else is noise. It begins switched
    off.

    >>> values, on = recordings()[0]
    >>> values.shape, on.shape, on.dtype
    ((60,), (60,), dtype('bool'))
    """
    rng = np.random.default_rng(SEED)
    return [_recording(rng) for _ in range(RECORDINGS)]


def _recording(rng: Rng) -> Recording:
    clicks = rng.choice([1, 0, -1], size=STEPS, p=[CLICKS, 1 - 2 * CLICKS, CLICKS])
    heights = clicks * rng.uniform(0.8, 1.2, STEPS) * CLICK
    on, state = np.zeros(STEPS, bool), False
    for t, click in enumerate(clicks):
        state = click > 0 or (state and click == 0)
        on[t] = state
    return heights + NOISE * rng.standard_normal(STEPS), on


def right(answers: list[Any], truths: list[Any]) -> float:
    """Return the share of steps that are answered right."""
    if any(np.shape(a) != t.shape for a, t in zip(answers, truths, strict=True)):
        raise ValueError("answers must be one a step")
    return float(np.mean(np.array(answers) == np.array(truths)))


def by_value(values: Array) -> Array:
    """Return for each step whether its own value is above 0."""
    return values > 0


def by_last_click(values: Array) -> Array:
    """Return for each step whether the last value beyond 0.6 was above 0."""
    loud = np.where(abs(values) > 0.6, np.arange(len(values)), -1)
    last = np.maximum.accumulate(loud)
    return (last >= 0) & (values[last] > 0)


def _scored(rule: Any, data: list[Recording], part: Array) -> float:
    shown = [data[i] for i in part.tolist()]
    return right([rule(values) for values, _ in shown], [on for _, on in shown])


def _scores(name: str, data: list[Recording], part: Array) -> float:
    rule = {"value": by_value, "last click": by_last_click}[name]
    return _scored(rule, data, part)


def _changed(data: list[Recording], indices: Array, rng: Rng) -> list[Recording]:
    found = list(data)
    for i in indices.tolist():
        found[i] = data[i][0], ~data[i][1]
    return found


def _remade(data: list[Recording], indices: Array, rng: Rng) -> list[Recording]:
    found = list(data)
    for i in indices.tolist():
        found[i] = 3 * data[i][0] + 1, ~data[i][1]
    return found


def _fits(batch: Any, data: list[Recording], few: Array) -> None:
    values, on = np.array([data[i] for i in few.tolist()]).transpose(1, 2, 0)
    check_equal(batch.targets, on, "targets")
    check_now(batch.inputs, values)


def streaming(record: Record, task: Task) -> str:
    """Feed one net value by value, and compare with what it says of the whole."""
    data = task.data()
    test = settled(record, task, data).test
    net, (values, _) = next(iter(nets_of(record).values())), data[int(test[0])]
    answers, state, sizes, seconds = [], None, [], []
    for t, value in enumerate(values.tolist()):
        begun = time.perf_counter()
        found = ask(record, "step", net, value, state)
        seconds.append(time.perf_counter() - begun)
        if not isinstance(found, tuple) or len(found) != 2:
            raise FaultError("`step` must return the answer and the new state.")
        answer, state = found
        answers.append(bool(answer))
        sizes.append(size_of(state))
        if sizes[-1] != sizes[0]:
            raise FaultError(
                f"The state has {sizes[0]} bytes after one value, and {sizes[-1]} "
                f"after {t + 1}: it grows.",
                "What is kept should not depend on how long it has been running.",
            )
    whole = np.asarray(ask(record, "predict", net, values))
    if not np.array_equal(whole, answers):
        first = int(np.argmax(whole != np.array(answers)))
        raise FaultError(
            f"Value by value, the answer at step {first + 1} is not that of the whole.",
            "Which state does each step start from, and the first one?",
        )
    kept = sizes[0]
    if number(record.state_bytes, "`state_bytes`") != kept:
        raise FaultError(
            f"`state_bytes` says {record.state_bytes}; the arrays of the state are not "
            "of that size.",
            "An array knows its size: array.nbytes.",
        )
    mine = number(record.microseconds, "`microseconds`") / 1e6
    if not min(seconds) / SLACK < mine < SLACK * float(np.median(seconds)):
        raise FaultError(
            "`microseconds` is far from what a step takes here.",
            "Measure many steps with time.perf_counter, which counts in seconds.",
        )
    return (
        f"{STEPS} values one by one give the answers of the whole; {kept} bytes kept."
    )


def size_of(state: Any) -> int:
    """Return how many bytes the arrays of a state take."""
    if isinstance(state, np.ndarray):
        return state.nbytes
    if isinstance(state, dict):
        return sum(map(size_of, state.values()))
    if isinstance(state, list | tuple):
        return sum(map(size_of, state))
    return 0 if state is None else sys.getsizeof(state)


TASK = Task(
    data=recordings,
    count=len,
    given=lambda data, i: data[i][0],
    truth=lambda data, i: data[i][1],
    name=lambda data, i: f"recording {i}",
    changed=_changed,
    score=right,
    unit="of the steps",
    less=False,
    fails=lambda answer, truth, score: (
        np.mean(np.asarray(answer) != truth) > 1.5 * (1 - score)
    ),
    baselines={
        "value": lambda data, parts: _scores("value", data, parts.test),
        "last click": lambda data, parts: _scores("last click", data, parts.test),
    },
    mistaken={
        "That is what it scores on the training part.": lambda name, data, parts: (
            _scores(name, data, parts.train)
        ),
        "That is what it scores on the validation part.": lambda name, data, parts: (
            _scores(name, data, parts.validation)
        ),
        "That is the share of wrong steps. The share of right ones is asked for.": (
            lambda name, data, parts: 1 - _scores(name, data, parts.test)
        ),
    },
    beat="value",
    reach=0.8,
    compared=True,
    remade=_remade,
    fits=_fits,
    least=40,
    kind=lambda data, i: data[i][0].tobytes(),
    overfit=0.1,
)

STREAM = Line(
    "streaming",
    ("step", "state_bytes", "microseconds"),
    "Write `step(net, value, state)`, which takes one value and returns the answer and "
    "the new state; the first state is None. Give the bytes that are kept between two "
    "values, and how long a step takes.",
    streaming,
    needs=("split", "predict", "nets"),
)

SENSOR = Capstone("14.3", "A streaming sensor", TASK, (*EIGHT[:5], STREAM, *EIGHT[5:]))
