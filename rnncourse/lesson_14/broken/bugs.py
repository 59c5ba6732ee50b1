"""The bugs that can be planted: for each grade of visibility several, as edits."""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from rnncourse.lesson_14.broken import right
from rnncourse.lesson_14.broken.program import Program
from rnnlib._checks import check_size
from rnnlib._typing import Rng

__all__ = ["BUGS", "GRADES", "Bug", "broken_lstm", "drawn", "planted", "whole"]

Edits = Mapping[str, Mapping[str, str]]
GRADES = ("overfit", "gradients", "gaps", "longer", "split")


@dataclass(frozen=True, eq=False)
class Bug:
    """A bug that can be planted.

    Parameters
    ----------
    name : str
    grade : str
        The test that shows it first.
    edits : mapping
        The pieces that plant it, by function.
    hides : strings
        Names of the bugs that could not be seen while this one is there.
    """

    name: str
    grade: str
    edits: Edits
    hides: tuple[str, ...] = ()


BUGS = (
    Bug(
        "a_new_array_for_each_update",
        "overfit",
        {"adam": {"p -= rate * (m": "p = p - rate * (m"}},
    ),
    Bug(
        "answers_of_other_sequences",
        "overfit",
        {
            "train": {
                "x, y, mask = (array[:, some] for array in data)": "x, y, mask = "
                "(array[:, rng.permutation(some)] for array in data)"
            }
        },
    ),
    Bug(
        "a_rate_of_zero",
        "overfit",
        {"train": {"rate * (1 - n / updates)": "rate * (n // updates)"}},
    ),
    Bug(
        "uphill",
        "overfit",
        {"cross_entropy": {"(np.exp(log_p) - target)": "(target - np.exp(log_p))"}},
    ),
    Bug(
        "slope_of_the_output_gate",
        "gradients",
        {"step_backward": {"do * o * (1 - o)": "do * o * (1 - o**2)"}},
    ),
    Bug(
        "the_new_cell_state",
        "gradients",
        {"step_backward": {"dc * c_prev, dc * f": "dc * c, dc * f"}},
    ),
    Bug(
        "letters_that_come_twice",
        "gradients",
        {
            "step_backward": {
                'np.add.at(grads["W_xh"], x, da)': 'grads["W_xh"][x] += da'
            }
        },
    ),
    Bug(
        "nothing_through_the_tanh",
        "gradients",
        {"step_backward": {"dh * o * (1 - tanh_c**2)": "dh * o"}},
    ),
    Bug(
        "lost_in_the_gaps",
        "gradients",
        {"backward": {"np.where(there, 0, dc) + dc_prev": "dc_prev"}},
    ),
    Bug(
        "mean_of_the_bias",
        "gradients",
        {"step_backward": {"da.sum(axis=0)": "da.mean(axis=0)"}},
    ),
    Bug(
        "the_cell_does_not_wait",
        "gaps",
        {
            "forward": {"c = np.where(there, c_new, c)": "c = c_new"},
            "backward": {
                "np.where(there, dc, 0)": "dc",
                "dc = np.where(there, 0, dc) + dc_prev": "dc = dc_prev",
            },
        },
    ),
    Bug(
        "the_hidden_state_does_not_wait",
        "gaps",
        {
            "forward": {"h = np.where(there, h_new, h)": "h = h_new"},
            "backward": {
                "np.where(there, dh, 0)": "dh",
                "dh = np.where(there, 0, dh) + dh_prev": "dh = dh_prev",
            },
        },
    ),
    Bug(
        "the_mask_of_the_step_before",
        "gaps",
        {
            "forward": {"mask[t]": "mask[max(t - 1, 0)]"},
            "backward": {"mask[t]": "mask[max(t - 1, 0)]"},
        },
    ),
    Bug(
        "gaps_count_in_the_loss",
        "gaps",
        {
            "cross_entropy": {
                "mask[:, :, None] / mask.sum()": "np.ones((*mask.shape, 1)) / mask.size"
            }
        },
    ),
    Bug(
        "begins_again_and_again",
        "longer",
        {
            "forward": {
                "    there =": "    if t % LONGEST == 0:\n"
                "            h, c = np.zeros_like(h), np.zeros_like(c)\n"
                "        there ="
            },
            "backward": {
                "    dh = dh + dstates[t]": "    if (t + 1) % LONGEST == 0:\n"
                "            dh, dc = np.zeros_like(dh), np.zeros_like(dc)\n"
                "        dh = dh + dstates[t]"
            },
        },
    ),
    Bug(
        "stays_at_the_last_letter",
        "longer",
        {"forward": {"x[t]": "x[min(t, LONGEST - 1)]"}},
    ),
    Bug(
        "stays_at_the_last_mask",
        "longer",
        {
            "forward": {"mask[t]": "mask[min(t, LONGEST - 1)]"},
            "backward": {"mask[t]": "mask[min(t, LONGEST - 1)]"},
        },
    ),
    Bug(
        "never_forgets",
        "longer",
        {
            "step": {"sigmoid(a_f)": "np.ones_like(a_f)"},
            "step_backward": {"df * f * (1 - f)": "df * 0"},
        },
        hides=("the_new_cell_state",),
    ),
    Bug(
        "drawn_with_repeats",
        "split",
        {"split": {"rng.permutation(count)": "rng.integers(0, count, count)"}},
    ),
    Bug(
        "slices_that_overlap",
        "split",
        {"split": {"order[cut:]": "order[count // 2 :]"}},
    ),
    Bug(
        "shuffled_twice",
        "split",
        {"split": {"order[cut:]": "rng.permutation(count)[cut:]"}},
    ),
    Bug("trained_on_all", "split", {"split": {"order[:cut]": "order"}}),
)


def whole() -> Program:
    """Return the program without a bug."""
    text = inspect.getsource(right)
    nodes = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    head = "\n".join(text.splitlines()[: nodes[0].lineno - 1])
    functions = [(n.name, ast.get_source_segment(text, n) or "") for n in nodes]
    return Program(head.strip(), tuple(functions))


def planted(program: Program, *bugs: Bug) -> Program:
    """Return the program with bugs in it."""
    for bug in bugs:
        for name, edits in bug.edits.items():
            program = program.mend(name, edits)
    return program


def drawn(seed: int) -> tuple[Bug, ...]:
    """Return the five bugs of a seed, one of each grade, that leave each other whole.

    >>> [bug.grade for bug in drawn(1)]
    ['overfit', 'gradients', 'gaps', 'longer', 'split']
    """
    rng = np.random.default_rng(check_size("seed", seed, minimum=0))
    while True:
        bugs = tuple(_one_of(grade, rng) for grade in GRADES)
        if not any(_clash(one, other) for one, other in permutations(bugs, 2)):
            return bugs


def _one_of(grade: str, rng: Rng) -> Bug:
    bugs = [bug for bug in BUGS if bug.grade == grade]
    return bugs[rng.integers(len(bugs))]


def _clash(one: Bug, other: Bug) -> bool:
    """Return whether one bug hides the other, or changes a piece of its lines."""
    return other.name in one.hides or any(
        mine in theirs
        for name in one.edits.keys() & other.edits.keys()
        for mine in one.edits[name]
        for theirs in other.edits[name]
    )


def broken_lstm(seed: int) -> Program:
    """Return the program with five bugs; another seed draws others.

    >>> broken_lstm(1) == broken_lstm(2)
    False
    """
    return planted(whole(), *drawn(seed))
