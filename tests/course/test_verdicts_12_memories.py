"""What lesson 12's scan tree, fast weights and memory meter say, counted anew."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from rnncourse.drawing import style
from rnncourse.lesson_12.explorers import fast_weights, memory_meter, scan_tree
from rnncourse.lesson_12.fast_weights import compute as fast
from rnncourse.lesson_12.fast_weights.view import FastWeightsView
from rnncourse.lesson_12.memory_meter import compute as meter
from rnncourse.lesson_12.memory_meter.view import MemoryMeterView
from rnncourse.lesson_12.scan_tree import compute as tree
from rnncourse.lesson_12.scan_tree.view import NODES, ScanTreeView
from rnnlib._typing import Array
from tests.course.verdicts import (
    NUMBER,
    corners_of,
    opened,
    parts,
    shows,
    shows_fixed,
)

# scan tree

TREE = (
    r"After (?P<passes>\d) pass(es)?, step (?P<t>\d+) stands for (steps (?P<first>\d+) "
    r"to (?P<last>\d+)|step (?P<only>\d+) alone): (nothing is missing|(?P<missing>\d+) "
    r"still missing)\. (?P<pairs>\d+) pairs? put together so far\.( All (?P<steps>\d+) "
    r"states are there; a loop puts together (?P<loop>\d+), one after the other\.)?"
)


def walked(steps: int, passes: int) -> tuple[list[set[int]], int, int]:
    """Return what each step has met, how often two were joined, and passes made."""
    held = [{t} for t in range(1, steps + 1)]
    joined, made = 0, 0
    for number in range(passes):
        reach = 2**number
        if reach >= steps:
            break
        after = []
        for place, own in enumerate(held):
            joined += place >= reach
            after.append(own | held[place - reach] if place >= reach else own)
        held, made = after, made + 1
    return held, joined, made


@pytest.mark.parametrize("steps", range(2, 17))
def test_the_scan_tree_says_who_has_met(steps: int) -> None:
    for passes in range(6):
        held, joined, made = walked(steps, passes)
        done = all(own == {*range(1, t + 1)} for t, own in enumerate(held, start=1))
        for t in (1, 2, steps // 2 + 1, steps, 16):
            seen = parts(TREE, tree.compute(steps=steps, passes=passes, t=t).verdict)
            own = held[min(t, steps) - 1]
            first = int(seen.get("first") or seen["only"])
            assert {*range(first, min(t, steps) + 1)} == own
            assert int(seen["t"]) == min(t, steps) == max(own)
            assert int(seen.get("missing", 0)) == min(t, steps) - len(own)
            assert (int(seen["passes"]), int(seen["pairs"])) == (made, joined)
            assert ("steps" in seen) == done
            assert not done or int(seen["loop"]) == int(seen["steps"]) - 1 == steps - 1


def test_the_scan_tree_lights_what_has_gone_in() -> None:
    view = ScanTreeView(style.figure(*ScanTreeView.size))
    data = tree.compute(steps=13, passes=3, t=10)
    view.draw(data)
    inputs = {t for t, passes in data.met if passes == 0}
    assert inputs == walked(13, 3)[0][9]
    texts = dict(zip(NODES, view.ranges.get_texts(), strict=True))
    assert (texts[10, 3], texts[10, 2], texts[2, 3]) == ("3-10", "7-10", "1-2")
    assert not any(texts[t, p] for t, p in NODES if t > 13 or p > 3)
    assert len(view.lit.get_segments()) == len(
        [1 for node in data.met for _ in range(2 if data.partner(node) else 1)]
    ) - len(inputs)


def test_the_scan_tree_opens_before_the_first_pass() -> None:
    data = tree.compute(**opened(scan_tree, {}))
    assert data.passes == 0
    assert data.needed > 2


# fast weights

FAST = (
    r"(?P<rule>Sum|Decay|Delta|Softmax), (?P<pairs>\d+) pairs? with "
    r"(random keys|keys at right angles)(?P<again>, then the first key again,)? in "
    r"(?P<kind>a table|a 16 × 16 matrix): of (?P<what>all bits|that key's new bits) "
    r"(?P<share>\d+) % come back right on average over 20 draws "
    r"\((?P<low>\d+)( to (?P<high>\d+))? %\)\."
)


def remembered(values: dict[str, Any], draw: int) -> float:
    """Return the share of right bits of one draw, pair by pair and bit by bit."""
    keys, bits, other = (array[draw] for array in fast.drawn(values["keys"]))
    pairs = [(keys[k], bits[k]) for k in range(values["pairs"])]
    asked = [*pairs]
    if values["again"]:
        pairs, asked = [*pairs, (keys[0], other)], [(keys[0], other)]
    M = np.zeros((16, 16))
    for key, value in pairs:
        known = sum(key[i] * M[i] for i in range(16))
        if values["rule"] == "decay":
            M = 0.9 * M
        M = M + np.outer(key, value - known if values["rule"] == "delta" else value)
    right = 0
    for key, value in asked:
        if values["rule"] == "softmax":
            weights = [math.exp(16 * float(key @ k)) for k, _ in pairs]
            back: Array = sum(
                w * v / sum(weights) for w, (_, v) in zip(weights, pairs, strict=True)
            )
        else:
            back = M.T @ key
        right += int((back * value > 1e-9).sum())
    return right / (16 * len(asked))


def test_fast_weights_say_what_comes_back() -> None:
    places = [*corners_of(fast_weights)]
    places += [opened(fast_weights, preset) for preset in fast_weights.presets.values()]
    for values in places:
        data = fast.compute(**values)
        shares = [remembered(values, draw) for draw in range(20)]
        assert data.shares == pytest.approx(shares)
        seen = parts(FAST, data.verdict)
        assert seen["rule"].lower() == values["rule"]
        assert int(seen["pairs"]) == values["pairs"]
        assert ("again" in seen) == values["again"] == ("new" in seen["what"])
        assert (seen["kind"] == "a table") == (values["rule"] == "softmax")
        assert shows_fixed(seen["share"], 100 * float(np.mean(shares)), 0)
        assert shows_fixed(seen["low"], 100 * min(shares), 0)
        assert shows_fixed(seen.get("high", seen["low"]), 100 * max(shares), 0)


def test_sixteen_keys_at_right_angles_fit_and_a_seventeenth_does_not() -> None:
    for rule in ("sum", "decay", "delta"):
        for pairs, all_right in ((1, True), (9, True), (16, True), (17, False)):
            data = fast.compute(
                pairs=pairs, rule=rule, keys="at right angles", again=False
            )
            assert (data.shares.min() == 1) == all_right
            exact = abs(data.agreement - 1).max() < 1e-9
            assert exact == (all_right and (rule != "decay" or pairs == 1))
    for n in range(1, fast.MOST + 1):
        for keys in fast.KEYS:
            table = fast.compute(pairs=n, rule="softmax", keys=keys, again=False)
            assert table.shares.min() > 0.995


def test_the_delta_rule_alone_recalls_all_of_what_was_written_again() -> None:
    for keys in fast.KEYS:
        found = {rule: fast.curves(keys, True)[k] for k, rule in enumerate(fast.RULES)}
        assert (found["delta"] == 1).all()
        assert (found["sum"] < 0.8).all()
        assert (found["softmax"] < 0.81).all()


def test_fast_weights_draw_no_curve_beyond_what_is_asked() -> None:
    view = FastWeightsView(style.figure(*FastWeightsView.size))
    data = fast.compute(pairs=9, rule="delta", keys="random", again=False)
    view.draw(data)
    for k, rule in enumerate(fast.RULES):
        x, y = view.curves[rule].get_data()
        assert [*np.asarray(x)] == [*range(1, 10)]
        assert np.asarray(y) == pytest.approx(data.curves[k, :9])
    assert view.cells.get_cells().shape == (9, 16, 4)
    assert opened(fast_weights, {})["pairs"] == 1


@pytest.mark.parametrize("pairs", range(1, 17))
def test_bits_that_cancel_are_described_as_wrong(pairs: int) -> None:
    """Where a key's old and new bits differ, their sum is 0 but for rounding."""
    view = FastWeightsView(style.figure(*FastWeightsView.size))
    keys = "at right angles"
    data = fast.compute(pairs=pairs, rule="sum", keys=keys, again=True)
    _, bits, other = (array[0] for array in fast.drawn(keys))
    assert f"wrong bits: {(bits[0] != other).sum()}." in view.describe(data)


