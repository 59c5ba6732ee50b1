"""What the lessons say of training holds in as many seeds as they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import nbformat
import numpy as np
import pytest

from rnncourse.catalogue import exercise
from rnncourse.checking.questions import Guess
from rnncourse.checking.reports import PASSED
from rnncourse.lesson_05.trials import ten_runs as of_05
from rnncourse.lesson_06.trials import ten_runs as of_06
from rnncourse.lesson_07.trials import ten_runs as of_07
from rnncourse.lesson_08.trials import ten_runs as of_08
from rnncourse.lesson_09.zoo import ten_runs as of_09
from rnncourse.lesson_10.trials import ten_runs as of_10
from rnncourse.lesson_11.forced import ten_runs as of_11_forced
from rnncourse.lesson_11.trials import ten_runs as of_11
from rnncourse.lesson_12.trials import ten_runs as of_12
from rnncourse.lesson_13.trials import ten_runs as of_13
from rnncourse.shared.translators import stored, task_of
from rnncourse.shared.trials import SEEDS, Trials, about
from rnnlib import LSTMCell, LSTMState, Recurrent, RNNCell, RNNState, init
from rnnlib.diagnostics import state_jacobians, step_jacobians
from rnnlib.tasks import read
from tests.course.told import SOLUTIONS, named, prose

ALL: list[tuple[Trials, str]] = [
    (trials, name)
    for trials in (
        *(of_05, of_06, of_07, of_08, of_09, of_10, of_11, of_11_forced, of_12, of_13),
    )
    for name in trials.experiments
]


@pytest.mark.parametrize(("trials", "name"), ALL, ids=named)
def test_each_experiment_is_stored_for_each_seed(trials: Trials, name: str) -> None:
    assert len(trials(name)) == len(SEEDS) == 10
    assert np.isfinite(trials(name)[..., :3]).all()


@pytest.mark.parametrize(
    ("trials", "name", "seed"),
    [
        (of_05, "tanh, orthogonal, T = 20", 100),
        (of_05, "tanh, identity, T = 60", 104),
        (of_05, "ReLU, identity, T = 60", 101),
        (of_07, "units", 103),
        (of_07, "judge, 150 updates", 101),
        (of_10, "sorting", 100),
        (of_12, "recall, delta", 107),
        (of_12, "parity, T = 20, tanh RNN", 102),
        (of_13, "memories, K = 1", 104),
    ],
    ids=named,
)
def test_a_stored_trial_comes_out_again(trials: Trials, name: str, seed: int) -> None:
    stored = trials(name)[SEEDS.index(seed)]
    assert trials.again(name, seed) == pytest.approx(stored, abs=0.06)


def runs(trials: Trials, name: str, low: float, high: float) -> int:
    """Return how many of the ten lie between two shares, the first number of each."""
    found = trials(name).reshape(len(SEEDS), -1)[:, 0]
    return int(((found >= low) & (found <= high)).sum())


def ratios() -> Any:
    """Return the largest norm of a gradient over the median, in each run."""
    _, largest, median, *_ = of_06("SGD 0.5, not clipped").T
    return largest / median


CHANCE = (0.2, 0.3)
COUNTS: list[tuple[str, str, Callable[[], Any], Any]] = [
    (
        "05",
        "So it went in 9 of the 10 other runs, too",
        partial(runs, of_05, "tanh, orthogonal, T = 60", *CHANCE),
        9,
    ),
    (
        "05",
        "9 of 10 learned, and one was unlucky",
        partial(runs, of_05, "tanh, orthogonal, T = 20", 0.95, 1),
        9,
    ),
    (
        "05",
        "in all ten other runs, too",
        partial(runs, of_05, "ReLU, Gaussian, T = 60", *CHANCE),
        10,
    ),
    (
        "05",
        "in 9 of the 10 other runs it has 100 of 100 right, in one 85",
        partial(runs, of_05, "ReLU, identity, T = 60", 0.995, 1),
        9,
    ),
    (
        "05",
        "8 of the 10 other runs",
        partial(runs, of_05, "tanh, identity, T = 60", *CHANCE),
        8,
    ),
    (
        "06",
        "Without clipping all ten other runs guess.",
        partial(runs, of_06, "SGD 0.5, not clipped", *CHANCE),
        10,
    ),
    (
        "06",
        "With it 6 of the 10 have 100 of 100 right",
        partial(runs, of_06, "SGD 0.5, clipped", 0.995, 1),
        6,
    ),
    (
        "06",
        "the other four have got to 29 to 52",
        lambda: [round(100 * x) for x in sorted(of_06("SGD 0.5, clipped")[:, 0])[:4]],
        [29, 33, 50, 52],
    ),
    (
        "06",
        "none of the ten gets beyond 52",
        lambda: round(100 * of_06("SGD 0.1, not clipped")[:, 0].max()),
        52,
    ),
    (
        "06",
        "with clipping 9 of 10 learn, and one has 52",
        partial(runs, of_06, "SGD 0.1, clipped", 0.99, 1),
        9,
    ),
    (
        "06",
        "Only at a twenty-fifth do runs learn without it, 6 of 10.",
        partial(runs, of_06, "SGD 0.02, not clipped", 0.99, 1),
        6,
    ),
    (
        "06",
        "A limit of 10 cuts only the longest of them, and all ten runs still guess.",
        partial(runs, of_06, "SGD 0.5, cut at 10", 0.2, 0.305),
        10,
    ),
    (
        "06",
        "In nine of the ten runs the largest gradient is 6 to 18 times as long",
        lambda: [*np.sort(ratios())[[0, -2]].round()],
        [6, 18],
    ),
    (
        "06",
        "cut a third of the updates in some runs and three quarters in others",
        lambda: [
            round(bound(of_06("SGD 0.5, clipped")[:, 3]) / 600, 2)
            for bound in (np.min, np.max)
        ],
        [0.34, 0.77],
    ),
    (
        "06",
        "9 of 10 learn, as with the limit of 1, and one guesses.",
        partial(runs, of_06, "SGD 0.1, its own limit", 0.99, 1),
        9,
    ),
    (
        "06",
        "at least three updates in four go as they are",
        lambda: bool(of_06("SGD 0.1, its own limit")[:, 3].max() <= 150),
        True,
    ),
    (
        "07",
        "65 of 100 at most in our ten trainings",
        lambda: int((of_07("judge, 150 updates") < 0.655).sum()),
        10,
    ),
    (
        "07",
        "What it never read surprises it: 96 or more are told apart.",
        lambda: int((of_07("judge, 800 updates") > 0.955).sum()),
        10,
    ),
    (
        "07",
        "In none of ten trainings does it; the best one comes within",
        lambda: int((of_07("tunes, 75 updates") > 3.334).sum()),
        10,
    ),
    (
        "07",
        "Ten networks, trained with ten other seeds, all went in circles.",
        lambda: int((of_07("loop")[:, 1] > 0).sum()),
        10,
    ),
    (
        "08",
        "In ten other races bias −2 and 0 never left guessing.",
        lambda: int((of_08("race")[:, :2] < 0.3).all(axis=1).sum()),
        10,
    ),
    (
        "08",
        "Bias +1 won 6, with 100 of 100 right",
        lambda: int((of_08("race")[:, 2] > 0.995).sum()),
        6,
    ),
    (
        "08",
        "in the other 4 it had got to 37 to 50 of 100",
        lambda: [round(100 * share) for share in sorted(of_08("race")[:, 2])[:4]],
        [37, 43, 47, 50],
    ),
    (
        "08",
        "in 8 of the ten the line at the second mark had doubled before the loss",
        lambda: int((of_08("race")[:, 4] < of_08("race")[:, 3]).sum()),
        8,
    ),
    (
        "08",
        "A plain RNN was no better than guessing in 9 of 10 runs",
        partial(runs, of_05, "tanh, orthogonal, T = 60", *CHANCE),
        9,
    ),
]


@pytest.mark.parametrize(("number", "says", "counted", "count"), COUNTS)
def test_a_lesson_says_in_how_many_of_ten_seeds_it_is_so(
    number: str, says: str, counted: Callable[[], Any], count: int
) -> None:
    assert says in prose(number)
    assert counted() == count


def marked(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return 2000 sequences whose first step has a mark, and the marks."""
    mark = rng.choice([-1.0, 1.0], 2000)
    x = rng.standard_normal((60, 2000, 4))
    x[:, :, 0] = 0
    x[0, :, 0] = mark
    return x, mark


