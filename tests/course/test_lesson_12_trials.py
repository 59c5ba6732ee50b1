"""What ten seeds make of the trainings of lesson 12, as often as the lesson says."""

from __future__ import annotations

import numpy as np
import pytest

from rnncourse.lesson_09.gym.grid import Entry, scores
from rnncourse.lesson_12.tracking import CELLS, HIDDEN, TASKS, TIMES, tracker
from rnncourse.lesson_12.trials import PAIRS, RULES, SIZE, ten_runs
from rnncourse.shared.trials import SEEDS
from rnnlib._typing import Array
from rnnlib.cells import MinLSTMCell
from rnnlib.tasks import FlipFlop

NEAR, FAR = TIMES.index(1), TIMES.index(100)


def shares(task: str, cell: str) -> Array:
    """Return the shares right (10, times)."""
    return ten_runs(f"{task}, T = 20, {cell}")[:, : len(TIMES)]


def right(task: str, cell: str, times: int) -> int:
    """Return in how many of ten seeds at least 99 % are right at T = 20."""
    return int((shares(task, cell)[:, TIMES.index(times)] >= 0.99).sum())


def test_a_minimal_gru_that_remembers_at_first_tells_the_order_of_two_marks() -> None:
    found = ten_runs("temporal order, T = 200, forget bias 4")[:, 0]
    assert (found > 0.99).sum() == 10


@pytest.mark.parametrize("T", [60, 200])
def test_one_that_forgets_half_at_each_step_is_at_chance(T: int) -> None:
    found = ten_runs(f"temporal order, T = {T}, forget bias 0")[:, 0]
    assert ((found > 0.2) & (found < 0.3)).all()


# recall


def test_the_delta_rule_holds_no_more_than_the_sum_but_can_be_set_right() -> None:
    mean = {rule: ten_runs(f"recall, {rule}").mean(axis=0) for rule in RULES}
    eight, again = PAIRS.index(8), len(PAIRS)
    assert (mean["delta"][PAIRS.index(4) : again] < mean["sum"][2 - 1 : again]).all()
    assert mean["sum"][eight] == pytest.approx(0.933, abs=0.01)
    assert mean["delta"][PAIRS.index(16)] == pytest.approx(0.826, abs=0.01)
    assert (ten_runs("recall, delta")[:, again] == 1).all()
    for rule in ("sum", "softmax"):
        assert mean[rule][again] == pytest.approx(0.75, abs=0.03)
    assert (ten_runs("recall, softmax")[:, :again] > 0.999).all()


def test_what_is_recalled_is_what_a_matrix_written_by_hand_recalls() -> None:
    rng = np.random.default_rng(100)
    keys = rng.standard_normal((50, 2, SIZE))
    keys /= np.sqrt((keys**2).sum(axis=2, keepdims=True))
    values = rng.choice([-1.0, 1.0], size=(50, 2, SIZE))
    hits = 0
    for k, v in zip(keys, values, strict=True):
        M = np.outer(k[0], v[0]) + np.outer(k[1], v[1])
        hits += int(((k @ M > 0) == (v > 0)).sum())
    assert ten_runs("recall, sum")[0, 0] == hits / values.size


# tracking a state


def test_a_tracker_has_the_cell_that_it_is_named_for() -> None:
    for task in TASKS:
        sizes = {
            cell: sum(
                array.size
                for array in tracker(task, cell, rng=np.random.default_rng(0))
                .parts["recurrent"]
                .params.values()
            )
            for cell in CELLS
        }
        D, H = TASKS[task][1], HIDDEN
        rnn = H * (D + H + 1)
        assert [*sizes.values()] == [2 * H * (D + 1)] * 2 + [rnn, 4 * rnn]