# memory meter

METER = (
    r"After (?P<tokens>[\d,]+) tokens? the table of attention has (?P<table>\S+) "
    rf"(?P<unit>bytes|kB|MB|GB), (?P<share>{NUMBER}) times the matrix "
    r"\((?P<matrix>\S+) (?P<matrix_unit>bytes|kB|MB|GB)\); the minGRU has "
    r"(?P<state>\S+) (?P<state_unit>bytes|kB|MB|GB)\. The next token takes "
    rf"(?P<cost>{NUMBER}) times the multiplications of the matrix\."
)
UNITS = {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


def test_the_memory_meter_says_what_the_arrays_have() -> None:
    places = [*corners_of(memory_meter)]
    places += [opened(memory_meter, preset) for preset in memory_meter.presets.values()]
    for values in places:
        T, d = round(values["tokens"]), values["width"]
        seen = parts(METER, meter.compute(**values).verdict)
        assert int(seen["tokens"].replace(",", "")) == T
        sizes = {"table": 8 * T * d, "matrix": 4 * d * d, "state": 4 * d}
        for name, unit in zip(
            sizes, ("unit", "matrix_unit", "state_unit"), strict=True
        ):
            shown = float(seen[name]) * UNITS[seen[unit]]
            assert shown == pytest.approx(sizes[name], rel=0.051)
        assert shows(seen["share"], 2 * T / d)
        assert shows(seen["cost"], (3 * d + 2 * T) / (6 * d + 2))


class Counting:
    """Products of small arrays that add up how often two numbers were multiplied."""

    def __init__(self) -> None:
        self.total = 0

    def product(self, x: Array, W: Array) -> Array:
        self.total += x.size * W.shape[1]
        return x @ W

    def entries(self, a: Array, b: Array) -> Array:
        self.total += np.broadcast(a, b).size
        return a * b


def test_the_multiplications_are_those_of_the_equations() -> None:
    """One token of each layer, written out, with T tokens for the table."""
    T, d = 7, 5
    x, h, K, V, M = (np.ones(s) for s in ((1, d), (1, d), (T, d), (T, d), (d, d)))
    W = np.ones((d, d))
    found = {}
    for kind in meter.KINDS:
        c = Counting()
        if kind == "LSTM":
            i, f, o, g = (c.product(x, W) + c.product(h, W) for _ in range(4))
            cell = c.entries(f, h) + c.entries(i, g)
            c.entries(o, cell)
        elif kind == "minGRU":
            z, n = (c.product(x, W) for _ in range(2))
            _ = c.entries(1 - z, h) + c.entries(z, n)
        elif kind == "matrix":
            k, v, q, rate = *(c.product(x, W) for _ in range(3)), c.product(x, W[:, :1])
            error = c.entries(rate, v - c.product(k, M))
            c.product(q, M + c.entries(k.T, error))
        else:
            q, *_ = (c.product(x, W) for _ in range(3))
            c.product(c.product(q, K.T), V)
        found[kind] = c.total
    assert found == {kind: meter.multiplications(kind, T, d) for kind in meter.KINDS}


@pytest.mark.parametrize("width", [16, 64, 256, 1024, 4096])
def test_the_table_outgrows_the_matrix_at_half_the_width(width: int) -> None:
    half, later = width // 2, 3 * width // 2 + 1
    assert meter.numbers("attention", half, width) == width**2
    for tokens, more in ((later, False), (later + 1, True)):
        table = meter.multiplications("attention", tokens, width)
        assert (table > meter.multiplications("matrix", tokens, width)) == more


def test_the_memory_meter_draws_up_to_the_token_that_is_reached() -> None:
    view = MemoryMeterView(style.figure(*MemoryMeterView.size))
    view.draw(meter.compute(tokens=321, width=64))
    tokens, sizes = map(np.asarray, view.sizes["attention"].get_data())
    assert tokens[-1] == 321
    assert (np.diff(tokens) > 0).all()
    np.testing.assert_array_equal(sizes, 8 * 64 * tokens)
    costs = np.asarray(view.costs["matrix"].get_ydata())
    assert {*costs} == {6 * 64**2 + 128}
