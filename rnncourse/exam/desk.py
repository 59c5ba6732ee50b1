"""The exam as a widget: a card at a time, an answer a key press."""

import html
from typing import Any

import ipywidgets as widgets

from rnncourse.checking.reports import card_style
from rnncourse.exam import kept
from rnncourse.exam.draw import Exam
from rnncourse.exam.marks import LETTERS, NONE, Marks, mark
from rnncourse.exploring.cells import OfCell
from rnncourse.exploring.fitting import WIDTH, button

__all__ = ["Desk"]

CHOSEN = "✔ "


class Desk(OfCell):
    """The cards of an exam one after the other, and at the end the result.

    An answer is one press of a button; it is kept, and can be changed until the result
    is shown. Where widgets cannot run, all cards stand there, with the call that takes
    the answers.

    Attributes
    ----------
    answers : dict
        The four buttons, by the letters of `LETTERS`.
    back, on, finish, again : Button
    """

    def __init__(self, exam: Exam) -> None:
        self._exam, self._letters, self._at = exam, kept.read(exam), 0
        self._done = False
        self.answers = {
            letter: button("", lambda letter=letter: self._answer(letter))
            for letter in LETTERS
        }
        self.back = button("the card before", lambda: self._turn(-1))
        self.on = button("the next card", lambda: self._turn(1))
        self.finish = button("show my result", self._finish)
        self.again = button("begin again", self._again)
        self._card, self._note, self._result = (widgets.HTML() for _ in range(3))
        turning = [self.back, self.on, self.finish, self.again]
        rows = [self._card, _row([*self.answers.values()]), _row(turning)]
        super().__init__(
            [*rows, self._note, self._result],
            layout=widgets.Layout(width="100%", max_width=WIDTH, margin="4px 0"),
        )
        self.add_class("rnnlib-exam")
        self._at = self._open()[0] if self._open() else 0
        self._show()

    @property
    def marks(self) -> Marks:
        """The result of the answers so far."""
        return mark(self._exam, "".join(self._letters))

    def _open(self) -> list[int]:
        """Return the cards that have no answer yet, counted from 0."""
        return [k for k, letter in enumerate(self._letters) if letter == NONE]

    def _answer(self, letter: str) -> None:
        if self._done:
            return
        self._letters[self._at] = letter
        trouble = kept.write(self._exam, self._letters)
        self._turn(1 if self._at + 1 < len(self._letters) else 0, trouble)

    def _turn(self, by: int, note: str = "") -> None:
        self._at = min(max(self._at + by, 0), len(self._letters) - 1)
        self._show(note)

    def _finish(self) -> None:
        missing = ", ".join(str(k + 1) for k in self._open())
        if missing:
            self._show(f"No answer yet: {missing}. Guess, and call it unsure.")
            return
        self._done = True
        self._show()

    def _again(self) -> None:
        self._letters, self._at = [NONE] * len(self._letters), 0
        self._done = False
        self._show(kept.write(self._exam, self._letters))

    def _show(self, note: str = "") -> None:
        card, letter = self._exam.cards[self._at], self._letters[self._at]
        open_cards = len(self._open())
        left = f"{open_cards} to answer" if open_cards else "all answered"
        self._card.value = (
            f'<div role="status" style="{card_style()}; min-height: 88px">'
            f"<b>{self._head()} · card {self._at + 1} of {len(self._letters)}, {left}."
            f"</b><br>{_safe(card.prompt)}</div>"
        )
        for key, press in self.answers.items():
            press.description = f"{CHOSEN if key == letter else ''}{_words(key)}"
            press.disabled = self._done
        self.back.disabled = self._at == 0
        self.on.disabled = self._at + 1 == len(self._letters)
        self._note.value = f"<div role='status'>{_safe(note)}</div>" if note else ""
        self._result.value = self.marks._repr_html_() if self._done else ""

    def _head(self) -> str:
        return f"Myth exam, seed {self._exam.seed}"

    def _call(self) -> str:
        return (
            f'Answer here, or with mark_exam({self._exam.seed}, "MmFf…"): a letter a '
            "card, M for myth, F for fact, m and f where you are unsure."
        )

    def _claims(self) -> list[str]:
        cards = enumerate(self._exam.cards, 1)
        return [f"{number:2}. {card.prompt}" for number, card in cards]

    def __repr__(self) -> str:
        return "\n".join([f"{self._head()}.", *self._claims(), self._call()])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the widget, and all cards as text for where no widget runs."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        lines = [f"<b>{self._head()}</b>", *map(_safe, self._claims())]
        shown = "".join(f"<div>{line}</div>" for line in (*lines, self._call()))
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = f'<div style="{card_style()}">{shown}</div>'
        return bundle


def _words(letter: str) -> str:
    said, sure = LETTERS[letter]
    return f"{said}, {'sure' if sure else 'unsure'}"


def _row(buttons: list[widgets.Button]) -> widgets.Box:
    return widgets.Box(buttons, layout=widgets.Layout(flex_flow="row wrap"))


def _safe(text: str) -> str:
    return html.escape(text, quote=False)
