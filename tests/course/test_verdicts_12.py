"""Verdicts of lesson 12 at every corner, against a second computation."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_12.explorers import parity_trial, three_ways
from rnncourse.lesson_12.parity_trial import compute as trial
from rnncourse.lesson_12.three_ways import compute as ways
from rnncourse.lesson_12.three_ways.times import (
    LENGTHS,
    STORED,
    WAYS,
    WIDTHS,
    by_matrix,
    drawn,
)
from rnncourse.lesson_12.tracking import CELLS, TIMES, Cups
from rnncourse.lesson_12.trials import ten_runs
from tests.course.verdicts import NUMBER, corners_of, opened, parts, shows


def every(explorer: Any) -> list[dict[str, Any]]:
    """Return the values at all corners, at the opening and after each preset."""
    presets = [{}, *explorer.presets.values()]
    return [*corners_of(explorer), *(opened(explorer, preset) for preset in presets)]


@cache
def raw(path: Any) -> dict[str, np.ndarray]:
    with np.load(path) as file:
        return {name: file[name] for name in file.files if name != "header"}


# loop, scan, matrix


THREE = (
    rf"T = (?P<T>\d+), width (?P<width>\d+): loop (?P<loop>{NUMBER}) ms, "
    rf"scan (?P<scan>{NUMBER}) ms(?:, matrix (?P<matrix>{NUMBER}) ms)?\. "
    rf"The scan takes (?P<ratio>{NUMBER}) times as long as the loop\."
    rf"(?: Its matrices would take (?P<size>{NUMBER}) GiB: not tried\.)? "
    rf"The states differ by at most (?P<apart>{NUMBER})\."
)


@pytest.mark.parametrize("values", every(three_ways), ids=str)
def test_the_three_ways_say_what_was_measured(values: dict[str, Any]) -> None:
    seen = parts(THREE, ways.compute(**values).verdict)
    T, width = values["steps"], values["width"]
    assert (int(seen["T"]), int(seen["width"])) == (T, width)
    arrays = raw(STORED)
    place = LENGTHS.index(T), WIDTHS.index(width)
    loop, scan, matrix = (float(each[place]) for each in arrays["times"])
    assert shows(seen["loop"], loop)
    assert shows(seen["scan"], scan)
    assert shows(seen["ratio"], scan / loop)
    assert shows(seen["apart"], float(arrays["apart"][place]), 1)
    if T * T * width <= 2**22:
        assert shows(seen["matrix"], matrix)
        assert "size" not in seen
    else:
        assert np.isnan(matrix)
        assert "matrix" not in seen
        assert shows(seen["size"], T * T * width * 8 / 1024**3)


def test_the_stored_ways_agree_and_the_scan_wins_where_it_should() -> None:
    arrays = raw(STORED)
    assert arrays["apart"].max() < 1e-12
    loop, scan, matrix = arrays["times"]
    narrow, wide = WIDTHS.index(16), WIDTHS.index(1024)
    assert loop[-1, narrow] > 5 * scan[-1, narrow]
    assert loop[-2, wide] < 1.3 * scan[-2, wide]
    tried = ~np.isnan(matrix)
    sizes = np.multiply.outer(np.square(LENGTHS), WIDTHS)
    np.testing.assert_array_equal(tried, sizes <= 2**22)


@pytest.mark.parametrize("steps", [1, 5, 60])
def test_the_three_ways_are_the_equation(steps: int) -> None:
    a, b, h_0 = drawn(steps, 3, seed=steps)
    state, expected = h_0, []
    for a_t, b_t in zip(a, b, strict=True):
        state = a_t * state + b_t
        expected.append(state)
    for way in WAYS.values():
        np.testing.assert_allclose(way(a, b, h_0), expected, rtol=0, atol=1e-12)


def test_the_matrix_that_is_shown_is_the_one_that_computes() -> None:
    for steps in LENGTHS:
        shown = ways.compute(steps=steps, width=16).matrix
        n = min(steps, 64)
        assert shown.shape == (n, n)
        a = drawn(n, 1)[0]
        for s in {0, n // 2, n - 1}:
            b = np.zeros((n, 1))
            b[s] = 1
            column = by_matrix(a, b, np.zeros(1))[:, 0]
            np.testing.assert_allclose(shown[:, s], column, atol=1e-12)


def test_no_more_is_drawn_than_was_asked_for() -> None:
    explorer = three_ways()
    view: Any = explorer.view
    for steps in LENGTHS:
        explorer.set(steps=steps, width=16)
        times = raw(STORED)["times"][:, : LENGTHS.index(steps) + 1, WIDTHS.index(16)]
        for line, found in zip(view.lines.values(), times, strict=True):
            tried = found[np.isfinite(found)]
            np.testing.assert_allclose(line.get_ydata(), tried)
            np.testing.assert_allclose(line.get_xdata(), LENGTHS[: len(tried)])
        here = times[:, -1]
        np.testing.assert_allclose(view.points.get_ydata(), here[np.isfinite(here)])


# the parity trial


COUNT = r"(?P<{}>\d+)"
COUNTS = ", ".join(
    re.escape(cell) + " " + COUNT.format(f"n{k}") for k, cell in enumerate(CELLS)
)
TRIAL = (
    r"Learned at T = 20, asked at T = (?P<asked>[\d,]+)\. "
    rf"So many of 10 seeds have at least 99 % right: {COUNTS}\. Right answers of "
    r"(?P<cell>.+): (?P<span>[\d.]+(?: to [\d.]+)? %); of a guess: (?P<chance>\d+) %\."
)


@pytest.mark.parametrize("values", every(parity_trial), ids=str)
def test_the_trial_says_what_the_runs_have_right(values: dict[str, Any]) -> None:
    seen = parts(TRIAL, trial.compute(**values).verdict)
    assert int(seen["asked"].replace(",", "")) == 20 * values["times"]
    arrays = raw(ten_runs.place)
    column = TIMES.index(values["times"])
    for k, cell in enumerate(CELLS):
        rows = arrays[f"{values['task']}, T = 20, {cell}"][:, column]
        assert int(seen[f"n{k}"]) == sum(float(share) >= 0.99 for share in rows)
        if cell == values["cell"]:
            ends = [float(n) for n in re.findall(r"[\d.]+", seen["span"])]
            assert abs(ends[0] - 100 * rows.min()) <= 0.5001
            assert abs(ends[-1] - 100 * rows.max()) <= 0.5001
    assert seen["cell"] == values["cell"]
    assert int(seen["chance"]) == {"parity": 50, "three cups": 33}[values["task"]]


def test_an_own_run_is_told_beside_the_stored_ones() -> None:
    values: dict[str, Any] = {"task": "parity", "cell": "LSTM"}
    look = {**values, "times": 5}
    stored = trial.compute(**look).verdict
    begun = trial.Run(**values, shares=(), progress=0.3)
    done = trial.Run(**values, shares=(1, 1, 0.7, 0.6, 0.5, 0.5, 0.5), progress=1.0)
    other = trial.Run(**{**values, "cell": "tanh RNN"}, shares=(1.0,) * 7, progress=1.0)
    for trained, words in (
        ((other,), ""),
        ((begun,), " Yours is under way."),
        ((begun, done, other), " Yours has 70 % right."),
    ):
        assert trial.compute(**look, trained=trained).verdict == stored + words


def test_the_dots_of_the_trial_are_the_shares() -> None:
    explorer = parity_trial(cell="a in (-1, 1)", times=10)
    view: Any = explorer.view
    for k, cell in enumerate(CELLS):
        found = raw(ten_runs.place)[f"parity, T = 20, {cell}"]
        shown = np.maximum(100 * found[:, : len(TIMES)], 26)
        np.testing.assert_allclose(view.dots[k].get_ydata(), shown[:, TIMES.index(10)])
        assert abs(view.dots[k].get_xdata().mean() - k) < 1e-12
        if cell == "a in (-1, 1)":
            for line, row in zip(view.seeds, shown, strict=True):
                np.testing.assert_allclose(line.get_ydata(), row[: TIMES.index(10) + 1])


def test_the_pea_is_where_the_swaps_have_put_it() -> None:
    batch = Cups(40).sample(30, rng=np.random.default_rng(1))
    for b in range(30):
        cups = ["pea", "", ""]
        for t, move in enumerate(batch.inputs[:, b]):
            if move:
                cups[move - 1], cups[move] = cups[move], cups[move - 1]
            assert cups[batch.targets[t, b]] == "pea"
    assert {*batch.inputs.flat} == {0, 1, 2}


def test_a_network_is_trained_live_until_it_is_told_to_stop() -> None:
    explorer = parity_trial(cell="tanh RNN", times=2)
    assert explorer.live is not None
    explorer.live.start.click()
    explorer.live.stop.click()
    explorer.live.wait()
    begun: Any = explorer.live.records
    assert all(record.shares == () for record in begun)


def test_a_run_that_ends_has_its_shares() -> None:
    *_, last = trial.run(
        task="parity", cell="a in (-1, 1)", rng=np.random.default_rng(3)
    )
    assert last.progress == 1
    assert len(last.shares) == len(TIMES)
    assert last.shares[TIMES.index(1)] > 0.95
    assert last.shares[TIMES.index(100)] < 0.6
