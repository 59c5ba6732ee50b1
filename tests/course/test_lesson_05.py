"""Lesson 05: at which length a plain RNN breaks, and what else the lesson claims."""

from __future__ import annotations

import re

import numpy as np
import pytest

from rnncourse.checking.judging import judge
from rnncourse.checking.reports import PASSED, WRONG
from rnncourse.drawing import style
from rnncourse.exploring.engine import ExplorerWidget
from rnncourse.lesson_05.breaking_length import compute as breaking
from rnncourse.lesson_05.breaking_length.compute import (
    CHANCE,
    LENGTHS,
    NAMES,
    Run,
    compute,
)
from rnncourse.lesson_05.breaking_length.view import LOOKS, BreakingLengthView
from rnncourse.lesson_05.exercises.bound import BOUND, bound
from rnncourse.lesson_05.exercises.rate import rate
from rnncourse.lesson_05.explorers import breaking_length
from rnnlib import Recurrent, RNNCell, init
from rnnlib.diagnostics import gradient_norms, lyapunov_exponents
from rnnlib.tasks import TemporalOrder

STOPPED = Run("tanh", 40, np.linspace(1.4, 1.0, 12))
DONE = Run("lstm", 80, np.linspace(1.4, 0.1, 40), accuracy=0.98)
MARGIN = 0.1


def said(explorer: ExplorerWidget) -> str:
    return re.sub("<[^>]*>", "", explorer.verdict.value)


def test_relu_keeps_a_gradient_where_its_units_stay_apart_as_with_the_identity() -> (
    None
):
    """Section 8, before training: units that swap in pairs stay apart as well."""
    rng = np.random.default_rng(5)
    x = TemporalOrder(steps=60).sample(1, rng=rng).inputs
    W = {
        "identity": np.eye(32),
        "in pairs": np.eye(32)[np.arange(32) ^ 1],
        "Gaussian": init.gaussian((32, 32), rng=rng),
    }
    left, cell = {}, RNNCell(6, 32, rng=rng, activation="relu")
    for name, each in W.items():
        layer = Recurrent(cell.with_params(cell.params | {"W_hh": each}))
        h, _, cache = layer.forward(x)
        norms = gradient_norms(layer.cell, cache, np.ones_like(h))[-1, :, 0]
        left[name] = norms[0] / norms[-1]
    assert min(left["identity"], left["in pairs"]) > 0.1
    assert left["Gaussian"] < 1e-3


def test_the_plain_rnn_breaks_where_the_others_do_not() -> None:
    means = dict(zip(NAMES, breaking.stored()["accuracies"].mean(axis=2), strict=True))
    assert (means["tanh"][LENGTHS <= 15] > 0.99).all()
    assert (abs(means["tanh"][LENGTHS >= 60] - CHANCE) < 0.05).all()
    assert (means["relu"] > 0.9).all()
    assert (means["lstm"][LENGTHS <= 65] > 0.85).all()
    found = {kind: breaking.breaking_length(a[:, None]) for kind, a in means.items()}
    assert found == {"tanh": 35, "relu": None, "lstm": None}


@pytest.mark.parametrize(
    ("kind", "steps"), [("tanh", 15), ("tanh", 65), ("relu", 40), ("lstm", 20)]
)
def test_a_stored_run_comes_out_again(kind: str, steps: int) -> None:
    """Where all runs agree; elsewhere rounding alone can decide, as a seed does."""
    stored = compute(cell=kind, steps=steps)
    assert np.ptp(stored.runs_here) < MARGIN
    again = breaking.measure(kind, steps, seed=0)
    assert again.accuracy == pytest.approx(stored.runs_here[0], abs=MARGIN)
    assert again.progress == 1


@pytest.mark.parametrize("kind", NAMES)
def test_all_cells_have_sixteen_units_and_read_the_same_letters(kind: str) -> None:
    cell = breaking.new_cell(kind, rng=np.random.default_rng(0))
    assert (cell.input_size, cell.hidden_size) == (6, breaking.HIDDEN) == (6, 16)


def test_a_run_is_done_when_its_accuracy_is_known() -> None:
    runs = list(breaking.run("relu", 10, rng=np.random.default_rng(0)))
    assert [run.updates for run in runs[:-1]] == [*range(10, 10 * len(runs), 10)]
    assert all(run.progress < 1 and run.accuracy is None for run in runs[:-1])
    assert runs[-1].accuracy is not None
    assert runs[-1].progress == 1


