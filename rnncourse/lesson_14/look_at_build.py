"""Lines of the rubric on the model: its gradients, and ten examples by heart."""

import copy
import inspect
import math
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Record
from rnncourse.lesson_14.task import Task, ask, indices, same, settled
from rnnlib._typing import Array

__all__ = ["check_built", "check_net", "gradients", "overfitting"]

TEN = 10
STEP, TOLERANCE = 1e-5, 1e-6
DIRECTIONS = 3


def gradients(record: Record, task: Task) -> str:
    """Compare the backward pass of the learner's model with numerical slopes."""
    data = task.data()
    train = settled(record, task, data).train
    model, twin, other = (_built(record, seed) for seed in (0, 0, 1))
    fixed = [
        name
        for name, array in model.params.items()
        if len(np.unique(array)) > 2 and same(array, other.params.get(name))
    ]
    if not same(model, twin) or same(model, other) or fixed:
        raise FaultError(
            "`build` must make the same model from the same rng, and another one from "
            "another: all its chance comes from there.",
            f"From another rng, {fixed[0]} is the same." if fixed else "",
        )
    batch = ask(record, "batch", data, train[[0, len(train) // 2, -1]])
    errors = _slope_errors(model, batch)
    worst = max(errors, key=lambda name: errors[name])
    if errors[worst] > TOLERANCE:
        raise FaultError(
            f"The gradient of {worst} is off by {errors[worst]:.1e} of its norm, on a "
            "batch of three examples.",
            "Check the parts of your backward pass one by one, from the loss down.",
        )
    _check_answers(model, batch, task)
    return (
        f"{len(errors)} arrays, each moved in {DIRECTIONS} random directions, on three "
        f"training examples: every slope agrees to {TOLERANCE:.0e} of its norm."
    )


def _check_answers(model: Any, batch: Any, task: Task) -> None:
    """Raise if a net has more or fewer answers to choose from than there are."""
    if task.answers is None or not hasattr(model, "logits"):
        return
    found = np.shape(model.logits(batch[0])[0])[-1]
    if found != task.answers:
        raise FaultError(
            f"The model has {found} answers to choose from, and there are "
            f"{task.answers}."
        )


def _built(record: Record, seed: int) -> Any:
    model = ask(record, "build", np.random.default_rng(seed))
    if not (hasattr(model, "params") and hasattr(model, "loss")):
        raise FaultError(
            f"`build` must return a model with params and a loss, got "
            f"{type(model).__name__}."
        )
    wrong = [n for n, a in model.params.items() if np.asarray(a).dtype != np.float64]
    if wrong:
        raise FaultError(
            f"{wrong[0]} is not of float64, so that slopes cannot be checked.",
            "Build it in float64; you may train in float32.",
        )
    return model


def _slope_errors(model: Any, batch: Any) -> dict[str, float]:
    """Return for each array how far its gradient is off the slopes, relatively."""
    rng, errors = np.random.default_rng(0), {}
    grads = _loss(model, batch).grads
    for name, array in model.params.items():
        if name not in grads:
            raise FaultError(f"The loss returns no gradient for {name}.")
        wrong, size = [], float(np.linalg.norm(grads[name]))
        for _ in range(DIRECTIONS):
            ray = rng.standard_normal(array.shape)
            ray /= np.linalg.norm(ray)
            slope = _slope(model, name, ray, batch)
            wrong.append(abs(slope - float(np.sum(grads[name] * ray))))
        errors[name] = max(wrong) / max(size / np.sqrt(array.size), 1e-3)
    return errors


def _slope(model: Any, name: str, ray: Array, batch: Any) -> float:
    losses = []
    for step in (STEP, -STEP):
        moved = copy.deepcopy(model)
        moved.params[name][...] += step * ray
        losses.append(float(_loss(moved, batch).value))
    return (losses[0] - losses[1]) / (2 * STEP)


def _loss(net: Any, batch: Any) -> Any:
    """Return the loss of a batch; what drops out is drawn the same each time."""
    takes = inspect.signature(net.loss).parameters
    drawn = {"rng": np.random.default_rng(0)} if "rng" in takes else {}
    return net.loss(batch, **drawn)


def overfitting(record: Record, task: Task) -> str:
    """Evaluate the net that should know ten examples by heart."""
    data = task.data()
    train = settled(record, task, data).train
    ten = indices(record.ten, "ten")
    if len(set(ten.tolist())) != TEN or len(ten) != TEN:
        raise FaultError(
            f"`ten` must hold ten different indices, got {len(set(ten.tolist()))}."
        )
    outside = sorted({*ten.tolist()} - {*train.tolist()})
    if outside:
        raise FaultError(f"Example {outside[0]} is not in the training part.")
    check_net(record.overfitted, "overfitted")
    check_built(record, record.overfitted, "overfitted")
    batch = ask(record, "batch", data, ten)
    before, after = (
        float(_loss(net, batch).value) for net in (_built(record, 0), record.overfitted)
    )
    if not after <= task.overfit * before:
        raise FaultError(
            f"Its loss on the ten is {after:.3g}, where an untrained net of yours has "
            f"{before:.3g}: it does not know them by heart.",
            f"At most {100 * task.overfit:.0f} % of that should be left. If more "
            "updates do not do it, something is broken.",
        )
    apart = _exchanged(record.overfitted, batch)
    if not after <= task.overfit * apart:
        raise FaultError(
            f"Its loss on the ten is {after:.3g}, and {apart:.3g} when their inputs "
            "are exchanged: it answers all of them more or less alike.",
            "Take ten whose answers differ. A constant is nothing to learn by heart.",
        )
    left = max(math.ceil(100 * after / before), 1)
    return f"On the ten at most {left} % of an untrained net's loss is left."


def _exchanged(net: Any, batch: Any) -> float:
    """Return the mean loss where each example gets the inputs of another one."""
    read = [
        n
        for n in ("inputs", "input_mask", "source", "source_mask")
        if getattr(batch, n, None) is not None
    ]
    moved = (
        batch._replace(**{n: np.roll(getattr(batch, n), shift, axis=1) for n in read})
        for shift in range(1, TEN)
    )
    return float(np.mean([float(_loss(net, other).value) for other in moved]))


def check_built(record: Record, net: Any, place: str) -> None:
    """Raise unless a net is of the kind whose gradients were checked."""
    if record.build is None:
        return
    mine, built = (
        {name: array.shape for name, array in model.params.items()}
        for model in (net, _built(record, 0))
    )
    other = next((n for n in {**built, **mine} if mine.get(n) != built.get(n)), None)
    if other is not None:
        raise FaultError(
            f"`{place}` holds another net than `build` makes: {other} has the shape "
            f"{mine.get(other)} and not {built.get(other)}.",
            "One net, whose gradients are checked, is what you train.",
        )


def check_net(net: Any, place: str) -> None:
    """Raise unless something is a net, and all of its numbers are finite."""
    if not (hasattr(net, "params") and hasattr(net, "loss")):
        raise FaultError(f"`{place}` must be a net, and is {type(net).__name__}.")
    if not all(np.isfinite(array).all() for array in net.params.values()):
        raise FaultError(f"`{place}` holds a parameter that is not finite.")
