"""Checks of arguments. Each error says what was expected, what it got, and the fix."""

import operator
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np

from rnnlib._norms import all_finite
from rnnlib._typing import Array, DTypeLike, Rng
from rnnlib._words import a_or_an, kind_of, shown

__all__ = [
    "NotFiniteError",
    "as_array",
    "check_array",
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
    "check_rng",
    "check_share",
    "check_size",
    "check_tokens",
    "is_float",
    "is_whole",
]


INDEX = np.dtype(np.intp)


class NotFiniteError(ValueError):
    """A number that is NaN or infinite where a finite one is needed."""


def check_size(name: str, value: Any, *, minimum: int = 1) -> int:
    """Return `value` as an int that is at least `minimum`."""
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be a whole number, got {shown(value)}") from None
    if isinstance(value, bool | np.bool_) or number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {shown(value)}")
    return number


def check_number(
    name: str, value: Any, *, above: float = -np.inf, at_least: float = -np.inf
) -> float:
    """Return `value` as a finite float within both bounds."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{name} must be a number, got {shown(value)}")
    try:
        number = float(value)
    except OverflowError:  # a whole number that is too large for a float
        number = np.inf
    if not np.isfinite(number):
        raise NotFiniteError(f"{name} must be finite, got {shown(value)}")
    if number <= above:
        raise ValueError(f"{name} must be greater than {above:g}, got {shown(value)}")
    if number < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {shown(value)}")
    return number


def check_share(name: str, value: Any) -> float:
    """Return `value` as a float from 0 to 1."""
    share = check_number(name, value, at_least=0)
    if share > 1:
        raise ValueError(f"{name} must be at most 1, got {shown(value)}")
    return share


def check_choice(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return `value` if it is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}, got {shown(value)}")
    return value


def check_flag(name: str, value: Any) -> bool:
    """Return `value` if it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, got {shown(value)}")
    return bool(value)


def check_rng(rng: Any) -> Rng:
    """Return `rng` if it is a numpy Generator."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng must be a numpy.random.Generator, got {kind_of(rng)}; "
            "make one with np.random.default_rng(0)"
        )
    return rng


def check_float_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Return `dtype` if it is one that the library computes in."""
    try:
        checked = np.dtype(dtype)
    except TypeError:
        raise ValueError(
            f"dtype must be np.float64 or np.float32, got {shown(dtype)}"
        ) from None
    if not is_float(checked):
        raise ValueError(f"dtype must be np.float64 or np.float32, got {checked}")
    return checked


def check_function(name: str, value: Any) -> Callable[..., Any]:
    """Return `value` if it can be called."""
    if not callable(value):
        fix = "; pass the function itself, by its name without quotes"
        raise ValueError(
            f"{name} must be a function, got {shown(value)}"
            + (fix if isinstance(value, str) else "")
        )
    function: Callable[..., Any] = value
    return function


def check_kind(name: str, value: Any, kind: type[Any], hint: str = "") -> Any:
    """Return `value` if it is an instance of `kind`."""
    if not isinstance(value, kind):
        message = f"{name} must be {a_or_an(kind.__name__)}, got {kind_of(value)}"
        if isinstance(value, type) and issubclass(value, kind):
            hint = f"make one: {value.__name__}(...)"
        raise ValueError(f"{message}; {hint}" if hint else message)
    return value


