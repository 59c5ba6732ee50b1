"""Lines of the rubric on numbers and texts."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Record
from rnncourse.lesson_14.task import (
    Parts,
    Task,
    answers_of,
    nets_of,
    score_of,
    settled,
)
from rnncourse.shared.wording import count

__all__ = [
    "FEWEST_WORDS",
    "NUMBER",
    "baselines",
    "check_words",
    "explorer",
    "limits",
    "near",
    "number",
    "per_cent",
]

NEAR = 0.003  # relative: how far a score may be off that is computed again
FEWEST_WORDS = {"preset": 8, "limits": 25}
NUMBER = r"\d+(?:[.,]\d+)?"


def number(value: Any, what: str) -> float:
    """Return a number, or raise a FaultError."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if not np.isfinite(found):
        raise FaultError(f"{what} must be a number, and is {value!r}.")
    return found


def near(one: float, other: float) -> bool:
    """Return whether a score is the one that was computed again."""
    return abs(one - other) <= NEAR * max(abs(other), 1e-3)


def baselines(record: Record, task: Task) -> str:
    """Compute each baseline again."""
    data, named = task.data(), record.baselines
    split = settled(record, task, data)
    wanted = ", ".join(task.baselines)
    if not isinstance(named, Mapping) or not set(named) >= set(task.baselines):
        raise FaultError(
            f"`baselines` must be a dict with a number for each: {wanted}."
        )
    scores = {name: compute(data, split) for name, compute in task.baselines.items()}
    for name, right in scores.items():
        mine = number(named[name], f"The score of {name}")
        hint = _hint(task, name, mine, right, data, split)
        if hint:
            raise FaultError(
                f"{name} scores {mine:.4g} with you, which is too "
                f"{'low' if mine < right else 'high'}.",
                hint,
            )
    said = ", ".join(f"{name} {task.said(score)}" for name, score in scores.items())
    return f"Computed again: {said}."


def _hint(
    task: Task, name: str, mine: float, right: float, data: Any, split: Parts
) -> str:
    """Return what may be wrong with a score, or nothing if it is right.

    A score that is right to three digits is right, even if a mistake comes near it.
    """
    if mine == _rounded(right, 3):
        return ""
    if mine == _rounded(right, 2):
        return "Two digits are too few."
    for hint, compute in task.mistaken.items():
        wrong = compute(name, data, split)
        if _is_meant(mine, wrong) and abs(mine - wrong) < abs(mine - right):
            return hint
    if near(mine, right):
        return ""
    return per_cent(task, mine, right) or (
        "On which part is it measured, and what does it know?"
    )


def _is_meant(mine: float, score: float) -> bool:
    """Return whether a number is this score, to the digits that it is given with."""
    decimals = len(f"{mine:.9g}".partition(".")[2])
    return abs(mine - score) <= 0.5001 * 10.0**-decimals


def _rounded(score: float, digits: int) -> float:
    return float(f"{score:.{digits}g}")


def per_cent(task: Task, mine: float, right: float) -> str:
    """Return a hint if a share was given in per cent."""
    if not task.less and near(mine / 100, right):
        return "That is in per cent. A share is asked for, from 0 to 1."
    return ""


def explorer(record: Record, task: Task) -> str:
    """Look whether there is such an explorer and such a preset, and what is said."""
    given = record.preset
    if not isinstance(given, tuple | list) or len(given) != 3:
        raise FaultError(
            "`preset` must be (explorer, name of a preset, what it shows)."
        )
    shown, name, words = given
    ours = type(shown).__module__.startswith("rnncourse.exploring")
    if not (ours and hasattr(shown, "question")):  # an opened one has none
        raise FaultError(
            f"The first must be an explorer, and is {type(shown).__name__}.",
            "`from rnncourse import explorers`, and then explorers.gate_desk, say, "
            "without brackets.",
        )
    if name not in shown.presets:
        there = ", ".join(repr(preset) for preset in shown.presets)
        raise FaultError(f"{shown.title} has no preset {name!r}; it has {there}.")
    check_words("preset", words)
    if any(words.strip() in text for text in (shown.question, shown.claim)):
        raise FaultError("That is the explorer's own text.", "What did you see there?")
    seen = _numbers(words) & _numbers(_at(shown, name))
    if not seen:
        raise FaultError(
            f"The text names no number that stands there, at preset {name!r}.",
            "Open it: which number, in the picture or in the line below it, shows what "
            "you mean?",
        )
    return (
        f"{shown.title}, preset {name!r}: it is there, and so is {min(seen):g}, which "
        "you name. Whether it shows what happens in your net is for your reader to say."
    )


