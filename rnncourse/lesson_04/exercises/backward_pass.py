"""Exercise of lesson 04 about a whole sequence, where each step adds its part."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.gradcheck import numerical_gradients
from rnnlib.recurrent import Recurrent

__all__ = ["BACKWARD"]


def backward(
    x: Array, h: Array, h_0: Array, p: Array, y: Array, W_hh: Array, W_hy: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the gradients of the mean cross-entropy by all five parameters."""
    T, B, H = h.shape
    d_scores = (p - y) / (T * B)
    dW_xh, dW_hh, db_h = np.zeros((x.shape[-1], H)), np.zeros((H, H)), np.zeros(H)
    from_next = np.zeros((B, H))
    for t in reversed(range(T)):
        h_prev = h[t - 1] if t > 0 else h_0
        dh = d_scores[t] @ W_hy.T + from_next
        da = dh * (1 - h[t] ** 2)
        dW_xh += x[t].T @ da
        dW_hh += h_prev.T @ da
        db_h += da.sum(axis=0)
        from_next = da @ W_hh.T
    dW_hy = sum(h[t].T @ d_scores[t] for t in range(T))
    return dW_xh, dW_hh, db_h, np.asarray(dW_hy), d_scores.sum(axis=(0, 1))


def _walk(
    x: Array,
    h: Array,
    h_0: Array,
    p: Array,
    y: Array,
    W_hh: Array,
    W_hy: Array,
    *,
    sign: Any = 1,
    share: Any = None,
    hears_next: Any = 1,
    slope: Any = lambda h: 1 - h**2,
    way_back: Any = np.transpose,
    first: Any = None,
    partner: Any = 0,
    keeps: Any = 1,
    order: Any = reversed,
    squashed: Any = lambda loss, later, slope: (loss + later) * slope,
    sent: Any = lambda loss, later, da: da,
    piles: Any = 0,
    read: Any = lambda states: states[1:],
) -> Any:
    """Return the five gradients, with one piece of the way back exchanged."""
    T, B, _ = h.shape
    d_scores = sign * (p - y) / (share or T * B)
    states = np.concatenate([(h_0 if first is None else first(h))[None], h])
    dW_xh, dW_hh, db_h, from_next = 0, 0, 0, np.zeros_like(h_0)
    for t in order(range(T)):
        loss, later = d_scores[t] @ W_hy.T, hears_next * from_next
        da = squashed(loss, later, slope(h[t]))
        dW_xh = keeps * dW_xh + x[t].T @ da
        dW_hh = keeps * dW_hh + states[t + partner].T @ da
        db_h = keeps * db_h + da.sum(axis=0)
        from_next = piles * from_next + sent(loss, later, da) @ way_back(W_hh)
    dW_hy = np.einsum("tbh,tbv->hv", read(states), d_scores)
    return dW_xh, dW_hh, db_h, dW_hy, d_scores.sum(axis=(0, 1))


def forgot_the_next_step(*case: Array) -> Any:
    """Your states hear only the loss of their own step.

    A state has two readers: the output of its step, and the next state. What does the
    second one send back, and where does it have to be added?
    """
    return _walk(*case, hears_next=0)


def overwritten(*case: Array) -> Any:
    """What is left in your gradients comes from one step alone.

    The same weights are used at every step, and each use has its say. What must happen
    to what the later steps have said, when an earlier one comes?
    """
    return _walk(*case, keeps=0)


def not_transposed_over_time(*case: Array) -> Any:
    """Follow one unit back: which weights lead from it?

    Your walk is right at the last step and goes wrong on the way from step to step. On
    the way forward a state was multiplied by W_hh; its gradient needs the other side.
    """
    return _walk(*case, way_back=np.asarray)


def slope_at_h(*case: Array) -> Any:
    """You take the slope of tanh at h, but h has been through tanh already.

    The slope is meant at a. Written with the state itself it is even simpler: which
    formula was it?
    """
    return _walk(*case, slope=lambda h: 1 - np.tanh(h) ** 2)


