"""The matrix itself: what is read, what is written, and both backward."""

from typing import NamedTuple

import numpy as np

from rnnlib._checks import check_array, check_finite
from rnnlib._typing import Array
from rnnlib._words import kind_of

__all__ = [
    "RULES",
    "FastWeightsState",
    "asked",
    "check_state",
    "outer",
    "read",
    "unit",
    "unit_backward",
    "written",
    "written_backward",
]

RULES = ("sum", "decay", "delta")
TINY = 1e-6  # added to the square of a length, so that zero has a direction


class FastWeightsState(NamedTuple):
    """What was read last, `h` (B, V), and the memory, `M` (B, K, V)."""

    h: Array
    M: Array


def check_state(name: str, zeros: FastWeightsState, state: object) -> FastWeightsState:
    """Return `state` if it is of the form of `zeros`, which stand for None."""
    if state is None:
        return zeros
    if not isinstance(state, FastWeightsState):
        raise ValueError(
            f"{name} must be of type FastWeightsState, got {kind_of(state)}; "
            "start from initial_state(batch_size)"
        )
    checked = []
    for field, zero, array in zip(state._fields, zeros, state, strict=True):
        each = f"{name}.{field}"
        array = check_array(each, array, zero.shape, dtype=zero.dtype)
        checked.append(check_finite(each, array))
    return FastWeightsState(*checked)


def read(M: Array, q: Array) -> Array:
    """Return `q @ M` of each memory: shapes (..., K, V), (..., K) to (..., V).

    >>> M = outer(np.array([1.0, 0.0]), np.array([3.0, 4.0, 5.0]))
    >>> read(M, np.array([1.0, 0.0])), read(M, np.array([0.0, 1.0]))
    (array([3., 4., 5.]), array([0., 0., 0.]))
    """
    value: Array = (q[..., None, :] @ M)[..., 0, :]
    return value


def asked(M: Array, v: Array) -> Array:
    """Return `M @ v` of each memory: shapes (..., K, V), (..., V) to (..., K)."""
    key: Array = (M @ v[..., None])[..., 0]
    return key


def outer(k: Array, v: Array) -> Array:
    """Return the product of each entry of k with each of v, (..., K, V)."""
    return k[..., None] * v[..., None, :]


def written(rule: str, M: Array, k: Array, v: Array, gate: Array) -> Array:
    """Return the memory after a key and a value were written by one of RULES.

    Shapes: M (..., K, V), k (..., K), v (..., V), gate (..., 1).

    >>> k, one = np.array([0.6, 0.8]), np.ones(1)
    >>> M = outer(k, np.array([1.0, 2.0]))
    >>> read(written("sum", M, k, np.array([7.0, 7.0]), one), k).round(6)
    array([8., 9.])
    >>> read(written("delta", M, k, np.array([7.0, 7.0]), one), k).round(6)
    array([7., 7.])
    """
    if rule == "delta":
        return M + outer(k, gate * (v - read(M, k)))
    return (gate[..., None] * M if rule == "decay" else M) + outer(k, v)


def written_backward(
    rule: str, dM: Array, M: Array, k: Array, v: Array, gate: Array
) -> tuple[Array, Array, Array, Array]:
    """Return the gradients of M, k, v and gate, given that of what was written."""
    if rule == "delta":
        # written = M + outer(k, gate * error)
        error, d_step = v - read(M, k), read(dM, k)
        dk, dgate = asked(dM, gate * error), (d_step * error).sum(-1, keepdims=True)
        # error = v - k @ M
        dv = gate * d_step
        return dM - outer(k, dv), dk - asked(M, dv), dv, dgate
    # written = gate * M + outer(k, v)
    dgate = (dM * M).sum(axis=(-2, -1))[..., None]
    kept = gate[..., None] * dM if rule == "decay" else dM
    return kept, asked(dM, v), read(dM, k), dgate


def unit(a: Array) -> tuple[Array, Array]:
    """Return vectors of length 1, and the lengths that they had, (..., 1).

    >>> unit(np.array([3.0, 4.0]))[0].round(4)
    array([0.6, 0.8])
    """
    length = np.sqrt((a * a).sum(axis=-1, keepdims=True) + TINY)
    return a / length, length


def unit_backward(du: Array, u: Array, length: Array) -> Array:
    """Return the gradient of a in `u, length = unit(a)`: what points along u is lost.

    That is `(du - u (u . du)) / length`.
    """
    along = (du * u).sum(axis=-1, keepdims=True)
    d: Array = (du - along * u) / length
    return d
