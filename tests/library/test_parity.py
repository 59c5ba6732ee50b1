"""rnnlib beside PyTorch: the stored values everywhere, PyTorch itself where it is.

Everything agrees to 1e-10 of the largest expected entry, in float64.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest

import rnnlib
from rnnlib import (
    Bidirectional,
    GRUCell,
    LSTMCell,
    Recurrent,
    RNNCell,
    SelfAttention,
    Stacked,
    from_torch,
    to_torch,
)
from rnnlib.recurrent import Layer
from tests.library.reference.make_reference import (
    FILES,
    HERE,
    KINDS,
    LOOKS,
    LOSSES,
    RECURRENCES,
    UPDATES,
    run_recurrence,
)

CELLS: dict[str, tuple[type[Any], dict[str, str]]] = {
    "tanh": (RNNCell, {"activation": "tanh"}),
    "relu": (RNNCell, {"activation": "relu"}),
    "lstm": (LSTMCell, {}),
    "gru": (GRUCell, {}),
}
WEIGHTS = ("weight_", "bias_")
ALL_ROWS = [(file, row) for file, (rows, _, _) in FILES.items() for row in rows]


@cache
def stored(file):
    with np.load(HERE / f"{file}.npz", allow_pickle=False) as arrays:
        return dict(arrays)


def reference(file, row):
    """Return the arrays of one row, by their names."""
    start = f"{row.name}/"
    found = {
        name.removeprefix(start): array
        for name, array in stored(file).items()
        if name.startswith(start)
    }
    assert found, f"{row.name} is not stored: run tests/reference/make_reference.py"
    return found


def file_of(row):
    return "recurrent" if row.layers == row.directions == 1 else "wiring"


def assert_agrees(found, expected, names):
    for name in names:
        assert found[name].shape == expected[name].shape, name
        np.testing.assert_allclose(
            found[name],
            expected[name],
            rtol=0,
            atol=1e-10 * abs(expected[name]).max(),
            err_msg=name,
        )


def named(rows):
    return [pytest.param(row, id=row.name) for row in rows]


def make_layer(row) -> Layer:
    """Return the layer of rnnlib that does what a row asks PyTorch for."""
    make, options = CELLS[row.kind]
    both = row.directions * row.H
    layers: list[Layer] = []
    for D in [row.D, *[both] * (row.layers - 1)]:
        rng = np.random.default_rng(0)
        cells = [make(D, row.H, rng=rng, **options) for _ in range(row.directions)]
        layers.append(Bidirectional(*cells) if len(cells) == 2 else Recurrent(*cells))
    return Stacked(layers) if row.layers > 1 else layers[0]


def as_ours(row, zero, given, what):
    """Return PyTorch's states (layers * directions, B, H), nested as `zero` is."""
    rows = iter(range(row.layers * row.directions))

    def nested(state):
        if not hasattr(state, "_fields"):
            return tuple(map(nested, state))
        k = next(rows)
        return state._make(given[f"{what}_{field}"][k] for field in state._fields)

    return nested(zero)


def as_theirs(state, what):
    """Return the opposite of `as_ours`."""
    flat = [state]
    while not hasattr(flat[0], "_fields"):
        flat = [inner for outer in flat for inner in outer]
    return {
        f"{what}_{field}": np.stack([getattr(each, field) for each in flat])
        for field in flat[0]._fields
    }


