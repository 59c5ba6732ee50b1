"""What lesson 11 says of training holds in the stored runs, in as many seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_11.alignment_map.compute import LOOKS, NETS, compute, width
from rnncourse.lesson_11.nets import (
    PLACES,
    RECIPES,
    STORED,
    BlindAttention,
    build,
    stored,
    trained,
)
from rnncourse.lesson_11.trials import LENGTHS, ten_runs
from rnncourse.shared.translators import RECIPES as OF_LESSON_10
from rnncourse.shared.translators import TASKS, exact
from rnnlib import check_gradients
from rnnlib._typing import Array
from rnnlib.tasks import DateTranslation
from rnnlib.tasks.dates import MONTHS


def at(name: str, look: str, length: int) -> Array:
    """Return the ten shares of a length."""
    return np.asarray(ten_runs(f"{name}, {look}")[:, LENGTHS.index(length)])


def test_with_attention_dates_are_right_and_without_it_hardly_any() -> None:
    without, with_it = ten_runs("dates, none"), ten_runs("dates, scaled")
    assert (with_it >= 0.99).sum() == 10
    assert without.max() < 0.03
    assert (with_it - without).min() > 0.4


def test_the_dates_are_learned_by_the_recipe_of_lesson_10() -> None:
    promised = OF_LESSON_10["dates with attention"]
    assert RECIPES["dates"] == promised[:3]
    assert promised[:3] == OF_LESSON_10["dates"][:3]
    assert TASKS["dates"] == DateTranslation()


def gap(name: str, length: int) -> Array:
    """Return by how much attention is ahead at a length, seed by seed."""
    return at(name, "scaled", length) - at(name, "none", length)


def test_at_length_8_attention_is_ahead_by_far_in_most_seeds() -> None:
    found = gap("reversal, up to 8", 8)
    assert (found >= 0.3).sum() == 8
    assert f"{100 * found.mean():.0f}" == "41"


@pytest.mark.parametrize("longest", [8, 12])
def test_attention_is_ahead_in_every_seed_up_to_the_longest_word(longest: int) -> None:
    for length in range(6, longest + 1):
        assert gap(f"reversal, up to {longest}", length).min() > 0


def test_among_longer_words_the_gap_is_widest_in_the_middle() -> None:
    gaps = {n: gap("reversal, up to 12", n).mean() for n in LENGTHS}
    assert max(gaps, key=gaps.__getitem__) == 8
    assert f"{100 * gaps[8]:.0f}" == "37"
    assert gaps[12] < gaps[8] / 4


@pytest.mark.parametrize("look", ["none", "scaled"])
def test_longer_than_in_training_is_read_by_neither(look: str) -> None:
    assert at("reversal, up to 8", look, 9).max() <= 0.25
    assert at("reversal, up to 8", look, 10).max() <= 0.05


def test_beyond_the_longest_word_attention_is_not_always_ahead() -> None:
    found = gap("reversal, up to 8", 9)
    assert ((found > 0).sum(), (found < 0).sum()) == (4, 6)
    assert (gap("reversal, up to 8", 10) < 0).sum() == 9


@pytest.mark.parametrize(("net", "look"), [(n, k) for n in NETS for k in LOOKS])
def test_the_stored_nets_are_right(net: str, look: str) -> None:
    task, name = TASKS[NETS[net]], NETS[net]
    share = exact(stored(name, look), task, rng=np.random.default_rng(5), count=300)
    assert share >= 0.97
    assert (name, look) in STORED


def looks_of(net: str, look: str, temperature: float = 1.0) -> tuple[float, float]:
    """Return how wide a look is, and how many of 60 answers are right."""
    found = [
        compute(net=net, look=look, example=n, temperature=temperature, output=99)
        for n in range(60)
    ]
    wide = [width(row) for data in found for row in data.weights]
    return float(np.mean(wide)), float(np.mean([all(d.right) for d in found]))


def test_a_narrow_look_is_no_condition_of_a_right_answer() -> None:
    narrow, right = looks_of("dates", "dot")
    wide, also_right = looks_of("dates", "scaled")
    assert narrow < 4 < 15 < wide
    assert min(right, also_right) >= 0.95


@pytest.mark.parametrize("look", LOOKS)
def test_a_high_temperature_spoils_the_dates(look: str) -> None:
    wide, right = looks_of("dates", look)
    wider, fewer = looks_of("dates", look, temperature=5.0)
    assert wider > wide
    assert fewer < 0.6 < 0.95 < right


@pytest.mark.parametrize(("look", "least"), [("dot", 0.99), ("additive", 0.9)])
def test_the_year_is_read_off_the_year_and_the_month_off_its_name(
    look: str, least: float
) -> None:
    in_year, in_month = [], []
    for n in range(60):
        data = compute(net="dates", look=look, example=n, temperature=1, output=99)
        source = "".join(data.source)
        begins = source.rindex("".join(data.target[:4]))
        places = data.weights.argmax(axis=-1)
        in_year += [begins <= place < begins + 4 for place in places[:4]]
        (name,) = (month for month in MONTHS if month in source)
        begins = source.index(name)
        in_month += [begins <= place <= begins + len(name) for place in places[5:7]]
    assert np.mean(in_year) >= least
    assert np.mean(in_month) >= 0.9


def test_number_words_hardly_need_a_look() -> None:
    _, right = looks_of("number words", "scaled", temperature=5.0)
    assert right >= 0.95


# an attention that does not look


def test_a_blind_attention_has_the_gradient_of_its_equation() -> None:
    rng = np.random.default_rng(0)
    attention = BlindAttention(3, 6, rng=rng)
    queries, keys = rng.standard_normal((4, 2, 3)), rng.standard_normal((5, 2, 3))
    params = {"W_qs": rng.standard_normal((3, 6))}

    def function(queries: Array, keys: Array, W_qs: Array) -> Any:
        twin = BlindAttention(3, 6, rng=rng)
        twin.params = {"W_qs": W_qs}
        context, _, cache = twin.forward(queries, keys, keys)

        def backward(dcontext: Array) -> Any:
            dqueries, dkeys, dvalues, grads = twin.backward(dcontext, cache)
            return grads | {"queries": dqueries, "keys": dkeys + dvalues}

        return context, backward

    arrays = {"queries": queries, "keys": keys, **params}
    check_gradients(function, arrays, rng=rng)
    assert attention.config() == {"query_size": 3, "places": 6}


def test_a_blind_attention_reverses_all_lengths_it_was_trained_on_and_no_other() -> (
    None
):
    found = ten_runs("reversal, up to 8, blind")
    known = [length <= 8 for length in LENGTHS]
    assert found[:, known].min() > 0.99
    assert found[:, np.logical_not(known)].max() < 0.01


def test_a_blind_attention_has_nearly_all_dates_right_and_fewer_in_every_seed() -> None:
    blind, looks = ten_runs("dates, blind"), ten_runs("dates, scaled")
    assert 0.98 <= blind.min() <= blind.max() <= 0.995
    assert (looks > blind).sum() == 10


def test_its_weights_do_not_change_with_the_keys_and_others_do() -> None:
    rng = np.random.default_rng(1)
    task = TASKS["dates"]
    pairs, other = (task.sample(1, rng=rng) for _ in range(2))
    length = min(len(pairs.source), len(other.source))
    for look, changed in (("blind", False), ("dot", True), ("additive", True)):
        model = build(task, 8, look, rng=np.random.default_rng(2))
        s = rng.standard_normal((3, 1, 8)).astype(np.float32)
        both = [
            model.parts["encoder"].forward(each.source[:length])[0]
            for each in (pairs, other)
        ]
        one, two = (model.parts["attention"].forward(s, h, h)[1] for h in both)
        assert (abs(one - two).max() > 1e-6) == changed
    longest = max(len(task.sample(99, rng=rng).source) for _ in range(5))
    assert longest <= PLACES


def test_a_stored_trial_comes_out_again() -> None:
    model = trained("dates", "scaled", 100)
    share = exact(model, TASKS["dates"], rng=np.random.default_rng(101))
    assert share == pytest.approx(ten_runs("dates, scaled")[0], abs=0.03)
