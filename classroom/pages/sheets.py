"""The teacher's sheet of a lesson: what to ask, where they get stuck, what to leave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from classroom.pages.converting import TEMPLATES
from classroom.pages.plan import own_words, plan, skippable, stretches
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question
from tools.pages.converting import SHARED, number, right, why
from tools.pages.filling import environment, words
from tools.pages.formulas import display
from tools.pages.lessons import Lesson

__all__ = ["index", "sheet"]

PROMISE = re.compile(r"^> \*\*The promise\.\*\* ((?:.*\n)(?:>.*\n?)*)", re.MULTILINE)
SENTENCE = re.compile(r"(?<=[.?!:]) (?=[A-Z])")
ROOM = 2150  # words to vote on and of hints: two pages of A4
LEFT_OUT = 2  # exercises that are named for a class that is late


@dataclass(frozen=True)
class Vote:
    """A question to vote on.

    Parameters
    ----------
    id, prompt, answer, why : str
    choices : tuple of str
        What one can vote for, as it is read out.
    watch : str
        Which wrong answer is a known one, and why it is given.
    """

    id: str
    prompt: str
    choices: tuple[str, ...]
    answer: str
    why: str
    watch: str = ""

    @property
    def length(self) -> int:
        """How many words it has."""
        told = [self.prompt, *self.choices, self.answer, self.why, self.watch]
        return len(" ".join(told).split())


def sheet(lesson: Lesson) -> str:
    """Return the sheet of a lesson or capstone as a page of HTML, answers included."""
    items = [item for section in lesson.sections for item in section.items]
    exercises = [item for item in items if isinstance(item, Exercise)]
    asked = list(votes(lesson))
    return (
        _environment()
        .get_template("sheet/index.html.j2")
        .render(
            lesson=lesson,
            minutes=lesson.minutes,
            promise=promise(lesson),
            plan=plan(lesson),
            votes=asked,
            board=[
                (section.title, Markup(display(latex)))
                for section in [*lesson.sections, *lesson.afterwards]
                for latex in section.formulas
            ],
            exercises=hints(exercises, ROOM - sum(vote.length for vote in asked)),
            rubrics=[item for item in items if isinstance(item, Capstone)],
            own_words=own_words(lesson),
            stretches=stretches(lesson),
            skippable=skippable(lesson)[:LEFT_OUT],
        )
    )


@cache
def _environment() -> Environment:
    made = environment(TEMPLATES, SHARED)
    made.filters["words"] = words
    return made


def begins(text: str, sentences: int = 1) -> str:
    """Return the first sentences of a text.

    >>> begins("You have 1 - h. But tanh is flat at both ends.")
    'You have 1 - h.'
    """
    return " ".join(SENTENCE.split(text)[:sentences])


def hints(
    exercises: Sequence[Exercise], room: int
) -> list[tuple[Exercise, list[tuple[str, str]]]]:
    """Return each exercise with its named mistakes, and what fits of their hints.

    `room` is how many words fit.
    """
    for sentences in (9, 3, 2, 1):
        found = [
            (
                item,
                [
                    (mistake.name, begins(mistake.hint, sentences))
                    for mistake in item.mistakes
                ],
            )
            for item in exercises
        ]
        told = " ".join(hint for _, mistakes in found for _, hint in mistakes)
        if len(told.split()) <= room:
            break
    return found


def promise(lesson: Lesson) -> str:
    """Return what the lesson promises, in plain words."""
    found = PROMISE.search(lesson.notebook.cells[0].source)
    told = " ".join(found[1].replace("\n>", " ").split()) if found else ""
    return told.replace("*", "")


def votes(lesson: Lesson) -> Iterator[Vote]:
    """Yield the questions to vote on, in the order of the lesson."""
    for section in lesson.sections:
        for explorer in section.explorers:
            question = explorer.question.removeprefix("Predict first: ")
            yield Vote(
                explorer.title,
                question[0].upper() + question[1:],
                (),
                explorer.answer,
                explorer.claim,
            )
        for item in section.items:
            if not isinstance(item, Exercise | Capstone):
                yield _vote(item)


def _vote(item: Question | Guess | Card) -> Vote:
    choices: tuple[str, ...] = ()
    watch = ""
    if isinstance(item, Question):
        choices = tuple(text for text, _ in item.choices)
    if isinstance(item, Guess) and item.known:
        watch = "Known wrong answers: " + " ".join(
            f"{number(guess)}: {begins(reply)}" for guess, reply in item.known
        )
    if isinstance(item, Card) and not item.truth:
        watch = "“Fact” is the common misconception."
    return Vote(item.id, item.prompt, choices, right(item), why(item), watch)


def index(lessons: Sequence[Lesson], folder: Path) -> str:
    """Return the page that leads to all pages of some lessons that are in a folder."""
    rows = [
        (lesson, [path for path in _pages(lesson) if (folder / path).exists()])
        for lesson in lessons
    ]
    return _environment().get_template("index.html.j2").render(rows=rows)


def _pages(lesson: Lesson) -> Iterator[str]:
    for kind in ("sheets", "slides", "handouts"):
        yield f"{kind}/{lesson.name}.html"
    yield f"handouts/{lesson.name}.pdf"
