"""Answers that are wrong at an edge alone are rejected, unusual right ones are not."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnncourse.catalogue import exercises
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.mistakes import edited
from rnncourse.checking.reports import PASSED, WRONG

FILES = sorted((Path(__file__).parent / "edge_answers").glob("*.toml"))
STORED = {
    id: kinds
    for file in FILES
    for id, kinds in tomllib.loads(file.read_text("utf-8")).items()
}
FUNCTIONS = {id: e for id, e in exercises().items() if isinstance(e, Exercise)}


def answers(kind: str) -> list[Any]:
    """Return the exercise and the name of each answer of a kind."""
    return [
        pytest.param(FUNCTIONS[id], name, id=f"{id}-{name}")
        for id, kinds in STORED.items()
        for name in kinds[kind]
    ]


def answer(exercise: Exercise, kind: str, name: str) -> Callable[..., Any]:
    """Return an answer, stored as edits of the reference or as a whole."""
    stored = STORED[exercise.id][kind][name]
    if isinstance(stored, dict):
        return edited(exercise.reference, stored)
    names: dict[str, Any] = {"np": np}
    exec(compile(stored, f"<{exercise.id} {name}>", "exec"), names)
    found: Callable[..., Any] = names[exercise.reference.__name__]
    return found


@pytest.mark.parametrize(("exercise", "name"), answers("wrong"))
def test_an_answer_that_is_wrong_at_an_edge_is_rejected(
    exercise: Exercise, name: str
) -> None:
    report = judge(exercise, answer(exercise, "wrong", name))
    assert report.state == WRONG
    assert "stopped" not in report.words, report


@pytest.mark.parametrize(("exercise", "name"), answers("right"))
def test_an_unusual_right_answer_is_accepted(exercise: Exercise, name: str) -> None:
    for seed in range(1 if exercise.kind == "T" else 2):
        report = judge(exercise, answer(exercise, "right", name), seed=seed)
        assert report.state == PASSED, report


@pytest.mark.parametrize("id", FUNCTIONS)
def test_each_exercise_has_ten_edges_and_five_unusual_answers(id: str) -> None:
    assert len(STORED[id]["wrong"]) >= 10
    assert len(STORED[id]["right"]) >= 5
