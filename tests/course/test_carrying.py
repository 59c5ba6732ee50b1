"""Progress outlives a browser tab, and goes along from one computer to another."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rnncourse import carry_progress, in_tab, ready
from rnncourse.carrying import Carrier
from rnncourse.checking import progress_file, tab_storage
from rnncourse.checking.reports import PASSED, WRONG
from rnncourse.checking.tab_storage import EXAMS, EXERCISES, TabStorage
from rnncourse.exam import kept, myth_exam

NEWER = json.dumps({"version": 2, "exercises": {}})


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "progress.json"))


class Shelves:
    """Takes the place of a browser's database; `broken` says why it keeps nothing."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken
        self.texts: dict[str, dict[str, str]] = {
            name: {} for name in tab_storage.SHELVES
        }

    async def load(self, shelf: str) -> str:
        await self._turn()
        return json.dumps([[*self.texts[shelf]], [*self.texts[shelf].values()]])

    async def keep(self, shelf: str, pairs: str) -> None:
        await self._turn()
        before = self.texts[shelf]
        new = {
            key: text for key, text in json.loads(pairs) if before.get(key) != PASSED
        }
        before.update(new)

    async def _turn(self) -> None:
        await asyncio.sleep(0)
        if self.broken:
            raise OSError(self.broken)


def in_a_tab(monkeypatch: pytest.MonkeyPatch, shelves: Shelves) -> TabStorage:
    """Let Python be in a tab with these shelves."""
    storage = TabStorage(shelves)
    for module in (progress_file, kept, in_tab):
        monkeypatch.setattr(module, "STORAGE", storage)
    return storage


def forget_files() -> None:
    """Do what loading a page anew does to the files of Python."""
    place = progress_file.place()
    for path in place.parent.glob(f"{place.name}*"):
        path.unlink()


def test_what_is_solved_outlives_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    async def first_day() -> None:
        storage = in_a_tab(monkeypatch, shelves)
        assert progress_file.write("04.2", PASSED) == ""
        assert progress_file.write("04.3", WRONG) == ""
        myth_exam(7).answers["F"].click()
        await storage.written(5)

    async def next_day() -> None:
        in_a_tab(monkeypatch, shelves)
        assert progress_file.read() == {}
        await in_tab.restore()

    shelves = Shelves()
    asyncio.run(first_day())
    forget_files()
    asyncio.run(next_day())
    assert progress_file.read() == {"04.2": PASSED, "04.3": WRONG}
    assert myth_exam(7).marks.letters == "F" + "-" * 19


def test_what_is_right_in_one_tab_stays_right_in_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answer(state: str) -> None:
        storage = in_a_tab(monkeypatch, shelves)
        progress_file.write("04.2", state)
        await storage.written(5)

    shelves = Shelves()
    asyncio.run(answer(PASSED))
    forget_files()
    asyncio.run(answer(WRONG))
    assert shelves.texts == {EXERCISES: {"04.2": PASSED}, EXAMS: {}}


def test_what_was_done_before_it_is_back_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def day() -> None:
        storage = in_a_tab(monkeypatch, shelves)
        progress_file.write("04.3", PASSED)
        myth_exam(7).answers["m"].click()
        await in_tab.restore()
        await storage.written(5)

    shelves = Shelves()
    shelves.texts[EXERCISES] = {"04.2": PASSED, "04.3": WRONG}
    shelves.texts[EXAMS] = {"exam-7": "{}"}
    asyncio.run(day())
    assert progress_file.read() == {"04.2": PASSED, "04.3": PASSED}
    assert shelves.texts[EXERCISES] == {"04.2": PASSED, "04.3": PASSED}
    assert myth_exam(7).marks.letters == "m" + "-" * 19


