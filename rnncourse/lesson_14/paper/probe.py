"""Whether a training follows its setting: it is tried with a small one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from rnncourse.checking.capstone import FaultError, Record
from rnncourse.lesson_14.look_at_nets import alike
from rnncourse.lesson_14.task import ask, same
from rnnlib.tasks import TemporalOrder

__all__ = ["check_train"]

SMALL = {"hidden_size": 8, "steps": 6, "batch_size": 4, "updates": 2}
OTHERS = {
    "hidden_size": 9,
    "steps": 7,
    "batch_size": 5,
    "updates": 3,
    "learning_rate": 0.03,
    "clip_norm": 0.001,
    "activation": ("tanh", "relu"),
    "recurrent_init": ("orthogonal", "gaussian"),
    "forget_bias": -1.5,
}
MANY, SEED = 60, 0


def check_train(record: Record, setting: Mapping[str, Any]) -> None:
    """Raise if an entry of the setting does not count, or the batches are fixed."""
    small = {**setting, **SMALL}
    net = ask(record, "train", small, SEED)
    for name in (name for name in setting if name in OTHERS):
        other = {**small, name: _other(name, small[name])}
        if alike(ask(record, "train", other, SEED), net):
            raise FaultError(
                f"`train` gives the same net when `{name}` is changed.",
                f"Take it from the setting that it is given: setting[{name!r}].",
            )
    _check_batches(record, {**small, "updates": MANY})


def _other(name: str, value: Any) -> Any:
    """Return another value of an entry."""
    other = OTHERS[name]
    if isinstance(other, tuple):
        return next(each for each in other if each != value)
    return other


def _check_batches(record: Record, setting: dict[str, Any]) -> None:
    with _drawn() as mine:
        ask(record, "train", setting, SEED)
    with _drawn() as theirs:
        ask(record, "train", setting, SEED + 1)
    if mine and theirs and same(mine[0], theirs[0]):
        raise FaultError(
            "`train` draws the same batches with another seed.",
            "One generator, made from the seed, draws the net and the batches.",
        )
    sequences = sum(batch.inputs.shape[1] for batch in mine)
    if mine and sequences < MANY * setting["batch_size"]:
        raise FaultError(
            f"`train` draws {sequences} sequences for {MANY} updates of "
            f"{setting['batch_size']}: some are seen twice.",
            "Draw a new batch for each update.",
        )


@contextmanager
def _drawn() -> Iterator[list[Any]]:
    """Return a list of the batches that are drawn from the task in this context."""
    found: list[Any] = []
    whole = TemporalOrder.sample

    def sample(self: TemporalOrder, *args: Any, **options: Any) -> Any:
        found.append(whole(self, *args, **options))
        return found[-1]

    with patch.object(TemporalOrder, "sample", sample):
        yield found
