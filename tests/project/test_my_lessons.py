"""The learner's copies: they follow the course, and nothing of the learner is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.project.course_copies import ROOT
from tools.launcher.lessons import (
    MANIFEST,
    PROGRESS,
    Lessons,
    handed_out,
    name_of,
    of_file,
)
from tools.launcher.sentences import CourseError

NAME = "05_vanishing.ipynb"


def notebook(*sources: str) -> dict[str, Any]:
    """Return a notebook whose code cells were run."""
    cells = [
        {
            "cell_type": "code",
            "id": str(place),
            "metadata": {},
            "source": source,
            "execution_count": place + 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "42"}],
        }
        for place, source in enumerate(sources)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def hand(folder: Path, *sources: str, name: str = NAME) -> None:
    """Let the course have a lesson with these cells."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(notebook(*sources)), encoding="utf-8")


def edit(path: Path, source: str) -> None:
    """Write an answer into the first cell of a copy, run it and save."""
    changed = json.loads(path.read_text("utf-8"))
    changed["cells"][0] |= {"source": source, "execution_count": 7, "outputs": []}
    path.write_text(json.dumps(changed), encoding="utf-8")


def cells(path: Path) -> list[str]:
    """Return the sources of a notebook."""
    return [cell["source"] for cell in json.loads(path.read_text("utf-8"))["cells"]]


@pytest.fixture
def lessons(tmp_path: Path) -> Lessons:
    """Return the copies of a course with one lesson, handed out once."""
    hand(tmp_path / "notebooks", "a", "b")
    made = Lessons(tmp_path / "notebooks", tmp_path / "my_lessons")
    assert list(made.hand_out()) == []
    return made


def test_a_copy_has_no_outputs_so_that_a_prediction_is_one(lessons: Lessons) -> None:
    copy = json.loads((lessons.folder / NAME).read_text("utf-8"))
    assert [cell["outputs"] for cell in copy["cells"]] == [[], []]
    assert [cell["execution_count"] for cell in copy["cells"]] == [None, None]
    assert cells(lessons.folder / NAME) == ["a", "b"]


def test_a_lesson_that_was_only_run_follows_the_course(lessons: Lessons) -> None:
    copy = lessons.folder / NAME
    copy.write_text(json.dumps(notebook("a", "b")), encoding="utf-8")
    hand(lessons.source, "a", "b", "c")
    assert list(lessons.hand_out()) == []
    assert cells(copy) == ["a", "b", "c"]


def test_a_changed_lesson_stays_and_the_new_version_is_laid_beside_it(
    lessons: Lessons,
) -> None:
    copy = lessons.folder / NAME
    edit(copy, "my answer")
    hand(lessons.source, "a", "b", "c")
    (line,) = lessons.hand_out()
    (new,) = set(lessons.folder.glob("*.ipynb")) - {copy}
    assert new.name.startswith("05_vanishing (new version of ")
    assert NAME in line
    assert new.name in line
    assert (cells(copy), cells(new)) == (["my answer", "b"], ["a", "b", "c"])


def test_a_new_version_is_laid_beside_a_changed_lesson_only_once(
    lessons: Lessons,
) -> None:
    edit(lessons.folder / NAME, "my answer")
    hand(lessons.source, "a", "b", "c")
    assert [len(list(lessons.hand_out())) for _ in range(3)] == [1, 0, 0]
    hand(lessons.source, "a", "b", "c", "d")
    assert [len(list(lessons.hand_out())) for _ in range(2)] == [1, 0]
    assert len(list(lessons.folder.glob("*.ipynb"))) == 3


def test_an_update_leaves_a_lesson_alone_that_has_not_changed(lessons: Lessons) -> None:
    edit(lessons.folder / NAME, "my answer")
    hand(lessons.source, "x", name="06_training.ipynb")
    assert list(lessons.hand_out()) == []
    assert cells(lessons.folder / NAME) == ["my answer", "b"]
    assert cells(lessons.folder / "06_training.ipynb") == ["x"]


def test_a_reset_brings_the_lesson_back_and_keeps_what_was_there(
    lessons: Lessons,
) -> None:
    (lessons.folder / PROGRESS).write_text("{}", encoding="utf-8")
    for answer in ("my answer", "my second answer"):
        edit(lessons.folder / NAME, answer)
        assert "is kept as 05_vanishing (20" in lessons.reset("05")
    kept = set(lessons.folder.glob("*.ipynb")) - {lessons.folder / NAME}
    assert sorted(cells(path)[0] for path in kept) == ["my answer", "my second answer"]
    assert cells(lessons.folder / NAME) == ["a", "b"]
    assert (lessons.folder / PROGRESS).read_text("utf-8") == "{}"


def test_after_a_reset_the_lesson_follows_the_course_again(lessons: Lessons) -> None:
    edit(lessons.folder / NAME, "my answer")
    lessons.reset("05")
    hand(lessons.source, "new")
    assert list(lessons.hand_out()) == []
    assert cells(lessons.folder / NAME) == ["new"]


@pytest.mark.parametrize("name", ["99", "", "0"])
def test_a_reset_of_no_lesson_or_of_several_names_them(
    lessons: Lessons, name: str
) -> None:
    hand(lessons.source, "x", name="06_training.ipynb")
    with pytest.raises(CourseError, match="there are: 05_vanishing, 06_training"):
        lessons.reset(name)


