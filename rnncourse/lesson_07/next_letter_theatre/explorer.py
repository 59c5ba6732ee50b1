"""The next-letter theatre: a net writes a name, and says how surprised it is."""

from rnncourse.exploring.controls import Choice, IntSlider, LogSlider, Slider, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_07.next_letter_theatre.compute import ALL, NETS, compute
from rnncourse.lesson_07.next_letter_theatre.view import NextLetterView

WORDS = {name: name.removesuffix(" updates") for name in NETS}

next_letter_theatre = Explorer(
    title="Next-letter theatre",
    question="Predict first: the net has read “quar”, and ten letters or so may come "
    "next. The temperature is lowered to 0.3, and then raised to 3. How many letters "
    "keep a real chance?",
    claim="At each step the model gives every letter a probability. A temperature "
    "stretches or flattens them, top-k and top-p cut off the tail. What is drawn is "
    "surprising by −log2 p bits, and a model is good if it is seldom surprised.",
    controls={
        "prefix": Text("begins with", "quar", ("zebra 7!", "abcdefghijklmnop")),
        "net": Choice("net, updates", NETS, NETS[1], WORDS),
        "temperature": LogSlider("temperature", 0.1, 10**0.5, 1),
        "top_k": IntSlider("top-k", 1, ALL, ALL),
        "top_p": Slider("top-p", 0.05, 1, 1, step=0.05),
        "draw": IntSlider("another draw", 1, 20, 1),
    },
    presets={
        "greedy": {"top_k": 1},
        "top-p of 80 %": {"top_p": 0.8},
        "hot": {"temperature": 10**0.5},
        "known by heart": {"net": NETS[2], "prefix": "quar"},
        "a dinosaur": {"net": NETS[3], "prefix": "velo"},
    },
    compute=compute,
    view=NextLetterView,
)
