"""The sheet of an exam: for the class, and with the answers for the teacher."""

import html
import textwrap
from collections.abc import Iterator

from rnncourse.checking.questions import Card
from rnncourse.exam.draw import Exam, lesson_of, span
from rnncourse.exam.marks import RULE

__all__ = ["page", "text"]

TASK = (
    "Each of these {count} claims is a myth or a fact. Tick what you think, and "
    "whether you are sure.{facts}"
)
NAME = f"Name: {50 * '_'}"
BOXES = ("myth", "fact", "sure", "unsure")
STYLE = """
body { font: 11pt/1.4 sans-serif; max-width: 19cm; margin: 1cm auto; color: #2b2b2b; }
li { margin: 0 0 0.5em; break-inside: avoid; }
.boxes span { display: inline-block; margin-right: 1.5em; }
.boxes i { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.4em;
  border: 1px solid #2b2b2b; }
.answer { color: #6b6b6b; }
@media print { body { margin: 0; } }
"""


def text(exam: Exam, *, answers: bool = False) -> str:
    """Return the sheet as text."""
    return "\n".join(_lines(exam, answers)) + "\n"


def _lines(exam: Exam, answers: bool) -> Iterator[str]:
    yield from (_title(exam, answers), "")
    if answers:
        yield from _wrapped(_counted(exam))
    else:
        yield from (NAME, "", *_wrapped(_task(exam)), "", *_wrapped(RULE))
    yield ""
    for number, card in enumerate(exam.cards, 1):
        yield from _wrapped(card.prompt, f"{number:2}. ")
        if answers:
            yield from _wrapped(_answer(card), "    ")
        else:
            yield "    " + "    ".join(f"[ ] {box}" for box in BOXES)
        yield ""
    if answers:
        yield from _wrapped(RULE)


def _wrapped(words: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        words, 84, initial_indent=first, subsequent_indent=" " * len(first)
    )


def page(exam: Exam, *, answers: bool = False) -> str:
    """Return the sheet as a page to print, with nothing to be loaded from elsewhere."""
    cards = "\n".join(f"<li>{_item(card, answers)}</li>" for card in exam.cards)
    title = html.escape(_title(exam, answers))
    task = html.escape(_counted(exam) if answers else _task(exam))
    rule = f"<p>{html.escape(RULE)}</p>\n"
    before = f"<p>{task}</p>\n" if answers else f"<p>{NAME}</p>\n<p>{task}</p>\n{rule}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n{before}<ol>\n{cards}\n</ol>\n"
        f"{rule if answers else ''}</body>\n</html>\n"
    )


def _item(card: Card, answers: bool) -> str:
    claim = html.escape(card.prompt)
    if answers:
        return f'{claim}<div class="answer">{html.escape(_answer(card))}</div>'
    boxes = "".join(f"<span><i></i>{box}</span>" for box in BOXES)
    return f'{claim}<div class="boxes">{boxes}</div>'


def _title(exam: Exam, answers: bool) -> str:
    of = f", lessons {', '.join(exam.lessons)}" if exam.lessons else ""
    return f"Myth exam, seed {exam.seed}{of}{': answers' if answers else ''}"


def _task(exam: Exam) -> str:
    """Return what is to be done; of some lessons, it tells no share of facts."""
    count = len(exam.cards)
    facts = "" if exam.lessons else " {} to {} of them are facts.".format(*span(count))
    return TASK.format(count=count, facts=facts)


def _counted(exam: Exam) -> str:
    facts = sum(card.truth for card in exam.cards)
    return f"{facts} of these {len(exam.cards)} claims are facts."


def _answer(card: Card) -> str:
    word = card.right.upper()
    return f"{word}. {card.statement} (Lesson {lesson_of(card)}, card {card.id}.)"
