"""Connectivity and Switch off at every corner, against a second computation."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_13.connectivity import compute as reach
from rnncourse.lesson_13.explorers import connectivity, switch_off
from rnncourse.lesson_13.held import directions, states_of, texts
from rnncourse.lesson_13.nets import brackets
from rnncourse.lesson_13.switch_off import compute as off
from rnncourse.lesson_13.switch_off.losses import DIRECTIONS, PLACES, SHOWN, STORED
from rnncourse.shared.open_brackets import depths, quoted
from rnnlib import log_softmax
from rnnlib._typing import Array
from tests.course.verdicts import (
    NUMBER,
    corners_of,
    opened,
    parts,
    shows,
    shows_fixed,
)

SYMBOLS = reach.SYMBOLS


def every(explorer: Any) -> list[dict[str, Any]]:
    """Return the values at all corners, at the opening and after each preset."""
    presets = [{}, *explorer.presets.values()]
    return [*corners_of(explorer), *(opened(explorer, preset) for preset in presets)]


# connectivity


def ln_p(x: Array, target: int) -> Array:
    """Return ln p of a symbol after inputs (T, N, 7), (N,)."""
    found: Array = log_softmax(brackets().logits(x)[0])[-1, :, target]
    return found


@cache
def measured(text: str) -> tuple[float, int, dict[str, Array]]:
    """Return p and the answer, and the three measures by finite differences."""
    whole = np.eye(7)[[SYMBOLS.index(s) for s in text]][:, None]  # (T, 1, 7)
    p = np.exp([ln_p(whole, k)[0] for k in range(7)])
    target, T, eps = int(p.argmax()), len(text), 1e-5
    without = np.repeat(whole, T, axis=1)
    without[np.arange(T), np.arange(T)] = 0
    falls = ln_p(whole, target) - ln_p(without, target)
    nudges = np.zeros((T, 7 * T, 7))
    for n in range(7 * T):
        nudges[n // 7, n, n % 7] = eps

    def slopes(x: Array) -> Array:
        up, down = (ln_p(x + sign * nudges, target) for sign in (1, -1))
        slope: Array = (up - down).reshape(T, 7) / (2 * eps)
        return slope

    nodes, weights = np.polynomial.legendre.leggauss(reach.POINTS)
    way = [
        w / 2 * slopes((n + 1) / 2 * whole) for n, w in zip(nodes, weights, strict=True)
    ]
    grown = (sum(way) * whole[:, 0]).sum(axis=1)
    rows = np.linalg.norm(slopes(whole), axis=1), grown, falls
    return float(p[target]), target, dict(zip(reach.MEASURES, rows, strict=True))


SAID = (
    r"After (?P<read>\d+) symbols? the net says “(?P<target>.)” with (?P<p>[\d.]+ %)\. "
    r"Strongest by (?P<strongest>.*?\))\.(?P<note>.*)"
)


@pytest.mark.parametrize("values", every(connectivity), ids=str)
def test_connectivity_says_what_reaches_the_answer(values: dict[str, Any]) -> None:
    data = reach.compute(**values)
    seen = parts(SAID, data.verdict)
    known = [s for s in values["text"] if s in SYMBOLS][: reach.LONGEST] or ["a"]
    read = known[: values["read"]]
    assert int(seen["read"]) == len(read)
    p, target, rows = measured("".join(read))
    assert SYMBOLS[target] == seen["target"]
    assert shows(seen["p"], p)
    told = re.findall(rf"([a-z ]+) “(.)” at (\d+) \(({NUMBER})\)", seen["strongest"])
    assert [name.removeprefix(" by ") for name, *_ in told] == [*rows]
    for (_, symbol, place, value), row in zip(told, rows.values(), strict=True):
        n = int(place) - 1
        assert read[n] == symbol
        assert shows_fixed(value, row[n])
        assert abs(row[n]) > abs(row).max() - 1e-4
    strange = {s for s in values["text"] if s not in SYMBOLS}
    assert all(s in seen["note"] for s in strange)
    assert ("after 18" in seen["note"]) == (len(values["text"]) > 25)


def test_the_table_has_a_row_for_each_answer_and_nothing_of_what_comes_later() -> None:
    for measure in reach.MEASURES:
        data = reach.compute(text="(ab[a", read=5, measure=measure)
        for t in range(5):
            row = measured("(ab[a"[: t + 1])[2][measure]
            np.testing.assert_allclose(
                data.table[t, : t + 1], row / abs(row).max(), atol=2e-5
            )
            assert np.isnan(data.table[t, t + 1 :]).all()


def test_the_picture_of_connectivity_shows_the_numbers() -> None:
    explorer = connectivity(text="(ab", read=3, measure="occlusion")
    view: Any = explorer.view
    rows = measured("(ab")[2]
    expected = [value for row in rows.values() for value in row]
    for text, value in zip(view.numbers.get_texts(), expected, strict=True):
        assert shows_fixed(text, value, 1)
    assert view.text.get_texts()[:3] == ("(", "a", "b")
    cells = view.rows.get_cells()
    assert cells.shape == (3, reach.LONGEST, 4)
    assert (cells[:, :3, 3] == 255).all()
    assert not cells[:, 3:, 3].any()


# switch off


HELD = (
    r"Held at its mean, unit (?P<unit>\d+), number (?P<rank>\d+) of 24, costs "
    rf"(?P<one>{NUMBER}) bits per symbol; (?P<name>.*) costs (?P<other>{NUMBER}), "
    rf"(?P<ratio>{NUMBER}) times as much, and most at (?P<where>.*): "
    rf"(?P<most>{NUMBER})\."
)


@cache
def raw() -> dict[str, Array]:
    with np.load(STORED) as file:
        return {name: file[name] for name in file.files if name != "header"}


@pytest.mark.parametrize("values", every(switch_off), ids=str)
def test_switch_off_says_what_is_lost(values: dict[str, Any]) -> None:
    seen = parts(HELD, off.compute(**values).verdict)
    rises = raw()["losses"] - raw()["losses"][0]
    unit, rank = int(seen["unit"]), int(seen["rank"])
    one = rises[unit]
    assert rank == values["rank"] == 1 + (rises[1:25, 0] > one[0]).sum()
    other = rises[25 + [*DIRECTIONS].index(values["direction"])]
    assert seen["name"] == DIRECTIONS[values["direction"]]
    assert shows_fixed(seen["one"], one[0], 3)
    assert shows_fixed(seen["other"], other[0], 3)
    assert shows(seen["ratio"], other[0] / one[0])
    place = seen["where"].removesuffix(" outside quotes")
    worst = {"symbols in quotes": "in a quote"}.get(place, place)
    assert shows_fixed(seen["most"], other[1:].max())
    assert other[PLACES.index(worst)] == other[1:].max()


def costs_held(u: Array, at: Array) -> Array:
    """Return what each symbol of the texts costs with the state held, step by step."""
    net, batch = brackets(), texts("held_out")
    cell, u = net.parts["recurrent"].cell, u / np.linalg.norm(u)
    state, hidden = cell.initial_state(batch.inputs.shape[1]), []
    for tokens in batch.inputs:
        h = cell.forward(tokens, state)[0].h
        state = cell.State(h - np.outer((h - at) @ u, u))
        hidden.append(state.h)
    y = np.array(hidden) @ net.params["output.W_hy"] + net.params["output.b_y"]
    y = y - y.max(axis=-1, keepdims=True)
    p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
    taken = np.take_along_axis(p, batch.targets[..., None], axis=-1)
    found: Array = -np.log2(taken[..., 0])
    return found


def test_the_stored_losses_are_those_of_a_run_that_is_held_by_hand() -> None:
    net, batch = brackets(), texts("held_out")
    h = states_of(net, texts("train"))
    at, known = h.mean(axis=(0, 1)), directions(net)
    held = {
        24: np.eye(24)[23],
        7: np.eye(24)[6],
        25: known["quote"].probe.weights,
        28: known["depth"].moves,
    }
    depth, quote = depths(batch.inputs), quoted(batch.inputs)
    for place, u in held.items():
        found = costs_held(u, at)
        expected = [
            found.mean(),
            found[quote].mean(),
            *(found[(depth == d) & ~quote].mean() for d in range(5)),
        ]
        np.testing.assert_allclose(raw()["losses"][place], expected, rtol=1e-6)
        shown = [
            np.flatnonzero((batch.inputs == text[:, None]).all(axis=0))[0]
            for text in raw()["read"].T
        ]
        costs = found[:, shown]
        np.testing.assert_allclose(raw()["costs"][place], costs, rtol=1e-4, atol=1e-5)


def test_the_bars_of_switch_off_are_the_stored_rises() -> None:
    explorer = switch_off(rank=3, direction="quote, moving", example=SHOWN)
    view: Any = explorer.view
    rises = raw()["losses"] - raw()["losses"][0]
    scores = np.sort(rises[1:25, 0])[::-1]
    np.testing.assert_allclose(view.units.get_heights(), scores)
    np.testing.assert_allclose(view.chosen.get_heights()[2], scores[2])
    assert (view.chosen.get_heights() > 0).sum() == 1
    np.testing.assert_allclose(view.where_direction.get_heights(), rises[26])
    np.testing.assert_allclose(view.level.get_ydata(), [rises[26, 0]] * 2)
    letters = [SYMBOLS[k] for k in raw()["next"][:, SHOWN - 1]]
    assert [*view.text.get_texts()] == letters
