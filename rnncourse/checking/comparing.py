"""What is wrong with a number, an array, or several of them, said in words.

One rule for the dtype: floats have the dtype of the floats that the function is given.
Where it is given none, any dtype of floats will do. float32 is compared as closely as
its seven digits allow; a right answer in another dtype is told its dtype, and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.checking.parts import order_of, parts
from rnncourse.checking.plain import Strange
from rnncourse.shared.wording import count
from rnnlib._typing import Array

__all__ = ["Difference", "differences", "dtype_fault"]

COUNT = "entries are right."
DIGITS = 1e3  # times the precision of its dtype, an entry may be off


@dataclass(frozen=True)
class Difference:
    """A part of an answer that is not as expected.

    Attributes
    ----------
    name : str
        Of the part; empty if there is only one.
    words : str
        What is wrong, in a sentence or two.
    got, expected : ndarray or None
        Given where they can be shown side by side.
    rest : str
        What is to be said of the other parts.
    order : tuple of int
        If all parts are right, and only their order is not: where each of them stands.
    """

    name: str
    words: str
    got: Array | None = None
    expected: Array | None = None
    rest: str = ""
    order: tuple[int, ...] = ()

    def sentence(self, pattern: str = "") -> str:
        """Return all of it in words; a pattern takes the place of a count."""
        words = self.words
        if pattern and words.endswith(COUNT):
            words = ""
        head = f"{self.name} is wrong." if self.name else ""
        return " ".join(filter(None, (head, words, pattern, self.rest)))


def differences(
    got: Any, expected: Any, names: tuple[str, ...], tolerance: float, floats: Any
) -> list[Difference]:
    """Return each part of `got` that differs from `expected`.

    `floats` is the dtype that floats should have, or None.
    """
    if isinstance(expected, tuple) and all(np.ndim(part) == 0 for part in expected):
        got = tuple(got) if isinstance(got, np.ndarray) and got.ndim == 1 else got
    misfit = _misfit(got, expected, names)
    if misfit:
        return [Difference("", misfit)]
    given, wanted = parts(got, names, expected), parts(expected, names)
    if order := order_of(given, wanted):
        return [Difference("", _exchanged(order, wanted), order=order)]
    return [
        Difference(name, *difference)
        for (name, mine), (_, right) in zip(given, wanted, strict=True)
        if (difference := _difference(mine, right, tolerance, floats)) is not None
    ]


def dtype_fault(value: Any, floats: Any) -> str:
    """Return a sentence if an array of floats has another dtype, else nothing."""
    for name, part in parts(value):
        is_array = isinstance(part, np.ndarray) and part.dtype.kind in "fc"
        if is_array and floats is not None and part.dtype != floats:
            what = f"The dtype of {name}" if name.isidentifier() else "Its dtype"
            return (
                f"{what} is {part.dtype}; expected is {floats}, that of what is given."
            )
    return ""


def _exchanged(order: tuple[int, ...], wanted: list[tuple[str, Any]]) -> str:
    """Return in words that all parts are right but in another order."""
    moved = [name for n, (name, _) in enumerate(wanted) if order[n] != n]
    if any("." in name for name in moved):  # of a dict, which has no order
        return (
            f"All parts are right, but some have another's place: {', '.join(moved)}."
        )
    names = ", ".join(name for name, _ in wanted)
    return f"All parts are right, in another order than asked: {names}."


def _misfit(got: Any, expected: Any, names: tuple[str, ...], part: str = "") -> str:
    """Return a sentence on how two answers, or a part of them, differ in form."""
    asked, yours = "It should return", "yours returns"
    if part:
        asked, yours = f"{part} should be", "yours is"
    if got is None and part:
        return f"{asked} {_kind(expected)}; {yours} None."
    if got is None:
        return "It returns None: is there a return at the end of your function?"
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            keys = ", ".join(map(repr, expected))
            return f"{asked} a dict with {keys}; {yours} {_kind(got)}."
        missing = [repr(key) for key in expected if key not in got]
        extra = [repr(key) for key in got if key not in expected]
        if missing:
            return f"{part or 'The dict that it returns'} has no {', '.join(missing)}."
        more = f"{part or 'The dict'} has more than is asked: {', '.join(extra)}."
        return more if extra else ""
    if isinstance(expected, tuple):
        listed = ", ".join(names or getattr(expected, "_fields", ())) or "a tuple"
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            things = f"{count(len(expected), 'thing')} ({listed})"
            return f"{asked} {things}; {yours} {_kind(got)}."
        known = names if len(names) == len(expected) else [""] * len(expected)
        each = zip(got, expected, known, strict=True)
        return next((word for a, b, n in each if (word := _misfit(a, b, (), n))), "")
    several = isinstance(got, tuple) and not (
        isinstance(expected, list | np.ndarray)
        and (_is_flat(got) or _are_rows(got, expected))
    )
    if several or isinstance(got, Mapping | Strange):
        comma = " Is there a comma too many?" if several and len(got) == 1 else ""
        return f"{asked} {_kind(expected)}; {yours} {_kind(got)}.{comma}"
    return ""


def _are_rows(got: tuple[Any, ...], expected: Any) -> bool:
    """Return whether a tuple holds the rows of an array, one by one."""
    return (
        isinstance(expected, np.ndarray)
        and len(got) == len(expected)
        and all(np.shape(row) == expected.shape[1:] for row in got)
    )


def _kind(value: Any) -> str:
    """Return what a value is, in words."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple):
        return count(len(value), "thing")
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, int | float | complex | np.number | np.ndarray):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return repr(value if isinstance(value, Strange) else Strange(type(value).__name__))


