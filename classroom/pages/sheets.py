"""The teacher's sheet of a lesson: what to ask, where they get stuck, what to leave."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import jinja2
from markupsafe import Markup

from classroom.pages.converting import TEMPLATES, right, why
from classroom.pages.formulas import display
from classroom.pages.lessons import Lesson
from classroom.pages.plan import minutes, own_words, plan, skippable, stretches
from rnncourse.catalogue import Item
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["sheet"]

PROMISE = re.compile(r"^> \*\*The promise\.\*\* ((?:.*\n)(?:>.*\n?)*)", re.MULTILINE)
SENTENCE = re.compile(r"(?<=[.?!:]) (?=[A-Z])")
CODE = re.compile(r"`([^`]+)`")
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


def sheet(lesson: Lesson) -> str:
    """Return the sheet of a lesson or capstone as a page of HTML, answers included."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["words"] = words
    items = [item for section in lesson.sections for item in section.items]
    return environment.get_template("sheet/index.html.j2").render(
        lesson=lesson,
        minutes=minutes(lesson),
        promise=promise(lesson),
        plan=plan(lesson),
        votes=list(votes(lesson)),
        board=[
            (section.title, Markup(display(latex)))
            for section in [*lesson.sections, *lesson.afterwards]
            for latex in section.formulas
        ],
        exercises=[item for item in items if isinstance(item, Exercise)],
        rubrics=[item for item in items if isinstance(item, Capstone)],
        first_sentence=first_sentence,
        own_words=own_words(lesson),
        stretches=stretches(lesson),
        skippable=skippable(lesson)[:LEFT_OUT],
    )


def words(text: str) -> Markup:
    """Return plain words as HTML, with what is in backticks as code."""
    return Markup(CODE.sub(r"<code>\1</code>", html.escape(str(text), quote=False)))


def first_sentence(text: str) -> str:
    """Return the first sentence: of a hint, what is wrong.

    >>> first_sentence("You have 1 - h. But tanh is flat at both ends.")
    'You have 1 - h.'
    """
    return SENTENCE.split(text)[0]


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
                "",
                explorer.claim,
            )
        for item in section.items:
            if not isinstance(item, Exercise | Capstone):
                yield _vote(item)


def _vote(item: Item) -> Vote:
    choices: tuple[str, ...] = ()
    watch = ""
    if isinstance(item, Question):
        choices = tuple(text for text, _ in item.choices)
    if isinstance(item, Guess) and item.known:
        watch = "Known wrong answers: " + " ".join(
            f"{number:g}: {first_sentence(reply)}" for number, reply in item.known
        )
    if isinstance(item, Card) and not item.truth:
        watch = "“Fact” is the common misconception."
    return Vote(item.id, item.prompt, choices, right(item), why(item), watch)
