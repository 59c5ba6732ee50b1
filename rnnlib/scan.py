"""The linear recurrence `h_t = a_t * h_{t-1} + b_t`: by a loop, and by a scan.

A step is a pair (a, b): it takes h to `a * h + b`. Two steps in a row are such a step
again, and it does not matter which neighbours are put together first. So T steps need
no loop of T turns: let each step take in the one before it, then the two before it,
then four, and after log2 T passes each holds all that came before.

All arrays have time first, (T, ...), and every entry is a recurrence of its own.

Sources: Hillis and Steele, "Data parallel algorithms", Communications of the ACM 29,
1986: the passes. Blelloch, "Prefix sums and their applications", 1990: recurrences by
scans. Martin and Cundy, "Parallelizing linear recurrent neural nets over sequence
length", 2018: in a recurrent network, with the backward pass.
"""

from typing import Any

import numpy as np

from rnnlib._checks import NotFiniteError, check_array, check_finite
from rnnlib._norms import all_finite, tiny_is_zero
from rnnlib._typing import Array, ArrayLike, DTypeLike
from rnnlib._words import kind_of

__all__ = ["compose", "recurrence", "scan", "scan_backward", "scan_in_logs"]

Step = tuple[Array, Array]
FEWEST, BLOCK = 16, 2**15  # steps; bytes of states


def compose(
    second: tuple[ArrayLike, ArrayLike], first: tuple[ArrayLike, ArrayLike]
) -> Step:
    """Return the one step (a, b) that does what `first` and then `second` do.

    Second comes first, as in f(g(x)): `second` is applied to what `first` gives. The
    step (1, 0) changes nothing.

    >>> a, b = compose((0.5, 3.0), (2.0, 1.0))  # h -> 2 h + 1 -> (2 h + 1) / 2 + 3
    >>> float(a), float(b)
    (1.0, 3.5)
    """
    (a_2, b_2), (a_1, b_1) = _step("second", second), _step("first", first)
    # a_2 * (a_1 * h + b_1) + b_2
    return a_2 * a_1, a_2 * b_1 + b_2


@tiny_is_zero
def recurrence(a: ArrayLike, b: ArrayLike, h_0: ArrayLike | None = None) -> Array:
    """Return all states of `h_t = a_t * h_{t-1} + b_t`, one step after the other.

    Arguments and result are those of `scan`.

    >>> recurrence(np.full(4, 0.5), np.ones(4))
    array([1.   , 1.5  , 1.75 , 1.875])
    """
    a, b, state = _check(a, b, h_0)
    h = np.empty((len(b), *state.shape), np.result_type(a, b, state))
    with np.errstate(over="ignore", invalid="ignore"):
        for t, (a_t, b_t) in enumerate(zip(a, b, strict=True)):
            state = h[t] = a_t * state + b_t
    return _not_overflown(h)


@tiny_is_zero
def scan(a: ArrayLike, b: ArrayLike, h_0: ArrayLike | None = None) -> Array:
    """Return all states of `h_t = a_t * h_{t-1} + b_t`, in log2 T passes.

    Parameters
    ----------
    a, b : float or complex arrays (T, ...)
        With as many axes as each other; an axis of size 1 serves all of the other's.
    h_0 : array (...), optional
        The initial state; by default zero.

    Returns
    -------
    h : array (T, ...)
        h[t] is the state after step t, counted from 0.

    Raises
    ------
    ValueError
        If the shapes do not fit, or an entry or a state is not finite.

    Examples
    --------
    >>> scan(np.full(4, 0.5), np.ones(4))
    array([1.   , 1.5  , 1.75 , 1.875])
    >>> scan(np.array([[1j]]), np.zeros((3, 1)), h_0=np.ones(1)).ravel()  # turns
    array([ 0.+1.j, -1.+0.j,  0.-1.j])
    """
    a, b, h_0 = _check(a, b, h_0)
    h = np.empty((len(b), *h_0.shape), np.result_type(a, b, h_0))
    h[...] = b
    h[0] += a[0] * h_0
    return _not_overflown(_by_blocks(a, h, np.multiply, np.add))


@tiny_is_zero
def scan_backward(
    dh: ArrayLike, a: ArrayLike, h: ArrayLike, h_0: ArrayLike | None = None
) -> tuple[Array, Array, Array]:
    """Return the gradients with respect to a, b and h_0, given that of all states.

    What comes back to h_t is dh_t from outside, and a_{t+1} times what came back to
    h_{t+1}: the same recurrence, run the other way.

    Parameters
    ----------
    dh : array (T, ...)
        The gradient of the loss with respect to each state by itself.
    a, h_0
        As given to `scan`.
    h : array (T, ...)
        What `scan` returned.

    Returns
    -------
    da : array of the shape of `a`
    db : array (T, ...)
        For a `b` that was stretched over an axis, sum over it.
    dh_0 : array (...)

    Notes
    -----
    For complex arrays these are derivatives, not conjugated: a small change of b moves
    the loss by the real part of `(db * change).sum()`.

    Examples
    --------
    >>> a, b = np.array([0.5, 2.0, 3.0]), np.ones(3)
    >>> da, db, dh_0 = scan_backward(np.array([0.0, 0.0, 1.0]), a, scan(a, b))
    >>> db, float(dh_0)  # of the last state alone
    (array([6., 3., 1.]), 3.0)
    """
    a_t, h, h_0 = _check(a, h, h_0, "h")
    dh = check_finite("dh", check_array("dh", dh, h.shape, dtype=h.dtype))
    # db_t = dh_t + a_{t+1} * db_{t+1}
    a_next = np.concatenate([a_t[1:], np.ones_like(a_t[:1])])
    db = scan(a_next[::-1], dh[::-1])[::-1]
    # h_t = a_t * h_{t-1} + b_t
    h_prev = np.concatenate([np.broadcast_to(h_0, h[:1].shape), h[:-1]])
    return _summed(db * h_prev, np.shape(a)), db, a_t[0] * db[0]