def no_slope(*case: Array) -> Any:
    """Between the state and its pre-activation there is a tanh.

    Everything that goes back through step t, from the loss and from the next step, has
    to pass it. What happens to it there?
    """
    return _walk(*case, slope=lambda h: 1)


def y_for_p(*case: Array) -> Any:
    """Prediction and target have changed places.

    The gradient of the scores must be negative where a score should grow, at the
    target. Is yours?
    """
    return _walk(*case, sign=-1)


def forgot_the_mean(*case: Array) -> Any:
    """Your loss is the sum over all steps and sequences.

    What is asked is their mean: T times B terms, and each has an equal share.
    """
    return _walk(*case, share=1)


def mean_over_steps_alone(*case: Array) -> Any:
    """You share among the steps. But each step has a target for every sequence.

    The mean is over all of them: how many terms has the sum of the losses?
    """
    return _walk(*case, share=case[1].shape[0])


def mean_over_sequences_alone(*case: Array) -> Any:
    """You share among the sequences. But each sequence has a target at every step.

    The mean is over all of them: how many terms has the sum of the losses?
    """
    return _walk(*case, share=case[1].shape[1])


def piled_up_on_the_way(*case: Array) -> Any:
    """You add to what comes from the next step, and never begin it anew.

    Only the gradients of shared weights pile up. What a step sends back is used up by
    the step before it, and all later losses are in it already.
    """
    return _walk(*case, piles=1)


def new_state_for_old(*case: Array) -> Any:
    """A weight's gradient is what came in, times what comes back.

    What came into W_hh at step t: the state after this step, or the one before it?
    """
    return _walk(*case, partner=1)


def wrapped_around(*case: Array) -> Any:
    """Look at the first step: which state was before it?

    In numpy an index of -1 is no error, it means the last entry. So your first step has
    met the last state of all.
    """
    return _walk(*case, first=lambda h: h[-1])


def start_taken_as_zero(*case: Array) -> Any:
    """Look at the first step: which state was before it?

    The net did not start from zeros here. It is given where it started.
    """
    return _walk(*case, first=lambda h: 0 * h[0])


def walked_forward(*case: Array) -> Any:
    """Your walk goes from the first step to the last.

    What a step sends back is needed by the step before it. In which order must they be
    visited, so that it is there when it is needed?
    """
    return _walk(*case, order=iter)


def joined_after_the_slope(*case: Array) -> Any:
    """You add what comes from the next step behind the tanh.

    It belongs to the state h_t, as the gradient from the loss does: both have to go
    through the tanh of this step together.
    """
    return _walk(*case, squashed=lambda loss, later, slope: loss * slope + later)


def only_the_next_is_squashed(*case: Array) -> Any:
    """Look at the brackets around dh.

    You multiply only what comes from the next step by the slope. The gradient from the
    loss arrives at the same state. Does it pass the tanh, too?
    """
    return _walk(*case, squashed=lambda loss, later, slope: loss + later * slope)


def sent_before_the_slope(*case: Array) -> Any:
    """Look at what you send to the step before.

    The way to the old state leads through the tanh first, and through W_hh then. You
    send on what has not yet passed the tanh.
    """
    return _walk(*case, sent=lambda loss, later, da: loss + later)


def old_state_for_scores(*case: Array) -> Any:
    """What was multiplied by W_hy at step t?

    The scores of a step are read from the state after it, not from the one before.
    """
    return _walk(*case, read=lambda states: states[:-1])


def last_scores_only(*case: Array) -> Any:
    """Your dW_hy is that of the last step alone.

    W_hy is used at every step as well, and there is a loss at every step.
    """
    dW_xh, dW_hh, db_h, _, db_y = _walk(*case)
    _, h, _, p, y, _, _ = case
    dW_hy = h[-1].T @ (p[-1] - y[-1]) / (h.shape[0] * h.shape[1])
    return dW_xh, dW_hh, db_h, dW_hy, db_y


