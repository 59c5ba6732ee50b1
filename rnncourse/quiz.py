"""Questions and myth cards as widgets: choose, answer, read why."""

import html
import os
from typing import Any

import ipywidgets as widgets

from rnncourse.catalogue import exercise
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.checking.reports import card_style
from rnncourse.commands import report_on
from rnncourse.exploring.cells import OfCell
from rnncourse.exploring.controls import LogSlider, Slider
from rnncourse.exploring.fitting import WIDTH, button

__all__ = ["Quiz", "myth_card", "quiz"]


class Quiz(OfCell):
    """A question, a way to answer it with the keyboard alone, and the feedback.

    Where widgets cannot run, the question stands there with its answers, and with the
    call that takes one.

    Attributes
    ----------
    answer : widget
        Radio buttons, a slider, or a logarithmic slider.
    button : Button
    feedback : HTML
    """

    def __init__(self, item: Question | Guess | Card) -> None:
        self._item = item
        self.answer = _guess(item) if isinstance(item, Guess) else _radio(item)
        self.button = button(
            "this is my answer", self._respond, align_self="flex-start"
        )
        self.feedback = widgets.HTML()
        super().__init__(
            [widgets.HTML(self._question()), self.answer, self.button, self.feedback],
            layout=widgets.Layout(width="100%", max_width=WIDTH, margin="4px 0"),
        )
        self.add_class("rnnlib-quiz")

    def _respond(self) -> None:
        try:
            report = report_on(self._item.id, self.answer.value)
            self.feedback.value = report._repr_html_()
        except Exception as error:
            self.feedback.value = html.escape(f"This could not be checked: {error}")
            if os.environ.get("RNNLIB_STRICT"):
                raise

    def _question(self) -> str:
        item = self._item
        return (
            f'<div style="{card_style()}">'
            f"<b>{html.escape(self._head())}</b> "
            f"{html.escape(item.prompt, quote=False)}</div>"
        )

    def __repr__(self) -> str:
        head = f"{self._head()} {self._item.prompt}"
        return "\n".join([head, *self._choices(), self._call()])

    def _head(self) -> str:
        title = self._item.title
        return f"{self._item.id} · {title}{'' if title.endswith('?') else '.'}"

    def _choices(self) -> list[str]:
        item = self._item
        if isinstance(item, Guess):
            return [f"a number from {item.low:g} to {item.high:g}"]
        return [words for words, _ in item.choices]

    def _call(self) -> str:
        example = '"myth"' if isinstance(self._item, Card) else '"a"'
        if isinstance(self._item, Guess):
            example = f"{self._item.low:g}"
        return f'Answer here, or with check("{self._item.id}", {example}).'

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the widget, and the question as text for where no widget runs."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        lines = "".join(
            f"<div>{html.escape(line, quote=False)}</div>"
            for line in (*self._choices(), self._call())
        )
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = self._question() + lines
        return bundle


def quiz(id: str) -> Quiz:
    """Return the widget of a question.

    Raises
    ------
    ValueError
        If there is no such question.
    """
    item = exercise(id)
    if isinstance(item, Exercise | Capstone):
        kind = "function" if isinstance(item, Exercise) else "record"
        raise ValueError(f'{item.id} is answered with a {kind}: check("{item.id}", …)')
    return Quiz(item)


def myth_card(id: str) -> Quiz:
    """Return the widget of a claim that is a myth or a fact.

    Raises
    ------
    ValueError
        If there is no such card.
    """
    item = exercise(id)
    if not isinstance(item, Card):
        raise ValueError(
            f"{item.id} is no myth card; a card's id is a letter and a number"
        )
    return Quiz(item)


def _radio(item: Question | Card) -> widgets.RadioButtons:
    return widgets.RadioButtons(
        options=item.choices,
        value=None,
        layout=widgets.Layout(width="auto", margin="2px 0 2px 14px"),
    )


def _guess(item: Guess) -> Any:
    """Return a slider that opens at its low end, so as not to tell the answer."""
    if item.ratio:
        return LogSlider("my guess", item.low, item.high, item.low).widget()
    step = (item.high - item.low) / 200
    digits = ".0f" if step.is_integer() else ".3g"
    return Slider("my guess", item.low, item.high, item.low, step, digits).widget()
