"""Every verdict of lesson 05 at every corner, against a second computation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_05.breaking_length import compute as breaking
from rnncourse.lesson_05.eigen_picture import compute as eigen
from rnncourse.lesson_05.explorers import (
    breaking_length,
    eigen_picture,
    gradient_microscope,
    saturation_meter,
)
from rnncourse.lesson_05.gradient_microscope import compute as microscope
from rnncourse.lesson_05.saturation_meter import compute as saturation
from tests.course.verdicts import NUMBER, corners_of, opened, parts, shows, shows_fixed

PHI: dict[str, Any] = {
    "tanh": (np.tanh, lambda a: 1 / np.cosh(np.clip(a, -300, 300)) ** 2, 1.0),
    "relu": (lambda a: np.where(a > 0, a, 0), lambda a: 1.0 * (a > 0), 1.0),
    "sigmoid": (
        lambda a: 1 / (1 + np.exp(-a)),
        lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2,
        0.25,
    ),
    "identity": (lambda a: a, np.ones_like, 1.0),
}  # state and slope from the pre-activation, and the largest slope
MICROSCOPE = (
    rf"After (?P<steps>\d+) steps back (?P<amount>.*): (?P<fate>vanishing|exploding|"
    rf"kept within a factor of ten)\.( On the way it was (?P<peak>{NUMBER}) times as "
    rf"large, (?P<at>\d+) steps? back\.)? In the long run a step multiplies it by "
    rf"(?P<rate>{NUMBER}); the bound allows (?P<bound>{NUMBER})\."
)
AMOUNTS = (
    rf"the gradient is (?P<times>{NUMBER}) times as large"
    rf"|(?P<share>{NUMBER}( %)?) of the gradient is left"
    r"|(?P<nothing>nothing is left, each way leads through a unit that is off)"
)


def logarithms_back(
    values: dict[str, Any], steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the logarithm of what is left 0, 1, ... steps back; and W_hh."""
    phi, slope, _ = PHI[values["activation"]]
    cell = microscope.network(
        values["activation"], values["initialiser"], values["gain"], values["hidden"]
    )
    W_xh, W_hh = cell.params["W_xh"], cell.params["W_hh"]
    loudness = values["amplitude"] if values["driven"] else 0.0
    noise = np.random.default_rng(4).standard_normal((steps, len(W_xh)))
    h, slopes = np.zeros(len(W_hh)), []
    for x_t in loudness * noise:
        a = W_xh.T @ x_t + W_hh.T @ h
        h = phi(a)
        slopes.append(slope(a))
    u = np.random.default_rng(5).standard_normal(len(W_hh))
    logs = [0.0]
    u = u / math.dist(u, 0 * u)
    for each in slopes[::-1]:
        u = W_hh @ (each * u)
        size = math.dist(u, 0 * u)
        logs.append(logs[-1] + math.log(size) if size else -math.inf)
        u = u / (size or 1)
    return np.array(logs), W_hh


def check_microscope(values: dict[str, Any]) -> None:
    verdict = microscope.compute(**values).verdict
    seen = parts(MICROSCOPE, verdict)
    logs, W_hh = logarithms_back(values, values["steps"])
    left = np.exp(np.clip(logs, -700, 700))
    assert int(seen["steps"]) == values["steps"]
    amount = parts(AMOUNTS, seen["amount"])
    if "nothing" in amount:
        assert logs[-1] == -math.inf
    elif "times" in amount:
        assert left[-1] >= 1.05
        assert shows(amount["times"], left[-1])
    else:
        assert left[-1] < 1.05
        assert shows(amount["share"], left[-1])
    fate = "vanishing" if left[-1] < 0.1 else "exploding" if left[-1] > 10 else "kept"
    assert seen["fate"].startswith(fate)
    assert ("peak" in seen) == (left.max() >= 1.5 * max(1, left[-1]))
    if "peak" in seen:
        assert shows(seen["peak"], left.max())
        assert left[int(seen["at"])] == pytest.approx(left.max())
    gamma = PHI[values["activation"]][2]
    stretch = math.sqrt(np.linalg.eigvalsh(W_hh.T @ W_hh).max())
    assert shows(seen["bound"], gamma * stretch, 3)
    long, _ = logarithms_back(values, microscope.RUNS)
    grown = long[-1] - long[microscope.SETTLES] if long[-1] > -math.inf else -math.inf
    settled = microscope.RUNS - microscope.SETTLES
    rate = math.exp(grown / settled)
    if rate > 1.02:  # rounding grows, too: only about so much is certain
        assert float(seen["rate"]) == pytest.approx(rate, rel=0.06)
    else:
        assert shows(seen["rate"], rate, 3 if rate <= 1 else 2)
    assert float(seen["rate"]) <= float(seen["bound"]) * 1.06


