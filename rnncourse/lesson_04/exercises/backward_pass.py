"""Exercise 04.3: the backward pass over a whole sequence, where each step adds."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.gradcheck import numerical_gradients
from rnnlib.recurrent import Recurrent

__all__ = ["BACKWARD_PASS"]


def backward_pass(
    x: Array, h: Array, h_0: Array, p: Array, y: Array, W_hh: Array, W_hy: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the gradients of the mean cross-entropy for all five parameters."""
    T, B, H = h.shape
    d_scores = (p - y) / (T * B)
    dW_xh, dW_hh, db_h = np.zeros((x.shape[-1], H)), np.zeros((H, H)), np.zeros(H)
    dW_hy = np.zeros_like(W_hy)
    from_next = np.zeros((B, H))
    for t in reversed(range(T)):
        h_prev = h[t - 1] if t > 0 else h_0
        dh = d_scores[t] @ W_hy.T + from_next
        da = dh * (1 - h[t] ** 2)
        dW_xh += x[t].T @ da
        dW_hh += h_prev.T @ da
        db_h += da.sum(axis=0)
        dW_hy += h[t].T @ d_scores[t]
        from_next = da @ W_hh.T
    return dW_xh, dW_hh, db_h, dW_hy, d_scores.sum(axis=(0, 1))


def _cases(rng: Rng) -> list[Case]:
    sizes = (
        *((1, 1, 2, 3, 2), (1, 3, 2, 3, 4), (2, 2, 3, 2, 4), (4, 3, 3, 5, 2)),
        *((3, 2, 2, 3, 3), (2, 1, 1, 1, 3), (9, 5, 2, 3, 4)),
    )
    loud, long = _case(rng, 12, 1, 2, 3, 4, loudness=30), _case(rng, 30, 2, 2, 2, 3)
    for t in (4, 11):  # nothing is to be learned there
        loud["p"][t] = loud["y"][t]
    whole: dict[str, Any] = {**_case(rng, 4, 2, 3, 2, 3)}
    whole["y"] = whole["y"].astype(int)
    cases = [_case(rng, *size) for size in sizes]
    cases[3]["h_0"][0] = 0  # one sequence begins at nothing, the others do not
    return [*cases, whole, long, loud]


def _case(
    rng: Rng, T: int, B: int, D: int, H: int, V: int, loudness: float = 1
) -> Case:
    """Return a net that has read a random sequence, from the input to p."""
    x, h_0 = rng.standard_normal((T, B, D)), 0.5 * rng.standard_normal((B, H))
    W_xh, W_hh, W_hy = (rng.standard_normal(s) for s in ((D, H), (H, H), (H, V)))
    W_hy *= loudness
    h = np.empty((T, B, H))
    for t in range(T):
        h[t] = np.tanh(x[t] @ W_xh + (h[t - 1] if t else h_0) @ W_hh)
    y = np.eye(V)[rng.integers(V, size=(T, B))]
    p = softmax(h @ W_hy)
    return {"x": x, "h": h, "h_0": h_0, "p": p, "y": y, "W_hh": W_hh, "W_hy": W_hy}


def _numerically(case: Case) -> tuple[Array, ...]:
    """Return the gradients of the loss of the net that a case comes from."""
    x, h, y, h_0 = case["x"], case["h"], case["y"], case["h_0"]
    T, B, D = x.shape
    counts = (case["p"] != y).any(axis=-1, keepdims=True)
    rest = np.arctanh(h) - np.concatenate([h_0[None], h[:-1]]) @ case["W_hh"]

    def loss(W_xh: Array, W_hh: Array, b_h: Array, W_hy: Array, b_y: Array) -> Any:
        state, total = h_0, 0.0
        for t in range(T):
            state = np.tanh(rest[t] + x[t] @ W_xh + state @ W_hh + b_h)
            p = softmax(state @ W_hy + b_y)
            total -= (counts[t] * y[t] * np.log(p)).sum()
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


