"""Wire a captioner: what goes in while it learns."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Params, Rng
from rnnlib.batches import END, START
from rnnlib.models.conditional import ConditionalLanguageModel

__all__ = ["CAPTIONER_SCORES"]


def captioner_scores(v: Array, targets: Array, p: Params) -> Array:
    """Return scores (T, B, V) of a captioner that is fed the true words."""
    h = np.tanh(v @ p["W_vh"] + p["b_0"])
    fed = np.concatenate([np.full_like(targets[:1], START), targets[:-1]])
    states = []
    for tokens in fed:
        h = np.tanh(p["W_xh"][tokens] + h @ p["W_hh"] + p["b_h"])
        states.append(h)
    return np.array(states) @ p["W_hy"] + p["b_y"]


def _sentences(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    sizes_of_nets = (2, 1, 3, 2, 4), (3, 1, 2, 4, 5), (5, 3, 4, 2, 6)
    for T, B, C, H, V in (*sizes_of_nets, (1, 2, 3, 2, 4), (25, 5, 6, 1, 300)):
        sizes = {
            **{"W_vh": (C, H), "b_0": (H,), "W_xh": (V, H), "W_hh": (H, H)},
            **{"b_h": (H,), "W_hy": (H, V), "b_y": (V,)},
        }
        cases.append(
            {
                "v": rng.standard_normal((B, C)),
                "targets": _closed(rng.integers(2, V, size=(T, B))),
                "p": {name: rng.standard_normal(size) for name, size in sizes.items()},
            }
        )
    whole = {"v": rng.integers(-1, 2, size=cases[2]["v"].shape)}
    return [*cases, {**cases[2], **whole}]


def _closed(words: Array) -> Array:
    """Return sentences of which some have come to their END, with padding behind it."""
    for b in range(1, min(len(words) - 1, words.shape[1])):
        words[-b:, b], words[-b - 1, b] = 0, END
    return words


CAPTIONER_SCORES = Exercise(
    id="03.4",
    kind="V",
    title="Wire a captioner: what goes in",
    reference=captioner_scores,
    whole=("v",),
    cases=_sentences,
    mistakes=(
        Mistake(
            "fed_what_it_should_say",
            {"in fed": "in targets"},
            "At each step you feed in the very word that this step is to say. The net "
            "would only have to repeat it. What has been said when step t begins? And "
            "what before the first word?",
        ),
        Mistake(
            "blind",
            {"np.tanh(v": "0 * np.tanh(v"},
            "Your captioner never sees the scene: its first state is zero. "
            "One to many has one input from outside. Where does the vector v come in?",
        ),
        Mistake(
            "start_without_tanh",
            {"np.tanh(v": "(v"},
            "Your first state is not a state: its numbers are not between -1 and 1. "
            "Every later h comes out of a tanh. Look again at the line that makes the "
            "first one.",
        ),
        Mistake(
            "always_start",
            {"in fed": "in np.full_like(targets, START)"},
            "You feed in START at every step. A net can be trained like that, and it "
            "may even find the right words, but it is another net: this one hears what "
            "was said. Which word goes into each step after the first?",
        ),
        Mistake(
            "scene_at_every_step",
            {"h = np.tanh(p": "new = np.tanh(p", "append(h)": "append(new)"},
            "You begin every step with the state that the scene makes. So each word is "
            "said as if nothing but the last word had been said. The scene makes the "
            "state before the first step; after that the state goes on by itself.",
        ),
        Mistake(
            "one_step_late",
            {"states = []": "states = [h]", "in fed": "in targets[:-1]"},
            "Your net never reads START: the first word is guessed from the state that "
            "the scene makes, and the states are one step short from there on. What "
            "goes in before the first word is said?",
        ),
        Mistake(
            "scores_before_the_step",
            {
                "states = []": "states = [h]",
                "in fed": "in fed[:-1]",
            },
            "You make the scores of a step before the step has read its word. So the "
            "first word is guessed without START, and each later one without the word "
            "before it. First the new state, then the scores.",
        ),
        Mistake(
            "padding_first",
            {"START), targets": "0), targets"},
            "The first word that you feed in is token 0, and that is the padding. "
            "Zeros are at hand, but START is another token. Which one, is in the name.",
        ),
        Mistake(
            "without_biases",
            {' + p["b_0"]': "", ' + p["b_h"]': "", ' + p["b_y"]': ""},
            "There are three biases among the weights, and your answer uses none of "
            "them. Look at what `p` holds, and at what you have used of it.",
        ),
        Mistake(
            "fed_its_own_words",
            {
                "in fed:": "in fed:\n        if states:\n            "
                'tokens = (h @ p["W_hy"] + p["b_y"]).argmax(axis=-1)'
            },
            "You feed in the word with the largest score, as if the net spoke by "
            "itself. In training the true word goes in, whatever was said: that is "
            "teacher forcing.",
        ),
        Mistake(
            "probabilities",
            {
                "return np.array(states)": "from rnnlib import softmax\n"
                "    return softmax(np.array(states)",
                'p["b_y"]': 'p["b_y"])',
            },
            "You return probabilities. The scores before the softmax are asked for.",
        ),
    ),
    hints=(
        "There are two questions: which state stands before the first step, and which "
        "word goes into each step? Write down both for a sentence of three words.",
        "The scene makes the state: v times its weights, plus a bias, through tanh. In "
        "the first step, in goes START (token 1), into each later one the word before.",
        "Three parts: the state that the scene makes; the rows of words that are fed "
        "in, each one step later than it is said; then the loop that you know from "
        "02.4, in which a word picks a row of W_xh, and each new state gives scores.",
    ),
    source=ConditionalLanguageModel.forward,
    point=(
        "condition.forward",
        "h_0 = np.tanh",
        "layer.from_hidden(h_0)",
        "output.forward",
    ),
)
