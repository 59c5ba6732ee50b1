import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import GRUCell, LSTMCell, RNNCell, check_gradients, init, one_hot, sigmoid
from rnnlib.cells import Cell, cache_at, choose_state, stacked_preactivation
from tests.library.by_hand import STEPS, unit_by_unit
from tests.library.nets import (
    CELLS,
    KINDS,
    assert_same,
    draw_cell,
    draw_state,
    from_leaves,
    leaves,
    mapped,
)

SIZES = [(3, 4, 2), (5, 2, 1), (1, 1, 3)]  # D, H, B
SEEDS = st.integers(0, 2**32 - 1)


def one_step(cell, tokens=None):
    """Return a step in the form that `check_gradients` takes."""

    def function(**arrays):
        x = arrays.pop("x", tokens)
        start = from_leaves(arrays, "start", cell.initial_state(1))
        twin = cell.with_params(arrays)
        state, cache = twin.forward(x, start)

        def backward(d_state):
            dx, d_start, grads = twin.backward(d_state, cache)
            found = grads | leaves(d_start, "start")
            return found if dx is None else found | {"x": dx}

        return state, backward

    return function


def by_hand(kind, cell, x, state):
    """Return what one step gives, unit by unit, by the letters of the equations."""
    exists = np.ones((1, len(state[0])), bool)
    found = unit_by_unit(kind, cell.params, x[None], state, exists)
    return {name: array[0] for name, array in found.items()}


def step_and_back(cell, x, state, d_state):
    """Return all results of a step and its backward pass, by name."""
    found, cache = cell.forward(x, state)
    dx, d_start, grads = cell.backward(d_state, cache)
    results = {**leaves(found, "new"), **leaves(d_start, "d_start"), **grads}
    return results if dx is None else results | {"dx": dx}


def test_each_kind_of_cell_has_its_equations():
    assert set(KINDS) == set(STEPS)
    made = {kind for kind, _ in CELLS.values()}
    ours = {kind for kind in kinds_of(Cell) if kind.__module__.startswith("rnnlib.")}
    assert made == {kind for kind in ours if not inspect.isabstract(kind)}


