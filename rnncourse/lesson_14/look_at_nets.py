"""Lines of the rubric for which a net is evaluated, or trained, again."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Record, WaitsError
from rnncourse.lesson_14.look import near, number, per_cent
from rnncourse.lesson_14.look_at_build import check_built, check_net
from rnncourse.lesson_14.task import (
    Parts,
    Task,
    answers_of,
    ask,
    same,
    score_of,
    settled,
)

__all__ = ["ablation", "alike", "seeds"]

FEWEST_SEEDS, FEWEST_WORDS = 3, 4
MOST_ALIKE = 1 / 3  # of the answers of a net and of one whose arrays are drawn anew


def seeds(record: Record, task: Task) -> str:
    """Evaluate the nets again, and train one of them again with other test data."""
    data = task.data()
    split, nets = settled(record, task, data), record.nets
    _check_nets(nets)
    check_built(record, nets[next(iter(nets))], "nets")
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
                "Has it been trained long enough, and does it answer where it should?",
            )
    _check_asked(record, task, data, split, measured)
    _check_training(record, task, data, split)
    mean, spread = np.mean([*measured.values()]), np.ptp([*measured.values()])
    return (
        f"Evaluated again: {task.said(float(mean))} on average over {len(nets)} seeds, "
        f"{spread:.2g} from the best to the worst. Trained again with other answers in "
        "the test part, one of them came out the same; with others in the training "
        "part, it did not. What it takes from the validation part is not looked at."
    )


def _check_nets(nets: Any) -> None:
    if not isinstance(nets, Mapping) or len(nets) < FEWEST_SEEDS:
        raise FaultError(
            "`nets` must be a dict of three nets or more, by the seeds that they were "
            "trained with."
        )
    for seed, net in nets.items():
        check_net(net, f"nets[{seed!r}]")
    for a, b in ((a, b) for a in nets for b in nets if str(a) < str(b)):
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
                f"the test part it is {scores[seed]:.4g}.",
                per_cent(task, mine, scores[seed]),
            )
    return scores


def _check_asked(
    record: Record, task: Task, data: Any, split: Parts, measured: Mapping[Any, float]
) -> None:
    """Raise if the answers do not come from the net.

    They do not if another net's are the same, or hardly worse: if these keep more than
    half of what the nets gain over the baseline.
    """
    net, part = next(iter(record.nets.values())), split.test
    mine = answers_of(record, task, data, net, part)
    others = [
        answers_of(record, task, data, _drawn_anew(net, seed), part) for seed in (0, 1)
    ]
    kept = sum(
        same(answer, a) and same(answer, b)
        for answer, a, b in zip(mine, *others, strict=True)
    )
    if kept > MOST_ALIKE * len(part):
        raise FaultError(
            f"{kept} of the {len(part)} answers stay the same when all that the net "
            "has learned is drawn anew.",
            "Does `predict` ask the net that it is given?",
        )
    bar = task.baselines[task.beat](data, split)
    enough = (bar + float(np.mean([*measured.values()]))) / 2
    still = float(np.mean([score_of(task, data, a, part) for a in others]))
    if task.better(still, enough):
        raise FaultError(
            f"When all that the net has learned is drawn anew, `predict` still scores "
            f"{task.said(still)}.",
            "Where else does it take its answers from?",
        )


def _drawn_anew(net: Any, seed: int) -> Any:
    rng, other = np.random.default_rng(seed), copy.deepcopy(net)
    for array in other.params.values():
        array[...] = rng.standard_normal(array.shape) * (array.std() or 1.0)
    return other


def _check_training(record: Record, task: Task, data: Any, split: Parts) -> None:
    """Train one of the nets, drawn at random, again with other answers.

    With others in the test part it must come out the same, with others in the training
    part it must not.
    """
    which = int(np.random.default_rng().integers(len(record.nets)))
    seed, net = [*record.nets.items()][which]
    changed = task.other(data, split.test, 2)
    again = ask(record, "train", changed, seed)
    check_net(again, "what train returns")
    if alike(again, net):
        moved = task.changed(data, split.train, np.random.default_rng(3))
        if alike(ask(record, "train", moved, seed), net):
            raise FaultError(
                "`train` makes the same net when the answers of the training part are "
                "changed: it does not learn from the data that it is given.",
                "Is there a name in it that stands outside of the function?",
            )
        return
    if alike(ask(record, "train", data, seed), net):
        raise FaultError(
            "`train` makes another net when only the answers of the test part are "
            "changed: it has seen them.",
            "Which parts do its batches, its scaling and its early stop come from?",
        )
    raise FaultError(
        f"`train(data, {seed!r})`, called again, gives another net than before.",
        "Draw all chance from np.random.default_rng(seed), made inside of `train`. Or "
        "was `train` changed since?",
    )


def alike(one: Any, other: Any) -> bool:
    """Return whether two nets have the same arrays, but for the last digits."""
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
        check_net(without[seed], "what ablate returns")
        _check_taken(without[seed], net)
    _check_says(record.ablate)
    ablated = _measured(record, task, data, split, without, "ablated_scores")
    whole = [
        score_of(
            task, data, answers_of(record, task, data, net, split.test), split.test
        )
        for net in nets.values()
    ]
    one, other = float(np.mean(whole)), float(np.mean([*ablated.values()]))
    verdict = "it is no worse"
    if task.better(one, other):
        hardly = abs(one - other) <= np.ptp(whole)
        verdict = "it is hardly worse" if hardly else "it is worse"
    return f"From {task.said(one)} to {task.said(other)} without it: {verdict}."


def _check_says(ablate: Any) -> None:
    words = getattr(ablate, "__doc__", None) or ""
    if "..." in words or len(words.split()) < FEWEST_WORDS:
        raise FaultError(
            "The text of `ablate` does not say what is gone.",
            "It stands in three quotation marks, below the line with `def`.",
        )


def _check_taken(without: Any, net: Any) -> None:
    """Raise if nothing of a net was taken away, or nothing was left."""
    if alike(without, net):
        raise FaultError("`ablate` returns the net as it was: nothing is gone.")
    if not any(
        np.ptp(array) > 0 and same(array, without.params.get(name))
        for name, array in net.params.items()
    ):
        raise FaultError(
            "`ablate` returns a net of which no array is as it was.",
            "Take one thing away, and leave the rest.",
        )
