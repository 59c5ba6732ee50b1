"""Known mistakes: the reference with a line changed, and a hint for each."""

import inspect
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["Mistake", "edited"]


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, as an edit of the reference, and the hint for it.

    Parameters
    ----------
    name : str
    line, wrong : str
        A piece of the reference's source that occurs once in it, and what the mistake
        has in its place.
    hint : str
        What to tell someone who makes it, never the answer.
    also : tuple of pairs of str
        Further pieces that the mistake changes, each as `line, wrong`.
    function : callable, optional
        The mistake itself, where no edit can express it.
    """

    name: str
    line: str = ""
    wrong: str = ""
    hint: str = ""
    also: tuple[tuple[str, str], ...] = ()
    function: Callable[..., Any] | None = None

    def answer(self, reference: Callable[..., Any]) -> Callable[..., Any]:
        """Return the reference with this mistake in it."""
        edits = ((self.line, self.wrong), *self.also)
        return self.function or edited(reference, edits)


def edited(
    function: Callable[..., Any], edits: Iterable[tuple[str, str]]
) -> Callable[..., Any]:
    """Return a copy of a function with pieces of its source replaced.

    Raises
    ------
    ValueError
        If a piece does not occur exactly once.

    >>> from rnnlib.activations import sigmoid
    >>> float(edited(sigmoid, [("+ 0.5", "+ 0.7")])(0.0))
    0.7
    """
    source = textwrap.dedent(inspect.getsource(function))
    for line, wrong in edits:
        if source.count(line) != 1:
            raise ValueError(
                f"line must occur once in {function.__name__}, got {line!r}, which "
                f"occurs {source.count(line)} times"
            )
        source = source.replace(line, wrong)
    names = dict(function.__globals__)
    exec(compile(source, f"<{function.__name__} edited>", "exec"), names)
    answer: Callable[..., Any] = names[function.__name__]
    return answer
