"""The optimiser race: four optimisers, one start, one learning rate."""

from rnncourse.exploring.controls import Choice, LogSlider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_06.optimiser_race.compute import SURFACES, UPDATES, compute
from rnncourse.lesson_06.optimiser_race.view import RaceView

optimiser_race = Explorer(
    title="Optimiser race",
    question="Predict first: in a bowl that is 30 times as steep in one direction as "
    "in the other, which of the four is first at the bottom? Does one learning rate "
    "suit all four?",
    claim="On a surface that is steep one way and flat the other, plain gradient "
    "descent must go slowly for the sake of the steep way. Momentum adds up what stays "
    "the same; RMSProp and Adam divide each direction by its own size, so that both "
    "are gone at one pace. None wins everywhere, and each wants its own learning rate.",
    controls={
        "rate": LogSlider("learning rate", 0.001, 1, 0.001 * 10**1.5),
        "done": Steps("updates", UPDATES, 15),
        "kind": Choice("surface", tuple(SURFACES), "bowl", SURFACES),
        "ratio": LogSlider("steepness ratio", 1, 100, 10**1.5),
    },
    presets={
        "a long bowl": {"done": UPDATES},
        "a round bowl": {"ratio": 1.0, "done": UPDATES},
        "SGD flies out": {"rate": 10**-1, "done": UPDATES},
        "a real network": {"kind": "net", "done": UPDATES},
        "a real network, faster": {"kind": "net", "rate": 1.0, "done": UPDATES},
    },
    compute=compute,
    view=RaceView,
)