def test_a_capstone_is_handed_out_and_reset_in_a_folder_of_its_own(
    lessons: Lessons,
) -> None:
    hand(lessons.source / "capstones", "a", "b", name="forecast.ipynb")
    assert list(lessons.hand_out()) == []
    copy = lessons.folder / "capstones" / "forecast.ipynb"
    assert cells(copy) == ["a", "b"]
    edit(copy, "mine")
    hand(lessons.source / "capstones", "a", "c", name="forecast.ipynb")
    (said,) = lessons.hand_out()
    assert "forecast.ipynb has a new version. Yours is as you left it" in said
    assert cells(copy) == ["mine", "b"]
    assert "What was there is kept as forecast (" in lessons.reset("forecast")
    assert cells(copy) == ["a", "c"]
    assert len(list(copy.parent.glob("forecast*.ipynb"))) == 3
    assert list(lessons.hand_out()) == []


def test_a_copy_that_was_deleted_is_handed_out_again(lessons: Lessons) -> None:
    (lessons.folder / NAME).unlink()
    assert list(lessons.hand_out()) == []
    assert cells(lessons.folder / NAME) == ["a", "b"]


def test_a_copy_that_cannot_be_read_is_the_learners_and_stays(lessons: Lessons) -> None:
    (lessons.folder / NAME).write_text("{ half", encoding="utf-8")
    hand(lessons.source, "a", "b", "c")
    assert len(list(lessons.hand_out())) == 1
    assert (lessons.folder / NAME).read_text("utf-8") == "{ half"


def test_a_lost_record_loses_no_answer(lessons: Lessons) -> None:
    (lessons.folder / ".handed_out.json").write_text("[", encoding="utf-8")
    edit(lessons.folder / NAME, "my answer")
    assert len(list(lessons.hand_out())) == 1
    assert cells(lessons.folder / NAME) == ["my answer", "b"]


def test_what_was_changed_in_place_is_carried_over(tmp_path: Path) -> None:
    source, mine = tmp_path / "notebooks", tmp_path / "my_lessons"
    hand(source, "a", "b")
    hand(source, "x", name="06_training.ipynb")
    manifest = {path.name: of_file(path) for path in source.glob("*.ipynb")}
    (source / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (source / PROGRESS).write_text("{}", encoding="utf-8")
    edit(source / NAME, "my answer")
    (line,) = Lessons(source, mine).hand_out()
    assert f"git checkout -- notebooks/{NAME}" in line
    assert cells(mine / NAME) == ["my answer", "b"]
    assert cells(mine / "06_training.ipynb") == ["x"]
    assert (mine / PROGRESS).exists()


def test_what_was_carried_over_stays_when_the_course_is_put_right(
    tmp_path: Path,
) -> None:
    source, mine = tmp_path / "notebooks", tmp_path / "my_lessons"
    hand(source, "a", "b")
    manifest = {NAME: of_file(source / NAME)}
    (source / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    edit(source / NAME, "my answer")
    lessons = Lessons(source, mine)
    assert len(list(lessons.hand_out())) == 1
    hand(source, "a", "b")
    list(lessons.hand_out())
    assert cells(mine / NAME) == ["my answer", "b"]
    assert len(list(mine.glob("*.ipynb"))) == 1


def git(folder: Path, *words: str) -> str:
    """Run git in a folder; return what it says."""
    quiet = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *quiet, *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def test_a_learner_who_answers_has_no_conflict_with_the_course(tmp_path: Path) -> None:
    """Real lessons in a real repository: answer, update, reset."""
    course, name = tmp_path / "course", "05_vanishing_and_exploding_gradients.ipynb"
    shutil.copytree(ROOT / "notebooks", course / "notebooks")
    shutil.copy(ROOT / ".gitignore", course)
    git(course, "init", "-q")
    git(course, "add", "-A")
    git(course, "commit", "-qm", "one")
    lessons = Lessons(course / "notebooks", course / "my_lessons")
    assert list(lessons.hand_out()) == []

    edit(lessons.folder / name, "my answer = 42")
    (lessons.folder / PROGRESS).write_text("{}", encoding="utf-8")
    assert git(course, "status", "--porcelain") == ""

    hand(course / "notebooks", "a new first cell", name=name)
    manifest = json.loads((course / "notebooks" / MANIFEST).read_text("utf-8"))
    manifest[name] = of_file(course / "notebooks" / name)
    (course / "notebooks" / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    git(course, "commit", "-qam", "two")
    (line,) = lessons.hand_out()
    assert "new version" in line
    assert "my answer = 42" in (lessons.folder / name).read_text("utf-8")
    assert "is kept as" in lessons.reset("05")
    assert cells(lessons.folder / name) == ["a new first cell"]
    assert git(course, "status", "--porcelain") == ""


def test_what_is_handed_out_is_written_down() -> None:
    manifest = json.loads((ROOT / "notebooks" / MANIFEST).read_text("utf-8"))
    folder = ROOT / "notebooks"
    expected = {name_of(path, folder): of_file(path) for path in handed_out(folder)}
    assert manifest == expected
