"""Exercise 07.5: a letter that is drawn."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.wording import number
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.sampling import sample

__all__ = ["DRAW"]

DRAWS, FEW = 1500, 100
SURE = 0.9  # beyond, a hundred draws may all be the same
SIGMAS, SLACK = 5, 3


def draw(scores: Array, temperature: float, rng: Rng) -> int:
    """Return one token, drawn with its probability at this temperature."""
    p = softmax(scores / temperature)
    return int(rng.choice(len(p), p=p))


def _cases(rng: Rng) -> list[Case]:
    """Return scores and temperatures, some far apart, some of a thousand."""

    def spread(V: int, size: float) -> Array:
        scores = np.linspace(-1, 1, V) + rng.uniform(0, 0.3, V)
        return np.asarray(size * rng.permutation(scores))

    close, far = rng.permutation([0.1, 0.15, 0.2]), rng.permutation([0.0, 1.0, -90.0])
    drawn = [
        *((spread(2, 1.0), 1.0), (spread(3, 1.0), 0.5), (spread(5, 9.0), 9.0)),
        *((spread(9, 1.0), 0.001), (close, 0.05), (close, 1.0), (far, 1.0)),
        *((far + 1000, 1.0), (far - 1000, 1.0)),
    ]
    return [
        {"scores": scores, "temperature": t, "rng": int(rng.integers(1, 10_000))}
        for scores, t in drawn
    ]


def _drawn(answer: Answer, case: Case) -> Any:
    """Return how often each token is drawn, and whether the rng decides.

    Return a sentence instead if something is no token.
    """
    seed = case["rng"]
    found = _draws(answer, case, seed, DRAWS)
    for token in found:
        if misfit := _misfit(token, len(case["scores"])):
            return misfit
    counts = np.bincount(np.array(found, dtype=np.intp), minlength=len(case["scores"]))
    again, other = (_draws(answer, case, n, FEW) for n in (seed, seed + 1))
    return {
        "counts": counts,
        "repeats": again == found[:FEW],
        "varies": other != found[:FEW],
    }


def _draws(answer: Answer, case: Case, seed: int, count: int) -> list[Any]:
    """Return some tokens; what was done to the scores is done to those of the case."""
    rng, scores = np.random.default_rng(seed), case["scores"]
    found = []
    for _ in range(count):
        given = scores.copy()
        found.append(answer(given, case["temperature"], rng))
        if not np.array_equal(given, scores):
            scores[...] = given
            break
    return found


def _misfit(token: Any, V: int) -> str:
    """Return a sentence if something is no token."""
    if token is None:
        return "It returns None: is there a return at the end of your function?"
    whole = np.ndim(token) == 0 and np.asarray(token).dtype.kind in "iu"
    if whole and 0 <= token < V:
        return ""
    said = repr(token)[:60]
    return f"It should return a whole number from 0 to {V - 1}; yours returned {said}."


def _is_token(found: Any, case: Case) -> Any:
    return found if isinstance(found, str) else True


def _by_the_rng(found: Any, case: Case) -> Any:
    if not found["repeats"]:
        return (
            f"Two generators of the same seed gave different tokens in {FEW} draws: "
            "all chance should come from the rng that is given."
        )
    surest = softmax(case["scores"] / case["temperature"]).max()
    if not found["varies"] and surest < SURE:
        return (
            f"Generators of two seeds gave the same {FEW} tokens: the rng that is "
            "given should decide which one comes."
        )
    return True


def _as_often_as_probable(found: Any, case: Case) -> Any:
    counts = found["counts"]
    p = softmax(case["scores"] / case["temperature"])
    room = SIGMAS * np.sqrt(DRAWS * p * (1 - p)) + SLACK
    off = abs(counts - DRAWS * p)
    if (off <= room).all():
        return True
    worst = int(np.argmax(off - room))
    return (
        f"In {DRAWS} draws at temperature {number(case['temperature'])} token {worst} "
        f"came {counts[worst]} times, and should come about {DRAWS * p[worst]:.0f} "
        f"times, give or take {room[worst]:.0f}."
    )


BY_BOUNDS = (
    "int(rng.choice(len(p), p=p))",
    "int((p.cumsum() <= rng.random() * p.sum()).sum())",
)

DRAW = Exercise(
    id="07.5",
    kind="P",
    title="A letter, drawn",
    reference=draw,
    cases=_cases,
    observe=_drawn,
    mistakes=(
        Mistake(
            "multiplied",
            {"scores / temperature": "scores * temperature"},
            "Your temperature works the wrong way round: a high one makes the model "
            "surer. Which of the two makes gaps between scores smaller, to multiply by "
            "2 or to divide by 2?",
            others=(
                {
                    "scores / temperature": "scores * temperature",
                    BY_BOUNDS[0]: BY_BOUNDS[1],
                },
            ),
        ),
        Mistake(
            "no_temperature",
            {"scores / temperature": "scores"},
            "Your draws are the same at every temperature. It has to change the scores "
            "before they become probabilities; a factor on all probabilities is gone "
            "when their sum is made one again.",
            others=({"scores / temperature": "scores", BY_BOUNDS[0]: BY_BOUNDS[1]},),
        ),
        Mistake(
            "always_the_best",
            {"int(rng.choice(len(p), p=p))": "int(np.argmax(p))"},
            "You always take the most probable token. That is greedy, and the text "
            "will soon go in circles. A token of probability 0.2 should come in one "
            "draw of five.",
        ),
        Mistake(
            "all_alike",
            {"len(p), p=p": "len(p)"},
            "All tokens are equally frequent in your draws, whatever their scores. "
            "Where do the probabilities enter?",
        ),
        Mistake(
            "least_first",
            {"softmax(scores / temperature)": "softmax(-scores / temperature)"},
            "The least probable tokens are the most frequent ones in your draws. A "
            "high score means a high probability.",
        ),
    ),
    hints=(
        "Take scores 0 and 1 at temperature 1. How often should each of the two tokens "
        "come in a hundred draws? And at temperature 0.1?",
        "Two steps: scores become probabilities, and then one token is drawn. The "
        "temperature belongs to the first step; the generator does the second one, if "
        "it is told how probable each token is.",
        "Divide, since a small temperature must stretch the gaps between scores. Use "
        "the library's softmax, which survives scores of a thousand. Then ask rng for "
        "a choice among the numbers of the tokens, with these probabilities, and "
        "return a plain whole number.",
    ),
    claims=(
        Claim("it returns one token.", _is_token),
        Claim("each token comes as often as it is probable.", _as_often_as_probable),
        Claim("the rng that is given decides.", _by_the_rng),
    ),
    source=sample,
    point=("p = probabilities(", "bounds = p.cumsum", "tokens: Array = (bounds"),
    seconds=10.0,
)