Found = tuple[str] | tuple[str, Array, Array] | None


def _difference(got: Any, expected: Any, tolerance: float, floats: Any) -> Found:
    """Return what is wrong with one part, and both arrays if they can be shown."""
    right = np.asarray(expected)
    if right.dtype.kind not in "biufc" or isinstance(expected, str | list):
        mine = [*got] if isinstance(expected, list) and _is_flat(got) else got
        if type(mine) is type(expected) and mine == expected:
            return None
        words = f"It returns {_shown(got)}; expected is {_shown(expected)}."
        return (words + _where(got, expected),)
    collected = isinstance(got, list | tuple)
    if collected and not (right.ndim == 1 and _is_flat(got)):
        return (_not_an_array(got, right),)
    given = np.asarray(got)
    if given.dtype.kind not in "biufc" or (right.ndim > 0 and given.ndim == 0):
        return (_not_an_array(got, right),)
    if given.shape == right.shape and _close(given, right, tolerance):
        words = "" if collected else _dtype_words(given.dtype, right.dtype, floats)
        return (words,) if words and given.ndim else None
    return _described(given, right, tolerance), given, right


def _is_flat(value: Any) -> bool:
    """Return whether something is a sequence of plain numbers."""
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, list | tuple) and all(
        isinstance(part, int | float | complex | np.number) for part in value
    )


def _not_an_array(got: Any, right: Array) -> str:
    if isinstance(got, int) and np.asarray(got).dtype.hasobject:
        return "It is a whole number too large for numpy, of 20 digits or more."
    of = f" of {got.dtype}" if isinstance(got, np.ndarray) else ""
    kind = f"a tuple of {len(got)}" if isinstance(got, tuple) else _kind(got)
    words = f"It should be {_kind(right)}; yours is {kind}{of}."
    if isinstance(got, list | tuple) and right.shape[:1] == (len(got),):
        words += " np.array makes one array of it."
    return words


def _described(got: Array, expected: Array, tolerance: float) -> str:
    """Return what is surely wrong with an array."""
    if got.shape != expected.shape:
        return f"Its shape is {got.shape}; expected is {expected.shape}."
    words = ""
    if not np.isfinite(got).all() and np.isfinite(expected).all():
        place = tuple(map(int, np.argwhere(~np.isfinite(got))[0]))
        at = f"holds {got[place]} at {list(place)}" if place else f"is {got[place]}"
        words = f"It {at}, where a number is expected."
    elif got.size > 1:
        right = int(_near(got, expected, tolerance).sum())
        words = f"{right} of {got.size} {COUNT}"
    if got.dtype.kind in "iu" and expected.dtype.kind == "f":
        words += _whole_words(got, expected)
    return words.strip()


def _whole_words(got: Array, expected: Array) -> str:
    """Return what is to be said of whole numbers in the place of floats."""
    if np.array_equal(got, np.trunc(expected)):
        return " It holds whole numbers, which cut off all decimals."
    if got.ndim and not np.array_equal(expected, np.trunc(expected)):
        return " It holds whole numbers, where decimals are expected."
    return ""


def _near(got: Array, expected: Array, tolerance: float) -> Array:
    """Return which entries are right, each within what its dtype can hold."""
    if "b" in (got.dtype.kind, expected.dtype.kind):
        return np.asarray(got == expected)
    if got.dtype.kind in "fc":
        digits = DIGITS * float(np.finfo(got.dtype).eps)
        tolerance = max(tolerance, min(digits, 0.01))
    finite = np.isfinite(expected)
    scale = float(abs(expected[finite]).max(initial=0)) or 1.0
    with np.errstate(invalid="ignore"):  # infinity less infinity
        near = abs(got - expected) <= tolerance * scale
    return np.asarray(near | (got == expected) | (np.isnan(got) & np.isnan(expected)))


def _close(got: Array, expected: Array, tolerance: float) -> bool:
    if not np.isfinite(got).all():
        floats = expected.dtype.kind in "fc"
        return bool(np.array_equal(got, expected, equal_nan=floats))
    return bool(_near(got, expected, tolerance).all())


def _dtype_words(mine: Any, expected: Any, floats: Any) -> str:
    """Return what is wrong with the dtype of a right array, or nothing."""
    if expected.kind == "f":
        any_will_do = floats is None and mine.kind == "f"
        expected = mine if any_will_do else floats or expected
    if mine == expected or (mine.kind in "iu" and expected.kind in "iu"):
        return ""
    return f"The values are right, but their dtype is {mine}; expected is {expected}."


def _where(got: Any, expected: Any) -> str:
    """Return where two long lists or texts part, if what is shown does not tell."""
    both = type(got) is type(expected) and isinstance(expected, str | list)
    if not both or _shown(got) != _shown(expected):
        return ""
    if len(got) != len(expected):
        return f" Yours has {len(got)} entries; expected are {len(expected)}."
    pairs = enumerate(zip(got, expected, strict=True))
    return next(
        (
            f" At place {n} yours has {a!r}; expected is {b!r}."
            for n, (a, b) in pairs
            if a != b
        ),
        "",
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
