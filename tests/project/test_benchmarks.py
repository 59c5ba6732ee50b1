"""What the measurements make of their numbers; no test looks at a clock."""

import re
from itertools import pairwise

import numpy as np
import pytest

from benchmarks import course, growth, microscope, scan, steps
from benchmarks._peers import CELLS, Size, ours, parts, student, torch_step
from benchmarks._side_by_side import Mark, Times, interleaved, publish, table
from rnnlib.cells import Cell
from tools.launcher import commands as launcher

TINY = Size(T=2, B=3, V=5, H=4)
ROWS, PARAMS = 2 * 3, {"LSTM": 185, "GRU": 149, "RNN": 65}


def test_the_help_and_the_readme_name_every_measurement():
    known = {path.stem for path in launcher.ROOT.glob("benchmarks/[!_]*.py")}
    readme = (launcher.ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"benchmarks/results/(\w+)\.md", readme)) == known
    named = str(launcher.bench.__doc__).removeprefix("Measure ").rstrip(".")
    assert set(named.split(", ")) == known


def test_a_time_is_the_median_of_its_rounds():
    assert Times({"one": [0.001, 0.009, 0.002]}).ms("one") == 2


def test_a_ratio_is_the_median_of_the_ratios_of_the_rounds():
    """Where a busy moment made a round slow, both of its numbers are."""
    times = Times({"slow": [2.0, 30.0, 6.0], "fast": [1.0, 10.0, 3.0]})
    assert times.ratio("slow", "fast") == 2


@pytest.mark.parametrize(
    ("moment", "warm", "expected"), [(0, True, "aabbaabb"), (1, False, "abab")]
)
def test_the_ways_take_turns(moment, warm, expected, monkeypatch):
    monkeypatch.setattr("benchmarks._side_by_side.MOMENT", moment)
    called = []
    ways = {name: lambda name=name: called.append(name) for name in "ab"}
    times = interleaved(ways, rounds=2, warm=warm)
    assert "".join(called) == expected
    assert [len(times.seconds[name]) for name in "ab"] == [2, 2]


def test_a_table_shows_three_digits():
    rows = [["LSTM", 0.012345], ["GRU", 9.876], ["RNN", 1234.5], ["all", 7]]
    assert table(["cell", "ms"], rows)[2:] == [
        "| LSTM | 0.0123 |",
        "| GRU | 9.88 |",
        "| RNN | 1234 |",
        "| all | 7 |",
    ]


