"""What the rubric has to know of a capstone, and how it asks the learner."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnncourse.checking.capstone import FaultError, Record, WaitsError
from rnncourse.checking.limits import TimeLimitError
from rnnlib._typing import Array, Rng

__all__ = [
    "NAMES",
    "Parts",
    "Task",
    "answers_of",
    "ask",
    "indices",
    "nets_of",
    "parts_of",
    "same",
    "score_of",
    "settled",
]

NAMES = "training", "validation", "test"


class Parts(NamedTuple):
    """The indices of the examples for training, for validation and for the test."""

    train: Array
    validation: Array
    test: Array


@dataclass(frozen=True, eq=False)
class Task:
    """A task on examples that are numbered from 0.

    Parameters
    ----------
    data : function
        `data()` returns all examples, the same ones each time.
    count : function
        `count(data)` is how many there are.
    given, truth : functions
        `given(data, i)` is what `predict` is told of an example, `truth(data, i)` what
        it should answer.
    name : function
        `name(data, i)` is how a text calls an example.
    changed : function
        `changed(data, indices, rng)` returns data with other answers for some examples.
    remade : function, optional
        The same, with other inputs as well, where those are no part of the answers.
    fits : function, optional
        `fits(batch, data, indices)` raises FaultError where a batch is not what the
        text of the capstone asks for.
    score : function
        `score(answers, truths)`, and whether `less` of it is better.
    unit : str
        What stands behind a score.
    fails : function
        `fails(answer, truth, score)` returns whether a net has failed on an example.
    baselines : mapping
        By name: `baseline(data, parts)` returns its score on the test part.
    mistaken : mapping
        By a hint: what `baseline(name, data, parts)` gives who needs that hint.
    beat : str
        The baseline that each net has to beat.
    reach : float, optional
        The score that it has to reach besides, where that baseline is very weak.
    ordered : bool
        Whether the examples come in the order of time.
    least : int
        The fewest examples of a part.
    kind : function, optional
        `kind(data, i)`: two examples of one kind may not be in two parts.
    compared : bool
        Whether the text on limits has to name the score of the best baseline.
    overfit : float
        Which share of an untrained net's loss may be left on ten examples.
    answers : int, optional
        How many answers there are to choose from, where the text says so.
    """

    data: Callable[[], Any]
    count: Callable[[Any], int]
    given: Callable[[Any, int], Any]
    truth: Callable[[Any, int], Any]
    name: Callable[[Any, int], str]
    changed: Callable[[Any, Array, Rng], Any]
    score: Callable[[list[Any], list[Any]], float]
    unit: str
    fails: Callable[[Any, Any, float], bool]
    baselines: Mapping[str, Callable[[Any, Parts], float]]
    mistaken: Mapping[str, Callable[[str, Any, Parts], float]]
    beat: str
    less: bool = True
    ordered: bool = False
    least: int = 30
    kind: Callable[[Any, int], Any] | None = None
    overfit: float = 0.05
    reach: float | None = None
    compared: bool = False
    remade: Callable[[Any, Array, Rng], Any] | None = None
    fits: Callable[[Any, Any, Array], None] | None = None
    answers: int | None = None

    def better(self, one: float, other: float) -> bool:
        """Return whether one score is better than another."""
        return one < other if self.less else one > other

    def other(self, data: Any, indices: Array, seed: int) -> Any:
        """Return data with some examples changed, and their inputs if they may be."""
        rng = np.random.default_rng(seed)
        return (self.remade or self.changed)(data, indices, rng)

    def said(self, score: float) -> str:
        """Return a score in words."""
        return f"{score:.3g} {self.unit}"


def ask(record: Record, place: str, *args: Any) -> Any:
    """Return what the learner's function returns, given copies of the arguments.

    Raises
    ------
    FaultError
        If there is no function at that place, or it stops, or changes what it is given.
    """
    function = getattr(record, place)
    if not callable(function):
        raise FaultError(
            f"`{place}` must be the function itself, without brackets behind its "
            f"name; it is {type(function).__name__}."
        )
    given = copy.deepcopy(args)
    try:
        found = function(*given)
    except (NotImplementedError, FaultError, TimeLimitError, KeyboardInterrupt):
        raise
    except Exception as error:
        words = f"Your `{place}` stopped with {type(error).__name__}: {error}."
        raise FaultError(words) from error
    if not isinstance(args[0], np.random.Generator) and not same(given[0], args[0]):
        raise FaultError(
            f"Your `{place}` changes what it is given.", "Let it work on a copy."
        )
    return found


def same(one: Any, other: Any) -> bool:
    """Return whether two things hold the same numbers and texts, in the same order."""
    if hasattr(one, "params") and hasattr(other, "params"):
        return same(dict(one.params), dict(other.params))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        numbers = one.dtype.kind in "fc"
        return np.array_equal(one, other, equal_nan=numbers)
    return bool(one is other or one == other)


def parts_of(record: Record, task: Task, data: Any) -> Parts:
    """Return the learner's three parts.

    Raises
    ------
    FaultError
        If they are not three lists of indices that have no example in common, in the
        order of time if that counts.
    """
    found = ask(record, "split", data)
    if not isinstance(found, list | tuple) or len(found) != 3:
        raise FaultError("`split` must return three parts, one after the other.")
    parts = Parts(*map(indices, found, NAMES))
    most = task.count(data)
    for name, part in zip(NAMES, parts, strict=True):
        if len(part) < task.least:
            raise FaultError(
                f"The {name} part has {len(part)} examples, fewer than {task.least}."
            )
        if part.min() < 0 or part.max() >= most:
            raise FaultError(f"The indices of the {name} part must be 0 to {most - 1}.")
        if len(set(part.tolist())) < len(part):
            raise FaultError(f"The {name} part holds an example twice.")
    _check_apart(parts, task, data)
    return parts


def indices(part: Any, name: str) -> Array:
    """Return a part as an array of whole numbers."""
    try:
        found = np.asarray(part)
    except ValueError:
        found = np.empty((0, 0))
    if found.ndim != 1 or found.dtype.kind not in "iu":
        raise FaultError(
            f"The {name} part must be a row of indices, whole numbers, and is not.",
            "np.arange(first, last + 1) makes one.",
        )
    return found


def _check_apart(parts: Parts, task: Task, data: Any) -> None:
    for first, second in (0, 1), (1, 2), (0, 2):
        one, other = parts[first], parts[second]
        which = f"the {NAMES[first]} part and the {NAMES[second]} part"
        both = sorted({*one.tolist()} & {*other.tolist()})
        if both:
            raise FaultError(f"Example {both[0]} is in {which}.")
        if task.ordered and one.max() > other.min():
            raise FaultError(
                f"Some of the {NAMES[first]} part is later than some of the "
                f"{NAMES[second]} part: example {one.max()} and example {other.min()}.",
                "Who forecasts knows what was before, and nothing of what comes after.",
            )
        if task.kind:
            kinds = {task.kind(data, i): i for i in one.tolist()}
            twin = [i for i in other.tolist() if task.kind(data, i) in kinds]
            if twin:
                raise FaultError(
                    f"Examples {kinds[task.kind(data, twin[0])]} and {twin[0]} are "
                    f"twins, and they are in {which}.",
                    f"What they share is {task.kind(data, twin[0])!r}.",
                )


def settled(record: Record, task: Task, data: Any) -> Parts:
    """Return the learner's parts, for a line that comes after that of the split."""
    try:
        return parts_of(record, task, data)
    except FaultError as error:
        raise WaitsError("This waits until the split is right.") from error


