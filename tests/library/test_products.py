"""The gradient of a look-up, by sums and by one-hot rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import _products


@pytest.mark.parametrize("few", [0, 10**9], ids=["sums", "one-hot rows"])
@given(
    seed=st.integers(0, 2**32 - 1),
    shape=st.sampled_from([(1,), (40,), (6, 5), (2, 3, 4)]),
    symbols=st.integers(1, 50),
)
def test_a_token_receives_all_of_its_gradients(few, seed, shape, symbols):
    rng = np.random.default_rng(seed)
    x, dy = rng.integers(0, symbols, shape), rng.standard_normal((*shape, 3))
    expected = np.zeros((symbols, 3))
    for place in np.ndindex(shape):
        expected[x[place]] += dy[place]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_products, "FEW", few)
        found = _products.weight_gradient(x, dy, symbols)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_many_symbols_need_no_one_hot_rows(monkeypatch):
    """A vocabulary of thousands would need as many numbers for each token."""
    monkeypatch.setattr(np, "eye", None)
    x, dy = np.array([3, 3, 9]), np.ones((3, 100))
    gradient = _products.weight_gradient(x, dy, 5000)
    assert gradient[3, 0] == 2
    assert gradient.sum() == 300
