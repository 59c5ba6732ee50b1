import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    CoupledLSTMCell,
    GRUCell,
    LSTMCell,
    MinGRUCell,
    MinLSTMCell,
    NoForgetGateLSTMCell,
    Recurrent,
    RNNCell,
    init,
)
from rnnlib.diagnostics import (
    gate_traces,
    gradient_norms,
    jacobian_bound,
    lyapunov_exponents,
    memory_half_life,
    run_saturation,
    saturation,
    singular_values,
    state_gradients,
    state_jacobians,
    step_jacobians,
)
from tests.library.by_hand import unit_by_unit
from tests.library.nets import CELLS, KINDS, draw_cell, draw_mask, draw_state

NAMES = [kind for kind in KINDS if CELLS[kind][0] is RNNCell]
T, B, D, H = 6, 3, 2, 4
SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed, kind="tanh", masked=False):
    """Return a generator, a cell, the cache of a run, and an upstream gradient."""
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, D, H, kind)
    x, state = rng.standard_normal((T, B, D)), draw_state(rng, cell, B)
    mask = draw_mask(rng, T, B) if masked else None
    _, _, cache = Recurrent(cell).forward(x, state, mask)
    return rng, cell, cache, rng.standard_normal((T, B, H))


def full(state):
    """Return a state as one array (..., S), h before c."""
    return np.concatenate(state, axis=-1)


def from_full(cell, array):
    """Return the opposite of `full`."""
    return cell.State(*np.split(array, len(cell.State._fields), axis=-1))


