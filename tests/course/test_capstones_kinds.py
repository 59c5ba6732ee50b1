"""The capstones on dates, a sensor and strokes: whole, and wrong in their own ways."""

from __future__ import annotations

import re
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
from rnncourse.lesson_14.worked import dates as worked_dates
from rnncourse.lesson_14.worked import sensor as worked_sensor
from rnncourse.lesson_14.worked import strokes as worked_strokes
from rnncourse.lesson_14.worked.trials import ten_runs
from rnnlib import GRUCell, Recurrent
from rnnlib.batches import PAD, Batch, Pairs
from rnnlib.models import SequenceClassifier
from rnnlib.vocab import pad
from tests.course.records import (
    SEEDS,
    copy_of,
    dates_record,
    line,
    score,
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
    assert re.search(r"What they share is '\d{4}-\d\d-\d\d'", verdict.words)


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
    "8 bytes after one value, and 16 after 2: it grows": {"step": grows},
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


def known(work: Record, every: int) -> Any:
    """Return a `predict` that knows by heart each, or every second, answer."""
    task = work.capstone.task
    data = task.data()
    some = range(0, task.count(data), every)
    key = {_sign(task.given(data, i)): task.truth(data, i) for i in some}

    def predict(net: Any, given: Any) -> Any:
        found = key.get(_sign(given))
        return work.predict(net, given) if found is None else found

    return predict


def _sign(given: Any) -> Any:
    return given.tobytes() if isinstance(given, np.ndarray) else given


@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize("record", [dates_record, sensor_record, strokes_record])
def test_who_looks_the_answers_up_does_not_ask_the_net(record: Any, every: int) -> None:
    work = copy_of(record(), predict=known(record(), every))
    work.scores = {seed: score(work, net) for seed, net in work.nets.items()}
    verdict = line(work, "three seeds")
    assert verdict.state == WRONG
    assert "answers stay the same when all that the net has learned" in verdict.words


def sensor_batch(change: Any) -> Any:
    def batch(data: Any, indices: Any) -> Batch:
        return Batch(*change(*worked_sensor.batch(data, indices)[:2]))

    return batch


def scaled_by_all(data: Any, indices: Any) -> Batch:
    inputs, targets, *_ = worked_sensor.batch(data, indices)
    return Batch(inputs / np.std([values for values, _ in data]), targets)


def dates_batch(change: Any) -> Any:
    """Return a `batch` in which the texts are changed, and the ends."""

    def batch(data: Any, indices: Any) -> Pairs:
        shown = [data[i] for i in indices]
        sources = [worked_dates.LETTERS.encode(source) for source, _ in shown]
        targets = [worked_dates.DIGITS.encode(change(target)) for _, target in shown]
        return Pairs(*pad(sources, fill=PAD), *pad(targets, fill=PAD))

    return batch


def all_exist(data: Any, indices: Any) -> Pairs:
    found = worked_dates.batch(data, indices)
    return found._replace(source_mask=np.ones_like(found.source_mask))


def no_digit(data: Any, indices: Any) -> Batch:
    found = worked_strokes.batch(data, indices)
    return found._replace(targets=(found.targets + 1) % 10)


def masked(change: Any) -> Any:
    def batch(data: Any, indices: Any) -> Batch:
        found = worked_strokes.batch(data, indices)
        return found._replace(input_mask=change(found.input_mask))

    return batch


def of_twelve_places(data: Any, indices: Any) -> Batch:
    """Return strokes that all have twelve places, so that nothing is padded."""
    shown = np.stack([outline(data[i][0]) for i in indices], axis=1)
    return Batch(shown, np.array([data[i][1] for i in indices]))


FIRST, LAST = "<start>", "<end>"
BATCHES: dict[str, tuple[Any, Any, str]] = {
    "targets a step late": (
        sensor_record,
        sensor_batch(lambda x, y: (x, np.roll(y, 1, axis=0))),
        "The targets of three examples have",
    ),
    "inputs a step ahead": (
        sensor_record,
        sensor_batch(lambda x, y: (np.roll(x, -1, axis=0), y)),
        "is the value of the step after",
    ),
    "scaled by all": (sensor_record, scaled_by_all, "only the test part is changed"),
    "another digit": (strokes_record, no_digit, "The targets of three examples have"),
    "no mask": (strokes_record, masked(lambda mask: None), "has no `input_mask`"),
    "all of it exists": (strokes_record, masked(np.ones_like), "The `input_mask` of"),
    "gaps exist": (strokes_record, masked(np.logical_not), "The `input_mask` of"),
    "no end": (dates_record, dates_batch(list), "where there are [11, 11, 11]"),
    "a start in front": (
        dates_record,
        dates_batch(lambda text: [FIRST, *text, LAST]),
        "counts [12, 12, 12] steps",
    ),
    "a start for an end": (
        dates_record,
        dates_batch(lambda text: [FIRST, *text]),
        "does not end with END",
    ),
    "no hyphens": (
        dates_record,
        dates_batch(lambda text: [*text.replace("-", ""), LAST]),
        "where there are [11, 11, 11]",
    ),
    "backwards": (
        dates_record,
        dates_batch(lambda text: [*text[::-1], LAST]),
        "not the dates, character by character",
    ),
    "all of a source": (dates_record, all_exist, "The mask of the sources of three"),
}


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_is_what_the_text_asks_for(name: str) -> None:
    record, batch, words = BATCHES[name]
    verdict = line(copy_of(record(), batch=batch), "split")
    assert (verdict.state, words in verdict.words) == (WRONG, True), verdict


FREE: dict[str, tuple[Any, Any]] = {
    "all of one length": (strokes_record, of_twelve_places),
    "another scale": (sensor_record, sensor_batch(lambda x, y: (2 * x - 1, y > 0))),
    "the change as well": (
        sensor_record,
        sensor_batch(
            lambda x, y: (np.append(x, np.diff(x, axis=0, prepend=0), axis=2), y)
        ),
    ),
}


@pytest.mark.parametrize("name", FREE)
def test_how_a_net_is_told_is_free(name: str) -> None:
    record, batch = FREE[name]
    verdict = line(copy_of(record(), batch=batch), "split")
    assert verdict.state == PASSED, verdict


def test_ten_of_one_kind_are_nothing_to_learn() -> None:
    work, data = strokes_record(), strokes()
    threes = [i for i in work.split(data)[0] if data[i][1] == 3][:10]
    net = worked_strokes.build(np.random.default_rng(0))
    net.params["output.b_y"][3] = 20
    verdict = line(copy_of(work, ten=threes, overfitted=net), "ten examples")
    assert verdict.state == WRONG
    assert "answers all of them more or less alike" in verdict.words


def test_there_are_ten_digits_to_choose_from() -> None:
    def build(rng: Any) -> Any:
        return SequenceClassifier(Recurrent(GRUCell(2, 4, rng=rng)), 11, rng=rng)

    verdict = line(copy_of(strokes_record(), build=build), "gradient check")
    assert verdict.state == WRONG
    assert "has 11 answers to choose from, and there are 10" in verdict.words


SCORES: dict[str, tuple[Any, str]] = {
    "rounded": (lambda share: float(f"{share:.3g}"), ""),
    "two digits": (lambda share: round(share, 2), "Two digits are too few."),
    "per cent": (lambda share: 100 * share, "That is in per cent. A share is asked"),
}


@pytest.mark.parametrize("name", SCORES)
def test_a_score_is_a_share_of_three_digits(name: str) -> None:
    change, words = SCORES[name]
    work = sensor_record()
    named = {name: change(share) for name, share in work.baselines.items()}
    verdict = line(copy_of(work, baselines=named), "baseline")
    assert verdict.state == (WRONG if words else PASSED)
    assert words in verdict.words


def test_scores_in_per_cent_are_told_so() -> None:
    work = sensor_record()
    scores = {seed: 100 * share for seed, share in work.scores.items()}
    verdict = line(copy_of(work, scores=scores), "three seeds")
    assert "A share is asked for, from 0 to 1" in verdict.words


def test_a_net_that_has_hardly_been_trained_is_found() -> None:
    work = copy_of(sensor_record())
    work.nets = {seed: worked_sensor.train(recordings(), seed, 5) for seed in SEEDS}
    work.scores = {seed: score(work, net) for seed, net in work.nets.items()}
    verdict = line(work, "three seeds")
    assert verdict.state == WRONG
    assert "0.8 of the steps can be reached" in verdict.words


@pytest.mark.parametrize("change", [str.upper, str.title])
def test_a_name_is_a_name_in_capital_letters_too(change: Any) -> None:
    work = sensor_record()
    verdict = line(copy_of(work, limits=change(work.limits)), "honest limits")
    assert verdict.state == PASSED, verdict


@pytest.mark.parametrize("nets", [None, {}, [1, 2, 3]], ids=["none", "empty", "a list"])
def test_stream_and_limits_wait_for_the_nets(nets: Any) -> None:
    work = copy_of(sensor_record(), nets=nets)
    for name in ("streaming", "honest limits"):
        assert line(work, name).state == NOT_TRIED


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
