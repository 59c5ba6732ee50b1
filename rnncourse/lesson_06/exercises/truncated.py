"""Exercise 06.4: back-propagation that is cut every tau steps."""

from functools import partial
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Grads, Rng
from rnnlib.batches import chunks
from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.gradcheck import numerical_gradients
from rnnlib.recurrent import Recurrent
from rnnlib.training._run import Run

__all__ = ["TRUNCATED"]


def truncated(layer: Any, x: Array, dh: Array, tau: int) -> Grads:
    """Return the gradients of the parameters, summed over chunks of tau steps."""
    state = None
    total = {name: np.zeros_like(p) for name, p in layer.params.items()}
    for start in range(0, len(x), tau):
        now = slice(start, start + tau)
        _, state, cache = layer.forward(x[now], state)
        _, _, grads = layer.backward(dh[now], cache)
        for name in total:
            total[name] += grads[name]
    return total


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    plain = (2, 1, 2, 1), (3, 5, 3, 2), (7, 3, 2, 3), (5, 2, 3, 9)
    gated = (4, 1, 2, 2), (8, 2, 4, 1), (7, 2, 3, 3)
    kinds = {RNNCell: (*plain, (9, 3, 2, 4), (9, 3, 2, 3)), LSTMCell: gated}
    kinds[GRUCell] = ((6, 2, 3, 4),)
    each = [(kind, *size) for kind, sizes in kinds.items() for size in sizes]
    for kind, T, B, H, tau in each:
        cell = kind(3, H, rng=rng)
        for array in cell.params.values():
            array[...] = rng.standard_normal(array.shape)
        x, dh = rng.standard_normal((T, B, 3)), rng.standard_normal((T, B, H))
        cases.append({"layer": Recurrent(cell), "x": x, "dh": dh, "tau": tau})
    cases[2]["dh"][3:6] = 0  # a chunk without a loss, between two that have one
    return cases


def _loss(layer: Any, x: Array, dh: Array, state: Any, **params: Array) -> Any:
    return (dh * layer.with_params(params).forward(x, state)[0]).sum()


def _numerically(case: Case) -> Grads:
    """Return the sum of each chunk's own derivatives, from a state that is fixed."""
    layer, x, dh, tau = case.values()
    state = None
    total = {name: np.zeros_like(p) for name, p in layer.params.items()}
    for start in range(0, len(x), tau):
        now = slice(start, start + tau)
        loss = partial(_loss, layer, x[now], dh[now], state)
        for name, found in numerical_gradients(loss, layer.params).items():
            total[name] += found
        _, state, _ = layer.forward(x[now], state)
    return total


TRUNCATED = Exercise(
    id="06.4",
    kind="G",
    title="Truncated back-propagation",
    reference=truncated,
    cases=_cases,
    mistakes=(
        Mistake(
            "state_not_carried",
            {"x[now], state)": "x[now])"},
            "Each of your chunks starts from zeros. Two things pass a border between "
            "chunks, one forward and one back, and only one of them is to be cut. "
            "Which one should go on?",
        ),
        Mistake(
            "nothing_is_cut",
            {
                "range(0, len(x), tau)": "range(0, len(x), len(x))",
                "start + tau": "start + len(x)",
            },
            "That is the whole gradient. Here a chunk's backward pass ends where the "
            "chunk begins. How many steps may one call of backward see?",
        ),
        Mistake(
            "the_last_chunk_wins",
            {"total[name] +=": "total[name] ="},
            "Your result is the gradient of one chunk. The same weights are used in "
            "all of them. Do you replace where you should add?",
        ),
        Mistake(
            "a_rest_is_left_out",
            {"range(0, len(x), tau)": "range(0, max(len(x) - tau + 1, 1), tau)"},
            "When T is no multiple of tau, the last chunk is shorter. Yours leaves it "
            "out. A slice that goes beyond the end of an array takes what is there.",
            others=(
                {"range(0, len(x), tau)": "range(0, len(x) - tau + 1, tau)"},
                {
                    "range(0, len(x), tau)": "range(0, len(x) - tau + 1, tau)",
                    "{name: np.zeros_like(p) for name, p in layer.params.items()}": (
                        "{}"
                    ),
                    "for name in total": "for name in grads",
                    "total[name] += ": "total[name] = total.get(name, 0) + ",
                },
            ),
        ),
        Mistake(
            "windows_overlap",
            {"range(0, len(x), tau)": "range(0, len(x), 1)"},
            "Your chunks overlap, so most steps are counted several times, and the "
            "state is carried over steps that it has seen already. Where does the "
            "next chunk begin?",
        ),
        Mistake(
            "the_mean",
            {"+= grads[name]": "+= grads[name] / -(-len(x) // tau)"},
            "You take the mean over the chunks. What is asked for is a sum, so that "
            "with a tau of T or more it is the whole gradient.",
        ),
        Mistake(
            "the_state_as_its_gradient",
            {"dh[now], cache)": "dh[now], cache, state)"},
            "You hand the last state to the backward pass. Its third argument is the "
            "gradient that comes back into that state from later steps. What comes "
            "back over a cut?",
        ),
        Mistake(
            "always_the_first_gradients",
            {"dh[now], cache)": "dh[: len(x[now])], cache)"},
            "All of your chunks use the gradients of the first one. Each chunk has "
            "its own steps, in x and in dh.",
        ),
    ),
    hints=(
        "You have forward and backward for a whole sequence. Let them see tau steps at "
        "a time, chunk after chunk, in the order of time.",
        "Going forward, a chunk begins with the state in which the one before it "
        "ended. Going back, nothing comes from the chunk after it. And the weights are "
        "the same in all chunks.",
        "A loop over the first step of each chunk. In it: cut x and dh alike, go "
        "forward from the state you have, keep the new state, go back. What grows from "
        "round to round, and with what does it start? Test it with tau larger than T: "
        "there must be no difference to one call of backward.",
    ),
    source=(chunks, Run._carried),
    point=("return _pieces", "is_first", "return None", "return self.state"),
    numerical=_numerically,
)