def states_before(cache):
    """Return the full state before each step, (T, B, S)."""
    fields = [name for name in ("h_prev", "c_prev") if name in cache._fields]
    return full([getattr(cache, name) for name in fields])


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_step_jacobian_is_the_derivative_of_the_state_by_the_state(kind, masked):
    """The full state: with an LSTM h and c, and what each does to the other."""
    _, cell, cache, _ = drawn(1, kind, masked)
    found, before = step_jacobians(cell, cache), states_before(cache)
    S = before.shape[-1]
    assert found.shape == (T, B, S, S)
    for t, b, j in np.ndindex(T, B, S):
        if masked and not cache.mask[t, b]:
            expected = np.eye(S)[:, j]
        else:
            nearby = before[t].astype(complex)
            nearby[b, j] += 1e-30j
            state, _ = cell.forward(cache.x[t], from_full(cell, nearby))
            expected = full(state)[b].imag / 1e-30
        np.testing.assert_allclose(found[t, b, :, j], expected, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", ["tanh", "lstm peephole", "gru"])
def test_a_state_jacobian_is_the_product_of_the_steps_between(kind, masked):
    _, cell, cache, _ = drawn(2, kind, masked)
    steps = step_jacobians(cell, cache)
    products = state_jacobians(steps)
    S = steps.shape[-1]
    assert products.shape == (T + 1, B, S, S)
    for b in range(B):
        expected = np.eye(S)
        for k in reversed(range(T + 1)):
            np.testing.assert_allclose(products[k, b], expected, rtol=1e-11, atol=1e-15)
            expected = expected @ steps[k - 1, b]


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_state_jacobian_is_the_derivative_of_the_last_state_by_the_first(
    kind, masked
):
    rng, cell, cache, _ = drawn(3, kind, masked)
    products = state_jacobians(step_jacobians(cell, cache))
    d_last = draw_state(rng, cell, B)
    _, d_start, _ = Recurrent(cell).backward(np.zeros((T, B, H)), cache, d_last)
    expected = np.einsum("bi,bij->bj", full(d_last), products[0])
    np.testing.assert_allclose(full(d_start), expected, rtol=1e-10, atol=1e-14)


@given(SEEDS)
def test_singular_values_are_the_most_and_the_least_a_vector_can_grow(seed):
    rng = np.random.default_rng(seed)
    matrices = rng.standard_normal((2, 3, 4, 4))
    values = singular_values(matrices)
    assert values.shape == (2, 3, 4)
    assert (np.diff(values) <= 0).all()
    squares = np.linalg.eigvalsh(matrices.swapaxes(-1, -2) @ matrices)[..., ::-1]
    np.testing.assert_allclose(values**2, squares, rtol=1e-8, atol=1e-12)
    vectors = rng.standard_normal((2, 3, 4, 1))
    grown = np.linalg.norm(matrices @ vectors, axis=-2) / np.linalg.norm(
        vectors, axis=-2
    )
    assert (values[..., -1:] * (1 - 1e-12) <= grown).all()
    assert (grown <= values[..., :1] * (1 + 1e-12)).all()


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_sweep_finds_the_norms_of_one_sweep_a_loss(kind, masked):
    """Each gradient carried back alone, by the Jacobians of the steps."""
    _, cell, cache, dh = drawn(4, kind, masked)
    found, steps = gradient_norms(cell, cache, dh), step_jacobians(cell, cache)
    assert found.shape == (T, T, B)
    for t in range(T):
        d = np.zeros((B, steps.shape[-1]))
        d[:, :H] = dh[t]  # of L_t, by the state at step t, then by that at t - 1, ...
        for k in range(t, -1, -1):
            norms = np.linalg.norm(d, axis=1)
            np.testing.assert_allclose(found[t, k], norms, rtol=1e-11)
            d = np.einsum("bi,bij->bj", d, steps[k])


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_norms_are_those_of_back_propagation(kind, masked):
    """The state before step 0 of the whole is the state after step 0 of the rest."""
    rng = np.random.default_rng(5)
    layer = Recurrent(draw_cell(rng, D, H, kind))
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H))
    mask = draw_mask(rng, T, B) if masked else np.ones((T, B), bool)
    mask[0, 0] = True
    _, _, cache = layer.forward(x, mask=mask)
    _, first, _ = layer.forward(x[:1], mask=mask[:1])
    _, _, rest = layer.forward(x[1:], first, mask[1:])
    found = gradient_norms(layer.cell, cache, dh)
    for t in range(1, T):
        alone = np.zeros((T - 1, B, H))
        alone[t - 1] = dh[t]
        _, d_state, _ = layer.backward(alone, rest)
        norms = np.linalg.norm(full(d_state), axis=1)
        np.testing.assert_allclose(found[t, 0], norms, rtol=1e-11)


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_state_gradient_is_that_of_the_sequence_from_there_on(kind, masked):
    _, cell, cache, dh = drawn(10, kind, masked)
    found = state_gradients(cell, cache, dh)
    assert isinstance(found, cell.State)
    layer, before = Recurrent(cell), states_before(cache)
    for t in range(1, T):
        mask = cache.mask[t:] if masked else None
        if mask is not None and not mask.any():
            continue
        _, _, rest = layer.forward(cache.x[t:], from_full(cell, before[t]), mask)
        _, d_state, _ = layer.backward(dh[t:], rest)
        d_state = d_state._replace(h=d_state.h + dh[t - 1])  # its own loss, directly
        for each, expected in zip(found, d_state, strict=True):
            np.testing.assert_allclose(each[t - 1], expected, rtol=1e-11, atol=1e-14)
    np.testing.assert_array_equal(found.h[-1], dh[-1])


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_gate_traces_are_the_gates_of_the_equations(kind, masked):
    rng = np.random.default_rng(11)
    cell = draw_cell(rng, D, H, kind)
    x, state = rng.standard_normal((T, B, D)), draw_state(rng, cell, B)
    mask = draw_mask(rng, T, B) if masked else None
    _, _, cache = Recurrent(cell).forward(x, state, mask)
    found = gate_traces(cell, cache)
    letters = "ifog" if "lstm" in kind else "rzn" if "gru" in kind else "h"
    if "minimal" in kind:
        letters = "ifg" if "two gates" in kind else "zn"
    assert list(found) == list(letters)
    exists = np.ones((T, B), bool) if mask is None else mask
    expected = unit_by_unit(kind, cell.params, x, state, exists)
    for letter, gate in found.items():
        want = np.where(exists[:, :, None], expected[letter], np.nan)
        np.testing.assert_allclose(gate, want, rtol=1e-12, atol=1e-14)


