"""Weights to and from the layouts of PyTorch and Keras, as plain dicts of arrays.

Neither library is imported. The numbers are the same everywhere; what differs is the
order of the gates, which side the matrix is multiplied from, and how many biases there
are. Both other libraries are told in the names and shapes they would use themselves:

* PyTorch, `torch.nn.RNN`, `LSTM`, `GRU`: `weight_ih_l0` (gates * H, D), columns instead
  of rows; LSTM i f g o, GRU r z n; two biases that are added up.
* Keras, `SimpleRNN`, `LSTM`, `GRU`: `kernel` (D, gates * H), rows as here; LSTM
  i f c o, where c is our g; GRU z r h, where h is our n, with z keeping as here.

A GRU has two conventions more. Whether z keeps or writes is a matter of sign, since
1 - sigmoid(a) = sigmoid(-a): for a cell in which z writes, its block is negated on the
way, as `rnnlib.convert_gru` does it between two cells of ours. Whether the reset gate
sits after the product or before it makes another cell: no weights make the two equal.

Sources: the documentation of PyTorch 2.13 and of Keras 3, 2026; Cho et al., 2014 (z
keeps); Chung et al., "Empirical evaluation of gated recurrent neural networks on
sequence modeling", 2014 (z writes).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnlib._checks import check_array, check_kind
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._typing import Array
from rnnlib._words import kind_of
from rnnlib.cells import (
    Cell,
    GRUCell,
    LinearCell,
    LSTMCell,
    RNNCell,
)
from rnnlib.cells.conventions import z_negated
from rnnlib.recurrent import Bidirectional, Layer, Recurrent, Stacked

__all__ = ["from_keras", "from_torch", "to_keras", "to_torch"]

TORCH_ORDER = {"h": "h", "ifog": "ifgo", "rzn": "rzn"}
KERAS_ORDER = {"h": "h", "ifog": "ifgo", "rzn": "zrn"}


def to_torch(layer: Cell | Layer) -> dict[str, Array]:
    """Return the `state_dict` of the PyTorch module with the same weights.

    Parameters
    ----------
    layer : Cell, Recurrent, Bidirectional, or Stacked of these
        Stacked layers become `_l0`, `_l1`, ...; a second direction `_reverse`.

    Raises
    ------
    ValueError
        If PyTorch has no such cell: a variant of the LSTM, reset before, a learned
        initial state; or an activation other than tanh and ReLU. Also if cells or
        directions differ among layers, or a parameter is not finite.

    Examples
    --------
    >>> from rnnlib import LSTMCell
    >>> cell = LSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> {name: array.shape for name, array in to_torch(cell).items()}
    {'weight_ih_l0': (12, 2), 'weight_hh_l0': (12, 3), 'bias_ih_l0': (12,), \
'bias_hh_l0': (12,)}
    """
    cells = _torch_cells(layer)
    for _, cell in cells:
        check_params(cell.params)
    return _all_to_torch(cells)


def from_torch(layer: Cell | Layer, state_dict: Mapping[str, Array]) -> None:
    """Copy the weights of a PyTorch module into `layer`, in place.

    Parameters
    ----------
    layer : Cell, Recurrent, Bidirectional, or Stacked of these
        Of the same sizes as the module.
    state_dict : mapping of str to arrays
        `{name: t.numpy() for name, t in module.state_dict().items()}`, of an
        `nn.LSTM`, or of an `nn.LSTMCell`, whose names do not end in `_l0`. Where there
        is no bias (`bias=False`), that of `layer` becomes zero.

    Raises
    ------
    ValueError
        If names or shapes do not fit, or PyTorch has no such cell. Then nothing has
        been changed.

    Examples
    --------
    >>> from rnnlib import GRUCell
    >>> one, other = (GRUCell(2, 3, rng=np.random.default_rng(k)) for k in (0, 1))
    >>> from_torch(other, to_torch(one))
    >>> bool((one.params["W_hh"] == other.params["W_hh"]).all())
    True
    >>> from_torch(one, {"weight_ih": np.ones((9, 2)), "weight_hh": np.ones((9, 3))})
    >>> bool(one.params["W_xh"].all()), bool(one.params["b_h"].any())
    (True, False)
    """
    cells = _torch_cells(layer)
    if isinstance(state_dict, Mapping) and "weight_ih" in state_dict:
        cells = [(suffix.removeprefix("_l0"), cell) for suffix, cell in cells]
    expected = _all_to_torch(cells)
    state_dict = _completed(state_dict, expected)
    check_same_keys("state_dict", state_dict, expected)
    check_params(dict(state_dict))
    for suffix, cell in cells:
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        W_ih, W_hh, b_ih, b_hh = (
            check_array(name, state_dict[f"{name}{suffix}"], ("...",)) for name in names
        )
        W_xh, W_hh, b_ih, b_hh = (
            _reordered(array, TORCH_ORDER[cell.gates], cell.gates)
            for array in (W_ih.T, W_hh.T, b_ih, b_hh)
        )
        _set(cell, W_xh, W_hh, b_ih, b_hh)


def _completed(given: Any, expected: Mapping[str, Array]) -> Any:
    """Return a state_dict with biases of zeros, if it has none."""
    if not isinstance(given, Mapping):
        return given  # the check of its keys says what is wrong with it
    if any(str(name).startswith("bias") for name in given):
        return given
    none = {n: np.zeros_like(a) for n, a in expected.items() if n.startswith("bias")}
    return {**given, **none}


def to_keras(cell: Cell) -> dict[str, Array]:
    """Return `kernel`, `recurrent_kernel` and `bias` of the Keras layer.

    Raises
    ------
    ValueError
        If Keras has no such cell: a variant of the LSTM. Also if a parameter is not
        finite.

    Examples
    --------
    >>> from rnnlib import GRUCell
    >>> cell = GRUCell(2, 3, rng=np.random.default_rng(0))
    >>> {name: array.shape for name, array in to_keras(cell).items()}
    {'kernel': (2, 9), 'recurrent_kernel': (3, 9), 'bias': (2, 9)}
    """
    _check_plain("Keras", cell)
    check_params(cell.params)
    return _cell_to_keras(cell)


def from_keras(cell: Cell, weights: Mapping[str, Array]) -> None:
    """Copy the weights of a Keras layer into `cell`, in place.

    Parameters
    ----------
    cell : Cell
    weights : mapping with kernel, recurrent_kernel and bias

    Raises
    ------
    ValueError
        If names or shapes do not fit, Keras has no such cell, or its GRU has the reset
        gate on the other side. Then nothing has been changed.

    Examples
    --------
    >>> from rnnlib import LSTMCell
    >>> one, other = (LSTMCell(2, 3, rng=np.random.default_rng(k)) for k in (0, 1))
    >>> from_keras(other, to_keras(one))
    >>> bool((one.params["W_xh"] == other.params["W_xh"]).all())
    True
    """
    _check_plain("Keras", cell)
    _check_reset(cell, weights)
    check_same_keys("weights", weights, _cell_to_keras(cell))
    check_params(dict(weights))
    W_xh, W_hh, bias = (
        _reordered(
            check_array(name, weights[name], ("...",)),
            KERAS_ORDER[cell.gates],
            cell.gates,
        )
        for name in ("kernel", "recurrent_kernel", "bias")
    )
    b_h, b_hh = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
    _set(cell, W_xh, W_hh, b_h, b_hh)


def _torch_cells(layer: Cell | Layer) -> list[tuple[str, Cell]]:
    """Return each cell with the ending of its names in PyTorch."""
    layers = layer.recurrent if isinstance(layer, Stacked) else (layer,)
    cells = []
    for k, inner in enumerate(layers):
        directions = inner.layers if isinstance(inner, Bidirectional) else (inner,)
        for direction, ending in zip(directions, ("", "_reverse"), strict=False):
            cells.append((f"_l{k}{ending}", _cell_of(direction)))
    kinds = {(type(cell), cell.hidden_size, _name(cell)) for _, cell in cells}
    wired = {isinstance(inner, Bidirectional) for inner in layers}
    if len(kinds) > 1 or len(wired) > 1:
        raise ValueError(
            "PyTorch must have the same kind and size of cell, and as many directions, "
            "in all layers, got different ones"
        )
    return cells


def _name(cell: Cell) -> str:
    return cell.activation.name if isinstance(cell, RNNCell) else ""


def _all_to_torch(cells: list[tuple[str, Cell]]) -> dict[str, Array]:
    return {
        f"{name}{suffix}": array
        for suffix, cell in cells
        for name, array in _cell_to_torch(cell).items()
    }


def _cell_of(layer: Cell | Layer) -> Cell:
    if isinstance(layer, Cell):
        cell = layer
    elif isinstance(layer, Recurrent) and not layer.initial_params:
        cell = layer.cell
    else:
        raise ValueError(
            "layer must be a cell, a Recurrent or Bidirectional without a learned "
            f"initial state, or Stacked of these, got {kind_of(layer)}"
        )
    _check_plain("PyTorch", cell)
    return cell


def _check_plain(library: str, cell: Cell) -> None:
    """Raise if the library has no such cell."""
    check_kind("cell", cell, Cell, "pass layer.cell of a Recurrent")
    odd = ""
    if isinstance(cell, RNNCell) and library == "PyTorch":
        name = cell.activation.name
        odd = "" if name in ("tanh", "relu") else f"the activation {name}"
    if isinstance(cell, LSTMCell) and type(cell) is not LSTMCell:
        odd = f"the variant {type(cell).__name__}"
    if isinstance(cell, LinearCell):
        odd = type(cell).__name__
    if isinstance(cell, GRUCell) and library == "PyTorch" and not cell.reset_after:
        odd = "the reset gate before the product, which no weights make up for"
    if odd:
        raise ValueError(f"{library} must have the same kind of cell, got {odd}")


def _check_reset(cell: Cell, weights: Any) -> None:
    """Raise if a bias of Keras is that of the GRU with r on the other side."""
    if not isinstance(cell, GRUCell) or not isinstance(weights, Mapping):
        return
    columns = 3 * cell.hidden_size
    one, two = (columns,), (2, columns)
    expected, other = (two, one) if cell.reset_after else (one, two)
    if np.shape(weights.get("bias", ())) == other:
        place = "before" if cell.reset_after else "after"
        raise ValueError(
            f"weights['bias'] must have shape {expected}, got {other}, that of a GRU "
            f"with the reset gate {place} the product; make a "
            f"GRUCell(..., reset={place!r})"
        )


def _cell_to_torch(cell: Cell) -> dict[str, Array]:
    b_ih, b_hh = _two_biases(cell)
    ours = {
        "weight_ih": cell.params["W_xh"],
        "weight_hh": cell.params["W_hh"],
        "bias_ih": b_ih,
        "bias_hh": b_hh,
    }
    return {
        name: np.ascontiguousarray(
            _reordered(_z_keeps(cell, array), cell.gates, TORCH_ORDER[cell.gates]).T
        )
        for name, array in ours.items()
    }


def _cell_to_keras(cell: Cell) -> dict[str, Array]:
    b_h, b_hh = _two_biases(cell)
    with_two = isinstance(cell, GRUCell) and cell.reset_after
    ours = {
        "kernel": cell.params["W_xh"],
        "recurrent_kernel": cell.params["W_hh"],
        "bias": np.stack([b_h, b_hh]) if with_two else b_h,
    }
    return {
        name: _reordered(_z_keeps(cell, array), cell.gates, KERAS_ORDER[cell.gates])
        for name, array in ours.items()
    }


def _two_biases(cell: Cell) -> tuple[Array, Array]:
    """Return the bias beside the input, and that beside the old state."""
    b_h = cell.params["b_h"]
    b_hh = np.zeros_like(b_h)
    if "b_hn" in cell.params:
        b_hh[-cell.hidden_size :] = cell.params["b_hn"]
    return b_h, b_hh


def _set(cell: Cell, W_xh: Array, W_hh: Array, b_ih: Array, b_hh: Array) -> None:
    """Set the parameters; biases that no gate tells apart are added up."""
    W_xh, W_hh, b_ih, b_hh = (_z_keeps(cell, a) for a in (W_xh, W_hh, b_ih, b_hh))
    cell.params["W_xh"][...] = W_xh
    cell.params["W_hh"][...] = W_hh
    cell.params["b_h"][...] = b_ih + b_hh
    if "b_hn" in cell.params:
        H = cell.hidden_size
        cell.params["b_hn"][...] = b_hh[-H:]
        cell.params["b_h"][-H:] = b_ih[-H:]


def _reordered(array: Array, given: str, wanted: str) -> Array:
    """Return the blocks of the last axis in another order of gates."""
    blocks = dict(zip(given, np.split(array, len(given), axis=-1), strict=True))
    return np.concatenate([blocks[gate] for gate in wanted], axis=-1)


def _z_keeps(cell: Cell, array: Array) -> Array:
    """Return an array from a convention in which z keeps to the cell's, or back."""
    writes = isinstance(cell, GRUCell) and cell.z_writes
    return z_negated(array) if writes else array
