"""The launcher installs all or nothing, for real, from a folder of tiny wheels."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests.project.course_copies import (
    FOR_TESTS,
    PACKAGES,
    begin,
    copy_of_the_course,
    environment_of,
    make_wheel,
    said_by,
    start,
    write_lock,
)

FIRST, SECOND, THIRD = PACKAGES
MOMENTS = [0.1, 0.3, 0.6, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy that was set up for real, from a folder of wheels."""
    home = copy_of_the_course(tmp_path_factory.mktemp("installed"))
    code, said = start(home, "setup")
    assert code == 0, said
    return home


@pytest.fixture
def installed(once: Path, tmp_path: Path) -> Path:
    """Return a fresh folder with a copy of it that was moved there."""
    shutil.copytree(once.parent, tmp_path / "here", symlinks=True)
    home = tmp_path / "here" / once.name
    assert start(home, "setup", PIP_FIND_LINKS="nowhere")[0] == 0
    return home


def runs(home: Path) -> bool:
    """Return whether all packages of the lessons are there and their programs start."""
    return [said_by(home, name) for name in PACKAGES] == [f"{n} 1.0" for n in PACKAGES]


def test_the_first_start_installs_what_the_lessons_need_and_no_more(
    installed: Path,
) -> None:
    assert runs(installed)
    assert not list(environment_of(installed).site_packages.glob(f"{FOR_TESTS}*"))


def test_the_environment_sees_the_checkout(installed: Path) -> None:
    (installed / "rnnlib.py").write_text("", encoding="utf-8")
    where = "import morsel, rnnlib; print(ascii(rnnlib.__file__))"
    python = environment_of(installed).python
    run = subprocess.run([python, "-c", where], capture_output=True, text=True, cwd="/")
    assert run.stdout.strip() == ascii(str(installed / "rnnlib.py"))


def test_a_second_start_installs_nothing(installed: Path) -> None:
    code, said = start(installed, "setup", PIP_FIND_LINKS="nowhere")
    assert (code, said.count("\n")) == (0, 1)


def test_what_a_command_needs_is_added_on_its_first_use(installed: Path) -> None:
    start(installed, "test")  # there is no pytest in the copy, so it fails afterwards
    assert said_by(installed, FOR_TESTS) == f"{FOR_TESTS} 1.0"
    assert runs(installed)


def test_everything_can_be_installed_at_once(installed: Path) -> None:
    assert start(installed, "setup", "--all")[0] == 0
    assert said_by(installed, FOR_TESTS) == f"{FOR_TESTS} 1.0"


def test_what_the_learner_added_is_no_reason_to_install(installed: Path) -> None:
    (environment_of(installed).site_packages / "extra-1.0.dist-info").mkdir()
    code, said = start(installed, "setup", PIP_FIND_LINKS="nowhere")
    assert (code, said.count("\n")) == (0, 1)


def test_a_newer_lock_is_installed(installed: Path) -> None:
    write_lock(installed, [*PACKAGES, FOR_TESTS], "1.1")
    assert start(installed, "setup")[0] == 0
    assert [said_by(installed, name) for name in PACKAGES] == [
        f"{name} 1.1" for name in PACKAGES
    ]


def test_without_a_network_an_older_environment_stays_whole(installed: Path) -> None:
    write_lock(installed, [*PACKAGES, FOR_TESTS], "1.1")
    code, said = start(installed, "setup", PIP_FIND_LINKS="nowhere")
    assert code == 1
    assert "connect to the internet" in said
    assert runs(installed)
    assert environment_of(installed).beside() == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_start_that_is_killed_leaves_a_course_that_works(
    installed: Path, moment: float
) -> None:
    program = begin(installed, "setup", "--again")
    time.sleep(moment)
    program.kill()
    program.communicate()
    assert start(installed, "setup")[0] == 0
    assert runs(installed)
    assert environment_of(installed).beside() == []


