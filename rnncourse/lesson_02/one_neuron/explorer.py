"""One neuron's memory: what one unit does with one pulse."""

from rnncourse.exploring.controls import Choice, IntSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_02.one_neuron.compute import FUNCTIONS, compute
from rnncourse.lesson_02.one_neuron.view import OneNeuronView

one_neuron = Explorer(
    title="One neuron's memory",
    question="Predict first: one tanh unit gets a single pulse, and forgets it. Raise "
    "w slowly: from which w on does it keep the pulse for ever?",
    claim="Without a bias, one weight decides what a unit does with its past. Where "
    "the curve crosses the diagonal less steeply than it, states are drawn in: one "
    "such place, and the unit forgets; two of them, and it can keep one bit. If the "
    "curve falls steeper than the diagonal rises, the state jumps from side to side. "
    "ReLU can also grow.",
    controls={
        "w": Slider("from itself w", -1.5, 1.5, 0.8, step=0.05),
        "u": Slider("from input u", 0, 2, 1.0, step=0.05),
        "b": Slider("bias b", -1, 1, 0.0, step=0.05),
        "pulse": IntSlider("pulse at step", 1, 20, 4),
        "activation": Choice("activation", tuple(FUNCTIONS), "tanh", {"relu": "ReLU"}),
    },
    presets={
        "decays": {"w": 0.8},
        "latches": {"w": 1.5, "u": 2.0, "b": -0.1},
        "oscillates": {"w": -1.3},
        "swings and decays": {"w": -0.8},
        "grows": {"w": 1.1, "activation": "relu"},
        "keeps any value": {"w": 1.0, "activation": "relu"},
        "sigmoid hardly remembers": {"w": 1.5, "activation": "sigmoid"},
    },
    compute=compute,
    view=OneNeuronView,
)