def test_a_report_is_printed_and_stored_and_says_whether_all_is_met(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("benchmarks._side_by_side.RESULTS", tmp_path / "results")
    met, missed = Mark("one", "2 ms", met=True), Mark("two", "3 ms", met=False)
    assert publish("some", ["| a |"], [met]) == 0
    assert publish("some", ["| b |"], [met, missed]) == 1
    stored = (tmp_path / "results" / "some.md").read_text(encoding="utf-8")
    assert stored.startswith(
        "| b |\n\n* one: 2 ms, met\n* two: 3 ms, NOT MET\n\nProcessor: "
    )
    assert capsys.readouterr().out.endswith(stored + "\n")


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_the_exponent_is_that_of_a_power_law(power):
    sizes = [16, 32, 64, 128]
    values = [3 * size**power for size in sizes]
    assert growth.exponent(sizes, values) == pytest.approx(power, abs=1e-12)


def test_the_exponent_is_the_slope_of_the_least_squares_line():
    """By hand: halves and doubles around a line of slope 1, at log2 sizes 0 1 2 3."""
    values = [1, 2 * 2, 4 * 2, 8]
    assert growth.exponent([1, 2, 4, 8], values) == pytest.approx(1)
    assert growth.exponent([1, 2, 4, 8], [1, 2, 4, 16]) == pytest.approx(1.3)


@pytest.mark.parametrize(
    ("kind", "of_a_row", "at_the_start"), [("LSTM", 7, 2), ("GRU", 5, 1), ("RNN", 1, 1)]
)
def test_what_is_kept_is_what_a_hand_count_gives(kind, of_a_row, at_the_start):
    floats = of_a_row * 4 * ROWS + at_the_start * 4 * 3
    assert growth.kept_bytes(kind, TINY) == 4 * floats + 8 * ROWS


@pytest.mark.parametrize(("kind", "gates"), [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
def test_what_is_needed_is_what_a_hand_count_gives(kind, gates):
    scores, h, a = 5 * ROWS, 4 * ROWS, gates * 4 * ROWS
    gradients = 4 * (scores + h + a + PARAMS[kind])
    kept = growth.kept_bytes(kind, TINY)
    assert growth.needed_bytes(kind, TINY) == kept + gradients


@pytest.mark.parametrize("kind", CELLS)
def test_what_counts_as_kept_is_in_the_cache(kind):
    cell: type[Cell] = CELLS[kind]
    for name in growth.KEPT[kind].split():
        assert hasattr(cell.Cache, name)
    assert growth.STARTS[kind].split() == list(cell.State._fields)


def test_memory_that_several_views_share_is_counted_once():
    whole = np.zeros((4, 3, 2))
    cache = (None, False, whole[0], whole[1:].reshape(-1), np.zeros(5, np.float32))
    assert growth.held_bytes(cache) == 8 * 24 + 4 * 5


def test_the_peak_is_what_is_there_at_once():
    def one_after_the_other():
        for _ in range(3):
            np.zeros(100_000)

    def together():
        return np.zeros(100_000), np.zeros(50_000)

    kept = []
    assert 800_000 <= growth.peak_bytes(one_after_the_other) < 810_000
    assert 1_200_000 <= growth.peak_bytes(together) < 1_210_000
    assert 2_400_000 <= growth.peak_bytes(lambda: kept.append(together())) < 2_410_000


def rows_of_growth(power, share):
    """Return made-up rows: time grows with a power, memory is a share of the needed."""
    return [
        growth.Row(
            kind,
            axis,
            Times({str(s): [getattr(s, axis) ** power] for s in growth.sizes(axis)}),
            [round(share * growth.needed_bytes(kind, s)) for s in growth.sizes(axis)],
        )
        for kind in CELLS
        for axis in "TBH"
    ]


@pytest.mark.parametrize("axis", "TBH")
def test_one_size_doubles_and_the_others_stay(axis):
    sizes = growth.sizes(axis)
    for other in set("TBVH") - {axis}:
        assert len({getattr(size, other) for size in sizes}) == 1
    steps = [getattr(size, axis) for size in sizes]
    assert all(later == 2 * earlier for earlier, later in pairwise(steps))
    assert growth.MIDDLE in sizes


def test_the_marks_of_growth_name_the_row_that_is_furthest():
    rows = rows_of_growth(1, 1.0)
    rows[3] = growth.Row("GRU", "T", rows[3].times, [2 * p for p in rows[3].peaks])
    time, memory = growth.marks(rows)
    assert (time.met, time.found) == (True, "1.00 (RNN, T)")
    assert (memory.met, memory.found) == (False, "2.00 (GRU, T)")


def test_a_report_of_growth_has_a_line_for_every_cell_and_size():
    lines = growth.report(rows_of_growth(1, 1.5))
    for kind in CELLS:
        for axis in "TBH":
            assert sum(line.startswith(f"| {kind} | {axis} |") for line in lines) == 3
    assert sum("| 1.50 | 1.50 | 1.50 | 1.50 | 1.50 |" in line for line in lines) == 9


def test_a_time_stands_beside_how_far_it_is_above_the_floor():
    times = Times({"floor": [0.25, 0.25], "lesson": [1.0, 2.0]})
    assert list(course.above(times, "floor", 1)) == [
        ["floor", 0.25, ""],
        ["lesson", 1.5, 1.25],
    ]


def test_the_first_explorer_is_compared_round_by_round_with_plain_jupyterlab():
    times = Times({course.OURS: [6.0, 12.0, 5.0], course.PLAIN: [5.0, 10.0, 5.0]})
    assert str(course.beside_plain(times)).endswith("1.20, met")
    times = Times({course.OURS: [6.0, 14.0, 7.0], course.PLAIN: [5.0, 10.0, 5.0]})
    assert str(course.beside_plain(times)).endswith("1.40, NOT MET")


def test_a_time_beside_others_is_told_over_what_its_share_explains(monkeypatch):
    monkeypatch.setattr(course.os, "cpu_count", lambda: 2)
    times = Times({course.ALONE_HERE: [1.5], "beside 6": [6.3]})
    assert list(course.over_its_share(times)) == [
        [course.ALONE_HERE, 1.5, 1.0],
        ["beside 6", 6.3, pytest.approx(6.3 / (1.5 * 7 / 2))],
    ]


def made_up(kind, size, ours, torch, loop, products):
    """Return a row of the steps, all rounds of which took the same seconds."""
    each = [ours, torch, 2 * torch, loop, products]
    names = [steps.OURS, steps.ONE_HOT, steps.LOOK_UP, steps.LOOP, steps.BARE]
    times = Times(
        {name: [second] * 3 for name, second in zip(names, each, strict=True)}
    )
    return steps.Row(kind, size, 1, times)


def test_a_mark_of_the_steps_is_that_of_the_row_furthest_from_it():
    rows = [
        made_up("RNN", Size(25, 1, 65, 100), 1.0, 2.0, 4.0, 0.2),
        made_up("LSTM", Size(25, 1, 65, 100), 1.0, 1.2, 5.0, 0.2),
        made_up("RNN", Size(32, 32, 27, 64), 1.0, 0.8, 2.0, 0.4),
        made_up("GRU", Size(64, 32, 65, 128), 1.0, 0.6, 1.5, 0.7),
        made_up("LSTM", Size(100, 50, 65, 128), 1.0, 0.9, 1.1, 0.4),
    ]
    found = [(mark.found, mark.met) for mark in steps.marks(rows)]
    assert found == [
        ("0.60 (GRU at 64, 32, 65, 128)", False),
        ("4.00 (RNN at 25, 1, 65, 100)", True),
        ("1.10 (LSTM at 100, 50, 65, 128)", False),
        ("2.50 (LSTM at 100, 50, 65, 128)", False),
        ("2.50 (RNN at 32, 32, 27, 64)", True),
    ]


def test_the_limit_of_a_slower_step_is_told_by_its_products():
    faster = made_up("RNN", Size(25, 1, 65, 100), 1.0, 2.0, 4.0, 0.2)
    slower = made_up("GRU", Size(64, 32, 65, 128), 1.0, 0.6, 1.5, 0.54)
    assert steps.limits([faster, slower])[2:] == [
        "| GRU at 64, 32, 65, 128 | 0.600 | 0.900 |"
    ]
    assert steps.limits([faster]) == ["It is faster nowhere in this table."]


@pytest.mark.parametrize("kind", CELLS)
def test_the_parts_of_a_step_do_its_work(kind):
    found = {name: part() for name, part in parts(kind, TINY).items()}
    assert float(found["loss"][0]) == ours(kind, TINY)()
    assert found["recurrence, back"][2].keys() | found["scores, back"][1].keys() == {
        name.split(".")[1] for name in found["clip"][0]
    }


@pytest.mark.parametrize("kind", CELLS)
def test_all_that_is_timed_beside_each_other_trains_alike(torch, kind):
    """PyTorch splits the bias of the input in two, which Adam moves apart."""
    size = Size(T=5, B=3, V=7, H=4)
    steps = {
        "ours": ours(kind, size),
        "loop": student(kind, size),
        "one-hot": torch_step(kind, size, embedding=False),
        "look-up": torch_step(kind, size, embedding=True),
    }
    first, second = ({name: step() for name, step in steps.items()} for _ in range(2))
    assert_all_close(first, 1e-6)
    assert first["ours"] == pytest.approx(np.log(size.V), rel=0.3)
    assert second["loop"] == pytest.approx(second["ours"], rel=1e-6)
    assert all(second[name] < first[name] for name in steps)


def assert_all_close(found, rel):
    for name, value in found.items():
        assert value == pytest.approx(found["ours"], rel=rel), name


def test_the_benchmark_times_equal_work(torch):
    looks = microscope.looks(torch)
    assert list(looks) == ["norms", "spectra"]
    for ways in looks.values():
        assert len(ways) == 3
        microscope.same_values(ways)


def test_the_ways_to_a_linear_recurrence_agree_and_the_marks_are_of_one_size():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.5, 1, (20, 3)), rng.standard_normal((20, 3))
    given = [torch.from_numpy(each) for each in (a, b, b[0].copy())]
    expected = scan.recurrence(a, b, b[0])
    for way in (scan.torch_loop, scan.shortcut):
        np.testing.assert_allclose(way(torch, *given), expected, atol=1e-12)

    def row(size, loop, apart):
        times = Times({scan.LOOP: [loop], scan.SCAN: [1.0]})
        return scan.Row(size, times, apart, apart)

    rows = [row(scan.ASKED_AT, 5.5, 1e-13), row((1024, 1024), 0.5, 1e-11)]
    speed, equal = scan.marks(rows)
    assert (speed.met, speed.found) == (True, "5.50")
    assert (equal.met, equal.found) == (False, "1.0e-11")
    assert [mark.met for mark in scan.marks([row(scan.ASKED_AT, 4.9, 0.0)])] == [
        False,
        True,
    ]
