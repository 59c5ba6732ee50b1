"""How many memories: the points where a net can rest, and the saddles in between."""

from rnncourse.exploring.controls import Choice, IntSlider, Slider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_13.memories.compute import ON, STEPS, compute
from rnncourse.lesson_13.memories.search import SEARCHES
from rnncourse.lesson_13.memories.view import MemoriesView
from rnncourse.lesson_13.nets import BITS

memories = Explorer(
    title="How many memories",
    question="Predict first: a net of 16 units was trained to hold K bits, each set by "
    "a pulse. At how many points can it rest when nothing comes in? Write down a "
    "number for K = 1, 2 and 3, then search. What lies between two of them?",
    claim="The nets rest at one stable point for each thing that they can remember: 2, "
    "4 and 8. Between two of them lies a saddle: from one side of it the state falls "
    "back, from the other it goes on, so that half a pulse is either a whole one or "
    "none. A search finds what it comes upon; that it finds nothing more is no proof.",
    controls={
        "bits": IntSlider("bits K", BITS[0], BITS[-1], 1),
        "searches": IntSlider("searches", 0, SEARCHES, 0),
        "strength": Slider("pulse", 0, 1.5, 0.0, step=0.05),
        "on": Choice("on", ON, ON[0]),
        "steps": Steps("steps after it", STEPS, 0),
    },
    presets={
        "1 bit, found": {"searches": SEARCHES},
        "2 bits, found": {"bits": 2, "searches": SEARCHES},
        "3 bits, found": {"bits": 3, "searches": SEARCHES},
        "too weak": {"bits": 2, "strength": 0.4, "steps": STEPS},
        "strong enough": {"bits": 2, "strength": 0.7, "steps": STEPS},
        "only ten searches": {"bits": 3, "searches": 10},
    },
    compute=compute,
    view=MemoriesView,
)
