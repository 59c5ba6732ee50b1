"""Work in the background: in a thread, or in turns where none can start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest

from rnncourse.exploring import live
from rnncourse.exploring.background import InThread, InTurns, in_background
from tests.course.toy_training import UPDATES, parts, said, toy


@pytest.fixture
def _without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", start)
    monkeypatch.setattr(live, "FRAME_SECONDS", 0.0)
    monkeypatch.delenv("RNNLIB_STRICT", raising=False)


def noting(steps: str, seen: list[str]) -> Iterator[None]:
    """Do some work: note a letter a step."""
    for step in steps:
        seen.append(step)
        yield


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0)


def test_where_threads_start_the_work_has_one() -> None:
    seen: list[str] = []
    work = in_background(noting("abc", seen))
    work.join()
    assert isinstance(work, InThread)
    assert "".join(seen) == "abc"


@pytest.mark.usefixtures("_without_threads")
def test_where_none_starts_the_loop_has_a_turn_after_each_step() -> None:
    order: list[str] = []

    async def others() -> None:
        assert isinstance(in_background(noting("abc", order)), InTurns)
        for turn in "123":
            await asyncio.sleep(0)
            order.append(turn)

    asyncio.run(others())
    assert "".join(order) == "a1b2c3"


@pytest.mark.usefixtures("_without_threads")
def test_whoever_cannot_wait_does_the_rest() -> None:
    seen: list[str] = []

    async def waits() -> None:
        work = in_background(noting("abcde", seen))
        await asyncio.sleep(0)
        assert seen == ["a"]
        work.join()
        assert "".join(seen) == "abcde"
        await asyncio.sleep(0)

    asyncio.run(waits())
    assert "".join(seen) == "abcde"


@pytest.mark.usefixtures("_without_threads")
def test_it_trains_in_turns_and_the_picture_follows() -> None:
    explorer = toy()
    frames: list[Any] = []

    async def train() -> None:
        explorer.image.observe(frames.append, "value")
        parts(explorer).start.click()
        await until(lambda: not parts(explorer).is_running)

    asyncio.run(train())
    assert said(explorer) == f"3 units; trained: 3 for {UPDATES}"
    assert len(frames) >= UPDATES
    assert parts(explorer).note.value.startswith("done: 100%")


@pytest.mark.usefixtures("_without_threads")
def test_controls_and_stop_answer_between_its_turns() -> None:
    explorer = toy()

    async def train() -> None:
        parts(explorer).start.click()
        await until(lambda: parts(explorer).bar.value > 0.1)
        explorer.set(units=9)
        parts(explorer).start.click()
        parts(explorer).stop.click()
        await until(lambda: not parts(explorer).is_running)

    asyncio.run(train())
    (learned,) = parts(explorer).records
    assert 0.1 < learned.progress < 1
    assert said(explorer) == f"9 units; trained: 3 for {UPDATES * learned.progress:.0f}"
    assert parts(explorer).note.value.startswith("stopped at")


@pytest.mark.usefixtures("_without_threads")
@pytest.mark.parametrize("end", ["reset", "close", "wait"])
def test_what_ends_a_training_does_not_wait_for_its_turns(end: str) -> None:
    explorer = toy()

    async def train() -> Any:
        live_part = parts(explorer)
        live_part.start.click()
        await until(lambda: live_part.bar.value > 0.1)
        {
            "reset": explorer.reset.click,
            "close": explorer.close,
            "wait": live_part.wait,
        }[end]()
        assert not live_part.is_running
        await asyncio.sleep(0)
        return [learned.progress for learned in live_part.records]

    assert asyncio.run(train()) == ([1.0] if end == "wait" else [])


@pytest.mark.usefixtures("_without_threads")
def test_an_error_in_a_turn_is_said_in_words() -> None:
    explorer = toy(units=13)

    async def train() -> None:
        parts(explorer).start.click()
        await until(lambda: not parts(explorer).is_running)
        with pytest.raises(ArithmeticError, match="thirteen"):
            parts(explorer).wait()

    asyncio.run(train())
    assert "Training was given up: thirteen units are too many" in said(explorer)
