"""Every exercise: right answers pass, each known mistake is known as itself."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
from itertools import permutations
from typing import Any

import nbformat
import numpy as np
import pytest

from rnncourse.catalogue import PARTS, exercises, files_of, items_in
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.comparing import differences
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.mistakes import Mistake, edited
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG
from rnncourse.checking.source import lines_with, source_of
from tests.course.told import SOLUTIONS

FUNCTIONS = [item for item in exercises().values() if isinstance(item, Exercise)]
ASKED = Question, Guess, Card
QUESTIONS = [item for item in exercises().values() if isinstance(item, ASKED)]
SEEDS, TRAINED_SEEDS, BUG_SEEDS = 5, 2, 2
MOST_WORDS, LONGEST_SOURCE = 160, 12
FEWEST_BUGS = {"V": 4, "G": 4, "P": 2, "H": 2, "T": 0}
SHORTEST_CODE = 12
ODD_ANSWERS: tuple[Any, ...] = ("what?", ["a"], np.zeros(2), {})

each_exercise = pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.id)
each_question = pytest.mark.parametrize("item", QUESTIONS, ids=lambda e: e.id)
each_mistake = pytest.mark.parametrize(
    ("exercise", "mistake"),
    [(exercise, mistake) for exercise in FUNCTIONS for mistake in exercise.mistakes],
    ids=lambda part: getattr(part, "id", getattr(part, "name", "")),
)


@each_exercise
def test_the_reference_passes_on_every_seed(exercise: Exercise) -> None:
    for seed in range(TRAINED_SEEDS if exercise.kind == "T" else SEEDS):
        report = judge(exercise, exercise.reference, seed=seed)
        assert report.state == PASSED, report
        assert report.notes == ()


@each_mistake
def test_a_known_mistake_fails_and_is_known_as_itself(
    exercise: Exercise, mistake: Mistake
) -> None:
    for answer in mistake.answers(exercise.reference):
        for seed in range(BUG_SEEDS):
            report = judge(exercise, answer, seed=seed)
            assert report.state == WRONG, report
            if exercise.kind != "T":
                assert (report.mistake, report.hint) == (mistake.name, mistake.hint)


@each_exercise
def test_there_are_enough_known_mistakes_and_three_hints(exercise: Exercise) -> None:
    assert len(exercise.mistakes) >= FEWEST_BUGS[exercise.kind]
    assert len(exercise.hints) == 3
    for words in (*exercise.hints, *(mistake.hint for mistake in exercise.mistakes)):
        assert 30 <= len(words) <= 500, words


@each_exercise
def test_the_three_hints_are_short(exercise: Exercise) -> None:
    assert len(" ".join(exercise.hints).split()) <= MOST_WORDS


@pytest.mark.parametrize(
    "exercise", [e for e in FUNCTIONS if e.source], ids=lambda e: e.id
)
def test_of_a_long_source_the_lines_that_matter_are_shown(exercise: Exercise) -> None:
    parts = exercise.source if isinstance(exercise.source, tuple) else [exercise.source]
    whole = "\n\n".join(map(source_of, parts))
    long = len(whole.splitlines()) > LONGEST_SOURCE
    assert bool(exercise.point) >= long
    shown = lines_with(exercise.point, whole).splitlines()
    assert len(shown) <= LONGEST_SOURCE


@each_exercise
def test_no_hint_holds_the_reference_s_code(exercise: Exercise) -> None:
    code = [
        line.strip().removeprefix("return ")
        for line in source_of(exercise.reference).splitlines()[1:]
        if len(line.strip().removeprefix("return ")) >= SHORTEST_CODE
    ]
    said = (mistake.hint for mistake in exercise.mistakes)
    for words in (*exercise.hints, *said, exercise.title):
        assert [line for line in code if line in words] == []


@each_exercise
def test_the_untouched_stub_is_not_tried_yet(exercise: Exercise) -> None:
    def stub(*args: Any) -> Any:
        """Say what to do."""
        raise NotImplementedError  # delete this line and write your answer

    def dots(*args: Any) -> Any: ...

    assert judge(exercise, stub).state == NOT_TRIED
    assert judge(exercise, dots).state == NOT_TRIED


@pytest.mark.parametrize(
    "exercise", [e for e in FUNCTIONS if e.kind == "G"], ids=lambda e: e.id
)
def test_a_gradient_is_the_numerical_derivative(exercise: Exercise) -> None:
    assert exercise.numerical is not None
    for case in exercise.cases(np.random.default_rng(7)):
        expected = exercise.numerical(case)
        found = exercise.observe(exercise.reference, case)
        assert differences(found, expected, exercise.returns, 1e-6, None) == []


@each_exercise
def test_cases_begin_small_and_hold_only_random_numbers(exercise: Exercise) -> None:
    one, other = (exercise.cases(np.random.default_rng(seed)) for seed in (1, 2))
    assert len(one) == len(other) >= 1
    for name, value in one[-1].items():
        drawn = (
            isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.any()
        )
        assert not (drawn and np.array_equal(value, other[-1][name])), name


def _dtypes(exercise: Exercise, name: str) -> set[str]:
    arrays = (case[name] for case in exercise.cases(np.random.default_rng(0)))
    return {a.dtype.kind for a in arrays if isinstance(a, np.ndarray)}


def _task(exercise: Exercise) -> str:
    """Return the task of an exercise, or that of the function it checks once more."""
    lesson = exercise.id[:2]
    (path,) = SOLUTIONS.glob(f"{lesson}_*.ipynb")
    texts = [c.source for c in nbformat.read(path, 4).cells if c.cell_type != "code"]
    name = exercise.reference.__name__
    same = {e.id for e in FUNCTIONS if e.reference.__name__ == name}
    pieces = [text.partition(f"Exercise {id}")[2] for text in texts for id in same]
    return " ".join("".join(pieces).split())


@each_exercise
def test_whole_numbers_are_given_where_the_task_says_so_and_nowhere_else(
    exercise: Exercise,
) -> None:
    names = exercise.cases(np.random.default_rng(0))[0]
    mixed = {name for name in names if {"f", "i"} <= _dtypes(exercise, name)}
    assert mixed <= {*exercise.whole} <= {*names}
    assert all("f" in _dtypes(exercise, name) for name in exercise.whole)
    if exercise.whole:
        assert "whole numbers" in _task(exercise)


@each_exercise
def test_the_reference_reads_like_a_book(exercise: Exercise) -> None:
    assert inspect.getdoc(exercise.reference)
    lines = source_of(exercise.reference).splitlines()
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 88


@each_question
def test_each_answer_has_feedback_and_one_is_right(item: Any) -> None:
    if isinstance(item, Guess):
        above = min(item.high, 2 * item.right + 2 * item.tolerance)
        guesses = {item.low: item.low_says, item.right: item.right_says}
        if above > item.right:
            guesses[above] = item.high_says
        for guess, words in (guesses | dict(item.known)).items():
            assert item.judge(guess).words == words
        return
    reports = {key: item.judge(key) for _, key in item.choices}
    assert [key for key in reports if reports[key].passed] == [item.right]
    assert all(len(report.words) > 20 for report in reports.values())
    if isinstance(item, Question):
        assert len({report.words for report in reports.values()}) == len(reports)


@each_question
def test_a_question_that_is_not_answered_is_not_tried(item: Any) -> None:
    assert item.judge(None).state == NOT_TRIED
    for odd in ODD_ANSWERS:
        assert item.judge(odd).state == WRONG
    assert "nswer with" in item.judge("what?").words


def test_every_answer_of_the_catalogue_can_be_told_apart() -> None:
    for item in exercises().values():
        assert item.title
        assert isinstance(item, Exercise | Question | Guess | Card | Capstone)
        if isinstance(item, Exercise):
            names = [mistake.name for mistake in item.mistakes]
            assert len(set(names)) == len(names)


@each_exercise
def test_each_mistake_has_a_hint_of_its_own(exercise: Exercise) -> None:
    hints = [mistake.hint for mistake in exercise.mistakes]
    assert len(set(hints)) == len(hints)


def returns_arrays(exercise: Exercise) -> bool:
    if not (exercise.compares and 1 < len(exercise.returns) < 5):
        return False
    first = exercise.cases(np.random.default_rng(0))[0]
    found = exercise.reference(**copy.deepcopy(first))
    return isinstance(found, tuple) and not any(isinstance(x, dict) for x in found)


@pytest.mark.parametrize(
    "exercise",
    [exercise for exercise in FUNCTIONS if returns_arrays(exercise)],
    ids=lambda exercise: exercise.id,
)
def test_right_parts_in_another_order_are_told_as_that(exercise: Exercise) -> None:
    told = 0
    for order in permutations(range(len(exercise.returns))):

        def reordered(*args: Any, order: tuple[int, ...] = order) -> tuple[Any, ...]:
            right = exercise.reference(*args)
            return tuple(right[place] for place in order)

        reordered.__signature__ = inspect.signature(exercise.reference)  # type: ignore[attr-defined]
        report = judge(exercise, reordered)
        if not report.passed:
            told += 1
            assert "in another order than asked" in report.words, order
    assert told


def test_an_edit_is_of_a_piece_that_occurs_exactly_once() -> None:
    with pytest.raises(ValueError, match="must occur once in source_of, got 'return'"):
        edited(source_of, {"return": ""})


def test_hints_are_not_shown_as_code() -> None:
    for exercise in FUNCTIONS:
        for words in exercise.hints:
            with pytest.raises(SyntaxError):
                ast.parse(words)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (3, "must be a function or class written in Python, got int"),
        (len, "must be a function or class .*, got builtin_function"),
        (lambda: 3, "must be written with def or class, got a lambda"),
    ],
)
def test_only_what_python_wrote_has_a_source(function: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        source_of(function)


def test_each_id_is_given_once() -> None:
    modules = [
        importlib.import_module(f"rnncourse.{f}") for p in PARTS for f in files_of(p)
    ]
    items = {id(item): item.id for module in modules for item in items_in(module)}
    assert len(items) == len(set(items.values())) == len(exercises())
