"""Capstone 14.7: a claim, its control, three seeds, and a verdict that is computed."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
import pytest

from rnncourse import capstone, explorers
from rnncourse.checking.capstone import Record
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG
from rnncourse.lesson_05.trials import ten_runs as of_lesson_05
from rnncourse.lesson_08.trials import ten_runs as of_lesson_08
from rnncourse.lesson_14.paper import ROWS, make_cell, rubric
from rnnlib import Recurrent
from rnnlib.models import SequenceClassifier
from rnnlib.optimizers import Adam
from rnnlib.tasks import TemporalOrder
from rnnlib.training import fit
from tests.course.records import copy_of, line

SEEDS = (7, 8, 9)
SETTING, CONTROL = dict(ROWS["length"].setting), ROWS["length"].control


@cache
def net_of(seed: int, hidden_size: int = 32) -> SequenceClassifier:
    """Return a net that was never trained: it guesses."""
    rng = np.random.default_rng(seed)
    cell = make_cell({**SETTING, "hidden_size": hidden_size}, 6, rng=rng)
    return SequenceClassifier(Recurrent(cell), 4, rng=rng)


def trained(
    setting: Any, seed: int, fixed: Any = (), weights_alone: bool = False, kept: int = 0
) -> SequenceClassifier:
    """Return a net after two updates, where 600 are asked for: it guesses.

    Some entries of the setting may not count, or the batches not come from the seed, or
    some of them be kept and used over and over.
    """
    setting = {**setting, **{name: SETTING[name] for name in fixed}}
    rng = np.random.default_rng(seed)
    net = SequenceClassifier(Recurrent(make_cell(setting, 6, rng=rng)), 4, rng=rng)
    task, count = TemporalOrder(setting["steps"]), setting["updates"] % 600 or 2
    rng = np.random.default_rng(0) if weights_alone else rng
    size = setting["batch_size"]
    drawn = [task.sample(size, rng=rng) for _ in range(kept or count)]
    batches = (drawn[n % len(drawn)] for n in range(count))
    rate, norm = setting["learning_rate"], setting["clip_norm"]
    fit(net, batches, Adam(rate), clip_norm=norm, progress=False)
    return net


@cache
def whole_record() -> Record:
    """Return the record of a claim that does not hold: nobody has learned."""
    work = capstone("14.7")
    work.row, work.predicted, work.chance = "length", 3, 0.25
    work.setting, work.control, work.train = SETTING, CONTROL, trained
    work.nets = {seed: trained(SETTING, seed) for seed in SEEDS}
    work.control_nets = {seed: trained(CONTROL, seed) for seed in SEEDS}
    work.scores = {s: rubric.score(n, SETTING) for s, n in work.nets.items()}
    work.control_scores = {
        s: rubric.score(n, CONTROL) for s, n in work.control_nets.items()
    }
    work.verdict = (0, "does not hold")
    work.preset = (
        explorers.breaking_length,
        "the RNN learns",
        "At 20 steps a tanh network still hears the first of the two marks.",
    )
    means = [
        100 * np.mean([*found.values()]) for found in (work.scores, work.control_scores)
    ]
    work.limits = LIMITS.format(*means)
    return work


WORDS = (
    "Nobody has learned. The paper has other tasks and plain gradient descent, and "
    "these seeds of one task do not show how often it would hold elsewhere, or longer."
)
LIMITS = (
    "With 20 steps {0:.1f} % are right, with 60 {1:.1f} %: nobody has learned. The "
    "paper has other tasks and plain gradient descent, and three seeds of one task do "
    "not show how often it would hold elsewhere."
)


def test_a_claim_that_does_not_hold_is_as_good_a_record_as_any() -> None:
    report = whole_record().report
    assert report.state == PASSED, report
    assert "It does not hold: in 0 of 3 seeds." in report.words


def test_an_empty_record_is_not_tried() -> None:
    assert capstone("14.7").report.state == NOT_TRIED


@pytest.mark.parametrize("held", range(4))
def test_the_verdict_is_what_was_measured(
    held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = copy_of(whole_record())
    good = [work.nets[seed] for seed in SEEDS[:held]]
    scores = {seed: 0.95 if seed in SEEDS[:held] else 0.85 for seed in SEEDS}

    def score(net: Any, setting: Any) -> float:
        if setting["steps"] == 60:
            return 0.5
        return 0.95 if any(net is each for each in good) else 0.85

    monkeypatch.setattr(rubric, "score", score)
    work.scores, work.control_scores = scores, dict.fromkeys(SEEDS, 0.5)
    words = ("does not hold", "holds in part", "holds in part", "holds")[held]
    work.verdict = (held, words)
    assert line(work, "verdict").state == PASSED
    work.verdict = ((held + 1) % 4, words)
    assert "not what was measured" in line(work, "verdict").words
    work.verdict = [held, words.capitalize()]
    assert line(work, "verdict").state == PASSED


def test_five_seeds_are_three_or_more() -> None:
    work = copy_of(whole_record())
    for nets, scores, setting in (
        ("nets", "scores", SETTING),
        ("control_nets", "control_scores", CONTROL),
    ):
        found = {seed: trained(setting, seed) for seed in range(7, 12)}
        setattr(work, nets, found)
        setattr(work, scores, {s: rubric.score(n, setting) for s, n in found.items()})
    assert line(work, "three seeds").state == PASSED
    assert "of 5 nets 5 with at most" in line(work, "control").words
    assert line(work, "verdict").words == "It does not hold: in 0 of 5 seeds."


FIXED: dict[str, Any] = {
    f"the same net when `{name}` is changed": partial(trained, fixed=[name])
    for name in SETTING
    if name not in ("cell", "updates")
}
FIXED["`updates` is changed"] = lambda setting, seed: trained(
    {**setting, "updates": 600}, seed
)
FIXED["the same batches with another seed"] = partial(trained, weights_alone=True)
FIXED["draws 160 sequences for 60 updates of 4"] = partial(trained, kept=40)


@pytest.mark.parametrize("words", FIXED)
def test_each_entry_of_a_setting_counts_and_so_does_the_seed(words: str) -> None:
    train = FIXED[words]
    nets = {seed: train(SETTING, seed) for seed in SEEDS}
    scores = {seed: rubric.score(net, SETTING) for seed, net in nets.items()}
    work = copy_of(whole_record(), train=train, nets=nets, scores=scores)
    verdict = line(work, "three seeds")
    assert (verdict.state, words in verdict.words) == (WRONG, True), verdict


WRONG_LINES: dict[str, tuple[str, Any, str]] = {
    "no such row": ("claim", lambda: {"row": "attention"}, "must be one of length"),
    "a share": ("claim", lambda: {"predicted": 0.5}, "a whole number; got 0.5"),
    "four of three": ("claim", lambda: {"predicted": 4}, "in how many of 3"),
    "more updates": (
        "setting",
        lambda: {"setting": {**SETTING, "updates": 6000}},
        "updates = 6000, and the claim is about 600",
    ),
    "two changes": (
        "setting",
        lambda: {"control": {**CONTROL, "hidden_size": 8}},
        "A control changes one thing",
    ),
    "nothing changed": (
        "setting",
        lambda: {"control": SETTING},
        "steps = 20, and the claim is about 60",
    ),
    "a key too few": ("setting", lambda: {"setting": {"steps": 20}}, "a dict with"),
    "a half": ("baseline", lambda: {"chance": 0.5}, "How many answers"),
    "a word": ("baseline", lambda: {"chance": "a quarter"}, "got 'a quarter'"),
    "two nets": (
        "three seeds",
        lambda: {"nets": {s: net_of(s) for s in SEEDS[:2]}},
        "3 nets",
    ),
    "one net three times": (
        "three seeds",
        lambda: {"nets": dict.fromkeys(SEEDS, net_of(7))},
        "are the same",
    ),
    "smaller nets": (
        "three seeds",
        lambda: {"nets": {s: net_of(s, 8) for s in SEEDS}},
        "this one has RNNCell(6, 8",
    ),
    "numbers for nets": (
        "three seeds",
        lambda: {"nets": dict.fromkeys(SEEDS, 0.99)},
        "this one has None",
    ),
    "better scores": (
        "three seeds",
        lambda: {"scores": dict.fromkeys(SEEDS, 1.0)},
        "says 1.0 for seed 7",
    ),
    "a list of scores": (
        "three seeds",
        lambda: {"scores": [0.2, 0.2, 0.2]},
        "a dict with a number",
    ),
    "chance from elsewhere": (
        "three seeds",
        lambda: {"train": lambda setting, seed: net_of(99)},
        "gives another net than before",
    ),
    "other seeds": (
        "control",
        lambda: {
            "control_nets": {s: trained(CONTROL, s) for s in (8, 7, 9)},
        },
        "trained with the same seeds",
    ),
    "a verdict alone": ("verdict", lambda: {"verdict": "holds"}, "not what was"),
    "no such preset": (
        "explorer",
        lambda: {"preset": (explorers.breaking_length, "learns", 9 * "word ")},
        "has no preset 'learns'",
    ),
    "no text": (
        "honest limits",
        lambda: {"limits": "It holds."},
        "2 words, fewer than 25",
    ),
    "no means": ("honest limits", lambda: {"limits": WORDS}, "mean of `scores`"),
}


@pytest.mark.parametrize("name", WRONG_LINES)
def test_a_wrong_line_is_told_why(name: str) -> None:
    which, others, words = WRONG_LINES[name]
    verdict = line(copy_of(whole_record(), **others()), which)
    assert (verdict.state, words in verdict.words) == (WRONG, True), verdict


def test_three_seeds_wait_for_the_setting() -> None:
    verdict = line(copy_of(whole_record(), setting={"steps": 20}), "three seeds")
    assert (verdict.state, verdict.words) == (
        NOT_TRIED,
        "This waits until setting and control are right.",
    )


@pytest.mark.parametrize("name", ROWS)
def test_a_control_changes_one_thing_of_a_setting(name: str) -> None:
    row = ROWS[name]
    differ = {key for key in row.control if row.control[key] != row.setting[key]}
    assert differ == set(row.change)
    assert row.control.keys() == row.setting.keys()
    assert len(differ) == 1


def learned(shares: Any) -> int:
    return int((shares > rubric.HIGH).sum())


def test_the_text_on_ten_seeds_says_what_was_measured() -> None:
    length = of_lesson_05("tanh, orthogonal, T = 20")
    longer = of_lesson_05("tanh, orthogonal, T = 60")
    identity = of_lesson_05("ReLU, identity, T = 60")
    gaussian = of_lesson_05("ReLU, Gaussian, T = 60")
    assert (learned(length), round(100 * length.min())) == (9, 51)
    assert ((longer <= rubric.LOW).sum(), round(100 * longer.max())) == (9, 72)
    assert (learned(identity), round(100 * identity.min())) == (9, 85)
    assert (gaussian <= rubric.LOW).all()
    race = of_lesson_08("race")
    assert (learned(race[:, 2]), learned(race[:, 0])) == (6, 0)
    rest = np.sort(race[:, 2])[:4]
    assert (round(100 * rest[0]), round(100 * rest[-1])) == (37, 50)
