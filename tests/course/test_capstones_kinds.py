"""The capstones on dates, a sensor and strokes: whole, and wrong in their own ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnncourse.checking.capstone import Record
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG
from rnncourse.commands import report_on
from rnncourse.lesson_14.exercises.dates import dates
from rnncourse.lesson_14.exercises.sensor import recordings
from rnncourse.lesson_14.exercises.strokes import SHAPES, outline, strokes
from rnncourse.lesson_14.task import Parts
from rnncourse.lesson_14.worked import sensor as worked_sensor
from rnncourse.lesson_14.worked.trials import ten_runs
from tests.course.records import (
    copy_of,
    dates_record,
    line,
    sensor_record,
    strokes_record,
)


@pytest.mark.parametrize("record", [dates_record, sensor_record, strokes_record])
def test_a_whole_record_passes(record: Any) -> None:
    work: Record = record()
    report = report_on(work.capstone.id, work, remember=False)
    assert report.state == PASSED, report


def test_the_data_are_the_same_each_time_and_as_the_text_says() -> None:
    pairs = dates()
    days = [iso for _, iso in pairs]
    assert pairs == dates()
    assert len(pairs) == 1800
    assert {days.count(day) for day in days[:50]} == {2}
    assert min(days) >= "1950"
    assert max(days) < "2050"
    shown = recordings()
    assert len(shown) == 600
    assert all(
        np.array_equal(a[0], b[0]) for a, b in zip(shown, recordings(), strict=True)
    )
    digits = strokes()
    assert {len(places) for places, _ in digits} == set(range(12, 25))
    assert {digit for _, digit in digits} == set(SHAPES) == set(range(10))
    spread = outline(digits[0][0])
    assert (abs(spread.mean(axis=0)) < 1e-12).all()
    assert (spread**2).mean() == pytest.approx(1)


def by_text(data: Any) -> Any:
    return np.arange(1600), np.arange(1600, 1700), np.arange(1700, 1800)


def test_the_same_day_in_another_style_is_a_twin() -> None:
    verdict = line(copy_of(dates_record(), split=by_text), "split")
    assert verdict.state == WRONG
    assert "are twins, and they are in the training part and the" in verdict.words


def test_a_date_is_judged_by_its_digits() -> None:
    work, pairs = dates_record(), dates()
    said = work.capstone.task.baselines["commonest"](pairs, _parts(work))
    with_hyphens = (8 * said + 2) / 10
    named = {**work.baselines, "commonest": with_hyphens}
    verdict = line(copy_of(work, baselines=named), "baseline")
    assert verdict.state == WRONG
    assert "hyphens are counted" in verdict.words


def _parts(work: Record) -> Parts:
    return Parts(*work.split(work.capstone.task.data()))


def forgets(net: Any, value: float, state: Any) -> Any:
    return worked_sensor.step(net, value, None)


def grows(net: Any, value: float, state: Any) -> Any:
    values = np.append([] if state is None else state, value)
    return bool(worked_sensor.predict(net, values)[-1]), values


def answers_alone(net: Any, value: float, state: Any) -> Any:
    return value > 0


STREAMS: dict[str, dict[str, Any]] = {
    "is not that of the whole": {"step": forgets},
    "it grows": {"step": grows},
    "the answer and the new state": {"step": answers_alone},
    "are not of that size": {"state_bytes": 8},
    "far from what a step takes": {"microseconds": 1e-4},
    "far from what a step takes here": {"microseconds": 1e9},
    "must be a number": {"microseconds": "fast"},
}


@pytest.mark.parametrize("words", STREAMS)
def test_a_wrong_stream_is_told_what_is_wrong(words: str) -> None:
    verdict = line(copy_of(sensor_record(), **STREAMS[words]), "streaming")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words


def test_a_stream_waits_for_the_nets() -> None:
    work = copy_of(sensor_record(), nets=None)
    assert line(work, "streaming").state == NOT_TRIED


def test_one_answer_for_a_whole_recording_is_no_score() -> None:
    work = copy_of(sensor_record(), predict=lambda net, values: True)
    assert "no score comes of it" in line(work, "three seeds").words


def test_a_share_of_wrong_steps_is_no_share_of_right_ones() -> None:
    named = {name: 1 - s for name, s in sensor_record().baselines.items()}
    verdict = line(copy_of(sensor_record(), baselines=named), "baseline")
    assert "share of wrong steps" in verdict.words


def test_per_cent_is_no_share() -> None:
    named = {name: 100 * s for name, s in strokes_record().baselines.items()}
    verdict = line(copy_of(strokes_record(), baselines=named), "baseline")
    assert "That is in per cent" in verdict.words


def test_the_texts_on_ten_seeds_say_what_was_measured() -> None:
    score, ablated = ten_runs("sensor").T
    rule = sensor_record().baselines
    assert [round(100 * s, 1) for s in rule.values()] == [54.8, 92.4]
    assert [round(100 * s, 1) for s in (score.min(), score.max())] == [87.8, 91.5]
    assert round(100 * score.mean(), 1) == 89.6
    assert score.max() < rule["last click"]
    assert [round(100 * s) for s in (ablated.min(), ablated.max())] == [62, 63]
    score, ablated = ten_runs("strokes").T
    nearest = strokes_record().baselines["nearest"]
    assert [round(100 * s, 1) for s in (score.min(), score.max())] == [95.8, 99.2]
    assert round(100 * score.mean(), 1) == 97.2
    assert round(100 * nearest, 1) == 98.3
    assert ((score > nearest).sum(), (score == nearest).sum()) == (1, 2)
    assert [round(100 * s) for s in (ablated.min(), ablated.max())] == [22, 42]
