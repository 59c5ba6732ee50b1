"""Checks of arguments. Each error says what was expected, what it got, and the fix."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from rnnlib._typing import Array, DTypeLike, Params, Rng

__all__ = [
    "NotFiniteError",
    "all_finite",
    "as_array",
    "check_array",
    "check_arrays",
    "check_batch",
    "check_choice",
    "check_finite",
    "check_flag",
    "check_float_dtype",
    "check_floats",
    "check_function",
    "check_integers",
    "check_kind",
    "check_mask",
    "check_number",
    "check_params",
    "check_rng",
    "check_same_keys",
    "check_size",
    "check_tokens",
]


class NotFiniteError(ValueError):
    """A number that is NaN or infinite where a finite one is needed."""


def check_size(name: str, value: Any, *, minimum: int = 1) -> int:
    """Return `value` as an int that is at least `minimum`."""
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be a whole number, got {value!r}") from None
    if isinstance(value, bool | np.bool_) or number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value!r}")
    return number


def check_number(
    name: str, value: Any, *, above: float = -np.inf, at_least: float = -np.inf
) -> float:
    """Return `value` as a finite float that keeps to both bounds."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{name} must be a number, got {value!r}")
    number = float(value)
    if not np.isfinite(number):
        raise NotFiniteError(f"{name} must be finite, got {value!r}")
    if number <= above:
        raise ValueError(f"{name} must be greater than {above:g}, got {value!r}")
    if number < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {value!r}")
    return number


def check_choice(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return `value` if it is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}, got {value!r}")
    return value


def check_flag(name: str, value: Any) -> bool:
    """Return `value` if it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def check_rng(rng: Any) -> Rng:
    """Return `rng` if it is a numpy Generator."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng must be a numpy.random.Generator, got {type(rng).__name__}; "
            "make one with np.random.default_rng(0)"
        )
    return rng


def check_float_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Return `dtype` if it is one that the library computes in."""
    try:
        dtype = np.dtype(dtype)
    except TypeError:
        raise ValueError(
            f"dtype must be np.float64 or np.float32, got {dtype!r}"
        ) from None
    if dtype not in (np.float64, np.float32, np.complex128):
        raise ValueError(f"dtype must be np.float64 or np.float32, got {dtype}")
    return dtype


def check_function(name: str, value: Any) -> Callable[..., Any]:
    """Return `value` if it can be called."""
    if not callable(value):
        raise ValueError(
            f"{name} must be a function, got {value!r}; "
            "pass the function itself, by its name without quotes"
        )
    function: Callable[..., Any] = value
    return function


def check_kind(name: str, value: Any, kind: type[Any], hint: str = "") -> Any:
    """Return `value` if it is an instance of `kind`."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        message = (
            f"{name} must be {article} {kind.__name__}, got {type(value).__name__}"
        )
        raise ValueError(f"{message}; {hint}" if hint else message)
    return value


def check_batch(batch: Any, kind: type[Any]) -> None:
    """Raise unless `batch` has every field of `kind`: of `Batch` or of `Pairs`."""
    if not all(hasattr(batch, name) for name in kind._fields):
        raise ValueError(
            f"batch must be of type {kind.__name__}, got {type(batch).__name__}; it "
            f"has {', '.join(kind._fields)}"
        )


def as_array(name: str, value: Any) -> Array:
    """Return `value` as an array of whatever it holds."""
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} must be an array, got rows of unequal size; "
            "rnnlib.pad sets them side by side, with a mask"
        ) from None


