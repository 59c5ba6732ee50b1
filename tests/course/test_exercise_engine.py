"""The engine of the exercises: nothing a learner writes goes unanswered, or hurts."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from rnncourse import catalogue, check, hint, progress, solution, source
from rnncourse import commands as exercises
from rnncourse.catalogue import exercise
from rnncourse.checking import limits, progress_file
from rnncourse.checking.comparing import differences
from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.mistakes import Mistake, edited
from rnncourse.checking.patterns import Pair, pattern
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG, Report
from rnncourse.checking.source import source_of
from rnncourse.commands import ExerciseError, report_on


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.delenv("RNNLIB_STRICT", raising=False)
    for given in (exercises._hints_given, exercises._asked_for_solution):
        given.clear()
    yield
    for given in (exercises._hints_given, exercises._asked_for_solution):
        given.clear()


def running_sum(x: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return the sums of x @ W up to each step."""
    return np.cumsum(x @ W, axis=0)


def _cases(rng: np.random.Generator) -> list[Case]:
    return [
        {
            "x": rng.standard_normal((T, B, D)),
            "W": rng.standard_normal((D, H)),
        }
        for T, B, D, H in ((1, 1, 2, 3), (4, 1, 3, 2), (5, 3, 2, 4))
    ]


SUMS = Exercise(
    id="99.1",
    kind="V",
    title="Running sums",
    reference=running_sum,
    cases=_cases,
    mistakes=(
        Mistake(
            "no_memory",
            {"np.cumsum(x @ W, axis=0)": "x @ W"},
            "Each step forgets what came before it. What should it start from?",
        ),
        Mistake(
            "too_loud",
            {"x @ W,": "2 * x @ W,"},
            "You add the input twice at every step, so the state runs away.",
        ),
    ),
    hints=("a first hint", "a second hint", "a third hint"),
)


STEP = cast(Exercise, catalogue.exercise("04.2"))


def state_of(answer: Any, exercise: Exercise = SUMS) -> str:
    return judge(exercise, answer).state


def words_of(answer: Any, exercise: Exercise = SUMS) -> str:
    return judge(exercise, answer).words


def test_a_right_answer_passes_and_says_with_what_it_was_tested() -> None:
    report = judge(SUMS, lambda x, W: np.cumsum(x, axis=0) @ W)
    assert report.passed
    assert report.tested == (
        "Tested with x (5, 3, 2), W (2, 4) (the last of 3 cases, seed 0)."
    )


def test_a_result_that_the_next_call_changes_is_refused() -> None:
    kept: dict[Any, np.ndarray] = {}

    def in_one_buffer(x: Any, W: Any) -> Any:
        found = running_sum(x, W)
        buffer = kept.setdefault(found.shape, np.empty_like(found))
        buffer[...] = found
        return buffer

    assert "has changed after it was called with the next one" in words_of(
        in_one_buffer
    )
    kept.clear()
    assert state_of(lambda x, W: in_one_buffer(x, W).copy()) == PASSED


def _whole(rng: np.random.Generator) -> list[Case]:
    *cases, last = _cases(rng)
    return [*cases, {**last, "x": rng.integers(-9, 9, last["x"].shape)}]


def test_whole_numbers_may_neither_raise_nor_round() -> None:
    whole, named = replace(SUMS, cases=_whole), replace(SUMS, whole=("x",))

    def refuses(x: Any, W: Any) -> Any:
        x = x.copy()
        x *= 1.0
        return running_sum(x, W)

    def rounds(x: Any, W: Any) -> Any:
        found = np.zeros((*x.shape[:-1], W.shape[1]), x.dtype)
        found[...] = running_sum(x, W)
        return found

    assert state_of(running_sum, whole) == PASSED
    assert state_of(refuses, whole) == WRONG
    assert "Cannot cast ufunc" in words_of(refuses, whole)
    assert "an array of whole numbers holds no decimals" in words_of(refuses, whole)
    assert "as one types them, [[1, 0]] for [[1.0, 0.0]]: Your function stopped in" in (
        words_of(refuses, named)
    )
    assert state_of(refuses) == PASSED  # x is floats, unless the task says more
    assert state_of(rounds, whole) == WRONG
    assert state_of(rounds, named) == WRONG  # no case is whole, but one might type it
    assert state_of(rounds) == PASSED


def test_a_function_that_stops_in_every_case_is_never_right() -> None:
    def stops(*_: Any) -> Any:
        counts = np.ones((3, 3), dtype=int)
        counts /= counts.sum()
        return counts

    every = catalogue.exercises().values()
    functions = [it for it in every if isinstance(it, Exercise)]
    assert len(functions) > 80
    for each in functions:
        names = ", ".join(signature(each.reference).parameters)
        answer = eval(f"lambda {names}: stops()", {"stops": stops})
        assert state_of(answer, each) == WRONG, each.id


def returns_none(x: Any, W: Any) -> None:
    x @ W


def returns_list(x: Any, W: Any) -> Any:
    return running_sum(x, W).tolist()


def returns_integers(x: Any, W: Any) -> Any:
    return np.round(running_sum(x, W)).astype(int)


def returns_single_precision(x: Any, W: Any) -> Any:
    return running_sum(x, W).astype(np.float32)


def returns_nan(x: Any, W: Any) -> Any:
    found = running_sum(x, W)
    found[0] = np.nan
    return found


def returns_text(x: Any, W: Any) -> Any:
    return "the sum"


def returns_two(x: Any, W: Any) -> Any:
    return running_sum(x, W), x


def raises(x: Any, W: Any) -> Any:
    return W @ x @ W


def leaves(x: Any, W: Any) -> Any:
    raise SystemExit(3)


def recurs(x: Any, W: Any) -> Any:
    return recurs(x, W)


def loops(x: Any, W: Any) -> Any:
    while True:
        x = x + 0


def loops_and_catches(x: Any, W: Any) -> Any:
    while True:
        with contextlib.suppress(Exception):
            x = x + 0


def prints_a_lot(x: Any, W: Any) -> Any:
    for number in range(100_000):
        print("line", number)
    return x


def changes_its_input(x: Any, W: Any) -> Any:
    x[0] += 1
    return running_sum(x - np.eye(len(x))[:, :1, None], W)


