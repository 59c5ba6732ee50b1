"""Memory is used again only when nobody holds an array in it any more."""

from __future__ import annotations

import copy
import gc
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnnlib import LSTMCell, Recurrent
from rnnlib._memory import LARGE, SMALL, BufferPool

SHAPE = (SMALL // 8, 2)


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize(
    "hold",
    [
        pytest.param(lambda array: array, id="the array"),
        pytest.param(lambda array: array[3:5], id="a slice"),
        pytest.param(lambda array: array.T[0][::7], id="a slice of its transpose"),
        pytest.param(lambda array: array.reshape(-1)[1:].view(np.int64), id="a view"),
        pytest.param(lambda array: np.broadcast_to(array, (2, *SHAPE)), id="broadcast"),
        pytest.param(lambda array: memoryview(array)[0:1], id="a memoryview"),
        pytest.param(lambda array: iter(array), id="an iterator"),
    ],
)
def test_what_somebody_holds_is_not_handed_out_again(hold):
    pool = BufferPool()
    array = pool.empty("h", SHAPE, np.float64)
    place = address(array)
    held = hold(array)
    del array
    other = pool.empty("h", SHAPE, np.float64)
    assert address(other) != place
    del held


def test_what_nobody_holds_is_handed_out_again_in_another_form():
    pool = BufferPool()
    place = address(pool.empty("h", SHAPE, np.float64))
    array = pool.empty("h", (SHAPE[0], 3), np.float32)
    assert address(array) == place
    assert array.dtype == np.float32
    assert array.flags.writeable
    assert array.flags.c_contiguous


def test_more_than_there_was_is_new():
    pool = BufferPool()
    pool.empty("h", SHAPE, np.float64)
    array = pool.empty("h", (SHAPE[0], 5), np.complex128)
    array[...] = 1j
    assert array.sum() == 5j * SHAPE[0]


def test_arrays_for_two_things_never_share():
    pool = BufferPool()
    one, other = (pool.empty(name, SHAPE, np.float64) for name in "hc")
    assert not np.shares_memory(one, other)


@pytest.mark.parametrize("size", [12, LARGE + 1], ids=["small", "very large"])
def test_small_and_very_large_arrays_are_left_to_numpy(size):
    pool = BufferPool()
    assert pool.empty("h", (size,), np.uint8).base is None
    assert not pool._buffers


def test_threads_never_get_the_same_memory():
    pool = BufferPool()

    def own(number):
        array = pool.empty("h", SHAPE, np.float64)
        array[...] = number
        return array, number

    with ThreadPoolExecutor(8) as threads:
        for array, number in threads.map(own, range(200)):
            assert (array == number).all()


@pytest.mark.parametrize(
    "make", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_a_copy_has_buffers_of_its_own(make):
    pool = BufferPool()
    pool.empty("h", SHAPE, np.float64)
    assert not make(pool)._buffers


def large_layer():
    """Return a layer and inputs whose cache has only large arrays."""
    rng = np.random.default_rng(0)
    layer = Recurrent(LSTMCell(3, 64, rng=rng))
    x = rng.standard_normal((2, 40, 16, 3))
    assert SMALL < 40 * 16 * 64 * 8
    return rng, layer, x


def test_what_a_layer_returned_is_never_overwritten():
    rng, layer, (x, y) = large_layer()
    h, state, cache = layer.forward(x)
    dh = rng.standard_normal(h.shape)
    dx, d_state, grads = layer.backward(dh, cache)
    results = [h, *state, *cache[3:], dx, *d_state, *grads.values()]
    kept = [np.copy(array) for array in results]
    for _ in range(2):
        _, _, other = layer.forward(y)
        layer.backward(dh, other)
        del other
    for array, expected in zip(results, kept, strict=True):
        np.testing.assert_array_equal(array, expected)
    again = layer.backward(dh, cache)
    np.testing.assert_array_equal(again[0], dx)


def test_one_kept_gate_is_not_overwritten():
    _, layer, (x, y) = large_layer()
    _, _, cache = layer.forward(x)
    f = cache.f[3:]
    expected = f.copy()
    del cache
    layer.forward(y)
    np.testing.assert_array_equal(f, expected)


def test_a_step_like_the_last_one_needs_no_new_memory():
    _, layer, (x, y) = large_layer()
    place = address(layer.forward(x)[2].gates)
    gc.collect()
    assert address(layer.forward(y)[2].gates) == place
