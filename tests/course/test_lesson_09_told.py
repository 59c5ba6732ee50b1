"""What lesson 09 says of the gym is so in its grid, in as many seeds as it says."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from rnncourse.lesson_09 import zoo
from rnncourse.lesson_09.gym.cells import CELLS
from rnncourse.lesson_09.gym.grid import FAIR, Entry, fair, scores
from rnncourse.lesson_09.gym.tasks import LENGTHS, TASKS
from rnnlib._typing import Array
from tests.course.told import prose

SEEDS = len(scores(Entry("echo", 60, "RNN")))
NONE, ALL = 0, SEEDS
SAME = 0.02


def above(task: str, T: int, cell: str, share: float = 0.1) -> int:
    """Return in how many seeds a cell is above a share of the way."""
    return int((scores(Entry(task, T, cell)) > share).sum())


def ahead(task: str, T: int, cell: str, other: str = "LSTM") -> Array:
    """Return by how much a cell is ahead of another, seed by seed."""
    return np.asarray(scores(Entry(task, T, cell)) - scores(Entry(task, T, other)))


@pytest.mark.parametrize(
    ("task", "T", "cell", "seeds"),
    [
        ("adding", 60, "RNN", NONE),
        ("adding", 60, "GRU", ALL),
        ("adding", 60, "LSTM", NONE),
        ("adding", 60, "identity ReLU", ALL),
        ("temporal order", 60, "RNN", NONE),
        ("temporal order", 60, "GRU", NONE),
        ("temporal order", 60, "identity ReLU", ALL),
        ("temporal order", 60, "no output gate", NONE),
        ("temporal order", 60, "no output tanh", ALL),
        ("temporal order", 60, "coupled", ALL),
        ("temporal order", 60, "GRU, bias of z 1", ALL),
        ("temporal order", 60, "LSTM, bias of f 0", NONE),
        *(("echo", 100, cell, ALL) for cell in CELLS),
    ],
)
def test_in_all_seeds_or_in_none_a_cell_beats_chance(
    task: str, T: int, cell: str, seeds: int
) -> None:
    assert above(task, T, cell) == seeds


def test_in_some_seeds_the_lstm_learns_the_order_of_two_marks() -> None:
    assert 0 < above("temporal order", 60, "LSTM") < SEEDS
    late = sum(above("temporal order", 100, cell) for cell in CELLS)
    assert late <= SEEDS / 2
    assert "The LSTM learns it in some seeds" in prose("09")


def test_a_plain_recurrence_is_best_at_handing_on() -> None:
    assert (scores(Entry("echo", 100, "RNN")) > 0.99).all()
    for cell in ("LSTM", "GRU"):
        found = scores(Entry("echo", 100, cell))
        assert 0.4 < found.min() <= found.max() < 0.6


def test_where_all_tie_and_where_the_question_decides() -> None:
    for cell in CELLS:
        assert all(above("flip-flop", T, cell, 0.9) == SEEDS for T in LENGTHS)
        assert all(above("parity, at the end", T, cell) == NONE for T in LENGTHS)
    each = {
        cell: [above("parity, each step", T, cell, 0.9) for T in (10, 30, 60)]
        for cell in CELLS
    }
    assert each["GRU"] == [SEEDS] * 3
    assert sum(each["LSTM"]) > 2 * SEEDS
    assert each["RNN"][0] > 0
    assert each["RNN"][1:] == [0, 0]
    learned = scores(Entry("parity, at the end", 10, "RNN"))
    assert (learned < 0).all()


def test_neither_of_the_gated_cells_wins_throughout() -> None:
    tasks = {
        task: np.concatenate([ahead(task, T, "GRU") for T in LENGTHS]) for task in TASKS
    }
    net = {
        task: int((each > SAME).sum()) - int((each < -SAME).sum())
        for task, each in tasks.items()
    }
    assert max(net, key=net.__getitem__) == "adding"
    assert min(net, key=net.__getitem__) == "a^n b^n"
    every = np.concatenate([*tasks.values()])
    level = float((abs(every) <= SAME).mean())
    assert 0.55 < level < 0.65  # three of five
    assert 0.15 < float((every > SAME).mean()) < 0.35
    assert 0.15 < float((every < -SAME).mean()) < 0.35


def test_a_mixture_does_not_go_on_counting() -> None:
    assert not scores(Entry("a^n b^n", 10, "GRU")).any()
    assert above("a^n b^n", 10, "RNN", 0.4) == SEEDS - 1  # one of two strings
    assert above("a^n b^n", 10, "RNN", 0.6) == NONE
    assert (ahead("a^n b^n", 10, "GRU") < -0.3).all()


def test_what_is_missed_is_a_question_to_the_task() -> None:
    assert (ahead("flip-flop", 60, "no forget gate") < -SAME).all()
    assert (ahead("a^n b^n", 30, "no forget gate") > SAME).all()
    for part in ("no input gate", "no output gate"):
        assert above("temporal order", 60, part) == NONE
    assert above("temporal order", 60, "no forget gate", 0.9) == NONE
    assert above("temporal order", 60, "no output tanh", 0.9) == ALL
    behind = ahead("flip-flop", 60, "no output gate") < -SAME
    assert int(behind.sum()) == SEEDS - 1
    assert above("flip-flop", 60, "GRU", 0.99) == ALL


@pytest.mark.parametrize(
    ("task", "how"), [*product(("adding", "temporal order"), FAIR)]
)
def test_whatever_is_made_equal_a_dead_gradient_stays_dead(task: str, how: str) -> None:
    assert (scores(fair(task, 60, "RNN", how)) < 0.1).all()
    assert (scores(fair("echo", 60, "RNN", how)) > 0.99).all()


def test_more_of_everything_hardly_moves_the_order() -> None:
    for task in ("adding", "temporal order", "echo"):
        orders = []
        for how in FAIR:
            middle = {c: np.median(scores(fair(task, 60, c, how))) for c in CELLS}
            orders.append({c for c in CELLS if middle[c] > 0.5})
        assert all(order == orders[0] for order in orders)


@pytest.mark.parametrize("task", ["adding", "temporal order", "echo"])
def test_only_neighbours_change_places(task: str) -> None:
    places = []
    for how in FAIR:
        middle = {c: np.median(scores(fair(task, 60, c, how))) for c in CELLS}
        order = sorted(CELLS, key=lambda c: -middle[c])
        places.append([order.index(c) for c in CELLS])
    assert np.ptp(places, axis=0).max() <= 1


def test_loaded_weights_lose_much_where_z_is_exchanged_and_little_elsewhere() -> None:
    own, exchanged, elsewhere = zoo.ten_runs("loaded into another").T
    assert (own == 1).all()
    assert exchanged.max() < 0.75
    assert (elsewhere > exchanged).all()
    assert int((elsewhere == 1).sum()) == 2
    assert int((elsewhere > 0.9).sum()) == 8
