"""Lesson 04: what its explorers compute is what the library computes."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from rnncourse.checking.mistakes import Mistake
from rnncourse.drawing import style
from rnncourse.drawing.canvas import Canvas
from rnncourse.lesson_04.backward_stepper import compute as backward
from rnncourse.lesson_04.backward_stepper.view import BackwardView, _lit
from rnncourse.lesson_04.exercises.backward_pass import BACKWARD_PASS, _case
from rnncourse.lesson_04.finite_difference_lens import compute as differences
from rnncourse.lesson_04.finite_difference_lens.view import ENDS, DifferencesView
from rnncourse.lesson_04.path_counter import compute as paths
from rnncourse.lesson_04.path_counter.view import PathsView
from rnncourse.shared import hello
from rnncourse.shared.wording import fixed
from rnnlib import Batch, LanguageModel, Recurrent, RNNCell, numerical_gradients
from rnnlib.diagnostics import state_gradients

ALL_PATHS: dict[str, Any] = {"weight": 0.8, "last_only": False, "path": 0}


@pytest.mark.parametrize("quantity", paths.QUANTITIES)
@pytest.mark.parametrize("last_only", [False, True])
def test_the_products_along_all_paths_add_up_to_the_gradient(
    quantity: str, last_only: bool
) -> None:
    for steps, weight in product(range(1, paths.LONGEST + 1), (-1.5, 0.0, 0.8)):
        found = paths.compute(
            quantity=quantity,
            steps=steps,
            weight=weight,
            last_only=last_only,
            path=0,
        )
        assert found.total == pytest.approx(found.gradient, rel=1e-12, abs=1e-15)
        assert np.isfinite(found.terms).sum() == len(found.pairs)


def test_the_gradient_of_the_unit_is_that_of_its_loss() -> None:
    def loss(W_hh: np.ndarray, h_0: np.ndarray, x: np.ndarray) -> float:
        h, total = h_0.item(), 0.0
        for t in range(5):
            h = np.tanh(paths.W_XH * x[t] + W_hh.item() * h)
            total += (h - paths.TARGETS[t]) ** 2 / 2
        return total

    numerical = numerical_gradients(
        loss,
        {"W_hh": np.array(0.8), "h_0": np.array(paths.H_0), "x": paths.INPUTS.copy()},
    )
    for quantity, expected in {
        "W_hh": numerical["W_hh"],
        "h_0": numerical["h_0"],
        "x_3": numerical["x"][2],
        "x_7": numerical["x"][6],
    }.items():
        found = paths.compute(quantity=quantity, steps=5, **ALL_PATHS)
        assert found.gradient == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.parametrize("steps", range(1, paths.LONGEST + 1))
def test_a_weight_with_a_loss_at_each_step_has_so_many_paths(steps: int) -> None:
    found = paths.compute(quantity="W_hh", steps=steps, **ALL_PATHS)
    assert len(found.pairs) == len(set(found.pairs)) == steps * (steps + 1) // 2
    assert all(k <= t for k, t in found.pairs)
    last = paths.compute(
        quantity="W_hh", steps=steps, **ALL_PATHS | {"last_only": True}
    )
    assert [t for _, t in last.pairs] == [steps] * steps


def test_each_path_is_the_product_of_its_local_derivatives() -> None:
    every = paths.compute(quantity="W_hh", steps=6, **ALL_PATHS)
    for n, (k, t) in enumerate(every.pairs, 1):
        one = paths.compute(quantity="W_hh", steps=6, **ALL_PATHS | {"path": n})
        assert one.shown == ((k, t),)
        assert len(one.factors) == t - k + 2
        assert np.prod(one.factors) == pytest.approx(every.terms[t - 1, k - 1])
        assert f"Path {n} of 21" in one.verdict


def test_a_path_beyond_the_last_is_the_last_and_an_unread_input_has_none() -> None:
    assert (
        paths.compute(quantity="h_0", steps=3, **ALL_PATHS | {"path": 36}).chosen == 3
    )
    unread = paths.compute(quantity="x_7", steps=5, **ALL_PATHS | {"path": 2})
    assert (unread.pairs, unread.total, unread.gradient) == ((), 0, 0)
    assert "No path" in unread.verdict


def hello_model() -> LanguageModel:
    rng = np.random.default_rng(0)
    model = LanguageModel(Recurrent(RNNCell(4, 3, rng=rng)), rng=rng)
    for name, weights in hello.params().items():
        part = "output" if name.endswith("y") else "recurrent"
        model.params[f"{part}.{name}"][...] = weights
    return model


def test_the_stepper_arrives_at_the_gradients_of_the_library() -> None:
    found = backward.compute(moves=backward.LAST, left_out="nothing")
    model = hello_model()
    grads = model.loss(Batch(hello.inputs(), hello.targets())).grads
    np.testing.assert_allclose(found.grads["W_hh"], grads["recurrent.W_hh"], rtol=1e-12)
    np.testing.assert_allclose(found.grads["W_xh"], grads["recurrent.W_xh"], atol=1e-15)
    layer = model.parts["recurrent"]
    h, _, cache = layer.forward(hello.inputs())
    np.testing.assert_allclose(found.h[1:], h[:, 0], rtol=1e-12)
    dh = found.from_loss[:, None]
    total = state_gradients(layer.cell, cache, dh).h[:, 0]
    np.testing.assert_allclose(found.dh, total, rtol=1e-12)
    start = layer.backward(dh, cache)[1].h[0]
    np.testing.assert_allclose(found.d_start, start, rtol=1e-12)


def test_the_stepper_adds_one_step_after_the_other() -> None:
    every = [backward.compute(moves=m, left_out="nothing") for m in range(13)]
    assert [data.changed["W_hh"].any() for data in every] == [
        move in (3, 6, 9) for move in range(13)
    ]
    assert not any(data.changed["W_xh"][3].any() for data in every)
    assert "changed in 3 of the 12 moves" in every[-1].verdict
    assert [data.step for data in every] == [4, 4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1]
    assert [data.stage for data in every[:4]] == ["", *backward.STAGES]
    assert (every[0].grads["W_hh"] == 0).all()
    assert (every[2].grads["W_hh"] == 0).all()
    np.testing.assert_allclose(
        every[6].grads["W_hh"],
        np.outer(every[0].h[3], every[0].da[3])
        + np.outer(every[0].h[2], every[0].da[2]),
    )
    assert (every[3].grads["W_xh"][:2] == 0).all()
    assert every[3].grads["W_xh"][2] == pytest.approx(every[0].da[3])


@pytest.mark.parametrize("left_out", backward.LEFT_OUT[1:])
def test_whatever_is_left_out_makes_the_gradient_wrong(left_out: str) -> None:
    found = backward.compute(moves=backward.LAST, left_out=left_out)
    assert found.off > 0.3
    assert "wrong" in found.verdict
    assert found.changed["W_hh"].any() == (left_out == "the sum")
    assert backward.compute(moves=0, left_out="nothing").off == 0


def test_the_losses_under_the_lens_are_those_of_the_library() -> None:
    W_hh = hello.params()["W_hh"]
    batch = Batch(hello.inputs(), hello.targets())
    expected = hello_model().loss(batch)
    assert differences.losses(W_hh[None]) == pytest.approx(expected.value, rel=1e-14)
    np.testing.assert_allclose(
        differences.exact(), expected.grads["recurrent.W_hh"], rtol=1e-12
    )
    assert differences.losses(W_hh[None].astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(("formula", "order"), differences.FORMULAS.items())
def test_truncation_grows_with_the_order_and_rounding_with_one_over_eps(
    formula: str, order: int
) -> None:
    error = differences.errors(formula, "float64")
    decades = np.log10(differences.GRID)
    right, left = decades > -2.6, decades < -9
    slope = np.polyfit(decades[right], np.log10(error[right]), 1)[0]
    assert slope == pytest.approx(order, abs=0.1)
    slope = np.polyfit(decades[left], np.log10(error[left]), 1)[0]
    assert slope == pytest.approx(-1, abs=0.25)


@pytest.mark.parametrize("floats", differences.FLOATS)
@pytest.mark.parametrize("formula", differences.FORMULAS)
def test_the_best_eps_is_at_the_bottom_of_the_v(formula: str, floats: str) -> None:
    error = differences.errors(formula, floats)
    best = differences.best_eps(formula, floats)
    near = error[abs(np.log10(differences.GRID / best)) < 0.15]
    assert np.median(near) < 3 * error.min()
    ends = (0.1, "Truncation"), (1e-12, "Rounding")
    for eps, word in ((best, "bottom"), *ends):
        found = differences.compute(eps=eps, formula=formula, floats=floats)
        assert word in found.verdict


@pytest.mark.parametrize(("formula", "share"), [("central", 0.5), ("one-sided", 1.0)])
def test_at_the_best_eps_truncation_is_half_of_rounding_or_equal_to_it(
    formula: str, share: float
) -> None:
    best = differences.best_eps(formula, "float64")
    near = best * 10 ** np.linspace(-0.2, 0.2, 81)
    found = [
        differences.compute(eps=eps, formula=formula, floats="float64") for eps in near
    ]
    truncation, rounding = (
        np.median([getattr(data, part) for data in found])
        for part in ("truncation", "rounding")
    )
    assert truncation / rounding == pytest.approx(share, rel=0.4)


def test_central_differences_win_where_both_are_best() -> None:
    one, two = (
        differences.errors(f, "float64").min() for f in ("one-sided", "central")
    )
    assert two < one / 200


def right_weights(mistake: Mistake, T: int, H: int) -> set[str]:
    """Return the weights whose gradient a mistake of 04.3 leaves right."""
    case = _case(np.random.default_rng(1), T, 2, 3, H, 4)
    reference = BACKWARD_PASS.reference
    right, found = (
        reference(*case.values()),
        mistake.answers(reference)[0](*case.values()),
    )
    triples = zip(BACKWARD_PASS.returns, right, found, strict=True)
    return {name for name, mine, theirs in triples if np.allclose(mine, theirs)}


def test_only_the_right_answer_of_the_diagnosis_fits_what_was_observed() -> None:
    observed = {
        (1, 4): {"dW_xh", "dW_hh", "db_h", "dW_hy", "db_y"},
        (3, 1): {"dW_xh", "dW_hh", "db_h", "dW_hy", "db_y"},
        (3, 4): {"dW_hy", "db_y"},
    }
    known = {mistake.name: mistake for mistake in BACKWARD_PASS.mistakes}
    fitting = [
        name
        for name in (
            "forgot_the_next_step",
            "not_transposed_over_time",
            "no_slope",
            "y_for_p",
        )
        if all(
            right_weights(known[name], *size) == names
            for size, names in observed.items()
        )
    ]
    assert fitting == ["not_transposed_over_time"]


def test_the_counter_shows_each_term_and_lights_the_chosen_one() -> None:
    view = PathsView(style.figure(840, 382))
    data = paths.compute(quantity="W_hh", steps=4, **ALL_PATHS | {"path": 8})
    view.draw(data)
    shown = np.reshape(view.terms.get_texts(), (8, 8))
    colours = np.reshape(view.terms.get_colours(), (8, 8))
    for t, k in np.ndindex(8, 8):
        there = k <= t < 4
        assert shown[t, k] == (fixed(float(data.terms[t, k]), 3) if there else "")
        lit = (k + 1, t + 1) == data.pairs[7]
        assert colours[t, k] == (style.GRADIENT if lit else style.FADED)
    assert fixed(data.total, 6) in view.lines.get_texts()[-2]
    assert fixed(data.gradient, 6) in view.lines.get_texts()[-1]
    assert view.onward.get_texts() == (*map(fixed, data.onward), *[""] * 4)


def test_the_stepper_shows_what_is_done_and_not_what_is_to_come() -> None:
    view = BackwardView(style.figure(840, 396))
    data = backward.compute(moves=5, left_out="nothing")
    view.draw(data)
    for row, numbers in {"dh": data.dh, "da": data.da}.items():
        expected = ["", *(fixed(n, 3) for n in numbers[2:].ravel())]
        assert list(view.rows[row].get_texts()[5:]) == expected
    assert set(view.rows["da"].get_colours()[6:9]) == {style.GRADIENT}
    assert set(view.rows["dh"].get_colours()[6:9]) == {style.INK}
    shown = view.weights["W_hh"].get_texts()
    assert shown == tuple(fixed(n, 3) for n in data.grads["W_hh"].ravel())
    assert view.weights["h_0"].get_texts() == ("", "", "")
    assert view.rows["scores"].get_texts()[:4] == (".04", "−.87", ".00", ".84")
    assert max(map(len, view.rows["scores"].get_texts())) <= 4
    assert {f"unit 1 {n}" for n in range(3)} <= set(_lit(data))


@pytest.mark.parametrize("formula", differences.FORMULAS)
def test_the_lens_draws_the_difference_from_point_to_point(formula: str) -> None:
    view = DifferencesView(style.figure(840, 360))
    view.draw(differences.compute(eps=0.01, formula=formula, floats="float64"))
    ends, heights = np.asarray(view.secant.get_xydata()).T
    assert tuple(ends) == ENDS[formula]
    curve = np.asarray(view.bend.get_ydata())
    np.testing.assert_allclose(heights, np.interp(ends, differences.ZOOM, curve))
    assert 0.4 <= abs(curve).max() <= 1


@pytest.mark.parametrize(
    ("make", "height"),
    [(PathsView, 382), (BackwardView, 396), (DifferencesView, 360)],
)
def test_words_are_large_enough_and_inside_the_figure(make: Any, height: int) -> None:
    view = make(style.figure(840, height))
    canvas = Canvas(view.figure, view.moving)
    canvas.pixels()
    renderer = view.figure.canvas.get_renderer()
    for axes in view.figure.axes:
        legend = axes.get_legend()
        for text in (*axes.texts, axes.title, *(legend.get_texts() if legend else [])):
            box = text.get_window_extent(renderer)
            assert text.get_fontsize() >= style.SMALL
            assert not text.get_text() or (box.x0 >= 0 and box.x1 <= 840)
            assert not text.get_text() or (box.y0 >= 0 and box.y1 <= height)