def kinds_of(cell):
    """Return all classes below a class of cells."""
    below = cell.__subclasses__()
    return {*below, *(kind for each in below for kind in kinds_of(each))}


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_its_equation(kind, sizes):
    D, H, B = sizes
    rng = np.random.default_rng(1)
    cell = draw_cell(rng, D, H, kind)
    x, state = rng.standard_normal((B, D)), draw_state(rng, cell, B)
    found, cache = cell.forward(x, state)
    expected = by_hand(kind, cell, x, state)
    for name, array in found._asdict().items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-13, atol=1e-15)
    for name in expected.keys() - {"a"}:  # the gates, by the letters of the equations
        gate = getattr(cache, name)
        np.testing.assert_allclose(gate, expected[name], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_backward_of_a_step_is_the_derivative(kind, sizes, method):
    D, H, B = sizes
    rng = np.random.default_rng(2)
    cell = draw_cell(rng, D, H, kind)
    x, state = rng.standard_normal((B, D)), draw_state(rng, cell, B)
    if kind == "relu":  # off its kink
        assert abs(by_hand(kind, cell, x, state)["a"]).min() > 1e-3
    arrays = cell.params | leaves(state, "start") | {"x": x}
    check_gradients(one_step(cell), arrays, rng=rng, method=method)


@pytest.mark.parametrize("tokens", [np.array([2, 0, 2]), None], ids=["tokens", "none"])
@pytest.mark.parametrize("kind", KINDS)
def test_backward_without_floats_as_input_is_the_derivative(kind, tokens):
    rng = np.random.default_rng(3)
    cell = draw_cell(rng, kind=kind)
    arrays = cell.params | leaves(draw_state(rng, cell, 3), "start")
    check_gradients(one_step(cell, tokens), arrays, rng=rng)


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_are_one_hot_inputs(kind):
    rng = np.random.default_rng(4)
    cell = draw_cell(rng, 6, kind=kind)
    tokens = np.array([5, 1, 5])
    state, d_state = draw_state(rng, cell, 3), draw_state(rng, cell, 3)
    by_token = step_and_back(cell, tokens, state, d_state)
    by_vector = step_and_back(cell, one_hot(tokens, 6), state, d_state)
    assert by_vector.pop("dx").shape == (3, 6)
    assert_same(by_token, by_vector, 1e-13)


def test_a_token_that_occurs_twice_receives_both_gradients():
    rng = np.random.default_rng(5)
    cell = draw_cell(rng, D=4, kind="identity")
    _, cache = cell.forward(np.array([1, 1, 3]), cell.initial_state(3))
    d_state = draw_state(rng, cell, 3)
    _, _, grads = cell.backward(d_state, cache)
    zero = np.zeros(4)
    expected = [zero, d_state.h[0] + d_state.h[1], zero, d_state.h[2]]
    np.testing.assert_allclose(grads["W_xh"], expected, rtol=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_no_input_is_an_input_of_zeros(kind):
    rng = np.random.default_rng(6)
    cell = draw_cell(rng, kind=kind)
    state, d_state = draw_state(rng, cell, 2), draw_state(rng, cell, 2)
    found = step_and_back(cell, None, state, d_state)
    expected = step_and_back(cell, np.zeros((2, 3)), state, d_state)
    assert expected.pop("dx").shape == (2, 3)
    assert_same(found, expected, 1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_starts_at_zero(kind):
    state = draw_cell(np.random.default_rng(7), H=5, kind=kind).initial_state(3)
    assert state._fields == (("h", "c") if "lstm" in kind else ("h",))
    for array in state:
        np.testing.assert_array_equal(array, np.zeros((3, 5)))


def test_a_new_cell_has_glorot_orthogonal_and_zero():
    cell = RNNCell(40, 30, rng=np.random.default_rng(8))
    assert list(cell.params) == ["W_xh", "W_hh", "b_h"]
    limit = np.sqrt(6 / 70)
    assert 0.9 * limit < abs(cell.params["W_xh"]).max() <= limit
    W = cell.params["W_hh"]
    np.testing.assert_allclose(W @ W.T, np.eye(30), atol=1e-13)
    np.testing.assert_array_equal(cell.params["b_h"], np.zeros(30))


def test_the_recurrent_weights_are_drawn_as_asked():
    cell = RNNCell(2, 3, rng=np.random.default_rng(9), recurrent_init=init.identity)
    np.testing.assert_array_equal(cell.params["W_hh"], np.eye(3))


def test_a_seed_gives_the_same_cell_again():
    cells = [RNNCell(3, 4, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)]
    for name in ("W_xh", "W_hh"):
        first, same, other = (cell.params[name] for cell in cells)
        np.testing.assert_array_equal(first, same)
        assert abs(first - other).max() > 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_the_cache_holds_what_the_equations_name(kind):
    rng = np.random.default_rng(10)
    cell = draw_cell(rng, kind=kind)
    x, state = rng.standard_normal((2, 3)), draw_state(rng, cell, 2)
    found, cache = cell.forward(x, state)
    expected = {"x": x, **found._asdict()}
    expected |= {f"{field}_prev": array for field, array in state._asdict().items()}
    for name, array in expected.items():
        np.testing.assert_array_equal(getattr(cache, name), array)
    assert cache.mask is None
    assert cache.learned_initial_state is False


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_of_a_sequence_cache_is_the_cache_of_that_step(kind):
    rng = np.random.default_rng(11)
    Cache = draw_cell(rng, kind=kind).Cache
    whole = Cache(
        None, None, True, *rng.standard_normal((len(Cache._fields) - 3, 4, 2))
    )
    step = cache_at(whole, 3)
    assert isinstance(step, Cache)
    assert step[:3] == (None, None, True)
    for found, expected in zip(step[3:], whole[3:], strict=True):
        np.testing.assert_array_equal(found, expected[3])


@given(SEEDS)
def test_a_state_is_chosen_row_by_row(seed):
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, kind="lstm")
    new, old = draw_state(rng, cell, 5), draw_state(rng, cell, 5)
    exists = rng.random(5) < 0.5
    found = choose_state(exists, new, old)
    assert type(found) is cell.State
    for each, yes, no in zip(found, new, old, strict=True):
        np.testing.assert_array_equal(each[exists], yes[exists])
        np.testing.assert_array_equal(each[~exists], no[~exists])


@pytest.mark.parametrize("kind", KINDS)
def test_with_params_computes_with_the_arrays_it_is_given(kind):
    rng = np.random.default_rng(12)
    cell, other = draw_cell(rng, kind=kind), draw_cell(rng, kind=kind)
    x, state = rng.standard_normal((2, 3)), draw_state(rng, cell, 2)
    before = {name: array.copy() for name, array in cell.params.items()}
    twin = cell.with_params(other.params)
    np.testing.assert_array_equal(
        twin.forward(x, state)[0].h, other.forward(x, state)[0].h
    )
    for name, array in cell.params.items():
        assert twin.params[name] is other.params[name]
        np.testing.assert_array_equal(array, before[name])
    assert twin.params is not other.params


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_config_and_params_make_the_same_cell_again(kind, dtype):
    rng = np.random.default_rng(19)
    cell = draw_cell(rng, kind=kind, dtype=dtype)
    twin = type(cell)(**cell.config(), rng=rng).with_params(cell.params)
    tokens, state = np.array([2, 0]), draw_state(rng, cell, 2)
    d_state = draw_state(rng, cell, 2)
    found = step_and_back(twin, tokens, state, d_state)
    for name, expected in step_and_back(cell, tokens, state, d_state).items():
        np.testing.assert_array_equal(found[name], expected)
    assert repr(twin) == repr(cell)


SHOWN = {
    "tanh": "RNNCell(3, 4)",
    "relu": "RNNCell(3, 4, activation='relu')",
    "lstm": "LSTMCell(3, 4)",
    "lstm peephole": "PeepholeLSTMCell(3, 4)",
    "lstm coupled": "CoupledLSTMCell(3, 4)",
    "lstm coupled peephole": "CoupledPeepholeLSTMCell(3, 4)",
    "lstm, no input gate": "NoInputGateLSTMCell(3, 4)",
    "lstm, no forget gate": "NoForgetGateLSTMCell(3, 4)",
    "lstm, no output gate": "NoOutputGateLSTMCell(3, 4)",
    "lstm, no output tanh": "NoOutputTanhLSTMCell(3, 4)",
    "gru": "GRUCell(3, 4)",
    "gru before": "GRUCell(3, 4, reset='before')",
    "gru writes": "GRUCell(3, 4, z_writes=True)",
}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_cell_is_shown_as_the_call_that_makes_it(kind):
    rng = np.random.default_rng(20)
    assert repr(draw_cell(rng, kind=kind)) == SHOWN[kind]
    single = draw_cell(rng, kind=kind, dtype=np.float32)
    assert repr(single) == SHOWN[kind][:-1] + ", dtype='float32')"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"peephole": True}, "got peephole=True; .* its own, PeepholeLSTMCell"),
        ({"coupled": True}, "got coupled=True; .* its own, CoupledLSTMCell"),
        (
            {"peephole": True, "coupled": True},
            "got peephole=True; .* its own, CoupledPeepholeLSTMCell",
        ),
        ({"coupled": True, "peephole": False}, "own, CoupledLSTMCell"),
        (
            {"peephole": False},
            "LSTMCell must be made without peephole, .* leave it out",
        ),
    ],
)
def test_a_former_option_names_the_class_to_use(options, expected):
    with pytest.raises(ValueError, match=expected):
        LSTMCell(3, 4, rng=np.random.default_rng(21), **options)


