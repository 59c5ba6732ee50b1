"""An exercise: a reference, its known mistakes, and three hints."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Rng

__all__ = [
    "AT_WHOLE",
    "CUT_OFF",
    "HANDED_OUT_TWICE",
    "KEPT",
    "KINDS",
    "LEFT_OVER",
    "NOT_DRAWN",
    "Answer",
    "Case",
    "Claim",
    "Exercise",
    "call",
]

Answer = Callable[..., Any]
Case = Mapping[str, Any]

KINDS = {
    "V": "values",
    "G": "gradients",
    "P": "properties",
    "T": "a trained network",
    "H": "weights set by hand",
}

HANDED_OUT_TWICE = (
    "What your function returned for one input has changed after it was called with "
    "the next one: it hands out the same array or list again. Make a new one in each "
    "call."
)
KEPT = (
    "Called once more with the numbers of the first case, your function no longer "
    "returns what it did: does it keep something of an earlier call?"
)
LEFT_OVER = (
    "Called once more, with other numbers of the same shapes, your function returns "
    "a wrong result: does it keep something of an earlier call?"
)
CUT_OFF = (
    "With whole numbers as one types them, [[1, 0]] for [[1.0, 0.0]], your function "
    "returns something other than with the same floats. An array that is a copy of "
    "them, or made like them, cuts off all decimals: give it dtype=float."
)
AT_WHOLE = (
    "With whole numbers as one types them, [[1, 0]] for [[1.0, 0.0]]: {} An array that "
    "is a copy of them, or made like them, holds no decimals: give it dtype=float."
)
NOT_DRAWN = (
    "Your function draws nothing from {0}: all chance should come from the generator "
    "that it is given, so that whoever calls it decides which numbers come."
)


def call(answer: Answer, case: Case) -> Any:
    """Return what a function returns for the arguments of a case, in their order."""
    return answer(*case.values())


@dataclass(frozen=True)
class Claim:
    """Something that must be true of what was observed.

    Parameters
    ----------
    words : str
        The claim, as a sentence: "Each row sums to one."
    holds : callable
        `holds(observed, case)` returns True, or False, or a sentence that says in
        numbers what is wrong.
    """

    words: str
    holds: Callable[[Any, Case], Any]

    def fault(self, observed: Any, case: Case) -> str:
        """Return what is wrong, or nothing."""
        result = self.holds(observed, case)
        if isinstance(result, str):
            return result
        return "" if result else f"This should hold, and does not: {self.words}"


@dataclass(frozen=True)
class Exercise:
    """A function to be written by the learner, and how it is checked.

    The answer runs on each case. For values and gradients it must return what the
    reference returns; for properties, trained networks and weights set by hand the
    claims must hold. A wrong answer that behaves as a known mistake, on all cases, is
    told that mistake's hint.

    Parameters
    ----------
    id : str
        Lesson and number: "04.2".
    kind : str
        A key of `KINDS`.
    title : str
    reference : function
        A right answer, shown as the solution.
    cases : function
        `cases(rng)` returns dicts of arguments by their names, the smallest first:
        random numbers, one sequence and one step included, no two sizes alike.
    mistakes : Mistakes
        Wrong answers that are typical, each an edit of the reference with a
        hint of its own.
    hints : three strings
        From a nudge to pseudo-code.
    returns : strings
        Names of the parts that the answer returns, if there are several.
    whole : strings
        Arguments that a learner may type as whole numbers, which the task says: inputs,
        scores, a small matrix. All others are floats in every case, as gradients and
        states are that come out of a computation: an answer may make arrays like them.
    claims : Claims
        Checked in turn, up to the first that does not hold.
    observe : function
        `observe(answer, case)` returns what is checked: by default the returned value,
        otherwise what the answer achieves in use, such as an accuracy after training.
    numerical : function, optional
        For gradients: `numerical(case)` returns them by numerical differentiation, to
        test the reference.
    source : function or class, or a tuple of them, optional
        The library's own code, shown once the check has passed.
    point : strings
        Pieces of the lines of the source that matter; the rest is shown behind a fold.
    seconds : float
        How long all cases together may compute, in processor time.
    tolerance : float
        Largest error, relative to the largest number that is expected.
    """

    id: str
    kind: str
    title: str
    reference: Answer
    cases: Callable[[Rng], Sequence[Case]]
    hints: tuple[str, str, str]
    mistakes: tuple[Mistake, ...] = ()
    returns: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    observe: Callable[[Answer, Case], Any] = call
    numerical: Callable[[Case], Any] | None = None
    source: Any = None
    point: tuple[str, ...] = ()
    seconds: float = 3.0
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}"
            )

    @property
    def compares(self) -> bool:
        """Whether the answer must return what the reference returns."""
        return self.kind in "VG"
