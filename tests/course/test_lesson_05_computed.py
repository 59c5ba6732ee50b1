"""What explorers compute, against formulas written out here."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_05.eigen_picture import compute as eigen
from rnncourse.lesson_05.gradient_microscope import compute as microscope
from rnncourse.lesson_05.saturation_meter import compute as saturation
from rnncourse.shared.wording import number
from rnnlib.diagnostics import step_jacobians
from rnnlib.recurrent import Recurrent

PLAIN: dict[str, Any] = {
    "gain": 1.3,
    "activation": "tanh",
    "initialiser": "Gaussian",
    "steps": 12,
    "hidden": 5,
    "amplitude": 0.4,
    "driven": True,
}


def look(**values: Any) -> microscope.GradientMicroscope:
    return microscope.compute(**(PLAIN | values))


def written_out(steps: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Return all dh_T/dh_k by n = T - k, and the direction u, with plain loops."""
    cell = microscope.network("tanh", "Gaussian", PLAIN["gain"], PLAIN["hidden"])
    W_xh, W_hh = cell.params["W_xh"], cell.params["W_hh"]
    x = np.random.default_rng(4).standard_normal((100, 1, len(W_xh)))[:, 0]
    u = np.random.default_rng(5).standard_normal(PLAIN["hidden"])
    h, jacobians = np.zeros(PLAIN["hidden"]), []
    for x_t in PLAIN["amplitude"] * x[:steps]:
        h = np.tanh(x_t @ W_xh + h @ W_hh)
        jacobians.append(np.diag(1 - h**2) @ W_hh.T)
    products = [np.eye(len(h))]
    for jacobian in reversed(jacobians):
        products.append(products[-1] @ jacobian)
    return products, u / np.linalg.norm(u)


def test_the_microscope_shows_the_product_of_jacobians() -> None:
    data = look()
    products, u = written_out(PLAIN["steps"])
    values = [np.linalg.svd(product, compute_uv=False) for product in products]
    assert data.left == pytest.approx([np.linalg.norm(u @ p) for p in products])
    assert data.largest == pytest.approx([found[0] for found in values])
    assert data.smallest == pytest.approx([found[-1] for found in values])


@pytest.mark.parametrize("t", [1, 5, 12])
def test_a_row_of_the_map_is_the_gradient_of_one_loss(t: int) -> None:
    products, u = written_out(t)
    expected = [np.linalg.norm(u @ p) for p in products[:t]]
    assert look().norms[t - 1, :t][::-1] == pytest.approx(expected)
    assert np.isnan(look().norms[t - 1, t:]).all()


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "identity"])
def test_the_short_jacobians_are_those_of_the_library(activation: str) -> None:
    cell = microscope.network(activation, "Gaussian", 1.2, 6)
    x = np.random.default_rng(0).standard_normal((7, 1, microscope.INPUT_SIZE))
    h, _, cache = Recurrent(cell).forward(x)
    short = microscope._step_jacobians(cell, h)
    np.testing.assert_allclose(short, step_jacobians(cell, cache), rtol=1e-12)


@pytest.mark.parametrize("initialiser", microscope.INITIALISERS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "identity"])
def test_the_gradient_lies_between_the_singular_values_and_under_the_bound(
    initialiser: str, activation: str
) -> None:
    data = look(initialiser=initialiser, activation=activation, steps=30)
    slack = 1 + 1e-9
    left = data.left[data.back]
    assert (data.smallest <= left * slack + 1e-300).all()
    assert (left <= data.largest * slack).all()
    assert (data.largest <= data.bound[data.back] * slack).all()


def test_the_gain_scales_the_same_matrix() -> None:
    one, two = (
        microscope.network("tanh", "non-normal", gain, 8).params for gain in (1, 2)
    )
    assert two["W_hh"] == pytest.approx(2 * one["W_hh"])
    assert (two["W_xh"] == one["W_xh"]).all()


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    np.testing.assert_allclose(look(steps=20).norms[:12, :12], look().norms)


def test_long_runs_have_their_singular_values_at_some_places() -> None:
    assert (look(steps=25).back == np.arange(26)).all()
    back = look(steps=100).back
    assert len(back) == 26
    assert (back[0], back[-1]) == (0, 100)
    assert {b - a for a, b in pairwise(back)} == {4}


def test_tanh_with_large_gain_and_small_input_explodes() -> None:
    data = look(gain=2, amplitude=0.01, initialiser="orthogonal", hidden=32, steps=30)
    assert data.fate == "exploding"
    assert 1e3 < data.largest[-1] < 1e5
    assert "exploding" in data.verdict
    assert data.rate > 1


@pytest.mark.parametrize("initialiser", ["orthogonal", "Gaussian"])
def test_with_tanh_loudness_decides_and_with_relu_it_changes_nothing(
    initialiser: str,
) -> None:
    """The closing line of the microscope."""
    left = {
        activation: [
            look(
                activation=activation,
                initialiser=initialiser,
                amplitude=amplitude,
                hidden=32,
                steps=100,
            ).left
            for amplitude in (0.001, 0.1, 2.0)
        ]
        for activation in ("tanh", "relu")
    }
    assert left["tanh"][0][-1] > 100
    assert left["tanh"][2][-1] < 1e-9
    for other in left["relu"][1:]:
        np.testing.assert_allclose(other, left["relu"][0], rtol=1e-9)


