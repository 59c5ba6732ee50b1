"""The ways to show an explorer that are measured beside each other show the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from benchmarks import _side_by_side, _ways, memory, sliders
from benchmarks._side_by_side import Times
from rnncourse.drawing import style
from rnncourse.drawing.canvas import Canvas
from rnncourse.explorers import explorers

ALL = tuple(explorers().values())
NAMES = list(explorers())


@pytest.mark.parametrize("name", NAMES)
def test_a_twin_shows_the_picture_of_the_explorer(name: str) -> None:
    twin = _ways.Twin(name)
    explorer = twin.explorer
    first, control = next(iter(explorers()[name].controls.items()))
    moved = next(value for value in control.corners() if value != control.value)
    for controls in (twin.controls, explorer.controls):
        controls[first].value = moved
    figure = style.figure(*map(int, explorer.figure.bbox.size))
    values = {each: widget.value for each, widget in twin.controls.items()}
    twin.view(figure).draw(twin.data(**values))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    assert values == explorer.values
    ours = Canvas(explorer.figure, explorer.view.moving).pixels()
    np.testing.assert_array_equal(ours, np.asarray(canvas.buffer_rgba()))


def test_the_kernel_is_measured_for_every_explorer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_ways, "MOVES", 2)
    found = json.loads(_ways.kernel_numbers(NAMES))
    assert list(found) == NAMES
    assert all(ms > 0 and size > 1000 for ms, size in found.values())


def test_every_explorer_has_a_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def measure(_: str, names: Sequence[str]) -> list[sliders.Row]:
        return [row(name) for name in names]

    monkeypatch.setattr(sliders, "find_browser", lambda: "browser")
    monkeypatch.setattr(sliders, "measure", measure)
    monkeypatch.setattr(_side_by_side, "RESULTS", tmp_path)
    assert sliders.main() == 0
    lines = (tmp_path / "sliders.md").read_text(encoding="utf-8").splitlines()
    assert lines[2].count("|") == lines[4].count("|")
    assert [line.split()[1] for line in lines[4 : 4 + len(ALL)]] == NAMES


def row(name: str, ours: float = 0.03, kernel: float = 3.0) -> sliders.Row:
    ways = zip(sliders.AREAS, (ours, 0.15, 0.08, 0.025), strict=True)
    times = Times({way: [seconds] * 3 for way, seconds in ways})
    return sliders.Row(name, kernel, 40_000, times)


def test_a_mark_names_the_explorer_that_is_farthest_from_it() -> None:
    rows = [row("one"), row("two", ours=0.07), row("three", kernel=16.0)]
    late, busy = sliders.marks(rows)
    assert (late.met, busy.met) == (False, False)
    assert late.found == "2 of 3, up to 2.80 (two)"
    assert busy.found == "2 of 3, up to 0.64 (three)"


def test_a_drag_is_told_by_its_last_picture_and_by_the_gaps_before() -> None:
    settles, between = sliders.timed(100.0, 400.0, [150.0, 250.0, 330.0, 450.0])
    assert settles == 50
    assert between == 75  # of 50, 100, 80, 70
    slow = replace(row("slow"), drag=sliders.Drag(settles, between))
    settled, often = sliders.marks([slow, row("without a slider")])[2:]
    assert settled.found == "1 of 1, up to 2.00 (slow)"
    assert often.found == "0 of 1, up to 3.00 (slow)"


def test_a_drag_without_a_picture_meets_no_mark_and_stops_nothing() -> None:
    still = replace(row("still"), drag=sliders.Drag(*sliders.timed(100.0, 400.0, [])))
    assert len(sliders.report([still])) > 5
    settled, often = sliders.marks([still])[2:]
    assert not settled.met
    assert not often.met


@pytest.mark.parametrize(
    ("error", "why"),
    [(KeyboardInterrupt(), ""), (RuntimeError("no page"), ": no page (RuntimeError)")],
    ids=["by the keyboard", "by an error"],
)
def test_what_was_measured_before_it_was_stopped_is_told_and_not_stored(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    why: str,
) -> None:
    def stopped(_: str, names: Sequence[str]) -> Iterator[sliders.Row]:
        yield row(names[0])
        raise error

    monkeypatch.setattr(sliders, "find_browser", lambda: "browser")
    monkeypatch.setattr(sliders, "measure", stopped)
    monkeypatch.setattr(_side_by_side, "RESULTS", tmp_path)
    assert sliders.main() == 1
    told = capsys.readouterr()
    assert f"| {NAMES[0]} |" in told.out
    assert f"1 of {len(NAMES)}: {NAMES[0]}, 1.20 times" in told.err
    assert f"Stopped after 1 of {len(NAMES)}{why}." in told.err
    assert not [*tmp_path.iterdir()]


def test_what_grows_is_told_by_name() -> None:
    flat = memory.Row("flat", [(9.0, 1.0, 100)] * 10, [(50.0, 1.0, 100, 40)] * 30)
    slower = [(9.0 * by, by, 100) for by in range(1, 11)]  # a machine that is busier
    alike = memory.Row("alike", slower, [(50.0, 1.0, 100, 40)] * 30)
    moves = [(9.0 + hundred, 1.0, 100 + hundred) for hundred in range(10)]
    runs = [(50.0, 1.0, 100, 40 + run) for run in range(30)]
    found = memory.marks([flat, memory.Row("grows", moves, runs), alike])
    size, time, run_size, run_time, widgets = found
    assert size.found == "2 of 3, up to 1.09 (grows)"
    assert time.found == "2 of 3, up to 1.55 (grows)"  # 17 ms for 11
    assert (run_size.met, run_time.met) == (True, True)
    assert widgets.found == "2 of 3, up to 1.73 (grows)"


def test_some_explorers_alone_are_measured_and_not_stored(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sliders, "find_browser", lambda: "browser")
    monkeypatch.setattr(sliders, "measure", lambda _, names: [*map(row, names)])
    monkeypatch.setattr(_side_by_side, "RESULTS", tmp_path)
    assert sliders.main(["gate_desk", "cliff"]) == 0
    assert "gate_desk" in capsys.readouterr().out
    assert sliders.main(["gate desk"]) == 1
    assert capsys.readouterr().out == "These are no explorers: gate desk.\n"
    assert not [*tmp_path.iterdir()]