def check_floats(name: str, value: Any) -> Array:
    """Return `value` as an array of floats of any shape, quickly if it is one."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return value
    return check_array(name, value, ("...",))


def check_array(
    name: str,
    value: Any,
    shape: Sequence[int | str],
    *,
    dtype: DTypeLike | None = None,
    hint: str = "",
) -> Array:
    """Return `value` as a float array of the given shape and dtype.

    A number in `shape` must match; a letter stands for any size of at least one, the
    same wherever it occurs; a leading "..." stands for any axes. Where float64 is
    expected, complex128 is accepted too, for gradient checks by the complex step.
    """
    array = as_array(name, value)
    if array.dtype.kind not in "fc":
        raise ValueError(
            f"{name} must hold floats, got dtype {array.dtype}; "
            f"convert it with np.asarray({name}, dtype=float)"
        )
    if not _shape_fits(array.shape, shape):
        _raise_shape(name, array.shape, shape, hint)
    if dtype is not None:
        _check_dtype(name, array.dtype, np.dtype(dtype))
    return array


def all_finite(array: Array) -> bool:
    """Return whether `array` holds neither NaN nor infinity.

    If an entry is not finite, neither is the sum of squares, which is quickly computed.
    As that sum may also overflow, only then is each entry looked at.
    """
    return math.isfinite(np.vdot(array, array).real) or bool(np.isfinite(array).all())


def check_finite(name: str, array: Array) -> Array:
    """Return `array` if it holds neither NaN nor infinity."""
    if not all_finite(array):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise NotFiniteError(
            f"{name} must be finite, got {array[where]} at index {where}; "
            "look for a division by zero or an overflow before this call"
        )
    return array


def check_params(params: Params) -> None:
    """Raise if any parameter holds NaN or infinity."""
    for name, array in params.items():
        if not all_finite(array):
            raise NotFiniteError(
                f"parameter {name} must be finite, got NaN or infinity; "
                "lower the learning rate, clip the gradient, or load saved parameters"
            )


def check_integers(
    name: str, value: Any, shape: Sequence[int | str], *, hint: str = ""
) -> Array:
    """Return `value` as an integer array of the given shape."""
    array = as_array(name, value)
    if array.dtype.kind not in "iu":
        raise ValueError(
            f"{name} must hold whole numbers, got dtype {array.dtype}; "
            f"convert it with {name}.astype(int)"
        )
    if not _shape_fits(array.shape, shape):
        _raise_shape(name, array.shape, shape, hint)
    return array


def check_tokens(
    name: str,
    value: Any,
    shape: Sequence[int | str],
    vocab_size: int,
    *,
    hint: str = "",
) -> Array:
    """Return `value` as an integer array whose entries lie in 0..vocab_size - 1."""
    tokens = check_integers(name, value, shape, hint=hint)
    wrong = (tokens < 0) | (tokens >= vocab_size)
    if wrong.any():
        raise ValueError(
            f"{name} must lie between 0 and {vocab_size - 1}, got {tokens[wrong][0]}; "
            "encode the text with the vocabulary that the model was made for, or make "
            "the model for more symbols"
        )
    return tokens


def check_mask(mask: Any, shape: Sequence[int | str]) -> Array:
    """Return `mask` as a bool array of that shape with at least one True."""
    array = as_array("mask", mask)
    if array.dtype != np.bool_:
        raise ValueError(
            f"mask must hold booleans, got dtype {array.dtype}; write mask.astype(bool)"
        )
    if not _shape_fits(array.shape, shape):
        _raise_shape("mask", array.shape, shape, "")
    if not array.any():
        raise ValueError(
            "mask must leave at least one step, got False everywhere; "
            "True marks the steps that exist"
        )
    return array


def check_arrays(name: str, value: Any) -> Mapping[str, Array]:
    """Return `value` if it is a dict of float arrays."""
    if not isinstance(value, Mapping):
        raise ValueError(
            f"{name} must be a dict of arrays, got {type(value).__name__}; "
            'write {"W_hh": array}'
        )
    for key, array in value.items():
        if not isinstance(array, np.ndarray):
            raise ValueError(
                f"{name}[{key!r}] must be an array, got {type(array).__name__}; "
                "convert it with np.asarray"
            )
        check_floats(f"{name}[{key!r}]", array)
    return value


def check_same_keys(
    name: str, found: Mapping[str, Any], expected: Mapping[str, Array]
) -> None:
    """Raise unless `found` has the keys, shapes and dtypes of `expected`."""
    if _same_forms(found, expected):
        return
    check_arrays(name, found)
    if set(found) != set(expected):
        raise ValueError(
            f"{name} must have the keys {sorted(expected)}, got {sorted(found)}"
        )
    for key, array in expected.items():
        check_array(f"{name}[{key!r}]", found[key], array.shape, dtype=array.dtype)


def _same_forms(found: Any, expected: Mapping[str, Array]) -> bool:
    """Return whether keys, shapes and dtypes are equal, a quick test."""
    return (
        isinstance(found, Mapping)
        and found.keys() == expected.keys()
        and all(
            isinstance(found[key], np.ndarray)
            and found[key].shape == array.shape
            and found[key].dtype == array.dtype
            for key, array in expected.items()
        )
    )


def _shape_fits(found: tuple[int, ...], expected: Sequence[int | str]) -> bool:
    if expected and expected[0] == "...":
        expected = expected[1:]
        if len(found) < len(expected) or 0 in found:
            return False
        found = found[len(found) - len(expected) :]
    sizes: dict[str, int] = {}
    return len(found) == len(expected) and all(
        size == sizes.setdefault(want, size) > 0
        if isinstance(want, str)
        else size == want
        for size, want in zip(found, expected, strict=True)
    )


def _raise_shape(
    name: str, found: tuple[int, ...], expected: Sequence[int | str], hint: str
) -> None:
    want = ", ".join(str(size) for size in expected)
    want = f"{want}," if len(expected) == 1 else want
    message = f"{name} must have shape ({want}), got {found}"
    if 0 in found:
        message += "; an axis of size 0 holds nothing to compute"
    elif hint:
        message += f"; {hint}"
    raise ValueError(message)


def _check_dtype(name: str, found: np.dtype[Any], expected: np.dtype[Any]) -> None:
    if found == expected:
        return
    double = (np.dtype(np.float64), np.dtype(np.complex128))
    if not (found in double and expected in double):
        raise ValueError(
            f"{name} must have dtype {expected}, got {found}; "
            f"convert it with {name}.astype(np.{expected})"
        )
