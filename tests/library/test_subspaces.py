"""Directions of states and what can be read from them, found in other ways."""

import numpy as np
import pytest

from rnnlib.diagnostics import linear_probe, principal_components


def draw_states(seed, shape=(7, 5, 4)):
    """Return states whose axes vary differently and together."""
    rng = np.random.default_rng(seed)
    H = shape[-1]
    return rng.standard_normal(shape) @ rng.standard_normal((H, H)) + 3


@pytest.mark.parametrize("shape", [(7, 5, 4), (30, 6), (3, 5), (2, 1)])
def test_the_directions_are_the_eigenvectors_of_the_covariance(shape):
    states = draw_states(0, shape)
    H = shape[-1]
    found = principal_components(states, H)
    values, vectors = np.linalg.eigh(np.cov(states.reshape(-1, H).T).reshape(H, H))
    values = np.clip(values[::-1], 0, None)
    np.testing.assert_allclose(found.shares, values / values.sum(), atol=1e-12)
    np.testing.assert_allclose(
        found.directions @ found.directions.T, np.eye(H), atol=1e-12
    )
    for k in np.flatnonzero(values > 1e-9 * values[0]):
        assert abs(found.directions[k] @ vectors[:, ::-1][:, k]) > 1 - 1e-9


def test_no_other_plane_leaves_a_smaller_distance():
    states, rng = draw_states(1, (40, 5)), np.random.default_rng(2)
    found = principal_components(states)
    centred = states - found.mean

    def left(plane):
        return np.linalg.norm(centred - centred @ plane.T @ plane)

    best = left(found.directions)
    total = (centred**2).sum()
    np.testing.assert_allclose(best**2 / total, 1 - found.shares.sum(), rtol=1e-9)
    for _ in range(200):
        assert left(np.linalg.qr(rng.standard_normal((5, 2)))[0].T) > best


def test_turning_all_states_round_leaves_the_signs_of_the_directions():
    states = draw_states(3)
    found, turned = principal_components(states), principal_components(-states)
    np.testing.assert_allclose(found.directions, turned.directions, atol=1e-9)


def test_coordinates_are_what_lies_along_each_direction():
    states = draw_states(4)
    found = principal_components(states, 3)
    placed = found.coordinates(states)
    assert placed.shape == (7, 5, 3)
    for k, direction in enumerate(found.directions):
        expected = (states - states.mean(axis=(0, 1))) @ direction
        np.testing.assert_allclose(placed[..., k], expected, atol=1e-12)
    np.testing.assert_allclose(placed.mean(axis=(0, 1)), 0, atol=1e-12)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
@pytest.mark.parametrize("outputs", [(), (3,)])
def test_a_probe_is_where_the_gradient_of_its_error_is_zero(ridge, outputs):
    states, rng = draw_states(5), np.random.default_rng(6)
    targets = rng.standard_normal((7, 5, *outputs))
    probe = linear_probe(states, targets, ridge=ridge)
    off = probe.read(states) - targets
    slope = np.einsum("tbh,tb...->h...", states, off) / 35 + ridge * probe.weights
    np.testing.assert_allclose(slope, 0, atol=1e-10)
    np.testing.assert_allclose(off.sum(axis=(0, 1)), 0, atol=1e-9)


def test_a_probe_of_several_numbers_is_one_probe_for_each():
    states, rng = draw_states(7), np.random.default_rng(8)
    targets = rng.standard_normal((7, 5, 3))
    probe = linear_probe(states, targets, ridge=0.1)
    shares = probe.r_squared(states, targets)
    for k in range(3):
        one = linear_probe(states, targets[..., k], ridge=0.1)
        np.testing.assert_allclose(one.weights, probe.weights[:, k], atol=1e-12)
        np.testing.assert_allclose(one.bias, probe.bias[k], atol=1e-12)
        np.testing.assert_allclose(one.direction, probe.direction[:, k], atol=1e-12)
        share = one.r_squared(states, targets[..., k])
        np.testing.assert_allclose(share, shares[k], rtol=1e-9)


def test_what_is_in_the_state_is_read_wholly_and_noise_is_not():
    states, rng = draw_states(9, (400, 6)), np.random.default_rng(10)
    w, noise = rng.standard_normal(6), rng.standard_normal(400)
    said = states @ w + 0.7
    probe = linear_probe(states[:200], said[:200])
    np.testing.assert_allclose(probe.weights, w, atol=1e-9)
    np.testing.assert_allclose(probe.r_squared(states[200:], said[200:]), 1, atol=1e-9)
    blind = linear_probe(states[:200], noise[:200])
    assert blind.r_squared(states[:200], noise[:200]) > 0
    assert blind.r_squared(states[200:], noise[200:]) < 0.02


def test_the_mean_alone_reads_nothing():
    states, targets = draw_states(11), np.random.default_rng(12).standard_normal((7, 5))
    probe = linear_probe(states, targets, ridge=1e12)
    np.testing.assert_allclose(probe.r_squared(states, targets), 0, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_precision_of_the_states_is_kept(dtype):
    states = draw_states(13).astype(dtype)
    found = principal_components(states)
    probe = linear_probe(states, states[..., 0])
    kinds = {*(array.dtype for array in found), *(array.dtype for array in probe)}
    kinds |= {found.coordinates(states).dtype, probe.read(states).dtype}
    assert kinds == {np.dtype(dtype)}


def test_states_of_another_size_and_targets_that_are_all_the_same_are_refused():
    states, other = draw_states(14), draw_states(15, (7, 3))
    probe, plane = linear_probe(states, states[..., 0]), principal_components(states)
    for ask in (plane.coordinates, probe.read, lambda s: probe.r_squared(s, s[..., 0])):
        with pytest.raises(ValueError, match=r"states must .* 4\), got \(7, 3\)"):
            ask(other)
    with pytest.raises(ValueError, match="targets must differ from each other"):
        probe.r_squared(states, np.ones((7, 5)))
    with pytest.raises(ValueError, match=r"targets must have shape \(7, 5\), got"):
        probe.r_squared(states, states)
