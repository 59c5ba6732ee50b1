"""What the measurements make of their numbers; no test looks at a clock."""

import pytest

from benchmarks import course
from benchmarks._side_by_side import Mark, Times, interleaved, publish, table


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


def test_a_time_stands_beside_how_far_it_is_above_the_floor():
    times = Times({"floor": [0.25, 0.25], "lesson": [1.0, 2.0]})
    assert list(course.above(times, "floor", 1)) == [
        ["floor", 0.25, ""],
        ["lesson", 1.5, 1.25],
    ]
