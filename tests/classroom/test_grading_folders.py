"""However work comes in, it is graded, or it is said of whom and why it is not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import nbformat
import pytest

from classroom.grading import grade as grading
from classroom.grading import release as releasing
from classroom.grading.engine import generate
from classroom.grading.places import ClassFolder
from tests.classroom.handed_in import Lesson
from tests.project.test_teaching import small_lesson

IDA = "Ida Berg_1234_assignsubmission_file_"
RIGHT = {"jo", "Ida Berg", "kim_at_the_hub"}
SAID = {
    "deep": "no notebook in the folder or in its 04, but 04/more/x.ipynb",
    "pdf": "no notebook in the folder or in its 04, but answers.pdf",
    "later": "nothing handed in",
    "mia.ipynb": "it is in no student's folder: submitted/STUDENT/04",
    "Al_1_assignsubmission_onlinetext_": "but onlinetext.html",
    "broken": "is no whole notebook",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[ClassFolder, list[str]]:
    """Return a class with work in all kinds of places, and what grading it said."""
    made = ClassFolder(tmp_path_factory.mktemp("class"))
    made.make()
    small_lesson(made.source("04") / "04_small.ipynb")
    small_lesson(made.source("05") / "05_small.ipynb")
    generate(made, "04")
    lesson = Lesson.read(made.root, "04")
    came, hub = made.root / "submitted", made.root / "hub" / "learners"
    right = nbformat.writes(lesson.right())
    stubs = nbformat.writes(lesson.released)
    for path, text in {
        came / "jo" / "x.ipynb": right,
        came / IDA / "mine (1).ipynb": right,
        came / "both" / "04" / "04_small.ipynb": stubs,
        came / "both" / "04" / "a.ipynb": right,
        came / "deep" / "04" / "more" / "x.ipynb": right,
        came / "pdf" / "answers.pdf": "",
        came / "later" / "05" / "05_small.ipynb": right,
        came / "mia.ipynb": right,
        came / "broken" / "x.ipynb": right[:-99],
        came / "Al_1_assignsubmission_file_" / "x.ipynb": right,
        came / "Al_1_assignsubmission_onlinetext_" / "onlinetext.html": "",
        hub / "kim_at_the_hub" / "my_lessons" / "04_small.ipynb": right,
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("builtins.print", lambda *words, **_: said.append(str(words[0])))
        words = ["4", f"--class={made.root}", f"--from-hub={hub.parent}"]
        assert grading.main(words) == 0
    return made, said


def rows(folder: ClassFolder, name: str) -> dict[str, dict[str, str]]:
    with open(folder.root / name, encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_what_lies_in_a_students_folder_is_graded(
    graded: tuple[ClassFolder, list[str]],
) -> None:
    points = {
        name: row["points"] for name, row in rows(graded[0], "grades.csv").items()
    }
    assert {name for name, got in points.items() if got == "4"} == {
        *RIGHT, "Al_1_assignsubmission_file_",
    }  # fmt: skip
    assert points["both"] == "0"


def test_nobody_is_missing_and_what_was_not_graded_has_no_points(
    graded: tuple[ClassFolder, list[str]],
) -> None:
    folder, said = graded
    grades, flags = rows(folder, "grades.csv"), rows(folder, "flags.csv")
    for name, why in SAID.items():
        assert [line for line in said if f"  {name} " in line and why in line], name
        assert why in grades[name]["not graded"]
        assert grades[name]["points"] == grades[name]["04.1"] == ""
        assert name == "later" or flags[name]["flag"].startswith("not graded: ")
    assert "later" not in flags
    page = folder.root / "feedback" / "broken" / "04" / "04_small.html"
    assert "<h1>04: not graded</h1>" in page.read_text("utf-8")


def test_a_second_notebook_with_answers_and_another_name_are_told(
    graded: tuple[ClassFolder, list[str]],
) -> None:
    folder, said = graded
    words = "Answers are in a.ipynb, too; 04_small.ipynb was graded."
    assert any(line.startswith("04  both") and words[:-1] in line for line in said)
    flags = rows(folder, "flags.csv")
    assert (
        flags["both"] | {"exercise": "04", "points": "", "flag": words} == flags["both"]
    )
    page = folder.root / "feedback" / "both" / "04" / "04_small.html"
    assert words in page.read_text("utf-8")
    stored = json.loads(folder.result("04", "both").read_text("utf-8"))
    assert stored["note"] == words
    with open(folder.root / "flags.csv", encoding="utf-8", newline="") as file:
        told = [
            row["flag"] for row in csv.DictReader(file) if row["student_id"] == "jo"
        ]
    assert "The file is named x.ipynb, not 04_small.ipynb." in told


def test_a_lesson_is_named_with_one_digit_and_making_it_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        releasing, "generate", lambda *_: said.append(capsys.readouterr().out)
    )
    assert releasing.main(["4", f"--class={tmp_path}"]) == 0
    assert said == ["04: nbgrader makes the students' copy\n"]
    assert [*tmp_path.glob("source/04/04_*.ipynb")]
