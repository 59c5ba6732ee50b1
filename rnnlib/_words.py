"""What an error shows of a value: its kind, or one short line, whatever it holds."""

import reprlib
from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = ["a_or_an", "kind_of", "listed", "plain", "shown"]

LONGEST, MOST = 60, 12  # letters of a value, entries of a list

_short = reprlib.Repr()
_short.maxother = _short.maxstring = _short.maxlong = LONGEST


def shown(value: Any) -> str:
    r"""Return what `value` looks like, on one line, and not all of it if it is long.

    >>> shown(2.5), shown("a\nb"), shown("ab" * 50)
    ('2.5', "'a\\nb'", "'abababababababababababababa...bababababababababababababab'")
    >>> shown(np.ones((1000, 50)))
    'an array (1000, 50) of float64'
    """
    if isinstance(value, np.ndarray) and value.size > 1:
        return f"an array {value.shape} of {value.dtype}"
    text = _short.repr(value)
    text = plain(text if isinstance(value, str) else " ".join(text.split()))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."


def plain(text: object) -> str:
    r"""Return a text on one line: what cannot be seen becomes an escape.

    >>> plain("run\n1.npz")
    'run\\n1.npz'
    """
    return "".join(c if c.isprintable() else _escape(c) for c in str(text))


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def listed(entries: Iterable[Any]) -> str:
    """Return the first entries of a list, and how many more there are.

    >>> listed("abc"), listed(range(100))
    ("'a', 'b', 'c'", '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 88 more')
    """
    found = [*entries]
    text = ", ".join(map(shown, found[:MOST]))
    return f"{text} and {len(found) - MOST} more" if len(found) > MOST else text


def a_or_an(name: str) -> str:
    """Return a name with its article.

    >>> a_or_an("Model"), a_or_an("EarlyStop"), a_or_an("RNNCell"), a_or_an("GRUCell")
    ('a Model', 'an EarlyStop', 'an RNNCell', 'a GRUCell')
    """
    vowels = "AEFHILMNORSX" if name[:2].isupper() else "AEIOU"
    return f"{'an' if name[0] in vowels else 'a'} {name}"


def kind_of(value: Any) -> str:
    """Return of what type `value` is; if it is a type itself, which one.

    >>> kind_of(3), kind_of(int)
    ('int', 'the class int')
    """
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return type(value).__name__