@pytest.mark.parametrize("activation", PHI)
def test_the_microscope_says_what_plain_loops_find(activation: str) -> None:
    corners = [
        values
        for values in corners_of(gradient_microscope)
        if values["activation"] == activation
    ]
    assert len(corners) == 128
    for values in corners:
        check_microscope(values)


def test_the_microscope_says_it_between_the_corners_too() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        check_microscope(
            {
                "gain": float(rng.uniform(0.5, 2.5)),
                "amplitude": float(10 ** rng.uniform(-3, 0.3)),
                "steps": int(rng.integers(5, 101)),
                "hidden": int(rng.integers(2, 33)),
                "activation": str(rng.choice([*PHI])),
                "initialiser": str(rng.choice([*microscope.INITIALISERS])),
                "driven": True,
            }
        )


def test_a_gradient_of_a_hundred_and_ninety_decades_is_still_told() -> None:
    values: dict[str, Any] = {
        "gain": 2.5,
        "activation": "tanh",
        "initialiser": "Gaussian",
        "steps": 100,
        "hidden": 3,
        "amplitude": 0.1,
        "driven": True,
    }
    check_microscope(values)
    assert " 7.2e-190 of the gradient is left" in microscope.compute(**values).verdict


METER = (
    rf"At a = (?P<a>{NUMBER}) the slope of (?P<name>.*) is (?P<slope>{NUMBER}), "
    rf"(?P<judged>.*)\. In the network (?P<share>{NUMBER} %) of the states are "
    rf"(?P<means>.*); the mean slope is (?P<mean>{NUMBER})\."
)


def network_of(activation: str, gain: float) -> tuple[np.ndarray, np.ndarray]:
    """Return all states and slopes of the meter's network, with plain loops."""
    phi, slope, _ = PHI[activation]
    W_hh = saturation.init.orthogonal((32, 32), rng=np.random.default_rng(2), gain=gain)
    assert W_hh.T @ W_hh == pytest.approx(gain**2 * np.eye(32), abs=1e-9)
    W_xh = saturation.init.gaussian((8, 32), rng=np.random.default_rng(3), gain=gain)
    h, states, slopes = np.zeros(32), [], []
    for x_t in np.random.default_rng(4).standard_normal((60, 8)):
        a = x_t @ W_xh + h @ W_hh
        h = phi(a)
        states.append(h)
        slopes.append(slope(a))
    return np.array(states), np.array(slopes)


@pytest.mark.parametrize("values", [*corners_of(saturation_meter)], ids=str)
def test_the_saturation_meter_says_what_plain_loops_find(
    values: dict[str, Any],
) -> None:
    seen = parts(METER, saturation.compute(**values).verdict)
    _, slope, largest = PHI[values["activation"]]
    here = float(slope(np.array(values["a"], dtype=float)))
    assert shows_fixed(seen["a"], values["a"], 1)
    assert shows(seen["slope"], here)
    states, slopes = network_of(values["activation"], values["gain"])
    assert shows(seen["share"], (slopes < 0.1 * largest).mean())
    assert shows(seen["mean"], slopes.mean())
    if here > 0.999 * largest:
        assert seen["judged"].startswith("the largest there is")
    elif here >= 0.1 * largest:
        assert shows(seen["judged"].split(" of the")[0], here / largest)
    else:
        gone = "no gradient comes" if here == 0 else "here the gradient is vanishing"
        assert gone in seen["judged"]
        assert shows(seen["judged"].split()[1], largest)
    outside = {
        "tanh": abs(states) > 0.95,
        "sigmoid": (states < 0.0257) | (states > 0.9743),
        "relu": states == 0,
        "identity": states != states,
    }[values["activation"]]
    assert abs(outside.mean() - (slopes < 0.1 * largest).mean()) < 0.005


EIGEN = (
    rf"W = \[\[(?P<p>{NUMBER}), (?P<q>{NUMBER})\], \[(?P<r>{NUMBER}), (?P<s>{NUMBER})"
    rf"\]\]: spectral radius \|λ\| = (?P<radius>{NUMBER}), norm σₘₐₓ = "
    rf"(?P<norm>{NUMBER})\. After (?P<n>\d+) steps? ‖Wⁿ‖ is (?P<now>{NUMBER}), between "
    rf"\|λ\|ⁿ = (?P<low>{NUMBER}) and the bound σₘₐₓⁿ = (?P<high>{NUMBER})\. "
    r"(?P<story>.*)"
)
EIGEN_PLACES = [
    *corners_of(eigen_picture),
    *(opened(eigen_picture, preset) for preset in eigen_picture.presets.values()),
]


