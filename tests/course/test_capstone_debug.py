"""Capstone 14.6: each bug is shown by its own test, and by no cheaper one."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnncourse import capstone, check
from rnncourse.checking.capstone import Record
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG
from rnncourse.lesson_14.broken import broken_lstm, run
from rnncourse.lesson_14.broken.bugs import (
    BUGS,
    GRADES,
    Bug,
    _clash,
    drawn,
    planted,
    whole,
)
from rnncourse.lesson_14.broken.looks import LOOKS, OWN, by_itself
from tests.course.records import copy_of, line

RIGHT = whole()
PAIRS = [
    (one, other)
    for one in BUGS
    for other in BUGS
    if one.grade in ("gradients", "gaps") and other.grade in ("gaps", "longer")
    if one.grade != other.grade and not (_clash(one, other) or _clash(other, one))
]


def named(bug: Bug) -> str:
    return bug.name


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("look", LOOKS)
def test_the_whole_program_passes_every_test(look: str) -> None:
    assert not by_itself(RIGHT, look).bug


@pytest.mark.parametrize("bug", BUGS, ids=named)
def test_a_bug_is_shown_by_its_own_test_and_by_no_cheaper_one(bug: Bug) -> None:
    program = planted(RIGHT, bug)
    cheaper = GRADES[: GRADES.index(bug.grade)]
    assert [look for look in cheaper if by_itself(program, look).bug] == []
    assert by_itself(program, bug.grade).bug


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "+".join(map(named, pair)))
def test_a_bug_is_still_shown_while_a_later_one_is_there(pair: Any) -> None:
    assert by_itself(planted(RIGHT, *pair), pair[0].grade).bug


def test_a_seed_draws_one_bug_of_each_grade_and_none_in_the_way_of_another() -> None:
    seen = set()
    for seed in range(100):
        bugs = drawn(seed)
        assert tuple(bug.grade for bug in bugs) == GRADES
        assert not any(_clash(*pair) for pair in permutations(bugs, 2))
        assert broken_lstm(seed) == planted(RIGHT, *bugs)
        seen |= {bug.name for bug in bugs}
    assert seen == {bug.name for bug in BUGS}
    assert len({broken_lstm(seed) for seed in range(100)}) > 90
    with pytest.raises(ValueError, match="seed must be"):
        broken_lstm(-1)


def test_the_sensor_answers_with_the_last_mark_that_arrived() -> None:
    x, y, mask = RIGHT.sample(50, np.random.default_rng(0), 20)
    for b in range(50):
        last = -1
        for t in range(20):
            if mask[t, b] and x[t, b] >= 4:
                last = x[t, b] - 4
            assert y[t, b] == last or not mask[t, b]
    assert not mask.all()
    assert mask[0].all()


def test_a_mended_program_is_another_one_and_the_old_one_stays() -> None:
    twice = RIGHT.mend("sigmoid", {"0.5 * np": "1.5 * np"})
    assert (RIGHT.sigmoid(0.0), RIGHT.sigmoid(1e3), twice.sigmoid(1e3)) == (0.5, 1, 2)
    assert twice.mend("sigmoid", {"1.5 * np": "0.5 * np"}) == RIGHT
    assert "1.5" in repr(twice.show("sigmoid"))
    assert repr(RIGHT).startswith("Program(sample, split, initial")
    with pytest.raises(ValueError, match="stands there 2 times; give more"):
        RIGHT.mend("sigmoid", {"0.5 *": "a"})
    with pytest.raises(ValueError, match=r"name must be one of sample, .* got 'stp'"):
        RIGHT.mend("stp", {})
    with pytest.raises(AttributeError, match=r"name must be one of sample, .*'stp'"):
        _ = RIGHT.stp


def test_an_error_inside_the_program_shows_its_line() -> None:
    with pytest.raises(KeyError) as caught:
        RIGHT.step({}, 0, 0, 0)
    assert 'a = params["W_xh"][x]' in str(caught.traceback[-1].statement)


@cache
def whole_record() -> Record:
    """Return the record of who finds all five bugs of seed 1."""
    work, bugs = capstone("14.6"), drawn(1)
    work.seed = 1
    for place, name in enumerate(LOOKS):
        before, after = (planted(RIGHT, *bugs[place + more :]) for more in (0, 1))
        shown = (e for e in OWN[name](before) if LOOKS[name](before, e).bug)
        setattr(work, name, (before, next(shown), after))
    longer = RIGHT.sample(100, np.random.default_rng(1), 48)
    nets = {seed: run(RIGHT, seed).params for seed in (1, 2, 3)}
    work.scores = {
        seed: float(RIGHT.accuracy(params, longer)) for seed, params in nets.items()
    }
    work.fails = FAILS
    mean = 100 * np.mean([*work.scores.values()])
    work.limits = LIMITS.format(mean=mean)
    return work


FAILS = "X" + 399 * "b"
LIMITS = (
    "At 48 steps {mean:.1f} % are right. After 400 steps, a mark and then the same "
    "letter, one net has forgotten it. Five green tests do not show that there is no "
    "sixth bug that none of them asks for."
)


def test_a_record_with_five_findings_passes() -> None:
    report = check("14.6", whole_record())
    assert report.state == PASSED, report
    assert report.words.startswith("Done: 8 of 8 lines.")
    assert "In order: 5 of 5" in report.words


def test_an_empty_record_is_not_tried() -> None:
    report = capstone("14.6").report
    assert report.state == NOT_TRIED
    assert "Still open: overfit" in report.words


def test_one_finding_alone_counts() -> None:
    work = capstone("14.6")
    work.gaps = whole_record().gaps
    assert line(work, "gaps").state == PASSED
    assert line(work, "split").state == NOT_TRIED


def of(name: str, **others: Any) -> Any:
    """Return the finding of the whole record with other parts."""
    before, evidence, after = getattr(whole_record(), name)
    return (
        others.get("before", before),
        others.get("evidence", evidence),
        others.get("after", after),
    )


def batch_of(steps: int, count: int) -> Any:
    return RIGHT.sample(count, np.random.default_rng(7), steps)


def without_gaps(batch: Any) -> Any:
    x, y, mask = batch
    return x, y, np.ones_like(mask)


def with_bug(name: str) -> Any:
    (bug,) = (bug for bug in BUGS if bug.name == name)
    return planted(RIGHT, bug)


CELL, AT_LAST = map(with_bug, ("the_cell_does_not_wait", "stays_at_the_last_letter"))
WAITS = {"c = c_new": "c = np.where(there, c_new, c)"}
CONSTANT = {'states @ params["W_hy"]': '0 * states @ params["W_hy"]'}
NOTHING = "return 0.0, {name: 0 * p for name, p in params.items()}"
CRASHES = RIGHT.mend("forward", {"T, B = x.shape": "T, B = x.shap"})
WRONG_FINDINGS: dict[str, tuple[str, Any, str]] = {
    "no bug before": ("overfit", lambda: of("overfit", before=RIGHT), "shows no bug"),
    "not mended": (
        "overfit",
        lambda: of("overfit", after=of("overfit")[0]),
        "the bug is still there",
    ),
    "no finding": ("overfit", lambda: "the rate is zero", "not of the form"),
    "two parts": ("gaps", lambda: of("gaps")[:2], "not of the form"),
    "text as program": (
        "overfit",
        lambda: of("overfit", after="def train(): ..."),
        "last must be a program, and is str",
    ),
    "too many examples": (
        "overfit",
        lambda: of("overfit", evidence=batch_of(12, 11)),
        "at most 10 sequences, got 11",
    ),
    "no batch": ("overfit", lambda: of("overfit", evidence=3), "cannot be used"),
    "a batch of floats": (
        "overfit",
        lambda: of("overfit", evidence=[a.astype(float) for a in batch_of(12, 3)]),
        "must be bool",
    ),
    "unknown letters": (
        "overfit",
        lambda: of("overfit", evidence=[batch_of(12, 3)[0] + 9, *batch_of(12, 3)[1:]]),
        "whole numbers below 6",
    ),
    "a gradient that is right": (
        "gradients",
        lambda: of("gradients", evidence=(batch_of(6, 4), "W_hy")),
        "shows no bug",
    ),
    "no such parameter": (
        "gradients",
        lambda: of("gradients", evidence=(batch_of(6, 4), "W_xx")),
        "name a parameter: W_xh",
    ),
    "a batch without a name": (
        "gradients",
        lambda: of("gradients", evidence=batch_of(6, 4)),
        "cannot be used",
    ),
    "other letters arrived": (
        "gaps",
        lambda: of("gaps", evidence=(batch_of(9, 4), without_gaps(batch_of(9, 4)))),
        "these differ there",
    ),
    "the same batch twice": (
        "gaps",
        lambda: of("gaps", evidence=(batch_of(9, 4), batch_of(9, 4))),
        "shows no bug",
    ),
    "more steps than in training": (
        "gaps",
        lambda: of("gaps", evidence=(batch_of(12, 4), batch_of(13, 4))),
        "at most 12 steps",
    ),
    "a measure of one's own": (
        "longer",
        lambda: of(
            "longer",
            after=of("longer")[0].mend(
                "accuracy", {"(logits.argmax(axis=2) == y)[mask].mean()": "1.0"}
            ),
        ),
        "is what you measure with",
    ),
    "a part of the rest": (
        "split",
        lambda: of(
            "split", after=RIGHT.mend("split", {"order[cut:]": "order[cut : cut + 20]"})
        ),
        "150 and 20 sequences",
    ),
    "losses that are said": (
        "overfit",
        lambda: of(
            "overfit",
            after=of("overfit")[0].mend(
                "train", {"    return losses": "    return [1.0, 0.001]"}
            ),
        ),
        "the bug is still there",
    ),
    "the program stops": (
        "gaps",
        lambda: of("gaps", after=CRASHES),
        "AttributeError",
    ),
    "twelve steps": ("longer", lambda: of("longer", evidence=12), "above 12"),
    "half a step": ("longer", lambda: of("longer", evidence=24.5), "got 24.5"),
    "a step more": (
        "longer",
        lambda: of("longer", evidence=13),
        "is too little to tell: 99 % are right at 12",
    ),
    "not the same sequence": (
        "split",
        lambda: of("split", evidence=(3, 0, 0)),
        "not the same (seed 3)",
    ),
    "no such place": (
        "split",
        lambda: of("split", evidence=(3, 0, 999)),
        "lie below 150 and 50, and (0, 999) do not (seed 3)",
    ),
    "a pair": (
        "split",
        lambda: of("split", evidence=(0, 1)),
        "give 3 things in brackets: seed, i, j",
    ),
    "a list of names": (
        "gradients",
        lambda: of("gradients", evidence=(batch_of(6, 4), ["W_hh"])),
        "name a parameter: W_xh, W_hh, b_h, W_hy, b_y; got ['W_hh']",
    ),
    "one batch": (
        "gaps",
        lambda: of("gaps", evidence=(batch_of(9, 4),)),
        "give 2 things in brackets: a batch, another one",
    ),
    "one sequence, fifty times": (
        "split",
        lambda: of(
            "split",
            after=RIGHT.mend(
                "split", {"order[cut:]": "np.repeat(order[cut:][:1], 50)"}
            ),
        ),
        "of the (150, 50) sequences of the parts only (150, 1) are different",
    ),
    "a limit further on": (
        "longer",
        lambda: (AT_LAST, 48, AT_LAST.mend("forward", {"LONGEST - 1": "48"})),
        "with another input 100 % are right at 12 steps",
    ),
    "the forward pass alone": (
        "gaps",
        lambda: (CELL, OWN["gaps"](CELL)[0], CELL.mend("forward", WAITS)),
        "breaks another one, which was green: gradient check",
    ),
    "logits that never change": (
        "gaps",
        lambda: (CELL, OWN["gaps"](CELL)[0], CELL.mend("forward", CONSTANT)),
        "breaks another one, which was green: ten examples",
    ),
    "no loss and no gradient": (
        "gradients",
        lambda: of(
            "gradients",
            after=RIGHT.mend(
                "loss_and_gradients",
                {"return loss, backward(params, dlogits, mask, cache)": NOTHING},
            ),
        ),
        "breaks another one, which was green: ten examples",
    ),
}


@pytest.mark.parametrize("name", WRONG_FINDINGS)
def test_a_wrong_finding_is_told_why(name: str) -> None:
    place, make, words = WRONG_FINDINGS[name]
    (found,) = (
        each for each in capstone("14.6").capstone.lines if place in each.places
    )
    verdict = line(copy_of(whole_record(), **{place: make()}), found.name)
    assert verdict.state == WRONG
    assert words in verdict.words


def test_the_text_on_longer_sequences_says_what_was_measured() -> None:
    last = [planted(RIGHT, bug) for bug in BUGS if bug.grade == "split"]
    longer = RIGHT.sample(100, np.random.default_rng(1), 48)
    right = [p.accuracy(run(p, 0).params, longer) for p in (RIGHT, *last)]
    assert round(100 * min(right)) == 96
    assert sum(share > 0.99 for share in right) == 4


def test_a_twin_that_the_mended_part_no_longer_holds_is_gone() -> None:
    found = with_bug("trained_on_all"), (0, 150, 0), RIGHT
    verdict = line(copy_of(whole_record(), split=found), "split")
    assert verdict.state == PASSED, verdict
    assert "Mended: places lie below 150 and 50" in verdict.words


def test_the_order_waits_until_all_five_are_right() -> None:
    work = copy_of(whole_record(), gaps=of("gaps", evidence=(batch_of(9, 4),)))
    verdict = line(work, "order of tests")
    assert verdict.state == NOT_TRIED
    assert "gaps is not yet" in verdict.words


def test_a_change_that_only_hides_the_bug_is_told_so() -> None:
    x, y, mask = batch_of(9, 4)
    other = np.where(mask, x, 0), y, mask
    program = planted(
        RIGHT, next(b for b in BUGS if b.name == "the_cell_does_not_wait")
    )
    hidden = program.mend("forward", {"T, B = x.shape": "T, B = x.shape; x = x * mask"})
    found = (program, ((x, y, mask), other), hidden)
    verdict = line(copy_of(whole_record(), gaps=found), "gaps")
    assert "with another input" in verdict.words
    assert verdict.state == WRONG


HALF: Any = planted(RIGHT, drawn(1)[4]).mend(
    "step_backward", {"df * f * (1 - f)": "df * 0"}
)
TURNED: Any = whole_record().overfit[0].mend("adam", {"n, rate):": "n, rate): "})
OTHER_ORDER: dict[str, tuple[Any, str]] = {
    "taken back": (
        lambda: {
            "overfit": of("overfit", after=TURNED),
            "gradients": of("gradients", before=TURNED, after=of("gradients")[2]),
        },
        "is taken back for gradient check",
    ),
    "another seed": (lambda: {"seed": 2}, "`overfit` is not the one"),
    "no seed": (lambda: {"seed": "one"}, "the number that you drew"),
    "a gap in the chain": (lambda: {"gaps": of("gaps", before=RIGHT)}, "`gaps` is not"),
    "mended only in half": (
        lambda: {
            "longer": of("longer", after=HALF),
            "split": of("split", before=HALF),
        },
        "In order: 4 of 5; split while gradient check was still red",
    ),
}


@pytest.mark.parametrize("name", OTHER_ORDER)
def test_another_order_is_told(name: str) -> None:
    make, words = OTHER_ORDER[name]
    verdict = line(copy_of(whole_record(), **make()), "order of tests")
    assert verdict.state == WRONG
    assert words in verdict.words


WRONG_ENDS: dict[str, tuple[str, dict[str, Any], str]] = {
    "two seeds": ("three seeds", {"scores": {1: 1.0, 2: 1.0}}, "three scores or more"),
    "a list": ("three seeds", {"scores": [1.0, 1.0, 1.0]}, "a dict of three"),
    "a made-up score": (
        "three seeds",
        {"scores": {1: 0.9, 2: 0.9, 3: 0.9}},
        "For seed 1 you have 0.9",
    ),
    "no seed": ("three seeds", {"scores": dict.fromkeys("abc", 1.0)}, "whole number"),
    "too short": ("honest limits", {"limits": "It works."}, "2 words, fewer than 25"),
    "filler": ("honest limits", {"limits": "It is " + 30 * "so "}, "says 'so' and"),
    "no number": (
        "honest limits",
        {"limits": LIMITS.format(mean=11)},
        "name your mean score",
    ),
    "no length": (
        "honest limits",
        {"limits": LIMITS.replace("400", "many").format(mean=100)},
        "has 400 steps",
    ),
    "all are right": ("honest limits", {"fails": "Xb"}, "does not say"),
    "a mark alone": ("honest limits", {"fails": "X"}, "that `fails` has 1 step."),
    "no mark": ("honest limits", {"fails": "abc"}, "a mark, and then"),
    "no letters": ("honest limits", {"fails": 7}, "must be letters"),
    "too long": ("honest limits", {"fails": "X" * 401}, "must be letters"),
}


@pytest.mark.parametrize("name", WRONG_ENDS)
def test_a_wrong_end_is_told_why(name: str) -> None:
    which, others, words = WRONG_ENDS[name]
    verdict = line(copy_of(whole_record(), **others), which)
    assert verdict.state == WRONG
    assert words in verdict.words


@pytest.mark.parametrize("scores", [{}, [1.0, 1.0, 1.0]], ids=["empty", "a list"])
def test_the_limits_wait_for_the_scores(scores: Any) -> None:
    verdict = line(copy_of(whole_record(), scores=scores), "honest limits")
    assert verdict.state == NOT_TRIED, verdict


def test_a_sequence_on_which_no_net_fails_is_told_so() -> None:
    work = whole_record()
    words = work.limits.replace("400", "2")
    verdict = line(copy_of(work, fails="Xb", limits=words), "honest limits")
    assert "all your 3 nets are right" in verdict.words