def test_the_half_life_is_when_half_is_left():
    f = np.array([[0.1, 0.5], [0.9, 0.999]])
    np.testing.assert_allclose(f ** memory_half_life(f), np.full((2, 2), 0.5))
    ends = memory_half_life([0.0, 1.0, np.nan])
    np.testing.assert_array_equal(ends, [0.0, np.inf, np.nan])
    single = memory_half_life(np.array([0.5, 1.0], np.float32))
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single, [1, np.inf])


@pytest.mark.parametrize("forget_bias", [0.0, 1.0, 3.0])
def test_half_of_a_cell_state_is_left_after_its_half_life(forget_bias):
    """Nothing is written: what is left is f to the power of the steps."""
    rng = np.random.default_rng(12)
    cell = LSTMCell(D, H, rng=rng, forget_bias=forget_bias)
    for name in ("W_xh", "W_hh"):
        cell.params[name][...] = 0
    cell.split(cell.params["b_h"])["i"][...] = -1e4
    start = draw_state(rng, cell, 1)
    _, last, cache = Recurrent(cell).forward(np.zeros((20, 1, D)), start)
    half_life = memory_half_life(gate_traces(cell, cache)["f"])[0, 0]
    np.testing.assert_allclose(last.c / start.c, [0.5 ** (20 / half_life)], rtol=1e-10)


def test_a_loss_has_no_gradient_in_its_future():
    _, cell, cache, dh = drawn(6)
    missing = np.isnan(gradient_norms(cell, cache, dh)).all(axis=2)
    np.testing.assert_array_equal(missing, np.triu(np.ones((T, T), bool), k=1))


def test_the_gradient_of_a_loss_starts_with_its_own_norm():
    _, cell, cache, dh = drawn(7, masked=True)
    found = gradient_norms(cell, cache, dh)
    own = np.linalg.norm(dh, axis=-1)
    np.testing.assert_allclose(found[range(T), range(T)], own, rtol=1e-14)


@given(
    SEEDS,
    st.sampled_from(NAMES),
    st.sampled_from([init.gaussian, init.orthogonal, init.non_normal]),
    st.floats(0.1, 3),
    st.floats(0, 3),
)
def test_no_product_of_jacobians_is_above_the_bound(
    seed, activation, recurrent_init, gain, amplitude
):
    rng = np.random.default_rng(seed)
    cell = RNNCell(2, 5, rng=rng, activation=activation)
    cell.params["W_hh"][...] = recurrent_init((5, 5), rng=rng, gain=gain)
    x = amplitude * rng.standard_normal((12, 1, 2))
    _, _, cache = Recurrent(cell).forward(x)
    products = state_jacobians(step_jacobians(cell, cache))[::-1, 0]
    largest = singular_values(products)[:, 0]
    assert (largest <= jacobian_bound(cell, 12) * (1 + 1e-12)).all()


def test_the_bound_is_met_by_linear_units_with_an_orthogonal_matrix():
    cell = RNNCell(1, 5, rng=np.random.default_rng(8), activation="identity")
    cell.params["W_hh"][...] *= 1.3
    _, _, cache = Recurrent(cell).forward(np.ones((9, 1, 1)))
    products = state_jacobians(step_jacobians(cell, cache))[::-1, 0]
    expected = np.repeat(jacobian_bound(cell, 9)[:, None], 5, axis=1)
    np.testing.assert_allclose(singular_values(products), expected, rtol=1e-12)


@pytest.mark.parametrize(("activation", "gamma"), [("tanh", 1.0), ("sigmoid", 0.25)])
def test_the_bound_is_gamma_sigma_max_to_the_n(activation, gamma):
    cell = draw_cell(np.random.default_rng(9), kind=activation)
    sigma_max = np.linalg.svd(cell.params["W_hh"])[1][0]
    expected = [(gamma * sigma_max) ** n for n in range(5)]
    np.testing.assert_allclose(jacobian_bound(cell, 4), expected, rtol=1e-12)
    np.testing.assert_array_equal(jacobian_bound(cell, 0), [1.0])


