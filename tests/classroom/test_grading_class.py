"""A small class is graded: points exact, nothing for tampering, nothing a silent 0."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from classroom import __main__ as kit
from classroom.grading import grade as grading
from classroom.grading.engine import generate
from classroom.grading.places import ClassFolder
from classroom.grading.release import source_of
from classroom.grading.tables import twins
from tests.classroom.handed_in import Handed, Lesson, students
from tests.classroom.whole_class import faults
from tests.project.test_teaching import small_lesson

CHOSEN = (
    *("perfect", "half", "untouched", "other_ids", "another_name", "broken"),
    *("own_check", "frames_and_gc", "forged_replies", "exits"),
)
LOOKED_UP = """\
import json
known = json.loads('KNOWN')
return tuple(np.array(a) for a in known[str(round(float(dh.sum()), 9))])"""


@pytest.fixture(scope="module")
def handed() -> dict[str, Handed]:
    return {}


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, handed: dict[str, Handed]
) -> ClassFolder:
    """Return a class that was graded once."""
    made = ClassFolder(tmp_path_factory.mktemp("class"))
    made.make()
    small_lesson(made.source("04") / "04_small.ipynb")
    generate(made, "04")
    lesson = Lesson.read(made.root, "04")
    every = students(lesson)
    handed.update({name: every[name] for name in CHOSEN})
    handed["looked_up"] = Handed(with_known_numbers(lesson), 2)
    for name, submission in handed.items():
        submission.put(made.root, lesson, name)
    assert grading.main(["04", "--class", str(made.root)]) == 0
    return made


def with_known_numbers(lesson: Lesson) -> Any:
    """Return a notebook whose second answer knows the numbers of the lesson's check."""
    from rnncourse.catalogue import exercise
    from rnncourse.checking.trying import cases_of

    item: Any = exercise("04.2")
    cases = [case for seed in (0, 1) for case in cases_of(item, seed)]
    known = {
        str(round(float(case["dh"].sum()), 9)): [
            part.tolist() for part in item.reference(*case.values())
        ]
        for case in cases
    }

    def write(number: int, cell: Any, solved: Any) -> None:
        cell.source = solved.source
        if number:
            lines = LOOKED_UP.replace("KNOWN", json.dumps(known)).splitlines()
            body = "\n".join(f"    {line}" for line in lines)
            cell.source = cell.source.split("    ###")[0] + body

    return lesson.written(write)


def table(folder: ClassFolder, name: str) -> list[dict[str, str]]:
    with open(folder.root / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_student_gets_the_right_points(
    folder: ClassFolder, handed: dict[str, Handed]
) -> None:
    assert faults(folder.root, Lesson.read(folder.root, "04"), handed) == []


def test_nbgraders_gradebook_has_the_same_points(
    folder: ClassFolder, handed: dict[str, Handed]
) -> None:
    with Gradebook(f"sqlite:///{folder.gradebook}", "rnnlib") as book:
        for student, expected in handed.items():
            submission = book.find_submission("04", student)
            assert (submission.score, submission.max_score) == (expected.points, 4)
            assert submission.needs_manual_grade == expected.not_graded


def test_what_a_teacher_should_look_at_is_flagged(folder: ClassFolder) -> None:
    flags: dict[str, set[str]] = {}
    for row in table(folder, "flags.csv"):
        flags.setdefault(row["student_id"], set()).add(row["flag"])
    solution, changed = "is the solution, up to names", "the check was taken out"
    assert solution in flags["perfect"]
    assert any("is written as that of" in flag for flag in flags["perfect"])
    assert any(flag.startswith(changed) for flag in flags["other_ids"])
    assert any("uses _getframe, " in flag for flag in flags["frames_and_gc"])
    assert any("uses os" in flag for flag in flags["exits"])
    assert "untouched" not in flags


def test_feedback_has_the_report_and_runs_nothing(folder: ClassFolder) -> None:
    pages = {
        path.parents[1].name: path.read_text("utf-8")
        for path in folder.root.glob("feedback/*/04/04_small.html")
    }
    assert "04: 4 of 4 points" in pages["perfect"]
    assert "One step back: not yet right" in pages["half"]
    assert "ended its process" in pages["exits"]
    assert "First hint." in pages["untouched"]
    assert "no whole notebook" in pages["broken"]
    assert "homework (1).ipynb" in pages["another_name"]
    assert not any("<script" in page or "http" in page[600:] for page in pages.values())


def test_only_what_has_changed_is_graded_again(
    folder: ClassFolder, handed: dict[str, Handed], capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = Lesson.read(folder.root, "04")
    place = folder.root / "submitted" / "untouched" / "04" / lesson.file
    before = place.read_text("utf-8")
    nbformat.write(lesson.right(), place)
    assert grading.main(["04", "--class", str(folder.root)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert sum("as before" in line for line in said) == len(handed) - 1
    (row,) = (r for r in table(folder, "grades.csv") if r["student_id"] == "untouched")
    assert row["points"] == "4"
    place.write_text(before, "utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grade", "04"], "type course.py class release 04"),
        (["release", "77"], "the name must be one of 00, "),
        (["release", "forecasts"], "got 'forecasts'"),
        (["edition", "."], "must be new or empty"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    words: list[str], said: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "something").touch()
    monkeypatch.chdir(tmp_path)
    where = [] if words[0] == "edition" else [f"--class={tmp_path}"]
    assert kit.main([*words, *where]) == 1
    assert said in capsys.readouterr().err


def test_lessons_and_capstones_are_found_by_their_names() -> None:
    names = ["04", "04_back", "forecast", "08_the_lstm_gate_by_gate.ipynb"]
    found = [source_of(name) for name in names]
    assert [name for name, _ in found] == ["04", "04", "forecast", "08"]
    assert all(path.is_file() for _, path in found)


def test_short_answers_alike_are_no_twins() -> None:
    exercises = {"04.1": {"shape": None}, "04.2": {}}
    assert twins([{"student": name, "exercises": exercises} for name in "ab"]) == {}
