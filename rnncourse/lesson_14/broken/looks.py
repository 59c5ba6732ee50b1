"""Five looks at a program, the cheapest first: each is a test with an input of its own.

A look takes a program and what it is to be looked at with, and returns a `Seen`:
whether a bug shows there, and in words with which numbers.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rnncourse.lesson_14.broken.program import Program
from rnncourse.lesson_14.broken.right import LETTERS, cross_entropy
from rnncourse.shared.wording import count, number
from rnnlib._typing import Array
from rnnlib.gradcheck import check_gradients

__all__ = ["LOOKS", "OWN", "Run", "Seen", "by_itself", "run"]

SEQUENCES, HIDDEN, UPDATES, LONG = 200, 8, 150, 48
FEW, FEW_UPDATES, STILL_THERE = 10, 100, 0.7
UNITS, GREEN = 2, 1e-5
DROP = 0.07  # a right program loses at most 0.061, at 200 steps
KINDS = len(LETTERS)  # tokens 0 to 3 are letters, 4 and 5 the marks


class Seen(NamedTuple):
    """What a look has shown: whether there is a bug, and the numbers in words."""

    bug: bool
    words: str


class Run(NamedTuple):
    """A training run: the parameters after it, and what was trained and tested on."""

    params: dict[str, Array]
    losses: list[float]
    train: Sequence[Array]
    test: Sequence[Array]


@lru_cache(maxsize=64)
def run(program: Program, seed: int) -> Run:
    """Return a whole run of a program: data, split, initial parameters, training."""
    rng = np.random.default_rng(seed)
    train, test = program.split(program.sample(SEQUENCES, rng), rng)
    params = program.initial(HIDDEN, rng)
    losses = program.train(params, train, UPDATES, rng)
    return Run(params, losses, train, test)


def overfit(program: Program, few: Any) -> Seen:
    """Look whether ten sequences can be learned by heart."""
    few = _batch(few)
    B = few[0].shape[1]
    if B > FEW:
        raise ValueError(f"give at most {FEW} sequences, got {B}")
    rng = np.random.default_rng(0)
    params = program.initial(HIDDEN, rng)
    first = _loss(program, params, few)
    program.train(params, few, FEW_UPDATES, rng)
    left = _loss(program, params, few) / first
    bug, tens = not left < STILL_THERE, 10 * np.floor(10 * left)
    words = f"more than {tens:.0f} %" if bug else f"less than {tens + 10:.0f} %"
    words = f"on {count(B, 'sequence')} {words} of the loss is left"
    return Seen(bug, f"after {FEW_UPDATES} updates {words}")


def _loss(program: Program, params: dict[str, Array], batch: Sequence[Array]) -> float:
    """Return the loss on a batch, whatever the program says that it is."""
    x, y, mask = batch
    loss, _ = cross_entropy(program.forward(params, x, mask)[0], y, mask)
    return float(loss)


def gradients(program: Program, evidence: Any) -> Seen:
    """Look whether the gradient of one parameter is the slope of the loss."""
    batch, name = _things(evidence, "a batch", "the name of a parameter")
    x, y, mask = _batch(batch)
    params = program.initial(UNITS, np.random.default_rng(0))
    if not isinstance(name, str) or name not in params:
        raise ValueError(f"name a parameter: {', '.join(params)}; got {name!r}")

    def loss(**moved: Array) -> Any:
        value, grads = program.loss_and_gradients(params | moved, x, y, mask)
        return value, lambda upstream: {name: upstream * grads[name]}

    one = {name: params[name]}
    error = check_gradients(loss, one, rng=np.random.default_rng(0), tolerance=1e9)
    bug = not error[name] < GREEN
    words = f"is off by {number(error[name])}" if bug else f"agrees to {GREEN:g}"
    return Seen(bug, f"the gradient of {name} {words} of its norm")


def gaps(program: Program, pair: Any) -> Seen:
    """Look whether two batches that differ in the gaps alone are read alike."""
    one, other = map(_batch, _things(pair, "a batch", "another one"))
    longest = program.names["LONGEST"]
    if max(len(one[0]), len(other[0])) > longest:
        raise ValueError(
            f"give batches of at most {longest} steps, those of training, with the "
            "gaps: what happens behind them is the next test"
        )
    if not _same_but_for_gaps(one, other):
        raise ValueError(
            "give two batches that are the same wherever their masks are True, each "
            "sequence for itself; these differ there"
        )
    params = program.initial(HIDDEN, np.random.default_rng(0))
    found = []
    for x, y, mask in (one, other):
        logits, _ = program.forward(params, x, mask)
        loss, _ = program.cross_entropy(logits, y, mask)
        found.append((_rows(logits, mask), loss))
    (logits, loss), (others, other_loss) = found
    off = float(abs(np.subtract(logits, others)).max())
    words = f"the logits differ by {number(off)}"
    words = f"{words}, the losses by {number(abs(loss - other_loss))}"
    return Seen(max(off, abs(loss - other_loss)) > 1e-9, words)


def longer(program: Program, steps: Any) -> Seen:
    """Look whether what was learned holds on longer sequences."""
    longest = program.names["LONGEST"]
    if not (isinstance(steps, int | np.integer) and longest < steps <= 200):
        raise ValueError(
            f"give a number of steps above {longest}, those of training, and at most "
            f"200; got {steps!r}"
        )
    params = run(program, 0).params
    short, long = (
        program.accuracy(params, program.sample(100, np.random.default_rng(1), T))
        for T in (longest, int(steps))
    )
    words = f"{100 * short:.0f} % are right at {longest} steps"
    words = f"{words}, {100 * long:.0f} % at {steps}"
    return Seen(short - long > DROP, words)


def split(program: Program, places: Any) -> Seen:
    """Look whether a sequence of the test set is one of the training set."""
    seed, i, j = map(int, _things(places, "seed", "i", "j"))
    rng = np.random.default_rng(seed)
    train, test = program.split(program.sample(SEQUENCES, rng), rng)
    sizes = train[0].shape[1], test[0].shape[1]
    if not (0 <= i < sizes[0] and 0 <= j < sizes[1]):
        words = f"places lie below {sizes[0]} and {sizes[1]}, and {i, j} do not"
        return Seen(False, f"{words} (seed {seed})")
    same = all(
        np.array_equal(a[:, i], b[:, j]) for a, b in zip(train, test, strict=True)
    )
    words = "the same" if same else "not the same"
    words = f"sequence {i} of training and {j} of the test are {words} (seed {seed})"
    return Seen(same, words)


LOOKS: dict[str, Callable[[Program, Any], Seen]] = {
    "overfit": overfit,
    "gradients": gradients,
    "gaps": gaps,
    "longer": longer,
    "split": split,
}


@lru_cache(maxsize=64)
def by_itself(program: Program, name: str) -> Seen:
    """Look with inputs of our own: at a bug, or at the last of what was clean."""
    seen = _sizes(program) if name == "split" else Seen(False, "")
    for evidence in () if seen.bug else OWN[name](program):
        seen = LOOKS[name](program, evidence)
        if seen.bug:
            break
    return seen


def _sizes(program: Program) -> Seen:
    """Look whether three quarters are trained on, the rest is the test, each once."""
    rng = np.random.default_rng(3)
    train, test = program.split(program.sample(SEQUENCES, rng), rng)
    found, asked = (train[0].shape[1], test[0].shape[1]), (150, 50)
    words = f"the parts have {found[0]} and {found[1]} sequences, and not {asked}"
    if found == asked:
        found = _different(train), _different(test)
        words = f"of the {asked} sequences of the parts only {found} are different"
    return Seen(found != asked, words)


def _different(part: Sequence[Array]) -> int:
    """Return how many different sequences a part holds."""
    return np.unique(np.concatenate(part), axis=1).shape[1]


def _own_batch(count: int, steps: int) -> tuple[Array, Array, Array]:
    """Return sequences with gaps, whatever the program would draw."""
    rng = np.random.default_rng(5)
    x, y = rng.integers(0, KINDS, (steps, count)), np.zeros((steps, count), int)
    mask = rng.random((steps, count)) < 0.7
    x[0], mask[0] = rng.integers(4, KINDS, count), True
    for t in range(steps):
        y[t] = np.where(mask[t] & (x[t] >= 4), x[t] - 4, y[t - 1])
    return x, y, mask


def _own_pair() -> tuple[Any, Any]:
    """Return two batches: in the second the gaps hold other things, and are more."""
    x, y, mask = _own_batch(4, 9)
    gaps = np.where(mask, x, (x + 1) % KINDS), np.where(mask, y, 1 - y), mask
    more = tuple(np.insert(array, [4, 9, 9], 0, axis=0) for array in gaps)
    return (x, y, mask), more


def _own_places(program: Program) -> list[tuple[int, int, int]]:
    rng = np.random.default_rng(3)
    train, test = program.split(program.sample(SEQUENCES, rng), rng)
    same = np.all(
        [
            (a[:, :, None] == b[:, None]).all(axis=0)
            for a, b in zip(train, test, strict=True)
        ],
        axis=0,
    )
    return [(3, int(i), int(j)) for i, j in np.argwhere(same)[:1]]


OWN: dict[str, Callable[[Program], Sequence[Any]]] = {
    "overfit": lambda program: [_own_batch(FEW, 12)],
    "gradients": lambda program: [
        (_own_batch(3, 5), name)
        for name in program.initial(UNITS, np.random.default_rng(0))
    ],
    "gaps": lambda program: [_own_pair()],
    "longer": lambda program: [LONG, 2 * LONG],
    "split": _own_places,
}


def _things(given: Any, *names: str) -> Sequence[Any]:
    """Return what stands in brackets, or say what has to stand there."""
    if not isinstance(given, tuple | list | np.ndarray) or len(given) != len(names):
        raise ValueError(f"give {len(names)} things in brackets: {', '.join(names)}")
    return list(given)


def _batch(given: Any) -> tuple[Array, Array, Array]:
    """Return x, y and mask, or say what is wrong with them."""
    try:
        x, y, mask = map(np.asarray, given)
    except (TypeError, ValueError):
        raise ValueError("a batch must be x, y and the mask, each (T, B)") from None
    if not (x.ndim == 2 and x.size and x.shape == y.shape == mask.shape):
        shapes = ", ".join(str(array.shape) for array in (x, y, mask))
        raise ValueError(f"x, y and the mask must be (T, B) alike, got {shapes}")
    if mask.dtype != bool or not mask.any():
        raise ValueError("the mask must be bool, and True somewhere")
    whole = x.dtype.kind in "iu" and y.dtype.kind in "iu"
    if not (whole and 0 <= x.min() <= x.max() < KINDS and set(y.flat) <= {0, 1}):
        raise ValueError(f"x must hold whole numbers below {KINDS}, y 0 and 1")
    return x, y, mask


def _same_but_for_gaps(one: Sequence[Array], other: Sequence[Array]) -> bool:
    """Return whether each sequence is the same once its gaps are left out."""
    return all(
        np.array_equal(_rows(a, one[2]), _rows(b, other[2]))
        and np.array_equal(one[2].sum(axis=0), other[2].sum(axis=0))
        for a, b in zip(one[:2], other[:2], strict=True)
    )


def _rows(array: Array, mask: Array) -> Array:
    """Return what stands at the steps that are there, sequence after sequence."""
    return array.swapaxes(0, 1)[mask.T]
