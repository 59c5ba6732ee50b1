"""Sequence to sequence: an encoder reads, a decoder writes."""

from typing import Any, NamedTuple

import numpy as np

from rnnlib._checks import (
    check_batch,
    check_kind,
    check_number,
    check_rng,
    check_tokens,
)
from rnnlib._nesting import joined
from rnnlib._typing import Array, ArrayLike, Grads, Rng
from rnnlib.activations import tanh_slope
from rnnlib.attention import Attention
from rnnlib.batches import END, START, Pairs
from rnnlib.decoding import generate
from rnnlib.layers import Linear
from rnnlib.losses import cross_entropy
from rnnlib.models.base import Loss, Model, shifted
from rnnlib.recurrent import Layer, check_causal

__all__ = ["DecoderState", "Seq2Seq"]


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


class Seq2Seq(Model):
    """Many in, many out, of another length: many to one, then one to many.

                                  y_1    y_2       END
                                   ^      ^         ^
        h_0 -> h_1 -> ... h_S -> s_1 -> s_2 -> ... s_T
                ^          ^       ^      ^         ^
               x_1        x_S    START   y_1      y_T-1

    The encoder's last state is the decoder's first one: all that is known of the source
    goes through it. The two have weights of their own and are trained together. With
    attention the decoder also looks at all of the encoder's hidden states:

        context, weights = attention(queries=s, keys=h, values=h)
        s' = tanh([s, context] @ W_sh + b_h)
        y = s' @ W_hy + b_y

    Attention stands after the recurrence (Luong, 2015; without input feeding).

    Parameters
    ----------
    encoder, decoder : Recurrent or Stacked
        Of the same kind and sizes, so that the state fits; input sizes may differ.
    rng : numpy.random.Generator
        Draws the weights of the output.
    attention : Attention, optional
    teacher_forcing : float
        Share of the decoder's inputs that are the true previous token in training. The
        others are what the model says itself in a free run (scheduled sampling), and
        then `loss` needs an `rng`.
    start, end : int
        The tokens that are fed in first, and that close a target.

    Attributes
    ----------
    params : dict
        encoder.W_hh, decoder.W_hh, output.W_hy, ...; with attention also combine.W_sh
        (2H, H), combine.b_h, and those of the attention.

    Raises
    ------
    ValueError
        If a state does not fit, a layer reads from right to left, or the share is
        outside 0..1.

    References
    ----------
    Sutskever, Vinyals and Le, "Sequence to sequence learning with neural networks",
    2014.
    Luong, Pham and Manning, "Effective approaches to attention-based neural machine
    translation", 2015.
    Bengio et al., "Scheduled sampling for sequence prediction", 2015.

    Examples
    --------
    >>> from rnnlib import GRUCell, Recurrent
    >>> from rnnlib.tasks import Reversal
    >>> rng = np.random.default_rng(0)
    >>> encoder, decoder = (Recurrent(GRUCell(9, 8, rng=rng)) for _ in range(2))
    >>> model = Seq2Seq(encoder, decoder, rng=rng)
    >>> model.predict(np.array([[3], [4]]), max_length=6).shape[1]
    1
    """

    def __init__(
        self,
        encoder: Layer,
        decoder: Layer,
        *,
        rng: Rng,
        attention: Attention | None = None,
        teacher_forcing: float = 1.0,
        start: int = START,
        end: int = END,
    ) -> None:
        for layer in (encoder, decoder):
            check_causal(layer)
        if encoder is decoder:
            raise ValueError(
                "encoder and decoder must be two layers, got the same one twice; make "
                "a second one, with weights of its own"
            )
        _check_hand_over(encoder, decoder)
        H, V, dtype = decoder.output_size, decoder.input_size, decoder.dtype
        self.parts: dict[str, Any] = {"encoder": encoder, "decoder": decoder}
        if attention is not None:
            _check_attention(attention, encoder, decoder)
            both = encoder.output_size + H
            self.parts["attention"] = attention
            self.parts["combine"] = Linear(
                both, H, rng=rng, names=("W_sh", "b_h"), dtype=dtype
            )
        self.parts["output"] = Linear(H, V, rng=rng, dtype=dtype)
        self.teacher_forcing = check_number(
            "teacher_forcing", teacher_forcing, at_least=0
        )
        if self.teacher_forcing > 1:
            raise ValueError(
                f"teacher_forcing must be at most 1, got {teacher_forcing}"
            )
        self.start_token = int(check_tokens("start", start, (), V))
        self.end_token = int(check_tokens("end", end, (), V))

    def loss(self, batch: Pairs, state: Any = None, *, rng: Rng | None = None) -> Loss:
        """Return the cross-entropy of a batch of pairs, per token that exists."""
        check_batch(batch, Pairs)
        encoder, decoder = self.parts["encoder"], self.parts["decoder"]
        h, hand_over, h_cache = encoder.forward(batch.source, state, batch.source_mask)
        fed = self._fed(
            batch, self._decoder_state(h, hand_over, batch.source_mask), rng
        )
        s, end, s_cache = decoder.forward(fed, hand_over, batch.target_mask)
        y, y_cache = self._scores(s, h, batch.source_mask)
        value, dy = cross_entropy(y, batch.target, batch.target_mask)

        ds, dh, grads = self._scores_backward(dy, y_cache, h)
        _, d_hand_over, grads["decoder"] = decoder.backward(ds, s_cache)
        _, _, grads["encoder"] = encoder.backward(dh, h_cache, d_hand_over)
        return Loss(value, joined({name: grads[name] for name in self.parts}), end)

    def start(
        self, source: ArrayLike, source_mask: ArrayLike | None = None
    ) -> DecoderState:
        """Return the state in which the decoder starts, from tokens (S, B)."""
        h, hand_over, _ = self.parts["encoder"].forward(source, None, source_mask)
        return self._decoder_state(h, hand_over, source_mask)

    def step(self, tokens: Array, state: DecoderState) -> tuple[Array, DecoderState]:
        """Return scores (B, V) of what follows tokens (B,), and the new state."""
        fed = np.asarray(tokens)[None]
        s, recurrent, _ = self.parts["decoder"].forward(fed, state.recurrent)
        y, _ = self._scores(s, state.keys, state.mask)
        return y[0], state._replace(recurrent=recurrent)

    def predict(
        self,
        source: ArrayLike,
        source_mask: ArrayLike | None = None,
        *,
        max_length: int,
    ) -> Array:
        """Return the most probable tokens (T, B), each fed back; END closes them.

        After its END a target holds END.
        """
        state = self.start(source, source_mask)
        return generate(self, state, max_length=max_length, end=self.end_token)

    def alignment(self, batch: Pairs) -> Array:
        """Return the attention's weights (T, B, S), with the true targets fed in."""
        if "attention" not in self.parts:
            raise ValueError(
                "the model must have an attention to show its weights, got none; "
                "pass attention=DotAttention(scaled=True)"
            )
        check_batch(batch, Pairs)
        h, hand_over, _ = self.parts["encoder"].forward(
            batch.source, None, batch.source_mask
        )
        fed = shifted(batch.target, self.start_token)
        s, _, _ = self.parts["decoder"].forward(fed, hand_over, batch.target_mask)
        attention = self.parts["attention"]
        weights: Array = attention.forward(s, h, h, batch.source_mask)[1]
        return weights

    def _decoder_state(self, h: Array, hand_over: Any, mask: Any) -> DecoderState:
        """Return where the decoder starts, with what attention needs."""
        if "attention" not in self.parts:
            return DecoderState(hand_over)
        exists = np.ones(h.shape[:2], bool) if mask is None else np.asarray(mask)
        return DecoderState(hand_over, h, exists)

    def _fed(self, batch: Pairs, state: DecoderState, rng: Rng | None) -> Array:
        """Return the decoder's inputs: true tokens, or its own, by a share."""
        true = shifted(batch.target, self.start_token)
        if self.teacher_forcing == 1:
            return true
        rng = check_rng(rng)
        said = generate(self, state, max_length=len(true))
        own = shifted(said, self.start_token)
        return np.where(rng.random(true.shape) < self.teacher_forcing, true, own)

    def _scores(self, s: Array, h: Any, mask: Any) -> tuple[Array, Any]:
        """Return scores (T, B, V) of decoder states, and the cache."""
        if "attention" not in self.parts:
            y, y_cache = self.parts["output"].forward(s)
            return y, y_cache
        context, _, look = self.parts["attention"].forward(s, h, h, mask)
        both = np.concatenate([s, context], axis=-1)
        a, a_cache = self.parts["combine"].forward(both)
        combined = np.tanh(a)
        y, y_cache = self.parts["output"].forward(combined)
        return y, (look, a_cache, combined, y_cache)

    def _scores_backward(
        self, dy: Array, cache: Any, h: Array
    ) -> tuple[Array, Array, dict[str, Grads]]:
        """Return the gradients of decoder states, encoder states and parameters."""
        if "attention" not in self.parts:
            ds, output = self.parts["output"].backward(dy, cache)
            return ds, np.zeros_like(h), {"output": output}
        look, a_cache, combined, y_cache = cache
        dcombined, output = self.parts["output"].backward(dy, y_cache)
        # combined = tanh([s, context] @ W_sh + b_h)
        da = dcombined * tanh_slope(combined)
        dboth, combine = self.parts["combine"].backward(da, a_cache)
        ds, dcontext = np.split(dboth, [look.queries.shape[-1]], axis=-1)
        # context = attention(queries=s, keys=h, values=h)
        dqueries, dkeys, dvalues, attention = self.parts["attention"].backward(
            dcontext, look
        )
        grads = {"attention": attention, "combine": combine, "output": output}
        return ds + dqueries, dkeys + dvalues, grads