def gradients_as_theirs(layer, grads):
    """Return our gradients by PyTorch's names.

    A gradient has the form of what it belongs to, so it is carried over in the same
    way. The second bias is added to the first, so both have the same gradient, but for
    the GRU's candidate, which sees it through the reset gate.
    """
    twin = layer.with_params(grads)
    found = {f"d_{name}": array for name, array in to_torch(twin).items()}
    for name in list(found):
        if "bias_hh" in name:
            first = found[name.replace("hh", "ih")].copy()
            candidate = slice(-len(first) // 3, None) if found[name].any() else slice(0)
            first[candidate] = found[name][candidate]
            found[name] = first
    return found


def run_rnnlib(row, given) -> dict[str, Any]:
    """Return what rnnlib computes, in PyTorch's names and layout."""
    layer = make_layer(row)
    from_torch(layer, {k: v for k, v in given.items() if k.startswith(WEIGHTS)})
    x = given["x"].argmax(axis=-1) if row.tokens else given["x"]
    start = d_last = None
    if row.start:
        zero = layer.initial_state(row.B)
        start = as_ours(row, zero, given, "start")
        d_last = as_ours(row, zero, given, "d_last")
    h, last, cache = layer.forward(x, start, row.mask if row.lengths else None)
    dx, d_start, grads = layer.backward(given["dh"], cache, d_last)
    found = {
        "h": np.where(row.mask[:, :, None], h, 0),  # where PyTorch fills up with zeros
        **as_theirs(last, "last"),
        **as_theirs(d_start, "d_start"),
        **gradients_as_theirs(layer, grads),
    }
    return found if dx is None else found | {"dx": dx}


@pytest.mark.parametrize("row", named(RECURRENCES))
def test_states_and_all_gradients_agree_with_pytorch(row):
    expected = reference(file_of(row), row)
    found = run_rnnlib(row, expected)
    outputs = {"h", "dx"} | {n for n in expected if n.startswith(("last_", "d_"))}
    outputs -= {f"d_last_{field}" for field in KINDS[row.kind][2]}
    outputs -= {"dx"} if row.tokens else set()
    assert set(found) == outputs
    assert_agrees(found, expected, outputs)


@pytest.mark.parametrize("row", named(LOOKS))
def test_self_attention_agrees_with_pytorch(row):
    """PyTorch stacks the three projections, and has each of them transposed."""
    expected = reference("attention", row)
    layer = SelfAttention(
        row.H,
        row.H,
        heads=row.heads,
        causal=row.causal,
        rng=np.random.default_rng(0),
    )
    inside = np.split(expected["in_proj_weight"], 3)
    arrays = [*inside, expected["out_proj.weight"]]
    names = ("W_xq", "W_xk", "W_xv", "W_vh")
    twin = layer.with_params(
        {name: array.T for name, array in zip(names, arrays, strict=True)}
    )
    h, _, cache = twin.forward(expected["x"], None, row.mask if row.lengths else None)
    dx, _, grads = twin.backward(expected["dh"], cache)
    there = row.mask[:, :, None]
    found = {
        "h": np.where(there, h, 0),
        "weights": np.where(there[..., None], cache.weights, 0),
        "dx": dx,
        "d_in_proj_weight": np.concatenate([grads[name].T for name in names[:3]]),
        "d_out_proj.weight": grads["W_vh"].T,
    }
    wanted = {name: expected[name] for name in found}
    wanted["h"] = np.where(there, wanted["h"], 0)  # PyTorch lets padding ask, too
    wanted["weights"] = np.where(there[..., None], wanted["weights"], 0)
    assert_agrees(found, wanted, found)


@pytest.mark.parametrize("row", named(LOSSES))
def test_losses_and_their_gradients_agree_with_pytorch(row):
    expected = reference("losses", row)
    loss = getattr(rnnlib, row.kind)
    mask = expected["mask"] if row.masked else None
    value, dscores = loss(expected["scores"], expected["targets"], mask)
    assert_agrees({"value": value, "dscores": dscores}, expected, ["value", "dscores"])


@pytest.mark.parametrize("row", named(UPDATES))
def test_updates_agree_with_pytorch(row):
    expected = reference("optimizers", row)
    optimizer = getattr(rnnlib, row.kind)(row.learning_rate, **row.options)
    params = {name: expected[name].copy() for name in "Wb"}
    for step in range(row.steps):
        optimizer.update(params, {name: expected[f"d{name}"][step] for name in "Wb"})
        found = {f"{name} after": params[name] for name in "Wb"}
        now = {name: expected[name][step] for name in found}
        assert_agrees(found, now, found)


def test_the_files_hold_the_rows_of_the_tables_and_nothing_else():
    for file, (rows, draw, _) in FILES.items():
        names = {row.name for row in rows}
        assert len(names) == len(rows)
        assert {name.split("/")[0] for name in stored(file)} == names
        for row in rows:
            found = reference(file, row)
            for name, array in draw(row).items():
                assert found[name].shape == array.shape
        assert (HERE / f"{file}.npz").stat().st_size < 500_000


@pytest.mark.parametrize(
    ("file", "row"), [pytest.param(*each, id=each[1].name) for each in ALL_ROWS]
)
def test_pytorch_still_computes_what_is_stored(torch, file, row):
    expected = reference(file, row)
    _, draw, run = FILES[file]
    given = {name: expected[name] for name in draw(row)}
    found = run(torch, row, given)
    assert set(found) | set(given) == set(expected)
    assert_agrees(found, expected, found)


@pytest.mark.parametrize("kind", KINDS)
def test_rnnlib_agrees_with_pytorch_on_fresh_numbers(torch, kind):
    """Not only where the files say so."""
    rng = np.random.default_rng(1)
    for row in RECURRENCES:
        if row.kind != kind:
            continue
        stored_row = reference(file_of(row), row)
        given = {
            name: stored_row[name]
            if row.tokens and name == "x"
            else 0.4 * rng.standard_normal(stored_row[name].shape)
            for name in FILES[file_of(row)][1](row)
        }
        given["dh"] = given["dh"] * row.mask[:, :, None]
        found = run_rnnlib(row, given)
        assert_agrees(found, run_recurrence(torch, row, given), found)
