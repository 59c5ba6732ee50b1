"""The whole repository is formatted, linted, spelled and typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.test_floors import FLOOR_OF

ROOT = Path(__file__).resolve().parents[2]
LOW_FLOORS = [
    str(path)
    for name, floor in FLOOR_OF.items()
    for path in ROOT.glob(f"rnnlib/{name}*")
    if floor <= 3 and path.stem == name
]
CHECKS = {
    "formatted": "ruff format --check --diff",
    "linted": "ruff check",
    "spelled": "codespell_lib",
    "typed": "mypy",
    "strictly typed": "mypy --strict",
}


@pytest.mark.parametrize("state", CHECKS)
def test_the_code_is(state: str) -> None:
    files = LOW_FLOORS if state == "strictly typed" else []
    run = subprocess.run(
        [sys.executable, "-m", *CHECKS[state].split(), *files],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode:
        pytest.fail(run.stdout + run.stderr, pytrace=False)


def test_each_module_is_read_in_one_sitting() -> None:
    modules = [ROOT / "course.py", *ROOT.glob("rnn*/**/*.py")]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules}
    assert [path.name for path in modules if lengths[path] >= 350] == []
