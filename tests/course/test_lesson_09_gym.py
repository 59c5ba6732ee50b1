"""The memory gym: its scores, its grid, how it is made, and how it is read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_09.explorers import fairness, gym, which_gate
from rnncourse.lesson_09.figures.seeds import LOOKS
from rnncourse.lesson_09.gym import grid
from rnncourse.lesson_09.gym.cells import (
    CELLS,
    EVERY_CELL,
    IN_THE_GYM,
    LATER,
    VARIANTS,
    WITH_ONE,
    parameters,
)
from rnncourse.lesson_09.gym.grid import (
    BLOCKS,
    FAIR,
    FAIR_TASKS,
    GATE_TASKS,
    GRID,
    HIDDEN,
    SEEDS,
    SETTINGS,
    STORED,
    UPDATES,
    Entry,
    fair,
    measure,
    read_results,
    run,
    trained,
)
from rnncourse.lesson_09.gym.tasks import LENGTHS, TASKS
from rnncourse.lesson_09.table import counted, duel, sign_test
from rnncourse.lesson_09.which_gate.explorer import train as train_variant
from rnnlib.storage import read_arrays
from rnnlib.tasks import BracketLanguage

TINY = [
    Entry("adding", 10, "RNN", hidden=4, updates=20),
    Entry("a^n b^n", 10, "no output tanh", hidden=3, updates=23),
    Entry("flip-flop", 10, "GRU", hidden=4, updates=20),
]


class Oracle:
    """A model that knows the answers of one batch, or says the same to everything."""

    def __init__(self, batch: Any, *, same: Any = None) -> None:
        self.batch, self.same = batch, same

    def predict(self, x: Any, mask: Any = None) -> Any:
        targets = self.batch.targets
        return targets if self.same is None else np.full_like(targets, self.same)

    def loss(self, batch: Any, *, gradients: bool) -> Any:
        """Return the mean square; of brackets the cross-entropy, in nats."""
        assert not gradients
        if self.batch.inputs.dtype.kind == "f":
            said = self.predict(batch.inputs)
            return SimpleNamespace(value=((said - batch.targets) ** 2).mean())
        share = np.bincount(batch.targets.ravel()) / batch.targets.size
        p = np.broadcast_to(share, (*batch.targets.shape, len(share)))
        if self.same is None:
            p = BracketLanguage(len(batch.inputs)).probabilities(batch.inputs)
        right = np.take_along_axis(p, batch.targets[..., None], axis=-1)
        return SimpleNamespace(value=-np.log(right).mean())


def asked(task: str, steps: int, seed: int) -> Any:
    """Return the sequences that a score with this seed asks for."""
    rng = np.random.default_rng(seed)
    return TASKS[task].make(steps).sample(1000, rng=rng, split="held_out")


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("task", TASKS)
def test_who_knows_all_is_at_the_ceiling_and_who_says_the_same_at_chance(
    task: str, steps: int
) -> None:
    rng = np.random.default_rng
    knows = Oracle(asked(task, steps, 1))
    near = 0.06 if task == "brackets" else 1e-12
    assert TASKS[task].score(steps, knows, rng=rng(1)) == pytest.approx(1, abs=near)
    same = Oracle(asked(task, steps, 2), same=1)
    assert TASKS[task].score(steps, same, rng=rng(2)) == pytest.approx(0, abs=0.12)


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_as_many_steps_as_its_dial_says(task: str, steps: int) -> None:
    batch = TASKS[task].make(steps).sample(64, rng=np.random.default_rng(3))
    assert abs(len(batch.inputs) - steps) <= (1 if task == "a^n b^n" else 0)
    model = TASKS[task].model(
        CELLS["GRU"](TASKS[task].inputs, 3, rng=np.random.default_rng(4), dtype="f4"),
        rng=np.random.default_rng(5),
    )
    assert np.isfinite(model.loss(batch).value)


def test_the_score_is_the_share_of_the_way_in_whatever_is_measured() -> None:
    assert TASKS["adding"].share(30, 1 / 24) == pytest.approx(0.75)
    assert TASKS["temporal order"].share(30, 0.625) == pytest.approx(0.5)
    assert TASKS["copy"].share(30, 0.125) == 0
    assert TASKS["parity, at the end"].share(30, 0.45) == pytest.approx(-0.1)
    assert TASKS["a^n b^n"].share(30, 0.3) == pytest.approx(0.3)
    brackets = BracketLanguage(30)
    halfway = (brackets.chance + brackets.entropy) / 2
    assert TASKS["brackets"].share(30, halfway) == pytest.approx(0.5)


# what is compared


def test_every_cell_is_trained_on_every_task_at_every_length() -> None:
    for task, steps, cell in product(TASKS, LENGTHS, IN_THE_GYM):
        assert GRID[f"{task}, T = {steps}, {cell}"] == Entry(task, steps, cell)
    for task, cell in product(TASKS, LATER):
        assert Entry(task, 60, cell).name in GRID
    for cell in WITH_ONE:
        assert Entry("flip-flop", 60, cell).name in GRID
    for (task, steps), cell in product(GATE_TASKS, VARIANTS):
        assert Entry(task, steps, cell).name in GRID
    for (task, steps), cell, how in product(FAIR_TASKS, CELLS, FAIR):
        assert fair(task, steps, cell, how).name in GRID
    assert len({entry.name for entry in GRID.values()}) == len(GRID)


def test_every_cell_has_a_look() -> None:
    assert [*LOOKS] == [*IN_THE_GYM]


@pytest.mark.parametrize(("task", "steps"), FAIR_TASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_what_is_fair_is_equal(task: str, steps: int, cell: str) -> None:
    units, same, seconds = (fair(task, steps, cell, how) for how in FAIR)
    assert (units.hidden, units.updates) == (HIDDEN, UPDATES)
    D = TASKS[task].inputs
    allowed = parameters("LSTM", D, HIDDEN)
    assert parameters(cell, D, same.hidden) <= allowed
    assert parameters(cell, D, same.hidden + 1) > allowed
    assert same.updates == UPDATES
    assert seconds.hidden == HIDDEN
    assert (seconds.updates > UPDATES) == (cell in ("RNN", "identity ReLU"))


@pytest.mark.parametrize("cell", EVERY_CELL)
def test_all_cells_read_the_same_sequences_with_a_seed(
    cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[Any] = []

    def spy(model: Any, task: Any, updates: int, *, rng: Any, **_: Any) -> Any:
        states.append(rng.bit_generator.state["state"])
        return iter(())

    monkeypatch.setattr(grid.recipe, "training", spy)
    for name in (cell, "RNN"):
        [*run(Entry("temporal order", 10, name), np.random.default_rng(7))]
    assert states[0] == states[1]


# how it is made

FEW = (7, 8)


@pytest.fixture
def few_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "SEEDS", FEW)


def rows(results: grid.Results) -> dict[str, list[Any]]:
    """Return scores and curves, without the seconds, which are never the same."""
    return {name: np.delete(a, 1, axis=1).tolist() for name, a in results.items()}


@pytest.mark.usefixtures("few_seeds")
def test_an_interrupted_grid_goes_on_and_comes_out_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = tmp_path / "whole.npz", tmp_path / "broken.npz"
    measure(TINY, whole)
    made: list[tuple[str, int]] = []

    def four(entry: Entry, seed: int) -> Any:
        if len(made) == 4:
            raise KeyboardInterrupt
        made.append((entry.name, seed))
        return trained(entry, seed)

    monkeypatch.setattr(grid, "trained", four)
    with pytest.raises(KeyboardInterrupt):
        measure(TINY, broken)
    assert not broken.exists()  # only a whole grid takes the place
    names = [entry.name for entry in TINY]
    assert made == [*((name, FEW[0]) for name in names), (names[0], FEW[1])]

    again: list[tuple[str, int]] = []

    def watched(entry: Entry, seed: int) -> Any:
        again.append((entry.name, seed))
        return trained(entry, seed)

    monkeypatch.setattr(grid, "trained", watched)
    measure(TINY, broken)
    assert len(made) + len(again) == len(TINY) * len(FEW)
    assert not set(made) & set(again)
    assert rows(read_results(broken)) == rows(read_results(whole))
    assert {path.name for path in tmp_path.iterdir()} == {"whole.npz", "broken.npz"}


@pytest.mark.usefixtures("few_seeds")
def test_what_other_settings_have_left_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "grid.npz"
    measure(TINY[:1], place)
    assert [*read_results(place)] == [TINY[0].name]
    monkeypatch.setitem(SETTINGS, "batch", 64)
    assert read_results(place) == {}


@pytest.mark.usefixtures("few_seeds")
def test_some_entries_are_made_anew_and_the_others_stay(tmp_path: Path) -> None:
    place = tmp_path / "grid.npz"
    measure(TINY[:2], place)
    before = read_results(place)
    measure(TINY[1:], place)
    after = read_results(place)
    assert set(after) == {entry.name for entry in TINY}
    np.testing.assert_array_equal(after[TINY[0].name], before[TINY[0].name])


def test_a_curve_is_the_mean_of_each_block_of_losses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losses = np.random.default_rng(8).random(750)

    def training(*args: Any, **options: Any) -> Iterator[float]:
        yield from losses

    monkeypatch.setattr(grid.recipe, "training", training)
    entry = Entry("adding", 10, "RNN", hidden=2, updates=750)
    records = [*run(entry, np.random.default_rng(9))]
    assert len(records) == 751
    assert [record.score is None for record in records] == [True] * 750 + [False]
    assert records[-1].progress == 1
    ends = [37, 75, 112, 150]
    begin = 0
    for end, mean in zip(ends, records[-1].losses, strict=False):
        assert mean == pytest.approx(losses[begin:end].mean())
        begin = end
    assert len(records[-1].losses) == BLOCKS
    assert len(records[111].losses) == 3


def test_the_stored_grid_is_whole_small_and_says_how_it_was_made() -> None:
    header, results = read_arrays(STORED, "memory gym")
    assert header["settings"] == SETTINGS
    assert set(header["versions"]) == {"rnnlib", "numpy", "Python"}
    assert STORED.stat().st_size < 250_000
    assert set(results) == set(GRID)
    for array in results.values():
        assert array.shape == (len(SEEDS), 2 + BLOCKS)
        assert np.isfinite(array).all()
        assert array[:, 0].max() < 1.03
        assert array[:, 1].min() > 0


@pytest.mark.parametrize(
    ("task", "cell", "seed"),
    [
        ("temporal order", "LSTM", 101),
        ("parity, each step", "RNN", 100),
        ("flip-flop", "GRU", 101),
        ("copy", "RNN", 100),
        ("adding", "identity ReLU", 101),
    ],
)
def test_a_point_of_the_grid_comes_out_again(task: str, cell: str, seed: int) -> None:
    entry = Entry(task, 10, cell)
    k = SEEDS.index(seed)
    stored = grid.stored()[entry.name][k]
    assert trained(entry, seed)[0] == pytest.approx(stored[0], abs=0.06)


# what is shown


def said(explorer: Any) -> str:
    """Return the verdict line as plain text."""
    return html.unescape(re.sub("<[^>]*>", "", explorer.verdict.value))


def test_a_click_trains_a_point_of_the_gym_and_reset_takes_it_away() -> None:
    explorer = gym(task="temporal order", cell="RNN", steps=10)
    opening = bytes(explorer.image.value), said(explorer)
    assert explorer.live is not None
    explorer.live.start.click()
    explorer.live.wait()
    assert re.search(r"Yours is at (9\d|100) %", said(explorer))
    record: Any = explorer.live.records[0]
    view: Any = explorer.view
    assert view.own.get_ydata() == pytest.approx([100 * record.score])
    np.testing.assert_allclose(view.losses.own.get_ydata(), record.losses, rtol=1e-6)
    explorer.reset.click()
    assert (bytes(explorer.image.value), said(explorer)) == opening


def test_a_variant_is_trained_until_it_is_told_to_stop() -> None:
    explorer = which_gate(task="flip-flop", variant="no forget gate")
    assert explorer.live is not None
    explorer.live.start.click()
    explorer.live.stop.click()
    explorer.live.wait()
    begun: Any = explorer.live.records
    assert [record.score for record in begun] == [None] * len(begun)
    records = train_variant(task="flip-flop", variant="no forget gate")
    first = next(records)
    assert first.entry == Entry("flip-flop", 60, "no forget gate")
    assert first.progress == pytest.approx(0.99 / UPDATES)


def test_the_dots_of_the_gym_are_the_scores() -> None:
    explorer = gym(task="flip-flop", cell="GRU", steps=30)
    view: Any = explorer.view
    cells = len(IN_THE_GYM)
    for k, cell in enumerate(IN_THE_GYM):
        dots = view.seeds[cell].dots.get_xydata().reshape(len(LENGTHS), len(SEEDS), 2)
        for column, steps in enumerate(LENGTHS):
            found = 100 * grid.scores(Entry("flip-flop", steps, cell))
            shown = np.maximum(found, -27)
            np.testing.assert_allclose(dots[column, :, 1], shown, rtol=1e-6)
            middle = column + 0.8 / cells * (k - (cells - 1) / 2)
            assert abs(dots[column, :, 0].mean() - middle) < 1e-12
            line = view.seeds[cell].ranges.get_segments()[column]
            np.testing.assert_allclose(line[:, 1], [shown.min(), shown.max()])
    curves = grid.curves(Entry("flip-flop", 30, "GRU"))
    for line, curve in zip(view.losses.stored, curves, strict=True):
        np.testing.assert_allclose(line.get_ydata(), np.clip(curve, 1e-6, 100))


def test_the_dots_of_the_variants_are_the_scores_and_the_band_the_whole_lstm() -> None:
    explorer = which_gate(task="a^n b^n", variant="coupled")
    view: Any = explorer.view
    dots = view.here.dots.get_xydata()
    found = 100 * grid.scores(Entry("a^n b^n", 30, "coupled"))
    np.testing.assert_allclose(dots[:, 0], np.maximum(found, -27), rtol=1e-6)
    assert dots[:, 1].mean() == pytest.approx(5)
    assert len(view.others.dots.get_xdata()) == 6 * len(SEEDS)
    whole = np.maximum(100 * grid.scores(Entry("a^n b^n", 30, "LSTM")), -27)
    band = view.whole.get_xy()[:, 0]
    assert (band.min(), band.max()) == pytest.approx((whole.min(), whole.max()))


def test_the_bars_of_fairness_are_what_each_cell_is_given() -> None:
    explorer = fairness(task="echo", how="same parameters")
    view: Any = explorer.view
    seconds = [np.median(grid.seconds(e)) for e in data_of(explorer).entries]
    for k, (cell, units, size) in enumerate(
        [
            ("RNN", 65, 65 * 68),
            ("identity ReLU", 65, 65 * 68),
            ("LSTM", 32, 4 * 32 * 35),
            ("GRU", 37, 3 * 37 * 40 + 37),
        ]
    ):
        heights = [bar.get_height() for bar in view.bars[cell]]
        given = [units / 32, size / (4 * 32 * 35), seconds[k] / seconds[2]]
        assert heights == pytest.approx(given)
        dots = view.seeds[cell].dots.get_xydata()
        entry = fair("echo", 60, cell, "same parameters")
        shown = np.maximum(100 * grid.scores(entry), -27)
        np.testing.assert_allclose(dots[:, 0], shown, rtol=1e-6)


def data_of(explorer: Any) -> Any:
    """Return what an explorer shows."""
    return explorer.data(**explorer.values)


# how it is read


@pytest.mark.parametrize("rounds", range(9))
def test_the_sign_test_counts_all_sequences_of_heads_and_tails(rounds: int) -> None:
    for wins in range(rounds + 1):
        distance = abs(2 * wins - rounds)
        heads = [sum(tosses) for tosses in product((0, 1), repeat=rounds)]
        found = np.mean([abs(2 * n - rounds) >= distance for n in heads])
        assert sign_test(wins, rounds) == pytest.approx(found)


def test_five_seeds_alone_never_reach_one_in_twenty() -> None:
    assert min(sign_test(wins, 5) for wins in range(6)) == 0.0625
    assert sign_test(6, 6) < 0.05


def test_a_duel_goes_seed_by_seed() -> None:
    rng = np.random.default_rng(10)
    for _ in range(50):
        one, other = rng.integers(0, 4, size=(2, 5)) / 4
        found = duel(one, other)
        pairs = list(zip(one, other, strict=True))
        assert found.wins == sum(a > b for a, b in pairs)
        assert found.losses == sum(a < b for a, b in pairs)
        assert found.wins + found.losses + found.ties == 5
        overlap = max(one.min(), other.min()) <= min(one.max(), other.max())
        assert found.apart == (not overlap)
        assert found.p == sign_test(found.wins, 5 - found.ties)
        coarse = duel(one, other, within=0.3)
        assert coarse.wins == sum(a - b > 0.3 for a, b in pairs)
        assert coarse.losses == sum(b - a > 0.3 for a, b in pairs)
        gap = max(one.min() - other.max(), other.min() - one.max())
        assert coarse.apart == (gap > 0.3)
        assert counted(one, 0.25) == f"{sum(a > 0.25 for a in one)} of 5"
