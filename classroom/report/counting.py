"""What a class has understood: states, counts of mistakes, minutes."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from classroom.report.assigned import lesson_titles
from classroom.report.collecting import Learner, Trouble
from classroom.report.outcomes import UNKNOWN, Outcome
from rnncourse.catalogue import PARTS, exercises_of
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG

__all__ = ["NOT_KNOWN", "Lesson", "Point", "Results", "results"]

START = "start"
NOT_KNOWN = "not known"
SEEN = "not yet right; the mistake is not known, since only a progress file came in"
ANSWERED_WRONG = "answered wrong"
UNNAMED = "another fault"
SAID = "The check said, to {count} of them: {words}"
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z`])")
RUBRIC = "Its rubric says, line by line, what is missing."


@dataclass(frozen=True)
class Point:
    """Something to talk about: a mistake, and who makes it.

    Attributes
    ----------
    id, title : str
        Of the exercise.
    mistake : str
        As the course calls it; empty where it has no name for it.
    head : str
        What is wrong, in a sentence.
    hint : str
        How the hint of the mistake goes on, or what the judge says.
    learners : tuple of str
    """

    id: str
    title: str
    mistake: str
    head: str
    hint: str
    learners: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name that the course has for the mistake, where the head is another."""
        return self.mistake if self.mistake != self.head else ""

    @property
    def count(self) -> int:
        """How many make it."""
        return len(self.learners)


@dataclass(frozen=True)
class Lesson:
    """What is known of one lesson.

    Attributes
    ----------
    number, title : str
    items : mapping
        Its exercises and questions by id.
    learners : sequence of str
        Those who have handed in something of it.
    states : mapping
        By name and id.
    minutes : mapping
        By name, where known.
    """

    number: str
    title: str
    items: Mapping[str, Any]
    learners: Sequence[str]
    states: Mapping[str, Mapping[str, str]]
    minutes: Mapping[str, float]

    def state(self, name: str, id: str) -> str:
        """Return how an exercise stands."""
        return self.states[name].get(id, NOT_KNOWN)

    def count(self, id: str, state: str) -> int:
        """Return for how many an exercise stands so."""
        return sum(self.state(name, id) == state for name in self.learners)

    def right(self, name: str) -> int:
        """Return how many exercises and questions of it somebody has right."""
        return sum(self.state(name, id) == PASSED for id in self.items)

    @property
    def usual_minutes(self) -> float | None:
        """The median of the minutes that are known."""
        return median(self.minutes.values()) if self.minutes else None


@dataclass(frozen=True)
class Results:
    """All that a report says.

    Attributes
    ----------
    names : sequence of str
        Of all learners, as they are shown.
    lessons : sequence of Lesson
    points : sequence of Point
        Most frequent first.
    others : sequence of Point
        Wrong answers that make no known mistake, with the words of the judge.
    troubles : sequence of Trouble
    talk : sequence of Point
        What to talk about, most frequent first.
    """

    names: Sequence[str]
    lessons: Sequence[Lesson]
    points: Sequence[Point]
    others: Sequence[Point]
    troubles: Sequence[Trouble]
    talk: Sequence[Point]

    def of(self, id: str) -> list[Point]:
        """Return what there is to be said about one exercise."""
        return [point for point in (*self.points, *self.others) if point.id == id]


def results(
    learners: Mapping[str, Learner],
    judged: Mapping[str, Mapping[str, Outcome]],
    troubles: Sequence[Trouble],
    *,
    anonymous: bool = False,
) -> Results:
    """Return what a report says.

    Parameters
    ----------
    learners : mapping
    judged : mapping
        The outcome of each exercise, by learner.
    troubles : sequence
    anonymous : bool
        Whether to put numbers, drawn anew each time, in the place of names.
    """
    shown = _shown(learners, anonymous)
    merged = {
        shown[name]: _merged(learner, judged.get(name, {}))
        for name, learner in learners.items()
    }
    named = {shown[name]: learner for name, learner in learners.items()}
    if anonymous:
        merged = {name: merged[name] for name in sorted(merged, key=_number)}
        troubles = [
            Trouble(
                Path(), one.words if one.learner else "", shown.get(one.learner, "")
            )
            for one in troubles
        ]
    points, others = _points(merged)
    lessons = [_lesson(part, merged, named) for part in PARTS]
    seen = [lesson for lesson in lessons if lesson.learners]
    talk = sorted([*points, *_unnamed(others, seen)], key=lambda p: -p.count)
    return Results([*merged], seen, points, others, troubles, talk)


