"""A class at a hub that is really run: two learners, and what nobody may do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import hub as measured
from benchmarks._learners import Learner, hub
from classroom.hub import proxy
from classroom.hub.class_folder import ClassFolder
from tools.launcher.lessons import PROGRESS

LESSON = "start_here.ipynb"
EXPLORER = "from rnncourse.explorers import melody\n\nmelody()"


@dataclass(frozen=True)
class Class:
    """A hub that is running, and where its class lies."""

    address: str
    password: str
    folder: Path

    def learner(self, name: str, password: str | None = None) -> Learner:
        """Return somebody who wants to come in."""
        return Learner(self.address, name, password or self.password)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Serve a class of two names, with little memory for a kernel."""
    if not proxy.is_installed():
        pytest.skip("the hub's proxy: python3 course.py class hub --install")
    folder = tmp_path_factory.mktemp("class")
    names = folder / "names.txt"
    names.write_text("Ada\nzoë\n", encoding="utf-8")
    options = f"--names={names}", "--memory=700M"
    with hub(folder / "room", *options) as (address, password):
        yield Class(address, password, folder / "room")


def test_two_learners_work_and_nothing_saved_is_lost_when_a_server_is_killed(
    room: Class,
) -> None:
    with room.learner("Ada") as ada, room.learner("zoë") as zoë:
        zoë.sign_in()
        zoë.start_server()
        zoë.open(LESSON)
        lost, _ = measured.kill_in_the_middle(ada, room.folder)
        assert lost == []
        ada.run(EXPLORER)
        slider, picture = ada.explorer() or ("", "")
        low = ada.widgets[slider]["min"]
        assert all(ada.move(slider, low + step, picture) > 0 for step in (1, 2))
        assert zoë.run("1 + 1")[0]["data"] == {"text/plain": "2"}
        (error,) = zoë.run("import numpy as np\n\nheavy = np.ones(10**8)")
        assert "MemoryError" in error["ename"]
        assert zoë.run("2 + 2")[0]["data"] == {"text/plain": "4"}
        progress = room.folder / "learners" / "ada" / "my_lessons" / PROGRESS
        assert json.loads(progress.read_text("utf-8"))["exercises"] == {"00.2": "right"}
        assert not (room.folder / "learners" / "zoë" / "my_lessons" / PROGRESS).exists()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ada", "wrong-password"),
        ("stranger", None),
        ("../hub", None),
        ("..", None),
        ("", None),
    ],
)
def test_nobody_else_comes_in(room: Class, name: str, password: str | None) -> None:
    with room.learner(name, password) as stranger:
        page = stranger.sign_in()
        assert page.status_code in (400, 403)
        assert not page.url.startswith(f"{room.address}/hub/spawn")
    assert {path.name for path in room.folder.iterdir()} == {"hub", "learners"}


def test_a_form_of_another_site_is_refused(room: Class) -> None:
    with room.learner("ada") as ada:
        ada.cookie = lambda name, path: "forged"  # type: ignore[method-assign]
        assert ada.sign_in().status_code == 403


def test_the_hubs_own_files_are_private_and_the_password_stays(tmp_path: Path) -> None:
    folder = ClassFolder(tmp_path / "class")
    folder.make()
    password = folder.password()
    assert folder.password() == password
    assert len(password) == 14
    assert folder.hub.stat().st_mode & 0o077 == 0
    assert (folder.hub / "password").stat().st_mode & 0o077 == 0