def moves_its_input_and_back(x: Any, W: Any) -> Any:
    for index in np.ndindex(x.shape):
        x[index] = x[index] + 1e-3 - 2e-3 + 1e-3
    return running_sum(x, W)


def divides_by_what_is_one(x: Any, W: Any) -> Any:
    x /= 1 + 1e-15
    return running_sum(x, W)


def changes_the_global_state(x: Any, W: Any) -> Any:
    np.random.seed(0)  # noqa: NPY002
    return running_sum(x, W)


def yields(x: Any, W: Any) -> Any:
    yield x


def one_argument(x: Any) -> Any:
    return x


def a_wrong_shape(x: Any, W: Any) -> Any:
    return running_sum(x, W)[:, 0]


def an_empty_array(x: Any, W: Any) -> Any:
    return running_sum(x, W)[:0]


def test_parts_in_another_order_are_told() -> None:
    def order(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        da, dh_prev, dW_hh = STEP.reference(dh, h, h_prev, W_hh)
        return da, dW_hh, dh_prev

    asked = "da, dh_prev, dW_hh"
    assert words_of(order, STEP).endswith(f"in another order than asked: {asked}.")


def test_several_parts_may_come_in_a_list() -> None:
    def listed(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        return [*STEP.reference(dh, h, h_prev, W_hh)]

    def wrong(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        return [*STEP.reference(dh, h, h_prev, W_hh.T)]

    assert state_of(listed, STEP) == PASSED
    assert judge(STEP, wrong).mistake == "not_transposed"


@pytest.mark.parametrize("floats", [np.float32, np.float64])
def test_floats_have_the_dtype_of_what_is_given(floats: Any) -> None:
    other = np.float64 if floats is np.float32 else np.float32
    name = np.dtype(floats).name

    def cases(rng: np.random.Generator) -> list[Case]:
        return [{k: v.astype(floats) for k, v in case.items()} for case in _cases(rng)]

    single = replace(SUMS, cases=cases)
    assert state_of(lambda x, W: running_sum(x, W).astype(floats), single) == PASSED
    words = words_of(lambda x, W: running_sum(x, W).astype(other), single)
    assert words.endswith(f"their dtype is {np.dtype(other)}; expected is {name}.")
    wrong = words_of(lambda x, W: running_sum(x, W).astype(other) + 1, single)
    assert "dtype" not in wrong
    holds = replace(single, kind="P", claims=(Claim("all", lambda found, case: True),))
    assert state_of(running_sum, holds) == PASSED
    words = words_of(lambda x, W: running_sum(x, W).astype(other), holds)
    assert words.startswith(f"Its dtype is {np.dtype(other)}; expected is {name}")


def test_where_no_floats_are_given_any_floats_will_do() -> None:
    def cases(rng: np.random.Generator) -> list[Case]:
        return [{"x": rng.integers(9, size=(3, 2)), "W": rng.integers(9, size=(2, 4))}]

    def half(x: np.ndarray, W: np.ndarray) -> np.ndarray:
        return x @ W / 2

    halves = replace(SUMS, cases=cases, reference=half, mistakes=())
    for dtype in (np.float32, np.float64):
        answer = state_of(lambda x, W, dtype=dtype: half(x, W).astype(dtype), halves)
        assert answer == PASSED


def test_a_list_of_numbers_is_a_row_and_a_list_of_rows_is_no_array() -> None:
    row = replace(SUMS, reference=lambda x, W: (x @ W).sum((0, 1)), mistakes=())
    assert state_of(lambda x, W: list((x @ W).sum((0, 1))), row) == PASSED
    assert state_of(lambda x, W: tuple((x @ W).sum((0, 1))), row) == PASSED
    words = words_of(lambda x, W: [*running_sum(x, W)])
    assert words.endswith("yours is a list of 1. np.array makes one array of it.")


def test_all_wrong_shapes_are_said_at_once() -> None:
    def answer(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        da, dh_prev, dW_hh = STEP.reference(dh, h, h_prev, W_hh)
        return da[0], dh_prev[0], dW_hh

    words = words_of(answer, STEP)
    assert re.search(r"^da is wrong. Its shape is \(7,\); expected is \(8, 7\)", words)
    assert "Not right either: dh_prev, of shape (7,) and not (8, 7)." in words


def test_a_small_error_is_shown_with_the_digits_that_tell_it() -> None:
    report = judge(SUMS, lambda x, W: running_sum(x, W) * (1 + 1e-5))
    found = re.search(r"you have (\S+), expected is (\S+)\. ", repr(report))
    assert found is not None
    mine, expected = found.groups()
    assert mine != expected
    assert float(mine) == pytest.approx(float(expected), rel=1e-4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('p["b_h"] += 1', r'changes its argument p\["b_h"\], .* p\["b_h"\] \+= \.\.\.'),
        ('p.pop("b_0")', r"its argument p, or takes some out, .* a copy, dict\(p\)"),
    ],
)
def test_of_a_dict_the_entry_that_changes_is_named(change: str, words: str) -> None:
    wired = exercise("03.4")
    assert isinstance(wired, Exercise)
    line = "    states = []"
    report = judge(wired, edited(wired.reference, {line: f"{line}; {change}"}))
    assert re.search(words, report.words)


MISHAPS: list[tuple[Any, str]] = [
    (returns_none, "return at"),
    (returns_list, "yours is a list of 1"),
    (returns_integers, "It holds whole numbers, which cut off"),
    (returns_single_precision, "values are right, but their dtype is float32"),
    (returns_nan, "holds nan at"),
    (returns_text, "should be an array of shape .*; yours is a text"),
    (returns_two, "yours returns 2 things"),
    (raises, r"stopped in the line `return W @ x @ W` with ValueError: in a product"),
    (leaves, r"stopped in the line .* with SystemExit: 3"),
    (recurs, "calls itself more than about 1000 calls deep"),
    (changes_its_input, "changes its argument x"),
    (moves_its_input_and_back, "argument x, .* last digits, .*: work on a copy"),
    (divides_by_what_is_one, "argument x, .* last digits, .* divided by .* be 1"),
    (changes_the_global_state, "global random state"),
    (yields, "should return an array .*; yours returns a generator"),
    (one_argument, "should take 2 arguments, in this order: x, W"),
    (a_wrong_shape, r"Its shape is \(5, 4\); expected is \(5, 3, 4\)"),
    (an_empty_array, r"Its shape is \(0, 3, 4\); expected is \(5, 3, 4\)\."),
    (running_sum(np.ones((1, 1, 1)), np.ones((1, 1))), "needs the function itself"),
    (None, "needs the function itself"),
    (3, "without brackets"),
]


class Endless:
    """What loops wherever one looks at it."""

    def __eq__(self, other: object) -> bool:
        while True:
            pass

    __hash__ = None  # type: ignore[assignment]

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self == self


class EndlessText(dict[str, Any]):
    """A dict that never comes to an end."""

    def __iter__(self) -> Iterator[str]:
        while True:
            yield "again"

    def __getitem__(self, key: str) -> Any:
        return 0


class Silent(Exception):  # noqa: N818
    """An exception that cannot say what is wrong."""

    def __str__(self) -> str:
        raise ValueError


class Differentiated:
    """As a tensor that requires a gradient."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("Use tensor.detach().numpy() instead.")


def computes_a_huge_number(x: Any, W: Any) -> Any:
    return 10**10**10


def searches_for_ever(x: Any, W: Any) -> Any:
    return re.match(r"(a+)+$", 60 * "a" + "b")


def sleeps(x: Any, W: Any) -> Any:
    time.sleep(1000)


def loops_and_catches_all(x: Any, W: Any) -> Any:
    while True:
        try:
            x = x + 0
        except BaseException:
            continue


def is_endless(x: Any, W: Any) -> Any:
    return Endless()


def is_endless_text(x: Any, W: Any) -> Any:
    return EndlessText()


def is_a_tensor(x: Any, W: Any) -> Any:
    return Differentiated()


def is_deep(x: Any, W: Any) -> Any:
    found: Any = ()
    for _ in range(100_000):
        found = (found,)
    return found


def holds_itself(x: Any, W: Any) -> Any:
    found: list[Any] = []
    found.append(found)
    return found


def raises_in_silence(x: Any, W: Any) -> Any:
    raise Silent


def needs_a_thousand_terabytes(x: Any, W: Any) -> Any:
    return np.zeros((10**7, 10**7))


def asks(x: Any, W: Any) -> Any:
    return input("which?")


def has_a_comma_too_many(x: Any, W: Any) -> Any:
    return (running_sum(x, W),)


def is_a_tuple_of_rows(x: Any, W: Any) -> Any:
    return tuple(running_sum(x, W))


def waits_in_vain(x: Any, W: Any) -> Any:
    async def later() -> Any:
        return running_sum(x, W)

    return later


QUICK = replace(SUMS, seconds=0.2)
HANGS: list[tuple[Any, str]] = [
    (loops, "does a loop never end"),
    (loops_and_catches, "does a loop never end"),
    (is_endless, "came back, but what it returned cannot be read in time"),
    (is_endless_text, "came back, but what it returned cannot be read in time"),
]
if hasattr(signal, "setitimer"):  # elsewhere Python itself has to be ended
    HANGS += [
        (loops_and_catches_all, "does a loop never end"),
        (computes_a_huge_number, "does a loop never end"),
        (searches_for_ever, "does a loop never end"),
        (sleeps, "does a loop never end"),
    ]
ODD: list[tuple[Any, str]] = [
    (is_a_tensor, "numpy cannot read a Differentiated: Use tensor.detach"),
    (is_deep, "one thing is inside another, too deep"),
    (holds_itself, "one thing is inside another, too deep"),
    (raises_in_silence, "with Silent: its message cannot be read"),
    (needs_a_thousand_terabytes, "ran out of memory in the line `return np.zeros"),
    (asks, r"in the line .* with RuntimeError: nobody can answer input\(\)"),
    (has_a_comma_too_many, "yours returns 1 thing. Is there a comma too many"),
    (is_a_tuple_of_rows, r"yours is a tuple of \d+. np.array makes one array of it"),
    (waits_in_vain, "yours returns a function"),
]


@pytest.mark.parametrize(
    ("answer", "words"), MISHAPS + ODD, ids=lambda part: getattr(part, "__name__", "")
)
def test_whatever_an_answer_does_is_said_in_a_sentence(answer: Any, words: str) -> None:
    report = judge(SUMS, answer)
    assert report.state == WRONG
    assert re.search(words, report.words), report.words
    assert report.words.count("\n") == 0


@pytest.mark.parametrize(
    ("answer", "words"), HANGS, ids=lambda part: getattr(part, "__name__", "")
)
def test_an_answer_that_does_not_come_back_is_stopped(answer: Any, words: str) -> None:
    report = judge(QUICK, answer)
    assert report.state == WRONG
    assert re.search(words, report.words), report.words


def in_a_thread(work: Callable[[], Any]) -> Any:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("answer", [loops, loops_and_catches, is_endless])
def test_where_no_timer_can_be_set_a_thread_sees_to_the_time(answer: Any) -> None:
    assert in_a_thread(lambda: judge(QUICK, answer)).state == WRONG
    assert in_a_thread(lambda: judge(SUMS, running_sum)).passed


@pytest.mark.parametrize(
    "answer", [loops, loops_and_catches, loops_and_catches_all, is_endless]
)
def test_where_there_are_no_threads_python_itself_looks_at_the_time(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if limits.MONITORING is None:
        return  # Python 3.12 brought it, and a browser tab has none before
    monkeypatch.setattr(limits.TimeLimit, "_watch", limits.TimeLimit._looks)
    assert judge(QUICK, answer).state == WRONG
    assert judge(SUMS, running_sum).passed
    assert [limits.MONITORING.get_tool(n) for n in range(6)] == 6 * [None]


def test_the_timer_and_its_handler_are_put_back() -> None:
    def mine(*_: Any) -> None:
        """Do nothing."""

    if not hasattr(signal, "setitimer"):
        return
    before = signal.signal(signal.SIGALRM, mine)
    try:
        judge(QUICK, loops)
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_an_interrupt_ends_the_check_at_once() -> None:
    def interrupted(x: Any, W: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return re.match(r"(a+)+$", 60 * "a" + "b")

    with pytest.raises(KeyboardInterrupt):
        judge(SUMS, interrupted)
    assert state_of(running_sum) == PASSED


def test_an_import_in_an_answer_does_not_count(tmp_path: Path) -> None:
    busy = (
        "import time\nend = time.thread_time() + 0.5\nwhile time.thread_time() < end: 0"
    )
    (tmp_path / "slow_to_import.py").write_text(busy, "utf-8")

    def imports(x: Any, W: Any) -> Any:
        sys.path.insert(0, str(tmp_path))
        importlib.import_module("slow_to_import")
        sys.path.pop(0)
        return running_sum(x, W)

    assert judge(QUICK, imports).passed
    sys.modules.pop("slow_to_import")


def test_an_import_that_never_ends_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endless_import.py").write_text("while True: pass", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(limits, "IMPORT_SECONDS", 0.2)

    def imports(x: Any, W: Any) -> Any:
        importlib.import_module("endless_import")

    assert "was still importing something" in words_of(imports, QUICK)


def test_a_list_without_end_ends_before_the_machine_stands_still() -> None:
    def fills(x: Any, W: Any) -> Any:
        return np.ones(3 * 2**27)

    if limits._bytes_in_use() is None:
        return  # Linux alone can see to it
    assert "ran out of memory in the line `return np.ones" in words_of(fills)
    assert np.ones(2**28, dtype=np.int8).sum(dtype=int) == 2**28


def disturbs(x: Any, W: Any) -> Any:
    os.chdir("/")
    os.environ["RNN_DISTURBED"] = "yes"
    gc.disable()
    np.tanh = np.sin  # type: ignore[assignment]
    sys.setrecursionlimit(5000)
    np.seterr(all="raise")
    np.set_printoptions(precision=2)
    random.seed(0)
    sys.stdout.close()
    return running_sum(x, W)


def surroundings() -> Any:
    return (
        os.getcwd(), dict(os.environ), gc.isenabled(), np.tanh, sys.getrecursionlimit(),
        np.geterr(), np.get_printoptions(), random.getstate(), sys.stdout, input,
    )  # fmt: skip


def test_what_an_answer_disturbs_is_put_back_and_said() -> None:
    before = surroundings()
    report = judge(SUMS, disturbs)
    after = surroundings()
    assert [one == other for one, other in zip(before, after, strict=True)] == 10 * [
        True
    ]
    assert report.passed
    assert report.notes[0].startswith("Put back as before: numpy.tanh, the working dir")


def test_a_replaced_function_does_not_help_a_wrong_answer() -> None:
    def replaces(x: Any, W: Any) -> Any:
        np.asarray = lambda *_: np.zeros(1)  # type: ignore[assignment]
        np.cumsum = lambda *_, **__: np.zeros(1)  # type: ignore[assignment]
        return np.zeros(1)

    assert state_of(replaces) == WRONG


def test_the_settings_of_the_notebook_do_not_make_a_right_answer_wrong() -> None:
    def underflows(x: Any, W: Any) -> Any:
        return running_sum(x, W) + np.exp(-1e5)

    with np.errstate(all="raise"):
        assert state_of(underflows) == PASSED


def test_an_error_of_the_check_is_not_called_one_of_the_function() -> None:
    def unpack(answer: Any, case: Case) -> Any:
        one, other = answer(**case)
        return one + other

    exercise = replace(SUMS, kind="P", observe=unpack)
    words = words_of(lambda x, W: (x, W, x), exercise)
    assert words.startswith("Your function came back, but what it returned cannot be")


def test_the_global_state_is_put_back() -> None:
    before: Any = np.random.get_state()  # noqa: NPY002
    judge(SUMS, changes_the_global_state)
    after: Any = np.random.get_state()  # noqa: NPY002
    assert (after[1] == before[1]).all()


def test_what_is_printed_does_not_flood_the_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = judge(SUMS, prints_a_lot)
    assert capsys.readouterr() == ("", "")
    assert "It printed more than" in report.notes[0]
    assert len(repr(report)) < 1500


def test_a_few_printed_lines_are_shown_and_forgiven() -> None:
    def chatty(x: Any, W: Any) -> Any:
        print("x is", x.shape)
        return running_sum(x, W)

    report = judge(SUMS, chatty)
    assert report.passed
    assert report.notes == ("It printed: x is (5, 3, 2)",)


def test_a_warning_of_numpy_is_told_and_does_not_stop_the_check() -> None:
    def warns(x: Any, W: Any) -> Any:
        return running_sum(x, W) + 0 * (np.ones(1) / np.zeros(1))

    assert "numpy warned: divide by zero" in judge(SUMS, warns).notes[0]


def test_a_known_mistake_gets_its_own_hint_even_when_written_otherwise() -> None:
    report = judge(SUMS, lambda x, W: np.einsum("tbd,dh->tbh", x, W))
    assert (report.state, report.mistake) == (WRONG, "no_memory")
    assert "What should it start from?" in report.hint


def test_the_same_exception_is_the_same_mistake() -> None:
    def one_product(x: Any, W: Any) -> Any:
        return x @ W

    hint = "Look at the shapes: which axis has the features?"
    exercise = Exercise(
        id="99.2",
        kind="V",
        title="One product",
        reference=one_product,
        cases=lambda rng: [
            {"x": rng.standard_normal((4, 3)), "W": rng.standard_normal((3, 2))}
        ],
        mistakes=(Mistake("wrong_way_round", {"x @ W": "W @ x"}, hint),),
        hints=("", "", ""),
    )
    report = judge(exercise, lambda x, W: W @ x)
    assert report.mistake == "wrong_way_round"
    assert judge(exercise, lambda x, W: W @ x.T).mistake == ""


def test_one_wrong_part_is_enough_to_know_a_mistake() -> None:
    def two_mistakes(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        da = dh * (1 - h**2)
        return da, da @ W_hh, -(h_prev.T @ da)

    report = judge(STEP, two_mistakes)
    assert report.mistake == "not_transposed"
    assert report.words.startswith("dh_prev is wrong. It is the transpose") or (
        "Not right either: dW_hh. Right: da." in report.words
    )


def test_claims_take_the_place_of_a_comparison() -> None:
    exercise = Exercise(
        id="99.3",
        kind="P",
        title="A distribution",
        reference=lambda x: np.full(x.shape, 1 / x.size),
        cases=lambda rng: [{"x": rng.standard_normal(4)}],
        hints=("", "", ""),
        claims=(
            Claim("nothing is negative.", lambda p, case: bool((p >= 0).all())),
            Claim("sum", lambda p, case: "" if p.sum() == 1 else f"sum is {p.sum()}"),
        ),
    )
    assert state_of(lambda x: np.eye(4)[0], exercise) == PASSED
    assert words_of(lambda x: np.eye(4)[0] - 1, exercise).endswith("is negative.")
    assert words_of(lambda x: np.ones(4), exercise) == "sum is 4.0"
    assert "which the check cannot use" in words_of(lambda x: "p", exercise)


X = np.random.default_rng(3).standard_normal((5, 4))
ROW = np.random.default_rng(4).standard_normal((3, 2, 4))
PATTERNS: list[tuple[Any, Any, str]] = [
    (X[:4].T, X[:4], "transpose"),
    (X.T, X, "transpose"),
    (-X, X, "wrong sign"),
    (2 * X, X, "2 times the expected one"),
    (X / 5, X, "1/5 of the expected one"),
    (X + 0.5, X, "off by the same 0.5"),
    (np.vstack([X[:1], X[:-1]]), X, "one place too late"),
    (np.vstack([X[1:], X[-1:]]), X, "one place too early"),
    (X[::-1], X, "other way round"),
    (np.vstack([0 * X[:1], X[1:]]), X, "but the first entry"),
    (np.vstack([X[:-1], 0 * X[:1]]), X, "but the last entry"),
    (np.vstack([X[:2], 0 * X[2:]]), X, "right up to index 1, and not after"),
    (np.vstack([0 * X[:3], X[3:]]), X, "right from index 3 on"),
    (np.hstack([X[:, :2], X[:, 2:3] + 1, X[:, 3:]]), X, "one column: number 2"),
    (0 * X, X, "All of it is zero: was it filled"),
    (0 * X, 1e-40 * X, "expected are numbers of up to .*e-4.*lost beside a 1"),
    (X * (1 + 1e-5 * np.sin(9 * X)), X, "nearly right"),
    (X * (1 + 4e-6), X, "nearly right"),
    (ROW, ROW.sum(0), "A sum over axis 0 is still to be taken"),
    (ROW, ROW.mean(1), "A mean over axis 1 is still to be taken"),
    (ROW.sum(1), ROW, "already a sum over axis 1"),
    (ROW[:, :, None], ROW, "The numbers are right, the axes are not"),
    (X[0] + np.eye(4)[1], X[0], "All entries but one"),
]


def pair(got: Any, expected: Any, *counts: int) -> Pair:
    return Pair(got, expected, 1e-6, frozenset(counts))


@pytest.mark.parametrize(("got", "expected", "words"), PATTERNS)
def test_a_wrong_array_is_described(got: Any, expected: Any, words: str) -> None:
    found = pattern([pair(got, expected)])
    assert found is not None
    assert re.search(words, found[0])


def test_nan_and_infinity_are_compared_as_they_are() -> None:
    odd = X.copy()
    odd[0, 1], odd[2, 3] = np.nan, -np.inf
    assert differences(odd.copy(), odd, (), 1e-9, None) == []
    (found,) = differences(np.nan_to_num(odd), odd, (), 1e-9, None)
    assert found.words == "18 of 20 entries are right."
    (found,) = differences(2 * odd, odd, (), 1e-9, None)
    assert found.words == "2 of 20 entries are right."
    assert differences(-1.5, -np.inf, (), 1e-9, None) != []


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (-1, -1.8, "It holds whole numbers, which cut off all decimals."),
        (X.astype(int), X, "cut off all decimals."),
        (np.arange(20).reshape(5, 4), X, "0 of 20 entries are right. It holds whole"),
        (np.arange(20).reshape(5, 4), X, "whole numbers, where decimals are expected."),
        (-100, -184.3, ""),
        (0, -np.inf, ""),
        (-1000, -np.inf, ""),
        (np.arange(4), np.arange(4.0) + 1, "0 of 4 entries are right."),
    ],
)
def test_decimals_are_cut_off_only_where_the_rest_is_right(
    got: Any, expected: Any, words: str
) -> None:
    (found,) = differences(got, expected, (), 1e-9, None)
    assert words in found.words
    assert ("cut off" in found.words) == ("cut off" in words)
    assert bool(found.words) == bool(words)


def test_of_mistakes_that_come_to_the_same_the_one_that_warns_alike_is_known() -> None:
    def doubled(x: Any) -> Any:
        return x * 2

    exercise = Exercise(
        id="99.4",
        kind="V",
        title="Twice as large",
        reference=doubled,
        cases=lambda rng: [{"x": 2000 + rng.standard_normal(3)}],
        mistakes=(
            Mistake("by_log", {"x * 2": "-np.log(0 * x)"}, "A log went wrong."),
            Mistake("by_exp", {"x * 2": "np.exp(x)"}, "An exp went wrong."),
        ),
        hints=("", "", ""),
    )
    assert judge(exercise, lambda x: np.exp(x) + 1).mistake == "by_exp"
    assert judge(exercise, lambda x: -np.log(x - x)).mistake == "by_log"
    assert judge(exercise, lambda x: x + np.inf).mistake == "by_log"  # the first


def test_a_pattern_is_spoken_only_where_it_explains_all_cases() -> None:
    assert pattern([pair(X.T, X), pair(-X, X)]) is None
    assert pattern([pair(-X, X), pair(-ROW, ROW)]) == (
        "All of it has the wrong sign.",
        1,
    )
    assert pattern([pair(X + 1, X), pair(np.sin(X), X)]) is None
    assert pattern([pair(np.array(0.5), np.array(2.0))]) is None


def test_a_case_too_small_for_a_pattern_does_not_speak_against_it() -> None:
    late, one = np.vstack([X[:1], X[:-1]]), np.ones((1, 4))
    found = pattern([pair(one, X[:1]), pair(late, X)])
    assert found is not None
    assert "one place too late" in found[0]


def test_a_mean_for_a_sum_is_said_where_the_factor_is_the_number_of_terms() -> None:
    by_size = pattern([pair(X / 6, X, 2, 3, 6), pair(X / 20, X, 4, 5, 20)])
    assert by_size is not None
    assert by_size[0].endswith("where a sum should, of all of it or along one axis?")
    other_way = pattern([pair(6 * X, X, 2, 3, 6), pair(20 * X, X, 4, 5, 20)])
    assert other_way is not None
    assert other_way[0].endswith("where a mean should, of all of it or along one axis?")
    always = pattern([pair(2 * X, X, 2, 3, 6), pair(2 * X, X, 2, 5, 10)])
    assert always is not None
    assert always[0].endswith("is there a factor too many or too few?")
    assert pattern([pair(X / 6, X, 5), pair(X / 20, X, 4)]) is None


def test_a_report_shows_both_matrices_and_marks_the_worst() -> None:
    report = judge(SUMS, lambda x, W: np.cumsum(x @ W, axis=0) + np.eye(1, W.shape[1]))
    text, page = repr(report), report._repr_html_()
    assert "yours" in text
    assert "*" in text
    assert "Worst at [0, 0, 0]: you have" in text
    assert page.count("<table") == 2
    assert page.count("outline: 2px solid") == 1
    assert "✘ 99.1 · Running sums: not yet right" in page


def test_a_report_is_text_and_not_markup() -> None:
    report = judge(SUMS, lambda x, W: "<b>bold</b> & `x`")
    assert "<b>bold" not in report._repr_html_().split("</b>", 1)[1]


def test_the_largest_case_is_shown_if_it_shows_a_pattern() -> None:
    assert "case 3 of 3" in judge(SUMS, lambda x, W: -running_sum(x, W)).tested
    assert "case 1 of 3" in judge(SUMS, lambda x, W: running_sum(x**2, W)).tested


def test_of_a_single_number_the_smallest_case_is_shown_and_it_is_said_once() -> None:
    report = judge(cast(Exercise, exercise("00.2")), lambda T, V: T + V + 1)
    assert "case 1 of 9" in report.tested
    assert report.words == ""
    assert "Worst" not in repr(report) + report._repr_html_()


def test_only_the_slice_with_the_worst_entry_is_shown() -> None:
    def late(x: Any, W: Any) -> Any:
        found = running_sum(x, W)
        found[-1, -1] = 100
        return found

    report = judge(SUMS, late)
    assert re.search(r"Worst at \[4, 2, \d\]: you have 100, .* A part", repr(report))
    assert len(repr(report).splitlines()) == 4 + 3 + 1


@pytest.mark.parametrize("value", [np.float64(2.0), 2.0, np.int64(2), True, "ab", [1]])
def test_values_of_any_kind_can_be_expected(value: Any) -> None:
    exercise = Exercise(
        id="99.4",
        kind="V",
        title="a value",
        reference=lambda: value,
        cases=lambda rng: [{}],
        hints=("", "", ""),
    )
    assert state_of(lambda: value, exercise) == PASSED
    assert state_of(lambda: None, exercise) in (WRONG, NOT_TRIED)
    assert state_of(lambda: "zz", exercise) == WRONG


def test_dicts_and_their_keys_are_compared() -> None:
    exercise = Exercise(
        id="99.5",
        kind="G",
        title="gradients",
        reference=lambda x: {"W_xh": x, "b_h": 2 * x},
        cases=lambda rng: [{"x": rng.standard_normal(3)}],
        hints=("", "", ""),
    )
    assert state_of(lambda x: {"b_h": 2 * x, "W_xh": x}, exercise) == PASSED
    assert "has no 'b_h'" in words_of(lambda x: {"W_xh": x}, exercise)
    more = words_of(lambda x: {"W_xh": x, "b_h": 2 * x, "a": x}, exercise)
    assert "more than is asked: 'a'" in more
    assert "b_h is wrong" in words_of(lambda x: {"W_xh": x, "b_h": x}, exercise)
    assert "return a dict with 'W_xh', 'b_h'" in words_of(lambda x: x, exercise)


def test_check_stores_what_came_out_and_right_stays_right() -> None:
    answer = STEP.reference
    assert check("04.2", lambda dh, h, h_prev, W_hh: (dh, dh, dh)).state == WRONG
    assert progress_file.read() == {"04.2": WRONG}
    assert check(" 04.2 ", answer).passed
    check("04.2", lambda dh, h, h_prev, W_hh: (dh, dh, dh))
    assert progress_file.read() == {"04.2": PASSED}
    assert progress().solved == 1
    assert "✔ 04.2 · One step back" in repr(progress())
    assert "04.2 · One step back" in progress()._repr_html_()


def test_an_untouched_stub_is_not_stored() -> None:
    def stub(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        raise NotImplementedError

    assert repr(check("04.2", stub)) == "○ 04.2 · One step back: not tried yet"
    assert progress_file.read() == {}


def test_the_line_of_a_stub_among_ones_own_is_told() -> None:
    def first(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        """Say what it does."""
        raise NotImplementedError
        return dh @ W_hh.T  # type: ignore[unreachable]

    def last(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        dh *= 1 - h**2
        raise NotImplementedError

    def passes(dh: Any, h: Any, h_prev: Any, W_hh: Any) -> Any:
        """Say what it does."""
        pass
        raise NotImplementedError

    for begun in (first, last):
        assert "`raise NotImplementedError` still stands" in check("04.2", begun).words
    assert check("04.2", passes).words == ""


def test_what_is_kept_from_call_to_call_is_told_where_a_later_case_fails() -> None:
    rows: list[np.ndarray] = []

    def appends(x: np.ndarray, W: np.ndarray) -> np.ndarray:
        for step in x:
            rows.append((rows[-1] if rows else 0) + step @ W)
        return np.array(rows)

    total = np.zeros((1, 3))

    def adds(x: np.ndarray, W: np.ndarray) -> np.ndarray:
        found = []
        for step in x:
            if total.shape == (step @ W).shape:
                total[...] += step @ W
            found.append(total.copy())
        return np.array(found)

    for keeps in (appends, adds):
        words = judge(SUMS, keeps).words
        assert "first case" in words
        assert "keep something of an earlier call?" in words
    forgets = judge(SUMS, lambda x, W: x @ W)
    assert "earlier call" not in forgets.words


def test_an_example_is_not_remembered() -> None:
    assert report_on("A16", "myth", remember=False).passed
    assert not report_on("A16", "fact", remember=False).passed
    assert progress_file.read() == {}


def test_a_broken_file_is_moved_aside() -> None:
    progress_file.place().write_text("{not json", encoding="utf-8")
    assert progress_file.read() == {}
    assert progress_file.write("04.2", PASSED) == ""
    assert progress_file.read() == {"04.2": PASSED}
    aside = progress_file.place().with_name("progress.broken.json")
    assert aside.read_text(encoding="utf-8") == "{not json"


def test_progress_that_cannot_be_stored_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "file" / "progress.json"))
    report = check("A16", "myth")
    assert report.passed
    assert "could not be stored" in report.notes[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fcntl")
def test_a_folder_that_knows_no_locks_stores_progress(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_locks(*_: Any) -> None:
        raise OSError("No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    assert progress_file.write("04.2", PASSED) == ""
    assert progress_file.read() == {"04.2": PASSED}


def test_the_file_is_json_that_other_programs_can_read() -> None:
    check("A16", "myth")
    stored = json.loads(progress_file.place().read_text(encoding="utf-8"))
    assert stored == {"version": 1, "exercises": {"A16": PASSED}}
    beside = sorted(path.name for path in progress_file.place().parent.iterdir())
    assert beside == ["progress.json", "progress.json.lock"]


def test_where_it_must_be_solved_an_unsolved_exercise_raises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RNNLIB_STRICT", "1")
    with pytest.raises(ExerciseError, match="not tried yet"):
        check("04.2", lambda *_: None)
    with pytest.raises(ExerciseError, match="not yet right"):
        check("A16", "fact")
    assert check("A16", "myth").passed


def test_what_is_wrong_with_a_function_that_is_called_is_said_of_that() -> None:
    backward = cast(Exercise, exercise("08.5")).reference
    step = cast(Exercise, exercise("08.4")).reference
    lines = source_of(backward).splitlines()
    for called, state in (
        (None, "not tried yet"),
        (lambda *arguments: step(*arguments[:-1], -arguments[-1]), "not yet right"),
    ):

        def stub(*arguments: Any) -> Any:
            raise NotImplementedError

        names = {"np": np, "lstm_step_backward": called or stub}
        exec(
            "from rnnlib._typing import Array\nFour = tuple\n" + "\n".join(lines), names
        )
        report = check("08.5", names["lstm_backward"])
        assert report.state == WRONG
        assert report.words == (
            f"It calls `lstm_step_backward`, your answer to 08.4, which is {state}: "
            "begin with that one."
        )
        names["lstm_step_backward"] = step
        assert check("08.5", names["lstm_backward"]).passed


def test_neither_an_attribute_nor_a_later_exercise_is_to_blame() -> None:
    """np.stack in an answer to 02.4 is not the learner's stack, which comes after."""

    def stack(*arguments: Any) -> Any:
        raise NotImplementedError

    answer = """
def rnn_sequence(x, h_0, W_xh, W_hh, b_h):
    h, states = 0 * h_0, []
    for x_t in x:
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        states.append(h)
    return np.stack(states) if len(x) else stack(x)
"""
    names = {"np": np, "stack": stack}
    exec(answer, names)
    report = check("02.4", names["rnn_sequence"])
    assert report.state == WRONG
    assert "calls" not in report.words
    assert "You start from zeros" in report.hint


def test_three_hints_come_one_after_the_other() -> None:
    given = [hint("04.2") for _ in range(4)]
    known = STEP.hints
    assert [found.words for found in given] == [*known, known[2]]
    assert "hint 1 of 3" in given[0].head


def test_the_solution_asks_once() -> None:
    assert "call this again" in solution("04.2").words
    assert "da = dh * (1 - h**2)" in repr(solution("04.2"))
    assert "<pre>" in solution("04.2")._repr_html_()


def test_the_source_is_shown_after_the_check() -> None:
    assert "Solve the exercise first" in source("04.1").words
    progress_file.write("04.1", PASSED)
    shown = source("04.1")
    assert "change, width = above - below" in shown.words
    assert "def numerical_gradients" not in shown.words
    assert "def numerical_gradients" in shown.rest
    assert "All of it, " in repr(shown)
    assert "<details><summary>All of it, " in shown._repr_html_()
    assert (
        source("04.6").words == "The library has no code for 04.6: it is yours alone."
    )


each_command: Any = pytest.mark.parametrize("call", [hint, solution, source])


@pytest.mark.parametrize(
    ("id", "known"),
    [
        ("04.22", "one of 04.1, 04.2"),
        ("4.2", 'a lesson and a number, as "04.2"'),
        ("", "a lesson and a number"),
        (4.2, "a lesson and a number"),
        (None, "a lesson and a number"),
        ("A99", 'a lesson and a number, as "04.2", or a letter and a number, as "A16"'),
    ],
)
def test_an_unknown_id_is_told_those_of_its_lesson_or_what_one_looks_like(
    id: Any, known: str
) -> None:
    with pytest.raises(ValueError, match=f"id must be {known}"):
        check(id)
    for call in (hint, solution, source):
        assert f"id must be {known}" in call(id).words
        assert "\n" not in call(id).words


@each_command
@pytest.mark.parametrize("id", ["A16", "0.1", "04.9"])
def test_a_question_has_nothing_to_show_and_says_so(call: Any, id: str) -> None:
    assert f"{id} is a question and has no {call.__name__}" in call(id).words
    assert id in call(id)._repr_html_()


QUESTION = Question(
    id="99.6",
    title="which",
    prompt="Which one?",
    options={"a": ("this", "No: it is the other."), "b": ("that", "Yes, that.")},
    right="b",
)
GUESS = Guess(
    id="99.7",
    title="how much",
    prompt="How much is left?",
    right=0.01,
    tolerance=3,
    low=1e-6,
    high=1,
    right_says="Yes, a hundredth.",
    low_says="More than that.",
    high_says="Less than that.",
    ratio=True,
)
CARD = Card(id="Z1", claim="All is well.", truth=True, statement="It is, mostly.")


@pytest.mark.parametrize(
    ("item", "answer", "state", "words"),
    [
        (QUESTION, "b", PASSED, "Yes, that."),
        (QUESTION, " B ", PASSED, "Yes, that."),
        (QUESTION, "a", WRONG, "No: it is the other."),
        (QUESTION, "c", WRONG, 'Answer with one of "a", "b"; this was \'c\'.'),
        (QUESTION, 2, WRONG, 'Answer with one of "a", "b"; this was 2.'),
        (QUESTION, None, NOT_TRIED, ""),
        (GUESS, 0.01, PASSED, "Yes, a hundredth."),
        (GUESS, 0.029, PASSED, "Yes, a hundredth."),
        (GUESS, 0.2, WRONG, "Less than that."),
        (GUESS, "1e-5", WRONG, "More than that."),
        (GUESS, 7, WRONG, "Guess between 1e-06 and 1; this was 7."),
        (GUESS, "much", WRONG, "Answer with a number; this was 'much'."),
        (GUESS, ..., NOT_TRIED, ""),
        (CARD, "fact", PASSED, "It is a fact. It is, mostly."),
        (CARD, "Myth", WRONG, "It is a fact. It is, mostly."),
        (CARD, True, WRONG, 'Answer with "myth" or "fact"; this was True.'),
        (CARD, None, NOT_TRIED, ""),
    ],
)
def test_a_question_answers(item: Any, answer: Any, state: str, words: str) -> None:
    found: Report = item.judge(answer)
    assert (found.state, found.words) == (state, words)


def test_a_kind_must_be_known() -> None:
    with pytest.raises(ValueError, match="kind must be one of V, G, P, T, H, got 'X'"):
        Exercise("1", "X", "", running_sum, _cases, ("", "", ""))


def test_the_file_is_beside_the_notebook_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RNNLIB_PROGRESS")
    monkeypatch.chdir(tmp_path)
    assert progress_file.place() == tmp_path / ".progress.json"


def test_who_may_not_write_beside_the_notebooks_has_a_file_at_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RNNLIB_PROGRESS")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(progress_file.os, "access", lambda path, mode: False)
    assert progress_file.place() == tmp_path / ".rnnlib_progress.json"


def test_four_kernels_may_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    code = (
        "import sys; from rnncourse.checking import progress_file\n"
        "for number in range(25):\n"
        "    assert progress_file.write(f'{sys.argv[1]}.{number}', 'right') == ''"
    )
    kernels = [
        subprocess.Popen([sys.executable, "-c", code, str(kernel)])
        for kernel in range(4)
    ]
    assert [kernel.wait() for kernel in kernels] == [0] * 4
    assert len(progress_file.read()) == 100


NEWER = '{"version": 2, "exercises": {"04.2": "right", "04.3": {"state": "right"}}}'


def test_a_file_of_a_newer_version_is_left_alone_and_named() -> None:
    progress_file.place().write_text(NEWER, encoding="utf-8")
    report = check("A16", "myth")
    assert report.passed
    assert "written by a newer version of the course" in report.notes[-1]
    assert progress_file.place().read_text("utf-8") == NEWER
    assert progress().solved == 0


def test_states_that_this_version_does_not_know_are_kept() -> None:
    text = '{"version": 1, "exercises": {"04.2": "nearly", "04.3": 7, "04.1": "right"}}'
    progress_file.place().write_text(text, encoding="utf-8")
    assert progress_file.read() == {"04.1": PASSED}
    assert "04.2" in repr(progress())
    assert progress_file.write("A16", WRONG) == ""
    stored = json.loads(progress_file.place().read_text("utf-8"))["exercises"]
    assert stored == {"04.2": "nearly", "04.3": 7, "04.1": "right", "A16": WRONG}


def test_a_mark_at_the_beginning_of_the_file_is_no_damage() -> None:
    text = '{"version": 1, "exercises": {"04.1": "right"}}'
    progress_file.place().write_text(text, encoding="utf-8-sig")
    assert progress_file.read() == {"04.1": PASSED}
    assert progress_file.write("04.2", PASSED) == ""
    assert set(progress_file.read()) == {"04.1", "04.2"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"exercises": 3}', "[" * 100_000, '"text"', "\0"]
)
def test_each_broken_file_is_set_aside_under_a_name_of_its_own(text: str) -> None:
    place = progress_file.place()
    for _ in range(3):
        place.write_text(text, encoding="utf-8")
        assert progress_file.read() == {}
        assert progress_file.write("04.2", PASSED) == ""
        assert progress_file.read() == {"04.2": PASSED}
    kept = [path.read_text("utf-8") for path in place.parent.glob("*broken*")]
    assert kept == [text] * 3


def test_a_link_stays_a_link_and_a_mode_stays_what_it_was(tmp_path: Path) -> None:
    if os.name == "nt":
        return  # links need rights there, and modes mean little
    place, real = progress_file.place(), tmp_path / "elsewhere.json"
    real.write_text('{"version": 1, "exercises": {}}', encoding="utf-8")
    real.chmod(0o640)
    place.symlink_to(real)
    assert progress_file.write("04.2", PASSED) == ""
    assert place.is_symlink()
    assert "04.2" in real.read_text("utf-8")
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        (
            {"_, _, encoder_grads = ": "encoder_grads = "},
            r"^encoder_grads should be a dict with .*; yours is 3 things\.",
        ),
        (
            {"return decoder_grads, encoder_grads": "return {}, {}"},
            "^decoder_grads has no",
        ),
        ({"decoder_grads, encoder_grads\n": "None, None\n"}, "dict; yours is None"),
        (
            {"dh = np.zeros_like(h_cache.h)": "dh = h_cache.h\n    dh[:] = 0"},
            r"h_cache\.h \+=",
        ),
        (
            {"    dh = ": '    decoder.params["W_hh"][...] += 1\n    dh = '},
            r'decoder\.params\["W_hh"\] \+ ',
        ),
    ],
)
def test_a_part_of_an_answer_or_of_an_argument_is_named(
    edits: dict[str, str], words: str
) -> None:
    hand_back = exercise("10.3")
    assert isinstance(hand_back, Exercise)
    report = judge(hand_back, edited(hand_back.reference, edits))
    assert re.search(words, report.words), report.words
