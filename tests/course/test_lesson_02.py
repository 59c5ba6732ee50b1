"""Lesson 02: what its explorers say, against the equations written out here."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text

from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.questions import Guess
from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.explorers import fold_unfold, notation_switch, spreadsheet_rnn
from rnncourse.lesson_02 import digit_nets
from rnncourse.lesson_02.explorers import one_neuron as one_neuron_explorer
from rnncourse.lesson_02.fold_unfold import compute as unfolding
from rnncourse.lesson_02.fold_unfold.view import ABSENT, UnfoldingView, tone
from rnncourse.lesson_02.notation_switch import compute as notation
from rnncourse.lesson_02.notation_switch.view import NotationView, arrays_of
from rnncourse.lesson_02.one_neuron import compute as one_neuron
from rnncourse.lesson_02.one_neuron.view import OneNeuronView
from rnncourse.lesson_02.spreadsheet_rnn import compute as spreadsheet
from rnncourse.lesson_02.spreadsheet_rnn.view import SpreadsheetView
from rnncourse.shared import hello
from rnnlib import Recurrent, RNNCell, from_torch
from rnnlib.activations import softmax

FIRST_SCORES = [1.0, 2.2, -3.0, 4.1]


def sheet(
    entry: str = "W_hh[0, 1]", moved: float = 0.0, letter: str = "h"
) -> spreadsheet.Spreadsheet:
    return spreadsheet.compute(entry=entry, moved=moved, letter=letter)


def neuron(**values: Any) -> one_neuron.OneNeuron:
    usual = {"w": 0.8, "u": 1.0, "b": 0.0, "activation": "tanh", "pulse": 4}
    return one_neuron.compute(**{**usual, **values})


def test_the_first_scores_are_those_of_lesson_01() -> None:
    now = sheet().now
    np.testing.assert_allclose(now.scores[0].round(2), FIRST_SCORES)
    np.testing.assert_allclose(now.p[0].round(3), [0.038, 0.125, 0.001, 0.837])


@pytest.mark.parametrize("letter", "helo")
def test_the_spreadsheet_is_what_the_library_computes(letter: str) -> None:
    data = sheet("W_hh[2, 0]", moved=-1.3, letter=letter)
    params = hello.params()
    params["W_hh"][2, 0] -= 1.3
    cell = RNNCell(4, 3, rng=np.random.default_rng(0))
    for name, array in cell.params.items():
        array[...] = params[name]
    h, _, _ = Recurrent(cell).forward(data.now.x[:, None])
    np.testing.assert_allclose(data.now.h, h[:, 0], rtol=1e-12)
    scores = h[:, 0] @ params["W_hy"] + params["b_y"]
    np.testing.assert_allclose(data.now.p, softmax(scores), rtol=1e-12)
    np.testing.assert_allclose(np.tanh(data.now.a), data.now.h)


@pytest.mark.parametrize("entry", spreadsheet.ENTRIES)
def test_a_weight_moves_what_lies_behind_it_and_nothing_else(entry: str) -> None:
    data = sheet(entry, moved=0.7)
    matrix, row, _ = spreadsheet.ENTRIES[entry]
    first = 1 if matrix == "W_hh" else 0
    if matrix == "W_xh":
        assert row is not None
        first = data.word.index("helo"[row])
    moves = {
        name: (now != before).any(axis=1)
        for name, now, before in zip(
            data.now._fields, data.now, data.before, strict=True
        )
    }
    after = np.arange(5) >= first
    assert not moves["x"].any()
    assert (moves["h"] == (after & (not matrix.endswith("y")))).all()
    assert (moves["scores"] == after).all()
    assert (moves["p"] == after).all()
    assert (moves["a"] == moves["h"]).all()


@pytest.mark.parametrize("entry", [e for e in spreadsheet.ENTRIES if "hh" in e])
def test_two_steps_on_every_number_has_moved(entry: str) -> None:
    data = sheet(entry, moved=0.7)
    for now, before in zip(data.now[1:], data.before[1:], strict=True):
        assert (now[2:] != before[2:]).all()


def test_the_first_letter_is_felt_at_the_last_step() -> None:
    for letter in "elo":
        data = sheet(letter=letter)
        assert (data.now.h != data.before.h).all()
        assert data.changed["h"][-1].any()
        assert "every step" in data.verdict


def test_what_is_marked_is_what_reads_differently() -> None:
    data = sheet("b_h[1]", moved=0.5)
    different = sum(
        f"{now:.2f}" != f"{before:.2f}"
        for part, old in zip(data.now, data.before, strict=True)
        for now, before in zip(part.ravel(), old.ravel(), strict=True)
    )
    assert data.changes == different
    assert f"{different} of 70" in data.verdict
    assert sheet().changes == 0


def test_the_spreadsheet_shows_every_number() -> None:
    view = SpreadsheetView(style.figure())
    data = sheet("W_xh[1, 2]", moved=1.0)
    view.draw(data)
    texts = view.numbers.get_texts()
    assert len(texts) == 5 + 70
    assert len(view.weights.get_texts()) == 40
    assert texts[5:20] == tuple(spreadsheet.shown(data.now.a).ravel())
    assert texts[-20:] == tuple(spreadsheet.shown(data.now.p).ravel())
    marked = np.asarray(view.marks.get_facecolor())[:, -1] > 0
    dark = [colour == style.INK for colour in view.numbers.get_colours()]
    assert marked.sum() == data.changes
    assert list(marked) == dark
    assert list(view.weights.get_texts()).count("1.25") == 1


@pytest.mark.parametrize(
    ("values", "fate", "words"),
    [
        ({}, "decays", "13 steps later less than 5 %"),
        ({"w": -0.8}, "decays", "changing sides"),
        ({"w": 1.0}, "decays", "is left"),
        ({"u": 0.0}, "decays", "nothing to forget"),
        ({"w": 1.5, "u": 2.0, "b": -0.1}, "latches", "0.8.*-0.89"),
        ({"w": 1.0, "activation": "relu"}, "latches", "stays at 1"),
        ({"w": -1.3}, "oscillates", "The pulse began it"),
        ({"w": -1.5, "b": 0.5}, "oscillates", "Without the pulse|without the pulse"),
        ({"w": 1.1, "activation": "relu"}, "grows", "for ever"),
        ({"w": 1.0, "b": 0.1, "activation": "relu"}, "grows", "without the pulse, too"),
        ({"w": 1.5, "activation": "sigmoid"}, "decays", "3 steps later"),
    ],
)
def test_a_unit_decays_latches_oscillates_or_grows(
    values: dict[str, Any], fate: str, words: str
) -> None:
    data = neuron(**values)
    assert data.fate == fate
    assert data.verdict.lower().startswith(fate)
    assert re.search(words, data.verdict)


@pytest.mark.parametrize(
    ("w", "activation", "fate"),
    [
        (0.8, "tanh", "decays"),
        (1.5, "tanh", "latches"),
        (-1.3, "tanh", "oscillates"),
        (-0.8, "tanh", "decays"),
        (1.1, "relu", "grows"),
        (0.9, "relu", "decays"),
    ],
)
@pytest.mark.parametrize("u", [0.05, 0.5, 2.0])
def test_without_a_bias_the_weight_decides_however_weak_the_pulse(
    w: float, activation: str, fate: str, u: float
) -> None:
    assert neuron(w=w, u=u, activation=activation).fate == fate


def test_with_a_bias_a_pulse_may_be_too_weak_and_a_bias_can_undo_a_latch() -> None:
    weak, strong = (neuron(w=1.5, b=-0.1, u=u) for u in (0.2, 2.0))
    assert (weak.fate, strong.fate) == ("decays", "latches")
    assert neuron(w=1.5, b=-1.0, u=2.0).fate == "decays"


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_the_unit_follows_its_equation(activation: str) -> None:
    functions: dict[str, Callable[[Any], Any]] = {
        "tanh": np.tanh,
        "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
        "relu": lambda a: np.maximum(a, 0),
    }
    phi = functions[activation]
    data = neuron(w=0.9, u=1.3, b=0.2, activation=activation, pulse=7)
    h = 0.0
    for t in range(1, one_neuron.STEPS + 1):
        h = phi(0.9 * h + 1.3 * (t == 7) + 0.2)
        assert data.h[t] == pytest.approx(h)
    assert (data.quiet[:7] == data.h[:7]).all()
    assert data.quiet[7] < data.h[7]
    np.testing.assert_allclose(data.curve, phi(0.9 * data.places + 0.2))


def test_fixed_points_stay_where_they_are_and_attract_as_they_are_said_to() -> None:
    grid = np.linspace(-1.45, 1.45, 15)
    for w, b, activation in product(
        grid, (-0.4, 0.0, 0.3), ("tanh", "sigmoid", "relu")
    ):
        data = neuron(w=w, b=b, activation=activation)
        phi = one_neuron.FUNCTIONS[activation]
        for fixed, attracts in [(h, True) for h in data.resting] + [
            (h, False) for h in data.pushing
        ]:
            assert phi(w * fixed + b) == pytest.approx(fixed, abs=1e-9)
            h = fixed + 1e-4
            for _ in range(3):
                h = phi(w * h + b)
            assert (abs(h - fixed) < 1e-4) == attracts, (w, b, activation)


@pytest.mark.parametrize(("w", "b"), [(1.0, 0.0), (-1.0, 0.5), (-1.0, 0.3)])
def test_where_relu_has_slope_one_a_state_comes_no_nearer_and_goes_no_farther(
    w: float, b: float
) -> None:
    data = neuron(w=w, b=b, activation="relu")
    assert data.resting.size == data.pushing.size == 0
    assert data.neutral.size
    for fixed in data.neutral:
        h = one_neuron.FUNCTIONS["relu"](w * (fixed + 0.01) + b)
        assert abs(h - fixed) == pytest.approx(0.01)
    view = OneNeuronView(style.figure())
    assert "draw states in: none" in view.describe(data)
    assert "that do neither: " in view.describe(data)


def test_tanh_keeps_a_bit_only_where_its_curve_crosses_the_diagonal_three_times() -> (
    None
):
    assert len(neuron(w=1.5, b=-0.1).resting) == 2
    assert len(neuron(w=1.5, b=-0.1).pushing) == 1
    for w in (0.5, 0.95):
        assert len(neuron(w=w, b=0.1).resting) == 1


def test_the_picture_of_the_unit_draws_the_numbers() -> None:
    view, data = OneNeuronView(style.figure()), neuron(w=1.5, u=2.0, b=-0.1)
    view.draw(data)
    np.testing.assert_allclose(np.array(view.h.get_ydata()), data.h)
    np.testing.assert_allclose(np.array(view.resting.get_xdata()), data.resting)
    corners = data.cobweb
    assert (np.diff(corners, axis=0) == 0).any(axis=1).all()
    np.testing.assert_allclose(corners[1::2, 1], data.h[5:19])


def weights(rng: np.random.Generator, D: int, H: int, V: int) -> dict[str, np.ndarray]:
    shapes: dict[str, tuple[int, ...]] = {
        "W_xh": (D, H),
        "W_hh": (H, H),
        "b_h": (H,),
        "W_hy": (H, V),
        "b_y": (V,),
    }
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def test_all_four_notations_give_the_same_numbers() -> None:
    rng = np.random.default_rng(2)
    for D, H, V in ((4, 3, 4), (1, 5, 2), (3, 1, 1), (2, 6, 7)):
        params = weights(rng, D, H, V)
        x_t, h_prev = rng.standard_normal(D), rng.standard_normal(H)
        h = np.tanh(
            [
                sum(x_t[i] * params["W_xh"][i, j] for i in range(D))
                + sum(h_prev[i] * params["W_hh"][i, j] for i in range(H))
                + params["b_h"][j]
                for j in range(H)
            ]
        )
        scores = [h @ params["W_hy"][:, k] + params["b_y"][k] for k in range(V)]
        for way in notation.NOTATIONS.values():
            step = way.step(way.weights(params), x_t, h_prev)
            np.testing.assert_allclose(step.h.ravel(), h, rtol=1e-12)
            np.testing.assert_allclose(step.scores.ravel(), scores, rtol=1e-12)
            np.testing.assert_allclose(sum(step.parts), step.a, rtol=1e-12)


def test_each_notation_has_its_own_names_and_shapes() -> None:
    params = hello.params()
    shapes = {
        name: {key: array.shape for key, array in way.weights(params).items()}
        for name, way in notation.NOTATIONS.items()
    }
    assert shapes["papers"] == {
        "W_xh": (3, 4),
        "W_hh": (3, 3),
        "b_h": (3, 1),
        "W_hy": (4, 3),
        "b_y": (4, 1),
    }
    assert shapes["rows"] == {
        "W_xh": (4, 3),
        "W_hh": (3, 3),
        "b_h": (3,),
        "W_hy": (3, 4),
        "b_y": (4,),
    }
    assert shapes["Ng"]["W_ax"] == (3, 4)
    assert shapes["Ng"]["W_ya"] == (4, 3)
    assert shapes["PyTorch"]["weight_ih_l0"] == (3, 4)


def test_pytorchs_names_are_those_that_the_library_converts() -> None:
    params = hello.params()
    theirs = notation.NOTATIONS["PyTorch"].weights(params)
    del theirs["weight"], theirs["bias"]
    cell = RNNCell(4, 3, rng=np.random.default_rng(0))
    from_torch(cell, theirs)
    for name, array in cell.params.items():
        np.testing.assert_array_equal(array, params[name])


@pytest.mark.parametrize("name", notation.NOTATIONS)
@pytest.mark.parametrize("t", [1, 5])
def test_the_switch_shows_the_numbers_of_the_spreadsheet(name: str, t: int) -> None:
    data = notation.compute(notation=name, t=t)
    assert data.gap < 1e-14
    assert ("digit by digit" in data.verdict) == (name != "papers")
    np.testing.assert_allclose(data.step.h.ravel(), sheet().now.h[t - 1])
    np.testing.assert_allclose(data.step.scores.ravel(), sheet().now.scores[t - 1])
    view = NotationView(style.figure())
    view.draw(data)
    visible = [key for key, page in view.pages.items() if page.numbers.get_visible()]
    assert visible == [name]
    texts = view.pages[name].numbers.get_texts()
    for number in spreadsheet.shown(data.step.h.ravel()):
        assert number in texts
    assert {"x", "h_prev", "a", "h"} < set(arrays_of(data))


def test_parameters_stay_and_states_grow() -> None:
    for T, H in product(range(1, 9), (1, 3, 64)):
        data = unfolding.compute(steps=T, hidden=H, part="everything")
        assert data.parameters == H * (4 + H + 1) + 4 * (H + 1)
        assert data.states == T * H
    assert unfolding.compute(steps=8, hidden=3, part="h").parameters == 40
    assert sum(array.size for array in hello.params().values()) == 40


@pytest.mark.parametrize("part", unfolding.PARTS[1:])
@pytest.mark.parametrize("steps", [1, 5])
def test_what_is_shared_lights_up_at_every_step(part: str, steps: int) -> None:
    view = UnfoldingView(style.figure())
    data = unfolding.compute(steps=steps, hidden=3, part=part)
    view.draw(data)
    tones = {name: tone(name, data) for name in view.board.names}
    lit = [name for name, colour in tones.items() if colour not in (ABSENT, style.DIM)]
    places = [name.split()[1] for name in lit]
    assert {name.split()[0] for name in lit} == {part}
    expected = ["t", *map(str, range(0 if part == "h" else 1, steps + 1))]
    assert sorted(places) == sorted(expected)


def tanh_latch() -> Any:
    return "tanh", [[2.0]], [[1.5]], [0.0], [[1.0]], [-0.4]


def creeping_latch() -> Any:
    return "tanh", [[2.0]], [[0.99]], [0.0], [[1.0]], [-0.2]


def relu_parity() -> Any:
    return "relu", [[1, 1]], [[1, 1], [-2, -2]], [0, -1], [[1], [-2]], [-0.5]


def tanh_parity() -> Any:
    return "tanh", [[9, 9]], [[5, 5], [-5, -5]], [-5, -15], [[1], [-1]], [-1]


def parity_with_one_unit_too_many() -> Any:
    four = np.ones(4)
    return "step", [four], np.eye(4), -0.5 * four, np.ones((4, 1)), [0.0]


def not_a_matrix() -> Any:
    return "step", 1, 1, 1, 1, 1


def soft() -> Any:
    return "sigmoid", [[2.0]], [[1.5]], [0.0], [[1.0]], [-0.4]


@pytest.mark.parametrize(
    ("id", "net", "words"),
    [
        ("02.6", tanh_latch, ""),
        ("02.6", creeping_latch, "after .* digits. Does a state creep"),
        ("02.6", not_a_matrix, r"should have W_xh \(1, 1\), W_hh \(1, 1\)"),
        ("02.6", soft, "yours is 'sigmoid'"),
        ("02.6", lambda: [1, 2], "six things.*returns 2 things"),
        ("02.7", relu_parity, ""),
        ("02.7", tanh_parity, ""),
        ("02.7", parity_with_one_unit_too_many, "4 units; it can be done with 3"),
        ("02.7", tanh_latch, "On the string 11 your net says 1; it should say 0"),
        (
            "02.8",
            relu_parity,
            r"it should have W_hy \(2, 3\) and b_y \(3,\); yours are \(2, 1\) and",
        ),
    ],
)
def test_a_net_set_by_hand_is_told_what_it_does(id: str, net: Any, words: str) -> None:
    item = exercise(id)
    assert isinstance(item, Exercise)
    report = judge(item, net)
    assert report.passed == (not words), report
    assert re.search(words, report.words)


def test_a_net_of_the_exercises_runs_as_one_of_the_library() -> None:
    rng = np.random.default_rng(3)
    params = weights(rng, 1, 3, 2)
    strings = rng.integers(2, size=(8, 20))
    for activation in ("tanh", "relu"):
        cell = RNNCell(1, 3, rng=rng, activation=activation)
        for name, array in cell.params.items():
            array[...] = params[name]
        h, _, _ = Recurrent(cell).forward(strings[..., None].astype(float))
        scores = h @ params["W_hy"] + params["b_y"]
        states, answers = digit_nets.run((activation, *params.values()), strings)
        np.testing.assert_allclose(states, h, rtol=1e-12)
        np.testing.assert_array_equal(answers, scores.argmax(axis=-1))


def test_a_net_can_be_watched_at_work_if_its_parts_fit() -> None:
    lines = digit_nets.trace(tanh_latch(), "010").splitlines()
    assert [line.split()[-1] for line in lines] == ["0", "1", "1"]
    assert f"{np.tanh(2):.2f}" in lines[1]
    with pytest.raises(ValueError, match=r"should have W_xh \(1, 1\), W_hh \(1, 1\)"):
        digit_nets.trace(not_a_matrix(), "010")


@pytest.mark.parametrize("moved", [-2.0, 0.5, 2.0])
def test_the_states_that_stay_are_those_that_the_question_names(moved: float) -> None:
    data = sheet("W_hh[0, 1]", moved=moved)
    same = data.now.h == data.before.h
    assert same[0].all()
    assert same[1].tolist() == [True, False, True]
    assert not same[2:].any()


def test_the_net_of_the_guess_has_as_many_parameters_as_it_says() -> None:
    guess = exercise("02.3")
    assert isinstance(guess, Guess)
    assert guess.right == 100 * (50 + 100 + 1) + 50 * (100 + 1)


@pytest.mark.parametrize(
    "make", [spreadsheet_rnn, fold_unfold, one_neuron_explorer, notation_switch]
)
def test_every_text_is_large_enough_and_inside_the_picture(make: Any) -> None:
    explorer = make()
    for button in explorer.presets.values():
        button.click()
        figure = explorer.figure
        renderer = figure.canvas.get_renderer()
        width, height = figure.bbox.size
        ticks = [
            axes.get_xticklabels() + axes.get_yticklabels() for axes in figure.axes
        ]
        for text in figure.findobj(Text):
            if not text.get_visible() or not text.get_text():
                continue
            assert text.get_fontsize() >= style.SMALL, text
            if any(text in labels for labels in ticks):
                continue
            box = text.get_window_extent(renderer)
            assert 0 <= box.x0 <= box.x1 <= width, text
            assert 0 <= box.y0 <= box.y1 <= height, text
        for digits in figure.findobj(Digits):
            assert digits._points >= style.SMALL
