"""The memory meter: a state of fixed size against a table that grows."""

from rnncourse.exploring.controls import LogSlider, Stops
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_12.memory_meter.compute import MOST, compute
from rnncourse.lesson_12.memory_meter.view import MemoryMeterView

memory_meter = Explorer(
    title="Memory meter",
    question="Predict first: attention keeps a key and a value for each token, a "
    "matrix memory of the same width keeps one matrix. After how many tokens does the "
    "table take more room than the matrix? And from when on does a token cost it more?",
    claim="The table outgrows the matrix after half as many tokens as the layer is "
    "wide, and a token costs more from about one and a half times the width on. A "
    "recurrent state costs the same for the first token and for the millionth. What it "
    "cannot do is to hold all of them.",
    controls={
        "tokens": LogSlider("tokens T", 1, MOST, 10),
        "width": Stops("width", (16, 64, 256, 1024, 4096), 256),
    },
    presets={
        "a sentence": {"tokens": 10 ** (30 / 20)},
        "a page": {"tokens": 1000.0},
        "a book": {"tokens": 10 ** (103 / 20)},
        "a book, wide": {"tokens": 10 ** (103 / 20), "width": 4096},
    },
    compute=compute,
    view=MemoryMeterView,
)
