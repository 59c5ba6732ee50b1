"""What the answers of an exam are worth: right or wrong, and sure or unsure."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from rnncourse.checking.questions import Card
from rnncourse.checking.reports import COLOURS, PASSED, WRONG, card_style
from rnncourse.exam.draw import Exam, lesson_of
from rnncourse.shared.wording import count, fixed, whole_percent

__all__ = ["LETTERS", "NONE", "Marked", "Marks", "mark", "read"]

LETTERS = {  # of an answer: what was said, and was it sure?
    "M": ("myth", True),
    "m": ("myth", False),
    "F": ("fact", True),
    "f": ("fact", False),
}
NONE = "-"
POINTS = {(True, True): 2, (True, False): -4, (False, True): 1, (False, False): -1}
CELL = 'style="text-align: left; vertical-align: top; white-space: normal"'
RULE = (
    "Sure and right gives 2 points, sure and wrong takes 4; unsure and right gives 1, "
    "unsure and wrong takes 1. So whoever guesses, and says so, gets 0 on average, and "
    "it pays to be sure where you would be right more than three times in four."
)


@dataclass(frozen=True)
class Marked:
    """A card of an exam, with the letter of the answer that it got."""

    number: int
    card: Card
    letter: str

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.letter != NONE

    @property
    def sure(self) -> bool:
        """Whether the answer was sure."""
        return self.answered and LETTERS[self.letter][1]

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.answered and LETTERS[self.letter][0] == self.card.right

    @property
    def points(self) -> int:
        """What the answer is worth: `RULE` says it in words."""
        return POINTS[self.sure, self.right] if self.answered else 0

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        if self.right:
            return "right"
        if not self.answered:
            return "no answer"
        return "sure and wrong" if self.sure else "unsure and wrong"

    @property
    def back(self) -> str:
        """Where to go back to."""
        return f'lesson {lesson_of(self.card)}, myth_card("{self.card.id}")'


KINDS = {
    "sure and wrong": "Talk about these: what one is sure of, one does not look up.",
    "unsure and wrong": "Your doubt was right.",
    "no answer": "",
}


@dataclass(frozen=True)
class Marks:
    """The result of an exam; a notebook shows it as a table, a terminal as text."""

    seed: int
    rows: tuple[Marked, ...]

    @property
    def points(self) -> int:
        """The sum of the points."""
        return sum(row.points for row in self.rows)

    @property
    def letters(self) -> str:
        """The answers, a letter a card."""
        return "".join(row.letter for row in self.rows)

    def of(self, kind: str) -> list[Marked]:
        """Return the rows of one kind, such as "sure and wrong"."""
        return [row for row in self.rows if row.kind == kind]

    def said(self, sure: bool) -> list[Marked]:
        """Return the rows whose answer was sure, or those whose answer was not."""
        return [row for row in self.rows if row.answered and row.sure == sure]

    @property
    def lines(self) -> list[str]:
        """The result in sentences."""
        right, total = len(self.of("right")), len(self.rows)
        points = f"points: {fixed(self.points, 0)} of {2 * total}"
        said = f"{right} of {total} right; {points}. {self._trust()} {self._doubt()}"
        return [said.strip(), RULE]

    def _trust(self) -> str:
        sure = self.said(True)
        if not sure:
            return "You were never sure."
        share = sum(row.right for row in sure) / len(sure)
        verdict = (
            "your sure is worth something"
            if share > 0.75
            else "you were sure more often than you knew"
        )
        return f"Sure {_times(sure)} ({whole_percent(share)}): {verdict}."

    def _doubt(self) -> str:
        unsure = self.said(False)
        if not unsure:
            return ""
        share = sum(row.right for row in unsure) / len(unsure)
        verdict = (
            "you may trust yourself more" if share > 0.75 else "you were right to doubt"
        )
        return f"Unsure {_times(unsure)} ({whole_percent(share)}): {verdict}."

    def __repr__(self) -> str:
        return "\n".join([f"Myth exam, seed {self.seed}", *self.lines, *self._text()])

    def _text(self) -> Iterator[str]:
        for kind, words in KINDS.items():
            rows = self.of(kind)
            if rows:
                yield f"\n{kind.capitalize()}: {len(rows)}. {words}".rstrip()
            for row in rows:
                yield f"{row.number:2}. {row.card.prompt}"
                yield f"    A {row.card.right}. {row.card.statement}"
                yield f"    Back to {row.back}"

    def _repr_html_(self) -> str:
        parts = [f"<div>{_safe(line)}</div>" for line in self.lines]
        for kind, words in KINDS.items():
            rows = "".join(map(_row, self.of(kind)))
            if rows:
                parts.append(
                    f"<div><b>{kind.capitalize()}.</b> {words}</div>"
                    f'<table style="width: 100%">{rows}</table>'
                )
        colour = COLOURS[WRONG if self.of("sure and wrong") else PASSED]
        return (
            f'<div role="status" style="{card_style(colour)}; max-width: 830px">'
            f"<b>Myth exam, seed {self.seed}</b>{''.join(parts)}</div>"
        )


def mark(exam: Exam, answers: str) -> Marks:
    """Return the result of an exam.

    Raises
    ------
    ValueError
        If the answers are not one letter a card.
    """
    letters = read(answers, len(exam.cards))
    rows = zip(exam.cards, letters, strict=True)
    marked = (Marked(n, card, letter) for n, (card, letter) in enumerate(rows, 1))
    return Marks(exam.seed, tuple(marked))


def read(answers: str, cards: int) -> str:
    """Return answers without their blanks, if they are one letter a card.

    >>> read("MmFf -", 5)
    'MmFf-'
    """
    letters = "".join(answers.split()) if isinstance(answers, str) else ""
    unknown = sorted(set(letters) - {*LETTERS, NONE})
    if unknown or len(letters) != cards:
        got = f"{unknown[0]!r} among them" if unknown else f"{len(letters)} of them"
        got = got if isinstance(answers, str) else repr(answers)
        raise ValueError(
            f"answers must be {cards} letters, got {got}; M is myth, F is fact, m and "
            f"f are the same but unsure, {NONE} is no answer"
        )
    return letters


def _times(rows: list[Marked]) -> str:
    right = sum(row.right for row in rows)
    return f"{count(len(rows), 'time')}, {right} of them right"


def _row(row: Marked) -> str:
    cells = (
        f"{row.number}",
        _safe(row.card.prompt),
        f"<b>A {row.card.right}.</b> {_safe(row.card.statement)}",
        '<span style="white-space: nowrap">'
        f"lesson {lesson_of(row.card)}<br>card {row.card.id}</span>",
    )
    return "<tr>" + "".join(f"<td {CELL}>{cell}</td>" for cell in cells) + "</tr>"


def _safe(text: str) -> str:
    return html.escape(text, quote=False)
