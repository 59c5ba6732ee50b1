"""What lesson 09 tells of the gym is what its grid holds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from rnncourse.lesson_09.gym.cells import CELLS, VARIANTS
from rnncourse.lesson_09.gym.grid import (
    FAIR,
    GATE_TASKS,
    Entry,
    fair,
    scores,
)
from rnncourse.lesson_09.gym.tasks import LENGTHS, TASKS
from rnnlib._typing import Array
from tests.course.told import prose

SEEDS = len(scores(Entry("echo", 60, "RNN")))
SHORT = (10, 30, 60)
SAME = 0.02


def above(task: str, T: int, cell: str, share: float = 0.1) -> str:
    """Return in how many seeds a cell is above a share of the way."""
    return f"{int((scores(Entry(task, T, cell)) > share).sum())} of {SEEDS}"


def way(task: str, T: int, cell: str) -> str:
    """Return the lowest and the highest score in per cent, as the text says them."""
    ends = [round(100 * float(end(scores(Entry(task, T, cell))))) for end in (min, max)]
    text = f"{ends[0]}" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return text.replace("-", "−")


def learned(task: str, cell: str) -> int:
    """Return how many runs at the three shorter lengths are nearly at the ceiling."""
    return sum(int((scores(Entry(task, T, cell)) > 0.9).sum()) for T in SHORT)


def counts(ahead: Array) -> tuple[int, int, int]:
    """Return how many differences are above, below, and about zero."""
    wins, losses = int((ahead > SAME).sum()), int((ahead < -SAME).sum())
    return wins, losses, len(ahead) - wins - losses


def against_lstm(task: str, T: int, cell: str) -> Array:
    return np.asarray(scores(Entry(task, T, cell)) - scores(Entry(task, T, "LSTM")))


def test_where_the_plain_rnn_stops_beating_chance() -> None:
    said = prose("09")
    at = {cell: above("adding", 60, cell) for cell in CELLS}
    assert (
        f"At T = 60 the plain RNN beats chance in {at['RNN']} seeds, the GRU in "
        f"{at['GRU']}. "
    ) in said
    assert f"the LSTM does so in {at['LSTM']}, and a plain ReLU network" in said
    assert f"from the identity in {at['identity ReLU']}" in said
    at = {cell: above("temporal order", 60, cell) for cell in CELLS}
    short = above("temporal order", 30, "RNN")
    assert (
        f"At T = 30 the plain RNN still has {short}, at T = 60 {at['RNN']}; the LSTM "
        f"has {at['LSTM']} there, the identity ReLU {at['identity ReLU']}, and the GRU "
        f"{at['GRU']}."
    ) in said
    late = sum(int(above("temporal order", 100, cell).split()[0]) for cell in CELLS)
    assert f"with this recipe, {late} of the {4 * SEEDS} runs of all four" in said


def test_a_plain_recurrence_is_best_at_handing_on() -> None:
    rnn, lstm, gru = (way("echo", 100, cell) for cell in ("RNN", "LSTM", "GRU"))
    assert (
        f"The plain RNN is at {rnn} of the way at T = 100, the LSTM at {lstm}, the GRU "
        f"at {gru}."
    ) in prose("09")
    worst = float(scores(Entry("echo", 100, "RNN")).min())
    assert all(
        scores(Entry("echo", 100, cell)).max() < worst for cell in ("LSTM", "GRU")
    )


def test_where_all_tie_and_where_the_question_decides() -> None:
    said, runs = prose("09"), SEEDS * len(SHORT)
    tied = [learned("flip-flop", cell) for cell in CELLS]
    assert min(tied) >= 0.8 * runs
    each = f"{tied[0]}" if len(set(tied)) == 1 else f"{min(tied)} to {max(tied)}"
    assert f" {each} of {runs} runs" in said
    gru, lstm, rnn = (learned("parity, each step", c) for c in ("GRU", "LSTM", "RNN"))
    end = sum(learned("parity, at the end", cell) for cell in CELLS)
    assert (
        f"the GRU in {gru} and by the LSTM in {lstm} of {runs} runs where it is asked "
        f"at each step, by the plain RNN in {rnn}; asked at the end it is learned in "
        f"{end} of {4 * runs}, by any cell."
    ) in said


def test_whether_the_missing_output_gate_shows() -> None:
    tasks = {
        task: counts(np.concatenate([against_lstm(task, T, "GRU") for T in LENGTHS]))
        for task in TASKS
    }
    ahead, behind, level = (sum(each) for each in zip(*tasks.values(), strict=True))
    said = prose("09")
    assert (
        f"In {ahead} of {ahead + behind + level} pairs the GRU is ahead, in {behind} "
        f"behind, in {level} level."
    ) in said
    best = max(tasks, key=lambda task: tasks[task][0] - tasks[task][1])
    least = min(tasks, key=lambda task: tasks[task][0] - tasks[task][1])
    assert f"*{best}* ({tasks[best][0]} ahead, {tasks[best][1]} behind)" in said
    assert f"*{least}* ({tasks[least][0]} ahead, {tasks[least][1]} behind)" in said


@pytest.mark.parametrize(("task", "T"), GATE_TASKS)
def test_the_parts_that_are_missed_are_named(task: str, T: int) -> None:
    missed = [
        part
        for part in VARIANTS
        if part != "LSTM" and counts(against_lstm(task, T, part))[1] == SEEDS
    ]
    said = prose("09")
    place = said.index(f"Worse than the whole LSTM in {SEEDS} of {SEEDS} seeds")
    sentence = said[place : said.index("Without the tanh behind", place)]
    name = f"${task}$" if "^" in task else task
    (told,) = (part for part in sentence.split(";") if name in part)
    for part in VARIANTS:
        word = part.replace("no ", "")
        assert part == "LSTM" or (word in told) == (part in missed), part


def test_what_the_tanh_behind_the_cell_is_worth() -> None:
    found = [counts(against_lstm(task, T, "no output tanh")) for task, T in GATE_TASKS]
    worse, better = sum(each[1] for each in found), sum(each[0] for each in found)
    assert (
        f"it is worse in {worse} of {3 * SEEDS} runs, and better in {better}."
    ) in prose("09")


def test_the_first_place_under_three_ways_to_be_fair() -> None:
    tasks = ("adding", "temporal order", "echo")
    first: dict[str, set[str]] = {task: set() for task in tasks}
    for task, how in product(tasks, FAIR):
        middle = {c: np.median(scores(fair(task, 60, c, how))) for c in CELLS}
        first[task].add(max(CELLS, key=lambda cell: round(100 * float(middle[cell]))))
    stay = sum(len(cells) == 1 for cells in first.values())
    assert f"the same cell on {stay} of the three tasks" in prose("09")