def test_every_trial_of_tracking_is_stored() -> None:
    for task in TASKS:
        for cell in CELLS:
            found = shares(task, cell)
            assert found.shape == (len(SEEDS), len(TIMES))
            assert ((found >= 0) & (found <= 1)).all()


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        ("a in (0, 1)", (0, 0, 0, 0)),
        ("a in (-1, 1)", (10, 10, 0, 0)),
        ("tanh RNN", (10, 10, 9, 9)),
        ("LSTM", (10, 10, 10, 10)),
    ],
)
def test_parity_is_tracked_in_so_many_seeds(cell: str, counts: tuple[int, ...]) -> None:
    assert tuple(right("parity", cell, times) for times in (1, 2, 5, 100)) == counts


def test_who_is_off_at_each_step_ends_as_a_guess() -> None:
    for cell in ("a in (0, 1)", "a in (-1, 1)"):
        assert abs(shares("parity", cell)[:, FAR] - 0.5).max() < 0.06
    assert shares("parity", "a in (0, 1)")[:, NEAR].max() < 0.6
    found = ten_runs("parity, T = 20, tanh RNN")
    lost = found[found[:, FAR] < 0.99]
    assert len(lost) == 1
    assert lost[0, -1] == found[:, -1].max() > 0.005  # the one that learned it least


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        ("a in (0, 1)", (0, 0, 0, 0)),
        ("a in (-1, 1)", (0, 0, 0, 0)),
        ("tanh RNN", (10, 10, 10, 6)),
        ("LSTM", (10, 10, 10, 9)),
    ],
)
def test_three_cups_are_tracked_in_so_many_seeds(
    cell: str, counts: tuple[int, ...]
) -> None:
    assert tuple(right("three cups", cell, times) for times in (1, 2, 5, 100)) == counts


def test_where_order_matters_a_number_that_turns_over_is_not_enough() -> None:
    near = {c: shares("three cups", c)[:, NEAR] for c in CELLS}
    assert near["a in (0, 1)"].max() < 0.5 < 0.6 < near["a in (-1, 1)"].min()
    assert near["a in (-1, 1)"].max() < 0.7
    for cell in ("a in (0, 1)", "a in (-1, 1)"):
        assert abs(shares("three cups", cell)[:, FAR] - 1 / 3).max() < 0.04


@pytest.mark.parametrize(
    "cell", ["minGRU", "minLSTM", "fast weights", "self-attention"]
)
def test_none_of_those_that_carry_linearly_leaves_chance_on_parity(cell: str) -> None:
    assert scores(Entry("parity, each step", 60, cell)).max() < 0.1


def test_attention_without_positions_knows_what_came_and_not_in_which_order() -> None:
    found = scores(Entry("temporal order", 60, "self-attention"))
    assert 0.6 < found.min() <= found.max() < 0.72  # two thirds: three of four right
    assert (scores(Entry("a^n b^n", 60, "self-attention")) > 0.99).all()


def test_a_matrix_holds_an_order_and_a_flip_flop_if_it_has_something_to_ask() -> None:
    assert (scores(Entry("temporal order", 60, "fast weights")) > 0.99).all()
    assert abs(scores(Entry("flip-flop", 60, "fast weights"))).max() < 0.05
    found = scores(Entry("flip-flop", 60, "fast weights and a 1"))
    assert 0.95 < found.min() <= np.median(found) < 0.975  # 96 and 97 of 100
    batch = FlipFlop(2, 60).sample(50, rng=np.random.default_rng(5))
    assert not batch.inputs[batch.mask].any()


def test_a_minimal_lstm_cannot_begin_with_a_long_memory() -> None:
    cell = MinLSTMCell(1, 4, rng=np.random.default_rng(0), forget_bias=40.0)
    _, cache = cell.forward(np.zeros((1, 1)), cell.initial_state(1))
    np.testing.assert_allclose(cache.w, 1 / 3, atol=1e-6)
    assert (scores(Entry("temporal order", 60, "minLSTM")) < 0.1).all()
    assert (scores(Entry("temporal order", 60, "minGRU")) > 0.99).all()
