"""Every verdict of lesson 06 at every corner, against a second computation."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_06.chunk_grid import compute as grid
from rnncourse.lesson_06.cliff import compute as cliffs
from rnncourse.lesson_06.clinic import compute as clinics
from rnncourse.lesson_06.clinic.runs import ILLS
from rnncourse.lesson_06.explorers import (
    chunk_grid,
    cliff,
    clinic,
    optimiser_race,
    tau_and_delay,
)
from rnncourse.lesson_06.optimiser_race import compute as race
from rnncourse.lesson_06.tau_and_delay import compute as cut
from rnnlib import Recurrent, RNNCell, RNNState
from tests.course.verdicts import NUMBER, corners_of, opened, parts, shows

SMALL = rf"(?:{NUMBER}|under 1e-6)"


def all_of(explorer: Explorer) -> list[dict[str, Any]]:
    presets = [opened(explorer, preset) for preset in explorer.presets.values()]
    return [*corners_of(explorer), *presets]


def shows_small(text: str, value: float) -> bool:
    """Return whether a text is a small loss; at its edge both forms are right."""
    if text == "under 1e-6":
        return value < 1.05e-6
    return shows(text, value)


def whole_percent(text: str, share: float) -> bool:
    return abs(int(text.removesuffix(" %")) - 100 * share) <= 0.501


# the cliff


def descent(rate: float, clip: str, limit: float) -> dict[str, Any]:
    """Go down with the gradient of the library's own backward pass."""
    cell = RNNCell(1, 1, rng=np.random.default_rng(0))
    layer, x = Recurrent(cell), np.zeros((30, 1, 1))
    p, cuts, turned = [1.7, 0.15], 0, 0.0
    norms: list[float] = []
    losses: list[float] = []
    way: list[list[float]] = []
    for _ in range(81):
        cell.params["W_hh"][...], cell.params["b_h"][...] = p
        h, _, cache = layer.forward(x, RNNState(np.array([[0.3]])))
        dh = np.zeros_like(h)
        dh[-1] = 2 * (h[-1] - 0.5)
        losses.append(float((h[-1, 0, 0] - 0.5) ** 2))
        way.append([*p])
        grads = layer.backward(dh, cache)[2]
        g = np.array([grads["W_hh"][0, 0], grads["b_h"][0]])
        norm = float(np.sqrt(g @ g))
        step = g
        if clip == "value":
            step = np.where(abs(g) > limit, np.sign(g) * limit, g)
        if clip == "norm" and norm > limit:
            step = g / norm * limit
        if len(norms) < 80:
            norms.append(norm)
            cuts += bool((abs(step - g) > 1e-15).any())
            if norm > 0:
                cosine = g @ step / norm / np.sqrt(step @ step)
                turned = max(turned, math.degrees(math.acos(min(cosine, 1.0))))
        p = [*(np.array(p) - rate * step)]
    above = sum(norm > limit for norm in norms)
    return {
        "norms": norms, "way": way, "losses": losses, "cuts": cuts,
        "turned": turned, "above": above,
    }  # fmt: skip


CLIFF = (
    rf"The largest gradient has norm (?P<norm>{NUMBER}), in update (?P<update>\d+), "
    rf"which leads to w = (?P<w>{NUMBER}), b = (?P<b>{NUMBER})\. "
    rf"((?P<cuts>\d+) steps? cut(, turned by up to (?P<turned>\d+)°)?\.|Clipped after "
    rf"the step: (?P<above>\d+) times?, to no effect\.) Loss: (?P<first>{NUMBER}) at "
    rf"first, (?P<last>{SMALL}) after 80 updates\."
)


@pytest.mark.parametrize("values", all_of(cliff), ids=str)
def test_the_cliff_says_where_the_library_s_gradient_leads(
    values: dict[str, Any],
) -> None:
    seen = parts(CLIFF, cliffs.compute(**values).verdict)
    found = descent(**values)
    at = int(np.argmax(found["norms"]))
    assert int(seen["update"]) == at + 1
    assert shows(seen["norm"], found["norms"][at])
    for name, value in zip("wb", found["way"][at + 1], strict=True):
        assert shows(seen[name], value)
    if values["clip"] == "late":
        assert int(seen["above"]) == found["above"]
    else:
        assert int(seen["cuts"]) == found["cuts"]
        shown = float(seen.get("turned", "0"))
        assert abs(shown - found["turned"]) <= 0.51
    assert shows(seen["first"], found["losses"][0])
    assert shows_small(seen["last"], found["losses"][-1])


def test_clipping_after_the_step_is_no_clipping() -> None:
    late, off = (cliffs.compute(rate=0.05, clip=c, limit=1.0) for c in ("late", "off"))
    assert (late.path == off.path).all()
    assert not late.cut.any()


