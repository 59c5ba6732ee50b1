"""Store what PyTorch 2.13.0 computes: values and all gradients, in float64.

    python -m pip install torch==2.13.0
    python tests/reference/make_reference.py

writes `recurrent.npz`, `wiring.npz`, `attention.npz`, `losses.npz` and `optimizers.npz`
beside this file. A new case is a new row of a table below. `tests/test_parity.py`
compares rnnlib with the files everywhere, and the files with PyTorch where it is
installed, so they cannot drift.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Recurrence:
    """A recurrent layer run over a batch, forward and back.

    `lengths` packs the sequences; `start` gives an initial state and the gradient of
    the final one; `tokens` makes the inputs one-hot vectors.
    """

    kind: str
    T: int
    B: int
    D: int
    H: int
    layers: int = 1
    directions: int = 1
    lengths: tuple[int, ...] | None = None
    start: bool = False
    tokens: bool = False

    @property
    def name(self) -> str:
        """Name the row by what is special about it."""
        sizes = f"{self.kind} T{self.T} B{self.B} D{self.D} H{self.H}"
        marks = {
            f"x{self.layers}": self.layers > 1,
            "both": self.directions == 2,
            "lengths": self.lengths is not None,
            "start": self.start,
            "tokens": self.tokens,
        }
        return " ".join([sizes, *(mark for mark, there in marks.items() if there)])

    @property
    def mask(self) -> NDArray[np.bool_]:
        """True where a step exists, (T, B)."""
        lengths = self.lengths or (self.T,) * self.B
        return np.arange(self.T)[:, None] < np.array(lengths)


# kind: the PyTorch module, its options, the fields of its state
KINDS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "tanh": ("RNN", {"nonlinearity": "tanh"}, ("h",)),
    "relu": ("RNN", {"nonlinearity": "relu"}, ("h",)),
    "lstm": ("LSTM", {}, ("h", "c")),
    "gru": ("GRU", {}, ("h",)),
}
ODD = (3, 1, 4)  # sorted neither way, and no step more than the longest needs
RECURRENCES = [
    row
    for kind in KINDS
    for row in (
        Recurrence(kind, T=5, B=3, D=4, H=6),
        Recurrence(kind, T=6, B=4, D=3, H=5, lengths=(4, 6, 1, 3), start=True),
        Recurrence(kind, T=7, B=1, D=5, H=2, start=True),
        Recurrence(kind, T=1, B=3, D=2, H=4, start=True),
        Recurrence(kind, T=1, B=1, D=3, H=3),
        Recurrence(kind, T=8, B=2, D=3, H=4, tokens=True, start=True),
        Recurrence(kind, T=40, B=2, D=2, H=8, lengths=(40, 23)),
        Recurrence(kind, T=5, B=3, D=4, H=3, directions=2),
        Recurrence(kind, T=4, B=3, D=2, H=3, directions=2, lengths=ODD, start=True),
        Recurrence(kind, T=1, B=1, D=2, H=3, directions=2, start=True),
        Recurrence(kind, T=5, B=2, D=3, H=4, layers=2, start=True),
        Recurrence(kind, T=4, B=3, D=4, H=3, layers=3, lengths=ODD),
        Recurrence(kind, T=6, B=1, D=2, H=3, layers=2, directions=2, tokens=True),
        Recurrence(kind, 4, 3, 3, 2, 3, directions=2, lengths=ODD, start=True),
    )
]


@dataclass(frozen=True)
class Looks:
    """A self-attention with H inputs and outputs; `lengths` pads the sequences."""

    T: int
    B: int
    H: int
    heads: int = 1
    causal: bool = True
    lengths: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        """Name the row by what is special about it."""
        sizes = f"T{self.T} B{self.B} H{self.H} heads {self.heads}"
        causal = " causal" if self.causal else ""
        return f"{sizes}{causal}{' lengths' if self.lengths else ''}"

    @property
    def mask(self) -> NDArray[np.bool_]:
        """True where a step exists, (T, B)."""
        lengths = self.lengths or (self.T,) * self.B
        return np.arange(self.T)[:, None] < np.array(lengths)


LOOKS = [
    Looks(T, B, H, heads, causal, lengths)
    for causal in (True, False)
    for T, B, H, heads, lengths in (
        (5, 3, 4, 1, None),
        (6, 2, 6, 3, None),
        (1, 1, 1, 1, None),
        (7, 1, 4, 4, None),
        (4, 3, 4, 2, ODD),
        (9, 2, 6, 2, (9, 5)),
    )
]


@dataclass(frozen=True)
class Loss:
    """A mean loss: one that PyTorch takes as scores and targets."""

    kind: str
    shape: tuple[int, ...]
    masked: bool = False
    scale: float = 2.0

    @property
    def name(self) -> str:
        """Name the row by what is special about it."""
        shape = "x".join(map(str, self.shape))
        masked = " masked" if self.masked else ""
        return f"{self.kind} {shape} times {self.scale:g}{masked}"


LOSSES = [
    Loss(kind, shape, masked, scale)
    for kind in ("cross_entropy", "binary_cross_entropy", "mean_squared_error")
    for shape, masked, scale in (
        ((5, 3, 7), False, 2.0),
        ((5, 3, 7), True, 2.0),
        ((1, 1, 1), False, 2.0),
        ((4, 2, 3), True, 1e4),
    )
]


@dataclass(frozen=True)
class Updates:
    """Some updates with one optimiser, named and set as rnnlib does."""

    kind: str
    options: dict[str, float] = field(default_factory=dict)
    learning_rate: float = 0.05
    steps: int = 6

    @property
    def name(self) -> str:
        """Name the row by its settings."""
        options = (f"{key} {value:g}" for key, value in self.options.items())
        return ", ".join([self.kind, *options])


UPDATES = [
    Updates("SGD"),
    Updates("Momentum", {"momentum": 0.9}),
    Updates("Momentum", {"momentum": 0.5}),
    Updates("RMSProp", {"decay": 0.99, "epsilon": 1e-8}),
    Updates("RMSProp", {"decay": 0.5, "epsilon": 1e-2}),
    Updates("Adam", {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}),
    Updates("Adam", {"beta_1": 0.5, "beta_2": 0.8, "epsilon": 1e-2}),
]


def draw_recurrence(row: Recurrence) -> Arrays:
    """Return inputs, states, upstream gradients and parameters, as PyTorch names."""
    rng = _rng(row.name)
    T, B, D, H = row.T, row.B, row.D, row.H
    x = rng.standard_normal((T, B, D))
    if row.tokens:
        x = np.eye(D)[rng.integers(0, D, size=(T, B))]
    both = row.directions * H
    given = {"x": x, "dh": rng.standard_normal((T, B, both)) * row.mask[:, :, None]}
    module, _, fields = KINDS[row.kind]
    if row.start:
        for name in fields:
            shape = (row.layers * row.directions, B, H)
            given[f"start_{name}"] = rng.standard_normal(shape)
            given[f"d_last_{name}"] = rng.standard_normal(shape)
    gates = {"RNN": 1, "LSTM": 4, "GRU": 3}[module] * H
    for layer in range(row.layers):
        for suffix in ("", "_reverse")[: row.directions]:
            inputs = both if layer else D
            end = f"_l{layer}{suffix}"
            given[f"weight_ih{end}"] = _weights(rng, gates, inputs)
            given[f"weight_hh{end}"] = _weights(rng, gates, H)
            given[f"bias_ih{end}"] = rng.standard_normal(gates)
            given[f"bias_hh{end}"] = rng.standard_normal(gates)
    return given


def run_recurrence(torch: ModuleType, row: Recurrence, given: Arrays) -> Arrays:
    """Return the states and all gradients, by the names of what they belong to."""
    module, options, fields = KINDS[row.kind]
    net = getattr(torch.nn, module)(
        row.D,
        row.H,
        num_layers=row.layers,
        bidirectional=row.directions == 2,
        dtype=torch.float64,
        **options,
    )
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            parameter.copy_(torch.from_numpy(given[name]))

    x = torch.tensor(given["x"], requires_grad=True)
    shape = (row.layers * row.directions, row.B, row.H)
    zeros = np.zeros(shape)
    starts = [
        torch.tensor(given.get(f"start_{name}", zeros), requires_grad=True)
        for name in fields
    ]
    d_last = [torch.tensor(given.get(f"d_last_{name}", zeros)) for name in fields]
    state = tuple(starts) if len(fields) > 1 else starts[0]
    h, last = _over_time(torch, net, x, state, row.lengths)
    lasts = last if len(fields) > 1 else (last,)
    torch.autograd.backward([h, *lasts], [torch.from_numpy(given["dh"]), *d_last])

    found = {"h": h, "dx": x.grad}
    for name, end, start in zip(fields, lasts, starts, strict=True):
        found |= {f"last_{name}": end, f"d_start_{name}": start.grad}
    found |= {f"d_{name}": p.grad for name, p in net.named_parameters()}
    return {name: tensor.detach().numpy() for name, tensor in found.items()}


def _over_time(
    torch: ModuleType, net: Any, x: Any, state: Any, lengths: tuple[int, ...] | None
) -> tuple[Any, Any]:
    if lengths is None:
        return net(x, state)
    rnn = torch.nn.utils.rnn
    packed = rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    out, last = net(packed, state)
    return rnn.pad_packed_sequence(out, total_length=x.shape[0])[0], last


def draw_looks(row: Looks) -> Arrays:
    """Return inputs, upstream gradients and parameters, as PyTorch names them."""
    rng = _rng(row.name)
    shape = row.T, row.B, row.H
    given = {"x": rng.standard_normal(shape)}
    given["dh"] = rng.standard_normal(shape) * row.mask[:, :, None]
    given["in_proj_weight"] = 2 * _weights(rng, 3 * row.H, row.H)
    given["out_proj.weight"] = _weights(rng, row.H, row.H)
    return given


def run_looks(torch: ModuleType, row: Looks, given: Arrays) -> Arrays:
    """Return what comes out, the weights of each head, and all gradients."""
    net = torch.nn.MultiheadAttention(row.H, row.heads, bias=False, dtype=torch.float64)
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            parameter.copy_(torch.from_numpy(given[name]))
    x = torch.tensor(given["x"], requires_grad=True)
    later = torch.from_numpy(~np.tri(row.T, dtype=bool)) if row.causal else None
    h, weights = net(
        *(x, x, x),
        key_padding_mask=torch.from_numpy(~row.mask.T),
        attn_mask=later,
        average_attn_weights=False,  # (B, heads, T, S)
    )
    h.backward(torch.from_numpy(given["dh"]))
    found = {"h": h, "weights": weights.permute(2, 0, 1, 3), "dx": x.grad}
    found |= {f"d_{name}": p.grad for name, p in net.named_parameters()}
    return {name: tensor.detach().numpy() for name, tensor in found.items()}


def draw_loss(row: Loss) -> Arrays:
    """Return scores, targets and mask."""
    rng = _rng(row.name)
    steps = row.shape[:-1]
    mask = np.ones(steps, dtype=bool)
    if row.masked:
        mask = rng.random(steps) < 0.6
        mask[0, 0], mask[-1, -1] = True, False
    targets = {
        "cross_entropy": lambda: rng.integers(0, row.shape[-1], size=steps),
        "binary_cross_entropy": lambda: rng.random(row.shape),
        "mean_squared_error": lambda: rng.standard_normal(row.shape),
    }[row.kind]()
    scores = row.scale * rng.standard_normal(row.shape)
    return {"scores": scores, "targets": targets, "mask": mask}


def run_loss(torch: ModuleType, row: Loss, given: Arrays) -> Arrays:
    """Return the loss over the steps that exist, and its gradient."""
    function = {
        "cross_entropy": torch.nn.functional.cross_entropy,
        "binary_cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits,
        "mean_squared_error": torch.nn.functional.mse_loss,
    }[row.kind]
    scores = torch.tensor(given["scores"], requires_grad=True)
    mask = torch.from_numpy(given["mask"])
    value = function(scores[mask], torch.from_numpy(given["targets"])[mask])
    value.backward()
    return {"value": value.detach().numpy(), "dscores": scores.grad.numpy()}


def draw_updates(row: Updates) -> Arrays:
    """Return parameters, and a gradient of each for every step."""
    rng = _rng(row.name)
    given = {}
    for name, shape in {"W": (3, 2), "b": (4,)}.items():
        given[name] = rng.standard_normal(shape)
        sizes = 10.0 ** rng.uniform(-3, 1, size=(row.steps, *shape))
        given[f"d{name}"] = sizes * rng.standard_normal((row.steps, *shape))
    return given


def run_updates(torch: ModuleType, row: Updates, given: Arrays) -> Arrays:
    """Return the parameters after each step.

    PyTorch agrees with the equations of rnnlib in all four: its momentum starts at the
    first gradient and is not damped, and epsilon is added to the square root.
    """
    params = {name: torch.tensor(given[name], requires_grad=True) for name in "Wb"}
    options: dict[str, Any] = dict(row.options)
    if row.kind == "Adam":
        options["betas"] = (options.pop("beta_1"), options.pop("beta_2"))
    names = {"decay": "alpha", "epsilon": "eps"}
    options = {names.get(key, key): value for key, value in options.items()}
    kinds = {"Momentum": "SGD", "RMSProp": "RMSprop"}
    maker = getattr(torch.optim, kinds.get(row.kind, row.kind))
    optimizer = maker(params.values(), lr=row.learning_rate, **options)
    path: dict[str, list[Any]] = {name: [] for name in params}
    for step in range(row.steps):
        for name, parameter in params.items():
            parameter.grad = torch.tensor(given[f"d{name}"][step])
        optimizer.step()
        for name, parameter in params.items():
            path[name].append(parameter.detach().numpy().copy())
    return {f"{name} after": np.stack(steps) for name, steps in path.items()}


# file: its table, what draws the given arrays of a row, what computes the others
FILES: dict[str, tuple[list[Any], Callable[..., Arrays], Callable[..., Arrays]]] = {
    "recurrent": (
        [row for row in RECURRENCES if row.layers == row.directions == 1],
        draw_recurrence,
        run_recurrence,
    ),
    "wiring": (
        [row for row in RECURRENCES if row.layers > 1 or row.directions > 1],
        draw_recurrence,
        run_recurrence,
    ),
    "attention": (LOOKS, draw_looks, run_looks),
    "losses": (LOSSES, draw_loss, run_loss),
    "optimizers": (UPDATES, draw_updates, run_updates),
}


def main() -> None:
    """Write all files."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    if not torch.__version__.startswith("2.13.0"):
        raise SystemExit(f"the reference is torch 2.13.0, got {torch.__version__}")
    for file, (rows, draw, run) in FILES.items():
        stored: dict[str, Any] = {}
        for row in rows:
            given = draw(row)
            found = given | run(torch, row, given)
            stored |= {f"{row.name}/{name}": array for name, array in found.items()}
        path = HERE / f"{file}.npz"
        np.savez(path, **stored)
        print(f"{path.name}: {len(rows)} rows, {path.stat().st_size:,} bytes")


def _rng(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def _weights(rng: np.random.Generator, outputs: int, inputs: int) -> NDArray[Any]:
    return rng.standard_normal((outputs, inputs)) / np.sqrt(inputs)


if __name__ == "__main__":
    main()
