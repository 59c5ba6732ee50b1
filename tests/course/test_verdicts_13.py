"""What lesson 13's memories, state film and surgery say and draw, computed anew."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnncourse.drawing import style
from rnncourse.lesson_13.explorers import memories, surgery
from rnncourse.lesson_13.memories import compute as memory
from rnncourse.lesson_13.memories.search import SEARCHES, stored
from rnncourse.lesson_13.memories.view import MemoriesView
from rnncourse.lesson_13.nets import BITS, BRACKETS, brackets, flip_flop
from rnncourse.lesson_13.state_film import compute as film
from rnncourse.lesson_13.state_film.readings import EXAMPLES, NETS, STEPS
from rnncourse.lesson_13.state_film.view import COLOURS, REACH, StateFilmView
from rnncourse.lesson_13.surgery import compute as operation
from rnncourse.lesson_13.surgery.compute import SYMBOLS
from rnncourse.lesson_13.surgery.view import SurgeryView
from rnncourse.shared.open_brackets import depths
from rnnlib._typing import Array
from rnnlib.vocab import Vocabulary
from tests.course.verdicts import NUMBER, corners_of, opened, parts, shows_fixed

# how many memories

MEMORY = (
    r"K = (?P<bits>\d); (not searched yet|searches: (?P<searches>\d+), found: "
    r"(?P<stable>\d) stable points? and (?P<saddles>\d+) saddles?)\. "
    r"(The net|A pulse of (?P<strength>[\d.]+) on (?P<on>bit 1|all bits), "
    r"(?P<steps>\d+) steps? later the net) says (?P<said>[01]+)"
    r"(, before it (?P<before>0+))?\."
)


def step(bits: int, h: Array, x: Array) -> Array:
    """Return the state after one step, as the equation of the tanh RNN says."""
    p = flip_flop(bits).params
    a = x @ p["recurrent.W_xh"] + h @ p["recurrent.W_hh"] + p["recurrent.b_h"]
    return np.tanh(a)


def answer(bits: int, h: Array) -> str:
    p = flip_flop(bits).params
    return f"{int((h @ p['output.W_hy'] + p['output.b_y']).argmax()):0{bits}b}"


def pushed(bits: int, strength: float, on: str, steps: int) -> Array:
    """Return the state after a pulse and some steps more."""
    h = step(bits, np.zeros(16), -np.ones(bits))
    for _ in range(memory.QUIET - 1):
        h = step(bits, h, np.zeros(bits))
    pulse = np.zeros(bits)
    pulse[: 1 if on == "bit 1" else bits] = strength
    h = step(bits, h, pulse)
    for _ in range(steps):
        h = step(bits, h, np.zeros(bits))
    return h


@pytest.mark.parametrize("bits", BITS)
def test_each_stored_point_stands_still_and_has_so_many_ways_out(bits: int) -> None:
    found, tiny = stored(bits), 1e-6
    for h, ways in zip(found.states, found.ways_out, strict=True):
        assert np.linalg.norm(step(bits, h, np.zeros(bits)) - h) < 1e-9
        J = np.array(
            [
                step(bits, h + tiny * e, np.zeros(bits))
                - step(bits, h - tiny * e, np.zeros(bits))
                for e in np.eye(16)
            ]
        ) / (2 * tiny)
        assert (abs(np.linalg.eigvals(J)) > 1).sum() == ways
    apart = np.linalg.norm(found.states[:, None] - found.states, axis=-1)
    assert apart[~np.eye(len(apart), dtype=bool)].min() > 0.1


@pytest.mark.parametrize("bits", BITS)
def test_every_memory_has_its_own_stable_point_and_a_saddle_to_each_neighbour(
    bits: int,
) -> None:
    found = stored(bits)
    stable = found.states[found.ways_out == 0]
    assert {answer(bits, h) for h in stable} == {
        f"{n:0{bits}b}" for n in range(2**bits)
    }
    assert len(stable) == 2**bits
    for ways in range(1, bits + 1):
        faces = math.comb(bits, ways) * 2 ** (bits - ways)
        assert (found.ways_out == ways).sum() == faces


def test_memories_say_what_was_found_and_what_the_net_answers() -> None:
    places = [*corners_of(memories)]
    places += [opened(memories, preset) for preset in memories.presets.values()]
    for values in places:
        seen = parts(MEMORY, memory.compute(**values).verdict)
        bits, n = values["bits"], values["searches"]
        found = stored(bits)
        known = {*found.reached[:n].tolist()}
        stable = sum(found.ways_out[k] == 0 for k in known)
        assert int(seen["bits"]) == bits
        assert ("searches" in seen) == bool(n)
        assert int(seen.get("stable", 0)) == stable
        assert int(seen.get("saddles", 0)) == len(known) - stable
        pulse = values["strength"], values["on"], values["steps"]
        if values["strength"]:
            assert shows_fixed(seen["strength"], values["strength"])
            assert (seen["on"], int(seen["steps"])) == pulse[1:]
            assert seen["before"] == "0" * bits
        assert seen["said"] == answer(bits, pushed(bits, *pulse))


def test_a_search_leads_where_newton_by_itself_leads() -> None:
    from rnnlib.diagnostics import fixed_points

    for bits in BITS:
        found = stored(bits)
        cell = flip_flop(bits).parts["recurrent"].cell
        for k in (0, 57, SEARCHES - 1):
            alone = fixed_points(cell, np.zeros(bits), starts=found.starts[k : k + 1])
            assert alone.states[0] == pytest.approx(found.states[found.reached[k]])


def test_memories_open_without_any_point_and_draw_all_that_were_found() -> None:
    view = MemoriesView(style.figure(*MemoriesView.size))
    view.draw(memory.compute(**opened(memories, {})))
    assert not any(len(points.get_xdata()) for points in view.points)
    for bits in BITS:
        values = {"bits": bits, "searches": 200, "strength": 0.7, "steps": 9}
        data = memory.compute(**opened(memories, values))
        view.draw(data)
        drawn = [len(points.get_xdata()) for points in view.points]
        assert drawn == [*np.bincount(stored(bits).ways_out, minlength=4)]
        assert [*np.ravel(view.lines[0].get_ydata())] == [*data.counts[:, 0]]
        assert len(view.path.get_xdata()) == 10
        assert abs(data.points).max() < 1.9
        ends = np.array([line[1] for line in view.arrows.get_segments()])
        way = ends - data.starts
        cosine = (way * (data.ends - data.starts)).sum(axis=1)
        assert (cosine > 0).all()


def test_half_a_pulse_is_a_whole_one_or_none() -> None:
    """Once the net has come to rest, what was pushed is on a stable point."""
    for bits in BITS:
        stable = stored(bits).states[stored(bits).ways_out == 0]
        said = []
        for strength in (0.0, 0.3, 0.4, 0.7, 1.0):
            h = pushed(bits, strength, "bit 1", 200)
            assert np.linalg.norm(stable - h, axis=1).min() < 1e-6
            said.append(answer(bits, h)[0])
        assert said == ["0", "0", "0", "1", "1"]


# state film

FILM = (
    r"Step (?P<t>\d+), read last: (?P<word>\S+) \((?P<means>[^:]+): (?P<known>\S+)\)\. "
    rf"The state is at (?P<x>{NUMBER}) along component (?P<i>\d) and (?P<y>{NUMBER}) "
    r"along (?P<j>\d)\. This plane holds (?P<share>\d+) % of the variance\."
)


@pytest.mark.parametrize("net", NETS)
def test_the_film_says_where_the_state_is(net: str) -> None:
    shown = film.film(net)
    h, _, _ = shown.reading.model.parts["recurrent"].forward(shown.reading.inputs)
    states = h[shown.reading.counts]
    middle = states - states.mean(axis=0)
    variances, directions = np.linalg.eigh(middle.T @ middle)
    for pair in film.PAIRS:
        i, j = (int(number) for number in pair.split(" and "))
        for example, t in ((1, 1), (4, 17), (EXAMPLES, STEPS)):
            data = film.compute(net=net, pair=pair, example=example, t=t)
            seen = parts(FILM, data.verdict)
            assert (int(seen["t"]), int(seen["i"]), int(seen["j"])) == (t, i, j)
            off = h[t - 1, example - 1] - states.mean(axis=0)
            for name, k in (("x", i), ("y", j)):
                place = abs(off @ directions[:, -k])
                assert shows_fixed(seen[name].lstrip("−"), place)
            share = variances[[-i, -j]].sum() / variances.sum()
            assert shows_fixed(seen["share"], 100 * share, 0)


def test_the_film_reads_what_it_shows() -> None:
    for net in ("brackets", "opinion", "stars"):
        reading = film.film(net).reading
        symbols = reading_symbols(net)
        for column, words in enumerate(reading.words):
            tokens = [symbols.index(word) for word in words]
            assert tokens == reading.inputs[:STEPS, column].tolist()
    reading = film.film(NETS[0]).reading
    held: list[Any] = [None, None]
    for t, word in enumerate(reading.words[2]):
        held = [
            bit if mark == "·" else int(mark == "+")
            for mark, bit in zip(word, held, strict=True)
        ]
        assert reading.known[t, 2] == 2 * held[0] + held[1]


def reading_symbols(net: str) -> list[str]:
    from rnncourse.lesson_13.tasks import REVIEWS

    symbols = SYMBOLS if net == "brackets" else REVIEWS.symbols
    return [symbol.replace("<pad>", "·") for symbol in symbols]


@pytest.mark.parametrize("net", NETS)
def test_the_film_shows_each_state_in_the_colour_of_what_is_known(net: str) -> None:
    view = StateFilmView(style.figure(*StateFilmView.size))
    data = film.compute(net=net, pair="1 and 2", example=2, t=20)
    view.draw(data)
    assert {*data.known.tolist()} <= {*COLOURS[net]}
    assert len(view.cloud.get_facecolors()) == film.SHOWN
    assert len({tuple(colour) for colour in view.cloud.get_facecolors()}) == len(
        {*data.known.tolist()}
    )
    for pair in film.PAIRS:
        for example in range(1, EXAMPLES + 1):
            whole = film.compute(net=net, pair=pair, example=example, t=STEPS)
            assert abs(whole.path).max() < REACH
            assert abs(whole.cloud).max() < REACH


def test_an_opinion_makes_two_heaps_and_stars_a_line() -> None:
    for net, most in (("opinion", 0.05), ("stars", 1)):
        first = film.film(net).cloud[:, 0]
        place = (first - first.min()) / (first.max() - first.min())
        between = ((place > 0.25) & (place < 0.6)).mean()
        assert between < most
        assert (net == "stars") == (between > 0.3)
        by_answer = [
            first[film.film(net).known == k].mean() for k in sorted(COLOURS[net])[:8]
        ]
        steps = np.diff(by_answer)
        assert (steps > 0).all() or (steps < 0).all()


# surgery

SURGERY = (
    r"Brackets open: (?P<depth>\d)\. (Moved (?P<shift>[+−][\d.]+) "
    r"(?P<way>along the probe|between the means|at random), the|The) probe reads "
    rf"(?P<read>{NUMBER})(, not (?P<read_before>{NUMBER}))?[,;] a closing bracket "
    r"comes with (?P<close>\d+) %(, not (?P<close_before>\d+) %)?(, and|;) the net "
    r"first closes (?P<closed>\d+)(, by itself (?P<closed_before>\d+))?\."
)


def written(h: Array, steps: int) -> tuple[Array, str]:
    """Return the probabilities after a state, and what is then written."""
    model = brackets()
    text, first = "", None
    for _ in range(steps):
        y = h @ model.params["output.W_hy"] + model.params["output.b_y"]
        p = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
        first = p if first is None else first
        token = int(p.argmax())
        text += SYMBOLS[token]
        _, end = model.logits(np.array([[token]]), model_state(h))
        h = end.h[0]
    assert first is not None
    return first, text


def model_state(h: Array) -> Any:
    return brackets().parts["recurrent"].cell.State(h[None])


def leading(text: str) -> int:
    return next(k for k, symbol in enumerate(text + "a") if symbol not in ")]")


def test_surgery_says_what_the_moved_state_does() -> None:
    places = [*corners_of(surgery)]
    places += [opened(surgery, preset) for preset in surgery.presets.values()]
    places.append(opened(surgery, {}))
    found = operation.fitted()
    for values in places:
        data = operation.compute(**values)
        seen = parts(SURGERY, data.verdict)
        tokens = Vocabulary(SYMBOLS).encode(values["text"])[:, None]
        h = brackets().logits(tokens)[1].h[0]
        moved = h + values["shift"] * found.ways[values["way"]]
        depth = sum((s in "([") - (s in ")]") for s in values["text"])
        assert int(seen["depth"]) == depth
        states = {"": moved, "_before": h}
        for when, state in states.items():
            if f"read{when}" not in seen:
                assert not values["shift"]
                continue
            p, text = written(state, operation.WRITTEN)
            close = 100 * sum(p[SYMBOLS.index(s)] for s in ")]")
            assert shows_fixed(seen[f"close{when}"], close, 0)
            assert int(seen[f"closed{when}"]) == leading(text)
            read = state @ found.probe.weights + found.probe.bias
            assert shows_fixed(seen[f"read{when}"], read, 1)
        assert data.written_after == written(moved, operation.WRITTEN)[1]


def test_by_itself_the_net_closes_what_is_open() -> None:
    for text in operation.TEXTS:
        data = operation.compute(text=text, way="at random", shift=0.0)
        assert data.closed == (data.depth, data.depth)
        assert 1 <= data.depth <= BRACKETS.max_depth


def test_the_directions_move_the_reading_by_what_they_say() -> None:
    found = operation.fitted()
    probe, means, random = found.ways.values()
    assert probe @ found.probe.weights == pytest.approx(1)
    many, few = found.states[4].mean(axis=0), found.states[0].mean(axis=0)
    assert few + 4 * means == pytest.approx(many)
    assert np.linalg.norm(random) == pytest.approx(np.linalg.norm(means))


def test_the_probe_reads_and_the_net_does_not_listen() -> None:
    """One bracket more: the means move a closing bracket, the probe hardly does."""
    up = [*operation.SHIFTS.round(6)].index(1.0)
    here = [*operation.SHIFTS.round(6)].index(0.0)
    for depth in (1, 2, 3, 4):
        probe, means, _ = operation.closing(depth)
        assert -0.04 < probe[up] - probe[here] < 0
        assert means[up] - means[here] > 0.1


def test_surgery_draws_no_curve_beyond_what_was_tried() -> None:
    view = SurgeryView(style.figure(*SurgeryView.size))
    for shift in (0.0, -1.0, 2.5):
        view.draw(operation.compute(text="([a", way="the probe's", shift=shift))
        for line in view.lines:
            x = np.asarray(line.get_xdata())
            assert abs(x).max() == pytest.approx(abs(shift), abs=1e-9)
            assert all(a < b for a, b in pairwise(x))


def test_the_probe_reads_as_well_as_the_question_says() -> None:
    tokens = BRACKETS.sample(100, rng=np.random.default_rng(17)).inputs
    h, _, _ = brackets().parts["recurrent"].forward(tokens)
    share = operation.fitted().probe.r_squared(h, depths(tokens).astype(float))
    assert f"R² = {share:.2f}" in surgery.question
