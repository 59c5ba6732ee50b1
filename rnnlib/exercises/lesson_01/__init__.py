"""Exercises of lesson 01: one-hot vectors, vocabulary, softmax, loss."""

import numpy as np

from rnnlib import layers
from rnnlib._typing import Array, Rng
from rnnlib.exercises.exercise import Case, Exercise
from rnnlib.exercises.lesson_01.scores import CROSS_ENTROPY, SOFTMAX
from rnnlib.exercises.lesson_01.symbols import ONE_HOT, VOCABULARY
from rnnlib.exercises.questions import Card, Guess, Question
from rnnlib.gradcheck import numerical_gradients

__all__ = ["EXERCISES"]


def embedding_backward(de: Array, tokens: Array, vocab_size: int) -> Array:
    """Return dL/dW (V, E) of e = W[tokens]; de is (T, B, E), tokens are (T, B)."""
    dW = np.zeros((vocab_size, de.shape[-1]))
    np.add.at(dW, tokens, de)
    return dW


def the_last_one_wins(de: Array, tokens: Array, vocab_size: int) -> Array:
    """A token that occurs twice keeps only the last of its gradients.

    In a loop: does each gradient replace the one before, or join it? Without a loop,
    `dW[tokens] += de` reads all rows first and then writes each of them once.
    """
    dW = np.zeros((vocab_size, de.shape[-1]))
    dW[tokens] += de
    return dW


def averaged(de: Array, tokens: Array, vocab_size: int) -> Array:
    """Where a token occurs three times, your row is a third of what it should be.

    The row was used three times, and each use moves the loss. Do effects that come
    together make a mean?
    """
    counts = np.bincount(tokens.ravel(), minlength=vocab_size)
    return embedding_backward(de, tokens, vocab_size) / np.maximum(counts, 1)[:, None]


def mixed_up(de: Array, tokens: Array, vocab_size: int) -> Array:
    """Gradients arrive at the rows of other tokens.

    You flatten two arrays, and the one runs through time first, the other through the
    batch. Which gradient belongs to `tokens[t, b]`?
    """
    flat = de.reshape(-1, de.shape[-1])
    return embedding_backward(flat, tokens.T.ravel(), vocab_size)


def one_row_a_feature(de: Array, tokens: Array, vocab_size: int) -> Array:
    """Your rows are features and your columns are tokens.

    A gradient has the shape of what it belongs to: W has one row a token.
    """
    return embedding_backward(de, tokens, vocab_size).T


def same_for_all(de: Array, tokens: Array, vocab_size: int) -> Array:
    """Every row receives the same gradient, also that of a token that never occurs.

    A row that was not looked up has no part in the loss. What is its gradient?
    """
    return np.tile(de.sum(axis=(0, 1)), (vocab_size, 1))


def _lookups(rng: Rng) -> list[Case]:
    sizes = ((1, 1, 3, 2), (4, 1, 3, 2), (1, 5, 4, 3), (6, 3, 5, 4))
    return [
        {
            "de": rng.standard_normal((T, B, E)),
            "tokens": _repeated(rng, T, B, V),
            "vocab_size": V,
        }
        for T, B, V, E in sizes
    ]


def _repeated(rng: Rng, T: int, B: int, V: int) -> Array:
    """Return tokens (T, B), the first of which comes again; V - 1 does not occur."""
    tokens = rng.integers(V - 1, size=(T, B))
    tokens[-1, -1] = tokens[0, 0]
    return tokens


def _lookup_numerically(case: Case) -> Array:
    """Return the derivative of (de * W[tokens]).sum() by each entry of W."""
    W = np.zeros((case["vocab_size"], case["de"].shape[-1]))
    return numerical_gradients(
        lambda W: (case["de"] * W[case["tokens"]]).sum(), {"W": W}, method="complex"
    )["W"]


EMBEDDING_BACKWARD = Exercise(
    id="01.8",
    kind="G",
    title="The gradient of a look-up",
    reference=embedding_backward,
    cases=_lookups,
    bugs=(the_last_one_wins, averaged, mixed_up, one_row_a_feature, same_for_all),
    hints=(
        "Each look-up copied a row of W. On the way back its gradient goes to that "
        "row, and to no other. What if a row was copied twice?",
        "Start from zeros of the shape of W, and go through all t and b: to which row "
        "does the gradient at t, b belong?",
        "dW = zeros (V, E); for each t and each b: row number tokens[t, b] of dW grows "
        "by the vector de[t, b]. (Without a loop: `np.add.at` adds again where an "
        "index comes again.)",
    ),
    numerical=_lookup_numerically,
    source=layers.Embedding.backward,
)

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
    claim="Only if the right letter is not the most probable one, something is "
    "propagated back.",
    truth=False,
    statement="Cross-entropy learns at every step. Its gradient p − y is zero only at "
    "p = 1 for the right letter, which no finite scores give.",
)
F01 = Card(
    id="F01",
    claim="If all scores of one network are higher by 10 than those of another, both "
    "predict exactly the same.",
    truth=True,
    statement="Softmax sees only differences: the factor exp(10) stands above and "
    "below the fraction, and cancels.",
)

EXERCISES = (
    VOCABULARY,
    ONE_HOT,
    SOFTMAX,
    FRESH_LOSS,
    STILL_LEARNS,
    WHICH_OUTPUT,
    CROSS_ENTROPY,
    EMBEDDING_BACKWARD,
    A15,
    B12,
    B13,
    F01,
)
