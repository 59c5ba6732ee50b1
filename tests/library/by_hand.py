"""Every cell written out unit by unit, one multiplication at a time.

Nothing here comes from the library but its parameters, so a mistake that is in both
the forward and the backward pass of a cell shows as well.
"""

import math
from collections.abc import Callable

import numpy as np

from rnnlib._typing import Array, Params

Row = list[float]
Step = Callable[[dict[str, list], Row, Row, Row], dict[str, Row]]


def sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a))


PHI: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "relu": lambda a: max(a, 0.0),
    "sigmoid": sigmoid,
    "identity": lambda a: a,
}


def dot(row: Row, matrix: list[Row], column: int) -> float:
    total = 0.0
    for number, weights in zip(row, matrix, strict=True):
        total += number * weights[column]
    return total


def plain(phi: Callable[[float], float]) -> Step:
    def step(p, x, h, c):
        a = [
            p["b_h"][j] + dot(x, p["W_xh"], j) + dot(h, p["W_hh"], j)
            for j in range(len(h))
        ]
        return {"a": a, "h": [phi(each) for each in a]}

    return step


def lstm(
    order: str,
    *,
    peephole: bool = False,
    without: Callable[[float], float] = lambda f: 1.0,
    show: Callable[[float], float] = math.tanh,
) -> Step:
    """A gate that is not in `order` is 1, and i what `without` makes of f."""

    def step(p, x, h, c):
        H = len(h)
        new: dict[str, Row] = {name: [] for name in "ifogch"}

        def a(gate, j, seen):
            k = order.index(gate) * H + j
            total = p["b_h"][k] + dot(x, p["W_xh"], k) + dot(h, p["W_hh"], k)
            return total + (seen * p[f"w_c{gate}"][j] if peephole else 0.0)

        for j in range(H):
            f = sigmoid(a("f", j, c[j])) if "f" in order else 1.0
            i = sigmoid(a("i", j, c[j])) if "i" in order else without(f)
            k = order.index("g") * H + j
            g = math.tanh(p["b_h"][k] + dot(x, p["W_xh"], k) + dot(h, p["W_hh"], k))
            c_new = f * c[j] + i * g
            o = sigmoid(a("o", j, c_new)) if "o" in order else 1.0
            values = (i, f, o, g, c_new, o * show(c_new))
            for name, value in zip(new, values, strict=True):
                new[name].append(value)
        return new

    return step


def gru(*, reset: str, z_writes: bool) -> Step:
    def step(p, x, h, c):
        H = len(h)
        new: dict[str, Row] = {name: [] for name in "rznh"}
        for j in range(H):  # the candidate needs the reset gates of all units
            a_r = p["b_h"][j] + dot(x, p["W_xh"], j) + dot(h, p["W_hh"], j)
            new["r"].append(sigmoid(a_r))
        for j in range(H):
            a_z = p["b_h"][H + j] + dot(x, p["W_xh"], H + j) + dot(h, p["W_hh"], H + j)
            z = sigmoid(a_z)
            a_n = p["b_h"][2 * H + j] + dot(x, p["W_xh"], 2 * H + j)
            if reset == "after":
                a_n += new["r"][j] * (p["b_hn"][j] + dot(h, p["W_hh"], 2 * H + j))
            else:
                shown = [r * old for r, old in zip(new["r"], h, strict=True)]
                a_n += dot(shown, p["W_hh"], 2 * H + j)
            n = math.tanh(a_n)
            new["z"].append(z)
            new["n"].append(n)
            new["h"].append(
                z * n + (1 - z) * h[j] if z_writes else (1 - z) * n + z * h[j]
            )
        return new

    return step


def minimal(order: str, *, signed: bool = False) -> Step:
    """z of the order "zn" is what is written; in "ifg" it is i of i and f."""

    def step(p, x, h, c):
        H = len(h)
        names = order.replace("g", "wg") + "h"
        new: dict[str, Row] = {name: [] for name in names}
        for j in range(H):
            a = [
                p["b_h"][k * H + j] + dot(x, p["W_xh"], k * H + j)
                for k in range(len(order))
            ]
            gates = [*map(sigmoid, a[:-1])]
            write = gates[0] / sum(gates) if len(gates) == 2 else gates[0]
            keep = 1 - write - (write if signed else 0.0)
            shown = [*gates, write] if len(gates) == 2 else gates
            values = *shown, a[-1], keep * h[j] + write * a[-1]
            for name, value in zip(names, values, strict=True):
                new[name].append(value)
        return new

    return step


STEPS: dict[str, Step] = {
    **{name: plain(phi) for name, phi in PHI.items()},
    "lstm": lstm("ifog"),
    "lstm peephole": lstm("ifog", peephole=True),
    "lstm coupled": lstm("fog", without=lambda f: 1 - f),
    "lstm coupled peephole": lstm("fog", peephole=True, without=lambda f: 1 - f),
    "lstm, no input gate": lstm("fog"),
    "lstm, no forget gate": lstm("iog"),
    "lstm, no output gate": lstm("ifg"),
    "lstm, no output tanh": lstm("ifog", show=lambda c: c),
    "gru": gru(reset="after", z_writes=False),
    "gru before": gru(reset="before", z_writes=False),
    "gru writes": gru(reset="after", z_writes=True),
    "gru before writes": gru(reset="before", z_writes=True),
    "minimal": minimal("zn"),
    "minimal, signed": minimal("zn", signed=True),
    "minimal, two gates": minimal("ifg"),
    "minimal, two gates, signed": minimal("ifg", signed=True),
}


def unit_by_unit(
    kind: str, params: Params, x: Array | None, start: tuple[Array, ...], exists: Array
) -> dict[str, Array]:
    """Return h, c, gates and pre-activations by their letters, each (T, B, H).

    A step that does not exist repeats the state, and has no gates: NaN.
    """
    p = {name: array.tolist() for name, array in params.items()}
    T, B = exists.shape
    H, nothing = start[0].shape[1], [0.0] * len(p["W_xh"])
    names = STEPS[kind](p, nothing, [0.0] * H, [0.0] * H)
    found: dict[str, Array] = {name: np.full((T, B, H), np.nan) for name in names}
    for b in range(B):
        state = {"h": start[0][b].tolist(), "c": start[-1][b].tolist()}
        for t in range(T):
            new: dict[str, Row] = state
            if exists[t, b]:
                row = nothing if x is None else x[t, b].tolist()
                new = STEPS[kind](p, row, state["h"], state["c"])
                state = {**state, **{k: new[k] for k in new if k in "hc"}}
            for name in found.keys() & new.keys():
                found[name][t, b] = new[name]
    return found
