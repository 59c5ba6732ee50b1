"""The cliff: what one large gradient does to a descent, and what clipping does."""

from rnncourse.exploring.controls import Choice, LogSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_06.cliff.compute import CLIPS, compute
from rnncourse.lesson_06.cliff.view import CliffView

cliff = Explorer(
    title="Cliff",
    question="A network of one tanh unit runs for 30 steps and should end at 0.5. "
    "Predict first: when the way reaches the cliff, where does the next step lead? And "
    "with the gradient cut to norm 1?",
    claim="On the cliff one gradient is a hundred times as long as all the others, and "
    "one step along it throws the weights to where no gradient is left. Clipping the "
    "norm keeps its direction and takes its length; clipping by value turns it; "
    "clipping after the step does nothing.",
    controls={
        "clip": Choice("clip", tuple(CLIPS), "off", CLIPS),
        "limit": LogSlider("limit", 0.1, 10, 1),
        "rate": LogSlider("learning rate", 0.001, 1, 0.01),
    },
    presets={
        "over the cliff": {"rate": 10**-1.3},
        "clipped by norm": {"rate": 10**-1.3, "clip": "norm"},
        "clipped by value": {"rate": 10**-1.3, "clip": "value", "limit": 0.1},
        "clip after the step": {"rate": 10**-1.3, "clip": "late"},
        "a hundred times too slow": {"rate": 0.001},
    },
    compute=compute,
    view=CliffView,
)
