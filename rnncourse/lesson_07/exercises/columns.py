"""Exercise 07.2: a long text, cut into columns."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.batches import batchify

__all__ = ["COLUMNS"]


def columns(tokens: Array, batch_size: int) -> tuple[Array, Array]:
    """Return inputs and targets (T, B): B parts of a text, side by side."""
    steps = (len(tokens) - 1) // batch_size
    inputs = tokens[: steps * batch_size].reshape(batch_size, steps).T
    targets = tokens[1 : steps * batch_size + 1].reshape(batch_size, steps).T
    return inputs, targets


def _cases(rng: Rng) -> list[Case]:
    """Return texts of many symbols, of which nothing or some tokens are left over."""
    sizes = (
        (3, 1),
        (7, 2),
        (6, 2),
        (13, 3),
        (25, 4),
        (25, 4),
        (23, 5),
        (12, 11),
        (31, 1),
    )
    return [
        {"tokens": rng.permutation(np.arange(N) + 250), "batch_size": B}
        for N, B in sizes
    ]


COLUMNS = Exercise(
    id="07.2",
    kind="V",
    title="A text in columns",
    reference=columns,
    cases=_cases,
    returns=("inputs", "targets"),
    mistakes=(
        Mistake(
            "reads_across",
            {
                "(batch_size, steps).T\n    t": "(steps, batch_size)\n    t",
                "(batch_size, steps).T\n    r": "(steps, batch_size)\n    r",
            },
            "Your text runs across: the letter below another one is not the next one "
            "of the text. The state is carried down a column, so a column must be a "
            "piece that can be read. Which axis of an array is filled first?",
        ),
        Mistake(
            "batch_first",
            {
                "(batch_size, steps).T\n    t": "(batch_size, steps)\n    t",
                "(batch_size, steps).T\n    r": "(batch_size, steps)\n    r",
            },
            "Your pieces are right, and lie on their side. Time comes first in this "
            "library: one piece is one column.",
        ),
        Mistake(
            "itself",
            {"tokens[1 : steps * batch_size + 1]": "tokens[0 : steps * batch_size]"},
            "Your targets are the inputs. A model learns that in a minute, and can say "
            "nothing of what comes next.",
        ),
        Mistake(
            "bites_its_tail",
            {
                "tokens[1 : steps * batch_size + 1].reshape(batch_size, steps).T": (
                    "np.roll(inputs, -1, axis=0)"
                )
            },
            "The last target of your columns is the letter at their own top. What "
            "follows the last letter of a piece in the text?",
        ),
        Mistake(
            "looks_back",
            {
                "tokens[: steps * batch_size]": "tokens[1 : 1 + steps * batch_size]",
                "tokens[1 : steps * batch_size + 1]": "tokens[0 : steps * batch_size]",
            },
            "Your targets come before their inputs in the text: the model would have "
            "to say what it has just read.",
        ),
        Mistake(
            "a_step_too_short",
            {"(len(tokens) - 1) // batch_size": "len(tokens) // batch_size - 1"},
            "Your pieces end early: more letters of the text are left out than need "
            "be. Only the very last letter of what is used needs a follower.",
        ),
    ),
    hints=(
        "Write the letters a to g on paper, and cut them into two pieces. What does "
        "the model read, and what must it say after each letter?",
        "Every letter but the last has a next one. So N letters have N − 1 pairs of "
        "input and target, and each of B pieces gets an equal number of them; some at "
        "the end may be left over.",
        "First the number of steps of a piece. Then take that many times B letters "
        "from the front, and the same stretch one letter later. Give both the shape "
        "of one piece a row, which is how numpy fills an array, and turn them so that "
        "a piece is a column.",
    ),
    source=batchify,
    point=("T = (len(found)", "columns = [found[shift"),
)
