"""The training step of a character model four ways, for `steps.py`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from benchmarks import _student
from rnnlib import (
    Adam,
    GRUCell,
    LanguageModel,
    LSTMCell,
    Recurrent,
    RNNCell,
    cross_entropy,
)
from rnnlib._typing import Array
from rnnlib.batches import Batch
from rnnlib.interop import to_torch
from rnnlib.optimizers import clip_by_norm

__all__ = [
    "CELLS",
    "Size",
    "bare_products",
    "ours",
    "parts",
    "student",
    "text",
    "torch_step",
]

CELLS: dict[str, Any] = {"LSTM": LSTMCell, "GRU": GRUCell, "RNN": RNNCell}
CLIP, LEARNING_RATE = 5.0, 1e-3
Step = Callable[[], float]


class Size(NamedTuple):
    """Steps, batch, symbols, hidden units."""

    T: int
    B: int
    V: int
    H: int

    def __str__(self) -> str:
        return ", ".join(map(str, self))


def text(size: Size) -> tuple[Array, Array]:
    """Return random inputs and targets, each (T, B)."""
    found = np.random.default_rng(1).integers(0, size.V, (size.T + 1, size.B))
    return found[:-1].copy(), found[1:].copy()


def model(kind: str, size: Size) -> LanguageModel:
    """Return the same float32 network at each call."""
    rng = np.random.default_rng(0)
    cell = CELLS[kind](size.V, size.H, rng=rng, dtype=np.float32)
    return LanguageModel(Recurrent(cell), rng=rng)


def ours(kind: str, size: Size) -> Step:
    """Return the step of this library."""
    net, adam, batch = model(kind, size), Adam(LEARNING_RATE), Batch(*text(size))
    params = net.params

    def step() -> float:
        loss = net.loss(batch)
        adam.update(params, clip_by_norm(loss.grads, CLIP)[0])
        return float(loss.value)

    return step


def parts(kind: str, size: Size) -> dict[str, Callable[[], Any]]:
    """Return what a step of this library is made of, to be timed one by one."""
    net, adam, (x, targets) = model(kind, size), Adam(LEARNING_RATE), text(size)
    layer, output = net.parts["recurrent"], net.parts["output"]
    h, _, cache = layer.forward(x)
    y, y_cache = output.forward(h)
    dy = cross_entropy(y, targets)[1]
    dh = output.backward(dy, y_cache)[0]
    grads = net.loss(Batch(x, targets)).grads
    moved = {name: array.copy() for name, array in net.params.items()}
    return {
        "recurrence": lambda: layer.forward(x),
        "scores": lambda: output.forward(h),
        "loss": lambda: cross_entropy(y, targets),
        "scores, back": lambda: output.backward(dy, y_cache),
        "recurrence, back": lambda: layer.backward(dh, cache),
        "clip": lambda: clip_by_norm(grads, CLIP),
        "Adam": lambda: adam.update(moved, grads),
    }


def student(kind: str, size: Size) -> Step:
    """Return the step of a loop with the gradients inside."""
    params = {name.split(".")[1]: p for name, p in model(kind, size).params.items()}
    x, targets = text(size)
    step = _student.trainer(kind, params, CLIP, LEARNING_RATE)
    return lambda: float(step(x, targets))


def torch_step(kind: str, size: Size, *, embedding: bool) -> Step:
    """Return PyTorch's eager step, from one-hot inputs or a look-up of size V."""
    torch = importlib.import_module("torch")
    layer = getattr(torch.nn, kind)(size.V, size.H)
    output = torch.nn.Linear(size.H, size.V)
    look_up = torch.nn.Embedding(size.V, size.V)
    _copy_weights(torch, kind, size, layer, output, look_up)
    parts = [layer, output, *([look_up] if embedding else [])]
    params = [p for part in parts for p in part.parameters()]
    adam = torch.optim.Adam(params, lr=LEARNING_RATE)
    x, targets = map(torch.tensor, text(size))

    def step() -> float:
        one_hot = torch.nn.functional.one_hot
        read = look_up(x) if embedding else one_hot(x, size.V).float()
        adam.zero_grad()
        scores = output(layer(read)[0]).reshape(-1, size.V)
        loss = torch.nn.functional.cross_entropy(scores, targets.reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, CLIP)
        adam.step()
        return float(loss.item())

    return step


def bare_products(kind: str, size: Size) -> Callable[[], None]:
    """Return the matrix products of a step, each into an array that is there already.

    They are those of the states, of the scores, and of both gradients of each. The
    input is looked up and its gradient added up, so it asks for none.
    """
    T, B, V, H = size
    W_hh = model(kind, size).parts["recurrent"].cell.params["W_hh"]
    rng = np.random.default_rng(2)

    def some(*shape: int) -> Array:
        return rng.standard_normal(shape).astype(np.float32)

    h, a, y, W_hy = some(T, B, H), some(T, B, W_hh.shape[1]), some(T, B, V), some(H, V)
    h_rows, a_rows, y_rows = (array.reshape(T * B, -1) for array in (h, a, y))
    a_out, h_out = np.empty_like(a[0]), np.empty_like(h[0])
    y_out, h_rows_out = np.empty_like(y_rows), np.empty_like(h_rows)
    dW_hh, dW_hy = np.empty_like(W_hh), np.empty_like(W_hy)

    def step() -> None:
        for t in range(T):
            np.dot(h[t], W_hh, out=a_out)
        np.dot(h_rows, W_hy, out=y_out)
        np.dot(h_rows.T, y_rows, out=dW_hy)
        np.dot(y_rows, W_hy.T, out=h_rows_out)
        for t in range(T):
            np.dot(a[t], W_hh.T, out=h_out)
        np.dot(h_rows.T, a_rows, out=dW_hh)

    return step


def _copy_weights(
    torch: Any, kind: str, size: Size, layer: Any, output: Any, look_up: Any
) -> None:
    net = model(kind, size)
    state = to_torch(net.parts["recurrent"])
    layer.load_state_dict({name: torch.tensor(p) for name, p in state.items()})
    weights, bias = net.parts["output"].params.values()
    with torch.no_grad():
        output.weight.copy_(torch.tensor(weights.T))
        output.bias.copy_(torch.tensor(bias))
        look_up.weight.copy_(torch.eye(size.V))