@pytest.mark.parametrize("moment", [0.5, 2.0, 3.0])
def test_a_first_start_that_is_killed_is_made_good_by_the_next(
    tmp_path: Path, moment: float
) -> None:
    home = copy_of_the_course(tmp_path)
    program = begin(home, "setup")
    time.sleep(moment)
    program.kill()
    program.communicate()
    assert start(home, "setup")[0] == 0
    assert runs(home)


def test_a_death_between_two_renames_is_made_good(installed: Path) -> None:
    environment = environment_of(installed)
    environment.folder.rename(environment.twin("old"))
    assert start(installed, "setup", PIP_FIND_LINKS="nowhere")[0] == 0
    assert runs(installed)


def test_the_installation_ends_with_the_launcher(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it never answers
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        program = begin(home, "setup", PIP_INDEX_URL=slow, PIP_FIND_LINKS="nowhere")
        wait_for(lambda: "--require-hashes" in "".join(processes_of(home)))
        program.kill()
        program.communicate()
    wait_for(lambda: processes_of(home) == [])


def processes_of(home: Path) -> list[str]:
    """Return the command lines of the processes that name a folder."""
    lines = subprocess.run(
        ["ps", "-axww", "-o", "args"], capture_output=True, text=True
    )
    return [line for line in lines.stdout.splitlines() if str(home) in line]


def wait_for(condition: object, seconds: float = 300) -> None:
    """Wait until something is so; give up only where it never will be."""
    ends = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_of_two_starts_at_once_the_second_waits(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    first, second = begin(home, "setup"), begin(home, "setup")
    said = "".join(program.communicate()[0] for program in (first, second))
    assert (first.returncode, second.returncode) == (0, 0)
    assert said.count("Another start is at work") == 1
    assert said.count("The packages are installed") == 1
    assert runs(home)


def test_a_course_that_was_moved_works_without_a_network(installed: Path) -> None:
    moved = installed.rename(installed.with_name("moved"))
    code, said = start(moved, "setup", PIP_FIND_LINKS="nowhere")
    assert code == 0, said
    assert runs(moved)


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize("part", ["{}", "{}-1.0.dist-info"])
def test_a_package_that_was_deleted_is_installed_again(
    installed: Path, name: str, part: str
) -> None:
    shutil.rmtree(environment_of(installed).site_packages / part.format(name))
    assert start(installed, "setup")[0] == 0
    assert runs(installed)


def test_a_python_that_is_gone_is_replaced(installed: Path) -> None:
    python = environment_of(installed).python
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert start(installed, "setup")[0] == 0
    assert runs(installed)


def test_the_environment_of_an_older_launcher_is_replaced(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    (home / ".venv").mkdir()
    (home / ".venv" / "course.stamp").write_text("unfinished", encoding="utf-8")
    assert start(home, "setup")[0] == 0
    assert runs(home)


def test_without_a_network_nothing_half_done_is_left(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    code, said = start(home, "setup", PIP_FIND_LINKS="nowhere")
    assert code == 1
    assert said.splitlines()[-1].startswith("The packages could not be downloaded")
    assert not list(home.glob(".venv*/"))


def test_a_folder_of_wheels_is_enough(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    code, said = start(home, "setup", "--from", str(tmp_path), PIP_FIND_LINKS="nowhere")
    assert code == 0, said
    assert runs(home)


def test_a_folder_without_wheels_is_refused(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    code, said = start(home, "setup", "--from", str(home))
    assert code == 1
    assert "holds no packages" in said


def test_a_package_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    with zipfile.ZipFile(make_wheel(tmp_path, FIRST), "a") as wheel:
        wheel.writestr("bad.py", "")
    code, said = start(home, "setup", "--from", str(tmp_path))
    assert code == 1
    assert "not the one that this course was tested with" in said
    assert not (home / ".venv").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    home = copy_of_the_course(tmp_path)
    (home / ".venv").mkdir()
    (home / ".venv" / "thesis.txt").write_text("", encoding="utf-8")
    code, said = start(home, "setup", PYTHONIOENCODING="ascii")
    assert code == 1
    assert "was not made by course.py" in said
    assert "el curso de ?ngel" in said  # a console without accents is no obstacle
    assert (home / ".venv" / "thesis.txt").exists()
