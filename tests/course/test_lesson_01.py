"""Lesson 01: one-hot vectors, softmax and losses, as the explorers show them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from rnncourse.checking.judging import judge
from rnncourse.drawing import style
from rnncourse.lesson_01.exercises.cross_entropy import CROSS_ENTROPY
from rnncourse.lesson_01.exercises.softmax import SOFTMAX
from rnncourse.lesson_01.exercises.vocabulary import VOCABULARY
from rnncourse.lesson_01.hello_table import compute as hello_table
from rnncourse.lesson_01.hello_table.view import HelloTableView
from rnncourse.lesson_01.loss_curve import compute as loss_curve
from rnncourse.lesson_01.loss_curve.view import LossCurveView
from rnncourse.lesson_01.softmax_bars import compute as softmax_bars
from rnncourse.lesson_01.softmax_bars.view import SoftmaxBarsView
from rnncourse.shared import hello
from rnnlib.activations import sigmoid, softmax
from rnnlib.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnnlib.vocab import one_hot

HELLO = {"score_h": 1.0, "score_e": 2.2, "score_l": -3.0, "score_o": 4.1}


def table(**values: Any) -> hello_table.HelloTable:
    opening: dict[str, Any] = {"position": 3, "letter": "l", "vocab_size": 4}
    return hello_table.compute(**({"multiplied": True} | opening | values))


def bars(
    temperature: float = 1.0, shift: float = 0, beside: str = "gradient", **scores: Any
) -> softmax_bars.SoftmaxBars:
    return softmax_bars.compute(
        **(HELLO | scores), temperature=temperature, shift=shift, beside=beside
    )


def curve(p: float, beside: str = "push") -> loss_curve.LossCurve:
    return loss_curve.compute(p=p, beside=beside)


@pytest.mark.parametrize("vocab_size", [4, 9, 12])
def test_each_step_of_hello_is_one_letter(vocab_size: int) -> None:
    data = table(vocab_size=vocab_size)
    read = [data.letters[k] for _, k in np.argwhere(data.x == 1)]
    assert "".join(read) == "hello"
    assert data.x.shape == (5, vocab_size)
    assert (data.x == 0).sum() == 5 * (vocab_size - 1)
    counted = f"{5 * (vocab_size - 1)} zeros"
    assert (counted in data.verdict) == (vocab_size > 4)


@pytest.mark.parametrize("position", [1, 2, 3, 4, 5])
def test_a_product_with_a_one_hot_vector_is_a_row(position: int) -> None:
    data = table(position=position, vocab_size=7)
    row = data.letters.index("hello"[position - 1])
    assert (data.product == data.W[row]).all()
    assert data.terms.sum(axis=0) == pytest.approx(data.product)
    assert (np.delete(data.terms, row, axis=0) == 0).all()


def test_the_matrix_is_that_of_the_shared_net() -> None:
    assert (hello.params()["W_xh"] == table().W).all()
    assert (table(vocab_size=12).W[:4] == table().W).all()
    assert len(set(table(vocab_size=12).letters)) == hello_table.MOST_LETTERS


@pytest.mark.parametrize(
    ("position", "letter", "says"),
    [
        (3, "l", "The product is row l of W, unchanged."),
        (4, "l", "Step 4 is an l"),
        (3, "h", "column h holds 0: row h of W adds nothing"),
    ],
)
def test_the_table_says_what_the_entry_does(
    position: int, letter: str, says: str
) -> None:
    assert says in table(position=position, letter=letter).verdict


def test_the_bars_open_at_the_numbers_of_hello() -> None:
    data = bars()
    assert data.p.round(3) == pytest.approx([0.038, 0.125, 0.001, 0.837])
    assert data.gradient.round(3) == pytest.approx([0.038, -0.875, 0.001, 0.837])
    assert round(data.loss, 3) == 2.079
    for words in ("o is the most probable, p = 0.837", "0.125", "−0.875", "2.08"):
        assert words in data.verdict


@pytest.mark.parametrize("temperature", [0.1, 1, 5])
def test_the_bars_follow_the_equations(temperature: float) -> None:
    data = bars(temperature)
    exp = np.exp(np.array(list(HELLO.values())) / temperature)
    p = exp / exp.sum()
    assert data.p == pytest.approx(p)
    assert data.gradient == pytest.approx(p - [0, 1, 0, 0])


def test_a_shift_of_all_scores_changes_no_probability() -> None:
    lower: dict[str, Any] = {name: score - 2 for name, score in HELLO.items()}
    shifted = bars(**lower)
    assert shifted.p == pytest.approx(bars().p)
    assert bars(shift=-2).p == pytest.approx(bars().p)
    assert bars(shift=-2).scores == pytest.approx(shifted.scores)


def test_the_temperature_sharpens_and_flattens() -> None:
    cold, warm, hot = (bars(temperature) for temperature in (0.1, 1, 5))
    assert cold.p.max() > warm.p.max() > hot.p.max() > 0.25
    assert "Hardly any doubt" in cold.verdict
    assert "doubt" not in warm.verdict


def test_a_right_guess_is_still_pushed_up() -> None:
    assert "it is right, and its score is still pushed up" in bars(score_e=5).verdict


def test_equal_scores_are_an_even_choice() -> None:
    equal: dict[str, Any] = dict.fromkeys(HELLO, 1.5)
    data = bars(**equal)
    assert data.p == pytest.approx([0.25] * 4)
    assert "share the first place. It is an even choice" in data.verdict


def test_a_clear_first_letter_is_no_even_choice() -> None:
    data = bars(score_h=1.0, score_e=0.0, score_l=0.0, score_o=0.0)
    assert data.p.round(3) == pytest.approx([0.475, 0.175, 0.175, 0.175])
    assert "even" not in data.verdict
    nearly = bars(score_h=0.3, score_e=0.0, score_l=0.0, score_o=0.0)
    assert "It is nearly an even choice" in nearly.verdict


@pytest.mark.parametrize("p", [0.001, 0.125, 0.5, 0.999])
def test_the_curve_is_that_of_the_losses(p: float) -> None:
    data = curve(p)
    score = np.log(p / (1 - p))
    assert sigmoid(np.array(score)) == pytest.approx(p)
    loss, dscore = binary_cross_entropy(score, 1.0)
    assert data.loss == pytest.approx(loss)
    assert data.push == pytest.approx(-float(dscore))
    squared, dp = mean_squared_error(np.array(p), 1.0)
    assert data.squared == pytest.approx(squared)
    assert data.squared_push == pytest.approx(-float(dp) * p * (1 - p))
    assert data.perplexity == pytest.approx(1 / p)


def test_the_push_of_two_letters_is_that_of_a_softmax() -> None:
    _, gradient = cross_entropy([[0.7, 0.0]], [0])
    p = float(sigmoid(np.array(0.7)))
    assert curve(p).push == pytest.approx(-gradient[0, 0])


def test_the_slope_is_that_of_the_curve() -> None:
    near = (curve(0.3 + step).loss for step in (-1e-6, 1e-6))
    low, high = near
    assert curve(0.3).slope == pytest.approx((high - low) / 2e-6)


@pytest.mark.parametrize(
    ("p", "says"),
    [
        (0.001, "Sure and wrong: cross-entropy pushes the score by 0.999"),
        (0.5, "In between"),
        (0.999, "Sure and right"),
    ],
)
def test_the_verdict_compares_both_losses(p: float, says: str) -> None:
    assert says in curve(p).verdict


@pytest.mark.parametrize(("position", "vocab_size"), [(1, 4), (5, 12)])
def test_the_table_draws_its_numbers(position: int, vocab_size: int) -> None:
    data = table(position=position, vocab_size=vocab_size)
    view = HelloTableView(style.figure(840, 340))
    view.draw(data)
    assert "".join(view.table.get_texts()) == "".join(
        f"{entry:.0f}" for entry in data.x.ravel()
    )
    name, *shown = (text.replace("−", "-") for text in view.sum.get_texts())
    assert name == f"x_{position} @ W"
    assert list(map(float, shown)) == pytest.approx(data.product)
    lit = view.table.get_colours().count(style.INPUT)
    assert (lit, view.names.get_colours().count(style.INPUT)) == (5, 2)
    assert f"{vocab_size} columns" in view.describe(data)


def test_the_lit_bands_meet_at_the_entry() -> None:
    view = HelloTableView(style.figure(840, 340))
    view.draw(table(position=4, letter="l"))
    inside = view.row.get_bbox().overlaps(view.column.get_bbox())
    assert inside
    assert view.picked.get_bbox().bounds == view.looked_at.get_bbox().bounds
    view.draw(table(position=4, letter="h"))
    assert view.picked.get_bbox().y0 < view.looked_at.get_bbox().y0


def test_the_bars_draw_their_numbers() -> None:
    data = bars()
    view = SoftmaxBarsView(style.figure(840, 340))
    view.draw(data)
    page = view.pages["gradient"]
    for bars_of, values in zip(page.bars, (data.p, data.gradient), strict=True):
        assert [bar.get_height() for bar in bars_of] == pytest.approx(values)
    p, gradient = (numbers.get_texts() for numbers in page.numbers)
    assert p == ("0.038", "0.125", "0.001", "0.837")
    assert gradient[1] == "−0.875"
    assert "e −0.875" in view.describe(data)


def test_the_bars_open_without_what_is_taught_later() -> None:
    view = SoftmaxBarsView(style.figure(840, 340))
    view.draw(bars(beside="scores"))
    scores, p = (numbers.get_texts() for numbers in view.pages["scores"].numbers)
    assert scores == ("1.0", "2.2", "−3.0", "4.1")
    assert p == ("0.038", "0.125", "0.001", "0.837")
    assert [name for name, page in view.pages.items() if seen(page)] == ["scores"]
    assert "target" not in view.describe(bars(beside="scores")).lower()


def seen(page: Any) -> bool:
    return all(part.get_visible() for part in (*page.axes, *page.moving))


def test_the_curve_draws_its_numbers() -> None:
    data = curve(0.125)
    view = LossCurveView(style.figure(840, 340))
    view.draw(data)
    page = view.pages["push"]
    losses, pushes = (dots.get_ydata() for dots in page.dots)
    assert losses == pytest.approx([data.loss, data.squared])
    assert pushes == pytest.approx([data.push, data.squared_push])
    (x0, y0), (x1, y1) = np.asarray(page.slope.get_xydata())
    assert (y1 - y0) / (x1 - x0) == pytest.approx(-8)
    assert (y0 + y1) / 2 == pytest.approx(data.loss)


def test_the_curves_reach_as_far_as_one_has_gone() -> None:
    view = LossCurveView(style.figure(840, 340))
    view.draw(curve(0.3, "perplexity"))
    page = view.pages["perplexity"]
    assert [name for name, each in view.pages.items() if seen(each)] == ["perplexity"]
    for (_, line), expected in zip(page.curves, (-np.log(0.3), 1 / 0.3), strict=True):
        assert np.min(line.get_xdata()) == 0.3
        assert np.asarray(line.get_ydata())[0] == pytest.approx(expected)


def encoded(message: str) -> list[int]:
    if "#" in message:
        raise ValueError("#")
    return ["helo".index(symbol) for symbol in message]


def nothing_of_nothing(message: str) -> list[int] | None:
    return encoded(message) or None


def returns_the_error(message: str) -> Any:
    return ValueError("#") if "#" in message else encoded(message)


def texts(message: str) -> list[str]:
    return [str(token) for token in encoded(message)]


def decoded(tokens: list[int]) -> str:
    return "".join("helo"[token] for token in tokens)


def not_written(tokens: list[int]) -> Any:
    raise NotImplementedError


def no_minimum(scores: Any) -> Any:
    exp = np.exp(scores - scores.min(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        (None, "return two functions"),
        ((lambda message: None, not_written), "encode returns None"),
        ((encoded, not_written), "decode is not written yet"),
        (
            (nothing_of_nothing, decoded),
            r"encode\(''\) should be the empty list; there came None",
        ),
        ((returns_the_error, decoded), "has to be raised"),
        ((texts, decoded), "a whole number; encode returns texts"),
        ((encoded, lambda tokens: ["h", "o"]), r"comes back .* as \['h', 'o'\]"),
        ((encoded, lambda tokens: "h o l e"), "comes back .* as 'h o l e'"),
    ],
)
def test_a_round_trip_that_fails_is_told_in_words(pair: Any, says: str) -> None:
    assert re.search(says, judge(VOCABULARY, lambda text: pair).words)


def test_the_smallest_score_is_no_safe_shift() -> None:
    with np.errstate(all="ignore"):
        assert "no probability" in judge(SOFTMAX, no_minimum).words


def test_a_loss_that_is_no_number_is_reported_without_a_warning() -> None:
    def log_of_softmax(logits: Any, targets: Any) -> Any:
        p, y = softmax(logits), one_hot(targets, logits.shape[-1])
        return -(y * np.log(p)).sum() / targets.size, (p - y) / targets.size

    words = str(judge(CROSS_ENTROPY, log_of_softmax))
    assert "It is nan" in words
    assert "0 times that is nan" in words