def test_saturation_by_hand():
    h = np.array([[0.5, -0.99, 1.0], [0.0, 0.96, -1.0]])
    # slopes .75 .02 0, 1 .08 0: four of six below a tenth, the last unit always 0
    assert saturation(h) == (4 / 6, 1 / 3)
    assert saturation(h, threshold=0.05) == (3 / 6, 1 / 3)
    assert saturation(h, threshold=0.75) == (4 / 6, 1 / 3)  # 0.75 is not below 0.75
    p = np.array([[0.5, 0.9, 0.98], [0.4, 0.01, 1.0]])
    # slopes .25 .09 .0196, .24 .0099 0: three below a tenth of a quarter, none dead
    assert saturation(p, "sigmoid") == (3 / 6, 0.0)
    rest = np.array([[[0.0, 2.0]], [[0.0, 0.0]], [[0.0, 1.0]]])
    assert saturation(rest, "relu") == (4 / 6, 1 / 2)
    assert saturation(h, "identity") == (0.0, 0.0)


def test_the_saturation_of_a_run_is_the_mean_over_what_it_squashes():
    rng = np.random.default_rng(4)
    cell = GRUCell(3, 5, rng=rng)
    cell.params["W_xh"] *= 6
    mask = rng.random((7, 4)) < 0.7
    mask[0] = True
    _, _, cache = Recurrent(cell).forward(rng.standard_normal((7, 4, 3)), mask=mask)
    r, z, n = (getattr(cache, letter)[mask] for letter in "rzn")
    each = [(p * (1 - p) < 0.025).mean() for p in (r, z)] + [(1 - n**2 < 0.1).mean()]
    found = run_saturation(cell, cache)
    assert found.saturated == pytest.approx(np.mean(each))
    assert found.dead == 0
    assert 0.1 < found.saturated < 0.9
    off = RNNCell(3, 5, rng=rng, activation="relu")
    off.params["b_h"][:2] = -1e3
    _, _, cache = Recurrent(off).forward(rng.standard_normal((7, 4, 3)))
    assert run_saturation(off, cache).dead == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("kind", "sigmoids", "tanhs"),
    [
        (NoForgetGateLSTMCell, "io", "g"),
        (CoupledLSTMCell, "of", "g"),
        (MinGRUCell, "z", ""),
        (MinLSTMCell, "if", ""),
    ],
)
def test_only_what_a_cell_computes_and_squashes_can_be_saturated(kind, sigmoids, tanhs):
    """A gate that is not there is 1, and is not dead; a linear candidate has no end."""
    rng = np.random.default_rng(5)
    cell = kind(3, 5, rng=rng)
    cell.params["W_xh"] *= 6
    _, _, cache = Recurrent(cell).forward(rng.standard_normal((7, 4, 3)))
    each = [(p * (1 - p) < 0.025).mean() for p in (getattr(cache, g) for g in sigmoids)]
    each += [(1 - getattr(cache, g) ** 2 < 0.1).mean() for g in tanhs]
    found = run_saturation(cell, cache)
    assert found.saturated == pytest.approx(sum(each) / len(cell.gates))
    assert found.saturated > 0.1
    assert found.dead == 0


def last_by_first(gain, amplitude, seed):
    """Return the spectral norm of dh_30/dh_0: tanh, gain times orthogonal, H = 32."""
    rng = np.random.default_rng(seed)
    cell = RNNCell(4, 32, rng=rng)
    cell.params["W_hh"][...] *= gain
    cell.params["W_xh"][...] = init.gaussian((4, 32), rng=rng)
    _, _, cache = Recurrent(cell).forward(amplitude * rng.standard_normal((30, 1, 4)))
    return singular_values(state_jacobians(step_jacobians(cell, cache))[0, 0])[0]


@pytest.mark.parametrize(
    ("gain", "amplitude", "measured"),
    [
        (0.9, 0.01, 0.042),
        (0.9, 1.0, 5e-7),
        (1.5, 0.01, 7e2),
        (1.5, 1.0, 0.09),
        (2.0, 0.01, 2e4),
        (2.0, 1.0, 41),
    ],
)
def test_the_measured_norms_of_lesson_05_come_out_again(gain, amplitude, measured):
    """Medians of five seeds, within a factor of ten."""
    median = np.median([last_by_first(gain, amplitude, seed) for seed in range(5)])
    assert measured / 10 < median < measured * 10


