"""What lessons 00 and 03 say of training holds in as many seeds as they say."""

from __future__ import annotations

import numpy as np
import pytest

from rnncourse.lesson_00.trials import ten_runs as of_00
from rnncourse.lesson_03.trials import ten_runs as of_03
from rnncourse.shared.trials import SEEDS, Trials
from tests.course.told import named, prose

ALL = [(trials, name) for trials in (of_00, of_03) for name in trials.experiments]


@pytest.mark.parametrize(("trials", "name"), ALL, ids=named)
def test_each_experiment_is_stored_for_each_seed(trials: Trials, name: str) -> None:
    found = trials(name)
    assert len(found) == len(SEEDS) == 10
    assert ((found >= 0) & (found <= 1)).all()
    assert len(np.unique(found)) > 1 or name.startswith("reviews")


@pytest.mark.parametrize(
    ("trials", "name", "seed"),
    [
        (of_00, "window", 103),
        (of_03, "digits", 101),
        (of_03, "tags", 107),
    ],
    ids=named,
)
def test_a_stored_trial_comes_out_again(trials: Trials, name: str, seed: int) -> None:
    stored = trials(name)[SEEDS.index(seed)]
    again = trials.again(name, seed)
    np.testing.assert_allclose(again.mean(), stored.mean(), atol=0.04)


def test_a_net_that_is_asked_only_at_the_end_may_learn_all_kinds_of_things() -> None:
    right = of_00("only at the end")
    learned = (right[:, :10] > 0.85).all(axis=1)
    guesses = right.max(axis=1) < 0.65
    everywhere = (right[:, 10:] > 0.85).all(axis=1)
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")
    text = prose("00").replace("*", "")
    assert f"{words[learned.sum()]} find “cat” where it was in training" in text
    assert f"{words[guesses.sum()]} have learned nothing at all" in text
    assert (
        f"{words[10 - learned.sum() - guesses.sum()]} know some of the places" in text
    )
    assert not everywhere.any()
    assert "None knows it at all the steps from 11 on" in text


def test_a_window_knows_its_places_and_an_rnn_asked_at_each_letter_all() -> None:
    window, rnn = of_00("window"), of_00("after each letter")
    assert (window[:, :10] > 0.85).all()
    assert (abs(window[:, 10:] - 0.5) < 0.15).all()
    assert (rnn > 0.95).all()
    everywhere = of_00("window, all places").mean(axis=1)
    assert ((everywhere > 0.65) & (everywhere < 0.85)).all()


def test_a_greedy_captioner_needs_no_feedback_and_drawn_notes_do() -> None:
    fed, unfed = of_03("scenes").T
    assert (fed > 0.95).all()
    assert (unfed > 0.95).all()
    told, not_told = of_03("melodies").T
    assert (told > 0.5).all()
    assert (not_told < 0.2).all()


def test_a_second_layer_gets_there_in_fewer_updates() -> None:
    one_early, two_early, one_late, two_late = of_03("dots").T
    assert (one_early < 0.8).all()
    assert (two_early > 0.8).all()
    assert (np.minimum(one_late, two_late) > 0.95).all()
