"""Exercise 04.4: the gradient of an initial state that all sequences share."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import numerical_gradients

__all__ = ["START_GRADIENT"]


def start_gradient(dh: Array, h: Array, W_hh: Array) -> Array:
    """Return the gradient of one initial state h_0 (H,) that all sequences share."""
    from_next = np.zeros_like(dh[0])
    for t in reversed(range(len(h))):
        da = (dh[t] + from_next) * (1 - h[t] ** 2)
        from_next = da @ W_hh.T
    return from_next.sum(axis=0)


def _cases(rng: Rng) -> list[Case]:
    cases: list[Any] = [
        {
            "dh": rng.standard_normal((T, B, H)),
            "h": np.tanh(rng.standard_normal((T, B, H))),
            "W_hh": rng.standard_normal((H, H)),
        }
        for T, B, H in (
            (1, 1, 2),
            (2, 1, 3),
            (3, 2, 2),
            (4, 3, 5),
            (2, 3, 1),
            (1, 4, 3),
            (6, 2, 3),
            (15, 5, 3),
        )
    ]
    cases[1]["W_hh"] *= 4
    cases[7]["W_hh"] *= 0.5
    cases[3]["h"][:, 1] = np.tanh(9)  # saturated
    cases[6]["dh"][[2, -1]] = 0  # steps without a loss
    for name in ("dh", "h"):  # two sequences that are alike
        cases[7][name][:, 4] = cases[7][name][:, 2]
    round_ = {"dh": 1.0 * rng.integers(-3, 4, cases[2]["dh"].shape)}
    return [*cases, {**cases[2], **round_}]


def _numerically(case: Case) -> Array:
    """Return the gradient of h_0 for a net whose states are those of a case."""
    dh, h, W_hh = case["dh"], case["h"], case["W_hh"]
    before = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
    rest = np.arctanh(h) - before @ W_hh

    def loss(h_0: Array) -> Any:
        state, total = np.zeros_like(h[0]) + h_0, 0.0
        for t in range(len(h)):
            state = np.tanh(rest[t] + state @ W_hh)
            total += (dh[t] * state).sum()
        return total

    return numerical_gradients(loss, {"h_0": np.zeros(h.shape[-1])})["h_0"]


START_GRADIENT = Exercise(
    id="04.4",
    kind="G",
    title="The gradient of the initial state",
    reference=start_gradient,
    cases=_cases,
    mistakes=(
        Mistake(
            "only_the_last_loss",
            {"np.zeros_like(dh[0])": "dh[-1]", "(dh[t] + from_next)": "from_next"},
            "Only the loss of the last step reaches your initial state. It acts on "
            "every later state, so every later loss has its say. Where do the losses "
            "on the way join in?",
        ),
        Mistake(
            "only_the_first_loss",
            {"range(len(h))": "range(1)"},
            "Only the loss of the first step reaches your initial state. It acts on "
            "every later state, too. By which path do the later losses come back to "
            "it?",
        ),
        Mistake(
            "stopped_at_h_1",
            {
                "range(len(h))": "range(1, len(h))",
                "from_next.sum": "(dh[0] + from_next).sum",
            },
            "You stop one step too early. What you return is the gradient of the "
            "state after the first step. Between it and h_0 there is one more tanh and "
            "one more product.",
        ),
        Mistake(
            "mean_over_the_batch",
            {".sum(axis=0)": ".mean(axis=0)"},
            "You take the mean over the sequences. One h_0 is used by all of them, as "
            "one weight is used at all steps. What happens to the gradients of "
            "something that is used several times?",
        ),
        Mistake(
            "one_state_each",
            {".sum(axis=0)": ""},
            "You have a gradient for each sequence, (B, H). That would be right if "
            "each had an h_0 of its own. Here one h_0 (H,) is shared by all: how many "
            "paths lead from it?",
        ),
        Mistake(
            "without_slopes",
            {" * (1 - h[t] ** 2)": ""},
            "Between two states there is a product and a tanh. You go back through "
            "the products alone. What does each tanh do to the gradient?",
        ),
        Mistake(
            "not_transposed_to_h_0",
            {"W_hh.T": "W_hh"},
            "Follow one unit back: which weights lead from it? Row j of W_hh says "
            "where unit j of the old state goes. In the backward pass unit j collects "
            "from all of them: along a row or along a column?",
        ),
        Mistake(
            "first_sequence_of_all",
            {".sum(axis=0)": "[0]"},
            "Only the first sequence of the batch has its say. All of them have begun "
            "from the same h_0. What happens to the gradients of something that is "
            "used several times?",
        ),
        Mistake(
            "walked_forward_to_h_0",
            {"reversed(range(len(h)))": "range(len(h))"},
            "Your walk goes from the first step to the last. What a step sends back "
            "is needed by the step before it. In which order must they be visited?",
        ),
    ),
    hints=(
        "It is the same walk as before, only that you need no gradient of a weight. "
        "What arrives at the state before the first step?",
        "Carry one array (B, H) along: what each step sends to the state before it. "
        "After the first step of the sequence it belongs to h_0; then think of how "
        "many sequences use the same one.",
        "The loop is that of 04.3 with everything taken out that belongs to weights. "
        "What is left of a round are three things: what joins, the tanh, and the "
        "product on the way to the state before. After the loop there is one line "
        "more.",
    ),
    numerical=_numerically,
)
