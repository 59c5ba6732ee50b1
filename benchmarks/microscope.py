"""Time two looks at a plain RNN, beside PyTorch's two ways to have them.

Run it by `python3 course.py bench microscope`. The one look is at the norms of
dL_t/dh_k for all pairs (t, k), the other at the spectra, the singular values of
dh_T/dh_k for all k. PyTorch has neither ready. Its autograd finds the gradients of
one loss, or of one unit of h_T, with respect to all states at once, and it can be asked
again and again, or by `is_grads_batched` for all at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks._side_by_side import (
    Mark,
    Times,
    find_torch,
    interleaved,
    publish,
    table,
)
from rnnlib import Recurrent, RNNCell
from rnnlib._typing import Array
from rnnlib.diagnostics import (
    gradient_norms,
    singular_values,
    state_jacobians,
    step_jacobians,
)

T, B, D, H = 100, 1, 8, 64
ROUNDS = 15
MOST_MILLISECONDS = 5.0
LEAST_RATIO = 10.0
OURS, ONE, BATCHED = "rnnlib", "one at a time", "is_grads_batched"
HEAD = (
    "look",
    "rnnlib, ms",
    "PyTorch, one at a time, ms",
    "PyTorch, is_grads_batched, ms",
    "faster one / rnnlib",
)
ABOUT = f"""# Gradients seen from inside

Plain RNN, tanh, T = {T}, B = {B}, H = {H}, float64, one thread each. The forward pass
is made beforehand. Medians of {ROUNDS} rounds in which the ways take turns, and of the
ratios of each round. All ways find the same values.

* norms: of dL_t/dh_k for all {T * (T + 1) // 2} pairs k <= t, by
  `diagnostics.gradient_norms`.
* spectra: all singular values of dh_T/dh_k for k = 0..T, by `step_jacobians`,
  `state_jacobians` and `singular_values` there.
* PyTorch {{torch}}: one `autograd.grad` a loss, or a unit of h_T; or all of them by
  `is_grads_batched`. For the spectra `torch.linalg.svdvals` follows.
"""
Ways = Mapping[str, Callable[[], Array]]


def main() -> int:
    """Print and store the table; return 0 if both marks are met."""
    torch = find_torch()
    if torch is None:
        return 1
    torch.set_num_threads(1)
    with threadpool_limits(1):
        found = {}
        for look, ways in looks(torch).items():
            same_values(ways)
            found[look] = interleaved(ways, ROUNDS)
        return publish("microscope", report(torch, found), marks(found["norms"]))


def looks(torch: ModuleType) -> dict[str, Ways]:
    """Return the three ways to have each look at the same network."""
    rng = np.random.default_rng(0)
    cell = RNNCell(D, H, rng=rng)
    x = 0.1 * rng.standard_normal((T, B, D))
    dh = rng.standard_normal((T, B, H))
    _, _, cache = Recurrent(cell).forward(x)
    states = torch_states(torch, cell, x)
    return {
        "norms": {
            OURS: lambda: gradient_norms(cell, cache, dh),
            **norms_by_torch(torch, states[1:], dh),
        },
        "spectra": {
            OURS: lambda: spectra(cell, cache),
            **spectra_by_torch(torch, states),
        },
    }


def spectra(cell: RNNCell, cache: Any) -> Array:
    """Return the singular values of dh_T/dh_k, (T + 1, B, H)."""
    return singular_values(state_jacobians(step_jacobians(cell, cache)))


def torch_states(torch: ModuleType, cell: RNNCell, x: Array) -> list[Any]:
    """Return the states h_0 to h_T, with their graph."""
    W_xh, W_hh, b_h = (torch.tensor(cell.params[key]) for key in cell.params)
    states = [torch.zeros(B, H, dtype=torch.float64, requires_grad=True)]
    for x_t in torch.tensor(x):
        states.append(torch.tanh(x_t @ W_xh + b_h + states[-1] @ W_hh))
    return states


def norms_by_torch(torch: ModuleType, states: list[Any], dh: Array) -> Ways:
    """Return both ways to the norms (T, T, B) of the losses L_t = dh_t . h_t."""
    pairs = zip(states, torch.tensor(dh), strict=True)
    losses = [(h_t * dh_t).sum() for h_t, dh_t in pairs]
    future = torch.ones(T, T, dtype=torch.bool).triu(diagonal=1)

    def one_loss(t: int) -> Any:
        found = torch.autograd.grad(losses[t], states[: t + 1], retain_graph=True)
        norms = torch.full((T, B), torch.nan, dtype=torch.float64)
        norms[: t + 1] = torch.stack(found).norm(dim=-1)
        return norms

    def batched() -> Array:
        each = list(torch.eye(T, dtype=torch.float64))
        found = by_all_states(torch, losses, states, each)  # T gradients (T, B, H)
        norms = torch.stack([gradient.norm(dim=-1) for gradient in found], dim=1)
        masked: Array = norms.masked_fill(future[:, :, None], torch.nan).numpy()
        return masked

    return {
        ONE: lambda: torch.stack([one_loss(t) for t in range(T)]).numpy(),
        BATCHED: batched,
    }


def spectra_by_torch(torch: ModuleType, states: list[Any]) -> Ways:
    """Return both ways to the singular values (T + 1, B, H) of dh_T/dh_k, B = 1."""
    last = states[-1]
    units = torch.eye(H, dtype=torch.float64)[:, None]

    def values(rows: Any) -> Array:  # (T + 1, H, B, H): one unit of h_T a row
        found: Array = torch.linalg.svdvals(rows.transpose(1, 2)).numpy()
        return found

    def one_unit(unit: Any) -> Any:
        return torch.stack(torch.autograd.grad(last, states, unit, retain_graph=True))

    return {
        ONE: lambda: values(torch.stack([one_unit(unit) for unit in units], dim=1)),
        BATCHED: lambda: values(
            torch.stack(by_all_states(torch, [last], states, [units]))
        ),
    }


def by_all_states(
    torch: ModuleType, outputs: list[Any], states: list[Any], each: list[Any]
) -> Any:
    """Return the gradients of many outputs with respect to every state, batched."""
    return torch.autograd.grad(
        outputs, states, each, retain_graph=True, is_grads_batched=True
    )


def same_values(ways: Ways) -> None:
    """Raise if they do not find the same, to 1e-8 of the largest."""
    expected, *others = (way() for way in ways.values())
    for found in others:
        np.testing.assert_allclose(found, expected, 1e-8, 1e-12 * np.nanmax(expected))


def faster(times: Times) -> str:
    """Return the faster of PyTorch's two ways."""
    return min(ONE, BATCHED, key=times.ms)


def report(torch: ModuleType, found: Mapping[str, Times]) -> list[str]:
    """Return the lines of the report."""
    rows = [
        [
            look,
            *map(times.ms, (OURS, ONE, BATCHED)),
            times.ratio(faster(times), OURS),
        ]
        for look, times in found.items()
    ]
    return [
        *ABOUT.format(torch=torch.__version__).splitlines(),
        "",
        *table(HEAD, rows),
    ]


def marks(norms: Times) -> list[Mark]:
    """Return what is asked of the norms, and what was measured."""
    ms, ratio = norms.ms(OURS), norms.ratio(faster(norms), OURS)
    return [
        Mark(
            f"norms: at most {MOST_MILLISECONDS:g} ms",
            f"{ms:.2f} ms",
            ms <= MOST_MILLISECONDS,
        ),
        Mark(
            f"norms: at least {LEAST_RATIO:g} times as fast as PyTorch's faster way",
            f"{ratio:.1f} times",
            ratio >= LEAST_RATIO,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
