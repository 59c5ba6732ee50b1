"""Exercises of lesson 10 on tokens: shifting targets, a loss with padding."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.gradcheck import numerical_gradients
from rnnlib.losses import cross_entropy
from rnnlib.models import shifted
from rnnlib.vocab import one_hot

__all__ = ["MASKED_LOSS", "SHIFT"]


def shift(target: Array, start: int) -> Array:
    """Return what the decoder is fed: START, then each target one step later."""
    fed = np.empty_like(target)
    fed[0] = start
    fed[1:] = target[:-1]
    return fed


def shifted_forwards(target: Array, start: int) -> Array:
    """Your decoder is fed the token that it has to say next.

    It would only have to copy. What does it know, in use, when it is about to say the
    token of step t?
    """
    fed = np.full_like(target, start)
    fed[:-1] = target[1:]
    return fed


def not_shifted(target: Array, start: int) -> Array:
    """Your decoder reads each token in the very step in which it should say it.

    Look at the picture of the decoder: what goes in below the step that says y_1?
    """
    fed = target.copy()
    fed[0] = start
    return fed


def one_too_many(target: Array, start: int) -> Array:
    """You put START in front, so there is one input more than there are answers.

    Each input has its answer. Which input has none that is asked for?
    """
    return np.vstack([np.full_like(target[:1], start), target])


def shifted_the_batch(target: Array, start: int) -> Array:
    """The sequences have changed places, the steps have not.

    Time is the first axis, here as everywhere: which one did you shift?
    """
    fed = np.empty_like(target)
    fed[:, 0] = start
    fed[:, 1:] = target[:, :-1]
    return fed


def rolled(target: Array, start: int) -> Array:
    """The last token of the target has come round to the front.

    The first thing that a decoder reads is the same for all sequences. What is it?
    """
    return np.roll(target, 1, axis=0)


def _targets(rng: Rng) -> list[Case]:
    sizes = ((1, 2), (3, 1), (4, 3), (5, 2))
    return [{"target": rng.integers(2, 9, size), "start": 1} for size in sizes]


SHIFT = Exercise(
    id="10.1",
    kind="V",
    title="What the decoder is fed",
    reference=shift,
    cases=_targets,
    bugs=(shifted_forwards, not_shifted, one_too_many, shifted_the_batch, rolled),
    hints=(
        "Write down the target d, c, END, and below each of its tokens what the "
        "decoder has said just before. What stands below the d?",
        "The result has as many steps as the target. Its first row is START for every "
        "sequence; all other rows are rows of the target.",
        "make an array of the target's shape and dtype; its row 0 is start; its row t "
        "is row t - 1 of the target; return it.",
    ),
    source=shifted,
)


def masked_cross_entropy(
    logits: Array, targets: Array, mask: Array
) -> tuple[float, Array]:
    """Return the mean loss over the tokens that exist, and its gradient."""
    p = softmax(logits)
    y = one_hot(targets, logits.shape[-1])
    exists = mask[..., None] / mask.sum()
    loss = -(y * np.log(p) * exists).sum()
    return loss, (p - y) * exists


def averaged_over_padding(
    logits: Array, targets: Array, mask: Array
) -> tuple[float, Array]:
    """You divide by all places, those of the padding too.

    Then a loss becomes smaller when a batch is padded more, though the model says the
    same. How many tokens does the mean run over?
    """
    loss, dlogits = masked_cross_entropy(logits, targets, mask)
    share = mask.mean()
    return loss * share, dlogits * share


def mask_forgotten(logits: Array, targets: Array, mask: Array) -> tuple[float, Array]:
    """The padding counts in your loss.

    Nobody cares what a model says after the end. Where must its loss be zero, and its
    gradient?
    """
    return masked_cross_entropy(logits, targets, np.ones_like(mask))


def gradient_not_masked(
    logits: Array, targets: Array, mask: Array
) -> tuple[float, Array]:
    """Your loss is right, but the padding still pushes the weights.

    The loss does not depend on what is said there. What is its derivative, then?
    """
    loss, _ = masked_cross_entropy(logits, targets, mask)
    p = softmax(logits)
    return loss, (p - one_hot(targets, logits.shape[-1])) / mask.sum()


def summed(logits: Array, targets: Array, mask: Array) -> tuple[float, Array]:
    """You add up where a mean is asked for.

    A sum grows with the batch and with the length, and the step of the training with
    it. What has it to be divided by?
    """
    loss, dlogits = masked_cross_entropy(logits, targets, mask)
    return loss * mask.sum(), dlogits * mask.sum()


def gradient_summed(logits: Array, targets: Array, mask: Array) -> tuple[float, Array]:
    """Your loss is a mean, your gradient that of a sum.

    If the loss is divided by a number, what happens to its derivative?
    """
    loss, dlogits = masked_cross_entropy(logits, targets, mask)
    return loss, dlogits * mask.sum()


def mean_of_means(logits: Array, targets: Array, mask: Array) -> tuple[float, Array]:
    """You take the mean of each sequence first, then the mean of these.

    A token of a short sequence then weighs more than one of a long sequence. Here every
    token that exists is to weigh the same.
    """
    share = mask / (mask.sum(axis=0) * mask.shape[1])
    p, y = softmax(logits), one_hot(targets, logits.shape[-1])
    return -(y * np.log(p) * share[..., None]).sum(), (p - y) * share[..., None]


def divided_by_the_batch(
    logits: Array, targets: Array, mask: Array
) -> tuple[float, Array]:
    """You divide by the number of sequences.

    Then a long answer costs more than a short one that is as good. How many tokens does
    the batch have?
    """
    loss, dlogits = masked_cross_entropy(logits, targets, mask)
    factor = mask.sum() / mask.shape[1]
    return loss * factor, dlogits * factor


def zeros_are_padding(
    logits: Array, targets: Array, mask: Array
) -> tuple[float, Array]:
    """You ask the targets which tokens exist, and not the mask.

    What stands at a padded place may be any token, and token 0 may be one that counts.
    """
    return masked_cross_entropy(logits, targets, targets != 0)


def _scores(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for T, B, V in ((2, 1, 3), (3, 2, 4), (5, 3, 4)):
        lengths = np.array([T - 1, *rng.integers(1, T + 1, size=B - 1)])
        cases.append(
            {
                "logits": rng.standard_normal((T, B, V)),
                "targets": rng.integers(0, V, size=(T, B)),
                "mask": np.arange(T)[:, None] < lengths,
            }
        )
    return cases


def _loss_numerically(case: Case) -> tuple[Any, Array]:
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
    cases=_scores,
    bugs=(
        averaged_over_padding,
        mask_forgotten,
        gradient_not_masked,
        summed,
        gradient_summed,
        mean_of_means,
        divided_by_the_batch,
        zeros_are_padding,
    ),
    hints=(
        "Do it without a mask first: it is the loss of lesson 01 for every step and "
        "sequence, and its gradient p - y. Then ask which of these count.",
        "The mask has the shape (T, B), the scores (T, B, V): give it a third axis. "
        "Multiply by it what is said of each token, and divide by how many exist.",
        "p = softmax of the logits; y = one-hot targets; weight = mask with one more "
        "axis, over the number of True in it; loss = minus the sum of y times log p "
        "times weight; the gradient is p minus y, times weight.",
    ),
    numerical=_loss_numerically,
    source=cross_entropy,
)
