"""The GRU in each convention: equations as their sources print them, and PyTorch."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    GRUCell,
    GRUState,
    Recurrent,
    Stacked,
    convert_gru,
    from_keras,
    from_torch,
    to_keras,
    to_torch,
)
from tests.library.nets import draw_cell, draw_mask

SEEDS = st.integers(0, 2**32 - 1)
KINDS = ["gru", "gru before", "gru writes", "gru before writes"]
RESETS = ["after", "before"]
T, B, D, H = 6, 3, 2, 4
STEP = 1e-30  # of the complex step: exact to the last digit


def sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def keras_step(w: Any, x: Any, h: Any) -> Any:
    """Keras 3, `GRUCell.call`: gates z r h; the bias has two rows with reset_after."""
    if w["bias"].ndim == 2:
        x_z, x_r, x_h = np.split(x @ w["kernel"] + w["bias"][0], 3, axis=1)
        h_z, h_r, h_h = np.split(h @ w["recurrent_kernel"] + w["bias"][1], 3, axis=1)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        candidate = np.tanh(x_h + r * h_h)
    else:
        x_z, x_r, x_h = np.split(x @ w["kernel"] + w["bias"], 3, axis=1)
        U_z, U_r, U_h = np.split(w["recurrent_kernel"], 3, axis=1)
        z, r = sigmoid(x_z + h @ U_z), sigmoid(x_r + h @ U_r)
        candidate = np.tanh(x_h + (r * h) @ U_h)
    return z * h + (1 - z) * candidate


def torch_step(w: Any, x: Any, h: Any) -> Any:
    """PyTorch 2.13, the equations in the documentation of `torch.nn.GRU`: r z n."""
    i_r, i_z, i_n = np.split(x @ w["weight_ih_l0"].T + w["bias_ih_l0"], 3, axis=1)
    h_r, h_z, h_n = np.split(h @ w["weight_hh_l0"].T + w["bias_hh_l0"], 3, axis=1)
    r, z = sigmoid(i_r + h_r), sigmoid(i_z + h_z)
    n = np.tanh(i_n + r * h_n)
    return (1 - z) * n + z * h


def first_paper_step(w: Any, x: Any, h: Any) -> Any:
    """Cho et al. 2014, equations 5 to 8, unit by unit and with columns; b is ours."""
    W, U, b = w["W_xh"].T, w["W_hh"].T, w["b_h"]
    r = sigmoid(x @ W[:H].T + h @ U[:H].T + b[:H])
    z = sigmoid(x @ W[H : 2 * H].T + h @ U[H : 2 * H].T + b[H : 2 * H])
    new = np.tanh(x @ W[2 * H :].T + (r * h) @ U[2 * H :].T + b[2 * H :])
    return z * h + (1 - z) * new


def chung_step(w: Any, x: Any, h: Any) -> Any:
    """Chung et al. 2014, section 3.2: h = (1 - z) h_prev + z candidate."""
    W, U, b = w["W_xh"].T, w["W_hh"].T, w["b_h"]
    z = sigmoid(x @ W[H : 2 * H].T + h @ U[H : 2 * H].T + b[H : 2 * H])
    r = sigmoid(x @ W[:H].T + h @ U[:H].T + b[:H])
    candidate = np.tanh(x @ W[2 * H :].T + (r * h) @ U[2 * H :].T + b[2 * H :])
    return (1 - z) * h + z * candidate


def params(cell: GRUCell) -> Any:
    return cell.params


SOURCES: dict[str, tuple[str, Any, Any]] = {
    "Keras, reset_after=True": ("gru", keras_step, to_keras),
    "Keras, reset_after=False": ("gru before", keras_step, to_keras),
    "Keras, reset_after=True, of z that writes": ("gru writes", keras_step, to_keras),
    "Keras, of the second paper": ("gru before writes", keras_step, to_keras),
    "PyTorch": ("gru", torch_step, to_torch),
    "PyTorch, of z that writes": ("gru writes", torch_step, to_torch),
    "the first paper": ("gru before", first_paper_step, params),
    "the second paper": ("gru before writes", chung_step, params),
}


def loss(step: Any, w: Any, x: Any, h: Any, mask: Any, dh: Any, d_last: Any) -> Any:
    """Return dh . h + d_last . h_T of a sequence, which a masked step leaves alone."""
    total = 0.0
    for t in range(len(x)):
        h = np.where(mask[t][:, None], step(w, x[t], h), h)
        total = total + (dh[t] * h).sum()
    return total + (d_last * h).sum()


def complex_gradient(function: Any, array: Any) -> Any:
    """Return the derivative of `function` with respect to each entry of an array."""
    found = np.empty(array.shape)
    for place in np.ndindex(array.shape):
        nudged = array.astype(complex)
        nudged[place] += STEP * 1j
        found[place] = function(nudged).imag / STEP
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_values_and_gradients_are_those_of_the_printed_equations(source: str) -> None:
    kind, step, layout = SOURCES[source]
    rng = np.random.default_rng(1)
    cell = draw_cell(rng, D, H, kind)
    layer, w = Recurrent(cell), layout(cell)
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H))
    h_0, d_last = rng.standard_normal((2, B, H))
    mask = draw_mask(rng, T, B)
    h, last, cache = layer.forward(x, GRUState(h_0), mask)
    expected, state = [], h_0
    for t in range(T):
        state = np.where(mask[t][:, None], step(w, x[t], state), state)
        expected.append(state)
    np.testing.assert_allclose(h, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(last.h, state, rtol=0, atol=1e-12)
    dx, d_start, grads = layer.backward(dh, cache, GRUState(d_last))
    assert dx is not None
    seen = {"mask": mask, "dh": dh, "d_last": d_last}
    by_x = complex_gradient(lambda a: loss(step, w, a, h_0, **seen), x)
    by_h = complex_gradient(lambda a: loss(step, w, x, a, **seen), h_0)
    np.testing.assert_allclose(dx, by_x, rtol=0, atol=1e-12 * abs(by_x).max())
    np.testing.assert_allclose(d_start.h, by_h, rtol=0, atol=1e-12 * abs(by_h).max())
    theirs = layout(cell.with_params(grads))  # a gradient is laid out as its parameter
    for name, array in w.items():
        by = complex_gradient(
            lambda a, name=name: loss(step, {**w, name: a}, x, h_0, **seen), array
        )
        told = by != 0 if layout is params else tells_apart(name, by)
        np.testing.assert_allclose(
            theirs[name][told], by[told], rtol=0, atol=1e-12 * abs(by).max()
        )


def tells_apart(name: str, by: Any) -> Any:
    """Return where a gradient is one of ours: of two added biases we keep one."""
    told = np.ones(by.shape, dtype=bool)
    if name == "bias_hh_l0":
        told[: 2 * H] = False
    if name == "bias" and by.ndim == 2:
        told[1, : 2 * H] = False
    return told


@given(SEEDS, st.sampled_from(KINDS), st.booleans())
def test_a_converted_gru_computes_the_same(
    seed: int, kind: str, z_writes: bool
) -> None:
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, D, H, kind)
    reset = "after" if cell.reset_after else "before"
    before = {name: array.copy() for name, array in cell.params.items()}
    other = convert_gru(cell, reset=reset, z_writes=z_writes)
    assert other.z_writes is z_writes
    x, h_0 = 3 * rng.standard_normal((T, B, D)), rng.standard_normal((B, H))
    mask = draw_mask(rng, T, B)
    dh, d_last = rng.standard_normal((T, B, H)), GRUState(rng.standard_normal((B, H)))
    found = []
    for each in (cell, other):
        h, last, cache = Recurrent(each).forward(x, GRUState(h_0), mask)
        dx, d_start, grads = Recurrent(each).backward(dh, cache, d_last)
        back = convert_gru(each.with_params(grads), reset=reset, z_writes=False)
        found.append({"h": h, "last": last.h, "dx": dx, "dh_0": d_start.h})
        found[-1] |= back.params
    for name, array in found[0].items():
        np.testing.assert_allclose(
            found[1][name], array, rtol=0, atol=1e-12 * abs(array).max()
        )
    for name, array in before.items():
        np.testing.assert_array_equal(cell.params[name], array)
        assert not np.shares_memory(cell.params[name], other.params[name])


@given(SEEDS, st.sampled_from(KINDS))
def test_there_and_back_again_changes_no_bit(seed: int, kind: str) -> None:
    cell = draw_cell(np.random.default_rng(seed), D, H, kind)
    reset = "after" if cell.reset_after else "before"
    other = convert_gru(cell, reset=reset, z_writes=not cell.z_writes)
    again = convert_gru(other, reset=reset, z_writes=cell.z_writes)
    for name, array in cell.params.items():
        np.testing.assert_array_equal(again.params[name], array)
        turned = not np.array_equal(other.params[name], array)
        assert turned == (name != "b_hn")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_converted_gru_keeps_sizes_and_precision(dtype: Any) -> None:
    cell = draw_cell(np.random.default_rng(0), 1, 7, "gru before", dtype)
    other = convert_gru(cell, reset="before", z_writes=True)
    assert other.config() == {**cell.config(), "z_writes": True}
    assert {array.dtype for array in other.params.values()} == {np.dtype(dtype)}


def best_after(a: Any, h: Any, r: Any) -> Any:
    """Return how far the nearest r * (h @ W + b) stays from a, the gates given."""
    misses = []
    for unit in range(a.shape[1]):
        seen = r[:, [unit]] * np.column_stack([h, np.ones(len(h))])
        weights, *_ = np.linalg.lstsq(seen, a[:, unit], rcond=None)
        misses.append(abs(seen @ weights - a[:, unit]).max())
    return np.array(misses)


def test_no_weights_of_the_candidate_make_up_for_the_side_of_the_reset_gate() -> None:
    """With more than one unit; of one unit alone the two products are the same."""
    rng = np.random.default_rng(3)
    for size in (1, 2, 5):
        h, r = rng.uniform(-1, 1, (2, 200, size))
        r, W = abs(r), rng.standard_normal((size, size))
        misses = best_after((r * h) @ W, h, r)
        assert (misses < 1e-12).all() if size == 1 else (misses > 0.05).all()


@pytest.mark.parametrize("take", [from_torch, from_keras])
def test_weights_of_a_library_go_into_a_cell_whose_z_writes(take: Any) -> None:
    rng = np.random.default_rng(4)
    keeps, writes = draw_cell(rng, D, H, "gru"), draw_cell(rng, D, H, "gru writes")
    take(writes, (to_torch if take is from_torch else to_keras)(keeps))
    x = rng.standard_normal((T, B, D))
    expected, _, _ = Recurrent(keeps).forward(x)
    h, _, _ = Recurrent(writes).forward(x)
    np.testing.assert_allclose(h, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("kind", ["gru", "gru writes"])
def test_pytorch_itself_computes_the_same(torch: Any, kind: str, layers: int) -> None:
    rng = np.random.default_rng(5)
    cells = [draw_cell(rng, size, H, kind) for size in (D, H, H)[:layers]]
    stack = Stacked([Recurrent(cell) for cell in cells])
    module = torch.nn.GRU(D, H, num_layers=layers, dtype=torch.float64)
    module.load_state_dict({n: torch.tensor(a) for n, a in to_torch(stack).items()})
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H))
    start = rng.standard_normal((layers, B, H))
    h, _, cache = stack.forward(x, tuple(map(GRUState, start)))
    dx, d_start, grads = stack.backward(dh, cache)
    assert dx is not None
    x_there = torch.tensor(x, requires_grad=True)
    start_there = torch.tensor(start, requires_grad=True)
    there, _ = module(x_there, start_there)
    there.backward(torch.tensor(dh))
    np.testing.assert_allclose(h, there.detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dx, x_there.grad, rtol=0, atol=1e-11)
    found = np.stack([state.h for state in d_start])
    np.testing.assert_allclose(found, start_there.grad, rtol=0, atol=1e-11)
    ours = to_torch(stack.with_params(grads))
    for name, parameter in module.named_parameters():
        told = tells_apart(name.replace(name[-1], "0"), parameter.detach().numpy())
        by = parameter.grad.numpy()
        np.testing.assert_allclose(ours[name][told], by[told], rtol=0, atol=1e-10)