def test_a_step_that_is_clipped_by_norm_keeps_its_direction() -> None:
    found = cliffs.compute(rate=0.05, clip="norm", limit=0.5)
    assert found.angles.max() < 1e-6
    moved = np.linalg.norm(np.diff(found.path, axis=0), axis=1)
    assert moved.max() <= 0.05 * 0.5 * (1 + 1e-12)


# truncated BPTT

CUT = (
    r"(?P<gradient>Nothing is cut: every gradient comes to its bit, whatever τ is\.|"
    r"The gradient comes to the bit from (?P<n>none|\d+) of (?P<tau>\d+) answers of a "
    r"chunk\.) (?P<state>Each chunk starts from zeros|The state is carried)\. "
    r"(?P<learned>\d+) of 10 seeds learned it, (?P<mean>\d+ %) right on average\."
)


def pairs_inside(tau: int, delay: int) -> int:
    """Count the answers of a chunk whose bit is in the chunk."""
    return sum(step - delay >= 0 for step in range(tau))


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("cutting", [True, False])
@pytest.mark.parametrize("tau", cut.TAUS)
def test_truncated_bptt_says_what_is_stored_and_what_is_counted(
    tau: int, cutting: bool, carry: bool
) -> None:
    assert set(tau_and_delay.controls) == {"tau", "delay", "carry", "cut"}
    with np.load(cut.STORED) as file:
        stored = dict(file)
    for column, delay in enumerate(cut.DELAYS):
        data = cut.compute(tau=tau, delay=delay, carry=carry, cut=cutting)
        seen = parts(CUT, data.verdict)
        whole = carry and not cutting
        mode = "whole" if whole else "carried" if carry else "fresh"
        shares = stored[mode][cut.TAUS.index(tau), column]
        assert int(seen["learned"]) == int((shares > 0.95).sum())
        assert whole_percent(seen["mean"], float(shares.mean()))
        assert seen["state"].startswith("The state" if carry else "Each chunk")
        assert ("n" not in seen) == whole
        if not whole:
            n = pairs_inside(tau, delay)
            assert (seen["n"], seen["tau"]) == (str(n) if n else "none", str(tau))


# the chunk grid

GRID = (
    r"Update (?P<update>\d+) of (?P<of>\d+): row 1 reads letters (?P<first>\d+) to "
    r"(?P<last>\d+)\. (?P<state>.*) In (?P<wrong>no update|\d+ updates?) of this order "
    r"(it is|is it) wrong to carry\."
)


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("steps", grid.STEPS)
@pytest.mark.parametrize("batch_size", grid.BATCHES)
def test_the_chunk_grid_says_what_a_reader_with_a_list_finds(
    batch_size: int, steps: int, shuffle: bool
) -> None:
    assert set(chunk_grid.controls) == {"batch_size", "steps", "update", "shuffle"}
    width = 192 // batch_size
    letters = [*range(1, width + 1)]
    pieces = [letters[k : k + steps] for k in range(0, width, steps)]
    values: dict[str, Any] = {
        "batch_size": batch_size,
        "steps": steps,
        "shuffle": shuffle,
    }
    order = grid.compute(**values, update=1).order
    assert sorted(order) == [*range(len(pieces))]
    assert shuffle or [*order] == sorted(order)
    read = [pieces[k] for k in order]
    wrong = sum(b[0] not in (1, a[-1] + 1) for a, b in pairwise(read))
    for update in range(1, 49):
        seen = parts(GRID, grid.compute(**values, update=update).verdict)
        n = min(update, len(pieces))
        now = read[n - 1]
        assert (int(seen["update"]), int(seen["of"])) == (n, len(pieces))
        assert (int(seen["first"]), int(seen["last"])) == (now[0], now[-1])
        assert int(seen["wrong"].split()[0].replace("no", "0")) == wrong
        assert seen["state"] == state_of(now[0], read[n - 2][-1] if n > 1 else None)


def state_of(first: int, end: int | None) -> str:
    if first == 1:
        return "Its column begins there, so the state is zeros."
    if end is None:
        return f"There is no state yet that has read letter {first - 1}: zeros."
    what = "carry it" if end == first - 1 else "wrong to carry"
    return f"The state at hand has just read letter {end}: {what}."


# the race

RACE = (
    rf"Learning rate (?P<rate>{NUMBER}), (?P<done>\d+) updates, loss "
    rf"(?P<first>{NUMBER}) at first: SGD (?P<SGD>{SMALL}), Momentum "
    rf"(?P<Momentum>{SMALL}), RMSProp (?P<RMSProp>{SMALL}), Adam (?P<Adam>{SMALL})\. "
    r"The lowest is (?P<best>\w+)'s\."
)


