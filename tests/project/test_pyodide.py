"""The course in Pyodide, the Python of a browser tab: all that can go wrong there.

Pyodide has no threads, no signals and no processes; its whole numbers have 32 bits, and
its numpy and matplotlib are older ones. The environment variable ``RNNLIB_PYODIDE``
names a folder that holds its runtime and its packages.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rnncourse.catalogue import PARTS
from rnncourse.explorers import LESSON_OF

ROOT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).parent / "in_pyodide"
NO_NODE = "node 18 or newer, which runs Pyodide"
OURS, OTHERS = ("rnnlib", "rnncourse"), ("comm", "ipywidgets", "tqdm")
WITHOUT_FUNCTIONS = {"start_here", "lesson_14"}  # a question; capstones

Findings = list[dict[str, Any]]


@pytest.fixture(scope="module")
def findings(pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """Run the program in Pyodide, once; return what it has found."""
    node = shutil.which("node") or pytest.skip(NO_NODE)
    code = tmp_path_factory.mktemp("code")
    for package in (*OURS, *OTHERS):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(spec.origin).parent, code / package, ignore=leave_out)
    shutil.copy(INSIDE / "program.py", code)
    command = [str(part) for part in (node, INSIDE / "run.mjs", pyodide, code)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def about(findings: Findings, what: str) -> Findings:
    found = [finding for finding in findings if what in finding]
    assert found, what
    return found


def test_every_explorer_opens_and_follows_its_first_control(findings: Findings) -> None:
    found = about(findings, "explorer")
    assert [each["explorer"] for each in found] == [*LESSON_OF]
    for each in found:
        assert (each["png"], each["frames"], each["moved"]) == (True, 1, True), each
        assert each["words"], each
        assert each["alt"], each


def test_of_each_lesson_a_right_answer_passes_and_a_mistake_is_known(
    findings: Findings,
) -> None:
    found = about(findings, "exercise")
    asked = {each["exercise"][:2] for each in found}
    assert asked == {part[-2:] for part in PARTS if part not in WITHOUT_FUNCTIONS}
    for each in found:
        assert (each["states"], each["named"]) == (["right", "not yet right"], True)


def test_an_answer_that_never_ends_is_stopped(findings: Findings) -> None:
    for each in about(findings, "endless"):
        assert "does a loop never end" in each["words"], each
        assert each["seconds"] < 300, each


def test_a_line_of_a_capstone_that_never_ends_is_stopped(findings: Findings) -> None:
    (each,) = about(findings, "capstone")
    assert each["capstone"] == [
        "Done: 1 of 2 lines.",
        "✔ right: done. It is there.",
        "✘ endless: wrong. It did not end within 0.1 s of computing. Put it there.",
    ]


def test_training_takes_turns_and_stops_when_told(findings: Findings) -> None:
    (each,) = about(findings, "training")
    assert each["training"].startswith("stopped at")
    assert 0.05 < each["done"] < 1
    assert each["turns"] > 5
    assert each["frames"] >= 1


def test_progress_is_kept_in_a_file_that_goes_along(findings: Findings) -> None:
    (each,) = about(findings, "kept")
    assert each["kept"] >= len(PARTS) - len(WITHOUT_FUNCTIONS)
    assert each["same"]
    assert "This browser keeps nothing" in each["trouble"]  # node has no database
