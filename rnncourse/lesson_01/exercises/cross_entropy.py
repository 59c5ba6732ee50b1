"""Exercise 01.7: cross-entropy and its gradient."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib import activations, losses
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import numerical_gradients
from rnnlib.vocab import one_hot


def loss_and_gradient(logits: Array, targets: Array) -> tuple[Any, Array]:
    """Return the mean loss of scores (T, B, V) and its gradient; targets are (T, B)."""
    n = targets.size
    y = one_hot(targets, logits.shape[-1])
    log_p = activations.log_softmax(logits)
    loss = -(y * log_p).sum() / n
    dlogits = (np.exp(log_p) - y) / n
    return loss, dlogits


def _cases(rng: Rng) -> list[Case]:
    hello = np.array([[[1.0, 2.2, -3.0, 4.1]]])
    sizes = (
        (1, 1, 3, 2.0),
        (5, 1, 4, 2.0),
        (3, 4, 5, 1e3),
        (6, 2, 4, 2.0),
        (6, 2, 4, 2.0),
        (4, 2, 1, 2.0),
        (3, 3, 4, 2.0),
        (9, 5, 3, 2.0),
    )
    return (
        [{"logits": hello, "targets": np.array([[1]])}]
        + [
            _some_right(rng, T, B, scale * rng.standard_normal((T, B, V)))
            for T, B, V, scale in sizes
        ]
        + [_some_right(rng, 4, 3, rng.standard_normal((3, 4, 5)).swapaxes(0, 1))]
    )


def _some_right(rng: Rng, T: int, B: int, logits: Array) -> Case:
    """Return targets of which the first are the most probable, the last the least."""
    targets = rng.integers(logits.shape[-1], size=(T, B))
    targets[0], targets[-1, -1] = logits[0].argmax(axis=-1), logits[-1, -1].argmin()
    return {"logits": logits, "targets": targets}


def _numerical(case: Case) -> tuple[Any, Array]:
    """Return the loss written out, and its derivative by the complex step."""
    top = case["logits"].max(axis=-1, keepdims=True)

    def loss(logits: Array) -> Any:
        right = np.take_along_axis(logits, case["targets"][..., None], axis=-1)
        total = np.exp(logits - top).sum(axis=-1, keepdims=True)
        return (np.log(total) + top - right).mean()

    grads = numerical_gradients(loss, {"logits": case["logits"]}, method="complex")
    return loss(case["logits"]), grads["logits"]


BY_MEAN = "(logits - logits.mean(axis=-1, keepdims=True))"
BY_LARGEST = "(logits - logits.max())"
PICKED = {"(y * log_p)": "log_p[y == 1]"}
P_OF_THE_LIBRARY = {"np.exp(log_p)": "activations.softmax(logits)"}


def _with_log_p(log_p: str, more: dict[str, str] | None = None) -> dict[str, str]:
    """Return edits that compute log p by other code, and `more`."""
    return {"activations.log_softmax(logits)": log_p, **(more or {})}


def _less_log_of_sum(scores: str) -> str:
    return f"{scores} - np.log(np.exp({scores}).sum(axis=-1, keepdims=True))"


def _shares(scores: str) -> str:
    return f"np.exp({scores}) / np.exp({scores}).sum(axis=-1, keepdims=True)"


CROSS_ENTROPY = Exercise(
    id="01.7",
    kind="G",
    title="Cross-entropy and its gradient",
    reference=loss_and_gradient,
    returns=("loss", "dlogits"),
    cases=_cases,
    mistakes=(
        Mistake(
            "summed",
            {"n = targets.size": "n = 1"},
            "Your loss is a sum over the steps, and it grows with the length of the "
            "text. Then the losses of texts of different lengths cannot be compared. "
            "How many terms are there, T times B?",
        ),
        Mistake(
            "gradient_of_the_sum",
            {"(np.exp(log_p) - y) / n": "np.exp(log_p) - y"},
            "The loss is a mean, and your gradient is that of the sum. If the loss is "
            "divided by something, what becomes of each of its derivatives?",
        ),
        Mistake(
            "wrong_way",
            {"np.exp(log_p) - y": "y - np.exp(log_p)"},
            "Your gradient has the wrong sign. A step against the gradient must raise "
            "the score of the target. Then the gradient there has to be negative: "
            "which of p and y is subtracted from the other?",
        ),
        Mistake(
            "only_the_target",
            {"(np.exp(log_p) - y)": "y * (np.exp(log_p) - y)"},
            "Only the target's score has a gradient in your answer. The other scores "
            "stand in the denominator of the softmax. If one of them rises, what "
            "happens to p of the target, and to the loss?",
        ),
        Mistake(
            "only_mistakes",
            {
                "return loss, dlogits": "wrong = logits.argmax(axis=-1) != targets\n"
                "    return loss, dlogits * wrong[..., None]"
            },
            "Where the most probable symbol is the right one, your gradient is zero. "
            "That is the rule of a perceptron. Is p of the target equal to 1 there? "
            "If not, p minus y is not zero, and the step has something to learn.",
        ),
        Mistake(
            "overflows",
            _with_log_p(_less_log_of_sum("logits")),
            "The exponential of a large score is more than a float can hold. Your "
            "formula may be right on paper, but exp comes first. Shift each row before "
            "it, as in 01.3, so that none of its scores is above 0; the library's "
            "`softmax` and `log_softmax` do that for you.",
            others=(
                _with_log_p(_less_log_of_sum("logits"), PICKED),
                _with_log_p(_less_log_of_sum("logits"), P_OF_THE_LIBRARY),
                _with_log_p(_less_log_of_sum("logits"), PICKED | P_OF_THE_LIBRARY),
                _with_log_p(_less_log_of_sum(BY_MEAN)),
                _with_log_p(_less_log_of_sum(BY_MEAN), PICKED),
                _with_log_p(f"np.log({_shares('logits')})"),
                _with_log_p(f"np.log({_shares('logits')})", PICKED),
                {"np.exp(log_p)": _shares("logits")},
            ),
        ),
        Mistake(
            "one_shift_for_all",
            _with_log_p(_less_log_of_sum(BY_LARGEST)),
            "You take one largest score off all rows. A row that lies far below it has "
            "nothing but zeros left after exp, and their sum has no logarithm. Which "
            "score of its own may each row lose?",
            others=(
                _with_log_p(_less_log_of_sum(BY_LARGEST), PICKED),
                _with_log_p(_less_log_of_sum(BY_LARGEST), PICKED | P_OF_THE_LIBRARY),
                _with_log_p(f"np.log({_shares(BY_LARGEST)})"),
                _with_log_p(f"np.log({_shares(BY_LARGEST)})", PICKED),
                {"np.exp(log_p)": _shares(BY_LARGEST)},
            ),
        ),
        Mistake(
            "log_of_zero",
            {
                "activations.log_softmax(logits)": "np.log("
                "activations.softmax(logits))",
                "(y * log_p)": "log_p[y == 1]",
            },
            "A very small p has been rounded to 0, and log 0 is minus infinity. Take "
            "the logarithm on paper first: the log of a quotient is a difference, and "
            "the log of exp is the score itself. The library has that as "
            "`log_softmax`.",
        ),
        Mistake(
            "zero_times_infinity",
            {"activations.log_softmax(logits)": "np.log(activations.softmax(logits))"},
            "Some p has been rounded to 0. Its log is minus infinity, and 0 times "
            "that is nan. Which function of the library takes the logarithm before "
            "anything is rounded?",
        ),
        Mistake(
            "a_little_added",
            {
                "activations.log_softmax(logits)": "np.log("
                "activations.softmax(logits) + 1e-12)"
            },
            "You add a tiny number to p, or keep it above one, so that its logarithm "
            "stays finite. Then the loss has an upper limit, however wrong the guess. "
            "`log_softmax` has none.",
            others=tuple(
                {
                    "log_p = activations.log_softmax(logits)": "p = "
                    "activations.softmax(logits)\n    "
                    f"log_p = np.log(p + {tiny})",
                    "np.exp(log_p)": "p",
                }
                for tiny in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)
            ),
        ),
        Mistake(
            "slope_of_the_logarithm",
            {"(np.exp(log_p) - y)": "(-y / np.exp(log_p))"},
            "Your gradient is that of the loss with respect to p. What is asked for is "
            "the one with respect to the scores: between them stands the softmax, in "
            "which every score moves every p. What is left of both together?",
        ),
        Mistake(
            "over_all_symbols",
            {"n = targets.size": "n = logits.size"},
            "You average over the symbols as well. `mean()` of a (T, B, V) array "
            "divides by V, too. Each step has only one loss.",
        ),
    ),
    hints=(
        "At each step the loss is minus the log of the probability of the target, and "
        "its gradient is p minus y. Then take the mean over all steps of all "
        "sequences.",
        "`one_hot(targets, V)` is y, of shape (T, B, V). `log_softmax(logits)` is "
        "log p, safe for any scores. Multiplied with y and summed, what is left of "
        "log p?",
        "Make y and log p first, both of shape (T, B, V). The loss needs one entry of "
        "log p at each step, the gradient all of p. Both are divided by the same "
        "number: how many steps of all sequences are there?",
    ),
    numerical=_numerical,
    source=losses.cross_entropy,
    point=(
        "scores.real.max",
        "at_target =",
        "np.exp(p, out=p)",
        "total = p.sum",
        "losses = np.log",
        "# dL/dlogits",
        "p /= total",
        "p[each_step, targets] -= 1",
    ),
)
