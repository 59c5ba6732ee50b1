"""A run says loudly what it could not test, and fails where that is forbidden."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

def test_with_a_browser(browser_path):
    pass

def test_with_another(browser_path):
    pass

def test_with_a_notice(record_property):
    record_property("notice", "the slider took 7 ms")
"""
SKIPPED_FILE = "import pytest\npytest.skip('the moon', allow_module_level=True)\n"
NO_BROWSER = "import conftest\nconftest.find_browser = lambda: None\n"


def run(folder: Path, *options: str, no_skips: str = "0") -> tuple[int, list[str]]:
    """Run a suite on a machine without a browser; return exit code and lines."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "test_it.py").write_text(NO_BROWSER + SUITE, encoding="utf-8")
    variables = {"PYTHONPATH": str(ROOT), "RNNLIB_NO_SKIPS": no_skips}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:nbval", *options],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("options", [[], ["-n", "2", "--dist", "loadfile"]], ids=str)
def test_what_a_machine_lacks_is_one_line_before_the_last(
    tmp_path: Path, options: list[str]
) -> None:
    code, lines = run(tmp_path, *options)
    assert code == 0
    assert lines[-2].startswith("NOT TESTED HERE: 2 for want of a browser: install")
    assert "1 passed, 2 skipped" in lines[-1]


@pytest.mark.parametrize("options", [[], ["-n", "2", "--dist", "loadfile"]], ids=str)
def test_a_skipped_test_fails_where_skips_are_forbidden(
    tmp_path: Path, options: list[str]
) -> None:
    code, lines = run(tmp_path, *options, no_skips="1")
    assert code == 1
    assert "1 passed, 2 errors" in lines[-1]


def test_a_skipped_file_fails_where_skips_are_forbidden(tmp_path: Path) -> None:
    (tmp_path / "test_moon.py").write_text(SKIPPED_FILE, encoding="utf-8")
    code, lines = run(tmp_path, no_skips="1")
    assert code != 0
    assert any("RNNLIB_NO_SKIPS=1 forbids: the moon" in line for line in lines)


def test_a_notice_is_printed_at_the_end(tmp_path: Path) -> None:
    _, lines = run(tmp_path, "-n", "2", "--dist", "loadfile")
    assert "the slider took 7 ms" in lines[-4:]
