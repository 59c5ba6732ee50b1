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
    title="A loss in the middle",
    prompt="A bidirectional net reads a sentence of six words and tags each of them. "
    "Only the tag of word 3 has a loss. Which words get a gradient?",
    options={
        "a": (
            "words 1 to 3",
            "Those are reached by the half that reads from left to right. The other "
            "half has read, too, and from which side?",
        ),
        "b": (
            "words 3 to 6",
            "Those are reached by the half that reads from right to left. The other "
            "half has read, too, and from which side?",
        ),
        "c": (
            "all six",
            "Yes: 1 to 3 by the half that reads from left to right, 3 to 6 by the "
            "other, each against its direction of reading. Word 3 gets both.",
        ),
        "d": (
            "word 3 alone",
            "Its tag depends on two states, and each of them on all words that its "
            "half has read by then.",
        ),
    },
    right="c",
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
    claim="Back-propagation through time runs against the direction of reading: in a "
    "net that reads from right to left the gradient goes from left to right.",
    truth=True,
    statement="The gradient goes back along the wires by which the states came. It "
    "runs from right to left only where the net has read from left to right.",
)
