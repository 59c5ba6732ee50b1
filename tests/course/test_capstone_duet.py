"""Capstone 14.5: the second voice keeps its customs, can be heard, and is checked."""

from __future__ import annotations

import io
import wave
from functools import cache
from typing import Any

import numpy as np
import pytest

from rnncourse import capstone, explorers
from rnncourse.checking.capstone import Record
from rnncourse.checking.reports import PASSED, WRONG
from rnncourse.lesson_14.duet.trials import ten_runs
from rnncourse.lesson_14.duet.voices import (
    FIRST_NOTES,
    SECOND_NOTES,
    duets,
    note,
    second_voice,
    sound,
)
from rnncourse.lesson_14.exercises.duet import DUET
from rnncourse.lesson_14.explorers import play
from rnncourse.lesson_14.task import Parts
from rnncourse.lesson_14.worked import duet as worked
from rnnlib.batches import Batch
from rnnlib.optimizers import Adam
from rnnlib.sound import RATE
from rnnlib.training import fit
from tests.course.records import copy_of, line

DATA, TASK = duets(), DUET.task
PARTS = Parts(*worked.split(DATA))


def test_the_second_voice_keeps_its_three_customs() -> None:
    for first, second in DATA:
        below, moved = first - second, np.diff(first)
        assert below[-1] == 7
        for t in range(len(first) - 1):
            leaps = [move for move in moved[:t] if abs(move) >= 3]
            assert below[t] == (5 if leaps and leaps[-1] > 0 else 2)


def test_the_melodies_differ_and_stay_on_the_keys() -> None:
    firsts = [first for first, _ in DATA]
    assert len({first.tobytes() for first in firsts}) == len(DATA) == 400
    assert {len(first) for first in firsts} == set(range(8, 17))
    assert set(np.concatenate(firsts)) == set(FIRST_NOTES)
    assert set(np.concatenate([second for _, second in DATA])) <= set(SECOND_NOTES)
    np.testing.assert_array_equal(second_voice(firsts[5]), DATA[5][1])


def test_white_keys_are_a_major_scale() -> None:
    pitches = [note(key).pitch or 0 for key in range(15)]
    assert np.diff(pitches).tolist() == 2 * [2, 2, 1, 2, 2, 2, 1]
    assert pitches[7] == 60


def test_two_voices_are_heard_together() -> None:
    first, second = DATA[0]
    both, alone = (read(sound(*voices)) for voices in ((first, second), (first,)))
    other = read(sound(second))
    assert len(both) == len(alone) == round((len(first) + 1) * 0.4 * RATE)
    np.testing.assert_allclose(both, (alone + other) / 2, atol=2)
    with pytest.raises(ValueError, match="voices must have equally many notes, got"):
        sound(first, second[:-1])
    with pytest.raises(ValueError, match="equally many notes, got 0"):
        sound([])


def read(file: bytes) -> Any:
    with wave.open(io.BytesIO(file)) as opened:
        return np.frombuffer(opened.readframes(-1), "<i2").astype(float)


def test_a_player_makes_no_sound_before_it_is_pressed_and_says_so_in_words() -> None:
    player = play("Two <voices>", *DATA[0])
    assert len(player.speaker.children) == 1
    bundle = player._repr_mimebundle_()
    assert "&lt;voices&gt;: run this cell" in bundle["text/html"]
    assert repr(player) == bundle["text/plain"]
    player.speaker.play.click()
    assert player.speaker.player is not None
    assert bytes(player.speaker.player.value[:4]) == b"RIFF"
    player.close()


def test_pairs_know_more_than_thirds_and_less_than_the_rule() -> None:
    thirds, pairs = (TASK.baselines[name](DATA, PARTS) for name in ("thirds", "pairs"))
    truths = [DATA[i][1] for i in PARTS.test]
    below = np.concatenate([DATA[i][0] - 2 for i in PARTS.test])
    assert thirds == pytest.approx(np.mean(below == np.concatenate(truths)))
    assert thirds + 0.05 < pairs < 0.9
    assert TASK.score(truths, truths) == 1


@cache
def short_net(seed: int) -> Any:
    return worked.train(DATA, seed, 110)


def right_share(net: Any) -> float:
    answers = [worked.predict(net, DATA[i][0]) for i in PARTS.test]
    return float(TASK.score(answers, [DATA[i][1] for i in PARTS.test]))


@cache
def whole_record() -> Record:
    """Return a whole record, with nets of a short training."""
    work = capstone("14.5")
    work.split, work.batch, work.build = worked.split, worked.batch, worked.build
    work.baselines = {name: f(DATA, PARTS) for name, f in TASK.baselines.items()}
    work.ten, work.overfitted = PARTS.train[:10], worked.build(np.random.default_rng(0))
    ten = worked.batch(DATA, work.ten)
    fit(work.overfitted, (ten for _ in range(60)), Adam(0.05), progress=False)
    work.train = lambda data, seed: worked.train(data, seed, 110)
    work.predict, work.ablate = worked.predict, worked.ablate
    work.nets = {seed: short_net(seed) for seed in (1, 2, 3)}
    work.scores = {seed: right_share(net) for seed, net in work.nets.items()}
    work.ablated_scores = {
        seed: right_share(worked.ablate(net)) for seed, net in work.nets.items()
    }
    work.preset = (
        explorers.look_ahead,
        "after it",
        "A reader of both directions tags 100 % rightly, with what comes next.",
    )
    missed = np.zeros(len(PARTS.test))
    for net in work.nets.values():
        voices = [worked.predict(net, DATA[i][0]) for i in PARTS.test]
        missed += [
            np.any(v != DATA[i][1]) for v, i in zip(voices, PARTS.test, strict=True)
        ]
    work.fails = int(PARTS.test[missed.argmax()])
    work.limits = LIMITS.format(np.mean([*work.scores.values()]), work.fails)
    return work


