"""Every card is decided by a cell of its lesson, and decided as the card says.

What a cell has printed is what a fresh run prints (`project/test_notebooks`). Here the
claim of the card is read off it, in numbers; where the cell is an explorer, off what
the explorer computes. So a card that says the wrong thing of its own cell fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import nbformat
import numpy as np
import pytest

from rnncourse.exam.draw import pool
from rnncourse.lesson_09.gru_desk.compute import compute as gru_desk
from rnncourse.lesson_12.three_ways.compute import compute as three_ways
from rnnlib import GRUCell, LSTMCell, Recurrent, Seq2Seq, sigmoid, softmax
from rnnlib.scan import recurrence
from tools.notebooks import SOURCES, said

Decide = Callable[[str], object]
SCORES = np.array([1.0, 2.2, -3.0, 4.1])
LSTM_OF_FIVE = 4 * (5 * 5 + 5 * 5 + 5 + 5)  # D = H = 5, two biases
NUMBER = r"-?\d[\d,]*\.?\d*(?:e[+-]?\d+)?"


def numbers(text: str) -> list[float]:
    """Return the numbers of a text, in their order.

    >>> numbers("T = 100: 65,819 of 3.7e+10, [1. 0.5]")
    [100.0, 65819.0, 37000000000.0, 1.0, 0.5]
    """
    found = re.findall(NUMBER, text)
    return [float(number.replace(",", "").rstrip(".")) for number in found]


def line(text: str, start: str) -> list[float]:
    """Return the numbers of the line that begins so, behind that."""
    (rest,) = re.findall(rf"^{re.escape(start)}(.*)$", text, re.MULTILINE)
    return numbers(rest)


def of_line(text: str, part: int) -> list[float]:
    """Return the numbers of one of the lines."""
    return numbers(text.strip().splitlines()[part])


def e_goes_on(text: str) -> bool:
    rows = [numbers(row) for row in text.strip().splitlines()]
    losses = [row[-1] for row in rows if np.argmax(row[1:5]) == 1]
    return len(losses) > 1 and all(after < before for before, after in pairwise(losses))


def of_directions(text: str) -> bool:
    """Whether the gradient of word 3 goes right where the net reads from the right."""
    return of_line(text, 0) == [1, 2, 3] and of_line(text, 1) == [3, 4, 5, 6]


def reads_on(text: str) -> bool:
    """Whether the pieces are different texts, rather than one text that goes on."""
    rows = re.findall(r"'(\w+)', '(\w+)'", text)
    return "".join(first for first, _ in rows) not in "abcdefghijklmnopqrs"


def gates(text: str) -> int:
    """Return how many of the four parts of an LSTM are between 0 and 1."""
    return sum(line(text, f"{gate}:")[0] >= 0 for gate in "ifog")


def erases_none() -> bool:
    """Whether all of the old cell state is in the new one where f is 1."""
    rng = np.random.default_rng(23)
    cell = LSTMCell(3, 4, rng=rng, forget_bias=50.0)
    state = cell.State(*rng.standard_normal((2, 2, 4)))
    new, run = cell.forward(rng.standard_normal((2, 3)), state)
    return np.allclose(new.c - run.i * run.g, state.c)


def multiplied(_: str) -> bool:
    """Whether the four functions are not applied to W (h, x) + b."""
    rng = np.random.default_rng(25)
    cell, x = LSTMCell(3, 4, rng=rng), rng.standard_normal((2, 3))
    state = cell.State(*rng.standard_normal((2, 2, 4)))
    _, run = cell.forward(x, state)
    W_xh, W_hh, b_h = cell.params.values()
    a = np.split(x @ W_xh + state.h @ W_hh + b_h, 4, axis=1)
    by_hand = [*map(sigmoid, a[:3]), np.tanh(a[3])]
    return not np.allclose([run.i, run.f, run.o, run.g], by_hand)


def handed_over_at_every_step(_: str) -> bool:
    """Whether a decoder gets more from a longer source."""
    rng = np.random.default_rng(10)
    net = Seq2Seq(*(Recurrent(GRUCell(5, 4, rng=rng)) for _ in range(2)), rng=rng)
    states = [net.start(np.ones((T, 1), dtype=int)) for T in (1, 2, 7)]
    return len({state.recurrent.h.size for state in states}) > 1


def coupled(_: str) -> bool:
    """Whether a GRU steps as an LSTM with i = 1 - f, all shown, but for its tanh."""
    for z, r, h_prev, a_n in ((0.7, 0.5, 0.8, -0.7), (0.2, 1.0, -0.4, 0.3)):
        desk = gru_desk(z=z, r=r, h_prev=h_prev, a_n=a_n)
        if not np.isclose(desk.h, z * h_prev + (1 - z) * desk.n):
            return False
    return True


def scan_wins_everywhere(_: str) -> bool:
    loop, scan, _matrix = three_ways(steps=1024, width=1024).here
    return bool(scan < loop)


def shifted(text: str) -> bool:
    """Whether what comes back is a recurrence with the factors 4, 3 and 2."""
    a, dh = np.array([[1.0], [4.0], [3.0], [2.0]]), np.array([[1.0], [0], [0], [0]])
    return bool((recurrence(a, dh)[::-1, 0] == numbers(text)).all())


PROOFS: dict[str, tuple[str, Decide]] = {  # by card: cell, and whether the claim holds
    "A22": ("s4-card-run", lambda s: max(numbers(s)[2::4]) <= numbers(s)[3]),
    "A15": ("a15-run", lambda s: of_line(s, 0) == of_line(s, 1)),
    "B12": ("b12-run", lambda s: of_line(s, 0)[1:] == of_line(s, 1)[1:]),
    "B13": ("s5-descent", e_goes_on),
    "F01": (
        "s3-shift",
        lambda s: np.allclose(numbers(s), softmax(SCORES), atol=5e-4),
    ),
    "B1": ("b1-run", lambda s: "same as before? False" in s),
    "B2": ("b2-run", lambda s: len(line(s, "out of the network:")) == 4),
    "A5": ("s5-sentences", lambda s: of_line(s, 0) == [1]),
    "A6": ("a6-run", lambda s: len(numbers(s.split(":")[1])) < 5),
    "A18": ("s3-two-ways", lambda s: "True" not in s),
    "A19": ("a19-run", lambda s: numbers(s)[0] > 90 < numbers(s)[2]),
    "B3": ("s2-train", lambda s: "W_hh" in s),
    "A16": ("a16-run", lambda s: of_line(s, 0) == of_line(s, 1)),
    "A17": ("s7-direction", of_directions),
    "B18": ("s3-nudged", lambda s: numbers(s)[:3] == numbers(s)[3:]),
    "B16": ("s5-amplitudes", lambda s: min(numbers(s)[1::2]) > 1),
    "B15": ("s6-slopes", lambda s: np.argmax(numbers(s)[2::3]) == 0),
    "A10": ("s6-explodes-numbers", lambda s: line(s, "largest stretch:")[0] <= 1),
    "B20": ("s8-gaussian", lambda s: min(line(s, "ten other seeds:")) > 95),
    "B21": (
        "s1-slower",
        lambda s: (
            np.median(line(s, "SGD 0.1, clipped:"))
            > max(line(s, "SGD 0.1, not clipped:"))
        ),
    ),
    "C1": ("s2-scaled", lambda s: numbers(s)[0] > 45),
    "C2": ("s4-forward", lambda s: numbers(s)[-1] == 0),
    "B14": ("s4-batchify", reads_on),
    "C3": ("s6-table", lambda s: line(s, "C: with the cause")[0] <= 95),
    "C4": ("s3-ten", lambda s: numbers(s)[4] == 0),
    "C6": ("s4-c3-run", lambda s: len(set(numbers(s))) == 1),
    "C7": ("s4-loop-ten", lambda s: s.startswith("10 of 10")),
    "C5": ("s5-floor", lambda s: line(s, "entropy ")[0] < 0.01),
    "C8": ("s6-c5-run", lambda s: numbers(s)[1] < 0.5),
    "B22": ("s2-cards-count", lambda s: gates(s) == 4),
    "B23": ("s2-by-hand", lambda s: line(s, "kept ")[0] == 0.9 * 2 and erases_none()),
    "B24": ("s2-cards-count", lambda s: gates(s) == 3 and line(s, "g:")[0] < 0),
    "B25": ("s3-library", multiplied),
    "B26": ("s6-many-steps", lambda s: numbers(s)[-1] > 0.5),
    "C11": ("s1-desk", coupled),
    "C14": ("s3-four", lambda s: numbers(s)[-1] / LSTM_OF_FIVE == 0.75),
    "C15": ("s4-direct", lambda s: numbers(s)[2] > 0.5),
    "C12": ("s1-by-hand", lambda s: numbers(s)[0] < abs(numbers(s)[1])),
    "C13": ("s5-squares", lambda s: line(s, "after  misses by at most")[0] < 0.01),
    "B10": ("s2-same", handed_over_at_every_step),
    "B11": ("s4-nudged", lambda s: numbers(s)[0] == numbers(s)[1] != 0),
    "C19": ("s2-scale", lambda s: [n**2 for n in numbers(s)[1::4]] == numbers(s)[::4]),
    "C18": ("s2-mask-places", lambda s: of_line(s, 0)[-1] == of_line(s, 1)[-1]),
    "C17": ("s2-claims", lambda s: "no order" in s),
    "C20": ("s4-parameters", lambda s: 27 in numbers(s.split("scores")[0])),
    "C16": ("s6-test", lambda s: max(numbers(s)[::2]) > 50),
    "C21": ("s2-equal", lambda s: "apart: False" in s),
    "C23": ("s2-three", scan_wins_everywhere),
    "C22": ("s3-nudge", shifted),
    "C24": ("s5-counts", lambda s: of_line(s, 1)[2] == 100),
    "C25": ("s6-settles", lambda s: line(s, "a =  0.9:")[-1] == 0),
    "C26": ("s2-one", lambda s: numbers(s)[1] < 0.5),
    "C27": ("s3-one-unit", lambda s: numbers(s)[-1] == 0 < 0.9 < numbers(s)[-2]),
    "C28": (
        "s5-depth",
        lambda s: (
            line(s, "reading direction held:")[0] > line(s, "moving direction held:")[0]
        ),
    ),
    "C29": ("s2-sum", lambda s: numbers(s)[-1] == numbers(s)[0]),
}


@cache
def outputs(lesson: str) -> dict[str, str]:
    """Return by id what the code cells of a lesson show, and where cards stand."""
    (path,) = (path for path in SOURCES if path.stem.startswith(lesson))
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {
        cell.id: cell.source if "myth_card(" in cell.source else shown
        for cell, shown in zip(code, said(notebook), strict=True)
    }


def test_every_card_of_every_lesson_has_a_cell_that_decides_it() -> None:
    assert set(PROOFS) == set(pool())


@pytest.mark.parametrize("id", PROOFS)
def test_a_card_says_what_its_cell_computes(id: str) -> None:
    lesson, card = pool()[id]
    cell, holds = PROOFS[id]
    shown = outputs(lesson)
    assert f'myth_card("{id}")' in shown.values()
    assert bool(holds(shown[cell])) == card.truth
