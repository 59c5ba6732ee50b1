"""The myth exam: what a seed draws, what answers are worth, the desk, the sheet."""

from __future__ import annotations

import json
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest

from rnncourse.checking import progress_file
from rnncourse.exam import Desk, mark_exam, myth_exam
from rnncourse.exam.__main__ import main
from rnncourse.exam.draw import draw, lessons_in, lot, pool
from rnncourse.exam.marks import LETTERS, mark
from rnncourse.exam.sheet import page, text

SEEDS = range(400)
SEED = 7


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "progress.json"))


def right_letters(sure: bool) -> str:
    letters = "".join(card.right[0] for card in draw(SEED).cards)
    return letters.upper() if sure else letters


def test_a_seed_draws_twenty_different_cards_with_eight_to_twelve_facts() -> None:
    facts: Counter[int] = Counter()
    for seed in SEEDS:
        cards = draw(seed).cards
        assert len({card.id for card in cards}) == 20
        facts[sum(card.truth for card in cards)] += 1
    assert set(facts) == {8, 9, 10, 11, 12}
    assert min(facts.values()) > len(SEEDS) / 10


def test_every_card_of_every_lesson_is_drawn_by_some_seed_and_no_other() -> None:
    drawn = Counter(card.id for seed in SEEDS for card in draw(seed).cards)
    assert set(drawn) == set(pool())
    lessons = {lesson for lesson, _ in pool().values()}
    assert lessons == {f"{number:02}" for number in range(len(lessons))}


def test_facts_stand_anywhere_on_the_sheet() -> None:
    """Else the place would tell the answer."""
    truths = np.array([[card.truth for card in draw(seed).cards] for seed in SEEDS])
    assert abs(truths.mean(axis=0) - truths.mean()).max() < 0.1
    assert abs(np.corrcoef(truths.T) - np.eye(20)).max() < 0.25


def test_a_seed_means_the_same_on_every_computer() -> None:
    """The number is that of `printf '7 facts' | sha256sum`."""
    assert f"{lot('7 facts'):x}".startswith("e15b0140b01c")
    whole: Any = np.int64(SEED)
    assert draw(whole) == draw(SEED)


@pytest.mark.parametrize("seed", [-1, 10**9, 7.0, "7", None, True])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    with pytest.raises(ValueError, match=r"seed must be a whole number from 0 to"):
        myth_exam(seed)


def test_an_answer_is_worth_what_the_rule_says() -> None:
    exam = draw(SEED)
    worth = {}
    for letter in (*LETTERS, "-"):
        for row in mark(exam, letter * 20).rows:
            right = letter != "-" and letter.upper() == row.card.right[0].upper()
            assert row.right == right
            worth[letter.isupper(), right, letter == "-"] = row.points
    assert worth == {
        (True, True, False): 2,
        (True, False, False): -4,
        (False, True, False): 1,
        (False, False, False): -1,
        (False, False, True): 0,
    }
    for share in (0.5, 0.7, 0.8, 1.0):
        sure, unsure = (
            share * worth[k, True, False] + (1 - share) * worth[k, False, False]
            for k in (True, False)
        )
        assert (sure > unsure) == (share > 0.75)
        assert share > 0.5 or unsure == 0


def test_what_was_sure_and_wrong_comes_first_with_its_lesson() -> None:
    letters, cards = [*right_letters(sure=True)], draw(SEED).cards
    wrong = {"myth": "F", "fact": "M"}
    letters[3] = letters[3].lower()
    letters[8] = wrong[cards[8].right]
    letters[12] = wrong[cards[12].right].lower()
    letters[15] = "-"
    marks = mark_exam(SEED, "".join(letters))
    assert [row.number for row in marks.of("sure and wrong")] == [9]
    assert [row.number for row in marks.of("unsure and wrong")] == [13]
    assert [row.number for row in marks.of("no answer")] == [16]
    assert marks.points == 16 * 2 + 1 - 4 - 1
    lesson, card = pool()[cards[8].id]
    for shown in (repr(marks), marks._repr_html_()):
        assert shown.index("Sure and wrong") < shown.index("Unsure and wrong")
        assert f"lesson {lesson}" in shown
        assert card.statement.split("<")[0][:40] in shown
        assert "Sure 17 times, 16 of them right (94 %)" in shown
        assert "Unsure 2 times, 1 of them right (50 %)" in shown


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (right_letters(sure=True), "your sure is worth something."),
        ("M" * 20, "you were sure more often than you knew."),
        ("m" * 20, "you were right to doubt."),
        (right_letters(sure=False), "you may trust yourself more."),
        ("-" * 20, "You were never sure."),
    ],
)
def test_how_well_sure_was_calibrated_is_said(letters: str, said: str) -> None:
    assert said in repr(mark_exam(SEED, letters))


