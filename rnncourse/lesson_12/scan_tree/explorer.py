"""The scan tree: which pair meets which, pass by pass."""

from rnncourse.exploring.controls import IntSlider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_12.scan_tree.compute import LONGEST, MOST_PASSES, compute
from rnncourse.lesson_12.scan_tree.view import ScanTreeView

scan_tree = Explorer(
    title="Scan tree",
    question="Predict first: in each pass every step is put together with one on its "
    "left, and each pass reaches twice as far as the one before. How many passes does "
    "it take until step 11 stands for all steps from 1 on? And step 16?",
    answer="4, and 4 as well.",
    claim="After p passes a step stands for the last 2 to the power of p steps. So all "
    "T states take log2 T passes, rounded up, and T need not be a power of two. The "
    "price is work: more pairs are put together than in a loop.",
    controls={
        "steps": IntSlider("steps T", 2, LONGEST, 11),
        "t": IntSlider("look at t", 1, LONGEST, 11),
        "passes": Steps("passes", MOST_PASSES + 1, 0, milliseconds=900),
    },
    presets={
        "one pass": {"passes": 1},
        "T = 16, all passes": {"steps": 16, "t": 16, "passes": 4},
        "no power of two": {"steps": 9, "t": 9, "passes": 4},
        "an early step": {"steps": 16, "t": 4, "passes": 4},
    },
    compute=compute,
    view=ScanTreeView,
)
