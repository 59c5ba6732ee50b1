"""The verdicts of the gym at every corner, against a second reading of the grid."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import product
from statistics import median
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_09.explorers import fairness, gym, which_gate
from rnncourse.lesson_09.fairness.compute import compute as fair
from rnncourse.lesson_09.gym.compute import compute as look
from rnncourse.lesson_09.gym.grid import SEEDS, STORED, Entry, Run
from rnncourse.lesson_09.which_gate.compute import compute as gate
from tests.course.verdicts import corners_of, opened, parts

CELLS = ("RNN", "identity ReLU", "LSTM", "GRU")
IN_THE_GYM = (*CELLS, "minGRU")
WHOLE = r"−?\d+"
WAY = rf"(?:{WHOLE} to )?{WHOLE} %"


@cache
def raw() -> dict[str, np.ndarray]:
    """Return the arrays of the file."""
    with np.load(STORED) as file:
        return {name: file[name] for name in file.files if name != "header"}


def seeds(name: str) -> list[float]:
    """Return the scores of an entry in per cent, one a seed."""
    return [100 * float(row[0]) for row in raw()[name]]


def every(explorer: Any) -> list[dict[str, Any]]:
    """Return the values at all corners, at the opening and after each preset."""
    presets = [{}, *explorer.presets.values()]
    return [*corners_of(explorer), *(opened(explorer, preset) for preset in presets)]


def is_range(text: str, values: list[float]) -> bool:
    """Return whether a text gives the smallest and the largest of values."""
    shown = [float(n.replace("−", "-")) for n in re.findall(WHOLE, text)]
    ends = (shown[0], shown[-1])
    true = (min(values), max(values))
    return all(abs(a - b) <= 0.5001 for a, b in zip(ends, true, strict=True))


GYM = (
    rf"T = (?P<steps>\d+), of {len(SEEDS)} seeds above 10 % of the way and above "
    r"90 %: "
    + ", ".join(
        rf"{cell} (?P<a{k}>\d) and (?P<b{k}>\d)" for k, cell in enumerate(IN_THE_GYM)
    )
    + rf"\. The (?P<cell>.+) is at (?P<way>{WAY})\."
)


@pytest.mark.parametrize("values", every(gym), ids=str)
def test_the_gym_says_what_the_file_holds(values: dict[str, Any]) -> None:
    seen = parts(GYM, look(**values).verdict)
    assert (int(seen["steps"]), seen["cell"]) == (values["steps"], values["cell"])
    for k, cell in enumerate(IN_THE_GYM):
        found = seeds(f"{values['task']}, T = {values['steps']}, {cell}")
        assert int(seen[f"a{k}"]) == sum(score > 10 for score in found)
        assert int(seen[f"b{k}"]) == sum(score > 90 for score in found)
        assert cell != values["cell"] or is_range(seen["way"], found)


VARIANTS = which_gate.controls["variant"].corners()
STEPS = {"temporal order": 60, "flip-flop": 60, "a^n b^n": 30}
GATE = (
    rf"The whole LSTM is at (?P<whole>{WAY}) of the way(?:, (?P<name>.+) at "
    rf"(?P<way>{WAY}): worse in (?P<worse>\d) of {len(SEEDS)} seeds, better in "
    r"(?P<better>\d); "
    r"ranges (?P<ranges>apart|overlap); sign test p = (?P<p>[\d.]+))?\."
)


@pytest.mark.parametrize("values", every(which_gate), ids=str)
def test_a_part_taken_out_is_compared_seed_by_seed(values: dict[str, Any]) -> None:
    seen = parts(GATE, gate(**values).verdict)
    start = f"{values['task']}, T = {STEPS[values['task']]}, "
    whole, found = (seeds(start + name) for name in ("LSTM", values["variant"]))
    assert is_range(seen["whole"], whole)
    if values["variant"] == "LSTM":
        assert "name" not in seen
        return
    assert seen["name"] == values["variant"]
    assert is_range(seen["way"], found)
    pairs = [*zip(found, whole, strict=True)]
    worse = sum(round(b - a, 4) > 2 for a, b in pairs)
    better = sum(round(a - b, 4) > 2 for a, b in pairs)
    assert (int(seen["worse"]), int(seen["better"])) == (worse, better)
    near = any(round(abs(a - b), 4) <= 2 for a, b in product(found, whole))
    lower = {a < b for a, b in product(found, whole)}
    assert (seen["ranges"] == "overlap") == (near or len(lower) == 2)
    n = worse + better
    extreme = [
        sum(tosses)
        for tosses in product((0, 1), repeat=n)
        if abs(2 * sum(tosses) - n) >= abs(worse - better)
    ]
    assert float(seen["p"]) == pytest.approx(len(extreme) / 2**n, rel=0.005)


FAIR = (
    r"(?P<how>Same \w+): the RNN has (?P<units>\d+) units and (?P<updates>\d+) updates"
    r"\. Median and range, the best first: "
    + ", ".join(
        rf"(?P<c{k}>[A-Za-z ]+?) (?P<m{k}>{WHOLE}) % \((?P<w{k}>{WAY})\)"
        for k in range(4)
    )
    + r"\."
)


@pytest.mark.parametrize("values", every(fairness), ids=str)
def test_cells_are_ranked_by_the_median_of_their_seeds(values: dict[str, Any]) -> None:
    seen = parts(FAIR, fair(**values).verdict)
    assert seen["how"].lower() == values["how"]
    start = f"{values['task']}, T = 60, "
    units, updates = int(seen["units"]), int(seen["updates"])
    if values["how"] == "same units":
        assert (units, updates) == (32, 400)
    elif values["how"] == "same seconds":
        assert (units, updates) == (32, 750)
    else:  # H (H + D + 1) of the RNN against 4 H (H + D + 1)
        D = {"adding": 2, "temporal order": 6, "echo": 2}[values["task"]]
        allowed = 4 * 32 * (32 + D + 1)
        assert units * (units + D + 1) <= allowed < (units + 1) * (units + D + 2)
        assert updates == 400
    longer = {
        "same units": "",
        "same seconds": ", 750 updates",
        "same parameters": f", H = {units}",
    }[values["how"]]
    medians = []
    for k in range(4):
        cell = seen[f"c{k}"]
        ending = longer if cell in ("RNN", "identity ReLU") else ""
        if cell == "GRU" and values["how"] == "same parameters":
            ending = ", H = 37"
        found = seeds(start + cell + ending)
        assert is_range(seen[f"w{k}"], found)
        assert abs(float(seen[f"m{k}"].replace("−", "-")) - median(found)) <= 0.5001
        medians.append(median(found))
    assert sorted(seen[f"c{k}"] for k in range(4)) == sorted(CELLS)
    assert medians == sorted(medians, reverse=True)


def test_an_own_run_is_told_beside_the_stored_ones() -> None:
    entry = Entry("echo", 30, "GRU")
    begun = Run(entry, (), None, 0.01)
    under_way = replace(begun, losses=(0.7, 0.4567), progress=0.1)
    done = replace(begun, losses=(0.7,) * 20, score=-0.034, progress=1.0)
    elsewhere = replace(done, entry=Entry("echo", 30, "LSTM"))
    values: dict[str, Any] = {"task": "echo", "cell": "GRU", "steps": 30}
    stored = look(**values).verdict
    for trained, words in (
        ((elsewhere,), ""),
        ((elsewhere, begun), " Yours is under way."),
        ((begun, under_way), " Yours is under way, loss 0.457."),
        ((under_way, done, elsewhere), " Yours is at −3 %."),
    ):
        assert look(**values, trained=trained).verdict == stored + words
    values = {"task": "a^n b^n", "variant": "peephole"}
    mine = replace(done, entry=Entry("a^n b^n", 30, "peephole"), score=0.5)
    assert gate(**values, trained=(mine,)).verdict.endswith(" Yours is at 50 %.")
    assert gate(**values, trained=(done,)).verdict == gate(**values).verdict