@pytest.mark.parametrize(
    ("answers", "got"),
    [
        ("MmFf", "4 of them"),
        ("M" * 21, "21 of them"),
        ("X" * 20, "'X' among them"),
        ("M" * 19 + "—", "'—' among them"),
        (None, "None"),
        (["M"] * 20, r"\['M', 'M'"),
    ],
)
def test_answers_that_are_none_are_refused(answers: Any, got: str) -> None:
    with pytest.raises(ValueError, match=f"must be 20 letters, got {got}"):
        mark_exam(SEED, answers)


def test_twenty_presses_and_the_result_is_there() -> None:
    desk = myth_exam(SEED)
    for letter in right_letters(sure=True):
        desk.answers[letter].click()
    assert desk._result.value == ""
    desk.finish.click()
    assert "20 of 20 right; points: 40 of 40" in desk._result.value
    assert all(press.disabled for press in desk.answers.values())
    desk.answers["m"].click()
    assert desk.marks.points == 40


def test_an_exam_goes_on_where_it_was_left() -> None:
    desk = myth_exam(SEED)
    for letter in "MfF":
        desk.answers[letter].click()
    desk.on.click()
    desk.answers["m"].click()
    again = myth_exam(SEED)
    assert again.marks.letters == "MfF-m" + "-" * 15
    assert "card 4 of 20, 16 to answer" in again._card.value
    again.back.click()
    assert [k for k, press in again.answers.items() if "✔" in press.description] == [
        "F"
    ]
    again.answers["M"].click()
    assert myth_exam(SEED).marks.letters == "MfM-m" + "-" * 15
    assert myth_exam(SEED + 1).marks.letters == "-" * 20
    again.again.click()
    assert myth_exam(SEED).marks.letters == "-" * 20


def test_who_has_not_answered_is_told_which() -> None:
    desk = myth_exam(SEED)
    desk.on.click()
    for letter in "MF":
        desk.answers[letter].click()
    desk.finish.click()
    assert "No answer yet: 1, 4, 5" in desk._note.value
    assert desk._result.value == ""


def test_all_is_done_with_the_keyboard_alone() -> None:
    """Buttons take the tabulator and the space bar."""
    desk = myth_exam(SEED)
    controls = [part for row in desk.children for part in getattr(row, "children", ())]
    assert len(controls) == 8
    assert all(isinstance(control, widgets.Button) for control in controls)
    assert desk.back.disabled
    assert 'role="status"' in desk._card.value


@pytest.mark.parametrize(
    "kept", ["", "[]", "null", '{"A5": 3}', '{"A5": "MF"}', "\xff"]
)
def test_a_file_that_nobody_understands_holds_no_answers(kept: str) -> None:
    path = progress_file.place()
    path.with_name(f"{path.name}.exam-{SEED}").write_bytes(kept.encode("latin-1"))
    desk = myth_exam(SEED)
    assert desk.marks.letters == "-" * 20
    desk.answers["F"].click()
    assert myth_exam(SEED).marks.letters == "F" + "-" * 19


def test_answers_stay_with_their_cards_when_the_course_has_new_ones() -> None:
    path = progress_file.place()
    cards = draw(SEED).cards
    kept = {cards[4].id: "M", "Z99": "F"}
    path.with_name(f"{path.name}.exam-{SEED}").write_text(json.dumps(kept))
    assert myth_exam(SEED).marks.letters == "----M" + "-" * 15


def test_what_cannot_be_kept_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "file" / "progress.json"))
    desk = myth_exam(SEED)
    desk.answers["F"].click()
    assert "could not be kept" in desk._note.value
    assert desk.marks.letters[0] == "F"


