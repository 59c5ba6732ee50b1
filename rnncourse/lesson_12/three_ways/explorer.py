"""Loop, scan, matrix: three ways to the same states."""

from rnncourse.exploring.controls import Stops
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_12.three_ways.compute import compute
from rnncourse.lesson_12.three_ways.times import LENGTHS, WIDTHS
from rnncourse.lesson_12.three_ways.view import ThreeWaysView

three_ways = Explorer(
    title="Loop, scan, matrix",
    question="Predict first: the scan does more multiplications than the loop. Where "
    "is it faster all the same, and where is it not?",
    claim="All three compute the same states. A loop pays for each step, a scan for "
    "each pass, a matrix for each pair of steps. On one processor the scan wins where "
    "a sequence is long and a state narrow, because then a step is mostly waiting. "
    "Where the state is wide there is nothing to win: each step of the loop is full of "
    "work.",
    controls={
        "steps": Stops("steps T", LENGTHS, 4),
        "width": Stops("width of h", WIDTHS, 1),
    },
    presets={
        "short": {"steps": 4, "width": 16},
        "long and narrow": {"steps": 4096, "width": 16},
        "long and wide": {"steps": 1024, "width": 1024},
        "the matrix at its limit": {"steps": 256, "width": 64},
    },
    compute=compute,
    view=ThreeWaysView,
)
