"""Exercise 07.6: a text that stops where the model says so."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.checking.comparing import differences
from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import plain
from rnncourse.shared.wording import count
from rnnlib._typing import Array, Rng
from rnnlib.decoding import generate

__all__ = ["WRITE"]

Step = Callable[[int, Any], tuple[Array, Any]]


class Table:
    """A model whose scores depend on the last token and on the step alone.

    Its state is a number, which may be below 0, and be 0 in the middle of a text.
    The symbols before the first of the table are never said. After its last step
    `end` has the second highest score, so that a loop without an end of its own ends.
    """

    def __init__(self, scores: Array, end: int, first: int = 0) -> None:
        self.scores, self.end, self.first = scores, end, first

    def __call__(self, token: int, state: int) -> tuple[Array, int]:
        """Return the scores of what follows, and the next step."""
        V = self.first + self.scores.shape[-1]
        scores = np.full(V, -99.0)
        if state is not None and state >= len(self.scores):
            scores[[self.end, self.first]] = 1, 2
        else:
            scores[self.first :] = self.scores[state, token - self.first]
        return scores, state + 1


class SecondBest:
    """Chooses the token with the second highest score."""

    def __call__(self, scores: Array) -> int:
        """Return the token."""
        return int(np.argsort(scores)[-2])


class Counted:
    """A function that counts its calls."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call, self.count = call, 0

    def __call__(self, *args: Any) -> Any:
        """Count the call, and return what the function returns."""
        self.count += 1
        return self.call(*args)


def write(
    step: Step,
    state: Any,
    start: int,
    end: int,
    most: int,
    choose: Callable[[Array], int],
) -> list[int]:
    """Return what the model writes, up to its end and at most `most` tokens."""
    token = start
    said: list[int] = []
    for _ in range(most):
        scores, state = step(token, state)
        token = choose(scores)
        if token == end:
            break
        said.append(token)
    return said


def _case(
    scores: Array, most: int, start: int, end: int, first: int = 0, state: int = 0
) -> Case:
    return {
        "step": Table(scores, end, first),
        "state": state,
        "start": start,
        "end": end,
        "most": most,
        "choose": SecondBest(),
    }


def _cases(rng: Rng) -> list[Case]:
    """Return models that end early, at once, at the last moment, and never."""
    found = []
    for V, most, ends_at in ((4, 1, 9), (5, 3, 9), (7, 8, 9), (5, 4, 0), (6, 5, 4)):
        scores = rng.standard_normal((most + 2, V, V))
        scores[..., 1:3] -= 9  # START and END are not the second best
        if ends_at < most:
            scores[ends_at, :, 2] = 50
            scores[ends_at, :, 0] = 60
            scores[ends_at + 1 :, :, 2] = -9
        found.append(_case(scores, most, 1, 2))
    later = rng.standard_normal((9, 6, 6))
    later[..., 5] -= 9
    later[5, :, 5], later[5, :, 0] = 50, 60
    later[0, 3, 4], later[0, 1, 2] = 50, 50
    later[0, :, 0] = 60
    later[2:4, :, 3] = 40
    later[2:4, :, 4] = 45  # START is written, and is a letter like others
    long = rng.standard_normal((32, 6, 6))
    long[..., 1:3] -= 9
    long[3:16, :, 3], long[3:16, :, 0] = 50, 60  # one letter, again and again
    long[25, :, 2], long[25, :, 0] = 50, 60
    one_token = rng.standard_normal((6, 5, 5))
    one_token[..., 2] -= 9
    one_token[3, :, 2], one_token[3, :, 0] = 50, 60
    none = rng.standard_normal((1, 4, 4))
    none[..., 2] -= 9
    return [
        *found,
        _case(later, 8, 3, 5),
        _case(long, 30, 301, 302, first=300),
        _case(none, 0, 1, 2),
        _case(one_token, 5, 2, 2),
        _case(one_token[..., [0, 2, 4, 3, 1]], 5, 3, 1, state=-2),
    ]


def _written(answer: Answer, case: Case) -> Any:
    """Return what is written, and for a right text its calls, if they are not due."""
    said, calls = _with_calls(answer, case)
    right, due = _with_calls(write, case)
    extra: tuple[int, ...] = ()
    if not differences(plain(said), right, (), 0, None) and calls != due:
        extra = calls
    return {"said": said, "right": right, "calls": extra, "due": due}


