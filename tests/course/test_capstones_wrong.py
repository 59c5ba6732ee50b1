"""Capstones: what is wrong with a line of a record is told in its own words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnncourse import explorers
from rnncourse.checking.capstone import Record
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG
from rnncourse.lesson_14.exercises import forecast
from rnncourse.lesson_14.worked import forecast as worked
from rnnlib import GRUCell, Recurrent
from rnnlib.batches import Batch
from rnnlib.models import SequenceClassifier
from tests.course.records import SEEDS, copy_of, forecast_record, line, linear

DATA = forecast.sunspots()
YEARS, VALIDATION, TEST = worked.split(DATA)


def shuffled(data: Any) -> Any:
    order = np.random.default_rng(0).permutation(np.arange(20, 309))
    return order[:200], order[200:240], order[240:]


def by_size(data: Any) -> Any:
    return YEARS[data[YEARS] >= 0], VALIDATION, TEST[data[TEST] < 190]


def scaled_by_all(data: Any, indices: Any) -> Any:
    scaled = (data - data.mean()) / data.std()
    past = np.stack([scaled[i - 20 : i] for i in indices], axis=1)
    return Batch(past[:, :, None], scaled[indices])


def scaled_by_two_parts(data: Any, indices: Any) -> Any:
    known = data[:261]
    scaled = (data - known.mean()) / known.std()
    past = np.stack([scaled[i - 20 : i] for i in indices], axis=1)
    return Batch(past[:, :, None], scaled[indices])


def reads_the_answer(data: Any, indices: Any) -> Any:
    scaled = (data - data[:221].mean()) / data[:221].std()
    past = np.stack([scaled[i - 19 : i + 1] for i in indices], axis=1)
    return Batch(past[:, :, None], scaled[indices])


def one_too_early(data: Any, indices: Any) -> Any:
    return worked.batch(data, np.maximum(np.asarray(indices) - 1, 20))


def batch_first(data: Any, indices: Any) -> Any:
    found = worked.batch(data, indices)
    return Batch(found.inputs.transpose(1, 0, 2), found.targets)


def targets_backwards(data: Any, indices: Any) -> Any:
    found = worked.batch(data, indices)
    return found._replace(targets=found.targets[::-1])


def empty(data: Any, indices: Any) -> Any:
    found = worked.batch(data, indices)
    return found._replace(inputs=0 * found.inputs)


def changes(data: Any, indices: Any) -> Any:
    """Ask for the change from the year before."""
    found = worked.batch(data, indices)
    return found._replace(targets=found.targets - found.inputs[-1, :, 0])


def in_place(data: Any) -> Any:
    data -= data.mean()
    return worked.split(data)


def never_back(data: Any) -> Any:
    while True:
        pass


def stops(data: Any) -> Any:
    return data[1000]


def not_written(data: Any) -> Any:
    raise NotImplementedError


WRONG_SPLITS: dict[str, tuple[str, dict[str, Any]]] = {
    "shuffled time": ("later than some of the", {"split": shuffled}),
    "two parts": ("must return three parts", {"split": lambda d: worked.split(d)[:2]}),
    "an example in two parts": (
        "Example 221 is in the training part and the validation part",
        {"split": lambda d: (np.arange(20, 222), VALIDATION, TEST)},
    ),
    "an example twice": (
        "holds an example twice",
        {"split": lambda d: (np.r_[YEARS, 30], VALIDATION, TEST)},
    ),
    "years for indices": (
        "must be 0 to 308",
        {"split": lambda d: tuple(p + 1700 for p in worked.split(d))},
    ),
    "hardly any test": (
        "fewer than 30",
        {"split": lambda d: (YEARS, VALIDATION, TEST[:5])},
    ),
    "a mask": (
        "must be a row of indices",
        {"split": lambda d: (d < 50, VALIDATION, TEST)},
    ),
    "values": ("row of indices", {"split": lambda d: (d[:221], d[221:261], d[261:])}),
    "chosen by what they hold": ("returns other parts", {"split": by_size}),
    "leaked scaling": ("only the test part is changed", {"batch": scaled_by_all}),
    "scaled by the validation, too": (
        "only the validation part is changed",
        {"batch": scaled_by_two_parts},
    ),
    "reads the answer": (
        "is told what it should find out",
        {"batch": reads_the_answer},
    ),
    "one year too early": ("does not change when the answer", {"batch": one_too_early}),
    "targets backwards": (
        "Are they in the order of the indices?",
        {"batch": targets_backwards},
    ),
    "nothing to read": ("is the same for three examples", {"batch": empty}),
    "batch first": ("time first", {"batch": batch_first}),
    "changes its data": ("changes what it is given", {"split": in_place}),
    "stops": ("stopped with IndexError", {"split": stops}),
    "no function": ("must be the function itself", {"split": worked.split(DATA)}),
}


@pytest.mark.parametrize("name", WRONG_SPLITS)
def test_a_wrong_split_is_told_what_is_wrong(name: str) -> None:
    words, others = WRONG_SPLITS[name]
    verdict = line(copy_of(forecast_record(), **others), "split")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words


def test_a_split_of_other_years_is_right_too() -> None:
    others = [np.arange(25, 221), list(range(221, 265)), np.arange(265, 309)]
    work = copy_of(forecast_record(), split=lambda data: others)
    assert line(work, "split").state == PASSED


def test_the_change_from_the_year_before_may_be_asked_for() -> None:
    verdict = line(copy_of(forecast_record(), batch=changes), "split")
    assert verdict.state == PASSED, verdict


def test_what_is_not_written_is_not_yet_and_what_never_ends_is_wrong() -> None:
    whole = forecast_record()
    assert line(copy_of(whole, split=not_written), "split").state == NOT_TRIED
    hurried = type(whole.capstone)(
        "14.1", "Forecast", whole.capstone.task, whole.capstone.lines, seconds=0.2
    )
    work = hurried.record()
    work.split, work.batch = never_back, worked.batch
    assert "did not end within 0.2 s" in line(work, "split").words


def test_the_other_lines_wait_for_the_split() -> None:
    work = copy_of(forecast_record(), split=shuffled)
    for name in ("baseline", "gradient check", "ten examples", "three seeds"):
        verdict = line(work, name)
        assert (verdict.state, "until the split" in verdict.words) == (NOT_TRIED, True)


LINEAR = {
    "fitted to the very years": lambda: linear(TEST, TEST),
    "fitted to all years": lambda: linear(np.arange(20, 309), TEST),
    "on the training part": lambda: linear(YEARS, YEARS),
    "on the validation part": lambda: linear(YEARS, VALIDATION),
    "units of the standard deviation": lambda: linear(YEARS, TEST) / DATA[YEARS].std(),
    "mean of the squares": lambda: linear(YEARS, TEST) ** 2,
    "On which part is it measured": lambda: 12.0,
    "too low. On which part is it": lambda: linear(np.arange(9, 221), TEST),
}


@pytest.mark.parametrize("words", LINEAR)
def test_a_wrong_baseline_gets_the_hint_of_its_mistake(words: str) -> None:
    named = {**forecast_record().baselines, "autoregression": LINEAR[words]()}
    verdict = line(copy_of(forecast_record(), baselines=named), "baseline")
    assert verdict.state == WRONG
    assert words in verdict.words


@pytest.mark.parametrize(
    "odd", [{}, 17.5, {"persistence": 30}, {"persistence": 30, "autoregression": "x"}]
)
def test_a_baseline_that_is_no_number_is_refused(odd: Any) -> None:
    assert line(copy_of(forecast_record(), baselines=odd), "baseline").state == WRONG


def one_seed(rng: Any) -> Any:
    return worked.build(np.random.default_rng(3))


class Crooked(type(worked.build(np.random.default_rng(0)))):  # type: ignore[misc]
    """A model of whose gradients one is a hundredth too long."""

    def loss(self, *args: Any, **options: Any) -> Any:
        found = super().loss(*args, **options)
        found.grads["recurrent.W_hh"] *= 1.01
        return found


def crooked(rng: Any) -> Any:
    net = worked.build(rng)
    return Crooked(net.parts["recurrent"], rng=rng, loss="mean_squared_error")


def one_array_fixed(rng: Any) -> Any:
    net, other = worked.build(rng), worked.build(np.random.default_rng(3))
    net.params["recurrent.W_hh"][...] = other.params["recurrent.W_hh"]
    return net


def single(rng: Any) -> Any:
    cell = GRUCell(1, 4, rng=rng, dtype=np.float32)
    return SequenceClassifier(Recurrent(cell), rng=rng, loss="mean_squared_error")


BUILDS = {
    "all its chance comes from there": one_seed,
    "recurrent.W_hh is off by": crooked,
    "not of float64": single,
    "From another rng, recurrent.W_hh is the same": one_array_fixed,
    "a model with params and a loss": lambda rng: 3,
}


@pytest.mark.parametrize("words", BUILDS)
def test_a_wrong_model_is_told_what_is_wrong(words: str) -> None:
    verdict = line(copy_of(forecast_record(), build=BUILDS[words]), "gradient check")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words


NEAR_THE_MEAN = YEARS[np.argsort(abs(DATA[YEARS] - DATA[YEARS].mean()))[:10]]


def constant() -> Any:
    """Return a net that answers with the mean, whatever it reads."""
    net = worked.build(np.random.default_rng(0))
    net.params["output.W_hy"][...] = 0
    net.params["output.b_y"][...] = worked.batch(DATA, NEAR_THE_MEAN).targets.mean()
    return net


TENS: dict[str, dict[str, Any]] = {
    "ten different indices, got 9": {"ten": YEARS[:9]},
    "ten different indices, got 1.": {"ten": np.full(10, 30)},
    "is not in the training part": {"ten": TEST[:10]},
    "does not know them by heart": {
        "overfitted": worked.build(np.random.default_rng(0))
    },
    "must be a net": {"overfitted": 0.001},
    "answers all of them more or less alike": {
        "ten": NEAR_THE_MEAN,
        "overfitted": constant(),
    },
}


@pytest.mark.parametrize("words", TENS)
def test_ten_examples_not_by_heart_are_told_what_is_wrong(words: str) -> None:
    verdict = line(copy_of(forecast_record(), **TENS[words]), "ten examples")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words


def nets_of(*seeds: int) -> dict[int, Any]:
    nets = forecast_record().nets
    return {100 + n: nets[seed] for n, seed in enumerate(seeds)}


def untrained(data: Any, seed: int) -> Any:
    return worked.build(np.random.default_rng(seed))


def peeks(data: Any, seed: int) -> Any:
    """Train on the test part as well, a little."""
    net = forecast_record().nets[seed]
    shift = float(worked.batch(data, TEST).targets.mean())
    return net.with_params(
        {**net.params, "output.b_y": net.params["output.b_y"] + 1e-3 * shift}
    )


def by_chance(data: Any, seed: int) -> Any:
    return untrained(data, int(np.random.default_rng().integers(1000)))


def scaled_answer(net: Any, past: Any) -> float:
    mean, deviation = worked.scale(past)
    return (worked.predict(net, past) - mean) / deviation


def smaller(rng: Any) -> Any:
    layer = Recurrent(GRUCell(1, 3, rng=rng))
    return SequenceClassifier(layer, rng=rng, loss="mean_squared_error")


SEEDED: dict[str, dict[str, Any]] = {
    "a dict of three nets": {"nets": nets_of(100, 101)},
    "are the same to the last digit": {"nets": nets_of(100, 100, 101)},
    "a number for each seed": {"scores": {100: 16.0}},
    "measured again": {"scores": dict.fromkeys(SEEDS, 9.5)},
    "no score comes of it": {"predict": lambda net, past: "many"},
    "gives another net than before": {"train": by_chance},
    "measured again on": {"predict": scaled_answer},
    "does not learn from the data that it is given": {
        "train": lambda data, seed: forecast_record().nets[seed]
    },
    "`nets` holds another net than `build` makes": {"build": smaller},
}


@pytest.mark.parametrize("words", SEEDED)
def test_wrong_nets_and_scores_are_told_what_is_wrong(words: str) -> None:
    verdict = line(copy_of(forecast_record(), **SEEDED[words]), "three seeds")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words


def test_a_training_that_has_seen_the_test_years_is_found() -> None:
    work = copy_of(forecast_record(), train=peeks)
    work.nets = {seed: peeks(DATA, seed) for seed in SEEDS}
    work.scores = {seed: again(work, net) for seed, net in work.nets.items()}
    verdict = line(work, "three seeds")
    assert verdict.state == WRONG
    assert "it has seen them" in verdict.words


def test_nets_that_were_not_trained_are_found() -> None:
    work = copy_of(forecast_record(), train=untrained)
    work.nets = {seed: untrained(DATA, seed) for seed in SEEDS}
    work.scores = {seed: again(work, net) for seed, net in work.nets.items()}
    verdict = line(work, "three seeds")
    assert verdict.state == WRONG
    assert "it has not learned enough" in verdict.words


def test_nets_that_nobody_asks_are_found() -> None:
    def mean(net: Any, past: Any) -> float:
        nets = forecast_record().nets.values()
        return float(np.mean([worked.predict(other, past) for other in nets]))

    work = copy_of(forecast_record(), predict=mean)
    work.scores = {seed: again(work, net) for seed, net in work.nets.items()}
    verdict = line(work, "three seeds")
    assert verdict.state == WRONG
    assert "answers stay the same when" in verdict.words


def mostly_known(net: Any, past: Any) -> float:
    return 0.9 * float(DATA[len(past)]) + 0.1 * worked.predict(net, past)


def mostly_linear(net: Any, past: Any) -> float:
    said = forecast.autoregression(np.append(past, 0), np.array([len(past)]), YEARS)
    return float(said[0]) + 0.001 * worked.predict(net, past)


@pytest.mark.parametrize("predict", [mostly_known, mostly_linear])
def test_answers_that_hardly_need_the_net_are_found(predict: Any) -> None:
    work = copy_of(forecast_record(), predict=predict)
    work.scores = {seed: again(work, net) for seed, net in work.nets.items()}
    verdict = line(work, "three seeds")
    assert verdict.state == WRONG
    assert "Where else does it take its answers from?" in verdict.words


def test_an_array_of_one_number_is_a_number() -> None:
    work = copy_of(
        forecast_record(), predict=lambda net, x: np.array([worked.predict(net, x)])
    )
    assert line(work, "three seeds").state == PASSED


def again(work: Record, net: Any) -> float:
    answers = [work.predict(net, DATA[:i]) for i in TEST]
    return forecast.error(answers, [*DATA[TEST]])


def nudged(net: Any) -> Any:
    """Take away what nobody misses."""
    return net.with_params({name: a * (1 + 1e-9) for name, a in net.params.items()})


def emptied(net: Any) -> Any:
    """Return the net without a single number."""
    return net.with_params({name: 0 * a for name, a in net.params.items()})


def without_words(net: Any) -> Any:
    """Return the net without ...: say what."""
    return worked.ablate(net)


ABLATIONS: dict[str, dict[str, Any]] = {
    "nothing is gone": {"ablate": lambda net: net},
    "returns the net as it was": {"ablate": nudged},
    "must be a net": {"ablate": lambda net: None},
    "measured again": {"ablated_scores": dict.fromkeys(SEEDS, 31.0)},
    "a number for each seed": {"ablated_scores": 40.0},
    "no array is as it was": {"ablate": emptied},
    "does not say what is gone": {"ablate": without_words},
}


@pytest.mark.parametrize("words", ABLATIONS)
def test_a_wrong_ablation_is_told_what_is_wrong(words: str) -> None:
    verdict = line(copy_of(forecast_record(), **ABLATIONS[words]), "ablation")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words


def said_of_answers_moved(by: float) -> str:
    """Return what the rubric says of an ablation that moves all answers a little."""

    def moved(net: Any) -> Any:
        """Return the net with its answers moved to one side."""
        bias = net.params["output.b_y"] + by
        return net.with_params({**net.params, "output.b_y": bias})

    work = copy_of(forecast_record(), ablate=moved)
    scores = {seed: again(work, moved(net)) for seed, net in work.nets.items()}
    return line(copy_of(work, ablated_scores=scores), "ablation").words


def test_a_difference_within_that_of_the_seeds_is_called_hardly_worse() -> None:
    said = [said_of_answers_moved(by).rpartition(": ")[2] for by in (1e-3, -1e-3)]
    assert sorted(said) == ["it is hardly worse.", "it is no worse."]


EIGEN, SEEN = (
    explorers.eigen_picture,
    "The state turns round and round: half round after 10 steps.",
)
PRESETS: dict[str, Any] = {
    "must be (explorer, name": (EIGEN, "turns for ever"),
    "has no preset 'spins'; it has": (EIGEN, "spins", SEEN),
    "must be an explorer": ("eigen_picture", "turns for ever", SEEN),
    "fewer than 8": (EIGEN, "turns for ever", "it turns"),
    "the explorer's own text": (EIGEN, "turns for ever", EIGEN.question),
    "names no number that stands there": (
        *(EIGEN, "turns for ever"),
        "The state turns round and round: 7 times, as a cycle does.",
    ),
}


@pytest.mark.parametrize("words", PRESETS)
def test_a_wrong_preset_is_told_what_is_wrong(words: str) -> None:
    verdict = line(copy_of(forecast_record(), preset=PRESETS[words]), "explorer")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words


def text(**other: str) -> str:
    mean = f"{np.mean([*forecast_record().scores.values()]):.1f}"
    said = {"mean": mean, "year": "1988", "rival": "17.5", **other}
    return (
        f"Off by {said['mean']} sunspots, {said['rival']} with a line. All "
        f"of them fail in {said['year']}, for the rise was steep. Nothing is shown "
        "for two years ahead, nor for other stars or a sun without a cycle."
    )


LIMITS: dict[str, dict[str, Any]] = {
    "does not name the mean score": {"limits": text(mean="few")},
    "does not name the mean": {"limits": text(mean="11.1")},
    "the score of autoregression, the better of": {"limits": text(rival="few")},
    "does not name the example": {"limits": text(year="some years")},
    "fewer than 25": {"limits": "It is off by 17 sunspots and fails in 1988."},
    "over again": {"limits": "It fails in 1988. " + 20 * "Very, very bad. "},
    "not in the test part": {"fails": 100},
    "must be the index": {"fails": "1988"},
    "none of your 3 nets fails": {"fails": 296, "limits": text(year="1996")},
}


def test_a_comma_is_a_point_too() -> None:
    mean = f"{np.mean([*forecast_record().scores.values()]):.1f}".replace(".", ",")
    work = copy_of(forecast_record(), limits=text(mean=mean), fails=288)
    verdict = line(work, "honest limits")
    assert verdict.state == PASSED, verdict


def test_a_baseline_more_is_no_fault() -> None:
    named = {**forecast_record().baselines, "mean of five years": 41.0}
    assert line(copy_of(forecast_record(), baselines=named), "baseline").state == PASSED


def test_what_drops_out_is_the_same_for_each_slope() -> None:
    def build(rng: Any) -> Any:
        layer = Recurrent(GRUCell(1, 4, rng=rng))
        return SequenceClassifier(
            layer, rng=rng, loss="mean_squared_error", dropout=0.3
        )

    work = copy_of(forecast_record(), build=build)
    verdict = line(work, "gradient check")
    assert verdict.state == PASSED, verdict


@pytest.mark.parametrize("words", LIMITS)
def test_limits_that_are_not_honest_are_told_what_is_wrong(words: str) -> None:
    verdict = line(copy_of(forecast_record(), **LIMITS[words]), "honest limits")
    assert verdict.state == WRONG, verdict
    assert words in verdict.words