@tiny_is_zero
def scan_in_logs(
    log_a: ArrayLike, log_b: ArrayLike, log_h_0: ArrayLike | None = None
) -> Array:
    """Return the logarithms of all states, for positive a and b given by theirs.

    A product of many numbers soon leaves the range of floats, and its logarithm does
    not. The passes are those of `scan`: a sum in place of each product, and
    `log(exp(x) + exp(y))` in place of each sum. Zero is -inf, and allowed.

    Feng et al., "Were RNNs all we needed?", 2024, train in logarithms.

    >>> log_h = scan_in_logs(np.full(2000, -5.0), np.full(2000, -3.0))
    >>> round(float(log_h[-1]), 4)  # of exp(-3) / (1 - exp(-5))
    -2.9932
    >>> log_h = scan_in_logs(np.full(2000, 5.0), np.full(2000, -np.inf), np.zeros(()))
    >>> float(log_h[-1])
    10000.0
    """
    log_a = _logs("log_a", log_a)
    log_b = _logs("log_b", log_b, log_a.dtype)
    log_a, log_b, shape = _same_time("log_a", log_a, "log_b", log_b)
    if log_h_0 is None:
        log_h_0 = np.full(shape[1:], -np.inf, log_a.dtype)
    log_h_0 = _logs("log_h_0", log_h_0, log_a.dtype)
    log_h_0 = _stretched("log_h_0", log_h_0, shape[1:])
    log_h = np.empty(shape, np.result_type(log_a, log_b))
    log_h[...] = log_b
    log_h[0] = np.logaddexp(log_h[0], log_a[0] + log_h_0)
    return _by_blocks(log_a, log_h, np.add, np.logaddexp)


def _by_blocks(a: Array, h: Array, multiply: Any, add: Any) -> Array:
    """Turn h from the b of each step into all states, in place, block by block.

    A block is short enough to stay in the processor's cache.
    """
    length = max(FEWEST, BLOCK // max(1, h[0].nbytes))
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(h), length):
            block = slice(start, start + length)
            if start:
                h[start] = add(h[start], multiply(a[start], h[start - 1]))
            _passes(a[block], h[block], multiply, add)
    return h


def _passes(a: Array, h: Array, multiply: Any, add: Any) -> None:
    """Let each step take in the one before it, then two, then four, ..."""
    reach, a = 1, a[1:]  # the first `reach` steps hold all that came before
    while reach < len(h):
        later = h[reach:]
        add(later, multiply(a, h[:-reach]), out=later)
        a = multiply(a[reach:], a[:-reach])
        reach *= 2


def _not_overflown(h: Array) -> Array:
    if not all_finite(h):
        t = int(np.argwhere(~np.isfinite(h))[0, 0])
        raise NotFiniteError(
            f"h must stay finite, got {h[t][~np.isfinite(h[t])][0]} at step {t}; keep "
            "each a between -1 and 1, or use scan_in_logs"
        )
    return h


def _check(
    a: ArrayLike, b: ArrayLike, h_0: ArrayLike | None, name_b: str = "b"
) -> tuple[Array, Array, Array]:
    """Return a and b over all steps, and the initial state of its whole shape."""
    a = check_finite("a", check_array("a", a, ("...",)))
    b = check_finite(name_b, check_array(name_b, b, ("...",), dtype=a.dtype))
    a, b, shape = _same_time("a", a, name_b, b)
    if h_0 is None:
        return a, b, np.zeros(shape[1:], np.result_type(a, b))
    h_0 = check_finite("h_0", check_array("h_0", h_0, ("...",), dtype=a.dtype))
    return a, b, _stretched("h_0", h_0, shape[1:])


def _same_time(
    name_a: str, a: Array, name_b: str, b: Array
) -> tuple[Array, Array, tuple[int, ...]]:
    """Return both with T steps, and the shape (T, ...) that they have together."""
    try:
        if not a.ndim == b.ndim > 0:
            raise ValueError
        shape = np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise ValueError(
            f"{name_a} and {name_b} must have shapes (T, ...) that fit, got {a.shape} "
            f"and {b.shape}; give both the same axes, of equal size or of size 1"
        ) from None
    a, b = (np.broadcast_to(each, (shape[0], *each.shape[1:])) for each in (a, b))
    return a, b, shape


def _stretched(name: str, h_0: Array, shape: tuple[int, ...]) -> Array:
    try:
        return np.broadcast_to(h_0, shape)
    except ValueError:
        return check_array(name, h_0, shape)


def _logs(name: str, value: ArrayLike, dtype: DTypeLike | None = None) -> Array:
    array = check_array(name, value, ("...",), dtype=dtype)
    is_complex = array.dtype.kind == "c"
    if is_complex or not (array < np.inf).all():
        found = "complex numbers" if is_complex else array[~(array < np.inf)][0]
        raise ValueError(
            f"{name} must hold logarithms, real and less than infinity, got {found}; "
            "for negative or complex numbers use scan"
        )
    return array


def _summed(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Return the gradient of what was stretched from `shape`: summed over it."""
    extra = gradient.ndim - len(shape)
    axes = [k for k, size in enumerate(shape, extra) if size < gradient.shape[k]]
    return np.asarray(gradient.sum(axis=(*range(extra), *axes))).reshape(shape)


def _step(name: str, step: Any) -> Step:
    if not isinstance(step, tuple | list) or len(step) != 2:
        raise ValueError(f"{name} must be a pair (a, b), got {kind_of(step)}")
    a, b = (np.asarray(part) for part in step)
    return a, b
