"""The exercise hand back of lesson 10."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Grads, Rng
from rnnlib.cells import RNNCell
from rnnlib.gradcheck import numerical_gradients
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Recurrent

__all__ = [
    "HAND_BACK",
    "Layer",
    "at_every_step",
    "at_the_first_step",
    "from_the_last_answer",
    "hand_back",
    "handed_back_twice",
    "nothing_handed_back",
    "read_by_a_loss",
]


Layer = Recurrent


def hand_back(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Return the gradients of the decoder's and of the encoder's parameters."""
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    _, _, encoder_grads = encoder.backward(dh, h_cache, d_hand_over)
    return decoder_grads, encoder_grads


def nothing_handed_back(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Your encoder learns nothing: all its gradients are zero.

    The decoder's backward pass returns the gradient of the state that it started from.
    Whose last state was that?
    """
    _, _, decoder_grads = decoder.backward(ds, s_cache)
    _, _, encoder_grads = encoder.backward(np.zeros_like(h_cache.h), h_cache)
    return decoder_grads, encoder_grads


def at_the_first_step(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """The gradient arrives at the encoder's first state.

    Which of the encoder's states was handed over: the one after the first letter, or
    the one after the last?
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    dh[0] = d_hand_over.h
    _, _, encoder_grads = encoder.backward(dh, h_cache)
    return decoder_grads, encoder_grads


def at_every_step(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Each of the encoder's states gets the gradient that belongs to one of them.

    The decoder reads a single state. The earlier ones take part only through it, and
    the encoder's own backward pass sees to that.
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.broadcast_to(d_hand_over.h, h_cache.h.shape).copy()
    _, _, encoder_grads = encoder.backward(dh, h_cache)
    return decoder_grads, encoder_grads


def handed_back_twice(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Your encoder gets twice what it should.

    You gave the gradient in the last row of dh, and as d_state as well. Both mean the
    same state.
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    dh[-1] = d_hand_over.h
    _, _, encoder_grads = encoder.backward(dh, h_cache, d_hand_over)
    return decoder_grads, encoder_grads


def from_the_last_answer(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """You hand back the gradient of a decoder state, not that of the state handed over.

    It has to go through all of the decoder's steps first. Which of the three things
    that backward returns is it?
    """
    _, _, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    dh[-1] = ds[0]
    _, _, encoder_grads = encoder.backward(dh, h_cache)
    return decoder_grads, encoder_grads


def read_by_a_loss(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """You gave ds to the encoder as well, as if its states were read by the loss.

    ds belongs to the decoder's T states. The encoder has S of them. Which loss looks at
    those, and what is its gradient?
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    _, _, encoder_grads = encoder.backward(ds, h_cache, d_hand_over)
    return decoder_grads, encoder_grads


def _two_layers(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for S, T, B, D, H in ((1, 1, 1, 2, 3), (3, 2, 1, 2, 3), (4, 3, 2, 3, 4)):
        encoder, decoder = (Recurrent(RNNCell(D, H, rng=rng)) for _ in range(2))
        x, y = (rng.standard_normal((steps, B, D)) for steps in (S, T))
        _, hand_over, h_cache = encoder.forward(x)
        s, _, s_cache = decoder.forward(y, hand_over)
        cases.append(
            {
                "ds": rng.standard_normal(s.shape),
                "decoder": decoder,
                "s_cache": s_cache,
                "encoder": encoder,
                "h_cache": h_cache,
            }
        )
    return cases


def _two_layers_numerically(case: Case) -> tuple[Grads, Grads]:
    encoder, decoder = case["encoder"], case["decoder"]
    places = {f"e.{name}": array for name, array in encoder.params.items()}
    places |= {f"d.{name}": array for name, array in decoder.params.items()}

    def loss(**arrays: Array) -> Any:
        parts = {
            side: {name[2:]: a for name, a in arrays.items() if name[0] == side}
            for side in "ed"
        }
        _, state, _ = encoder.with_params(parts["e"]).forward(case["h_cache"].x)
        s, _, _ = decoder.with_params(parts["d"]).forward(case["s_cache"].x, state)
        return (case["ds"] * s).sum()

    found = numerical_gradients(loss, places)
    decoders, encoders = (
        {name[2:]: array for name, array in found.items() if name[0] == side}
        for side in "de"
    )
    return decoders, encoders


HAND_BACK = Exercise(
    id="10.3",
    kind="G",
    title="Back through the hand-over",
    reference=hand_back,
    returns=("decoder_grads", "encoder_grads"),
    cases=_two_layers,
    bugs=(
        nothing_handed_back,
        at_the_first_step,
        at_every_step,
        handed_back_twice,
        from_the_last_answer,
        read_by_a_loss,
    ),
    hints=(
        "Draw the arrow of the hand-over, and run along it backwards. Where does it "
        "leave the decoder, where does it enter the encoder?",
        "`backward` of a layer returns three things, the second is the gradient of the "
        "state at its start. And it takes one for the state at its end: d_state.",
        "backward of the decoder gives its gradients and that of the hand-over; "
        "backward of the encoder takes zeros for dh, since no loss looks at its "
        "states, and the gradient of the hand-over as d_state.",
    ),
    numerical=_two_layers_numerically,
    source=Seq2Seq.loss,
)
