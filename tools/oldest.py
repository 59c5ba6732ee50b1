"""Run the tests with the oldest packages that are allowed: `python -m tools.oldest`.

requirements-oldest.lock pins the least that pyproject.toml asks for. It is installed
into `.venv-oldest`, once, and the tests of the library and of the course run there.
What else is typed goes to pytest in place of these. What old packages say about newer
ones is not our concern: here, deprecation warnings are no errors.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, FOLDER = ROOT / "requirements-oldest.lock", ROOT / ".venv-oldest"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PYTHONS = ((3, 11), (3, 12))  # for which the oldest numpy has wheels
PIP = (
    "install --quiet --disable-pip-version-check --no-deps --require-hashes"
    " --only-binary :all:"
)
PYTEST = "pytest -n 2 --dist loadfile -W ignore::DeprecationWarning"
TESTS = ("tests/library", "tests/course")


def prepare() -> None:
    """Make the environment, unless it holds what the lock says."""
    installed = FOLDER / LOCK.name
    if installed.is_file() and installed.read_bytes() == LOCK.read_bytes():
        return
    venv.create(FOLDER, clear=True, with_pip=True)
    subprocess.run([PYTHON, "-m", "pip", *PIP.split(), "-r", str(LOCK)], check=True)
    installed.write_bytes(LOCK.read_bytes())


def main() -> int:
    """Run the tests; return pytest's exit code."""
    if sys.version_info[:2] not in PYTHONS:
        sys.exit("The oldest packages run on Python 3.11 and 3.12: use one of these.")
    prepare()
    tests = sys.argv[1:] or TESTS
    return subprocess.run([PYTHON, "-m", *PYTEST.split(), *tests], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
