"""The verdicts of lesson 11 on trained nets, at every corner, computed a second way."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from rnncourse.drawing import style
from rnncourse.lesson_11.alignment_map import compute as aligned
from rnncourse.lesson_11.alignment_map.explorer import alignment_map
from rnncourse.lesson_11.alignment_map.view import AlignmentView
from rnncourse.lesson_11.nets import stored
from rnncourse.lesson_11.trials import ten_runs
from rnncourse.lesson_11.with_and_without import compute as worth
from rnncourse.lesson_11.with_and_without.explorer import train, with_and_without
from rnncourse.lesson_11.with_and_without.view import WithAndWithoutView
from rnncourse.shared.translators import TASKS
from rnnlib.storage import read_arrays
from tests.course.verdicts import NUMBER, corners_of, opened, parts

START, END = 1, 2
NAMES = {"dates": "dates", "number words": "french"}


def places(explorer: Any) -> list[dict[str, Any]]:
    found = [*corners_of(explorer)]
    return found + [opened(explorer, preset) for preset in explorer.presets.values()]


class ByHand:
    """A stored net as equations in double precision, for one source at a time."""

    def __init__(self, net: str, look: str) -> None:
        params = stored(NAMES[net], look).params
        self.p = {name: np.asarray(a, dtype=np.float64) for name, a in params.items()}
        self.look = look

    def gru(self, half: str, token: int, h: np.ndarray) -> np.ndarray:
        """Return the state after one token."""
        names = ("W_xh", "W_hh", "b_h", "b_hn")
        W_xh, W_hh, b_h, b_hn = (self.p[f"{half}.{name}"] for name in names)
        H = len(h)
        a, back = W_xh[token] + b_h, h @ W_hh
        r = 1 / (1 + np.exp(-(a[:H] + back[:H])))
        z = 1 / (1 + np.exp(-(a[H : 2 * H] + back[H : 2 * H])))
        n = np.tanh(a[2 * H :] + r * (back[2 * H :] + b_hn))
        return (1 - z) * n + z * h

    def score(self, s: np.ndarray, key: np.ndarray) -> float:
        """Return how much a decoder's state asks for an encoder's state."""
        if self.look == "additive":
            W_qa, W_ka, v_a = (
                self.p[f"attention.{n}"] for n in ("W_qa", "W_ka", "v_a")
            )
            return float(np.tanh(s @ W_qa + key @ W_ka) @ v_a)
        return float(s @ key) / (math.sqrt(len(s)) if self.look == "scaled" else 1)

    def looks(
        self, source: list[int], target: list[int], temperature: float
    ) -> tuple[list[list[float]], list[int]]:
        """Return the weights of each output, and the most probable tokens."""
        h, keys = np.zeros(len(self.p["encoder.W_hh"])), []
        for token in source:
            h = self.gru("encoder", token, h)
            keys.append(h)
        weights, said = [], []
        for token in [START, *target[:-1]]:
            h = self.gru("decoder", token, h)
            scores = [self.score(h, key) / temperature for key in keys]
            powers = [math.exp(score - max(scores)) for score in scores]
            row = [power / math.fsum(powers) for power in powers]
            context = sum(w * key for w, key in zip(row, keys, strict=True))
            both = np.concatenate([h, context])
            s = np.tanh(both @ self.p["combine.W_sh"] + self.p["combine.b_h"])
            y = s @ self.p["output.W_hy"] + self.p["output.b_y"]
            weights.append(row)
            said.append(int(y.argmax()))
        return weights, said


@cache
def example(net: str, seed: int) -> tuple[list[int], list[int]]:
    """Return a held-out source and its target."""
    rng = np.random.default_rng(seed)
    pairs = TASKS[NAMES[net]].sample(1, rng=rng, split="held_out")
    return pairs.source[:, 0].tolist(), pairs.target[:, 0].tolist()


LOOK = (
    r"Output (?P<output>\d+), (?P<said>.+): (?P<most>\d+) % of the look goes to "
    r"(?P<token>.+), place (?P<place>\d+) of (?P<S>\d+)\. This look is as wide as "
    rf"(?P<width>{NUMBER}) places\. (?P<right>\d+) of (?P<count>\d+) outputs"
    r"(?P<so_far> so far)? are right\."
)


def called(token: int, symbols: Any) -> str:
    symbol = symbols[token]
    return "END" if token == END else "a space" if symbol == " " else f"“{symbol}”"


@pytest.mark.parametrize("values", places(alignment_map), ids=str)
def test_the_alignment_map_says_what_the_equations_give(values: dict[str, Any]) -> None:
    net, look, output = values["net"], values["look"], values["output"]
    verdict = aligned.compute(**values).verdict
    source, target = example(net, values["example"])
    if output == 0:
        assert verdict == f"{len(source)} places are read. Nothing is written yet."
        return
    weights, said = ByHand(net, look).looks(source, target, values["temperature"])
    task, output = TASKS[NAMES[net]], min(output, len(target))
    row = weights[output - 1]
    seen = parts(LOOK, verdict)
    assert (int(seen["output"]), int(seen["S"])) == (output, len(source))
    assert seen["said"] == called(said[output - 1], task.target_vocabulary.symbols)
    place = int(seen["place"]) - 1
    assert row[place] == pytest.approx(max(row), rel=1e-3)
    assert seen["token"] == called(source[place], task.source_vocabulary.symbols)
    assert abs(int(seen["most"]) - 100 * max(row)) <= 0.51
    entropy = -math.fsum(w * math.log(w) for w in row if w > 0)
    assert float(seen["width"]) == pytest.approx(math.exp(entropy), rel=0.06)
    right = [a == b for a, b in zip(said, target, strict=True)][:output]
    assert (int(seen["right"]), int(seen["count"])) == (sum(right), output)
    assert ("so_far" in seen) == (output < len(target))


def test_the_map_opens_before_its_first_look_and_says_nothing_of_where() -> None:
    values = opened(alignment_map, {})
    data = aligned.compute(**values)
    widget = alignment_map()
    assert data.row is None
    for text in (data.verdict, repr(widget)):
        assert "%" not in text


GAP = (
    r"Length (?P<length>\d+)(?P<beyond>, longer than any word in training)?: without "
    r"attention (?P<without>[^%]+) % of new words come back whole, with it "
    r"(?P<with_it>[^%]+) %\. Attention is ahead in (?P<ahead>\d+) of 10 seeds, behind "
    r"in (?P<behind>\d+); the gap is (?P<gap>−?\d+) points? on average\."
)


def told(shares: list[float]) -> str:
    low, high = (f"{100 * share:.0f}" for share in (min(shares), max(shares)))
    return low if low == high else f"{low} to {high}"


@pytest.mark.parametrize("trained_on", worth.TRAINED)
@pytest.mark.parametrize("length", range(4, 13))
def test_with_and_without_says_what_the_file_holds(
    trained_on: str, length: int
) -> None:
    arrays = read_arrays(ten_runs.place, "ten seeds")[1]
    name = f"reversal, up to {trained_on}"
    without, with_it = (
        [float(row[length - 4]) for row in arrays[f"{name}, {look}"]]
        for look in ("none", "scaled")
    )
    verdict = worth.compute(length=length, trained_on=trained_on).verdict
    seen = parts(GAP, verdict)
    assert int(seen["length"]) == length
    assert ("beyond" in seen) == (length > int(trained_on))
    assert seen["without"] == told(without)
    assert seen["with_it"] == told(with_it)
    pairs = [*zip(without, with_it, strict=True)]
    assert int(seen["ahead"]) == sum(a < b for a, b in pairs)
    assert int(seen["behind"]) == sum(a > b for a, b in pairs)
    gap = 10 * math.fsum(b - a for a, b in pairs)
    assert abs(float(seen["gap"].replace("−", "-")) - gap) <= 0.501


def test_with_and_without_opens_where_they_do_not_part() -> None:
    data = worth.compute(**opened(with_and_without, {}))
    gap = data.here[1] - data.here[0]
    assert abs(gap).max() < 0.05


def test_the_learners_own_two_are_told_while_they_train_and_after() -> None:
    shares = np.linspace(0, 1, 18).reshape(2, 9)
    under_way = worth.Pair("8", None, (0.5, 0.25), 0.3)
    done = worth.Pair("8", shares, (0.1, 0.1), 1.0)
    look: dict[str, Any] = {"length": 5, "trained_on": "8"}
    found = worth.compute(**look, trained=(under_way,)).verdict
    assert found.endswith(" Yours are under way, losses 0.50 and 0.25.")
    found = worth.compute(**look, trained=(under_way, done)).verdict
    assert found.endswith(" Yours: 6 % and 59 %.")
    other = worth.compute(length=5, trained_on="12", trained=(done,)).verdict
    assert "Yours" not in other


def test_a_seed_trains_the_same_two_again_update_by_update() -> None:
    run, again = worth.run("8", 3), worth.run("8", 3)
    records = [next(run) for _ in range(4)]
    assert [next(again).losses for _ in range(4)] == [pair.losses for pair in records]
    assert [len(record.losses) for record in records] == [1, 2, 2, 2]
    assert all(record.exact is None for record in records)
    assert 0 < records[0].progress < records[-1].progress < 0.01


def test_a_click_trains_both_until_it_is_told_to_stop() -> None:
    explorer = with_and_without(length=6)
    assert explorer.live is not None
    explorer.live.start.click()
    explorer.live.stop.click()
    explorer.live.wait()
    begun: Any = explorer.live.records
    assert [record.exact for record in begun] == [None] * len(begun)
    records = train(length=6, trained_on="12")
    assert next(records).trained == "12"


def test_the_stars_are_what_was_trained() -> None:
    shares = np.linspace(0, 1, 18).reshape(2, 9)
    done = worth.Pair("8", shares, (0.1, 0.1), 1.0)
    figure = style.figure(*WithAndWithoutView.size)
    view = WithAndWithoutView(figure)
    view.draw(worth.compute(length=6, trained_on="8", trained=(done,)))
    for stars, row in zip(view.own, shares, strict=True):
        np.testing.assert_allclose(np.asarray(stars.get_ydata()), 100 * row[:3])
    mine = np.asarray(view.mine.get_ydata())
    np.testing.assert_allclose(mine, 100 * shares[:, 2])
    view.draw(worth.compute(length=6, trained_on="8"))
    assert not np.size(view.mine.get_ydata())


def test_the_map_is_the_weights_so_far_and_the_wires_are_the_last_look() -> None:
    figure = style.figure(*AlignmentView.size)
    view = AlignmentView(figure)
    values = opened(alignment_map, {"output": 5})
    data = aligned.compute(**values)
    view.draw(data)
    shown = np.zeros((aligned.MOST, len(data.source)))
    shown[:5] = data.weights[:5]
    level = view.cells.get_cells()[..., 1].astype(int)  # green falls as weights grow
    order = np.argsort(shown, axis=None)
    assert (np.diff(level.ravel()[order]) <= 0).all()
    assert (level[5:] == 255).all()
    np.testing.assert_allclose(view.lines.get_linewidth(), 12 * data.weights[4])
    assert view.said.get_texts()[:6] == (*data.said[:5], "")
    assert view.read.get_texts() == data.source
