"""Questions and cards of lesson 04."""

from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["A16", "A17", "DIAGNOSIS", "DIRECTION", "MEMORY", "PATHS"]


PATHS = Guess(
    id="04.7",
    title="How many terms?",
    prompt="A net runs 20 steps, with a loss at each. Count one term for each pair of "
    "a use of W_hh and a loss that feels it. How many terms has dL/dW_hh?",
    right=210,
    tolerance=0.5,
    low=0,
    high=400,
    right_says="20 · 21 / 2 = 210. Walking back, 20 steps are enough to add them all "
    "up, because at each state the gradients of all later losses travel together.",
    low_says="With 20 you would count the uses, for one loss at the end. Here the loss "
    "of step t feels the uses at steps 1 to t: add up 1 + 2 + ... + 20.",
    high_says="With 400 you would count every use with every loss. But a loss does not "
    "feel what happens after it: the loss of step t feels the uses at steps 1 to t.",
)


DIAGNOSIS = Question(
    id="04.8",
    title="Find the mistake from afar",
    prompt="Somebody checks the gradients of all weights. With T = 1 they are right. "
    "With T = 3 and one hidden unit they are right, too. With T = 3 and four units "
    "dW_hy is right, and dW_hh and dW_xh are wrong. What is the mistake?",
    options={
        "a": (
            "the gradient from the next step is left out",
            "Then three steps with one unit would be wrong as well: there, too, the "
            "next step has something to say.",
        ),
        "b": (
            "W_hh is not transposed on the way from step to step",
            "Yes: with one step no weight hears what goes on to the step before, and a "
            "matrix of one number is its own transpose. Only many steps with many "
            "units show it. That is why checks use several sizes.",
        ),
        "c": (
            "the slope of tanh is left out",
            "Then a single step would be wrong as well: its gradient passes a tanh.",
        ),
        "d": (
            "p and y have changed places",
            "Then dW_hy would be wrong, and with any number of steps: it is the first "
            "thing that is computed from p - y.",
        ),
    },
    right="b",
)


MEMORY = Question(
    id="04.9",
    title="Twice as long",
    prompt="You train on sequences of 2000 steps in place of 1000, with the same net "
    "and the same batch size. What doubles?",
    options={
        "a": (
            "the number of parameters",
            "The weights are the same at every step. An RNN has as many parameters for "
            "one step as for a million.",
        ),
        "b": (
            "the time of a pass, and the memory for the states that are kept",
            "Yes: each step back needs its own h and the one before, so all T "
            "states are kept until the backward pass has used them. Lesson 06 cuts "
            "this short.",
        ),
        "c": (
            "the time alone: states can be forgotten once the next one is known",
            "For the forward pass alone that is true. But the backward pass needs the "
            "slope 1 - h² at every step, and h_{t-1} for dW_hh: the states must be "
            "kept.",
        ),
        "d": (
            "the time fourfold, because there are four times as many paths",
            "There are four times as many paths, but nobody walks them one by one: one "
            "sweep back adds them all up, and takes time in proportion to T.",
        ),
    },
    right="b",
)


DIRECTION = Question(
    id="04.10",
    title="The other way round",
    prompt="A net reads a sentence from its last word to its first, as one half of a "
    "bidirectional net does. In which direction does its gradient run over the words?",
    options={
        "a": (
            "from right to left, as always in back-propagation",
            "Right to left is no law. The gradient runs against the direction in which "
            "the net has read, and this one has read from right to left.",
        ),
        "b": (
            "from left to right",
            "Yes: against the direction of reading. What was read last, here the first "
            "word, is where the backward pass begins.",
        ),
        "c": (
            "in both directions",
            "The whole bidirectional net has two halves, one for each direction. This "
            "half has read in one direction, and its gradient runs in the other.",
        ),
    },
    right="b",
)


A16 = Card(
    id="A16",
    claim="The loss of a recurrent network is the loss of one step: minus the "
    "logarithm of the probability of the right token.",
    truth=False,
    statement="That is the loss of a step. The loss of a sequence is the sum, or the "
    "mean, over all steps that have a target, and each of them sends a gradient back. "
    "With the last one alone the hello net gets quite another gradient.",
)


A17 = Card(
    id="A17",
    claim="Back-propagation through time goes from right to left: the gradient of a "
    "state is what comes back from the state after it.",
    truth=False,
    statement="Two gradients meet at each state h_t: one comes down from the loss of "
    "this step, one back from the state of the next. Their sum is what goes on. And it "
    "runs from right to left only because the net has read from left to right.",
)
