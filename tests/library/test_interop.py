"""Layouts written out by hand; tests/test_parity.py runs PyTorch on them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    Bidirectional,
    Recurrent,
    Stacked,
    from_keras,
    from_torch,
    to_keras,
    to_torch,
)
from tests.library.nets import draw_cell, draw_layer

SEEDS = st.integers(0, 2**32 - 1)
T, B, D, H = 5, 3, 2, 4
TORCH = {"tanh": "h", "relu": "h", "lstm": "ifgo", "gru": "rzn"}
OURS = {"tanh": "h", "relu": "h", "lstm": "ifog", "gru": "rzn", "gru before": "rzn"}
KERAS = ["identity", "relu", "sigmoid", "tanh", "lstm", "gru", "gru before"]


def block(kind, array, gate):
    """Return the columns of a gate, in our order."""
    k = OURS.get(kind, "h").index(gate)
    return array[..., k * H : (k + 1) * H]


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


PHI: dict[str, Callable[[Any], Any]] = {
    "identity": lambda a: a,
    "relu": lambda a: a * (a > 0),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
}


@pytest.mark.parametrize("kind", TORCH)
def test_pytorch_has_columns_an_order_of_its_own_and_two_biases(kind):
    cell = draw_cell(np.random.default_rng(1), D, H, kind)
    found, ours = to_torch(cell), cell.params
    for k, gate in enumerate(TORCH[kind]):
        rows = slice(k * H, (k + 1) * H)
        for name, key in {"weight_ih_l0": "W_xh", "weight_hh_l0": "W_hh"}.items():
            expected = block(kind, ours[key], gate).T
            np.testing.assert_array_equal(found[name][rows], expected)
        second = ours["b_hn"] if gate == "n" else np.zeros(H)
        np.testing.assert_array_equal(
            found["bias_ih_l0"][rows], block(kind, ours["b_h"], gate)
        )
        np.testing.assert_array_equal(found["bias_hh_l0"][rows], second)
    assert all(array.flags.c_contiguous for array in found.values())


@given(SEEDS, st.sampled_from(list(TORCH)))
def test_two_biases_of_pytorch_are_added_up(seed, kind):
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, D, H, kind)
    given_dict = {k: rng.standard_normal(v.shape) for k, v in to_torch(cell).items()}
    from_torch(cell, given_dict)
    ih, hh = given_dict["bias_ih_l0"], given_dict["bias_hh_l0"]
    for k, gate in enumerate(TORCH[kind]):
        rows = slice(k * H, (k + 1) * H)
        found = block(kind, cell.params["b_h"], gate)
        if gate == "n":  # the reset gate comes between the two
            np.testing.assert_array_equal(found, ih[rows])
            np.testing.assert_array_equal(cell.params["b_hn"], hh[rows])
        else:
            np.testing.assert_array_equal(found, (ih + hh)[rows])


def simple_rnn(kind, weights, x, h):
    a = x @ weights["kernel"] + h @ weights["recurrent_kernel"] + weights["bias"]
    return PHI[kind](a), h


def keras_lstm(_, weights, x, h, c):
    """Keras: z = x @ kernel + h @ recurrent_kernel + bias, split as i f c o."""
    z = x @ weights["kernel"] + h @ weights["recurrent_kernel"] + weights["bias"]
    i, f, candidate, o = np.split(z, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
    return sigmoid(o) * np.tanh(c), c


def keras_gru(kind, weights, x, h):
    """Keras: gates z r h; with reset_after the bias has two rows, and r comes late."""
    kernel, recurrent, bias = weights.values()
    if kind == "gru":
        x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3, axis=1)
        h_z, h_r, h_h = np.split(h @ recurrent + bias[1], 3, axis=1)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        candidate = np.tanh(x_h + r * h_h)
    else:
        x_z, x_r, x_h = np.split(x @ kernel + bias, 3, axis=1)
        U_z, U_r, U_h = np.split(recurrent, 3, axis=1)
        z, r = sigmoid(x_z + h @ U_z), sigmoid(x_r + h @ U_r)
        candidate = np.tanh(x_h + (r * h) @ U_h)
    return z * h + (1 - z) * candidate, h


def keras_states(kind, weights, x):
    """Return h after each step, as the Keras layer computes it."""
    h = c = np.zeros((B, H))
    states = []
    for x_t in x:
        if kind == "lstm":
            h, c = keras_lstm(kind, weights, x_t, h, c)
        else:
            h, _ = (keras_gru if "gru" in kind else simple_rnn)(kind, weights, x_t, h)
        states.append(h)
    return np.stack(states)


@given(SEEDS, st.sampled_from(KERAS))
def test_weights_given_to_keras_compute_the_same_there(seed, kind):
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, D, H, kind)
    if kind not in ("lstm", "gru", "gru before"):
        cell.params["W_hh"] *= 0.5
    x = rng.standard_normal((T, B, D))
    weights = to_keras(cell)
    assert list(weights) == ["kernel", "recurrent_kernel", "bias"]
    h, _, _ = Recurrent(cell).forward(x)
    np.testing.assert_allclose(h, keras_states(kind, weights, x), rtol=1e-9, atol=1e-12)


@given(SEEDS, st.sampled_from(KERAS))
def test_weights_taken_from_keras_compute_the_same_here(seed, kind):
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, D, H, kind)
    weights = {
        name: 0.5 * rng.standard_normal(array.shape)
        for name, array in to_keras(cell).items()
    }
    before = {name: array for name, array in cell.params.items()}
    from_keras(cell, weights)
    x = rng.standard_normal((T, B, D))
    h, _, _ = Recurrent(cell).forward(x)
    np.testing.assert_allclose(h, keras_states(kind, weights, x), rtol=1e-9, atol=1e-12)
    for name, array in cell.params.items():
        assert array is before[name]  # in place


def everywhere(rng, kind):
    """Return each form of layer that PyTorch has, all of one kind of cell."""

    def cell(D):
        return draw_cell(rng, D, H, kind)

    return {
        "cell": cell(D),
        "recurrent": Recurrent(cell(D)),
        "both": Bidirectional(cell(D), cell(D)),
        "two": Stacked([Recurrent(cell(D)), Recurrent(cell(H))]),
        "two, both": Stacked(
            [Bidirectional(cell(D), cell(D)), Bidirectional(cell(2 * H), cell(2 * H))]
        ),
    }


NAMES = {
    "cell": ["_l0"],
    "recurrent": ["_l0"],
    "both": ["_l0", "_l0_reverse"],
    "two": ["_l0", "_l1"],
    "two, both": ["_l0", "_l0_reverse", "_l1", "_l1_reverse"],
}


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("kind", TORCH)
def test_there_and_back_again_changes_nothing(kind, form):
    rng = np.random.default_rng(2)
    one, other = everywhere(rng, kind)[form], everywhere(rng, kind)[form]
    given_dict = to_torch(one)
    parts = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    assert list(given_dict) == [part + end for end in NAMES[form] for part in parts]
    before = {name: array.copy() for name, array in other.params.items()}
    from_torch(other, given_dict)
    for name, array in one.params.items():
        np.testing.assert_array_equal(other.params[name], array)
        assert abs(before[name] - array).max() > 0
        for exported in given_dict.values():
            assert not np.shares_memory(array, exported)


@pytest.mark.parametrize("take", [from_torch, from_keras])
def test_a_refused_dict_leaves_the_weights_alone(take):
    cell = draw_cell(np.random.default_rng(3), D, H, "gru")
    before = {name: array.copy() for name, array in cell.params.items()}
    given_dict = (to_torch if take is from_torch else to_keras)(cell)
    given_dict = {name: array + 1 for name, array in given_dict.items()}
    last = list(given_dict)[-1]
    given_dict[last][...] = np.nan
    with pytest.raises(ValueError, match=f"parameter {last} must be finite"):
        take(cell, given_dict)
    for name, array in cell.params.items():
        np.testing.assert_array_equal(array, before[name])


def test_broken_weights_can_be_replaced_but_not_exported():
    rng = np.random.default_rng(4)
    good, broken = draw_cell(rng, D, H, "lstm"), draw_cell(rng, D, H, "lstm")
    broken.params["W_hh"][0, 0] = np.nan
    for export in (to_torch, to_keras):
        with pytest.raises(ValueError, match="parameter W_hh must be finite"):
            export(broken)
    from_torch(broken, to_torch(good))
    np.testing.assert_array_equal(broken.params["W_hh"], good.params["W_hh"])


@pytest.mark.parametrize(
    "form", ["both", "both, learned start", "two", "three", "a stack in a stack"]
)
def test_what_pytorch_cannot_hold_is_refused(form):
    """Mixed cells, mixed sizes, a learned start, a stack in a stack."""
    layer = draw_layer(np.random.default_rng(5), form)
    with pytest.raises(ValueError, match="got"):
        to_torch(layer)


@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_single_precision_stays_single_precision(kind):
    cell = draw_cell(np.random.default_rng(6), D, H, kind, np.float32)
    for found in (to_torch(cell), to_keras(cell)):
        assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}


CELL_KINDS = ["tanh", "relu", "lstm", "gru"]


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_the_weights_of_a_cell_module_have_no_layer_in_their_names(kind):
    """As `nn.RNNCell`, `nn.LSTMCell` and `nn.GRUCell` name them."""
    rng = np.random.default_rng(0)
    given, found = (draw_cell(rng, D, H, kind) for _ in range(2))
    as_cell = {n.removesuffix("_l0"): a for n, a in to_torch(given).items()}
    assert set(as_cell) == {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}
    from_torch(found, as_cell)
    for name, array in given.params.items():
        np.testing.assert_allclose(found.params[name], array, rtol=1e-15)


@pytest.mark.parametrize("ending", ["", "_l0"])
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_where_there_is_no_bias_it_becomes_zero(kind, ending):
    rng = np.random.default_rng(0)
    given, found = (draw_cell(rng, D, H, kind) for _ in range(2))
    weights = to_torch(given)
    from_torch(
        found, {f"{n}{ending}": weights[f"{n}_l0"] for n in ("weight_ih", "weight_hh")}
    )
    for name, array in given.params.items():
        expected = np.zeros_like(array) if array.ndim == 1 else array
        np.testing.assert_array_equal(found.params[name], expected)


def test_a_stack_without_biases_is_read_too():
    rng = np.random.default_rng(0)
    cells = [draw_cell(rng, size, H, "lstm") for size in (D, H)]
    layer = Stacked([Recurrent(cell) for cell in cells])
    weights = {n: a for n, a in to_torch(layer).items() if n.startswith("weight")}
    from_torch(layer, weights)
    assert not any(cell.params["b_h"].any() for cell in cells)
    np.testing.assert_equal(
        {n: a for n, a in to_torch(layer).items() if n in weights}, weights
    )


def test_a_single_bias_of_two_is_refused_and_nothing_is_changed():
    cell = draw_cell(np.random.default_rng(0), D, H, "lstm")
    weights, before = to_torch(cell), {n: a.copy() for n, a in cell.params.items()}
    del weights["bias_hh_l0"]
    with pytest.raises(ValueError, match="state_dict must have the keys"):
        from_torch(cell, {name: array + 1 for name, array in weights.items()})
    np.testing.assert_equal(cell.params, before)


@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_an_error_about_the_dict_of_a_cell_names_the_keys_that_were_given(kind):
    cell = draw_cell(np.random.default_rng(0), 2, 3, kind)
    given = {name.removesuffix("_l0"): array for name, array in to_torch(cell).items()}
    nan = np.full_like(given["bias_ih"], np.nan)
    wrong = {
        r"state_dict\['weight_hh'\] must have shape": given | {"weight_hh": np.ones(3)},
        r"keys \['bias_hh', .*; leave out 'more'$": given | {"more": np.ones(3)},
        "parameter bias_ih must be finite": given | {"bias_ih": nan},
    }
    for says, state_dict in wrong.items():
        with pytest.raises(ValueError, match=says) as caught:
            from_torch(cell, state_dict)
        assert "_l0" not in str(caught.value)
