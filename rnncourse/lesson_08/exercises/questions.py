"""Questions and cards of lesson 08."""

from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["CARDS", "RACE", "TIME_CONSTANT"]


RACE = Question(
    id="08.6",
    title="The race of the forget biases",
    prompt="Three LSTMs learn to say which two marks stood in a sequence of 60 steps. "
    "They differ in one number, the forget bias before training: −2, 0 and +1. After "
    "400 updates, which of them can be far above chance, 25 %?",
    options={
        "a": (
            "all three: training moves the bias to where it is needed",
            "Training moves the bias by its gradient, and the gradient has to come "
            "back over 24 steps at least. With f = 0.12 a share of 7e-23 of it is "
            "left on the direct path: nothing that could move anything.",
        ),
        "b": (
            "0 and +1: the one at −2 forgets at once",
            "With bias 0 the gate is at one half at first. That sounds like much, and "
            "after 24 steps it is 6e-8. Compute 0.5 to the power 24.",
        ),
        "c": (
            "+1 alone",
            "Only there enough of the gradient arrives to begin with: 0.73 to the "
            "power 24 is five ten-thousandths, and the paths through the gates add to "
            "it. In the ten races of the picture it wins eight, in ten others six. "
            "The other two biases never left 25.",
        ),
        "d": (
            "none: 60 steps are too many for any of them",
            "For the plain RNN they were, in nine runs of ten. What is the largest of "
            "the three forget gates before training, and what is left of it after 24 "
            "steps?",
        ),
    },
    right="c",
)


TIME_CONSTANT = Guess(
    id="08.3",
    title="How long does a bias of 3 last?",
    prompt="The forget bias is 3, so f = σ(3) = 0.953, at every step, and nothing is "
    "written. After how many steps is about a third (37 %) of the cell state left?",
    right=20.6,
    tolerance=1.25,
    low=1,
    high=1000,
    right_says="τ = −1/ln 0.953 = 20.6 steps. A quick estimate is 1/(1 − f) = 21: near "
    "1 the two agree.",
    low_says="Too few: each step loses less than a twentieth. Try 1/(1 − f).",
    high_says="Too many: each step loses nearly a twentieth, again and again. Try "
    "1/(1 − f).",
    ratio=True,
)


CARDS = (
    Card(
        id="B22",
        claim="An LSTM has two hidden states instead of one, and four gates.",
        truth=False,
        statement="It has one hidden state h, and one cell state c. It has three "
        "gates, i, f and o, each between 0 and 1, and one candidate g, between −1 and "
        "1.",
    ),
    Card(
        id="B23",
        claim="With the forget gate at 1, nothing is erased.",
        truth=True,
        statement="f is the share that is kept. With f = 1 all of the old cell state "
        "stays, with f = 0 it is erased. Its name says the opposite, and so do many "
        "notes. How well the old can be read is another matter: more is added on top.",
    ),
    Card(
        id="B24",
        claim="The input gate i says how much is written, the candidate g what is "
        "written.",
        truth=True,
        statement="i is a share, between 0 and 1; g is a content, between −1 and 1, "
        "and may take away as well as add. Many notes call g, too, “how much to "
        "write”.",
    ),
    Card(
        id="B25",
        claim="(i, f, o, g) = (σ, σ, σ, tanh) · W (h, x): the four functions are "
        "multiplied by the matrix.",
        truth=False,
        statement="The functions are applied, entry by entry, to the pre-activation: "
        "first a = W (h_prev, x) + b, with a bias, then σ or tanh of its four parts. "
        "The dot in c = f · c_prev + i · g is a product entry by entry.",
    ),
    Card(
        id="B26",
        claim="The LSTM solves the problem of the vanishing gradient.",
        truth=False,
        statement="It mitigates it. Along the direct path the gradient is multiplied "
        "by f at each step, and if f is one half it is gone in ten. It lasts where "
        "the forget gates are near 1: set their bias so before training.",
    ),
)
