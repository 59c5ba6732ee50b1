"""Time the norms of dL_t/dh_k for all pairs (t, k), beside PyTorch's two ways.

Run it by `python3 course.py bench microscope`. Each round times all three, one after
the other, so that a busy moment of the machine falls on all of them.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is loaded

import importlib
import importlib.util
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import numpy as np

from rnnlib import Recurrent, RNNCell
from rnnlib._typing import Array
from rnnlib.diagnostics import gradient_norms

RESULTS = Path(__file__).with_name("results") / "microscope.md"
T, B, D, H = 100, 1, 8, 64
ROUNDS = 15
MOST_MILLISECONDS = 5.0
LEAST_RATIO = 10.0


def main() -> int:
    """Print and store the table; return 0 if both marks are met."""
    if importlib.util.find_spec("torch") is None:
        print(
            "This comparison needs PyTorch, which is not installed: "
            f'"{sys.executable}" -m pip install torch==2.13.0'
        )
        return 1
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    ways = make_ways(torch)
    same_values(ways)
    times = interleaved(ways)
    table = report(torch, times)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(table, encoding="utf-8")
    print(table)
    return 0 if all(met for _, _, met in marks(times)) else 1


def make_ways(torch: ModuleType) -> dict[str, Callable[[], Array]]:
    """Return three functions that compute the same norms of the same network."""
    rng = np.random.default_rng(0)
    cell = RNNCell(D, H, rng=rng)
    x = 0.1 * rng.standard_normal((T, B, D))
    dh = rng.standard_normal((T, B, H))
    _, _, cache = Recurrent(cell).forward(x)
    losses, states = torch_graph(torch, cell, x, dh)
    future = torch.triu(torch.ones(T, T, dtype=torch.bool), diagonal=1)

    def norms_of(gradients: Any) -> Array:  # T gradients (..., B, H)
        norms = torch.stack([gradient.norm(dim=-1) for gradient in gradients], dim=1)
        return norms.masked_fill(future[:, :, None], torch.nan).numpy()

    def one_grad_a_loss() -> Array:
        rows = []
        for t, loss in enumerate(losses):
            found = torch.autograd.grad(loss, states[: t + 1], retain_graph=True)
            norms = torch.full((T, B), torch.nan, dtype=torch.float64)
            norms[: t + 1] = torch.stack(found).norm(dim=-1)
            rows.append(norms)
        return torch.stack(rows).numpy()

    def batched() -> Array:
        found = torch.autograd.grad(
            losses,
            states,
            grad_outputs=list(torch.eye(T, dtype=torch.float64).T),
            retain_graph=True,
            is_grads_batched=True,
        )
        return norms_of(found)

    return {
        "rnnlib.diagnostics.gradient_norms": lambda: gradient_norms(cell, cache, dh),
        "PyTorch, one autograd.grad a loss": one_grad_a_loss,
        "PyTorch, is_grads_batched=True": batched,
    }


def torch_graph(
    torch: ModuleType, cell: RNNCell, x: Array, dh: Array
) -> tuple[list[Any], list[Any]]:
    """Return the losses L_t = dh_t . h_t and the states h_k, with their graph."""
    W_xh, W_hh, b_h = (torch.tensor(cell.params[key]) for key in cell.params)
    h = torch.zeros(B, H, dtype=torch.float64, requires_grad=True)
    states, losses = [], []
    for t in range(T):
        h = torch.tanh(torch.tensor(x[t]) @ W_xh + b_h + h @ W_hh)
        states.append(h)
        losses.append((h * torch.tensor(dh[t])).sum())
    return losses, states


def same_values(ways: dict[str, Callable[[], Array]]) -> None:
    """Raise if the three do not find the same norms."""
    expected, *others = (way() for way in ways.values())
    for found in others:
        np.testing.assert_allclose(found, expected, rtol=1e-8)


def interleaved(ways: dict[str, Callable[[], Array]]) -> dict[str, float]:
    """Return the median milliseconds of each way, called twice a round."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            way()  # what the others left in the cache is not its fault
            start = time.perf_counter()
            way()
            times[name].append(1e3 * (time.perf_counter() - start))
    return {name: median(rounds) for name, rounds in times.items()}


def marks(times: dict[str, float]) -> list[tuple[str, str, bool]]:
    """Return what is asked for, what was measured, and whether it is met."""
    ours, *theirs = times.values()
    ratio = min(theirs) / ours
    return [
        (f"at most {MOST_MILLISECONDS:g} ms", f"{ours:.1f} ms", ours <= 5),
        (
            f"at least {LEAST_RATIO:g} times faster than PyTorch's faster way",
            f"{ratio:.1f} times",
            ratio >= LEAST_RATIO,
        ),
    ]


def report(torch: ModuleType, times: dict[str, float]) -> str:
    """Return the table in Markdown."""
    ours = next(iter(times.values()))
    rows = [
        f"| {name} | {each:.1f} | {each / ours:.1f} |" for name, each in times.items()
    ]
    asked = [
        f"* {mark}: {found}, {'met' if met else 'NOT MET'}"
        for mark, found, met in marks(times)
    ]
    lines = [
        "# Gradient norms of all pairs (t, k)",
        "",
        f"Plain RNN, tanh, T = {T}, B = {B}, H = {H}, float64: {T * (T + 1) // 2}",
        f"norms of dL_t/dh_k. Medians of {ROUNDS} interleaved rounds, each time the",
        "second of two calls. The forward pass is made beforehand. All find the same",
        "values (1e-8).",
        "",
        "| way | ms | as many times rnnlib |",
        "|---|---|---|",
        *rows,
        "",
        *asked,
        "",
        f"Processor: {processor()}. 1 thread each. Python {platform.python_version()},",
        f"numpy {np.__version__} with {blas()}, PyTorch {torch.__version__}.",
        "",
    ]
    return "\n".join(lines)


def processor() -> str:
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.split(":", 1)[1] for line in lines if line.startswith("model name"))
    return next((name.strip() for name in names), platform.machine())


def blas() -> str:
    """Return name and version of the BLAS that numpy is built with."""
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{found['name']} {found['version']}"


if __name__ == "__main__":
    sys.exit(main())