def test_a_browser_that_keeps_nothing_says_so_once_it_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def day() -> list[str]:
        storage = in_a_tab(monkeypatch, shelves)
        await in_tab.restore()
        said = [progress_file.write("04.2", PASSED)]
        await storage.written(5)
        shelves.broken = ""
        said.append(progress_file.write("04.3", PASSED))
        await storage.written(5)
        return [*said, progress_file.write("04.4", PASSED)]

    shelves = Shelves(broken="private mode")
    first, second, third = asyncio.run(day())
    assert re.search(r"keeps nothing .*\(private mode\).* carry_progress\(\)", first)
    assert (second, third) == (first, "")


def test_what_comes_back_is_added_although_something_could_not_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def day() -> str:
        storage = in_a_tab(monkeypatch, shelves)
        storage.trouble = "The disk is full."
        await in_tab.restore()
        return storage.trouble

    shelves = Shelves()
    shelves.texts[EXERCISES] = {"04.2": PASSED}
    assert asyncio.run(day()) == "The disk is full."
    assert progress_file.read() == {"04.2": PASSED}


class Shell:
    """Takes the place of IPython's shell: each cell reads what is solved."""

    def should_run_async(self, code: str) -> bool:
        return "await" in code

    async def run_cell_async(self, code: str) -> dict[str, str]:
        return progress_file.read()


def test_the_next_cell_waits_until_all_is_back_and_no_other_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def cells() -> list[Any]:
        in_a_tab(monkeypatch, shelves)
        task = asyncio.get_running_loop().create_task(in_tab.restore())
        monkeypatch.setattr(in_tab, "_restoring", {task})
        in_tab.let_next_cell_wait(shell)
        asked = shell.should_run_async("progress()")
        found = await shell.run_cell_async("progress()")
        return [asked, found, shell.should_run_async("progress()")]

    shell, shelves = Shell(), Shelves()
    shelves.texts[EXERCISES] = {"04.2": PASSED}
    assert asyncio.run(cells()) == [True, {"04.2": PASSED}, False]


def test_outside_of_a_browser_there_is_nothing_to_wait_for() -> None:
    assert asyncio.run(ready()) == ""
    assert asyncio.run(tab_storage.STORAGE.load(EXERCISES)) == {}


def saved_by(carrier: Carrier) -> str:
    """Return the text of the file that the link saves."""
    found = re.search(
        r'download="progress.json" href="data:.*?,(.*?)"', carrier.link.value
    )
    assert found
    return base64.b64decode(found[1]).decode()


def take_in(carrier: Carrier, content: bytes) -> str:
    """Give it a file; return what it says."""
    file: dict[str, Any] = {"name": "progress.json", "type": "", "size": len(content)}
    file |= {"content": memoryview(content), "last_modified": datetime.now(UTC)}
    carrier.upload.set_trait("value", (file,))
    return re.sub("<[^>]*>", "", carrier.note.value)


def test_it_goes_along_as_a_file() -> None:
    progress_file.add({"04.2": PASSED, "04.3": WRONG})
    carrier = carry_progress()
    assert "(1 right answer)" in carrier.link.value
    text = saved_by(carrier)
    assert text == progress_file.place().read_text("utf-8")
    forget_files()
    progress_file.add({"04.3": PASSED, "04.4": WRONG})
    carrier = carry_progress()
    assert take_in(carrier, text.encode()) == "Taken in. 2 right answers now, 1 before."
    expected = {"04.2": PASSED, "04.3": PASSED, "04.4": WRONG}
    assert progress_file.read() == expected
    assert progress_file.states_in(saved_by(carrier)) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no progress.json of the course"),
        (b"[1, 2]", "no progress.json of the course"),
        (b'{"exercises": 3}', "no progress.json of the course"),
        (b"\xff\xfe", "no progress.json of the course"),
        (b"[" * 100_000, "no progress.json of the course"),
        (NEWER.encode(), "written by a newer version"),
        (b" " * 2**21, "too large"),
    ],
)
def test_another_file_is_refused_in_words(content: bytes, words: str) -> None:
    progress_file.add({"04.2": PASSED})
    said = take_in(carry_progress(), content)
    assert words in said
    assert "Nothing was changed." in said
    assert progress_file.read() == {"04.2": PASSED}
