"""Every verdict of lesson 08 at every corner, against a second computation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_08.explorers import (
    forget_bias_race,
    gate_desk,
    latch,
    lstm_variants,
    time_constant,
)
from rnncourse.lesson_08.forget_bias_race import compute as race
from rnncourse.lesson_08.gate_desk import compute as desk
from rnncourse.lesson_08.latch import compute as latched
from rnncourse.lesson_08.lstm_variants import compute as variants
from rnncourse.lesson_08.time_constant import compute as lasting
from tests.course.verdicts import (
    NUMBER,
    corners_of,
    opened,
    parts,
    shows,
    shows_fixed,
)

MINUS = "−"


def sigma(a: float) -> float:
    return 1 / (1 + math.exp(-a))


DESK = (
    rf"((?P<spoken>.*) )?c = (?P<kept>{NUMBER}) (?P<sign>[+−]) (?P<written>{NUMBER}) = "
    rf"(?P<c>{NUMBER}), h = (?P<h>{NUMBER})\."
)
SPOKEN = {
    "": "",
    "f": rf"The forget gate keeps (?P<of>{NUMBER} %) of the old cell state: "
    rf"(?P<kept>{NUMBER}) of (?P<c_prev>{NUMBER})\.",
    "i": rf"The input gate writes (?P<of>{NUMBER} %) of the candidate (?P<g>{NUMBER}): "
    rf"(?P<written>{NUMBER}) is added\.",
    "g": rf"The candidate offers (?P<g>{NUMBER}); the input gate lets "
    rf"(?P<written>{NUMBER}) of it in\.",
    "o": rf"The output gate shows (?P<of>{NUMBER} %) of tanh\(c\) = "
    rf"(?P<tanh_c>{NUMBER})\. The cell state c does not change by that\.",
    "c_prev": rf"The old cell state is (?P<c_prev>{NUMBER}); the forget gate keeps "
    rf"(?P<kept>{NUMBER}) of it\.",
}


@pytest.mark.parametrize("moved", SPOKEN)
def test_the_gate_desk_says_what_the_equations_give(moved: str) -> None:
    places = [*corners_of(gate_desk)]
    places += [opened(gate_desk, preset) for preset in gate_desk.presets.values()]
    for values in places:
        i, f, o, g, old = (values[name] for name in ("i", "f", "o", "g", "c_prev"))
        seen = parts(DESK, desk.compute(**values, moved=moved).verdict)
        c = f * old + i * g
        true = {"kept": f * old, "written": i * g, "c_prev": old, "g": g}
        true["tanh_c"] = math.tanh(c)
        written = float(seen["written"]) * (-1 if seen["sign"] == MINUS else 1)
        assert shows_fixed(seen["kept"], true["kept"])
        assert written == pytest.approx(true["written"], abs=0.0051)
        assert shows_fixed(seen["c"], c)
        assert shows_fixed(seen["h"], o * math.tanh(c))
        spoken = parts(SPOKEN[moved], seen.get("spoken", ""))
        share = {"f": f, "i": i, "o": o}.get(moved)
        for name, text in spoken.items():
            if name == "of":
                assert share is not None
                assert shows_fixed(text.removesuffix(" %"), 100 * share, 0)
            else:
                assert shows_fixed(text, true[name])


LATCH = (
    rf"Step (?P<step>\d+): (?P<gate>[ifog]) = (?P<value>{NUMBER}) (?P<effect>.*)\. At "
    rf"the end c = (?P<c>{NUMBER}); the largest \|h\| is (?P<h>{NUMBER}), at step "
    rf"(?P<at>\d+)\."
)
EFFECTS = {
    "i": rf"writes (?P<of>{NUMBER} %) of the candidate (?P<what>{NUMBER})",
    "f": rf"keeps (?P<of>{NUMBER} %) of the cell state (?P<what>{NUMBER})",
    "o": rf"shows (?P<of>{NUMBER} %) of tanh\(c\) = (?P<what>{NUMBER})",
    "g": rf"is offered; the input gate writes (?P<of>{NUMBER} %) of it",
}
LATCHES = [
    *corners_of(latch),
    *(opened(latch, preset) for preset in latch.presets.values()),
]
OFFERED = (0.4, 1.5, -0.9, 0.6, 0.8, -1.4, -0.5, 1.1, -1.2, 0.7, -0.8, 0.3)


@pytest.mark.parametrize("values", LATCHES, ids=str)
def test_the_latch_says_what_twelve_steps_by_hand_give(values: dict[str, Any]) -> None:
    seen = parts(LATCH, latched.compute(**values).verdict)
    told: tuple[float, float, float | None] = (0.0, 0.0, None)
    c, states = 0.0, []
    for step in range(1, 13):
        a = {
            "i": 6.0 if step == 2 else -6.0,
            "f": 6.0,
            "o": 6.0 if step == 11 else -6.0,
            "g": OFFERED[step - 1],
        }
        if step == values["step"]:
            a[values["gate"]] = values["a"]
        i, f, o, g = sigma(a["i"]), sigma(a["f"]), sigma(a["o"]), math.tanh(a["g"])
        before, c = c, f * c + i * g
        states.append((c, abs(o * math.tanh(c))))
        if step == values["step"]:
            told = {
                "i": (i, i, g),
                "f": (f, f, before),
                "o": (o, o, math.tanh(c)),
                "g": (g, i, None),
            }[values["gate"]]
    assert (int(seen["step"]), seen["gate"]) == (values["step"], values["gate"])
    value, share, what = told
    assert shows_fixed(seen["value"], value, 3)
    effect = parts(EFFECTS[values["gate"]], seen["effect"])
    assert shows(effect["of"], share)
    assert what is None or shows_fixed(effect["what"], what)
    assert shows_fixed(seen["c"], states[-1][0])
    largest = max(h for _, h in states)
    assert shows_fixed(seen["h"], largest)
    assert states[int(seen["at"]) - 1][1] == pytest.approx(largest)


LEFT = rf"{NUMBER}( %)?|less than a float can hold"
LASTING = (
    rf"f = σ\((?P<bias>{NUMBER})\) = (?P<f>{NUMBER}), so τ = −1/ln f = "
    rf"(?P<tau>{NUMBER}) steps \(1/\(1 − f\) = (?P<about>{NUMBER})\)\. (?P<steps>\d+) "
    rf"steps leave (?P<c>{LEFT}) of c, (?P<total>{LEFT}) of its gradient, and of the "
    rf"plain RNN's (?P<plain>{LEFT})\."
)
LASTINGS = [
    *corners_of(time_constant),
    *(opened(time_constant, preset) for preset in time_constant.presets.values()),
]


def lstm_left(bias: float, x: np.ndarray, u: np.ndarray, steps: int) -> float:
    """Return the logarithm of the norm of dL/dc_{T-steps}, gate by gate."""
    cell = lasting.lstm(bias)
    W_xh, W_hh, b_h = (cell.params[name] for name in ("W_xh", "W_hh", "b_h"))
    H = len(W_hh)
    h, c, kept = np.zeros(H), np.zeros(H), []
    for x_t in x:
        a = x_t @ W_xh + h @ W_hh + b_h
        i, f, o = (1 / (1 + np.exp(-a[k * H : (k + 1) * H])) for k in range(3))
        g, before = np.tanh(a[3 * H :]), c
        c = f * c + i * g
        h = o * np.tanh(c)
        kept.append((i, f, o, g, before, c))
    dh, dc, log = np.zeros(H), u, 0.0
    for i, f, o, g, before, c in kept[::-1][:steps]:
        do, d = dh * np.tanh(c), dc + dh * o * (1 - np.tanh(c) ** 2)
        da = np.concatenate(
            [
                d * g * i * (1 - i),
                d * before * f * (1 - f),
                do * o * (1 - o),
                d * i * (1 - g**2),
            ]
        )
        dh, dc = W_hh @ da, d * f
        size = max(abs(dh).max(), abs(dc).max())
        dh, dc, log = dh / size, dc / size, log + math.log(size)
    return log + math.log(math.dist(dc, 0 * dc))


def plain_left(x: np.ndarray, u: np.ndarray, steps: int) -> float:
    """Return the logarithm of the norm of dL/dh_{T-steps} of the plain RNN."""
    cell = lasting.RNNCell(4, 16, rng=np.random.default_rng(1))
    W_xh, W_hh = cell.params["W_xh"], cell.params["W_hh"]
    h, slopes = np.zeros(16), []
    for x_t in x:
        a = x_t @ W_xh + h @ W_hh
        h = np.tanh(a)
        slopes.append(1 / np.cosh(a) ** 2)
    log = 0.0
    for slope in slopes[::-1][:steps]:
        u = W_hh @ (slope * u)
        size = math.dist(u, 0 * u)
        u, log = u / size, log + math.log(size)
    return log


def left_is(text: str, log: float) -> bool:
    """Return whether a text shows the exponential of `log`."""
    if text == "less than a float can hold":
        return log < math.log(5e-308)
    return shows(text, math.exp(log))


@pytest.mark.parametrize("values", LASTINGS, ids=str)
def test_the_time_constant_says_what_the_gates_by_hand_give(
    values: dict[str, Any],
) -> None:
    bias, steps = values["bias"], values["steps"]
    seen = parts(LASTING, lasting.compute(**values).verdict)
    f = sigma(bias)
    assert shows_fixed(seen["bias"], bias, 1)
    assert int(seen["steps"]) == steps
    assert shows(seen["f"], f, 3)
    assert shows(seen["tau"], -1 / math.log(f), 3)
    assert shows(seen["about"], 1 / (1 - f), 3)
    assert left_is(seen["c"], steps * math.log(f))
    x = values["amplitude"] * np.random.default_rng(0).standard_normal((200, 4))
    u = np.random.default_rng(2).standard_normal(16)
    u = u / math.dist(u, 0 * u)
    assert left_is(seen["total"], lstm_left(bias, x, u, steps))
    assert left_is(seen["plain"], plain_left(x, u, steps))


RACE = (
    r"Seed (?P<seed>\d+), stored race, after (?P<updates>\d+) updates: (?P<standing>.*)"
    rf" Over 24 steps the forget gates leave (?P<a>{NUMBER}), (?P<b>{NUMBER}), "
    rf"(?P<c>{NUMBER})\."
)


@pytest.mark.parametrize("seed", range(race.SEEDS))
@pytest.mark.parametrize("update", [0, 40, 400])
def test_the_race_says_what_is_stored(seed: int, update: int) -> None:
    assert {"seed", "update"} == set(forget_bias_race.controls)
    seen = parts(RACE, race.compute(seed=seed, update=update).verdict)
    with np.load(race.STORED) as file:
        reach = file["reach"][seed, :, update // 10, 24].tolist()
        losses = file["losses"][seed, :, update // 10 - 1].tolist()
        right = file["accuracies"][seed].tolist()
    assert (int(seen["seed"]), int(seen["updates"])) == (seed, update)
    for name, power in zip("abc", reach, strict=True):
        assert shows(seen[name], 10**power, 1)
    said = seen["standing"].removesuffix(".")
    if update == 0:
        assert said == "nothing is learned yet"
        return
    at_the_end = update == 400
    words, guess = said.split("; ")
    shown = [part.split(": ")[1] for part in words.split("forget bias ")[1].split(", ")]
    if at_the_end:
        assert guess == "guessing has 25 %"
        shown = [text.removesuffix(" %") for text in shown]
    else:
        assert guess == f"guessing has {math.log(4):.2f}"
    for text, value in zip(shown, right if at_the_end else losses, strict=True):
        assert shows_fixed(
            text, 100 * value if at_the_end else value, 2 - 2 * at_the_end
        )


VARIANTS = {
    "standard": rf"Standard: the gates look at x and h_prev, not at the cell state: "
    rf"i = (?P<i>{NUMBER}), f = (?P<f>{NUMBER}), o = (?P<o>{NUMBER}), whatever c_prev "
    r"is\.",
    "peephole": rf"Peephole: c_prev takes part in i and f, the new c in o: "
    rf"i = (?P<i>{NUMBER}), f = (?P<f>{NUMBER}), o = (?P<o>{NUMBER})\.",
    "coupled": rf"Coupled: i = 1 − f = (?P<i>{NUMBER}), so the share that is written "
    rf"is the share that is forgotten; f = (?P<f>{NUMBER}), o = (?P<o>{NUMBER})\.",
}
REST = (
    rf" c = (?P<c>{NUMBER}), h = (?P<h>{NUMBER})\. A layer with D = H = 100 has "
    r"(?P<parameters>[\d,]+) parameters\."
)
BY_X_H_ONE = {
    "i": (0.8, 0.4, -0.3),
    "f": (-0.6, 0.5, 1.0),
    "o": (0.5, -0.7, 0.2),
    "g": (1.2, 0.6, 0.1),
}
BY_CELL = {"i": -0.6, "f": 0.7, "o": 0.5}


@pytest.mark.parametrize("values", [*corners_of(lstm_variants)], ids=str)
def test_the_variants_say_what_the_unit_by_hand_gives(values: dict[str, Any]) -> None:
    variant, x, old = values["variant"], values["x"], values["c_prev"]
    seen = parts(VARIANTS[variant] + REST, variants.compute(**values).verdict)

    def a(gate: str, cell: float) -> float:
        by_x, by_h, one = BY_X_H_ONE[gate]
        peeps = BY_CELL.get(gate, 0.0) * cell if variant == "peephole" else 0.0
        return by_x * x + by_h * 0.5 + one + peeps

    f = sigma(a("f", old))
    i = 1 - f if variant == "coupled" else sigma(a("i", old))
    c = f * old + i * math.tanh(a("g", old))
    o = sigma(a("o", c))
    true = {"i": i, "f": f, "o": o, "c": c, "h": o * math.tanh(c)}
    assert all(shows_fixed(seen[name], value) for name, value in true.items())
    blocks, peeps = {"standard": (4, 0), "peephole": (4, 300), "coupled": (3, 0)}[
        variant
    ]
    counted = blocks * (100 * 100 + 100 * 100 + 100) + peeps
    assert seen["parameters"] == f"{counted:,}"
