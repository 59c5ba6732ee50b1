"""From text to arrays: vocabulary, one-hot vectors, padding.

Source: Elman, "Finding structure in time", 1990, feeds words to a recurrent network as
vectors with a single 1.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rnnlib._checks import (
    as_array,
    check_float_dtype,
    check_floats,
    check_size,
    check_tokens,
)
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, DTypeLike
from rnnlib._words import kind_of, shown

__all__ = ["Vocabulary", "one_hot", "pad"]

MANY = 30  # symbols that an error lists


class Vocabulary:
    """A list of distinct symbols; the place of a symbol in it is its token.

    Symbols are strings: the characters of a text, or the words of a list. They are
    numbered in the order in which they first appear; those of a set, which has no
    order, are sorted.

    Parameters
    ----------
    symbols : iterable of str
        A text, or a list or set of words. Repeated symbols count once.
    unknown : str, optional
        The symbol that stands for all others, such as `"<unk>"`; it comes last unless
        it is among `symbols`. Without it, a symbol that is not there is an error.

    Raises
    ------
    ValueError
        If there is no symbol at all, or one that is not a string.

    Examples
    --------
    >>> vocabulary = Vocabulary("hello")
    >>> vocabulary.symbols
    ('h', 'e', 'l', 'o')
    >>> vocabulary.encode("hell")
    array([0, 1, 2, 2])
    >>> vocabulary.decode([0, 1, 2, 2, 3])
    ['h', 'e', 'l', 'l', 'o']
    >>> words = Vocabulary(["the", "cat"], unknown="<unk>")
    >>> words.encode(["the", "dog"])
    array([0, 2])
    """

    symbols: tuple[str, ...]
    unknown: str | None

    def __init__(self, symbols: Iterable[str], *, unknown: str | None = None) -> None:
        ordered = _strings(symbols)
        if isinstance(symbols, set | frozenset):
            ordered.sort()
        if unknown is not None:
            ordered += _strings([unknown])
        self.symbols, self.unknown = tuple(dict.fromkeys(ordered)), unknown
        self._tokens = {symbol: token for token, symbol in enumerate(self.symbols)}

    def __len__(self) -> int:
        return len(self.symbols)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._tokens

    def config(self) -> dict[str, Any]:
        """Return the arguments that make the same vocabulary again."""
        return {"symbols": list(self.symbols), "unknown": self.unknown}

    __repr__ = described

    def encode(self, symbols: Iterable[str]) -> Array:
        """Return the tokens (T,) of a text or of a list of words.

        Raises
        ------
        ValueError
            If there is no symbol, or one is not in the vocabulary and there is no
            `unknown` to stand for it.
        """
        symbols = _strings(symbols)
        if self.unknown is not None:
            unknown = self._tokens[self.unknown]
            return np.array([self._tokens.get(symbol, unknown) for symbol in symbols])
        for position, symbol in enumerate(symbols):
            if symbol not in self._tokens:
                raise ValueError(
                    f"symbols must be in the vocabulary, got {shown(symbol)} at "
                    f"position {position}; it knows {self._known()}"
                )
        return np.array([self._tokens[symbol] for symbol in symbols])

    def _known(self) -> str:
        """Return the first symbols, for an error."""
        first = [
            s if s.isprintable() and len(s) < 20 else shown(s)
            for s in self.symbols[:MANY]
        ]
        more = len(self) - MANY
        return " ".join(first) + (f" and {more} more" if more > 0 else "")

    def decode(self, tokens: ArrayLike) -> list[str]:
        """Return the symbols of tokens (T,).

        Raises
        ------
        ValueError
            If a token is outside 0..V - 1.
        """
        fix = "decode what a model with this vocabulary says"
        tokens = check_tokens("tokens", tokens, ("T",), len(self), fix=fix)
        return [self.symbols[token] for token in tokens]

    @property
    def separator(self) -> str:
        """What stands between two symbols of a text: nothing, or a space.

        It is nothing if each symbol is a single character; names in angle brackets,
        such as `<start>`, are not counted.

        >>> Vocabulary(["<unk>", "a", "b"]).separator, Vocabulary(["a", "be"]).separator
        ('', ' ')
        """
        words = [s for s in self.symbols if len(s) > 1 and (s[0], s[-1]) != ("<", ">")]
        return " " if words else ""


def one_hot(
    tokens: ArrayLike, vocab_size: int, *, dtype: DTypeLike = np.float64
) -> Array:
    """Return vectors (..., V) that are 1 at the token being encoded and 0 elsewhere.

    Raises
    ------
    ValueError
        If a token is outside 0..vocab_size - 1 or not a whole number.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    vocab_size = check_size("vocab_size", vocab_size)
    fix = "vocab_size is the number of symbols"
    tokens = check_tokens("tokens", tokens, ("...",), vocab_size, fix=fix)
    vectors = np.zeros((*tokens.shape, vocab_size), dtype=check_float_dtype(dtype))
    np.put_along_axis(vectors, tokens[..., None], 1, axis=-1)
    return vectors


