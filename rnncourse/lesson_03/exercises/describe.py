"""Wire a captioner: let it speak."""

from typing import Any

import numpy as np

from rnncourse.checking.arguments import is_same
from rnncourse.checking.exercise import (
    HANDED_OUT_TWICE,
    Answer,
    Case,
    Claim,
    Exercise,
)
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import plain
from rnncourse.lesson_03 import captions
from rnncourse.shared.wording import count
from rnnlib._typing import Array, Rng
from rnnlib.batches import END, START
from rnnlib.models.conditional import ConditionalLanguageModel

__all__ = ["DESCRIBE"]

SCENES, ENOUGH, LONGEST = 60, 0.95, captions.LONGEST
V = len(captions.VOCABULARY)


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


class Net:
    """The trained net; its errors say what it takes."""

    def __repr__(self) -> str:
        return "the trained net"

    def start(self, v: Array) -> Any:
        """Return the first state."""
        return captions.stored().start(v)

    def step(self, tokens: Array, state: Any) -> tuple[Array, Any]:
        """Return scores (1, V) and the new state."""
        _check(tokens)
        scores, state = captions.stored().step(tokens, state)
        return scores, state


class Script:
    """A net that says given words, as long as it is fed START and then those."""

    def __init__(self, words: list[int], level: float) -> None:
        self.words, self.level = words, level

    def __repr__(self) -> str:
        return "a net with a script"

    def start(self, v: Array) -> int:
        """Return how many words have been said."""
        return 0

    def step(self, tokens: Array, state: int) -> tuple[Array, int]:
        """Return scores of which the next word's is the largest, and the new state."""
        _check(tokens)
        now = self.words[state % len(self.words)]
        fed = START if state == 0 else self.words[(state - 1) % len(self.words)]
        scores = np.full((1, V), self.level - 1e-6)
        scores[0, now if int(tokens[0]) == fed else (now + 1) % V] = self.level
        return scores, state + 1


def _check(tokens: Any) -> None:
    array, what = np.asarray(tokens), ""
    if array.ndim == 0:
        what = "a text" if isinstance(tokens, str) else "a number"
    elif array.shape != (1,):
        what = f"one of shape {array.shape}"
    elif array.dtype.kind not in "iu":
        what = f"one of dtype {array.dtype}, and tokens are whole numbers"
    if what:
        raise TypeError(
            f"step takes an array of one token, np.array([token]); it got {what}"
        )


def _scenes(rng: Rng) -> list[Case]:
    scenes = captions.TASK.sample(SCENES, rng=rng, split="held_out").inputs
    cases: list[Case] = [{"v": scenes, "model": Net()}]
    ends_and_levels = zip(
        (0, 1, 7, LONGEST - 1, LONGEST, LONGEST + 2),
        (-1, -1, 900, -900, -1, 0),  # the exponentials of some leave the floats
        strict=True,
    )
    for ends, level in ends_and_levels:
        words = rng.integers(END + 1, V, size=LONGEST + 3)
        words[3:6] = 0, V - 1, words[6]  # odd words, and one said twice
        words[10:15] = words[10]  # and one five times
        words[ends] = END
        cases.append({"v": scenes[:1], "model": Script(words.tolist(), level)})
    return cases


def _described(answer: Answer, case: Case) -> tuple[Any, ...] | str:
    """Return what was said about each scene; an array counts as a list.

    If what was said about one is changed by the next, return a message.
    """
    found, all_said = [], []
    for scene in case["v"]:
        found.append(answer(scene[None], case["model"]))
        all_said.append(plain(found[-1]))
    if not is_same([*map(plain, found)], all_said):
        return HANDED_OUT_TWICE
    return tuple(
        said.tolist() if isinstance(said, np.ndarray) else said for said in all_said
    )


def _returns_tokens(observed: tuple[Any, ...] | str, case: Case) -> bool | str:
    if isinstance(observed, str):
        return observed
    said = observed[0]
    if said is None:
        return "It returns None: is there a return at the end of your function?"
    listed = isinstance(said, list | tuple | np.ndarray)
    if listed and any(np.asarray(token).dtype.kind == "f" for token in said):
        return f"Tokens are whole numbers; yours are {str(said)[:80]}."
    if listed and any(np.asarray(token).dtype.kind not in "iu" for token in said):
        return f"The list should hold tokens (numbers); yours is {str(said)[:80]}."
    if listed and all(np.ndim(token) == 0 and 0 <= token < V for token in said):
        return True
    if listed and all(np.ndim(token) == 0 for token in said):
        odd = next(token for token in said if not 0 <= token < V)
        return f"{odd} is no token: the vocabulary has 0 to {V - 1}."
    return f"It should return a list of tokens; it returns {str(said)[:80]}."


def _says_what_the_net_says(observed: tuple[Any, ...], case: Case) -> bool | str:
    if not isinstance(case["model"], Script):
        return True
    expected, said = describe(case["v"], case["model"]), [*map(int, observed[0])]
    words = f"A net says {count(len(expected), 'word')}, and then END"
    if len(expected) == LONGEST:
        words = f"A net has said no END in {LONGEST} words"
    return said == expected or (
        f"{words}. Your answer should be {expected}; it is {said[: LONGEST + 2]}."
    )


def _is_right(observed: tuple[Any, ...], case: Case) -> bool | str:
    symbols = captions.VOCABULARY.symbols
    pairs = [
        (captions.TASK.caption(scene), " ".join(symbols[int(token)] for token in said))
        for scene, said in zip(case["v"], observed, strict=True)
        if not isinstance(case["model"], Script)
    ]
    wrong = [pair for pair in pairs if pair[0] != pair[1]]
    if len(wrong) <= (1 - ENOUGH) * len(pairs):
        return True
    scene, said = wrong[0]
    return (
        f"{len(pairs) - len(wrong)} of {len(pairs)} scenes are described without a "
        f"mistake. One shows “{scene}”; what was said: “{said[:120]}”."
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
            "padding_first",
            {"START, []": "0, []"},
            "The first word that you feed in is not START. Zeros are at hand, and END "
            "is, but START is another token. Which one, is in the name.",
            others=({"START, []": "END, []"},),
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
        "Keep three things from step to step: the state, the last word, and the list. "
        "In each round a step changes the first two. Before the word is written down, "
        "one question is to be asked about it; and one about the length of the list.",
    ),
    observe=_described,
    claims=(
        Claim("It returns a list of tokens.", _returns_tokens),
        Claim("95 % of new scenes are described without a mistake.", _is_right),
        Claim(
            "It says what the net says, up to END or a limit.", _says_what_the_net_says
        ),
    ),
    source=ConditionalLanguageModel.predict,
)