LIMITS = (
    "{0:.3f} of the notes are right on average. Melody {1} is sung wrong by most nets. "
    "The customs were made up, and nothing is shown for songs that people wrote, with "
    "rhythm and with rests."
)


def test_a_whole_record_passes() -> None:
    report = whole_record().report
    assert report.state == PASSED, report
    assert report.words.startswith("Done: 8 of 8 lines.")


def reads_the_answer(data: Any, indices: Any) -> Batch:
    found = worked.batch(data, indices)
    return found._replace(inputs=found.targets % len(FIRST_NOTES))


def targets_of_the_first(data: Any, indices: Any) -> Batch:
    found = worked.batch(data, indices)
    return found._replace(targets=found.inputs)


def all_exists(data: Any, indices: Any) -> Batch:
    found = worked.batch(data, indices)
    return found._replace(input_mask=np.ones_like(found.mask))


def backwards(data: Any, indices: Any) -> Batch:
    return worked.batch([(first[::-1], second) for first, second in data], indices)


def customs(net: Any, first: Any) -> Any:
    return second_voice(first)


WRONG_LINES: dict[str, tuple[str, Any, str]] = {
    "a melody in two parts": (
        "split",
        lambda: {"split": lambda data: (PARTS.train, PARTS.train[:50], PARTS.test)},
        "is in the training part and the validation part",
    ),
    "a short test part": (
        "split",
        lambda: {"split": lambda data: (PARTS.train, PARTS.validation, PARTS.test[:5])},
        "fewer than 40",
    ),
    "reads the second voice": (
        "split",
        lambda: {"batch": reads_the_answer},
        "it is told",
    ),
    "asks for the first voice": (
        "split",
        lambda: {"batch": targets_of_the_first},
        "does not change when the answer",
    ),
    "no mask": (
        "split",
        lambda: {"batch": lambda d, i: worked.batch(d, i)._replace(mask=None)},
        "The batch has no `mask`",
    ),
    "all of it exists": (
        "split",
        lambda: {"batch": all_exists},
        "The `input_mask` of three examples counts",
    ),
    "one of two is backwards": (
        "split",
        lambda: {"batch": backwards},
        "The inputs of three examples have",
    ),
    "a third below, and no net": (
        "three seeds",
        lambda: {"predict": customs, "scores": dict.fromkeys((1, 2, 3), 1.0)},
        "Does `predict` ask the net that it is given?",
    ),
    "the mean over melodies": (
        "baseline",
        lambda: {"baselines": {"thirds": 0.6992, "pairs": 0.7683}},
        "That is the mean over melodies",
    ),
    "two digits": (
        "baseline",
        lambda: {"baselines": {"thirds": 0.7, "pairs": 0.77}},
        "Two digits are too few",
    ),
    "counted on the test part": (
        "baseline",
        lambda: {"baselines": {"thirds": 0.698, "pairs": 0.85}},
        "too high",
    ),
    "in per cent": (
        "baseline",
        lambda: {"baselines": {"thirds": 69.755, "pairs": 76.8}},
        "A share is asked for",
    ),
    "never trained": (
        "ten examples",
        lambda: {"overfitted": worked.build(np.random.default_rng(3))},
        "does not know them by heart",
    ),
    "a wish": (
        "three seeds",
        lambda: {"scores": dict.fromkeys((1, 2, 3), 0.99)},
        "says 0.99",
    ),
    "one seed thrice": (
        "three seeds",
        lambda: {"nets": {seed: short_net(1) for seed in (1, 2, 3)}},
        "are the same to the last digit",
    ),
    "a voice too short": (
        "three seeds",
        lambda: {"predict": lambda net, first: worked.predict(net, first)[:-1]},
        "no score comes of it",
    ),
    "nothing taken away": (
        "ablation",
        lambda: {"ablate": lambda net: net},
        "nothing is gone",
    ),
    "no melody named": (
        "honest limits",
        lambda: {"limits": LIMITS.format(0.1234, 333)},
        "does not name the mean",
    ),
}


@pytest.mark.parametrize("name", WRONG_LINES)
def test_a_wrong_line_is_told_why(name: str) -> None:
    which, others, words = WRONG_LINES[name]
    verdict = line(copy_of(whole_record(), **others()), which)
    assert (verdict.state, words in verdict.words) == (WRONG, True), verdict


def test_the_text_on_ten_seeds_says_what_was_measured() -> None:
    whole, left_alone = ten_runs("duet").T
    told = [whole.min(), whole.max(), whole.mean(), left_alone.min(), left_alone.max()]
    assert [round(100 * share) for share in told] == [94, 97, 96, 35, 57]
