"""Exercise 10.3: back through the hand-over."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Grads, Rng
from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.gradcheck import numerical_gradients
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Recurrent

__all__ = ["HAND_BACK"]


def hand_back(
    ds: Array, decoder: Recurrent, s_cache: Any, encoder: Recurrent, h_cache: Any
) -> tuple[Grads, Grads]:
    """Return the gradients of the decoder's and of the encoder's parameters."""
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    _, _, encoder_grads = encoder.backward(dh, h_cache, d_hand_over)
    return decoder_grads, encoder_grads


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    kinds: list[Any] = [RNNCell, RNNCell, RNNCell, GRUCell, LSTMCell]
    sizes = (1, 1, 1, 2, 3), (3, 2, 1, 2, 3), (4, 3, 2, 3, 4), (2, 5, 4, 2, 3)
    for kind, (S, T, B, D, H) in zip(kinds, (*sizes, (3, 2, 4, 2, 2)), strict=True):
        encoder, decoder = (Recurrent(kind(D, H, rng=rng)) for _ in range(2))
        x, y = (rng.standard_normal((steps, B, D)) for steps in (S, T))
        _, hand_over, h_cache = encoder.forward(x)
        s, _, s_cache = decoder.forward(y, hand_over)
        ds = (100 if T == 5 else 1) * rng.standard_normal(s.shape)
        decoding = {"ds": ds, "decoder": decoder, "s_cache": s_cache}
        cases.append({**decoding, "encoder": encoder, "h_cache": h_cache})
    return cases


def _numerically(case: Case) -> tuple[Grads, Grads]:
    def loss(decoder: Recurrent, encoder: Recurrent) -> Any:
        _, state, _ = encoder.forward(case["h_cache"].x)
        s, _, _ = decoder.forward(case["s_cache"].x, state)
        return (case["ds"] * s).sum()

    def decoder_loss(**params: Array) -> Any:
        return loss(case["decoder"].with_params(params), case["encoder"])

    def encoder_loss(**params: Array) -> Any:
        return loss(case["decoder"], case["encoder"].with_params(params))

    return (
        numerical_gradients(decoder_loss, case["decoder"].params),
        numerical_gradients(encoder_loss, case["encoder"].params),
    )


HAND_BACK = Exercise(
    id="10.3",
    kind="G",
    title="Back through the hand-over",
    reference=hand_back,
    returns=("decoder_grads", "encoder_grads"),
    cases=_cases,
    mistakes=(
        Mistake(
            "nothing_handed_back",
            {", d_hand_over)": ")"},
            "Your encoder learns nothing: all its gradients are zero. The decoder's "
            "backward pass returns the gradient of the state that it started from. "
            "Whose last state was that?",
        ),
        Mistake(
            "at_the_first_step",
            {
                "(h_cache.h)": "(h_cache.h)\n    dh[0] = d_hand_over.h",
                ", d_hand_over)": ")",
            },
            "The gradient arrives at the encoder's first state. Which of the "
            "encoder's states was handed over: the one after the first letter, or the "
            "one after the last?",
        ),
        Mistake(
            "at_every_step",
            {
                "np.zeros_like(h_cache.h)": "np.zeros_like(h_cache.h) + d_hand_over.h",
                ", d_hand_over)": ")",
            },
            "Each of the encoder's states gets the gradient that belongs to one of "
            "them. The decoder reads a single state. The earlier ones take part only "
            "through it, and the encoder's own backward pass sees to that.",
        ),
        Mistake(
            "only_h_handed_back",
            {
                "(h_cache.h)": "(h_cache.h)\n    dh[-1] = d_hand_over.h",
                ", d_hand_over)": ")",
            },
            "You hand back the gradient of h alone. That is all there is in a plain "
            "RNN, but an LSTM hands over its cell state, too. Is there a place for the "
            "whole state, whatever it is made of?",
        ),
        Mistake(
            "handed_back_twice",
            {"(h_cache.h)": "(h_cache.h)\n    dh[-1] = d_hand_over.h"},
            "Your encoder gets twice what it should. You gave the gradient in the "
            "last row of dh, and as d_state as well. Both mean the same state.",
        ),
        Mistake(
            "from_the_last_answer",
            {
                "(h_cache.h)": "(h_cache.h)\n    dh[-1] = ds[0]",
                ", d_hand_over)": ")",
            },
            "You hand back the gradient of a decoder state, not that of the state "
            "handed over. It has to go through all of the decoder's steps first. "
            "Which of the three things that backward returns is it?",
        ),
        Mistake(
            "read_by_a_loss",
            {"backward(dh": "backward(ds"},
            "You gave ds to the encoder as well, as if its states were read by the "
            "loss. ds belongs to the decoder's T states. The encoder has S of them. "
            "Which loss looks at those, and what is its gradient?",
        ),
    ),
    hints=(
        "Draw the arrow of the hand-over, and run along it backwards. Where does it "
        "leave the decoder, where does it enter the encoder?",
        "`backward` of a layer returns three things, the second is the gradient of the "
        "state at its start. And it takes one for the state at its end: d_state.",
        "Two calls of backward, the decoder's first. One of the three things that it "
        "returns belongs to a state of the encoder: which? The encoder's call gets it "
        "as what comes back into its last state, and nothing else from any loss.",
    ),
    numerical=_numerically,
    source=Seq2Seq.backward,
    point=(
        'd_hand_over, grads["decoder"]',
        'grads["encoder"] = self',
        "dh, h_cache, d_hand_over",
    ),
)
