"""Gradient checks: a backward pass against numerical derivatives."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rnnlib._checks import (
    check_array,
    check_choice,
    check_function,
    check_number,
    check_rng,
)
from rnnlib._nesting import check_arrays
from rnnlib._typing import Array, Rng
from rnnlib._words import kind_of

__all__ = ["GradientError", "check_gradients", "numerical_gradients"]

STEPS = {"central": 1e-5, "complex": 1e-30}
NEAR_ONE = 1e3  # an entry within this factor of 1 is moved by the step itself
UNSURE = 100  # by how many roundings of the loss two slopes may differ


class GradientError(AssertionError):
    """A backward pass that is not the derivative of its forward pass."""


def check_gradients(
    function: Callable[..., tuple[Any, Callable[[Any], Mapping[str, Array]]]],
    arrays: Mapping[str, Array],
    *,
    rng: Rng,
    method: str = "central",
    tolerance: float = 1e-7,
) -> dict[str, float]:
    """Compare a backward pass with numerical derivatives of its forward pass.

    The loss is the sum of all outputs, each multiplied by a random number. These
    numbers are the upstream gradient of the backward pass: if all were one, a
    transposed or shifted gradient could go unnoticed.

    Parameters
    ----------
    function : callable
        `function(**arrays)` returns the output and a function `backward`. The output
        is an array, or a tuple of outputs; `backward(d_output)` takes the gradient in
        the same form and returns a dict with the gradient of each array.
    arrays : dict of float64 arrays
        The point at which to check.
    rng : numpy.random.Generator
        Draws the upstream gradient.
    method : {"central", "complex"}
        Central differences `(L(x + s) - L(x - s)) / 2s` err by about 1e-10. The complex
        step `Im L(x + i s) / s` does not subtract, so it stays exact where the
        gradient is tiny; the function must then be analytic and accept complex arrays.
        `numerical_gradients` says what s is.
    tolerance : float
        Largest allowed `norm(g - n) / max(norm(g), norm(n))`, for each array.

    Returns
    -------
    dict
        The relative error of each array.

    Raises
    ------
    GradientError
        If an error exceeds the tolerance; the message names the array and its worst
        entry.
    ValueError
        If an argument is not as described.

    References
    ----------
    Squire and Trapp, "Using complex variables to estimate derivatives of real
    functions", SIAM Review 40, 1998.

    Examples
    --------
    >>> def square(x):
    ...     return x**2, lambda dy: {"x": 2 * x * dy}
    >>> errors = check_gradients(
    ...     square, {"x": np.array([1.0, -3.0])}, rng=np.random.default_rng(0)
    ... )
    >>> errors["x"] < 1e-7
    True
    """
    check_function("function", function)
    check_choice("method", method, tuple(STEPS))
    check_number("tolerance", tolerance, above=0)
    check_rng(rng)
    _check_places(arrays)
    result = function(**arrays)
    if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
        raise ValueError(
            "function must return its output and a function `backward`, got "
            f"{kind_of(result)}"
        )
    output, backward = result
    upstream = _random_like(output, rng)
    gradients = check_arrays("what backward returns", backward(upstream))

    def loss(**nearby: Array) -> Any:
        return _dot(upstream, function(**nearby)[0])

    numerical = numerical_gradients(loss, arrays, method=method)
    errors = {}
    for name, expected in numerical.items():
        if name not in gradients:
            raise ValueError(f"backward must return a gradient for {name!r}, got none")
        given = check_array(f"gradient of {name}", gradients[name], expected.shape)
        errors[name] = _relative_error(given, expected)
        if not errors[name] <= tolerance:
            raise GradientError(_describe(name, given, expected, errors[name]))
    return errors


def numerical_gradients(
    loss: Callable[..., Any],
    arrays: Mapping[str, Array],
    *,
    method: str = "central",
) -> dict[str, Array]:
    """Return the derivative of `loss(**arrays)` with respect to every array entry.

    One entry at a time is moved a little: central differences call the loss twice per
    entry, the complex step once (Squire and Trapp, 1998). The given arrays are not
    changed.

    The step is 1e-5 for central differences and 1e-30 for the complex step. For an
    entry x far from 1, that step times abs(x) is tried, too. If the two slopes agree
    but for rounding, the one of the longer step counts, since it is rounded less; if
    not, the longer step was too long.

    >>> def loss(x):
    ...     return (x**3).sum()
    >>> numerical_gradients(loss, {"x": np.array([2.0])})["x"].round(6)
    array([12.])
    """
    check_function("loss", loss)
    check_choice("method", method, tuple(STEPS))
    _check_places(arrays)
    shape = np.shape(loss(**arrays))
    if shape != ():
        raise ValueError(
            f"loss must return one number, got shape {shape}; "
            "weigh the outputs and add them up"
        )
    gradients = {}
    for name, array in arrays.items():
        moved = array.astype(complex if method == "complex" else float)
        nearby = {**arrays, name: moved}
        gradients[name] = np.empty(array.shape)
        for index in np.ndindex(array.shape):
            gradients[name][index] = _slope(loss, nearby, moved, index, method)
    return gradients


def _slope(
    loss: Callable[..., Any],
    nearby: Mapping[str, Array],
    moved: Array,
    index: tuple[int, ...],
    method: str,
) -> float:
    """Return the derivative with respect to one entry of `moved`, one of `nearby`."""

    def at(x: Any) -> Any:
        moved[index] = x
        return loss(**nearby)

    x, found = moved[index], []
    for step in _steps(STEPS[method], abs(x)):
        if method == "complex":
            change, width = float(np.imag(at(x + 1j * step))), step
            rounding = float(np.finfo(float).tiny)
        else:
            above, below = float(at(x + step)), float(at(x - step))
            change, width = above - below, float((x + step) - (x - step))
            rounding = float(np.finfo(float).eps) * max(abs(above), abs(below))
        if width > 0:  # so short a step may not move x at all
            found.append((change / width, rounding / width))
    moved[index] = x
    (short, rounding), (long, _) = found[0], found[-1]
    return long if abs(short - long) <= UNSURE * rounding else short


def _steps(step: float, size: float) -> list[float]:
    """Return the steps to try for an entry of that size, the shorter one first."""
    if size == 0 or 1 / NEAR_ONE <= size <= NEAR_ONE:
        return [step]
    return sorted([step, step * size])


def _check_places(arrays: Mapping[str, Array]) -> None:
    for name, array in check_arrays("arrays", arrays).items():
        check_array(name, array, ("...",), dtype=np.float64)
    if not arrays:
        raise ValueError("arrays must hold at least one array, got none")


def _random_like(output: Any, rng: Rng) -> Any:
    if isinstance(output, tuple):
        parts = [_random_like(part, rng) for part in output]
        return type(output)(*parts) if hasattr(output, "_fields") else tuple(parts)
    return rng.standard_normal(np.shape(output))


def _dot(upstream: Any, output: Any) -> Any:
    if isinstance(output, tuple):
        return sum(_dot(u, part) for u, part in zip(upstream, output, strict=True))
    return np.sum(upstream * output)


@np.errstate(all="ignore")
def _relative_error(given: Array, expected: Array) -> float:
    """Return the norm of the difference over the larger norm, at any scale."""
    largest = max(abs(given).max(), abs(expected).max())
    if largest == 0:
        return 0.0
    given, expected = given / largest, expected / largest
    scale = max(np.linalg.norm(given), np.linalg.norm(expected))
    return float(np.linalg.norm(given - expected) / scale)


@np.errstate(all="ignore")
def _describe(name: str, given: Array, expected: Array, error: float) -> str:
    worst = np.unravel_index(np.argmax(abs(given - expected)), expected.shape)
    index = tuple(int(i) for i in worst)
    return (
        f"the gradient of {name} is off by {error:.1e} of its norm: at index {index} "
        f"backward gives {given[worst]:.6g}, the numerical derivative is "
        f"{expected[worst]:.6g}"
    )
