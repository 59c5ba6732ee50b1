"""The line of the rubric on the split, and on what a batch of examples holds."""

from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Record
from rnncourse.lesson_14.task import NAMES, Task, ask, parts_of, same
from rnnlib._typing import Array

__all__ = ["parts"]


def parts(record: Record, task: Task) -> str:
    """Look at the split, and whether a batch knows what it should not."""
    data = task.data()
    found = parts_of(record, task, data)
    few = found.validation[[-1, 0, len(found.validation) // 2]]
    _check_shape(ask(record, "batch", data, few))
    for name in ("test", "validation"):
        changed = task.other(data, getattr(found, name), 0)
        if not same(parts_of(record, task, changed), found):
            raise FaultError(
                "`split` returns other parts when the answers are others.",
                "Choose them by their place, or by the order in which they occur.",
            )
        one, other = (ask(record, "batch", d, found.train) for d in (data, changed))
        if not same(one, other):
            raise FaultError(
                f"The batch of the training part changes when only the {name} part is "
                "changed: something of it is in there.",
                "From which examples does `batch` take what it scales by?",
            )
    _check_answers(record, task, data, few)
    if task.fits:
        task.fits(ask(record, "batch", data, few), data, few)
    sizes = ", ".join(
        f"{len(part)} for {name}" for name, part in zip(NAMES, found, strict=True)
    )
    order = ", in the order of time" if task.ordered else ""
    return (
        f"Three parts that share nothing{order}: {sizes}. Where validation and test "
        "were changed, the training batch stayed as it was."
    )


def _check_shape(batch: Any) -> None:
    inputs = batch[0] if isinstance(batch, tuple) else None
    if not isinstance(inputs, np.ndarray) or inputs.ndim < 2 or inputs.shape[1] != 3:
        raise FaultError(
            "`batch` must return a `Batch` or `Pairs` with as many sequences as there "
            f"were indices, time first; for three indices it returned {_kind(batch)}."
        )


def _check_answers(record: Record, task: Task, data: Any, few: Array) -> None:
    """Check that a batch asks for the answers of its examples, and hides them."""
    changed = task.changed(data, few[:1], np.random.default_rng(1))
    mine, theirs = (ask(record, "batch", d, few) for d in (data, changed))
    if same(mine, theirs):
        raise FaultError(
            f"The batch does not change when the answer of example {few[0]} does.",
            "Are its targets those of the examples that were asked for?",
        )
    if not same(mine[0][:, 0], theirs[0][:, 0]):
        raise FaultError(
            f"What the net reads of example {few[0]} changes when its answer does: it "
            "is told what it should find out.",
            "Where does the input of this example end?",
        )
    if all(same(mine[0][:, 0], mine[0][:, b]) for b in (1, 2)):
        raise FaultError("What the net reads is the same for three examples.")


def _kind(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
        return f"{type(value).__name__} with inputs of shape {value[0].shape}"
    return type(value).__name__
