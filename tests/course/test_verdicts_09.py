"""Every verdict of lesson 09 at every corner, against a second computation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_09.convention_switch import compute as switch
from rnncourse.lesson_09.explorers import convention_switch, gru_desk
from rnncourse.lesson_09.gru_desk import compute as desk
from rnnlib._typing import Array
from tests.course.verdicts import (
    NUMBER,
    corners_of,
    opened,
    parts,
    shows,
    shows_fixed,
)

MINUS = "−"


def sigma(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


DESK = (
    rf"((?P<spoken>.*) )?h = (?P<kept>{NUMBER}) (?P<sign>[+−]) (?P<written>{NUMBER}) = "
    rf"(?P<h>{NUMBER})\. As an LSTM: f = (?P<f>{NUMBER}), i = (?P<i>{NUMBER}), and of "
    rf"c = (?P<c>{NUMBER}) it shows (?P<shown>{NUMBER})\."
)
SPOKEN = {
    "": "",
    "z": rf"The update gate keeps (?P<z>{NUMBER}) % of the old state and writes "
    rf"(?P<write>{NUMBER}) % of the candidate (?P<n>{NUMBER})\.",
    "r": rf"The reset gate lets the candidate see (?P<r>{NUMBER}) % of "
    rf"(?P<m>{NUMBER}): n = (?P<n>{NUMBER})\.",
    "h_prev": rf"Of the old state (?P<old>{NUMBER}) the unit keeps (?P<kept>{NUMBER}), "
    rf"and its candidate sees (?P<seen>{NUMBER})\.",
    "a_n": rf"The input gives (?P<a_n>{NUMBER}), the old state (?P<seen>{NUMBER}): "
    rf"n = (?P<n>{NUMBER})\.",
}


@pytest.mark.parametrize("moved", SPOKEN)
def test_the_gru_desk_says_what_the_equations_give(moved: str) -> None:
    places = [*corners_of(gru_desk)]
    places += [opened(gru_desk, preset) for preset in gru_desk.presets.values()]
    for values in places:
        z, r, old, a_n = (values[name] for name in ("z", "r", "h_prev", "a_n"))
        seen = parts(DESK, desk.compute(**values, moved=moved).verdict)
        n = math.tanh(a_n + r * 2 * old)
        h = n + z * (old - n)
        written = float(seen["written"]) * (-1 if seen["sign"] == MINUS else 1)
        assert written == pytest.approx(h - z * old, abs=0.0051)
        true = {"kept": z * old, "h": h, "c": h, "f": z, "i": 1 - z}
        true |= {"shown": math.tanh(h), "n": n, "old": old, "a_n": a_n}
        true |= {"m": 2 * old, "seen": 2 * r * old}
        assert all(shows_fixed(seen[k], true[k]) for k in ("kept", "h", "c", "f", "i"))
        assert shows_fixed(seen["shown"], true["shown"])
        spoken = parts(SPOKEN[moved], seen.get("spoken", ""))
        for name, text in spoken.items():
            if name in ("z", "write", "r"):
                share = {"z": z, "write": 1 - z, "r": r}[name]
                assert shows_fixed(text, 100 * share, 0)
            else:
                assert shows_fixed(text, true[name])


SAME = (
    r"(?P<given>.*) to (?P<taken>.*), (?P<how>copied|converted): no state is more than "
    r"1e-12 apart\. It is the same network\."
)
APART = (
    r"(?P<given>.*) to (?P<taken>.*), (?P<how>copied|converted): the states are up to "
    rf"(?P<apart>{NUMBER}) apart\. (?P<why>.*)"
)
WHY = {
    ("copied", "after", "after"): "Every shape fits, and it is another network.",
    ("copied", "before", "before"): "Every shape fits, and it is another network.",
    ("copied", "after", "before"): "Every shape fits but that of b_hn, which has no "
    "place there.",
    ("copied", "before", "after"): "Every shape fits but that of b_hn, which is 0 "
    "there.",
}
WHY |= {
    ("converted", *sides): "r sits on the other side, and no weights make up for that. "
    "These are the candidate's nearest, with the gates as they were."
    for sides in (("after", "before"), ("before", "after"))
}
FORMS = {  # order of blocks, side of r, and whether z writes
    "PyTorch": ("rzn", "after", False),
    "Keras": ("zrn", "after", False),
    "Cho 2014": ("rzn", "before", False),
    "Chung 2014": ("rzn", "before", True),
}


def stored(name: str) -> dict[str, Array]:
    """Return the drawn network as a convention stores it, block by block."""
    rng = np.random.default_rng(18)
    W = {"W_xh": rng.standard_normal((2, 9))}
    W |= {"W_hh": 1.4 * rng.standard_normal((3, 9))}
    W |= {"b_h": 0.5 * rng.standard_normal(9)}
    order, side, writes = FORMS[name]
    found = {}
    for key, array in W.items():
        r, z, n = array[..., :3], array[..., 3:6], array[..., 6:]
        block = {"r": r, "z": -z if writes else z, "n": n}
        found[key] = np.hstack([block[gate] for gate in order])
    b_hn = 0.5 * rng.standard_normal(3)
    return {**found, "b_hn": b_hn} if side == "after" else found


def states(name: str, W: dict[str, Array], x: Array) -> dict[str, Array]:
    """Return states and gates of the GRU that a convention makes of some weights."""
    order, side, writes = FORMS[name]
    at = {gate: slice(3 * k, 3 * k + 3) for k, gate in enumerate(order)}
    b_hn = W.get("b_hn", np.zeros(3))
    h, rows = np.zeros(3), []
    for x_t in x:
        a = x_t @ W["W_xh"] + W["b_h"]
        r, z = (sigma(a[at[g]] + h @ W["W_hh"][:, at[g]]) for g in "rz")
        U = W["W_hh"][:, at["n"]]
        pre = a[at["n"]] + ((r * h) @ U if side == "before" else r * (h @ U + b_hn))
        before, keep = h, 1 - z if writes else z
        h = keep * h + (1 - keep) * np.tanh(pre)
        rows.append((before, r, pre, h))
    names = ("h_prev", "r", "pre", "h")
    return {k: np.array(v) for k, v in zip(names, zip(*rows, strict=True), strict=True)}


def inputs(steps: int, seed: int) -> Array:
    return 1.5 * np.random.default_rng(seed).standard_normal((steps, 1, 2))[:, 0]


def nearest(given: str, taken: str) -> dict[str, Array]:
    """Return the nearest weights by the normal equations, unit by unit."""
    x = inputs(400, seed=2)
    run = states(given, stored(given), x)
    order, side, writes = FORMS[taken]
    here, _, wrote = FORMS[given]
    gates = {
        gate: {
            key: stored(given)[key][..., 3 * k : 3 * k + 3]
            for key in ("W_xh", "W_hh", "b_h")
        }
        for k, gate in enumerate(here)
    }
    if writes != wrote:
        gates["z"] = {key: -array for key, array in gates["z"].items()}
    b_hn, ones = np.zeros(3), np.ones((len(x), 1))
    for unit in range(3):
        r = run["r"][:, [unit]]
        old = run["r"] * run["h_prev"] if side == "before" else r * run["h_prev"]
        seen = np.hstack([x, ones, old] + ([r] if side == "after" else []))
        found = np.linalg.solve(seen.T @ seen, seen.T @ run["pre"][:, unit])
        gates["n"]["W_xh"][:, unit], gates["n"]["b_h"][unit] = found[:2], found[2]
        gates["n"]["W_hh"][:, unit] = found[3:6]
        b_hn[unit] = found[-1]
    W = {
        key: np.hstack([gates[gate][key] for gate in order])
        for key in ("W_xh", "W_hh", "b_h")
    }
    return {**W, "b_hn": b_hn} if side == "after" else W


@pytest.mark.parametrize("values", [*corners_of(convention_switch)], ids=str)
def test_the_convention_switch_says_what_the_equations_give(
    values: dict[str, Any],
) -> None:
    given, taken, how = (values[name] for name in ("given", "taken", "how"))
    data = switch.compute(**values)
    (one, side, wrote), (other, far, writes) = FORMS[given], FORMS[taken]
    x, W = inputs(24, seed=1), stored(given)
    if how == "converted":
        W = stored(taken) if side == far else nearest(given, taken)
    here, there = states(given, stored(given), x)["h"], states(taken, W, x)["h"]
    apart = float(abs(here - there).max())
    unit = values["unit"] - 1
    np.testing.assert_allclose(data.states[0], here[:, unit], atol=1e-12)
    np.testing.assert_allclose(data.states[1], there[:, unit], atol=1e-6)
    np.testing.assert_allclose(data.blocks[1], W["W_hh"], atol=1e-6)
    equal = (one, side, wrote) == (other, far, writes)
    assert (apart < 1e-12) == (equal or (how == "converted" and side == far))
    if apart < 1e-12:
        seen = parts(SAME, data.verdict)
    else:
        seen = parts(APART, data.verdict)
        assert shows(seen["apart"], apart)
        assert seen["why"] == WHY[how, side, far]
    assert (seen["given"], seen["taken"], seen["how"]) == (given, taken, how)