def _check_hand_over(encoder: Layer, decoder: Layer) -> None:
    """Raise unless the encoder's last state is of the decoder's form."""
    given, wanted = (_form(layer.initial_state(1)) for layer in (encoder, decoder))
    if given != wanted or encoder.dtype != decoder.dtype:
        raise ValueError(
            f"the encoder's state must be of the decoder's form {wanted}, got {given}; "
            "make both of the same kind of cell, hidden sizes, layers and dtype"
        )


def _check_attention(attention: Any, encoder: Layer, decoder: Layer) -> None:
    """Raise unless the attention takes the decoder's queries and encoder's keys."""
    check_kind("attention", attention, Attention)
    H, K, dtype = decoder.output_size, encoder.output_size, decoder.dtype
    queries, keys = np.zeros((1, 1, H), dtype), np.zeros((1, 1, K), dtype)
    try:
        attention.forward(queries, keys, keys)
    except ValueError as error:
        raise ValueError(
            f"attention must take queries of size {H} and keys of size {K}, got one "
            f"that does not ({error})"
        ) from error


def _form(state: Any) -> str:
    if isinstance(state, tuple) and not hasattr(state, "_fields"):
        return f"({', '.join(map(_form, state))})"
    sizes = [array.shape[-1] for array in state]
    return f"{type(state).__name__}({', '.join(map(str, sizes))})"
