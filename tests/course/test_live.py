"""Live training: a click trains, the picture follows, stop stops, errors are said."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from threadpoolctl import threadpool_info

from rnncourse.exploring import live
from rnncourse.exploring.engine import ExplorerWidget
from rnncourse.exploring.live import Training
from tests.course.toy_training import UPDATES, Learned, Seen, parts, run, said, toy


@pytest.fixture
def explorer(monkeypatch: pytest.MonkeyPatch) -> ExplorerWidget:
    monkeypatch.delenv("RNNLIB_STRICT", raising=False)
    monkeypatch.setattr(live, "FRAME_SECONDS", 0.0)
    return toy()


def train(explorer: ExplorerWidget) -> None:
    parts(explorer).start.click()
    parts(explorer).wait()


def test_the_button_says_what_is_trained_and_how_long_it_takes(
    explorer: ExplorerWidget,
):
    assert parts(explorer).start.description == "train the toy (about 0.5 s)"
    assert said(explorer) == "3 units; trained: "


def test_in_a_browser_tab_the_button_says_that_it_takes_longer(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(live, "IN_TAB", True)
    assert parts(toy()).start.description == "train the toy (about 2 s)"


def test_a_click_trains_with_the_values_of_the_controls(explorer: ExplorerWidget):
    explorer.set(units=7)
    frames: list[Any] = []
    explorer.image.observe(frames.append, "value")
    train(explorer)
    assert said(explorer) == "7 units; trained: 7 for 40"
    assert len(frames) >= UPDATES
    assert parts(explorer).bar.value == 1
    assert re.fullmatch(r"done: 100%, \d+\.\d s", parts(explorer).note.value)
    assert not parts(explorer).is_running


def test_what_was_trained_stays_as_controls_move_and_more_is_trained(
    explorer: ExplorerWidget,
):
    train(explorer)
    explorer.set(units=8)
    assert said(explorer) == "8 units; trained: 3 for 40"
    train(explorer)
    assert said(explorer) == "8 units; trained: 3 for 40, 8 for 40"


def test_reset_forgets_what_was_trained(explorer: ExplorerWidget):
    opening = bytes(explorer.image.value), said(explorer)
    train(explorer)
    assert (bytes(explorer.image.value), said(explorer)) != opening
    explorer.reset.click()
    assert (bytes(explorer.image.value), said(explorer)) == opening
    assert (parts(explorer).bar.value, parts(explorer).note.value) == (0, "")


def test_frames_come_ten_times_a_second(
    explorer: ExplorerWidget, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live, "FRAME_SECONDS", 0.1)
    frames: list[Any] = []
    explorer.image.observe(frames.append, "value")
    train(explorer)
    assert len(frames) < UPDATES / 2
    assert "3 for 40" in said(explorer)


def test_controls_and_buttons_answer_while_it_trains(explorer: ExplorerWidget):
    parts(explorer).start.click()
    wait_until(lambda: parts(explorer).bar.value > 0.1)
    explorer.set(units=9)
    assert "trained: 3 for" in said(explorer)
    assert said(explorer).startswith("9 units")
    assert 'aria-live="off"' in explorer.verdict.value
    parts(explorer).start.click()
    parts(explorer).wait()
    assert said(explorer) == "9 units; trained: 3 for 40"
    assert 'aria-live="polite"' in explorer.verdict.value


def test_stop_ends_it_and_keeps_what_it_has_brought(explorer: ExplorerWidget):
    parts(explorer).start.click()
    wait_until(lambda: parts(explorer).bar.value > 0.1)
    assert parts(explorer).stop.button_style == "warning"
    parts(explorer).stop.click()
    parts(explorer).wait()
    assert not parts(explorer).is_running
    assert 0.1 < parts(explorer).bar.value < 1
    assert parts(explorer).note.value.startswith("stopped at")
    assert parts(explorer).stop.button_style == ""
    (learned,) = parts(explorer).records
    assert said(explorer) == f"3 units; trained: 3 for {40 * learned.progress:.0f}"


def test_reset_ends_it_and_forgets_it(explorer: ExplorerWidget):
    parts(explorer).start.click()
    wait_until(lambda: parts(explorer).bar.value > 0.1)
    explorer.reset.click()
    assert not parts(explorer).is_running
    assert said(explorer) == "3 units; trained: "
    time.sleep(0.02)
    assert said(explorer) == "3 units; trained: "


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_stop_without_a_run_does_nothing(explorer: ExplorerWidget):
    parts(explorer).stop.click()
    assert parts(explorer).note.value == ""


def test_an_error_is_said_in_words_and_the_next_run_is_sound(explorer: ExplorerWidget):
    explorer.set(units=13)
    with pytest.raises(ArithmeticError, match="thirteen"):
        train(explorer)
    assert "Training was given up: thirteen units are too many" in said(explorer)
    assert parts(explorer).note.value.startswith("failed at 12%")
    assert not parts(explorer).is_running
    explorer.reset.click()
    train(explorer)
    assert said(explorer) == "3 units; trained: 3 for 40"


def test_a_picture_that_fails_ends_the_run(
    explorer: ExplorerWidget, monkeypatch: pytest.MonkeyPatch
):
    def draw(_: Seen) -> None:
        raise ValueError("the line is too long")

    monkeypatch.setenv("RNNLIB_STRICT", "1")
    monkeypatch.setattr(explorer.view, "draw", draw)
    with pytest.raises(ValueError, match="too long"):
        train(explorer)
    assert "Training was given up: the line is too long" in said(explorer)
    assert not parts(explorer).is_running


def threads() -> list[int]:
    """Return the threads of each library that makes matrix products."""
    found = threadpool_info()
    return [lib["num_threads"] for lib in found if lib["user_api"] == "blas"]


def test_training_leaves_a_core_to_the_browser(explorer: ExplorerWidget) -> None:
    used = threads()
    seen: list[list[int]] = []

    def train_and_look(**values: Any) -> Iterator[Learned]:
        seen.append(threads())
        yield from run(**values)

    live_part = parts(explorer)
    live_part._training = Training("train", 1, train_and_look)
    train(explorer)
    assert seen == [[1] * len(used)]
    assert threads() == used


def test_an_explorer_without_training_has_no_buttons_for_it():
    from rnncourse.explorers import parameter_race

    assert parameter_race().live is None
