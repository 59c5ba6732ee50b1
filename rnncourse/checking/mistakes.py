"""Known mistakes: the reference with a line changed, and a hint for each."""

import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Mistake", "edited"]


@dataclass(frozen=True, eq=False)
class Mistake:
    """A typical wrong answer, as an edit of the reference, and the hint for it.

    Parameters
    ----------
    name : str
    edits : mapping of str to str
        Pieces of the reference's source, each of which occurs once in it, and what the
        mistake has in their place.
    hint : str
        What to tell someone who makes it, never the answer.
    others : mappings of str to str
        Other ways to make the same mistake, with other numbers.
    """

    name: str
    edits: Mapping[str, str]
    hint: str
    others: tuple[Mapping[str, str], ...] = ()

    def answers(self, reference: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
        """Return the reference with this mistake in it, made in each way."""
        return tuple(edited(reference, edits) for edits in (self.edits, *self.others))


def edited(
    function: Callable[..., Any], edits: Mapping[str, str]
) -> Callable[..., Any]:
    """Return a copy of a function with pieces of its source replaced.

    Raises
    ------
    ValueError
        If a piece does not occur exactly once.

    >>> from rnnlib.activations import sigmoid
    >>> float(edited(sigmoid, {"+ 0.5": "+ 0.7"})(0.0))
    0.7
    """
    source = textwrap.dedent(inspect.getsource(function))
    for piece, wrong in edits.items():
        if source.count(piece) != 1:
            raise ValueError(
                f"piece must occur once in {function.__name__}, got {piece!r}, which "
                f"occurs {source.count(piece)} times"
            )
        source = source.replace(piece, wrong)
    names = dict(function.__globals__)
    exec(compile(source, f"<{function.__name__} edited>", "exec"), names)
    answer: Callable[..., Any] = names[function.__name__]
    return answer
