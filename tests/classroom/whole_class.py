"""Forty students hand in three lessons, most of them hostile; all points are exact.

``python -m tests.classroom.whole_class FOLDER [02 04 08]`` makes the class in a new
folder, grades it with the teacher's commands, and says what is not as it should be.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.classroom.handed_in import Handed, Lesson, students
from tools.notebooks import FOLDER

__all__ = ["faults", "teacher", "whole_class"]

LESSONS = "02", "04", "08"


def teacher(folder: Path, *words: str) -> str:
    """Type a command of the teacher's kit, from another folder; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "classroom", *words, f"--class={folder}"],
        cwd=Path(sys.prefix),
        env=os.environ | {"PYTHONPATH": str(FOLDER.parent)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def faults(folder: Path, lesson: Lesson, handed: dict[str, Handed]) -> list[str]:
    """Return in words each student whose points are not what they should be."""
    found = []
    with open(folder / "grades.csv", encoding="utf-8", newline="") as table:
        rows = {row["student_id"]: row for row in csv.DictReader(table)}
    for student, expected in handed.items():
        row = rows[student]
        points = [row[id] for id in lesson.points]
        total = sum(float(n) for n in points if n)
        if total != expected.points:
            found.append(f"{student}: {total:g} points, not {expected.points:g}")
        reason = f"{lesson.name}: " in row["not graded"]
        if expected.not_graded != reason or expected.not_graded != ("" in points):
            found.append(f"{student}: {row['not graded'] or 'graded'}")
    return found


def whole_class(folder: Path, lessons: Sequence[str]) -> list[str]:
    """Release, hand in and grade; return in words what is wrong."""
    begun = time.monotonic()
    print(teacher(folder, "release", *lessons), end="")
    handed = {}
    for name in lessons:
        lesson = Lesson.read(folder, name)
        handed[name] = lesson, students(lesson)
        for student, submission in handed[name][1].items():
            submission.put(folder, lesson, student)
    print(f"released after {time.monotonic() - begun:.0f} s")
    for name in lessons:
        begun, used = time.monotonic(), os.times()
        teacher(folder, "grade", name)
        now = os.times()
        computed = now[2] + now[3] - used[2] - used[3]
        took = time.monotonic() - begun
        count = len(handed[name][1])
        print(f"{name}: {count} students, {took:.0f} s, {computed:.0f} s of computing")
    return [
        f"{name} {fault}" for name in lessons for fault in faults(folder, *handed[name])
    ]


if __name__ == "__main__":
    place, *names = sys.argv[1:]
    wrong = whole_class(Path(place).resolve(), names or LESSONS)
    print("\n".join(wrong) or "all points are right")
    sys.exit(1 if wrong else 0)