def nets_of(record: Record) -> Mapping[Any, Any]:
    """Return the learner's nets by seed, for a line that comes after that of the seeds.

    Raises
    ------
    WaitsError
        If they are no dict, or an empty one.
    """
    if not isinstance(record.nets, Mapping) or not record.nets:
        raise WaitsError("This waits until the nets of three seeds are right.")
    return record.nets


def answers_of(
    record: Record, task: Task, data: Any, net: Any, part: Array
) -> list[Any]:
    """Return what a net answers for each example of a part.

    The answers of the nets of the record are kept for the lines that come later.
    """
    known, place = record.answers, (id(net), part.tobytes())
    kept = any(net is other for other in dict(record.nets).values())
    if place not in known or not kept:
        known[place] = _answers_of(record, task, data, net, part)
    return list(known[place])


def _answers_of(
    record: Record, task: Task, data: Any, net: Any, part: Array
) -> list[Any]:
    answers = [ask(record, "predict", net, task.given(data, i)) for i in part.tolist()]
    truth = task.truth(data, int(part[0]))
    return [_plain(answer) if np.ndim(truth) == 0 else answer for answer in answers]


def _plain(answer: Any) -> Any:
    """Return the number that an array of one number holds."""
    alone = isinstance(answer, np.ndarray) and answer.size == 1
    return answer.item() if alone else answer


def score_of(task: Task, data: Any, answers: list[Any], part: Array) -> float:
    """Return the score of answers for the examples of a part.

    Raises
    ------
    FaultError
        If an answer is not of the kind that is asked for.
    """
    truths = [task.truth(data, i) for i in part.tolist()]
    try:
        score = float(task.score(answers, truths))
    except (TypeError, ValueError):
        score = float("nan")
    if not np.isfinite(score):
        raise FaultError(
            f"`predict` answers {answers[0]!r} where an answer would be {truths[0]!r}: "
            "no score comes of it."
        )
    return score