def pad(sequences: Sequence[ArrayLike], *, fill: float = 0) -> tuple[Array, Array]:
    """Return sequences of unequal length side by side, and the mask of what exists.

    Returns
    -------
    padded : array (T, B) or (T, B, D)
        One sequence a column, time first, filled up with `fill` at the end.
    mask : bool array (T, B)
        True where a step exists.

    Raises
    ------
    ValueError
        If there is no sequence, one is empty or has other features than the first, or
        `fill` is not a number of their kind.

    >>> padded, mask = pad([[1, 2, 3], [4]])
    >>> padded
    array([[1, 4],
           [2, 0],
           [3, 0]])
    >>> mask.sum(axis=0)
    array([3, 1])
    """
    arrays = [
        as_array(f"sequence {index}", sequence)
        for index, sequence in enumerate(_listed("sequences", sequences))
    ]
    first = arrays[0]
    for index, array in enumerate(arrays):
        if array.dtype.kind not in "iu":
            check_floats(f"sequence {index}", array)
        if array.ndim == 0 or 0 in array.shape:
            raise ValueError(
                f"sequence {index} must have a step, got shape {array.shape}"
            )
        if array.shape[1:] != first.shape[1:] or array.dtype != first.dtype:
            raise ValueError(
                f"sequence {index} must have features {first.shape[1:]} of dtype "
                f"{first.dtype} as the first one, got {array.shape[1:]} of "
                f"{array.dtype}"
            )
    if not _holds(first.dtype, fill):
        raise ValueError(
            f"fill must be a number that dtype {first.dtype} can hold, got "
            f"{shown(fill)}; choose another one, or sequences of another dtype"
        )
    lengths = np.array([len(array) for array in arrays])
    shape = (lengths.max(), len(arrays), *first.shape[1:])
    padded = np.full(shape, fill, dtype=first.dtype)
    for b, array in enumerate(arrays):
        padded[: len(array), b] = array
    return padded, np.arange(lengths.max())[:, None] < lengths


def _holds(dtype: np.dtype[Any], number: Any) -> bool:
    """Return whether an array of that dtype can hold a number, infinity and NaN too."""
    kind = np.asarray(number).dtype.kind
    if np.ndim(number) or kind not in ("iu" if dtype.kind in "iu" else "iuf"):
        return False
    if dtype.kind in "iu":
        return bool(np.iinfo(dtype).min <= number <= np.iinfo(dtype).max)
    return bool(
        abs(float(number)) <= float(np.finfo(dtype).max) or not np.isfinite(number)
    )


def _listed(name: str, value: Iterable[Any]) -> list[Any]:
    """Return `value` as a list of at least one."""
    try:
        found = list(value)
    except TypeError:
        kind = kind_of(value)
        raise ValueError(f"{name} must be a list, got {kind}") from None
    if not found:
        raise ValueError(f"{name} must hold at least one, got none")
    return found


def _strings(symbols: Iterable[str]) -> list[str]:
    found = _listed("symbols", symbols)
    for symbol in found:
        if not isinstance(symbol, str):
            raise ValueError(f"symbols must be strings, got {shown(symbol)}")
    return found
