"""Lines of the rubric that need no net, or only what it answers."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Record
from rnncourse.lesson_14.task import (
    NAMES,
    Parts,
    Task,
    answers_of,
    ask,
    parts_of,
    same,
    score_of,
    settled,
)
from rnncourse.shared.wording import count
from rnnlib._typing import Array

__all__ = ["NUMBER", "baselines", "explorer", "limits", "number", "parts"]

NEAR = 0.003  # relative: how far a score may be off that is computed again
FEWEST_WORDS = {"preset": 8, "limits": 25}
NUMBER = r"\d+(?:[.,]\d+)?"


def parts(record: Record, task: Task) -> str:
    """Look at the split, and whether a batch knows what it should not."""
    data = task.data()
    found = parts_of(record, task, data)
    few = found.validation[[-1, 0, len(found.validation) // 2]]
    _check_shape(ask(record, "batch", data, few))
    for name in ("test", "validation"):
        changed = task.changed(data, getattr(found, name), np.random.default_rng(0))
        if not same(parts_of(record, task, changed), found):
            raise FaultError(
                "`split` returns other parts when the answers are others.",
                "Choose them by their place, not by what they hold.",
            )
        one, other = (ask(record, "batch", d, found.train) for d in (data, changed))
        if not same(one, other):
            raise FaultError(
                f"The batch of the training part changes when only the {name} part is "
                "changed: something of it is in there.",
                "From which examples does `batch` take what it scales by?",
            )
    _check_answers(record, task, data, few)
    sizes = ", ".join(
        f"{len(part)} for {name}" for name, part in zip(NAMES, found, strict=True)
    )
    order = ", in the order of time" if task.ordered else ""
    return (
        f"Three parts that share nothing{order}: {sizes}. Where validation and test "
        "were changed, the training batch stayed as it was."
    )


def _check_shape(batch: Any) -> None:
    inputs = batch[0] if isinstance(batch, tuple) else None
    if not isinstance(inputs, np.ndarray) or inputs.ndim < 2 or inputs.shape[1] != 3:
        raise FaultError(
            "`batch` must return a `Batch` or `Pairs` with as many sequences as there "
            f"were indices, time first; for three indices it returned {_kind(batch)}."
        )


def _check_answers(record: Record, task: Task, data: Any, few: Array) -> None:
    """Check that a batch asks for the answers of its examples, and hides them."""
    changed = task.changed(data, few[:1], np.random.default_rng(1))
    mine, theirs = (ask(record, "batch", d, few) for d in (data, changed))
    if same(mine, theirs):
        raise FaultError(
            f"The batch does not change when the answer of example {few[0]} does.",
            "Are its targets those of the examples that were asked for?",
        )
    if not same(mine[0][:, 0], theirs[0][:, 0]):
        raise FaultError(
            f"What the net reads of example {few[0]} changes when its answer does: it "
            "is told what it should find out.",
            "Where does the input of this example end?",
        )


def _kind(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
        return f"{type(value).__name__} with inputs of shape {value[0].shape}"
    return type(value).__name__


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
        if not near(mine, right):
            raise FaultError(
                f"{name} scores {mine:.4g} with you, which is too "
                f"{'low' if mine < right else 'high'}.",
                _hint(task, name, mine, data, split),
            )
    said = ", ".join(f"{name} {task.said(score)}" for name, score in scores.items())
    return f"Computed again: {said}."


def _hint(task: Task, name: str, mine: float, data: Any, split: Parts) -> str:
    for hint, compute in task.mistaken.items():
        if near(mine, compute(name, data, split)):
            return hint
    return "On which part is it measured, and what does it know?"


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
    _check_words("preset", words)
    if any(words.strip() in text for text in (shown.question, shown.claim)):
        raise FaultError("That is the explorer's own text.", "What did you see there?")
    return f"{shown.title}, preset {name!r}: it is there, and you say what it shows."


def _check_words(place: str, words: Any) -> None:
    said = words.lower().split() if isinstance(words, str) else []
    fewest = FEWEST_WORDS[place]
    if len(said) < fewest:
        raise FaultError(
            f"The text has {count(len(said), 'word')}, fewer than {fewest}."
        )
    if len(set(said)) < fewest / 2:
        raise FaultError(f"The text says {set(said).pop()!r} and others over again.")


def limits(record: Record, task: Task) -> str:
    """Look whether the text names the score, and an example that really fails."""
    data, words, fails = task.data(), record.limits, record.fails
    test = settled(record, task, data).test
    _check_words("limits", words)
    if isinstance(fails, bool) or not isinstance(fails, int | np.integer):
        raise FaultError("`fails` must be the index of one example, a whole number.")
    fails = int(fails)
    if fails not in test:
        raise FaultError(f"Example {fails} is not in the test part.")
    answers = [answers_of(record, task, data, n, test) for n in record.nets.values()]
    scores = [score_of(task, data, found, test) for found in answers]
    mean, place = float(np.mean(scores)), test.tolist().index(fails)
    said = (text.replace(",", ".") for text in re.findall(NUMBER, words))
    if not any(_rounds_to(mean, text) for text in said):
        raise FaultError(
            "The text does not name the mean score of your nets on the test part.",
            "Give it with at least two digits, as measured.",
        )
    name = task.name(data, fails)
    if name not in words:
        raise FaultError(f"The text does not name the example that fails: {name}.")
    pairs = zip(answers, scores, strict=True)
    failed = sum(
        task.fails(found[place], task.truth(data, fails), score)
        for found, score in pairs
    )
    if 2 * failed <= len(scores):
        raise FaultError(
            f"On {name} only {failed} of your {len(scores)} nets fail.",
            "Look at the error of each example, and take one where it is large.",
        )
    return (
        f"It names {task.said(mean)}, and {name}, where {failed} of {len(scores)} nets "
        "fail."
    )


def _rounds_to(score: float, text: str) -> bool:
    """Return whether a number in a text is this score, or per cent of it, rounded."""
    digits = len(text.partition(".")[2])
    enough = len(text.replace(".", "").lstrip("0")) >= 2
    return enough and any(
        abs(float(text) - value) <= 0.5001 * 10.0**-digits
        for value in (score, 100 * score)
    )