def test_the_cache_of_coupled_gates_is_not_that_of_a_plain_lstm():
    rng = np.random.default_rng(22)
    plain, coupled = (draw_cell(rng, kind=kind) for kind in ("lstm", "lstm coupled"))
    state = draw_state(rng, plain, 2)
    _, cache = coupled.forward(rng.standard_normal((2, 3)), state)
    with pytest.raises(ValueError, match="must be of type LSTMCache, got CoupledLSTM"):
        plain.backward(state, cache)


# Each gate has a block of its own: the shapes, and what b_h starts with.
SHAPES = {
    "tanh": {"W_xh": (3, 4), "W_hh": (4, 4), "b_h": (4,)},
    "lstm": {"W_xh": (3, 16), "W_hh": (4, 16), "b_h": (16,)},
    "lstm peephole": {
        **{"W_xh": (3, 16), "W_hh": (4, 16), "b_h": (16,)},
        **{name: (4,) for name in ("w_ci", "w_cf", "w_co")},
    },
    "lstm coupled": {"W_xh": (3, 12), "W_hh": (4, 12), "b_h": (12,)},
    "lstm coupled peephole": {
        **{"W_xh": (3, 12), "W_hh": (4, 12), "b_h": (12,), "w_cf": (4,), "w_co": (4,)},
    },
    **{
        f"lstm, no {gate} gate": {"W_xh": (3, 12), "W_hh": (4, 12), "b_h": (12,)}
        for gate in ("input", "forget", "output")
    },
    "lstm, no output tanh": {"W_xh": (3, 16), "W_hh": (4, 16), "b_h": (16,)},
    "gru": {"W_xh": (3, 12), "W_hh": (4, 12), "b_h": (12,), "b_hn": (4,)},
    "gru before": {"W_xh": (3, 12), "W_hh": (4, 12), "b_h": (12,)},
}


