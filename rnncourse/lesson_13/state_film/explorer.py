"""The state film: what the state does while a net reads."""

from rnncourse.exploring.controls import HALF, Choice, IntSlider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_13.state_film.compute import PAIRS, compute
from rnncourse.lesson_13.state_film.readings import EXAMPLES, NETS, STEPS
from rnncourse.lesson_13.state_film.view import StateFilmView

state_film = Explorer(
    title="State film",
    question="Predict first: here are states of a net that reads brackets, each of 24 "
    "numbers, on a plane. Other nets hold two bits, an opinion, or a number of stars. "
    "What will theirs look like, one line or heaps, and how many heaps?",
    claim="A net keeps together what it must answer alike, and moves the state where "
    "the answer changes. Principal components are the directions of most variance: the "
    "first pair need not be the one in which what you look for can be seen, and what "
    "is small there need not be unimportant.",
    controls={
        "net": Choice("net", NETS, "brackets", width=HALF),
        "pair": Choice("components", PAIRS, PAIRS[0]),
        "example": IntSlider("sequence", 1, EXAMPLES, 1),
        "t": Steps("step t", STEPS, 1, low=1),
    },
    presets={
        "four corners": {"net": "flip-flop, 2 bits", "t": STEPS},
        "brackets": {"t": STEPS},
        "brackets, 2 and 3": {"pair": "2 and 3", "t": STEPS},
        "an opinion": {"net": "opinion", "t": 16},
        "stars": {"net": "stars", "t": STEPS},
    },
    compute=compute,
    view=StateFilmView,
)
