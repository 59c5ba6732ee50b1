"""The wiring board: a recurrent net is wired step by step."""

from rnncourse.exploring.controls import IntSlider, Switches, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_03.wiring_board.compute import LONGEST, compute
from rnncourse.lesson_03.wiring_board.view import WiringBoardView

wiring_board = Explorer(
    title="Wiring board",
    question="Predict first: a net reads five words and answers once. Another one "
    "answers at every word. How many more weights does it have?",
    claim="Which steps have an input and which an output is a choice. It changes "
    "neither the cell nor its weights, but what an output can know, and over which "
    "terms the loss is a mean. A second layer, or a second direction, is another set "
    "of weights.",
    controls={
        "steps": IntSlider("steps T", 1, LONGEST, 5),
        "layers": IntSlider("layers", 1, 3, 1),
        "inputs": Switches("inputs x", "11111000"),
        "outputs": Switches("outputs p", "00001000"),
        "both": Toggle("both directions", False),
        "fed_back": Toggle("each output is the next input", False),
    },
    presets={
        "one to one": {"steps": 1, "inputs": "10000000", "outputs": "10000000"},
        "one to many": {"inputs": "10000000", "outputs": "11111000", "fed_back": True},
        "many to one": {"inputs": "11111000", "outputs": "00001000"},
        "aligned": {"inputs": "11111000", "outputs": "11111000"},
        "both directions": {"inputs": "11111000", "outputs": "11111000", "both": True},
        "read, then write": {
            "steps": 8,
            "inputs": "11110000",
            "outputs": "00011111",
            "fed_back": True,
        },
        "steps left out": {"inputs": "11011000", "outputs": "01001000"},
    },
    compute=compute,
    view=WiringBoardView,
)
