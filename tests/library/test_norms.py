"""Norms at every size that a float can have."""

from fractions import Fraction
from math import isqrt

import numpy as np
import pytest

from rnnlib._norms import all_finite, norm, row_norms, squares_are_finite

WIDE, NARROW = (1e-290, 1e-170, 1.0, 1e170, 1e300), (1e-31, 1e-23, 1.0, 1e23, 1e36)
SCALES = [
    *((np.float64, scale) for scale in WIDE),
    *((np.float32, scale) for scale in NARROW),
]
each_scale = pytest.mark.parametrize(("dtype", "scale"), SCALES)


def drawn(dtype, scale, seed=0):
    """Return arrays of all shapes, with entries of that size, and some far smaller."""
    rng = np.random.default_rng(seed)
    whole = rng.standard_normal((4, 5)) * scale
    whole[1] *= 1e-6
    return [each.astype(dtype) for each in (whole, whole[0, :3], np.zeros(2))]


def exactly(numbers):
    """Return the root of a sum of squares, by whole numbers."""
    total = sum(Fraction(float(x)) ** 2 for x in numbers)
    places = 10**400
    return Fraction(isqrt(int(total * places**2)), places)


@each_scale
def test_a_norm_neither_vanishes_nor_overflows_at_any_scale(dtype, scale):
    arrays = drawn(dtype, scale)
    found = norm(*arrays)
    expected = exactly([x for array in arrays for x in array.ravel()])
    assert abs(Fraction(found) / expected - 1) < 8 * np.finfo(dtype).eps


@each_scale
def test_the_norm_of_each_row_is_right_beside_smaller_and_larger_ones(dtype, scale):
    rows = drawn(dtype, scale)[0]
    for row, found in zip(rows, row_norms(rows), strict=True):
        assert abs(Fraction(float(found)) / exactly(row) - 1) < 8 * np.finfo(dtype).eps
    assert row_norms(rows).dtype == dtype


def test_what_is_not_finite_has_no_finite_norm_and_nothing_has_norm_0():
    assert norm(np.array([1.0, -np.inf]), np.array([np.nan])) == np.inf
    assert np.isnan(norm(np.array([1.0, np.nan])))
    assert norm() == norm(np.zeros((2, 2))) == 0
    rows = np.array([[0.0, 0.0], [np.inf, 1.0], [np.nan, 1.0]])
    np.testing.assert_equal(row_norms(rows), [0, np.inf, np.nan])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_square_may_overflow_where_the_number_does_not(dtype):
    most = np.finfo(dtype).max
    small, large = (np.array([1, -np.sqrt(most) * f], dtype) for f in (0.99, 1.01))
    assert squares_are_finite(small)
    assert squares_are_finite(np.tile(small, 5))  # their sum overflows, none of them
    assert not squares_are_finite(large)
    assert all_finite(np.full(5, most, dtype))
    assert not all_finite(np.array([most, np.inf], dtype))
