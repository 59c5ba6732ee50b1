"""Every question of the course is in each format once, and is marked as the course."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from classroom.quizzes.command import main
from classroom.quizzes.entries import Entry, Kind, entries
from classroom.quizzes.moodle import moodle
from classroom.quizzes.qti import QTI, identifier, item, package
from classroom.quizzes.sheet import sheet
from classroom.quizzes.texts import as_html
from rnncourse.catalogue import exercises
from rnncourse.checking.questions import Card, Guess, Question

HERE = Path(__file__).parent
ASKED = {
    id: one
    for id, one in exercises().items()
    if isinstance(one, Question | Guess | Card)
}
NUMBERS = [entry for entry in entries() if entry.kind is Kind.NUMBER]


def schema(name: str) -> Any:
    return etree.RelaxNG(etree.parse(HERE / name))


def tried(entry: Entry) -> Iterator[float]:
    """Yield numbers at, beside and far from all that decides about a guess."""
    bounds = entry.bounds
    assert bounds is not None
    known = [one.value for one in entry.answers if one.value is not None]
    edges = [bounds.low, bounds.lower, bounds.right, bounds.upper, bounds.high]
    yield from known
    yield bounds.right
    for number in edges:
        step = 1e-6 * max(1e-3, abs(number))
        yield from (number - step, number + step)
    yield from ((a + b) / 2 for a, b in pairwise(edges))


def expected(entry: Entry, number: float) -> tuple[bool, str]:
    report = ASKED[entry.id].judge(number)
    return report.passed, report.words


# ---------------------------------------------------------------- what is in them


def test_every_question_of_the_catalogue_is_there_once() -> None:
    assert [entry.id for entry in entries()] == [*ASKED]
    assert [entry.id for entry in entries("04")] == [
        id for id in ASKED if id in {"04.7", "04.8", "04.9", "04.10", "A16", "A17"}
    ]


def test_each_answer_gets_the_reply_of_the_course() -> None:
    for entry in entries():
        for answer in entry.answers if entry.bounds is None else ():
            report = ASKED[entry.id].judge(answer.key)
            assert (report.passed, report.words) == (answer.right, answer.reply)
        assert sum(answer.right for answer in entry.answers) == 1


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("at most (γ σ_max)^n", "at most (γ σ<sub>max</sub>)<sup>n</sup>"),
        ("dW_hh and h_{t-1}", "dW<sub>hh</sub> and h<sub>t−1</sub>"),
        ("`x_t < 3`", "<code>x_t &lt; 3</code>"),
        ("my_own and a < b & c", "my_own and a &lt; b &amp; c"),
        ("", ""),
    ],
)
def test_code_and_indices_become_markup(words: str, html: str) -> None:
    assert as_html(words) == html


# ------------------------------------------------------------------------- Moodle


def in_moodle() -> dict[str, Any]:
    """Return the questions of the file, read again, by their ids."""
    questions = etree.fromstring(moodle(entries())).findall("question")
    found = [one for one in questions if one.get("type") != "category"]
    ids = [one.findtext("idnumber") for one in found]
    assert len({*ids}) == len(ids) == len(found)
    return dict(zip(ids, found, strict=True))


def test_moodle_has_each_question_in_the_category_of_its_lesson() -> None:
    assert [*in_moodle()] == [*ASKED]
    root = etree.fromstring(moodle(entries("05")))
    first, *others = root.findall("question")
    assert first.findtext("category/text").endswith("/Lesson 05")
    assert [one.findtext("idnumber") for one in others] == [e.id for e in entries("05")]


def test_moodle_gives_all_points_to_one_answer_and_its_reply_to_each() -> None:
    read = in_moodle()
    for entry in entries():
        question = read[entry.id]
        assert question.findtext("name/text").startswith(entry.id)
        text = question.findtext("questiontext/text")
        assert as_html(entry.prompt) in text
        answers = question.findall("answer")
        if entry.kind is Kind.NUMBER:
            assert question.get("type") == "numerical"
            continue
        kinds = {Kind.CHOICE: "multichoice", Kind.CARD: "truefalse"}
        assert question.get("type") == kinds[entry.kind]
        for answer, one in zip(entry.answers, answers, strict=True):
            assert one.get("fraction") == ("100" if answer.right else "0")
            shown = {"myth": "false", "fact": "true"}.get(answer.key, answer.text)
            assert one.findtext("text") == as_html(shown)
            assert as_html(answer.reply) in one.findtext("feedback/text")
        if entry.kind is Kind.CHOICE:
            assert question.findtext("single") == "true"


@pytest.mark.parametrize("entry", NUMBERS, ids=lambda entry: entry.id)
def test_moodle_marks_numbers_as_the_course_does(entry: Entry) -> None:
    answers = in_moodle()[entry.id].findall("answer")
    assert entry.bounds is not None
    assert float(answers[0].findtext("text")) == pytest.approx(entry.bounds.right)
    assert answers[-1].findtext("text") == "*"
    for number in tried(entry):
        first = next(one for one in answers if fits(one, number))
        right, words = expected(entry, number)
        assert first.get("fraction") == ("100" if right else "0"), number
        if number_is_asked_for(entry, number):
            assert first.findtext("feedback/text") == f"<p>{as_html(words)}</p>", number


def number_is_asked_for(entry: Entry, number: float) -> bool:
    return entry.bounds is not None and entry.bounds.low <= number <= entry.bounds.high


def fits(answer: Any, number: float) -> bool:
    """Return whether Moodle takes this answer for a number."""
    if answer.findtext("text") == "*":
        return True
    value, tolerance = (float(answer.findtext(tag)) for tag in ("text", "tolerance"))
    return abs(number - value) <= tolerance + 1e-12 * abs(value)


# ---------------------------------------------------------------------------- QTI


def test_the_package_of_qti_lists_what_it_holds_and_is_valid() -> None:
    with zipfile.ZipFile(io.BytesIO(package(entries()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listed = etree.fromstring(files.pop("imsmanifest.xml"))
    schema("imscp_used.rng").assertValid(listed)
    resources = listed.findall(".//{*}resource")
    assert [one.get("href") for one in resources] == [*files]
    names = [one.get("identifier") for one in resources]
    assert names == [identifier(entry) for entry in entries()]
    assert len({*names}) == len(ASKED)
    items = schema("qti_used.rng")
    for resource, content in zip(resources, files.values(), strict=True):
        root = etree.fromstring(content)
        items.assertValid(root)
        assert root.get("identifier") == resource.get("identifier")


def test_an_item_that_breaks_the_rules_is_not_valid() -> None:
    root = etree.fromstring(item(entries("start")[0]))
    body = root.find("{*}itemBody")
    root.append(body)  # behind what has to follow it
    assert not schema("qti_used.rng").validate(root)


class Platform:
    """A learning platform that carries out the response processing of an item."""

    def __init__(self, content: bytes) -> None:
        self.root = etree.fromstring(content)

    def answer(self, response: str | float | None) -> tuple[bool, str]:
        """Return whether an answer is right, and the reply that is shown."""
        self.values: dict[str, Any] = {"RESPONSE": response, "SCORE": "0"}
        for rule in self.root.find(f"{{{QTI}}}responseProcessing"):
            self.carry_out(rule)
        shown = [
            "".join(one.itertext())
            for one in self.root.findall("{*}modalFeedback")
            if one.get("identifier") == self.values.get("FEEDBACK")
        ]
        return float(self.values["SCORE"]) == 1, "".join(shown)

    def carry_out(self, rule: Any) -> None:
        if etree.QName(rule).localname == "setOutcomeValue":
            self.values[rule.get("identifier")] = self.value(rule[0])
            return
        for branch in rule:
            last = etree.QName(branch).localname == "responseElse"
            if last or self.value(branch[0]):
                for inner in branch if last else branch[1:]:
                    self.carry_out(inner)
                return

    def value(self, expression: Any) -> Any:
        name = etree.QName(expression).localname
        if name == "variable":
            return self.values[expression.get("identifier")]
        if name == "correct":
            return self.root.findtext(
                "{*}responseDeclaration/{*}correctResponse/{*}value"
            )
        if name == "baseValue":
            floats = expression.get("baseType") == "float"
            return float(expression.text) if floats else expression.text
        parts = [self.value(part) for part in expression]
        how: dict[str, Callable[..., bool]] = {
            "isNull": lambda a: a is None,
            "match": lambda a, b: a == b,
            "equal": lambda a, b: a == b,
            "and": lambda *all_: all(all_),
            "or": lambda *some: any(some),
            "gte": lambda a, b: a >= b,
            "lte": lambda a, b: a <= b,
            "gt": lambda a, b: a > b,
            "lt": lambda a, b: a < b,
        }
        return how[name](*parts)


def test_qti_marks_each_answer_as_the_course_does() -> None:
    for entry in entries():
        platform = Platform(item(entry))
        answers = tried(entry) if entry.bounds else [one.key for one in entry.answers]
        for answer in answers:
            report = ASKED[entry.id].judge(answer)
            right, said = platform.answer(answer)
            assert right == report.passed, (entry.id, answer)
            if not entry.bounds or number_is_asked_for(entry, float(answer)):
                plain = re.sub("<.*?>", "", as_html(report.words))
                assert said == plain.replace("&lt;", "<").replace("&gt;", ">").replace(
                    "&amp;", "&"
                ), (entry.id, answer)


def test_no_answer_gets_no_point_and_no_reply() -> None:
    assert Platform(item(NUMBERS[0])).answer(None) == (False, "")


# ------------------------------------------------------------- the table, the sheets


def test_the_command_writes_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "quizzes")]) == 0
    assert f"{len(ASKED)} questions" in capsys.readouterr().out
    table = (tmp_path / "quizzes" / "questions.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["id"] for row in rows] == [*ASKED]
    for row, entry in zip(rows, entries(), strict=True):
        assert row["right"] == entry.right.text
        for n, answer in enumerate(entry.answers, 1):
            assert (row[f"answer {n}"], row[f"reply {n}"]) == (
                answer.text,
                answer.reply,
            )


def test_a_lesson_that_is_not_there_is_told_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--lesson", "77"]) == 1
    assert capsys.readouterr().err.startswith("lesson must be one of start, 00, 01")
    assert not [*tmp_path.iterdir()]
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main([str(tmp_path / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("answers", [False, True])
def test_the_sheet_has_each_question_and_gives_nothing_away(answers: bool) -> None:
    page = sheet(entries(), answers=answers)
    root = etree.fromstring(page, etree.HTMLParser())
    ids = [one.get("aria-labelledby") for one in root.iterfind(".//article")]
    assert ids == [f"q-{id}" for id in ASKED]
    for entry in entries():
        assert as_html(entry.prompt) in page
        assert (f"<br>{as_html(entry.right.reply)}" in page) == answers
    marked = root.findall(".//li[@class='right']")
    assert len(marked) == len(ASKED) * answers
    assert "http" not in page
