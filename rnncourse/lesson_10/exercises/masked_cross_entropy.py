"""Exercise 10.2: a loss that does not see the padding."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import log_softmax
from rnnlib.gradcheck import numerical_gradients
from rnnlib.losses import cross_entropy
from rnnlib.vocab import one_hot

__all__ = ["MASKED_LOSS"]


def masked_cross_entropy(
    logits: Array, targets: Array, mask: Array
) -> tuple[float, Array]:
    """Return the mean loss over the tokens that exist, and its gradient."""
    log_p = log_softmax(logits)
    y = one_hot(targets, logits.shape[-1])
    exists = mask[..., None] / mask.sum()
    loss = -(y * log_p * exists).sum()
    return loss, (np.exp(log_p) - y) * exists


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for T, B, V in ((2, 1, 3), (3, 2, 4), (5, 3, 40), (1, 3, 4), (4, 2, 3), (9, 6, 3)):
        lengths = np.array([T - 1, *rng.integers(1, T + 1, size=B - 1)])
        cases.append(
            {
                "logits": rng.standard_normal((T, B, V)),
                "targets": rng.integers(0, V, size=(T, B)),
                "mask": np.arange(T)[:, None] < lengths,
            }
        )
    whole, holes = cases[4]["mask"], cases[5]["mask"]
    cases += [_certain(rng, 4, 3, 5), _far_apart(rng, 3, 4, 4)]
    whole[...] = True
    holes[:, 1], holes[:, 2] = rng.random(9) < 0.5, False
    holes[-1, 4] = holes[1, 5] = True
    return cases


def _certain(rng: Rng, T: int, B: int, V: int) -> Case:
    """Return scores that are sure of a token: of the right one, or of another."""
    logits, targets = rng.standard_normal((T, B, V)), rng.integers(0, V, size=(T, B))
    logits[0, 0, targets[0, 0]] += 45
    logits[1, 1, targets[1, 1] - 1] += 60
    mask = np.arange(T)[:, None] < [T, T - 1, 1]
    return {"logits": logits, "targets": targets, "mask": mask}


def _far_apart(rng: Rng, T: int, B: int, V: int) -> Case:
    """Return scores that are large at one place and at home at the next."""
    logits = rng.standard_normal((T, B, V))
    logits[0] += 900
    logits[1, ::2] -= 900
    targets, mask = rng.integers(0, V, size=(T, B)), np.ones((T, B), dtype=bool)
    mask[-1, 1:3] = False
    logits[-1, 1, targets[-1, 1]] -= 1500  # the padding would say anything but that
    return {"logits": logits, "targets": targets, "mask": mask}


def _numerically(case: Case) -> tuple[Any, Array]:
    def loss(logits: Array) -> Any:
        return cross_entropy(logits, case["targets"], case["mask"])[0]

    found = numerical_gradients(loss, {"logits": case["logits"]})
    return loss(case["logits"]), found["logits"]


MASKED_LOSS = Exercise(
    id="10.2",
    kind="G",
    title="A loss that does not see the padding",
    reference=masked_cross_entropy,
    returns=("loss", "dlogits"),
    cases=_cases,
    mistakes=(
        Mistake(
            "over_all_symbols",
            {"exists).sum()": "exists).sum() / logits.shape[-1]"},
            "You average over the V symbols as well. Each token has one loss, not V: "
            "along the last axis add up, and take the mean over the tokens.",
        ),
        Mistake(
            "averaged_over_padding",
            {"mask.sum()": "mask.size"},
            "You divide by the number of all places, the padding included. Then the "
            "loss becomes smaller when a batch is padded more, though the model says "
            "the same. How many tokens does the mean run over?",
        ),
        Mistake(
            "mask_forgotten",
            {"mask[..., None] / mask.sum()": "1 / mask.size"},
            "The padding counts in your loss. Nobody cares what a model says after "
            "the end. Where must its loss be zero, and its gradient?",
        ),
        Mistake(
            "gradient_not_masked",
            {"(np.exp(log_p) - y) * exists": "(np.exp(log_p) - y) / mask.sum()"},
            "Your loss is right, but the padding still pushes the weights. The loss "
            "does not depend on what is said there. What is its derivative, then?",
        ),
        Mistake(
            "summed",
            {" / mask.sum()": ""},
            "You add up where a mean is asked for. A sum grows with the batch and "
            "with the length, and each training step grows with it. What must it be "
            "divided by?",
        ),
        Mistake(
            "gradient_summed",
            {"(np.exp(log_p) - y) * exists": "(np.exp(log_p) - y) * mask[..., None]"},
            "Your loss is a mean, your gradient that of a sum. If the loss is divided "
            "by a number, what happens to its derivative?",
        ),
        Mistake(
            "mean_of_means",
            {
                "mask[..., None] / mask.sum()": "(mask / mask.sum(0))[..., None] "
                "/ mask.shape[1]"
            },
            "You take the mean of each sequence first, then the mean of these. A "
            "token of a short sequence then weighs more than one of a long sequence. "
            "Here every token that exists is to weigh the same.",
        ),
        Mistake(
            "softmax_over_another_axis",
            {"softmax(logits)": "softmax(logits.T).T"},
            "Your probabilities add up to 1 over the steps, and not over the tokens. "
            "Which axis holds the scores that compete with each other?",
            others=(
                {"softmax(logits)": "softmax(logits.swapaxes(1, 2)).swapaxes(1, 2)"},
                {"softmax(logits)": "softmax(logits.ravel()).reshape(logits.shape)"},
            ),
        ),
        Mistake(
            "divided_by_the_batch",
            {"mask.sum()": "mask.shape[1]"},
            "You divide by the number of sequences. Then a long answer costs more "
            "than a short one that is as good. How many tokens does the batch have?",
        ),
        Mistake(
            "zeros_are_padding",
            {
                "log_p = log_softmax(logits)": "log_p, mask = log_softmax(logits), "
                "targets != 0"
            },
            "You ask the targets which tokens exist, and not the mask. What stands at "
            "a padded place may be any token, and token 0 may be one that counts.",
        ),
    ),
    hints=(
        "Do it without a mask first: it is the loss of lesson 01 for every step and "
        "sequence, and its gradient p - y. Then ask which of these count.",
        "The mask has the shape (T, B), the scores (T, B, V): give it a third axis. "
        "Multiply by it what is said of each token, and divide by how many exist.",
        "Make p and y, both (T, B, V), and a weight for each token: nothing if it is "
        "padding, else its share in a mean over all that exist. Loss and gradient are "
        "those of lesson 01 with this weight; does it belong to both?",
    ),
    numerical=_numerically,
    source=cross_entropy,
    point=(
        "np.log(total) - at_target",
        "# dL/dlogits",
        "p /= total",
        "p[each_step, targets] -= 1",
        "return _mean(losses",
    ),
)
