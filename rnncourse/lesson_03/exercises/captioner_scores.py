"""Exercises of lesson 03, second half: wire a net that describes scenes."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.lesson_03 import captions
from rnnlib._typing import Array, Params, Rng
from rnnlib.batches import END, START
from rnnlib.models.conditional import Generator

__all__ = ["CAPTIONER_SCORES", "DESCRIBE"]

SCENES, ENOUGH = 60, 0.95


def captioner_scores(v: Array, targets: Array, p: Params) -> Array:
    """Return scores (T, B, V) of a captioner that is fed the true words."""
    h = np.tanh(v @ p["W_vh"] + p["b_0"])
    fed = np.concatenate([np.full_like(targets[:1], START), targets[:-1]])
    scores = []
    for tokens in fed:
        h = np.tanh(p["W_xh"][tokens] + h @ p["W_hh"] + p["b_h"])
        scores.append(h @ p["W_hy"] + p["b_y"])
    return np.array(scores)


def _scores_from(h: Array, fed: Array, p: Params) -> Array:
    scores = []
    for tokens in fed:
        h = np.tanh(p["W_xh"][tokens] + h @ p["W_hh"] + p["b_h"])
        scores.append(h @ p["W_hy"] + p["b_y"])
    return np.array(scores)


def _first(v: Array, p: Params) -> Array:
    return np.asarray(np.tanh(v @ p["W_vh"] + p["b_0"]))


def _later(targets: Array) -> Array:
    return np.concatenate([np.full_like(targets[:1], START), targets[:-1]])


def fed_what_it_should_say(v: Array, targets: Array, p: Params) -> Array:
    """At each step you feed in the very word that this step is to say.

    The net would only have to repeat it. What has been said when step t begins? And
    what before the first word?
    """
    return _scores_from(_first(v, p), targets, p)


def blind(v: Array, targets: Array, p: Params) -> Array:
    """Your captioner never sees the scene: it starts from a state of zeros.

    One to many has one input from outside. Where does the vector v come in?
    """
    return _scores_from(0 * _first(v, p), _later(targets), p)


def start_without_tanh(v: Array, targets: Array, p: Params) -> Array:
    """Your first state is not a state: its numbers are not between -1 and 1.

    Every later h comes out of a tanh. Look again at the line that makes the first one.
    """
    return _scores_from(v @ p["W_vh"] + p["b_0"], _later(targets), p)


def always_start(v: Array, targets: Array, p: Params) -> Array:
    """You feed in START at every step, so the net cannot know what was said.

    One input from outside is all that comes from the scene. Each word that was said
    goes back in as the next input.
    """
    return _scores_from(_first(v, p), np.full_like(targets, START), p)


def scene_at_every_step(v: Array, targets: Array, p: Params) -> Array:
    """You begin every step with the state that the scene makes.

    So each word is said as if it were the second one. The scene makes the state before
    the first step; after that the state goes on by itself.
    """
    h = _first(v, p)
    return np.concatenate([_scores_from(h, row[None], p) for row in _later(targets)])


def one_step_late(v: Array, targets: Array, p: Params) -> Array:
    """Your scores of a step are made before the step has read its word.

    So the first word is guessed without START, and each later one is not told the word
    before it. First the new state, then the scores.
    """
    states = [_first(v, p)]
    for tokens in targets[:-1]:
        h = p["W_xh"][tokens] + states[-1] @ p["W_hh"] + p["b_h"]
        states.append(np.tanh(h))
    return np.array(states) @ p["W_hy"] + p["b_y"]


def padding_first(v: Array, targets: Array, p: Params) -> Array:
    """The first word that you feed in is token 0, and that is the padding.

    Zeros are at hand, but START is another token. Which one, is in the name.
    """
    fed = np.concatenate([np.zeros_like(targets[:1]), targets[:-1]])
    return _scores_from(_first(v, p), fed, p)


def without_biases(v: Array, targets: Array, p: Params) -> Array:
    """There are three biases among the weights, and your answer uses none of them.

    Look at what `p` holds, and at what you have used of it.
    """
    none = {name: 0 * p[name] for name in ("b_0", "b_h", "b_y")}
    return captioner_scores(v, targets, p | none)


def fed_its_own_words(v: Array, targets: Array, p: Params) -> Array:
    """You feed in the word with the largest score, as if the net spoke by itself.

    In training the true word goes in, whatever was said: that is teacher forcing.
    """
    fed = np.full_like(targets[:1], START)
    for _ in targets[1:]:
        said = _scores_from(_first(v, p), fed, p).argmax(axis=-1)
        fed = np.concatenate([fed, said[-1:]])
    return _scores_from(_first(v, p), fed, p)


def probabilities(v: Array, targets: Array, p: Params) -> Array:
    """You return probabilities. The scores before the softmax are asked for."""
    scores = captioner_scores(v, targets, p)
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


def _sentences(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for T, B, C, H, V in ((2, 1, 3, 2, 4), (3, 1, 2, 4, 5), (5, 3, 4, 2, 6)):
        sizes = {
            **{"W_vh": (C, H), "b_0": (H,), "W_xh": (V, H), "W_hh": (H, H)},
            **{"b_h": (H,), "W_hy": (H, V), "b_y": (V,)},
        }
        cases.append(
            {
                "v": rng.standard_normal((B, C)),
                "targets": rng.integers(2, V, size=(T, B)),
                "p": {name: rng.standard_normal(size) for name, size in sizes.items()},
            }
        )
    return cases


CAPTIONER_SCORES = Exercise(
    id="03.4",
    kind="V",
    title="Wire a captioner: what goes in",
    reference=captioner_scores,
    cases=_sentences,
    bugs=(
        fed_what_it_should_say,
        blind,
        start_without_tanh,
        always_start,
        scene_at_every_step,
        one_step_late,
        padding_first,
        without_biases,
        fed_its_own_words,
        probabilities,
    ),
    hints=(
        "There are two questions: which state stands before the first step, and which "
        "word goes into each step? Write down both for a sentence of three words.",
        "The scene makes the state: v times its weights, plus a bias, through tanh. In "
        "the first step, in goes START (token 1), into each later one the word before.",
        "h is the tanh of v times W_vh plus b_0. The words fed in are START, then all "
        "targets but the last. For each: the row of W_xh, plus h times W_hh, plus b_h, "
        "through tanh; its scores are h times W_hy plus b_y.",
    ),
    source=Generator.loss,
)


def describe(v: Array, model: Any) -> list[int]:
    """Return the words of a sentence about a scene v (1, 24), as tokens."""
    state, token, said = model.start(v), START, []
    for _ in range(20):
        scores, state = model.step(np.array([token]), state)
        token = int(scores[0].argmax())
        if token == END:
            break
        said.append(token)
    return said


def never_fed_back(v: Array, model: Any) -> list[int]:
    """You feed in START again and again. Which word was said last?"""
    state, said = model.start(v), []
    for _ in range(20):
        scores, state = model.step(np.array([START]), state)
        if scores[0].argmax() == END:
            break
        said.append(int(scores[0].argmax()))
    return said


def state_not_kept(v: Array, model: Any) -> list[int]:
    """Each step begins with the first state. What does `step` return beside scores?"""
    token, said = START, []
    for _ in range(20):
        scores, _ = model.step(np.array([token]), model.start(v))
        token = int(scores[0].argmax())
        if token == END:
            break
        said.append(token)
    return said


def end_kept(v: Array, model: Any) -> list[int]:
    """END closes the sentence; it is not one of its words."""
    return [*describe(v, model), END]


def start_kept(v: Array, model: Any) -> list[int]:
    """START opens the sentence for the net; it is not a word that was said."""
    return [START, *describe(v, model)]


def never_ended(v: Array, model: Any) -> list[int]:
    """You go on after END, up to the limit. What should happen once it is said?"""
    state, token, said = model.start(v), START, []
    for _ in range(20):
        scores, state = model.step(np.array([token]), state)
        token = int(scores[0].argmax())
        said.append(token)
    return said


def _scenes(rng: Rng) -> list[Case]:
    scenes = captions.TASK.sample(SCENES, rng=rng, split="held_out").inputs
    return [{"v": scenes, "model": captions.stored()}]


def _described(answer: Answer, case: Case) -> list[tuple[str, str]]:
    """Return for each scene the right sentence, and the one that was said."""
    symbols, pairs = captions.VOCABULARY.symbols, []
    for scene in case["v"]:
        said = answer(scene[None], case["model"])
        if said is None:
            raise TypeError("describe must return a list of tokens, got None")
        words = " ".join(symbols[int(token)] for token in said)
        pairs.append((captions.TASK.caption(scene), words))
    return pairs


def _is_right(observed: list[tuple[str, str]], case: Case) -> str:
    wrong = [pair for pair in observed if pair[0] != pair[1]]
    if len(wrong) <= (1 - ENOUGH) * len(observed):
        return ""
    scene, said = wrong[0]
    return (
        f"{len(observed) - len(wrong)} of {len(observed)} scenes are described without "
        f"a mistake. One shows “{scene}”; what was said: “{said[:120]}”."
    )


DESCRIBE = Exercise(
    id="03.5",
    kind="P",
    title="Wire a captioner: let it speak",
    reference=describe,
    cases=_scenes,
    bugs=(
        never_fed_back,
        state_not_kept,
        end_kept,
        start_kept,
        never_ended,
    ),
    hints=(
        "Now nobody tells the net the true words. What it has just said goes in next. "
        "What is the very first word that goes in?",
        "`model.start(v)` gives the first state. `model.step(tokens, state)` takes one "
        "token for each sequence, so an array of one here, and returns the scores and "
        "the next state. The largest score is the word.",
        "Begin with the state of the scene and the token START. At most 20 times: a "
        "step with the token; the token becomes the place of the largest score; if it "
        "is END, stop; else write it down.",
    ),
    observe=_described,
    claims=(Claim("95 % of new scenes are described without a mistake.", _is_right),),
    source=Generator.predict,
)
