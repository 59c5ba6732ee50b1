"""Wire a captioner: let it speak."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_03 import captions
from rnnlib._typing import Array, Rng
from rnnlib.batches import END, START
from rnnlib.models.conditional import ConditionalLanguageModel

__all__ = ["DESCRIBE"]

SCENES, ENOUGH = 60, 0.95


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
    mistakes=(
        Mistake(
            "never_fed_back",
            {"np.array([token])": "np.array([START])"},
            "You feed in START again and again. Which word was said last?",
        ),
        Mistake(
            "state_not_kept",
            {"scores, state": "scores, _"},
            "Each step begins with the first state. What does `step` return besides "
            "the scores?",
        ),
        Mistake(
            "end_kept",
            {"return said": "return [*said, END]"},
            "END closes the sentence; it is not one of its words.",
        ),
        Mistake(
            "start_kept",
            {"[]": "[START]"},
            "START opens the sentence for the net; it is not a word that was said.",
        ),
        Mistake(
            "never_ended",
            {"break": "pass"},
            "You go on after END, up to the limit. What should happen once it is said?",
        ),
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
    source=ConditionalLanguageModel.predict,
)
