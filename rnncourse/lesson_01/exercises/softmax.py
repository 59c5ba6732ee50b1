"""The exercises of lesson 01 about scores: softmax and cross-entropy."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnnlib import activations, losses
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import numerical_gradients
from rnnlib.vocab import one_hot

__all__ = ["CROSS_ENTROPY", "SOFTMAX"]

SHIFT = 7.0
NEAR = 1e-9


def stable_softmax(scores: Array) -> Array:
    """Return the probabilities of scores (..., V), along the last axis."""
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p: Array = exp / exp.sum(axis=-1, keepdims=True)
    return p


def overflows(scores: Array) -> Array:
    """It is right for small scores, and e to the 10,000 is more than a float holds.

    Softmax sees only differences, so you may shift each row as you like before exp.
    Which shift makes the largest power harmless?
    """
    exp = np.exp(scores)
    return exp / exp.sum(axis=-1, keepdims=True)


def one_sum_for_all(scores: Array) -> Array:
    """All rows together sum to one.

    Each row is a question of its own and needs a sum of its own. Along which axis do
    the symbols of one step lie?
    """
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum()


def one_shift_for_all(scores: Array) -> Array:
    """You take one largest score for all rows.

    A row whose scores lie far below it has nothing but zeros left after exp. Each row
    has a largest score of its own.
    """
    exp = np.exp(scores - scores.max())
    return exp / exp.sum(axis=-1, keepdims=True)


def shifted_by_the_mean(scores: Array) -> Array:
    """You subtract the mean of each row.

    The largest score may still lie thousands above it. Which shift leaves none above 0?
    """
    exp = np.exp(scores - scores.mean(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


def scaled_not_shifted(scores: Array) -> Array:
    """You divide by the largest score.

    That is a change of temperature: the probabilities become others. Softmax sees
    differences, so what may be done to all scores without harm?
    """
    exp = np.exp(scores / abs(scores).max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


def along_the_first_axis(scores: Array) -> Array:
    """You sum along the first axis, over the steps.

    The symbols of one step lie along the last axis, whatever is before it. Which
    number names the last axis of any array?
    """
    exp = np.exp(scores - scores.max(axis=0))
    return exp / exp.sum(axis=0)


def lost_an_axis(scores: Array) -> Array:
    """The sum has lost the axis it was taken over, and no longer fits.

    Shape (3, 5) cannot be divided by shape (3,). numpy has an option that keeps the
    axis, with size 1.
    """
    exp = np.exp(scores - scores.max(axis=-1))
    return exp / exp.sum(axis=-1)


def _plain_and_shifted(answer: Any, case: Case) -> Any:
    """Return what the answer makes of the scores, and of all of them shifted."""
    scores = case["scores"]
    return {"p": answer(scores), "shifted": answer(scores + SHIFT)}


def _is_an_array(found: Any, case: Case) -> bool | str:
    p, shape = found["p"], case["scores"].shape
    if not isinstance(p, np.ndarray):
        return f"It should return an array; yours is {type(p).__name__}."
    return p.shape == shape or (
        f"It should have the shape of the scores, {shape}; yours is {p.shape}."
    )


def _is_finite(found: Any, case: Case) -> bool | str:
    p, scores = found["p"], case["scores"]
    wrong = p[~np.isfinite(p)]
    return wrong.size == 0 or (
        f"With scores from {scores.min():.0f} to {scores.max():.0f} it holds "
        f"{wrong[0]}, which is no probability."
    )


def _rows_sum_to_one(found: Any, case: Case) -> bool | str:
    sums = found["p"].sum(axis=-1)
    worst = np.ravel(sums)[np.argmax(np.ravel(abs(sums - 1)))]
    return abs(worst - 1) < NEAR or f"A row sums to {worst:.9g}, not to 1."


def _shift_changes_nothing(found: Any, case: Case) -> bool | str:
    moved = abs(found["shifted"] - found["p"]).max()
    return moved < NEAR or (
        f"Adding {SHIFT:g} to all scores should change nothing; a probability moves by "
        f"{moved:.2g}."
    )


def _ratios_are_exponentials(found: Any, case: Case) -> bool | str:
    away = abs(found["p"] - stable_softmax(case["scores"])).max()
    return away < NEAR or (
        "Of two symbols, the one with a score higher by 1 should be e = 2.718 times as "
        f"probable. Some probability is off by {away:.2g}."
    )


def _score_cases(rng: Rng) -> list[Case]:
    far = rng.permutation(np.array([1e4, -1e4, 0.0]))[:, None]
    far = np.hstack([far + 2e4 * rng.permutation([[1.0], [0.0], [0.0]]), far, far, far])
    return [
        {"scores": rng.standard_normal(4)},
        {"scores": 3 * rng.standard_normal((1, 5))},
        {"scores": 3 * rng.standard_normal((3, 5))},
        {"scores": far + rng.standard_normal((3, 4))},
        {"scores": 3 * rng.standard_normal((4, 2, 6))},
    ]


SOFTMAX = Exercise(
    id="01.3",
    kind="P",
    title="A softmax that never overflows",
    reference=stable_softmax,
    cases=_score_cases,
    observe=_plain_and_shifted,
    bugs=(
        overflows,
        one_sum_for_all,
        one_shift_for_all,
        shifted_by_the_mean,
        scaled_not_shifted,
        along_the_first_axis,
        lost_an_axis,
    ),
    claims=(
        Claim("The result has the shape of the scores.", _is_an_array),
        Claim("Scores of 10,000 do no harm.", _is_finite),
        Claim("Each row sums to one.", _rows_sum_to_one),
        Claim("A shift of all scores changes nothing.", _shift_changes_nothing),
        Claim(
            "A score higher by 1 means e times as probable.", _ratios_are_exponentials
        ),
    ),
    hints=(
        "exp of a score, over the sum of all exps of the same row. Before that, make "
        "sure that no score is large: what may you subtract?",
        "The largest score of each row becomes 0, all others are negative, and exp of "
        "them lies between 0 and 1. `axis=-1` is the last axis.",
        "shifted = scores minus the largest along the last axis (kept, as size 1); "
        "powers = exp of shifted; return powers over their sum along the last axis "
        "(kept, too).",
    ),
    source=activations.softmax,
)


def loss_and_gradient(logits: Array, targets: Array) -> tuple[Any, Array]:
    """Return the mean loss of scores (T, B, V) and its gradient; targets are (T, B)."""
    y = one_hot(targets, logits.shape[-1])
    log_p = activations.log_softmax(logits)
    loss = -(y * log_p).sum() / targets.size
    dlogits = (np.exp(log_p) - y) / targets.size
    return loss, dlogits


def summed(logits: Array, targets: Array) -> Any:
    """Your loss is a sum over the steps, and it grows with the length of the text.

    Losses of texts of different length could not be compared then. How many terms
    are there, T times B?
    """
    loss, dlogits = loss_and_gradient(logits, targets)
    return loss * targets.size, dlogits * targets.size


def gradient_of_the_sum(logits: Array, targets: Array) -> Any:
    """The loss is a mean, and your gradient is that of the sum.

    If the loss is divided by something, what becomes of each of its derivatives?
    """
    loss, dlogits = loss_and_gradient(logits, targets)
    return loss, dlogits * targets.size


def wrong_way(logits: Array, targets: Array) -> Any:
    """Your gradient has the wrong sign.

    A step against the gradient must raise the score of the target. Then the gradient
    there has to be negative: which of p and y is subtracted from the other?
    """
    loss, dlogits = loss_and_gradient(logits, targets)
    return loss, -dlogits


def only_the_target(logits: Array, targets: Array) -> Any:
    """Only the target's score has a gradient in your answer.

    The other scores stand in the denominator of the softmax. If one of them rises,
    what happens to p of the target, and to the loss?
    """
    loss, dlogits = loss_and_gradient(logits, targets)
    return loss, dlogits * one_hot(targets, logits.shape[-1])


def only_mistakes(logits: Array, targets: Array) -> Any:
    """Where the most probable symbol is the right one, your gradient is zero.

    That is the rule of a perceptron. Is p of the target equal to 1 there? If not,
    p minus y is not zero, and the step has something to learn.
    """
    loss, dlogits = loss_and_gradient(logits, targets)
    wrong = logits.argmax(axis=-1) != targets
    return loss, dlogits * wrong[..., None]


def log_of_zero(logits: Array, targets: Array) -> Any:
    """A very small p has been rounded to 0, and log 0 is minus infinity.

    Take the logarithm on paper first: the log of a quotient is a difference, and the
    log of exp is the score itself. The library has that as `log_softmax`.
    """
    p, y = stable_softmax(logits), one_hot(targets, logits.shape[-1])
    with np.errstate(divide="ignore"):
        return -np.log(p[y == 1]).sum() / targets.size, (p - y) / targets.size


def zero_times_infinity(logits: Array, targets: Array) -> Any:
    """Some p has been rounded to 0. Its log is minus infinity, and 0 times that is nan.

    Which function of the library takes the logarithm before anything is rounded?
    """
    p, y = stable_softmax(logits), one_hot(targets, logits.shape[-1])
    with np.errstate(all="ignore"):
        return -(y * np.log(p)).sum() / targets.size, (p - y) / targets.size


def a_little_added(logits: Array, targets: Array) -> Any:
    """You add a tiny number to p, so that its logarithm stays finite.

    Then the loss has an upper limit, however wrong the guess. `log_softmax` has none.
    """
    p, y = stable_softmax(logits), one_hot(targets, logits.shape[-1])
    return -(y * np.log(p + 1e-12)).sum() / targets.size, (p - y) / targets.size


def over_all_symbols(logits: Array, targets: Array) -> Any:
    """You average over the symbols as well.

    `mean()` of a (T, B, V) array divides by V, too. Each step has only one loss.
    """
    loss, dlogits = loss_and_gradient(logits, targets)
    return loss / logits.shape[-1], dlogits / logits.shape[-1]


def _loss_cases(rng: Rng) -> list[Case]:
    hello = np.array([[[1.0, 2.2, -3.0, 4.1]]])
    sizes = ((1, 1, 3, 2.0), (5, 1, 4, 2.0), (4, 3, 5, 1e3), (6, 2, 4, 2.0))
    return [{"logits": hello, "targets": np.array([[1]])}] + [
        _some_right(rng, T, B, scale * rng.standard_normal((T, B, V)))
        for T, B, V, scale in sizes
    ]


def _some_right(rng: Rng, T: int, B: int, logits: Array) -> Case:
    """Return targets of which the first are the most probable, the last the least."""
    targets = rng.integers(logits.shape[-1], size=(T, B))
    targets[0], targets[-1, -1] = logits[0].argmax(axis=-1), logits[-1, -1].argmin()
    return {"logits": logits, "targets": targets}


def _loss_and_numerical_gradient(case: Case) -> tuple[Any, Array]:
    """Return the loss written out, and its derivative by the complex step."""
    top = case["logits"].max(axis=-1, keepdims=True)

    def loss(logits: Array) -> Any:
        right = np.take_along_axis(logits, case["targets"][..., None], axis=-1)
        total = np.exp(logits - top).sum(axis=-1, keepdims=True)
        return (np.log(total) + top - right).mean()

    found = numerical_gradients(loss, {"logits": case["logits"]}, method="complex")
    return loss(case["logits"]), found["logits"]


CROSS_ENTROPY = Exercise(
    id="01.7",
    kind="G",
    title="Cross-entropy and its gradient",
    reference=loss_and_gradient,
    returns=("loss", "dlogits"),
    cases=_loss_cases,
    bugs=(
        summed,
        gradient_of_the_sum,
        wrong_way,
        only_the_target,
        only_mistakes,
        log_of_zero,
        zero_times_infinity,
        a_little_added,
        over_all_symbols,
    ),
    hints=(
        "At each step the loss is minus the log of the probability of the target, and "
        "its gradient is p minus y. Then take the mean over all steps of all "
        "sequences.",
        "`one_hot(targets, V)` is y, of shape (T, B, V). `log_softmax(logits)` is "
        "log p, safe for any scores. Multiplied with y and summed, what is left of "
        "log p?",
        "y = one-hot of the targets; log_p = log_softmax of the logits; n = T times B; "
        "loss = minus the sum of y times log_p, over n; dlogits = exp of log_p, minus "
        "y, over n; return both.",
    ),
    numerical=_loss_and_numerical_gradient,
    source=losses.cross_entropy,
)
