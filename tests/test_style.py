"""The whole repository is formatted, linted, spelled and typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {
    "formatted": "ruff format --check --diff",
    "linted": "ruff check",
    "spelled": "codespell_lib",
    "typed": "mypy",
}


@pytest.mark.parametrize("state", CHECKS)
def test_the_code_is(state: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *CHECKS[state].split()],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode:
        pytest.fail(run.stdout + run.stderr, pytrace=False)


def test_each_module_is_read_in_one_sitting() -> None:
    modules = [ROOT / "course.py", *ROOT.glob("rnnlib/**/*.py")]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules}
    assert [path.name for path in modules if lengths[path] >= 350] == []