def _with_calls(answer: Answer, case: Case) -> tuple[Any, tuple[int, int]]:
    step, choose = Counted(case["step"]), Counted(case["choose"])
    said = answer(*{**case, "step": step, "choose": choose}.values())
    return said, (step.count, choose.count)


def _is_right(found: Any, case: Case) -> Any:
    wrong = differences(found["said"], found["right"], (), 0, None)
    return wrong[0].sentence() if wrong else True


def _calls_once(found: Any, case: Case) -> Any:
    if not found["calls"]:
        return True
    (steps, choices), (due, _) = found["calls"], found["due"]
    rounds, calls = count(due, "round"), count(steps, "time")
    if steps == choices:
        return (
            f"The text is right, and was complete after {rounds}; but step was called "
            f"{calls}. Stop at once when `end` comes or `most` tokens are there."
        )
    return (
        f"The text is right; but in {rounds} step was called {calls}, and choose "
        f"{count(choices, 'time')}. Call each once a round, and keep what it says: "
        "choose may draw, and its next answer may be another."
    )


WRITE = Exercise(
    id="07.6",
    kind="P",
    title="Stop at the stop token",
    reference=write,
    cases=_cases,
    observe=_written,
    mistakes=(
        Mistake(
            "never_fed_its_choice",
            {"step(token, state)": "step(start, state)"},
            "Your model reads START at every step, and never what it has written. What "
            "does it have to read before it can say what comes next?",
        ),
        Mistake(
            "state_not_carried",
            {"scores, state =": "scores, _ ="},
            "Your model forgets at every step: it always gets the first state. A step "
            "returns two things. Where does the second one go?",
        ),
        Mistake(
            "reads_past_the_end",
            {"        if token == end:\n            break\n": ""},
            "Your text goes on behind its stop token. To the model it is a token like "
            "the others; what it means is up to you.",
        ),
        Mistake(
            "leaves_it_out_and_goes_on",
            {"break": "continue"},
            "You leave the stop token out, and go on writing. What comes after it "
            "belongs to no name.",
        ),
        Mistake(
            "end_kept",
            {
                "        if token == end:\n            break\n"
                "        said.append(token)": (
                    "        said.append(token)\n        if token == end:\n"
                    "            break"
                )
            },
            "The stop token stands at the end of your text. It is a sign to stop, and "
            "no letter of the name.",
        ),
        Mistake(
            "start_kept",
            {"said: list[int] = []": "said = [start]"},
            "START stands in front of your text. It was fed in, and nobody wrote it.",
        ),
        Mistake(
            "always_the_best",
            {"choose(scores)": "int(np.argmax(scores))"},
            "You choose yourself, the highest score. The function `choose` is given to "
            "you for that: it may draw, or cut the list first.",
        ),
        Mistake(
            "one_too_few",
            {"range(most)": "range(most - 1)"},
            "A text that comes to no end is one token too short in your answer. START "
            "is not written: does it count?",
        ),
        Mistake(
            "goes_on_after_most",
            {"for _ in range(most):": "while True:"},
            "You went on after `most` tokens: what stops your loop if the end never "
            "comes?",
            others=({"range(most)": "range(most + 1)"},),
        ),
    ),
    claims=(
        Claim("it writes what the model says.", _is_right),
        Claim("it asks once a round.", _calls_once),
    ),
    hints=(
        "You are the pen of the model. It tells you scores, you choose a letter, and "
        "you tell it what you wrote. When do you put the pen down?",
        "Three things go from step to step: what was written, the last token, and the "
        "state. The first token that is read is START, and after that it is always the "
        "one that was chosen last.",
        "A loop of at most `most` rounds. In each: ask the model with the last token "
        "and the state, keep the state that comes back, and let `choose` choose. If "
        "it is the stop token, leave the loop before anything is written down; else "
        "write it down.",
    ),
    source=generate,
    point=(
        "for _ in range(steps)",
        "scores, state = model.step(tokens, state)",
        "choose(scores), done.shape",
        "done |= tokens == end",
        "said.append(tokens)",
        "if done.all()",
    ),
)
