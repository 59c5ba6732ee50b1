"""What the look-up table and the forced weight say, against a second computation."""

from __future__ import annotations

import math
import re
from copy import copy
from itertools import product
from typing import Any

import numpy as np
import pytest

from rnncourse.drawing import style
from rnncourse.lesson_11.explorers import force_a_weight, look_up_table
from rnncourse.lesson_11.force_a_weight import compute as force
from rnncourse.lesson_11.force_a_weight.view import ForceAWeightView
from rnncourse.lesson_11.forced import LOOKS, TASK, pair_of
from rnncourse.lesson_11.look_up_table import compute as table
from rnncourse.lesson_11.look_up_table.view import LookUpTableView
from rnncourse.lesson_11.nets import stored
from rnncourse.shared.translators import TASKS
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.tasks import read
from tests.course.verdicts import (
    NUMBER,
    corners_of,
    opened,
    parts,
    shows,
    shows_fixed,
)

TABLE = (
    rf"Key (?P<key>\d) fits best and gets (?P<share>{NUMBER} %) of the weight\. The "
    rf"blend is (?P<blend>{NUMBER}), where a hard look-up reads (?P<hard>\d)\. Turned "
    rf"by one degree, the blend moves by (?P<slope>{NUMBER}); the plain mean of all "
    rf"values would be (?P<mean>{NUMBER})\."
)


def blend_of(
    angle: float, sharpness: float, keys: dict[int, tuple[float, float]]
) -> Any:
    """Return the shares of some keys, and the blend, one key at a time."""
    x, y = sharpness * math.cos(math.radians(angle)), math.sin(math.radians(angle))
    dots = {
        k: x * math.cos(math.radians(at)) + sharpness * y * math.sin(math.radians(at))
        for k, (at, _) in keys.items()
    }
    top = max(dots.values())
    exp = {k: math.exp(dot - top) for k, dot in dots.items()}
    shares = {k: value / sum(exp.values()) for k, value in exp.items()}
    return shares, sum(share * keys[k][1] for k, share in shares.items())


def test_the_look_up_table_says_what_five_keys_give() -> None:
    places = [*corners_of(look_up_table)]
    places += [opened(look_up_table, p) for p in look_up_table.presets.values()]
    every = {k + 1: (table.KEYS[k], table.VALUES[k]) for k in range(5)}
    for values in places:
        seen = parts(TABLE, table.compute(**values).verdict)
        keys = {k: key for k, key in every.items() if str(k) != values["hidden"]}
        shares, blend = blend_of(values["angle"], values["sharpness"], keys)
        best = max(shares, key=lambda k: shares[k])
        assert int(seen["key"]) == best
        assert shows(seen["share"], shares[best]) or shares[best] > 0.995
        assert shows_fixed(seen["blend"], blend)
        assert float(seen["hard"]) == keys[best][1]
        assert shows_fixed(seen["mean"], np.mean([v for _, v in keys.values()]))
        near = [
            blend_of(values["angle"] + turn, values["sharpness"], keys)[1]
            for turn in (-0.005, 0.005)
        ]
        assert shows_fixed(seen["slope"], (near[1] - near[0]) * 100, 3)


def test_the_look_up_table_draws_the_blend_of_every_angle_so_far() -> None:
    view = LookUpTableView(style.figure(*LookUpTableView.size))
    data = table.compute(angle=200.0, sharpness=7.0, hidden="4")
    view.draw(data)
    keys = {k + 1: (table.KEYS[k], table.VALUES[k]) for k in (0, 1, 2, 4)}
    shown = np.asarray(view.blends.get_ydata())
    assert len(shown) == 201
    for angle in (0, 33, 180, 200):
        assert shown[angle] == pytest.approx(blend_of(angle, 7.0, keys)[1])
    for angle in (0, 33, 180, 359):
        nearest = max(keys, key=lambda k: math.cos(math.radians(angle - keys[k][0])))
        assert np.asarray(view.hard.get_ydata())[angle] == keys[nearest][1]
    assert view.shares.get_texts()[3] == "masked"
    assert np.asarray(view.here.get_ydata())[0] == pytest.approx(data.blend)


