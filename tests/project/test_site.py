"""The site in a browser to which nothing else answers: lessons run, explorers move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.project.test_browser import explorers_in
from tools.lab import changed_picture, cut, first_control, picture, press
from tools.launcher.lessons import handed_out
from tools.looks import pale, unnamed, unreached
from tools.notebooks import FOLDER
from tools.site.building import build
from tools.tab import Refusing, Tab, running, site_served

SOLVED = FOLDER / "solutions"
START, FORWARD = "start_here.ipynb", "02_the_forward_pass.ipynb"
OTHERS = "05_vanishing_and_exploding_gradients.ipynb", "12_recurrence_returns.ipynb"
ANSWER, CHECK = "e1-answer", "e1-check"
KEPT = "import rnncourse\nawait rnncourse.ready()\nrnncourse.progress()"
OURS = ".rnnlib-explorer, .rnnlib-quiz"
WIDTHS = 360, 768, 1366


@pytest.fixture(scope="module")
def site(pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("carried") / "site"
    build(folder, pyodide, read=["start_here"])
    return folder


@pytest.fixture
def tab(site: Path, browser_path: str) -> Iterator[Tab]:
    """Open a browser that has stored nothing; it may say and ask nothing amiss."""
    proxy = Refusing()
    with (
        running(proxy) as refusing,
        site_served(site) as address,
        Tab(browser_path, address, refusing) as found,
    ):
        yield found
        assert found.faults == []
    assert proxy.asked == []


def test_the_site_hands_out_every_lesson_and_no_output(site: Path) -> None:
    names = {path.relative_to(FOLDER).as_posix() for path in handed_out(FOLDER)}
    files = site / "files"
    assert {p.relative_to(files).as_posix() for p in files.rglob("*.*")} == names
    for name in names:
        cells = json.loads((files / name).read_text(encoding="utf-8"))["cells"]
        assert [cell for cell in cells if cell.get("outputs")] == []


def answer_to(notebook: str, id: str) -> str:
    """Return a cell of a lesson with its solution."""
    cells = nbformat.read(SOLVED / notebook, as_version=4).cells
    return str(next(cell.source for cell in cells if cell.id == id))


def follow_the_keyboard(tab: Tab, notebook: str) -> None:
    """Press a key at each explorer of the page, and wait until its picture changes."""
    shown = tab.explorers(explorers_in(FOLDER / notebook))
    assert shown
    for explorer in shown:
        before = picture(explorer)
        press(first_control(explorer))
        changed_picture(explorer, before)
    assert unnamed(tab.page, OURS) == []
    assert unreached(tab.page, OURS) == []


@pytest.mark.parametrize("notebook", OTHERS)
def test_a_lesson_runs_in_a_tab_and_each_explorer_follows_the_keyboard(
    tab: Tab, notebook: str
) -> None:
    tab.show(notebook)
    assert tab.run_all() == []
    follow_the_keyboard(tab, notebook)


def test_the_site_opens_at_the_first_lesson_and_is_whole_on_a_phone_and_beyond(
    tab: Tab,
) -> None:
    for width in WIDTHS:
        tab.page.set_viewport_size({"width": width, "height": 768})
        if width == WIDTHS[0]:
            tab.show("")
            assert tab.title == START
            assert tab.run_all() == []
        for explorer in tab.explorers(1):
            assert cut(explorer) == []
    follow_the_keyboard(tab, START)
    for theme in ("Dark", "Light"):
        tab.paint(theme)
        assert pale(tab.page, OURS) == []


def test_an_answer_and_progress_are_there_again_after_a_reload(tab: Tab) -> None:
    tab.show(FORWARD)
    tab.write_cell(ANSWER, answer_to(FORWARD, ANSWER))
    assert tab.run_all() == []
    follow_the_keyboard(tab, FORWARD)
    assert "02.1" in tab.said_by(CHECK)
    assert "right" in tab.said_by(CHECK)
    assert "✔ 02.1" in tab.run_cell(CHECK, KEPT)
    assert not tab.save()
    tab.show(FORWARD)
    assert tab.code_of(ANSWER) == answer_to(FORWARD, ANSWER)
    assert "✔ 02.1" in tab.run_cell(CHECK, KEPT)