def stretch_of(W: np.ndarray) -> float:
    """Return the largest singular value of a 2 x 2 matrix, by its closed form."""
    squares, det = float((W**2).sum()), float(W[0, 0] * W[1, 1] - W[0, 1] * W[1, 0])
    return math.sqrt((squares + math.sqrt(max(squares**2 - 4 * det**2, 0))) / 2)


@pytest.mark.parametrize("values", EIGEN_PLACES, ids=str)
def test_the_eigen_picture_says_what_the_closed_form_finds(
    values: dict[str, Any],
) -> None:
    seen = parts(EIGEN, eigen.compute(**values).verdict)
    t, k, s = values["angle"], values["scale"], values["shear"]
    c, d = math.cos(t), math.sin(t)
    W = k * np.array([[c + s * d, d * (1 + s**2)], [-d, c - s * d]])
    for name, entry in zip("pqrs", W.ravel(), strict=True):
        assert shows_fixed(seen[name], entry)
    assert "−0.00" not in (seen[name] for name in "pqrs")
    powers = [np.eye(2)]
    for _ in range(30):
        powers.append(powers[-1] @ W)
    norms = [stretch_of(power) for power in powers]
    n = int(seen["n"])
    assert n == values["steps"]
    radius = math.sqrt(abs(W[0, 0] * W[1, 1] - W[0, 1] * W[1, 0]))
    assert shows(seen["radius"], radius)
    assert shows(seen["norm"], norms[1])
    assert shows(seen["now"], norms[n])
    assert shows(seen["low"], radius**n)
    assert shows(seen["high"], norms[1] ** n)
    assert radius**n <= norms[n] * (1 + 1e-9) <= norms[1] ** n * (1 + 1e-8)
    check_story(seen["story"], radius, norms)


def check_story(story: str, radius: float, norms: list[float]) -> None:
    if radius > 1 + 1e-9:
        assert story == "The radius is above 1: exploding in the end."
    elif radius > 1 - 1e-9:
        assert story.startswith("The radius is 1")
        assert 0.01 < min(norms) <= max(norms) < 100
    elif norms[1] <= 1 + 1e-12:
        assert story == "The norm is at most 1: vanishing, step by step."
        assert norms == sorted(norms, reverse=True)
    elif "; vanishing only much later" in story:
        assert max(norms) == norms[-1]
    else:
        assert "vanishing in the end" in story
        words = story.split()
        if words[1] == "grows":
            assert shows(words[3], max(norms))
            assert norms[int(words[6].strip(","))] == pytest.approx(max(norms))


BREAKING = (
    r"(?P<name>.*), T = (?P<T>\d+): 15 stored runs have (?P<least>\d+) to "
    r"(?P<most>\d+) of 100 right, (?P<mean>\d+) on average\. "
    r"(?P<breaks>.*); guessing has 25\."
)


@pytest.mark.parametrize("cell", breaking.NAMES)
def test_the_breaking_length_says_what_is_stored(cell: str) -> None:
    with np.load(breaking.STORED) as file:
        runs = 100 * file["accuracies"][[*breaking.NAMES].index(cell)]
    for column, length in enumerate(range(10, 81, 5)):
        data = breaking.compute(cell=cell, steps=length)
        seen = parts(BREAKING, data.verdict)
        assert (seen["name"], int(seen["T"])) == (breaking.NAMES[cell], length)
        here = runs[column].tolist()
        assert shows_fixed(seen["least"], min(here), 0)
        assert shows_fixed(seen["most"], max(here), 0)
        assert shows_fixed(seen["mean"], sum(here) / 15, 0)
        so_far = [sum(row) / 15 < 60 for row in runs[: column + 1].tolist()]
        if any(so_far):
            first = 10 + 5 * so_far.index(True)
            assert seen["breaks"] == f"The average falls below 60 at T = {first}"
        else:
            assert seen["breaks"] == "Up to here the average is never below 60"


def test_the_breaking_length_opens_without_its_answer() -> None:
    explorer = breaking_length()
    for line in explorer.view.means.values():  # type: ignore[attr-defined]
        assert max(line.get_xdata()) == 20
