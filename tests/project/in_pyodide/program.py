"""What the test of Pyodide runs there: each line that it prints is a finding."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from rnncourse import ready
from rnncourse.catalogue import PARTS, exercises_of
from rnncourse.checking import progress_file
from rnncourse.checking.capstone import Capstone, Line, Record
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.judging import judge
from rnncourse.commands import report_on
from rnncourse.explorers import explorers

Finding = dict[str, Any]


def opened() -> Iterator[Finding]:
    """Open each explorer, and move its first control."""
    for name, make in explorers().items():
        explorer = make()
        frames: list[Any] = []
        opening = bytes(explorer.image.value)
        explorer.image.observe(frames.append, "value")
        control, kind = next(iter(make.controls.items()))
        before = explorer.controls[control].value
        away = next(value for value in kind.corners() if value != before)
        explorer.controls[control].value = away
        yield {
            "explorer": name,
            "png": opening.startswith(b"\x89PNG"),
            "frames": len(frames),
            "moved": bytes(explorer.image.value) != opening,
            "words": explorer.verdict.value,
            "alt": explorer.image.tooltip,
        }
        explorer.close()


def answered() -> Iterator[Finding]:
    """Check the reference and a known mistake of one exercise of each lesson."""
    for part in PARTS:
        items = exercises_of(part).values()
        quick = [
            item for item in items if isinstance(item, Exercise) and item.kind != "T"
        ]
        for item in sorted(quick, key=lambda item: len(item.mistakes))[:1]:
            mistake = item.mistakes[0]
            right = report_on(item.id, item.reference)
            wrong = judge(item, next(iter(mistake.answers(item.reference))))
            states = right.state, wrong.state
            named = wrong.mistake == mistake.name
            yield {"exercise": item.id, "states": states, "named": named}


def stopped() -> Iterator[Finding]:
    """Check answers that never end."""

    def loops(T: int, V: int) -> int:
        while True:
            pass

    def catches(T: int, V: int) -> int:
        while True:
            with suppress(BaseException):
                T += 1

    def calls(T: int, V: int) -> int:
        return sum(1 for _ in iter(int, 1))

    item = exercises_of("lesson_00")["00.2"]
    assert isinstance(item, Exercise)
    hasty = replace(item, seconds=0.2)
    for answer in (loops, catches, calls):
        begin = time.perf_counter()
        words = judge(hasty, answer).words
        seconds = time.perf_counter() - begin
        yield {"endless": answer.__name__, "words": words, "seconds": seconds}


def filled() -> Finding:
    """Fill a capstone whose first line is right, and whose second never ends."""

    def loops(record: Record, task: None) -> str:
        while True:
            pass

    lines = (
        Line("right", ("found",), "Put it there.", lambda record, task: "It is there."),
        Line("endless", ("found",), "Put it there.", loops),
    )
    record = Capstone("99.1", "Two lines", None, lines, seconds=0.1).record()
    record.found = 1
    return {"capstone": record.report.words.splitlines()}


async def trained() -> Finding:
    """Train in an explorer, move a control meanwhile, and stop."""
    explorer = explorers()["forget_bias_race"]()
    live = explorer.live
    frames: list[Any] = []
    explorer.image.observe(frames.append, "value")
    live.start.click()
    turns = 0
    while live.is_running:
        await asyncio.sleep(0)
        turns += 1
        if live.bar.value > 0.05:
            live.stop.click()
    return {
        "training": live.note.value,
        "done": live.bar.value,
        "turns": turns,
        "frames": len(frames),
    }


async def kept() -> Finding:
    """Take progress out of the file, and in again; return what was said of it."""
    trouble = await ready()
    before = progress_file.read()
    text = progress_file.text_of(before)
    progress_file.place().unlink()
    emptied = progress_file.read()
    progress_file.add(progress_file.states_in(text))
    after = progress_file.read()
    return {"kept": len(before), "same": before == after != emptied, "trouble": trouble}


async def main() -> None:
    """Print all findings."""
    for part in (opened, answered, stopped):
        for finding in part():
            print(json.dumps(finding), flush=True)
    for finding in (filled(), await trained(), await kept()):
        print(json.dumps(finding))
