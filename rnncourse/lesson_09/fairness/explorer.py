"""Fairness: the same units, the same parameters, or the same seconds."""

from rnncourse.exploring.controls import Choice
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_09.fairness.compute import STEPS_OF, compute
from rnncourse.lesson_09.fairness.view import FairnessView
from rnncourse.lesson_09.gym.grid import FAIR

fairness = Explorer(
    title="Fairness",
    question="Predict first: the plain RNN has a quarter of the parameters of an LSTM "
    "of as many units, and a good third of its seconds. Give it as many "
    "parameters, then as many seconds. Does the order of the cells change?",
    claim="The same units, parameters or seconds are three comparisons, and a fair "
    "one says which it is. Here it hardly matters: with twice the units, or nearly "
    "three times the updates, the plain RNN is still at chance on temporal order and "
    "on adding, and still at the ceiling on echo. What it lacks is not parameters.",
    controls={
        "task": Choice(
            "task, T",
            tuple(STEPS_OF),
            "temporal order",
            {task: f"{task}, {steps}" for task, steps in STEPS_OF.items()},
        ),
        "how": Choice("compare with", FAIR, "same units"),
    },
    presets={
        "more units": {"how": "same parameters"},
        "more updates": {"how": "same seconds"},
        "echo, more units": {"task": "echo", "how": "same parameters"},
    },
    compute=compute,
    view=FairnessView,
)
