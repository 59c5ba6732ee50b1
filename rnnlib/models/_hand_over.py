"""What an encoder hands to a decoder: a state that fits, and what is looked at."""

from typing import Any, NamedTuple

import numpy as np

from rnnlib._checks import check_kind
from rnnlib._typing import Array
from rnnlib.attention import Attention
from rnnlib.recurrent import Layer

__all__ = ["DecoderState", "check_attention", "check_hand_over"]


class DecoderState(NamedTuple):
    """Where a decoder stands.

    Attributes
    ----------
    recurrent : state of the decoder's layer
    keys : array (S, B, H), or None
        The encoder's hidden states, if there is attention.
    mask : bool array (S, B), or None
        Which of them exist.
    """

    recurrent: Any
    keys: Array | None = None
    mask: Array | None = None

    @property
    def time_first(self) -> tuple[str, ...]:
        """The fields whose batch is the second axis."""
        return "keys", "mask"


def check_hand_over(encoder: Layer, decoder: Layer) -> None:
    """Raise unless the encoder's final state is of the decoder's form."""
    given, wanted = (
        f"{_form(layer.initial_state(1))} of {layer.dtype}"
        for layer in (encoder, decoder)
    )
    if given != wanted:
        raise ValueError(
            f"the encoder's state must be of the decoder's form {wanted}, got {given}; "
            "make both of the same kind of cell, hidden sizes, layers and dtype"
        )


def check_attention(attention: Any, encoder: Layer, decoder: Layer) -> None:
    """Raise unless the attention takes the decoder's queries and encoder's keys."""
    check_kind("attention", attention, Attention)
    H, K, dtype = decoder.output_size, encoder.output_size, decoder.dtype
    queries, keys = np.zeros((1, 1, H), dtype), np.zeros((1, 1, K), dtype)
    try:
        attention.forward(queries, keys, keys)
    except ValueError as error:
        raise ValueError(
            f"attention must take queries of size {H} and keys of size {K}, both of "
            f"{np.dtype(dtype)}, got one that does not ({error})"
        ) from error


def _form(state: Any) -> str:
    if isinstance(state, tuple) and not hasattr(state, "_fields"):
        return f"({', '.join(map(_form, state))})"
    sizes = [array.shape[-1] for array in state]
    return f"{type(state).__name__}({', '.join(map(str, sizes))})"
