"""The loop finder: greedy text is the walk of a deterministic machine."""

from rnncourse.exploring.controls import Choice, IntSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_07.loop_finder.compute import PROMPTS, compute
from rnncourse.lesson_07.loop_finder.view import LoopFinderView

loop_finder = Explorer(
    title="Loop finder",
    question="Predict first: a net has read thousands of numbers in words, and draws "
    "each letter. What will it write at temperature 0, where it always takes the most "
    "probable one?",
    claim="Without chance the next state depends on the state alone, so a text that "
    "comes back to where it was goes on in circles. This one does so within a few "
    "words. A little chance at each step is enough to leave the circle.",
    controls={
        "prompt": Choice("begins with", PROMPTS, PROMPTS[1]),
        "temperature": Slider("temperature", 0, 1, 1, step=0.05),
        "draw": IntSlider("another draw", 1, 20, 1),
    },
    presets={
        "greedy": {"temperature": 0.0},
        "another beginning": {"temperature": 0.0, "prompt": PROMPTS[0]},
        "a little chance": {"temperature": 0.1},
        "as it has learned": {"temperature": 1.0},
    },
    compute=compute,
    view=LoopFinderView,
)
