"""The launcher installs all or nothing, for real, from a folder with one wheel."""

from __future__ import annotations

import ast
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests.project.course_copies import copy_of_the_course, load, start


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy that was set up for real, from a folder of wheels."""
    home = copy_of_the_course(tmp_path_factory.mktemp("installed"))
    code, said = start(home, "setup")
    assert code == 0, said
    return home


def test_the_first_start_installs_the_lock_and_links_the_library(
    installed: Path,
) -> None:
    (installed / "rnnlib.py").write_text("", encoding="utf-8")
    python = load(installed).PYTHON
    where = "import morsel, rnnlib; print(ascii(rnnlib.__file__))"
    run = subprocess.run([python, "-c", where], capture_output=True, text=True, cwd="/")
    assert Path(ast.literal_eval(run.stdout)).samefile(installed / "rnnlib.py")


def test_a_second_start_installs_nothing(installed: Path) -> None:
    begin = time.monotonic()
    code, said = start(installed, "setup", PIP_FIND_LINKS="nowhere")
    assert (code, said.count("\n")) == (0, 1)
    assert time.monotonic() - begin < 5


def test_what_the_learner_added_is_no_reason_to_install(installed: Path) -> None:
    launcher = load(installed)
    (launcher.site_packages() / "extra-1.0.dist-info").mkdir()
    assert launcher.stored_stamp() == launcher.wanted_stamp()


def test_without_a_network_an_older_environment_stays_whole(installed: Path) -> None:
    launcher = load(installed)
    before, lock = launcher.stored_stamp(), launcher.LOCK.read_text("utf-8")
    launcher.LOCK.write_text(lock.replace("morsel", "mouthful"), encoding="utf-8")
    code, said = start(installed, "setup")
    launcher.LOCK.write_text(lock, encoding="utf-8")
    assert code == 1
    assert "connect to the internet" in said
    assert launcher.stored_stamp() == before


def test_a_half_made_environment_is_made_again(installed: Path) -> None:
    launcher = load(installed)
    launcher.STAMP.write_text(launcher.UNFINISHED, encoding="utf-8")
    remains = launcher.VENV / "remains"
    remains.write_text("", encoding="utf-8")
    code, said = start(installed, "setup")
    assert code == 0, said
    assert not remains.exists()
    assert launcher.stored_stamp() == launcher.wanted_stamp()


def test_without_a_network_nothing_half_done_is_left(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    code, said = start(home, "setup", PIP_FIND_LINKS="nowhere")
    assert code == 1
    assert said.splitlines()[-1].startswith("The packages could not be downloaded")
    assert not (home / ".venv").exists()


def test_a_package_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    with zipfile.ZipFile(tmp_path / "morsel-1.0-py3-none-any.whl", "a") as wheel:
        wheel.writestr("bad.py", "")
    code, said = start(home, "setup")
    assert code == 1
    assert "not the one that this course was tested with" in said
    assert not (home / ".venv").exists()


def test_a_console_without_accents_is_no_obstacle(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    (home / ".venv").mkdir()
    code, said = start(home, "setup", PYTHONIOENCODING="ascii")
    assert code == 1
    assert "el curso de ?ngel" in said
