"""The notebooks in a real browser: they run, and their explorers follow the keys."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from rnncourse.explorers import explorers
from tools.lab import (
    SCREEN,
    SMALL_SCREEN,
    Browser,
    changed_picture,
    cut,
    first_control,
    height_saying,
    jupyterlab,
    picture,
    press,
    seconds_heard,
    shape,
)
from tools.notebooks import FOLDER, LEARNERS, of_cells, said

TALLEST, SHORTEST_SOUND = 600, 3
LONGEST_VERDICT = "After 40 steps 0.3 % of the gradient is left: vanishing. " * 4
SCRATCH, QUESTION, RACE = "scratch.ipynb", "question.ipynb", "race.ipynb"
EXAM = "exam.ipynb"
EVERY = "every.ipynb"
CODE = {
    SCRATCH: ["from rnncourse.explorers import eigen_picture\n\neigen_picture()"],
    RACE: ["from rnncourse.explorers import forget_bias_race\n\nforget_bias_race()"],
    QUESTION: ["from rnncourse import myth_card\n\nmyth_card('A16')"],
    EXAM: ["from rnncourse.exam import myth_exam\n\nmyth_exam(seed=5)"],
    EVERY: [  # a cell shows at most fifty outputs
        """from rnncourse import quiz
from rnncourse.explorers import explorers

display(quiz("0.1"), quiz("00.7"), quiz("S1"))
makers = [*explorers().values()]""",
        "display(*(make() for make in makers[::2]))",
        "display(*(make() for make in makers[1::2]))",
    ],
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns(".*"))
    for name, code in CODE.items():
        nbformat.write(of_cells(*code), folder / name)
    with jupyterlab(folder) as found:
        yield found


@pytest.fixture(scope="module")
def opened(browser_path: str) -> Iterator[Browser]:
    with Browser(browser_path) as found:
        yield found


@pytest.fixture
def browser(opened: Browser) -> Browser:
    """Return a browser without faults so far: it keeps what it has loaded."""
    opened.faults.clear()
    return opened


def explorers_in(path: Path) -> int:
    """Return how many explorers the code of a notebook leaves on the page."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    left_last = rf"^({'|'.join(explorers())})\("
    return sum(len(re.findall(left_last, source, re.MULTILINE)) for source in code)


@pytest.mark.parametrize("path", LEARNERS, ids=lambda path: path.stem)
def test_a_notebook_says_what_is_stored_and_each_explorer_follows_the_keyboard(
    browser: Browser, address: str, path: Path
) -> None:
    browser.open(address, path.name)
    assert browser.run_all() == []
    assert said(browser.notebook) == said(json.loads(path.read_text(encoding="utf-8")))
    for explorer in browser.explorers(explorers_in(path)):
        before, place = picture(explorer), explorer.bounding_box()
        press(first_control(explorer))
        changed_picture(explorer, before)
        assert place is not None
        assert place["height"] <= TALLEST
        assert explorer.locator("[role=status]").inner_text() != ""
        if explorer.get_by_role("button", name="play it").count():
            assert seconds_heard(explorer) > SHORTEST_SOUND
        now = explorer.bounding_box()
        assert now is not None
        assert (now["width"], now["height"]) == (place["width"], place["height"])
    assert browser.faults == []


def test_buttons_answer_the_space_bar(browser: Browser, address: str) -> None:
    browser.open(address, SCRATCH)
    assert browser.run_all() == []
    (explorer,) = browser.explorers(1)
    frames = [picture(explorer)]
    for button in ("explodes", "one step", "reset"):
        explorer.get_by_role("button", name=button).press("Space")
        frames.append(changed_picture(explorer, frames[-1]))
    assert frames[-1] == frames[0]
    assert len(set(frames)) == 3
    assert browser.faults == []


def test_training_shows_itself_grow_and_stops_when_told(
    browser: Browser, address: str
) -> None:
    browser.open(address, RACE)
    assert browser.run_all() == []
    (explorer,) = browser.explorers(1)
    opening = picture(explorer)
    note = explorer.locator(".rnnlib-progress")
    explorer.get_by_role("button", name="train all three").press("Space")
    begun = changed_picture(explorer, opening)
    grown = changed_picture(explorer, begun)
    assert "your race" in explorer.locator("[role=status]").inner_text()
    seed = first_control(explorer)
    seed.press("ArrowRight")
    explorer.get_by_text("Seed 1, stored race").wait_for()
    seed.press("ArrowLeft")
    explorer.get_by_text("Seed 0, your race").wait_for()
    explorer.get_by_role("button", name="stop").press("Space")
    note.get_by_text("stopped at").wait_for()
    stopped = picture(explorer)
    browser.page.wait_for_timeout(500)
    assert picture(explorer) == stopped
    explorer.get_by_role("button", name="reset").press("Space")
    assert changed_picture(explorer, stopped) == opening
    assert len({opening, begun, grown}) == 3
    assert browser.faults == []


def test_a_question_is_answered_with_the_keyboard_alone(
    browser: Browser, address: str
) -> None:
    browser.open(address, QUESTION)
    assert browser.run_all() == []
    quiz = browser.page.locator(".rnnlib-quiz")
    myth, fact = quiz.locator("input[type=radio]").all()
    myth.press("Space")
    myth.press("ArrowDown")
    assert fact.is_checked()
    fact.press("ArrowUp")
    assert myth.is_checked()
    quiz.get_by_role("button").press("Space")
    quiz.get_by_text("It is a myth.").wait_for()
    assert browser.faults == []


def test_an_exam_is_answered_with_the_keyboard_alone(
    browser: Browser, address: str
) -> None:
    browser.open(address, EXAM)
    assert browser.run_all() == []
    desk = browser.page.locator(".rnnlib-exam")
    desk.get_by_role("button", name="show my result").press("Space")
    desk.get_by_text("No answer yet: 1, 2, 3").wait_for()
    for left in range(19, 0, -1):
        desk.get_by_role("button", name="myth, sure").press("Space")
        desk.get_by_text(f"card {21 - left} of 20, {left} to answer").wait_for()
    desk.get_by_role("button", name="fact, unsure").press("Space")
    desk.get_by_text("card 20 of 20, all answered").wait_for()
    desk.get_by_role("button", name="show my result").press("Space")
    desk.get_by_text("Sure 19 times").wait_for()
    assert desk.get_by_role("button", name="myth, sure").is_disabled()
    assert cut(desk) == []
    assert browser.faults == []


def test_every_explorer_fits_its_cell_beside_the_file_list(
    browser: Browser, address: str
) -> None:
    browser.page.set_viewport_size(SMALL_SCREEN)
    browser.open(address, EVERY, "lab")
    browser.show_files()
    assert browser.run_all() == []
    shown = browser.explorers(len(explorers()))
    quizzes = browser.page.locator(".rnnlib-quiz")
    quizzes.nth(2).wait_for(state="attached")
    questions = quizzes.all()
    assert len(questions) == 3
    for each in (*shown, *questions):
        assert cut(each) == []
    for explorer in shown:
        wide, high, width, height = shape(explorer)
        assert wide < width
        assert abs(high - wide * height / width) <= 1
        now = height_saying(explorer, "")
        assert height_saying(explorer, LONGEST_VERDICT) == now
    browser.page.set_viewport_size(SCREEN)
    for explorer in shown:
        wide, high, width, height = shape(explorer)
        assert (wide, high) == (width, height)
        assert cut(explorer) == []
    assert browser.faults == []
