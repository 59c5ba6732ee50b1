"""Lines of the rubric for which a net is evaluated, or trained, again."""

import copy
import inspect
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Record, WaitsError
from rnncourse.lesson_14.look import near, number
from rnncourse.lesson_14.task import (
    Parts,
    Task,
    answers_of,
    ask,
    indices,
    same,
    score_of,
    settled,
)
from rnnlib._typing import Array

__all__ = ["ablation", "gradients", "overfitting", "seeds"]

TEN, FEWEST_SEEDS = 10, 3
STEP, TOLERANCE = 1e-5, 1e-6
DIRECTIONS = 3


def gradients(record: Record, task: Task) -> str:
    """Compare the backward pass of the learner's model with numerical slopes."""
    data = task.data()
    train = settled(record, task, data).train
    model, twin, other = (_built(record, seed) for seed in (0, 0, 1))
    if not same(model, twin) or same(model, other):
        raise FaultError(
            "`build` must make the same model from the same rng, and another one from "
            "another: all its chance comes from there."
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
    return (
        f"{len(errors)} arrays, each moved in {DIRECTIONS} random directions, on three "
        f"training examples: every slope agrees to {TOLERANCE:.0e} of its norm."
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
    _check_net(record.overfitted, "overfitted")
    _check_built(record, record.overfitted, "overfitted")
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
    left = max(math.ceil(100 * after / before), 1)
    return f"On the ten at most {left} % of an untrained net's loss is left."


def _check_built(record: Record, net: Any, place: str) -> None:
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


def _check_net(net: Any, place: str) -> None:
    if not (hasattr(net, "params") and hasattr(net, "loss")):
        raise FaultError(f"`{place}` must be a net, and is {type(net).__name__}.")
    if not all(np.isfinite(array).all() for array in net.params.values()):
        raise FaultError(f"`{place}` holds a parameter that is not finite.")


def seeds(record: Record, task: Task) -> str:
    """Evaluate the nets again, and train the first one again with other test data."""
    data = task.data()
    split, nets = settled(record, task, data), record.nets
    _check_nets(nets)
    _check_built(record, nets[next(iter(nets))], "nets")
    measured = _measured(record, task, data, split, nets, "scores")
    bar = task.baselines[task.beat](data, split)
    behind = [seed for seed in nets if not task.better(measured[seed], bar)]
    if behind:
        raise FaultError(
            f"The net of seed {behind[0]} scores {task.said(measured[behind[0]])}, and "
            f"{task.beat} scores {task.said(bar)}: it has not learned enough."
        )
    if task.reach is not None:
        low = [seed for seed in nets if task.better(task.reach, measured[seed])]
        if low:
            raise FaultError(
                f"The net of seed {low[0]} scores {task.said(measured[low[0]])}, and "
                f"{task.said(task.reach)} can be reached by far.",
                "Has it been trained long enough, and does it answer at the last step?",
            )
    _check_they_differ(record, task, data, split)
    _check_training(record, task, data, split)
    mean, spread = np.mean([*measured.values()]), np.ptp([*measured.values()])
    return (
        f"Evaluated again: {task.said(float(mean))} on average over {len(nets)} seeds, "
        f"{spread:.2g} from the best to the worst. Trained again with other answers in "
        "the test part, one of them came out the same; with others in the training "
        "part, it did not."
    )


def _check_nets(nets: Any) -> None:
    if not isinstance(nets, Mapping) or len(nets) < FEWEST_SEEDS:
        raise FaultError(
            "`nets` must be a dict of three nets or more, by the seeds that they were "
            "trained with."
        )
    for seed, net in nets.items():
        _check_net(net, f"nets[{seed!r}]")
    pairs = [(a, b) for a in nets for b in nets if str(a) < str(b)]
    for a, b in pairs:
        if same(nets[a], nets[b]):
            raise FaultError(
                f"The nets of seeds {a} and {b} are the same to the last digit.",
                "Does the seed reach all that is drawn, weights and batches?",
            )


def _measured(
    record: Record, task: Task, data: Any, split: Parts, nets: Mapping[Any, Any],
    place: str,
) -> dict[Any, float]:  # fmt: skip
    """Return the scores of nets on the test part, if they are those of the record."""
    told = getattr(record, place)
    if not isinstance(told, Mapping) or set(told) != set(nets):
        raise FaultError(f"`{place}` must be a dict with a number for each seed.")
    scores = {}
    for seed, net in nets.items():
        answers = answers_of(record, task, data, net, split.test)
        scores[seed] = score_of(task, data, answers, split.test)
        mine = number(told[seed], f"{place}[{seed!r}]")
        if not near(mine, scores[seed]):
            raise FaultError(
                f"`{place}` says {mine:.4g} for seed {seed}; measured again on "
                f"the test part it is {scores[seed]:.4g}."
            )
    return scores


def _check_they_differ(record: Record, task: Task, data: Any, split: Parts) -> None:
    """Raise if all nets give the same answers, and not because all are right."""
    answers = [
        answers_of(record, task, data, net, split.test) for net in record.nets.values()
    ]
    truths = [task.truth(data, i) for i in split.test.tolist()]
    if all(np.array_equal(a, answers[0]) for a in answers[1:]) and not np.array_equal(
        answers[0], truths
    ):
        raise FaultError(
            "All your nets give the same answers, mistakes and all.",
            "Does `predict` ask the net that it is given?",
        )


def _check_training(record: Record, task: Task, data: Any, split: Parts) -> None:
    """Train one net again, where the answers of the test part are others.

    Which one is drawn. Where those of the training part are others, it has to become
    another net.
    """
    which = int(np.random.default_rng().integers(len(record.nets)))
    seed, net = [*record.nets.items()][which]
    changed = task.changed(data, split.test, np.random.default_rng(2))
    again = ask(record, "train", changed, seed)
    _check_net(again, "what train returns")
    if _alike(again, net):
        moved = task.changed(data, split.train, np.random.default_rng(3))
        if _alike(ask(record, "train", moved, seed), net):
            raise FaultError(
                "`train` makes the same net when the answers of the training part are "
                "changed: it does not learn from the data that it is given.",
                "Is there a name in it that stands outside of the function?",
            )
        return
    if _alike(ask(record, "train", data, seed), net):
        raise FaultError(
            "`train` makes another net when only the answers of the test part are "
            "changed: it has seen them.",
            "Which parts do its batches, its scaling and its early stop come from?",
        )
    raise FaultError(
        f"`train(data, {seed!r})`, called again, gives another net than before.",
        "Draw all chance from np.random.default_rng(seed), made inside of `train`.",
    )


def _alike(one: Any, other: Any) -> bool:
    if one.params.keys() != other.params.keys():
        return False
    return all(
        one.params[name].shape == array.shape
        and np.allclose(one.params[name], array, rtol=1e-6, atol=1e-9)
        for name, array in other.params.items()
    )


def ablation(record: Record, task: Task) -> str:
    """Take away again what the learner takes away, and measure."""
    data, nets = task.data(), record.nets
    split = settled(record, task, data)
    try:
        _check_nets(nets)
    except FaultError as error:
        raise WaitsError(
            "This waits until the nets of three seeds are right."
        ) from error
    without = {}
    for seed, net in nets.items():
        without[seed] = ask(record, "ablate", net)
        _check_net(without[seed], "what ablate returns")
        if _alike(without[seed], net):
            raise FaultError("`ablate` returns the net as it was: nothing is gone.")
    ablated = _measured(record, task, data, split, without, "ablated_scores")
    whole = [
        score_of(
            task, data, answers_of(record, task, data, net, split.test), split.test
        )
        for net in nets.values()
    ]
    one, other = float(np.mean(whole)), float(np.mean([*ablated.values()]))
    verdict = "it is worse" if task.better(one, other) else "it is no worse"
    return f"From {task.said(one)} to {task.said(other)} without it: {verdict}."