def test_a_longer_query_comes_closer_to_a_hard_look_up() -> None:
    apart = [
        abs(np.subtract(data.blends, data.hard)).mean()
        for length in (0.1, 1, 10, 100)
        for data in [table.compute(angle=0, sharpness=length, hidden="none")]
    ]
    assert apart == sorted(apart, reverse=True)
    assert apart[-1] < 0.2


class Forced:
    """The attention of a network, one of whose steps is made to look elsewhere."""

    def __init__(self, attention: Any, step: int, weights: Array) -> None:
        self.attention, self.step, self.forced = attention, step, weights

    def forward(self, queries: Any, keys: Any, values: Any, mask: Any = None) -> Any:
        context, weights, cache = self.attention.forward(queries, keys, values, mask)
        context = context.copy()
        context[self.step, 0] = sum(
            share * state
            for share, state in zip(self.forced, values[:, 0], strict=True)
        )
        return context, weights, cache


def written(look: str, source: str, step: int, weights: Array) -> tuple[str, Array]:
    """Return what the whole network writes if one step is made to look elsewhere."""
    model = copy(stored(TASK, look))
    forced = Forced(model.parts["attention"], step, weights)
    model.parts = {**model.parts, "attention": forced}
    pairs = pair_of(source, force.SOURCES[source])
    fed = np.vstack([[[model.start_token]], pairs.target[:-1]])
    z, _ = model.logits(pairs.source, fed)
    p = softmax(z[step, 0])
    return TASKS[TASK].target_vocabulary.symbols[int(p.argmax())], p


OWN = (
    rf"By itself it writes “(?P<own>[\d-])” \((?P<sure>{NUMBER} %)\) and looks most, "
    rf"(?P<most>{NUMBER} %), at “.” at place (?P<place>\d+)\."
)
MOVED = (
    rf"By itself it writes “(?P<own>[\d-])” \((?P<sure>{NUMBER} %)\), now (the same "
    rf"\((?P<still>{NUMBER} %)\)|“(?P<new>[\d-])” \((?P<now>{NUMBER} %)\): it changes)"
    rf"\.( “(?P<letter>.)” at place (?P<place>\d+)(?P<beyond> \(the last there is\))? "
    rf"has (?P<weight>{NUMBER} %) in place of (?P<before>{NUMBER} %)\.)? All of the "
    r"weight on a single letter would change it in (?P<k>\d+) of (?P<n>\d+) places\."
)


def forced_by_hand(own: Array, values: dict[str, Any]) -> Array:
    """Return the weights of a step as the controls ask for them, one by one."""
    S, how = len(own), values["how"]
    if how == force.FORCE:
        place = min(values["place"], S) - 1
        rest = sum(own[k] for k in range(S) if k != place)
        moved = [own[k] / rest * (1 - values["weight"]) for k in range(S)]
        moved[place] = values["weight"]
        return np.array(moved)
    if how == "without the largest":
        kept = [0.0 if share == max(own) else float(share) for share in own]
        return np.array(kept) / sum(kept)
    return (
        np.full(S, 1 / S) if how == "even" else np.zeros(S) if how == "nothing" else own
    )