def test_where_no_widget_runs_all_cards_stand_there_and_no_answer() -> None:
    bundle = Desk(draw(SEED))._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for shown in (bundle["text/plain"], bundle["text/html"]):
        assert f'mark_exam({SEED}, "' in shown
        for card in draw(SEED).cards:
            assert card.claim[:30] in shown
            assert card.statement[:30] not in shown


class Tags(HTMLParser):
    """Collects what is open, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.addresses: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.addresses += [v for name, v in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("answers", [False, True])
def test_the_page_is_whole_and_loads_nothing(answers: bool) -> None:
    for seed in range(5):
        tags = Tags()
        tags.feed(page(draw(seed), answers=answers))
        assert tags.open == tags.addresses == []
        assert tags.seen["li"] == 20


def test_the_sheet_of_a_class_tells_no_answer_and_that_of_its_teacher_all() -> None:
    exam = draw(SEED)
    for show in (text, page):
        for_class, for_teacher = (
            " ".join(show(exam).split()),
            show(exam, answers=True),
        )
        for_teacher = " ".join(for_teacher.split())
        assert for_class.count("[ ] myth") in (20, 0)
        for card in exam.cards:
            assert card.statement[:25] not in for_class
            lesson, _ = pool()[card.id]
            assert f"(Lesson {lesson}, card {card.id}.)" in for_teacher
        for word, truth in (("MYTH. ", False), ("FACT. ", True)):
            count = sum(card.truth == truth for card in exam.cards)
            assert for_teacher.count(word) == count


def test_the_command_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exam = draw(SEED)
    assert main(["--seed", "7", "--answers"]) == 0
    assert capsys.readouterr().out == text(exam, answers=True)
    path = tmp_path / "sheet.html"
    assert main(["--seed", "7", "--html", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == page(exam)


def test_lessons_that_are_named_give_the_cards_and_no_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    of_five = [id for id, (lesson, _) in pool().items() if lesson <= "04"]
    assert lessons_in("0-4") == lessons_in("00-04") == ("00", "01", "02", "03", "04")
    exam = draw(SEED, lessons_in("00-04"))
    assert sorted(card.id for card in exam.cards) == sorted(of_five)
    lessons = lessons_in("05-09,13")
    assert lessons == ("05", "06", "07", "08", "09", "13")
    for seed in range(50):
        cards = draw(seed, lessons).cards
        assert len({card.id for card in cards}) == 20
        assert {pool()[card.id][0] for card in cards} <= set(lessons)
        assert 8 <= sum(card.truth for card in cards) <= 12
    assert main(["--seed", "7", "--lessons", "00-04"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Myth exam, seed 7, lessons 00, 01, 02, 03, 04\n")
    assert f"Each of these {len(of_five)} claims" in said
    assert "are facts." not in said


def test_a_class_writes_its_name_on_a_line_and_reads_what_sure_is_worth() -> None:
    exam = draw(SEED)
    for sheet in (text(exam), page(exam)):
        words = " ".join(sheet.split())
        first = exam.cards[0].prompt[:25]
        places = [words.index(w) for w in ("Name: ___", "Sure and right", first)]
        assert places == sorted(places)
        assert "8 to 12 of them are facts." in words


def test_a_page_takes_the_place_of_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("my page")
    with pytest.raises(SystemExit):
        main(["--seed", "7", "--html", str(mine)])
    assert "needs a new name that ends in .html" in capsys.readouterr().err
    assert mine.read_text() == "my page"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "required: --seed"),
        (["--seed", "x"], "invalid int value: 'x'"),
        (["--seed", "-7"], "seed must be a whole number from 0 to 999,999,999, got -7"),
        (
            ["--seed", "7", "--html", "no/such/folder.html"],
            "cannot be written: No such",
        ),
        (["--seed", "7", "--html", "sheet.txt"], "a new name that ends in .html, got"),
        (["--seed", "7", "--answer-key"], "unrecognized"),
        (
            ["--seed", "7", "--lessons", "00,2"],
            "8 cards or more, got 3 of 00, 02; name",
        ),
        (["--seed", "7", "--lessons", "00-40"], "00 to 13, got '00-40'; type as in"),
        (["--seed", "7", "--lessons", "four"], "00 to 13, got 'four'"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert said in capsys.readouterr().err