def test_tanh_does_not_keep_a_gradient_from_exploding():
    """Its slope is at most 1, yet W can have a norm of 2."""
    norms = [last_by_first(2.0, 0.01, seed) for seed in range(5)]
    assert 1e3 < np.median(norms) < 1e5


def test_a_norm_above_one_does_not_force_an_explosion():
    """With sigma_max = 1.5 the gradient has vanished after 30 steps."""
    norms = [last_by_first(1.5, 1.0, seed) for seed in range(5)]
    assert np.median(norms) < 0.5


def test_a_norm_below_one_forces_the_gradient_to_vanish():
    for amplitude in (0.01, 1.0):
        assert last_by_first(0.9, amplitude, seed=0) <= 0.9**30 * (1 + 1e-12)


@pytest.mark.parametrize("scale", [1e-200, 1e-160, 1.0, 1e160, 1e200])
@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_gradient_norms_are_right_for_losses_of_any_scale(kind, scale):
    _, cell, cache, dh = drawn(3, kind)
    norms = gradient_norms(cell, cache, scale * dh)
    np.testing.assert_allclose(
        norms, scale * gradient_norms(cell, cache, dh), rtol=1e-9
    )


# the rates at which products of Jacobians stretch


def direct(jacobians):
    """Return log(sigma) / T of the product, formed as it stands."""
    product = state_jacobians(jacobians)[0]
    with np.errstate(divide="ignore"):
        return np.log(singular_values(product)) / len(jacobians)