def readable(state: np.ndarray, mark: np.ndarray) -> float:
    """Return how many of 100 marks a weighted sum of the state tells, normal equations.

    The weights are fitted on the first half of the sequences.
    """
    state = np.column_stack([state, np.ones(len(mark))])
    half = len(mark) // 2
    A, b = state[:half], mark[:half]
    weights = np.linalg.solve(A.T @ A + 1e-10 * np.eye(A.shape[1]), A.T @ b)
    return float(100 * ((state[half:] @ weights > 0) == (mark[half:] > 0)).mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_squashing_at_this_loudness_makes_a_plain_rnn_forget_not_how_it_is_built(
    seed: int,
) -> None:
    """Lesson 08, section 1: 10 of 10 seeds; what is not erased may be unreadable."""
    rng = np.random.default_rng(seed)
    x, mark = marked(rng)
    plain = RNNCell(4, 16, rng=rng)
    linear = RNNCell(4, 16, rng=rng, activation="identity").with_params(plain.params)
    quiet = x * [1, 0.1, 0.1, 0.1]
    latches = {
        "W_xh": np.vstack([np.full((1, 16), 3.0), plain.params["W_xh"][1:]]),
        "W_hh": np.diag(np.full(16, 2.0)),
        "b_h": np.zeros(16),
    }
    assert 58 < readable(Recurrent(linear).forward(x)[0][39], mark) < 76
    assert 82 < readable(Recurrent(plain).forward(quiet)[0][39], mark) < 100
    latch = Recurrent(plain.with_params(latches))
    assert readable(latch.forward(x)[0][59], mark) > 99
    usual, open_ = (
        Recurrent(LSTMCell(4, 16, rng=rng, forget_bias=bias)).forward(x)[2]
        for bias in (1.0, 50.0)
    )
    assert 46 < readable(usual.c[39], mark) < 55
    assert open_.f.min() == 1
    assert 60 < readable(open_.c[59], mark) < 98


@pytest.mark.parametrize("seed", SEEDS)
def test_memory_is_what_can_be_read_and_sensitivity_is_not(seed: int) -> None:
    """Lesson 08, section 1: 10 of 10 seeds."""
    rng = np.random.default_rng(seed)
    x, mark = marked(rng)
    plain, _, _ = Recurrent(RNNCell(4, 16, rng=rng)).forward(x)
    assert 47 < readable(plain[19], mark) < 54
    lstm = LSTMCell(4, 16, rng=rng, forget_bias=5.0)
    _, _, run = Recurrent(lstm).forward(x)
    assert 66 < readable(run.c[39], mark) < 89
    tripled = partial(init.orthogonal, gain=3.0)
    wild = Recurrent(RNNCell(4, 16, rng=rng, recurrent_init=tripled))
    changed = x.copy()
    changed[0, :, 0] *= -1
    one, other = (wild.forward(each)[0] for each in (x, changed))
    apart = np.linalg.norm(other - one, axis=-1).mean(axis=1)
    assert 1.6 < apart[39] / apart[0] < 3
    assert 47 < readable(one[39], mark) < 55


def left_of_both(seed: int, amplitude: float) -> tuple[float, float]:
    """Return what is left after 50 of 200 steps: LSTM with bias 0, plain RNN."""
    rng = np.random.default_rng(seed)
    x, u = amplitude * rng.standard_normal((200, 1, 4)), rng.standard_normal((1, 16))
    lstm, plain = (
        Recurrent(cell)
        for cell in (LSTMCell(4, 16, rng=rng, forget_bias=0.0), RNNCell(4, 16, rng=rng))
    )
    found = []
    for layer, state in ((lstm, LSTMState(0 * u, u)), (plain, RNNState(u))):
        _, middle, _ = layer.forward(x[:150])
        h, _, run = layer.forward(x[150:], middle)
        _, d_state, _ = layer.backward(np.zeros_like(h), run, state)
        found.append(float(np.hypot.reduce(d_state[-1][0])))
    return found[0], found[1]


@pytest.mark.parametrize(
    ("amplitude", "fewer"), [(0.3, 20), (1.0, 16), (2.0, 0), (3.0, 0), (5.0, 0)]
)
def test_whether_half_open_gates_forget_faster_depends_on_loudness(
    amplitude: float, fewer: int
) -> None:
    """Lesson 08, section 5: twenty pairs of nets."""
    pairs = [left_of_both(seed, amplitude) for seed in range(100, 120)]
    assert sum(lstm < plain for lstm, plain in pairs) == fewer


@pytest.mark.parametrize("seed", [0, 1])
def test_of_a_date_the_year_alone_goes_through_the_state(seed: int) -> None:
    """Lesson 10, section 8: all years, a month of five, a day of twenty."""
    task, rng = task_of("dates"), np.random.default_rng(seed)
    asked = task.sample(600, rng=rng, split="held_out")
    said = stored("dates").predict(asked.source, asked.source_mask, max_length=12)
    texts = [read(tokens, task.target_vocabulary) for tokens in (said, asked.target)]
    year, month, day = (
        np.mean([one[part] == other[part] for one, other in zip(*texts, strict=True)])
        for part in (slice(4), slice(5, 7), slice(8, 10))
    )
    assert year == 1
    assert 0.16 < month < 0.26
    assert 0.03 < day < 0.07


@pytest.mark.parametrize("seed", SEEDS)
def test_the_detours_are_half_a_step_and_nearly_all_of_many(seed: int) -> None:
    """Lesson 08, section 6: 10 of 10 seeds."""
    rng, H = np.random.default_rng(seed), 16
    cell = LSTMCell(4, H, rng=rng)
    _, _, run = Recurrent(cell).forward(rng.standard_normal((30, 1, 4)))
    J = step_jacobians(cell, run)[:, 0]
    shown = (run.o * (1 - run.tanh_c**2))[:, 0]
    direct, detour = J[10, H:, H:], J[10, H:, :H] * shown[9]
    ratio = np.linalg.norm(detour, 2) / np.linalg.norm(direct, 2)
    assert 0.25 < ratio < 0.75
    products = state_jacobians(J[:, None])[:, 0]
    both = products[5, H:, H:] + products[5, H:, :H] * shown[4]
    gates = run.f[5:, 0].prod(axis=0).max()
    assert np.linalg.norm(both, 2) > 20 * gates


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_weights_explode_or_vanish_by_the_loudness(seed: int) -> None:
    """Lesson 05, section 5: 10 of 10 seeds."""
    rng = np.random.default_rng(seed)
    loud = partial(init.orthogonal, gain=1.5)
    cell = RNNCell(32, 32, rng=rng, recurrent_init=loud)
    x, norms = rng.standard_normal((60, 1, 32)), []
    for amplitude in (0.01, 1.0):
        _, _, cache = Recurrent(cell).forward(amplitude * x)
        total = state_jacobians(step_jacobians(cell, cache))[0, 0]
        norms.append(float(np.linalg.norm(total, 2)))
    assert norms[0] > 1500
    assert norms[1] < 0.002


def test_a_share_is_told_to_the_quarter_on_which_all_processors_agree() -> None:
    assert about(0.2499) == about(0.2501) == "about 25 of 100"


@pytest.mark.parametrize("number", ["05", "06", "08", "10"])
def test_a_gradient_goes_through_the_backward_pass_not_on_its_way_back(
    number: str,
) -> None:
    assert "way back" not in prose(number)


def numbers_above(number: str, call: str) -> list[float]:
    """Return what is printed between the last heading and a question, as numbers."""
    (path,) = SOLUTIONS.glob(f"{number}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    end = next(k for k, cell in enumerate(cells) if cell.source == call)
    heads = [k for k in range(end) if re.search(r"^## ", cells[k].source, re.M)]
    printed = " ".join(
        output.text
        for cell in cells[heads[-1] : end]
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )
    return [float(text) for text in re.findall(r"\d+\.?\d*", printed)]


@pytest.mark.parametrize(
    ("number", "id"), [("05", "05.1"), ("08", "08.3"), ("09", "09.9")]
)
def test_no_cell_above_a_guess_prints_its_answer(number: str, id: str) -> None:
    guess = exercise(id)
    assert isinstance(guess, Guess)
    shown = numbers_above(number, f'quiz("{id}")')
    praised = [value for value in shown if guess.judge(value).state == PASSED]
    assert praised == []
