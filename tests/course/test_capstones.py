"""Capstones: a whole record is right, and each line sees what is wrong with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnncourse import capstone, check, hint, quiz, solution
from rnncourse.checking import progress_file
from rnncourse.checking.capstone import FaultError
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG
from rnncourse.commands import report_on
from rnncourse.lesson_14.exercises import forecast
from rnncourse.lesson_14.worked import forecast as worked
from rnncourse.lesson_14.worked.trials import ten_runs
from tests.course.records import forecast_record, linear

DATA = forecast.sunspots()
YEARS, VALIDATION, TEST = worked.split(DATA)


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "progress.json"))


def test_the_sunspots_are_those_that_were_published() -> None:
    years = dict(zip(range(1700, 2009), DATA.tolist(), strict=True))
    assert (len(DATA), years[1700], years[2008]) == (309, 5.0, 2.9)
    assert DATA.sum() == pytest.approx(15373.4)
    assert (DATA.mean(), DATA.std(ddof=1)) == pytest.approx((49.752104, 40.452595))
    peaks = {
        1778: 154.4,
        1816: 45.8,
        1870: 139.0,
        1957: 190.2,
        1989: 157.6,
        2000: 119.6,
    }
    assert {year: years[year] for year in peaks} == peaks
    for year in peaks:
        assert years[year] == max(years[y] for y in range(year - 3, year + 4))
    assert [year for year, spots in years.items() if spots == 0] == [1711, 1712, 1810]


def test_a_whole_record_passes_and_is_remembered() -> None:
    report = check("14.1", forecast_record())
    assert report.state == PASSED, report
    assert report.words.startswith("Done: 8 of 8 lines.")
    assert report.words.count("✔") == 8
    assert progress_file.read() == {"14.1": PASSED}


def test_an_empty_record_is_not_tried_and_says_what_comes_first() -> None:
    work = capstone("14.1")
    assert report_on("14.1", work).state == report_on("14.1", None).state == NOT_TRIED
    assert progress_file.read() == {}
    head, first, *others = work.report.words.splitlines()
    assert head == "Done: 0 of 8 lines."
    assert "Write `split(data)`" in first
    assert all(words.endswith(": not yet") for words in others)
    assert "not tried yet" in work._repr_html_()


def test_a_record_that_is_half_filled_says_what_is_still_open() -> None:
    work, whole = capstone("14.1"), forecast_record()
    work.split, work.batch = whole.split, whole.batch
    report = report_on("14.1", work)
    assert report.state == WRONG
    assert "✔ split: done" in report.words
    assert "Still open: baselines." in report.words
    assert report.words.count("○") == 7


@pytest.mark.parametrize("odd", [3, "forecast", {}, np.zeros(3), print])
def test_what_is_no_record_is_told_so(odd: Any) -> None:
    report = report_on("14.1", odd)
    assert report.state == WRONG
    assert 'capstone("14.1")' in report.words


def test_a_record_has_no_other_places() -> None:
    work = capstone("14.1")
    with pytest.raises(AttributeError, match=r"one of split, batch, .* got 'bseline'"):
        work.bseline = 3
    with pytest.raises(AttributeError, match="no place 'bseline'"):
        _ = work.bseline


def test_only_a_capstone_has_a_record_and_it_has_no_hints() -> None:
    with pytest.raises(ValueError, match=r"must be that of a capstone, got '04.2'"):
        capstone("04.2")
    with pytest.raises(ValueError, match=r"answered with a record: check\(\"14.1\""):
        quiz("14.1")
    for command in (hint, solution):
        assert "its record says what is missing" in command("14.1").words


def test_lines_are_looked_at_again_only_where_something_is_new() -> None:
    calls: list[str] = []

    def split(data: Any) -> Any:
        calls.append("split")
        return worked.split(data)

    work = capstone("14.1")
    work.split, work.batch = split, worked.batch
    repr(work)
    first = len(calls)
    repr(work)
    assert len(calls) == first > 0
    work.baselines = {"persistence": 1, "autoregression": 2}
    repr(work)
    assert len(calls) > first


def test_the_text_on_ten_seeds_says_what_was_measured() -> None:
    train, validation, test, ablated = ten_runs("forecast").T
    fitted = [linear(YEARS, part) for part in (YEARS, VALIDATION, TEST)]
    assert np.round(fitted, 1).tolist() == [14.3, 17.5, 17.5]
    assert [test.min().round(1), test.max().round(1)] == [15.1, 18.9]
    assert test.mean().round(1) == 17.0
    assert (test < fitted[2]).sum() == 7
    assert round(100 * (1 - test.mean() / fitted[2])) == 3
    assert ((validation < fitted[1]).sum(), validation.mean().round(1)) == (2, 18.6)
    assert round(100 * (validation.mean() / fitted[1] - 1)) == 6
    assert (train.min().round(1), train.max().round(1)) == (10.7, 12.4)
    assert (ablated.min().round(), ablated.max().round()) == (37, 49)
    assert ablated.min() > forecast_record().baselines["persistence"]


def test_one_seed_of_the_ten_is_what_it_was() -> None:
    stored = ten_runs("forecast")[0]
    np.testing.assert_allclose(ten_runs.again("forecast", 100), stored, rtol=0.1)


def test_a_fault_says_its_hint_behind_its_words() -> None:
    assert str(FaultError("It leaks.", "Where from?")) == "It leaks. Where from?"
    assert isinstance(partial(worked.train, updates=1)(DATA, 0).params, dict)
