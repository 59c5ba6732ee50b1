"""Questions as widgets: they answer, and stand still where no widget runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rnncourse import myth_card, quiz
from rnncourse.catalogue import exercises, exercises_of
from rnncourse.checking import progress_file
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.checking.reports import PASSED, WRONG
from rnncourse.quiz import Quiz

ASKED = Question, Guess, Card
ITEMS = [item for item in exercises().values() if isinstance(item, ASKED)]
each_item: Any = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "progress.json"))


@each_item
def test_the_right_answer_is_praised_and_stored(item: Any) -> None:
    widget = quiz(item.id)
    widget.answer.value = item.right
    widget.button.click()
    assert item.judge(item.right).head in widget.feedback.value
    assert progress_file.read() == {item.id: PASSED}


@each_item
def test_a_wrong_answer_is_answered_and_does_not_raise(item: Any) -> None:
    widget = quiz(item.id)
    wrong = {key for _, key in getattr(item, "choices", ())} - {item.right}
    widget.answer.value = item.low if isinstance(item, Guess) else wrong.pop()
    widget.button.click()
    assert 'role="status"' in widget.feedback.value
    assert progress_file.read() == {item.id: WRONG}


@each_item
def test_nothing_is_chosen_when_it_opens(item: Any) -> None:
    widget = quiz(item.id)
    if not isinstance(item, Guess):
        widget.button.click()
        assert "not tried yet" in widget.feedback.value
    assert progress_file.read() == {}


@each_item
def test_where_no_widget_runs_the_question_stands_there(item: Any) -> None:
    bundle = quiz(item.id)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for text in (bundle["text/plain"], bundle["text/html"]):
        assert item.id in text
        assert f'check("{item.id}"' in text
    assert bundle["text/plain"] == repr(quiz(item.id))


def test_a_card_is_a_quiz_and_a_function_is_none() -> None:
    card = next(item for item in ITEMS if isinstance(item, Card))
    assert isinstance(myth_card(card.id), Quiz)
    with pytest.raises(ValueError, match="answered with a function"):
        quiz("04.2")
    with pytest.raises(ValueError, match="is no myth card"):
        myth_card("04.2")


def test_an_error_is_shown_in_words_and_raised_where_it_must_not_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widget = quiz("A17")
    monkeypatch.setattr(Card, "judge", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        widget._respond()  # a click would only log what is raised
    assert "could not be checked: division by zero" in widget.feedback.value


@pytest.mark.parametrize(
    "lesson",
    [f"lesson_{n}" for n in ("05", "08", "09", "10", "11", "12")],
)
def test_about_four_in_ten_cards_are_facts(lesson: str) -> None:
    """Else one answer would always be right."""
    cards = [item for item in exercises_of(lesson).values() if isinstance(item, Card)]
    assert 0.3 <= sum(card.truth for card in cards) / len(cards) <= 0.5