@pytest.mark.parametrize("kind", SHAPES)
def test_a_new_cell_has_the_parameters_of_its_equations(kind):
    make, options = CELLS[kind]
    cell = make(3, 4, rng=np.random.default_rng(13), **options)
    assert {k: v.shape for k, v in cell.params.items()} == SHAPES[kind]
    for name in SHAPES[kind].keys() - {"W_xh", "W_hh"}:
        expected = np.zeros(SHAPES[kind][name])
        if name == "b_h" and "lstm" in kind:
            cell.split(expected).get("f", expected[:0])[...] = 1
        np.testing.assert_array_equal(cell.params[name], expected)


@pytest.mark.parametrize("kind", [kind for kind in SHAPES if kind != "tanh"])
def test_each_gate_is_drawn_by_itself(kind):
    """An orthogonal block each; not one orthogonal matrix cut into pieces."""
    make, options = CELLS[kind]
    cell = make(40, 30, rng=np.random.default_rng(14), **options)
    blocks = np.split(cell.params["W_hh"], cell.params["W_hh"].shape[1] // 30, axis=1)
    for k, block in enumerate(blocks):
        np.testing.assert_allclose(block @ block.T, np.eye(30), atol=1e-13)
        assert all(abs(block - other).max() > 0.1 for other in blocks[:k])
    limit = np.sqrt(6 / 70)  # of a gate alone: glorot of (40, 30)
    assert 0.9 * limit < abs(cell.params["W_xh"]).max() <= limit


@pytest.mark.parametrize("make", [LSTMCell, GRUCell])
def test_recurrent_weights_of_gates_are_drawn_as_asked(make):
    cell = make(2, 3, rng=np.random.default_rng(15), recurrent_init=init.identity)
    eyes = np.tile(np.eye(3), len(cell.gates))
    np.testing.assert_array_equal(cell.params["W_hh"], eyes)


@given(st.floats(-5, 5))
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if "lstm" in kind and "no forget" not in kind]
)
def test_the_forget_bias_opens_the_forget_gate_alone(kind, forget_bias):
    rng = np.random.default_rng(16)
    cell = CELLS[kind][0](2, 3, rng=rng, forget_bias=forget_bias)
    _, cache = cell.forward(np.zeros((1, 2)), cell.initial_state(1))
    f = float(sigmoid(np.array(forget_bias)))
    np.testing.assert_allclose(cache.f, np.full((1, 3), f), rtol=1e-14)
    o = 1 if "no output gate" in kind else 0.5
    np.testing.assert_allclose(cache.o, np.full((1, 3), o))
    i = 1 - f if "coupled" in kind else 1 if "no input gate" in kind else 0.5
    np.testing.assert_allclose(cache.i, np.full((1, 3), i), rtol=1e-12)


def without_influence(cell, gates):
    """Return an LSTM whose named gates are set, whatever comes in."""
    params = {name: array.copy() for name, array in cell.params.items()}
    for name in ("W_xh", "W_hh", "b_h"):
        for gate, bias in gates.items():
            view = cell.split(params[name])[gate]
            view[...] = bias if name == "b_h" else 0
    for gate in gates:
        if f"w_c{gate}" in params:
            params[f"w_c{gate}"][...] = 0
    return cell.with_params(params)


