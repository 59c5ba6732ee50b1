import numpy as np
import pytest

from rnnlib import init

DRAWS = {name: getattr(init, name) for name in init.__all__}
RANDOM = sorted(set(DRAWS) - {"identity"})


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", sorted(DRAWS))
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_shape_and_dtype_are_those_asked_for(name, dtype):
    shape = (6, 6) if name == "non_normal" else (6, 4)
    W = DRAWS[name](shape, rng=rng(), dtype=dtype)
    assert (W.shape, W.dtype) == (shape, dtype)


@pytest.mark.parametrize("name", RANDOM)
def test_a_seed_gives_the_same_matrix_again_and_another_seed_another(name):
    draw = DRAWS[name]
    np.testing.assert_array_equal(draw((5, 5), rng=rng(7)), draw((5, 5), rng=rng(7)))
    assert abs(draw((5, 5), rng=rng(7)) - draw((5, 5), rng=rng(8))).max() > 0.01


@pytest.mark.parametrize("name", sorted(DRAWS))
def test_gain_scales_the_matrix(name):
    draw = DRAWS[name]
    np.testing.assert_allclose(
        draw((5, 5), rng=rng(3), gain=1.7), 1.7 * draw((5, 5), rng=rng(3)), rtol=1e-14
    )


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7), (1, 1)])
def test_all_singular_values_of_orthogonal_are_its_gain(shape):
    W = init.orthogonal(shape, rng=rng(1), gain=0.7)
    values = np.linalg.svd(W, compute_uv=False)
    np.testing.assert_allclose(values, np.full(min(shape), 0.7), rtol=1e-13)


def test_orthogonal_prefers_no_direction():
    """Without the signs of R a QR product is not spread evenly over all rotations."""
    entries = np.array(
        [init.orthogonal((3, 3), rng=rng(seed))[0, 0] for seed in range(600)]
    )
    spread = 1 / np.sqrt(3 * len(entries))  # the variance of an entry is 1/3
    assert abs(entries.mean()) < 5 * spread


@pytest.mark.parametrize(
    ("name", "shape", "variance"),
    [
        ("uniform", (300, 200), 1 / (3 * 300)),  # limit**2 / 3
        ("gaussian", (300, 200), 1 / 300),
        ("glorot", (300, 200), 2 / (300 + 200)),
    ],
)
def test_entries_have_the_variance_that_is_promised(name, shape, variance):
    W = DRAWS[name](shape, rng=rng(2), gain=1.5)
    n = W.size
    expected = 1.5**2 * variance
    # The variance of a sample variance is at most 2 sigma^4 / n, for normal entries.
    assert abs(W.var() - expected) < 5 * expected * np.sqrt(2 / n)
    assert abs(W.mean()) < 5 * np.sqrt(expected / n)


@pytest.mark.parametrize(
    ("name", "limit"), [("uniform", 1 / np.sqrt(40)), ("glorot", np.sqrt(6 / 100))]
)
def test_even_entries_fill_their_interval(name, limit):
    W = DRAWS[name]((40, 60), rng=rng(4))
    assert 0.99 * limit < abs(W).max() <= limit


def test_identity_copies_the_state():
    h = rng(5).standard_normal((2, 4))
    np.testing.assert_array_equal(h @ init.identity((4, 4), rng=rng()), h)


@pytest.mark.parametrize("n", [1, 3, 8, 10])
def test_non_normal_has_one_eigenvalue_but_a_larger_norm(n):
    W = init.non_normal((n, n), rng=rng(6), gain=0.9)
    # (W - 0.9 I) is nilpotent: four times applied nothing is left, in any block of 4.
    left = np.linalg.matrix_power(W - 0.9 * np.eye(n), 4)
    np.testing.assert_allclose(left, np.zeros((n, n)), atol=1e-13)
    radius = abs(np.linalg.eigvals(W)).max()
    assert radius == pytest.approx(0.9, abs=1e-2)  # a defective one is ill-conditioned
    if n > 1:
        assert np.linalg.norm(W, 2) > 1.2


def test_powers_of_non_normal_grow_before_they_vanish():
    W = init.non_normal((32, 32), rng=rng(7), gain=0.8)
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(120)]
    assert max(norms) > 2
    assert norms[-1] < 1e-4


def test_no_shear_leaves_a_multiple_of_the_identity():
    W = init.non_normal((6, 6), rng=rng(8), gain=0.5, shear=0.0)
    np.testing.assert_allclose(W, 0.5 * np.eye(6), atol=1e-15)
