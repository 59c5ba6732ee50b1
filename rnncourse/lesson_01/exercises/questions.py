"""Questions and cards of lesson 01."""

import numpy as np

from rnncourse.checking.questions import Card, Guess, Question

FRESH_LOSS = Guess(
    id="01.4",
    title="Before any training",
    prompt="A network for 27 symbols is fresh, and gives each of them about the same "
    "score. Which loss, in nats a symbol, will it show?",
    right=float(np.log(27)),
    tolerance=0.15,
    low=0.0,
    high=10.0,
    right_says="log 27 = 3.30: an even choice of 27 has perplexity 27. If your own "
    "fresh network shows much more than log V, look for a mistake first.",
    low_says="Too low: it would be surer than an even choice of 27. Each symbol has "
    "p = 1/27; what is minus its logarithm?",
    high_says="Too high: it would be worse than not knowing. Each symbol has p = 1/27; "
    "what is minus its logarithm, the natural one?",
)

STILL_LEARNS = Question(
    id="01.5",
    title="Does a right guess still learn?",
    prompt="The scores of h, e, l, o are 1.0, 4.1, −3.0, 2.2, and e is right. It is "
    "the most probable letter, p = 0.837. What is the gradient of the loss at the "
    "score of e?",
    options={
        "a": (
            "0, because the guess is right",
            "That would be a rule that learns from mistakes alone. Cross-entropy asks "
            "for p = 1, and p is 0.837: what is p − y at e?",
        ),
        "b": (
            "0.837",
            "That is p. The target has y = 1 at e: what is p − y?",
        ),
        "c": (
            "−0.163",
            "p − y = 0.837 − 1 = −0.163. The guess is right and the score is still "
            "pushed up: only at p = 1 would nothing be left to learn.",
        ),
        "d": (
            "0.163",
            "The size is right. A positive gradient would push the score of e down: "
            "is it y − p, or p − y?",
        ),
    },
    right="c",
)

WHICH_OUTPUT = Question(
    id="01.6",
    title="Which output, which loss?",
    prompt="A network reads a message and says three things about it: is it urgent, is "
    "it about money, is it from a friend? Any of them may be true together. What does "
    "its output need?",
    options={
        "a": (
            "softmax over three scores, categorical cross-entropy",
            "Softmax lets the three compete: their probabilities sum to 1. A message "
            "that is urgent and from a friend could not have both near 1.",
        ),
        "b": (
            "three sigmoids, binary cross-entropy of each",
            "Three questions with yes or no: three sigmoids, and the mean of their "
            "losses. That the answers are independent questions is what decides it.",
        ),
        "c": (
            "three plain scores, squared error",
            "That is for quantities, like a temperature. Here each answer is yes or "
            "no, and a probability says how sure it is.",
        ),
    },
    right="b",
)

A15 = Card(
    id="A15",
    claim="The loss of a network that predicts the next letter is "
    "−y log p − (1 − y) log(1 − p).",
    truth=False,
    statement="That is the loss of one yes-or-no answer, behind a sigmoid. One of V "
    "letters, behind a softmax, has the loss −Σ y log p over the V letters, and of "
    "that sum only −log p of the right letter is left.",
)

B12 = Card(
    id="B12",
    claim="A one-hot vector is full of zeros, with a 1 at the index of the target.",
    truth=False,
    statement="The 1 stands at the index of the token that the vector encodes. In the "
    "input that is the letter that is read, in the target the letter that comes next.",
)

B13 = Card(
    id="B13",
    claim="A network goes on learning from a letter that it already holds for the "
    "most probable one: a gradient is propagated back all the same.",
    truth=True,
    statement="Cross-entropy learns at every step. Its gradient p − y is zero only at "
    "p = 1 for the right letter, which on paper no finite scores give.",
)

F01 = Card(
    id="F01",
    claim="If all scores of one network are higher by 10 than those of another, both "
    "predict exactly the same.",
    truth=True,
    statement="Softmax sees only differences: the factor exp(10) stands above and "
    "below the fraction, and cancels.",
)