def steps_of(name: str, rate: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return an optimiser as a function of the gradient, by its equations."""
    past: list[np.ndarray] = []

    def weighted(beta: float, power: int) -> np.ndarray:
        terms = [beta**k * g**power for k, g in enumerate(reversed(past))]
        return np.asarray(np.sum(terms, axis=0))

    def step(gradient: np.ndarray) -> np.ndarray:
        past.append(gradient)
        n = len(past)
        if name == "SGD":
            return rate * gradient
        if name == "Momentum":
            return rate * weighted(0.9, 1)
        if name == "RMSProp":
            return rate * gradient / (np.sqrt(0.01 * weighted(0.99, 2)) + 1e-8)
        m, s = 0.1 * weighted(0.9, 1), 0.001 * weighted(0.999, 2)
        m, s = m / (1 - 0.9**n), s / (1 - 0.999**n)
        return rate * m / (np.sqrt(s) + 1e-8)

    return step


@cache
def stored_plane() -> tuple[np.ndarray, np.ndarray]:
    with np.load(race.STORED) as file:
        return file["loss"].astype(float), file["gradient"].astype(float)


def between(place: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the stored loss and gradient between four places, one axis at a time."""
    loss, gradient = stored_plane()
    x, y = np.linspace(-1, 5, 65), np.linspace(-3, 3, 65)
    row = min(int(np.searchsorted(y, np.clip(place[1], -3, 3))), 64)
    rows = slice(max(row - 1, 0), row + 1)

    def at(heights: np.ndarray) -> float:
        along = [
            np.interp(place[0], x, heights_of_row) for heights_of_row in heights[rows]
        ]
        return float(np.interp(place[1], y[rows], along))

    return at(loss), np.array([at(gradient[..., k]) for k in (0, 1)])


def losses_of(name: str, values: dict[str, Any]) -> list[float]:
    bowl = values["kind"] == "bowl"
    place = np.array([-1.0, 0.8] if bowl else [0.0, 0.0])
    found: list[float] = []
    step, K = steps_of(name, values["rate"]), np.array([1, values["ratio"]])
    for _ in range(values["done"] + 1):
        loss, gradient = (
            (float((K * place**2).sum() / 2), K * place) if bowl else between(place)
        )
        found.append(loss)
        place = place - step(gradient)
    return found


@pytest.mark.parametrize("values", all_of(optimiser_race), ids=str)
def test_the_race_says_what_the_equations_give(values: dict[str, Any]) -> None:
    seen = parts(RACE, race.compute(**values).verdict)
    last = {name: losses_of(name, values) for name in race.OPTIMISERS}
    assert shows(seen["rate"], values["rate"])
    assert int(seen["done"]) == values["done"]
    assert shows(seen["first"], last["SGD"][0])
    for name, losses in last.items():
        assert shows_small(seen[name], losses[-1])
    lowest = min(losses[-1] for losses in last.values())
    assert last[seen["best"]][-1] <= lowest * (1 + 1e-6) + 1e-12


# the clinic

CLINIC = (
    rf"Patient (?P<who>[A-G]), seed (?P<seed>\d+): loss (?P<first>{NUMBER}) at first, "
    rf"(?P<last>{NUMBER}) at the end; (?P<right>\d+ %) right on new data\. "
    rf"(Guessing has (?P<chance>\d+ %)\.|The cause was: (?P<cause>.*)\. Without it: "
    rf"loss (?P<healed>{NUMBER}), (?P<well>\d+ %) right\.)"
)


@pytest.mark.parametrize("healed", [False, True])
@pytest.mark.parametrize("patient", ILLS)
def test_the_clinic_says_what_is_stored(patient: str, healed: bool) -> None:
    assert set(clinic.controls) == {"patient", "seed", "healed"}
    with np.load(clinics.STORED) as file:
        loss, score = file[f"loss {patient}"], file[f"score {patient}"]
    for k, seed in enumerate(range(100, 110)):
        data = clinics.compute(patient=patient, seed=seed, healed=healed)
        seen = parts(CLINIC, data.verdict)
        assert (seen["who"], int(seen["seed"])) == (patient, seed)
        assert shows(seen["first"], float(loss[0, k, 0]), 3)
        assert shows(seen["last"], float(loss[0, k, -1]), 3)
        assert whole_percent(seen["right"], float(score[0, k]))
        if healed:
            assert seen["cause"] == ILLS[patient].cause
            assert shows(seen["healed"], float(loss[1, k, -1]), 3)
            assert whole_percent(seen["well"], float(score[1, k]))
        else:
            assert seen["chance"] == ("50 %" if patient in "CG" else "25 %")