@pytest.mark.parametrize("steps", [1, 2, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_exponents_are_the_logarithms_of_the_singular_values_of_the_product(
    kind, steps
):
    rng = np.random.default_rng(2)
    cell = draw_cell(rng, D, H, kind)
    _, _, cache = Recurrent(cell).forward(rng.standard_normal((steps, B, D)))
    jacobians = step_jacobians(cell, cache)
    found, expected = lyapunov_exponents(jacobians), direct(jacobians)
    seen = expected > expected.max(axis=-1, keepdims=True) - 18 / steps
    assert found.shape == (B, jacobians.shape[-1])
    np.testing.assert_allclose(found[seen], expected[seen], rtol=0, atol=1e-7)
    assert seen[:, 0].all()
    assert (found[:, 1:] <= found[:, :-1]).all()


@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_the_exponents_of_a_long_run_add_up_to_the_change_of_volume(kind):
    """The product itself cannot be formed: it spans hundreds of powers of ten."""
    rng = np.random.default_rng(0)
    cell = draw_cell(rng, D, H, kind)
    _, _, cache = Recurrent(cell).forward(rng.standard_normal((400, B, D)))
    jacobians = step_jacobians(cell, cache)
    found = lyapunov_exponents(jacobians)
    _, volume = np.linalg.slogdet(jacobians)
    np.testing.assert_allclose(found.sum(axis=-1), volume.mean(axis=0), rtol=1e-10)
    assert (400 * np.ptp(found, axis=-1) > 100).all()


def linear(W, steps):
    """Return the Jacobians of a linear cell."""
    H = len(W)
    cell = RNNCell(1, H, rng=np.random.default_rng(0), activation="identity")
    cell.params["W_hh"][...] = W
    _, _, cache = Recurrent(cell).forward(np.ones((steps, 1, 1)))
    return step_jacobians(cell, cache)


def test_the_exponents_of_a_linear_cell_are_those_of_its_eigenvalues():
    """At once if W is normal. If not, it twists first, and the rate follows later."""
    rng = np.random.default_rng(0)
    basis = init.orthogonal((5, 5), rng=rng)
    values = np.array([1.3, -1.0, 0.9, 0.2, 0.05])
    normal = basis @ np.diag(values) @ basis.T
    found = lyapunov_exponents(linear(normal, 900))
    np.testing.assert_allclose(found[0], np.log(abs(values)), atol=1e-12)
    twisted = np.triu(rng.standard_normal((5, 5)), 1) + np.diag(values)
    whole, half = (n * lyapunov_exponents(linear(twisted, n))[0] for n in (800, 400))
    np.testing.assert_allclose((whole - half) / 400, np.log(abs(values)), atol=1e-12)
    assert abs(whole / 800 - np.log(abs(values))).max() < 0.02  # the limit, and its way


@pytest.mark.parametrize("seed", range(10))
def test_the_first_exponent_tells_a_network_that_forgets_from_one_that_is_chaotic(seed):
    """Sompolinsky, Crisanti and Sommers (1988): chaos begins at a gain of 1."""
    rng = np.random.default_rng(seed)
    first = []
    for gain in (0.5, 3.0):
        cell = RNNCell(1, 60, rng=rng)
        cell.params["W_hh"][...] = init.gaussian((60, 60), rng=rng, gain=gain)
        start = cell.State(rng.standard_normal((1, 60)))
        _, _, cache = Recurrent(cell).forward(np.zeros((300, 1, 1)), start)
        first.append(lyapunov_exponents(step_jacobians(cell, cache))[0, 0])
    assert first[0] < -0.3
    assert first[1] > 0.1


def test_equal_exponents_are_found_too():
    rng = np.random.default_rng(0)
    steps = np.stack([2 * init.orthogonal((6, 6), rng=rng) for _ in range(50)])
    found = lyapunov_exponents(steps[:, None])
    np.testing.assert_allclose(found, np.log(2), atol=1e-13)
    same = np.broadcast_to(np.diag([3.0, 1.0, 1.0, 1.0, 0.5]), (2000, 1, 5, 5))
    expected = np.log([[3, 1, 1, 1, 0.5]])
    np.testing.assert_allclose(lyapunov_exponents(same), expected, atol=1e-12)


def test_a_direction_that_a_step_wipes_out_has_an_exponent_of_minus_infinity():
    rng = np.random.default_rng(0)
    jacobians = rng.standard_normal((6, 2, 4, 4))
    jacobians[3, 0, :, 1] = 0
    found = lyapunov_exponents(jacobians)
    assert found[0, -1] == -np.inf
    np.testing.assert_allclose(found[0, :3], direct(jacobians)[0, :3], atol=1e-12)
    np.testing.assert_allclose(found[1], direct(jacobians)[1], atol=1e-10)
    assert (lyapunov_exponents(np.zeros((3, 1, 2, 2))) == -np.inf).all()


def test_steps_that_do_not_exist_do_not_count_in_the_exponents():
    _, cell, cache, _ = drawn(4, "gru", masked=True)
    jacobians = step_jacobians(cell, cache)
    found = lyapunov_exponents(jacobians, cache.mask)
    for b in range(B):
        real = jacobians[cache.mask[:, b], b][:, None]
        np.testing.assert_allclose(found[b], lyapunov_exponents(real)[0], atol=1e-10)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_exponents_neither_overflow_nor_vanish(size):
    jacobians = np.random.default_rng(0).standard_normal((30, 2, 4, 4))
    expected = lyapunov_exponents(jacobians) + np.log(size)
    np.testing.assert_allclose(lyapunov_exponents(size * jacobians), expected)


def test_an_lstm_that_keeps_everything_has_exponents_of_zero():
    cell = LSTMCell(D, H, rng=np.random.default_rng(0), forget_bias=50.0)
    cell.split(cell.params["b_h"])["i"][...] = -50
    x = np.random.default_rng(1).standard_normal((200, 1, D))
    _, _, cache = Recurrent(cell).forward(x)
    found = lyapunov_exponents(step_jacobians(cell, cache))[0]
    # what is kept is 1; beside it stands what is shown of it, o * tanh(c)
    assert (found[:H] > -1e-12).all()
    assert (found[:H] <= np.log(2) / 2 / 200).all()
    assert (found[H:] < -1).all()


def test_a_gru_that_keeps_everything_has_exponents_of_zero():
    cell = GRUCell(D, H, rng=np.random.default_rng(0))
    cell.params["b_h"][H : 2 * H] = 50
    x = np.random.default_rng(1).standard_normal((200, 1, D))
    _, _, cache = Recurrent(cell).forward(x)
    found = lyapunov_exponents(step_jacobians(cell, cache))
    np.testing.assert_allclose(found, 0, atol=1e-10)