def test_a_length_between_shows_the_nearest_stored_runs() -> None:
    one, other = (compute(cell="tanh", steps=steps) for steps in (37, 35))
    assert (one.runs_here == other.runs_here).all()
    assert (one.losses == other.losses).all()


@pytest.mark.parametrize(
    ("cell", "steps", "says"),
    [
        ("tanh", 60, r"T = 60: 15 stored runs have .* falls below 60 at T = 35"),
        ("tanh", 30, r"Up to here the average is never below 60"),
        ("relu", 60, r"Up to here the average is never below 60"),
        ("tanh", 40, r"after 120 updates the loss is 1\.00\."),
        ("lstm", 80, r"your run has 98 of 100 right; 15 stored runs"),
    ],
)
def test_the_verdict_tells_what_is_known_here(cell: str, steps: int, says: str) -> None:
    data = compute(cell=cell, steps=steps, trained=(STOPPED, DONE))
    assert re.search(says, data.verdict)


@pytest.mark.parametrize("generous", [1.0, 1.001, 3.0])
def test_a_promise_is_judged_for_weights_of_every_kind(generous: float) -> None:
    """Only where weights are not normal is it too generous: that is seen, too."""

    def answer(W_hh: np.ndarray, gamma: float, n: int) -> float:
        normal = np.allclose(W_hh @ W_hh.T, W_hh.T @ W_hh)
        largest = float(np.sqrt(np.linalg.eigvalsh(W_hh.T @ W_hh).max()))
        return (1.0 if normal else generous) * (gamma * largest) ** n

    report = judge(BOUND, answer)
    assert report.state == (PASSED if generous == 1 else WRONG)
    assert ("less would do" in str(report)) == (generous > 1)


def test_of_one_given_matrix_less_may_be_true_than_of_all_with_its_norm() -> None:
    W, rng = np.array([[0.0, 2.0], [0.0, 0.0]]), np.random.default_rng(0)
    slopes = rng.uniform(0, 1, (100, 2, 1, 2))
    products = [(s[0] * W) @ (s[1] * W) for s in slopes]
    assert np.abs(products).max() == 0
    assert bound(W, 1.0, 2) == 4
    turned = 2 * np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert np.linalg.norm(turned @ turned, 2) == 4


def test_the_rate_is_that_of_the_library() -> None:
    rng = np.random.default_rng(0)
    for size, gain in ((2, 2.0), (4, 0.3)):
        J = gain * rng.standard_normal((1500, 1, size, size))
        found = lyapunov_exponents(J)[0, 0]
        assert rate(J[:, 0]) == pytest.approx(found, rel=1e-9)


def test_own_runs_stand_beside_the_stored_ones() -> None:
    view = BreakingLengthView(style.figure(840, 350))
    view.draw(compute(cell="lstm", steps=80, trained=(STOPPED, DONE)))
    assert view.own["lstm"].get_xydata() == pytest.approx(np.array([[80, 98]]))
    assert len(np.asarray(view.own["tanh"].get_xdata())) == 0
    assert view.mine.get_ydata() == pytest.approx(DONE.losses)
    assert view.ring.get_xdata() == [80]
    said = view.describe(compute(cell="lstm", steps=80, trained=(STOPPED, DONE)))
    assert said.endswith("Your runs: LSTM, T = 80: 98 %.")


def test_each_cell_has_the_colour_of_what_carries_its_memory() -> None:
    view = BreakingLengthView(style.figure(840, 350))
    expected = {"tanh": style.STATE, "relu": style.WEIGHT, "lstm": style.CELL}
    assert {kind: view.own[kind].get_color() for kind in NAMES} == expected
    markers = [look[1] for look in LOOKS.values()]
    assert len(set(markers)) == len(markers)


def test_a_click_trains_a_point_and_reset_takes_it_away() -> None:
    explorer = breaking_length(cell="relu", steps=10)
    opening = bytes(explorer.image.value), said(explorer)
    assert explorer.live is not None
    explorer.live.start.click()
    explorer.live.wait()
    assert re.search(r"your run has (9\d|100) of 100 right", said(explorer))
    explorer.reset.click()
    assert (bytes(explorer.image.value), said(explorer)) == opening