BACKWARD_PASS = Exercise(
    id="04.3",
    kind="G",
    title="The whole backward pass",
    reference=backward_pass,
    returns=("dW_xh", "dW_hh", "db_h", "dW_hy", "db_y"),
    whole=("x", "y"),
    cases=_cases,
    mistakes=(
        Mistake(
            "forgot_the_next_step",
            {" + from_next": ""},
            "Your states hear only the loss of their own step. A state has two "
            "readers: the output of its step, and the next state. What does the "
            "second one send back, and where does it have to be added?",
        ),
        Mistake(
            "overwritten",
            {"dW_xh +=": "dW_xh =", "dW_hh +=": "dW_hh =", "db_h +=": "db_h ="},
            "What is left in your gradients comes from one step alone. The same "
            "weights are used at every step, and each use adds to their gradient. "
            "When you come to an earlier step, what becomes of the later ones?",
        ),
        Mistake(
            "not_transposed_over_time",
            {"W_hh.T": "W_hh"},
            "Follow one unit back: which weights lead from it? Your walk is right at "
            "the last step and goes wrong between one step and the next. In the "
            "forward pass a state was multiplied by W_hh: does its gradient collect "
            "along the rows of W_hh, or along the columns?",
        ),
        Mistake(
            "slope_at_h",
            {"h[t] ** 2": "np.tanh(h[t]) ** 2"},
            "You take the slope of tanh at h, but h has been through tanh already. "
            "The slope is needed at a. Written with the state itself it is even "
            "simpler: what was the formula?",
        ),
        Mistake(
            "no_slope",
            {" * (1 - h[t] ** 2)": ""},
            "Between the state and its pre-activation there is a tanh. Everything "
            "that goes back through step t, from the loss and from the next step, has "
            "to pass it. What happens to it there?",
        ),
        Mistake(
            "y_for_p",
            {"p - y": "y - p"},
            "Prediction and target have changed places. The gradient of the scores "
            "must be negative where a score should grow, at the target. Is yours?",
        ),
        Mistake(
            "forgot_the_mean",
            {" / (T * B)": ""},
            "A share is missing in those of your gradients that are not right. The "
            "loss is the mean over all steps and sequences: T times B terms, and each "
            "has an equal share.",
        ),
        Mistake(
            "mean_over_steps_alone",
            {"(T * B)": "T"},
            "You divide by the number of steps. But each step has a target for every "
            "sequence. The mean is over all of them: how many terms does the sum of "
            "the losses have?",
        ),
        Mistake(
            "mean_over_sequences_alone",
            {"(T * B)": "B"},
            "You divide by the number of sequences. But each sequence has a target at "
            "every step. The mean is over all of them: how many terms does the sum of "
            "the losses have?",
        ),
        Mistake(
            "mean_over_the_classes_too",
            {"(T * B)": "p.size"},
            "You divide by V as well. There is one loss for each target, not for each "
            "class: how many terms has the mean?",
        ),
        Mistake(
            "piled_up_on_the_way",
            {"from_next = da": "from_next += da"},
            "You keep adding to what comes from the next step, and never start it "
            "afresh. Only the gradients of shared weights pile up. What a step sends "
            "back is used up by the step before it, and all later losses are in it "
            "already.",
        ),
        Mistake(
            "new_state_for_old",
            {"h_prev.T": "h[t].T"},
            "A weight's gradient is what came in, times what comes back. What came "
            "into W_hh at step t: the state after this step, or the one before it?",
        ),
        Mistake(
            "wrapped_around",
            {" if t > 0 else h_0": ""},
            "Look at the first step: which state was before it? In numpy an index of "
            "-1 is no error: it means the last entry. So your first step has met the "
            "very last state.",
        ),
        Mistake(
            "start_taken_as_zero",
            {"else h_0": "else 0 * h_0"},
            "Look at the first step: which state was before it? The initial state is "
            "not zero here. It is given.",
        ),
        Mistake(
            "walked_forward",
            {"reversed(range(T))": "range(T)"},
            "Your walk goes from the first step to the last. What a step sends back "
            "is needed by the step before it. In which order must they be visited, so "
            "that it is there when it is needed?",
        ),
        Mistake(
            "joined_after_the_slope",
            {" + from_next": "", "** 2)": "** 2) + from_next"},
            "You add what comes from the next step only after the slope. It belongs "
            "to the state h_t, as the gradient from the loss does: both have to go "
            "through the tanh of this step together.",
        ),
        Mistake(
            "only_the_next_is_squashed",
            {" + from_next": "", "dh * (": "dh + from_next * ("},
            "Look at the brackets around dh. You multiply only what comes from the "
            "next step by the slope. The gradient from the loss arrives at the same "
            "state. Does it pass the tanh, too?",
        ),
        Mistake(
            "sent_before_the_slope",
            {"from_next = da": "from_next = dh"},
            "Look at what you send to the step before. The way to the old state leads "
            "first through the tanh and then through W_hh. You send on what has not "
            "yet passed the tanh.",
        ),
        Mistake(
            "old_state_for_scores",
            {"h[t].T @ d_scores": "h_prev.T @ d_scores"},
            "What was multiplied by W_hy at step t? The scores of a step are read "
            "from the state after it, not from the one before.",
        ),
        Mistake(
            "scores_overwritten",
            {"dW_hy +=": "dW_hy ="},
            "Your dW_hy is that of one step alone. There is a loss at every step, and "
            "each of them has been through W_hy. Does each round replace what the "
            "others have found?",
        ),
        Mistake(
            "last_scores_only",
            {"dW_hy +=": "dW_hy += (t == T - 1) *"},
            "Your dW_hy is that of the last step alone. W_hy is used at every step as "
            "well, and there is a loss at every step.",
        ),
    ),
    hints=(
        "Begin with the scores: their gradient is p - y, and each of the T times B "
        "terms has an equal share in the mean. Then walk from the last step to the "
        "first, and carry along what each step sends to the one before it.",
        "At each step two gradients meet in dh. Multiplied by the slope of tanh it is "
        "da, which is used four times: for dW_xh, dW_hh, db_h, and for what goes to "
        "the state before. The sums start as arrays of zeros, and so does what comes "
        "from the next step.",
        "Before the loop: the gradient of all scores, four sums, and one array for "
        "what the next step sends. In the loop, from the last step on: what meets at "
        "the state, then da, then what it adds to each sum, then what it sends on. "
        "Which state was before the first step? What W_hy and b_y get needs no walk at "
        "all.",
    ),
    numerical=_numerically,
    source=(Recurrent.backward, Recurrent._back),
    point=(
        "for t in reversed",
        "np.add(d_state.h, dh[t]",
        "cell.step_backward(d_state",
        "parameter_gradients(da, cache)",
    ),
    seconds=4.0,
)