@given(SEEDS, st.sampled_from([kind for kind in KINDS if "lstm" in kind]))
def test_a_gate_that_keeps_all_and_writes_nothing_remembers_for_ever(seed, kind):
    """With f = 1 and i = 0, exactly: the sigmoid of 1e4 is 1. Or with g = 0."""
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, kind=kind)
    gates = {"f": 1e4, "i": -1e4} | ({"g": 0.0} if "no input gate" in kind else {})
    cell = without_influence(cell, {g: gates[g] for g in gates if g in cell.gates})
    start = state = draw_state(rng, cell, 2)
    caches = []
    for x_t in rng.standard_normal((100, 2, 3)):
        state, cache = cell.forward(x_t, state)
        caches.append(cache)
    np.testing.assert_array_equal(state.c, start.c)

    d_last = d_state = cell.State(np.zeros((2, 4)), rng.standard_normal((2, 4)))
    for cache in caches[::-1]:
        _, d_state, _ = cell.backward(d_state, cache)
    np.testing.assert_array_equal(d_state.c, d_last.c)
    np.testing.assert_array_equal(d_state.h, np.zeros((2, 4)))


@given(SEEDS, st.sampled_from([kind for kind in KINDS if "gru" in kind]))
def test_an_update_gate_that_keeps_all_remembers_for_ever(seed, kind):
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, kind=kind)
    z = slice(4, 8)
    cell.params["W_xh"][:, z] = cell.params["W_hh"][:, z] = 0
    cell.params["b_h"][z] = -1e4 if "writes" in kind else 1e4
    state, d_state = draw_state(rng, cell, 2), draw_state(rng, cell, 2)
    found = step_and_back(cell, rng.standard_normal((2, 3)), state, d_state)
    np.testing.assert_array_equal(found["new.h"], state.h)
    np.testing.assert_array_equal(found["d_start.h"], d_state.h)


@given(SEEDS, st.sampled_from(["gru", "gru before"]))
def test_an_update_gate_that_writes_is_one_that_keeps_with_its_sign_turned(seed, kind):
    rng = np.random.default_rng(seed)
    keeps = draw_cell(rng, kind=kind)
    writes = draw_cell(rng, kind=f"{kind} writes")
    z = slice(4, 8)
    for name, array in keeps.params.items():
        writes.params[name][...] = array
        if name != "b_hn":
            writes.params[name][..., z] *= -1
    x, state = rng.standard_normal((2, 3)), draw_state(rng, keeps, 2)
    found, expected = (cell.forward(x, state)[0].h for cell in (writes, keeps))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


@given(SEEDS, st.sampled_from(["lstm", "lstm peephole", "gru", "tanh"]))
def test_one_stacked_product_equals_two(seed, kind):
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, kind=kind)
    if "gru" in kind:
        with pytest.raises(ValueError, match="a GRU resets between"):
            stacked_preactivation(cell, np.ones((2, 3)), np.ones((2, 4)))
        return
    x, h = rng.standard_normal((2, 5, 3)), rng.standard_normal((2, 5, 4))
    split = x @ cell.params["W_xh"] + h @ cell.params["W_hh"] + cell.params["b_h"]
    found = stacked_preactivation(cell, x, h)
    np.testing.assert_allclose(found, split, rtol=1e-12, atol=1e-14)
    state = mapped(lambda zero: zero + h[0], cell.initial_state(5))
    step, cache = cell.forward(x[0], state)
    if kind == "tanh":
        np.testing.assert_allclose(step.h, np.tanh(found[0]), rtol=1e-12)
    elif kind == "lstm":
        gates = {"i": 0, "f": 1, "o": 2}
        for gate, k in gates.items():
            a = found[0, :, 4 * k : 4 * k + 4]
            np.testing.assert_allclose(getattr(cache, gate), sigmoid(a), rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_stays_single_precision(kind):
    rng = np.random.default_rng(17)
    cell = draw_cell(rng, kind=kind, dtype=np.float32)
    state, d_state = draw_state(rng, cell, 2), draw_state(rng, cell, 2)
    for x in (rng.standard_normal((2, 3)).astype(np.float32), np.array([1, 2]), None):
        found = step_and_back(cell, x, state, d_state)
        assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}


def test_a_candidate_is_not_a_gate():
    """Three gates lie between 0 and 1; the candidate between -1 and 1."""
    rng = np.random.default_rng(18)
    cell = draw_cell(rng, kind="lstm")
    _, cache = cell.forward(rng.standard_normal((50, 3)), draw_state(rng, cell, 50))
    for gate in (cache.i, cache.f, cache.o):
        assert 0 < gate.min() < gate.max() < 1
    assert -1 < cache.g.min() < -0.5 < 0.5 < cache.g.max() < 1