def _net_cases(rng: Rng) -> list[Case]:
    sizes = ((1, 1, 2, 3, 2), (1, 3, 2, 3, 4), (2, 2, 3, 2, 4), (4, 3, 3, 5, 2))
    return [_net_case(rng, *size) for size in sizes]


def _net_case(rng: Rng, T: int, B: int, D: int, H: int, V: int) -> Case:
    """Return a net that has read a random sequence, from the input to p."""
    x, h_0 = rng.standard_normal((T, B, D)), 0.5 * rng.standard_normal((B, H))
    W_xh, W_hh, W_hy = (rng.standard_normal(s) for s in ((D, H), (H, H), (H, V)))
    h = np.empty((T, B, H))
    for t in range(T):
        h[t] = np.tanh(x[t] @ W_xh + (h[t - 1] if t else h_0) @ W_hh)
    y = np.eye(V)[rng.integers(V, size=(T, B))]
    p = softmax(h @ W_hy)
    return {"x": x, "h": h, "h_0": h_0, "p": p, "y": y, "W_hh": W_hh, "W_hy": W_hy}


def _net_numerically(case: Case) -> tuple[Array, ...]:
    """Return the gradients of the loss of the net that a case comes from."""
    x, h, y, h_0 = case["x"], case["h"], case["y"], case["h_0"]
    T, B, D = x.shape
    rest = np.arctanh(h) - np.concatenate([h_0[None], h[:-1]]) @ case["W_hh"]

    def loss(W_xh: Array, W_hh: Array, b_h: Array, W_hy: Array, b_y: Array) -> Any:
        state, total = h_0, 0.0
        for t in range(T):
            state = np.tanh(rest[t] + x[t] @ W_xh + state @ W_hh + b_h)
            p = softmax(state @ W_hy + b_y)
            total -= (y[t] * np.log(p)).sum()
        return total / (T * B)

    H, V = case["W_hy"].shape
    places = {
        "W_xh": np.zeros((D, H)),
        "W_hh": case["W_hh"],
        "b_h": np.zeros(H),
        "W_hy": case["W_hy"],
        "b_y": np.zeros(V),
    }
    return tuple(numerical_gradients(loss, places).values())


BACKWARD = Exercise(
    id="04.3",
    kind="G",
    title="The whole way back",
    reference=backward,
    returns=("dW_xh", "dW_hh", "db_h", "dW_hy", "db_y"),
    cases=_net_cases,
    bugs=(
        forgot_the_next_step,
        overwritten,
        not_transposed_over_time,
        slope_at_h,
        no_slope,
        y_for_p,
        forgot_the_mean,
        mean_over_steps_alone,
        mean_over_sequences_alone,
        piled_up_on_the_way,
        new_state_for_old,
        wrapped_around,
        start_taken_as_zero,
        walked_forward,
        joined_after_the_slope,
        only_the_next_is_squashed,
        sent_before_the_slope,
        old_state_for_scores,
        last_scores_only,
    ),
    hints=(
        "Begin with the scores: their gradient is p - y, and each of the T times B "
        "terms has an equal share in the mean. Then walk from the last step to the "
        "first, and carry along what each step sends to the one before it.",
        "At each step: two gradients meet in dh; the slope of tanh makes da of it; da "
        "is used four times, for dW_xh, dW_hh, db_h, and for what goes to the state "
        "before. What is added up starts as an array of zeros; so does what comes from "
        "the next step.",
        "from_next = zeros; for t from the last to the first: dh = (gradient of the "
        "scores of t, times W_hy transposed) plus from_next; da = dh times the slope; "
        "add the three products of this step to their sums; from_next = da times W_hh "
        "transposed. The state before the first step is h_0. dW_hy adds up, over t, "
        "the state transposed times the gradient of the scores.",
    ),
    numerical=_net_numerically,
    source=(Recurrent.backward, Recurrent._back),
    seconds=4.0,
)