def _shown(learners: Mapping[str, Learner], anonymous: bool) -> dict[str, str]:
    numbers = list(range(1, len(learners) + 1))
    random.SystemRandom().shuffle(numbers)
    return {
        name: f"learner {number}" if anonymous else name
        for name, number in zip(learners, numbers, strict=True)
    }


def _number(name: str) -> int:
    return int(name.rpartition(" ")[2])


def _merged(learner: Learner, judged: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Return what is known: what was judged now, else what a progress file says."""
    kept = {id: Outcome(state) for id, state in learner.progress.items()}
    return {
        id: kept[id] if id in kept and outcome.state == NOT_TRIED else outcome
        for id, outcome in (kept | dict(judged)).items()
    }


def _lesson(
    part: str,
    merged: Mapping[str, Mapping[str, Outcome]],
    learners: Mapping[str, Learner],
) -> Lesson:
    """Return what is known of a lesson: columns for what somebody has handed in."""
    number = part.removeprefix("lesson_") if part in PARTS[1:] else START
    known = exercises_of(part)
    came = {id for outcomes in merged.values() for id in outcomes if id in known}
    items = {
        id: item
        for id, item in known.items()
        if id in came or (came and isinstance(item, Exercise))
    }
    states = {
        name: _states(outcomes, items, learners[name])
        for name, outcomes in merged.items()
        if outcomes.keys() & items.keys()
    }
    return Lesson(
        number,
        lesson_titles().get(number, "Start here"),
        items,
        [*states],
        states,
        {
            n: learners[n].minutes[number]
            for n in states
            if number in learners[n].minutes
        },
    )


def _states(
    outcomes: Mapping[str, Outcome], items: Mapping[str, Any], learner: Learner
) -> dict[str, str]:
    """Return how each item of a lesson stands; notebooks do not tell of questions."""
    return {
        id: outcomes[id].state if id in outcomes else NOT_TRIED
        for id, item in items.items()
        if id in outcomes or learner.progress or isinstance(item, Exercise)
    }


def _points(
    merged: Mapping[str, Mapping[str, Outcome]],
) -> tuple[list[Point], list[Point]]:
    """Return the known mistakes, most frequent first, and the other wrong answers."""
    who: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name, outcomes in merged.items():
        for id, outcome in outcomes.items():
            if outcome.state in (WRONG, UNKNOWN):
                words = "" if outcome.mistake else outcome.words
                who[id, outcome.mistake, words].append(name)
    items = {id: item for part in PARTS for id, item in exercises_of(part).items()}
    found = [
        _point(items[id], mistake, words, names)
        for (id, mistake, words), names in who.items()
    ]
    place = [*items].index
    found.sort(key=lambda point: (-point.count, place(point.id), point.mistake))
    return [p for p in found if p.mistake], [p for p in found if not p.mistake]


def _point(item: Any, mistake: str, words: str, names: Sequence[str]) -> Point:
    """Return what there is to say of one mistake, or of one other wrong answer."""
    if isinstance(item, Exercise):
        hints = {known.name: known.hint for known in item.mistakes}
        head, hint = UNNAMED, words or SEEN
        if mistake in hints:
            head, *rest = SENTENCE.split(hints[mistake], maxsplit=1)
            hint = "".join(rest)
    elif isinstance(item, Capstone):
        head, hint = UNNAMED, words or RUBRIC
    else:
        mistake, head, hint = ANSWERED_WRONG, ANSWERED_WRONG, _reply(item)
    return Point(item.id, item.title, mistake, head, hint, tuple(names))


def _unnamed(others: Sequence[Point], lessons: Sequence[Lesson]) -> Iterator[Point]:
    """Yield each exercise that most who tried it have wrong in ways without a name."""
    tried = {
        id: sum(lesson.count(id, state) for state in (PASSED, WRONG, UNKNOWN))
        for lesson in lessons
        for id in lesson.items
    }
    of: dict[str, list[Point]] = defaultdict(list)
    for point in others:
        if point.hint != SEEN:
            of[point.id].append(point)
    for id, points in of.items():
        who = tuple(name for point in points for name in point.learners)
        if 1 < len(who) > tried[id] / 2:
            words = SAID.format(count=points[0].count, words=points[0].hint)
            yield replace(points[0], hint=words, learners=who)


def _reply(item: Question | Guess | Card) -> str:
    """Return what is asked, the right answer, and what is said to it."""
    if isinstance(item, Question):
        answer, reply = item.options[item.right]
        return f"{item.prompt} Right is: {answer}. {reply}"
    if isinstance(item, Guess):
        return f"{item.prompt} Right is: {item.right:.4g}. {item.right_says}"
    return f"{item.prompt} It is a {item.right}. {item.statement}"