def test_a_bound_above_one_does_not_force_an_explosion() -> None:
    data = look(gain=1.5, amplitude=1, initialiser="orthogonal", hidden=32, steps=30)
    assert data.bound[1] == pytest.approx(1.5)
    assert data.fate == "vanishing"
    assert data.rate < 1


def test_a_bound_below_one_forces_the_gradient_to_vanish() -> None:
    data = look(gain=0.5, initialiser="orthogonal")
    assert data.rate <= data.bound[1] == pytest.approx(0.5)
    assert "the bound allows 0.5" in data.verdict


@pytest.mark.parametrize("amplitude", [0.01, 0.5, 2.0])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_the_rate_is_the_largest_lyapunov_exponent_by_qr(
    amplitude: float, activation: str
) -> None:
    cell = microscope.network(activation, "orthogonal", 0.95, 6)
    x = np.random.default_rng(0).standard_normal((300, 1, microscope.INPUT_SIZE))
    _, _, cache = Recurrent(cell).forward(amplitude * x)
    J = step_jacobians(cell, cache)[:, 0]
    Q, logs = np.eye(6), []
    for step in J[::-1]:
        Q, R = np.linalg.qr(step.T @ Q)
        logs.append(np.log(abs(np.diag(R))))
    by_qr = np.mean(logs[microscope.SETTLES :], axis=0).max()
    found = microscope.rate(cell, amplitude * x, np.ones(6) / np.sqrt(6))
    assert np.log(found) == pytest.approx(by_qr, abs=0.01)


def test_without_input_relu_passes_nothing_back() -> None:
    data = look(activation="relu", driven=False)
    assert "nothing is left, each way leads through a unit that is off" in data.verdict
    assert "vanishing" in data.verdict


def test_a_transient_is_told() -> None:
    data = look(gain=0.7, initialiser="non-normal", hidden=32, steps=60, amplitude=1e-3)
    assert "On the way it was" in data.verdict
    assert data.fate == "vanishing"


@pytest.mark.parametrize("angle", [0, 0.4, 1.5, 3.14])
@pytest.mark.parametrize("shear", [0, 1.5, 3])
def test_the_shear_leaves_the_eigenvalues_alone(angle: float, shear: float) -> None:
    W = eigen.matrix(angle, 0.8, shear)
    expected = 0.8 * np.exp(np.array([1j, -1j]) * angle)
    found = np.linalg.eigvals(W).astype(complex)
    distance = abs(found[:, None] - expected).min(axis=1)
    assert distance == pytest.approx(0, abs=1e-7)


def test_the_norms_of_the_powers_lie_between_radius_and_bound() -> None:
    data = eigen.compute(angle=0.4, scale=0.9, shear=2.0, steps=9)
    n = np.arange(eigen.STEPS + 1)
    powers = [np.linalg.matrix_power(data.W, k) for k in n]
    assert data.largest == pytest.approx([np.linalg.norm(p, 2) for p in powers])
    assert (data.largest >= data.radius**n * (1 - 1e-9)).all()
    assert (data.largest <= data.norm**n * (1 + 1e-9)).all()
    assert data.path[-1] == pytest.approx(np.array([1, 0]) @ powers[9])
    reach = np.linalg.norm(data.circle, axis=1)
    assert reach.max() == pytest.approx(data.largest[9], rel=1e-2)
    assert reach.min() >= data.smallest[9] * (1 - 1e-9)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"scale": 0.8, "shear": 0.0}, "vanishing, step by step"),
        ({"scale": 0.9, "shear": 3.0}, "vanishing in the end"),
        ({"scale": 1.0, "shear": 1.0}, "neither vanishes nor explodes"),
        ({"scale": 1.1, "shear": 0.0}, "exploding in the end"),
    ],
)
def test_the_verdict_on_a_matrix_follows_it(
    values: dict[str, float], says: str
) -> None:
    assert says in eigen.compute(angle=0.3, steps=5, **values).verdict


@pytest.mark.parametrize(
    ("activation", "a", "slope"),
    [
        ("tanh", 4.0, 1 - np.tanh(4.0) ** 2),
        ("tanh", 0.0, 1.0),
        ("sigmoid", 0.0, 0.25),
        ("sigmoid", -6.0, np.exp(-6) / (1 + np.exp(-6)) ** 2),
        ("relu", -1.0, 0.0),
        ("identity", 5.0, 1.0),
    ],
)
def test_the_meter_reads_the_slope(activation: str, a: float, slope: float) -> None:
    data = saturation.compute(a=a, activation=activation, gain=1.0)
    assert data.slope == pytest.approx(slope, rel=1e-9)
    assert number(slope) in data.verdict


@pytest.mark.parametrize("activation", saturation.RANGES)
@pytest.mark.parametrize("gain", [0.1, 1, 10])
def test_each_state_is_counted_once(activation: str, gain: float) -> None:
    data = saturation.compute(a=0, activation=activation, gain=gain)
    assert data.all_shares.sum() == pytest.approx(1)
    assert data.saturated_shares.sum() == pytest.approx(data.saturated)
    assert (data.saturated_shares <= data.all_shares).all()


def test_small_values_learn_and_large_values_saturate() -> None:
    gentle, harsh = (
        saturation.compute(a=0, activation="tanh", gain=gain) for gain in (0.2, 5)
    )
    assert gentle.saturated == 0
    assert harsh.saturated > 0.7
    assert gentle.mean_slope > 0.9 > 0.2 > harsh.mean_slope
    assert np.argmax(gentle.slopes) == len(saturation.GRID) // 2