def test_the_forced_weight_says_what_the_whole_network_writes() -> None:
    places = [opened(force_a_weight, p) for p in force_a_weight.presets.values()]
    places += [
        {"look": look, "source": source, "how": how, "step": step, "place": place,
         "weight": weight}
        for (look, source, how), (step, place, weight) in zip(
            product(LOOKS, force.SOURCES, force.HOW),
            [(1, 1, 0.0), (4, 26, 1.0), (6, 3, 0.4), (9, 14, 0.9), (10, 7, 1.0),
             (3, 5, 0.5), (8, 20, 0.0)] * 9,
            strict=False,
        )
    ]  # fmt: skip
    for values in places:
        look, source, step = values["look"], values["source"], values["step"] - 1
        own = stored(TASK, look).alignment(pair_of(source, force.SOURCES[source]))[
            step, 0
        ]
        data = force.compute(**values)
        character, p = written(look, source, step, own)
        assert character == force.SOURCES[source][step]
        if values["how"] == force.OWN:
            seen = parts(OWN, data.verdict)
            assert int(seen["place"]) == int(own.argmax()) + 1
            assert shows(seen["most"], own.max())
            continue
        seen = parts(MOVED, data.verdict)
        moved = forced_by_hand(own, values)
        other, after = written(look, source, step, moved)
        assert seen["own"] == character
        assert seen.get("new", character) == other
        told, true = ("now", after.max()) if "new" in seen else ("still", p.argmax())
        sure = true if told == "now" else after[int(true)]
        assert near(seen[told], float(sure))
        assert near(seen["sure"], float(p.max()))
        if values["how"] == force.FORCE:
            place = min(values["place"], len(source))
            assert int(seen["place"]) == place
            assert seen["letter"] == source[place - 1]
            assert ("beyond" in seen) == (values["place"] > len(source))
        assert int(seen["n"]) == len(source)


def near(text: str, share: float) -> bool:
    """Return whether a percentage is that of a share, to the digits it is told in."""
    return abs(float(text.removesuffix(" %")) - 100 * share) < 0.51


@pytest.mark.parametrize("step", [3, 10])
def test_the_places_that_would_change_it_are_counted_one_by_one(step: int) -> None:
    source = next(iter(force.SOURCES))
    values = opened(force_a_weight, {"step": step, "how": force.FORCE})
    seen = re.search(r"in (\d+) of 26 places", force.compute(**values).verdict)
    assert seen
    changed = [
        written(LOOKS[0], source, step - 1, np.eye(26)[k])[0]
        != force.SOURCES[source][step - 1]
        for k in range(26)
    ]
    assert sum(changed) == int(seen[1])


@pytest.mark.parametrize("look", LOOKS)
def test_the_dates_of_the_forced_weight_are_right_by_itself(look: str) -> None:
    for source, target in force.SOURCES.items():
        pairs = pair_of(source, target)
        said = stored(TASK, look).predict(pairs.source, max_length=12)
        assert read(said, TASKS[TASK].target_vocabulary) == [target]


def test_the_dates_of_the_forced_weight_are_held_out() -> None:
    task, rng = TASKS[TASK], np.random.default_rng(1)
    pairs = [task.sample(2000, rng=rng, split="held_out") for _ in range(20)]
    seen = {
        text for each in pairs for text in read(each.target, task.target_vocabulary)
    }
    assert set(force.SOURCES.values()) <= seen


def test_the_forced_weight_draws_both_sets_of_weights() -> None:
    view = ForceAWeightView(style.figure(*ForceAWeightView.size))
    values = opened(force_a_weight, {"how": force.FORCE, "place": 3, "weight": 0.8})
    data = force.compute(**values)
    view.draw(data)
    own, forced, before, after = (bars.get_heights() for bars in view.bars)
    assert forced[2] == pytest.approx(0.8)
    assert forced.sum() == pytest.approx(1, abs=1e-5)
    assert own.sum() == pytest.approx(1, abs=1e-5)
    assert before.argmax() == 2
    assert after.sum() <= 1 + 1e-5
    assert view.letters.get_texts()[2] == "d"
    assert view.letters.get_colours()[2] == style.INK


def test_the_two_open_without_their_answers() -> None:
    told = force_a_weight()
    assert "By itself" in told.data(**told.values).verdict
    assert "same" not in told.data(**told.values).verdict
    assert look_up_table().controls["angle"].value == 0