def check_batch(batch: Any, kind: type[Any]) -> None:
    """Raise unless `batch` has every field of `kind`: of `Batch` or of `Pairs`."""
    if isinstance(batch, type) or not all(hasattr(batch, f) for f in kind._fields):
        raise ValueError(
            f"batch must be of type {kind.__name__}, got {kind_of(batch)}; it "
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
    if type(value) is np.ndarray and is_float(value.dtype):
        return value
    return check_array(name, value, ("...",))


def check_array(
    name: str,
    value: Any,
    shape: Sequence[int | str],
    *,
    dtype: DTypeLike | None = None,
    hint: str = "",
    fix: str = "",
) -> Array:
    """Return `value` as a float array of the given shape and dtype.

    A number in `shape` must match; a letter stands for any size of at least one, the
    same wherever it occurs; a leading "..." stands for any axes. Without a `dtype` it
    is float64 or float32. Where float64 is expected, complex128 is accepted too, for
    gradient checks by the complex step. An error about its shape ends with `hint`, one
    about what it holds with `fix`.
    """
    array = as_array(name, value)
    expected = None if dtype is None else np.dtype(dtype)
    if array.dtype.kind not in "fc":
        wanted = "float" if expected in (None, np.float64) else f"np.{expected}"
        convert = f"convert it with np.asarray({_variable(name)}, dtype={wanted})"
        _raise_kind(name, "floats", array, convert, fix)
    if not _shape_fits(array.shape, shape):
        _raise_shape(name, array.shape, shape, hint or fix)
    if array.dtype != expected and (expected is not None or not is_float(array.dtype)):
        _check_dtype(name, array.dtype, expected)
    return array


def check_finite(name: str, array: Array) -> Array:
    """Return `array` if it holds neither NaN nor infinity."""
    if not all_finite(array):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise NotFiniteError(
            f"{name} must be finite, got {array[where]} at index {where}; "
            "look for a division by zero or an overflow before this call"
        )
    return array


def check_integers(
    name: str, value: Any, shape: Sequence[int | str], *, hint: str = ""
) -> Array:
    """Return `value` as an array of np.intp, of the given shape."""
    array = as_array(name, value)
    if array.dtype.kind not in "iu" and array.size:
        _raise_kind(name, "whole numbers", array, _as_tokens(name, array, len(shape)))
    if not _shape_fits(array.shape, shape):
        _raise_shape(name, array.shape, shape, hint)
    if array.dtype == INDEX:
        return array
    largest = np.iinfo(INDEX).max
    if not np.can_cast(array.dtype, INDEX) and array.max() > largest:
        raise ValueError(f"{name} must be at most {largest}, got {array.max()}")
    return array.astype(INDEX)


def _as_tokens(name: str, array: Array, axes: int) -> str:
    """Return what makes tokens of an array that holds none."""
    if array.dtype.kind == "f" and array.ndim != axes and _is_one_hot(array):
        return f"a one-hot vector is the token {_variable(name)}.argmax(axis=-1)"
    if array.dtype.kind == "b" or is_whole(array):
        return f"convert it with {_variable(name)}.astype(int)"
    return "a token is the place of a symbol in a vocabulary"


def _is_one_hot(array: Array) -> bool:
    """Return whether each row along the last axis holds a single 1 and zeros."""
    ones = array == 1
    return bool((ones | (array == 0)).all() and (ones.sum(axis=-1) == 1).all())


def is_whole(array: Array) -> bool:
    """Return whether `array` holds floats, each of them a whole number."""
    return array.dtype.kind == "f" and all_finite(array) and not (array % 1).any()


def check_tokens(
    name: str,
    value: Any,
    shape: Sequence[int | str],
    vocab_size: int,
    *,
    hint: str = "",
    fix: str = "encode the text with the vocabulary that the model was made for, or "
    "make the model for more symbols",
) -> Array:
    """Return `value` as an array of np.intp whose entries lie in 0..vocab_size - 1."""
    tokens = check_integers(name, value, shape, hint=hint)
    wrong = (tokens < 0) | (tokens >= vocab_size)
    if wrong.any():
        raise ValueError(
            f"{name} must lie between 0 and {vocab_size - 1}, got {tokens[wrong][0]}; "
            + fix
        )
    return tokens


def check_mask(
    mask: Any, shape: Sequence[int | str], *, may_be_empty: bool = False
) -> Array:
    """Return `mask` as a bool array of that shape with at least one True."""
    array = as_array("mask", mask)
    if array.dtype != np.bool_:
        _raise_kind("mask", "booleans", array, "write mask.astype(bool)")
    if not _shape_fits(array.shape, shape):
        _raise_shape("mask", array.shape, shape, "")
    if not (array.any() or may_be_empty):
        raise ValueError(
            "mask must leave at least one step, got False everywhere; "
            "True marks the steps that exist"
        )
    return array


def is_float(dtype: np.dtype[Any]) -> bool:
    """Return whether the library computes in that dtype: float64, float32, complex."""
    return dtype.char in "dfD" and dtype.isnative


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


def _raise_kind(
    name: str, wanted: str, array: Array, convert: str, fix: str = ""
) -> None:
    """Say that an array holds something else: numbers, text, or what is no array."""
    kind = array.dtype.kind
    found = f"dtype {array.dtype}"
    if kind in "US":
        found, convert = "text", "a Vocabulary encodes text as tokens"
    elif kind not in "biufc":
        found = kind_of(array.item()) if array.ndim == 0 else found
        convert = "pass numbers"
    raise ValueError(f"{name} must hold {wanted}, got {found}; {fix or convert}")


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


def _check_dtype(
    name: str, found: np.dtype[Any], expected: np.dtype[Any] | None
) -> None:
    double = (np.dtype(np.float64), np.dtype(np.complex128))
    if not (found in double and expected in double):
        wanted = "float64 or float32" if expected is None else expected
        raise ValueError(
            f"{name} must have dtype {wanted}, got {found}; "
            f"convert it with {_variable(name)}.astype(np.{expected or 'float64'})"
        )


def _variable(name: str) -> str:
    """Return the name of an array in code; some are named in words."""
    return "array" if " " in name else name