def _at(shown: Any, preset: str) -> str:
    """Return what an explorer says and shows at a preset, in words."""
    opened = shown(**shown.presets[preset])
    line = re.sub("<[^>]*>", "", opened.verdict.value)
    words = f"{opened!r} {line}"
    opened.close()
    return words


def _numbers(words: str) -> set[float]:
    """Return the numbers in a text, whichever way their decimals are marked."""
    return {float(text.replace(",", ".")) for text in re.findall(NUMBER, words)}


def check_words(place: str, words: Any) -> None:
    """Raise unless a text has enough words that differ."""
    said = words.lower().split() if isinstance(words, str) else []
    fewest = FEWEST_WORDS[place]
    if len(said) < fewest:
        raise FaultError(
            f"The text has {count(len(said), 'word')}, fewer than {fewest}."
        )
    if len(set(said)) < fewest / 2:
        most = max(said, key=said.count)
        raise FaultError(f"The text says {most!r} and others over again.")


def limits(record: Record, task: Task) -> str:
    """Look whether the text names the score, and an example that really fails."""
    data, words, fails = task.data(), record.limits, record.fails
    split, nets = settled(record, task, data), nets_of(record)
    check_words("limits", words)
    if isinstance(fails, bool) or not isinstance(fails, int | np.integer):
        raise FaultError("`fails` must be the index of one example, a whole number.")
    fails = int(fails)
    if fails not in split.test:
        raise FaultError(f"Example {fails} is not in the test part.")
    answers = [answers_of(record, task, data, net, split.test) for net in nets.values()]
    scores = [score_of(task, data, found, split.test) for found in answers]
    mean, place = float(np.mean(scores)), split.test.tolist().index(fails)
    _check_named(words, mean, "the mean score of your nets on the test part")
    if task.compared:
        _check_named(words, *_best(task, data, split))
    name = task.name(data, fails)
    if name.lower() not in words.lower():
        raise FaultError(f"The text does not name the example that fails: {name}.")
    pairs = zip(answers, scores, strict=True)
    failed = sum(
        task.fails(found[place], task.truth(data, fails), score)
        for found, score in pairs
    )
    if 2 * failed <= len(scores):
        few = f"only {failed}" if failed else "none"
        verb = "fail" if failed > 1 else "fails"
        raise FaultError(
            f"On {name} {few} of your {len(scores)} nets {verb}.",
            "Look at the error of each example, and take one where it is large.",
        )
    return (
        f"It names {task.said(mean)}, and {name}, where {failed} of {len(scores)} nets "
        "fail."
    )


def _best(task: Task, data: Any, split: Parts) -> tuple[float, str]:
    """Return the score of the best baseline, and what a text calls it."""
    scores = {name: compute(data, split) for name, compute in task.baselines.items()}
    best = min if task.less else max
    name = best(scores, key=lambda name: scores[name])
    return scores[name], f"the score of {name}, the better of the baselines"


def _check_named(words: str, score: float, what: str) -> None:
    said = (text.replace(",", ".") for text in re.findall(NUMBER, words))
    if not any(_rounds_to(score, text) for text in said):
        raise FaultError(
            f"The text does not name {what}.",
            "Give it with at least two digits, as measured.",
        )


def _rounds_to(score: float, text: str) -> bool:
    """Return whether a number in a text is this score, or per cent of it, rounded."""
    digits = len(text.partition(".")[2])
    enough = len(text.replace(".", "").lstrip("0")) >= 2
    return enough and any(
        abs(float(text) - value) <= 0.5001 * 10.0**-digits
        for value in (score, 100 * score)
    )
